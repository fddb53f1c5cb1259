import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { UserError } from '../../../../engine/base/index.ts';
import { History, type ImportReport } from '../../../../engine/events/index.ts';
import {
  type AppendOptions,
  appendHistory,
  type ImportOptions,
  importFiles,
  type Traced,
  withSpill,
} from '../../../../engine/node/import/index.ts';
import { inMemory, traceInMemory } from '../../../../engine/node/stored/index.ts';

/** A folder for one test file, gone afterwards. */
export function scratch(): {
  path: (name: string) => string;
  write: (name: string, content: string | Buffer) => string;
} {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const path = (name: string) => join(folder, name);
  return {
    path,
    write: (name, content) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
  };
}

export async function read(
  paths: string | readonly string[],
  options: ImportOptions = {},
): Promise<{ history: History; report: ImportReport; rows: string[] }> {
  const { columns, report } = await importFiles(typeof paths === 'string' ? [paths] : paths, options);
  const { read: n, kept, duplicates, rejected } = report.rows;
  expect(kept + duplicates + rejected.reduce((sum, { count }) => sum + count, 0)).toBe(n);
  const history = new History(columns);
  return { history, report, rows: describeEvents(history) };
}

/** `ann Bought 2024-01-01T00:00:00.000Z 12.5 item=hat`, person by person. */
export function describeEvents(history: History): string[] {
  const rows: string[] = [];
  for (let p = 0; p < history.nPersons; p++) {
    for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
      const value = history.values.at(row);
      rows.push(
        [
          history.personIds.at(p),
          history.names[history.nameCodes[row] as number],
          new Date(history.times.at(row)).toISOString().replace('.000Z', 'Z'),
          ...(Number.isNaN(value) ? [] : [value]),
          ...[...history.properties.keys()]
            .filter((name) => history.properties.get(name)?.at(row) !== undefined)
            .map((name) => `${name}=${JSON.stringify(history.properties.get(name)?.at(row))}`),
        ].join(' '),
      );
    }
  }
  return rows;
}

/** `ann 2024-01-01T00:00:00Z plan="pro"`, in order. */
export function describeChanges(history: History): string[] {
  const { changes } = history;
  const rows: string[] = [];
  for (let p = 0; p < history.nPersons; p++) {
    for (let i = changes.personStart[p] as number; i < (changes.personStart[p + 1] as number); i++) {
      const code = changes.valueCodes[i] as number;
      const value = code === 0 ? 'null' : JSON.stringify(changes.values[code]);
      const time = new Date(changes.times[i] as number).toISOString().replace('.000Z', 'Z');
      rows.push(
        `${history.personIds.at(p)} ${time} ${changes.propertyNames[changes.properties[i] as number]}=${value}`,
      );
    }
  }
  return rows;
}

/** The message of the UserError that an import must end with. */
export async function failure(paths: string | readonly string[], options: ImportOptions = {}): Promise<string> {
  try {
    await importFiles(typeof paths === 'string' ? [paths] : paths, options);
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as UserError).message;
  }
  throw new Error('the import was expected to fail');
}

/** One history joined to another, three events at a time, and brought into memory. */
export async function append(into: Traced, added: Traced, options: AppendOptions = {}) {
  const pieces = { sortedRows: 3, memoryBytes: 0 };
  return withSpill({ pieces }, async (spill) => {
    const appended = await appendHistory(into, added, spill, { pieces, ...options });
    return { ...appended, columns: inMemory(appended.columns), trace: traceInMemory(appended.trace) };
  });
}
