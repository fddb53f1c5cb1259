// Exports of analytics tools. The records are ours; their fields are those of each vendor's own page:
// Mixpanel https://docs.mixpanel.com/reference/raw-event-export, Amplitude
// https://amplitude.com/docs/apis/analytics/export, PostHog https://posthog.com/docs/data-pipelines/batch-exports/s3,
// Google Analytics https://support.google.com/analytics/answer/7029846.

import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { FORMAT_SOURCES, formatSourceWords } from '../../../../engine/events/index.ts';
import { withDuckDB } from '../../../../engine/node/duckdb.ts';
import { sniff } from '../../../../engine/node/import/index.ts';
import { describeChanges, failure, read, scratch } from './helpers.ts';

const { write, path } = scratch();
const lines = (...records: unknown[]) => `${records.map((one) => JSON.stringify(one)).join('\n')}\n`;
const at = (minute: number) => Date.UTC(2024, 0, 1, 0, minute);
const iso = (minute: number) => new Date(at(minute)).toISOString();

async function zip(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const archive = new ZipFile();
  for (const [inner, content] of Object.entries(files)) archive.addBuffer(Buffer.from(content), inner);
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(path(name)));
  return path(name);
}

async function parquet(name: string, select: string): Promise<string> {
  const to = path(name);
  await withDuckDB((duck) => duck.run(`copy (${select}) to '${to}' (format parquet)`));
  return to;
}

const mixpanel = (event: string, minute: number, more: object) => ({
  event,
  properties: { time: at(minute) / 1000, $insert_id: `${event}${minute}`, mp_processing_time_ms: 1, ...more },
});

describe('Mixpanel', () => {
  const records = [
    mixpanel('Viewed', 0, { distinct_id: '$device:d1', $device_id: 'd1', page: '/a' }),
    mixpanel('Signed up', 1, { distinct_id: 'ann', $device_id: 'd1', $user_id: 'ann' }),
    mixpanel('Bought', 2, { distinct_id: 'ann', $device_id: 'd2', $user_id: 'ann', revenue: 9.99 }),
    mixpanel('Viewed', 3, { distinct_id: 'bob' }),
  ];

  it('is recognised; what a device did before it was somebody’s is theirs', async () => {
    const { rows, report, history } = await read(write('mixpanel.jsonl', lines(...records)));
    expect(report).toMatchObject({
      format: 'mixpanel',
      columns: { time: { unit: 's' }, value: { column: 'revenue' } },
    });
    expect(report.columns.user.why).toContain('docs.mixpanel.com');
    expect(rows).toEqual([
      'ann Viewed 2024-01-01T00:00:00Z page="/a"',
      'ann Signed up 2024-01-01T00:01:00Z',
      'ann Bought 2024-01-01T00:02:00Z 9.99',
      'bob Viewed 2024-01-01T00:03:00Z',
    ]);
    expect(history.valueName).toBe('revenue');
  });

  it('counts a record that was exported twice once', async () => {
    const { report } = await read(write('twice.jsonl', lines(...records, ...records)));
    expect(report.rows).toMatchObject({ read: 8, kept: 4, duplicates: 4 });
  });

  it('tells events of one $insert_id apart by their person, name and time, as Mixpanel does', async () => {
    const same = { $insert_id: 'once', distinct_id: 'ann' };
    const all = [
      mixpanel('Viewed', 0, same),
      mixpanel('Viewed', 0, { ...same, $city: 'Rome' }),
      mixpanel('Viewed', 1, same),
      mixpanel('Bought', 0, same),
      mixpanel('Viewed', 0, { ...same, distinct_id: 'bob' }),
    ];
    const { report } = await read(write('insert-ids.jsonl', lines(...all)));
    expect(report.rows).toMatchObject({ read: 5, kept: 4, duplicates: 1 });
  });

  it('is refused by name where the records are none, and read as plain JSON where that is asked', async () => {
    const other = write('other.jsonl', lines({ user: 'a', event: 'x', time: at(0) }));
    expect(await failure(other, { format: 'mixpanel' })).toContain('is no Mixpanel export');
    const file = write('mixpanel2.jsonl', lines(...records));
    expect((await read(file, { format: 'jsonl', map: { user: 'distinct_id' } })).report.format).toBe('jsonl');
    expect(await failure(file, { format: 'mixpanel', map: { user: 'distinct_id' } })).toContain('leave out --map');
  });
});

describe('Amplitude', () => {
  const one = (event_type: string, minute: number, more: object) => ({
    event_type,
    event_time: iso(minute).replace('T', ' ').replace('Z', '000'),
    device_id: 'd1',
    user_id: null,
    uuid: `${event_type}${minute}`,
    event_properties: {},
    user_properties: {},
    amplitude_id: 1,
    ...more,
  });
  const files = {
    '100/100_2024-01-01_0#0.json.gz': gzipSync(lines(one('view', 0, { event_properties: { page: '/a', big: 1 } }))),
    '100/100_2024-01-01_1#0.json.gz': gzipSync(
      lines(
        one('$identify', 1, { user_id: 'ann', user_properties: { plan: 'free' } }),
        one('purchase', 2, {
          user_id: 'ann',
          event_properties: { revenue: 20, items: ['a'] },
          user_properties: { plan: 'free' },
        }),
        one('view', 3, { user_id: 'ann', user_properties: { plan: null } }),
      ),
    ),
    '__MACOSX/100/._100.json.gz': 'resource fork',
  };

  it('comes as a zip of gzipped files; $identify sets properties and is no event', async () => {
    const { rows, report, history } = await read(await zip('amplitude.zip', files));
    expect(rows).toEqual([
      'ann view 2024-01-01T00:00:00Z big=1 page="/a"',
      'ann purchase 2024-01-01T00:02:00Z 20 items="[\\"a\\"]"',
      'ann view 2024-01-01T00:03:00Z',
    ]);
    expect(report).toMatchObject({ format: 'amplitude', files: [path('amplitude.zip')] });
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T00:01:00Z plan="free"',
      'ann 2024-01-01T00:03:00Z plan=null',
    ]);
  });

  it('names the file inside the archive where a record is set aside', async () => {
    const { report } = await read(
      await zip('bad.zip', { ...files, 'x/9.json': lines(one('late', 4, { event_time: 'soon' })) }),
    );
    expect(report.rows.rejected).toEqual([
      { reason: 'unreadable time', count: 1, first: [{ file: 'bad.zip/x/9.json', line: 1 }] },
    ]);
  });
});

describe('an archive', () => {
  it.each([
    ['holds nothing that can be read', { 'a.png': 'x' }, /holds no file that can be read/],
    ['is a workbook', { '[Content_Types].xml': '<x/>', 'xl/a.xml': '<x/>' }, /Excel workbook/],
  ])('that %s is refused with its name', async (name, files, words) => {
    expect(await failure(await zip(`${name}.zip`, files as never))).toMatch(words);
  });

  it('that is cut off is refused, and nothing is left in the folder for temporary files', async () => {
    const whole = await zip('whole.zip', { 'a.csv': 'user,event,time\nann,Bought,2024-01-01\n' });
    const { readFileSync, readdirSync, mkdirSync } = await import('node:fs');
    const cut = write('cut.zip', readFileSync(whole).subarray(0, 60));
    mkdirSync(path('temporary'));
    expect(await failure(cut, { tempDir: path('temporary') })).toMatch(/cut off or damaged/);
    await read(whole, { tempDir: path('temporary') });
    expect(readdirSync(path('temporary'))).toEqual([]);
  });

  it('of CSV files is one history, in numeric order of their names', async () => {
    const header = 'user,event,time\n';
    const { rows, report } = await read(
      await zip('csv.zip', {
        'data/10.csv': `${header}ann,Second,2024-01-01T00:00:00Z\n`,
        'data/2.csv': `${header}ann,First,2024-01-01T00:00:00Z\n`,
      }),
    );
    expect(rows).toEqual(['ann First 2024-01-01T00:00:00Z', 'ann Second 2024-01-01T00:00:00Z']);
    expect(report.format).toBe('csv');
  });
});

describe('PostHog', () => {
  it('is read from Parquet, whose properties are texts of JSON', async () => {
    const row = (event: string, minute: number, distinct: string, properties: object, person: object = {}) =>
      `select '${event}${minute}' as uuid, '${event}' as event, '${distinct}' as distinct_id, 'p' as person_id,
        '${JSON.stringify(properties)}' as properties, '${JSON.stringify(person)}' as person_properties,
        timestamptz '${iso(minute)}' as timestamp`;
    const file = await parquet(
      'posthog.parquet',
      [
        row('$pageview', 0, 'anon-1', { $current_url: '/a' }),
        row('$identify', 1, 'ann', { $anon_distinct_id: 'anon-1', $set: { email: 'ann@example.com' } }),
        row('bought', 2, 'ann', { value: 12.5 }, { email: 'ann@example.com', plan: 'pro' }),
      ].join(' union all '),
    );
    const { rows, report, history } = await read(file);
    expect(report).toMatchObject({ format: 'posthog', files: [file], rows: { read: 3, kept: 3 } });
    expect(rows).toEqual([
      'ann $pageview 2024-01-01T00:00:00Z $current_url="/a"',
      'ann bought 2024-01-01T00:02:00Z 12.5',
    ]);
    expect(describeChanges(history)).toEqual([
      'ann 2024-01-01T00:01:00Z email="ann@example.com"',
      'ann 2024-01-01T00:02:00Z plan="pro"',
    ]);
    expect(await sniff([file])).toMatchObject({ format: 'posthog', files: [{ path: file }], problem: null });
  });
});

describe('Google Analytics 4', () => {
  it('takes parameters apart, whole numbers exactly, and joins device and user', async () => {
    const one = (event_name: string, minute: number, user_id: string | null, more: object = {}) => ({
      event_date: '20240101',
      event_timestamp: String(at(minute) * 1000),
      event_name,
      user_pseudo_id: '1.2',
      user_id,
      event_params: [{ key: 'page', value: { string_value: '/a', int_value: null } }],
      user_properties: [],
      ...more,
    });
    const { rows, report, history } = await read(
      write(
        'ga4.jsonl',
        lines(
          one('page_view', 0, null),
          one('purchase', 1, 'ann', {
            ecommerce: { purchase_revenue: 30.25, transaction_id: 't1' },
            event_params: [
              { key: 'n', value: { string_value: null, int_value: '9007199254740993' } },
              { key: 'small', value: { int_value: '3' } },
              { key: 'share', value: { double_value: 0.5 } },
            ],
            user_properties: [{ key: 'plan', value: { string_value: 'pro', set_timestamp_micros: '1' } }],
          }),
        ),
      ),
    );
    expect(rows).toEqual([
      'ann page_view 2024-01-01T00:00:00Z page="/a"',
      'ann purchase 2024-01-01T00:01:00Z 30.25 n="9007199254740993" share=0.5 small=3 transaction_id="t1"',
    ]);
    expect(report).toMatchObject({
      format: 'ga4',
      columns: { time: { unit: 'us' }, value: { column: 'purchase_revenue' } },
    });
    expect(describeChanges(history)).toEqual(['ann 2024-01-01T00:01:00Z plan="pro"']);
  });
});

describe('what should be JSON and is none', () => {
  const parts = (all: readonly string[]) => all.filter((one) => one.includes('cannot be read as JSON'));

  it('is counted with its first place, and the rest of the record is read', async () => {
    const posthog = (uuid: string, properties: unknown, person: unknown = '{}') => ({
      uuid,
      event: 'bought',
      distinct_id: uuid,
      timestamp: iso(1),
      properties,
      person_properties: person,
    });
    const broken = [
      posthog('a', '{"value": 3}'),
      posthog('b', '{"value": 3'),
      posthog('c', 'none'),
      posthog('d', null, '{"plan": "pro"'),
    ];
    const { rows, report } = await read(write('broken.jsonl', lines(...broken)));
    expect(report.rows).toMatchObject({ read: 4, kept: 4 });
    expect(rows).toEqual([
      'a bought 2024-01-01T00:01:00Z 3',
      ...['b', 'c', 'd'].map((who) => `${who} bought 2024-01-01T00:01:00Z`),
    ]);
    expect(parts(report.warnings)).toEqual([
      '2 records have "properties" that cannot be read as JSON (first at broken.jsonl:2); the rest of each was read, without what should stand there.',
      '1 record has "person_properties" that cannot be read as JSON (first at broken.jsonl:4); the rest of it was read, without what should stand there.',
    ]);
  });

  it.each([
    [
      'mixpanel',
      mixpanel('a', 0, { distinct_id: 'ann' }),
      { event: 'b', properties: '{"distinct_id": "ann"' },
      'properties',
    ],
    [
      'amplitude',
      { event_type: 'a', event_time: iso(0), user_id: 'ann', event_properties: {}, user_properties: {} },
      { event_type: 'b', event_time: iso(1), user_id: 'ann', event_properties: '{"x"', user_properties: {} },
      'event_properties',
    ],
    [
      'ga4',
      { event_name: 'a', event_timestamp: at(0) * 1000, user_pseudo_id: '1', event_params: [] },
      { event_name: 'b', event_timestamp: at(1) * 1000, user_pseudo_id: '1', event_params: '[{"key"' },
      'event_params',
    ],
    [
      'segment',
      { type: 'track', userId: 'ann', event: 'a', timestamp: iso(0), properties: '{"page": "/a"}' },
      { type: 'track', userId: 'ann', event: 'b', timestamp: iso(1), properties: '{"page": "/a"' },
      'properties',
    ],
    [
      'jsonl',
      { user: 'ann', event: 'a', time: iso(0), properties: { page: '/a' } },
      { user: 'ann', event: 'b', time: iso(1), properties: '{"page": "/a"' },
      'properties',
    ],
  ])('is told of %s as well', async (format, good, bad, member) => {
    const { report } = await read(write(`${format}-broken.jsonl`, lines(good, good, bad)), { keepDuplicates: true });
    expect(report.format).toBe(format);
    expect(parts(report.warnings)).toEqual([expect.stringContaining(`1 record has "${member}"`)]);
    expect(parts(report.warnings)[0]).toContain(':3)');
    // A recognised format says where its fields are described.
    if (format !== 'jsonl') expect(report.columns.user.why).toContain(FORMAT_SOURCES[format]?.page);
  });

  it('far behind the rows that are looked at first is told, too; a text that is no object is a property', async () => {
    const good = Array.from({ length: 3000 }, (_, i) => ({
      user: `u${i}`,
      event: 'a',
      time: iso(0),
      properties: { n: i },
    }));
    const bad = { user: 'x', event: 'a', time: iso(1), properties: '{"n": 1' };
    const { report, history } = await read(
      write('far.jsonl', lines(...good, bad, { ...bad, user: 'y', props: 'plain' })),
    );
    expect(parts(report.warnings)).toEqual([expect.stringMatching(/^2 records have "properties".*far\.jsonl:3001/)]);
    expect(history.properties.get('props')?.at(history.nEvents - 1)).toBe('plain');
  });

  it('of texts of objects is read as objects', async () => {
    const one = { user: 'ann', event: 'a', time: iso(0), properties: '{"page": "/a", "value": 3}' };
    const { rows, history } = await read(
      write('texts.jsonl', lines(one, { user: 'ann', time: iso(1), traits: '{"plan": "pro"}' })),
    );
    expect(rows).toEqual(['ann a 2024-01-01T00:00:00Z 3 page="/a"']);
    expect(describeChanges(history)).toEqual(['ann 2024-01-01T00:01:00Z plan="pro"']);
  });
});

it('of a format whose fields no page of the vendor has in full, that is said', () => {
  expect(formatSourceWords('shopify')).toMatch(/^Its fields are those of https:.*Not checked: /);
  expect(formatSourceWords('mixpanel')).not.toContain('Not checked');
  expect(formatSourceWords('csv')).toBeNull();
});

describe('Parquet', () => {
  it('of a plain table is read by its column names, exactly', async () => {
    const file = await parquet(
      'plain.parquet',
      `select 'ann' as user_id, 'Bought' as event, timestamp '2024-01-01 00:00:01.5' as ts, 19.99::decimal(10, 2) as revenue,
        9007199254740993 as id, ['a', 'b'] as tags`,
    );
    const { rows, report } = await read(file);
    expect(rows).toEqual(['ann Bought 2024-01-01T00:00:01.500Z 19.99 id="9007199254740993" tags="[\\"a\\",\\"b\\"]"']);
    expect(report.files).toEqual([file]);
  });

  it('that is damaged, or empty, is refused with its name', async () => {
    const { readFileSync } = await import('node:fs');
    const whole = await parquet('whole.parquet', "select 'ann' as user_id, 'Bought' as event, 1704067200 as time");
    const cut = write('cut.parquet', readFileSync(whole).subarray(0, 100));
    expect(await failure(cut)).toContain('cut.parquet is damaged');
    const none = await parquet('none.parquet', "select 'ann' as user_id, 'b' as event, 1 as time where false");
    expect(await failure(none)).toContain('none.parquet holds no rows');
  });
});
