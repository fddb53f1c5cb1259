// What the columns of a results file look like, so that a user is offered those that can be an arm, an outcome or money.

import { UserError } from '../base/index.ts';
import { readAmount, readOutcome } from '../holdout/index.ts';
import { readTextColumns, testColumnNames } from './holdout-file.ts';

export interface TestColumnLook {
  readonly name: string;
  readonly kind: 'arm' | 'outcome' | 'amount' | 'other';
  readonly values: readonly { readonly text: string; readonly n: number }[];
}

/** As many different texts still are arms. */
const MOST_ARMS = 50;
const MOST_COLUMNS = 200;

/** @param path as `readTextColumns` takes it @throws UserError where it is no table */
export async function lookAtTest(path: string): Promise<{ rows: number; columns: TestColumnLook[] }> {
  const names = await testColumnNames(path);
  if (names.length > MOST_COLUMNS) {
    throw new UserError(
      'TOO_WIDE',
      `${path} has ${names.length} columns; a file of results has at most ${MOST_COLUMNS}.`,
    );
  }
  const columns = await readTextColumns(path, names);
  return { rows: columns[0]?.length ?? 0, columns: names.map((name, i) => lookAt(name, columns[i] as string[])) };
}

function lookAt(name: string, cells: readonly string[]): TestColumnLook {
  const counts = new Map<string, number>();
  for (const cell of cells) {
    if (counts.size > MOST_ARMS) break;
    counts.set(cell, (counts.get(cell) ?? 0) + 1);
  }
  const isFew = counts.size <= MOST_ARMS;
  const values = isFew
    ? [...counts].map(([text, n]) => ({ text, n })).sort((a, b) => b.n - a.n || (a.text < b.text ? -1 : 1))
    : [];
  const isOutcome = isFew && values.every(({ text }) => [0, 1].includes(readOutcome(text)));
  if (isOutcome) return { name, kind: 'outcome', values };
  if (cells.every((cell) => cell.trim() === '' || Number.isFinite(readAmount(cell)))) {
    return { name, kind: 'amount', values: [] };
  }
  // Ids of a short file are few too, but each stands once.
  const isRepeated = values.length * 2 <= cells.length;
  const isArm = isFew && isRepeated && values.length > 1 && values.every(({ text }) => text !== '');
  return isArm ? { name, kind: 'arm', values } : { name, kind: 'other', values: [] };
}
