// How somebody in a hurry could hurt the people they write to by Klaviyo, where a flow is made and decisions are told as
// events: each way is tried, and either prevented or said. The stand-in counts.

import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../engine/base/index.ts';
import type { Delivery } from '../../../../engine/esp/index.ts';
import {
  applyPlan,
  type DeliverySources,
  deliverAll,
  klaviyoCourier,
  loadExported,
  makePlan,
  Outbox,
  placesOf,
  refuseAlone,
  savePlan,
  setStatus,
  statePathOf,
  withLock,
} from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench, START } from '../../../helpers/klaviyo.ts';
import { cartRecovery, contentOf, shop, type WorkflowJson } from '../../../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const ANN = 'ann@example.com';

/** A workflow that was applied, in a folder of its own. */
async function applied(file: WorkflowJson = cartRecovery()) {
  const one: Bench = await bench({ account: shop() });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  const path = join(folder.path, 'cart.json');
  writeFileSync(path, JSON.stringify(file));
  const { workflow } = loadExported(path);
  const statePath = statePathOf(path, 'klaviyo');
  const { plan } = await makePlan(one.client(), workflow, statePath);
  await applyPlan(one.client(), { plan, workflow, statePath });
  const place = placesOf(path, [workflow], 'klaviyo')[workflow.id] as DeliverySources;
  const outboxPath = join(folder.path, 'cart.decide.jsonl.klaviyo');
  const tell = (due: readonly Delivery[], from: Bench = one, at = outboxPath) => {
    const outbox = new Outbox(at, 'klaviyo');
    outbox.add(due);
    return deliverAll(klaviyoCourier(from.client()), outbox, { [workflow.id]: place }, { maxAgeMs: 24 * HOUR_MS });
  };
  return { ...one, one, folder: folder.path, path, workflow, statePath, plan, outboxPath, tell };
}

function send(more: Partial<Delivery> = {}): Delivery {
  const time = START - HOUR_MS;
  return {
    id: `${more.step ?? 'reminder'} ${more.time ?? time}`,
    person: ANN,
    email: ANN,
    workflow: 'cart-recovery',
    time,
    kind: 'send',
    step: 'reminder',
    event: 'Foresend cart-recovery: reminder',
    values: {},
    properties: {},
    isEarly: false,
    ...more,
  };
}

describe('at Klaviyo', () => {
  it('applies one plan twice, or makes a second from a copy of the file: one flow', async () => {
    const shop = await applied();
    const { account, client, workflow, statePath, plan, folder, path } = shop;
    const before = contentOf(account);
    await expect(applyPlan(client(), { plan, workflow, statePath })).rejects.toThrow(/can no longer be applied/);
    // The copy has no state of its own; what it made is known by its mark.
    const copy = join(folder, 'copy.json');
    copyFileSync(path, copy);
    const again = await makePlan(client(), loadExported(copy).workflow, statePathOf(copy, 'klaviyo'));
    expect(new Set(again.plan.actions.map(({ verb }) => verb))).not.toContain('create');
    expect(contentOf(account)).toEqual(before);
    expect(account.flows).toHaveLength(1);
  });

  it('copies a workflow under another id: a flow of its own, and the first stays as it was', async () => {
    const { account, client, folder } = await applied();
    const [flow] = structuredClone(account.flows);
    const copy = join(folder, 'other.json');
    writeFileSync(copy, JSON.stringify(cartRecovery((file) => Object.assign(file, { id: 'cart-recovery-two' }))));
    const { workflow } = loadExported(copy);
    const statePath = statePathOf(copy, 'klaviyo');
    const { plan } = await makePlan(client(), workflow, statePath);
    await applyPlan(client(), { plan, workflow, statePath });
    expect(account.flows).toHaveLength(2);
    expect(account.flows[0]).toEqual(flow);
    expect(account.flows.map(({ status }) => status)).toEqual(['draft', 'draft']);
  });

  it('changes an email of a flow that is live: people get the old one until somebody switches', async () => {
    const { account, client, path, statePath, workflow } = await applied();
    await setStatus(client(), workflow, statePath, 'live');
    const live = structuredClone(account.flows[0]);
    const words = cartRecovery((file) =>
      Object.assign((file['sequence'] as WorkflowJson[])[0] as WorkflowJson, { subject: 'Half price, all of it' }),
    );
    writeFileSync(path, JSON.stringify(words));
    const { workflow: later } = loadExported(path);
    const { plan } = await makePlan(client(), later, statePath);
    await applyPlan(client(), { plan, workflow: later, statePath });
    expect(account.flows[0]).toEqual(live);
    expect(account.flows.map(({ status }) => status)).toEqual(['live', 'draft']);
  });

  it('edits the workflow and sets it live without pushing it: refused', async () => {
    const { account, client, path, statePath } = await applied();
    writeFileSync(
      path,
      JSON.stringify(cartRecovery((file) => Object.assign(file, { holdout: { fraction: 0.4, salt: 'x' } }))),
    );
    await expect(setStatus(client(), loadExported(path).workflow, statePath, 'live')).rejects.toThrow(
      /is not set live/,
    );
    expect(account.flows[0]?.status).toBe('draft');
  });

  it('runs twice with the same rows, from a backup of the state, or two runs at once: one event', async () => {
    const { account, tell, folder, outboxPath } = await applied();
    await tell([send()]);
    await tell([send()]);
    // An outbox that was lost, or restored from before: Klaviyo takes an event of one id once.
    await tell([send()], undefined, join(folder, 'restored'));
    expect(account.told).toHaveLength(1);
    await withLock(outboxPath, async () => {
      await expect(withLock(outboxPath, async () => tell([send()]))).rejects.toThrow(/another/i);
    });
  });

  it('gives the outbox of another service, or the key of another account: nothing is told, and what is due stays', async () => {
    const { account, tell, folder, outboxPath } = await applied();
    const foreign = join(folder, 'foreign');
    new Outbox(foreign, 'mailchimp').add([send()]);
    expect(() => tell([send()], undefined, foreign)).toThrow(/is of mailchimp/);
    const other = await bench({ account: shop(7, 'ACC2') });
    cleanUps.push(() => other.close());
    await expect(tell([send()], other)).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' });
    expect([account.told, other.account.told]).toEqual([[], []]);
    expect(new Outbox(outboxPath, 'klaviyo').pending).toHaveLength(1);
    await tell([]);
    expect(account.told).toHaveLength(1);
  });

  it('feeds a year of rows at once, or tells of who has bought meanwhile: let go, and named', async () => {
    const { account, tell } = await applied();
    const left = send({ kind: 'leave', step: null, id: 'left', isEarly: true, time: START - 1, person: 'bob' });
    const done = await tell([
      send({ time: START - 300 * 24 * HOUR_MS }),
      send(),
      send({ person: 'bob', id: 'b' }),
      left,
    ]);
    expect(done.map(({ why }) => why)).toEqual(['it was decided too long ago', null, 'they have left since', null]);
    expect(account.told.filter(({ metric }) => /reminder$/.test(metric.data.attributes.name))).toHaveLength(1);
  });

  it('tells of people: nobody is subscribed, put on a list or given consent', async () => {
    const { standIn, tell } = await applied();
    const before = standIn.calls.length;
    await tell([send(), send({ person: 'p7', email: null, id: 'p7' })]);
    const made = standIn.calls.slice(before).map(({ operation }) => operation);
    expect(made.filter((operation) => /subscri|list|consent|suppress/i.test(operation))).toEqual([]);
    expect(made.filter((operation) => operation.startsWith('POST'))).toHaveLength(2);
  });

  it('decides a workflow without the programme that holds people out: refused, or they are held out', async () => {
    const { folder, path } = await applied();
    const programme = {
      foresend: 1,
      programme: 'all',
      workflows: ['cart.json'],
      globalHoldout: { fraction: 0.5, salt: 'everything' },
    };
    writeFileSync(join(folder, 'all.json'), JSON.stringify(programme));
    expect(() => refuseAlone(path)).toThrow(/all\.json names .*cart\.json and holds people out of everything/);
    expect(loadExported(path).workflow.globalHoldout).toEqual(programme.globalHoldout);
  });

  it('leaves the key where it can be read: plan, state and outbox have none', async () => {
    const { folder, tell, plan, path, statePath } = await applied();
    await tell([send()]);
    savePlan(join(folder, 'plan.json'), { plan, workflowPath: path, statePath });
    const files = readdirSync(folder).filter((name) => name.endsWith('json') || name.includes('decide'));
    expect(files.length).toBeGreaterThan(3);
    for (const name of files) expect(readFileSync(join(folder, name), 'utf8'), name).not.toContain(TEST_KEY);
  });
});
