// A test at Klaviyo read back by the window: the same arms and outcomes as the account holds, as a file the Holdout
// screen reads.

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WindowBackend } from '../../../../engine/node/api/window-backend.ts';
import { applyPlan, makePlan, statePathOf } from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench, START } from '../../../helpers/klaviyo.ts';
import { cartRecovery, shop, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const DAY = 86_400_000;
/** Early, so that the first email tells of a beginning before everybody's cart. */
const EMAIL_AFTER = 1.5 * 3_600_000;
const folder = temporaryFolder();
const workflowPath = join(folder.path, 'cart.json');
const exports = join(folder.path, 'exports');
const file = cartRecovery((more) => Object.assign(more['holdout'] as WorkflowJson, { fraction: 0.5 }));
let klaviyo: Bench;
let backend: WindowBackend;

beforeAll(async () => {
  klaviyo = await bench({ account: shop(60) });
  writeFileSync(workflowPath, JSON.stringify(file));
  backend = new WindowBackend({
    workspace: join(folder.path, 'a.foresend'),
    exports,
    workflowPath,
    klaviyo: (options) => klaviyo.client(options),
  });
});
afterAll(async () => {
  backend.close();
  await klaviyo.close();
  folder.remove();
});

it('is refused without a flow there, and leaves no file', async () => {
  await backend.espKey({ target: 'klaviyo', key: TEST_KEY });
  await expect(backend.espFetchTest({ target: 'klaviyo' })).rejects.toMatchObject({ code: 'NO_FLOW' });
  expect(existsSync(exports) ? readdirSync(exports) : []).toEqual([]);
});

it('is a file with the arms and outcomes that the account holds', async () => {
  const workflow = workflowOf(file);
  const statePath = statePathOf(workflowPath, 'klaviyo');
  const { plan } = await makePlan(klaviyo.client(), workflow, statePath);
  await applyPlan(klaviyo.client(), { plan, workflow, statePath });
  const { account, clock } = klaviyo;
  const [cart, bought, received] = account.metrics.map(({ id }) => id) as [string, string, string];
  const flow = account.flows[0]?.id as string;
  const at = (ms: number) => new Date(ms).toISOString();
  const counts = { treated: { n: 0, x: 0 }, holdout: { n: 0, x: 0 } };
  for (const [i, { id, properties }] of account.profiles.entries()) {
    const arm = properties['foresend_cart_recovery_arm'] as 'treated' | 'holdout';
    const anchor = START + DAY + i * 60_000;
    account.addEvent(cart, id, at(anchor), { $value: 40 });
    if (arm === 'treated') account.addEvent(received, id, at(anchor + EMAIL_AFTER), { $flow: flow });
    counts[arm].n++;
    if (i % 3 === 0) {
      account.addEvent(bought, id, at(anchor + DAY), { $value: 55 });
      counts[arm].x++;
    }
  }
  clock.time = START + 20 * DAY;
  const found = await backend.espFetchTest({ target: 'klaviyo' });
  expect([found.name, found.people, found.incomplete]).toEqual(['cart-test.csv', 60, 0]);
  const look = await backend.holdoutLook({ file: found.file });
  expect([look.name, look.rows]).toEqual(['cart-test.csv', 60]);
  const columns = { arm: 'arm', control: 'holdout', outcomes: ['outcome'], ratio: null };
  const none = { value: null, before: null, per: null, plan: null };
  const { analysis } = await backend.holdoutAnalyze({ file: found.file, ...columns, ...none });
  const [arm] = analysis.arms;
  expect([arm?.treated.n, arm?.treated.x, arm?.control.n, arm?.control.x]).toEqual([
    counts.treated.n,
    counts.treated.x,
    counts.holdout.n,
    counts.holdout.x,
  ]);
});
