import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { murmur3Text } from '../../../../engine/base/index.ts';
import { type EspState, readState } from '../../../../engine/esp/index.ts';
import {
  adopt,
  applyPlan,
  destroy,
  loadPlan,
  loadState,
  makePlan,
  savePlan,
  setStatus,
  statePathOf,
  verifyExport,
} from '../../../../engine/node/esp/index.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { type Bench, bench } from '../../../helpers/klaviyo.ts';
import { cartRecovery, contentOf, shop, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';
import { TEST_KEY } from '../../../helpers/klaviyo-stand-in.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function started(
  options: Parameters<typeof bench>[0] = {},
): Promise<Bench & { statePath: string; folder: string }> {
  const one = await bench({ account: shop(), ...options });
  const folder = temporaryFolder();
  cleanUps.push(() => one.close(), folder.remove);
  return { ...one, folder: folder.path, statePath: join(folder.path, 'cart.klaviyo.json') };
}

const first = workflowOf(cartRecovery());
const edit = (change: (steps: WorkflowJson[], file: WorkflowJson) => void) =>
  workflowOf(cartRecovery((file) => change(file['sequence'] as WorkflowJson[], file)));

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const { issues } = error as { issues?: readonly { at: string; message: string }[] };
  return [error.message, ...(issues ?? []).map(({ at, message }) => `${at}: ${message}`)].join('\n');
}

async function applied(one: Awaited<ReturnType<typeof started>>, workflow = first) {
  const client = one.client();
  const { plan } = await makePlan(client, workflow, one.statePath);
  return applyPlan(client, { plan, workflow, statePath: one.statePath });
}

describe('a first apply', () => {
  it('makes templates and a flow of drafts, writes the arms first, and leaves nothing to do', async () => {
    const one = await started();
    const report = await applied(one);
    const writes = one.standIn.writes.map(({ operation }) => operation);
    expect(writes).toEqual([
      'POST /api/templates',
      'POST /api/templates',
      'POST /api/templates',
      'POST /api/profile-bulk-import-jobs',
      'POST /api/flows',
    ]);
    expect(report.drift).toEqual([]);
    expect(report.assigned).toMatchObject({ people: 7, kept: 0 });
    expect(one.account.flows.map(({ status }) => status)).toEqual(['draft']);
    expect(JSON.stringify(one.account.flows[0])).not.toContain('"live"');
    for (const { properties } of one.account.profiles) {
      expect(properties).toMatchObject({ foresend_cart_recovery_salt: 'cart-recovery-1' });
      expect(['treated', 'holdout']).toContain(properties['foresend_cart_recovery_arm']);
    }
    const state = loadState(one.statePath, 'klaviyo') as EspState;
    expect(state.applying).toBeNull();
    expect(state.applies).toHaveLength(1);
    expect(state.objects['flow']?.id).toBe(one.account.flows[0]?.id);
    expect((await verifyExport(one.client(), first, one.statePath)).drift).toEqual([]);
    const { plan } = await makePlan(one.client(), first, one.statePath);
    expect(plan.actions.flatMap(({ requests }) => requests)).toEqual([]);
  });

  it('with a vendor that copies templates into the flow: the same', async () => {
    const one = await started();
    one.account.copiesTemplates = true;
    expect((await applied(one)).drift).toEqual([]);
    const { plan } = await makePlan(one.client(), first, one.statePath);
    expect(plan.actions.flatMap(({ requests }) => requests)).toEqual([]);
  });

  it('keeps within the limits of every operation', async () => {
    const few = { perSecond: 1, perMinute: 15 };
    const one = await started({
      limits: { 'GET /api/accounts': few, 'POST /api/flows': few, 'GET /api/flows': { perSecond: 3, perMinute: 60 } },
    });
    await applied(one);
    expect(one.standIn.calls.filter(({ status }) => status === 429)).toEqual([]);
  });

  it('writes the key nowhere', async () => {
    const one = await started();
    const client = one.client();
    const { plan } = await makePlan(client, first, one.statePath);
    savePlan(join(one.folder, 'plan.json'), {
      plan,
      workflowPath: join(one.folder, 'cart.json'),
      statePath: one.statePath,
    });
    await applyPlan(client, { plan, workflow: first, statePath: one.statePath });
    expect(readdirSync(one.folder).sort()).toEqual(['cart.klaviyo.json', 'plan.json']);
    for (const file of readdirSync(one.folder))
      expect(readFileSync(join(one.folder, file), 'utf8')).not.toContain(TEST_KEY);
  });
});

describe('arms of known people', () => {
  it('are kept, whoever wrote them, under the same salt only', async () => {
    const one = await started();
    const [a, b] = one.account.profiles;
    Object.assign(a?.properties ?? {}, {
      foresend_cart_recovery_arm: 'holdout',
      foresend_cart_recovery_salt: 'cart-recovery-1',
    });
    Object.assign(b?.properties ?? {}, {
      foresend_cart_recovery_arm: 'nonsense',
      foresend_cart_recovery_salt: 'cart-recovery-1',
    });
    expect((await applied(one)).assigned).toMatchObject({ people: 7, kept: 1 });
    expect(a?.properties['foresend_cart_recovery_arm']).toBe('holdout');
    expect(b?.properties['foresend_cart_recovery_arm']).not.toBe('nonsense');
  });

  it('are written for thousands in a few calls', async () => {
    const one = await started({ account: shop(1203) });
    expect((await applied(one)).assigned).toMatchObject({ people: 1203 });
    expect(one.standIn.count('POST /api/profile-bulk-import-jobs')).toBe(2);
    const held = one.account.profiles.filter(
      ({ properties }) => properties['foresend_cart_recovery_arm'] === 'holdout',
    );
    expect(held.length / 1203).toBeCloseTo(0.15, 1);
  });

  it('follow the hash when another share is held out, but for those the flow has drawn', async () => {
    const one = await started({ account: shop(60) });
    await applied(one);
    const armsNow = () => one.account.profiles.map(({ properties }) => properties['foresend_cart_recovery_arm']);
    const before = armsNow();
    await applied(
      one,
      edit((_, file) => {
        (file['holdout'] as WorkflowJson)['fraction'] = 0.5;
      }),
    );
    const after = armsNow();
    expect(after.filter((arm) => arm === 'holdout').length).toBeGreaterThan(20);
    // A larger share only adds people.
    for (const [i, arm] of before.entries()) if (arm === 'holdout') expect(after[i]).toBe('holdout');
  });

  it('that cannot be written stop the apply before the flow', async () => {
    const one = await started();
    one.account.importProfiles = () => {
      one.account.jobs.push({ id: 'J1', looks: 0, total: 7, failed: 2 });
      return 'J1';
    };
    expect(await failure(applied(one))).toContain('could not write the arm of 2 of 7 people, so the flow is not made');
    expect(one.account.flows).toEqual([]);
  });
});

describe('a holdout of everything', () => {
  const held = (fraction: number) =>
    workflowOf(cartRecovery((file) => void (file['globalHoldout'] = { fraction, salt: 'all-1' })));
  const marked = (one: Bench) =>
    one.account.profiles
      .filter(({ properties }) => properties['foresend_global_all_1'] === 'holdout')
      .map(({ id }) => id);
  /** By its definition, not by the code under test. */
  const hashed = (one: Bench, fraction: number) =>
    one.account.profiles.filter(({ id }) => murmur3Text(`all-1\u001f${id}`) / 2 ** 32 < fraction).map(({ id }) => id);

  it('has a line in the plan, exact words for what is done by hand, and its mark in the profiles', async () => {
    const one = await started({ account: shop(60) });
    const { plan } = await makePlan(one.client(), held(0.4), one.statePath);
    expect(plan.actions.find(({ key }) => key === 'property:global')).toMatchObject({
      verb: 'change',
      name: 'foresend_global_all_1',
      remark: '40% held out of everything, salt all-1',
      why: expect.stringContaining('people met later are not held out of everything'),
    });
    expect(plan.byHand.find(({ key }) => key === 'global')?.value).toBe('foresend_global_all_1 equals holdout');
    await applyPlan(one.client(), { plan, workflow: held(0.4), statePath: one.statePath });
    expect(marked(one)).toEqual(hashed(one, 0.4));
    const again = (await makePlan(one.client(), held(0.4), one.statePath)).plan;
    expect(again.actions.find(({ key }) => key === 'property:global')?.verb).toBe('leave');
  });

  it('grows and shrinks with its share, where nothing else changes', async () => {
    const one = await started({ account: shop(60) });
    for (const fraction of [0.4, 0.7, 0.2]) {
      const { plan } = await makePlan(one.client(), held(fraction), one.statePath);
      await applyPlan(one.client(), { plan, workflow: held(fraction), statePath: one.statePath });
      expect(marked(one)).toEqual(hashed(one, fraction));
      expect(one.account.flows).toHaveLength(1);
    }
  });
});

describe('a later apply', () => {
  it('changes one wait by one call and nothing else', async () => {
    const one = await started();
    await applied(one);
    const before = one.standIn.writes.length;
    const later = edit((steps) => {
      (steps[0] as WorkflowJson)['delay'] = '2h';
      (steps[1] as WorkflowJson)['delay'] = '25h';
      (steps[2] as WorkflowJson)['delay'] = '73h';
    });
    expect((await verifyExport(one.client(), later, one.statePath)).drift).toMatchObject([
      { what: 'Wait before "reminder"', wanted: '2 h', found: '1 h' },
    ]);
    const report = await applied(one, later);
    expect(report.drift).toEqual([]);
    const operations = one.standIn.writes.slice(before).map(({ operation }) => operation);
    expect(operations.filter((operation) => !operation.includes('profile'))).toEqual(['PATCH /api/flow-actions/{id}']);
  });

  it('makes a flow anew where its trigger changes, with one flow left', async () => {
    const one = await started();
    await applied(one);
    const report = await applied(
      one,
      edit((_, file) => ((file['trigger'] as WorkflowJson)['within'] = '2h')),
    );
    expect(report.drift).toEqual([]);
    expect(one.account.flows).toHaveLength(1);
  });

  it('leaves a live flow alone and makes a draft beside it', async () => {
    const one = await started();
    await applied(one);
    expect(await setStatus(one.client(), first, one.statePath, 'live')).toMatchObject({
      before: 'draft',
      after: 'live',
    });
    const live = structuredClone(one.account.flows[0]);
    await applied(
      one,
      edit((steps) => ((steps[0] as WorkflowJson)['subject'] = 'Other words')),
    );
    expect(one.account.flows.map(({ status }) => status)).toEqual(['live', 'draft']);
    expect(one.account.flows[0]).toEqual(live);
  });
});

describe('a plan', () => {
  it('is saved and read back as it was, with the places of its files', async () => {
    const one = await started();
    const { plan } = await makePlan(one.client(), first, one.statePath);
    const path = join(one.folder, 'plan.json');
    savePlan(path, { plan, workflowPath: join(one.folder, 'cart.json'), statePath: one.statePath });
    expect(loadPlan(path)).toEqual({ plan, workflowPath: join(one.folder, 'cart.json'), statePath: one.statePath });
    expect(JSON.parse(readFileSync(path, 'utf8')).files).toEqual({ workflow: 'cart.json', state: 'cart.klaviyo.json' });
  });

  it.each([
    ['{', 'is not valid JSON'],
    ['{}', 'is no plan'],
    ['{"plan":"klaviyo","actions":[],"files":{}}', 'is no plan that can be applied'],
  ])('that is none is refused: %s', async (text, words) => {
    const one = await started();
    const path = join(one.folder, 'plan.json');
    writeFileSync(path, text);
    expect(() => loadPlan(path)).toThrow(words);
  });

  it('is refused once the account, the state, the workflow or the plan itself has changed, and nothing is written', async () => {
    const one = await started();
    await applied(one);
    const other = edit((steps) => ((steps[0] as WorkflowJson)['subject'] = 'Other words'));
    const client = one.client();
    const { plan } = await makePlan(client, other, one.statePath);
    const before = contentOf(one.account);
    const apply = (more: Partial<Parameters<typeof applyPlan>[1]> = {}) =>
      failure(applyPlan(client, { plan, workflow: other, statePath: one.statePath, ...more }));
    const unchanged = () => expect(contentOf(one.account)).toEqual(before);

    expect(await apply({ workflow: first })).toContain('The workflow has changed since the plan was made');
    expect(await apply({ plan: { ...plan, summary: 'Nothing much.' } })).toContain('changed by hand');
    expect(await apply({ statePath: join(one.folder, 'none.json') })).toContain('The state file has changed');
    unchanged();

    const [flow] = one.account.flows;
    const subject = flow?.definition.actions.find((action: { type: string }) => action.type === 'send-email').data
      .message;
    subject.subject_line = 'A person was here';
    expect(await apply()).toContain('Something in Klaviyo has changed');
    expect((await verifyExport(client, first, one.statePath)).drift).toMatchObject([{ found: 'A person was here' }]);
  });

  it('is held against what a history has, and means the same without one', async () => {
    const one = await started();
    const scope = (event: string[], person: string[]) => {
      const fills = (names: string[]) => names.map((name) => ({ name, fill: 1 }));
      return { hasEvent: true, event: fills(event), person: fills(person) };
    };
    const make = (of: ReturnType<typeof scope>) => makePlan(one.client(), first, one.statePath, of);
    expect((await make(scope(['item'], []))).plan.hash).toBe(
      (await makePlan(one.client(), first, one.statePath)).plan.hash,
    );
    expect(await failure(make(scope([], ['item'])))).toContain('write "event." or "person." before it');
    expect((await make(scope(['price'], []))).warnings.join(' ')).toContain('item');
  });

  it('made for another account is refused', async () => {
    const one = await started();
    const { plan } = await makePlan(one.client(), first, one.statePath);
    const two = await started({ account: shop(3, 'ACC2') });
    expect(await failure(applyPlan(two.client(), { plan, workflow: first, statePath: one.statePath }))).toContain(
      'made for the account ACC1; this key belongs to ACC2',
    );
    expect(two.standIn.writes).toEqual([]);
    await applied(one);
    expect(await failure(makePlan(two.client(), first, one.statePath))).toContain('made with the account ACC1');
  });

  it.each([
    [
      'an unknown metric',
      (one: Bench) => void (one.account.metrics = one.account.metrics.filter(({ name }) => name !== 'Purchased')),
      first,
      'no metric "Purchased"',
    ],
    [
      'a deleted template',
      () => {},
      edit((steps) => ((steps[0] as WorkflowJson)['template'] = { klaviyo: 'GONE01' })),
      'no template "GONE01"',
    ],
    [
      'a list of another account, by its id',
      () => {},
      edit((_, file) => void (file['audience'] = { is: 'segment', segment: 'LISTofB' })),
      'no segment or list "LISTofB"',
    ],
    [
      'a fraction it cannot draw',
      () => {},
      edit((_, file) => ((file['holdout'] as WorkflowJson)['fraction'] = 0.155)),
      'The nearest is 0.16',
    ],
    [
      'two flows of one name',
      (one: Bench) => {
        for (let i = 0; i < 2; i++) {
          const name = 'Cart abandonment recovery [foresend:cart-recovery flow]';
          one.account.flows.push({
            id: `X${i}`,
            name,
            status: 'draft',
            archived: false,
            definition: { triggers: [{ type: 'metric', id: 'M00001' }], actions: [], entry_action_id: null },
          });
        }
      },
      first,
      'Klaviyo has 2 objects named',
    ],
  ])('is refused before anything is written: %s', async (_, prepare, workflow, words) => {
    const one = await started();
    prepare(one);
    expect(await failure(makePlan(one.client(), workflow, one.statePath))).toContain(words);
    expect(one.standIn.writes).toEqual([]);
    expect(existsSync(one.statePath)).toBe(false);
  });

  it('needs rights, and says which', async () => {
    const one = await started({
      rights: ['accounts:read', 'metrics:read', 'segments:read', 'lists:read', 'flows:read', 'templates:read'],
    });
    const { plan } = await makePlan(one.client(), first, one.statePath);
    expect(await failure(applyPlan(one.client(), { plan, workflow: first, statePath: one.statePath }))).toContain(
      'needs the right templates:write',
    );
  });
});

describe('the state file', () => {
  it('that was lost is made again from the marker, and nothing is doubled', async () => {
    const one = await started();
    await applied(one);
    const before = contentOf(one.account);
    writeFileSync(one.statePath, '');
    expect(await failure(makePlan(one.client(), first, one.statePath))).toContain('is not valid JSON');
    const fresh = join(one.folder, 'fresh.json');
    const { plan } = await makePlan(one.client(), first, fresh);
    const report = await applyPlan(one.client(), { plan, workflow: first, statePath: fresh });
    expect(contentOf(one.account)).toEqual(before);
    expect(Object.keys(report.objects).sort()).toEqual([
      'flow',
      'template:incentive',
      'template:reminder',
      'template:social-proof',
    ]);
    expect((await verifyExport(one.client(), first, fresh)).drift).toEqual([]);
  });

  it('is worked with by one at a time; the lock of a process that is gone is taken over', async () => {
    const one = await started();
    const { plan } = await makePlan(one.client(), first, one.statePath);
    const apply = () => applyPlan(one.client(), { plan, workflow: first, statePath: one.statePath });
    writeFileSync(`${one.statePath}.lock`, String(process.pid));
    expect(await failure(apply())).toContain('Another Foresend is working');
    writeFileSync(`${one.statePath}.lock`, '999999999');
    await apply();
    expect(existsSync(`${one.statePath}.lock`)).toBe(false);
  });

  it('stands beside the workflow', () => {
    expect(statePathOf('flows/cart.json', 'klaviyo')).toBe(join('flows', 'cart.klaviyo.json'));
  });

  it('of another service is refused', async () => {
    const one = await started();
    await applied(one);
    expect(() => loadState(one.statePath, 'mailchimp')).toThrow('is the state of klaviyo');
  });
});

describe('adopt', () => {
  it('binds by the marker, by the name and by an id, and changes nothing there', async () => {
    const one = await started();
    await applied(one);
    const writes = one.standIn.writes.length;
    const other = join(one.folder, 'other.json');
    expect(await adopt(one.client(), first, other, null)).toMatchObject({
      bound: [{ by: 'marker' }, { by: 'marker' }, { by: 'marker' }, { key: 'flow', by: 'marker' }],
      missing: [],
    });
    const [flow] = one.account.flows;
    if (flow === undefined) throw new Error('there is a flow');
    flow.name = 'Cart abandonment recovery';
    expect((await adopt(one.client(), first, join(one.folder, 'third.json'), null)).bound).toContainEqual({
      key: 'flow',
      id: flow.id,
      name: flow.name,
      by: 'name',
      isEqual: true,
    });
    flow.name = 'Something else';
    expect((await adopt(one.client(), first, join(one.folder, 'fourth.json'), null)).missing).toEqual(['flow']);
    expect((await adopt(one.client(), first, join(one.folder, 'fifth.json'), flow.id)).bound).toContainEqual({
      key: 'flow',
      id: flow.id,
      name: flow.name,
      by: 'id',
      isEqual: true,
    });
    expect(await failure(adopt(one.client(), first, join(one.folder, 'sixth.json'), 'NONE'))).toContain(
      'has no flow "NONE"',
    );
    expect(one.standIn.writes).toHaveLength(writes);
    const state = readState(JSON.parse(readFileSync(other, 'utf8'))).state as EspState;
    expect(state.objects['flow']?.id).toBe(flow.id);
  });

  it('leaves an equal flow that is live alone, and changes in words what differs', async () => {
    const one = await started();
    await applied(one);
    const [flow] = one.account.flows;
    if (flow === undefined) throw new Error('there is a flow');
    flow.status = 'live';
    const path = join(one.folder, 'again.json');
    expect((await adopt(one.client(), first, path, null)).bound.every(({ isEqual }) => isEqual)).toBe(true);
    const parts = async () =>
      (await makePlan(one.client(), first, path)).plan.actions.filter(
        ({ type }) => type === 'flow' || type === 'template',
      );
    expect((await parts()).map(({ verb }) => verb)).toEqual(['leave', 'leave', 'leave', 'leave']);
    flow.status = 'draft';
    flow.definition.actions.find(({ type }: { type: string }) => type === 'time-delay').data.value = 90;
    const other = join(one.folder, 'other.json');
    await adopt(one.client(), first, other, null);
    const { plan } = await makePlan(one.client(), first, other);
    expect(plan.actions.find(({ key }) => key === 'flow')).toMatchObject({
      verb: 'change',
      changes: [{ before: expect.stringContaining('90'), after: expect.any(String) }],
    });
  });

  it('refuses a name that exists twice', async () => {
    const one = await started();
    for (let i = 0; i < 2; i++) {
      one.account.flows.push({
        id: `X${i}`,
        name: 'Cart abandonment recovery',
        status: 'draft',
        archived: false,
        definition: { triggers: [{ type: 'metric', id: 'M00001' }], actions: [], entry_action_id: null },
      });
    }
    expect(await failure(adopt(one.client(), first, one.statePath, null))).toContain('(X0, X1); say which with --flow');
  });
});

describe('destroy', () => {
  it('removes what we created and nothing else', async () => {
    const one = await started();
    const before = contentOf(shop());
    await applied(one);
    const dry = await destroy(one.client(), first, one.statePath, true);
    expect(one.account.flows).toHaveLength(1);
    expect(dry.removed.map(({ key }) => key)).toEqual([
      'flow',
      'template:incentive',
      'template:reminder',
      'template:social-proof',
    ]);
    await destroy(one.client(), first, one.statePath, false);
    for (const profile of one.account.profiles) profile.properties = {};
    expect(contentOf(one.account)).toEqual(before);
    expect(loadState(one.statePath, 'klaviyo')?.objects).toEqual({});
    expect((await destroy(one.client(), first, one.statePath, false)).removed).toEqual([]);
  });

  it('leaves what was bound by its name, and refuses a flow that is live', async () => {
    const one = await started();
    await applied(one);
    await setStatus(one.client(), first, one.statePath, 'live');
    expect(await failure(destroy(one.client(), first, one.statePath, false))).toContain('is live');
    const [flow] = one.account.flows;
    if (flow === undefined) throw new Error('there is a flow');
    flow.status = 'draft';
    flow.name = 'Mine now';
    const { left } = await destroy(one.client(), first, one.statePath, false);
    expect(left).toMatchObject([{ key: 'flow' }]);
    expect(one.account.flows).toHaveLength(1);
    expect(one.account.templates.map(({ name }) => name)).toEqual(['Newsletter']);
  });
});

describe('going live', () => {
  it('is refused while Klaviyo holds something else than the workflow', async () => {
    const one = await started();
    await applied(one);
    const later = edit((steps) => ((steps[0] as WorkflowJson)['subject'] = 'Other words'));
    expect(await failure(setStatus(one.client(), later, one.statePath, 'live'))).toContain('is not set live');
    expect(one.account.flows[0]?.status).toBe('draft');
    expect(await failure(setStatus(one.client(), first, join(one.folder, 'none.json'), 'live'))).toContain(
      'names no flow',
    );
  });
});
