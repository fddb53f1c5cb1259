// Makes the report in a process of its own: the host stays answerable meanwhile, stopping is a kill at any moment (a
// workspace survives that), and a crash is an ending like any other.

import { fork } from 'node:child_process';
import type { Progress } from '../engine/api.ts';
import type { DemoMaker, DemoReport } from './demo-maker.ts';

/** What the process says. The last is `made` or `failed`. */
export type MakerMessage =
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'made'; readonly html: string }
  | { readonly kind: 'failed'; readonly message: string };

/**
 * @param script a module that waits for one message, the task, and answers with `MakerMessage`s
 * @param task plain data
 */
export function processMaker(script: URL, task: Readonly<Record<string, string>>): DemoMaker {
  return (onProgress, signal) =>
    new Promise<DemoReport>((resolve, reject) => {
      signal.throwIfAborted();
      const child = fork(script, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      const stop = () => child.kill('SIGKILL');
      signal.addEventListener('abort', stop, { once: true });
      let complaint = '';
      child.stderr?.on('data', (chunk: Buffer) => {
        complaint = (complaint + chunk.toString()).slice(-2_000);
      });
      child.on('message', (message) => {
        const said = message as MakerMessage;
        if (said.kind === 'progress') onProgress(said.progress);
        else if (said.kind === 'made') resolve({ html: said.html });
        else reject(new Error(said.message));
      });
      // A process that cannot start complains twice: that it was not started, and that nothing reached it.
      child.on('error', reject);
      child.once('exit', (code, by) => {
        signal.removeEventListener('abort', stop);
        if (signal.aborted) reject(signal.reason);
        else reject(new Error(endingWords(code, by, complaint)));
      });
      child.send(task);
    });
}

/** Only heard where nothing better was said: the first answer of a promise stands. */
function endingWords(code: number | null, by: string | null, complaint: string): string {
  const how = by === null ? `with status ${code}` : `by ${by}`;
  const last = complaint.trim().split('\n').at(-1) ?? '';
  return `The process that makes the report ended ${how}.${last === '' ? '' : ` It last said: ${last}`}`;
}
