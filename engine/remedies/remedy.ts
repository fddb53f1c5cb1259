// What is done about a fault of a history: data, so that it can be kept beside the dataset, named in every answer and
// taken back. The rows themselves are never changed; `applyRemedies` makes the history without the fault from them.

import { exactPlural, humanDuration, instant, plural, UserError } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';

export type Remedy = {
  /** Of the finding it answers; one remedy for each. */
  readonly id: string;
} & (
  | { readonly kind: 'leave-out'; readonly persons: readonly string[] }
  /** Only events in [from, until]; null: open at that side. Properties set before stay known. */
  | { readonly kind: 'keep-period'; readonly from: number | null; readonly until: number | null }
  /** `byMs` is added to the times of an event's rows; of those alone that carry the value, where one is named. */
  | {
      readonly kind: 'shift';
      readonly event: string;
      readonly where: { readonly property: string; readonly value: Scalar } | null;
      readonly byMs: number;
    }
  /** Rows of an event that follow one alike in value and every property, of the same person, within the time. */
  | { readonly kind: 'drop-repeats'; readonly event: string; readonly withinMs: number }
  /** Each first id becomes its second one. */
  | { readonly kind: 'merge'; readonly pairs: readonly (readonly [string, string])[] }
);

/** A dataset's remedies, in the order they work, and what it is with them. */
export interface Remedied {
  readonly remedies: readonly Remedy[];
  readonly persons: number;
  readonly events: number;
  readonly from: number | null;
  readonly to: number | null;
  readonly observedFrom: number | null;
  readonly observedUntil: number;
  readonly fingerprint: string;
}

/** What it does, as part of a sentence: `3 people left out`. */
export function remedyWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'leave-out':
      return `${plural(remedy.persons.length, 'person', 'people')} left out`;
    case 'keep-period': {
      const { from, until } = remedy;
      if (from === null) return until === null ? 'every event kept' : `events after ${instant(until)} left out`;
      if (until === null) return `events before ${instant(from)} left out`;
      return `only events from ${instant(from)} to ${instant(until)} kept`;
    }
    case 'shift': {
      const { event, where, byMs } = remedy;
      const whose = where === null ? `"${event}"` : `"${event}" with ${where.property} ${where.value}`;
      return `times of ${whose} moved ${humanDuration(Math.abs(byMs))} ${byMs < 0 ? 'earlier' : 'later'}`;
    }
    case 'drop-repeats':
      return `repeated "${remedy.event}" within ${humanDuration(remedy.withinMs)} left out`;
    case 'merge':
      return `${exactPlural(remedy.pairs.length, 'id')} joined to the person they belong to`;
  }
}

/** The same as a thing to do: `Leave 3 people out`. */
export function remedyAction(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'leave-out':
      return `Leave ${plural(remedy.persons.length, 'person', 'people')} out`;
    case 'keep-period':
      return 'Cut to the longest stretch';
    case 'shift':
      return `Move times ${humanDuration(Math.abs(remedy.byMs))} ${remedy.byMs < 0 ? 'earlier' : 'later'}`;
    case 'drop-repeats':
      return 'Leave repetitions out';
    case 'merge':
      return `Join ${exactPlural(remedy.pairs.length, 'id')}`;
  }
}

/** Ids first, then rows, then their times: what is told by a later one holds for what the earlier ones left. */
const ORDER: readonly Remedy['kind'][] = ['merge', 'leave-out', 'drop-repeats', 'shift', 'keep-period'];

/**
 * In the order they work, whatever the order they were chosen in.
 * @throws UserError `REMEDY` where two answer one finding, or one has nothing to do
 */
export function checkedRemedies(remedies: readonly Remedy[]): Remedy[] {
  const seen = new Set<string>();
  for (const remedy of remedies) {
    if (seen.has(remedy.id)) throw new UserError('REMEDY', `The remedy "${remedy.id}" is applied already.`);
    seen.add(remedy.id);
    const isEmpty =
      (remedy.kind === 'leave-out' && remedy.persons.length === 0) ||
      (remedy.kind === 'merge' && remedy.pairs.length === 0) ||
      (remedy.kind === 'keep-period' && (remedy.from ?? 0) > (remedy.until ?? Number.POSITIVE_INFINITY));
    if (isEmpty) throw new UserError('REMEDY', `The remedy "${remedy.id}" has nothing to do.`);
  }
  return [...remedies].sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.id < b.id ? -1 : 1));
}
