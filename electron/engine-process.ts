// The process of its own in which the engine lives. It serves any number of lines, each a page: through the host's
// channel, or over a message port of its own. It ends when its host does.

import { createServer, type RpcServer } from '../engine/rpc/index.ts';
import { startGate } from './engine/gate.ts';
import type { FromProcess, ToProcess } from './engine/messages.ts';
import type { EngineCalls } from './engine/thread-calls.ts';
import { startThreads } from './engine/threads.ts';

/** In the built program the thread's file lies beside this one, as JavaScript. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './engine-thread.ts' : './engine-thread.js', import.meta.url);

/** What of Electron's ports is used here. */
interface Port {
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(name: 'close', listener: () => void): void;
  postMessage(data: string): void;
  start(): void;
  close(): void;
}

interface ParentPort {
  on(name: 'message', listener: (event: { readonly data: unknown; readonly ports: readonly Port[] }) => void): void;
  postMessage(data: FromProcess): void;
}

const lines = new Map<number, RpcServer>();
let calls: EngineCalls | null = null;

const parent = (process as { readonly parentPort?: ParentPort }).parentPort;
const say = (message: FromProcess) => {
  if (parent !== undefined) parent.postMessage(message);
  else if (process.connected) process.send?.(message);
};
if (parent !== undefined) parent.on('message', ({ data, ports }) => hear(data as ToProcess, ports[0]));
else {
  process.on('message', (message) => hear(message as ToProcess));
  process.once('disconnect', () => process.exit());
  // Ctrl C reaches every process of a terminal; the host decides when this one ends, and lets it put things in order.
  process.on('SIGINT', () => {});
}

function hear(message: ToProcess, port?: Port): void {
  switch (message.kind) {
    case 'start':
      calls = startGate(message.settings, (settings) =>
        startThreads(THREAD, settings, (notice) => {
          for (const server of lines.values()) server.notify(notice);
        }),
      );
      break;
    case 'open':
      openLine(message.line, port);
      break;
    case 'text':
      if (lines.get(message.line)?.receive(message.text) === false) {
        closeLine(message.line);
        say({ kind: 'violation', line: message.line });
      }
      break;
    case 'close':
      closeLine(message.line);
      break;
    case 'file':
      calls?.addFile(message.handle, message.file);
      say({ kind: 'filed', handle: message.handle });
      break;
    case 'forget':
      calls?.forgetFile(message.handle);
      break;
    case 'stop':
      void stop();
  }
}

function openLine(line: number, port: Port | undefined): void {
  const engine = calls;
  if (engine === null) return;
  const send = (text: string) => (port === undefined ? say({ kind: 'text', line, text }) : port.postMessage(text));
  const server = createServer(engine.answer, send);
  lines.set(line, server);
  if (port === undefined) return;
  port.on('message', ({ data }) => {
    if (server.receive(data)) return;
    closeLine(line);
    port.close();
  });
  port.on('close', () => closeLine(line));
  port.start();
}

function closeLine(line: number): void {
  lines.get(line)?.close();
  lines.delete(line);
}

async function stop(): Promise<void> {
  for (const line of [...lines.keys()]) closeLine(line);
  await calls?.close();
  process.exit();
}
