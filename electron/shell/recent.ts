// The workspaces opened last, newest first. A file that is gone is not offered, and comes back where it does.

import { existsSync } from 'node:fs';
import { readKept, writeKept } from './kept-file.ts';

const MOST = 10;

export class RecentWorkspaces {
  readonly #path: string;

  /** @param path the file they are kept in */
  constructor(path: string) {
    this.#path = path;
  }

  /** Absolute paths of files that are there. */
  list(): string[] {
    return this.#kept().filter((path) => existsSync(path));
  }

  add(workspace: string): void {
    writeKept(this.#path, [workspace, ...this.#kept().filter((path) => path !== workspace)].slice(0, MOST));
  }

  clear(): void {
    writeKept(this.#path, []);
  }

  #kept(): string[] {
    const kept = readKept(this.#path);
    return Array.isArray(kept) ? kept.filter((path) => typeof path === 'string').slice(0, MOST) : [];
  }
}
