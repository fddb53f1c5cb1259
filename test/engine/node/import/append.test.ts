import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History, type HistoryColumns } from '../../../../engine/events/index.ts';
import { appendHistory, type ImportOptions, importFiles, mergedIds } from '../../../../engine/node/import/index.ts';
import { describeChanges, describeEvents, read, scratch } from './helpers.ts';

const { write } = scratch();

/** What an import of people does. */
const mergePeople = (into: HistoryColumns, people: HistoryColumns) =>
  appendHistory(into, people, { observes: false }).columns;

describe('people brought into a history', () => {
  it('get their properties by time; those without events are added, and events stay as they are', async () => {
    const { history } = await read(write('events.csv', 'user_id,event,time\nbob,A,2024-01-01\ndan,A,2024-01-02\n'));
    const people = await read(
      write('people.csv', 'user_id,time,plan\nbob,2024-01-03,pro\nann@x.co,2024-01-05,free\nbob,2024-01-01,free\n'),
      { asPeople: true },
    );
    const merged = new History(mergePeople(history, people.history));
    expect(describeEvents(merged)).toEqual(['bob A 2024-01-01T00:00:00Z', 'dan A 2024-01-02T00:00:00Z']);
    expect(describeChanges(merged)).toEqual([
      'ann@x.co 2024-01-05T00:00:00Z plan="free"',
      'bob 2024-01-01T00:00:00Z plan="free"',
      'bob 2024-01-03T00:00:00Z plan="pro"',
    ]);
    expect(merged.addressIdSince).toEqual(
      Float64Array.of(Date.UTC(2024, 0, 5), Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY),
    );
    expect(merged.fingerprint).not.toBe(history.fingerprint);
  });

  it('in two steps are the same as in one, and setting a value again changes nothing', async () => {
    const { history } = await read(write('events.csv', 'user_id,event,time\nbob,A,2024-01-01\n'));
    const header = 'user_id,time,plan,seats\n';
    const rows = ['bob,2024-01-03,pro,1\n', 'bob,2024-01-04,free,\n', 'eve,2024-01-02,,7\n', 'bob,2024-01-05,pro,1\n'];
    const people = async (name: string, ...lines: string[]) =>
      (await read(write(name, header + lines.join('')), { asPeople: true })).history;
    const whole = mergePeople(history, await people('all.csv', ...rows));
    const first = mergePeople(history, await people('first.csv', ...rows.slice(0, 2)));
    const both = mergePeople(first, await people('second.csv', ...rows.slice(2)));
    expect(both.fingerprint).toBe(whole.fingerprint);
    const again = mergePeople(both, await people('again.csv', ...rows));
    expect(again.fingerprint).toBe(whole.fingerprint);
  });
});

const COLUMNS = { user: 'user_id', event: 'event', time: 'time', value: 'value' };
const HEADER = 'user_id,event,time,value,item\n';

/** Two imports, the second onto the first, as the interface does it. */
async function inTurn(first: string, second: string, options: ImportOptions = {}) {
  const one = await importFiles([first], options);
  const two = await importFiles([second], { ...options, links: one.links ?? undefined });
  const merged = two.links === null ? new Map<string, string>() : mergedIds(two.links);
  const appended = appendHistory(one.columns, two.columns, { merged });
  const { kept, duplicates } = two.report.rows;
  return {
    ...appended,
    kept: one.report.rows.kept + kept - appended.repeated,
    duplicates: one.report.rows.duplicates + duplicates + appended.repeated,
  };
}

describe('a second table', () => {
  const row = fc.record({
    user: fc.constantFrom('ann', 'bob', 'Zoë'),
    event: fc.constantFrom('A', 'B'),
    time: fc.integer({ min: 1_600_000_000, max: 1_600_000_002 }),
    value: fc.constantFrom('', '1'),
    item: fc.constantFrom('', 'a b', 'a'),
  });
  const line = (r: { user: string; event: string; time: number; value: string; item: string }) =>
    `${r.user},${r.event},${r.time},${r.value},${r.item}\n`;

  it('onto the first is what one import of both is, to the fingerprint and the account', async () => {
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 6, maxLength: 14 }),
        fc.array(row, { minLength: 6, maxLength: 14 }),
        async (a, b) => {
          const first = write('a.csv', HEADER + a.map(line).join(''));
          const second = write('b.csv', HEADER + b.map(line).join(''));
          const both = await importFiles([first, second], { map: COLUMNS });
          const got = await inTurn(first, second, { map: COLUMNS });
          expect(describeEvents(new History(got.columns))).toEqual(describeEvents(new History(both.columns)));
          expect(got.columns.fingerprint).toBe(both.columns.fingerprint);
          expect([got.kept, got.duplicates]).toEqual([both.report.rows.kept, both.report.rows.duplicates]);
          repeated += got.repeated;
        },
      ),
      { numRuns: 12, seed: 5 },
    );
    expect(repeated).toBeGreaterThan(3);
  });

  it('again changes nothing, and both histories stay as they were', async () => {
    const path = write('again.csv', `${HEADER}bob,B,1600000001,2,hat\nann,A,1600000000,,\nann,A,1600000000,3,\n`);
    const one = await importFiles([path], { map: COLUMNS });
    const before = structuredClone(describeEvents(new History(one.columns)));
    const { columns, repeated } = appendHistory(one.columns, one.columns);
    expect(repeated).toBe(3);
    expect(columns.fingerprint).toBe(one.columns.fingerprint);
    expect(describeEvents(new History(one.columns))).toEqual(before);
    const kept = appendHistory(one.columns, one.columns, { keepDuplicates: true });
    expect(kept.repeated).toBe(0);
    expect(kept.columns.nameCodes.length).toBe(6);
  });

  it('brings columns, events and an end of its own', async () => {
    const first = write('first.csv', 'user_id,event,time,price\nbob,B,2024-01-01,2\n');
    const second = write('second.csv', 'user_id,event,time,plan\nann,A,2024-01-03,pro\nbob,C,2023-12-31,\n');
    const one = await importFiles([first], { observedUntil: Date.UTC(2024, 0, 2) });
    const two = await importFiles([second]);
    const { columns } = appendHistory(one.columns, two.columns);
    expect(describeEvents(new History(columns))).toEqual([
      'ann A 2024-01-03T00:00:00Z plan="pro"',
      'bob C 2023-12-31T00:00:00Z',
      'bob B 2024-01-01T00:00:00Z 2',
    ]);
    expect(columns.names).toEqual(['A', 'B', 'C']);
    expect([columns.observedUntil, columns.observedUntilGiven]).toEqual([Date.UTC(2024, 0, 3), false]);
    const earlier = appendHistory(
      one.columns,
      (await importFiles([write('e.csv', 'user_id,event,time\neve,A,2023-01-01\n')])).columns,
    );
    expect([earlier.columns.observedUntil, earlier.columns.observedUntilGiven]).toEqual([Date.UTC(2024, 0, 2), true]);
  });
});

describe('records that link ids', () => {
  const visit = (id: string, day: number) =>
    JSON.stringify({ type: 'track', event: 'Viewed', anonymousId: id, timestamp: `2024-01-0${day}T00:00:00Z` });
  const login = (user: string, id: string, day: number) =>
    JSON.stringify({
      type: 'track',
      event: 'Signed In',
      userId: user,
      anonymousId: id,
      timestamp: `2024-01-0${day}T00:00:00Z`,
    });

  it.each([
    ['in the second file join people of the first', [visit('anon-1', 1)], [login('u1', 'anon-1', 2)]],
    ['in the first file join people of the second', [login('u1', 'anon-1', 2)], [visit('anon-1', 3)]],
    [
      'in both join what each alone would not',
      [visit('anon-1', 1), login('u1', 'anon-2', 2)],
      [login('u1', 'anon-1', 3)],
    ],
  ])('%s, as in one import', async (_, a, b) => {
    const first = write('a.jsonl', `${a.join('\n')}\n`);
    const second = write('b.jsonl', `${b.join('\n')}\n`);
    const both = await importFiles([first, second]);
    const got = await inTurn(first, second);
    expect(describeEvents(new History(got.columns))).toEqual(describeEvents(new History(both.columns)));
    expect(got.columns.personIds.length).toBe(1);
    expect(got.columns.fingerprint).toBe(both.columns.fingerprint);
  });
});
