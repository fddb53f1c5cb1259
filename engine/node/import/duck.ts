// DuckDB for the length of one import: in memory, spilling to a folder of its own, fetching nothing, cancellable. Text
// goes in as text; what comes out in bulk is numbers, and texts where they must be looked at.

import { tmpdir } from 'node:os';
import type { DuckDBConnection, DuckDBDataChunk, DuckDBVector } from '@duckdb/node-api';
import { UserError } from '../../base/index.ts';
import { type OpenedDuckDB, openDuckDB } from '../duckdb.ts';
import { temporaryFull } from '../temporary.ts';
import type { ImportOptions } from './options.ts';

export { quoted, quotedPath } from '../duckdb.ts';

export type NumericVector = Float64Array | Uint32Array | Int32Array | Uint16Array | Uint8Array;

/** More has not made any import faster. */
const USUAL_MEMORY_MB = 256;
const INTERRUPT_MS = 50;
const TELL_MS = 250;

export class Duck {
  readonly #opened: OpenedDuckDB;
  readonly #connection: DuckDBConnection;
  /** What it holds before it goes to disk. */
  readonly memoryMb: number;
  readonly #signal: AbortSignal | undefined;
  readonly #onProgress: ImportOptions['onProgress'];
  readonly #interrupt: () => void;
  #stage: { readonly name: string; readonly rows: number; done: number } | null = null;
  #interrupting: NodeJS.Timeout | undefined;

  private constructor(opened: OpenedDuckDB, memoryMb: number, { signal, onProgress }: ImportOptions) {
    this.#opened = opened;
    this.memoryMb = memoryMb;
    this.#connection = opened.connection;
    this.#signal = signal;
    this.#onProgress = onProgress;
    this.#interrupt = () => {
      this.#connection.interrupt();
      // Again and again: an interruption that comes before a statement runs is forgotten once it does.
      this.#interrupting = setInterval(() => this.#connection.interrupt(), INTERRUPT_MS);
    };
    signal?.addEventListener('abort', this.#interrupt, { once: true });
  }

  /** @param memoryMb what it holds before it goes to disk; its buffers come on top */
  static async open(options: ImportOptions, memoryMb = options.memoryLimitMb ?? USUAL_MEMORY_MB): Promise<Duck> {
    throwIfCancelled(options.signal);
    const opened = await openDuckDB(options.tempDir ?? tmpdir(), {
      memory_limit: `${memoryMb}MB`,
      ...(options.tempLimitMb === undefined ? {} : { max_temp_directory_size: `${options.tempLimitMb}MB` }),
    });
    const duck = new Duck(opened, memoryMb, options);
    await duck.run('set enable_progress_bar = true');
    await duck.run('set enable_progress_bar_print = false');
    return duck;
  }

  /** For temporary files of the import; removed by `close`. */
  get folder(): string {
    return this.#opened.folder;
  }

  /** What the statements from now on are for; how far the one is that has come furthest is told in rows of so many. */
  begin(name: string, rows: number): void {
    this.#stage = { name, rows, done: 0 };
    this.#onProgress?.({ stage: name, done: 0, total: rows, unit: 'rows' });
  }

  async run(sql: string): Promise<void> {
    const telling = this.#onProgress === undefined ? undefined : setInterval(() => this.#tell(), TELL_MS);
    try {
      await this.#guard(() => this.#connection.run(sql));
    } finally {
      clearInterval(telling);
    }
  }

  #tell(): void {
    const { percentage } = this.#connection.progress;
    if (this.#stage === null || !(percentage >= 0 && percentage <= 100)) return;
    const { name, rows } = this.#stage;
    this.#stage.done = Math.max(this.#stage.done, Math.floor((rows * percentage) / 100));
    this.#onProgress?.({ stage: name, done: this.#stage.done, total: rows, unit: 'rows' });
  }

  /** Few rows, as objects; whole numbers come as numbers. */
  async rows<T>(sql: string): Promise<T[]> {
    const reader = await this.#guard(() => this.#connection.runAndReadAll(sql));
    return reader.getRowObjectsJS().map((row) => {
      const plain: Record<string, unknown> = {};
      for (const [key, value] of Object.entries(row)) plain[key] = typeof value === 'bigint' ? Number(value) : value;
      return plain as T;
    });
  }

  async number(sql: string): Promise<number> {
    const [row] = await this.rows<Record<string, number | null>>(sql);
    return Number(Object.values(row ?? {})[0] ?? 0);
  }

  /**
   * Numeric columns without NULL, a few thousand rows at a time.
   * @param onChunk the vectors are borrowed until it returns
   */
  async numbers(sql: string, onChunk: (columns: readonly NumericVector[], nRows: number) => void): Promise<void> {
    await this.#chunks(sql, (chunk) => {
      const vectors = Array.from({ length: chunk.columnCount }, (_, i) => numericItems(chunk.getColumnVector(i)));
      onChunk(vectors, chunk.rowCount);
    });
  }

  /** One text column, in order. */
  async strings(sql: string): Promise<string[]> {
    const texts: string[] = [];
    await this.texts(sql, (some) => {
      for (const text of some) texts.push(text);
    });
    return texts;
  }

  /** One text column, in order, a few thousand at a time. */
  async texts(sql: string, onChunk: (texts: readonly string[]) => void): Promise<void> {
    await this.#chunks(sql, (chunk) => {
      const vector = chunk.getColumnVector(0);
      onChunk(Array.from({ length: chunk.rowCount }, (_, i) => vector.getItem(i) as string));
    });
  }

  /** Rows, a few thousand at a time. @param onRow the values, whole numbers of 64 bits as such */
  async records(sql: string, onRow: (values: readonly unknown[]) => void): Promise<void> {
    await this.#chunks(sql, (chunk) => {
      const vectors = Array.from({ length: chunk.columnCount }, (_, i) => chunk.getColumnVector(i));
      for (let row = 0; row < chunk.rowCount; row++) onRow(vectors.map((vector) => vector.getItem(row)));
    });
  }

  /** Adds rows of texts to a table. */
  async append(table: string, rows: Iterable<readonly string[]>): Promise<void> {
    await this.#guard(async () => {
      const appender = await this.#connection.createAppender(table);
      try {
        for (const row of rows) {
          for (const text of row) appender.appendVarchar(text);
          appender.endRow();
        }
      } finally {
        appender.closeSync();
      }
    });
  }

  /** A number and a text a row, in order. */
  async numbered(sql: string, onRow: (n: number, text: string) => void): Promise<void> {
    await this.#chunks(sql, (chunk) => {
      const [numbers, texts] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
      for (let i = 0; i < chunk.rowCount; i++) onRow(Number(numbers.getItem(i)), texts.getItem(i) as string);
    });
  }

  close(): void {
    this.#signal?.removeEventListener('abort', this.#interrupt);
    clearInterval(this.#interrupting);
    this.#opened.close();
  }

  async #chunks(sql: string, onChunk: (chunk: DuckDBDataChunk) => void): Promise<void> {
    await this.#guard(async () => {
      const result = await this.#connection.stream(sql);
      for (;;) {
        const chunk = await result.fetchChunk();
        if (chunk === null || chunk.rowCount === 0) return;
        throwIfCancelled(this.#signal);
        onChunk(chunk);
      }
    });
  }

  async #guard<T>(work: () => Promise<T>): Promise<T> {
    throwIfCancelled(this.#signal);
    try {
      return await work();
    } catch (error) {
      throwIfCancelled(this.#signal);
      throw explain(error);
    }
  }
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new UserError('CANCELLED', 'The import was cancelled; nothing was changed.');
}

/** A chunk's numbers as a typed array: its own where it shows it, else copied one by one. */
function numericItems(vector: DuckDBVector): NumericVector {
  const items = (vector as unknown as { items?: unknown }).items;
  if (ArrayBuffer.isView(items) && !(items instanceof BigInt64Array) && !(items instanceof BigUint64Array)) {
    return items as NumericVector;
  }
  return Float64Array.from({ length: vector.itemCount }, (_, i) => Number(vector.getItem(i)));
}

function explain(error: unknown): unknown {
  const message = error instanceof Error ? error.message : String(error);
  if (/max_temp_directory_size|No space left|ENOSPC/i.test(message)) {
    return temporaryFull();
  }
  if (/Out of Memory/i.test(message)) {
    return new UserError(
      'OUT_OF_MEMORY',
      'The import ran out of the memory it may use; nothing was imported. Leave out columns that no workflow reads, or import the file in parts: a later part is added to the dataset.',
    );
  }
  return error;
}
