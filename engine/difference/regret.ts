// Which version is best in most plausible worlds, and what one could regret: each draw of assumptions and people is a
// world, the same for all versions. In a world the regret of a version is what the best of them brings there minus what it
// brings itself. Chance person by person is common to all and left out.

import type { DrawnRun } from '../projection/index.ts';
import { quantileType7 } from '../stats/index.ts';

export interface VersionRegret {
  readonly name: string;
  /** Share of worlds in which it is the best, 0 … 1; equal ones share a world. */
  readonly pBest: number;
  /** Mean over the worlds, ≥ 0. */
  readonly expected: number;
  /** Exceeded in one world of twenty. */
  readonly high: number;
}

export interface Regret {
  readonly by: 'profit' | 'because';
  readonly worlds: number;
  /** In the order of the columns. */
  readonly versions: readonly VersionRegret[];
  /** Best in most worlds, and smallest in expected regret; the first of equals. */
  readonly mostOften: string;
  readonly leastRegret: string;
}

/**
 * @param drawn of each version, with one seed and as many draws; `run` null where nothing is projected
 * @returns null where a version has no draws, or they cannot be paired
 */
export function regretOf(
  drawn: readonly { readonly name: string; readonly run: DrawnRun | null; readonly isMoneyKnown: boolean }[],
): Regret | null {
  const by = drawn.every(({ isMoneyKnown }) => isMoneyKnown) ? 'profit' : 'because';
  const worths = drawn.map(({ run }) => (run?.resampled ?? []).map((one) => (by === 'profit' ? one.profit : one.net)));
  const worlds = worths[0]?.length ?? 0;
  if (worlds === 0 || worths.some(({ length }) => length !== worlds)) return null;
  const wins = worths.map(() => 0);
  const regrets = worths.map(() => new Float64Array(worlds));
  for (let d = 0; d < worlds; d++) {
    const best = Math.max(...worths.map((of) => of[d] as number));
    const winners = worths.flatMap((of, i) => (of[d] === best ? [i] : []));
    for (const i of winners) wins[i] = (wins[i] as number) + 1 / winners.length;
    worths.forEach((of, i) => {
      (regrets[i] as Float64Array)[d] = best - (of[d] as number);
    });
  }
  const versions = drawn.map(({ name }, i): VersionRegret => {
    const sorted = (regrets[i] as Float64Array).sort();
    return {
      name,
      pBest: (wins[i] as number) / worlds,
      expected: sorted.reduce((sum, x) => sum + x, 0) / worlds,
      high: quantileType7(sorted, 0.95),
    };
  });
  const firstBy = (better: (a: VersionRegret, b: VersionRegret) => boolean) =>
    versions.reduce((first, one) => (better(one, first) ? one : first)).name;
  return {
    by,
    worlds,
    versions,
    mostOften: firstBy((a, b) => a.pBest > b.pBest),
    leastRegret: firstBy((a, b) => a.expected < b.expected),
  };
}
