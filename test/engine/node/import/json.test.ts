import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { reachability } from '../../../../engine/events/index.ts';
import { describeChanges, failure, read, scratch } from './helpers.ts';

const { write } = scratch();
const FIXTURES = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'events');

const lines = (...records: unknown[]) =>
  `${records.map((r) => (typeof r === 'string' ? r : JSON.stringify(r))).join('\n')}\n`;

describe('importing JSON', () => {
  const records = [
    { user: 'ann', event: 'Viewed', time: 1704067200, item: 'hat', properties: { size: 3, sale: true } },
    { user: 'bob', event: 'Bought', time: 1704067201, revenue: 9.99, tags: ['a', 'b'], properties: { size: null } },
  ];

  it('keeps types, flattens `properties` one level, keeps lists as JSON text, and leaves null out', async () => {
    const { rows, report, history } = await read(write('plain.jsonl', lines(...records)));
    expect(rows).toEqual([
      'ann Viewed 2024-01-01T00:00:00Z item="hat" sale=true size=3',
      'bob Bought 2024-01-01T00:00:01Z 9.99 tags="[\\"a\\",\\"b\\"]"',
    ]);
    expect(report).toMatchObject({
      format: 'jsonl',
      columns: { time: { column: 'time', unit: 's' }, value: { column: 'revenue' } },
    });
    expect(history.valueName).toBe('revenue');
  });

  it.each([
    ['a list', JSON.stringify(records)],
    ['a list laid out over lines', JSON.stringify(records, null, 2)],
    ['values one after the other', records.map((r) => JSON.stringify(r, null, 2)).join('\n')],
    ['gzip', gzipSync(lines(...records))],
    ['a byte order mark and Windows line ends', `\ufeff${lines(...records).replaceAll('\n', '\r\n')}`],
    ['blank lines', lines(...records).replaceAll('\n', '\n\n')],
  ])('reads the same from %s', async (name, content) => {
    const plain = await read(write('same.jsonl', lines(...records)));
    const { rows, history } = await read(write(`${name.replaceAll(' ', '-')}.json`, content));
    expect(rows).toEqual(plain.rows);
    expect(history.fingerprint).toBe(plain.history.fingerprint);
  });

  it('takes a person’s property away where it is set to null, once, and only where there was one', async () => {
    const identify = (minute: number, traits: unknown) => ({
      type: 'identify',
      userId: 'ann',
      messageId: `m${minute}`,
      timestamp: new Date(Date.UTC(2024, 0, 1, 0, minute)).toISOString(),
      traits,
    });
    const path = write(
      'removed.jsonl',
      lines(
        { type: 'track', userId: 'ann', event: 'Viewed', messageId: 'm', timestamp: '2024-01-01T00:00:00Z' },
        identify(1, { plan: null, city: 'Bern' }),
        identify(2, { plan: 'pro' }),
        identify(3, { plan: null }),
        identify(4, { plan: null }),
        identify(5, { plan: 'free', city: 'null' }),
      ),
    );
    const { history } = await read(path);
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T00:01:00Z city="Bern"',
      'ann 2024-01-01T00:02:00Z plan="pro"',
      'ann 2024-01-01T00:03:00Z plan=null',
      'ann 2024-01-01T00:05:00Z city="null"',
      'ann 2024-01-01T00:05:00Z plan="free"',
    ]);
  });

  it('tells a property of the record from one of the same name inside, and keeps numbers a double cannot hold as text', async () => {
    const path = write(
      'clash.jsonl',
      lines(
        '{"user":"ann","event":"A","time":1704067200,"size":"L","id":12345678901234567890,"properties":{"size":3,"a/b~c":1}}',
      ),
    );
    const { rows } = await read(path);
    expect(rows).toEqual(['ann A 2024-01-01T00:00:00Z a/b~c=1 id="12345678901234567890" properties.size=3 size="L"']);
  });

  it('finds roles inside `properties`', async () => {
    const path = write(
      'mixpanel.jsonl',
      lines(
        { event: 'Login', properties: { time: 1704067200, distinct_id: 'u1', $insert_id: 'i1', city: 'Oslo' } },
        {
          event: 'Login',
          properties: { time: 1704067200, distinct_id: 'u1', $insert_id: 'i1', city: 'Oslo', retry: 1 },
        },
      ),
    );
    const { rows, report } = await read(path, { format: 'jsonl' });
    expect(rows).toEqual(['u1 Login 2024-01-01T00:00:00Z $insert_id="i1" city="Oslo"']);
    expect(report.rows.duplicates).toBe(1);
  });

  it('takes records that say the same for one, however they are written, and no others', async () => {
    const path = write(
      'same-records.jsonl',
      lines(
        '{"user":"ann","event":"A","time":1704067200,"size":1,"properties":{"a":1,"b":[1,2]}}',
        '{"time":1704067200,"event":"A","user":"ann","properties":{"b":[1.0,2e0],"a":1},"size":1.0}',
        '{"user":"ann","event":"A","time":1704067200,"size":1,"hat":null,"properties":{"a":1,"b":[1,2],"c":null}}',
        '{"user":"ann","event":"A","time":1704067200,"size":"1","properties":{"a":1,"b":[1,2]}}',
        '{"user":"ann","event":"A","time":1704067200,"size":1,"properties":{"a":1,"b":[2,1]}}',
        '{"user":"ann","event":"A","time":1704067200,"size":12345678901234567890}',
        '{"user":"ann","event":"A","time":1704067200,"size":12345678901234567891}',
      ),
    );
    const { report } = await read(path);
    expect(report.rows).toMatchObject({ read: 7, kept: 5, duplicates: 2 });
  });

  it('sets properties of people by `set`, at their time, and counts such rows as kept but as no events', async () => {
    const path = write(
      'set.jsonl',
      lines(
        { user: 'ann', event: 'A', time: 1704067200 },
        { user: 'ann', time: 1704067300, set: { plan: 'pro', seats: 2 } },
        { user: 'ann', time: 1704067400, set: { plan: 'pro' } },
        { user: 'ann', event: 'B', time: 1704067500, set: { plan: 'free' } },
        { user: 'cem', time: 1704067300, set: { email: 'c@x.co' } },
      ),
    );
    const { history, report, rows } = await read(path);
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T00:01:40Z plan="pro"',
      'ann 2024-01-01T00:01:40Z seats=2',
      'ann 2024-01-01T00:05:00Z plan="free"',
      'cem 2024-01-01T00:01:40Z email="c@x.co"',
    ]);
    expect(rows).toHaveLength(2);
    expect(report).toMatchObject({ rows: { read: 5, kept: 5 }, persons: 2, events: 2 });
    expect(reachability(history, 'email').since).toEqual(Float64Array.of(Number.POSITIVE_INFINITY, 1704067300000));
  });

  it('refuses what is no JSON, no object, or lacks a role, each with its line', async () => {
    const path = write(
      'bad.jsonl',
      lines(
        '',
        { user: 'ann', event: 'A', time: 1704067200 },
        '{"user":',
        '[1]',
        '7',
        { event: 'A', time: 1704067200 },
        { user: 'ann', event: 'A' },
        { user: 'ann', time: 1704067200 },
        { user: 'ann', event: 'A', time: 'x' },
      ),
    );
    const { report } = await read(path);
    expect(Object.fromEntries(report.rows.rejected.map((r) => [r.reason, r.first.map((f) => f.line)]))).toEqual({
      'not valid JSON': [3],
      'not a JSON object': [4, 5],
      'missing person': [6],
      'missing time': [7],
      'missing event': [8],
      'unreadable time': [9],
    });
    expect(report.rows).toMatchObject({ read: 8, kept: 1 });
  });

  it('gives the line of an element of a list that is laid out over lines', async () => {
    const bad = [...records, { user: 'ann', event: 'A', time: 'never' }];
    const { report } = await read(write('list.json', JSON.stringify(bad, null, 1)));
    const line =
      JSON.stringify(bad, null, 1)
        .split('\n')
        .findIndex((text) => text.includes('never')) +
      1 -
      3;
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 1, first: [{ file: 'list.json', line }] },
    ]);
  });

  it('keeps the complete elements of a list that is cut off', async () => {
    const whole = JSON.stringify(records);
    const { report } = await read(write('cut.json', whole.slice(0, -20)));
    expect(report.rows).toMatchObject({ read: 2, kept: 1, rejected: [{ reason: 'not valid JSON' }] });
  });

  it('explains junk, and a single line of 100 MB', async () => {
    expect(await failure(write('junk.json', '{{{{{'))).toContain('no JSON objects');
    expect(await failure(write('empty-list.json', '[]'))).toContain('no JSON objects');
    expect(await failure(write('long.json', Buffer.alloc(100_000_000, '{"a":')))).toMatch(/no line end/);
  });
});

describe('identities', () => {
  const t = 1704067200;

  it('follow aliases to the identified id; a past anonymous event becomes theirs, reachability does not go back', async () => {
    const path = write(
      'alias.jsonl',
      lines(
        { user: 'anon-8c1', event: 'Viewed', time: t },
        { user: 'ann@x.co', alias: 'anon-8c1', time: t + 60 },
        { user: 'ann@x.co', event: 'Bought', time: t + 90 },
      ),
    );
    const { history, rows, report } = await read(path);
    expect(rows).toEqual(['ann@x.co Viewed 2024-01-01T00:00:00Z', 'ann@x.co Bought 2024-01-01T00:01:30Z']);
    expect(history.addressIdSince).toEqual(Float64Array.of((t + 60) * 1000));
    expect(report).toMatchObject({ rows: { read: 3, kept: 3 }, events: 2, persons: 1 });
  });

  it('merge a chain of aliases into the first seen of several identified ids', async () => {
    const path = write(
      'chain.jsonl',
      lines(
        { user: 'b', alias: 'c', time: t + 2 },
        { user: 'c', event: 'C', time: t },
        { user: 'b', event: 'B', time: t + 1 },
        { user: 'a', alias: 'b', time: t + 3 },
      ),
    );
    const { history } = await read(path);
    expect([history.nPersons, history.personIds.at(0)]).toEqual([1, 'c']);
  });

  it('merge none over an anonymous id seen with several people, and say so', async () => {
    const path = write(
      'shared.jsonl',
      lines(
        { user_id: 'ann', anonymous_id: 'd-1', event: 'A', time: t },
        { user_id: 'bob', anonymous_id: 'd-1', event: 'A', time: t + 1 },
        { anonymous_id: 'd-1', event: 'A', time: t + 2 },
        { user_id: 'cem', anonymous_id: 'd-2', event: 'A', time: t + 3 },
        { anonymous_id: 'd-2', event: 'A', time: t + 4 },
      ),
    );
    const { rows, report } = await read(path);
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['ann', 'bob', 'cem', 'cem', 'd-1']);
    expect(report.warnings.join()).toContain('1 anonymous id was seen with several people (such as "d-1")');
  });

  it('do not depend on the order of rows', async () => {
    const records = [
      { user: 'x1', event: 'A', time: t },
      { user: 'x2', alias: 'x1', time: t + 1 },
      { user: 'x3', alias: 'x2', time: t + 2 },
      { user: 'x3', event: 'B', time: t + 3 },
    ];
    const forward = await read(write('forward.jsonl', lines(...records)));
    const backward = await read(write('backward.jsonl', lines(...[...records].reverse())));
    expect(backward.history.fingerprint).toBe(forward.history.fingerprint);
  });
});

describe('who is who', () => {
  const { write } = scratch();
  const lines = (name: string, records: object[]) => write(name, records.map((r) => JSON.stringify(r)).join('\n'));
  const at = (minute: number) => `2026-03-01T10:0${minute}:00Z`;

  it('merges nobody through a device that several people took over', async () => {
    const { history, report } = await read(
      lines('device.jsonl', [
        { type: 'track', event: 'A', anonymousId: 'x', timestamp: at(1) },
        { type: 'alias', userId: 'u1', previousId: 'x', timestamp: at(2) },
        { type: 'alias', userId: 'u2', previousId: 'x', timestamp: at(3) },
        { type: 'track', event: 'A', userId: 'u1', timestamp: at(4) },
        { type: 'track', event: 'A', userId: 'u2', timestamp: at(5) },
      ]),
    );
    expect(history.nPersons).toBe(3);
    expect(report.warnings.join()).toContain('"x"');
  });

  it('names a person by the identified id that was seen first', async () => {
    const { rows } = await read(
      lines('first.jsonl', [
        { type: 'track', event: 'A', userId: 'u5', timestamp: at(1) },
        { type: 'track', event: 'A', userId: 'u6', timestamp: at(2) },
        { type: 'alias', userId: 'u6', previousId: 'u5', timestamp: at(3) },
      ]),
    );
    expect(rows.map((row) => row.split(' ')[0])).toEqual(['u5', 'u5']);
  });

  it('learns nothing about identities from a row that is set aside', async () => {
    const { history } = await read(
      lines('aside.jsonl', [
        { type: 'track', event: 'A', anonymousId: 'x', timestamp: at(1) },
        { type: 'track', userId: 'u1', anonymousId: 'x', timestamp: at(3) },
        { type: 'track', event: 'A', userId: 'u1', timestamp: at(4) },
      ]),
    );
    expect(history.nPersons).toBe(2);
  });
});

describe('shipped examples', () => {
  it('a KISSmetrics export: revisions in numeric order, aliases, shared devices, properties on the event and the person', async () => {
    const { rows, history, report } = await read(join(FIXTURES, 'kissmetrics'));
    expect(report.format).toBe('kissmetrics');
    expect(rows).toEqual([
      'Zz81/kk+44TabLet= Visited Site 2024-03-01T08:16:40Z',
      'mara@example.com Visited Site 2024-03-01T08:00:00Z referrer="newsletter"',
      'mara@example.com Signed Up 2024-03-01T08:05:00Z plan="trial"',
      'mara@example.com Purchased 2024-03-02T08:00:00Z annual=true plan="pro" revenue=49.5',
      'theo@example.com Visited Site 2024-03-01T10:48:20Z',
    ]);
    expect(describeChanges(history)).toEqual([
      'mara@example.com 2024-03-01T08:00:00Z referrer="newsletter"',
      'mara@example.com 2024-03-01T08:05:00Z plan="trial"',
      'mara@example.com 2024-03-02T08:00:00Z annual=true',
      'mara@example.com 2024-03-02T08:00:00Z plan="pro"',
      'mara@example.com 2024-03-02T08:00:00Z revenue=49.5',
      'mara@example.com 2024-03-02T08:01:40Z company="Lighthouse"',
      'mara@example.com 2024-03-02T08:01:40Z seats=3',
    ]);
    expect(report.rows).toEqual({
      read: 12,
      kept: 9,
      duplicates: 1,
      rejected: [
        { reason: 'missing time', count: 1, first: [{ file: '10.json', line: 6 }] },
        { reason: 'not valid JSON', count: 1, first: [{ file: '10.json', line: 5 }] },
      ],
    });
    expect(history.addressIdSince?.[history.personIndex('mara@example.com')]).toBe(1709280300000);
  });

  it('a KISSmetrics export is refused where the records are none, or where --map contradicts it', async () => {
    expect(await failure(join(FIXTURES, 'segment.json'), { format: 'kissmetrics' })).toContain('no KISSmetrics export');
    const options = { format: 'kissmetrics', map: { user: 'plan' } } as const;
    expect(await failure(join(FIXTURES, 'kissmetrics'), options)).toContain('decides its columns');
    const { history } = await read(join(FIXTURES, 'kissmetrics'), { map: { value: 'revenue' } });
    expect([history.valueName, history.values.at(3)]).toEqual(['revenue', 49.5]);
  });

  it('a Segment export: an anonymous visitor who signs up, an alias, an event sent twice', async () => {
    const { rows, history, report } = await read(join(FIXTURES, 'segment.json'));
    expect(rows).toEqual([
      'u-5 Viewed Pricing 2024-04-01T08:00:00Z',
      'u-5 Order Completed 2024-04-03T08:00:00Z 120.25 first=true items="[\\"lamp\\",\\"bulb\\"]"',
      'u-5 Page Viewed 2024-04-04T08:00:00Z name="Home"',
    ]);
    expect(describeChanges(history)).toEqual([
      'u-5 2024-04-02T08:00:00Z email="ines@example.com"',
      'u-5 2024-04-02T08:00:00Z plan="free"',
    ]);
    expect(report.rows).toEqual({ read: 6, kept: 5, duplicates: 1, rejected: [] });
  });

  it('a Segment export whose events name money in different ways: each has its own', async () => {
    const line = (event: string, hour: number, properties: object) =>
      JSON.stringify({ type: 'track', userId: 'u', event, timestamp: `2024-04-01T0${hour}:00:00Z`, properties });
    const path = write(
      'money.jsonl',
      [
        line('Order Completed', 1, { revenue: 30, value: 28, total: 33 }),
        line('Product Added', 2, { value: 12.5 }),
        line('Order Refunded', 3, { total: 33 }),
        line('Signed Up', 4, { plan: 'free' }),
      ].join('\n'),
    );
    const { rows, report } = await read(path);
    expect(rows).toEqual([
      'u Order Completed 2024-04-01T01:00:00Z 30 total=33 value=28',
      'u Product Added 2024-04-01T02:00:00Z 12.5 value=12.5',
      'u Order Refunded 2024-04-01T03:00:00Z 33 total=33',
      'u Signed Up 2024-04-01T04:00:00Z plan="free"',
    ]);
    expect(report.columns.value).toEqual({
      column: 'revenue',
      why: 'its name says money and it holds numbers; an event without it has its "value" or "total"',
    });
  });

  it('a shop: one row of each kind that is refused', async () => {
    const { report, history } = await read(join(FIXTURES, 'shop.csv'));
    const at = (...places: number[]) => places.map((line) => ({ file: 'shop.csv', line }));
    expect(report.rows).toEqual({
      read: 13,
      kept: 8,
      duplicates: 1,
      rejected: [
        { reason: 'missing person', count: 1, first: at(11) },
        { reason: 'unreadable time', count: 1, first: at(12) },
        { reason: 'unreadable value', count: 1, first: at(13) },
        { reason: 'wrong number of columns', count: 1, first: at(14) },
      ],
    });
    expect(history.personIds.length).toBe(3);
  });
});
