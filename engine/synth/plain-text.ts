// A synthetic history without faults as text: CSV with a column per event property, or JSON lines with the rows that set
// properties of people, in the manner of a KISSmetrics export (`_p` person, `_n` event, `_t` seconds). Rows come in order
// of time, in pieces that end at line ends.

import { csvCell } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';

export interface PlainHistory {
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
}

const LINES_PER_PIECE = 2_000;

export function* plainCsv({ events, changes }: PlainHistory): Iterable<string> {
  const columns = [...new Set(events.flatMap(({ properties }) => Object.keys(properties ?? {})))].sort();
  const emails = new Map(changes.filter(({ property }) => property === 'email').map((row) => [row.person, row.value]));
  yield `user_id,event,timestamp,value,email${columns.map((column) => `,${column}`).join('')}\n`;
  yield* inPieces(
    byTime(events).map(({ person, name, time, value, properties }) =>
      [
        person,
        name,
        new Date(time).toISOString().replace('.000Z', 'Z'),
        value ?? '',
        emails.get(person) ?? '',
        ...columns.map((column) => properties?.[column] ?? ''),
      ]
        .map(csvCell)
        .join(','),
    ),
  );
}

export function* plainJsonLines({ events, changes }: PlainHistory): Iterable<string> {
  const people = new Map<string, { time: number; line: Record<string, unknown> }>();
  for (const { person, time, property, value } of changes) {
    const key = `${person} ${time}`;
    const row = people.get(key) ?? { time, line: { _p: person, _t: time / 1000 } };
    row.line[property] = value;
    people.set(key, row);
  }
  const rows = [
    ...people.values(),
    ...events.map(({ person, name, time, value, properties }) => ({
      time,
      line: { _p: person, _n: name, _t: time / 1000, ...(value === undefined ? {} : { value }), ...properties },
    })),
  ];
  yield* inPieces(byTime(rows).map(({ line }) => JSON.stringify(line)));
}

/** Rows of the JSON lines: events, and one per person and moment at which properties were set. */
export function plainRows({ events, changes }: PlainHistory): number {
  return events.length + new Set(changes.map(({ person, time }) => `${person} ${time}`)).size;
}

/** Stable: what happens at one instant keeps its order. */
function byTime<T extends { readonly time: number }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => a.time - b.time);
}

function* inPieces(lines: readonly string[]): Iterable<string> {
  for (let i = 0; i < lines.length; i += LINES_PER_PIECE) yield `${lines.slice(i, i + LINES_PER_PIECE).join('\n')}\n`;
}
