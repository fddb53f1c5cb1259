// What is at Klaviyo now, replayed beside what a plan would make of it: read back from the account, not remembered.

import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { buildHistory } from '../../../../engine/events/index.ts';
import { applyPlan, bothRuns, makePlan } from '../../../../engine/node/esp/index.ts';
import { synthCart } from '../../../../engine/synth/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { bench } from '../../../helpers/klaviyo.ts';
import { cartRecovery, shop, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function started() {
  const one = await bench({ account: shop() });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  return { ...one, statePath: join(folder.path, 'cart.klaviyo.json') };
}

const told = synthCart({ seed: 7, persons: 600 });
const history = buildHistory(told.events, told.changes);
const withWindow = (within: string, change: (file: WorkflowJson) => void = () => {}) =>
  workflowOf(
    cartRecovery((file) => {
      (file['trigger'] as WorkflowJson)['within'] = within;
      change(file);
    }),
  );

describe('the flow that is there now', () => {
  it('is none before a first apply, and then sends what was applied, whatever is planned', async () => {
    const one = await started();
    const old = withWindow('30m');
    const first = await makePlan(one.client(), old, one.statePath);
    expect(first.standing).toBeNull();
    expect(bothRuns(history, old, first.standing)?.now).toBeNull();
    await applyPlan(one.client(), { plan: first.plan, workflow: old, statePath: one.statePath });

    const next = withWindow('2h', (file) => {
      (file['sequence'] as WorkflowJson[]).pop();
    });
    const { standing } = await makePlan(one.client(), next, one.statePath);
    expect(standing).toMatchObject({ status: 'draft', reason: null });
    const was = bothRuns(history, old);
    const both = bothRuns(history, next, standing);
    expect(was?.vendor.emails).toBeGreaterThan(100);
    expect(both?.now?.figures).toEqual(was?.vendor);
    expect(both?.vendor).not.toEqual(was?.vendor);
  });

  it('is what somebody made of it there, and says why where it has no words here', async () => {
    const one = await started();
    const workflow = withWindow('60m');
    const { plan } = await makePlan(one.client(), workflow, one.statePath);
    await applyPlan(one.client(), { plan, workflow, statePath: one.statePath });
    const [flow] = one.account.flows;
    if (flow === undefined) throw new Error('the account has no flow');
    const wait = flow.definition.actions.find((action: { type: string }) => action.type === 'time-delay');
    wait.data = { ...wait.data, unit: 'hours', value: 5 };
    const edited = await makePlan(one.client(), workflow, one.statePath);
    const both = bothRuns(history, workflow, edited.standing);
    expect(both?.now?.figures?.emails).toBeLessThan(both?.vendor.emails as number);

    flow.definition.triggers = [
      { type: 'price-drop', trigger_filter: null, price_drop_amount_value: 5, audience: ['viewed'] },
    ];
    const odd = await makePlan(one.client(), workflow, one.statePath);
    const now = bothRuns(history, workflow, odd.standing)?.now;
    expect(now?.figures).toBeNull();
    expect(now?.reason).toMatch(/price-drop/);
  });
});
