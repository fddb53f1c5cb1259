// Times in days from a start of their own as moments: SQL.

import type { DayZero } from './day-zero-spec.ts';
import { quoted } from './duck.ts';

/** SQL for milliseconds since the epoch as a BIGINT. @param days SQL for the text @param group SQL for the value */
export function dayZeroSql({ dates }: DayZero, days: string, group: string | null): string {
  const zero =
    group === null
      ? String([...dates.values()][0])
      : `case ${group} ${[...dates].map(([value, ms]) => `when ${quoted(value)} then ${ms}`).join(' ')} end`;
  // Days are whole or have a decimal part; nothing else is a number of days.
  return `case when regexp_full_match(${days}, '\\s*[-+]?\\d{1,7}(\\.\\d*)?\\s*')
    then ${zero}::bigint + try_cast(floor(try_cast(${days} as decimal(20, 9)) * 86400000) as bigint) end`;
}
