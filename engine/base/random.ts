// Randomness is an argument. A Random is a stream owned by its caller; two streams from one seed and two different
// purposes are independent for all that matters here, and the same on every machine.

import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { murmur3Text, SALT_SEPARATOR } from './murmur3.ts';

export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
  /** Uniform whole number in [0, n). @param n 1 … 2^31 */
  below(n: number): number;
}

/** @param purpose keeps streams of one seed apart: `bootstrap`, `level`, … */
export function seededRandom(seed: number | string, purpose: string): Random {
  const generator = xoroshiro128plus(murmur3Text(`${seed}${SALT_SEPARATOR}${purpose}`));
  const bits = () => generator.next() >>> 0;
  const uniform = () => ((bits() >>> 5) * 67108864 + (bits() >>> 6)) / 9007199254740992;
  let spare: number | null = null;
  return {
    uniform,
    below: (n) => Math.floor(uniform() * n),
    normal() {
      if (spare !== null) {
        const z = spare;
        spare = null;
        return z;
      }
      for (;;) {
        const u = 2 * uniform() - 1;
        const v = 2 * uniform() - 1;
        const s = u * u + v * v;
        if (s > 0 && s < 1) {
          const f = Math.sqrt((-2 * Math.log(s)) / s);
          spare = v * f;
          return u * f;
        }
      }
    },
  };
}
