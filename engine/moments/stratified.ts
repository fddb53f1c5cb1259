// A difference of two rates among people alike: the Mantel–Haenszel risk difference over strata, with Sato's variance,
// which holds for few large strata and for many small ones (Sato 1989, Biometrics 45:1323).

export interface Stratum {
  /** People with the outcome, of all, among who did it and who did not. */
  readonly doers: { readonly x: number; readonly n: number };
  readonly others: { readonly x: number; readonly n: number };
}

/** Doers − others. @returns null where no stratum holds both, so that nobody can be compared */
export function stratifiedDifference(
  strata: Iterable<Stratum>,
): { readonly difference: number; readonly se: number } | null {
  let weights = 0;
  let sum = 0;
  let p = 0;
  let q = 0;
  for (const { doers, others } of strata) {
    const n = doers.n + others.n;
    if (doers.n === 0 || others.n === 0) continue;
    weights += (doers.n * others.n) / n;
    sum += (doers.x * others.n - others.x * doers.n) / n;
    p += (doers.n ** 2 * others.x - others.n ** 2 * doers.x + (doers.n * others.n * (others.n - doers.n)) / 2) / n ** 2;
    q += (doers.x * (others.n - others.x) + others.x * (doers.n - doers.x)) / (2 * n);
  }
  if (weights === 0) return null;
  const difference = sum / weights;
  return { difference, se: Math.sqrt(Math.max(0, difference * p + q)) / weights };
}
