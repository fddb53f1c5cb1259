// Three further claims of the statistics, at the counts: p-values of a test of nothing are uniform (by assignment with
// the product's own hash), looking again and again finds a difference that is not there unless the interval is made for
// it, and revenue per person is held by Welch's interval (methods K).

import { seededRandom } from '../base/index.ts';
import { analyzeCounts, analyzeRows, assignArm } from '../holdout/index.ts';

export interface Uniformity {
  readonly tests: number;
  /** Kolmogorov–Smirnov distance of the p-values from uniform, and its p (asymptotic). */
  readonly distance: number;
  readonly p: number;
}

/**
 * One population, a share `rate` of which converts whatever happens, split anew by a salt of its own for each test.
 * @param people enough that the steps of the p-values do not show
 */
export function testsOfNothing(seed: number, tests: number, people = 4_000, rate = 0.3): Uniformity {
  const random = seededRandom(seed, 'proof nothing');
  const converts = Array.from({ length: people }, () => random.uniform() < rate);
  const ps: number[] = [];
  for (let test = 0; test < tests; test++) {
    const n = { treated: 0, holdout: 0 };
    const x = { treated: 0, holdout: 0 };
    for (let i = 0; i < people; i++) {
      const arm = assignArm(`nothing ${seed} ${test}`, `p${i}`, 0.5);
      n[arm]++;
      if (converts[i]) x[arm]++;
    }
    const [arm] = analyzeCounts({ nT: n.treated, xT: x.treated, nC: n.holdout, xC: x.holdout }).arms;
    if (arm?.p !== null && arm?.p !== undefined) ps.push(arm.p);
  }
  const distance = distanceFromUniform(ps);
  return { tests: ps.length, distance, p: kolmogorov(distance, ps.length) };
}

/** sup |F − x| over [0, 1]. */
export function distanceFromUniform(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  let most = 0;
  sorted.forEach((value, i) => {
    most = Math.max(most, (i + 1) / sorted.length - value, value - i / sorted.length);
  });
  return most;
}

/** P(distance this large or larger) with Stephens' correction for finite n. */
function kolmogorov(distance: number, n: number): number {
  const t = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  if (t < 0.2) return 1;
  let p = 0;
  for (let k = 1; k <= 100; k++) p += 2 * (k % 2 === 1 ? 1 : -1) * Math.exp(-2 * k * k * t * t);
  return Math.min(1, Math.max(0, p));
}

export interface Peeking {
  readonly runs: number;
  readonly looks: number;
  /** Shares of runs in which an interval excluded the truth at some look. */
  readonly sequential: number;
  readonly fixed: number;
}

/** Tests without an effect, read at even steps up to the planned size. */
export function peeking(seed: number, runs: number, looks = 20, perLook = 200, rate = 0.3): Peeking {
  const random = seededRandom(seed, 'proof peeking');
  const excluded = { sequential: 0, fixed: 0 };
  for (let run = 0; run < runs; run++) {
    const counts = { nT: 0, xT: 0, nC: 0, xC: 0 };
    let [sequential, fixed] = [false, false];
    for (let look = 0; look < looks; look++) {
      for (let i = 0; i < perLook; i++) {
        const converts = random.uniform() < rate ? 1 : 0;
        if (random.uniform() < 0.5) {
          counts.nT++;
          counts.xT += converts;
        } else {
          counts.nC++;
          counts.xC += converts;
        }
      }
      const [arm] = analyzeCounts({ ...counts, plannedTotal: looks * perLook }).arms;
      const excludes = (limits: readonly [number, number] | null | undefined) =>
        limits !== null && limits !== undefined && (limits[0] > 0 || limits[1] < 0);
      sequential ||= excludes(arm?.sequential?.interval);
      fixed ||= excludes(arm?.newcombe);
    }
    if (sequential) excluded.sequential++;
    if (fixed) excluded.fixed++;
  }
  return { runs, looks, sequential: excluded.sequential / runs, fixed: excluded.fixed / runs };
}

export interface ValueCoverage {
  readonly runs: number;
  readonly perArm: number;
  readonly sigma: number;
  readonly covered: number;
}

/** Log-normal baskets of mean 60, 12 % against 8 % buyers: the difference in revenue per person is 2.4. */
export function valueCoverage(seed: number, runs: number, perArm = 5_000, sigma = 1): ValueCoverage {
  const random = seededRandom(seed, 'proof value');
  const mean = 60;
  const truth = mean * (0.12 - 0.08);
  let covered = 0;
  const arms = Array.from({ length: 2 * perArm }, (_, i) => (i < perArm ? 'treated' : 'control'));
  for (let run = 0; run < runs; run++) {
    const bought = new Uint8Array(2 * perArm);
    const amounts = new Float64Array(2 * perArm);
    for (let i = 0; i < 2 * perArm; i++) {
      if (random.uniform() >= (i < perArm ? 0.12 : 0.08)) continue;
      bought[i] = 1;
      amounts[i] = mean * Math.exp(sigma * random.normal() - sigma ** 2 / 2);
    }
    const [arm] = analyzeRows({
      arms,
      control: 'control',
      outcomes: [{ name: 'bought', values: bought }],
      value: { name: 'revenue', values: amounts },
    }).arms;
    const interval = arm?.value?.interval;
    if (interval !== null && interval !== undefined && interval[0] <= truth && truth <= interval[1]) covered++;
  }
  return { runs, perArm, sigma, covered };
}
