// An import whose columns go to disk on their way: what is saved is what would be saved from memory, every phase looks at
// the signal, and a cancel at any look leaves everything as it was.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { History } from '../../../../engine/events/index.ts';
import { openBackend } from '../../../../engine/node/api/backend.ts';
import { importFiles, withImport } from '../../../../engine/node/import/index.ts';
import { Workspace } from '../../../../engine/node/store/index.ts';
import { scratch } from './helpers.ts';

const { write, path } = scratch();
const ROWS = 150_000;
/** Rows out of order, repeated, without a value or a property, refused; ids that are addresses. */
const table = Array.from({ length: ROWS }, (_, i) => {
  const person = (i * 7919) % 3001;
  const id = person % 5 === 0 ? `p${person}@shop.com` : `p${person}`;
  const value = i % 3 === 0 ? '' : i % 50_000 === 1 ? '0.123456789' : ((i % 997) / 100).toFixed(2);
  const time = i % 40_000 === 5 ? 'never' : 1_700_000_000 + ((i * 31) % 5000);
  return `${id},${'ABC'[i % 3]},${time},${value},${i % 4 === 0 ? '' : `item ${i % 613}`}\n`;
});
const file = write('many.csv', `user_id,event,time,value,item\n${table.join('')}${table.slice(0, 500).join('')}`);
/** The same without what needs care, which no database reads. */
const plain = write(
  'plain.csv',
  `user_id,event,time,value,item\n${table.filter((row) => !row.includes('never')).join('')}`,
);
const MAP = { user: 'user_id', event: 'event', time: 'time', value: 'value' };

interface Request {
  readonly append?: boolean;
  readonly replace?: boolean;
}

function request(dataset: string, { append = false, replace = false }: Request = {}) {
  return {
    files: [file],
    dataset,
    map: MAP,
    format: null,
    eventName: null,
    asPeople: false,
    observedFrom: null,
    observedUntil: null,
    dayZero: null,
    keepDuplicates: false,
    timeUnit: null,
    append,
    replace,
    savedMapping: false,
  };
}

function stored(workspace: string): unknown {
  const db = new Database(workspace, { readonly: true });
  try {
    const { header, bytes } = db.prepare('select header, bytes from dataset').get() as {
      header: string;
      bytes: number;
    };
    const blobs = db.prepare('select name, part, length(data) n, sum from blob order by name, part').all();
    return { header: JSON.parse(header) as unknown, bytes, blobs };
  } finally {
    db.close();
  }
}

describe('an import in pieces', () => {
  it('saves byte for byte what is saved from memory, in whatever pieces it came', async () => {
    const { columns, report, trace } = await importFiles([file], { map: MAP });
    // Every row once, but for the last 500, which repeat the first ones.
    expect(report.rows.read).toBe(ROWS + 500);
    const refused = Array.from({ length: ROWS }, (_, i) => i).filter((i) => i % 40_000 === 5).length;
    expect(report.rows.rejected.map(({ count }) => count)).toEqual([refused + 1]);
    const distinct = new Set(table.filter((row) => !row.includes('never'))).size;
    expect(report.rows.kept).toBe(distinct);
    const whole = Workspace.create(path('whole.foresend'));
    whole.saveDataset('d', columns, { report, sources: [file], trace });
    whole.close();
    const pieces = { rangeRows: 20_000, sortedRows: 30_000, memoryBytes: 0 };
    const fingerprint = await withImport([file], { map: MAP, pieces }, async (imported) => {
      const workspace = Workspace.create(path('pieces.foresend'));
      const meta = { report: imported.report, sources: [file], trace: imported.trace };
      const saved = await workspace.saveStored('d', imported.columns, meta, () => {});
      workspace.close();
      return saved.fingerprint;
    });
    expect(fingerprint).toBe(columns.fingerprint);
    expect(stored(path('pieces.foresend'))).toEqual(stored(path('whole.foresend')));
  });

  it('of a table that needs no care is the same in pieces, looks at the signal and leaves no trace', async () => {
    const whole = await importFiles([plain], { map: MAP });
    const pieces = { rangeRows: 20_000, sortedRows: 30_000, memoryBytes: 0 };
    const inPieces = await importFiles([plain], { map: MAP, pieces });
    expect(inPieces.columns.fingerprint).toBe(whole.columns.fingerprint);
    expect(whole.report.rows.kept).toBe(new Set(table.filter((row) => !row.includes('never'))).size);
    const folder = path('plain');
    mkdirSync(folder);
    const into = { ...request('d'), files: [plain] };
    const looks = await looksOf(`${folder}/one.foresend`, into, Number.POSITIVE_INFINITY);
    expect(looks.by.get('reading plain.csv')).toBeGreaterThanOrEqual(Math.floor(statSync(plain).size / 2 ** 20));
    expect(looks.by.get('gathering by person')).toBeGreaterThanOrEqual(Math.floor(ROWS / 65_536));
    const total = [...looks.by.values()].reduce((a, b) => a + b, 0);
    for (let at = 1; at < total; at += Math.ceil(total / 9)) {
      expect((await looksOf(`${folder}/two.foresend`, into, at)).outcome).toMatch(/cancelled; nothing was changed/);
      expect(readdirSync(folder)).toEqual(['one.foresend']);
    }
  });

  it('of many columns of many values takes no more memory than of few', async () => {
    // To find all of them at once would take 105 MB.
    const [rows, columns] = [100_000, 16];
    const names = Array.from({ length: columns }, (_, c) => `c${c}`);
    const cell = (row: number, c: number) => `${c}-${(row * 7919 + c) % rows}`;
    const isNone = (row: number, c: number) => (row + c) % 11 === 0;
    const lines = Array.from({ length: rows }, (_, row) => {
      // Refused, without some cells, or the same as the one before.
      const time = row % 10_000 === 7 ? 'never' : 1_700_000_000 + ((row * 31) % 1000);
      const cells = names.map((_, c) => (isNone(row, c) ? ['', '" "'][row % 2] : `"${cell(row, c)}"`));
      const line = `p${row % 501},${'AB'[row % 2]},${time},${cells.join(',')}\n`;
      return row % 20_000 === 9 ? line + line : line;
    });
    const wide = write('wide.csv', `user_id,event,time,${names.join(',')}\n${lines.join('')}`);
    const { columns: got, report } = await importFiles([wide], { memoryLimitMb: 100 });
    expect(report.rows).toMatchObject({ read: rows + 5, kept: rows - 10, duplicates: 5 });
    const history = new History(got);
    const person = history.personIds.indexOfSorted('p8');
    const inOrder = Array.from({ length: rows }, (_, row) => row)
      .filter((row) => row % 501 === 8 && row % 10_000 !== 7)
      .sort((a, b) => ((a * 31) % 1000) - ((b * 31) % 1000) || a - b);
    const from = history.personStart[person] as number;
    expect((history.personStart[person + 1] as number) - from).toBe(inOrder.length);
    for (const [c, name] of names.entries()) {
      const texts = inOrder.map((row) => (isNone(row, c) ? undefined : cell(row, c)));
      expect(inOrder.map((_, i) => history.properties.get(name)?.at(from + i))).toEqual(texts);
    }
  });

  it('of many columns takes no more memory than of few, however little they hold', async () => {
    const names = Array.from({ length: 60 }, (_, c) => `c${c}`);
    const lines = Array.from({ length: 3000 }, (_, row) => {
      const cells = names.map((_, c) => `"v${(row * 7 + c) % 13}"`);
      return `p${row},Bought,${1_700_000_000 + row},${cells.join(',')}\n`;
    });
    const flat = write('flat.csv', `user_id,event,time,${names.join(',')}\n${lines.join('')}`);
    const history = new History((await importFiles([flat], { memoryLimitMb: 120 })).columns);
    expect(history.nEvents).toBe(3000);
    for (const row of [0, 1, 2047, 2048, 2999]) {
      const at = history.personStart[history.personIds.indexOfSorted(`p${row}`)] as number;
      const cells = names.map((name) => history.properties.get(name)?.at(at));
      expect(cells).toEqual(names.map((_, c) => `v${(row * 7 + c) % 13}`));
    }
  });

  it('looks at the signal in every phase, and leaves no trace wherever it is cancelled', async () => {
    const folder = path('looked');
    mkdirSync(folder);
    const workspace = `${folder}/mine.foresend`;
    const looks = await looksOf(workspace, request('first'), Number.POSITIVE_INFINITY);
    expect(looks.outcome).toBe('done');
    // Rows come in chunks of 2,048; each phase over all of them looks at least once for every 65,536 or quarter million.
    expect(looks.by.get('gathering by person')).toBeGreaterThanOrEqual(Math.floor(ROWS / 2048));
    expect(looks.by.get('sorting by person and time')).toBeGreaterThanOrEqual(ROWS / 65_536);
    expect(looks.by.get('writing to the workspace')).toBeGreaterThanOrEqual(10);
    const before = readFileSync(workspace);
    const total = [...looks.by.values()].reduce((a, b) => a + b, 0);
    const moments = [1, 0.3, 0.9, 0.97, 0.99, 1 - 2 / total];
    for (const [i, share] of moments.entries()) {
      const at = share === 1 ? 1 : Math.floor(share * total);
      // Into a workspace that is there, in a dataset's place, and into one that is not.
      const [target, into] = [
        [workspace, request('second')] as const,
        [workspace, request('first', { replace: true })] as const,
        [`${folder}/new.foresend`, request('first')] as const,
      ][i % 3] as readonly [string, ReturnType<typeof request>];
      expect((await looksOf(target, into, at)).outcome).toMatch(/cancelled; nothing was changed/);
      expect(readdirSync(folder)).toEqual(['mine.foresend']);
    }
    const names = Workspace.open(workspace, { readonly: true });
    expect(names.datasets().map(({ name }) => name)).toEqual(['first']);
    expect(names.interrupted()).toEqual([]);
    names.close();
    expect(readFileSync(workspace).length).toBeGreaterThanOrEqual(before.length);
    expect(existsSync(`${folder}/new.foresend`)).toBe(false);
  });
});

/** How often each stage looks at a signal that is aborted at the `at`-th look. */
async function looksOf(workspace: string, into: ReturnType<typeof request>, at: number) {
  const by = new Map<string, number>();
  let stage = 'before';
  let n = 0;
  const { signal } = new AbortController();
  Object.defineProperty(signal, 'aborted', {
    get: () => {
      by.set(stage, (by.get(stage) ?? 0) + 1);
      return ++n >= at;
    },
  });
  const onProgress = (progress: { readonly stage: string }) => {
    stage = progress.stage;
  };
  try {
    await openBackend(workspace).importFiles(into, { signal, onProgress });
    return { by, outcome: 'done' };
  } catch (error) {
    return { by, outcome: error instanceof Error ? error.message : String(error) };
  }
}
