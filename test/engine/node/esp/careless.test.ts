// How somebody in a hurry could hurt the people they write to: each way is tried at each service, and either prevented or
// said. The stand-ins count what was told.

import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../../engine/base/index.ts';
import {
  type Delivery,
  deliveriesOf,
  eventNameOf,
  eventNamesOf,
  type PersonRows,
} from '../../../../engine/esp/index.ts';
import { assignArm } from '../../../../engine/holdout/index.ts';
import {
  activeCampaignCourier,
  applyBlockPlan,
  type Courier,
  type DeliverySources,
  deliverAll,
  loadExported,
  mailchimpCourier,
  makeBlockPlan,
  Outbox,
  placesOf,
  refuseAlone,
  statePathOf,
  withLock,
} from '../../../../engine/node/esp/index.ts';
import { openActiveCampaign, openMailchimp } from '../../../../engine/node/esp/open-service.ts';
import type { Decision } from '../../../../engine/replay/index.ts';
import { ActiveCampaignAccount } from '../../../helpers/activecampaign.ts';
import { type Account, type BlockBench, blockBench, ENVIRONMENT } from '../../../helpers/blocks.ts';
import { START } from '../../../helpers/klaviyo.ts';
import { cartRecovery, type WorkflowJson, workflowOf } from '../../../helpers/klaviyo-shop.ts';
import { MailchimpAccount } from '../../../helpers/mailchimp.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const SERVICES: readonly [string, () => Account][] = [
  ['Mailchimp', () => new MailchimpAccount()],
  ['ActiveCampaign', () => new ActiveCampaignAccount()],
];
const ANN = 'ann@example.com';
const HOLDS = { fraction: 0.5, salt: 'everything' };

interface Shop {
  readonly bench: BlockBench;
  readonly target: 'mailchimp' | 'activecampaign';
  readonly path: string;
  readonly place: DeliverySources;
  readonly outboxPath: string;
  add(email: string, status: 'in' | 'out'): void;
  told(email: string): string[];
  courier(): Courier;
  tell(due: readonly Delivery[], courier?: Courier): ReturnType<typeof deliverAll>;
}

function courierAt(bench: BlockBench): Courier {
  const options = { baseUrl: bench.standIn.url, clock: bench.clock, random: () => 0 };
  const courier =
    bench.account instanceof MailchimpAccount
      ? mailchimpCourier(openMailchimp(options, ENVIRONMENT))
      : activeCampaignCourier(openActiveCampaign(options, ENVIRONMENT));
  cleanUps.push(() => courier.close());
  return courier;
}

/** A workflow that was pushed, in a folder of its own. */
async function shop(make: () => Account, file: WorkflowJson = cartRecovery()): Promise<Shop> {
  const account = make();
  const bench = await blockBench<Account>(account);
  cleanUps.push(() => bench.close());
  const target = account instanceof MailchimpAccount ? ('mailchimp' as const) : ('activecampaign' as const);
  const path = join(bench.folder, 'cart.json');
  writeFileSync(path, JSON.stringify(file));
  const { workflow } = loadExported(path);
  const block = { ...bench.place(workflow), statePath: statePathOf(path, target) };
  await applyBlockPlan(block, (await makeBlockPlan(block)).plan);
  const place = placesOf(path, [workflow], target)[workflow.id] as DeliverySources;
  const outboxPath = join(bench.folder, 'cart.decide.jsonl.x');
  return {
    bench,
    target,
    path,
    place,
    outboxPath,
    add(email, status) {
      if (account instanceof MailchimpAccount)
        account.addMember(email, status === 'in' ? 'subscribed' : 'unsubscribed');
      else account.addContact(email).status = status === 'in' ? '1' : '2';
    },
    told: (email) =>
      account instanceof MailchimpAccount
        ? [...account.audience.members.values()]
            .filter((one) => one.email === email)
            .flatMap(({ events }) => events.map(({ name }) => name))
        : account.contacts.filter((one) => one.email === email).flatMap(({ events }) => events.map(({ name }) => name)),
    courier: () => courierAt(bench),
    tell(due, courier = courierAt(bench)) {
      const outbox = new Outbox(outboxPath, target);
      outbox.add(due);
      return deliverAll(courier, outbox, { [workflow.id]: place }, { maxAgeMs: 24 * HOUR_MS });
    },
  };
}

function send(email: string, more: Partial<Delivery> = {}): Delivery {
  const time = START - HOUR_MS;
  return {
    id: `${email} ${more.step ?? 'reminder'} ${more.time ?? time}`,
    person: email,
    email,
    workflow: 'cart-recovery',
    time,
    kind: 'send',
    step: 'reminder',
    event: 'fs_cart_recovery__reminder',
    values: {},
    properties: {},
    isEarly: false,
    ...more,
  };
}

describe.each(SERVICES)('at %s', (_, make) => {
  it('runs twice with the same rows, from a backup of the state, or two runs at once: one email', async () => {
    const one = await shop(make);
    one.add(ANN, 'in');
    await one.tell([send(ANN)]);
    await one.tell([send(ANN)]);
    expect(one.told(ANN)).toEqual(['fs_cart_recovery__reminder']);
    await withLock(one.outboxPath, async () => {
      await expect(withLock(one.outboxPath, async () => one.tell([send(ANN)]))).rejects.toThrow(/another/i);
    });
  });

  it('gives the outbox of another service: nothing is told, and it is said', async () => {
    const one = await shop(make);
    new Outbox(one.outboxPath, 'klaviyo').add([send(ANN)]);
    expect(() => one.tell([send(ANN)])).toThrow(/is of klaviyo/);
  });

  it('writes to whoever has unsubscribed, or is on no list: nothing goes out', async () => {
    const one = await shop(make);
    one.add('gone@example.com', 'out');
    const done = await one.tell([send('gone@example.com')]);
    expect(done.map(({ why }) => why)).toEqual([expect.stringMatching(/unsubscribed|subscribed to no list/)]);
    expect(one.told('gone@example.com')).toEqual([]);
  });

  it('has the key of another account: everything is refused before anybody is told, and stays', async () => {
    const one = await shop(make);
    one.add(ANN, 'in');
    const other = await blockBench<Account>(
      make() instanceof MailchimpAccount ? new MailchimpAccount([]) : new ActiveCampaignAccount(),
    );
    cleanUps.push(() => other.close());
    await expect(one.tell([send(ANN)], courierAt(other))).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' });
    expect(other.standIn.writes).toEqual([]);
    expect(new Outbox(one.outboxPath, one.target).pending).toHaveLength(1);
    await one.tell([]);
    expect(one.told(ANN)).toHaveLength(1);
  });

  it('feeds a year of rows at once: what was due long ago is let go, and named', async () => {
    const one = await shop(make);
    one.add(ANN, 'in');
    const done = await one.tell([send(ANN, { time: START - 300 * 24 * HOUR_MS }), send(ANN)]);
    expect(done.map(({ why }) => why)).toEqual(['it was decided too long ago', null]);
  });

  it('writes to whoever has bought meanwhile: nothing goes out', async () => {
    const one = await shop(make);
    one.add(ANN, 'in');
    await one.tell([send(ANN), send(ANN, { kind: 'leave', step: null, id: 'left', isEarly: true, time: START - 1 })]);
    expect(one.told(ANN)).toEqual([]);
  });

  it('adds an email to the workflow and does not push it: nothing is decided there before that', async () => {
    const one = await shop(make);
    const file = cartRecovery((more) => {
      const steps = more['sequence'] as WorkflowJson[];
      more['sequence'] = [...steps, { ...steps[0], id: 'one-more', delay: '9d' }];
    });
    writeFileSync(one.path, JSON.stringify(file));
    expect(() => placesOf(one.path, [loadExported(one.path).workflow], one.target)).toThrow(
      /one-more.* was not pushed/,
    );
  });

  it('decides a workflow without the programme that holds people out: it is refused, or they are held out', async () => {
    const one = await shop(make);
    const programme = { foresend: 1, programme: 'all', workflows: ['cart.json'], globalHoldout: HOLDS };
    writeFileSync(join(one.bench.folder, 'all.json'), JSON.stringify(programme));
    expect(() => refuseAlone(one.path)).toThrow(/all\.json names .*cart\.json and holds people out of everything/);
    expect(() => refuseAlone(join(one.bench.folder, 'all.json'))).not.toThrow();
    const { workflow, warnings, decides } = loadExported(one.path);
    expect([workflow.globalHoldout, decides]).toEqual([HOLDS, 'all.json']);
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('holds 50% of people out')]);
    // Two programmes that disagree are for the user to settle.
    const other = { ...programme, programme: 'more', globalHoldout: { fraction: 0.1, salt: 'other' } };
    writeFileSync(join(one.bench.folder, 'more.json'), JSON.stringify(other));
    expect(() => loadExported(one.path)).toThrow(/hold different people out/);
  });

  it('copies a workflow under another name: its events are its own, and short enough', async () => {
    const one = await shop(make);
    const copy = join(one.bench.folder, 'copy.json');
    copyFileSync(one.path, copy);
    const long = workflowOf(cartRecovery((file) => Object.assign(file, { id: `cart-recovery-${'x'.repeat(40)}` })));
    const names = [...eventNamesOf(long), ...eventNamesOf(loadExported(copy).workflow)].map(({ event }) => event);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[a-z0-9_]{2,30}$/);
    // The copy has no state of its own, so nothing is decided with it before it is pushed.
    expect(() => placesOf(copy, [loadExported(copy).workflow], one.target)).toThrow(/has to be pushed first/);
  });

  it('leaves the key where it can be read: plans, states and outboxes have none', async () => {
    const one = await shop(make);
    one.add(ANN, 'in');
    await one.tell([send(ANN)]);
    const texts = [statePathOf(one.path, one.target), one.outboxPath].map((path) => readFileSync(path, 'utf8'));
    for (const secret of Object.values(ENVIRONMENT)) {
      if (secret.length > 8) for (const text of texts) expect(text).not.toContain(secret);
    }
  });
});

describe('whoever is held out', () => {
  it('is told of to no service: no email, no tag, no property, whatever is decided of them', () => {
    const file = cartRecovery((more) =>
      Object.assign(more, { holdout: { fraction: 0.5, salt: 's' }, globalHoldout: HOLDS }),
    );
    const workflow = workflowOf(file);
    const people = Array.from({ length: 200 }, (_v, i) => `p${i}@example.com`);
    const rows = (person: string): PersonRows => ({ id: person, events: [], changes: [] }) as unknown as PersonRows;
    const decisions = people.flatMap((person): Decision[] => {
      const base = { person, workflow: workflow.id, time: START, step: null, reason: null };
      return [{ ...base, kind: 'exited', reason: 'goal' } as unknown as Decision];
    });
    const facts = { reach: {}, tracked: [], emailEvents: [], valueName: null, activeMinutes: {} };
    const told = deliveriesOf(decisions, { workflows: [workflow], fields: {}, facts, rowsOf: rows });
    const kept = people.filter(
      (person) =>
        assignArm('s', person, 0.5) === 'treated' && assignArm(HOLDS.salt, person, HOLDS.fraction) === 'treated',
    );
    expect(told.map(({ person }) => person)).toEqual(kept);
    expect(kept.length).toBeGreaterThan(20);
    expect(kept.length).toBeLessThan(100);
    expect(eventNameOf(workflow.id, 'left').length).toBeLessThanOrEqual(30);
  });
});
