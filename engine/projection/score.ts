// A projection held against what a holdout measured afterwards: the difference it foretold per person, with the doubt
// of its assumptions and that of the test together, and where the measured one falls in it. Chance and sampling of the
// projection itself do not count: the test has its own.

import { points } from '../base/index.ts';
import { type Count, differenceVariance, normalCdf, normalQuantile } from '../stats/index.ts';
import type { Projection } from './projection.ts';

export interface ProjectionScore {
  /** Treated minus control, as rates: foretold, with the 95 % interval within which a test of this size should fall. */
  readonly projected: { readonly difference: number; readonly low: number; readonly high: number };
  readonly measured: number;
  /** Distance in standard errors of both; its two-sided p. */
  readonly z: number;
  readonly p: number;
  readonly inside: boolean;
  /** Log density of the measured difference as foretold, in nats; the higher, the better foretold. */
  readonly logScore: number;
  readonly text: string;
}

type Foretold = Pick<Projection, 'mailed' | 'identified'> & {
  readonly incremental: Pick<Projection['incremental'], 'expected' | 'low' | 'high' | 'shares'>;
};

/** @returns null where the projection gave no single figure, or the test has no spread to hold it against */
export function scoreProjection(
  { mailed, incremental, identified }: Foretold,
  treated: Count,
  control: Count,
): ProjectionScore | null {
  const { expected, low, high, shares } = incremental;
  if (identified !== true || expected === null || low === null || high === null || shares === null) return null;
  if (mailed <= 0 || treated.n <= 0 || control.n <= 0) return null;
  const z975 = normalQuantile(0.975);
  const spread = (high - low) / (2 * z975);
  const ofAssumptions = shares.parameters * (spread / mailed) ** 2;
  const sd = Math.sqrt(ofAssumptions + differenceVariance(treated, control));
  if (!(sd > 0)) return null;
  const difference = expected / mailed;
  const measured = treated.x / treated.n - control.x / control.n;
  const z = (measured - difference) / sd;
  const range = { low: difference - z975 * sd, high: difference + z975 * sd };
  const inside = measured >= range.low && measured <= range.high;
  return {
    projected: { difference, ...range },
    measured,
    z,
    p: 2 * normalCdf(-Math.abs(z)),
    inside,
    logScore: -0.5 * Math.log(2 * Math.PI * sd ** 2) - 0.5 * z * z,
    text: `The projection foretold ${points(difference)} percentage points (between ${points(range.low)} and ${points(range.high)} in a test of this size); ${points(measured)} were measured, ${inside ? 'inside' : 'outside'} that.`,
  };
}
