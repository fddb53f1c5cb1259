// The host in the desktop window: the preload script has put a bridge there, and hands over message ports, one for each
// life of the engine.

import { type DesktopBridge, errorFrom, LINE_MESSAGE } from '../../engine/rpc/index.ts';
import type { Host } from '../host.ts';
import { keepLine, type Line, type LineEvents } from './keep-line.ts';

/** What the preload script puts in place. */
export type Bridge = DesktopBridge<File>;

type Ports = Pick<Window, 'addEventListener' | 'removeEventListener'>;

const LONGEST_OPENING_MS = 10_000;

export function connectDesktop(bridge: Bridge, page: Ports): Promise<Host> {
  let onLost: LineEvents['onLost'] = () => {};
  bridge.onEngineLost((how) => onLost(how, false));
  return keepLine({
    openLine: async (events) => {
      const port = await nextPort(bridge, page);
      onLost = events.onLost;
      return lineOf(port, events);
    },
    async upload(file, onProgress) {
      const handle = await bridge.addFile(file);
      if (handle === null) throw failure('UPLOAD', `${file.name} is no file on this computer.`);
      onProgress?.(file.size, file.size);
      return handle;
    },
    release: (handle) => bridge.forgetFile(handle),
    download: ({ handle }) => bridge.save(handle),
    keepKey: (service, key) => bridge.keepKey(service, key),
  });
}

function nextPort(bridge: Bridge, page: Ports): Promise<MessagePort> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      page.removeEventListener('message', hear);
    };
    const hear = (event: MessageEvent) => {
      const [port] = event.ports;
      if (event.source !== page || event.data !== LINE_MESSAGE || port === undefined) return;
      stop();
      resolve(port);
    };
    const timer = setTimeout(() => {
      stop();
      reject(failure('NO_ENGINE', 'The engine did not answer.'));
    }, LONGEST_OPENING_MS);
    page.addEventListener('message', hear);
    bridge.connect();
  });
}

function lineOf(port: MessagePort, events: LineEvents): Line {
  port.addEventListener('message', ({ data }) => events.onText(data));
  port.start();
  return { send: (text) => port.postMessage(text) };
}

function failure(code: string, message: string): Error {
  return errorFrom({ name: 'Error', code, message, issues: [] });
}
