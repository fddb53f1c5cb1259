// Stopping a command from outside. A command that computes without waiting never hears of a signal it asked to hear of,
// so it must not ask: Ctrl C then has to end it at once. A pipe nobody writes to stands in for a long computation.

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BIN, temporaryFolder } from '../../../helpers/cli.ts';

const folder = temporaryFolder();
afterAll(folder.remove);

describe.skipIf(process.platform === 'win32')(
  'a signal (skipped on Windows, which has no named pipes in folders)',
  () => {
    it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a command that does not wait for anything', async (signal) => {
      const pipe = join(folder.path, `${signal}.json`);
      execFileSync('mkfifo', [pipe]);
      const child = spawn(process.execPath, [BIN, 'validate', pipe], { stdio: 'ignore' });
      const ended = once(child, 'exit');
      await hasOpened(pipe, child);
      child.kill(signal);
      expect(await ended).toEqual([null, signal]);
    });

    const older = ['/usr/bin/node', '/usr/local/bin/node'].find(
      (path) => existsSync(path) && Number(execFileSync(path, ['--version']).toString().slice(1).split('.')[0]) < 24,
    );
    it.skipIf(older === undefined)(
      'reaches the newer Node that an older one hands over to (left out where there is no older one)',
      async () => {
        const pipe = join(folder.path, 'handed-over.json');
        execFileSync('mkfifo', [pipe]);
        const child = spawn(older as string, [BIN, 'validate', pipe], { stdio: 'ignore' });
        const ended = once(child, 'exit');
        await hasOpened(pipe, child);
        child.kill('SIGTERM');
        expect(await ended).toEqual([1, null]);
      },
    );
  },
);

/** Opening a pipe for writing waits for its reader; closing it at once would end the reader's wait. */
async function hasOpened(pipe: string, child: ChildProcess): Promise<void> {
  const writer = await open(pipe, 'w');
  child.once('exit', () => void writer.close());
}
