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
/** Times that a history can hold: it counts milliseconds in 48 bits. */
export const READABLE = { fromMs: Date.UTC(1601, 0, 1), toMs: Date.UTC(10000, 0, 1) } as const;
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
  day: 'days from the day zero that was given',
};

/** A date, or a number that can only be a moment. */
export function looksLikeTime(text: string): boolean {
  return ISO.test(text) || (NUMBER.test(text) && guessUnit([text]) !== null);
}

/**
 * @param share of the filled values that must be in that unit
 * @returns the unit that most values can be in, or null
 */
export function guessUnit(values: readonly string[], share = 0): TimeUnit | null {
  const filled = values.filter((v) => v.trim() !== '');
  const isIn: Readonly<Record<Exclude<TimeUnit, 'day'>, (v: string) => boolean>> = {
    iso: (v) => ISO.test(v),
    yyyymmdd: (v) => YYYYMMDD.test(v),
    s: (v) => NUMBER.test(v) && isWithin(Number(v) / PER_MS.s, LIKELY),
    ms: (v) => NUMBER.test(v) && isWithin(Number(v) / PER_MS.ms, LIKELY),
    us: (v) => NUMBER.test(v) && isWithin(Number(v) / PER_MS.us, LIKELY),
    ns: (v) => NUMBER.test(v) && isWithin(Number(v) / PER_MS.ns, LIKELY),
  };
  let best: TimeUnit | null = null;
  let most = Math.max(0, share * filled.length - 1e-9);
  for (const unit of ['iso', 'yyyymmdd', 's', 'ms', 'us', 'ns'] as const) {
    const count = filled.filter(isIn[unit]).length;
    if (count > most) {
      best = unit;
      most = count;
    }
  }
  return best;
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
export function millisecondsSql(unit: Exclude<TimeUnit, 'day'>, text: string): string {
  switch (unit) {
    case 'iso':
      return floorDivision(`epoch_us(${instantSql(text)})`, 1000);
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
      return `case when ${whole}::varchar = ${text} and ${whole} between -9000000000000000000 and 9000000000000000000
          or regexp_full_match(${text}, '\\s*[-+]?\\d{1,18}\\s*') then ${scaled}
        when regexp_full_match(${text}, '\\s*[-+]?\\d{1,18}\\.\\d*\\s*') then try_cast(floor(try_cast(${text} as decimal(38, 12)) ${fraction}) as bigint) end`;
    }
  }
}

/**
 * SQL for what a time says beyond its millisecond, in whole nanoseconds (microseconds for dates), 0 … 999,999: rows that
 * differ in it are not the same. NULL where the text is no time in that unit. @param text SQL
 */
export function belowMillisecondSql(unit: Exclude<TimeUnit, 'day'>, text: string): string {
  const modulo = (whole: string, by: number) => `((${whole} % ${by}) + ${by}) % ${by}`;
  const fraction = (scale: string) => {
    const ms = `try_cast(${text} as decimal(38, 12)) ${scale}`;
    return `case when contains(${text}, '.') then try_cast(floor((${ms} - floor(${ms})) * 1000000) as bigint) else 0 end`;
  };
  const whole = `try_cast(${text} as bigint)`;
  switch (unit) {
    case 'yyyymmdd':
      return '0';
    case 'iso':
      return `case when contains(${text}, '.') then ${modulo(`epoch_us(${instantSql(text)})`, 1000)} else 0 end`;
    case 's':
      return fraction('* 1000');
    case 'ms':
      return fraction('');
    case 'us':
      return `case when contains(${text}, '.') then ${fraction('/ 1000')} else ${modulo(whole, 1000)} end`;
    case 'ns':
      return `case when contains(${text}, '.') then ${fraction('/ 1000000')} else ${modulo(whole, 1_000_000)} end`;
  }
}

/** SQL for a date and time as an instant; also where a space stands before the offset, which the cast does not take. */
function instantSql(text: string): string {
  return `coalesce(try_cast(${text} as timestamptz), case when regexp_matches(${text}, ':\\d\\d(\\.\\d+)? [-+]\\d\\d:?\\d\\d$')
    then try_cast(regexp_replace(${text}, ' ([-+]\\d\\d:?\\d\\d)$', '\\1') as timestamptz) end)`;
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
