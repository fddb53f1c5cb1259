// Tell a service of one delivery. A call that would send twice is looked for before it is repeated: Mailchimp lists the
// events of a contact, ActiveCampaign what it tracked of one, Klaviyo takes an event of one id once. Contacts are never
// made here, and nobody is subscribed: whoever the service does not have is named and left.

import { UserError } from '../../base/index.ts';
import {
  CONTACT,
  CONTACT_TAG,
  type Delivery,
  type DeliveryCall,
  type DeliveryPlace,
  deliveryCalls,
  type EspTarget,
} from '../../esp/index.ts';
import type { ActiveCampaignService } from './activecampaign-service.ts';
import { recordsOf, textOf } from './block-service.ts';
import { isRecord } from './caller.ts';
import type { Clock } from './clock.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { type MailchimpService, memberHash } from './mailchimp-service.ts';
import { LostAnswer, VendorError } from './vendor-error.ts';

export interface Courier {
  readonly target: EspTarget;
  readonly clock: Clock;
  /** Asked once for each workflow before the first delivery. @throws UserError where the key is of another account */
  check(place: DeliveryPlace): Promise<void>;
  /**
   * @param place what was pushed for the delivery's workflow
   * @param wasTried it may be there already
   * @param onTry told just before the call that must not be made twice
   * @returns why it was not told; null where it was
   */
  deliver(delivery: Delivery, place: DeliveryPlace, wasTried: boolean, onTry: () => void): Promise<string | null>;
  close(): Promise<void>;
}

const LOOK_AFTER_MS = [2000, 6000] as const;
const TRIES = 4;

/**
 * Makes a call that must have its effect once.
 * @param isThere whether it had it already
 */
async function once(
  clock: Clock,
  wasTried: boolean,
  call: () => Promise<void>,
  isThere: () => Promise<boolean>,
): Promise<void> {
  if (wasTried && (await isThere())) return;
  for (let turn = 1; ; turn++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof LostAnswer) || turn === TRIES) throw error;
      for (const ms of LOOK_AFTER_MS) {
        await clock.sleep(ms);
        if (await isThere()) return;
      }
    }
  }
}

function otherAccount(service: string, pushed: string, found: string): UserError {
  return new UserError(
    'OTHER_ACCOUNT',
    `The workflow was pushed to ${service}, ${pushed}; ${found}. Nobody was told of anything; use the key of that account, or push the workflow again.`,
  );
}

const NOT_THERE = 'the service has no contact with this address';
/** Of a contact on a list; others are unconfirmed, unsubscribed and bounced. */
const SUBSCRIBED = '1';
const NO_ADDRESS = 'no address is known';

export function klaviyoCourier(client: KlaviyoClient): Courier {
  return {
    target: 'klaviyo',
    clock: client.clock,
    async check({ account }) {
      if (account === undefined) return;
      const [found] = await client.all('/api/accounts');
      if (found?.id !== account)
        throw otherAccount('Klaviyo', `account ${account}`, `this key is of account ${found?.id ?? 'unknown'}`);
    },
    async deliver(delivery, place) {
      for (const { path, body } of deliveryCalls('klaviyo', delivery, delivery.email ?? '', place)) {
        await client.put('POST', path, body);
      }
      return null;
    },
    close: () => client.close(),
  };
}

export function mailchimpCourier(service: MailchimpService): Courier {
  return {
    target: 'mailchimp',
    clock: service.clock,
    async check({ audience }) {
      try {
        await service.get(`/lists/${audience}`, { fields: 'id' });
      } catch (error) {
        if (!(error instanceof VendorError) || error.status !== 404) throw error;
        throw otherAccount('Mailchimp', `audience ${audience}`, 'the account of this key has no such audience');
      }
    },
    async deliver(delivery, place, wasTried, onTry) {
      const { email } = delivery;
      if (email === null) return NO_ADDRESS;
      const member = `/lists/${place.audience}/members/${memberHash(email)}`;
      const calls = deliveryCalls('mailchimp', delivery, email, place).map((call) => ({
        ...call,
        path: call.path.replace(/^\/lists\/[^/]+\/members\/[^/]+/, member),
      }));
      try {
        if (delivery.kind === 'send') {
          const contact = await service.get(member, { fields: 'status' });
          const status = isRecord(contact) ? textOf(contact['status']) : '';
          if (status !== 'subscribed') return `the contact is ${status === '' ? 'not subscribed' : status}`;
        }
        for (const { method, path, body, isOnce } of calls) {
          if (!isOnce) await service.send(method as 'POST' | 'PATCH', path, body);
          else {
            const isThere = async () => {
              const found = await service.get(path, { count: '100' });
              const events = isRecord(found) ? recordsOf(found['events']) : [];
              return events.some((one) => isRecord(one['properties']) && one['properties']['decision'] === delivery.id);
            };
            onTry();
            await once(service.clock, wasTried, () => service.sendOnce(path, body), isThere);
          }
        }
        return null;
      } catch (error) {
        if (error instanceof VendorError && error.status === 404) return NOT_THERE;
        throw error;
      }
    },
    close: () => service.close(),
  };
}

export function activeCampaignCourier(service: ActiveCampaignService): Courier {
  const run = async (
    { method, path, body, isOnce }: DeliveryCall,
    contact: string,
    delivery: Delivery,
    place: DeliveryPlace,
    wasTried: boolean,
    onTry: () => void,
  ): Promise<void> => {
    if (isOnce) {
      const isThere = async () =>
        JSON.stringify(await service.get(`/contacts/${contact}/trackingLogs`)).includes(delivery.id);
      onTry();
      await once(
        service.clock,
        wasTried,
        () => service.track(delivery.email ?? '', delivery.event, delivery.id),
        isThere,
      );
    } else if (method === 'DELETE') {
      const held = await service.get(`/contacts/${contact}`);
      const tags = isRecord(held) ? recordsOf(held['contactTags']) : [];
      const own = tags.find((one) => textOf(one['tag']) === place.tag);
      if (own !== undefined) await service.remove(path.replace(CONTACT_TAG, textOf(own['id'])));
    } else {
      const filled = JSON.parse(JSON.stringify(body).replaceAll(`"${CONTACT}"`, JSON.stringify(contact))) as unknown;
      await service.send('POST', path, filled);
    }
  };
  return {
    target: 'activecampaign',
    clock: service.clock,
    async check({ account }) {
      if (account !== undefined && account !== service.account)
        throw otherAccount('ActiveCampaign', account, `this address is ${service.account}`);
    },
    async deliver(delivery, place, wasTried, onTry) {
      const { email } = delivery;
      if (email === null) return NO_ADDRESS;
      const found = await service.get('/contacts', { email });
      const [contact] = isRecord(found) ? recordsOf(found['contacts']) : [];
      if (contact === undefined) return NOT_THERE;
      if (delivery.kind === 'send') {
        const held = await service.get(`/contacts/${textOf(contact['id'])}/contactLists`);
        const lists = isRecord(held) ? recordsOf(held['contactLists']) : [];
        if (!lists.some((list) => textOf(list['status']) === SUBSCRIBED)) return 'the contact is subscribed to no list';
      }
      for (const call of deliveryCalls('activecampaign', delivery, email, place)) {
        await run(call, textOf(contact['id']), delivery, place, wasTried, onTry);
      }
      return null;
    },
    close: () => service.close(),
  };
}
