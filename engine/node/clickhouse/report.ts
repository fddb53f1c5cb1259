// What was read from a source, in the form of an import's account of rows, and what was left out.

import { exactPlural } from '../../base/index.ts';
import type { HistoryColumns, ImportReport } from '../../events/index.ts';
import type { Connection } from './connect.ts';
import type { Facts } from './facts.ts';
import type { ClickhouseSource } from './source-file.ts';

export function leftOutOf(source: ClickhouseSource, { withoutPerson, withoutEvent }: Facts): string[] {
  const what = [
    ...(withoutPerson === 0 ? [] : [`${exactPlural(withoutPerson, 'row')} without a person`]),
    ...(withoutEvent === 0 ? [] : [`${exactPlural(withoutEvent, 'row')} without a name of an event`]),
  ];
  if (what.length === 0) return [];
  return [
    `Of ${source.events.called}, ${what.join(' and ')} ${withoutPerson + withoutEvent === 1 ? 'was' : 'were'} left out.`,
  ];
}

export function reportOf(
  source: ClickhouseSource,
  { version, events: { isNumber } }: Connection,
  facts: Facts,
  columns: HistoryColumns,
): ImportReport {
  const { events } = source;
  const kept = columns.nameCodes.length + (facts.people?.rows.reduce((sum, n) => sum + n, 0) ?? 0);
  const rejected = [
    { reason: 'missing person', count: facts.withoutPerson, first: [] },
    { reason: 'missing event', count: facts.withoutEvent, first: [] },
  ].filter(({ count }) => count > 0);
  const why = `as ${source.path} says`;
  return {
    dataset: '',
    format: `rows of ClickHouse ${version}`,
    files: [source.path],
    rows: {
      read: kept + rejected.reduce((sum, { count }) => sum + count, 0),
      kept,
      duplicates: 0,
      rejected,
    },
    persons: columns.personIds.length,
    events: columns.nameCodes.length,
    from: facts.span?.from ?? null,
    to: facts.span?.to ?? null,
    observedUntil: columns.observedUntil,
    columns: {
      user: { column: events.person, why },
      event: { column: events.event, why },
      time: { column: events.time, unit: isNumber ? events.timeUnit : 'iso', why },
      value: events.value === null ? null : { column: events.value, why },
    },
    warnings: [],
  };
}
