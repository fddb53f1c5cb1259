// What two imports, one after the other, must give: what one import of both files gives. Both are computed here; the
// joint import is the authority.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../engine/events/index.ts';
import { type ImportOptions, type ImportResult, importFiles, priorOf } from '../../../../engine/node/import/index.ts';
import { append, describeChanges, describeEvents, scratch } from './helpers.ts';

const { write } = scratch();

async function oneByOne(paths: readonly string[], options: ImportOptions = {}) {
  let whole: ImportResult | null = null;
  const rows = { read: 0, kept: 0, duplicates: 0 };
  let repeated = 0;
  const warnings: string[] = [];
  for (const path of paths) {
    const prior = whole === null ? undefined : priorOf(whole.columns, whole.trace);
    const added: ImportResult = await importFiles([path], { ...options, prior });
    const joined: Awaited<ReturnType<typeof append>> | null =
      whole === null
        ? null
        : await append(whole, added, {
            keepDuplicates: options.keepDuplicates === true,
            observes: options.asPeople !== true,
          });
    const { read, kept, duplicates } = added.report.rows;
    rows.read += read;
    rows.kept += kept - (joined?.repeated ?? 0);
    rows.duplicates += duplicates + (joined?.repeated ?? 0);
    repeated += joined?.repeated ?? 0;
    warnings.push(...(joined?.warnings ?? []));
    whole = joined === null ? added : { ...joined, report: added.report };
  }
  return { history: new History((whole as ImportResult).columns), rows, repeated, warnings };
}

async function atOnce(paths: readonly string[], options: ImportOptions = {}) {
  const { columns, report } = await importFiles(paths, options);
  return { history: new History(columns), rows: report.rows };
}

const contentOf = (history: History) => ({
  people: Array.from({ length: history.nPersons }, (_, p) => history.personIds.at(p)),
  events: describeEvents(history),
  changes: describeChanges(history),
  addresses: history.addressIdSince,
  end: [history.observedFrom, history.observedUntil],
});

const DAY = Date.UTC(2024, 0, 1);
const COLUMNS = { user: 'user_id', event: 'event', time: 'time', value: 'value' };
const HEADER = 'user_id,event,time,value,item\n';

describe('a second import', () => {
  it('of a table equals both at once, whatever is where', async () => {
    const row = fc.record({
      user_id: fc.constantFrom('ann@x.co', 'bob', 'Zoë', '007'),
      event: fc.constantFrom('A', 'B', 'C'),
      time: fc.integer({ min: 0, max: 4 }).map((t) => new Date(DAY + t * 1000).toISOString()),
      value: fc.constantFrom('', '1.5', '20'),
      note: fc.constantFrom('', 'x', 'x!', '"', '1'),
    });
    const names = ['user_id', 'event', 'time', 'value', 'note'] as const;
    const csv = (rows: readonly Record<(typeof names)[number], string>[]) =>
      [names.join(','), ...rows.map((r) => names.map((n) => `"${r[n].replaceAll('"', '""')}"`).join(','))].join('\n');
    const map = { user: 'user_id', event: 'event', time: 'time', value: 'value' };
    const rows = fc.array(row, { minLength: 1, maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(rows, rows, fc.boolean(), async (first, second, keepDuplicates) => {
        const paths = [write('a.csv', csv(first)), write('b.csv', csv(second))];
        const split = await oneByOne(paths, { map, keepDuplicates });
        const joint = await atOnce(paths, { map, keepDuplicates });
        expect(contentOf(split.history)).toEqual(contentOf(joint.history));
        expect(split.history.fingerprint).toBe(joint.history.fingerprint);
        expect(split.rows).toMatchObject({ kept: joint.rows.kept, duplicates: joint.rows.duplicates });
      }),
      { numRuns: 5, seed: 11 },
    );
  });

  it('of Segment records equals both at once: people joined across files, ids sent twice, properties over time', async () => {
    const user = fc.constantFrom('u1', 'u2', 'eve@x.co');
    const anonymous = fc.constantFrom(...Array.from({ length: 12 }, (_, i) => `anon-${i}`));
    const record = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ type: fc.constant('track'), userId: user, event: fc.constantFrom('A', 'B') }),
      },
      fc.record({ type: fc.constant('track'), anonymousId: anonymous, event: fc.constantFrom('A', 'B') }),
      fc.record({ type: fc.constant('track'), userId: user, anonymousId: anonymous, event: fc.constant('Seen') }),
      fc.record({
        type: fc.constant('identify'),
        userId: user,
        traits: fc.record({ plan: fc.constantFrom('free', 'pro', null) }),
      }),
      fc.record({ type: fc.constant('alias'), previousId: fc.constantFrom('anon-3', 'old-7'), userId: user }),
    );
    const history = fc
      .array(fc.tuple(record, fc.integer({ min: 0, max: 30 }), fc.boolean(), fc.constantFrom(null, 5, 'x')), {
        minLength: 12,
        maxLength: 50,
      })
      .map((drawn) =>
        drawn.map(([one, t, hasId, size], i) => ({
          ...one,
          // Two records of two people at one instant may come in another order, so that each has a moment of its own.
          timestamp: new Date(DAY + t * 60_000 + i).toISOString(),
          ...(hasId ? { messageId: `m${i}` } : {}),
          ...(one.type === 'track' ? { properties: { size } } : {}),
        })),
      );
    let joined = 0;
    let apart = 0;
    let repeated = 0;
    await fc.assert(
      fc.asyncProperty(history, fc.infiniteStream(fc.nat(3)), async (records, where) => {
        // Each record in the first file, the second, or both.
        const sides = records.map(() => where.next().value as number);
        const lines = (of: (side: number) => boolean) =>
          records.flatMap((one, i) => (of(sides[i] as number) ? [JSON.stringify(one)] : []));
        const [first, second] = [lines((s) => s !== 1), lines((s) => s !== 0)];
        if (first.length === 0 || second.length === 0) return;
        const paths = [write('a.jsonl', first.join('\n')), write('b.jsonl', second.join('\n'))];
        const split = await oneByOne(paths, { observedUntil: DAY + 86_400_000 });
        const joint = await atOnce(paths, { observedUntil: DAY + 86_400_000 });
        if (split.warnings.length > 0) {
          apart++;
          return;
        }
        expect(contentOf(split.history)).toEqual(contentOf(joint.history));
        expect(split.history.fingerprint).toBe(joint.history.fingerprint);
        expect(split.rows).toMatchObject({ kept: joint.rows.kept, duplicates: joint.rows.duplicates });
        repeated += joint.rows.duplicates;
        joined += joint.history.nPersons;
      }),
      { numRuns: 6, seed: 12 },
    );
    // That there was something to compare.
    expect({ repeated: repeated > 20, joined: joined > 20, apart: apart < 6 }).toEqual({
      repeated: true,
      joined: true,
      apart: true,
    });
  });

  it('says so where an id that was one person turns out to be of several', async () => {
    const line = (fields: object, second: number) =>
      JSON.stringify({ type: 'track', event: 'A', timestamp: new Date(DAY + second * 1000).toISOString(), ...fields });
    const paths = [
      write(
        'a.jsonl',
        [line({ userId: 'u1', anonymousId: 'anon-1' }, 1), line({ anonymousId: 'anon-1' }, 2)].join('\n'),
      ),
      write(
        'b.jsonl',
        [line({ userId: 'u2', anonymousId: 'anon-1' }, 3), line({ anonymousId: 'anon-1' }, 4)].join('\n'),
      ),
    ];
    const { history, warnings } = await oneByOne(paths);
    expect(describeEvents(history)).toEqual([
      'anon-1 A 2024-01-01T00:00:04Z',
      'u1 A 2024-01-01T00:00:01Z',
      'u1 A 2024-01-01T00:00:02Z',
      'u2 A 2024-01-01T00:00:03Z',
    ]);
    expect(warnings).toEqual([expect.stringContaining('"anon-1"')]);
  });

  it('knows an event by its id whatever else changed, and of two ids never makes one', async () => {
    const header = 'message_id,user_id,event,time,size\n';
    const paths = [
      write('a.csv', `${header}m1,ann,A,2024-01-01T00:00:00Z,1\nm2,ann,A,2024-01-01T00:00:00Z,1\n`),
      write('b.csv', `${header}m2,ann,A,2024-01-02T00:00:00Z,9\nm3,ann,A,2024-01-01T00:00:00Z,1\n`),
    ];
    const [{ rows, history }, joint] = [await oneByOne(paths), await atOnce(paths)];
    expect(rows).toEqual({ read: 4, kept: 3, duplicates: 1 });
    expect(describeEvents(history)).toEqual(describeEvents(joint.history));
  });

  it('keeps what was set again, for a setting that comes to stand between', async () => {
    const people = (rows: string) => `user_id,time,plan\n${rows}`;
    const paths = [
      write('a.csv', people('ann,2024-01-01,free\nann,2024-01-05,free\n')),
      write('b.csv', people('ann,2024-01-03,pro\n')),
    ];
    const { history } = await oneByOne(paths, { asPeople: true });
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T00:00:00Z plan="free"',
      'ann 2024-01-03T00:00:00Z plan="pro"',
      'ann 2024-01-05T00:00:00Z plan="free"',
    ]);
  });

  it('knows rows of people read before, and settings of one moment in their order', async () => {
    const people = (rows: string) => `user_id,time,plan,seats\n${rows}`;
    const paths = [
      write('a.csv', people('ann,2024-01-01,free,1\nann,2024-01-01,pro,1\n')),
      write('b.csv', people('ann,2024-01-01,free,1\nann,2024-01-01,free,2\n')),
      write('c.csv', people('ann,2024-01-01,free,2\n')),
    ];
    const options = { asPeople: true };
    const [split, joint] = [await oneByOne(paths, options), await atOnce(paths, options)];
    expect(describeChanges(split.history)).toEqual(describeChanges(joint.history));
    expect(split.history.fingerprint).toBe(joint.history.fingerprint);
    expect(split.rows).toEqual({ read: 5, kept: 3, duplicates: 2 });
    expect(joint.rows).toMatchObject({ kept: 3, duplicates: 2 });
  });

  it('tells rows apart by what their times have below the millisecond', async () => {
    const header = 'user_id,event,time\n';
    const paths = [
      write('a.csv', `${header}ann,A,2024-01-01T00:00:00.000001Z\n`),
      write('b.csv', `${header}ann,A,2024-01-01T00:00:00.000002Z\nann,A,2024-01-01T00:00:00.000001Z\n`),
    ];
    expect((await oneByOne(paths)).rows).toEqual({ read: 3, kept: 2, duplicates: 1 });
  });

  it('moves the end of observation forward only', async () => {
    const header = 'user_id,event,time\n';
    const paths = [
      write('a.csv', `${header}ann,A,2024-02-01T00:00:00Z\n`),
      write('b.csv', `${header}ann,A,2024-01-01T00:00:00Z\n`),
    ];
    const [late, early] = paths as [string, string];
    expect((await oneByOne([late, early])).history.observedUntil).toBe(Date.UTC(2024, 1, 1));
    expect((await oneByOne([early, late])).history.observedUntil).toBe(Date.UTC(2024, 1, 1));
    const given = await oneByOne([late, early], { observedUntil: Date.UTC(2024, 2, 1) });
    expect([given.history.observedUntil, given.history.observedUntilGiven]).toEqual([Date.UTC(2024, 2, 1), true]);
  });
});

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
          const got = await oneByOne([first, second], { map: COLUMNS });
          expect(describeEvents(got.history)).toEqual(describeEvents(new History(both.columns)));
          expect(got.history.fingerprint).toBe(both.columns.fingerprint);
          const { kept, duplicates } = both.report.rows;
          expect(got.rows).toMatchObject({ kept, duplicates });
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
    const { columns, repeated } = await append(one, one);
    expect(repeated).toBe(3);
    expect(columns.fingerprint).toBe(one.columns.fingerprint);
    expect(describeEvents(new History(one.columns))).toEqual(before);
    const kept = await append(one, one, { keepDuplicates: true });
    expect(kept.repeated).toBe(0);
    expect(kept.columns.nameCodes.length).toBe(6);
  });

  it('brings columns, events and an end of its own', async () => {
    const first = write('first.csv', 'user_id,event,time,price\nbob,B,2024-01-01,2\n');
    const second = write('second.csv', 'user_id,event,time,plan\nann,A,2024-01-03,pro\nbob,C,2023-12-31,\n');
    const one = await importFiles([first], { observedUntil: Date.UTC(2024, 0, 2) });
    const two = await importFiles([second]);
    const { columns } = await append(one, two);
    expect(describeEvents(new History(columns))).toEqual([
      'ann A 2024-01-03T00:00:00Z plan="pro"',
      'bob C 2023-12-31T00:00:00Z',
      'bob B 2024-01-01T00:00:00Z 2',
    ]);
    expect(columns.names).toEqual(['A', 'B', 'C']);
    expect([columns.observedUntil, columns.observedUntilGiven]).toEqual([Date.UTC(2024, 0, 3), false]);
    const earlier = await append(one, await importFiles([write('e.csv', 'user_id,event,time\neve,A,2023-01-01\n')]));
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
    const got = await oneByOne([first, second]);
    expect(describeEvents(got.history)).toEqual(describeEvents(new History(both.columns)));
    expect(got.history.personIds.length).toBe(1);
    expect(got.history.fingerprint).toBe(both.columns.fingerprint);
  });
});

describe('a Shopify order', () => {
  it('of two exports is one, by its id, though its status has changed since', async () => {
    const header = 'Name,Email,Financial Status,Total,Created at,Lineitem quantity,Lineitem name,Id\n';
    const order = (status: string) =>
      `#1,ann@x.co,${status},9.00,2025-10-07 09:50:26 +0200,1,Soap,71\n#1,ann@x.co,,,,2,Dish,\n`;
    const later = '#2,ann@x.co,paid,5.00,2025-10-08 09:50:26 +0200,1,Soap,72\n';
    const paths = [
      write('october.csv', header + order('pending')),
      write('november.csv', header + order('refunded') + later),
    ];
    const [split, joint] = [await oneByOne(paths), await atOnce(paths)];
    expect(contentOf(split.history)).toEqual(contentOf(joint.history));
    expect(split.history.fingerprint).toBe(joint.history.fingerprint);
    expect(split.rows).toMatchObject({ kept: joint.rows.kept, duplicates: joint.rows.duplicates });
    expect(split.history.nEvents).toBe(2);
  });
});

describe('a dataset without a trace', () => {
  it('knows its events by their columns, times below the millisecond or not', async () => {
    const header = 'message_id,user_id,event,time\n';
    const path = write(
      'old.csv',
      `${header}m1,ann,A,2024-01-01T00:00:00.000001Z\nm2,ann,A,2024-01-01T00:00:00.000001Z\n`,
    );
    const one = await importFiles([path]);
    const again = await append({ columns: one.columns, trace: null }, one);
    expect(again.repeated).toBe(2);
    expect(again.columns.fingerprint).toBe(one.columns.fingerprint);
    // And once more, onto what that left.
    expect((await append(again, one)).repeated).toBe(2);
  });
});

it('an equal record is one whatever else is in its file', async () => {
  const line = (fields: object) =>
    JSON.stringify({ type: 'track', userId: 'u1', event: 'A', timestamp: '2024-01-01T00:00:00Z', ...fields });
  const paths = [
    write('a.jsonl', line({})),
    write('b.jsonl', [line({}), line({ channel: 'web', timestamp: '2024-01-02T00:00:00Z' })].join('\n')),
  ];
  expect((await oneByOne(paths)).rows).toEqual({ read: 3, kept: 2, duplicates: 1 });
});
