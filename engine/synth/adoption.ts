// Time from signing up to adopting a feature, in closed form: a hazard that is constant between cuts. An email raises
// the hazard of those who have not adopted yet by a factor for some days, which is another mechanism than a conversion
// caused at some delay; that a tool finds its effect all the same is worth a test. S(t) = exp(−∫ hazard).

import { assert, type Random, UserError } from '../base/index.ts';

export interface AdoptionLaw {
  /** Per day; the first holds up to the first cut, the last for ever. */
  readonly hazardPerDay: readonly number[];
  /** Days since signing up, increasing; one fewer than the hazards. */
  readonly cutsDays: readonly number[];
}

export interface HazardEmails {
  /** Days since signing up, increasing; an email goes to whoever has not adopted by then. */
  readonly daysAfter: readonly number[];
  /** Factor on the hazard, above 0; below 1 the emails do harm. */
  readonly hazardRatio: number;
  /** How long it lasts, in days; shorter than the time to the next email. */
  readonly effectDays: number;
}

/** Per person who has not adopted by the first email. */
export interface AdoptionEffect {
  readonly controlRate: number;
  readonly treatedRate: number;
  readonly difference: number;
}

export function checkAdoptionLaw({ hazardPerDay, cutsDays }: AdoptionLaw): void {
  if (hazardPerDay.length !== cutsDays.length + 1) refuse('adoption.cutsDays', 'one fewer than the hazards');
  if (!hazardPerDay.every((h) => h >= 0 && Number.isFinite(h))) refuse('adoption.hazardPerDay', 'of 0 or more');
  const rises = cutsDays.every((cut, i) => cut > (cutsDays[i - 1] ?? 0));
  if (!rises) refuse('adoption.cutsDays', 'above 0 and increasing');
}

export function checkHazardEmails({ daysAfter, hazardRatio, effectDays }: HazardEmails): void {
  if (daysAfter.length === 0) refuse('emails.daysAfter', 'a list of at least one day');
  if (!(hazardRatio > 0 && Number.isFinite(hazardRatio))) refuse('emails.hazardRatio', 'above 0');
  if (!(effectDays > 0)) refuse('emails.effectDays', 'above 0');
  daysAfter.forEach((day, i) => {
    const before = i === 0 ? 0 : (daysAfter[i - 1] as number) + effectDays;
    if (day < before) refuse('emails.daysAfter', 'increasing, each after the effect of the one before');
  });
}

function refuse(name: string, rule: string): never {
  throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
}

/** ∫ hazard over [0, days], with emails where there are any. */
export function cumulativeHazard(law: AdoptionLaw, days: number, emails: HazardEmails | null = null): number {
  if (days <= 0) return 0;
  let sum = 0;
  for (const { from, to, hazard } of pieces(law, emails)) {
    if (from >= days) break;
    sum += hazard * (Math.min(to, days) - from);
  }
  return sum;
}

/** Share that has not adopted by then. */
export function adoptionSurvival(law: AdoptionLaw, days: number, emails: HazardEmails | null = null): number {
  return Math.exp(-cumulativeHazard(law, days, emails));
}

/**
 * The day at which the cumulative hazard reaches `target`; Infinity where it never does. With an exponential target it
 * is a draw of the time to adopt, and the same target with and without emails is the same person twice.
 */
export function dayOfHazard(law: AdoptionLaw, target: number, emails: HazardEmails | null = null): number {
  assert(target >= 0, 'a cumulative hazard is not negative');
  let left = target;
  for (const { from, to, hazard } of pieces(law, emails)) {
    const here = hazard === 0 ? 0 : hazard * (to - from);
    if (hazard > 0 && left <= here) return from + left / hazard;
    left -= here;
  }
  return Number.POSITIVE_INFINITY;
}

/** An exponential variate of mean 1, above 0. */
export function drawHazard(random: Random): number {
  return -Math.log(1 - random.uniform()) || Number.MIN_VALUE;
}

/** Within the horizon, among those who have not adopted by the first email. @returns null where everybody has */
export function adoptionEffect(law: AdoptionLaw, emails: HazardEmails, horizonDays: number): AdoptionEffect | null {
  const start = adoptionSurvival(law, emails.daysAfter[0] as number);
  if (start === 0) return null;
  const controlRate = 1 - adoptionSurvival(law, horizonDays) / start;
  const treatedRate = 1 - adoptionSurvival(law, horizonDays, emails) / start;
  return { controlRate, treatedRate, difference: treatedRate - controlRate };
}

/** What each email, were it a conversion caused at once, would have to cause: 1 − exp(−(θ−1)ΔH) (methods D.1). */
export function equivalentResponses(law: AdoptionLaw, emails: HazardEmails): number[] {
  return emails.daysAfter.map((day) => {
    const organic = cumulativeHazard(law, day + emails.effectDays) - cumulativeHazard(law, day);
    return -Math.expm1(-(emails.hazardRatio - 1) * organic);
  });
}

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly hazard: number;
}

function pieces({ hazardPerDay, cutsDays }: AdoptionLaw, emails: HazardEmails | null): Piece[] {
  const raised = (emails?.daysAfter ?? []).map((day) => [day, day + (emails?.effectDays ?? 0)] as const);
  const ends = [...new Set([...cutsDays, ...raised.flat()])].filter((day) => day > 0).sort((a, b) => a - b);
  return [...ends, Number.POSITIVE_INFINITY].map((to, i) => {
    const from = i === 0 ? 0 : (ends[i - 1] as number);
    const plain = hazardPerDay[cutsDays.filter((cut) => cut <= from).length] as number;
    const isRaised = raised.some(([start, end]) => from >= start && from < end);
    return { from, to, hazard: isRaised ? plain * (emails?.hazardRatio ?? 1) : plain };
  });
}
