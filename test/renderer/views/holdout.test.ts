// The words and readings of Holdout, without a page.

import { describe, expect, it } from 'vitest';
import type { ProjectAnswer, TrafficAnswer, TrafficQuestion } from '../../../engine/api/index.ts';
import { DAY_MS } from '../../../engine/base/index.ts';
import { planCurve, planQuestions } from '../../../engine/holdout/index.ts';
import { PLAIN_TERMS, termsFor } from '../../../engine/report/index.ts';
import { holdoutPlots, shareOfX, shareX, weeksY } from '../../../renderer/charts/holdout-plan.ts';
import { liftOf, marginOf } from '../../../renderer/state/test-lift.ts';
import {
  readAmountChange,
  readChange,
  readConfidence,
  readPower,
  readWeeks,
  showConfidence,
} from '../../../renderer/views/holdout/readings.ts';
import { guessed } from '../../../renderer/views/holdout/use-test.ts';
import { answerWords, isHopeless, noBaseline, planFinding, whyShare } from '../../../renderer/views/holdout/words.ts';

const TERMS = termsFor('Added to Cart', 'Purchased');
const GOAL: TrafficQuestion = {
  key: 'goal',
  kind: 'rate',
  people: 32756,
  converted: 1482,
  baseline: 1482 / 32756,
  sd: null,
  firstEntriesPerWeek: 13439 / 12,
  valueFrom: null,
};
const LARGE: TrafficQuestion = { ...GOAL, key: 'large', baseline: 0.0385, firstEntriesPerWeek: 255, valueFrom: 100 };

function curveOf({ baseline, firstEntriesPerWeek }: TrafficQuestion, lift: number, deadlineWeeks = 13) {
  return planCurve({
    baseline,
    lift,
    deadlineWeeks,
    outcomeWindowMs: 7 * DAY_MS,
    ...(firstEntriesPerWeek === null ? {} : { eligiblePerWeek: firstEntriesPerWeek }),
  });
}

function said(question: TrafficQuestion, lift: number, share: number, deadline?: number) {
  const curve = curveOf(question, lift, deadline);
  const point = curve.points[share - 1];
  if (point === undefined) throw new Error('a share of 1 to 50 percent');
  return { finding: planFinding(question, curve, point, TERMS, 'USD'), why: whyShare(curve, point), curve };
}

describe('the finding of a plan', () => {
  it('says the share, the weeks, what it finds and what it gives up', () => {
    const { finding, why } = said(GOAL, 0.0158, 15);
    expect(finding).toBe(
      'Hold out 15% for 13 weeks: it finds a change of 1.58 percentage points and gives up about 30 orders.',
    );
    expect(why).toMatch(
      /^It is the smallest share that answers before the deadline\. 14% needs 13,\d{3} people; 12 weeks bring 13,439, and the last week is for outcomes\.$/,
    );
  });

  it('names a share in time where the one under the handle is late', () => {
    expect(said(GOAL, 0.0158, 10).finding).toMatch(
      /^10% held out needs 18 weeks, past the deadline of 13 weeks; 15% needs 13 weeks\.$/,
    );
    expect(said(GOAL, 0.0158, 50, 5).finding).toBe(
      '50% held out needs 7 weeks, past the deadline of 5 weeks; no share is faster.',
    );
  });

  it('says what is hopeless, of whom', () => {
    const { finding, curve } = said(LARGE, 0.0135, 50);
    expect(isHopeless(curve)).toBe(true);
    expect(finding).toBe('Carts of $100 and over: this cannot be answered with this traffic, at any share held out.');
  });

  it('plans for harm, where holding out saves', () => {
    expect(said(GOAL, -0.0158, 30).finding).toMatch(
      /finds a change of 1\.58 percentage points and saves \d+ orders\.$/,
    );
  });

  it('knows no time without traffic', () => {
    const { finding, why } = said({ ...GOAL, firstEntriesPerWeek: null }, 0.0158, 20);
    expect(finding).toMatch(/^Hold out 20% until [\d,]+ people have come/);
    expect(why).toMatch(/not known/);
  });
});

describe('the answers of a table', () => {
  const answers = planQuestions(
    [
      { key: 'soon', kind: 'rate', baseline: GOAL.baseline, sd: null, lift: 0.0158, eligiblePerWeek: 1120 },
      { key: 'late', kind: 'rate', baseline: GOAL.baseline, sd: null, lift: 0.0095, eligiblePerWeek: 1120 },
      { key: 'never', kind: 'rate', baseline: 0.0385, sd: null, lift: 0.0135, eligiblePerWeek: 255 },
      { key: 'unknown', kind: 'rate', baseline: 0.0385, sd: null, lift: 0.0135, eligiblePerWeek: null },
      { key: 'none', kind: 'rate', baseline: 0, sd: null, lift: 0.01, eligiblePerWeek: 100 },
    ],
    {
      power: 0.8,
      alpha: 0.05,
      deadlineWeeks: 13,
      outcomeWindowMs: 7 * DAY_MS,
      valuePerConversion: null,
      look: 'end',
    },
    'soon',
  ).questions;

  it('are weeks, beyond the limit with the share that answers, or none', () => {
    expect(answers.map((answer) => answerWords(answer, 0.15).words)).toEqual([
      '13 weeks',
      'over 26 weeks',
      'cannot be answered',
      'not known',
      'cannot be planned',
    ]);
    const late = answers[1];
    const [, at = '0'] = /^2\d at (\d+)%$/.exec(late === undefined ? '' : answerWords(late, 0.15).beside) ?? [];
    expect(late?.points[Number(at) - 1]?.weeks).toBeLessThanOrEqual(26);
    expect(late?.points[Number(at) - 2]?.weeks).toBeGreaterThan(26);
  });
});

describe('the change that is looked for', () => {
  const project = (part: object) => part as unknown as ProjectAnswer;
  const assumed = project({
    incremental: { treatedRate: 0.06, expected: 100 },
    organic: { rate: 0.04 },
    cheapestTest: { smallestEffect: 0.01, organicRate: 0.05 },
    profit: { margin: 2900 },
  });

  it('is one’s own, else the assumed effect, else what pays, else an example', () => {
    expect(liftOf(GOAL, 0.02, assumed)).toMatchObject({ value: 0.02, source: 'yours' });
    const follows = liftOf(GOAL, undefined, assumed);
    expect(follows.source).toBe('assumed');
    expect(follows.value).toBeCloseTo(GOAL.baseline * 0.5, 12);
    expect(follows.ratio).toBeCloseTo(1.5, 12);
    const mailed = project({ ...assumed, incremental: { treatedRate: null, expected: null } });
    const pays = liftOf(GOAL, undefined, mailed);
    expect(pays.source).toBe('pays');
    expect(pays.value).toBeCloseTo(GOAL.baseline * 0.2, 12);
    expect(liftOf(GOAL, undefined, null)).toMatchObject({ source: 'fifth' });
  });

  it('leaves a rate below 1', () => {
    const high = { ...GOAL, baseline: 0.9 };
    const { value } = liftOf(high, undefined, assumed);
    expect(high.baseline + value).toBeLessThan(1);
  });

  it('has the margin of Simulate, where there is one', () => {
    expect(marginOf(assumed)).toBe(29);
    expect(marginOf(null)).toBeNull();
    expect(marginOf(project({ profit: { margin: 5 }, incremental: { expected: 0 } }))).toBeNull();
  });
});

describe('readings', () => {
  it('take a change in points or of the rate, and nothing bare', () => {
    for (const text of ['1.58 pp', '+1.58pp', '1.58 points']) expect(readChange(text, 0.04)).toEqual({ value: 0.0158 });
    expect(readChange('35%', 0.04)).toEqual({ value: 0.014 });
    expect(readChange('−0.5 pp', 0.04)).toEqual({ value: -0.005 });
    for (const text of ['1.58', 'much', '', '0 pp', '-5 pp', '97 pp']) {
      expect(readChange(text, 0.04), text).toHaveProperty('error');
    }
  });

  it('take weeks, power, confidence and amounts within their bounds', () => {
    expect(readWeeks('13w')).toEqual({ value: 13 });
    expect(readWeeks('1 week')).toEqual({ value: 1 });
    for (const text of ['13', '0w', '521w', '2.5w', '']) expect(readWeeks(text), text).toHaveProperty('error');
    expect(readPower('90%')).toEqual({ value: 0.9 });
    for (const text of ['40%', '100%', '80']) expect(readPower(text), text).toHaveProperty('error');
    expect(readConfidence('95%')).toEqual({ value: 0.05 });
    expect(showConfidence(0.05)).toBe('95%');
    expect(readConfidence('50%')).toHaveProperty('error');
    expect(readAmountChange('$1.13', 3)).toEqual({ value: 1.13 });
    expect(readAmountChange('50%', 3)).toEqual({ value: 1.5 });
    expect(readAmountChange('', 3)).toHaveProperty('error');
  });
});

describe('columns that are guessed', () => {
  const column = (name: string, kind: 'arm' | 'outcome' | 'amount' | 'other', ...texts: string[]) => ({
    name,
    kind,
    values: texts.map((text, i) => ({ text, n: 100 - i })),
  });
  const file = (...columns: ReturnType<typeof column>[]) => ({ name: 'a.csv', rows: 200, columns });

  it('are those of a fetched test', () => {
    const look = file(
      column('person', 'other'),
      column('arm', 'arm', 'treated', 'holdout'),
      column('outcome', 'outcome', '0', '1'),
      column('value', 'amount'),
    );
    expect(guessed(look, null)).toEqual({ arm: 'arm', control: 'holdout', outcomes: ['outcome'] });
  });

  it('take the least frequent arm for the one held out where no name says so', () => {
    const look = file(column('grp', 'arm', 'a', 'b'), column('bought', 'outcome', '0', '1'));
    expect(guessed(look, null)).toMatchObject({ arm: 'grp', control: 'b', outcomes: ['bought'] });
  });

  it('leave open what is not clear', () => {
    const look = file(
      column('grp', 'arm', 'a', 'b'),
      column('x', 'outcome', '0', '1'),
      column('y', 'outcome', '0', '1'),
    );
    expect(guessed(look, null)).not.toHaveProperty('outcomes');
    expect(guessed(file(column('x', 'amount')), null)).toEqual({});
  });
});

describe('nothing to plan from', () => {
  const traffic = (part: Partial<TrafficAnswer>) => part as TrafficAnswer;

  it('is said with its reason', () => {
    expect(
      noBaseline(traffic({ baseline: null, reason: 'nobody enrolls', questions: [] }), PLAIN_TERMS)?.words,
    ).toContain('nobody enrolls');
    const none = traffic({ baseline: 0, questions: [{ ...GOAL, baseline: 0, converted: 0 }] });
    expect(noBaseline(none, TERMS)?.title).toBe('Of 32,756 people who enroll, nobody bought in time.');
    expect(noBaseline(traffic({ baseline: GOAL.baseline, questions: [GOAL] }), TERMS)).toBeNull();
  });
});

describe('the plots', () => {
  it('have the share where the handle stands, and take it back', () => {
    const size = { width: 768, height: 330 };
    for (const share of [0.01, 0.15, 0.33, 0.5]) expect(shareOfX(shareX(share, size), size)).toBe(share);
    expect(shareOfX(-50, size)).toBe(0.01);
    expect(shareOfX(5000, size)).toBe(0.5);
  });

  it('stand under each other, and weeks above their plot are not drawn', () => {
    const size = { width: 768, height: 330 };
    const { weeks, given } = holdoutPlots(size);
    expect(weeks.top + weeks.height).toBeLessThan(given.top);
    expect(given.top + given.height).toBeLessThan(size.height);
    const input = { curve: curveOf(GOAL, 0.0158), terms: TERMS, at: null };
    expect(weeksY(13, input, size)).toBeGreaterThan(weeks.top);
    expect(weeksY(0, input, size)).toBeCloseTo(weeks.top + weeks.height, 9);
    expect(weeksY(500, input, size)).toBeNull();
  });
});
