// What came of an import in one line: every row that was kept, what was left out and why, or the error it ended with.

import { dirname } from 'node:path';
import { UserError } from '../../../../engine/base/index.ts';
import { History } from '../../../../engine/events/index.ts';
import { type ImportOptions, importFiles } from '../../../../engine/node/import/index.ts';
import { describeEvents } from './helpers.ts';

const LONGEST = 160;

/** @throws what is no UserError: a crash; and where rows are lost: read is not kept + duplicates + rejected */
export async function outcomeOf(paths: readonly string[], options: ImportOptions = {}): Promise<string> {
  try {
    const { columns, report } = await importFiles(paths, options);
    const { read, kept, duplicates, rejected } = report.rows;
    const left = rejected.reduce((sum, { count }) => sum + count, 0);
    if (kept + duplicates + left !== read)
      throw new Error(`${read} rows read, ${kept + duplicates + left} accounted for`);
    const rows = describeEvents(new History(columns)).map((row) =>
      row.length > LONGEST ? `${row.slice(0, LONGEST)}…` : row,
    );
    return [
      rows.join('; '),
      ...(kept === rows.length ? [] : [`${kept} kept`]),
      ...(duplicates === 0 ? [] : [`duplicates ${duplicates}`]),
      ...[...rejected].sort((a, b) => (a.reason < b.reason ? -1 : 1)).map(({ reason, count }) => `${reason} ${count}`),
    ].join(' | ');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const [first = ''] = error.message.replaceAll(`${dirname(paths[0] as string)}/`, '').split('\n');
    return `refused ${error.code}: ${first.slice(0, LONGEST)}`;
  }
}
