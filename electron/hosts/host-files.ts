// The host's own folder: what a page has handed over, what was made for it, and what the engine needs for a while. What
// is handed over goes as soon as it was read or given up, all else when the host closes.

import { randomBytes } from 'node:crypto';
import { createWriteStream, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { passingFolder } from '../../engine/node/unfinished.ts';

export interface HostFiles {
  /** Filled by the engine with `HANDLE/NAME`. */
  readonly exports: string;
  /** For the engine's passing needs. */
  readonly temporary: string;
  /** Nothing is kept of a body that breaks off. @returns where it lies */
  receive(name: string, body: Readable): Promise<{ readonly path: string; readonly bytes: number }>;
  /** Deletes what was received; a file from elsewhere is left alone. @param path as `receive` gave it */
  dropUpload(path: string): void;
  /** Null where there is no such file. */
  findExport(handle: string): { readonly path: string; readonly name: string } | null;
  /** Once it was fetched. */
  dropExport(handle: string): void;
  close(): void;
}

export function createHostFiles(): HostFiles {
  const folder = passingFolder(tmpdir(), 'foresend-host');
  const [uploads, exports, temporary] = ['uploads', 'exports', 'temporary'].map((name) => {
    const path = join(folder, name);
    mkdirSync(path, { mode: 0o700 });
    return path;
  }) as [string, string, string];
  const exportFolder = (handle: string) => (/^[0-9a-f]{32}$/.test(handle) ? join(exports, handle) : null);
  return {
    exports,
    temporary,
    async receive(name, body) {
      const own = join(uploads, randomBytes(16).toString('hex'));
      const path = join(own, safeName(name));
      mkdirSync(own);
      let bytes = 0;
      body.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      try {
        await pipeline(body, createWriteStream(path, { mode: 0o600 }));
      } catch (error) {
        rmSync(own, { recursive: true, force: true });
        throw error;
      }
      return { path, bytes };
    },
    dropUpload(path) {
      const own = dirname(path);
      if (dirname(own) === uploads) rmSync(own, { recursive: true, force: true });
    },
    findExport(handle) {
      const own = exportFolder(handle);
      try {
        const name = own === null ? undefined : readdirSync(own)[0];
        return own === null || name === undefined ? null : { path: join(own, name), name };
      } catch {
        return null;
      }
    },
    dropExport(handle) {
      const own = exportFolder(handle);
      if (own !== null) rmSync(own, { recursive: true, force: true });
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** One name, in one folder, that every file system takes; the ending stays, because formats are known by it. */
function safeName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? '';
  const plain = last.replace(/[^\p{L}\p{N}._ -]/gu, '_').replace(/^[. ]+/, '_');
  return plain === '' ? 'file' : plain.slice(-100);
}
