// What a command is given: where to print, what cancels it, how it reports progress. Output is held back until the
// command has succeeded, so that a failure leaves stdout empty. A signal ends the process at once, unless the command
// has something to clean up and waits often enough to hear of it.

import { writeSync } from 'node:fs';
import type { CallOptions, Progress } from '../../api/index.ts';
import { exactCount } from '../../base/index.ts';

/** The words of the call are wrong: exit status 2. */
export class UsageError extends Error {}

export interface Context {
  readonly onProgress: (progress: Progress) => void;
  /** For work that waits, as an import does: from now on SIGINT and SIGTERM cancel it instead of ending the process. */
  cancellable(): Required<CallOptions>;
  /** Takes `cancellable` back: from now on a signal ends the process again. */
  endsAtOnce(): void;
  /** Prints to stdout once the command has succeeded. */
  out(text: string): void;
  /** Prints to stderr at once. */
  log(text: string): void;
  /** The exit status of a command that ran to its end; 1 where its answer is "no" (`verify`, `test`). */
  status: number;
  /** Prints what is held back; called by the command itself where something must be kept only once it is printed. */
  flush(): Promise<void>;
  close(): void;
}

export function createContext(): Context {
  const aborter = new AbortController();
  const interrupt = () => aborter.abort();
  const held: string[] = [];
  const line = progressLine();
  const endsAtOnce = () => {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  };
  return {
    status: 0,
    out: (text) => held.push(text.endsWith('\n') ? text : `${text}\n`),
    log(text) {
      line.clear();
      writeAll(2, `${text}\n`);
    },
    onProgress: line.show,
    cancellable() {
      process.once('SIGINT', interrupt);
      process.once('SIGTERM', interrupt);
      return { signal: aborter.signal, onProgress: line.show };
    },
    endsAtOnce,
    async flush() {
      line.clear();
      writeAll(1, held.splice(0).join(''));
    },
    close() {
      line.clear();
      endsAtOnce();
    },
  };
}

/** Writes everything, whatever stdout is connected to; a reader that has gone away is no failure. */
function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  let at = 0;
  while (at < bytes.length) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') return;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2);
    }
  }
}

/** One line on a terminal, rewritten in place; nothing where stderr is a file. */
function progressLine(): { show(progress: Progress): void; clear(): void } {
  if (process.stderr.isTTY !== true) return { show: () => {}, clear: () => {} };
  let started = performance.now();
  let stageNow = '';
  let shown = 0;
  let visible = false;
  return {
    show({ stage, done, total, unit }) {
      const now = performance.now();
      if (stage !== stageNow) [stageNow, started] = [stage, now];
      else if (now - shown < 100) return;
      shown = now;
      visible = true;
      const seconds = (now - started) / 1000;
      const share = total === null || total === 0 ? '' : ` of ${exactCount(total)}`;
      const left = total === null || done === 0 ? '' : `, ${Math.ceil((seconds * (total - done)) / done)} s left`;
      process.stderr.write(`\r\x1b[K${stage}: ${exactCount(done)}${share} ${unit}${left}`);
    },
    clear() {
      if (visible) process.stderr.write('\r\x1b[K');
      visible = false;
    },
  };
}
