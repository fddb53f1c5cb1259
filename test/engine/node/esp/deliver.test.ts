// What was decided is told to a service once, whatever happens on the way: the stand-ins count.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../../engine/base/index.ts';
import {
  type Delivery,
  type DeliveryPlace,
  type EspState,
  mergeTag,
  type SentField,
} from '../../../../engine/esp/index.ts';
import {
  activeCampaignCourier,
  applyBlockPlan,
  type Courier,
  deliverAll,
  klaviyoCourier,
  loadState,
  mailchimpCourier,
  makeBlockPlan,
  Outbox,
} from '../../../../engine/node/esp/index.ts';
import { openActiveCampaign, openMailchimp } from '../../../../engine/node/esp/open-service.ts';
import { ActiveCampaignAccount } from '../../../helpers/activecampaign.ts';
import { type Account, type BlockBench, blockBench, cartTexts, ENVIRONMENT } from '../../../helpers/blocks.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { bench, START } from '../../../helpers/klaviyo.ts';
import { MailchimpAccount } from '../../../helpers/mailchimp.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const cart = cartTexts();
const PEOPLE = ['ann@example.com', 'bob@example.com', 'cyd@example.com'];

function send(email: string | null, hoursAgo: number, more: Partial<Delivery> = {}): Delivery {
  const person = email ?? 'p1';
  const time = START - hoursAgo * HOUR_MS;
  const kind = more.kind ?? 'send';
  const step = kind === 'send' ? 'reminder' : null;
  const base = {
    person,
    email,
    workflow: 'cart-recovery',
    time,
    kind,
    step,
    isEarly: false,
    properties: { item: 'Tea' },
  };
  return {
    ...base,
    id: `${person} ${time} ${kind}`,
    event: 'fs_cart_recovery__reminder',
    values: { 'field:item': 'Green tea' },
    ...more,
  };
}

interface Stage {
  readonly one: BlockBench;
  readonly place: DeliveryPlace;
  readonly outboxPath: string;
  outbox(): Outbox;
  courier(signal?: AbortSignal): Courier;
  run(courier?: Courier): ReturnType<typeof deliverAll>;
  /** Ids of the decisions that each person was told of. */
  told(): Record<string, string[]>;
  tagged(): string[];
}

const pushed = new Map<string, Promise<{ account: Account; objects: EspState['objects'] }>>();

/** An account as an apply leaves it, made once for each service. */
async function push(make: () => Account): Promise<{ account: Account; objects: EspState['objects'] }> {
  const account = make();
  const one = await blockBench(account);
  try {
    const block = one.place(cart);
    await applyBlockPlan(block, (await makeBlockPlan(block)).plan);
    for (const email of PEOPLE) {
      if (account instanceof MailchimpAccount) account.addMember(email);
      else account.addContact(email);
    }
    return { account, objects: loadState(one.statePath, block.service.maker.target)?.objects ?? {} };
  } finally {
    await one.close();
  }
}

async function staged(make: () => Account): Promise<Stage> {
  const kind = make().prefix;
  const made = pushed.get(kind) ?? push(make);
  pushed.set(kind, made);
  const { account: first, objects } = await made;
  const account = first.clone();
  const one = await blockBench<Account>(account);
  const couriers: Courier[] = [];
  cleanUps.push(async () => {
    for (const courier of couriers) await courier.close();
    await one.close();
  });
  const target = account instanceof MailchimpAccount ? ('mailchimp' as const) : ('activecampaign' as const);
  const field: SentField = { key: 'field:item', slug: 'item', source: '', fallback: null };
  const isMailchimp = account instanceof MailchimpAccount;
  const place: DeliveryPlace = {
    audience: isMailchimp ? account.audience.id : '',
    tag: (isMailchimp ? objects['tag:in']?.name : objects['tag:in']?.id) ?? '',
    fields: { 'field:item': isMailchimp ? mergeTag('cart-recovery', field) : (objects['field:item']?.id ?? '') },
  };
  const outboxPath = join(one.folder, 'cart.decide.jsonl.x');
  const outbox = () => new Outbox(outboxPath, target);
  const courier = (signal?: AbortSignal) => {
    const options = { baseUrl: one.standIn.url, clock: one.clock, random: () => 0, ...(signal ? { signal } : {}) };
    const made = isMailchimp
      ? mailchimpCourier(openMailchimp(options, ENVIRONMENT))
      : activeCampaignCourier(openActiveCampaign(options, ENVIRONMENT));
    couriers.push(made);
    return made;
  };
  return {
    one,
    place,
    outboxPath,
    outbox,
    courier,
    run: (own = courier()) => deliverAll(own, outbox(), { 'cart-recovery': place }, { maxAgeMs: DAY_MS }),
    told: () =>
      Object.fromEntries(
        account instanceof MailchimpAccount
          ? [...account.audience.members.values()].map(({ email, events }) => [
              email,
              events.map(({ properties }) => properties['decision'] ?? ''),
            ])
          : account.contacts.map(({ email, events }) => [email, events.map(({ data }) => data)]),
      ),
    tagged: () =>
      account instanceof MailchimpAccount
        ? [...account.audience.members.values()].filter(({ tags }) => tags.has(place.tag)).map(({ email }) => email)
        : account.contacts.filter(({ tags }) => tags.has(place.tag)).map(({ email }) => email),
  };
}

const SERVICES: readonly [string, () => Account][] = [
  ['Mailchimp', () => new MailchimpAccount()],
  ['ActiveCampaign', () => new ActiveCampaignAccount()],
];

const [ann, bob] = PEOPLE as [string, string, string];
const nobody = Object.fromEntries(PEOPLE.map((email) => [email, []]));

describe.each(SERVICES)('%s', (_, make) => {
  it('gets the values first and the event after, once, whatever is added again', async () => {
    const stage = await staged(make);
    const due = [send(ann, 2, { kind: 'enter' }), send(ann, 1), send(bob, 1)];
    stage.outbox().add(due);
    expect((await stage.run()).map(({ why }) => why)).toEqual([null, null, null]);
    expect(stage.told()).toEqual({ ...nobody, [ann]: [due[1]?.id], [bob]: [due[2]?.id] });
    expect(stage.tagged()).toEqual([ann]);
    const { account } = stage.one;
    const value =
      account instanceof MailchimpAccount
        ? [...account.audience.members.values()][0]?.fields[stage.place.fields['field:item'] ?? '']
        : account.contacts[0]?.values[stage.place.fields['field:item'] ?? ''];
    expect(value).toBe('Green tea');
    stage.outbox().add([...due, send(ann, 0.5, { kind: 'leave' })]);
    await stage.run();
    expect(stage.told()[ann]).toHaveLength(1);
    expect(stage.tagged()).toEqual([]);
  });

  it('gets everything once, when a run is stopped at any call, before or after its effect', async () => {
    const due = [send(ann, 3, { kind: 'enter' }), send(ann, 2), send(ann, 1, { kind: 'leave' })];
    const quiet = await staged(make);
    quiet.outbox().add(due);
    await quiet.run();
    const nCalls = quiet.one.standIn.calls.length;
    for (const fault of ['reset-before', 'reset-after', 'error-after'] as const) {
      for (let at = 0; at < nCalls; at += fault === 'reset-after' ? 1 : 3) {
        const stage = await staged(make);
        stage.outbox().add(due);
        const { standIn } = stage.one;
        const controller = new AbortController();
        let n = -1;
        standIn.fault = () => {
          n++;
          if (n < at) return null;
          if (n > at) return 'reset-before';
          setImmediate(() => controller.abort());
          return fault;
        };
        await stage.run(stage.courier(controller.signal)).catch(() => null);
        standIn.fault = () => null;
        await stage.run();
        expect([fault, at, stage.told()]).toEqual([fault, at, quiet.told()]);
        expect([fault, at, stage.tagged()]).toEqual([fault, at, quiet.tagged()]);
        expect(stage.outbox().pending).toEqual([]);
      }
    }
  }, 60_000);

  it('gets everything once, when answers are lost and it is asked again at once', async () => {
    const stage = await staged(make);
    stage.outbox().add([send(ann, 2), send(bob, 1)]);
    const lost = new Set<string>();
    stage.one.standIn.fault = (_n, operation) => {
      if (lost.has(operation) || !/event/.test(operation) || operation.startsWith('GET')) return null;
      lost.add(operation);
      return 'reset-after';
    };
    await stage.run();
    expect(lost.size).toBeGreaterThan(0);
    expect(Object.values(stage.told()).map(({ length }) => length)).toEqual([1, 1, 0]);
  });

  it('is told nothing of what is too old, overtaken, unknown there or without an address, and makes no contact', async () => {
    const stage = await staged(make);
    stage
      .outbox()
      .add([
        send(ann, 25),
        send(bob, 5),
        send(bob, 4, { kind: 'leave', isEarly: true, id: 'left' }),
        send('new@example.com', 1),
        send(null, 1),
      ]);
    const done = await stage.run();
    expect(done.map(({ delivery, why }) => [delivery.person, delivery.kind, why])).toEqual([
      [ann, 'send', 'it was decided too long ago'],
      [bob, 'send', 'they have left since'],
      [bob, 'leave', null],
      ['new@example.com', 'send', 'the service has no contact with this address'],
      ['p1', 'send', 'no address is known'],
    ]);
    expect(stage.told()).toEqual(nobody);
    expect(stage.outbox().pending).toEqual([]);
  });

  it('keeps what was refused for a later run, and stops where everything is', async () => {
    const stage = await staged(make);
    const { account } = stage.one;
    const due = Array.from({ length: 7 }, (_v, i) => send(ann, 7 - i * 0.5, { id: `d${i}` }));
    stage.outbox().add(due);
    const fields = account instanceof MailchimpAccount ? account.audience.fields : account.fields;
    const kept = fields.splice(0);
    await expect(stage.run()).rejects.toThrow(/first 5 were all refused/);
    expect(stage.outbox().pending).toHaveLength(7);
    fields.push(...(kept as never[]));
    await stage.run();
    expect(stage.told()[ann]).toEqual(due.map(({ id }) => id));
  });
});

describe('Mailchimp alone', () => {
  it('starts no email for a contact that has unsubscribed', async () => {
    const stage = await staged(() => new MailchimpAccount());
    (stage.one.account as MailchimpAccount).addMember('gone@example.com', 'unsubscribed');
    stage.outbox().add([send('Gone@example.com', 1)]);
    expect((await stage.run()).map(({ why }) => why)).toEqual(['the contact is unsubscribed']);
    expect(stage.told()['gone@example.com']).toEqual([]);
  });
});

describe('Klaviyo', () => {
  it('gets one event for each decision, whatever is repeated, with what the starting event said', async () => {
    const one = await bench();
    const folder = temporaryFolder();
    cleanUps.push(folder.remove, () => one.close());
    const place = { audience: '', tag: '', fields: {} };
    const outbox = new Outbox(join(folder.path, 'o'), 'klaviyo');
    outbox.add([send(ann, 2, { kind: 'enter' }), send(ann, 1), send(null, 1)]);
    one.standIn.options = { ...one.standIn.options, fault: (n) => (n === 1 || n === 3 ? 'reset-after' : null) };
    await deliverAll(klaviyoCourier(one.client()), outbox, { 'cart-recovery': place }, { maxAgeMs: DAY_MS });
    expect(one.account.told.map(({ metric, properties }) => [metric.data.attributes.name, properties.item])).toEqual([
      ['Foresend cart-recovery: entered', 'Tea'],
      ['Foresend cart-recovery: reminder', 'Tea'],
      ['Foresend cart-recovery: reminder', 'Tea'],
    ]);
    expect(one.account.told.map(({ profile }) => profile.data.attributes)).toEqual([
      { email: ann },
      { email: ann },
      { external_id: 'p1' },
    ]);
  });
});

describe('the outbox', () => {
  const path = () => {
    const folder = temporaryFolder();
    cleanUps.push(folder.remove);
    return join(folder.path, 'outbox');
  };

  it('forgets what is over for more than a month, and nothing sooner', () => {
    const file = path();
    const outbox = new Outbox(file, 'mailchimp');
    const [old, recent] = [send(ann, 24 * 40), send(ann, 24 * 20)];
    outbox.add([old, recent]);
    outbox.over(old, null);
    outbox.over(recent, null);
    outbox.add([send(bob, 0)]);
    const again = new Outbox(file, 'mailchimp');
    expect([again.isNew(old), again.isNew(recent), again.pending.length]).toEqual([true, false, 1]);
  });

  it('takes a last line that was cut off for unsaid, and any other damage for what it is', () => {
    const file = path();
    const outbox = new Outbox(file, 'mailchimp');
    outbox.add([send(ann, 1), send(bob, 1)]);
    outbox.over(send(ann, 1), null);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, -8));
    expect(new Outbox(file, 'mailchimp').pending).toHaveLength(2);
    writeFileSync(file, text.replace('"due"', '"due'));
    expect(() => new Outbox(file, 'mailchimp')).toThrow(/:2 cannot be read/);
    writeFileSync(file, text);
    expect(() => new Outbox(file, 'klaviyo')).toThrow(/is of mailchimp, not of klaviyo/);
    rmSync(file);
    expect(existsSync(file)).toBe(false);
  });
});
