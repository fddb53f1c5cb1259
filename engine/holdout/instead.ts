// What can be asked where a plan is not answered in time: another share, a longer test, a larger change, less certainty,
// more people. Each is worked out for the fastest split of the table and holds as it is said: planned anew with its
// `change` it fits (but for more people, who are no setting).

import { count, exactPercent, percent, points, rounded, weeks } from '../base/index.ts';
import { detectableDifference, powerOfRates, sizeForRates } from '../stats/index.ts';
import type { FractionRow, HoldoutPlanInput } from './plan.ts';

export interface Alternative {
  readonly kind: 'largerShare' | 'longer' | 'largerChange' | 'lessPower' | 'moreTraffic' | 'oneLook';
  /** A sentence with its figures. */
  readonly text: string;
  /** Settings to plan one look with in the place of those asked; empty where it is nothing of a plan. */
  readonly change: Partial<Pick<HoldoutPlanInput, 'fraction' | 'deadlineWeeks' | 'lift' | 'power'>>;
}

export interface Unanswered {
  readonly baseline: number;
  readonly lift: number;
  readonly power: number;
  readonly alpha: number;
  /** Unique people newly eligible in a week, > 0. */
  readonly eligiblePerWeek: number;
  readonly windowWeeks: number;
  readonly deadlineWeeks: number;
}

/** A test that takes longer even at the fastest fraction is no answer to a question asked today. */
export const LONGEST_WEEKS = 26;
/** Under this a test says less often what is there than that it is not seen. */
const LEAST_POWER = 0.5;
/** Changes are offered in steps of 0.01 percentage points. */
const STEP = 0.0001;

/**
 * @param fastest the row of the table that needs the fewest people
 * @param inTime the smallest share of the table that meets the deadline, where there is one
 */
export function alternativesTo(
  asked: Unanswered,
  fastest: FractionRow,
  inTime: FractionRow | undefined,
): readonly Alternative[] {
  if (inTime !== undefined) {
    const text = `Hold out more: ${exactPercent(inTime.fraction)} held out takes ${weeks(inTime.weeks as number)}.`;
    return [{ kind: 'largerShare', text, change: { fraction: inTime.fraction } }];
  }
  // Where nothing answers within the limit either, what can be seen until then is offered, not what can until sooner.
  const limit = Math.max(asked.deadlineWeeks, LONGEST_WEEKS);
  const isHopeless = fastest.weeks !== null && fastest.weeks > limit;
  const within = isHopeless ? { ...asked, deadlineWeeks: limit } : asked;
  const fillingWeeks = Math.floor(within.deadlineWeeks - asked.windowWeeks);
  const found = [
    longer(fastest),
    ...(fillingWeeks < 1
      ? []
      : [largerChange(within, fastest, fillingWeeks), lessPower(within, fastest, fillingWeeks), more(fastest, within)]),
  ];
  const { deadlineWeeks } = within;
  return found
    .filter((one) => one !== null)
    .map((one) =>
      Object.keys(one.change).length === 0 || deadlineWeeks === asked.deadlineWeeks || 'deadlineWeeks' in one.change
        ? one
        : { ...one, change: { ...one.change, deadlineWeeks } },
    );
}

function longer({ fraction, weeks: needed, n }: FractionRow): Alternative | null {
  if (needed === null || needed > LONGEST_WEEKS) return null;
  const text = `Wait longer: with ${exactPercent(fraction)} held out ${count(n.total)} people have come after ${weeks(needed)}.`;
  return { kind: 'longer', text, change: { deadlineWeeks: needed, fraction } };
}

function largerChange(asked: Unanswered, { fraction }: FractionRow, fillingWeeks: number): Alternative | null {
  const { baseline, lift, power, alpha } = asked;
  const people = fillingWeeks * asked.eligiblePerWeek;
  const sizes = split(people, fraction);
  if (sizes === null) return null;
  const { up, down } = detectableDifference(baseline, sizes, alpha, power);
  const smallest = lift > 0 ? up : down;
  if (smallest === null) return null;
  const sign = Math.sign(lift);
  let steps = Math.max(1, Math.ceil(Math.abs(smallest) / STEP - 1e-9));
  const isRate = (change: number) => baseline + change > 0 && baseline + change < 1;
  const takes = (change: number) => {
    const { treated, control } = sizeForRates(
      { treated: baseline + change, control: baseline },
      fraction,
      alpha,
      power,
    ).sizes;
    return Math.ceil((treated + control) / asked.eligiblePerWeek);
  };
  const change = () => Number((sign * steps * STEP).toFixed(4));
  // Both arms are rounded up once more when it is planned.
  while (isRate(change()) && takes(change()) > fillingWeeks) steps++;
  if (!isRate(change())) return null;
  const text = `Look for a larger change: ${exactPercent(fraction)} held out for ${weeks(fillingWeeks + asked.windowWeeks)} shows ${points(change())} percentage points; a smaller one would stay unseen.`;
  return { kind: 'largerChange', text, change: { lift: change(), fraction } };
}

function lessPower(asked: Unanswered, { fraction }: FractionRow, fillingWeeks: number): Alternative | null {
  const { baseline, lift, alpha } = asked;
  const sizes = split(fillingWeeks * asked.eligiblePerWeek, fraction);
  if (sizes === null) return null;
  const power = powerOfRates({ treated: baseline + lift, control: baseline }, sizes, alpha);
  // A whole percent below, so that rounding up the arms still fits.
  const offered = (Math.floor(power * 100) - 1) / 100;
  if (offered < LEAST_POWER || offered >= asked.power) return null;
  const text = `Accept less certainty: with ${exactPercent(fraction)} held out for ${weeks(fillingWeeks + asked.windowWeeks)} a change of ${points(lift)} percentage points is seen with a chance of ${percent(offered)}, not ${exactPercent(asked.power)}.`;
  return { kind: 'lessPower', text, change: { power: offered, fraction } };
}

function more({ n, fraction }: FractionRow, asked: Unanswered): Alternative {
  const needed = Math.ceil(n.total / Math.floor(asked.deadlineWeeks - asked.windowWeeks));
  const text = `Ask it of more people: with ${exactPercent(fraction)} held out it takes ${count(needed)} newly eligible people a week to answer within ${weeks(asked.deadlineWeeks)}, ${rounded(needed / asked.eligiblePerWeek)} times as many as come.`;
  return { kind: 'moreTraffic', text, change: {} };
}

function split(people: number, fraction: number): { readonly treated: number; readonly control: number } | null {
  const control = Math.floor(people * fraction);
  const treated = Math.floor(people) - control;
  return control < 1 || treated < 1 ? null : { treated, control };
}
