// WebSockets of pages, each a line to the engine. A request to become one has to come from our own page: exactly our
// host, exactly our origin, our session. The session travels as a protocol name, which is no part of any address.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { LONGEST_MESSAGE } from '../../engine/rpc/index.ts';
import type { EngineLink } from '../engine/link.ts';
import type { Secrets } from './secrets.ts';

export const LINE_PATH = '/api/line';
const PROTOCOL = 'foresend';
/** A character takes at most three bytes here. */
const LONGEST_FRAME = 3 * LONGEST_MESSAGE;
const MOST_LINES = 32;
/** Of the closing reason, by the protocol. */
const LONGEST_REASON = 120;

export const CLOSE = { goingAway: 1001, notText: 1003, violation: 1008, engineLost: 4001 } as const;

export interface LineServer {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

/** @param isOurs whether host and origin are exactly ours */
export function createLineServer(
  engine: EngineLink,
  secrets: Secrets,
  isOurs: (request: IncomingMessage) => boolean,
): LineServer {
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: LONGEST_FRAME,
    handleProtocols: () => PROTOCOL,
  });

  const serve = (socket: WebSocket) => {
    const line = engine.open({
      onText: (text) => socket.send(text),
      onViolation: () => socket.close(CLOSE.violation, 'this was no message'),
      onLost: (how) => socket.close(CLOSE.engineLost, shortened(how)),
    });
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isBinary) socket.close(CLOSE.notText, 'texts only');
      else line.send(data.toString());
    });
    socket.on('close', () => line.close());
    // Broken frames and oversized messages close the socket by themselves; the error only has to be heard.
    socket.on('error', () => {});
  };

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (request.url !== LINE_PATH || !isOurs(request)) return refuse(socket, '403 Forbidden');
      if (!secrets.isSession(sessionOf(request))) return refuse(socket, '401 Unauthorized');
      if (server.clients.size >= MOST_LINES) return refuse(socket, '503 Service Unavailable');
      server.handleUpgrade(request, socket, head, serve);
    },
    close() {
      for (const socket of server.clients) {
        socket.close(CLOSE.goingAway, 'Foresend was closed');
        setTimeout(() => socket.terminate(), 200).unref();
      }
      server.close();
    },
  };
}

/** Of `foresend, SESSION`. */
function sessionOf(request: IncomingMessage): string | null {
  const names = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  return names.length === 2 && names[0] === PROTOCOL ? (names[1] as string) : null;
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function shortened(text: string): string {
  let short = text;
  while (Buffer.byteLength(short) > LONGEST_REASON) short = short.slice(0, -1);
  return short;
}
