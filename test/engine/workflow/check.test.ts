import { describe, expect, it } from 'vitest';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';
import { copy, everything, forms, type Json, type JsonObject } from './everything.ts';

const minimal = forms[0] as JsonObject;

function checked(file: unknown): Workflow {
  const { workflow, issues } = checkWorkflow(file);
  expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
  return workflow as Workflow;
}

/** `path: message` of every issue. */
function said(file: unknown): string[] {
  return checkWorkflow(file).issues.map((issue) => `${issue.at}: ${issue.message}`);
}

function codes(rest: JsonObject): string[] {
  return checkWorkflow({ ...copy(minimal), ...rest }).issues.map(({ code, at }) => `${code} ${at}`);
}

const inaction = (rest: JsonObject): JsonObject => ({
  trigger: { type: 'inaction', after: { event: 'A' }, without: { event: 'B' }, within: '60m', ...rest },
});

describe('defaults', () => {
  it('are filled in', () => {
    expect(checked(minimal)).toEqual({
      id: 'minimal',
      name: 'minimal',
      timezone: 'UTC',
      trigger: { type: 'behavior', match: { event: 'Signed up', where: [] }, count: 1, withinMs: null, calendar: null },
      audience: null,
      suppress: [],
      reentry: { kind: 'always' },
      reach: { address: 'email', consent: null },
      gates: null,
      holdout: { fraction: 0, salt: 'minimal' },
      globalHoldout: null,
      sequence: [
        {
          kind: 'step',
          id: 'mail',
          delayMs: 3_600_000,
          from: 'trigger',
          if: null,
          subject: null,
          body: null,
          template: null,
          incentive: null,
        },
      ],
      exit: { on: [], afterMs: null },
      goal: { match: { event: 'Bought', where: [] }, withinMs: 604_800_000, value: null },
      secondary: [],
      attribution: null,
      economics: {
        margin: null,
        costPerSend: null,
        orderValue: null,
        organicRedemption: null,
        unsubscribeRate: null,
        subscriberValue: null,
      },
      hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
  });

  it('are those of the fine print for triggers and gates', () => {
    expect(checked({ ...minimal, ...inaction({}) }).trigger).toMatchObject({ rearm: 'reset', key: null });
    expect(checked({ ...minimal, trigger: { type: 'behavior', event: 'A', calendar: 'day' } }).trigger).toMatchObject({
      count: 1,
      calendar: 'day',
    });
    const decline = { type: 'decline', recent: '14d', baseline: '56d', ratio: 0.5 };
    expect(checked({ ...minimal, trigger: decline }).trigger).toMatchObject({ cron: '0 6 * * *', of: null });
    expect(checked({ ...minimal, trigger: { type: 'date', property: 'renewal', offset: '-2w' } }).trigger).toEqual({
      type: 'date',
      property: 'renewal',
      offsetDays: -14,
      atMinute: 0,
      yearly: false,
    });
    const gates = { cap: [{ n: 3, within: '7d' }], quiet: { from: '21:00', to: '08:00' }, sendTime: {} };
    expect(checked({ ...minimal, gates }).gates).toEqual({
      unsubscribed: null,
      cap: [{ n: 3, withinMs: 604_800_000, scope: 'workflow', history: false }],
      quiet: { fromMinute: 1260, toMinute: 480, else: 'defer' },
      sendTime: { leadMs: 900_000, withinMs: 86_400_000 },
    });
    expect(checked({ ...minimal, attribution: { within: '24h' } }).attribution?.model).toBe('last');
    expect(checked({ ...minimal, gates: { sendTime: { personal: false } } }).gates?.sendTime).toBeNull();
  });

  it('never give the global holdout the draw of the holdout', () => {
    const both = checked({ ...minimal, holdout: { fraction: 0.1 }, globalHoldout: { fraction: 0.1 } });
    expect(both.holdout.salt).toBe('minimal');
    expect(both.globalHoldout?.salt).not.toBe('minimal');
    expect(codes({ holdout: { fraction: 0.1 }, globalHoldout: { fraction: 0.1, salt: 'minimal' } })).toEqual([
      'SAME_SALT globalHoldout.salt',
    ]);
  });
});

describe('forms', () => {
  it('read a list of conditions as all', () => {
    const list = [
      { is: 'segment', segment: 'a' },
      { is: 'segment', segment: 'b' },
    ];
    expect(checked({ ...minimal, audience: list }).audience).toEqual({ is: 'all', of: list });
    expect(checked({ ...minimal, audience: { all: list } }).audience).toEqual({ is: 'all', of: list });
    expect(checked({ ...minimal, audience: { not: { any: list } } }).audience).toEqual({
      is: 'not',
      of: { is: 'any', of: list },
    });
  });

  it('read exists as true where it has no value', () => {
    const where = [
      { property: 'sku', op: 'exists' },
      { property: 'gift', op: 'exists', value: false },
    ];
    expect(checked({ ...minimal, exit: { on: [{ event: 'A', where }] } }).exit.on[0]?.where).toEqual([
      { property: 'sku', op: 'exists', value: true },
      { property: 'gift', op: 'exists', value: false },
    ]);
  });

  it('tell a property that was unset from one that may be anything', () => {
    expect(checked({ ...minimal, trigger: { type: 'property', property: 'plan', from: null } }).trigger).toEqual({
      type: 'property',
      property: 'plan',
      from: null,
      to: undefined,
    });
  });

  it('unfold anyOf in the order listed', () => {
    const { trigger } = checked(forms.find((form) => form['id'] === 'any'));
    expect(trigger).toMatchObject({
      type: 'anyOf',
      triggers: [{ type: 'behavior' }, { type: 'absence' }, { type: 'schedule' }],
    });
  });

  it('take numbers as ids of templates', () => {
    expect(checked(everything).sequence.at(-1)).toMatchObject({
      template: { klaviyo: 'AbC123', mailchimp: '17', activecampaign: '9' },
    });
  });
});

describe('problems', () => {
  it('come all at once, each with its path and the nearest known key', () => {
    const file = {
      foresend: 1,
      id: 'x',
      triger: {},
      sequence: [
        { id: 'a', delay: '1h', subjct: 'Hi' },
        { id: 'a', delay: 60 },
      ],
      goal: { event: 'B', withn: '7d' },
      economics: { margn: 0.4 },
    };
    expect(said(file)).toEqual([
      'triger: "triger" is no key of a workflow. The nearest is "trigger".',
      'trigger: a workflow needs "trigger".',
      'sequence[0].subjct: "subjct" is no key of a step. The nearest is "subject".',
      'sequence[1].id: The id "a" is taken; ids are unique among steps and branches.',
      'sequence[1].delay: "delay" is a duration and carries its unit (45s, 60m, 24h, 7d, 2w): write 60m, not 60.',
      'goal.withn: "withn" is no key of "goal". The nearest is "within".',
      'goal.within: "goal" needs "within".',
      'economics.margn: "margn" is no key of "economics". The nearest is "margin".',
    ]);
  });

  it.each([
    ['60', 'write 60m, not 60'],
    ['60 min', 'write 60m, not 60 min'],
    ['1 hour', 'write 1h, not 1 hour'],
    ['24H', 'write 24h, not 24H'],
    ['PT1H30M', 'write 1h30m, not PT1H30M'],
    ['1 month', 'write 30d, not 1 month'],
    ['30m1h', 'units go from large to small'],
    ['99999999999999w', '36500d is the longest there is'],
    ['soon', 'write a whole number and its unit, as in 60m'],
    ['0m', 'must be longer than 0m'],
    ['40000d', '36500d is the longest'],
  ])('say how to write the duration %s', (within, fix) => {
    expect(said({ ...minimal, ...inaction({ within }) })).toEqual([expect.stringContaining(fix)]);
  });

  it.each<[JsonObject, string]>([
    [{ id: '*' }, 'BAD_ID id'],
    [{ sequence: [{ id: '__proto__', delay: '1h' }] }, 'BAD_ID sequence[0].id'],
    [{ suppress: [{ id: 'audience', if: { is: 'segment', segment: 'a' } }] }, 'RESERVED_ID suppress[0].id'],
    [{ suppress: [{ id: 'a' }] }, 'EMPTY_RULE suppress[0]'],
    [{ suppress: [{ id: 'a', where: [] }] }, 'EMPTY_LIST suppress[0].where'],
    [{ holdout: { fraction: 1 } }, 'NOT_IN_RANGE holdout.fraction'],
    [{ holdout: { fraction: -0.1 } }, 'NOT_IN_RANGE holdout.fraction'],
    [{ holdout: { salt: 'a\u001fb' } }, 'BAD_SALT holdout.salt'],
    [{ timezone: 'Europe/Berln' }, 'UNKNOWN_ZONE timezone'],
    [{ timezone: '+02:00' }, 'UNKNOWN_ZONE timezone'],
    [{ gates: { quiet: { from: '08:00', to: '08:00' } } }, 'EMPTY_QUIET gates.quiet.to'],
    [{ audience: { is: 'count', event: 'A', op: '=', value: 0, since: 'trigger' } }, 'SINCE_TRIGGER audience.since'],
    [
      { suppress: [{ id: 'a', if: { is: 'count', event: 'A', op: '=', value: 0, since: 'trigger' } }] },
      'SINCE_TRIGGER suppress[0].if.since',
    ],
    [{ trigger: { type: 'schedule', cron: '0 6 * *' } }, 'BAD_CRON trigger.cron'],
    [{ trigger: { type: 'behavior', event: 'A', count: 3 } }, 'COUNT_WITHOUT_PERIOD trigger.count'],
    [{ programme: 'p' }, 'NOT_A_WORKFLOW programme'],
  ])('refuse %j', (rest, expected) => {
    expect(codes(rest)).toEqual([expected]);
  });

  it('say a percentage as the fraction it was meant to be', () => {
    expect(said({ ...minimal, holdout: { fraction: 15 } })[0]).toContain('write 0.15 for 15%');
  });

  it('find ids that stand twice across branches', () => {
    const sequence: Json = [
      { id: 'a', delay: '1h' },
      { id: 'fork', branch: [{ id: 'p', if: { is: 'segment', segment: 's' }, steps: [{ id: 'a', delay: '2h' }] }] },
    ];
    expect(codes({ sequence })).toEqual(['DUPLICATE_ID sequence[1].branch[0].steps[0].id']);
  });

  it('never throw, whatever the file is', () => {
    const deep = (depth: number): Json => (depth === 0 ? { is: 'segment', segment: 's' } : { not: deep(depth - 1) });
    for (const file of [undefined, null, 1, 'x', [], [[]], () => 1, { ...minimal, audience: deep(1000) }]) {
      const { workflow, issues } = checkWorkflow(file);
      expect(workflow).toBeNull();
      expect(issues.length).toBeGreaterThan(0);
    }
    expect(checkWorkflow(JSON.parse('{"__proto__": {"id": "x"}, "constructor": 1}')).issues.map((i) => i.at)).toContain(
      '__proto__',
    );
  });
});

describe('an inaction of one event', () => {
  const red: Json = { property: 'colour', op: '=', value: 'red' };
  const sides = (after: Json[], without: Json[]) =>
    codes(inaction({ after: { event: 'A', where: after }, without: { event: 'A', where: without } }));

  it('is refused where every anchor answers itself', () => {
    expect(sides([], [])).toEqual(['SAME_EVENT trigger.without']);
    expect(sides([red], [])).toEqual(['SAME_EVENT trigger.without']);
    expect(sides([red], [red])).toEqual(['SAME_EVENT trigger.without']);
    expect(said({ ...minimal, ...inaction({ without: { event: 'A' } }) })[0]).toContain('use { "type": "absence"');
  });

  it('is allowed where filters tell the two apart', () => {
    expect(sides([], [red])).toEqual([]);
    expect(sides([red], [{ property: 'colour', op: '=', value: 'blue' }])).toEqual([]);
  });
});

describe('warnings', () => {
  it.each<[JsonObject, string]>([
    [{ exit: { after: '30m' } }, 'AFTER_EXIT sequence[0].delay'],
    [{ sequence: [{ id: 'a', delay: '8d' }] }, 'AFTER_GOAL_WINDOW sequence[0].delay'],
    [
      {
        sequence: [
          { id: 'a', delay: '2d' },
          { id: 'b', delay: '1d' },
        ],
      },
      'OUT_OF_ORDER sequence[1].delay',
    ],
    [{ sequence: [{ id: 'a', delay: '1d', from: 'previous' }] }, 'NO_EFFECT sequence[0].from'],
    [{ sequence: [] }, 'NO_STEPS sequence'],
    [{ trigger: { type: 'behavior', event: 'Added.*' } }, 'LOOKS_LIKE_PATTERN trigger.event'],
    [{ trigger: { type: 'behavior', event: '/added/i' } }, 'LOOKS_LIKE_PATTERN trigger.event'],
    [{ trigger: { type: 'behavior', event: 'A', within: '7d' } }, 'NO_EFFECT trigger.within'],
    [
      { audience: { is: 'property', property: 'person.plan', op: '=', value: 'pro' } },
      'PERSON_PREFIX audience.property',
    ],
    [
      { exit: { on: [{ event: 'A', where: [{ property: 'n', op: '<', value: '20' }] }] } },
      'NUMBER_AS_TEXT exit.on[0].where[0].value',
    ],
    [
      {
        trigger: { type: 'schedule', cron: '0 6 * * *' },
        suppress: [{ id: 'a', where: [{ property: 'plan', op: '=', value: 'pro' }] }],
      },
      'NO_ANCHOR suppress[0].where[0].property',
    ],
    [
      { economics: { margin: 0.1 }, sequence: [{ id: 'a', delay: '1h', incentive: { percent: 20 } }] },
      'ABOVE_MARGIN sequence[0].incentive.percent',
    ],
  ])('point at %j and let the workflow run', (rest, expected) => {
    expect(codes(rest)).toEqual([expected]);
    expect(checkWorkflow({ ...copy(minimal), ...rest }).workflow).not.toBeNull();
  });

  it('leave ordinary names alone', () => {
    for (const event of [
      'Added to Cart',
      'Price: $20',
      'a.b.c',
      'What?',
      'C++',
      '[Segment] Viewed (web)',
      '$pageview',
    ]) {
      expect(codes({ trigger: { type: 'behavior', event } })).toEqual([]);
    }
    // At exactly `exit.after` the step still goes out before the expiry.
    expect(codes({ exit: { after: '1h' } })).toEqual([]);
  });
});

describe('the hash', () => {
  const hash = (file: unknown) => checked(file).hash;

  it('does not depend on the order of keys, the spelling of a duration, defaults written out, name or notes', () => {
    const reversed = (value: Json): Json => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, item]) => [key, reversed(item)]),
      );
    };
    for (const form of forms) expect(hash(reversed(form))).toBe(hash(form));
    expect(
      hash({ ...minimal, name: 'Other', notes: 'Hm', $schema: './x.json', timezone: 'UTC', reentry: 'always' }),
    ).toBe(hash(minimal));
    expect(hash({ ...minimal, goal: { event: 'Bought', within: '168h' } })).toBe(hash(minimal));
  });

  it('changes with anything that decides or is exported', () => {
    const variants: JsonObject[] = [
      {},
      { id: 'other', holdout: { salt: 'minimal' } },
      { holdout: { fraction: 0.1 } },
      { timezone: 'Europe/Berlin' },
      { goal: { event: 'Bought', within: '8d' } },
      { trigger: { type: 'property', property: 'plan' } },
      { trigger: { type: 'property', property: 'plan', from: null } },
      { sequence: [{ id: 'mail', delay: '1h', subject: 'Hi' }] },
      { economics: { margin: 0.4 } },
    ];
    const hashes = variants.map((rest) => hash({ ...minimal, ...rest }));
    expect(new Set(hashes).size).toBe(variants.length);
  });
});
