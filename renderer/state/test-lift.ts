// The change a test is planned for, and what a conversion is worth, as far as they follow from other answers: what the
// user set comes first, then the assumed effect, then what pays.

import type { ProjectAnswer, TrafficQuestion } from '../../engine/api/index.ts';

export type LiftSource = 'yours' | 'assumed' | 'pays' | 'fifth';

export interface Lift {
  readonly value: number;
  readonly source: LiftSource;
  /** Treated over organic rate. */
  readonly ratio: number;
}

/** The change to look for: what was set, else the assumed effect, else what pays. */
export function liftOf(
  question: TrafficQuestion,
  own: number | undefined,
  project: Pick<ProjectAnswer, 'incremental' | 'organic' | 'cheapestTest'> | null,
): Lift {
  const { baseline } = question;
  const of = (value: number, source: LiftSource): Lift => ({ value, source, ratio: 1 + value / baseline });
  if (own !== undefined) return of(own, 'yours');
  const treated = project?.incremental.treatedRate ?? null;
  const organic = project?.organic.rate ?? null;
  if (treated !== null && organic !== null && organic > 0 && treated > organic) {
    return of(fitting(baseline * (treated / organic - 1), question), 'assumed');
  }
  const { smallestEffect = null, organicRate = null } = project?.cheapestTest ?? {};
  if (smallestEffect !== null && smallestEffect > 0 && organicRate !== null && organicRate > 0) {
    return of(fitting(baseline * (smallestEffect / organicRate), question), 'pays');
  }
  return of(fitting(baseline * 0.2, question), 'fifth');
}

/** A rate stays below 1. */
function fitting(lift: number, { kind, baseline }: TrafficQuestion): number {
  return kind === 'amount' ? lift : Math.min(lift, (1 - baseline) * 0.9);
}

/** Margin of one more conversion, as Simulate has it; null where it has none. */
export function marginOf(project: Pick<ProjectAnswer, 'profit' | 'incremental'> | null): number | null {
  const margin = project?.profit.margin ?? null;
  const expected = project?.incremental.expected ?? null;
  return margin === null || expected === null || !(Math.abs(expected) > 1e-9) ? null : margin / expected;
}
