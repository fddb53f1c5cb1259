// A cancel must reach DuckDB whenever it comes: the statements here would run for days.

import { expect, it } from 'vitest';
import { Duck } from '../../../../engine/node/import/duck.ts';

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
