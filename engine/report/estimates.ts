// Estimates as other folders give them: three numbers, or none with a reason. Here they become whole or absent.

import type { Estimate } from '../projection/index.ts';

export interface Known {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** All three figures, or null where one is missing. */
export function known(estimate: Pick<Estimate, 'expected' | 'low' | 'high'>): Known | null {
  const { expected, low, high } = estimate;
  return expected === null || low === null || high === null ? null : { expected, low, high };
}
