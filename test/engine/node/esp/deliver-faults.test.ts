// What services do to a run that tells them of decisions: asked to slow down with and without a time, a bare 403, faults
// of their own, refusals that come as success, texts that are no texts. Told once in the end, or named and kept.

import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Delivery, DeliveryPlace } from '../../../../engine/esp/index.ts';
import {
  activeCampaignCourier,
  type Courier,
  deliverAll,
  klaviyoCourier,
  mailchimpCourier,
  Outbox,
} from '../../../../engine/node/esp/index.ts';
import { openActiveCampaign, openMailchimp } from '../../../../engine/node/esp/open-service.ts';
import { AC_EVENT_KEY, ActiveCampaignAccount } from '../../../helpers/activecampaign.ts';
import { type Account, type BlockBench, blockBench, ENVIRONMENT } from '../../../helpers/blocks.ts';
import { temporaryFolder } from '../../../helpers/cli.ts';
import { bench, START } from '../../../helpers/klaviyo.ts';
import { MailchimpAccount } from '../../../helpers/mailchimp.ts';

const cleanUps: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const ANN = 'ann@example.com';
const EVENT = 'fs_cart__reminder';
const due: Delivery = {
  id: 'decision-1',
  person: ANN,
  email: ANN,
  workflow: 'cart',
  time: START - 60_000,
  kind: 'send',
  step: 'reminder',
  event: EVENT,
  values: { 'field:item': 'Tea' },
  // What an event of the shop may carry.
  properties: { item: 'Tea', value: 12.5, isGift: true },
  isEarly: false,
};

interface Stage {
  readonly bench: BlockBench;
  readonly outbox: Outbox;
  run(events?: Record<string, string>): ReturnType<typeof deliverAll>;
  told(): readonly unknown[];
}

async function stage(account: Account): Promise<Stage> {
  const one = await blockBench<Account>(account);
  cleanUps.push(() => one.close());
  let place: DeliveryPlace;
  if (account instanceof MailchimpAccount) {
    account.addMember(ANN);
    account.audience.fields.push({ merge_id: 1, tag: 'ITEM', name: 'item', type: 'text', default_value: '' });
    place = { audience: account.audience.id, tag: 'in', fields: { 'field:item': 'ITEM' } };
  } else {
    account.addContact(ANN);
    account.tracking = true;
    account.events = [EVENT];
    account.fields.push({ id: '31', title: 'item' });
    place = { audience: '', tag: '7', fields: { 'field:item': '31' } };
  }
  const outbox = new Outbox(
    join(one.folder, 'outbox'),
    account instanceof MailchimpAccount ? 'mailchimp' : 'activecampaign',
  );
  outbox.add([due]);
  return {
    bench: one,
    outbox,
    run(more = {}) {
      const options = { baseUrl: one.standIn.url, clock: one.clock, random: () => 0 };
      const environment = { ...ENVIRONMENT, ...more };
      const courier: Courier =
        account instanceof MailchimpAccount
          ? mailchimpCourier(openMailchimp(options, environment))
          : activeCampaignCourier(openActiveCampaign(options, environment));
      cleanUps.push(() => courier.close());
      return deliverAll(courier, outbox, { cart: place }, { maxAgeMs: 86_400_000 });
    },
    told: () =>
      account instanceof MailchimpAccount
        ? [...account.audience.members.values()].flatMap(({ events }) => events)
        : account.contacts.flatMap(({ events }) => events),
  };
}

const SERVICES: readonly [string, () => Account][] = [
  ['Mailchimp', () => new MailchimpAccount()],
  ['ActiveCampaign', () => new ActiveCampaignAccount()],
];

describe.each(SERVICES)('%s', (_, make) => {
  it.each(['too-many', 'bare-429', 'bare-403', 'error-before', 'reset-before'] as const)(
    'answers every call first with %s, and is told once',
    async (fault) => {
      const one = await stage(make());
      const seen = new Set<string>();
      one.bench.standIn.fault = (_n, operation) => {
        if (seen.has(operation)) return null;
        seen.add(operation);
        return fault;
      };
      expect((await one.run()).map(({ why }) => why)).toEqual([null]);
      expect(one.told()).toHaveLength(1);
      const longest = Math.max(...one.bench.clock.sleeps);
      expect(longest).toBeGreaterThanOrEqual(fault === 'too-many' ? 7000 : 1000);
      expect(one.outbox.pending).toEqual([]);
    },
  );

  it('never answers: the run ends with what to do, and the next one tells once', async () => {
    const one = await stage(make());
    one.bench.standIn.fault = () => 'bare-429';
    await expect(one.run()).rejects.toThrow(/Run the same command again/);
    expect([one.told().length, one.outbox.pending.length]).toEqual([0, 1]);
    one.bench.standIn.fault = () => null;
    await one.run();
    expect(one.told()).toHaveLength(1);
  });
});

describe('Mailchimp alone', () => {
  it('gets texts only among the properties of an event, and no name longer than it takes', async () => {
    const one = await stage(new MailchimpAccount());
    await one.run();
    const [{ name, properties }] = one.told() as [{ name: string; properties: Record<string, unknown> }];
    expect(name.length).toBeLessThanOrEqual(30);
    expect(Object.values(properties).map((value) => typeof value)).toEqual(['string', 'string', 'string']);
  });
});

describe('ActiveCampaign alone', () => {
  it('refuses with 200 and "success: 0": it is named, kept, and told once tracking is on', async () => {
    const account = new ActiveCampaignAccount();
    const one = await stage(account);
    account.tracking = false;
    const done = await one.run();
    expect(done.map(({ why, isRefused }) => [isRefused, why])).toEqual([
      [true, expect.stringContaining('Event tracking is off.')],
    ]);
    expect(one.outbox.pending).toHaveLength(1);
    account.tracking = true;
    await one.run();
    expect(one.told()).toHaveLength(1);
  });

  it('repeats a wrong event key in its answer: what is said is without it', async () => {
    const one = await stage(new ActiveCampaignAccount());
    const wrong = `${AC_EVENT_KEY}x`;
    const [done] = await one.run({ ACTIVECAMPAIGN_EVENT_KEY: wrong });
    expect(done?.why).toContain('Authentication failed for [key]');
    expect(JSON.stringify(one.outbox.pending)).not.toContain(wrong);
    expect(one.told()).toEqual([]);
  });
});

describe('Klaviyo', () => {
  it.each(['too-many', 'too-many-until', 'error-before', 'reset-after', 'error-after'] as const)(
    'answers with %s, and gets one event with the values as they are',
    async (fault) => {
      const one = await bench({ fault: (n) => (n === 0 ? fault : null) });
      const folder = temporaryFolder();
      cleanUps.push(folder.remove, () => one.close());
      const outbox = new Outbox(join(folder.path, 'o'), 'klaviyo');
      outbox.add([due]);
      const places = { cart: { audience: '', tag: '', fields: {} } };
      await deliverAll(klaviyoCourier(one.client()), outbox, places, { maxAgeMs: 86_400_000 });
      expect(one.account.told.map(({ properties }) => properties)).toEqual([
        expect.objectContaining({ item: 'Tea', value: 12.5, isGift: true }),
      ]);
    },
  );

  it('has the key of another account than the workflow was pushed to: nobody is told', async () => {
    const one = await bench();
    const folder = temporaryFolder();
    cleanUps.push(folder.remove, () => one.close());
    const outbox = new Outbox(join(folder.path, 'o'), 'klaviyo');
    outbox.add([due]);
    const place = { audience: '', tag: '', fields: {}, account: 'OTHER' };
    const told = deliverAll(klaviyoCourier(one.client()), outbox, { cart: place }, { maxAgeMs: 86_400_000 });
    await expect(told).rejects.toMatchObject({ code: 'OTHER_ACCOUNT' });
    expect([one.account.told.length, outbox.pending.length]).toEqual([0, 1]);
  });
});
