// Random histories and workflows for laws that must hold for all of them. Few names, few minutes and few people, so
// that ties, exact deadlines and repeats are common.

import fc from 'fast-check';
import type { Scalar } from '../../engine/columns/index.ts';
import type { EventRow, PropertyRow } from '../../engine/events/index.ts';
import type {
  Comparison,
  Condition,
  EventMatch,
  Filter,
  Reentry,
  SentRule,
  SequenceItem,
  SingleTrigger,
  Step,
  Suppression,
  Workflow,
} from '../../engine/workflow/index.ts';
import { DAY, HOUR, MIN, step, workflow } from './workflow.ts';

const NAMES = ['Add', 'Buy', 'Look', 'Email Sent'];
const minutes = fc.integer({ min: 0, max: 120 });
const name = fc.constantFrom(...NAMES);
const value = fc.constantFrom(0, 1, 0.1, 0.2, 7.5, 20, 1e9);
const scalar: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>(1, 2, '1', 'a', 'b', true, 'true', ' 2 ');
const op = fc.constantFrom<Comparison>('=', '!=', '<', '<=', '>', '>=');
const duration = fc.integer({ min: 1, max: 40 }).map((n) => n * MIN);
const property = fc.constantFrom('k', 'value', 'person.plan');

/** `p1@x.org` can be written to from the first row on, the others from an address on. */
const person = fc.constantFrom('p0', 'p1@x.org', 'p2', 'pä3');

const eventRow: fc.Arbitrary<EventRow> = fc.record({
  person,
  name,
  time: minutes.map((m) => m * MIN),
  value: fc.option(value, { nil: undefined }),
  properties: fc.option(
    fc.dictionary(fc.constantFrom('k', 'email', 'revenue', 'workflow', 'value'), scalar, { maxKeys: 2 }),
    {
      nil: undefined,
    },
  ),
});
/** Around the two hours in which things happen, as a date reads. */
const date: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>(
  '1970-01-01',
  '1969-12-31',
  '1970-01-02T00:30:00Z',
  '1968-02-29',
  '1960-12-31',
  40 * MIN,
  'soon',
);
const propertyRow: fc.Arbitrary<PropertyRow> = fc.record({
  person,
  time: minutes.map((m) => m * MIN),
  property: fc.constantFrom('plan', 'email', 'ok', 'due'),
  value: fc.option(fc.oneof(scalar, date), { nil: null }),
});

export interface Rows {
  readonly events: EventRow[];
  readonly changes: PropertyRow[];
}

export const rows: fc.Arbitrary<Rows> = fc.record({
  events: fc.array(eventRow, { maxLength: 60, size: 'max' }),
  changes: fc.array(propertyRow, { maxLength: 9 }),
});

/** Past the last row, or in the midst of the time in which things happen. */
export const untilMs = fc.integer({ min: 121, max: 240 }).map((m) => m * MIN);

const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ property, op, value: scalar }),
  fc.record({ property, op: fc.constant('in' as const), value: fc.array(scalar, { maxLength: 2 }) }),
  fc.record({ property, op: fc.constant('contains' as const), value: fc.constant('a') }),
  fc.record({ property, op: fc.constant('exists' as const), value: fc.boolean() }),
);
const where = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(filter, { minLength: 1, maxLength: 2 }));
const match: fc.Arbitrary<EventMatch> = fc.record({ event: name, where });

const lookback = { inLastMs: fc.option(duration, { nil: null }) };

export function condition(sinceTrigger: boolean): fc.Arbitrary<Condition> {
  const since = sinceTrigger ? fc.boolean() : fc.constant(false);
  const figure: fc.Arbitrary<Condition> = fc.oneof(
    fc.record({ is: fc.constant('tenure' as const), op, valueMs: duration }),
    fc.record({ is: fc.constant('activeDays' as const), op, value: fc.integer({ min: 0, max: 2 }), ...lookback }),
    fc.record({
      is: fc.constant('count' as const),
      match,
      op,
      value: fc.integer({ min: 0, max: 3 }),
      ...lookback,
      sinceTrigger: since,
    }),
    fc.record({
      is: fc.constant('distinct' as const),
      events: fc.subarray(NAMES, { minLength: 1 }),
      op,
      value: fc.integer({ min: 0, max: 3 }),
      ...lookback,
      sinceTrigger: since,
    }),
    fc.record({
      is: fc.constantFrom('sum' as const, 'min' as const, 'max' as const, 'last' as const),
      match,
      property: fc.constantFrom('value', 'k'),
      test: fc.record({ op, value: fc.constantFrom<Scalar>(0, 0.3, 20, 'a') }),
      ...lookback,
      sinceTrigger: since,
    }),
    fc.record({
      is: fc.constant('property' as const),
      property: fc.constant('plan'),
      test: fc.record({ op, value: scalar }),
    }),
  );
  return fc.oneof(
    { weight: 4, arbitrary: figure },
    fc.record({ is: fc.constantFrom('all' as const, 'any' as const), of: fc.array(figure, { maxLength: 2 }) }),
    fc.record({ is: fc.constant('not' as const), of: figure }),
  );
}

/** Triggers that are about an event. */
export const anchoredTrigger: fc.Arbitrary<SingleTrigger> = fc.oneof(
  fc.record({
    type: fc.constant('inaction' as const),
    after: match,
    without: match,
    withinMs: duration,
    rearm: fc.constantFrom('reset' as const, 'first' as const),
    key: fc.constantFrom(null, null, 'k', 'value'),
  }),
  fc
    .oneof(
      fc.constant({ count: 1, withinMs: null, calendar: null }),
      fc.record({ count: fc.integer({ min: 2, max: 3 }), withinMs: duration, calendar: fc.constant(null) }),
      fc.record({
        count: fc.integer({ min: 1, max: 2 }),
        withinMs: fc.constant(null),
        calendar: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
      }),
    )
    .chain((counting) => match.map((m) => ({ type: 'behavior' as const, match: m, ...counting }))),
  fc.record({
    type: fc.constant('absence' as const),
    of: fc.option(fc.subarray(NAMES, { minLength: 1 }), { nil: null }),
    forMs: duration,
    afterActive: fc.oneof(
      fc.constant(null),
      duration.map((ms) => ({ kind: 'elapsed' as const, ms })),
      fc.constantFrom(1, 2).map((days) => ({ kind: 'activeDays' as const, days, inLastMs: DAY })),
    ),
  }),
);

const cron = fc.constantFrom(
  '*/10 * * * *',
  '*/7 * * * *',
  '20,25 * * * *',
  '15 0,19 * * *',
  '0 6 * * 4',
  '0-3 1 1 * 5',
);

/** Triggers that are about no event. */
export const unanchoredTrigger: fc.Arbitrary<SingleTrigger> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('condition' as const), condition: condition(false), cron }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('decline' as const),
      of: fc.option(fc.subarray(NAMES, { minLength: 1 }), { nil: null }),
      recentMs: duration,
      baselineMs: duration,
      ratio: fc.constantFrom(0.1, 0.5, 1, 2),
      cron,
    }),
  },
  fc.record({ type: fc.constant('schedule' as const), cron }),
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('property' as const),
      property: fc.constantFrom('plan', 'due'),
      from: fc.option(fc.option(scalar, { nil: null, freq: 2 }), { nil: undefined }),
      to: fc.option(fc.option(scalar, { nil: null, freq: 2 }), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('date' as const),
      property: fc.constantFrom('due', 'due', 'plan'),
      offsetDays: fc.integer({ min: -1, max: 1 }),
      atMinute: fc.constantFrom(0, 20, 60, 1150, 1200, 340, 400),
      yearly: fc.boolean(),
    }),
  },
);

const sent: fc.Arbitrary<SentRule> = fc.record({
  workflow: fc.constantFrom('w', '*', 'other'),
  withinMs: duration,
  history: fc.boolean(),
});

const suppression: fc.Arbitrary<Omit<Suppression, 'id'>> = fc.record({
  sent: fc.option(sent, { nil: null }),
  where: fc.oneof(fc.constant([]), fc.array(filter, { minLength: 1, maxLength: 1 })),
  if: fc.option(condition(false), { nil: null }),
});

const reentry: fc.Arbitrary<Reentry> = fc.oneof(
  fc.constant({ kind: 'always' as const }),
  fc.constant({ kind: 'once' as const }),
  duration.map((ms) => ({ kind: 'cooldown' as const, ms })),
);

type StepParts = Pick<Step, 'delayMs' | 'from' | 'if'>;
const stepParts: fc.Arbitrary<StepParts> = fc.record({
  delayMs: fc.integer({ min: 0, max: 20 }).map((n) => n * MIN),
  from: fc.constantFrom('trigger' as const, 'trigger' as const, 'previous' as const),
  if: fc.option(condition(true), { nil: null, freq: 3 }),
});
const branchParts = fc.record({
  id: fc.boolean(),
  paths: fc.array(fc.record({ if: condition(true), steps: fc.array(stepParts, { maxLength: 2 }) }), {
    minLength: 1,
    maxLength: 2,
  }),
  else: fc.array(stepParts, { maxLength: 2 }),
});
const items = fc.array(fc.oneof({ weight: 4, arbitrary: stepParts }, { weight: 1, arbitrary: branchParts }), {
  minLength: 1,
  maxLength: 3,
});

/** Steps and branches, with ids by their place. */
const sequence: fc.Arbitrary<SequenceItem[]> = items.map((parts) => {
  let n = 0;
  const stepOf = ({ delayMs, ...rest }: StepParts) => step(`s${n++}`, delayMs, rest);
  return parts.map((item, i): SequenceItem => {
    if (!('paths' in item)) return stepOf(item);
    const paths = item.paths.map((path, k) => ({ id: `way${k}`, if: path.if, steps: path.steps.map(stepOf) }));
    return { kind: 'branch', id: item.id ? `b${i}` : null, paths, else: item.else.map(stepOf) };
  });
});

const gates = fc.record({
  unsubscribed: fc.option(match, { nil: null, freq: 2 }),
  cap: fc.array(
    fc.record({
      n: fc.integer({ min: 1, max: 2 }),
      withinMs: duration,
      scope: fc.constantFrom('workflow' as const, 'programme' as const),
      history: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
  quiet: fc.option(
    fc.record({
      fromMinute: fc.integer({ min: 0, max: 1439 }),
      toMinute: fc.integer({ min: 0, max: 1439 }),
      else: fc.constantFrom('defer' as const, 'drop' as const),
    }),
    { nil: null },
  ),
  sendTime: fc.option(
    fc.record({ leadMs: fc.integer({ min: 0, max: 90 }).map((n) => n * MIN), withinMs: fc.constantFrom(HOUR, DAY) }),
    { nil: null, freq: 2 },
  ),
});

/** @param trigger what fires; conditions of all kinds may occur anywhere. @param id also the holdout's salt */
export function workflows(trigger: fc.Arbitrary<Workflow['trigger']>, id = 'w'): fc.Arbitrary<Workflow> {
  return fc
    .record({
      trigger,
      timezone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kathmandu'),
      audience: fc.option(condition(false), { nil: null, freq: 4 }),
      suppress: fc.array(suppression, { maxLength: 2 }),
      reentry,
      reach: fc.record({ address: fc.constantFrom('email', 'k'), consent: fc.constantFrom(null, null, 'ok', 'plan') }),
      holdout: fc.constantFrom(0, 0.5, 0.9).map((fraction) => ({ fraction, salt: id })),
      sequence,
      gates: fc.option(gates, { nil: null, freq: 2 }),
      globalHoldout: fc.option(fc.constant({ fraction: 0.4, salt: 'all' }), { nil: null, freq: 10 }),
      exit: fc.record({ on: fc.array(match, { maxLength: 1 }), afterMs: fc.option(duration, { nil: null }) }),
      goal: fc.record({ match, withinMs: duration, value: fc.constantFrom(null, 'revenue', 'k', 'value') }),
    })
    .map((parts) =>
      workflow(parts.trigger, {
        ...parts,
        id,
        suppress: parts.suppress.map((rule, i) => ({ id: `r${i}`, ...rule })),
      }),
    );
}

const oneTrigger = fc.oneof(anchoredTrigger, unanchoredTrigger);

export const anyTrigger: fc.Arbitrary<Workflow['trigger']> = fc.oneof(
  { weight: 3, arbitrary: oneTrigger },
  {
    weight: 1,
    arbitrary: fc
      .array(oneTrigger, { minLength: 1, maxLength: 3 })
      .map((triggers) => ({ type: 'anyOf' as const, triggers })),
  },
);
