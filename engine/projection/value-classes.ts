// A projection by what the anchor event was worth: classes about equally large, cut at round values. The same effect is
// assumed of all, so the split shows volume, not who responds best. Parts add up to the headline, draw by draw.

import { lowerBound } from '../base/index.ts';
import { rowMatcher } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileType7 } from '../stats/index.ts';
import type { EventMatch, Workflow } from '../workflow/index.ts';
import { type ClassPart, watchClasses } from './class-parts.ts';
import type { Draw, Setting } from './outcomes.ts';

export interface ValueClass extends ClassPart {
  /** Values v with from ≤ v < to; null is open. Both null: runs whose anchor has no value. */
  readonly from: number | null;
  readonly to: number | null;
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

export const ONE_EFFECT =
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
  const parts = watchClasses(history, columns, setting, { classOf, size: cuts.length + 2 }, { seed, purpose: 'value' });
  return {
    draw: parts.draw,
    result() {
      const classes = parts.result().map((part, c): ValueClass => {
        const isKnown = c <= cuts.length;
        return {
          from: isKnown && c > 0 ? (cuts[c - 1] as number) : null,
          to: isKnown && c < cuts.length ? (cuts[c] as number) : null,
          ...part,
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
