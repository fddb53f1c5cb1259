// Hazards: how fast the event comes among those still waiting, constant within bins, with exact Poisson limits
// (Garwood 1936), and the comparison of groups by the log-rank test (Mantel 1966) with Cox's hazard ratio
// (Breslow's handling of ties).

import { assert } from '../base/index.ts';
import { chiSquareUpperTail } from './chi-square.ts';
import { poissonRateLimits } from './poisson.ts';
import { arrangeSpells, type Spells } from './survival.ts';

export interface HazardBin {
  /** The bin is (from, to]; the last one is open: `to` is null. */
  readonly from: number;
  readonly to: number | null;
  readonly events: number;
  /** Time at risk in the bin, summed over spells. */
  readonly exposure: number;
  /** Events per unit of time; null without exposure. */
  readonly rate: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** @param cuts increasing, > 0 @param level two-sided confidence, 0 … 1 */
export function piecewiseHazard(spells: Spells, cuts: readonly number[], level: number): HazardBin[] {
  const edges = [0, ...cuts];
  const events = new Float64Array(edges.length);
  const exposure = new Float64Array(edges.length);
  for (let i = 0; i < spells.times.length; i++) {
    const exit = spells.times[i] as number;
    const entry = spells.entries === undefined ? 0 : (spells.entries[i] as number);
    for (let b = 0; b < edges.length; b++) {
      const from = edges[b] as number;
      const to = b + 1 < edges.length ? (edges[b + 1] as number) : Number.POSITIVE_INFINITY;
      exposure[b] = (exposure[b] as number) + Math.max(0, Math.min(exit, to) - Math.max(entry, from));
      const isIn = exit <= to && (exit > from || (b === 0 && exit === 0));
      if ((spells.events[i] as number) > 0 && isIn) events[b] = (events[b] as number) + 1;
    }
  }
  return edges.map((from, b) => {
    const d = events[b] as number;
    const e = exposure[b] as number;
    const to = edges[b + 1] ?? null;
    if (e === 0) return { from, to, events: d, exposure: 0, rate: null, low: null, high: null };
    const [low, high] = poissonRateLimits(d, e, 1 - level);
    return { from, to, events: d, exposure: e, rate: d / e, low, high };
  });
}

export interface LogRank {
  /** Per group 0 … k − 1. */
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  /** Null where no event tells the groups apart. */
  readonly chiSquare: number | null;
  readonly degreesOfFreedom: number;
  readonly p: number | null;
  /** ln of the hazard of group 1 over group 0, for two groups; null where it has no finite value. */
  readonly logHazardRatio: number | null;
  readonly logHazardRatioSe: number | null;
}

/** @param groups per spell, 0 … k − 1 with k ≥ 2 */
export function logRank(spells: Spells, groups: ArrayLike<number>): LogRank {
  const arranged = arrangeSpells(spells);
  const { n, grid, rank, entryRank, events } = arranged;
  assert(groups.length === n, 'times and groups differ in length');
  let k = 2;
  for (let i = 0; i < n; i++) k = Math.max(k, (groups[i] as number) + 1);
  const size = grid.length;
  const died = new Float64Array(size * k);
  const change = new Float64Array((size + 1) * k);
  for (let i = 0; i < n; i++) {
    const g = groups[i] as number;
    const r = rank[i] as number;
    const e = entryRank === null ? 0 : (entryRank[i] as number);
    if (e > r) continue;
    if (events[i] === 1) died[r * k + g] = (died[r * k + g] as number) + 1;
    change[e * k + g] = (change[e * k + g] as number) + 1;
    change[(r + 1) * k + g] = (change[(r + 1) * k + g] as number) - 1;
  }
  const risk = new Float64Array(k);
  const observed = new Array<number>(k).fill(0);
  const expected = new Array<number>(k).fill(0);
  const covariance = Array.from({ length: k }, () => new Float64Array(k));
  /** Event times as (d of group 0, d of group 1, n of group 0, n of group 1), for the hazard ratio. */
  const pairs: [number, number, number, number][] = [];
  for (let j = 0; j < size; j++) {
    let d = 0;
    let total = 0;
    for (let g = 0; g < k; g++) {
      risk[g] = (risk[g] as number) + (change[j * k + g] as number);
      total += risk[g] as number;
      d += died[j * k + g] as number;
    }
    if (d === 0) continue;
    const spread = total > 1 ? (d * (total - d)) / (total - 1) : 0;
    for (let g = 0; g < k; g++) {
      observed[g] = (observed[g] as number) + (died[j * k + g] as number);
      const share = (risk[g] as number) / total;
      expected[g] = (expected[g] as number) + d * share;
      const row = covariance[g] as Float64Array;
      for (let h = 0; h < k; h++) {
        row[h] = (row[h] as number) + spread * share * ((g === h ? 1 : 0) - (risk[h] as number) / total);
      }
    }
    pairs.push([died[j * k] as number, died[j * k + 1] as number, risk[0] as number, risk[1] as number]);
  }
  const chiSquare = quadraticForm(
    observed.slice(1).map((o, g) => o - (expected[g + 1] as number)),
    covariance.slice(1).map((row) => Array.from(row.slice(1))),
  );
  const p = chiSquare === null ? null : chiSquareUpperTail(chiSquare, k - 1);
  const ratio = k === 2 ? breslow(pairs) : null;
  return {
    observed,
    expected,
    chiSquare,
    degreesOfFreedom: k - 1,
    p,
    logHazardRatio: ratio?.beta ?? null,
    logHazardRatioSe: ratio?.se ?? null,
  };
}

/** x'V⁻¹x by elimination; null where V is singular. */
function quadraticForm(x: readonly number[], v: readonly (readonly number[])[]): number | null {
  const m = x.length;
  const a = v.map((row, i) => [...row, x[i] as number]);
  for (let c = 0; c < m; c++) {
    let pivot = c;
    for (let r = c + 1; r < m; r++) if (Math.abs(a[r]?.[c] ?? 0) > Math.abs(a[pivot]?.[c] ?? 0)) pivot = r;
    const top = a[pivot] as number[];
    if (Math.abs(top[c] as number) < 1e-12) return null;
    a[pivot] = a[c] as number[];
    a[c] = top;
    for (let r = 0; r < m; r++) {
      if (r === c) continue;
      const row = a[r] as number[];
      const factor = (row[c] as number) / (top[c] as number);
      for (let q = c; q <= m; q++) row[q] = (row[q] as number) - factor * (top[q] as number);
    }
  }
  return x.reduce(
    (sum, value, i) => sum + (value * ((a[i] as number[])[m] as number)) / ((a[i] as number[])[i] as number),
    0,
  );
}

/** Newton's method on Breslow's partial likelihood of one 0/1 covariate. */
function breslow(pairs: readonly [number, number, number, number][]): { beta: number; se: number } | null {
  let beta = 0;
  for (let round = 0; round < 50; round++) {
    let score = 0;
    let information = 0;
    for (const [d0, d1, n0, n1] of pairs) {
      const share = (n1 * Math.exp(beta)) / (n0 + n1 * Math.exp(beta));
      score += d1 - (d0 + d1) * share;
      information += (d0 + d1) * share * (1 - share);
    }
    if (!(information > 1e-12)) return null;
    const step = score / information;
    beta += step;
    if (Math.abs(beta) > 30) return null;
    if (Math.abs(step) < 1e-12) return { beta, se: 1 / Math.sqrt(information) };
  }
  return null;
}
