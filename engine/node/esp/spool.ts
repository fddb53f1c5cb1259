// Pages of an account put aside on disk, beside the workspace, so that a pull interrupted anywhere goes on at the page it
// stopped at, and the next one asks only for what is new. Each part (the people, each metric) is one file of lines; the
// book says how far each is and how long its file then was, and what was written beyond is cut off.

import { appendFileSync, existsSync, rmSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/index.ts';
import { fileError, readText, writeWhole } from '../files.ts';
import type { KlaviyoClient, Resource } from './klaviyo-client.ts';
import { VendorError } from './vendor-error.ts';

interface Part {
  /** Where the next page is; null at the beginning or the end. */
  readonly next: string | null;
  /** Length of its file when `next` was noted. */
  readonly bytes: number;
  /** Objects read by all pulls. */
  readonly read: number;
  /** Whether it is whole up to the book's `until`. */
  readonly isDone: boolean;
}

export interface Book {
  readonly foresend: 1;
  readonly pull: 'klaviyo';
  readonly account: string;
  /** First moment of events that are asked for; null: all. */
  readonly from: number | null;
  /** The pull that is under way, or the last one, reads up to here, ms since the epoch. */
  readonly until: number;
  /** Up to where the last finished pull read; null: none has finished. */
  readonly finished: number | null;
  readonly parts: Readonly<Record<string, Part>>;
}

export interface PartRequest {
  /** Of its file, and of the part in the book. */
  readonly name: string;
  readonly path: string;
  /** @param since of the last finished pull, ms since the epoch; null: never */
  readonly query: (since: number | null, until: number) => Readonly<Record<string, string>>;
  readonly lines: (resource: Resource, until: number) => string[];
}

export class Spool {
  readonly folder: string;
  readonly wasInterrupted: boolean;
  #book: Book;

  private constructor(folder: string, book: Book, wasInterrupted: boolean) {
    this.folder = folder;
    this.#book = book;
    this.wasInterrupted = wasInterrupted;
    for (const [name, { bytes }] of Object.entries(book.parts)) this.#cut(name, bytes);
  }

  /** Goes on with an interrupted pull, begins the next one, or the first. @throws UserError for another account */
  static open(folder: string, account: string, now: number, from: number | null): Spool {
    const path = join(folder, 'pull.json');
    if (!existsSync(path)) {
      const book: Book = { foresend: 1, pull: 'klaviyo', account, from, until: now, finished: null, parts: {} };
      const spool = new Spool(folder, book, false);
      spool.#save(book);
      return spool;
    }
    const book = readBook(path);
    if (book.account !== account) {
      throw new UserError(
        'OTHER_ACCOUNT',
        `${folder} was pulled from the account ${book.account}; this key belongs to ${account}. Name another dataset.`,
      );
    }
    if (from !== null && from !== book.from) {
      throw new UserError(
        'OTHER_START',
        `${folder} was pulled from another moment on; leave --since out, or name another dataset.`,
      );
    }
    const isUnderWay = book.finished !== book.until;
    if (isUnderWay) return new Spool(folder, book, true);
    const parts = Object.fromEntries(
      Object.entries(book.parts).map(([name, part]) => [name, { ...part, next: null, isDone: false }]),
    );
    const spool = new Spool(folder, { ...book, until: now, parts }, false);
    spool.#save(spool.#book);
    return spool;
  }

  get until(): number {
    return this.#book.until;
  }
  get from(): number | null {
    return this.#book.from;
  }
  get isFirst(): boolean {
    return this.#book.finished === null;
  }

  read(name: string): number {
    return this.#book.parts[name]?.read ?? 0;
  }

  /** Files with something in them, in a fixed order: the people first. */
  get files(): string[] {
    const names = Object.keys(this.#book.parts).sort(
      (a, b) => Number(b === 'people') - Number(a === 'people') || (a < b ? -1 : 1),
    );
    return names.map((name) => this.#file(name)).filter((path) => existsSync(path) && statSync(path).size > 0);
  }

  async fill(client: KlaviyoClient, request: PartRequest, onRead: (read: number) => void): Promise<void> {
    const known = this.#book.parts[request.name];
    if (known?.isDone === true) return;
    if (known === undefined) this.#cut(request.name, 0);
    const since = known === undefined ? null : this.#book.finished;
    const query = request.query(since, this.#book.until);
    let next = known?.next ?? null;
    for (let isAgain = false; ; isAgain = true) {
      try {
        for await (const page of client.pages(request.path, query, next)) {
          this.#keep(request, page.data, page.next);
          next = page.next;
          onRead(this.read(request.name));
        }
        return;
      } catch (error) {
        // A cursor may be too old to be known; what was read is then read again, and ids are kept once.
        const isOld = error instanceof VendorError && error.status === 400 && next !== null && !isAgain;
        if (!isOld) throw error;
        next = null;
      }
    }
  }

  finish(): void {
    this.#save({ ...this.#book, finished: this.#book.until });
  }

  #keep(request: PartRequest, resources: readonly Resource[], next: string | null): void {
    const { name, lines } = request;
    const path = this.#file(name);
    const text = resources
      .flatMap((resource) => lines(resource, this.#book.until))
      .map((line) => `${line}\n`)
      .join('');
    try {
      appendFileSync(path, text, { mode: 0o600 });
    } catch (error) {
      throw fileError(error, path);
    }
    const part: Part = {
      next,
      bytes: statSync(path).size,
      read: this.read(name) + resources.length,
      isDone: next === null,
    };
    this.#save({ ...this.#book, parts: { ...this.#book.parts, [name]: part } });
  }

  #cut(name: string, bytes: number): void {
    const path = this.#file(name);
    if (!existsSync(path)) {
      if (bytes > 0)
        throw new UserError(
          'SPOOL_GONE',
          `${path} is gone, so the pull cannot go on; remove the folder ${this.folder} to pull everything again.`,
        );
      return;
    }
    if (bytes === 0) rmSync(path);
    else truncateSync(path, bytes);
  }

  #file(name: string): string {
    return join(this.folder, `${name.replace(/[^A-Za-z0-9_-]/g, (c) => `%${c.codePointAt(0)?.toString(16)}`)}.jsonl`);
  }

  #save(book: Book): void {
    this.#book = book;
    writeWhole(join(this.folder, 'pull.json'), `${JSON.stringify(book, null, 2)}\n`);
  }
}

export function readBook(path: string): Book {
  try {
    const book = JSON.parse(readText(path)) as Partial<Book>;
    if (book.pull === 'klaviyo' && typeof book.account === 'string' && typeof book.until === 'number')
      return book as Book;
  } catch (error) {
    if (error instanceof UserError) throw error;
  }
  throw new UserError('BAD_SPOOL', `${path} is no record of a pull; remove its folder to pull everything again.`);
}
