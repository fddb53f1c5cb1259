import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { backupWorkspace, restoreWorkspace, Workspace } from '../../../../engine/node/store/index.ts';
import { META, sample, scratch } from './helpers.ts';

const path = scratch();

function workspace(name: string, people: number): string {
  const made = Workspace.create(path(name));
  made.saveDataset('shop', sample(people), META);
  made.close();
  return path(name);
}

function peopleIn(file: string): number | undefined {
  const opened = Workspace.open(file, { readonly: true });
  const [dataset] = opened.datasets();
  const history = opened.loadHistory('shop');
  opened.close();
  expect(history.nPersons).toBe(dataset?.persons);
  return dataset?.persons;
}

describe('a backup', () => {
  it('is a workspace of its own, whole without the log of the one it was made from, which may be open', async () => {
    const file = workspace('open.foresend', 20);
    const open = Workspace.open(file);
    open.saveDataset('second', sample(5), META);
    const backup = await backupWorkspace(file, path('copy.foresend'));
    open.deleteDataset('shop');
    open.close();
    expect(backup.datasets.map(({ name }) => name)).toEqual(['shop', 'second']);
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('copy'))).toEqual(['copy.foresend']);
    expect(backup.bytes).toBe(readFileSync(backup.path).byteLength);
    expect(peopleIn(path('copy.foresend'))).toBe(20);
  });

  it('goes over nothing, and has no name before it is whole', async () => {
    const file = workspace('taken.foresend', 3);
    writeFileSync(path('there.foresend'), 'mine');
    await expect(backupWorkspace(file, path('there.foresend'))).rejects.toThrow(/exists already/);
    await expect(backupWorkspace(file, path('nowhere/copy.foresend'))).rejects.toThrow(
      /there is no folder .*nowhere\.$/,
    );
    expect(readFileSync(path('there.foresend'), 'utf8')).toBe('mine');
    const aborter = new AbortController();
    aborter.abort();
    await expect(backupWorkspace(file, path('never.foresend'), { signal: aborter.signal })).rejects.toThrow();
    expect(readdirSync(dirname(file)).filter((name) => name.startsWith('never'))).toEqual([]);
    await expect(backupWorkspace(path('none.foresend'), path('x.foresend'))).rejects.toThrow(/no workspace/);
  });

  it('of a damaged workspace says so instead of keeping the damage', async () => {
    const file = workspace('hurt.foresend', 400);
    const bytes = readFileSync(file);
    bytes.fill(0xa5, bytes.length - 65_536, bytes.length - 100);
    writeFileSync(path('hurt.foresend'), bytes);
    await expect(backupWorkspace(file, path('hurt-copy.foresend'))).rejects.toThrow(/damaged/);
    expect(existsSync(path('hurt-copy.foresend'))).toBe(false);
  });
});

describe('a restore', () => {
  it('puts the copy in place and keeps what stood there', async () => {
    const file = workspace('now.foresend', 8);
    await backupWorkspace(file, path('then.foresend'));
    const later = Workspace.open(file);
    later.replaceDataset('shop', sample(30), META);
    later.close();
    const restored = await restoreWorkspace(path('then.foresend'), file, path('kept.foresend'));
    expect(restored.kept).toBe(path('kept.foresend'));
    expect(peopleIn(file)).toBe(8);
    expect(peopleIn(path('kept.foresend'))).toBe(30);
    expect(peopleIn(path('then.foresend'))).toBe(8);
  });

  it('makes a workspace where there is none, and takes the place of one that cannot be read', async () => {
    const backup = workspace('good.foresend', 6);
    expect((await restoreWorkspace(backup, path('new.foresend'), path('k1'))).kept).toBeNull();
    expect(peopleIn(path('new.foresend'))).toBe(6);
    writeFileSync(
      path('junk.foresend'),
      'no workspace at all, but long enough to be read as if it were a file'.repeat(9),
    );
    await restoreWorkspace(backup, path('junk.foresend'), path('k2'));
    expect(peopleIn(path('junk.foresend'))).toBe(6);
    expect(readFileSync(path('k2'), 'utf8')).toMatch(/^no workspace/);
  });

  it('refuses a workspace that is open and a copy that is none, and changes nothing', async () => {
    const backup = workspace('source.foresend', 4);
    const file = workspace('busy.foresend', 9);
    const open = Workspace.open(file);
    await expect(restoreWorkspace(backup, file, path('k3'))).rejects.toThrow(/open in a window or another command/);
    expect(open.datasets()[0]?.persons).toBe(9);
    open.close();
    copyFileSync(backup, path('half.foresend'));
    truncateSync(path('half.foresend'), 70_000);
    await expect(restoreWorkspace(path('half.foresend'), file, path('k4'))).rejects.toThrow(/damaged/);
    writeFileSync(path('text.foresend'), 'hello');
    await expect(restoreWorkspace(path('text.foresend'), file, path('k5'))).rejects.toThrow(/not a Foresend workspace/);
    const other = new Database(path('other.db'));
    other.exec('create table a (b)');
    other.close();
    await expect(restoreWorkspace(path('other.db'), file, path('k6'))).rejects.toThrow(/not a Foresend workspace/);
    expect(peopleIn(file)).toBe(9);
    expect(readdirSync(dirname(file)).filter((name) => /^k[3-6]|incoming|partial/.test(name))).toEqual([]);
  });
});
