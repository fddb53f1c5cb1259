// Standard errors of a survival curve, or of the shares of competing outcomes, when one person contributes several
// spells: the infinitesimal jackknife, summed over each person's spells (survival's `cluster =`). A spell's influence
// is linear in a few running sums over time, so the squares are kept up to date in O(1) per exit: O(n log n) in all.

import { assert } from '../base/index.ts';
import { type ArrangedSpells, arrangeSpells, kaplanMeier, type Spells } from './survival.ts';

/** Aalen–Johansen shares over distinct times, increasing. */
export interface CompetingShares {
  readonly times: Float64Array;
  readonly atRisk: Float64Array;
  /** Share that has had neither outcome. */
  readonly none: Float64Array;
  /** Per cause 1 … k (index cause − 1): the share that has had it, and its standard error. */
  readonly shares: readonly Float64Array[];
  readonly se: readonly Float64Array[];
}

/**
 * se of S(t) at every time of the curve of `spells`, clustered on person; 0 once S is 0.
 * @param clusters per spell, a whole number ≥ 0; equal numbers are one person
 */
export function clusteredSurvivalSe(spells: Spells, clusters: ArrayLike<number>): Float64Array {
  const arranged = arrangeSpells(spells);
  const curve = kaplanMeier(arranged);
  const size = curve.times.length;
  const out = new Float64Array(size);
  // ln S changes by α + β·C for a person with β spells at risk, where C(t) = Σ d/[n(n − d)].
  const sums = new LinearInfluence(clusters, 1);
  let c = 0;
  const walk = exitsByTime(arranged);
  for (let j = 0; j < size; j++) {
    walk.entering(j, (i) => sums.add(i, [-c, 1]));
    const n = curve.atRisk[j] as number;
    const d = curve.events[j] as number;
    const before = c;
    if (d > 0 && n > d) c += d / (n * (n - d));
    walk.leaving(j, (i) => sums.add(i, arranged.events[i] === 1 ? [before - 1 / n, -1] : [c, -1]));
    out[j] = (curve.survival[j] as number) * Math.sqrt(sums.squares([c]));
  }
  return out;
}

/**
 * Aalen & Johansen 1978: cumulative incidence of each cause where another ends the watch for good (unsubscribed,
 * account deleted). 1 − S with those censored overstates it.
 * @param causes per spell: 0 censored, 1 … k
 * @param clusters per spell; default every spell is a person of its own
 */
export function aalenJohansen(
  spells: { readonly times: ArrayLike<number>; readonly entries?: ArrayLike<number> | undefined },
  causes: ArrayLike<number>,
  clusters?: ArrayLike<number>,
): CompetingShares {
  const n = spells.times.length;
  assert(causes.length === n, 'times and causes differ in length');
  const arranged = arrangeSpells({ ...spells, events: causes });
  const curve = kaplanMeier(arranged);
  const size = curve.times.length;
  let k = 1;
  for (let i = 0; i < n; i++) k = Math.max(k, causes[i] as number);
  const counts = Array.from({ length: k }, () => new Float64Array(size));
  const isAtRisk = (i: number) =>
    arranged.entryRank === null || (arranged.entryRank[i] as number) <= (arranged.rank[i] as number);
  for (let i = 0; i < n; i++) {
    const cause = causes[i] as number;
    if (cause > 0 && isAtRisk(i)) {
      const column = counts[cause - 1] as Float64Array;
      const r = arranged.rank[i] as number;
      column[r] = (column[r] as number) + 1;
    }
  }
  const ids = clusters ?? Uint32Array.from({ length: n }, (_, i) => i);
  const shares: Float64Array[] = [];
  const se: Float64Array[] = [];
  for (let cause = 1; cause <= k; cause++) {
    const share = new Float64Array(size);
    const error = new Float64Array(size);
    // While at risk a spell's influence on F grows by S⁻·ψ·d/n − S⁻·d/n², with ψ = C − C(entry); afterwards by ψ·dF.
    const sums = new LinearInfluence(ids, 2);
    const walk = exitsByTime(arranged);
    let c = 0;
    let f = 0;
    let b = 0;
    for (let j = 0; j < size; j++) {
      const c0 = c;
      walk.entering(j, (i) => sums.add(i, [c0 * f - b, 1, -c0]));
      const risk = curve.atRisk[j] as number;
      const d = curve.events[j] as number;
      const dk = (counts[cause - 1] as Float64Array)[j] as number;
      const s = j === 0 ? 1 : (curve.survival[j - 1] as number);
      if (risk > 0) {
        f += (s * dk) / risk;
        b += (s * c * dk) / risk - (s * dk) / (risk * risk);
      }
      if (d > 0 && risk > d) c += d / (risk * (risk - d));
      // Up to its exit the spell has earned b and −C(entry)·f; from here on its ψ is a constant.
      walk.leaving(j, (i) => {
        const own = causes[i] === cause ? s / risk : 0;
        const psi = (causes[i] as number) > 0 ? c0 - 1 / risk : c;
        sums.add(i, [own + b - psi * f, -1, psi]);
      });
      share[j] = f;
      error[j] = Math.sqrt(sums.squares([b, f]));
    }
    shares.push(share);
    se.push(error);
  }
  return { times: curve.times, atRisk: curve.atRisk, none: curve.survival, shares, se };
}

/** Per person a vector v; Σ over persons of (v₀ + v₁x₁ + … )² for any x, kept current as the vectors change. */
class LinearInfluence {
  readonly #slot: Uint32Array;
  readonly #width: number;
  readonly #vectors: Float64Array;
  readonly #products: Float64Array;

  constructor(clusters: ArrayLike<number>, variables: number) {
    const slots = new Map<number, number>();
    this.#slot = new Uint32Array(clusters.length);
    for (let i = 0; i < clusters.length; i++) {
      const id = clusters[i] as number;
      let slot = slots.get(id);
      if (slot === undefined) slots.set(id, (slot = slots.size));
      this.#slot[i] = slot;
    }
    this.#width = variables + 1;
    this.#vectors = new Float64Array(slots.size * this.#width);
    this.#products = new Float64Array(this.#width * this.#width);
  }

  add(spell: number, change: readonly number[]): void {
    const w = this.#width;
    const v = this.#vectors;
    const at = (this.#slot[spell] as number) * w;
    for (let sign = -1; sign <= 1; sign += 2) {
      if (sign === 1) for (let p = 0; p < w; p++) v[at + p] = (v[at + p] as number) + (change[p] as number);
      for (let p = 0; p < w; p++) {
        for (let q = 0; q < w; q++) {
          this.#products[p * w + q] =
            (this.#products[p * w + q] as number) + sign * (v[at + p] as number) * (v[at + q] as number);
        }
      }
    }
  }

  squares(x: readonly number[]): number {
    const w = this.#width;
    const full = [1, ...x];
    let sum = 0;
    for (let p = 0; p < w; p++) {
      for (let q = 0; q < w; q++)
        sum += (full[p] as number) * (full[q] as number) * (this.#products[p * w + q] as number);
    }
    return Math.max(0, sum);
  }
}

/** Visits spells by the grid time at which they enter and leave, in time order. */
function exitsByTime(arranged: ArrangedSpells) {
  const { n, rank, entryRank, grid } = arranged;
  const kept = (i: number) => entryRank === null || (entryRank[i] as number) <= (rank[i] as number);
  const byExit = groups(n, grid.length, (i) => (kept(i) ? (rank[i] as number) : -1));
  const byEntry = groups(n, grid.length, (i) => (kept(i) ? (entryRank === null ? 0 : (entryRank[i] as number)) : -1));
  return {
    entering: (j: number, visit: (i: number) => void) => byEntry(j, visit),
    leaving: (j: number, visit: (i: number) => void) => byExit(j, visit),
  };
}

function groups(n: number, size: number, groupOf: (i: number) => number) {
  const start = new Uint32Array(size + 1);
  for (let i = 0; i < n; i++) {
    const g = groupOf(i);
    if (g >= 0) start[g + 1] = (start[g + 1] as number) + 1;
  }
  for (let g = 0; g < size; g++) start[g + 1] = (start[g + 1] as number) + (start[g] as number);
  const items = new Uint32Array(start[size] as number);
  const next = start.slice();
  for (let i = 0; i < n; i++) {
    const g = groupOf(i);
    if (g >= 0) {
      items[next[g] as number] = i;
      next[g] = (next[g] as number) + 1;
    }
  }
  return (g: number, visit: (i: number) => void) => {
    for (let at = start[g] as number; at < (start[g + 1] as number); at++) visit(items[at] as number);
  };
}
