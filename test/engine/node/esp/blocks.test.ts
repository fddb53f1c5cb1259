// Building blocks at Mailchimp and ActiveCampaign: pushed once, found again, changed where they differ, kept where a
// person finished them, removed where they are ours. Every call is judged by the vendors' own descriptions.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { UserError } from '../../../../engine/base/index.ts';
import {
  adoptBlocks,
  applyBlockPlan,
  destroyBlocks,
  loadPlan,
  loadState,
  makeBlockPlan,
  savePlan,
  verifyBlocks,
} from '../../../../engine/node/esp/index.ts';
import { openActiveCampaign, openMailchimp } from '../../../../engine/node/esp/open-service.ts';
import type { Workflow } from '../../../../engine/workflow/index.ts';
import { AC_EVENT_KEY, AC_KEY, ActiveCampaignAccount } from '../../../helpers/activecampaign.ts';
import { type Account, type BlockBench, blockBench, cartTexts } from '../../../helpers/blocks.ts';
import type { WorkflowJson } from '../../../helpers/klaviyo-shop.ts';
import { MAILCHIMP_KEY, MailchimpAccount } from '../../../helpers/mailchimp.ts';

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function started<A extends Account>(account: A): Promise<BlockBench<A>> {
  const one = await blockBench(account);
  cleanUps.push(() => one.close());
  return one;
}

async function applied(one: BlockBench, workflow: Workflow = cart) {
  const place = one.place(workflow);
  const { plan } = await makeBlockPlan(place);
  return applyBlockPlan(place, plan);
}

const left = async (one: BlockBench, workflow: Workflow = cart) =>
  (await makeBlockPlan(one.place(workflow))).plan.actions.flatMap(({ requests }) => requests);

async function failure(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('it did not fail');
  const { issues = [] } = error as UserError;
  return [error.message, ...issues.map(({ at, message }) => `${at}: ${message}`)].join('\n');
}

const cart = cartTexts();
const firstStep = (file: WorkflowJson) => (file['sequence'] as [WorkflowJson])[0];
const subject = (text: string) =>
  cartTexts((file) => {
    firstStep(file)['subject'] = text;
  });
const body = (text: string) =>
  cartTexts((file) => {
    firstStep(file)['body'] = text;
  });

/** Names with their marker, by kind. */
function namesIn(account: Account): Record<string, string[]> {
  if (account instanceof MailchimpAccount) {
    const { fields, segments } = account.audience;
    return {
      field: fields.map(({ name }) => name),
      tag: segments.filter(({ type }) => type === 'static').map(({ name }) => name),
      segment: segments.filter(({ type }) => type === 'saved').map(({ name }) => name),
      text: account.templates.map(({ name }) => name),
    };
  }
  return {
    field: account.fields.map(({ title }) => title),
    tag: account.tags.map(({ tag }) => tag),
    segment: account.segments.map(({ attributes }) => attributes.name),
    text: account.messages.map(({ name }) => name),
    event: [...account.events],
  };
}

const SERVICES: readonly [string, () => Account, string][] = [
  ['Mailchimp', () => new MailchimpAccount(), 'template'],
  ['ActiveCampaign', () => new ActiveCampaignAccount(), 'message'],
];

describe.each(SERVICES)('at %s', (service, make, text) => {
  it('makes what the workflow needs, and then has nothing to do', async () => {
    const one = await started(make());
    const report = await applied(one);
    expect(report.drift).toEqual([]);
    const names = namesIn(one.account);
    expect(names['field']).toHaveLength(4);
    expect(names['tag']).toEqual(['In Cart abandonment recovery [foresend:cart-recovery tag:in]']);
    expect(names['segment']).toHaveLength(1);
    expect(names['text']).toEqual(
      ['reminder', 'social-proof', 'incentive'].map(
        (step) => `Cart abandonment recovery: ${step} [foresend:cart-recovery ${text}:${step}]`,
      ),
    );
    expect(await left(one)).toEqual([]);
    expect((await verifyBlocks(one.place(cart))).drift).toEqual([]);
    expect(loadState(one.statePath, one.service().maker.target)?.applying).toBeNull();
  });

  it('finds everything again without its state file, and doubles nothing', async () => {
    const one = await started(make());
    await applied(one);
    const before = namesIn(one.account);
    rmSync(one.statePath);
    await applied(one);
    expect(namesIn(one.account)).toEqual(before);
    expect(await left(one)).toEqual([]);
  });

  it('changes what the workflow changes, and that alone', async () => {
    const one = await started(make());
    await applied(one);
    const { plan } = await makeBlockPlan(one.place(body('Your cart waits.')));
    const changed = plan.actions.filter(({ verb }) => verb !== 'leave' && verb !== 'by hand');
    // The greeting's field is needed no more, the item's is, by the second email's text or subject.
    expect(changed.map(({ verb, key }) => `${verb} ${key}`)).toEqual([
      `change ${text}:reminder`,
      expect.stringMatching(/^remove field:person_first_name_[0-9a-f]{4}$/),
    ]);
    await applyBlockPlan(one.place(body('Your cart waits.')), plan);
    expect(await left(one, body('Your cart waits.'))).toEqual([]);
    expect(namesIn(one.account)['field']).toHaveLength(3);
  });

  it('refuses a plan once the account or the workflow is another', async () => {
    const one = await started(make());
    const { plan } = await makeBlockPlan(one.place(cart));
    expect(await failure(applyBlockPlan(one.place(subject('Other')), plan))).toContain('The workflow has changed');
    await applied(one);
    expect(await failure(applyBlockPlan(one.place(cart), plan))).toContain('make a new plan');
  });

  it('makes anew what was deleted there, and says so', async () => {
    const one = await started(make());
    await applied(one);
    if (one.account instanceof MailchimpAccount) one.account.templates.splice(0, 1);
    else one.account.messages.splice(0, 1);
    const { drift } = await verifyBlocks(one.place(cart));
    expect(drift.map(({ key, found }) => [key, found])).toEqual([[`${text}:reminder`, 'no']]);
    const { plan } = await makeBlockPlan(one.place(cart));
    expect(plan.actions.find(({ key }) => key === `${text}:reminder`)?.why).toBe(`It was deleted in ${service}.`);
    await applyBlockPlan(one.place(cart), plan);
    expect(await left(one)).toEqual([]);
  });

  it('points what used a deleted object at the new one', async () => {
    const one = await started(make());
    await applied(one);
    const tags = one.account instanceof MailchimpAccount ? one.account.audience.segments : one.account.tags;
    tags.splice(0, 1);
    const { plan } = await makeBlockPlan(one.place(cart));
    const changed = plan.actions.filter(({ verb }) => verb !== 'leave' && verb !== 'by hand');
    expect(changed.map(({ verb, key }) => `${verb} ${key}`)).toEqual([
      'create tag:in',
      `${service === 'Mailchimp' ? 'recreate' : 'change'} segment:in`,
    ]);
    expect((await applyBlockPlan(one.place(cart), plan)).drift).toEqual([]);
    expect(await left(one)).toEqual([]);
    const [tag, condition] =
      one.account instanceof MailchimpAccount
        ? [
            one.account.audience.segments.find(({ type }) => type === 'static')?.id,
            one.account.audience.segments.find(({ type }) => type === 'saved')?.options.conditions[0].value,
          ]
        : [one.account.tags[0].id, one.account.segments[0].attributes.segment_conditions[0].fields[0].value];
    expect(condition).toBe(tag);
  });

  it('keeps what a person made of a text that was left to them, and notices it elsewhere', async () => {
    const one = await started(make());
    await applied(one);
    const edit = (step: string) => {
      if (one.account instanceof MailchimpAccount) one.account.editTemplate(new RegExp(`:${step}\\]`), '<p>Ours</p>');
      else
        Object.assign(
          one.account.messages.find(({ name }) => name.includes(`:${step}]`)),
          { html: '<p>Ours</p>' },
        );
    };
    // "incentive" has no text in the file, so it is finished there; "reminder" has one.
    edit('incentive');
    expect(await left(one)).toEqual([]);
    edit('reminder');
    expect((await verifyBlocks(one.place(cart))).drift.map(({ key, what }) => [key, what])).toEqual([
      [`${text}:reminder`, 'Text'],
    ]);
  });

  it('binds to what bears a marker or a name, and changes nothing', async () => {
    const one = await started(make());
    await applied(one);
    rmSync(one.statePath);
    if (one.account instanceof MailchimpAccount)
      Object.assign(one.account.templates[0] ?? {}, { name: 'Cart abandonment recovery: reminder' });
    else one.account.messages[0].name = 'Cart abandonment recovery: reminder';
    const before = one.standIn.writes.length;
    const { bound, missing } = await adoptBlocks(one.place(cart));
    expect(one.standIn.writes).toHaveLength(before);
    expect(missing).toEqual([]);
    expect(bound.find(({ key }) => key === `${text}:reminder`)?.by).toBe('name');
    expect(bound.find(({ key }) => key === 'tag:in')?.by).toBe('marker');
    // What was bound by its name is somebody else's: it stays.
    const { removed, left: kept } = await destroyBlocks(one.place(cart), false);
    expect(kept.map(({ key }) => key)).toEqual([`${text}:reminder`]);
    expect(removed.length).toBeGreaterThan(5);
    expect(namesIn(one.account)).toEqual({
      field: [],
      tag: [],
      segment: [],
      text: ['Cart abandonment recovery: reminder'],
      ...(service === 'ActiveCampaign' ? { event: [] } : {}),
    });
  });

  it('removes nothing of another workflow', async () => {
    const one = await started(make());
    const other = cartTexts((file) => Object.assign(file, { id: 'other-one', name: 'Other' }));
    const otherState = join(one.folder, 'other.json');
    const place = { ...one.place(other), statePath: otherState };
    await applyBlockPlan(place, (await makeBlockPlan(place)).plan);
    const before = namesIn(one.account);
    await applied(one);
    await destroyBlocks(one.place(cart), false);
    expect(namesIn(one.account)).toEqual(before);
  });

  it('refuses two objects of one name that nothing tells apart', async () => {
    const one = await started(make());
    await applied(one);
    rmSync(one.statePath);
    if (one.account instanceof MailchimpAccount)
      one.account.templates.push({ ...(one.account.templates[0] as (typeof one.account.templates)[number]), id: 999 });
    else one.account.messages.push({ ...one.account.messages[0], id: '999' });
    expect(await failure(makeBlockPlan(one.place(cart)))).toContain('remove all but one');
  });

  it('writes its keys nowhere, and a saved plan is applied as it was read', async () => {
    const one = await started(make());
    const place = one.place(cart);
    const { plan } = await makeBlockPlan(place);
    const path = join(one.folder, 'plan.json');
    savePlan(path, { plan, workflowPath: join(one.folder, 'cart.json'), statePath: one.statePath });
    await applyBlockPlan(place, loadPlan(path).plan);
    expect(readdirSync(one.folder).sort()).toEqual(['cart.state.json', 'plan.json']);
    for (const file of readdirSync(one.folder)) {
      const written = readFileSync(join(one.folder, file), 'utf8');
      for (const key of [MAILCHIMP_KEY, AC_KEY, AC_EVENT_KEY]) expect(written).not.toContain(key);
    }
  });

  it('waits out being asked to wait, and a bare 403 of a service that is asked too fast', async () => {
    const one = await started(make());
    one.standIn.fault = (n) => (n === 2 ? 'too-many' : n === 5 ? 'bare-403' : n === 9 ? 'error-before' : null);
    expect((await applied(one)).drift).toEqual([]);
    expect(one.clock.sleeps).toContain(7000);
  });

  it('ends at a key that is not taken, with the vendor named and the key not', async () => {
    const one = await started(make());
    const open = one.account instanceof MailchimpAccount ? openMailchimp : openActiveCampaign;
    const key = 'wrongkeywrongkey-us1';
    const service = open(
      { baseUrl: one.standIn.url, clock: one.clock },
      { MAILCHIMP_API_KEY: key, ACTIVECAMPAIGN_API_KEY: key },
    );
    const said = await failure(service.read(null));
    await service.close();
    expect(said).toMatch(/does not take the key in (MAILCHIMP|ACTIVECAMPAIGN)_API_KEY/);
    expect(said).not.toContain(key);
  });
});

describe.each(SERVICES)('an apply at %s', (_, make) => {
  it('that is interrupted at any change, before or after its effect, goes on and doubles nothing', async () => {
    const quiet = await started(make());
    const quietPlan = (await makeBlockPlan(quiet.place(cart))).plan;
    const before = quiet.standIn.calls.length;
    await applyBlockPlan(quiet.place(cart), quietPlan);
    const changes = quiet.standIn.calls
      .slice(before)
      .flatMap(({ operation }, i) => (operation.startsWith('GET') ? [] : [i]));
    expect(changes.length).toBeGreaterThan(5);
    const wanted = namesIn(quiet.account);
    for (const fault of ['reset-after', 'reset-before', 'error-after'] as const) {
      for (const at of changes.filter((_at, i) => fault === 'reset-after' || i % 4 === 1)) {
        const one = await blockBench(make());
        const { plan } = await makeBlockPlan(one.place(cart));
        const offset = one.standIn.calls.length;
        const controller = new AbortController();
        // The call that is hit, and whatever the process would have sent after it, never happens.
        one.standIn.fault = (n) => {
          if (n < offset + at) return null;
          if (n === offset + at) {
            setImmediate(() => controller.abort());
            return fault;
          }
          return 'reset-before';
        };
        const interrupted = await applyBlockPlan(one.place(cart, controller.signal), plan).then(
          () => false,
          () => true,
        );
        one.standIn.fault = () => null;
        if (interrupted) {
          const again = await applyBlockPlan(one.place(cart), plan).catch((error: UserError) => error.code);
          // Hit before anything was begun, the plan is as good as new; only a changed account makes it stale.
          if (again === 'STALE_PLAN') await applied(one);
        }
        expect([fault, at, namesIn(one.account)]).toEqual([fault, at, wanted]);
        expect([fault, at, await left(one)]).toEqual([fault, at, []]);
        await one.close();
      }
    }
  }, 120_000);
});

describe('Mailchimp alone', () => {
  it('asks which audience where there are several, and then remembers', async () => {
    const one = await started(new MailchimpAccount(['News', 'Shop', 'Shop']));
    expect(await failure(makeBlockPlan(one.place(cart)))).toMatch(/several audiences.*--audience.*"News" \(aud0\)/);
    const service = (audience: string) =>
      openMailchimp({ baseUrl: one.standIn.url, clock: one.clock, audience }, { MAILCHIMP_API_KEY: MAILCHIMP_KEY });
    const named = { ...one.place(cart), service: service('News') };
    await applyBlockPlan(named, (await makeBlockPlan(named)).plan);
    expect(await left(one)).toEqual([]);
    const twice = service('Shop');
    expect(await failure(twice.read(null))).toContain('by its id');
    const none = service('Nobody');
    expect(await failure(none.read(null))).toContain('no audience "Nobody"');
    await Promise.all([named.service.close(), twice.close(), none.close()]);
  });

  it('reads every page', async () => {
    const account = new MailchimpAccount();
    for (let i = 0; i < 2300; i++)
      account.templates.push({ id: 5000 + i, name: `T${i}`, html: '', date_edited: '2026-01-01', type: 'user' });
    const one = await started(account);
    await applied(one);
    rmSync(one.statePath);
    expect((await makeBlockPlan(one.place(cart))).plan.actions.filter(({ verb }) => verb === 'create')).toEqual([]);
  });
});

describe('ActiveCampaign alone', () => {
  it('switches events on, makes their names known, and puts fields on every list', async () => {
    const one = await started(new ActiveCampaignAccount());
    await applied(one);
    expect(one.account.tracking).toBe(true);
    expect(one.account.events).toEqual([
      'fs_cart_recovery__reminder',
      'fs_cart_recovery__social_proof',
      'fs_cart_recovery__incentive',
    ]);
    for (const name of one.account.events) expect(name.length).toBeLessThanOrEqual(30);
    expect(one.account.relations).toHaveLength(4);
    expect(one.account.relations.every(({ relid }) => relid === 0)).toBe(true);
  });

  it('is asked five times a second at most, whatever it is asked', async () => {
    const one = await started(new ActiveCampaignAccount());
    const times: number[] = [];
    one.standIn.onCall = () => times.push(one.clock.now());
    await applied(one);
    expect(times.length).toBeGreaterThan(30);
    for (const [i, time] of times.entries()) {
      const sixth = times[i + 5];
      if (sixth !== undefined) expect(sixth - time).toBeGreaterThanOrEqual(1000);
    }
  });

  it('takes lists that come as objects', async () => {
    const account = new ActiveCampaignAccount();
    account.listsAsObjects = true;
    const one = await started(account);
    await applied(one);
    expect(await left(one)).toEqual([]);
  });

  it('ticks the automations of the sheet that are there and on', async () => {
    const one = await started(new ActiveCampaignAccount());
    await applied(one);
    const name = (step: string) => `Cart abandonment recovery: ${step} [foresend:cart-recovery automation:${step}]`;
    one.account.automations.push({ id: '1', name: name('reminder'), status: '1' });
    one.account.automations.push({ id: '2', name: name('social-proof'), status: '2' });
    const { sheet } = await verifyBlocks(one.place(cart));
    expect(sheet.steps.filter(({ key }) => /^(blocks|automation|try)/.test(key)).map(({ isDone }) => isDone)).toEqual([
      true,
      true,
      false,
      false,
      null,
    ]);
  });

  it('says an event was refused, though the answer is 200, and not with which key', async () => {
    const one = await started(new ActiveCampaignAccount());
    const service = openActiveCampaign(
      { baseUrl: one.standIn.url, clock: one.clock },
      { ACTIVECAMPAIGN_API_KEY: AC_KEY, ACTIVECAMPAIGN_EVENT_KEY: 'oops1234', ACTIVECAMPAIGN_ACTID: '1' },
    );
    const said = await failure(service.track('a@example.com', 'fs_x', ''));
    await service.close();
    expect(said).toContain('Authentication failed for [key]');
    expect(await failure(service.track('a@example.com', 'x'.repeat(33), ''))).toContain('at most 32');
  });
});
