// How figures read in a verdict: three significant digits, signs where a direction matters, units always.

/** `1,234`; amounts keep two decimals where they have any. */
export function count(n: number): string {
  const [whole, part] = (Number.isInteger(n) ? String(n) : n.toFixed(2)).split('.');
  const grouped = (whole as string).replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** `12 %`, `0.573 %`. @param rate as a fraction */
export function percent(rate: number): string {
  return `${digits(rate * 100)} %`;
}

/** `+50 %`, `-3.98 %`. @param change as a fraction */
export function signedPercent(change: number): string {
  return `${signed(change * 100)} %`;
}

/** `+4`, `-0.68`: percentage points without their unit. @param difference as a fraction */
export function points(difference: number): string {
  return signed(difference * 100);
}

/** An amount with its sign, in whatever unit it has. */
export function signed(x: number): string {
  return `${x > 0 ? '+' : ''}${digits(x)}`;
}

/** A probability, not more exact than it is: `0.00287`, `below 0.0001`. */
export function probability(p: number): string {
  if (p < 0.0001) return 'below 0.0001';
  return digits(p);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

function digits(x: number): string {
  const rounded = Number(x.toPrecision(3));
  return Math.abs(rounded) >= 1000 ? count(Math.round(x)) : String(Object.is(rounded, -0) ? 0 : rounded);
}
