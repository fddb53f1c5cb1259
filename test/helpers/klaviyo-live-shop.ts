// A shop at Klaviyo that already mails everybody who leaves a cart: a live flow, what it sent to whom, and what they did;
// beside it a flow that no words here can say, and one that has sent nothing. What is planted is counted as it is made.

import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../engine/base/index.ts';
import { KlaviyoAccount, type StoredFlow } from './klaviyo-account.ts';

export interface LiveShop {
  readonly account: KlaviyoAccount;
  /** Of the live flow. */
  readonly planted: { readonly emails: number; readonly people: number; readonly carts: number };
}

const FROM = Date.parse('2026-02-01T08:00:00Z');

/** @param people each leaves one cart in the 80 days from 1 February 2026 */
export function liveShop(people = 300): LiveShop {
  const account = new KlaviyoAccount('LIVE1');
  const cart = account.addMetric('Added to Cart');
  const ordered = account.addMetric('Placed Order', 'Shopify');
  const received = account.addMetric('Received Email', 'Klaviyo');
  const opened = account.addMetric('Opened Email', 'Klaviyo');
  account.flows = [
    emailFlow('FCART', 'Abandoned cart', 'live', { type: 'metric', id: cart, trigger_filter: null }, ordered, [
      '1h',
      '1d',
    ]),
    {
      id: 'FDROP',
      name: 'Price drop',
      status: 'live',
      archived: false,
      definition: {
        ...emailFlow('FDROP', '', 'live', { type: 'metric', id: cart, trigger_filter: null }, ordered, ['1h'])
          .definition,
        triggers: [
          {
            type: 'price-drop',
            trigger_filter: null,
            price_drop_amount_value: 10,
            price_drop_amount_unit: 'percent',
            audience: ['viewed'],
            timeframe_days: 30,
            currency_type: 'usd',
          },
        ],
      },
    },
    emailFlow('FNEW', 'Order thanks', 'draft', { type: 'metric', id: ordered, trigger_filter: null }, null, ['1h']),
  ];
  const random = seededRandom(7, 'live shop');
  let [emails, mailed] = [0, 0];
  for (let i = 0; i < people; i++) {
    const id = account.addProfile({ created: '2026-01-01T00:00:00+00:00' });
    const start = FROM + Math.floor((i / people) * 80) * DAY_MS + Math.floor(random.uniform() * 600) * MINUTE_MS;
    account.addEvent(cart, id, iso(start), { $value: 60, item: 'mug' });
    const u = random.uniform();
    const buys = u < 0.1 ? 20 * MINUTE_MS : u < 0.25 ? 5 * HOUR_MS : u < 0.35 ? 40 * HOUR_MS : Number.POSITIVE_INFINITY;
    let own = 0;
    for (const [k, wait] of [HOUR_MS, 25 * HOUR_MS].entries()) {
      if (buys <= wait) break;
      const at = start + wait + MINUTE_MS;
      // Half of them are told by what the account attributes, half by what stands in the event.
      if (i % 2 === 0) account.addEvent(received, id, iso(at), { $message: `FCART-m${k + 1}`, Subject: 'Your cart' });
      else account.addEvent(received, id, iso(at), { Subject: 'Your cart' }, 'FCART');
      if (random.uniform() < 0.5) account.addEvent(opened, id, iso(at + 30 * MINUTE_MS), { $flow: 'FCART' });
      own++;
    }
    emails += own;
    mailed += own > 0 ? 1 : 0;
    if (Number.isFinite(buys)) account.addEvent(ordered, id, iso(start + buys), { $value: 60 });
  }
  return { account, planted: { emails, people: mailed, carts: people } };
}

const iso = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString();

function emailFlow(
  id: string,
  name: string,
  status: string,
  trigger: Record<string, unknown>,
  ends: string | null,
  waits: readonly ('1h' | '1d')[],
): StoredFlow {
  const actions = waits.flatMap((wait, k) => [
    {
      id: `${id}w${k + 1}`,
      type: 'time-delay',
      data: { unit: wait === '1h' ? 'hours' : 'days', value: 1, timezone: 'profile' },
      links: { next: `${id}a${k + 1}` },
    },
    {
      id: `${id}a${k + 1}`,
      type: 'send-email',
      data: {
        status,
        message: {
          id: `${id}-m${k + 1}`,
          name: `Email ${k + 1}`,
          from_email: 'shop@example.com',
          from_label: 'Example Shop',
          subject_line: 'Your cart',
          template_id: null,
        },
      },
      links: { next: k + 1 < waits.length ? `${id}w${k + 2}` : null },
    },
  ]);
  const noneSince = {
    type: 'profile-metric',
    metric_id: ends,
    measurement: 'count',
    measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
    timeframe_filter: { type: 'date', operator: 'flow-start' },
  };
  return {
    id,
    name,
    status,
    archived: false,
    definition: {
      triggers: [trigger],
      profile_filter: ends === null ? null : { condition_groups: [{ conditions: [noneSince] }] },
      actions,
      entry_action_id: `${id}w1`,
      reentry_criteria: null,
    },
  };
}
