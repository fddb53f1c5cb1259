// How often somebody will do a thing again who may have stopped for good: everybody does it at a rate of their own (gamma)
// and stops after any time they did it with a chance of their own (beta). Fader, Hardie & Lee 2005, "Counting your
// customers the easy way" (BG/NBD), equations 6 and 10; times in any one unit, counted from the first time.

import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { assert } from '../base/index.ts';
import { logGamma } from './gamma.ts';
import { minimise } from './minimise.ts';

/** Of one unit: all that the model asks of its past. */
export interface Repeats {
  /** Times after the first, ≥ 0. */
  readonly x: number;
  /** From the first to the last, 0 where x is 0. */
  readonly tx: number;
  /** From the first to the end of observation, ≥ tx. */
  readonly T: number;
}

/** All positive. The rate is gamma(r, alpha), with alpha in units of time; the chance to stop is beta(a, b). */
export interface BgNbd {
  readonly r: number;
  readonly alpha: number;
  readonly a: number;
  readonly b: number;
}

export interface BgNbdFit {
  readonly parameters: BgNbd;
  readonly logLikelihood: number;
  /** Of the logarithms of r, alpha, a and b, from the curvature of the likelihood: 4 × 4. */
  readonly covariance: readonly (readonly number[])[];
}

/**
 * Greatest likelihood.
 * @returns null where the data do not settle it: nobody did it again, or the likelihood is flat in some direction, as
 * where nobody ever seems to stop
 */
export function fitBgNbd(units: readonly Repeats[]): BgNbdFit | null {
  const again = units.filter(({ x }) => x > 0);
  if (again.length === 0) return null;
  const mean = (of: (unit: Repeats) => number) => units.reduce((sum, unit) => sum + of(unit), 0) / units.length;
  const rate = mean(({ x }) => x) / mean(({ T }) => T);
  if (!(rate > 0) || !Number.isFinite(rate)) return null;
  const f = (logs: readonly number[]) => -bgNbdLogLikelihood(of(logs), units);
  const { at, value, settled } = minimise(f, [Math.log(0.5), Math.log(0.5 / rate), 0, 1]);
  if (!settled || at.some((log) => Math.abs(log) > FURTHEST)) return null;
  const covariance = inverseCurvature(f, at);
  return covariance === null ? null : { parameters: of(at), logLikelihood: -value, covariance };
}

/** A parameter further from 1 than e^12 either way is one the data do not hold. */
const FURTHEST = 12;

function of(logs: readonly number[]): BgNbd {
  const [r, alpha, a, b] = logs.map(Math.exp) as [number, number, number, number];
  return { r, alpha, a, b };
}

/** Summed over units. */
export function bgNbdLogLikelihood({ r, alpha, a, b }: BgNbd, units: readonly Repeats[]): number {
  const perCount: number[] = [];
  const base = r * Math.log(alpha) - logGamma(r) + logGamma(a + b) - logGamma(b);
  let sum = 0;
  for (const { x, tx, T } of units) {
    perCount[x] ??= base + logGamma(r + x) + logGamma(b + x) - logGamma(a + b + x);
    const active = -(r + x) * Math.log(alpha + T);
    if (x === 0) {
      sum += (perCount[x] as number) + active;
      continue;
    }
    const stopped = Math.log(a / (b + x - 1)) - (r + x) * Math.log(alpha + tx);
    const larger = Math.max(active, stopped);
    sum += (perCount[x] as number) + larger + Math.log1p(Math.exp(Math.min(active, stopped) - larger));
  }
  return Number.isFinite(sum) ? sum : Number.NEGATIVE_INFINITY;
}

/** Chance that the unit has not stopped at the end of its observation, 0 … 1. */
export function stillActive({ r, alpha, a, b }: BgNbd, { x, tx, T }: Repeats): number {
  if (x === 0) return 1;
  return 1 / (1 + (a / (b + x - 1)) * Math.exp((r + x) * Math.log((alpha + T) / (alpha + tx))));
}

/**
 * How often it is expected in the time t after the end of observation, given its past.
 * @param t ≥ 0, in the unit of the past
 */
export function expectedRepeats(model: BgNbd, past: Repeats, t: number): number {
  assert(t >= 0, `a time ahead is not negative, got ${t}`);
  if (t === 0) return 0;
  // At a = 1 the formula is 0 / 0; it is smooth there, so its neighbours' mean stands for it.
  if (Math.abs(model.a - 1) < NEAR_ONE) {
    const beside = (a: number) => expectedRepeats({ ...model, a }, past, t);
    return (beside(1 - 2 * NEAR_ONE) + beside(1 + 2 * NEAR_ONE)) / 2;
  }
  const { r, alpha, a, b } = model;
  const { x, T } = past;
  const ahead = alpha + T + t;
  const kept =
    Math.exp((r + x) * Math.log((alpha + T) / ahead)) * hypergeometric(r + x, b + x, a + b + x - 1, t / ahead);
  return ((a + b + x - 1) / (a - 1)) * (1 - kept) * stillActive(model, past);
}

const NEAR_ONE = 1e-4;

/** ₂F₁(a, b; c; z) by its series, whose ratio of terms tends to z. @param z 0 ≤ z < 1 @param c not 0, −1, −2, … */
function hypergeometric(a: number, b: number, c: number, z: number): number {
  let [sum, term] = [1, 1];
  for (let n = 0; n < 1e5; n++) {
    term *= (((a + n) * (b + n)) / ((c + n) * (n + 1))) * z;
    sum += term;
    if (Math.abs(term) <= 1e-16 * Math.abs(sum)) break;
  }
  return sum;
}

/** Of second differences; null where the surface does not curve up in every direction. */
function inverseCurvature(f: (x: readonly number[]) => number, at: readonly number[]): number[][] | null {
  const h = 1e-3;
  const moved = (i: number, di: number, j: number, dj: number) =>
    f(at.map((x, k) => x + (k === i ? di * h : 0) + (k === j ? dj * h : 0)));
  const here = f(at);
  const curvature = at.map((_, i) =>
    at.map((_, j) =>
      i === j
        ? (moved(i, 1, j, 0) - 2 * here + moved(i, -1, j, 0)) / h ** 2
        : (moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) / (4 * h ** 2),
    ),
  );
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(new Matrix(curvature), {
    assumeSymmetric: true,
  });
  // A standard error of a logarithm above 3 is no knowledge of the parameter.
  if (realEigenvalues.some((value) => !(value > 1 / 9))) return null;
  const scaled = eigenvectorMatrix.mmul(Matrix.diag(realEigenvalues.map((value) => 1 / value)));
  return scaled.mmul(eigenvectorMatrix.transpose()).to2DArray();
}
