// Many texts, written once in order and read in blocks: UTF-8 bytes and where each text begins, both in a spill.

import { StringTable } from '../../columns/index.ts';
import { PIECE, type Spill, type SpilledColumn } from './spill.ts';
import { stringTableOf } from './texts.ts';

export class SpilledTexts {
  readonly bytes: SpilledColumn<Uint8Array>;
  /** One more than there are texts, as a StringTable has them. */
  readonly offsets: SpilledColumn<Uint32Array>;
  #end = 0;

  constructor(spill: Spill) {
    this.bytes = spill.column(Uint8Array, PIECE);
    this.offsets = spill.column(Uint32Array);
    this.offsets.append(Uint32Array.of(0));
  }

  get length(): number {
    return this.offsets.length - 1;
  }

  append(texts: readonly string[]): void {
    const table = stringTableOf(texts);
    const end = this.#end + table.bytes.length;
    if (end > 0xffffffff) throw tooLong();
    this.bytes.append(table.bytes);
    this.offsets.append(table.offsets.subarray(1).map((offset) => offset + this.#end));
    this.#end = end;
  }

  /** One more text, as UTF-8. */
  appendBytes(bytes: Uint8Array): void {
    const end = this.#end + bytes.length;
    if (end > 0xffffffff) throw tooLong();
    this.bytes.append(bytes as Uint8Array<ArrayBuffer>);
    const { offsets } = this;
    if (offsets.used === offsets.buffer.length) offsets.makeRoom();
    offsets.buffer[offsets.used++] = end;
    this.#end = end;
  }

  table(): StringTable {
    return new StringTable(this.bytes.all(), this.offsets.all());
  }

  /** @param length texts of each block but the last */
  *blocks(length = PIECE): Generator<string[]> {
    const bytes = this.bytes.pieces();
    let [rest, texts] = [new Uint8Array(0), [] as string[]];
    let start = -1;
    for (const ends of this.offsets.pieces()) {
      for (const end of ends) {
        if (start >= 0) {
          while (rest.length < end - start) rest = joined(rest, bytes.next().value as Uint8Array);
          texts.push(decoder.decode(rest.subarray(0, end - start)));
          rest = rest.subarray(end - start);
        }
        start = end;
        if (texts.length < length) continue;
        yield texts;
        texts = [];
      }
    }
    if (texts.length > 0) yield texts;
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function tooLong(): RangeError {
  return new RangeError('the distinct texts of one column come to more than 4 GB');
}
