// The same sweep on one thread and on several: the same bytes.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../../engine/events/index.ts';
import { sweepOnWorkers } from '../../../../engine/node/pool/index.ts';
import { DEFAULT_RESPONSE, sweep } from '../../../../engine/projection/index.ts';
import { synthCart } from '../../../../engine/synth/index.ts';
import { applyOverrides, checkWorkflow, type Workflow } from '../../../../engine/workflow/index.ts';

const FIXTURE = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows', 'cart-recovery.json');
const FILE = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Record<string, unknown>;

function cart(sets: readonly string[]): Workflow {
  const { workflow, issues } = checkWorkflow(applyOverrides(FILE, [...sets]));
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

const shop = synthCart({ seed: 6, persons: 500 });
const history = buildHistory(shop.events, shop.changes);
const over = [
  { path: 'suppress[0].sent.within', values: ['1d', '7d', '30d'] },
  { path: 'sequence[1].delay', values: ['1d', '2d'] },
];
const options = { seed: 3, replicates: 60 };
/** An own holdout, which was measured of the workflow as it stands: of one setting and no other. */
const measured = { treated: { n: 4000, x: 520 }, control: { n: 1000, x: 90 }, changed: false };
const response = { ...DEFAULT_RESPONSE, measured };

describe('a sweep on a pool', () => {
  const alone = sweep(history, over, cart, response, options);

  it('is that of one thread, byte for byte, whatever the number of threads', async () => {
    expect(alone.rows).toHaveLength(6);
    expect(new Set(alone.rows.map(({ projected }) => projected.incremental)).size).toBeGreaterThan(2);
    expect(alone.rows.every(({ pBest }) => pBest !== null)).toBe(true);
    for (const workers of [1, 2, 8]) {
      const seen: number[] = [];
      const onProgress = (done: number, total: number) => seen.push(done / total);
      const pooled = await sweepOnWorkers(history, over, cart, response, { ...options, workers, onProgress });
      expect(JSON.stringify(pooled), String(workers)).toBe(JSON.stringify(alone));
      expect(seen.at(-1)).toBe(1);
      expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
    }
  });

  it('of windows is answered by one reading of the history', async () => {
    const windows = [{ path: 'trigger.within', values: ['30m', '1h', '3h'] }];
    const pooled = await sweepOnWorkers(history, windows, cart, response, { ...options, workers: 2 });
    expect(JSON.stringify(pooled)).toBe(JSON.stringify(sweep(history, windows, cart, response, options)));
    expect(pooled.curves).not.toBeNull();
  });

  it('refuses what cannot be replayed before anything is, in the words of one thread', async () => {
    const odd = [{ path: 'audience', values: ['null', '{"is":"segment","segment":"nobody"}'] }];
    const seen: number[] = [];
    const watched = { ...options, onProgress: (done: number) => seen.push(done) };
    expect(() => sweep(history, odd, cart, response, watched)).toThrow(/"nobody" is none of/);
    await expect(sweepOnWorkers(history, odd, cart, response, { ...watched, workers: 2 })).rejects.toMatchObject({
      code: 'NOT_REPLAYABLE',
    });
    expect(seen).toEqual([]);
  });

  it('ends when it is called off', async () => {
    const control = new AbortController();
    const called = sweepOnWorkers(history, over, cart, response, {
      ...options,
      workers: 2,
      signal: control.signal,
      onProgress: () => control.abort(),
    });
    await expect(called).rejects.toMatchObject({ name: 'AbortError' });
  });
});
