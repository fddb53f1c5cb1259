// How often intervals hold their truth over many runs, with the error of counting runs: an exact binomial band says
// between which counts a method that holds 95 % of the time would lie, allowing for how many figures are looked at.

import { binomialCdf, tQuantile, wilsonInterval } from '../stats/index.ts';
import type { Figure, Run, Warning } from './chain.ts';

export interface FigureCoverage {
  readonly id: string;
  /** Of the truths and of the estimates, over runs that gave one. */
  readonly truth: number;
  readonly mean: number;
  /** Mean of estimate − truth, and its standard error. */
  readonly bias: number;
  readonly biasSe: number;
  /** What the bias of an estimate without bias stays within, but for `alpha`; null for a single estimate. */
  readonly biasBound: number | null;
  /** Runs that gave an estimate, and of these, those that gave an interval. */
  readonly estimates: number;
  readonly intervals: number;
  readonly covered: number;
  /** covered / intervals with its 95 % interval (Wilson); null without intervals. */
  readonly share: number | null;
  readonly shareLow: number | null;
  readonly shareHigh: number | null;
  /** Counts between which a method that holds `nominal` of the time lies, but for `alpha`. */
  readonly band: readonly [low: number, high: number] | null;
  readonly verdict: 'holds' | 'too wide' | 'fails' | 'no interval';
}

/** Coverage every interval claims. */
export const NOMINAL = 0.95;

/** Central counts of n that a binomial of probability p leaves with probability `alpha` at most. */
export function coverageBand(n: number, p: number, alpha: number): readonly [number, number] {
  let low = 0;
  while (low < n && binomialCdf(low, n, p) <= alpha / 2) low++;
  let high = n;
  while (high > 0 && 1 - binomialCdf(high - 1, n, p) <= alpha / 2) high--;
  return [low, high];
}

/** @param alpha that any one figure of a perfect method lies outside its band; divided among the figures by the caller */
export function coverageOf(id: string, runs: readonly Figure[], alpha: number): FigureCoverage {
  const given = runs.filter((one) => one.estimate !== null);
  const withLimits = runs.filter((one) => one.low !== null && one.high !== null);
  const covered = withLimits.filter((one) => (one.low as number) <= one.truth && one.truth <= (one.high as number));
  const meanOf = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);
  const errors = given.map((one) => (one.estimate as number) - one.truth);
  const bias = meanOf(errors);
  const variance = errors.reduce((sum, x) => sum + (x - bias) ** 2, 0) / Math.max(1, errors.length - 1);
  const biasSe = Math.sqrt(variance / Math.max(1, errors.length));
  const n = withLimits.length;
  const [shareLow, shareHigh] = n === 0 ? [null, null] : wilsonInterval({ n, x: covered.length }, 0.05);
  const band = n === 0 ? null : coverageBand(n, NOMINAL, alpha);
  return {
    id,
    truth: meanOf(runs.map((one) => one.truth)),
    mean: meanOf(given.map((one) => one.estimate as number)),
    bias,
    biasSe,
    biasBound: errors.length < 2 ? null : biasSe * tQuantile(1 - alpha / 2, errors.length - 1),
    estimates: given.length,
    intervals: n,
    covered: covered.length,
    share: n === 0 ? null : covered.length / n,
    shareLow,
    shareHigh,
    band,
    verdict:
      band === null
        ? 'no interval'
        : covered.length < band[0]
          ? 'fails'
          : covered.length > band[1]
            ? 'too wide'
            : 'holds',
  };
}

/** Figures by id, in order of appearance. */
export function figuresOf(runs: readonly Run[]): ReadonlyMap<string, Figure[]> {
  const byId = new Map<string, Figure[]>();
  for (const run of runs) {
    for (const figure of run.figures) {
      const list = byId.get(figure.id) ?? [];
      list.push(figure);
      byId.set(figure.id, list);
    }
  }
  return byId;
}

export function shareOfRuns(runs: readonly Run[], has: (run: Run) => boolean): number {
  return runs.length === 0 ? 0 : runs.filter(has).length / runs.length;
}

export function warningShare(runs: readonly Run[], warning: Warning): number {
  return shareOfRuns(runs, (run) => run.warnings[warning]);
}
