// Members of records as properties: what they hold comes back as it is, whatever else has the same text.

import { expect, it } from 'vitest';
import { describeChanges, read, scratch } from './helpers.ts';

const { write } = scratch();

const record = (i: number, members: string) =>
  `{"user_id":"u","event":"A","time":${1_700_000_000 + i},"properties":{${members}}}`;

it('scalars that are equal are one, and a text is told from what only looks like it', async () => {
  const texts = ['"[1]"', '[1]', '1', '1.0', '1e0', 'true', '"true"', '"1"', '{"a":1}', '"{\\"a\\":1}"', '"é"', '-0.5'];
  const long = ['12345678901234567890', '"12345678901234567890"'];
  const cells = [...texts, ...long];
  const { history } = await read(write('alike.jsonl', cells.map((cell, i) => record(i, `"p":${cell}`)).join('\n')));
  const column = history.properties.get('p');
  expect(cells.map((_, i) => column?.at(i))).toEqual([
    '[1]',
    '[1]',
    1,
    1,
    1,
    true,
    'true',
    '1',
    '{"a":1}',
    '{"a":1}',
    'é',
    -0.5,
    '12345678901234567890',
    '12345678901234567890',
  ]);
  expect(new Set(column?.dictionary).size).toBe(column?.dictionary.length);
});

it('are found one and all where records have some hundred different ones, a few each', async () => {
  const n = 450;
  const line = (i: number) => record(i, `"k${i % n}":${i},"k${(i * 7 + 1) % n}":"t${i}"`);
  const { history } = await read(write('wide.jsonl', Array.from({ length: 2 * n }, (_, i) => line(i)).join('\n')));
  expect(history.properties.size).toBe(n);
  for (const i of [0, 1, 77, 449, 450, 899]) {
    expect(history.properties.get(`k${i % n}`)?.at(i)).toBe(i % n === (i * 7 + 1) % n ? `t${i}` : i);
    expect(history.properties.get(`k${(i * 7 + 1) % n}`)?.at(i)).toBe(`t${i}`);
    expect(history.properties.get(`k${(i + 1) % n}`)?.at(i)).toBe(
      (i * 7 + 1) % n === (i + 1) % n ? `t${i}` : undefined,
    );
  }
});

it('that two objects of a record name are set once', async () => {
  const lines = [
    '{"user_id":"u","time":1700000000,"set":{"plan":"pro","seats":2},"$set":{"plan":"free"}}',
    '{"user_id":"u","time":1700000001,"set":{"plan":null},"$set":{"plan":"basic","seats":null}}',
    '{"user_id":"u","event":"A","time":1700000002}',
  ];
  const { history } = await read(write('twice.jsonl', lines.join('\n')));
  expect(describeChanges(history)).toEqual([
    'u 2023-11-14T22:13:20Z plan="free"',
    'u 2023-11-14T22:13:20Z seats=2',
    'u 2023-11-14T22:13:21Z plan="basic"',
    'u 2023-11-14T22:13:21Z seats=null',
  ]);
});
