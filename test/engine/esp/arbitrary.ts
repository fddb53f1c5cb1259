// Random workflow files: `anything` mixes all forms, `expressible` keeps to what the vocabulary says means the same at
// Klaviyo, so that it must come back as it went.

import fc from 'fast-check';

type Json = Record<string, unknown>;
const event = fc.constantFrom('Add', 'Buy', 'Look', 'Quit');
const text = fc.constantFrom('red', 'blue', 'pro');
const hours = fc.integer({ min: 1, max: 400 }).map((n) => `${n}h`);
const op = fc.constantFrom('=', '!=', '<', '<=', '>', '>=');

const test: fc.Arbitrary<Json> = fc.oneof(
  fc.record({ op: fc.constantFrom('=', '!='), value: fc.oneof(text, fc.integer({ min: 0, max: 50 }), fc.boolean()) }),
  fc.record({ op: fc.constantFrom('<', '<=', '>', '>='), value: fc.integer({ min: 0, max: 50 }) }),
  fc.record({ op: fc.constant('in'), value: fc.array(text, { minLength: 1, maxLength: 2 }) }),
  fc.record({ op: fc.constant('contains'), value: text }),
  fc.record({ op: fc.constant('exists'), value: fc.boolean() }),
);
const simpleTest = test.filter(({ op: asked, value }) => asked !== '!=' || typeof value !== 'boolean');
const filter = fc
  .record({ property: fc.constantFrom('colour', 'size'), test: simpleTest })
  .map(({ property, test: asked }) => ({ property, ...asked }));
const match = fc
  .record({ event, where: fc.array(filter, { maxLength: 1 }) })
  .map((one) => (one.where.length === 0 ? { event: one.event } : one));

const property = fc
  .record({ property: fc.constantFrom('plan', 'age'), test })
  .map(({ property: name, test: asked }) => ({ is: 'property', property: name, ...asked }));
const count = fc.record(
  { is: fc.constant('count'), event, op, value: fc.integer({ min: 1, max: 3 }), inLast: hours },
  { requiredKeys: ['is', 'event', 'op', 'value'] },
);
const sum = fc.record({
  is: fc.constant('sum'),
  event,
  property: fc.constant('value'),
  op,
  value: fc.integer({ min: 1, max: 99 }),
  inLast: hours,
});
const distinct = fc.record({
  is: fc.constant('distinct'),
  events: fc.constant(['Add', 'Look', 'Quit']),
  op,
  value: fc.integer({ min: 0, max: 4 }),
});
const segment = fc.record({ is: fc.constant('segment'), segment: fc.constant('at-risk') });
const leaf: fc.Arbitrary<Json> = fc.oneof(property, count, sum, segment);
const hard: fc.Arbitrary<Json> = fc.oneof(
  leaf,
  distinct,
  fc.record({ is: fc.constant('tenure'), op, value: hours }),
  fc.record({
    is: fc.constantFrom('max', 'min', 'last'),
    event,
    property: fc.constant('value'),
    op,
    value: fc.constant(7),
  }),
);
const tree = (of: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc.oneof(
    of,
    fc.record({ all: fc.array(of, { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(of, { minLength: 1, maxLength: 2 }) }),
    fc.record({ not: of }),
  );

const trigger: fc.Arbitrary<Json> = fc.oneof(
  match.map((one) => ({ type: 'behavior', ...one })),
  fc.record({
    type: fc.constant('inaction'),
    after: match,
    without: fc.record({ event: fc.constant('Answer') }),
    within: hours,
    rearm: fc.constant('first'),
  }),
  fc.record({ type: fc.constant('absence'), of: fc.constantFrom(['Look'], ['Look', 'Add']), for: hours }),
  fc.record({ type: fc.constant('property'), property: fc.constant('plan'), to: fc.oneof(text, fc.constant(null)) }),
  fc.record({ type: fc.constant('date'), property: fc.constant('renewal'), offset: fc.constantFrom('-14d', '0d') }),
);
const anyTrigger: fc.Arbitrary<Json> = fc.oneof(
  trigger,
  fc.record({ type: fc.constant('condition'), all: fc.array(tree(hard), { minLength: 1, maxLength: 2 }) }),
  fc.record({ type: fc.constant('behavior'), event, count: fc.integer({ min: 2, max: 4 }), within: hours }),
  fc.record({ type: fc.constant('absence'), for: hours }),
  fc.record({ type: fc.constant('schedule'), cron: fc.constant('0 9 * * 2') }),
  fc.record({
    type: fc.constant('decline'),
    recent: fc.constant('14d'),
    baseline: fc.constant('56d'),
    ratio: fc.constant(0.5),
  }),
  fc.array(trigger, { minLength: 1, maxLength: 2 }).map((triggers) => ({ type: 'anyOf', triggers })),
);

/** Steps in the order they are due. */
const steps = (prefix: string, from: number, condition: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  fc
    .array(
      fc.record(
        {
          wait: fc.integer({ min: 0, max: 60 }),
          if: condition,
          subject: fc.constantFrom('Hello', 'For {{ person.plan }}'),
        },
        { requiredKeys: ['wait'] },
      ),
      { minLength: 1, maxLength: 3 },
    )
    .map((list) => {
      let due = from;
      return list.map(({ wait, ...rest }, i) => {
        due += wait;
        return { id: `${prefix}${i + 1}`, delay: `${due}h`, ...rest };
      });
    });
const branch = (condition: fc.Arbitrary<Json>): fc.Arbitrary<Json> =>
  fc
    .record({
      if: condition,
      yes: steps('yes', 300, condition),
      no: fc.option(steps('no', 300, condition), { nil: undefined }),
    })
    .map(({ if: asked, yes, no }) => ({
      id: 'fork',
      branch: [{ id: 'yes', if: asked, steps: yes }],
      ...(no === undefined ? {} : { else: no }),
    }));
const sequence = (condition: fc.Arbitrary<Json>): fc.Arbitrary<Json[]> =>
  fc
    .tuple(steps('mail', 0, condition), fc.option(branch(condition)), fc.boolean())
    .map(([list, fork, hasTail]) => [
      ...list,
      ...(fork === null ? [] : [fork]),
      ...(fork !== null && hasTail ? [{ id: 'tail', delay: '600h' }] : []),
    ]);

const file = (start: fc.Arbitrary<Json>, condition: fc.Arbitrary<Json>, more: Record<string, fc.Arbitrary<unknown>>) =>
  fc
    .record(
      {
        trigger: start,
        audience: condition,
        suppress: condition.map((asked) => [{ id: 'left', if: asked }]),
        reentry: fc.constantFrom('always', 'once', { cooldown: '300h' }),
        holdout: fc.record({ fraction: fc.constantFrom(0.1, 0.15, 0.5), salt: fc.constant('salt-1') }),
        sequence: sequence(condition),
        exit: fc.array(match, { minLength: 1, maxLength: 2 }).map((on) => ({ on })),
        ...more,
      },
      { requiredKeys: ['trigger', 'sequence'] },
    )
    .map((parts): Json => ({ foresend: 1, id: 'w', ...parts, goal: { event: 'Buy', within: '7d' } }));

export const expressible: fc.Arbitrary<Json> = file(trigger, tree(leaf), {});
export const anything: fc.Arbitrary<Json> = file(anyTrigger, tree(hard), {
  globalHoldout: fc.constant({ fraction: 0.05, salt: 'everyone' }),
  gates: fc.constant({
    unsubscribed: { event: 'Quit' },
    cap: [{ n: 2, within: '7d' }],
    quiet: { from: '21:00', to: '08:00' },
  }),
  reach: fc.constant({ consent: 'opted_in' }),
});
