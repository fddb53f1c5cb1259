import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyPlan, type FetchReport, fetchHoldout, makePlan } from '../../../../engine/node/esp/index.ts';
import { foresendJson, temporaryFolder } from '../../../helpers/cli.ts';
import { bench, START } from '../../../helpers/klaviyo.ts';
import { cartRecovery, shop, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const halved = workflowOf(
  cartRecovery((file) => {
    (file['holdout'] as WorkflowJson)['fraction'] = 0.5;
  }),
);

/** 400 people leave a cart on the second day; half of the held out buy a day later, and most of the treated. */
async function running(workflow = halved, nPeople = 400) {
  const one = await bench({ account: shop(nPeople) });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  const statePath = join(folder.path, 'cart.klaviyo.json');
  const { plan } = await makePlan(one.client(), workflow, statePath);
  await applyPlan(one.client(), { plan, workflow, statePath });
  const [cart, bought, received] = one.account.metrics.map(({ id }) => id) as [string, string, string];
  const flow = one.account.flows[0]?.id as string;
  const at = (ms: number) => new Date(ms).toISOString();
  const armOf = (i: number) => one.account.profiles[i]?.properties['foresend_cart_recovery_arm'];
  for (const [i, { id }] of one.account.profiles.entries()) {
    const anchor = START + DAY + i * 60_000;
    one.account.addEvent(cart, id, at(anchor), { $value: 40 });
    if (armOf(i) === 'treated') one.account.addEvent(received, id, at(anchor + 2 * HOUR), { $flow: flow });
    if (i % 4 < (armOf(i) === 'treated' ? 3 : 2))
      one.account.addEvent(bought, id, at(anchor + DAY), { $value: 55.5, revenue: 55.5 });
  }
  one.clock.time = START + 20 * DAY;
  const fetch = (more: Partial<Parameters<typeof fetchHoldout>[1]> = {}) =>
    fetchHoldout(one.client(), {
      workflow,
      statePath,
      out: join(folder.path, 'test.csv'),
      from: null,
      lookbackMs: 30 * DAY,
      ...more,
    });
  return {
    ...one,
    folder: folder.path,
    statePath,
    fetch,
    armOf,
    at,
    cart,
    bought,
    received,
    flow,
    salt: workflow.holdout.salt,
  };
}

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  return error.message;
}

function ratioOf({ analysis }: FetchReport): number {
  return (analysis?.arms[0]?.srm as { p?: number } | undefined)?.p ?? Number.NaN;
}

describe('a running test read back', () => {
  it('has first eligibility, arm and outcome of each person, and feeds holdout analyze', async () => {
    const one = await running();
    const writes = one.standIn.writes.length;
    const report = await one.fetch({ from: START });
    const n = one.account.profiles.length;
    const heldOut = one.account.profiles.filter((_, i) => one.armOf(i) === 'holdout').length;
    expect(report).toMatchObject({ eligible: n, incomplete: 0, withoutArm: 0, crossovers: 0, resumed: false });
    expect(report.notes).toEqual([
      `Emails of the flow, to ${n - heldOut} people, are told by "$flow" among its properties (${n - heldOut}).`,
    ]);
    expect([report.arms.holdout.n, report.arms.treated.n]).toEqual([heldOut, n - heldOut]);
    expect(report.arms.treated.emailed).toBe(n - heldOut);
    expect(report.arms.holdout.converted / heldOut).toBeCloseTo(0.5, 1);
    expect(one.standIn.writes).toHaveLength(writes);
    const [head, first] = readFileSync(report.file, 'utf8').split('\n');
    expect(head).toBe('person,arm,eligible_at,outcome,value,emails');
    // Sixty minutes after the cart.
    expect(first).toMatch(/^P00001,(treated|holdout),2026-06-02T13:00:00\.000Z,1,55\.5,[01]$/);
    const words = report.command.split(' ').slice(1);
    const analysis = await foresendJson(words);
    expect(analysis.arms[0].treated).toMatchObject({ n: report.arms.treated.n, x: report.arms.treated.converted });
    expect(analysis.arms[0].srm.p).toBeCloseTo(ratioOf(report), 9);
    expect(analysis.arms[0].srm.p).toBeGreaterThan(0.001);
  });

  it('counts crossovers, people without an arm, and goal windows that are not over', async () => {
    const one = await running();
    const held = one.account.profiles.findIndex((_, i) => one.armOf(i) === 'holdout');
    one.account.addEvent(one.received, one.account.profiles[held]?.id as string, one.at(START + DAY + 5 * HOUR), {
      $flow: one.flow,
    });
    const other = one.account.profiles.findIndex((_, i) => i !== held && one.armOf(i) === 'holdout');
    (one.account.profiles[other] as { properties: object }).properties = {};
    const late = one.account.addProfile({ properties: { ...one.account.profiles[held]?.properties } });
    one.account.addEvent(one.cart, late, one.at(one.clock.time - 2 * DAY), { $value: 40 });
    const report = await one.fetch({ from: START });
    expect(report).toMatchObject({ crossovers: 1, withoutArm: 1, incomplete: 1 });
    expect(report.notes.join(' ')).toContain('1 of');
    expect(report.notes.join(' ')).toContain('carry no arm at Klaviyo');
    expect(readFileSync(report.file, 'utf8')).not.toContain(late);
  });

  it('withholds the verdict where the sizes do not fit the split', async () => {
    const one = await running();
    for (const { properties } of one.account.profiles.slice(0, 150))
      properties['foresend_cart_recovery_arm'] = 'treated';
    expect(ratioOf(await one.fetch({ from: START }))).toBeLessThan(0.001);
  });

  it('begins, where nothing else is said, after the first person who got an email became eligible', async () => {
    const one = await running();
    const first = one.account.profiles.findIndex((_, i) => one.armOf(i) === 'treated');
    const report = await one.fetch();
    expect(report.from).toBe(START + DAY + first * 60_000 + HOUR + 1);
    expect(report.eligible).toBe(400 - first - 1);
  });

  it('begins where it is told to, and a second eligibility is none', async () => {
    const one = await running();
    one.account.addEvent(one.cart, 'P00001', one.at(START + 10 * DAY), { $value: 40 });
    expect((await one.fetch({ from: START })).eligible).toBe(400);
    const later = await one.fetch({ from: START + 9 * DAY });
    expect([later.eligible, later.analysis]).toEqual([1, null]);
    expect(later.reason).toContain('There is nobody');
  });
});

describe('emails of the flow', () => {
  it.each(['attribution', '$flow', '$message', 'attribution of the message'])('are told by their %s', async (place) => {
    const one = await running();
    const action = one.account.flows[0]?.definition.actions.find(({ type }: { type: string }) => type === 'send-email');
    const message = action.data.message.id as string;
    for (const event of one.account.events) {
      if (event.metric !== one.received) continue;
      event.properties = place === '$flow' ? { $flow: one.flow } : place === '$message' ? { $message: message } : {};
      if (place.startsWith('attribution')) event.flow = one.flow;
    }
    // An email of something else.
    one.account.addEvent(one.received, 'P00001', one.at(START + 2 * DAY), { $flow: 'OTHER', $message: 'OTHER' });
    const report = await one.fetch({ from: START });
    const treated = one.account.profiles.filter((_, i) => one.armOf(i) === 'treated').length;
    const told = { attribution: 0, $flow: 0, $message: 0, [place.split(' ')[0] as string]: treated };
    expect(report.emailsToldBy).toEqual(told);
    expect(report.arms.treated.emailed).toBe(treated);
  });

  it('that do not say whose they are count for nothing: no table is made', async () => {
    const one = await running();
    for (const event of one.account.events) if (event.metric === one.received) event.properties = { Subject: 'Cart' };
    expect(await failure(one.fetch({ from: START }))).toContain('none says which flow it belongs to');
    expect(existsSync(join(one.folder, 'test.csv'))).toBe(false);
    // Nothing stale is left: what happens later is read.
    for (const event of one.account.events) if (event.metric === one.received) event.properties = { $flow: one.flow };
    expect((await one.fetch({ from: START })).resumed).toBe(false);
  });
});

describe('people the flow drew itself', () => {
  it('are in the table by the time of their trigger, with the arm the flow gave them, and as held out of everything only where marked', async () => {
    const file = cartRecovery((json) => {
      (json['holdout'] as WorkflowJson)['fraction'] = 0.5;
      json['globalHoldout'] = { fraction: 0.5, salt: 'everything-1' };
    });
    const one = await running(workflowOf(file));
    const known = one.account.profiles.filter(
      ({ properties }) => properties['foresend_global_everything_1'] === undefined,
    );
    expect(known.length).toBeLessThan(280);
    const drawn = Array.from({ length: 40 }, (_, i) => {
      const arm = i % 2 === 0 ? 'holdout' : 'treated';
      const id = one.account.addProfile({
        properties: { foresend_cart_recovery_arm: arm, foresend_cart_recovery_salt: one.salt },
      });
      one.account.addEvent(one.cart, id, one.at(START + 3 * DAY + i * 60_000), { $value: 40 });
      if (arm === 'treated')
        one.account.addEvent(one.received, id, one.at(START + 3 * DAY + 3 * HOUR), { $flow: one.flow });
      return { id, arm, time: new Date(START + 3 * DAY + i * 60_000 + HOUR).toISOString() };
    });
    const report = await one.fetch({ from: START });
    expect(report.eligible).toBe(known.length + 40);
    const rows = readFileSync(report.file, 'utf8')
      .split('\n')
      .map((row) => row.split(','));
    for (const { id, arm, time } of drawn) {
      expect(rows.find(([person]) => person === id)?.slice(0, 3)).toEqual([id, arm, time]);
    }
    expect(report.notes.join(' ')).toContain('the arm they carry counts');
  });
});

describe('a reading that was interrupted', () => {
  it('at any call goes on, asks for no page twice, and makes the table of a quiet one', async () => {
    const one = await running(halved, 120);
    const calls = one.standIn.calls.length;
    const quiet = readFileSync((await one.fetch({ from: START })).file, 'utf8');
    const n = one.standIn.calls.length - calls;
    expect(existsSync(join(one.folder, 'test.csv.reading'))).toBe(false);
    for (let stop = 0; stop < n; stop++) {
      let seen = 0;
      rmSync(join(one.folder, 'test.csv'), { force: true });
      one.standIn.options = { ...one.standIn.options, fault: () => (seen++ >= stop ? 'reset-before' : null) };
      expect(await failure(one.fetch({ from: START }))).toContain('did not answer');
      expect(existsSync(join(one.folder, 'test.csv'))).toBe(false);
      const before = one.standIn.calls.length;
      one.standIn.options = { ...one.standIn.options, fault: () => null };
      const report = await one.fetch({ from: START });
      expect(readFileSync(report.file, 'utf8')).toBe(quiet);
      const again = one.standIn.calls.slice(before).filter(({ path }) => /events|profiles/.test(path)).length;
      const total = one.standIn.calls.slice(calls, calls + n).filter(({ path }) => /events|profiles/.test(path)).length;
      const head = n - total;
      expect(again).toBe(Math.min(total, n - stop));
      expect(report.resumed).toBe(stop >= head);
    }
  });
});

describe('is refused', () => {
  it('before the flow has sent, without a flow, without a holdout', async () => {
    const one = await running();
    one.account.events = one.account.events.filter(({ metric }) => metric !== one.received);
    expect(await failure(one.fetch())).toContain('has sent no email yet');
    expect(await failure(one.fetch({ statePath: join(one.folder, 'none.json') }))).toContain('names no flow');
    const without = workflowOf(cartRecovery((file) => delete file['holdout']));
    expect(await failure(one.fetch({ workflow: without }))).toContain('holds nobody out');
  });
});
