// The same replay on one thread and on several: the same totals to the last digit, over memory that is shared.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../../engine/events/index.ts';
import {
  historyOf,
  replayOnWorkers,
  replayProgrammeOnWorkers,
  shareHistory,
} from '../../../../engine/node/pool/index.ts';
import { replayProgramme, replayWorkflow } from '../../../../engine/replay/index.ts';
import { synthCart } from '../../../../engine/synth/index.ts';
import { figuresOfTallies, mergeSecondary, secondaryFigures } from '../../../../engine/value/index.ts';
import { checkWorkflow, type Workflow } from '../../../../engine/workflow/index.ts';

const FOLDER = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'workflows');

function workflow(name: string, change: (file: Record<string, unknown>) => void = () => {}): Workflow {
  const file = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Record<string, unknown>;
  change(file);
  const { workflow: read, issues } = checkWorkflow(file);
  if (read === null) throw new Error(JSON.stringify(issues));
  return read;
}

const shop = synthCart({ seed: 4, persons: 900 });
const history = buildHistory(shop.events, shop.changes);
const cart = workflow('cart-recovery');
const quiet = workflow('cart-recovery', (file) => {
  file['id'] = 'quiet';
  file['gates'] = { quiet: { from: '21:00', to: '08:00' }, cap: [{ n: 2, within: '7d' }] };
});
const winBack = workflow('win-back');

describe('a history in shared memory', () => {
  it('is the same history, its columns over buffers that are shared', () => {
    const shared = shareHistory(history);
    expect(shareHistory(history)).toBe(shared);
    expect(shared.times.low.buffer).toBeInstanceOf(SharedArrayBuffer);
    const again = historyOf(structuredClone(shared));
    // What was cloned is over the same memory, not over a copy.
    expect(again.times.low.buffer.byteLength).toBe(shared.times.low.buffer.byteLength);
    expect(again.nPersons).toBe(history.nPersons);
    for (let row = 0; row < history.nEvents; row += 97) {
      expect(again.times.at(row)).toBe(history.times.at(row));
      expect(again.eventProperty(row, 'value')).toEqual(history.eventProperty(row, 'value'));
    }
    expect(replayWorkflow(again, cart).totals).toEqual(replayWorkflow(history, cart).totals);
  });
});

describe('a replay on a pool', () => {
  it.each([
    ['a workflow on the compiled path', cart],
    ['one with quiet hours and a cap', quiet],
  ])('of %s is that of one thread, whatever the number of threads', async (_, one) => {
    const { totals } = replayWorkflow(history, one);
    expect(totals.steps.reduce((sum, { sent }) => sum + sent, 0)).toBeGreaterThan(100);
    for (const workers of [1, 2, 8]) {
      const pooled = await replayOnWorkers(history, one, { workers });
      expect(JSON.stringify(pooled.totals), String(workers)).toBe(JSON.stringify(totals));
    }
  });

  it('counts secondary goals as one thread does, intervals and all', async () => {
    const counted = workflow('cart-recovery', (file) => {
      file['secondary'] = [
        { id: 'stays', metric: 'retention', within: '14d', of: 'all' },
        { id: 'later', metric: 'value', within: '7d', of: 'converted' },
      ];
    });
    const alone = secondaryFigures(history, counted, replayWorkflow(history, counted).enrollments, { seed: 3 });
    expect(alone[1]?.treated.n).toBeGreaterThan(20);
    expect(alone[1]?.treated.perPersonInterval).not.toBeNull();
    const { secondary } = await replayOnWorkers(history, counted, { workers: 2 });
    expect(secondary).toHaveLength(2);
    expect(figuresOfTallies(counted, mergeSecondary(secondary), { seed: 3 })).toEqual(alone);
    // In any order of the parts: shards come as the shell lists them.
    expect(figuresOfTallies(counted, mergeSecondary([...secondary].reverse()), { seed: 3 })).toEqual(alone);
  });

  it('of a programme too', async () => {
    const programme = [quiet, cart, winBack];
    const together = replayProgramme(history, programme, {});
    for (const workers of [2, 3]) {
      const pooled = await replayProgrammeOnWorkers(history, programme, { workers });
      expect(JSON.stringify(pooled.programme)).toBe(JSON.stringify(together.totals));
      expect(JSON.stringify(pooled.workflows)).toBe(JSON.stringify(together.workflows.map(({ totals }) => totals)));
    }
  });

  it('says how far it is, and ends when it is called off', async () => {
    const seen: number[] = [];
    await replayOnWorkers(history, quiet, { workers: 2, onProgress: (done, total) => seen.push(done / total) });
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.every((share) => share >= 0 && share <= 1)).toBe(true);
    const control = new AbortController();
    const called = replayOnWorkers(history, quiet, { workers: 2, signal: control.signal });
    control.abort();
    await expect(called).rejects.toMatchObject({ name: 'AbortError' });
    await expect(replayOnWorkers(history, quiet, { workers: 2, signal: control.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
  });

  it('passes on what a thread cannot do', async () => {
    const odd = { ...cart, trigger: { type: 'none' } } as unknown as Workflow;
    await expect(replayOnWorkers(history, odd, { workers: 2 })).rejects.toThrow();
    const nobody = workflow('cart-recovery', (file) => {
      file['audience'] = { is: 'segment', segment: 'nobody' };
    });
    await expect(replayOnWorkers(history, nobody, { workers: 2 })).rejects.toMatchObject({
      name: 'UserError',
      code: 'NOT_REPLAYABLE',
      message: expect.stringContaining('"nobody" is none of'),
    });
  });
});
