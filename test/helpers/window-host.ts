// A real loopback host on a workspace of its own, and pages that connect to it as a browser would.

import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket as Socket } from 'ws';
import { forkEngine } from '../../electron/engine/fork.ts';
import type { EngineChild } from '../../electron/engine/link.ts';
import { openWorkspaceEngine } from '../../electron/engine/workspace-engine.ts';
import type { HostFiles } from '../../electron/hosts/host-files.ts';
import { type LoopbackHost, startLoopback } from '../../electron/hosts/loopback.ts';
import type { WorkflowRequest } from '../../engine/api/index.ts';
import { parseWorkflow } from '../../engine/workflow/index.ts';
import { connectLoopback, type LoopbackParts } from '../../renderer/host/loopback.ts';

export interface TestHost {
  readonly host: LoopbackHost;
  readonly files: HostFiles;
  readonly folder: string;
  readonly workspace: string;
  /** Every process of the engine, in order. */
  readonly children: readonly (EngineChild & { readonly pid: number })[];
  /** What each page downloaded last. */
  readonly saved: { text: string; headers: Headers }[];
  /** Pages of one browser share their storage. */
  readonly storage: Map<string, string>;
  page(parts?: Partial<LoopbackParts>): ReturnType<typeof connectLoopback>;
  close(): Promise<void>;
}

const PERSONS = 300;

/** @param pageFolder a built page; default: one that says nothing */
export async function startTestHost(pageFolder?: string): Promise<TestHost> {
  const folder = mkdtempSync(join(tmpdir(), 'foresend-window-'));
  const workspace = join(folder, 'demo.foresend');
  mkdirSync(join(folder, 'page'));
  writeFileSync(join(folder, 'page', 'index.html'), '<!doctype html>the page');
  const children: (EngineChild & { readonly pid: number })[] = [];
  const engine = openWorkspaceEngine(workspace, {
    demoPersons: PERSONS,
    startChild: (temporary) => {
      const child = forkEngine(temporary);
      children.push(child);
      return child;
    },
  });
  const host = await startLoopback({ ...engine, pageFolder: pageFolder ?? join(folder, 'page'), port: 0 });
  const storage = new Map<string, string>();
  const saved: { text: string; headers: Headers }[] = [];
  let token: string | null = /#t=(.*)$/.exec(host.url)?.[1] ?? '';
  const ask: typeof fetch = (path, init = {}) =>
    fetch(new URL(String(path), host.origin), {
      ...init,
      headers: { ...(init.headers as Record<string, string>), origin: host.origin },
    });
  return {
    host,
    files: engine.files,
    folder,
    workspace,
    children,
    saved,
    storage,
    page: (parts = {}) =>
      connectLoopback({
        origin: host.origin,
        fetch: ask,
        storage: {
          getItem: (key) => storage.get(key) ?? null,
          setItem: (key, value) => storage.set(key, value),
          removeItem: (key) => storage.delete(key),
        },
        takeToken: () => {
          const once = token;
          token = null;
          return once;
        },
        openSocket: (url, protocols) => new Socket(url, protocols, { origin: host.origin }) as unknown as WebSocket,
        sendFile: async (path, file, headers, onProgress) => {
          const response = await ask(path, { method: 'POST', headers, body: file });
          onProgress(file.size, file.size);
          return { status: response.status, text: await response.text() };
        },
        save: (path) => {
          void fetch(new URL(path, host.origin)).then(async (response) => {
            saved.push({ text: await response.text(), headers: response.headers });
          });
        },
        ...parts,
      }),
    async close() {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function question(workspace: string, set: readonly string[] = []): WorkflowRequest {
  const path = join(workspace, '..', 'cart-recovery.json');
  if (!existsSync(path)) throw new Error('ask `ready` first');
  const workflow = parseWorkflow(readFileSync(path, 'utf8'), path);
  return { dataset: null, workflow, workflowPath: path, set, seed: 1 };
}

export const REPLAY = { log: null, shard: null, part: null } as const;
