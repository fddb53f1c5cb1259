// Durations, hashes, exact sums and comparisons, each in the plainest form that is certainly right.

import type { FilterText, Plain } from './shapes.ts';

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Milliseconds of `90m`, `1h30m`, `2w`. */
export function ms(text: string): number {
  let total = 0;
  let digits = '';
  for (const letter of text) {
    if (letter >= '0' && letter <= '9') digits += letter;
    else {
      const unit = UNITS[letter];
      if (unit === undefined || digits === '') throw new Error(`no duration: ${text}`);
      total += Number(digits) * unit;
      digits = '';
    }
  }
  if (digits !== '' || text === '') throw new Error(`no duration: ${text}`);
  return total;
}

/** MurmurHash3_x86_32, seed 0, over UTF-8, in BigInt arithmetic modulo 2^32. */
export function hash32(text: string): number {
  const M = 0xffffffffn;
  const rotate = (x: bigint, by: bigint) => ((x << by) | (x >> (32n - by))) & M;
  const scramble = (k: bigint) => (rotate((k * 0xcc9e2d51n) & M, 15n) * 0x1b873593n) & M;
  const bytes = [...new TextEncoder().encode(text)];
  let h = 0n;
  for (let at = 0; at < bytes.length; at += 4) {
    const chunk = bytes.slice(at, at + 4);
    let k = 0n;
    chunk.forEach((byte, i) => {
      k |= BigInt(byte) << BigInt(8 * i);
    });
    h ^= scramble(k);
    if (chunk.length === 4) h = (rotate(h, 13n) * 5n + 0xe6546b64n) & M;
  }
  h ^= BigInt(bytes.length);
  h ^= h >> 16n;
  h = (h * 0x85ebca6bn) & M;
  h ^= h >> 13n;
  h = (h * 0xc2b2ae35n) & M;
  h ^= h >> 16n;
  return Number(h);
}

/** Position of a person under a salt, in [0, 1). */
export function position(salt: string, id: string): number {
  return hash32(`${salt}\u001f${id}`) / 4294967296;
}

/** The exact sum of finite doubles, rounded once (ties to even), as an integer count of 2^-1074. */
export function exactly(values: readonly number[]): number {
  let sum = 0n;
  for (const value of values) sum += units(value);
  if (sum === 0n) return 0;
  const sign = sum < 0n ? -1 : 1;
  let magnitude = sum < 0n ? -sum : sum;
  const shift = Math.max(0, magnitude.toString(2).length - 53);
  const rest = magnitude & ((1n << BigInt(shift)) - 1n);
  magnitude >>= BigInt(shift);
  const half = shift === 0 ? 0n : 1n << BigInt(shift - 1);
  if (shift > 0 && (rest > half || (rest === half && (magnitude & 1n) === 1n))) magnitude += 1n;
  // In two factors: 2^-1074 alone would be denormal, and shift - 1074 may lie beyond -1022.
  const exponent = shift - 1074;
  return sign * Number(magnitude) * 2 ** Math.ceil(exponent / 2) * 2 ** Math.floor(exponent / 2);
}

function units(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const size = exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return bits >> 63n === 1n ? -size : size;
}

/** A number, or a text that reads as one; undefined otherwise. */
export function numeric(value: Plain | undefined): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined;
}

/** Whether a property, possibly missing, passes a test. */
export function passes(actual: Plain | undefined, op: string, wanted: Plain | Plain[] | undefined): boolean {
  if (op === 'exists') return (actual !== undefined) === (wanted ?? true);
  if (actual === undefined) return op === '!=';
  if (op === 'in') return (wanted as Plain[]).some((one) => compare(actual, one) === 0);
  if (op === 'contains') return typeof actual === 'string' && actual.includes(wanted as string);
  const order = compare(actual, wanted as Plain);
  if (op === '=') return order === 0;
  if (op === '!=') return order !== 0;
  if (order === undefined) return false;
  if (op === '<') return order < 0;
  if (op === '<=') return order <= 0;
  if (op === '>') return order > 0;
  if (op === '>=') return order >= 0;
  throw new Error(`no operator: ${op}`);
}

/** -1, 0 or 1; undefined where the two have no order and are not equal. */
function compare(actual: Plain, wanted: Plain): number | undefined {
  let read: Plain | undefined = actual;
  if (typeof actual === 'string' && typeof wanted === 'number') read = numeric(actual);
  if (typeof actual === 'string' && typeof wanted === 'boolean') {
    read = actual === 'true' ? true : actual === 'false' ? false : undefined;
  }
  if (read === undefined || typeof read !== typeof wanted) return undefined;
  return read < wanted ? -1 : read > wanted ? 1 : 0;
}

/** All filters hold; `lookUp` finds the property a filter names. */
export function allPass(
  filters: readonly FilterText[] | undefined,
  lookUp: (name: string) => Plain | undefined,
): boolean {
  return (filters ?? []).every((filter) => passes(lookUp(filter.property), filter.op, filter.value));
}
