// Figures in words, the same everywhere: commas between thousands, a true minus, a plus on differences, no space before
// a percent sign, digits by size, and words where there is no figure. English only and without any locale of the
// machine, so that equal figures give equal bytes. Times stand in time-words.ts.

import { assert } from './assert.ts';

export const MINUS = '\u2212';
export const NOT_KNOWN = 'not known';

/** Smaller than this is said to be nearly 0. */
const TINY = 1e-6;
const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

// ---------------------------------------------------------------- numbers

/**
 * `0.573`, `12.3`, `1,234`, `−0.68`: as many digits as asked for, never fewer than the whole part has, no zeros behind
 * the point.
 */
export function rounded(x: number, significant = 3): string {
  assert(Number.isFinite(x), 'a figure is finite');
  const size = Math.abs(x);
  if (size === 0) return '0';
  if (size < TINY) return 'nearly 0';
  const decimals = Math.max(0, significant - 1 - Math.floor(Math.log10(size)));
  return withSign(x, grouped(String(Number(size.toFixed(Math.min(decimals, 12))))));
}

/** `1,271`; from a million on `1.23 million`, then `1.23 billion` and `1.23 trillion`. @param n rounded to a whole number */
export function count(n: number): string {
  const size = Math.abs(Math.round(n));
  if (!(size >= 1_000_000 && Number.isFinite(size))) return exactCount(n);
  return withSign(n, inMillions(size));
}

/** @param size at least a million */
function inMillions(size: number): string {
  const [unit, word] = LARGE.find(([from]) => size >= from * 0.999995) ?? [1_000_000, 'million'];
  return `${grouped((size / unit).toFixed(2))} ${word}`;
}

/** The next word from where two digits behind the point would read 1,000. */
const LARGE = [
  [1e12, 'trillion'],
  [1e9, 'billion'],
] as const;

/** Every digit, for ledgers that must add up. @param n rounded to a whole number */
export function exactCount(n: number): string {
  assert(Number.isFinite(n), 'a count is finite');
  return withSign(n, grouped(Math.abs(Math.round(n)).toFixed(0)));
}

/** `+483`, `−136`, and `0` without a sign. */
export function signedCount(n: number): string {
  return Math.round(n) > 0 ? `+${count(n)}` : count(n);
}

/** `+13.7`, `−0.68`, `+1,327`: three digits, no sign on 0. */
export function signed(x: number): string {
  const text = rounded(x);
  return x >= TINY ? `+${text}` : text;
}

/** A probability, no more exact than it is: `0.00287`, `under 0.0001`. */
export function probability(p: number): string {
  if (p < 0.0001) return 'under 0.0001';
  return p < 1 && p > 0.999 ? 'over 0.999' : rounded(p);
}

// ---------------------------------------------------------------- shares

/**
 * `67.5%`, `4.56%`, `0.573%`, `15%`; where digits are fixed, as in a column, `15.0%` and `under 0.1%`. Exactly 0 and 1
 * are `0%` and `100%`, and nothing else is.
 * @param rate 0 …; @param digits behind the point; three digits in all where absent
 */
export function percent(rate: number, digits?: number): string {
  if (rate === 0 || rate === 1) return `${rate * 100}%`;
  const value = rate * 100;
  const unit = digits === undefined ? 0.001 : 10 ** -digits;
  if (value > 0 && value < unit) return `under ${unit.toFixed(digits ?? 3)}%`;
  const below = digits === undefined ? 0.1 : unit;
  const isNearlyAll = digits === undefined ? value >= 99.95 : value > 100 - unit;
  if (value < 100 && isNearlyAll) return `over ${(100 - below).toFixed(digits ?? 1)}%`;
  return `${digits === undefined ? rounded(value) : withSign(value, grouped(Math.abs(value).toFixed(digits)))}%`;
}

/** A setting as it was given: `12.5%`. @param rate 0 … 1 */
export function exactPercent(rate: number): string {
  return `${rounded(rate * 100, 6)}%`;
}

/** A relative change: `+35%`, `−3.2%`. @param change as a fraction */
export function signedPercent(change: number): string {
  const text = `${rounded(change * 100, 2)}%`;
  return change * 100 >= TINY ? `+${text}` : text;
}

/** `4.93%`, or `0 of 4,861` where nothing was counted; of nobody there is no share. */
export function share(part: number, whole: number, digits?: number): string {
  if (whole === 0) return 'none to count';
  return part === 0 ? `0 of ${count(whole)}` : percent(part / whole, digits);
}

/**
 * A difference of rates in percentage points, without the unit: `+1.58`, `−0.68`, `+0.0043`.
 * @param difference −1 … 1
 */
export function points(difference: number): string {
  const size = Math.abs(difference * 100);
  if (size < TINY) return size === 0 ? '0' : 'nearly 0';
  const text = size.toFixed(size >= 0.01 ? 2 : 1 - Math.floor(Math.log10(size)));
  return `${difference < 0 ? MINUS : '+'}${text}`;
}

// ---------------------------------------------------------------- money

/** How money is written: an ISO 4217 code, or null where none is named. */
export type Currency = string | null;

/**
 * `$11,820`, `$71.38`, `1,200 SEK`, or the bare figure. Two decimals below 100 only, none for whole amounts, more where
 * there is less than a cent.
 */
export function money(amount: number, currency: Currency = null): string {
  assert(Number.isFinite(amount), 'an amount is finite');
  const size = Math.abs(amount);
  const decimals = size >= 100 || Number.isInteger(size) || size < TINY ? 0 : 2;
  const text =
    size >= 1_000_000
      ? inMillions(size)
      : size < 0.01 && size >= TINY
        ? rounded(size, 2)
        : grouped(size.toFixed(decimals));
  const symbol = currency === null ? '' : SYMBOLS[currency];
  return withSign(amount, symbol === undefined ? `${text} ${currency}` : `${symbol}${text}`);
}

/** `+$11,820`. Rounded to 10 where `width`, the interval's, is above 1,000: more digits would pretend. */
export function signedMoney(amount: number, currency: Currency = null, width = 0): string {
  const shown = width > 1_000 ? Math.round(amount / 10) * 10 : amount;
  const text = money(shown, currency);
  return shown > 0 && /[1-9]/.test(text) ? `+${text}` : text;
}

// ---------------------------------------------------------------- intervals, and no figure

/** `−90 to +171`. */
export function range([low, high]: readonly [number, number], show: (value: number) => string): string {
  return `${show(low)} to ${show(high)}`;
}

/** `95% interval −136 to +1,327`. @param level 0 … 1 */
export function interval(limits: readonly [number, number], show: (value: number) => string, level = 0.95): string {
  return `${exactPercent(level)} interval ${range(limits, show)}`;
}

/** The figure, or words in its place. */
export function orNotKnown<T>(value: T | null | undefined, show: (value: T) => string, otherwise = NOT_KNOWN): string {
  return value === null || value === undefined ? otherwise : show(value);
}

// ---------------------------------------------------------------- words around figures

/** `1 cart`, `12 carts`, `0 people`. */
export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** The same with every digit. */
export function exactPlural(n: number, one: string, many = `${one}s`): string {
  return `${exactCount(n)} ${n === 1 ? one : many}`;
}

/** `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** The first letter made large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A large first letter and a full stop, where they are missing. */
export function sentence(text: string): string {
  const start = capital(text);
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** A minus only before something that is not 0. */
function withSign(x: number, text: string): string {
  return x < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function grouped(digits: string): string {
  const [whole = '', rest] = digits.split('.');
  const commas = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? commas : `${commas}.${rest}`;
}
