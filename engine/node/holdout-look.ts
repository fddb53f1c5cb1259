// What the columns of a results file look like, so that a user is offered those that can be an arm, an outcome or money.

import { UserError } from '../base/index.ts';
import { readOutcome } from '../holdout/index.ts';
import { type RowsOf, withTestTable } from './holdout-file.ts';

export interface TestColumnLook {
  readonly name: string;
  readonly kind: 'arm' | 'outcome' | 'amount' | 'other';
  readonly values: readonly { readonly text: string; readonly n: number }[];
}

/** As many different texts still are arms. */
const MOST_ARMS = 50;
const MOST_COLUMNS = 200;

/** A plain decimal number, as `readAmount` takes it. */
const AMOUNT = '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?';

/** @param path as `readTextColumns` takes it @throws UserError where it is no table */
export async function lookAtTest(path: string): Promise<{ rows: number; columns: TestColumnLook[] }> {
  return withTestTable(path, async (names, rowsOf, rows) => {
    if (names.length > MOST_COLUMNS) {
      const words = `${path} has ${names.length} columns; a file of results has at most ${MOST_COLUMNS}.`;
      throw new UserError('TOO_WIDE', words);
    }
    const columns: TestColumnLook[] = [];
    for (const name of names) columns.push(await lookAt(name, rowsOf, rows));
    return { rows, columns };
  });
}

async function lookAt(name: string, rowsOf: RowsOf, rows: number): Promise<TestColumnLook> {
  const cell = `coalesce("${name.replaceAll('"', '""')}"::VARCHAR, '')`;
  const counted = await rowsOf(`SELECT ${cell}, count(*) FROM test GROUP BY 1 LIMIT ${MOST_ARMS + 1}`);
  const isFew = counted.length <= MOST_ARMS;
  const values = counted
    .map(([text, n]) => ({ text: String(text), n: Number(n) }))
    .sort((a, b) => b.n - a.n || (a.text < b.text ? -1 : 1));
  if (isFew && values.every(({ text }) => [0, 1].includes(readOutcome(text)))) return { name, kind: 'outcome', values };
  const [[others] = []] = await rowsOf(
    `SELECT count(*) FROM test WHERE trim(${cell}) <> '' AND NOT regexp_full_match(trim(${cell}), '${AMOUNT}')`,
  );
  if (Number(others) === 0) return { name, kind: 'amount', values: [] };
  // Ids of a short file are few too, but each stands once.
  const isRepeated = values.length * 2 <= rows;
  const isArm = isFew && isRepeated && values.length > 1 && values.every(({ text }) => text !== '');
  return isArm ? { name, kind: 'arm', values } : { name, kind: 'other', values: [] };
}
