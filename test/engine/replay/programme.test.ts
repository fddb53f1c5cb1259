// Several workflows together: who comes first at one instant, what they share, what the programme's totals are.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { explainProgramme, foldProgramme, replayProgramme } from '../../../engine/replay/index.ts';
import type { Gates, Workflow } from '../../../engine/workflow/index.ts';
import { at, programmeCase } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, suppression, workflow } from '../../helpers/workflow.ts';

const on = (event: string) =>
  ({ type: 'behavior', match: match(event), count: 1, withinMs: null, calendar: null }) as const;
const gates = (parts: Partial<Gates>): Gates => ({
  unsubscribed: null,
  cap: [],
  quiet: null,
  sendTime: null,
  ...parts,
});
const capped = (scope: 'workflow' | 'programme', n = 1) =>
  gates({ cap: [{ n, withinMs: DAY, scope, history: false }] });
const named = (id: string, event: string, parts: Partial<Workflow> = {}) => workflow(on(event), { id, ...parts });
const sends = (lines: readonly string[]) => lines.filter((text) => /sent|ghost|skipped/.test(text));

describe('emails due at one instant', () => {
  const shared = { gates: capped('programme') };
  it('go out in the order of the programme', () => {
    const [high, low] = [named('high', 'Add', shared), named('low', 'Add', shared)];
    expect(sends(programmeCase([at(0, 'Add')], [high, low]).lines)).toEqual([
      'high: 0 sent first',
      'low: 0 skipped first cap',
    ]);
    expect(sends(programmeCase([at(0, 'Add')], [low, high]).lines)).toEqual([
      'low: 0 sent first',
      'high: 0 skipped first cap',
    ]);
  });
  it('that were enrolled earlier too', () => {
    const high = named('high', 'Look', { ...shared, sequence: [step('h', 5 * MIN)] });
    const low = named('low', 'Add', { ...shared, sequence: [step('l', 10 * MIN)] });
    expect(sends(programmeCase([at(0, 'Add'), at(5, 'Look')], [high, low]).lines)).toEqual([
      'high: 10 sent h',
      'low: 10 skipped l cap',
    ]);
  });
});

describe('what workflows share', () => {
  it('are caps of the programme, and not those of a workflow', () => {
    const both = (scope: 'workflow' | 'programme') =>
      sends(
        programmeCase(
          [at(0, 'Add'), at(5, 'Look')],
          [named('a', 'Add', { gates: capped(scope) }), named('b', 'Look', { gates: capped(scope) })],
        ).lines,
      );
    expect(both('workflow')).toEqual(['a: 0 sent first', 'b: 5 sent first']);
    expect(both('programme')).toEqual(['a: 0 sent first', 'b: 5 skipped first cap']);
  });
  it('is recency by id and of any, of ghosts alike; the sends of this instant count', () => {
    const waits = (id: string, of: string) =>
      named(id, 'Add', {
        suppress: [suppression('recent', { sent: { workflow: of, withinMs: HOUR, history: false } })],
      });
    const first = named('first', 'Add', { holdout: { fraction: 0.999999, salt: 's' } });
    const { lines } = programmeCase(
      [at(0, 'Add')],
      [first, waits('any', '*'), waits('by-id', 'first'), waits('other', 'any')],
    );
    expect(lines.filter((text) => /enrolled|suppressed/.test(text))).toEqual([
      'first: 0 enrolled holdout',
      'any: 0 suppressed recent',
      'by-id: 0 suppressed recent',
      'other: 0 enrolled treated',
    ]);
  });
  it('is not what a lower one sends at the same instant', () => {
    const waits = named('high', 'Add', {
      suppress: [suppression('recent', { sent: { workflow: '*', withinMs: HOUR, history: false } })],
    });
    const { lines } = programmeCase([at(0, 'Add')], [waits, named('low', 'Add')]);
    expect(sends(lines)).toEqual(['high: 0 sent first', 'low: 0 sent first']);
  });
  it('is no enrollment: each has its own, and its own exit', () => {
    const a = named('a', 'Add', {
      sequence: [step('x', HOUR)],
      goal: { match: match('Buy'), withinMs: DAY, value: null },
    });
    const b = named('b', 'Add', {
      sequence: [step('y', HOUR)],
      goal: { match: match('Look'), withinMs: DAY, value: null },
    });
    const { lines } = programmeCase([at(0, 'Add'), at(1, 'Buy')], [a, b]);
    expect(lines.slice(4)).toEqual([
      'a: 1 converted treated',
      'a: 1 exited goal',
      'b: 60 sent y',
      'b: 1440 exited expired',
    ]);
  });
});

describe('the totals of a programme', () => {
  const a = named('a', 'Add', {
    suppress: [suppression('small', { where: [{ property: 'value', op: '<', value: 5 }] })],
  });
  const b = workflow(inaction({ without: match('Stop') }), {
    id: 'b',
    sequence: [step('first', 0), step('later', HOUR)],
  });
  const events = [
    at(0, 'Add', 9, 'p'),
    at(0, 'Add', 2, 'q'),
    at(10, 'Buy', 0.1, 'p'),
    at(10, 'Buy', 0.2, 'r'),
    at(0, 'Add', 9, 'r'),
    at(9_990, 'Add', 9, 's'),
  ];
  const made = () => programmeCase(events, [a, b]);

  it('are the sums of its workflows’', () => {
    const { totals, workflows } = made();
    const [ofA, ofB] = workflows;
    expect(totals).toMatchObject({
      reach: 'unknown',
      candidates: 4 + 3,
      pending: 1,
      suppressed: { reentry: 0, unreachable: 0, audience: 0, small: 1 },
      enrolled: { treated: 3 + 3, holdout: 0 },
    });
    expect(totals.candidates).toBe((ofA?.totals.candidates ?? 0) + (ofB?.totals.candidates ?? 0));
    expect(totals.goal.treated).toMatchObject({ converted: 2, value: 0.30000000000000004 });
    expect(totals.steps.map(({ workflow: id, id: s, sent }) => [id, s, sent])).toEqual([
      ['a', 'first', 3],
      ['b', 'first', 3],
      ['b', 'later', 3],
    ]);
  });
  it('count people once', () => {
    expect(made().totals.people).toEqual({ enrolled: 4, mailed: 4 });
  });
  it('add up over shards', () => {
    const { totals, workflows, buckets, history } = made();
    const shards = [0, 1, 2].map((k) => replayProgramme(history, [a, b], { buckets: (bucket) => bucket % 3 === k }));
    const folded = foldProgramme(
      [a, b],
      shards.flatMap((shard) => shard.buckets),
      ['unknown', 'unknown'],
    );
    expect(folded.programme).toEqual(totals);
    expect(folded.workflows).toEqual(workflows.map((one) => one.totals));
    expect(buckets.length).toBe(128);
  });
  it('hold a global holdout that is asked before everything', () => {
    const globalHoldout = { fraction: 0.999999, salt: 'all' };
    const { totals: held } = programmeCase(events, [
      { ...a, globalHoldout },
      { ...b, globalHoldout },
    ]);
    expect(held.suppressed).toMatchObject({ globalHoldout: 7, small: 0 });
    expect(held.people).toEqual({ enrolled: 0, mailed: 0 });
  });
  it('are refused where two workflows share an id', () => {
    expect(() => replayProgramme(made().history, [a, a])).toThrow(/Two workflows.*"a"/);
  });
});

describe('collisions', () => {
  const three = ['a', 'b', 'c'].map((id, i) => named(id, 'Add', { sequence: [step('x', i * HOUR)] }));
  it('are third emails within 24 hours, (t - 24h, t]', () => {
    const { collisions } = programmeCase([at(0, 'Add', undefined, 'p'), at(0, 'Add', undefined, 'q')], three).totals;
    expect(collisions.threeInADay).toEqual({ people: 2, times: 2, first: ['p', 'q'] });
    const apart = named('d', 'Add', { sequence: [step('x', 0), step('y', HOUR), step('z', DAY)] });
    expect(programmeCase([at(0, 'Add')], [apart]).totals.collisions.threeInADay.people).toBe(0);
    const near = named('d', 'Add', { sequence: [step('x', 0), step('y', HOUR), step('z', DAY - 1)] });
    expect(programmeCase([at(0, 'Add')], [near]).totals.collisions.threeInADay.people).toBe(1);
  });
  it('count a person once, however often it happens to them', () => {
    const four = named('d', 'Add', {
      sequence: [0, 1, 2, 3].map((i) => step(`s${i}`, i * HOUR)),
      exit: { on: [], afterMs: 3 * HOUR },
    });
    const { collisions, people } = programmeCase([at(0, 'Add'), at(5 * 60, 'Add')], [four, named('e', 'Buy')]).totals;
    expect(collisions.threeInADay).toEqual({ people: 1, times: 6, first: ['p'] });
    expect(people).toEqual({ enrolled: 1, mailed: 1 });
    const [a, b, c] = [named('a', 'Add'), named('b', 'Add'), named('c', 'Add')];
    expect(programmeCase([at(0, 'Add')], [a, b, c]).totals.collisions.twoAtOnce).toEqual({
      people: 1,
      times: 2,
      first: ['p'],
    });
  });
  it('are emails within 24 hours after anyone’s goal', () => {
    const cart = named('cart', 'Add', { sequence: [step('x', HOUR)] });
    const news = named('news', 'Look', {
      sequence: [step('y', 0)],
      goal: { match: match('Come'), withinMs: DAY, value: null },
    });
    const bought = (minute: number) =>
      programmeCase([at(0, 'Add'), at(10, 'Buy'), at(minute, 'Look')], [cart, news]).totals.collisions.afterPurchase;
    expect(bought(20)).toEqual({ people: 1, times: 1, first: ['p'] });
    expect(bought(10 + 24 * 60 - 1).people).toBe(1);
    expect(bought(10 + 24 * 60).people).toBe(0);
    expect(bought(5).people).toBe(0);
  });
  it('are two enrollments at once', () => {
    const [a, b] = [named('a', 'Add'), named('b', 'Look')];
    const both = (minute: number) =>
      programmeCase([at(0, 'Add'), at(minute, 'Look')], [a, b] as [Workflow, Workflow]).totals.collisions.twoAtOnce;
    expect(both(5)).toMatchObject({ people: 1, times: 1 });
    // The first ends a day later, at the end of its goal window; what ends at an instant is over for the next workflow.
    expect(both(24 * 60).people).toBe(0);
    expect(both(24 * 60 - 1).people).toBe(1);
  });
  it('are told one by one, each before the decision that brought it', () => {
    const said: string[] = [];
    const steps = [step('x', 0), step('y', HOUR), step('z', 2 * HOUR)];
    const news = named('news', 'Look', { sequence: steps, goal: { match: match('Come'), withinMs: DAY, value: null } });
    const events = [at(0, 'Add'), at(5, 'Look'), at(10, 'Buy'), at(15, 'Buy')];
    replayProgramme(buildHistory(events, [], { observedUntil: 2 * DAY }), [named('cart', 'Add'), news], {
      onCollision: ({ kind, decision, purchase }) => {
        const bought = purchase === null ? '' : ` after ${purchase.event} ${purchase.time / MIN}`;
        said.push(`${kind} by ${decision.kind} ${decision.time / MIN}${bought}`);
      },
      onDecision: ({ kind, time }) => {
        if (kind === 'enrolled' || kind === 'sent') said.push(`${kind} ${time / MIN}`);
      },
    });
    expect(said).toEqual([
      'enrolled 0',
      'sent 0',
      'twoAtOnce by enrolled 5',
      'enrolled 5',
      'sent 5',
      // The third of the day, and after the last purchase.
      'threeInADay by sent 65',
      'afterPurchase by sent 65 after Buy 15',
      'sent 65',
      'threeInADay by sent 125',
      'afterPurchase by sent 125 after Buy 15',
      'sent 125',
    ]);
  });
  it('leave out what the holdout would have got, and name the first twenty people', () => {
    const held = three.map((w) => ({ ...w, holdout: { fraction: 0.999999, salt: 's' } }));
    expect(programmeCase([at(0, 'Add')], held).totals.collisions.threeInADay.people).toBe(0);
    const ids = Array.from({ length: 30 }, (_, i) => `p${String(i).padStart(2, '0')}`);
    const { first, people } = programmeCase(
      ids.map((id) => at(0, 'Add', undefined, id)),
      three,
    ).totals.collisions.threeInADay;
    expect(people).toBe(30);
    expect(first).toEqual(ids.slice(0, 20));
  });
});

describe('a batch send beside a behavioural workflow', () => {
  const minutes = 6 * 60;
  const blast = workflow({ type: 'schedule', cron: '0 6 * * *' }, { id: 'blast', gates: capped('programme') });
  const cart = named('cart', 'Add', { sequence: [step('x', HOUR)], gates: capped('programme') });
  const events = [at(minutes - 60, 'Add', undefined, 'p'), at(0, 'Look', undefined, 'q')];

  it('shares its caps: whoever stands first in the programme is sent at one instant', () => {
    const until = minutes + 1;
    expect(sends(programmeCase(events, [cart, blast], { until }).lines)).toEqual([
      `cart: ${minutes} sent x`,
      `blast: ${minutes} skipped first cap`,
      `blast: q ${minutes} sent first`,
    ]);
    expect(sends(programmeCase(events, [blast, cart], { until }).lines)).toEqual([
      `blast: ${minutes} sent first`,
      `cart: ${minutes} skipped x cap`,
      `blast: q ${minutes} sent first`,
    ]);
  });
  it('has totals beside it', () => {
    const day = 24 * 60;
    const { totals, workflows } = programmeCase(events, [cart, blast], { until: minutes + 2 * day });
    const [ofCart, ofBlast] = workflows;
    expect(ofCart?.totals).toMatchObject({ candidates: 1, enrolled: { treated: 1 } });
    // Three runs for two people; each run finds the enrollment of the day before just over.
    expect(ofBlast?.totals).toMatchObject({ candidates: 6, alreadyEnrolled: 0, enrolled: { treated: 6 } });
    expect(totals).toMatchObject({ candidates: 7, people: { enrolled: 2, mailed: 2 } });
  });
});

it('is explained workflow by workflow, each seeing the emails of the others', () => {
  const late = named('late', 'Look', {
    suppress: [suppression('recent', { sent: { workflow: '*', withinMs: HOUR, history: false } })],
  });
  const { history } = programmeCase([at(0, 'Add'), at(5, 'Look')], [named('early', 'Add'), late]);
  const [early, second] = explainProgramme(history, [named('early', 'Add'), late], 'p', 10 * MIN);
  expect(early?.summary).toContain('1 of 1 steps');
  expect(second?.summary).toContain('suppressed by recent');
  expect(second?.timeline.some((entry) => entry.kind === 'decision' && entry.decision === 'sent')).toBe(false);
});
