// What the same test says beside its main question: the same relative change, asked of money and of parts of the people,
// with the people each takes at the share held out and the smallest share that answers in time.

import type { HoldoutPlan, PlannedSizes } from './plan.ts';
import { type AskedQuestion, planQuestions } from './questions.ts';

export interface OtherQuestion extends Pick<AskedQuestion, 'key' | 'kind' | 'baseline' | 'lift'> {
  /** At the plan's own share; null with a reason. */
  readonly n: PlannedSizes | null;
  readonly weeks: number | null;
  /** Smallest whole percent that meets the deadline; null where none does. */
  readonly smallest: number | null;
  readonly reason?: string;
}

/** @param others as counted; their change is the plan's, relative to the baseline */
export function otherQuestions(
  plan: Pick<HoldoutPlan, 'fraction' | 'asked'>,
  others: readonly Omit<AskedQuestion, 'lift'>[],
  outcomeWindowMs: number,
): OtherQuestion[] {
  const { baseline, lift, power, alpha, deadlineWeeks } = plan.asked;
  const asked = others.map((one) => ({ ...one, lift: one.baseline * (lift / baseline) }));
  const settings = { power, alpha, deadlineWeeks, outcomeWindowMs, valuePerConversion: null, look: 'end' as const };
  const { questions } = planQuestions(asked, settings, '');
  return questions.map(({ key, points, smallest, reason }, i): OtherQuestion => {
    const { kind, baseline: own, lift: change } = asked[i] as AskedQuestion;
    // A share between two whole percents is answered by the next larger one.
    const at = points.find(({ fraction }) => fraction >= plan.fraction - 1e-9) ?? points.at(-1);
    return {
      key,
      kind,
      baseline: own,
      lift: change,
      n: at?.n ?? null,
      weeks: at?.weeks ?? null,
      smallest: smallest === null ? null : (points[smallest]?.fraction ?? null),
      ...(reason === undefined ? {} : { reason }),
    };
  });
}
