// What can be asked about events and people: each property with how often it is filled and a few of its values.

import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { forEachValue } from './tally.ts';

export interface PropertySummary {
  readonly name: string;
  /** Of events, or of people (as of the end of the history). */
  readonly scope: 'event' | 'person';
  /** Events, or people, that have it. */
  readonly filled: number;
  /** filled / events, or / people; null where there are none. */
  readonly share: number | null;
  /** Distinct values ever; null, with a reason, where there are more than were counted. */
  readonly distinct: number | null;
  readonly reason?: string;
  /** Up to three: the most frequent, of equals the earliest. */
  readonly examples: readonly Scalar[];
  /** The most frequent with their counts, of events or of people; of equals the earliest. */
  readonly top: readonly TopValue[];
}

export interface TopValue {
  readonly value: Scalar;
  readonly n: number;
}

const MOST_TOP = 8;
const MOST_EXAMPLES = 3;

/** Distinct numbers of the value column are counted up to here. */
const MOST_VALUES = 100_000;

/** Events' properties first, each kind by descending share, then by name. */
export function summarizeProperties(history: History): PropertySummary[] {
  const events = [...history.properties].map(([name, column]): PropertySummary => {
    const counts = new Float64Array(column.dictionary.length);
    for (const code of column.codes) counts[code] = (counts[code] as number) + 1;
    const top = mostFrequent(counts, column.dictionary);
    return {
      name,
      scope: 'event',
      filled: column.count,
      share: shareOf(column.count, history.nEvents),
      distinct: counts.reduce((sum, count) => sum + (count > 0 ? 1 : 0), 0),
      examples: examplesOf(top),
      top,
    };
  });
  const value = summarizeValue(history);
  if (value !== null) events.push(value);
  return [...byShare(events), ...byShare(summarizePersons(history))];
}

function summarizeValue(history: History): PropertySummary | null {
  const counts = new Map<number, number>();
  let filled = 0;
  forEachValue(history.values, history.nEvents, (_, value) => {
    filled++;
    const known = counts.get(value);
    if (known !== undefined || counts.size <= MOST_VALUES) counts.set(value, (known ?? 0) + 1);
  });
  if (filled === 0) return null;
  const top = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_TOP)
    .map(([held, n]) => ({ value: held, n }));
  const summary = {
    name: history.valueName ?? 'value',
    scope: 'event' as const,
    filled,
    share: shareOf(filled, history.nEvents),
    examples: examplesOf(top),
    top,
  };
  if (counts.size <= MOST_VALUES) return { ...summary, distinct: counts.size };
  return { ...summary, distinct: null, reason: `more than ${MOST_VALUES} different values` };
}

function summarizePersons(history: History): PropertySummary[] {
  const { changes, nPersons } = history;
  const held = changes.propertyNames.map(() => new Map<number, number>());
  const ever = changes.propertyNames.map(() => new Set<number>());
  const filled = new Float64Array(held.length);
  const current = new Map<number, number>();
  for (let p = 0; p < nPersons; p++) {
    current.clear();
    for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
      if ((changes.times[i] as number) > history.observedUntil) continue;
      const code = changes.valueCodes[i] as number;
      current.set(changes.properties[i] as number, code);
      if (code !== 0) ever[changes.properties[i] as number]?.add(code);
    }
    for (const [property, code] of current) {
      if (code === 0) continue;
      filled[property] = (filled[property] as number) + 1;
      const counts = held[property] as Map<number, number>;
      counts.set(code, (counts.get(code) ?? 0) + 1);
    }
  }
  return changes.propertyNames.map((name, property) => {
    const top = [...(held[property] as Map<number, number>)]
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST_TOP)
      .map(([code, n]) => ({ value: changes.values[code] as Scalar, n }));
    return {
      name,
      scope: 'person',
      filled: filled[property] as number,
      share: shareOf(filled[property] as number, nPersons),
      distinct: (ever[property] as Set<number>).size,
      examples: examplesOf(top),
      top,
    };
  });
}

function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function mostFrequent(counts: Float64Array, dictionary: readonly Scalar[]): TopValue[] {
  const top: number[] = [];
  counts.forEach((count, code) => {
    if (count === 0) return;
    let at = top.length;
    while (at > 0 && (counts[top[at - 1] as number] as number) < count) at--;
    if (at < MOST_TOP) top.splice(at, 0, code);
    top.length = Math.min(MOST_TOP, top.length);
  });
  return top.map((code) => ({ value: dictionary[code] as Scalar, n: counts[code] as number }));
}

function examplesOf(top: readonly TopValue[]): Scalar[] {
  return top.slice(0, MOST_EXAMPLES).map(({ value }) => value);
}

function byShare(summaries: PropertySummary[]): PropertySummary[] {
  return summaries.sort((a, b) => b.filled - a.filled || (a.name < b.name ? -1 : 1));
}
