// The lowest point of a smooth function of a few variables, by the simplex of Nelder and Mead (1965) with their
// coefficients (1, 2, ½, ½), begun once more from what it found so that a collapsed simplex does not pass for a minimum.

export interface Minimum {
  readonly at: readonly number[];
  readonly value: number;
  /** False: the most steps were taken first. */
  readonly settled: boolean;
}

/**
 * @param f finite at `start`; may give Infinity elsewhere, which is stepped back from
 * @param tolerance between the best and the worst corner of the last simplex, in units of f
 */
export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  { step = 0.5, tolerance = 1e-9, mostSteps = 2000 } = {},
): Minimum {
  const first = simplex(f, start, step, tolerance, mostSteps);
  return simplex(f, first.at, step / 5, tolerance, mostSteps);
}

function simplex(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  step: number,
  tolerance: number,
  mostSteps: number,
): Minimum {
  const corner = (at: readonly number[]) => ({ at, value: f(at) });
  const corners = [corner(start), ...start.map((_, k) => corner(start.map((x, j) => (j === k ? x + step : x))))];
  const n = start.length;
  for (let taken = 0; taken < mostSteps; taken++) {
    corners.sort((a, b) => a.value - b.value);
    const best = corners[0] as Corner;
    const worst = corners[n] as Corner;
    if (worst.value - best.value <= tolerance) return { ...best, settled: true };
    const centre = start.map((_, k) => corners.slice(0, n).reduce((sum, { at }) => sum + (at[k] as number), 0) / n);
    const along = (by: number) => corner(centre.map((c, k) => c + by * (c - (worst.at[k] as number))));
    const reflected = along(1);
    if (reflected.value < best.value) {
      const further = along(2);
      corners[n] = further.value < reflected.value ? further : reflected;
    } else if (reflected.value < (corners[n - 1] as Corner).value) {
      corners[n] = reflected;
    } else {
      const nearer = along(reflected.value < worst.value ? 0.5 : -0.5);
      if (nearer.value < Math.min(reflected.value, worst.value)) corners[n] = nearer;
      else {
        for (let j = 1; j <= n; j++) {
          const { at } = corners[j] as Corner;
          corners[j] = corner(at.map((x, k) => ((best.at[k] as number) + x) / 2));
        }
      }
    }
  }
  corners.sort((a, b) => a.value - b.value);
  return { ...(corners[0] as Corner), settled: false };
}

interface Corner {
  readonly at: readonly number[];
  readonly value: number;
}
