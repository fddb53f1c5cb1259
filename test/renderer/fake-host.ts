// A window's backend for tests: the real engine on a small made shop in a folder of its own, behind one address. Answers
// can be replaced or held up, to show states that the shop is not in.

import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildInto } from '../../electron/build-window.ts';
import { readPageFiles } from '../../electron/hosts/page-files.ts';
import type { CallOptions, WindowApi } from '../../engine/api/index.ts';
import { UserError } from '../../engine/base/index.ts';
import { WindowBackend, type WindowBackendOptions } from '../../engine/node/api/window-backend.ts';
import type { MakeClient } from '../../engine/node/api/window-esp.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** As the loopback host sends it. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const SHIPPED = join(ROOT, 'fixtures', 'workflows', 'cart-recovery.json');

type Method = keyof WindowApi;

export interface FakeHost {
  readonly origin: string;
  readonly api: WindowBackend;
  readonly workflowPath: string;
  /** The text of the workflow file as it is on disk. */
  workflowText(): string;
  /** Puts another workflow in its place, before a page opens. Absent: the shipped one. */
  setWorkflow(file?: Readonly<Record<string, unknown>>): void;
  /** Methods asked, in order. */
  readonly asked: { readonly method: Method; readonly request: Record<string, unknown> }[];
  /** In the place of the engine's answer; gets it to change it. Empty: the engine alone. */
  readonly replaced: Map<Method, (real: () => Promise<unknown>) => unknown>;
  close(): Promise<void>;
}

export interface FakeOptions {
  readonly persons?: number;
  /** A built page; see `buildFakePage`. */
  readonly pageFolder?: string;
  readonly klaviyo?: MakeClient;
  readonly blocks?: NonNullable<WindowBackendOptions['blocks']>;
}

/** Builds the page that asks this host. @returns its folder */
export async function buildFakePage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-page-'));
  await buildInto(folder, join(ROOT, 'test', 'browser', 'window-page', 'vite.config.ts'));
  return folder;
}

export async function startFakeHost(options: FakeOptions = {}): Promise<FakeHost> {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-fake-'));
  const workflowPath = join(folder, 'cart-recovery.json');
  mkdirSync(join(folder, 'exports'));
  // What an earlier page left for Undo is of the file that stood there then.
  let isAnew = true;
  const setWorkflow: FakeHost['setWorkflow'] = (file) => {
    isAnew = true;
    if (file === undefined) cpSync(SHIPPED, workflowPath);
    else writeFileSync(workflowPath, JSON.stringify(file));
  };
  setWorkflow();
  const api = new WindowBackend({
    workspace: join(folder, 'shop.foresend'),
    exports: join(folder, 'exports'),
    workflowPath,
    demoPersons: options.persons ?? 1_500,
    ...(options.klaviyo === undefined ? {} : { klaviyo: options.klaviyo }),
    ...(options.blocks === undefined ? {} : { blocks: options.blocks }),
  });
  const asked: FakeHost['asked'] = [];
  const replaced: FakeHost['replaced'] = new Map();
  let uploads = 0;
  const files = options.pageFolder === undefined ? new Map() : readPageFiles(options.pageFolder);

  const answer = async (text: string, signal: AbortSignal) => {
    const { method, request } = JSON.parse(text) as { method: Method; request: Record<string, unknown> };
    asked.push({ method, request });
    const real = () =>
      (api[method] as (request: unknown, options: CallOptions) => Promise<unknown>).call(api, request, { signal });
    try {
      if (method === 'keepEdits') isAnew = false;
      if (method === 'keptEdits' && isAnew) return { value: null };
      const instead = replaced.get(method);
      return { value: (await (instead === undefined ? real() : instead(real))) ?? null };
    } catch (error) {
      const { message } = error as Error;
      const known =
        error instanceof UserError ? { code: error.code, issues: error.issues } : { code: null, issues: [] };
      return { value: null, error: { message, ...known } };
    }
  };
  const server = createServer((request, response) => {
    if (request.url === '/call') {
      let text = '';
      request.on('data', (piece) => {
        text += piece;
      });
      // A page that hangs up has cancelled.
      const control = new AbortController();
      response.on('close', () => control.abort());
      request.on('end', async () =>
        reply(response, 'application/json', JSON.stringify(await answer(text, control.signal))),
      );
      return;
    }
    if (request.url?.startsWith('/upload?') === true) {
      const name = new URLSearchParams(request.url.slice(8)).get('name') ?? 'file';
      const handle = `upload-${++uploads}`;
      const path = join(folder, `${handle}-${basename(name)}`);
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        writeFileSync(path, Buffer.concat(pieces));
        api.addFile(handle, { path, name });
        reply(response, 'text/plain', handle);
      });
      return;
    }
    const [, made] = /^\/exports\/([0-9a-f]+\/[\w.-]+)$/.exec(request.url ?? '') ?? [];
    if (made !== undefined) {
      reply(response, 'application/octet-stream', readFileSync(join(folder, 'exports', made)));
      return;
    }
    const file = files.get((request.url ?? '/').split('?')[0] ?? '/');
    if (file === undefined) response.writeHead(404).end();
    else reply(response, file.type, file.body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    api,
    workflowPath,
    setWorkflow,
    workflowText: () => readFileSync(workflowPath, 'utf8'),
    asked,
    replaced,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function reply(response: ServerResponse, type: string, body: string | Buffer): void {
  response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': POLICY });
  response.end(body);
}
