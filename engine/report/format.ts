// Figures as the pages print them: a true minus sign, a plus on differences, never "0.0%", words where there is no
// figure. Everything is English with comma thousands and UTC, so that equal figures give equal bytes everywhere.

import { DAY_MS, HOUR_MS, humanDuration, MINUTE_MS, WEEK_MS } from '../base/index.ts';

const MINUS = '\u2212';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;
const SYMBOLS: Readonly<Record<string, string>> = { USD: '$', EUR: '€', GBP: '£', JPY: '¥' };

/** `1,271`; from a million on `1.23 million`. @param n finite; rounded to a whole number */
export function count(n: number): string {
  const size = Math.abs(Math.round(n));
  const sign = Math.round(n) < 0 ? MINUS : '';
  if (size >= 1_000_000) return `${sign}${(size / 1_000_000).toFixed(2)} million`;
  return sign + group(size.toFixed(0));
}

/** Every digit, for ledgers that must add up. @param n a whole number */
export function exactCount(n: number): string {
  return (n < 0 ? MINUS : '') + group(Math.abs(n).toFixed(0));
}

/** `+483`, `−136`, and `0` without a sign. */
export function signedCount(n: number): string {
  return Math.round(n) > 0 ? `+${count(n)}` : count(n);
}

/**
 * `67.5%`, `under 0.1%`, `over 99.9%`; exactly 0 and 1 are `0%` and `100%`.
 * @param rate 0 … 1
 */
export function percent(rate: number, digits = 1): string {
  const unit = 10 ** -digits;
  const value = rate * 100;
  if (value > 0 && value < unit) return `under ${unit.toFixed(digits)}%`;
  if (value < 100 && value > 100 - unit) return `over ${(100 - unit).toFixed(digits)}%`;
  if (Number.isInteger(value)) return `${value}%`;
  return `${value.toFixed(digits)}%`;
}

/** `4.9%`, or `0 of 4,861` where nothing was counted; `of nobody` has no share. */
export function share(part: number, whole: number, digits = 1): string {
  if (whole === 0) return 'none to count';
  return part === 0 ? `0 of ${count(whole)}` : percent(part / whole, digits);
}

/** A difference of rates: `+1.58 pp`. @param difference −1 … 1 */
export function points(difference: number): string {
  const value = Math.abs(difference * 100).toFixed(2);
  if (Number(value) === 0) return difference === 0 ? '0 pp' : 'under 0.01 pp';
  return `${difference < 0 ? MINUS : '+'}${value} pp`;
}

/** How money is written: an ISO 4217 code, or null for a history that names none. */
export type Currency = string | null;

/** `$11,820`, `$71.38`, `1,200 SEK`, or the bare figure. Cents only below 100. */
export function money(amount: number, currency: Currency): string {
  const size = Math.abs(amount);
  const whole = size >= 100 || Number.isInteger(size);
  const digits = size >= 1_000_000 ? `${(size / 1_000_000).toFixed(2)} million` : group(size.toFixed(whole ? 0 : 2));
  const zero = Number(size.toFixed(whole ? 0 : 2)) === 0;
  const sign = amount < 0 && !zero ? MINUS : '';
  if (currency === null) return sign + digits;
  const symbol = SYMBOLS[currency];
  return symbol === undefined ? `${sign}${digits} ${currency}` : `${sign}${symbol}${digits}`;
}

/** `+$11,820`. Rounded to 10 where `width`, the interval's, is above 1,000: more digits would pretend. */
export function signedMoney(amount: number, currency: Currency, width = 0): string {
  const rounded = width > 1_000 ? Math.round(amount / 10) * 10 : amount;
  const text = money(rounded, currency);
  return rounded > 0 && Number(rounded.toFixed(2)) !== 0 ? `+${text}` : text;
}

/** `95% interval −136 to +1,327`. */
export function interval(low: string, high: string): string {
  return `95% interval ${low} to ${high}`;
}

/** `1 min`, `60 min`, `2 h`, `8 d`, `7 d 1 h` where the hours are whole, else `6.1 d`. @param ms ≥ 0 */
export function duration(ms: number): string {
  if (ms === MINUTE_MS) return '1 min';
  const days = Math.floor(ms / DAY_MS);
  const isSetting = days >= 2 && days < 60 && ms % HOUR_MS === 0 && ms % DAY_MS !== 0;
  return isSetting ? `${days} d ${(ms % DAY_MS) / HOUR_MS} h` : humanDuration(ms);
}

/** `13 weeks`, `1 week`. */
export function weeks(n: number): string {
  return `${count(n)} ${n === 1 ? 'week' : 'weeks'}`;
}

/** Whole weeks where it is some, else as `duration`. */
export function span(ms: number): string {
  return ms >= 4 * WEEK_MS ? weeks(Math.round(ms / WEEK_MS)) : duration(ms);
}

/** `14 Jul 2026`. @param ms since the epoch, UTC */
export function day(ms: number): string {
  const date = new Date(ms);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `14 Jul 2026, 20:05 UTC`. */
export function instant(ms: number): string {
  const date = new Date(ms);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day(ms)}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** `a, b and c`. */
export function listed(items: readonly string[], last = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
}

/** `export.csv` of a path: a page that is forwarded tells nobody where files lie. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1) || path;
}

/** The first letter made large. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Words of other folders with the figures in them as everywhere on the page: `26%`, `\u22123`. */
export function tidy(text: string): string {
  return text.replace(/(\d) %/g, '$1%').replace(/(^|[\s(])-(?=\d)/g, `$1${MINUS}`);
}

/** A large first letter and a full stop, where they are missing. */
export function sentence(text: string): string {
  const start = capital(tidy(text));
  return /[.!?]$/.test(start) ? start : `${start}.`;
}

/** `1 cart`, `12 carts`. */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/**
 * Shares of a whole as percentages that add up to 100.
 * @param parts ≥ 0, not all 0
 * @param digits after the point
 */
export function percentagesOf(parts: readonly number[], digits: number): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0);
  if (!(total > 0)) return parts.map(() => 0);
  const scale = 10 ** digits;
  return roundedToSum(
    parts.map((part) => (part / total) * 100 * scale),
    1,
  ).map((part) => part / scale);
}

/**
 * Parts rounded to multiples of `unit` so that they add up to their rounded sum (largest remainder).
 * @param parts of any sign
 */
export function roundedToSum(parts: readonly number[], unit: number): number[] {
  const floors = parts.map((part) => Math.floor(part / unit));
  const sum = parts.reduce((all, part) => all + part, 0);
  let rest = Math.round(sum / unit) - floors.reduce((all, part) => all + part, 0);
  const order = parts.map((_, i) => i).sort((a, b) => frac(parts[b], unit) - frac(parts[a], unit) || a - b);
  for (const i of order) {
    if (rest <= 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    rest -= 1;
  }
  return floors.map((part) => part * unit + 0);
}

function frac(x: number | undefined, unit: number): number {
  return x === undefined ? 0 : x / unit - Math.floor(x / unit);
}

function group(digits: string): string {
  const [whole = '', rest] = digits.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return rest === undefined ? grouped : `${grouped}.${rest}`;
}
