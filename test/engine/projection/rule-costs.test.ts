// What a rule keeps out, against the workflow file with the rule cut out of it by hand: replayed, counted and projected as
// any other file. Only the pairing of the draws is the rule's own, and that has to give narrower limits.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import {
  checkResponse,
  project,
  type ResponseModel,
  type RuleCost,
  ruleCosts,
} from '../../../engine/projection/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { rulesFinding, stopsWords } from '../../../engine/report/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const response = checkResponse(null).response as ResponseModel;
const SETTINGS = { seed: 3, draws: 300 };

/** A third buys within two days; people come two or three times; half consent, one in ten is a wholesaler. */
function shop(n: number) {
  const random = seededRandom(4, 'shop');
  const rows: EventRow[] = [];
  const changes: PropertyRow[] = [];
  for (let i = 0; i < n; i++) {
    const person = `p${i}`;
    const begin = Math.floor(random.uniform() * 30) * DAY_MS + Math.floor(random.uniform() * 1440) * MINUTE_MS;
    changes.push({ person, time: 0, property: 'consented', value: i % 2 === 0 });
    if (i % 10 === 3) changes.push({ person, time: 0, property: 'kind', value: 'wholesale' });
    for (const start of [begin, begin + 2 * DAY_MS, ...(i % 3 === 0 ? [begin + 15 * DAY_MS] : [])]) {
      rows.push({ person, name: 'Added to Cart', time: start });
      const wait = HOUR_MS + Math.floor(random.uniform() * 47 * 60) * MINUTE_MS;
      if (random.uniform() < 0.33) rows.push({ person, name: 'Purchased', time: start + wait, value: 40 });
    }
  }
  return buildHistory(rows, changes, { observedUntil: 90 * DAY_MS });
}

const FILE = {
  foresend: 1,
  id: 'nudge',
  trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '60m' },
  audience: { is: 'property', property: 'kind', op: '!=', value: 'wholesale' },
  suppress: [
    { id: 'recent', sent: { workflow: '*', within: '4d' } },
    { id: 'loyal', if: { is: 'count', event: 'Purchased', op: '>=', value: 1 } },
  ],
  reentry: { cooldown: '3d' },
  reach: { consent: 'consented' },
  gates: {
    cap: [
      { n: 2, within: '7d' },
      { n: 3, within: '30d' },
    ],
    quiet: { from: '21:00', to: '08:00', else: 'defer' },
  },
  holdout: { fraction: 0.2 },
  sequence: [
    { id: 'one', delay: '1h' },
    { id: 'two', delay: '24h', if: { is: 'count', event: 'Added to Cart', op: '<', value: 3 } },
    { id: 'three', delay: '72h' },
  ],
  goal: { event: 'Purchased', within: '7d' },
  economics: { margin: 0.4, costPerSend: 0.01, unsubscribeRate: 0.001, subscriberValue: 2 },
};

function checked(file: object): Workflow {
  const { workflow, issues } = checkWorkflow(file as Record<string, unknown>);
  if (workflow === null) throw new Error(JSON.stringify(issues));
  return workflow;
}

const [recent, loyal] = FILE.suppress;
const [once, month] = FILE.gates.cap;
const [one, two, three] = FILE.sequence;
/** Each rule's place, and the file as somebody would write it without the rule. */
const CUT: Readonly<Record<string, object>> = {
  reentry: { ...FILE, reentry: 'always' },
  'reach.consent': { ...FILE, reach: {} },
  audience: { ...FILE, audience: undefined },
  'suppress.recent': { ...FILE, suppress: [loyal] },
  'suppress.loyal': { ...FILE, suppress: [recent] },
  'sequence.two.if': { ...FILE, sequence: [one, { id: two?.id, delay: two?.delay }, three] },
  'gates.cap.0': { ...FILE, gates: { ...FILE.gates, cap: [month] } },
  'gates.cap.1': { ...FILE, gates: { ...FILE.gates, cap: [once] } },
  'gates.quiet': { ...FILE, gates: { cap: FILE.gates.cap } },
  'holdout.fraction': { ...FILE, holdout: { fraction: 0 } },
};

const history = shop(700);
const whole = checked(FILE);
const found = ruleCosts(history, whole, response, SETTINGS);
const withAll = project(history, whole, response, SETTINGS);

function told(workflow: Workflow) {
  const { totals, enrollments } = replayWorkflow(history, workflow);
  const treated = new Set<number>();
  for (let i = 0; i < enrollments.n; i++) if (enrollments.arms[i] === 0) treated.add(enrollments.persons[i] as number);
  return {
    enrolled: totals.enrolled.treated + totals.enrolled.holdout,
    emails: totals.steps.reduce((sum, { sent }) => sum + sent, 0),
    people: treated.size,
  };
}

const rule = (path: string): RuleCost => found.rules.find((one) => one.path === path) as RuleCost;

describe('a rule', () => {
  it('is each one the file has, in the order in which they are asked', () => {
    expect(found.rules.map(({ path }) => path)).toEqual(Object.keys(CUT));
  });
  it.each(Object.keys(CUT))('%s keeps out what goes out of the file without it', (path) => {
    const without = checked(JSON.parse(JSON.stringify({ ...CUT[path], id: 'nudge' })));
    const [then, now] = [told(without), told(whole)];
    expect(rule(path)).toMatchObject({
      enrolled: then.enrolled - now.enrolled,
      emails: then.emails - now.emails,
      people: then.people - now.people,
    });
    const projected = project(history, without, response, SETTINGS);
    const difference = (key: 'incremental' | 'profit') =>
      (projected[key].expected as number) - (withAll[key].expected as number);
    expect(rule(path).conversions.expected).toBeCloseTo(difference('incremental'), 8);
    expect(rule(path).profit.expected).toBeCloseTo(difference('profit'), 8);
  });
  it('has limits narrower than those of two projections that share nothing', () => {
    const width = ({ low, high }: { low: number | null; high: number | null }) => (high as number) - (low as number);
    for (const { path, conversions } of found.rules) {
      if (path === 'reach.consent') continue;
      expect(width(conversions), path).toBeLessThan(Math.SQRT2 * width(withAll.incremental));
    }
  });
  it('stops what the replay says it stops', () => {
    const { suppressed, steps, enrolled } = replayWorkflow(history, whole).totals;
    expect(rule('suppress.recent').stops).toBe(suppressed['recent']);
    expect(rule('audience').stops).toBe(suppressed['audience']);
    expect(rule('reach.consent').stops).toBe(suppressed['unreachable']);
    expect(rule('holdout.fraction').stops).toBe(enrolled.holdout);
    expect(rule('sequence.two.if').stops).toBe(steps[1]?.skipped['if']);
    expect(rule('gates.quiet').moves).toBe(steps.reduce((sum, { moved }) => sum + moved.count, 0));
    // Everybody passes one of the two caps in some place: what each is answerable for is what the other lets through.
    expect(rule('gates.cap.0').stops).toBeGreaterThan(0);
    for (const one of found.rules) expect(stopsWords(one), one.path).not.toMatch(/NaN|undefined/);
  });
  it('may lose, and is judged by the draws, not by its mean alone', () => {
    for (const { pBetterWithout, profit } of found.rules) {
      expect(pBetterWithout).toBeGreaterThanOrEqual(0);
      expect(pBetterWithout).toBeLessThanOrEqual(1);
      if ((profit.low as number) > 0) expect(pBetterWithout).toBeGreaterThan(0.5);
    }
  });
});

describe('a workflow', () => {
  it('without rules has none to price', () => {
    const { audience: _a, suppress: _s, reentry: _r, reach: _c, gates: _g, ...rest } = FILE;
    const bare = checked({ ...rest, reentry: 'always', holdout: { fraction: 0 }, sequence: [one] });
    const none = ruleCosts(history, bare, response, SETTINGS);
    expect(none.rules).toEqual([]);
    expect(rulesFinding(none, none.sent)).toBe('The workflow has no rule that keeps anybody out.');
  });
  it('one of whose rules lets nobody through says which', () => {
    const shut = checked({ ...FILE, suppress: [{ id: 'all', if: { is: 'tenure', op: '>=', value: '0d' } }] });
    const none = ruleCosts(history, shut, response, SETTINGS);
    expect(none.sent).toBe(0);
    expect(rulesFinding(none, none.sent)).toMatch(/^Suppression all alone stands between everybody/);
    const all = none.rules.find(({ id }) => id === 'all');
    expect(all?.conversions.expected).toBe(null);
    expect(all?.conversions.reason).not.toBe('');
  });
  it('is priced until it is cancelled, with progress', () => {
    const steps: number[] = [];
    const stop = new AbortController();
    const onProgress = (done: number) => {
      steps.push(done);
      if (done === 3) stop.abort(new Error('enough'));
    };
    const ask = () => ruleCosts(history, whole, response, { ...SETTINGS, signal: stop.signal, onProgress });
    expect(ask).toThrow('enough');
    expect(steps).toEqual([0, 1, 2, 3]);
  });
});
