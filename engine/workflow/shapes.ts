// The objects a workflow file is made of and the keys each knows, in canonical order: the one source for unknown keys
// (checking), key order (formatting) and paths (overrides). The published schema is held equal to it by a test.

/** What stands under a key: a plain value (null), one object, or a list of objects. */
export type Child = null | ChildName | readonly [ChildName];
export type ChildName = ShapeName | 'trigger' | 'condition' | 'computed' | 'item' | 'reentry' | 'afterActive';
export type ShapeName = keyof typeof SHAPES;
export type Shape = Readonly<Record<string, Child>>;

const aggregate = { is: null, event: null, where: ['filter'], property: null, op: null, value: null } as const;
const named = { name: null, is: null } as const;
const lookback = { inLast: null, since: null } as const;

export const SHAPES = {
  workflow: {
    $schema: null,
    foresend: null,
    id: null,
    name: null,
    notes: null,
    timezone: null,
    segments: 'segments',
    personalize: 'personalize',
    trigger: 'trigger',
    audience: 'condition',
    suppress: ['suppression'],
    reentry: 'reentry',
    reach: 'reach',
    gates: 'gates',
    globalHoldout: 'holdout',
    holdout: 'holdout',
    sequence: ['item'],
    exit: 'exit',
    goal: 'goal',
    secondary: ['secondary'],
    attribution: 'attribution',
    economics: 'economics',
  },
  programme: {
    $schema: null,
    foresend: null,
    programme: null,
    name: null,
    notes: null,
    globalHoldout: 'holdout',
    workflows: null,
  },
  scenario: {
    $schema: null,
    foresend: null,
    scenario: null,
    name: null,
    notes: null,
    workflow: null,
    dataset: null,
    set: null,
    response: null,
    seed: null,
  },
  behavior: { type: null, event: null, where: ['filter'], count: null, within: null, calendar: null },
  inaction: { type: null, after: 'eventMatch', without: 'eventMatch', within: null, rearm: null, key: null },
  absence: { type: null, of: null, for: null, afterActive: 'afterActive' },
  decline: { type: null, of: null, recent: null, baseline: null, ratio: null, cron: null },
  propertyChange: { type: null, property: null, from: null, to: null },
  becomesTrue: { type: null, all: ['condition'], any: ['condition'], cron: null },
  date: { type: null, property: null, offset: null, at: null, yearly: null },
  schedule: { type: null, cron: null },
  anyOf: { type: null, triggers: ['trigger'] },
  activeDaysSpan: { activeDays: null, inLast: null },
  eventMatch: { event: null, where: ['filter'] },
  filter: { property: null, op: null, value: null },
  all: { all: ['condition'] },
  any: { any: ['condition'] },
  not: { not: 'condition' },
  tenure: { is: null, op: null, value: null },
  activeDays: { is: null, op: null, value: null, inLast: null },
  count: { is: null, event: null, where: ['filter'], op: null, value: null, ...lookback },
  distinct: { is: null, events: null, op: null, value: null, ...lookback },
  sum: { ...aggregate, ...lookback },
  min: { ...aggregate, ...lookback },
  max: { ...aggregate, ...lookback },
  last: { ...aggregate, ...lookback },
  property: { is: null, property: null, op: null, value: null },
  segment: { is: null, segment: null, feature: null },
  segments: { engagement: 'engagement', lifecycle: 'lifecycle', adoption: 'adoption' },
  engagement: { power: null, regular: null, inLast: null, breadth: null, dormant: null },
  lifecycle: {
    signup: null,
    activation: null,
    payment: null,
    end: null,
    lapsed: null,
    recent: null,
    baseline: null,
    ratio: null,
  },
  adoption: { features: null, used: null },
  personalize: { properties: ['computed'], tables: ['lookupTable'] },
  countOf: { ...named, event: null, where: ['filter'], inLast: null },
  amountOf: { ...named, event: null, where: ['filter'], property: null, inLast: null },
  shareOf: { ...named, events: null },
  eventOf: { ...named, events: null, inLast: null },
  peopleOf: { ...named, event: null, where: ['filter'], by: null, inLast: null },
  lookupTable: { name: null, file: null, by: null },
  suppression: { id: null, notes: null, sent: 'sent', where: ['filter'], if: 'condition' },
  sent: { workflow: null, within: null, history: null },
  cooldown: { cooldown: null },
  reach: { address: null, consent: null },
  gates: { unsubscribed: 'eventMatch', cap: ['cap'], quiet: 'quiet', sendTime: 'sendTime' },
  cap: { n: null, within: null, scope: null, history: null },
  quiet: { from: null, to: null, else: null },
  sendTime: { personal: null, lead: null, within: null },
  holdout: { fraction: null, salt: null },
  step: {
    id: null,
    notes: null,
    delay: null,
    from: null,
    if: 'condition',
    subject: null,
    body: null,
    template: 'template',
    incentive: 'incentive',
  },
  template: { klaviyo: null, mailchimp: null, activecampaign: null },
  incentive: { percent: null, amount: null, freeShipping: null, minimum: null, expires: null },
  branch: { id: null, notes: null, branch: ['path'], else: ['step'] },
  path: { id: null, notes: null, if: 'condition', steps: ['step'] },
  exit: { on: ['eventMatch'], after: null },
  goal: { event: null, where: ['filter'], within: null, value: null },
  secondary: { id: null, metric: null, event: null, within: null, of: null },
  attribution: { within: null, model: null },
  economics: {
    margin: null,
    costPerSend: null,
    orderValue: null,
    organicRedemption: null,
    unsubscribeRate: null,
    subscriberValue: null,
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, null | string | readonly [string]>>>>;

/** The shape of each trigger type, and of each `is` of a condition. */
export const TRIGGER_SHAPES: Readonly<Record<string, ShapeName>> = {
  behavior: 'behavior',
  inaction: 'inaction',
  absence: 'absence',
  decline: 'decline',
  property: 'propertyChange',
  condition: 'becomesTrue',
  date: 'date',
  schedule: 'schedule',
  anyOf: 'anyOf',
};
export const CONDITION_SHAPES = [
  'tenure',
  'activeDays',
  'count',
  'distinct',
  'sum',
  'min',
  'max',
  'last',
  'property',
  'segment',
] as const satisfies readonly ShapeName[];

/** The shape of each `is` of a computed property. */
export const COMPUTED_SHAPES = {
  count: 'countOf',
  sum: 'amountOf',
  min: 'amountOf',
  max: 'amountOf',
  last: 'amountOf',
  share: 'shareOf',
  mostUsed: 'eventOf',
  lastEvent: 'eventOf',
  people: 'peopleOf',
} as const satisfies Readonly<Record<string, ShapeName>>;

export function isComputed(is: unknown): is is keyof typeof COMPUTED_SHAPES {
  return typeof is === 'string' && Object.hasOwn(COMPUTED_SHAPES, is);
}

export function shape(name: ShapeName): Shape {
  return SHAPES[name];
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a file is, by the key that only its kind has; a workflow where it has neither. */
export function fileKind(file: unknown): 'workflow' | 'programme' | 'scenario' {
  if (!isRecord(file)) return 'workflow';
  return (['programme', 'scenario'] as const).find((kind) => Object.hasOwn(file, kind)) ?? 'workflow';
}

/**
 * Which shape an object takes that stands where `child` may stand.
 * @returns null where the object does not say (an unknown trigger type) or is none
 */
export function shapeOf(child: ChildName, value: unknown): ShapeName | null {
  if (!isRecord(value)) return null;
  switch (child) {
    case 'trigger': {
      const type = value['type'];
      return typeof type === 'string' && Object.hasOwn(TRIGGER_SHAPES, type) ? (TRIGGER_SHAPES[type] ?? null) : null;
    }
    case 'condition': {
      for (const group of ['all', 'any', 'not'] as const) if (Object.hasOwn(value, group)) return group;
      return CONDITION_SHAPES.find((is) => is === value['is']) ?? null;
    }
    case 'computed':
      return isComputed(value['is']) ? COMPUTED_SHAPES[value['is']] : null;
    case 'item':
      return Object.hasOwn(value, 'branch') ? 'branch' : 'step';
    case 'reentry':
      return 'cooldown';
    case 'afterActive':
      return 'activeDaysSpan';
    default:
      return child;
  }
}
