// A projection by classes of runs: how many there are, how many convert anyway, and what the emails add in each, so that the
// parts add up to the headline, draw by draw. The same effect is assumed of all.

import { type Random, seededRandom } from '../base/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { slotOf } from './model.ts';
import type { Draw, Effect, Outcome, Setting } from './outcomes.ts';
import type { Estimate } from './projection.ts';
import { DrawTable, thin } from './thinning.ts';

export interface ClassPart {
  /** Complete runs, both arms, and those of them with a conversion. */
  readonly runs: number;
  readonly anyway: number;
  readonly because: Estimate;
}

export interface Classes {
  /** Per enrollment, 0 … size − 1. */
  readonly classOf: Uint8Array;
  readonly size: number;
}

export interface ClassesWatch {
  readonly draw: (draw: Draw) => void;
  /** By class; their `because` adds up to the headline's. */
  readonly result: () => readonly ClassPart[];
}

/** @param stream the purpose names the stream of chance, so that one split does not move another */
export function watchClasses(
  history: History,
  columns: EnrollmentColumns,
  setting: Setting,
  { classOf, size }: Classes,
  stream: { readonly seed: number; readonly purpose: string },
): ClassesWatch {
  const table = tableOf(history, columns, setting, classOf, size);
  const random = seededRandom(stream.seed, `project ${stream.purpose}`);
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
      return Array.from({ length: size }, (_, c): ClassPart => {
        const [low = null, high = null] = bands[c] ?? [];
        return {
          runs: table.runs[c] as number,
          anyway: table.anyway[c] as number,
          because: { expected: draws === 0 ? null : (sums[c] as number) / draws, low, high },
        };
      });
    },
  };
}

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
