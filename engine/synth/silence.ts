// How long people stay away, in closed form: after an active day some never come back; the others return after a whole
// number of days that is geometric, with a chance a day that differs between classes of people. So the chance of a
// return falls with every day of silence although nobody's own chance does. P(G > d) = n + (1 − n) Σ w_k (1 − r_k)^d.

import { assert, type Random, UserError } from '../base/index.ts';

export interface SilenceLaw {
  /** Share that never returns, 0 … 1. */
  readonly neverReturn: number;
  /** Of those who return; shares add up to 1. `perDay`: chance of a return on each day, above 0, at most 1. */
  readonly classes: readonly { readonly share: number; readonly perDay: number }[];
}

export function checkSilenceLaw({ neverReturn, classes }: SilenceLaw): void {
  if (!(neverReturn >= 0 && neverReturn <= 1)) refuse('silence.neverReturn', 'a number from 0 to 1');
  if (classes.length === 0) refuse('silence.classes', 'a list of at least one class');
  let shares = 0;
  for (const { share, perDay } of classes) {
    if (!(share >= 0)) refuse('silence.classes[].share', 'of 0 or more');
    if (!(perDay > 0 && perDay <= 1)) refuse('silence.classes[].perDay', 'above 0 and at most 1');
    shares += share;
  }
  if (Math.abs(shares - 1) > 1e-9) refuse('silence.classes', 'of shares that add up to 1');
}

function refuse(name: string, rule: string): never {
  throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
}

/** What holds of everybody where groups of people follow laws of their own. @param groups of shares that add up to 1 */
export function mixedLaw(groups: readonly { readonly share: number; readonly law: SilenceLaw }[]): SilenceLaw {
  const returning = groups.map(({ share, law }) => share * (1 - law.neverReturn));
  const all = returning.reduce((sum, share) => sum + share, 0);
  const classes = groups.flatMap(({ law }, i) =>
    law.classes.map(({ share, perDay }) => ({
      share: all === 0 ? 0 : (share * (returning[i] as number)) / all,
      perDay,
    })),
  );
  return { neverReturn: 1 - all, classes };
}

/** P(silence longer than d days), d a whole number ≥ 0. */
export function silenceBeyond({ neverReturn, classes }: SilenceLaw, days: number): number {
  let returning = 0;
  for (const { share, perDay } of classes) returning += share * (1 - perDay) ** days;
  return neverReturn + (1 - neverReturn) * returning;
}

/** P(return within h days | silent for d days); null where nobody is silent that long. */
export function returnWithin(law: SilenceLaw, silentDays: number, withinDays: number): number | null {
  const silent = silenceBeyond(law, silentDays);
  return silent === 0 ? null : 1 - silenceBeyond(law, silentDays + withinDays) / silent;
}

/** Of those silent for d days, the share that stays silent for at least `churnDays`; null where nobody is. */
export function goneShare(law: SilenceLaw, silentDays: number, churnDays: number): number | null {
  assert(silentDays <= churnDays, 'a silence is looked at before it counts as gone');
  const silent = silenceBeyond(law, silentDays);
  return silent === 0 ? null : silenceBeyond(law, churnDays) / silent;
}

/** A draw in whole days, ≥ 1; Infinity: never. */
export function drawSilence({ neverReturn, classes }: SilenceLaw, random: Random): number {
  const never = random.uniform() < neverReturn;
  let u = random.uniform();
  const v = 1 - random.uniform();
  if (never) return Number.POSITIVE_INFINITY;
  let k = 0;
  while (k < classes.length - 1 && u >= (classes[k] as { share: number }).share) u -= classes[k++]?.share ?? 0;
  const { perDay } = classes[k] as { perDay: number };
  return perDay === 1 ? 1 : Math.max(1, Math.ceil(Math.log(v) / Math.log1p(-perDay)));
}
