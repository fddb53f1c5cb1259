// Typed arrays in a table of parts, so that no BLOB is larger than SQLite likes. Little-endian, as every machine
// Foresend runs on is.

import type Database from 'better-sqlite3';
import { assert } from '../../base/index.ts';

const PART_BYTES = 1 << 24;

export type NumericArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float64Array;
type ArrayType<T extends NumericArray> = {
  new (buffer: ArrayBuffer, offset: number, length: number): T;
  BYTES_PER_ELEMENT: number;
};

export class BlobWriter {
  /** Written so far. */
  bytes = 0;
  readonly #insert: Database.Statement;
  readonly #dataset: number;

  constructor(db: Database.Database, dataset: number) {
    this.#insert = db.prepare('insert into blob (dataset, name, part, data) values (?, ?, ?, ?)');
    this.#dataset = dataset;
  }

  put(name: string, array: NumericArray): void {
    for (let from = 0, part = 0; from < array.byteLength; from += PART_BYTES, part++) {
      const length = Math.min(PART_BYTES, array.byteLength - from);
      this.#insert.run(this.#dataset, name, part, new Uint8Array(array.buffer, array.byteOffset + from, length));
    }
    this.bytes += array.byteLength;
  }
}

export class BlobReader {
  readonly #select: Database.Statement;
  readonly #dataset: number;
  readonly #look: () => void;

  /** @param look called before each part is read; may throw */
  constructor(db: Database.Database, dataset: number, look: () => void = () => {}) {
    this.#look = look;
    this.#select = db.prepare('select data from blob where dataset = ? and name = ? order by part').pluck();
    this.#dataset = dataset;
  }

  /** @param length elements, which must be there */
  get<T extends NumericArray>(name: string, type: ArrayType<T>, length: number): T {
    const bytes = length * type.BYTES_PER_ELEMENT;
    let whole: Uint8Array<ArrayBuffer> | null = null;
    let at = 0;
    for (const part of this.#select.iterate(this.#dataset, name) as Iterable<Buffer<ArrayBuffer>>) {
      this.#look();
      if (part.length === bytes && part.byteOffset % type.BYTES_PER_ELEMENT === 0) whole = part;
      else {
        whole ??= new Uint8Array(bytes);
        assert(at + part.length <= bytes, `${name} is longer than ${bytes} bytes`);
        whole.set(part, at);
      }
      at += part.length;
    }
    assert(at === bytes, `${name} has ${at} bytes, not ${bytes}`);
    return whole === null ? new type(new ArrayBuffer(0), 0, 0) : new type(whole.buffer, whole.byteOffset, length);
  }
}
