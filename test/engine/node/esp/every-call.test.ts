// Binding and removal, stopped at every call they make, before and after its effect, and with every call failing in
// every way that passes. In the end stands what one quiet run leaves, and nothing is doubled or forgotten.

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { adopt, applyPlan, destroy, loadState, makePlan } from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench } from '../../../helpers/klaviyo.ts';
import { cartRecovery, contentOf, shop, workflowOf } from '../../../helpers/klaviyo-shop.ts';
import type { Fault, StandInOptions } from '../../../helpers/klaviyo-stand-in.ts';

const FAULTS: readonly Fault[] = [
  'reset-before',
  'reset-after',
  'error-before',
  'error-after',
  'truncated',
  'too-many',
  'too-many-until',
  'gibberish',
];
const workflow = workflowOf(cartRecovery());
const folder = temporaryFolder();
afterAll(folder.remove);
let nPaths = 0;
const newPath = () => join(folder.path, `${nPaths++}.json`);

const start = (async () => {
  const one = await bench({ account: shop() });
  const statePath = newPath();
  const { plan } = await makePlan(one.client(), workflow, statePath);
  await applyPlan(one.client(), { plan, workflow, statePath });
  await one.close();
  return { account: one.account, statePath };
})();

type Work = (one: Bench, statePath: string, signal?: AbortSignal) => Promise<unknown>;

async function run(
  options: Partial<StandInOptions>,
  hasState: boolean,
  work: (one: Bench, path: string) => Promise<void>,
) {
  const { account, statePath } = await start;
  const one = await bench({ ...options, account: account.clone() });
  const path = newPath();
  if (hasState) copyFileSync(statePath, path);
  try {
    await work(one, path);
  } finally {
    await one.close();
  }
}

describe.each<[string, boolean, Work]>([
  ['adopt', false, (one, path, signal) => adopt(one.client({ signal }), workflow, path, null)],
  ['destroy', true, (one, path, signal) => destroy(one.client({ signal }), workflow, path, false)],
])('%s', (_, hasState, work) => {
  async function quiet() {
    let found = { content: null as unknown, state: null as unknown, operations: [] as string[] };
    await run({}, hasState, async (one, path) => {
      await work(one, path);
      const operations = one.standIn.calls.map(({ operation }) => operation);
      found = { content: contentOf(one.account), state: loadState(path, 'klaviyo'), operations };
    });
    return found;
  }

  it.each(['before', 'after'] as const)('stopped at each call, %s its effect, and run again', async (when) => {
    const expected = await quiet();
    expect(expected.operations.length).toBeGreaterThan(8);
    for (const [k, operation] of expected.operations.entries()) {
      const aborter = new AbortController();
      const options: Partial<StandInOptions> = {
        onCall: (n, at) => {
          if (n === k && at === when) aborter.abort();
        },
        fault: (n) => (n === k && when === 'before' ? 'reset-before' : null),
      };
      await run(options, hasState, async (one, path) => {
        await expect(work(one, path, aborter.signal)).rejects.toThrow(/abort/i);
        await work(one, path);
        const place = `stopped ${when} call ${k}, ${operation}`;
        expect(contentOf(one.account), place).toEqual(expected.content);
        expect(loadState(path, 'klaviyo'), place).toEqual(expected.state);
      });
    }
  });

  it('with each call failing once in each way: goes on by itself', async () => {
    const expected = await quiet();
    for (const [k, operation] of expected.operations.entries()) {
      for (const fault of FAULTS) {
        await run({ fault: (n) => (n === k ? fault : null) }, hasState, async (one, path) => {
          await work(one, path);
          const place = `${fault} at call ${k}, ${operation}`;
          expect(contentOf(one.account), place).toEqual(expected.content);
          expect(loadState(path, 'klaviyo'), place).toEqual(expected.state);
        });
      }
    }
  });
});
