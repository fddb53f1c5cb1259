// The sentences of Holdout. Before a test every change is one that is looked for, never one that is expected.

import type { TrafficAnswer, TrafficQuestion } from '../../../engine/api/index.ts';
import {
  type Currency,
  capital,
  count,
  exactPercent,
  money,
  percent,
  points,
  rounded,
  signedMoney,
  weeks,
} from '../../../engine/base/index.ts';
import { type CurvePoint, LONGEST_WEEKS, type PlanCurve, type QuestionAnswer } from '../../../engine/holdout/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import { givenWords } from '../../charts/holdout-plan.ts';
import type { Lift } from '../../state/test-lift.ts';

export function questionWords({ key, valueFrom }: TrafficQuestion, terms: Terms, currency: Currency): string {
  if (key === 'value') return 'Do they add revenue per person?';
  if (key === 'large') return `Do they add ${terms.goals} in ${largeWords(valueFrom, terms, currency)}?`;
  return `Do the emails add ${terms.goals}?`;
}

function largeWords(valueFrom: number | null, terms: Terms, currency: Currency): string {
  const what = terms.anchor === 'episode' ? 'runs' : terms.anchors;
  return `${what} of ${money(valueFrom ?? 0, currency)} and over`;
}

/** Before the colon of a finding that is not about everybody. */
function about(question: TrafficQuestion, terms: Terms, currency: Currency): string {
  return question.key === 'large' ? `${capital(largeWords(question.valueFrom, terms, currency))}: ` : '';
}

export function planFinding(
  question: TrafficQuestion,
  curve: PlanCurve,
  point: CurvePoint,
  terms: Terms,
  currency: Currency,
): string {
  const { asked, points: all, fastest } = curve;
  const before = about(question, terms, currency);
  const first = (words: string) => (before === '' ? capital(words) : `${before}${words}`);
  const size = `${points(Math.abs(asked.lift)).replace('+', '')} percentage points`;
  const finds = `it finds a change of ${size}`;
  const costs = `${point.foregone < 0 ? givenWords(point.foregone, terms) : `gives up about ${givenWords(point.foregone, terms)}`}`;
  const share = exactPercent(point.fraction);
  if (point.weeks === null) {
    return first(
      `hold out ${share} until ${count(point.n.total)} people have come: ${finds}. How long that takes is not known from a history of under a week.`,
    );
  }
  if (isHopeless(curve)) return first('this cannot be answered with this traffic, at any share held out.');
  if (point.answerable === true) return first(`hold out ${share} for ${weeks(point.weeks)}: ${finds} and ${costs}.`);
  const quickest = all[fastest];
  const best = curve.smallest === null ? quickest : all[curve.smallest];
  const late = `${share} held out needs ${weeks(point.weeks)}, past the deadline of ${weeks(asked.deadlineWeeks)}`;
  if (best === undefined || best.weeks === null || best.fraction === point.fraction) {
    return first(`${late}; no share is faster.`);
  }
  return first(`${late}; ${exactPercent(best.fraction)} needs ${weeks(best.weeks)}.`);
}

/** Whether no share answers within the limit, whatever the deadline. */
export function isHopeless({ points: all, fastest, asked }: PlanCurve): boolean {
  const quickest = all[fastest]?.weeks ?? null;
  return quickest !== null && quickest > Math.max(LONGEST_WEEKS, asked.deadlineWeeks);
}

/** Why the smallest share that answers in time is the smallest. */
export function whyShare(curve: PlanCurve, point: CurvePoint): string {
  const { points: all, smallest, asked, fastest } = curve;
  const { eligiblePerWeek, outcomeWindowWeeks, deadlineWeeks } = asked;
  if (eligiblePerWeek === null) return 'How many people come in a week is not known, so no share can be too slow.';
  const limit = isHopeless(curve) ? Math.max(LONGEST_WEEKS, deadlineWeeks) : deadlineWeeks;
  const filling = Math.max(0, Math.floor(limit - outcomeWindowWeeks));
  const bring = `${weeks(filling)} bring ${count(filling * eligiblePerWeek)}`;
  const wait = outcomeWindowWeeks === 0 ? '' : `, and ${lastWeeks(outcomeWindowWeeks)} for outcomes`;
  if (smallest === null) {
    const best = all[fastest] as CurvePoint;
    return `No share answers within ${weeks(limit)}: ${exactPercent(best.fraction)} needs the fewest people, ${count(best.n.total)}; ${bring}${wait}.`;
  }
  const least = all[smallest] as CurvePoint;
  if (point.fraction < least.fraction) {
    return `It needs ${count(point.n.total)} people; ${bring}${wait}. ${exactPercent(least.fraction)} is the smallest share that answers before the deadline.`;
  }
  if (point.fraction > least.fraction) {
    return `${exactPercent(least.fraction)} answers before the deadline too, and gives up less. A larger share answers sooner.`;
  }
  const under = all[smallest - 1];
  return under === undefined
    ? 'It is the smallest share offered, and answers before the deadline.'
    : `It is the smallest share that answers before the deadline. ${exactPercent(under.fraction)} needs ${count(under.n.total)} people; ${bring}${wait}.`;
}

function lastWeeks(n: number): string {
  return n === 1 ? 'the last week is' : `the last ${n} weeks are`;
}

/** In the table: `13 weeks`, `over 26 weeks`, `cannot be answered`. */
export function answerWords(
  answer: QuestionAnswer,
  share: number,
): { words: string; beside: string; isHopeless: boolean } {
  const at = answer.points[Math.round(share * 100) - 1];
  if (answer.reason !== undefined || at === undefined) {
    return { words: 'cannot be planned', beside: '', isHopeless: true };
  }
  if (at.weeks === null) return { words: 'not known', beside: '', isHopeless: false };
  const quickest = answer.points.reduce((best, one) => ((one.weeks ?? 0) < (best.weeks ?? 0) ? one : best), at);
  if ((quickest.weeks ?? 0) > LONGEST_WEEKS) return { words: 'cannot be answered', beside: '', isHopeless: true };
  if (at.weeks <= LONGEST_WEEKS) return { words: weeks(at.weeks), beside: '', isHopeless: false };
  const soonest = answer.points.find((one) => one.weeks !== null && one.weeks <= LONGEST_WEEKS) ?? quickest;
  return {
    words: `over ${weeks(LONGEST_WEEKS)}`,
    beside: `${soonest.weeks} at ${exactPercent(soonest.fraction)}`,
    isHopeless: false,
  };
}

export function liftHint({ source, ratio }: Lift): string {
  const times = rounded(ratio, 4);
  switch (source) {
    case 'yours':
      return 'Yours, no source.';
    case 'assumed':
      return `Mean of the assumed effect in Simulate, ratio ${times}. Not a promise.`;
    case 'pays':
      return `The smallest change at which the emails pay, ratio ${times}.`;
    default:
      return 'A fifth of the rate, as an example: set the change that matters to you.';
  }
}

export function baselineWords({ kind, baseline }: TrafficQuestion, currency: Currency): string {
  return kind === 'amount' ? money(baseline, currency) : percent(baseline);
}

export function changeWords(kind: TrafficQuestion['kind'], change: number, currency: Currency): string {
  return kind === 'amount' ? signedMoney(change, currency) : `${points(change)} pp`;
}

/** Why there is nothing to plan from, as a title and what follows; null where there is. */
export function noBaseline(traffic: TrafficAnswer, terms: Terms): { title: string; words: string } | null {
  const [goal] = traffic.questions;
  if (traffic.baseline === null || goal === undefined) {
    return {
      title: 'There is nothing to plan from yet.',
      words: `In this history ${traffic.reason ?? 'nobody enrolls'}, so it is not known how many come without emails.`,
    };
  }
  if (traffic.baseline > 0 && traffic.baseline < 1) return null;
  const who = traffic.baseline === 0 ? 'nobody' : 'everybody';
  return {
    title: `Of ${count(goal.people)} people who enroll, ${who} ${terms.done} in time.`,
    words: 'A test compares rates that lie between the two, so no size can be worked out from this history.',
  };
}
