// How the benchmarks say a figure: medians of runs, rounded, with what the runs ranged over; notes go to stderr.

import { quantileType7 } from '../../engine/stats/index.ts';

export function median(values: readonly number[]): number {
  return quantileType7(Float64Array.from(values).sort(), 0.5);
}

export function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

export function show(times: readonly number[]): string {
  return `${median(times).toFixed(0)} ms (${Math.min(...times).toFixed(0)} to ${Math.max(...times).toFixed(0)}, ${times.length} runs)`;
}

export function note(line: string): void {
  process.stderr.write(`${line}\n`);
}
