// The columns of a history as rows stream by: ids of people, one property of events, what people's properties were set to.

import { isUtf8 } from 'node:buffer';
import { murmur3, UserError } from '../../base/index.ts';
import { compareUtf8, PropertyColumn, type Scalar, StringTable } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import { ByteDictionary } from '../import/byte-dictionary.ts';
import { Grown } from '../import/grown.ts';
import { scalarAt } from './facts.ts';
import type { BinaryRow } from './row-binary.ts';
import type { PropertySql } from './sql.ts';

export function changed(n: number): UserError {
  return new UserError(
    'CLICKHOUSE_CHANGED',
    `The rows in ClickHouse changed while they were read: ${n} were counted, and others came. Rows up to "observedUntil" have to stay as they are; set an earlier one, and run the command again.`,
  );
}

export function astray(what: string): UserError {
  return new UserError(
    'CLICKHOUSE_STREAM',
    `The answer of ClickHouse is not what was asked for: it has ${what}. Nothing was made of it; run the command again.`,
  );
}

/** Ids of people who come by in the order of their bytes, each once. */
export class PersonsBuilder {
  #bytes = new Uint8Array(1 << 16);
  readonly #ends = new Grown(Uint32Array);
  readonly #firstRows = new Grown(Uint32Array);

  /** @param row the place of the row @returns whether a new person begins with it */
  see({ bytes, starts, numbers }: BinaryRow, row: number): boolean {
    const from = starts[0] as number;
    const to = numbers[0] as number;
    const last = this.#ends.length - 1;
    const lastFrom = last < 1 ? 0 : this.#ends.at(last - 1);
    const lastTo = last < 0 ? 0 : this.#ends.at(last);
    if (last >= 0) {
      const order = this.#compare(lastFrom, lastTo, bytes, from, to);
      if (order === 0) return false;
      if (order > 0) throw astray('people in another order than that of their ids');
    }
    if (!isUtf8(bytes.subarray(from, to))) {
      throw new UserError(
        'CLICKHOUSE_STREAM',
        `The id of a person is no UTF-8 (it begins ${Buffer.from(bytes.subarray(from, Math.min(to, from + 8))).toString('hex')}); give an expression under "person" that is, such as hex(..) of it.`,
      );
    }
    const end = lastTo + to - from;
    while (end > this.#bytes.length) {
      const larger = new Uint8Array(2 * this.#bytes.length);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(from, to), lastTo);
    this.#ends.push(end);
    this.#firstRows.push(row);
    return true;
  }

  #compare(lastFrom: number, lastTo: number, bytes: Uint8Array, from: number, to: number): number {
    const own = this.#bytes;
    const n = Math.min(lastTo - lastFrom, to - from);
    for (let i = 0; i < n; i++) {
      const difference = (own[lastFrom + i] as number) - (bytes[from + i] as number);
      if (difference !== 0) return difference;
    }
    return lastTo - lastFrom - (to - from);
  }

  finish(nRows: number): { readonly persons: StringTable; readonly starts: Uint32Array } {
    const n = this.#ends.length;
    const offsets = new Uint32Array(n + 1);
    offsets.set(this.#ends.all(), 1);
    const starts = new Uint32Array(n + 1);
    starts.set(this.#firstRows.all());
    starts[n] = nRows;
    return { persons: new StringTable(this.#bytes.slice(0, offsets[n]), offsets), starts };
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One property of events. Its values are kept in the order of their texts, whatever the order they came in. */
export class PropertyBuilder {
  readonly #type: PropertySql['type'];
  readonly #texts = new ByteDictionary();
  readonly #numbers = new Map<number, number>();
  readonly #rows = new Grown(Uint32Array);
  readonly #codes = new Grown(Uint32Array);

  constructor(type: PropertySql['type']) {
    this.#type = type;
  }

  /** @param column whether it is there; the next has it */
  see({ bytes, starts, numbers }: BinaryRow, column: number, row: number): void {
    if (numbers[column] === 0) return;
    this.#rows.push(row);
    const value = numbers[column + 1] as number;
    if (this.#type === 'string') {
      const from = starts[column + 1] as number;
      this.#codes.push(this.#texts.code(bytes, from, value, murmur3(bytes, 0, from, value)));
      return;
    }
    let code = this.#numbers.get(value);
    if (code === undefined) this.#numbers.set(value, (code = this.#numbers.size));
    this.#codes.push(code);
  }

  /** @returns null where no row has it */
  finish(nRows: number): PropertyColumn | null {
    const n = this.#rows.length;
    if (n === 0) return null;
    const { values, places } = this.#type === 'string' ? this.#sortedTexts() : this.#sortedNumbers();
    const codes = this.#codes.all();
    for (let i = 0; i < codes.length; i++) codes[i] = places[codes[i] as number] as number;
    return new PropertyColumn(n === nRows ? null : this.#rows.all(), codes, values);
  }

  #sortedTexts(): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
    const { order, places } = this.#texts.sorted();
    return { values: Array.from(order, (code) => decoder.decode(this.#texts.at(code))), places };
  }

  #sortedNumbers(): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
    const isBoolean = this.#type === 'boolean';
    return inOrder([...this.#numbers.keys()].map((number): Scalar => (isBoolean ? number !== 0 : number)));
  }
}

/** Distinct values in the order of their JSON texts, and the place of each in it. */
function inOrder(values: readonly Scalar[]): { readonly values: readonly Scalar[]; readonly places: Uint32Array } {
  const keyed = values.map((value, code) => ({ value, code, key: JSON.stringify(value) }));
  keyed.sort((a, b) => compareUtf8(a.key, b.key));
  const places = new Uint32Array(values.length);
  for (const [place, { code }] of keyed.entries()) places[code] = place;
  return { values: keyed.map(({ value }) => value), places };
}

/** Settings of people's properties; to the same again is no change. */
export class ChangesBuilder {
  readonly #properties: readonly PropertySql[];
  readonly #current: (Scalar | undefined)[];
  readonly #starts: number[] = [];
  readonly #times: number[] = [];
  readonly #keys: number[] = [];
  readonly #codes: number[] = [];
  readonly #codeOf = new Map<Scalar, number>();

  constructor(properties: readonly PropertySql[]) {
    this.#properties = properties;
    this.#current = properties.map(() => undefined);
  }

  /** Of the next person. */
  begin(): void {
    this.#starts.push(this.#times.length);
    this.#current.fill(undefined);
  }

  see(row: BinaryRow, time: number): void {
    for (const [key, { type }] of this.#properties.entries()) {
      const column = 2 + 2 * key;
      if (row.numbers[column] === 0) continue;
      const value = scalarAt(row, column + 1, type);
      if (this.#current[key] === value) continue;
      this.#current[key] = value;
      let code = this.#codeOf.get(value);
      if (code === undefined) this.#codeOf.set(value, (code = this.#codeOf.size));
      this.#times.push(time);
      this.#keys.push(key);
      this.#codes.push(code);
    }
  }

  finish(nPersons: number): PropertyChanges {
    const used = new Set(this.#keys);
    const names = this.#properties.map(({ name }) => name);
    const propertyNames = names.filter((_, key) => used.has(key));
    const { values, places } = inOrder([...this.#codeOf.keys()]);
    const personStart = new Uint32Array(nPersons + 1);
    personStart.set(this.#starts);
    personStart[nPersons] = this.#times.length;
    return {
      personStart,
      times: Float64Array.from(this.#times),
      properties: Uint16Array.from(this.#keys, (key) => propertyNames.indexOf(names[key] as string)),
      propertyNames,
      valueCodes: Uint32Array.from(this.#codes, (code) => (places[code] as number) + 1),
      values: ['', ...values],
    };
  }
}
