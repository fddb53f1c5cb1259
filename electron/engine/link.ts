// A host's side of the engine process: started at once, and again when somebody opens a line after it has gone. Its end
// is the end of its lines, never of the host.

import { randomBytes } from 'node:crypto';
import type { KnownFile } from '../../engine/node/api/window-backend.ts';
import type { EngineSettings, FromProcess, ToProcess } from './messages.ts';

/** A running process, however it was started. */
export interface EngineChild {
  /** @param port handed over with it, where lines are ports */
  send(message: ToProcess, port?: unknown): void;
  onMessage(listener: (message: FromProcess) => void): void;
  /** Called once. */
  onEnd(listener: (how: string) => void): void;
  kill(): void;
}

export interface EngineLine {
  send(text: string): void;
  close(): void;
}

export interface LineEvents {
  readonly onText?: (text: string) => void;
  /** The page broke the rules: its line is closed. */
  readonly onViolation?: () => void;
  /** @param how the engine ended, in words */
  readonly onLost: (how: string) => void;
}

export interface EngineLink {
  /** @param port the other end is the page's; without one texts go through the link */
  open(events: LineEvents, port?: unknown): EngineLine;
  /** @returns a handle, once the engine knows it */
  addFile(file: KnownFile): Promise<string>;
  /** @returns what the handle stood for; null where it is none */
  forgetFile(handle: string): KnownFile | null;
  close(): Promise<void>;
}

const CLOSING_MS = 4_000;

/** @param keys of email services; asked at every start */
export function startEngine(
  startChild: () => EngineChild,
  settings: Omit<EngineSettings, 'fresh' | 'keys'>,
  keys?: () => Readonly<Record<string, string>>,
): EngineLink {
  const files = new Map<string, KnownFile>();
  const filed = new Map<string, () => void>();
  const lines = new Map<number, LineEvents>();
  let lastLine = 0;
  let child: EngineChild | null = null;
  let closed: (() => void) | null = null;
  let isClosing = false;

  const start = (fresh: boolean): EngineChild => {
    const started = startChild();
    child = started;
    started.onMessage((message) => {
      if (message.kind === 'filed') filed.get(message.handle)?.();
      else if (message.kind === 'text') lines.get(message.line)?.onText?.(message.text);
      else {
        const events = lines.get(message.line);
        lines.delete(message.line);
        events?.onViolation?.();
      }
    });
    started.onEnd((how) => {
      child = null;
      for (const done of filed.values()) done();
      const all = [...lines.values()];
      lines.clear();
      for (const { onLost } of all) onLost(how);
      closed?.();
    });
    started.send({ kind: 'start', settings: { ...settings, ...(keys === undefined ? {} : { keys: keys() }), fresh } });
    for (const [handle, file] of files) started.send({ kind: 'file', handle, file });
    return started;
  };
  start(true);

  return {
    open(events, port) {
      if (isClosing) {
        queueMicrotask(() => events.onLost('Foresend is being closed.'));
        return { send() {}, close() {} };
      }
      const running = child ?? start(false);
      const line = ++lastLine;
      lines.set(line, events);
      running.send({ kind: 'open', line }, port);
      return {
        send: (text) => {
          if (lines.has(line)) child?.send({ kind: 'text', line, text });
        },
        close: () => {
          if (lines.delete(line)) child?.send({ kind: 'close', line });
        },
      };
    },
    addFile(file) {
      const handle = randomBytes(16).toString('hex');
      files.set(handle, file);
      const running = child;
      if (running === null) return Promise.resolve(handle);
      return new Promise((resolve) => {
        filed.set(handle, () => {
          filed.delete(handle);
          resolve(handle);
        });
        running.send({ kind: 'file', handle, file });
      });
    },
    forgetFile(handle) {
      const file = files.get(handle) ?? null;
      files.delete(handle);
      if (file !== null) child?.send({ kind: 'forget', handle });
      return file;
    },
    close() {
      isClosing = true;
      const running = child;
      if (running === null) return Promise.resolve();
      return new Promise((resolve) => {
        const timer = setTimeout(() => running.kill(), CLOSING_MS);
        closed = () => {
          clearTimeout(timer);
          resolve();
        };
        lines.clear();
        running.send({ kind: 'stop' });
      });
    },
  };
}
