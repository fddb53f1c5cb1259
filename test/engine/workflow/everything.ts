// One valid workflow file for each form there is, for tests that go through all of them. Never mutated: take a copy.

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

const base = (id: string, trigger: Json, rest: JsonObject = {}): JsonObject => ({
  foresend: 1,
  id,
  trigger,
  sequence: [{ id: 'mail', delay: '1h' }],
  goal: { event: 'Bought', within: '7d' },
  ...rest,
});

/** Every key of the form at least once. */
export const everything: JsonObject = base(
  'everything',
  {
    type: 'inaction',
    after: { event: 'Added', where: [{ property: 'value', op: '>=', value: 20 }] },
    without: { event: 'Bought', where: [] },
    within: '1h30m',
    rearm: 'first',
    key: 'cart_id',
  },
  {
    $schema: './workflow.schema.json',
    name: 'Everything at once',
    notes: ['one', 'two'],
    timezone: 'Europe/Berlin',
    personalize: {
      properties: [
        { name: 'adds', is: 'count', event: 'Added', where: [{ property: 'value', op: '>', value: 1 }], inLast: '7d' },
        { name: 'spent', is: 'sum', event: 'Bought', property: 'value', inLast: '90d' },
        { name: 'least', is: 'min', event: 'Bought', property: 'value' },
        { name: 'most', is: 'max', event: 'Bought', property: 'value' },
        { name: 'size', is: 'last', event: 'Added', where: [], property: 'size' },
        { name: 'setup', is: 'share', events: ['Added', 'Bought'] },
        { name: 'feature', is: 'mostUsed', events: ['Added', 'Viewed'], inLast: '28d' },
        { name: 'action', is: 'lastEvent' },
        { name: 'buyers', is: 'people', event: 'Bought', where: [], by: 'item', inLast: '7d' },
      ],
      tables: [{ name: 'reviews', file: 'reviews.csv', by: 'item' }],
    },
    segments: {
      engagement: { power: 16, regular: 5, inLast: '21d', breadth: 3, dormant: '28d' },
      lifecycle: {
        signup: ['Signed up'],
        activation: ['Created Report'],
        payment: ['Bought', 'Billed'],
        end: ['Canceled'],
        lapsed: '90d',
        recent: '7d',
        baseline: '21d',
        ratio: 0.4,
      },
      adoption: { features: ['Created Report', 'Shared Report'], used: 3 },
    },
    audience: [
      { is: 'tenure', op: '>=', value: '14d' },
      {
        any: [
          { is: 'segment', segment: 'at-risk' },
          { not: { is: 'property', property: 'plan', op: 'in', value: ['pro', 1] } },
          { is: 'segment', segment: 'never', feature: 'Shared Report' },
        ],
      },
    ],
    suppress: [
      { id: 'recent', notes: 'a week', sent: { workflow: '*', within: '7d', history: true } },
      {
        id: 'small',
        where: [
          { property: 'person.vip', op: 'exists' },
          { property: 'sku', op: 'contains', value: 'gift' },
          { property: 'colour', op: '!=', value: 'red' },
        ],
        if: { is: 'sum', event: 'Added', where: [], property: 'value', op: '<', value: 20, inLast: '24h' },
      },
    ],
    reentry: { cooldown: '7d' },
    reach: { address: 'mail', consent: 'opted_in' },
    gates: {
      unsubscribed: { event: 'Unsubscribed', where: [{ property: 'list', op: '=', value: 'all' }] },
      cap: [{ n: 3, within: '7d', scope: 'programme', history: false }],
      quiet: { from: '21:00', to: '08:00', else: 'drop' },
      sendTime: { personal: true, lead: '15m', within: '24h' },
    },
    globalHoldout: { fraction: 0.05, salt: 'everyone' },
    holdout: { fraction: 0.15, salt: 'mine' },
    sequence: [
      {
        id: 'first',
        notes: 'gentle',
        delay: '0s',
        if: [{ is: 'count', event: 'Bought', where: [], op: '=', value: 0, inLast: '7d', since: 'trigger' }],
        subject: 'Hello {{ name }}',
        body: 'Text',
      },
      {
        id: 'fork',
        notes: [],
        branch: [
          {
            id: 'rich',
            notes: '',
            if: { is: 'max', event: 'Added', property: 'value', op: '>', value: 100, since: 'trigger' },
            steps: [{ id: 'rich-mail', delay: '24h', incentive: { percent: 10, minimum: 50, expires: '48h' } }],
          },
          {
            id: 'none',
            if: { all: [{ is: 'last', event: 'Added', property: 'sku', op: 'exists', value: false }] },
            steps: [],
          },
        ],
        else: [{ id: 'else-mail', delay: '24h', incentive: { amount: 5 } }],
      },
      {
        id: 'last',
        delay: '2d',
        from: 'previous',
        template: { klaviyo: 'AbC123', mailchimp: 17, activecampaign: '9' },
        incentive: { freeShipping: 4.5 },
      },
    ],
    exit: { on: [{ event: 'Closed account', where: [] }], after: '30d' },
    goal: { event: 'Bought', where: [{ property: 'value', op: '>', value: 0 }], within: '7d', value: 'revenue' },
    secondary: [
      { id: 'stay', metric: 'retention', within: '90d', of: 'converted' },
      { id: 'again', metric: 'event', event: 'Bought', within: '90d', of: 'all' },
    ],
    attribution: { within: '24h', model: 'position' },
    economics: {
      margin: 0.4,
      costPerSend: 0.001,
      orderValue: 60,
      organicRedemption: 0.5,
      unsubscribeRate: 0.002,
      subscriberValue: 12,
    },
  },
);

/** One file for each trigger type and for the forms that exclude each other. */
export const forms: readonly JsonObject[] = [
  base('minimal', { type: 'behavior', event: 'Signed up' }),
  base('count', { type: 'behavior', event: 'Login', where: [], count: 3, within: '7d' }, { reentry: 'once' }),
  base('calendar', { type: 'behavior', event: 'Login', count: 3, calendar: 'week' }, { reentry: 'always' }),
  base(
    'absence',
    { type: 'absence', of: ['Login', 'Click'], for: '14d', afterActive: '30d' },
    { reach: {}, gates: {} },
  ),
  base('absence-days', { type: 'absence', for: '14d', afterActive: { activeDays: 10, inLast: '28d' } }, { exit: {} }),
  base('decline', { type: 'decline', of: ['Login'], recent: '14d', baseline: '56d', ratio: 0.5, cron: '0 7 * * 1' }),
  base('property', { type: 'property', property: 'plan', from: 'free', to: null }),
  base('condition', {
    type: 'condition',
    all: [{ is: 'activeDays', op: '>=', value: 10, inLast: '28d' }],
    cron: '0 6 * * *',
  }),
  base('condition-any', {
    type: 'condition',
    any: [
      { is: 'distinct', events: ['A', 'B'], op: '>=', value: 2, inLast: '28d' },
      { is: 'min', event: 'A', property: 'value', op: '=', value: 'x' },
      { is: 'property', property: 'plan', op: 'exists' },
      { is: 'last', event: 'A', property: 'plan', op: 'contains', value: 'pro' },
    ],
  }),
  base('date', { type: 'date', property: 'renewal', offset: '-14d', at: '09:30', yearly: true }, { holdout: {} }),
  base('schedule', { type: 'schedule', cron: '0 9 * * 2' }, { economics: {}, suppress: [], secondary: [] }),
  base('any', {
    type: 'anyOf',
    triggers: [
      { type: 'behavior', event: 'Canceled' },
      {
        type: 'anyOf',
        triggers: [
          { type: 'absence', for: '60d' },
          { type: 'schedule', cron: '0 9 1 * *' },
        ],
      },
    ],
  }),
  everything,
];

export function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
