// Two hundred small hostile files and what must come of each; folders and several files; and every importer under random
// damage. Never a hang, a crash or a row lost without a word.

import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withDuckDB } from '../../../../engine/node/duckdb.ts';
import { scratch } from './helpers.ts';
import { HOSTILE } from './hostile-cases.ts';
import { EXPECTED } from './hostile-expected.ts';
import { outcomeOf } from './hostile-outcome.ts';

const { path, write } = scratch();
const H = 'user_id,event,time,value\n';
const G = 'ann,Bought,2024-01-01,5\n';

it('hostile files come to what they must, each by itself', async () => {
  const outcomes: Record<string, string> = {};
  for (const { name, content, options } of HOSTILE) outcomes[name] = await outcomeOf([write(name, content)], options);
  expect(outcomes).toEqual(EXPECTED);
  expect(HOSTILE.length).toBeGreaterThanOrEqual(150);
  expect(new Set(HOSTILE.map(({ name }) => name)).size).toBe(HOSTILE.length);
}, 180_000);

it('folders with junk, and several files that do not belong together', async () => {
  write('junk/a.csv', H + G);
  write('junk/notes.md', '# hello');
  write('junk/.hidden.csv', 'x,y\n1,2\n');
  write('junk/status.csv', 'step,state\n1,done\n');
  write('junk/picture.png', Buffer.from([0x89, 0x50]));
  expect(await outcomeOf([path('junk')])).toBe('ann Bought 2024-01-01T00:00:00Z 5');
  write('both/a.csv', H + G);
  write('both/b.jsonl', '{"userId":"bob","event":"A","timestamp":"2024-01-01T00:00:00Z","type":"track"}\n');
  expect(await outcomeOf([path('both')])).toMatch(/^refused \w+: /);
  write('names/a.csv', H + G);
  write('names/b.csv', 'person,action,at\nbob,A,2024-01-01\n');
  expect(await outcomeOf([path('names')])).toMatch(/^refused \w+: /);
  expect(await outcomeOf([path('junk/a.csv'), path('junk/a.csv')])).toBe(
    'ann Bought 2024-01-01T00:00:00Z 5 | duplicates 1',
  );
});

it.each([
  ['a list for a person', "select ['ann'] as user_id, 'A' as event, timestamp '2024-01-01' as time"],
  [
    'a structure for a value',
    "select 'ann' as user_id, 'A' as event, timestamp '2024-01-01' as time, {'a': 1} as value",
  ],
  ['a blob for an event', "select 'ann' as user_id, 'A'::blob as event, timestamp '2024-01-01' as time"],
  ['nulls everywhere', 'select null::varchar as user_id, null::varchar as event, null::timestamp as time'],
  ['infinite times', "select 'ann' as user_id, 'A' as event, 'infinity'::timestamp as time"],
  [
    'numbers that are none',
    "select 'ann' as user_id, 'A' as event, timestamp '2024-01-01' as time, 'nan'::double as value",
  ],
  [
    'numbers of 38 digits',
    "select 'ann' as user_id, 'A' as event, timestamp '2024-01-01' as time, 12345678901234567890123456789012345678::decimal(38,0) as value",
  ],
  ['an empty column name', "select 'ann' as user_id, 'A' as event, timestamp '2024-01-01' as time, 1 as \" \""],
  ['dates, not moments', "select 'ann' as user_id, 'A' as event, date '2024-01-01' as time"],
  ['no column that could be a person', 'select 1.5 as x, true as y'],
])('Parquet with %s is read or refused in words', async (name, select) => {
  const file = path(`${name}.parquet`);
  await withDuckDB((duck) => duck.run(`copy (${select}) to '${file}' (format parquet)`));
  expect(await outcomeOf([file])).toMatch(/^(refused \w+: .{20}|(ann|\["ann"\]) A 2024-01-01T00:00:00Z)/);
});

const VALID: Readonly<Record<string, string>> = {
  'csv.csv': `${H}${G}"bob, jr",Bought,2024-01-02T10:00:00Z,7.5\ncid,Viewed,2024-01-03,\n`,
  'tsv.tsv': 'user_id\tevent\ttime\nann\tA\t2024-01-01\nbob\tB\t2024-01-02\n',
  'list.json': JSON.stringify([1, 2].map((i) => ({ user_id: `u${i}`, event: 'A', time: `2024-01-0${i}`, value: i }))),
  'segment.jsonl':
    '{"type":"track","userId":"ann","event":"A","timestamp":"2024-01-01T00:00:00Z","properties":{"revenue":5}}\n{"type":"identify","userId":"ann","timestamp":"2024-01-01T00:00:00Z","traits":{"plan":"pro"}}\n',
  'kissmetrics.json':
    '{"_p":"ann","_n":"A","_t":1704067200}\n{"_p":"d","_p2":"ann","_t":1704067201}\n{"_p":"ann","_t":1704067202,"plan":"pro"}\n',
  'mixpanel.jsonl':
    '{"event":"A","properties":{"distinct_id":"ann","time":1704067200,"$insert_id":"x"}}\n{"event":"B","properties":{"distinct_id":"ann","time":1704067300}}\n',
  'amplitude.jsonl':
    '{"event_type":"A","user_id":"ann","device_id":"d","event_time":"2024-01-01 10:00:00.000000","event_properties":{"a":1}}\n',
  'posthog.jsonl':
    '{"uuid":"1","event":"A","distinct_id":"ann","timestamp":"2024-01-01T00:00:00Z","properties":{"a":1}}\n',
  'ga4.jsonl':
    '{"event_name":"A","event_timestamp":"1704067200000000","user_pseudo_id":"p","event_params":[{"key":"x","value":{"string_value":"y"}}]}\n',
  'packed.csv.gz': gzipSync(H + G.repeat(20)).toString('latin1'),
  'raw.bin': deflateRawSync(H + G).toString('latin1'),
};
/** What breaks readers, at any place. */
const SPLINTERS = [
  '',
  '"',
  "'",
  ',',
  '\n',
  '\r',
  '\t',
  '\0',
  '{',
  '}',
  '[',
  ']',
  '\\',
  '\ufeff',
  '\xff',
  'null',
  'NaN',
  '1e999',
  '-',
  '"".',
  '{}',
  '\\u0000',
  '\ud83d',
];

const damage = fc.record({
  place: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(40),
  splinter: fc.constantFrom(...SPLINTERS),
  times: fc.integer({ min: 1, max: 3 }),
});

it('every importer, under damage at random places, keeps account of every row or says why it cannot', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(VALID)),
      fc.array(damage, { minLength: 1, maxLength: 4 }),
      async (name, hits) => {
        let text = VALID[name] as string;
        for (const { place, cut, splinter, times } of hits) {
          const at = Math.floor(place * text.length);
          text = text.slice(0, at) + splinter.repeat(times) + text.slice(at + cut);
        }
        const isPacked = name.endsWith('.gz') || name.endsWith('.bin');
        const outcome = await outcomeOf([
          write(`fuzz/${run++}-${name}`, Buffer.from(text, isPacked ? 'latin1' : 'utf8')),
        ]);
        expect(outcome).not.toBe('');
      },
    ),
    { numRuns: 80, examples: [['segment.jsonl', [{ place: 0, cut: 0, splinter: '\r', times: 1 }]]] },
  );
}, 120_000);
