// Columns that are written once, from front to back, and read in pieces: what fits a budget stays in memory, the rest goes
// to one file in the folder of the job. So what a job holds does not grow with its columns. What was written does not change.

import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { temporaryFull } from '../temporary.ts';

export type Numbers = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
export type NumbersType<T extends Numbers> = { new (length: number): T; BYTES_PER_ELEMENT: number };

/** Numbers that are met in pieces. */
export interface Pieces<T extends Numbers = Numbers> {
  /** Elements. */
  readonly length: number;
  readonly byteLength: number;
  readonly BYTES_PER_ELEMENT: number;
  /** @param length of each but the last, in elements @returns each borrowed until the next is asked for */
  pieces(length?: number): Iterable<T>;
  /** Copies the elements [from, to) to a place. */
  read(from: number, to: number, into: T, at: number): void;
  all(): T;
}

/** Numbers that are there at once, or met in pieces. */
export type Sliced<T extends Numbers = Numbers> = T | Pieces<T>;

/** Elements of a piece, unless told otherwise. */
export const PIECE = 1 << 16;
const MEMORY_BYTES = 64 << 20;
/** Elements of the smallest buffer. */
const SMALLEST = 64;

/** Pieces of either kind. @param length of each but the last, in elements */
export function* piecesOf<T extends Numbers>(numbers: Sliced<T>, length = PIECE): Generator<T> {
  if (!ArrayBuffer.isView(numbers)) {
    yield* numbers.pieces(length);
    return;
  }
  for (let from = 0; from < numbers.length; from += length) yield numbers.subarray(from, from + length) as T;
}

/** Copies the elements [from, to) of either kind to a place. */
export function readFrom<T extends Numbers>(numbers: Sliced<T>, from: number, to: number, into: T, at = 0): void {
  if (ArrayBuffer.isView(numbers)) into.set(numbers.subarray(from, to), at);
  else numbers.read(from, to, into, at);
}

export interface SpillSettings {
  /** Kept in memory before anything goes to the file. */
  readonly memoryBytes?: number | undefined;
  /** The most the file may hold. */
  readonly limitBytes?: number | undefined;
}

type Block = Uint8Array | { readonly at: number; readonly length: number };

/** Where columns go. Closed once nothing reads them any more; whoever owns the folder removes the file. */
export class Spill {
  readonly #path: string;
  readonly #memoryBytes: number;
  readonly #limitBytes: number;
  #held = 0;
  #file: number | null = null;
  #end = 0;

  constructor(path: string, { memoryBytes = MEMORY_BYTES, limitBytes = Number.POSITIVE_INFINITY }: SpillSettings = {}) {
    this.#path = path;
    this.#memoryBytes = memoryBytes;
    this.#limitBytes = limitBytes;
  }

  /** @param bufferLength elements that are gathered before they are put away */
  column<T extends Numbers>(type: NumbersType<T>, bufferLength = 1 << 14): SpilledColumn<T> {
    return new SpilledColumn(this, type, bufferLength);
  }

  put(bytes: Uint8Array): Block {
    if (this.#held + bytes.length <= this.#memoryBytes) {
      this.#held += bytes.length;
      return bytes.slice();
    }
    if (this.#end + bytes.length > this.#limitBytes) throw temporaryFull();
    const at = this.#end;
    try {
      this.#file ??= openSync(this.#path, 'wx+', 0o600);
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, at + done);
      }
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === 'ENOSPC' ? temporaryFull() : error;
    }
    this.#end += bytes.length;
    return { at, length: bytes.length };
  }

  /** @param skip bytes of the block before those that are wanted @param into as long as what is wanted */
  get(block: Block, into: Uint8Array, skip = 0): void {
    if (block instanceof Uint8Array) {
      into.set(block.subarray(skip, skip + into.length));
      return;
    }
    for (let done = 0; done < into.length; ) {
      const read = readSync(this.#file as number, into, done, into.length - done, block.at + skip + done);
      if (read === 0) throw new Error(`${this.#path} is shorter than what was written`);
      done += read;
    }
  }

  /** Forgets what was kept in memory. */
  drop(block: Block): void {
    if (block instanceof Uint8Array) this.#held -= block.length;
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

export class SpilledColumn<T extends Numbers> implements Pieces<T> {
  readonly BYTES_PER_ELEMENT: number;
  /** The last elements, `used` of them; loops that add many write here, and call `makeRoom` where it is full. */
  buffer: T;
  used = 0;
  readonly #spill: Spill;
  readonly #type: NumbersType<T>;
  readonly #bufferLength: number;
  #blocks: Block[] = [];

  constructor(spill: Spill, type: NumbersType<T>, bufferLength: number) {
    this.#spill = spill;
    this.#type = type;
    this.#bufferLength = bufferLength;
    this.BYTES_PER_ELEMENT = type.BYTES_PER_ELEMENT;
    this.buffer = new type(Math.min(SMALLEST, bufferLength));
  }

  get length(): number {
    return this.#blocks.length * this.#bufferLength + this.used;
  }

  get byteLength(): number {
    return this.length * this.BYTES_PER_ELEMENT;
  }

  /** Called when `used` has come to the buffer's length. */
  makeRoom(): void {
    if (this.buffer.length < this.#bufferLength) {
      const larger = new this.#type(Math.min(this.#bufferLength, 4 * this.buffer.length));
      larger.set(this.buffer);
      this.buffer = larger;
      return;
    }
    this.#blocks.push(this.#spill.put(bytesOf(this.buffer)));
    this.used = 0;
  }

  append(numbers: T): void {
    for (let from = 0; from < numbers.length; ) {
      if (this.used === this.buffer.length) this.makeRoom();
      const to = Math.min(numbers.length, from + this.buffer.length - this.used);
      this.buffer.set(numbers.subarray(from, to), this.used);
      this.used += to - from;
      from = to;
    }
  }

  *pieces(length = PIECE): Generator<T> {
    const piece = new this.#type(Math.min(length, this.length));
    let filled = 0;
    for (const part of this.#parts()) {
      for (let from = 0; from < part.length; ) {
        const to = Math.min(part.length, from + piece.length - filled);
        piece.set(part.subarray(from, to), filled);
        filled += to - from;
        from = to;
        if (filled < piece.length) continue;
        yield piece;
        filled = 0;
      }
    }
    if (filled > 0) yield piece.subarray(0, filled) as T;
  }

  /** Copies all of it to a place. */
  copyTo(target: T, at = 0): void {
    let to = at;
    for (const part of this.#parts()) {
      target.set(part, to);
      to += part.length;
    }
  }

  read(from: number, to: number, into: T, at: number): void {
    const each = this.#bufferLength;
    const put = this.#blocks.length * each;
    for (let first = from; first < to; ) {
      const last = Math.min(to, first < put ? (Math.floor(first / each) + 1) * each : to);
      const part = into.subarray(at + first - from, at + last - from) as T;
      if (first >= put) part.set(this.buffer.subarray(first - put, last - put));
      else {
        const block = this.#blocks[Math.floor(first / each)] as Block;
        this.#spill.get(block, bytesOf(part), (first % each) * this.BYTES_PER_ELEMENT);
      }
      first = last;
    }
  }

  all(): T {
    const all = new this.#type(this.length);
    this.copyTo(all);
    return all;
  }

  /** Empties it. */
  clear(): void {
    for (const block of this.#blocks) this.#spill.drop(block);
    this.#blocks = [];
    this.used = 0;
    this.buffer = new this.#type(Math.min(SMALLEST, this.#bufferLength));
  }

  /** Each borrowed until the next. */
  *#parts(): Generator<T> {
    const part = this.#blocks.length === 0 ? null : new this.#type(this.#bufferLength);
    for (const block of this.#blocks) {
      this.#spill.get(block, bytesOf(part as T));
      yield part as T;
    }
    if (this.used > 0) yield this.buffer.subarray(0, this.used) as T;
  }
}

function bytesOf(numbers: Numbers): Uint8Array {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
}
