import { describe, expect, it } from 'vitest';
import { assignmentOf, desiredKlaviyo, type FlowAction, type KlaviyoLookup } from '../../../engine/esp/index.ts';
import { assignArm } from '../../../engine/holdout/index.ts';
import { account, checked } from './klaviyo.ts';

const LOOKUP = account(['Add', 'Buy', 'Look']);
const base = (parts: object = {}) => ({
  foresend: 1,
  id: 'w',
  trigger: { type: 'behavior', event: 'Add' },
  sequence: [{ id: 'mail', delay: '1h' }],
  goal: { event: 'Buy', within: '7d' },
  ...parts,
});
const wanted = (parts: object = {}, lookup: KlaviyoLookup = LOOKUP) => desiredKlaviyo(checked(base(parts)), lookup);
const metric = (name: string) => LOOKUP.metrics.find((one) => one.name === name)?.id as string;

function flow(parts: object = {}) {
  const desired = wanted(parts);
  if (desired.flow === null) throw new Error(JSON.stringify(desired.problems));
  return desired.flow.definition;
}
function action<T extends FlowAction['type']>(parts: object, id: string, _type: T) {
  const found = flow(parts).actions.find((one) => one.temporary_id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found as Extract<FlowAction, { type: T }>;
}
function problems(parts: object, lookup?: KlaviyoLookup): string[] {
  const { flow: written, problems: found } = wanted(parts, lookup);
  expect(written).toBeNull();
  return found.filter(({ severity }) => severity === 'error').map(({ code, at }) => `${code} ${at}`);
}

describe('the waits', () => {
  it('are what is left from the action before, of delays from the trigger', () => {
    const sequence = [
      { id: 'a', delay: '1h' },
      { id: 'b', delay: '24h' },
      { id: 'c', delay: '72h' },
    ];
    expect(
      flow({ sequence })
        .actions.filter(({ type }) => type === 'time-delay')
        .map(({ data }) => data),
    ).toEqual([
      { unit: 'hours', value: 1, timezone: 'profile' },
      { unit: 'hours', value: 23, timezone: 'profile' },
      { unit: 'hours', value: 48, timezone: 'profile' },
    ]);
  });

  it('count on from the email before where the workflow says so', () => {
    const sequence = [
      { id: 'a', delay: '1h' },
      { id: 'b', delay: '30m', from: 'previous' },
      { id: 'c', delay: '7d' },
    ];
    expect(
      flow({ sequence })
        .actions.filter(({ type }) => type === 'time-delay')
        .map(({ data }) => data),
    ).toEqual([
      { unit: 'hours', value: 1, timezone: 'profile' },
      { unit: 'minutes', value: 30, timezone: 'profile' },
      { unit: 'minutes', value: 7 * 24 * 60 - 90, timezone: 'profile' },
    ]);
  });

  it('are left out where there is none', () => {
    expect(flow({ sequence: [{ id: 'a', delay: '0s' }] }).actions.map(({ type }) => type)).toEqual(['send-email']);
  });

  it('are refused in seconds, and where an email stands behind one that is due later', () => {
    expect(problems({ sequence: [{ id: 'a', delay: '90s' }] })).toEqual(['NOT_EXPRESSIBLE sequence[0].delay']);
    const sequence = [
      { id: 'a', delay: '24h' },
      { id: 'b', delay: '1h' },
    ];
    expect(problems({ sequence })).toEqual(['NOT_EXPRESSIBLE sequence[1].delay']);
  });
});

describe('what ends a flow', () => {
  it('is asked of the goal and of every exit, once each, since the start', () => {
    const filter = flow({ exit: { on: [{ event: 'Buy' }, { event: 'Look' }] } }).profile_filter;
    expect(filter?.condition_groups.map(({ conditions }) => conditions)).toEqual(
      ['Buy', 'Look'].map((name) => [
        {
          type: 'profile-metric',
          metric_id: metric(name),
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
          timeframe_filter: { type: 'date', operator: 'flow-start' },
        },
      ]),
    );
  });
});

describe('the trigger', () => {
  it('waits the window of an inaction, then lets go whoever answered', () => {
    const trigger = { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '90m' };
    expect(action({ trigger }, 'window', 'time-delay')).toMatchObject({
      data: { unit: 'minutes', value: 90 },
      links: { next: 'unanswered' },
    });
    expect(action({ trigger }, 'unanswered', 'conditional-split').links).toEqual({
      next_if_true: 'wait-mail',
      next_if_false: null,
    });
  });

  it('keeps filters on the event at the trigger, and what a suppression says of it', () => {
    const definition = flow({
      trigger: { type: 'behavior', event: 'Add', where: [{ property: 'value', op: '>=', value: 20 }] },
      suppress: [{ id: 'gift', where: [{ property: 'sku', op: '=', value: 'gift' }] }],
    });
    expect(definition.triggers[0]).toEqual({
      type: 'metric',
      id: metric('Add'),
      trigger_filter: {
        condition_groups: [
          {
            conditions: [
              {
                type: 'metric-property',
                metric_id: metric('Add'),
                field: '$value',
                filter: { type: 'numeric', operator: 'greater-than-or-equal', value: 20 },
              },
            ],
          },
          {
            conditions: [
              {
                type: 'metric-property',
                metric_id: metric('Add'),
                field: 'sku',
                filter: { type: 'string', operator: 'not-equals', value: 'gift' },
              },
              {
                type: 'metric-property',
                metric_id: metric('Add'),
                field: 'sku',
                filter: { type: 'existence', operator: 'not-set' },
              },
            ],
          },
        ],
      },
    });
    expect(definition.actions).toHaveLength(2);
  });

  it('is a segment for a silence', () => {
    const desired = wanted({ trigger: { type: 'absence', of: ['Look'], for: '14d' } });
    const count = (operator: string, value: number, timeframe_filter: object) => ({
      conditions: [
        {
          type: 'profile-metric',
          metric_id: metric('Look'),
          measurement: 'count',
          measurement_filter: { type: 'numeric', operator, value },
          timeframe_filter,
        },
      ],
    });
    expect(desired.segments[0]?.definition.condition_groups).toEqual([
      count('equals', 0, { type: 'date', operator: 'in-the-last', unit: 'day', quantity: 14 }),
      count('greater-than-or-equal', 1, { type: 'date', operator: 'alltime' }),
    ]);
    expect(desired.flow?.definition.triggers).toEqual([{ type: 'segment', id: '{{segment:trigger}}' }]);
  });

  it('is a date before or on which it starts, and waits the days behind it', () => {
    const date = (offset: string) => ({
      trigger: { type: 'date', property: 'renewal', offset, at: '09:30', yearly: true },
    });
    expect(flow(date('-14d')).triggers[0]).toMatchObject({
      timedelta_value_before_date: 14,
      trigger_time: '09:30:00',
      recurrence_frequency: 'annually',
    });
    expect(flow(date('3d')).triggers[0]).toMatchObject({ timedelta_value_before_date: 0 });
    expect(action(date('3d'), 'wait-mail', 'time-delay').data).toMatchObject({ unit: 'hours', value: 73 });
  });
});

describe('re-entry', () => {
  it.each([
    ['once', { duration: 1, unit: 'alltime' }],
    ['always', { duration: 7, unit: 'day' }],
    [{ cooldown: '30d' }, { duration: 30, unit: 'day' }],
    [{ cooldown: '2h' }, { duration: 7, unit: 'day' }],
  ])('%o', (reentry, expected) => {
    expect(flow({ reentry }).reentry_criteria).toEqual(expected);
  });
});

describe('the holdout', () => {
  const parts = { holdout: { fraction: 0.2, salt: 's-1' } };

  it('draws only people without an arm under the salt, writes it down, and lets the held out go', () => {
    const ids = flow(parts).actions.map(({ temporary_id }) => temporary_id);
    expect(ids).toEqual(['arm-draw', 'arm-holdout', 'arm-known', 'arm-treated', 'wait-mail', 'email-mail']);
    expect(action(parts, 'arm-draw', 'conditional-split').links).toEqual({
      next_if_true: 'arm-holdout',
      next_if_false: 'arm-known',
    });
    expect(action(parts, 'arm-holdout', 'update-profile').links.next).toBeNull();
    expect(action(parts, 'arm-known', 'conditional-split').links).toEqual({
      next_if_true: null,
      next_if_false: 'arm-treated',
    });
    expect(JSON.stringify(action(parts, 'arm-draw', 'conditional-split').data)).toContain(
      '{"type":"profile-sample","percentage":20}',
    );
  });

  it('gives known people the arm Foresend drew', () => {
    const { holdout } = wanted(parts);
    for (const person of ['a', 'b', 'c', 'ä']) {
      const { arm, properties } = assignmentOf(holdout as NonNullable<typeof holdout>, person, 0);
      expect(arm).toBe(assignArm('s-1', person, 0.2));
      expect(properties).toEqual({
        foresend_w_arm: arm,
        foresend_w_salt: 's-1',
        foresend_w_time: '1970-01-01T00:00:00.000Z',
      });
    }
  });

  it('is refused where it is no whole percent', () => {
    expect(problems({ holdout: { fraction: 0.125 } })).toEqual(['NOT_EXPRESSIBLE holdout.fraction']);
  });
});

describe('an email', () => {
  it('is a draft, with the sender, without Smart Sending, and its condition as a filter', () => {
    const sequence = [
      { id: 'mail', delay: '1h', subject: 'Hi', if: { is: 'property', property: 'plan', op: '=', value: 'pro' } },
    ];
    const { data } = action({ sequence }, 'email-mail', 'send-email');
    expect(data).toEqual({
      status: 'draft',
      message: {
        name: 'mail',
        from_email: 'shop@example.com',
        from_label: 'Example Shop',
        subject_line: 'Hi',
        template_id: '{{template:mail}}',
        smart_sending_enabled: false,
        transactional: false,
        add_tracking_params: false,
        additional_filters: {
          condition_groups: [
            {
              conditions: [
                {
                  type: 'profile-property',
                  property: 'plan',
                  filter: { type: 'string', operator: 'equals', value: 'pro' },
                },
              ],
            },
          ],
        },
      },
    });
  });

  it('uses a template of the account where the step names one, and makes none', () => {
    const sequence = [{ id: 'mail', delay: '1h', subject: 'Hi', template: { klaviyo: 'AbC123' } }];
    expect(action({ sequence }, 'email-mail', 'send-email').data.message.template_id).toBe('AbC123');
    expect(wanted({ sequence }).templates).toEqual([]);
  });

  it('stands on every path of a branch that comes before it', () => {
    const sequence = [
      {
        id: 'fork',
        branch: [{ id: 'rich', if: { is: 'segment', segment: 'at-risk' }, steps: [{ id: 'a', delay: '1h' }] }],
      },
      { id: 'last', delay: '2h' },
    ];
    expect(
      flow({ sequence }).actions.map(({ temporary_id, links }) => [temporary_id, ...Object.values(links)]),
    ).toEqual([
      ['fork-rich', 'wait-a', 'wait-last~2'],
      ['wait-a', 'email-a'],
      ['email-a', 'wait-last'],
      ['wait-last', 'email-last'],
      ['email-last', null],
      ['wait-last~2', 'email-last~2'],
      ['email-last~2', null],
    ]);
  });

  it('leaves for a person what the workflow does not say', () => {
    const sequence = [
      {
        id: 'mail',
        delay: '1h',
        subject: 'Until {{ expires }}',
        incentive: { percent: 10, minimum: 50, expires: '48h' },
      },
    ];
    expect(wanted({ sequence }, { ...LOOKUP, sender: null }).byHand.map(({ key, value }) => [key, value])).toEqual([
      ['sender', null],
      ['body:mail', 'w: mail [foresend:w template:mail]'],
      ['offer:mail', '10% off, on orders from 50, for 48 hours after the email'],
      ['live', 'w [foresend:w flow]'],
    ]);
  });
});

describe('what is refused before anything is written', () => {
  it('an event the account has no metric of, with the nearest', () => {
    const lookup = account(['Added to Cart', 'Buy']);
    const { problems: found } = wanted({ trigger: { type: 'behavior', event: 'Added to cart' } }, lookup);
    expect(found[0]).toMatchObject({ code: 'UNKNOWN_METRIC', at: 'trigger.event' });
    expect(found[0]?.message).toContain('The nearest is "Added to Cart".');
  });

  it('an event that two integrations have, until one is named', () => {
    const lookup = { ...LOOKUP, metrics: [...LOOKUP.metrics, { id: 'X1', name: 'Add', integration: 'Shopify' }] };
    expect(problems({}, lookup)).toEqual(['AMBIGUOUS_METRIC trigger.event']);
    const named = wanted({ trigger: { type: 'behavior', event: 'Add (Shopify)' } }, lookup);
    expect(named.flow?.definition.triggers[0]).toEqual({ type: 'metric', id: 'X1' });
  });

  it('a template, a segment or an email count the account does not have', () => {
    const sequence = [{ id: 'mail', delay: '1h', template: { klaviyo: 'gone' } }];
    expect(problems({ sequence })).toEqual(['UNKNOWN_TEMPLATE sequence[0].template.klaviyo']);
    expect(problems({ audience: { is: 'segment', segment: 'vip' } })).toEqual(['UNKNOWN_SEGMENT audience.segment']);
    const lookup = { ...LOOKUP, metrics: LOOKUP.metrics.filter(({ name }) => name !== 'Received Email') };
    expect(problems({ gates: { cap: [{ n: 1, within: '7d' }] } }, lookup)).toEqual([
      'UNKNOWN_METRIC gates.cap[0].within',
    ]);
  });

  it.each([
    ['trigger', { trigger: { type: 'schedule', cron: '0 9 * * 2' } }],
    [
      'trigger',
      {
        trigger: {
          type: 'anyOf',
          triggers: [
            { type: 'behavior', event: 'Add' },
            { type: 'behavior', event: 'Look' },
          ],
        },
      },
    ],
    ['trigger', { trigger: { type: 'absence', for: '60d' } }],
    ['trigger.calendar', { trigger: { type: 'behavior', event: 'Add', calendar: 'week', count: 3 } }],
    ['audience', { audience: { is: 'tenure', op: '>=', value: '14d' } }],
    ['audience.property', { audience: { is: 'sum', event: 'Add', property: 'weight', op: '>', value: 1 } }],
    ['audience.inLast', { audience: { is: 'count', event: 'Add', op: '>', value: 1, inLast: '90m' } }],
    [
      'goal.where[0]',
      { goal: { event: 'Buy', within: '7d', where: [{ property: 'person.plan', op: '=', value: 'pro' }] } },
    ],
    ['sequence', { sequence: [] }],
  ])('what Klaviyo has no words for, at %s', (at, parts) => {
    expect(problems(parts)).toContain(`NOT_EXPRESSIBLE ${at}`);
  });
});
