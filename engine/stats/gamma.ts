// Logarithms of Γ and of the beta function, which keep products of many counts inside the range of a double.

import betaln from '@stdlib/math-base-special-betaln';
import gammaln from '@stdlib/math-base-special-gammaln';

/** ln Γ(x). @param x > 0 */
export function logGamma(x: number): number {
  return gammaln(x);
}

/** ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b), without their cancellation. @param a > 0 @param b > 0 */
export function logBeta(a: number, b: number): number {
  return betaln(a, b);
}
