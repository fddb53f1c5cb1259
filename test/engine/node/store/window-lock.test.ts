import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { backupWorkspace, restoreWorkspace, Workspace } from '../../../../engine/node/store/index.ts';
import { takeWindow } from '../../../../engine/node/store/window-lock.ts';
import { META, sample, scratch } from './helpers.ts';

const path = scratch();

function made(name: string): string {
  const workspace = Workspace.create(path(name));
  workspace.saveDataset('shop', sample(), META);
  workspace.close();
  return path(name);
}

async function otherWindow(file: string): Promise<{ readonly says: string; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'hold-window.ts'), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    says: said.toString().trim(),
    async kill() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

describe('a workspace that a window has open', () => {
  it('is refused to a second, until the first was closed or killed', async () => {
    const file = made('two.foresend');
    const other = await otherWindow(file);
    expect(other.says).toBe('held');
    const refused = takeWindow(file);
    expect(refused).toMatchObject({ is: 'refused' });
    expect(refused.is === 'refused' ? refused.reason : '').toMatch(/is open in another window, since .* UTC\.$/);
    await other.kill();
    expect(existsSync(`${file}.window`)).toBe(true);
    const taken = takeWindow(file);
    expect(taken.is).toBe('held');
    if (taken.is === 'held') taken.release();
    expect(existsSync(`${file}.window`)).toBe(false);
    const again = takeWindow(file);
    expect(again.is).toBe('held');
    const third = await otherWindow(file);
    expect(third.says).toBe('refused');
    await third.kill();
    if (again.is === 'held') again.release();
  });

  it('can be had where there is no workspace yet, and where something else lies under the name of the lock', () => {
    const none = takeWindow(path('not-yet.foresend'));
    expect(none.is).toBe('held');
    if (none.is === 'held') none.release();
    writeFileSync(
      path('odd.foresend.window'),
      'no lock at all, but long enough to be looked at as if it were. '.repeat(40),
    );
    const odd = takeWindow(path('odd.foresend'));
    expect(odd.is).toBe('held');
    if (odd.is === 'held') odd.release();
  });

  it('can be written by a command in turn, and is not replaced under the window', async () => {
    const file = made('command.foresend');
    const { path: copy } = await backupWorkspace(file, path('copy.foresend'));
    const other = await otherWindow(file);
    const command = Workspace.open(file);
    command.saveDataset('second', sample(5), META);
    command.close();
    const before = readFileSync(file);
    await expect(restoreWorkspace(copy, file, path('kept.foresend'))).rejects.toThrow(
      /open in another window, .* Close it, then restore again\. Nothing was changed\./,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    await other.kill();
    expect((await restoreWorkspace(copy, file, path('kept.foresend'))).kept).toBe(path('kept.foresend'));
    expect(existsSync(`${file}.window`)).toBe(false);
  });

  it('takes the log of what it replaces out of the way of what comes', async () => {
    const file = made('log.foresend');
    const { path: copy } = await backupWorkspace(file, path('log-copy.foresend'));
    writeFileSync(file, 'damaged beyond recognition, though with enough in it to be looked into. '.repeat(20));
    writeFileSync(`${file}-wal`, 'a log of another file');
    await restoreWorkspace(copy, file, path('log-kept.foresend'));
    expect(existsSync(`${file}-wal`)).toBe(false);
    expect(readFileSync(path('log-kept.foresend-wal'), 'utf8')).toBe('a log of another file');
    const opened = Workspace.open(file);
    expect(opened.loadHistory('shop').nPersons).toBe(3);
    opened.close();
  });
});
