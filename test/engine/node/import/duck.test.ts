// A cancel must reach DuckDB whenever it comes: the statements here would run for days.

import { expect, it } from 'vitest';
import type { Progress } from '../../../../engine/api/index.ts';
import { Duck } from '../../../../engine/node/import/duck.ts';
import { read, scratch } from './helpers.ts';

const { write } = scratch();

const ENDLESS =
  'select sum(a.range * b.range) from range(10000000) a, range(10000000) b where hash(a.range, b.range) % 7 = 3';

it.each([
  ['before it runs', 0],
  ['at its start', 1],
  ['while it runs', 200],
])('ends a statement that is cancelled %s', async (_, delay) => {
  const controller = new AbortController();
  const duck = await Duck.open({ signal: controller.signal });
  try {
    const running = duck.run(`create table endless as ${ENDLESS}`);
    if (delay === 0) controller.abort();
    else setTimeout(() => controller.abort(), delay);
    await expect(running).rejects.toThrow('The import was cancelled; nothing was changed.');
    await expect(duck.number('select 1')).rejects.toThrow('The import was cancelled; nothing was changed.');
  } finally {
    duck.close();
  }
});

it('tells what a JSON import is at, and never less of it than before', async () => {
  const lines = Array.from({ length: 3000 }, (_, i) =>
    JSON.stringify({ user_id: `u${i % 9}`, event: 'A', time: i + 1e9 }),
  );
  const told: Progress[] = [];
  await read(write('stages.jsonl', lines.join('\n')), { onProgress: (progress) => told.push(progress) });
  const stages = [...new Set(told.map(({ stage }) => stage))];
  expect(stages).toEqual([
    'reading stages.jsonl',
    'parsing records',
    'joining ids',
    'numbering people and events',
    'comparing records',
    'taking properties apart',
    'gathering by person',
    'sorting by person and time',
  ]);
  for (const stage of stages) {
    const done = told.filter((one) => one.stage === stage).map((one) => one.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(told.filter((one) => one.stage === stage).every((one) => one.done <= (one.total ?? 0))).toBe(true);
  }
});

it('tells how far a statement is', async () => {
  const told: number[] = [];
  const duck = await Duck.open({ onProgress: ({ done }) => told.push(done) });
  try {
    await duck.run('create table numbers as select range n from range(20000000)');
    duck.begin('hashing', 1000);
    while (told.length < 3)
      await duck.run('create or replace table hashed as select sum(hash(n, n + 1) % 7) from numbers');
  } finally {
    duck.close();
  }
  expect(told[0]).toBe(0);
  expect(Math.max(...told)).toBeGreaterThan(0);
  expect(Math.max(...told)).toBeLessThanOrEqual(1000);
});
