import { describe, expect, it } from 'vitest';
import { desiredKlaviyo, type FlowDefinition, keysIn, withIds, workflowOfFlow } from '../../../engine/esp/index.ts';
import { account, accountFor, checked, fixture } from './klaviyo.ts';

const LOOKUP = account(['Checkout Started', 'Placed Order', 'Refunded']);
const metric = (name: string) => LOOKUP.metrics.find((one) => one.name === name)?.id as string;
const none = (name: string) => ({
  conditions: [
    {
      type: 'profile-metric',
      metric_id: metric(name),
      measurement: 'count',
      measurement_filter: { type: 'numeric', operator: 'equals', value: 0 },
      timeframe_filter: { type: 'date', operator: 'flow-start' },
    },
  ],
});
const email = (id: string, name: string, next: string | null, more: object = {}) => ({
  id,
  type: 'send-email',
  links: { next },
  data: {
    status: 'live',
    message: {
      id: `M-${id}`,
      name,
      from_email: 'shop@example.com',
      from_label: 'Shop',
      subject_line: "Hi {{ person.first_name|default:'there' }}",
      template_id: `T-${id}`,
      smart_sending_enabled: false,
      transactional: false,
      add_tracking_params: true,
      ...more,
    },
  },
});
const wait = (id: string, value: number, unit: string, next: string) => ({
  id,
  type: 'time-delay',
  links: { next },
  data: { unit, value, secondary_value: null, timezone: 'profile', delay_until_time: null },
});
const live = (actions: unknown[], more: object = {}) => ({
  id: 'FLOW1',
  name: 'Abandoned Checkout',
  definition: {
    triggers: [{ type: 'metric', id: metric('Checkout Started'), trigger_filter: null }],
    profile_filter: { condition_groups: [none('Placed Order')] },
    actions,
    entry_action_id: (actions[0] as { id: string } | undefined)?.id ?? null,
    reentry_criteria: { duration: 30, unit: 'day' },
    ...more,
  },
});

describe('a live flow of an account', () => {
  it.each<[string, unknown, object]>([
    ['nothing keeps out is over with its last email', null, { exit: { after: '20h' } }],
    ['may be entered always is over with its last email', { duration: 0, unit: 'alltime' }, { exit: { after: '20h' } }],
    ['is entered once stays so', { duration: 1, unit: 'alltime' }, { reentry: 'once' }],
    ['keeps out for a time stays so', { duration: 30, unit: 'day' }, { reentry: { cooldown: '30d' } }],
  ])('that %s', (_, reentry_criteria, expected) => {
    const actions = [
      wait('1', 4, 'hours', '2'),
      email('2', 'First', '3'),
      wait('3', 20, 'hours', '4'),
      email('4', 'Second', null),
    ];
    const { workflow } = workflowOfFlow(live(actions, { reentry_criteria }), LOOKUP);
    expect(workflow).toMatchObject(expected);
    // The goal is watched for longer than people are in the flow.
    expect(workflow).toMatchObject({ goal: { within: '7d' } });
    expect(Object.keys(workflow ?? {}).filter((key) => key === 'exit' || key === 'reentry')).toEqual(
      Object.keys(expected),
    );
  });

  it('reads as an inaction whose window is the first wait', () => {
    const flow = live([
      wait('1', 4, 'hours', '2'),
      email('2', 'Reminder', '3'),
      wait('3', 20, 'hours', '4'),
      email('4', 'Last call', null),
    ]);
    const read = workflowOfFlow(flow, LOOKUP);
    expect(read.unexpressed).toEqual([]);
    expect(read.workflow).toEqual({
      foresend: 1,
      id: 'abandoned-checkout',
      name: 'Abandoned Checkout',
      timezone: 'America/New_York',
      trigger: {
        type: 'inaction',
        after: { event: 'Checkout Started' },
        without: { event: 'Placed Order' },
        within: '4h',
        rearm: 'first',
      },
      reentry: { cooldown: '30d' },
      sequence: [
        {
          id: 'Reminder',
          delay: '0s',
          subject: "Hi {{ person.first_name | default: 'there' }}",
          template: { klaviyo: 'T-2' },
        },
        {
          id: 'Last call',
          delay: '20h',
          subject: "Hi {{ person.first_name | default: 'there' }}",
          template: { klaviyo: 'T-4' },
        },
      ],
      goal: { event: 'Placed Order', within: '7d' },
    });
    expect(read.actionIds).toEqual({ '2': 'Reminder', '4': 'Last call' });
    expect(read.templateIds).toEqual({ Reminder: 'T-2', 'Last call': 'T-4' });
  });

  it('keeps what has no words, verbatim, and reads on behind it', () => {
    const sms = { id: '1', type: 'send-sms', links: { next: '2' }, data: { message: { body: 'Hi' } } };
    const disabled = { ...email('2', 'Old', '3'), data: { ...email('2', 'Old', '3').data, status: 'disabled' } };
    const read = workflowOfFlow(
      live([sms, disabled, email('3', 'New', null, { smart_sending_enabled: true })]),
      LOOKUP,
    );
    expect(read.workflow?.['sequence']).toMatchObject([{ id: 'New' }]);
    expect(read.unexpressed.map(({ at, verbatim }) => [at, (verbatim as { id: string }).id])).toEqual([
      ['actions[0]', '1'],
      ['actions[1]', '2'],
      ['actions[2]', '3'],
    ]);
  });

  it('reads a fork, and what both of its paths share behind it once', () => {
    const vip = {
      type: 'profile-property',
      property: 'vip',
      filter: { type: 'boolean', operator: 'equals', value: true },
    };
    const split = {
      id: '1',
      type: 'conditional-split',
      links: { next_if_true: '2', next_if_false: '4' },
      data: { profile_filter: { condition_groups: [{ conditions: [vip] }] } },
    };
    const read = workflowOfFlow(
      live([
        split,
        email('2', 'For VIPs', '3'),
        wait('3', 2, 'days', '6'),
        email('4', 'For others', '5'),
        wait('5', 48, 'hours', '7'),
        email('6', 'Shared', null),
        email('7', 'Shared', null),
      ]),
      LOOKUP,
    );
    const sequence = read.workflow?.['sequence'] as Record<string, unknown>[];
    expect(sequence).toHaveLength(2);
    expect(sequence[0]).toMatchObject({
      branch: [{ if: { is: 'property', property: 'vip', op: '=', value: true }, steps: [{ id: 'For VIPs' }] }],
      else: [{ id: 'For others' }],
    });
    expect(sequence[1]).toMatchObject({ id: 'Shared', delay: '2d' });
  });

  it('reads a lot that ends one path as a holdout', () => {
    const split = {
      id: '1',
      type: 'conditional-split',
      links: { next_if_true: null, next_if_false: '2' },
      data: { profile_filter: { condition_groups: [{ conditions: [{ type: 'profile-sample', percentage: 10 }] }] } },
    };
    expect(workflowOfFlow(live([split, email('2', 'Mail', null)]), LOOKUP).workflow).toMatchObject({
      holdout: { fraction: 0.1 },
      sequence: [{ id: 'Mail' }],
    });
  });

  it('guesses a goal where nothing ends the flow, and says so', () => {
    const read = workflowOfFlow(live([email('1', 'Welcome', null)], { profile_filter: null }), LOOKUP);
    expect(read.workflow?.['goal']).toEqual({ event: 'Placed Order', within: '7d' });
    expect(read.unexpressed).toEqual([expect.objectContaining({ at: 'profile_filter' })]);
  });

  it('makes no workflow of a trigger that has no words, and keeps it', () => {
    const read = workflowOfFlow(live([email('1', 'Drop', null)], { triggers: [{ type: 'price-drop' }] }), LOOKUP);
    expect(read.workflow).toBeNull();
    expect(read.unexpressed[0]).toMatchObject({ at: 'triggers[0]', verbatim: { type: 'price-drop' } });
  });

  it('writes out the segment that starts it', () => {
    const definition = {
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
    };
    const flow = live([email('1', 'Hello', null)], { triggers: [{ type: 'segment', id: 'SEG001' }] });
    expect(workflowOfFlow(flow, LOOKUP).workflow?.['trigger']).toEqual({
      type: 'condition',
      all: [{ is: 'segment', segment: 'at-risk' }],
    });
    expect(workflowOfFlow(flow, { ...LOOKUP, segments: { SEG001: definition } }).workflow?.['trigger']).toEqual({
      type: 'property',
      property: 'plan',
      to: 'pro',
    });
  });

  it('says where a segment of the account has the name of one of ours, whose meaning is replayed', () => {
    const flow = live([email('1', 'Hello', null)], { triggers: [{ type: 'segment', id: 'SEG001' }] });
    expect(workflowOfFlow(flow, LOOKUP).unexpressed).toEqual([
      expect.objectContaining({
        at: 'trigger.all[0]',
        words: expect.stringMatching(/"at-risk".*takes Foresend's meaning/),
      }),
    ]);
    const groups = LOOKUP.groups.map((group) => ({ ...group, name: 'VIPs' }));
    expect(workflowOfFlow(flow, { ...LOOKUP, groups }).unexpressed).toEqual([]);
  });

  it('survives whatever is no flow', () => {
    for (const definition of [null, [], { actions: 1 }, { actions: [], triggers: [] }, { actions: [null, 3, {}] }]) {
      expect(workflowOfFlow({ id: 'x', name: 'x', definition }, LOOKUP).workflow).toBeNull();
    }
    const loop = live([wait('1', 1, 'hours', '2'), email('2', 'Again', '1')]);
    expect(workflowOfFlow(loop, LOOKUP).workflow?.['sequence']).toHaveLength(1);
  });
});

describe('a flow of ours', () => {
  it('reads back with its window, suppression and holdout', () => {
    const file = fixture('cart-recovery');
    const workflow = checked(file);
    const lookup = accountFor(workflow);
    const { flow } = desiredKlaviyo(workflow, lookup);
    const definition = flow?.definition as FlowDefinition;
    const ids = Object.fromEntries(keysIn(definition).map((key) => [key, `T-${key}`]));
    const read = workflowOfFlow({ id: 'F', name: flow?.name as string, definition: withIds(definition, ids) }, lookup);
    expect(read.unexpressed).toEqual([]);
    const { attribution: _a, economics: _e, notes: _n, $schema: _s, ...written } = file;
    expect(read.workflow).toEqual({
      ...written,
      trigger: { ...(file['trigger'] as object), rearm: 'first', within: '1h' },
      suppress: [
        (file['suppress'] as unknown[])[0],
        {
          id: 'small-cart',
          if: { is: 'sum', event: 'Added to Cart', property: 'value', op: '<', value: 20, inLast: '1d' },
        },
      ],
      sequence: [
        {
          id: 'reminder',
          delay: '1h',
          subject: 'You left {{ event.item }} in your cart',
          template: { klaviyo: 'T-template:reminder' },
        },
        {
          id: 'social-proof',
          delay: '1d',
          subject: 'Why others chose {{ event.item }}',
          template: { klaviyo: 'T-template:social-proof' },
        },
        {
          id: 'incentive',
          delay: '3d',
          subject: '10% off until [expires]',
          template: { klaviyo: 'T-template:incentive' },
        },
      ],
      goal: { event: 'Purchased', within: '7d' },
      exit: undefined,
    });
  });
});
