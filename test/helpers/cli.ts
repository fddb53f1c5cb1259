// Runs the command line as a user would: another process, its exit status, what it printed where. The program is the
// bundle that this run of the tests made; `BIN` is the door of a checkout, over the sources.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BIN = join(import.meta.dirname, '..', '..', 'engine', 'node', 'cli', 'bin.mjs');

const BUILT = join(import.meta.dirname, 'built-cli.mjs');

export interface CliRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function foresend(
  args: readonly string[],
  options: { cwd?: string; stdin?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<CliRun> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BUILT, ...args], {
      cwd: options.cwd,
      stdio: 'pipe',
      env: { ...process.env, ...options.env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout, stderr }));
    // A command that refuses its call ends before it has read anything.
    child.stdin.on('error', () => {});
    child.stdin.end(options.stdin ?? '');
  });
}

/** The JSON document of a command that must succeed. */
// biome-ignore lint/suspicious/noExplicitAny: what a command prints is checked by the test that reads it
export async function foresendJson(args: readonly string[], options: { cwd?: string } = {}): Promise<any> {
  const run = await foresend([...args, '--json'], options);
  if (run.status !== 0) throw new Error(`foresend ${args.join(' ')} ended with ${run.status}: ${run.stderr}`);
  return JSON.parse(run.stdout);
}

/** A folder of its own for a test, gone afterwards. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'foresend-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
