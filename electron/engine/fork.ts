// The engine's process as a child of Node.

import { fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineChild } from './link.ts';
import type { FromProcess } from './messages.ts';

const SCRIPT = new URL('../engine-process.ts', import.meta.url);

/** @param temporary the engine's folder for whatever it needs for a while */
export function forkEngine(temporary: string, script: URL = SCRIPT): EngineChild & { readonly pid: number } {
  const child = fork(script, {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: {
      // Most of a start is reading sources; Node keeps what it made of them, beside what it keeps for the command line.
      NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache'),
      ...process.env,
      TMPDIR: temporary,
      TMP: temporary,
      TEMP: temporary,
    },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  let ended = false;
  return {
    pid: child.pid ?? 0,
    send: (message) => {
      if (child.connected) child.send(message, () => {});
    },
    onMessage: (listener) => child.on('message', (message) => listener(message as FromProcess)),
    onEnd: (listener) => {
      const end = (how: string) => {
        if (!ended) listener(how);
        ended = true;
      };
      child.once('error', (error) => end(`The engine could not be started: ${error.message}.`));
      child.once('exit', (code, by) => end(endingWords(code, by, complaint)));
    },
    kill: () => child.kill('SIGKILL'),
  };
}

/** @param complaint what the process wrote; of a crash's many lines the one that says what happened is taken */
export function endingWords(code: number | null, by: string | null, complaint: string): string {
  const how = by === null ? `with status ${code}` : `by ${by}`;
  const lines = complaint.split('\n').filter((line) => line.trim() !== '' && !/^(\s|[{}]|Node\.js v)/.test(line));
  const last = lines.findLast((line) => /^(\w*Error|FATAL)/.test(line)) ?? lines.at(-1);
  return `The engine's process ended ${how}.${last === undefined ? '' : ` It last said: ${last.trim()}`}`;
}
