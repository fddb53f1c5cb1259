// How an email tool credits a conversion to the emails before it. A rule of bookkeeping, no effect: organic conversions
// are credited as readily as caused ones, which is why such figures stand only beside the other two.

import type { Workflow } from '../workflow/index.ts';

export interface CreditRule {
  /** How long after its receipt an email is still credited. */
  readonly withinMs: number;
  readonly model: NonNullable<Workflow['attribution']>['model'];
  /** Of the model `decay`: by then an email's weight has halved. */
  readonly halfLifeMs: number;
}

/** The rule of a workflow; its weights halve in half the window, for no workflow says otherwise. Null where it has none. */
export function creditRuleOf({ attribution }: Pick<Workflow, 'attribution'>): CreditRule | null {
  return attribution === null ? null : { ...attribution, halfLifeMs: attribution.withinMs / 2 };
}

/**
 * Shares of one conversion by touch, summing to 1, or all 0 where none lies in the window before it. A touch at the
 * conversion's own instant counts, one after it does not.
 * @param touches times, ascending, on the clock of `conversion`
 */
export function creditsOf(touches: readonly number[], conversion: number, rule: CreditRule): number[] {
  const shares = touches.map(() => 0);
  const counted = touches.flatMap((at, i) => (at <= conversion && conversion - at <= rule.withinMs ? [i] : []));
  const weights = weightsOf(
    counted.map((i) => conversion - (touches[i] as number)),
    rule,
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  counted.forEach((i, at) => {
    shares[i] = (weights[at] as number) / total;
  });
  return shares;
}

/** @param ages of the counted touches, the oldest first */
function weightsOf(ages: readonly number[], { model, halfLifeMs }: CreditRule): number[] {
  const last = ages.length - 1;
  switch (model) {
    case 'last':
      return ages.map((_, i) => (i === last ? 1 : 0));
    case 'first':
      return ages.map((_, i) => (i === 0 ? 1 : 0));
    case 'linear':
      return ages.map(() => 1);
    case 'decay':
      return ages.map((age) => 2 ** -((age - (ages[last] as number)) / halfLifeMs));
    case 'position':
      if (ages.length < 3) return ages.map(() => 1);
      return ages.map((_, i) => (i === 0 || i === last ? 0.4 : 0.2 / (ages.length - 2)));
  }
}
