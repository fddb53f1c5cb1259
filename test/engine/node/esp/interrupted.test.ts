// An apply, killed at every call it makes, before the call has its effect and after; and with every call failing once.
// What stands at the vendor in the end is what one quiet run makes, and nothing is there twice.

import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { EspState, KlaviyoPlan } from '../../../../engine/esp/index.ts';
import { applyPlan, loadState, makePlan, verifyExport } from '../../../../engine/node/esp/index.ts';
import type { Workflow } from '../../../../engine/workflow/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench } from '../../../helpers/klaviyo.ts';
import type { KlaviyoAccount } from '../../../helpers/klaviyo-account.ts';
import { cartRecovery, contentOf, shop, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';
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
/** By default each call fails in one way, the next call in the next; with FORESEND_EVERY_FAULT=1 in every way. */
const rounds = process.env['FORESEND_EVERY_FAULT'] === '1' ? FAULTS.length : 1;

const first = workflowOf(cartRecovery());
const again = workflowOf(
  cartRecovery((file) => {
    const steps = file['sequence'] as WorkflowJson[];
    (file['trigger'] as WorkflowJson)['within'] = '2h';
    (steps[1] as WorkflowJson)['body'] = 'New words';
    steps.pop();
  }),
);

interface Run extends Bench {
  readonly statePath: string;
  apply(signal?: AbortSignal): Promise<unknown>;
}
interface Start {
  readonly account: KlaviyoAccount;
  readonly statePath: string;
  readonly plan: KlaviyoPlan;
}

const folder = temporaryFolder();
afterAll(folder.remove);
let nRuns = 0;
const newPath = () => join(folder.path, `${nRuns++}.json`);

async function start(before: Workflow | null, workflow: Workflow): Promise<Start> {
  const one = await bench({ account: shop() });
  const statePath = newPath();
  const client = one.client();
  if (before !== null) {
    const { plan } = await makePlan(client, before, statePath);
    await applyPlan(client, { plan, workflow: before, statePath });
  }
  const { plan } = await makePlan(client, workflow, statePath);
  await one.close();
  return { account: one.account, statePath, plan };
}

async function run(
  from: Start,
  workflow: Workflow,
  options: Partial<StandInOptions>,
  work: (one: Run) => Promise<void>,
) {
  const one = await bench({ ...options, account: from.account.clone() });
  const statePath = newPath();
  if (existsSync(from.statePath)) copyFileSync(from.statePath, statePath);
  try {
    const apply = (signal?: AbortSignal) => applyPlan(one.client({ signal }), { plan: from.plan, workflow, statePath });
    await work({ ...one, statePath, apply });
  } finally {
    await one.close();
  }
}

function stateWithoutTimes(path: string) {
  const { applies, ...rest } = loadState(path, 'klaviyo') as EspState;
  return { ...rest, applies: applies.map(({ plan, workflowHash }) => ({ plan, workflowHash })) };
}

describe.each([
  ['a first apply', null, first],
  ['an apply that makes the flow anew', first, again],
] as const)('%s', (_, before, workflow) => {
  const begun = start(before, workflow);
  const whole = begun.then(async (from) => {
    let result = { content: null as unknown, state: null as unknown, operations: [] as string[] };
    await run(from, workflow, {}, async (one) => {
      await one.apply();
      const operations = one.standIn.calls.map(({ operation }) => operation);
      result = { content: contentOf(one.account), state: stateWithoutTimes(one.statePath), operations };
    });
    return result;
  });

  it.each(['before', 'after'] as const)('killed at each call, %s its effect, and run again', async (when) => {
    const [from, expected] = [await begun, await whole];
    expect(expected.operations.length).toBeGreaterThan(15);
    for (const [k, operation] of expected.operations.entries()) {
      const aborter = new AbortController();
      const options: Partial<StandInOptions> = {
        onCall: (n, at) => {
          if (n === k && at === when) aborter.abort();
        },
        // What is killed before it had its effect never reaches the account.
        fault: (n) => (n === k && when === 'before' ? 'reset-before' : null),
      };
      await run(from, workflow, options, async (one) => {
        await expect(one.apply(aborter.signal)).rejects.toThrow(/abort/i);
        await one.apply();
        const place = `killed ${when} call ${k}, ${operation}`;
        expect(contentOf(one.account), place).toEqual(expected.content);
        expect(stateWithoutTimes(one.statePath), place).toEqual(expected.state);
        expect((await verifyExport(one.client(), workflow, one.statePath)).drift, place).toEqual([]);
      });
    }
  });

  it('with each call failing once: goes on by itself', async () => {
    const [from, expected] = [await begun, await whole];
    for (let round = 0; round < rounds; round++) {
      for (const [k, operation] of expected.operations.entries()) {
        const fault = FAULTS[(k + round) % FAULTS.length] as Fault;
        await run(from, workflow, { fault: (n) => (n === k ? fault : null) }, async (one) => {
          await one.apply();
          const place = `${fault} at call ${k}, ${operation}`;
          expect(contentOf(one.account), place).toEqual(expected.content);
          expect(stateWithoutTimes(one.statePath), place).toEqual(expected.state);
        });
      }
    }
  });

  it('with each writing call failing in each way: nothing is there twice', async () => {
    const [from, expected] = [await begun, await whole];
    for (const [k, operation] of expected.operations.entries()) {
      if (operation.startsWith('GET')) continue;
      for (const fault of FAULTS) {
        await run(from, workflow, { fault: (n) => (n === k ? fault : null) }, async (one) => {
          await one.apply();
          expect(contentOf(one.account), `${fault} at call ${k}, ${operation}`).toEqual(expected.content);
        });
      }
    }
  });

  it('killed at each writing call, and a new plan made instead of going on', async () => {
    const [from, expected] = [await begun, await whole];
    const namesIn = (content: unknown) => {
      const { flows, templates } = content as Record<'flows' | 'templates', readonly { name: string }[]>;
      return [...flows, ...templates].map(({ name }) => name).sort();
    };
    for (const [k, operation] of expected.operations.entries()) {
      if (operation.startsWith('GET')) continue;
      const aborter = new AbortController();
      const onCall: StandInOptions['onCall'] = (n, at) => {
        if (n === k && at === 'after') aborter.abort();
      };
      await run(from, workflow, { onCall }, async (one) => {
        await expect(one.apply(aborter.signal)).rejects.toThrow(/abort/i);
        const { plan } = await makePlan(one.client(), workflow, one.statePath);
        await applyPlan(one.client(), { plan, workflow, statePath: one.statePath });
        expect(namesIn(contentOf(one.account)), `call ${k}, ${operation}`).toEqual(namesIn(expected.content));
        expect((await verifyExport(one.client(), workflow, one.statePath)).drift).toEqual([]);
      });
    }
  });
});
