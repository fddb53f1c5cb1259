// What rules of a programme keep out, against figures counted by hand, against a history of the people kept out alone, and
// against each workflow's own projection.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import {
  checkResponse,
  type ProgrammeRule,
  programmeCosts,
  project,
  type ResponseModel,
} from '../../../engine/projection/index.ts';
import { type Decision, replayProgramme } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, match, step, suppression, workflow } from '../../helpers/workflow.ts';

const response = checkResponse(null).response as ResponseModel;
const SETTINGS = { seed: 1, draws: 200 };
const onLook = (name: string) =>
  ({ type: 'behavior', match: match(name), count: 1, withinMs: null, calendar: null }) as const;
const gates = (cap: object[]) => ({ unsubscribed: null, cap, quiet: null, sendTime: null }) as Workflow['gates'];
const cap = (n: number) => ({ n, withinMs: DAY, scope: 'programme', history: false });
const economics = { ...workflow(onLook('Look')).economics, margin: 0.5, orderValue: 40, costPerSend: 0.01 };

function costsOf(events: readonly EventRow[], workflows: readonly Workflow[], until = 60 * DAY) {
  const { costs } = programmeCosts(buildHistory(events, [], { observedUntil: until }), workflows, response, SETTINGS);
  return (rule: ProgrammeRule, first: string | null = null) => {
    const found = costs.find((one) => one.rule === rule && one.first === first);
    if (found === undefined) throw new Error(`no ${rule}`);
    return found;
  };
}

describe('what a rule keeps out', () => {
  const news = workflow(onLook('Look'), {
    id: 'news',
    sequence: [step('a', 0), step('b', HOUR)],
    gates: gates([cap(2)]),
  });
  const offer = workflow(onLook('Look'), { id: 'offer', sequence: [step('c', 0)], gates: gates([cap(2)]) });
  // Each look: a and c at once, b an hour later: a third, which the cap stops.
  const looks = [at(0, 'Look', { person: 'p' })];

  it('by a cap is what goes out without it', () => {
    const caps = costsOf(looks, [news, offer])('caps');
    expect(caps).toMatchObject({ reason: null, emails: 1, mailed: 0, treated: 0 });
    expect(caps.workflows).toEqual([
      { id: 'news', emails: 1 },
      { id: 'offer', emails: 0 },
    ]);
    expect(caps.collisions).toEqual({ threeInADay: 1, afterPurchase: 0, twoAtOnce: 0 });
  });
  it('by the order is what another workflow gains and the first loses', () => {
    const one = (w: Workflow) => ({ ...w, gates: gates([cap(1)]) });
    const costs = costsOf(looks, [one(news), one(offer)]);
    expect(costs('order', 'offer').workflows).toEqual([
      { id: 'news', emails: -1 },
      { id: 'offer', emails: 1 },
    ]);
    expect(costs('order', 'offer').emails).toBe(0);
  });
  it('by recency is whom it suppresses, and what they would have got', () => {
    const sent = { workflow: 'news', withinMs: DAY, history: false };
    const waits = { ...offer, gates: null, suppress: [suppression('recent', { sent })] };
    const recency = costsOf(looks, [{ ...news, gates: null }, waits])('recency');
    expect(recency).toMatchObject({ emails: 1, treated: 1, mailed: 0 });
    expect(recency.collisions.twoAtOnce).toBe(1);
  });
  it('by nothing is said in words, with nothing behind it', () => {
    const alone = { ...news, gates: null };
    const costs = costsOf(looks, [alone]);
    for (const rule of ['globalHoldout', 'recency', 'caps'] as const) {
      expect(costs(rule)).toMatchObject({ emails: 0, reason: expect.stringMatching(/^(The programme|No workflow)/) });
    }
    expect(() => costs('order', 'news')).toThrow();
  });

  const people = Array.from({ length: 300 }, (_, i) => `p${i}`);
  const many: EventRow[] = people.flatMap((person, i) => [
    { person, name: 'Look', time: i * HOUR },
    { person, name: i % 3 === 0 ? 'Buy' : 'Add', time: i * HOUR + 90 * MIN, value: 40 },
  ]);

  it('by the global holdout is what those kept out would get, were they all there is', () => {
    const globalHoldout = { fraction: 0.3, salt: 'all' };
    const programme = [news, offer].map((one) => ({ ...one, gates: null, globalHoldout }));
    const history = buildHistory(many, [], { observedUntil: 60 * DAY });
    const kept = new Set<string>();
    const onDecision = ({ kind, reason, person }: Decision) => {
      if (kind === 'suppressed' && reason === 'globalHoldout') kept.add(person);
    };
    replayProgramme(history, programme, { onDecision });
    expect(kept.size).toBeGreaterThan(50);
    const theirs = many.filter(({ person }) => kept.has(person));
    const open = programme.map((one) => ({ ...one, globalHoldout: null }));
    const { totals } = replayProgramme(buildHistory(theirs, [], { observedUntil: 60 * DAY }), open);
    const found = costsOf(many, programme)('globalHoldout');
    expect(found.emails).toBe(totals.steps.reduce((sum, { sent }) => sum + sent, 0));
    expect(found.mailed).toBe(totals.people.mailed);
    expect(found.treated).toBe(totals.enrolled.treated);
  });
  it('costs the mean email of each workflow, as its own projection says', () => {
    const globalHoldout = { fraction: 0.3, salt: 'all' };
    const programme = [news, offer].map((one) => ({ ...one, gates: null, economics, globalHoldout }));
    const history = buildHistory(many, [], { observedUntil: 60 * DAY });
    const found = costsOf(many, programme)('globalHoldout');
    let [expected, low, high, profit] = [0, 0, 0, 0];
    for (const one of programme) {
      const { incremental, profit: own, sends } = project(history, one, response, SETTINGS);
      const emails = found.workflows.find(({ id }) => id === one.id)?.emails ?? 0;
      expect(emails).toBeGreaterThan(20);
      const share = emails / (sends.expected as number);
      expected += share * (incremental.expected as number);
      low += share * (incremental.low as number);
      high += share * (incremental.high as number);
      profit += share * (own.expected as number);
    }
    expect(found.conversions.expected).toBeCloseTo(expected, 9);
    expect(found.conversions.low).toBeCloseTo(low, 9);
    expect(found.conversions.high).toBeCloseTo(high, 9);
    expect(found.profit.expected).toBeCloseTo(profit, 9);
  });
  it('is not guessed where a workflow with emails more has no projection', () => {
    // The mail that answers the trigger is in the history itself.
    const mailed = many.flatMap((row): EventRow[] =>
      row.name === 'Look' ? [row, { person: row.person, name: 'Email Sent', time: row.time + MIN }] : [row],
    );
    const globalHoldout = { fraction: 0.3, salt: 'all' };
    const found = costsOf(mailed, [{ ...offer, gates: null, globalHoldout }])('globalHoldout');
    expect(found.emails).toBeGreaterThan(20);
    expect(found.conversions).toMatchObject({ expected: null, low: null, high: null });
    expect(found.conversions.reason).toMatch(/^offer: /);
  });
});
