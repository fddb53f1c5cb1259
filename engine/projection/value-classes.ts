// A projection by what the anchor event was worth: classes about equally large, cut at round values. The same effect is
// assumed of all, so the split shows volume, not who responds best. Parts add up to the headline, draw by draw.

import { lowerBound, type Random, seededRandom } from '../base/index.ts';
import { rowMatcher } from '../calibrate/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileType7 } from '../stats/index.ts';
import type { EventMatch, Workflow } from '../workflow/index.ts';
import { slotOf } from './model.ts';
import type { Draw, Effect, Outcome, Setting } from './outcomes.ts';
import type { Estimate } from './projection.ts';
import { DrawTable, thin } from './thinning.ts';

export interface ValueClass {
  /** Values v with from ≤ v < to; null is open. Both null: runs whose anchor has no value. */
  readonly from: number | null;
  readonly to: number | null;
  /** Complete runs, both arms, and those of them with a conversion. */
  readonly runs: number;
  readonly anyway: number;
  readonly because: Estimate;
}

export interface ByValue {
  /** Names of the events whose value it is. */
  readonly events: readonly string[];
  /** By value, those without one last; empty with a reason. `because` adds up to the headline's. */
  readonly classes: readonly ValueClass[];
  /** What the split of the increment rests on, in words. */
  readonly assumes?: string;
  readonly reason?: string;
}

const ONE_EFFECT =
  'The split assumes one effect for all: it shows volume, not who responds best. Only a test with enough people in a class shows that.';

export interface ByValueWatch {
  readonly draw: (draw: Draw) => void;
  readonly result: () => ByValue;
}

export function watchByValue(
  history: History,
  columns: EnrollmentColumns,
  setting: Setting,
  seed: number,
): ByValueWatch {
  const found = classesOf(history, columns, setting.workflow);
  if ('reason' in found) return { draw: () => {}, result: () => ({ ...found, classes: [] }) };
  const { cuts, classOf, events } = found;
  const size = cuts.length + 2;
  const table = tableOf(history, columns, setting, classOf, size);
  const random = seededRandom(seed, 'project value');
  const whole = table.weighted(null);
  const sums = new Float64Array(size);
  const realised = new DrawTable(size);
  const parts = new Float64Array(size);
  let draws = 0;
  return {
    draw({ effect, expected, drawn }) {
      draws++;
      expectedParts(expected, sharesOf(effect, whole), parts);
      parts.forEach((value, c) => {
        sums[c] = (sums[c] as number) + value;
      });
      if (drawn === null) return;
      drawnParts(drawn.realised, sharesOf(drawn.effect, table.weighted(drawn.weights)), random, parts);
      realised.add(parts);
    },
    result() {
      const bands = realised.quantiles([0.025, 0.975]);
      const classes = Array.from({ length: size }, (_, c): ValueClass => {
        const [low = null, high = null] = bands[c] ?? [];
        const isKnown = c <= cuts.length;
        return {
          from: isKnown && c > 0 ? (cuts[c - 1] as number) : null,
          to: isKnown && c < cuts.length ? (cuts[c] as number) : null,
          runs: table.runs[c] as number,
          anyway: table.anyway[c] as number,
          because: { expected: draws === 0 ? null : (sums[c] as number) / draws, low, high },
        };
      });
      return { events, classes: classes.filter(({ runs }) => runs > 0), assumes: ONE_EFFECT };
    },
  };
}

// ---------------------------------------------------------------- the classes

export type ClassesFound =
  | { readonly events: readonly string[]; readonly reason: string }
  | {
      readonly events: readonly string[];
      /** Ascending, one or two. */
      readonly cuts: readonly number[];
      /** Per enrollment; cuts.length + 1 where its anchor has no value. */
      readonly classOf: Uint8Array;
    };

/** @param columns of the workflow's replay on this history */
export function classesOf(history: History, columns: EnrollmentColumns, workflow: Workflow): ClassesFound {
  const anchors = anchorsOf(workflow);
  const events = [...new Set(anchors.map(({ event }) => event))];
  if (anchors.length === 0)
    return { events, reason: 'No event starts a run here, so runs have no value of their own.' };
  const values = anchorValues(history, columns, anchors);
  const complete = Float64Array.from(values.filter((value, i) => columns.complete[i] === 1 && !Number.isNaN(value)));
  if (complete.length === 0) return { events, reason: `The history has no values for ${events.join(' or ')}.` };
  const cuts = roundCuts(complete.sort());
  if (cuts.length === 0) return { events, reason: `All runs begin with about the same value.` };
  const classOf = Uint8Array.from(values, (value) =>
    Number.isNaN(value) ? cuts.length + 1 : cuts.filter((cut) => value >= cut).length,
  );
  return { events, cuts, classOf };
}

function anchorsOf({ trigger }: Workflow): EventMatch[] {
  return (trigger.type === 'anyOf' ? trigger.triggers : [trigger]).flatMap((one) =>
    one.type === 'inaction' ? [one.after] : one.type === 'behavior' ? [one.match] : [],
  );
}

/** What the anchor events of a run's anchor instant were worth together; NaN where none has a value. */
function anchorValues(history: History, columns: EnrollmentColumns, anchors: readonly EventMatch[]): Float64Array {
  const matchers = anchors.map((match) => rowMatcher(history, match));
  const { personStart, times } = history;
  return Float64Array.from({ length: columns.n }, (_, i) => {
    const person = columns.persons[i] as number;
    const time = columns.anchorTimes[i] as number;
    const end = personStart[person + 1] as number;
    let value = Number.NaN;
    const from = lowerBound((row) => times.at(row), time, personStart[person] as number, end);
    for (let row = from; row < end && times.at(row) === time; row++) {
      if (!matchers.some((matcher) => matcher.matches(person, row))) continue;
      const own = history.eventProperty(row, 'value');
      if (typeof own === 'number') value = Number.isNaN(value) ? own : value + own;
    }
    return value;
  });
}

/** Round values near the thirds, each with somebody on both sides. @param sorted not empty */
function roundCuts(sorted: Float64Array): number[] {
  const [least, most] = [sorted[0] as number, sorted.at(-1) as number];
  const near = [1 / 3, 2 / 3].map((p) => rounded(quantileType7(sorted, p)));
  return [...new Set(near)].filter((cut) => cut > least && cut <= most);
}

/** 34.2 → 35, 71.8 → 70, 128 → 130: two digits, the second a 0 or 5 from 2 on. */
function rounded(x: number): number {
  if (!(x > 0)) return x;
  const power = 10 ** Math.floor(Math.log10(x));
  const unit = x / power < 2 ? power / 10 : power / 2;
  return Number((Math.round(x / unit) * unit).toPrecision(6));
}

// ---------------------------------------------------------------- parts

/** Per class: those who never convert, and those of each slot. */
interface PeopleByClass {
  readonly never: Float64Array;
  readonly organic: readonly Float64Array[];
}

function tableOf(
  history: History,
  columns: EnrollmentColumns,
  { frame, resolved, steps }: Setting,
  classOf: Uint8Array,
  size: number,
) {
  const slots = steps.length + 1;
  const width = size * (slots + 1);
  const table = new Float64Array(N_BUCKETS * width);
  const runs = new Array<number>(size).fill(0);
  const anyway = new Array<number>(size).fill(0);
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    const c = classOf[i] as number;
    const goal = columns.goalTimes[i] as number;
    const slot = slotOf(
      Number.isNaN(goal) ? Number.POSITIVE_INFINITY : goal - (columns.triggerTimes[i] as number),
      frame,
    );
    runs[c] = (runs[c] as number) + 1;
    if (slot >= 0) anyway[c] = (anyway[c] as number) + 1;
    const base = (history.buckets[columns.persons[i] as number] as number) * width;
    const at = base + (slot + 1) * size + c;
    table[at] = (table[at] as number) + (columns.repeats[i] === 1 ? resolved.repeat : 1);
  }
  return {
    runs,
    anyway,
    weighted(weights: ArrayLike<number> | null): PeopleByClass {
      const sums = new Float64Array(width);
      for (let b = 0, row = 0; b < N_BUCKETS; b++, row += width) {
        const weight = weights === null ? 1 : (weights[b] as number);
        if (weight === 0) continue;
        for (let c = 0; c < width; c++) sums[c] = (sums[c] as number) + weight * (table[row + c] as number);
      }
      const cut = (part: number) => sums.subarray(part * size, (part + 1) * size);
      return { never: cut(0), organic: Array.from({ length: slots }, (_, slot) => cut(slot + 1)) };
    },
  };
}

function sharesOf({ expectation }: Effect, people: PeopleByClass) {
  const lost = new Float64Array(people.never.length);
  expectation.lostBySlot.forEach((loss, slot) => {
    people.organic[slot]?.forEach((count, c) => {
      lost[c] = (lost[c] as number) + loss * count;
    });
  });
  return { gained: people.never, lost };
}

type Shares = ReturnType<typeof sharesOf>;

function expectedParts(outcome: Outcome, { gained, lost }: Shares, out: Float64Array): void {
  const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0);
  const [allGained, allLost] = [sum(gained), sum(lost)];
  const part = (amount: number, of: number, all: number) => (all === 0 ? 0 : (amount * of) / all);
  for (let c = 0; c < gained.length; c++) {
    out[c] = part(outcome.gained, gained[c] as number, allGained) - part(outcome.lost, lost[c] as number, allLost);
  }
}

function drawnParts(outcome: Outcome, { gained, lost }: Shares, random: Random, out: Float64Array): void {
  const gone = new Float64Array(lost.length);
  thin(outcome.gained, gained, random, out);
  thin(outcome.lost, lost, random, gone);
  for (let c = 0; c < out.length; c++) out[c] = (out[c] as number) - (gone[c] as number);
}
