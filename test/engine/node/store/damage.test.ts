// What a disk does to a file, and what is said of it: never a stack trace, never a figure from damaged rows, never a
// write over what may still be saved.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom, UserError } from '../../../../engine/base/index.ts';
import { backupWorkspace, restoreWorkspace, Workspace } from '../../../../engine/node/store/index.ts';
import { failure, META, sample, scratch } from './helpers.ts';
import { OLDER_FORMATS, putOlder } from './older.ts';

const path = scratch();

function made(name: string, people = 300): string {
  const workspace = Workspace.create(path(name));
  workspace.saveDataset('shop', sample(people), META);
  workspace.close();
  return path(name);
}

/** Everything that can be read of it. */
function readAll(file: string): string {
  const workspace = Workspace.open(file, { readonly: true });
  try {
    const history = workspace.loadHistory('shop');
    const columns = [...history.properties].map(([name, column]) => [
      name,
      Array.from({ length: history.nEvents }, (_, i) => column.at(i)),
    ]);
    const people = Array.from({ length: history.nPersons }, (_, i) => history.personIds.at(i));
    const times = Array.from({ length: history.nEvents }, (_, i) => [history.times.at(i), history.values.at(i)]);
    return JSON.stringify([people, times, columns, [...history.nameCodes], history.changes.values]);
  } finally {
    workspace.close();
  }
}

/** Where a text stands in a file's bytes. */
function placeOf(bytes: Buffer, text: string): number {
  const at = bytes.indexOf(text);
  expect(at).toBeGreaterThan(0);
  return at;
}

describe('a workspace whose bytes were changed', () => {
  it('in the middle of a column says which dataset is damaged, and where its newest copy is', async () => {
    const file = made('blob.foresend');
    await backupWorkspace(file, path('blob.backup-20260101-000000.foresend'));
    const bytes = readFileSync(file);
    const at = placeOf(bytes, 'ann150@shop.com');
    bytes[at + 3] = '9'.charCodeAt(0);
    writeFileSync(file, bytes);
    const db = new Database(file, { readonly: true });
    // What SQLite looks at is whole: a page's order, not what it holds.
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    const message = failure(() => readAll(file));
    expect(message).toMatch(
      /^The dataset "shop" in .*blob\.foresend is damaged: it does not read back as it was saved\./,
    );
    expect(message).toContain(
      `"foresend restore ${path('blob.backup-20260101-000000.foresend')} --workspace ${file}" puts it in its place`,
    );
    expect(readFileSync(file).equals(bytes)).toBe(true);
    await restoreWorkspace(path('blob.backup-20260101-000000.foresend'), file, path('blob-kept.foresend'));
    expect(readAll(file)).toContain('ann150@shop.com');
  });

  it('in the description of a dataset is not believed', () => {
    const file = made('header.foresend');
    const bytes = readFileSync(file);
    const at = placeOf(bytes, '"nPersons":300');
    bytes.write('200', at + '"nPersons":'.length);
    writeFileSync(file, bytes);
    expect(failure(() => Workspace.open(file, { readonly: true }).datasets())).toContain('is damaged');
  });

  it('anywhere gives what was saved or a failure in words, never something else', () => {
    const file = made('any.foresend', 60);
    const whole = readFileSync(file);
    const right = readAll(file);
    const random = seededRandom(5, 'damage');
    let found = 0;
    // Most of a page is empty; only what holds something can be hurt.
    const written = [...whole.keys()].filter((at) => whole[at] !== 0);
    for (let i = 0; i < 60; i++) {
      const bytes = Buffer.from(whole);
      const at = written[random.below(written.length)] as number;
      for (let k = 0; k < 64 && at + k < bytes.length; k++) bytes[at + k] = random.below(256);
      writeFileSync(path('hurt.foresend'), bytes);
      try {
        expect(readAll(path('hurt.foresend'))).toBe(right);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        expect(['DAMAGED', 'NOT_A_WORKSPACE', 'NO_DATASET', 'NEWER_WORKSPACE', 'IO_ERROR', 'CANNOT_OPEN']).toContain(
          error.code,
        );
        found++;
      }
      expect(readFileSync(path('hurt.foresend')).equals(bytes)).toBe(true);
    }
    expect(found).toBeGreaterThan(10);
  });

  it('by being cut off or emptied says so', () => {
    const file = made('cut.foresend', 2_000);
    truncateSync(file, Math.floor(statSync(file).size / 2));
    expect(failure(() => readAll(file))).toContain('damaged');
    truncateSync(file, 0);
    expect(failure(() => readAll(file))).toContain('it is empty');
    expect(failure(() => Workspace.open(file))).toContain('it is empty');
    expect(statSync(file).size).toBe(0);
  });
});

describe('a workspace of an older program', () => {
  it.each(OLDER_FORMATS)('of format %i is read as it is, and copied before it changes', async (format) => {
    const file = path(`older-${format}.foresend`);
    putOlder(format, file);
    const before = readFileSync(file);
    const reader = Workspace.open(file, { readonly: true });
    expect(reader.datasets().map(({ name, persons }) => [name, persons])).toEqual([
      ['shop', 4],
      ['second', 9],
    ]);
    expect(reader.loadHistory('second').fingerprint).toBe(sample(9).fingerprint);
    expect(reader.note('scenarios')).toEqual(
      format === 1 ? null : [{ name: 'kept', kind: 'settings', set: ['trigger.within=2h'] }],
    );
    reader.close();
    expect(readFileSync(file).equals(before)).toBe(true);
    const writer = Workspace.open(file);
    writer.saveDataset('third', sample(2), META);
    expect(writer.loadHistory('shop').fingerprint).toBe(sample(4).fingerprint);
    writer.close();
    const copy = Workspace.open(`${file}.format-${format}`, { readonly: true });
    expect(copy.datasets().map(({ name }) => name)).toEqual(['shop', 'second']);
    expect(copy.loadHistory('second').fingerprint).toBe(sample(9).fingerprint);
    copy.close();
    expect(readdirSync(dirname(file)).filter((name) => name.includes('partial'))).toEqual([]);
  });
});

/** A disk of 3 MB; null where none can be had here. */
function smallDisk(): string | null {
  const folder = path('disk');
  mkdirSync(folder);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  afterAll(() => execFileSync('umount', [folder]));
  return folder;
}

const disk = smallDisk();

describe.skipIf(disk === null)('a full disk (left out where no small one can be mounted)', () => {
  it('keeps what was there, says so, and goes on once there is room', async () => {
    const file = `${disk}/small.foresend`;
    const workspace = Workspace.create(file);
    workspace.saveDataset('shop', sample(50), META);
    expect(failure(() => workspace.saveDataset('large', sample(60_000), META))).toMatch(
      /disk is full.*still there; make room/,
    );
    expect(workspace.datasets().map(({ name }) => name)).toEqual(['shop']);
    workspace.close();
    writeFileSync(`${disk}/filler`, Buffer.alloc(100_000));
    while (true) {
      try {
        writeFileSync(`${disk}/filler`, Buffer.alloc(16_384), { flag: 'a' });
      } catch {
        break;
      }
    }
    // Not even a log fits any more.
    expect(readAll(file)).toContain('ann49@shop.com');
    const full = Workspace.open(file, { readonly: true });
    full.close();
    expect(
      failure(() => {
        const writer = Workspace.open(file);
        try {
          writer.saveDataset('more', sample(3_000), META);
        } finally {
          writer.close();
        }
      }),
    ).toMatch(/disk is full|has room/);
    await expect(backupWorkspace(file, `${disk}/copy.foresend`)).rejects.toThrow(
      /disk is full.*copy\.foresend|has room/,
    );
    expect(failure(() => Workspace.create(`${disk}/new.foresend`))).toMatch(
      /disk is full: .*new\.foresend could.*No file was made|has room/,
    );
    expect(readdirSync(disk as string).sort()).toEqual(['filler', 'small.foresend']);
    writeFileSync(`${disk}/filler`, '');
    const again = Workspace.open(file);
    again.saveDataset('more', sample(100), META);
    expect(again.datasets().map(({ name }) => name)).toEqual(['shop', 'more']);
    again.close();
  });

  it('does not change the format where the copy of the one before has no room', () => {
    const file = `${disk}/old.foresend`;
    putOlder(2, file);
    const before = readFileSync(file);
    writeFileSync(`${disk}/filler`, Buffer.alloc(200_000));
    try {
      while (true) writeFileSync(`${disk}/filler`, Buffer.alloc(16_384), { flag: 'a' });
    } catch {
      // Now it is full.
    }
    expect(failure(() => Workspace.open(file))).toMatch(/disk is full|has room/);
    const reader = Workspace.open(file, { readonly: true });
    expect(reader.datasets()).toHaveLength(2);
    reader.close();
    expect(readdirSync(disk as string).filter((name) => name.startsWith('old'))).toEqual(['old.foresend']);
    expect(readFileSync(file).subarray(100).equals(before.subarray(100))).toBe(true);
  });
});
