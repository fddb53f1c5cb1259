// Distinct values of properties as JSON texts, in the order of their bytes, on the disk; those of one property as a
// dictionary of scalars, made when all its codes are known.

import type { Scalar } from '../../columns/index.ts';
import { readFrom, type Sliced, type Spill, SpilledTexts } from '../stored/index.ts';
import type { Dictionary } from './append-dictionaries.ts';
import { Grown } from './grown.ts';

/** Bytes of texts that are read at once. */
const WINDOW = 1 << 14;
const BATCH = 1 << 12;
const NOTHING = 'null';

export interface UsedValues {
  readonly dictionary: Dictionary;
  /** @param code of all values; one that is in use, until the next are asked for */
  readonly codeOf: (code: number) => number;
  list(): readonly Scalar[];
}

export class SparseValues {
  /** The code of JSON's null, or -1. */
  nothing = -1;
  readonly #spill: Spill;
  readonly #texts: SpilledTexts;
  /** Where texts begin, once all are there. */
  #offsets: Uint32Array | null = null;
  #seenFor = new Uint32Array(0);
  #codes = new Uint32Array(0);
  #turn = 0;
  #window = Buffer.alloc(0);
  #windowAt = 0;

  constructor(spill: Spill) {
    this.#spill = spill;
    this.#texts = new SpilledTexts(spill);
  }

  append(texts: readonly string[]): void {
    if (this.nothing < 0) {
      const at = texts.indexOf(NOTHING);
      if (at >= 0) this.nothing = this.#texts.length + at;
    }
    this.#texts.append(texts);
  }

  /** Only the values in use, in their order; equal scalars under one code. @param pieces codes */
  inUse(pieces: Iterable<Uint32Array>): UsedValues {
    if (this.#offsets === null) {
      this.#offsets = this.#texts.offsets.all();
      this.#seenFor = new Uint32Array(this.#texts.length);
      this.#codes = new Uint32Array(this.#texts.length);
    }
    const [seenFor, turn] = [this.#seenFor, ++this.#turn];
    const found = new Grown(Uint32Array);
    for (const codes of pieces) {
      for (let i = 0; i < codes.length; i++) {
        const code = codes[i] as number;
        if (seenFor[code] === turn) continue;
        seenFor[code] = turn;
        found.push(code);
      }
    }
    const dictionary = this.#dictionary(found.all().sort());
    const codes = this.#codes;
    return {
      dictionary,
      codeOf: (code) => codes[code] as number,
      list: () => (dictionary instanceof SpilledTexts ? [...dictionary.blocks()].flat() : dictionary),
    };
  }

  /** As `inUse`, of codes at once. */
  scalars(codes: Uint32Array): UsedValues {
    return this.inUse([codes]);
  }

  /** @param used increasing */
  #dictionary(used: Uint32Array): Dictionary {
    const texts = new SpilledTexts(this.#spill);
    let batch: string[] = [];
    const flush = () => {
      texts.append(batch);
      batch = [];
    };
    // Texts come before all other values, for a quotation mark comes before what those begin with.
    let others: Scalar[] | null = null;
    const alike = new Map<Scalar, number>();
    let n = 0;
    for (const code of used) {
      const json = this.#text(code);
      const value = scalarOf(json);
      const isText = others === null && json.startsWith('"');
      if (isText) {
        if (MAY_BE_ALIKE.test(value as string)) alike.set(value, n);
        batch.push(value as string);
        if (batch.length === BATCH) flush();
        this.#codes[code] = n++;
        continue;
      }
      if (others === null) {
        flush();
        others = [...texts.blocks()].flat();
      }
      const known = alike.get(value);
      this.#codes[code] = known ?? n;
      if (known !== undefined) continue;
      alike.set(value, n++);
      others.push(value);
    }
    flush();
    return others ?? texts;
  }

  #text(code: number): string {
    const offsets = this.#offsets as Uint32Array;
    const [from, to] = [offsets[code] as number, offsets[code + 1] as number];
    if (from < this.#windowAt || to > this.#windowAt + this.#window.length) {
      const end = Math.min(offsets.at(-1) as number, Math.max(to, from + WINDOW));
      const window = new Uint8Array(end - from);
      readFrom(this.#texts.bytes as Sliced<Uint8Array>, from, end, window);
      this.#window = Buffer.from(window.buffer);
      this.#windowAt = from;
    }
    return this.#window.toString('utf8', from - this.#windowAt, to - this.#windowAt);
  }
}

/** What a value that is no text may become as one: a list, an object, a long number, no number. */
const MAY_BE_ALIKE = /^(?:[[{]|-?\d{15}|-?[\d.]+e|-?(?:nan|inf))/i;

/**
 * JSON text as a scalar; lists and objects stay text, as do whole numbers that a double cannot hold, and what is read as
 * JSON but is none, such as NaN.
 */
function scalarOf(json: string): Scalar {
  const value = parsed(json);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value)) ? value : json;
    default:
      return json;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
