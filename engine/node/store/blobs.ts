// Typed arrays in a table of parts, so that no BLOB is larger than SQLite likes. Little-endian, as every machine
// Foresend runs on is. Each part carries its CRC-32: SQLite looks at the order of its pages, not at what a BLOB holds.

import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { type Numbers, piecesOf, type Sliced, type SpilledColumn } from '../stored/index.ts';
import { damaged } from './failures.ts';

const PART_BYTES = 1 << 24;

export type ArrayType<T extends Numbers> = {
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  BYTES_PER_ELEMENT: number;
};

export class BlobWriter {
  /** Written so far. */
  bytes = 0;
  readonly #insert: Database.Statement;
  readonly #dataset: number;

  constructor(db: Database.Database, dataset: number) {
    this.#insert = db.prepare('insert into blob (dataset, name, part, data, sum) values (?, ?, ?, ?, ?)');
    this.#dataset = dataset;
  }

  /** Pauses behind each part. */
  *put(name: string, numbers: Sliced): Generator<void> {
    let part = 0;
    for (const piece of piecesOf<Numbers>(numbers, PART_BYTES / numbers.BYTES_PER_ELEMENT)) {
      const data = new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength);
      this.#insert.run(this.#dataset, name, part++, data, crc32(data));
      yield;
    }
    this.bytes += numbers.byteLength;
  }
}

/** What is read, for the words where it is damaged. */
export interface BlobSource {
  readonly path: string;
  readonly dataset: string;
  /** Whether parts carry their sums: not in files of an older format that are only read. */
  readonly hasSums: boolean;
}

export class BlobReader {
  readonly #select: Database.Statement;
  readonly #one: Database.Statement;
  readonly #id: number;
  readonly #source: BlobSource;
  readonly #look: () => void;

  /** @param look called before each part is read; may throw */
  constructor(db: Database.Database, id: number, source: BlobSource, look: () => void = () => {}) {
    this.#look = look;
    const sum = source.hasSums ? 'sum' : 'null';
    this.#select = db.prepare(`select data, ${sum} from blob where dataset = ? and name = ? order by part`).raw();
    this.#one = db.prepare(`select data, ${sum} from blob where dataset = ? and name = ? and part = ?`).raw();
    this.#id = id;
    this.#source = source;
  }

  /**
   * @param length elements, which must be there
   * @throws UserError `DAMAGED` where what is there is not what was written
   */
  get<T extends Numbers>(name: string, type: ArrayType<T>, length: number): T {
    const bytes = length * type.BYTES_PER_ELEMENT;
    const { path, dataset } = this.#source;
    let whole: Uint8Array<ArrayBuffer> | null = null;
    let at = 0;
    for (const [part, sum] of this.#select.iterate(this.#id, name) as Iterable<[Buffer<ArrayBuffer>, number | null]>) {
      this.#look();
      if (at + part.length > bytes || (sum !== null && crc32(part) !== sum)) throw damaged(path, dataset);
      if (part.length === bytes && part.byteOffset % type.BYTES_PER_ELEMENT === 0) whole = part;
      else {
        whole ??= new Uint8Array(bytes);
        whole.set(part, at);
      }
      at += part.length;
    }
    if (at !== bytes) throw damaged(path, dataset);
    return whole === null ? new type(new ArrayBuffer(0), 0, 0) : new type(whole.buffer, whole.byteOffset, length);
  }
  /**
   * As `get`, into a column, part by part; pauses behind each.
   * @param into may hold something already
   */
  *copy<T extends Numbers>(name: string, type: ArrayType<T>, length: number, into: SpilledColumn<T>): Generator<void> {
    const bytes = length * type.BYTES_PER_ELEMENT;
    const { path, dataset } = this.#source;
    let at = 0;
    for (const [part, sum] of this.#parts(name)) {
      this.#look();
      const isOdd = part.length % type.BYTES_PER_ELEMENT !== 0;
      if (isOdd || at + part.length > bytes || (sum !== null && crc32(part) !== sum)) throw damaged(path, dataset);
      const isAligned = part.byteOffset % type.BYTES_PER_ELEMENT === 0;
      const own = isAligned ? part : new Uint8Array(part);
      into.append(new type(own.buffer, own.byteOffset, part.length / type.BYTES_PER_ELEMENT));
      at += part.length;
      yield;
    }
    if (at !== bytes) throw damaged(path, dataset);
  }

  /** Each asked for by itself: an iteration that pauses would keep the connection from everything else. */
  *#parts(name: string): Generator<[Buffer<ArrayBuffer>, number | null]> {
    for (let part = 0; ; part++) {
      const found = this.#one.get(this.#id, name, part) as [Buffer<ArrayBuffer>, number | null] | undefined;
      if (found === undefined) return;
      yield found;
    }
  }
}
