// Where pulls put pages aside: one folder for each dataset, beside the workspace. What a pull has read is wanted as long
// as the pull can go on, or its dataset can be asked for what is new; after that the folder goes.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/index.ts';
import { Workspace } from '../store/index.ts';
import { type Book, readBook } from './spool.ts';

export interface KnownPull {
  readonly dataset: string;
  readonly account: string;
  /** Read up to here, or to be read up to here, ms since the epoch. */
  readonly until: number;
  /** False: it was interrupted and goes on. */
  readonly isWhole: boolean;
}

export function spoolFolder(place: { readonly workspacePath: string; readonly dataset: string }): string {
  return join(rootOf(place.workspacePath), encodeURIComponent(place.dataset).replace(/\./g, '%2E'));
}

/** Those of which something is put aside. */
export function pullsOf(workspacePath: string): KnownPull[] {
  return booksOf(workspacePath).map(({ dataset, book: { account, until, finished } }) => ({
    dataset,
    account,
    until,
    isWhole: finished === until,
  }));
}

/**
 * Removes what no pull can want any more: it was imported whole, and the workspace has no dataset of it. Nothing may be
 * set aside when this is asked. @returns the datasets whose folders went
 */
export function sweepSpools(workspacePath: string): string[] {
  const books = booksOf(workspacePath);
  if (books.length === 0 || !existsSync(workspacePath)) return [];
  const workspace = Workspace.open(workspacePath, { readonly: true });
  try {
    const datasets = workspace.datasets();
    return books.flatMap(({ dataset, folder, book }) => {
      const isWanted =
        book.finished !== book.until ||
        datasets.some(({ name, sources }) => name === dataset && sources.includes(`klaviyo:${book.account}`));
      if (isWanted) return [];
      rmSync(folder, { recursive: true, force: true });
      return [dataset];
    });
  } finally {
    workspace.close();
  }
}

const rootOf = (workspacePath: string) => `${workspacePath}.klaviyo`;

/** What cannot be read is left for the pull itself to say. */
function booksOf(workspacePath: string): { readonly dataset: string; readonly folder: string; readonly book: Book }[] {
  const root = rootOf(workspacePath);
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true }).flatMap((entry) => {
    const folder = join(root, entry.name);
    const path = join(folder, 'pull.json');
    if (!entry.isDirectory() || !existsSync(path)) return [];
    try {
      return [{ dataset: decodeURIComponent(entry.name), folder, book: readBook(path) }];
    } catch (error) {
      if (error instanceof UserError || error instanceof URIError) return [];
      throw error;
    }
  });
}
