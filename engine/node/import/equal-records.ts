// JSON records that say the same: equal in every member, whatever the order of the members and the way a number is
// written (1, 1.0, 1e0). A member that is null says what a missing one does.

import { createHash } from 'node:crypto';
import type { Duck } from './duck.ts';

/** Rows a statement inserts at most. */
const BATCH = 5000;

/** Adds to `dropped` the kept rows of `raw` whose record says what that of an earlier kept row does. */
export async function dropEqualRecords(duck: Duck): Promise<void> {
  // Only records of one person, event and moment can be equal, so that few are looked at closely.
  const moment = 'hash(raw_user, c_event, ms)';
  await duck.run(`create temp table together as select h from (select ${moment} h from raw) group by h
    having count(*) > 1`);
  const seen = new Set<string>();
  const repeated: number[] = [];
  await duck.numbered(
    `select rn, line from (select rowid rn, line from raw where ${moment} in (select h from together))
      semi join (select rn from rows where reason = 0) kept using (rn) order by rn`,
    (rn, line) => {
      const digest = createHash('sha1').update(canonicalText(line)).digest('base64');
      if (seen.has(digest)) repeated.push(rn);
      else seen.add(digest);
    },
  );
  await duck.run('drop table together');
  for (let from = 0; from < repeated.length; from += BATCH) {
    const values = repeated.slice(from, from + BATCH).map((rn) => `(${rn})`);
    await duck.run(`insert into dropped values ${values.join(', ')}`);
  }
}

/** @param line a JSON object; what JavaScript does not take for one (NaN in it) stays the text it is */
function canonicalText(line: string): string {
  try {
    return JSON.stringify(JSON.parse(line, exactly as (key: string, value: unknown) => unknown), sorted);
  } catch {
    return line;
  }
}

/** A number that a double cannot hold stays the text it is: two long ids must not become one. */
function exactly(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || source.length <= 15) return value;
  return value === Number(value.toPrecision(15)) ? value : { '\u0000number': source };
}

function sorted(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
