// Regret in words, for the command line and the window alike.

import { type Currency, money, percent, rounded } from '../base/index.ts';
import type { Regret, VersionRegret } from './regret.ts';

/** `60 min is best in 64% of plausible worlds, and choosing it costs least where it is not: $120 in the mean.` */
export function regretFinding(regret: Regret, currency: Currency): string {
  const { versions, mostOften, leastRegret } = regret;
  const of = (name: string) => versions.find((one) => one.name === name) as VersionRegret;
  const often = of(mostOften);
  const head = `${mostOften} is best in ${percent(often.pBest, 0)} of plausible worlds`;
  if (versions.every(({ expected }) => expected === 0)) return 'All columns bring the same in every plausible world.';
  if (mostOften === leastRegret) {
    return `${head}, and one regrets it least: ${regretText(regret, often.expected, currency)} in the mean.`;
  }
  return `${head}; ${leastRegret} is regretted least, ${regretText(regret, of(leastRegret).expected, currency)} in the mean.`;
}

/** An amount of regret, in the unit the columns are judged by. */
export function regretText({ by }: Pick<Regret, 'by'>, amount: number, currency: Currency): string {
  return by === 'profit'
    ? money(amount >= 100 ? Math.round(amount) : amount, currency)
    : `${rounded(amount, 2)} conversions`;
}
