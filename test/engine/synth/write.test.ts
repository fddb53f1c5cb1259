// A faithful reading of the exported rows gives back the history, for both formats: repeated rows dropped, late rows in
// their place, devices merged into the people they belong to.

import { describe, expect, it } from 'vitest';
import {
  buildHistory,
  type EventRow,
  type History,
  type PropertyRow,
  reachability,
} from '../../../engine/events/index.ts';
import { synthCart, synthCsv, synthJsonLines } from '../../../engine/synth/index.ts';

const made = synthCart({ seed: 8, persons: 300, days: 45, faults: { duplicates: 0.02, late: 0.05, bad: 9 } });
const { rows: counted } = made.truth.facts;
const lines = (pieces: Iterable<string>) => [...pieces].join('').trimEnd().split('\n');

function contents(history: History, properties: readonly string[]) {
  const all: unknown[] = [];
  for (let p = 0; p < history.nPersons; p++) {
    for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
      all.push([
        history.personIds.at(p),
        history.names[history.nameCodes[row] as number],
        history.times.at(row),
        history.values.at(row),
        ...properties.map((name) => history.eventProperty(row, name) ?? null),
      ]);
    }
  }
  return all;
}

const properties = ['revenue', 'item', 'category', 'price', 'quantity', 'items', 'cart_id', 'order_id', 'channel'];
const original = buildHistory(made.events, made.changes);

describe('JSON lines', () => {
  const records = lines(synthJsonLines(made));
  const parsed = [...new Set(records)].map((line) => JSON.parse(line));
  const personOf = new Map<string, string>(parsed.filter((r) => '_p2' in r).map((r) => [r._p, r._p2]));
  const resolve = (id: string) => personOf.get(id) ?? id;

  it('holds as many rows as the truth says', () => {
    expect(records).toHaveLength(counted.events + counted.duplicates + counted.properties + counted.aliases);
    expect(new Set(records).size).toBe(records.length - counted.duplicates);
    expect(counted.duplicates).toBeGreaterThan(50);
    expect(personOf.size).toBe(made.truth.facts.aliases);
    expect(counted.aliases).toBeGreaterThan(10);
  });

  it('reads back as the history', () => {
    const events: EventRow[] = [];
    const changes: PropertyRow[] = [];
    for (const { _p, _n, _t, _p2, value, ...rest } of parsed) {
      const time = _t * 1000;
      if (_n !== undefined) events.push({ person: resolve(_p), name: _n, time, value, properties: rest });
      else if (_p2 === undefined) {
        for (const [property, held] of Object.entries(rest)) {
          changes.push({ person: resolve(_p), time, property, value: held as string });
        }
      }
    }
    const read = buildHistory(events, changes);
    expect(contents(read, properties)).toEqual(contents(original, properties));
    expect(reachability(read, 'email')).toEqual(reachability(original, 'email'));
    expect(read.personProperty(5, 'timezone', Number.MAX_SAFE_INTEGER)).toBe(
      original.personProperty(5, 'timezone', Number.MAX_SAFE_INTEGER),
    );
  });

  it('is in order of time but for the late rows', () => {
    let newest = 0;
    let behind = 0;
    for (const { _t } of records.map((line) => JSON.parse(line))) {
      if (_t < newest - 3_000) behind++;
      newest = Math.max(newest, _t);
    }
    expect(behind).toBeGreaterThan(0.5 * counted.late);
    expect(behind).toBeLessThan(1.2 * counted.late);
  });
});

describe('CSV', () => {
  const [header, ...body] = lines(synthCsv(made));
  const cells = body.map((line) => line.split(','));
  const columns = (header as string).split(',');
  const good = cells.filter(
    (row) => row[0] && row[1] && !Number.isNaN(Date.parse(row[2] as string)) && row[3] !== 'n/a?',
  );

  it('holds as many rows as the truth says, the unreadable ones of every kind', () => {
    expect(new Set(cells.map((row) => row.length))).toEqual(new Set([columns.length]));
    expect(body).toHaveLength(counted.events + counted.duplicates + counted.bad);
    expect(cells.length - good.length).toBe(9);
    expect(cells.filter((row) => row[0] === '')).toHaveLength(2);
    expect(cells.filter((row) => row[2] === 'yesterday')).toHaveLength(3);
  });

  it('reads back as the history, reachable from the same moments on', () => {
    const events = [...new Set(good.map((row) => row.join(',')))].map((line): EventRow => {
      const row = line.split(',');
      const held = columns.slice(4).flatMap((name, i) => (row[i + 4] ? [[name, row[i + 4] as string]] : []));
      return {
        person: row[0] as string,
        name: row[1] as string,
        time: Date.parse(row[2] as string),
        value: row[3] ? Number(row[3]) : undefined,
        properties: Object.fromEntries(held),
      };
    });
    const read = buildHistory(events);
    const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value);
    expect(contents(read, properties).map((row) => (row as unknown[]).map(asText))).toEqual(
      contents(original, properties).map((row) => (row as unknown[]).map(asText)),
    );
    expect(reachability(read, 'email')).toEqual(reachability(original, 'email'));
  });
});

it('a cell with a comma or a quote is quoted', () => {
  const row = made.rows.find((r) => r.kind === 'event');
  if (row?.kind !== 'event') throw new Error('no event row');
  const event = { ...row.event, properties: { item: 'Mug, 12" tall' } };
  const text = [...synthCsv({ ...made, rows: [{ ...row, event }] })].join('');
  expect(text).toContain(',"Mug, 12"" tall",');
});
