// The engine's process as one of Electron's: the same file, with a port to each page.

import { utilityProcess } from 'electron';
import { endingWords } from './fork.ts';
import type { EngineChild } from './link.ts';
import type { FromProcess } from './messages.ts';

/** @param script the built process, beside the main program */
export function utilityEngine(script: string, temporary: string): EngineChild {
  const child = utilityProcess.fork(script, [], {
    serviceName: 'Foresend engine',
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TMPDIR: temporary, TMP: temporary, TEMP: temporary },
  });
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  return {
    send: (message, port) => child.postMessage(message, port === undefined ? [] : [port as Electron.MessagePortMain]),
    onMessage: (listener) => child.on('message', (message: FromProcess) => listener(message)),
    onEnd: (listener) => child.once('exit', (code) => listener(endingWords(code, null, complaint))),
    kill: () => void child.kill(),
  };
}
