import { describe, expect, it } from 'vitest';
import { saltedHash, UserError } from '../../../engine/base/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { planOf, replayIssues, replayWorkflow } from '../../../engine/replay/index.ts';
import { at, log, replayCase, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, sum, suppression, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const brief = { exit: { on: [], afterMs: 0 } };

describe('from candidate to enrollment', () => {
  it('counts a candidate of someone enrolled, and nothing else happens', () => {
    const { totals } = replayCase([at(0, 'Add'), at(1, 'Add')], workflow(onAdd));
    expect(totals).toMatchObject({ candidates: 2, alreadyEnrolled: 1, enrolled: { treated: 1, holdout: 0 } });
  });
  it('takes an enrollment that ends at an instant as over for a candidate of that instant', () => {
    const w = workflow(onAdd, { sequence: [step('s', 5 * MIN)], exit: { on: [match('Add')], afterMs: null } });
    expect(log([at(0, 'Add'), at(1, 'Add')], w, { until: 2 })).toEqual([
      '0 candidate',
      '0 enrolled treated',
      '1 exited event',
      '1 candidate',
      '1 enrolled treated',
    ]);
  });
  it('lets nobody back with reentry once', () => {
    const w = workflow(onAdd, { ...brief, reentry: { kind: 'once' } });
    expect(replayCase([at(0, 'Add'), at(1, 'Add')], w).totals.suppressed).toEqual({
      reentry: 1,
      unreachable: 0,
      audience: 0,
    });
  });
  it('lets people back at exactly the cooldown since the last trigger that enrolled', () => {
    const w = workflow(onAdd, { ...brief, reentry: { kind: 'cooldown', ms: 10 * MIN } });
    const events = [at(0, 'Add'), at(9, 'Add'), at(10, 'Add'), at(19, 'Add'), at(20, 'Add')];
    expect(replayCase(events, w).totals).toMatchObject({ enrolled: { treated: 3 }, suppressed: { reentry: 2 } });
  });
  it('suppresses whom no address is known of at the moment, unless none is known of anyone', () => {
    const events = [at(5, 'Add'), at(5, 'Add', undefined, 'q')];
    const changes = [set(5, 'email', 'p@x.org'), set(6, 'email', 'q@x.org', 'q')];
    const known = replayCase(events, workflow(onAdd), { changes }).totals;
    expect(known).toMatchObject({ reach: 'known', suppressed: { unreachable: 1 }, enrolled: { treated: 1 } });
    const unknown = replayCase(events, workflow(onAdd)).totals;
    expect(unknown).toMatchObject({ reach: 'unknown', suppressed: { unreachable: 0 }, enrolled: { treated: 2 } });
  });
  it('asks for consent as of the moment, where it is tracked', () => {
    const w = workflow(onAdd, { ...brief, reach: { address: 'email', consent: 'optin' } });
    const events = [1, 3, 5, 7].map((minute) => at(minute, 'Add'));
    const changes = [set(3, 'optin', true), set(4, 'optin', false), set(6, 'optin', 'true')];
    expect(replayCase(events, w, { changes }).totals.suppressed['unreachable']).toBe(2);
    expect(replayCase(events, w).totals.suppressed['unreachable']).toBe(0);
    const tracked = (change: ReturnType<typeof set>) =>
      replayCase(events, w, { changes: [change], until: 8 }).totals.suppressed['unreachable'];
    expect(tracked(set(9, 'optin', true, 'q'))).toBe(0);
    expect(tracked(set(8, 'optin', true, 'q'))).toBe(4);
    expect(tracked(set(1, 'optin', null, 'q'))).toBe(4);
  });
  it('asks reentry, reach, audience and the suppressions in this order', () => {
    const always = { is: 'all', of: [] } as const;
    const never = { is: 'any', of: [] } as const;
    const w = workflow(onAdd, {
      ...brief,
      reentry: { kind: 'once' },
      audience: { is: 'not', of: { is: 'property', property: 'out', test: { op: 'exists', value: true } } },
      suppress: [
        suppression('never', { if: never }),
        suppression('one', { if: always, where: [{ property: 'x', op: '=', value: 1 }] }),
        suppression('two', { if: always }),
      ],
    });
    const people = [
      at(1, 'Add', { x: 1 }, 'a'),
      at(1, 'Add', { x: 2 }, 'b'),
      at(1, 'Add', { x: 1 }, 'c'),
      at(1, 'Add', { x: 1 }, 'd'),
    ];
    const changes = [
      ...['a', 'b', 'c'].map((id) => set(0, 'email', `${id}@x.org`, id)),
      set(0, 'out', 'yes', 'c'),
      set(0, 'out', 'yes', 'd'),
    ];
    expect(log(people, w, { changes }).filter((l) => l.includes('suppressed'))).toEqual([
      'a 1 suppressed one',
      'b 1 suppressed two',
      'c 1 suppressed audience',
      'd 1 suppressed unreachable',
    ]);
  });
  it('draws the arm by the salted hash of the id', () => {
    const events = Array.from({ length: 2000 }, (_, i) => at(0, 'Add', undefined, `person-${i}`));
    const half = workflow(onAdd, { holdout: { fraction: 0.5, salt: 's' } });
    const { enrolled, steps } = replayCase(events, half).totals;
    expect(enrolled.treated + enrolled.holdout).toBe(2000);
    expect(Math.abs(enrolled.holdout - 1000)).toBeLessThan(100);
    expect(steps[0]).toMatchObject({ due: 2000, sent: enrolled.treated, ghost: enrolled.holdout });
  });
});

describe('the share held out', () => {
  // The hash of "p" under this salt, as a share of all hashes.
  const own = saltedHash('s', 'p') / 2 ** 32;
  const arm = (fraction: number, path: 'auto' | 'transition') =>
    replayWorkflow(buildHistory([at(0, 'Add')]), workflow(onAdd, { holdout: { fraction, salt: 's' } }), { path }).totals
      .enrolled;
  it.each(['auto', 'transition'] as const)('takes those below it, and leaves who is exactly at it: %s', (path) => {
    expect(arm(own, path)).toEqual({ treated: 1, holdout: 0 });
    expect(arm(own + 2 ** -33, path)).toEqual({ treated: 0, holdout: 1 });
    expect(arm(0, path)).toEqual({ treated: 1, holdout: 0 });
  });
});

describe('the global holdout', () => {
  it('is asked before everything and keeps a person out for good', () => {
    const w = workflow(onAdd, {
      ...brief,
      globalHoldout: { fraction: 0.999999, salt: 'g' },
      reentry: { kind: 'once' },
    });
    expect(log([at(0, 'Add'), at(1, 'Add')], w)).toEqual([
      '0 candidate',
      '0 suppressed globalHoldout',
      '1 candidate',
      '1 suppressed globalHoldout',
    ]);
  });
});

describe('recency', () => {
  const recent = (parts: object = {}) =>
    workflow(onAdd, {
      ...brief,
      suppress: [suppression('recent', { sent: { workflow: 'w', withinMs: 10 * MIN, history: false, ...parts } })],
    });
  it('counts a send in (now - D, now]', () => {
    expect(log([at(0, 'Add'), at(9, 'Add'), at(10, 'Add')], recent()).filter((l) => l.includes('suppressed'))).toEqual([
      '9 suppressed recent',
    ]);
  });
  it('counts ghost sends alike', () => {
    const all = { ...recent(), holdout: { fraction: 0.999999, salt: 'x' } };
    expect(replayCase([at(0, 'Add'), at(9, 'Add')], all).totals).toMatchObject({
      enrolled: { treated: 0, holdout: 1 },
      suppressed: { recent: 1 },
    });
  });
  it('does not count other workflows, unless asked for any', () => {
    expect(replayCase([at(0, 'Add'), at(9, 'Add')], recent({ workflow: 'other' })).totals.suppressed['recent']).toBe(0);
    expect(replayCase([at(0, 'Add'), at(9, 'Add')], recent({ workflow: '*' })).totals.suppressed['recent']).toBe(1);
  });
  it('counts the emails of the history only where it says so', () => {
    const sent = at(8, 'Email Sent', { workflow: 'w' });
    const foreign = at(8, 'Email Sent', { workflow: 'v' });
    const unnamed = at(8, 'Email Sent');
    const count = (email: typeof sent, parts: object) =>
      replayCase([email, at(9, 'Add')], recent(parts)).totals.suppressed['recent'];
    expect(count(sent, {})).toBe(0);
    expect(count(sent, { history: true })).toBe(1);
    expect(count(foreign, { history: true })).toBe(0);
    expect(count(unnamed, { history: true })).toBe(1);
    expect(count(foreign, { history: true, workflow: '*' })).toBe(1);
  });
  it("counts a vendor's own name for a send as one, and a delivery as none", () => {
    const count = (name: string) => {
      const events = [
        { person: 'p', name, time: 8 * MIN },
        { person: 'p', name: 'Add', time: 9 * MIN },
      ];
      const history = buildHistory(events, [], { observedUntil: 100 * DAY, emailEvents: [name] });
      return replayWorkflow(history, recent({ history: true })).totals.suppressed['recent'];
    };
    expect(count('Received Email')).toBe(1);
    expect(count('Email Delivered')).toBe(0);
  });
  it('wants every kind of an entry to hold', () => {
    const w = workflow(onAdd, {
      ...brief,
      suppress: [
        suppression('both', {
          sent: { workflow: 'w', withinMs: HOUR, history: false },
          where: [{ property: 'value', op: '<', value: 20 }],
          if: sum('Add', '<', 100, null),
        }),
      ],
    });
    const events = [at(0, 'Add', 5), at(1, 'Add', 30), at(2, 'Add', 6), at(3, 'Add', 90), at(4, 'Add', 5)];
    expect(log(events, w).filter((l) => l.includes('suppressed'))).toEqual(['2 suppressed both']);
  });
});

describe('what cannot be replayed', () => {
  it('is refused with its place and a way out', () => {
    const segment = { is: 'segment', segment: 'at-risk' } as const;
    const w = workflow(
      {
        type: 'anyOf',
        triggers: [inaction(), { type: 'condition', condition: { is: 'all', of: [segment] }, cron: '0 6 * * *' }],
      },
      {
        audience: { is: 'any', of: [{ is: 'not', of: segment }] },
        sequence: [step('a', 0), { kind: 'branch', id: null, paths: [], else: [step('b', 0, { if: segment })] }],
      },
    );
    expect(replayIssues(w).map((issue) => issue.at)).toEqual([
      'trigger.triggers[1].all[0]',
      'audience.any[0].not',
      'sequence[1].else[0].if',
    ]);
    expect(() => planOf(w)).toThrow(UserError);
    expect(() => planOf(w)).toThrow(expect.objectContaining({ code: 'NOT_REPLAYABLE', issues: replayIssues(w) }));
    expect(() => planOf(w)).toThrow(/trigger\.triggers\[1\].all\[0\]: the segment "at-risk"/);
  });
  it('is found wherever a workflow asks something', () => {
    const segment = { is: 'segment', segment: 's' } as const;
    const asks = step('a', 0, { if: segment });
    const way = { id: 'way', if: segment, steps: [step('b', 0), asks] };
    const w = workflow(
      { type: 'condition', condition: segment, cron: '0 6 * * *' },
      {
        suppress: [suppression('ok', {}), suppression('r', { if: segment })],
        sequence: [step('first', 0), asks, { kind: 'branch', id: null, paths: [way], else: [step('c', 0), asks] }],
      },
    );
    expect(replayIssues(w)).toEqual(
      [
        'trigger',
        'suppress[1].if',
        'sequence[1].if',
        'sequence[2].branch[0].if',
        'sequence[2].branch[0].steps[1].if',
        'sequence[2].else[1].if',
      ].map((at) => ({
        code: 'NOT_REPLAYABLE',
        at,
        message:
          'the segment "s" is none of Foresend\'s (power, regular, occasional, dormant, prospect, new, activated, engaged, at-risk, churned, used, discovered, never); write out its conditions',
        severity: 'error',
      })),
    );
  });
  it('is nothing in an ordinary workflow', () => {
    expect(replayIssues(workflow(inaction(), { goal: { match: match('Buy'), withinMs: DAY, value: null } }))).toEqual(
      [],
    );
  });
});
