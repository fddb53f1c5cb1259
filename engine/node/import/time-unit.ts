// What a column of times is written in, found from its values, and how DuckDB turns it into milliseconds. Every unit is
// read exactly: whole numbers as whole numbers, fractions as decimals, never by way of a rounded double.

import type { TimeUnit } from '../../events/index.ts';

const NUMBER = /^\s*[-+]?\d+(\.\d*)?\s*$/;
const ISO =
  /^\s*\d{4}[-/]\d{1,2}[-/]\d{1,2}([T ]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s*(Z|z|UTC|GMT|[-+]\d{2}(:?\d{2})?)?)?\s*$/;
const YYYYMMDD = /^\s*(1[89]|2[01])\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\s*$/;

const DAY_MS = 86_400_000;
/** Times outside are taken as a sign of a wrong unit. */
export const PLAUSIBLE = { fromMs: Date.UTC(1971, 0, 1), toMs: Date.UTC(2101, 0, 1) } as const;
/** A narrower range, for choosing among units. */
const LIKELY = { fromMs: Date.UTC(1990, 0, 1), toMs: Date.UTC(2060, 0, 1) } as const;

const PER_MS: Readonly<Record<'s' | 'ms' | 'us' | 'ns', number>> = { s: 1e-3, ms: 1, us: 1e3, ns: 1e6 };

export const UNIT_WORDS: Readonly<Record<TimeUnit, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'dates (ISO 8601, UTC where no zone is given)',
  yyyymmdd: 'days written YYYYMMDD',
};

/** A date, or a number that can only be a moment. */
export function looksLikeTime(text: string): boolean {
  return ISO.test(text) || (NUMBER.test(text) && guessUnit([text]) !== null);
}

/** @returns the unit more than half of the values agree on, or null */
export function guessUnit(values: readonly string[]): TimeUnit | null {
  const filled = values.filter((v) => v.trim() !== '');
  if (filled.length === 0) return null;
  const most = (test: (v: string) => boolean) => filled.filter(test).length > filled.length / 2;
  if (most((v) => ISO.test(v))) return 'iso';
  if (most((v) => YYYYMMDD.test(v))) return 'yyyymmdd';
  for (const unit of ['s', 'ms', 'us', 'ns'] as const) {
    if (most((v) => NUMBER.test(v) && isWithin(Number(v) / PER_MS[unit], LIKELY))) return unit;
  }
  return null;
}

/** The unit that would make sense of a number read in another, for messages. */
export function likelyUnit(value: string): TimeUnit | null {
  return guessUnit([value]);
}

/** Whole numbers that count from a start of their own (day 0, day 12, day -3): no calendar can be made of them. */
export function areRelative(values: readonly string[]): boolean {
  const filled = values.filter((v) => v.trim() !== '');
  return filled.length > 0 && filled.every((v) => NUMBER.test(v) && Math.abs(Number(v)) < 100_000);
}

/** SQL for milliseconds since the epoch as a BIGINT; NULL where the text is no time in that unit. @param text SQL */
export function millisecondsSql(unit: TimeUnit, text: string): string {
  switch (unit) {
    case 'iso':
      return floorDivision(`epoch_us(try_cast(${text} as timestamptz))`, 1000);
    case 'yyyymmdd':
      return `epoch_ms(try_strptime(trim(${text}), '%Y%m%d'))`;
    case 's':
    case 'ms':
    case 'us':
    case 'ns': {
      const fraction = { s: '* 1000', ms: '', us: '/ 1000', ns: '/ 1000000' }[unit];
      const whole = `try_cast(${text} as bigint)`;
      const scaled = {
        s: `try_cast(${whole}::hugeint * 1000 as bigint)`,
        ms: whole,
        us: floorDivision(whole, 1000),
        ns: floorDivision(whole, 1_000_000),
      }[unit];
      // A number that is written as SQL would write it needs no closer look; the cast alone would take 1.7, 0x10 and 1_0.
      return `case when ${whole}::varchar = ${text} and ${whole} between -1000000000000000000 and 1000000000000000000
          or regexp_full_match(${text}, '\\s*[-+]?\\d{1,18}\\s*') then ${scaled}
        when regexp_full_match(${text}, '\\s*[-+]?\\d{1,18}\\.\\d*\\s*') then try_cast(floor(try_cast(${text} as decimal(38, 12)) ${fraction}) as bigint) end`;
    }
  }
}

export function isPlausible(ms: number): boolean {
  return isWithin(ms, PLAUSIBLE);
}

/** SQL's own division cuts toward zero; before 1970 the floor is one lower. */
function floorDivision(whole: string, by: number): string {
  return `(${whole} - ((${whole} % ${by}) + ${by}) % ${by}) // ${by}`;
}

function isWithin(ms: number, range: { fromMs: number; toMs: number }): boolean {
  return ms >= range.fromMs && ms < range.toMs;
}

export function dayOf(ms: number): string {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS).toISOString().slice(0, 10);
}
