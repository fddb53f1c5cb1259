// The comparison of the reference values: |got − expected| ≤ abs + rel·|expected|, null only for null.

import { expect } from 'vitest';

export interface Tolerance {
  readonly abs: number;
  readonly rel: number;
}

/** `got` and `expected` may be numbers, null, or arrays of these. */
export function expectClose(got: unknown, expected: unknown, { abs, rel }: Tolerance, what = 'value'): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(got), `${what} is a list`).toBe(true);
    const list = got as unknown[];
    expect(list.length, `length of ${what}`).toBe(expected.length);
    for (const [i, value] of expected.entries()) expectClose(list[i], value, { abs, rel }, `${what}[${i}]`);
    return;
  }
  if (expected === null) {
    expect(got, what).toBeNull();
    return;
  }
  expect(typeof got, `${what} is a number`).toBe('number');
  const distance = Math.abs((got as number) - (expected as number));
  const allowed = abs + rel * Math.abs(expected as number);
  expect(distance, `${what}: got ${got}, expected ${expected}`).toBeLessThanOrEqual(allowed);
}
