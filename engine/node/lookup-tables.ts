// Tables that a workflow's emails look things up in, read from CSV files beside the workflow: a column named as the
// property it is looked up by, a column `from` with the moment a row holds from (absent: always), and any others.

import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize } from 'node:path';
import { moment, UserError } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { TableInput, TableRow } from '../personalize/index.ts';
import type { LookupTable, Workflow } from '../workflow/index.ts';
import { withTestTable } from './holdout-file.ts';

const FROM = 'from';
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** @throws UserError `NO_TABLE` for a file that is not there, `BAD_TABLE` for one that cannot be used, naming it */
export async function readTables({ personalize }: Workflow, workflowPath: string): Promise<TableInput[]> {
  const tables: TableInput[] = [];
  for (const table of personalize?.tables ?? []) tables.push(await readTable(table, workflowPath));
  return tables;
}

async function readTable({ name, file, by }: LookupTable, workflowPath: string): Promise<TableInput> {
  const inside = normalize(file);
  if (isAbsolute(file) || inside.startsWith('..')) {
    throw new UserError('BAD_TABLE', `The table "${name}": ${file} must lie in the workflow's own folder.`);
  }
  const path = join(dirname(workflowPath), inside);
  if (!existsSync(path)) {
    throw new UserError('NO_TABLE', `The table "${name}" is to be read from ${path}, which is not there.`);
  }
  return withTestTable(path, async (names, rowsOf) => {
    if (!names.includes(by)) {
      const known = names.map((one) => `"${one}"`).join(', ');
      throw new UserError('BAD_TABLE', `${path} has no column "${by}" to look up "${name}" by. It has ${known}.`);
    }
    const columns = names.filter((one) => one !== by && one !== FROM);
    const asked = [by, ...(names.includes(FROM) ? [FROM] : []), ...columns];
    const cells = asked.map((one) => `coalesce("${one.replaceAll('"', '""')}"::VARCHAR, '')`).join(', ');
    const rows = (await rowsOf(`SELECT ${cells} FROM test`)).map((row, i): TableRow => {
      const [key = '', ...rest] = row.map(String);
      const from = names.includes(FROM) ? (rest.shift() ?? '') : '';
      const values = columns.flatMap((column, c): [string, Scalar][] => {
        const text = rest[c] ?? '';
        return text.trim() === '' ? [] : [[column, NUMBER.test(text) ? Number(text) : text]];
      });
      return { key, from: startOf(from, path, i), values: Object.fromEntries(values) };
    });
    return { name, by, columns, rows };
  });
}

function startOf(text: string, path: string, row: number): number {
  if (text.trim() === '') return Number.NEGATIVE_INFINITY;
  const at = moment(text.trim());
  if (at !== null) return at;
  const message = `${path}, row ${row + 1} below the header: "${text}" in "${FROM}" is no moment; write one such as 2026-07-14 or 2026-07-14T08:00Z.`;
  throw new UserError('BAD_TABLE', message);
}
