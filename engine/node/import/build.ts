// From the collected rows to the columns of a history, range by range of people. Codes that no kept row uses are left
// out, so that a rejected row leaves no trace.

import { compareUtf8, isKeptByRow, scaledValues, ValueColumn, ValueTally } from '../../columns/index.ts';
import { OWN_EMAIL_EVENTS } from '../../events/index.ts';
import type { StoredColumns, StoredProperty, StoredTrace, StoredValues } from '../stored/index.ts';
import { PIECE, type Spill, type SpilledColumn, SpilledTexts } from '../stored/index.ts';
import type { CollectedRows } from './collect-rows.ts';
import { NO_CODE, type RowRange } from './deal-rows.ts';
import { type Duck, throwIfCancelled } from './duck.ts';
import { fingerprintSteps } from './fingerprint.ts';
import type { ImportOptions } from './options.ts';
import { codesInOrder, numbersInOrder, type SortedRows, sortRows } from './sort-rows.ts';
import { changesOf, propertyColumn, type Sparse } from './sparse.ts';
import type { Staged } from './staged.ts';

/** Rows that are sorted at once, where no range has more: what a processor holds near itself. */
const SORTED_ROWS = 1 << 18;

/** The texts in use of a dictionary (`user`, `event`, that of a property's column), in the order of its codes. */
export type Dictionaries = (dictionary: string, used: Uint8Array) => Promise<SpilledTexts>;

export interface Built {
  readonly columns: StoredColumns;
  /** Marks by event, as the columns are. */
  readonly trace: StoredTrace;
  /** Events left out because they equal an earlier one. */
  readonly repeated: number;
}

/**
 * @param valueName the source column of the values
 * @param onRows told how many events of how many are in their place
 */
export async function buildColumns(
  texts: Dictionaries,
  sparse: Sparse,
  staged: Staged,
  collected: CollectedRows,
  spill: Spill,
  valueName: string | null,
  options: ImportOptions,
  onRows: (done: number, total: number) => void,
): Promise<Built> {
  const { addressSince, perUser, usedUsers, span } = collected;
  const breathe = () => paused(options.signal);
  await breathe();
  const names = [...(await texts('event', collected.usedNames)).blocks()].flat();
  const writer = new EventsWriter(spill, staged, collected);
  const nRows = collected.ranges.reduce((sum, { rn }) => sum + rn.length, 0);
  let done = 0;
  for (const ranges of together(collected.ranges, options.pieces?.sortedRows ?? SORTED_ROWS)) {
    const [first, last] = [
      ranges[0] as RowRange,
      collected.ranges[collected.ranges.indexOf(ranges.at(-1) as RowRange) + 1],
    ];
    const people = perUser.subarray(first.firstUser, last?.firstUser ?? perUser.length);
    const compared = staged.properties.length + (staged.hasFineTimes ? 1 : 0);
    const n = ranges.reduce((sum, { rn }) => sum + rn.length, 0);
    writer.add(sortRows(ranges, people, staged.dropEqualEvents ? compared : null));
    done += n;
    onRows(done, nRows);
    await breathe();
  }
  const n = writer.length;
  const properties = new Map<string, StoredProperty>();
  for (const [i, { name, column }] of staged.properties.entries()) {
    const built = writer.property(i);
    if (built === null) continue;
    const dictionary = await texts(column, collected.properties[i]?.used as Uint8Array);
    properties.set(name, { ...built, dictionary });
  }
  for (const { name, rows, codes } of sparse.columns) {
    const built = propertyColumn(rows.length === n ? null : rows, codes, sparse.values);
    if (built !== null) properties.set(name, built);
    await breathe();
  }
  const persons = indicesOf(usedUsers);
  const ids = await texts('user', usedUsers);
  const columns: Omit<StoredColumns, 'fingerprint'> = {
    personIds: ids.table(),
    personStart: startsOf(Uint32Array.from(persons, (code) => perUser[code] as number)),
    names,
    nameCodes: writer.names,
    times: { base: span?.from ?? 0, high: writer.high, low: writer.low },
    values: await encoded(writer.values, writer.tally, n, spill, breathe),
    valueName,
    properties: new Map([...properties].sort(([a], [b]) => compareUtf8(a, b))),
    changes: changesOf(sparse, sparse.changes, staged.sparseNames, persons),
    addressIdSince: addressSince === null ? null : Float64Array.from(persons, (code) => addressSince[code] as number),
    emailEvents: new Set([...OWN_EMAIL_EVENTS, ...(options.emailEvents ?? [])]),
    observedFrom: options.observedFrom ?? null,
    observedUntil: options.observedUntil ?? span?.to ?? collected.lastTime ?? 0,
    observedUntilGiven: options.observedUntil !== undefined,
  };
  const { changes, settings } = sparse;
  const trace: StoredTrace = {
    identity: staged.identity,
    ids: writer.ids?.marks ?? null,
    rests: writer.rests?.marks ?? null,
    said: staged.said,
    settings:
      settings.keys.length === changes.keys.length ? null : changesOf(sparse, settings, staged.sparseNames, persons),
  };
  return { columns: { ...columns, fingerprint: await fingerprint(columns, breathe) }, trace, repeated: nRows - n };
}

/** Lets others have the thread, whoever cancels among them. */
async function paused(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  throwIfCancelled(signal);
}

async function fingerprint(columns: Omit<StoredColumns, 'fingerprint'>, breathe: () => Promise<void>): Promise<string> {
  const steps = fingerprintSteps(columns);
  for (let step = 1; ; step++) {
    const { done, value } = steps.next();
    if (done) return value;
    if (step % 64 === 0) await breathe();
  }
}

/** Ranges next to each other, as many as are sorted at once. */
function* together(ranges: readonly RowRange[], most: number): Generator<RowRange[]> {
  let some: RowRange[] = [];
  let rows = 0;
  for (const range of ranges) {
    if (some.length > 0 && rows + range.rn.length > most) {
      yield some;
      [some, rows] = [[], 0];
    }
    some.push(range);
    rows += range.rn.length;
  }
  if (some.length > 0) yield some;
}

/** For each code in use, its place among those. */
function places(used: Uint8Array): Uint32Array {
  const map = new Uint32Array(used.length);
  for (let code = 0, place = 0; code < used.length; code++) if (used[code] === 1) map[code] = place++;
  return map;
}

/** Those that DuckDB holds. */
export function dictionariesOf(duck: Duck, spill: Spill): Dictionaries {
  return async (dictionary, used) => {
    const texts = new SpilledTexts(spill);
    let code = 0;
    await duck.texts(`select v from dict_${dictionary} order by code`, (some) => {
      texts.append(some.filter(() => used[code++] === 1));
    });
    return texts;
  };
}

/** Writes the columns of events from front to back. */
class EventsWriter {
  readonly high: SpilledColumn<Uint16Array>;
  readonly low: SpilledColumn<Uint32Array>;
  readonly names: SpilledColumn<Uint8Array> | SpilledColumn<Uint16Array> | SpilledColumn<Uint32Array>;
  readonly values: SpilledColumn<Float64Array> | null;
  readonly tally = new ValueTally();
  readonly ids: MarksWriter | null;
  readonly rests: MarksWriter | null;
  readonly #base: number;
  readonly #nameMap: Uint32Array;
  readonly #properties: readonly PropertyWriter[];
  #nProperties: number;

  constructor(spill: Spill, staged: Staged, collected: CollectedRows) {
    this.high = spill.column(Uint16Array, PIECE);
    this.low = spill.column(Uint32Array, PIECE);
    const nNames = collected.usedNames.reduce((sum, used) => sum + used, 0);
    this.names =
      nNames <= 256
        ? spill.column(Uint8Array, PIECE)
        : nNames <= 65_536
          ? spill.column(Uint16Array, PIECE)
          : spill.column(Uint32Array, PIECE);
    this.values = collected.ranges[0]?.values == null ? null : spill.column(Float64Array, PIECE);
    this.ids = staged.hasIds ? new MarksWriter(spill) : null;
    this.rests = staged.hasRests ? new MarksWriter(spill) : null;
    this.#base = collected.span?.from ?? 0;
    this.#nameMap = places(collected.usedNames);
    this.#properties = collected.properties.map(({ used, isLacking }) => new PropertyWriter(spill, used, isLacking));
    this.#nProperties = staged.properties.length + (staged.hasFineTimes ? 1 : 0);
  }

  get length(): number {
    return this.low.length;
  }

  add({ order, sortedTimes, names, values, others }: SortedRows): void {
    const n = order.length;
    const first = this.length;
    const [high, low] = [new Uint16Array(n), new Uint32Array(n)];
    for (let i = 0; i < n; i++) {
      const offset = (sortedTimes[i] as number) - this.#base;
      high[i] = Math.floor(offset / 4294967296);
      low[i] = offset >>> 0;
    }
    this.high.append(high);
    this.low.append(low);
    const codes = codesInOrder(names, order);
    for (let i = 0; i < n; i++) codes[i] = this.#nameMap[codes[i] as number] as number;
    appendCodes(this.names, codes);
    if (values !== null) {
      const sorted = numbersInOrder(values, order);
      this.tally.add(sorted);
      this.values?.append(sorted);
    }
    for (const [i, property] of this.#properties.entries()) property.add(first, others[i] as Uint32Array, order);
    let at = this.#nProperties;
    for (const marks of [this.ids, this.rests]) {
      if (marks === null) continue;
      marks.add(others[at] as Uint32Array, others[at + 1] as Uint32Array, order);
      at += 2;
    }
  }

  /** Null where no event has it. */
  property(i: number): Pick<StoredProperty, 'rows' | 'codes'> | null {
    const { rows, codes } = this.#properties[i] as PropertyWriter;
    return codes.length === 0 ? null : { rows, codes };
  }
}

function appendCodes(column: EventsWriter['names'], codes: Uint32Array): void {
  if (column.BYTES_PER_ELEMENT === 1) (column as SpilledColumn<Uint8Array>).append(Uint8Array.from(codes));
  else if (column.BYTES_PER_ELEMENT === 2) (column as SpilledColumn<Uint16Array>).append(Uint16Array.from(codes));
  else (column as SpilledColumn<Uint32Array>).append(codes);
}

class PropertyWriter {
  /** Null where every event has it. */
  readonly rows: SpilledColumn<Uint32Array> | null;
  readonly codes: SpilledColumn<Uint32Array>;
  readonly #map: Uint32Array;

  constructor(spill: Spill, used: Uint8Array, isLacking: boolean) {
    this.rows = isLacking ? spill.column(Uint32Array, PIECE) : null;
    this.codes = spill.column(Uint32Array, PIECE);
    this.#map = places(used);
  }

  /** @param first place of the first event */
  add(first: number, column: Uint32Array, order: Uint32Array): void {
    const codes = new Uint32Array(order.length);
    const rows = this.rows === null ? null : new Uint32Array(order.length);
    let n = 0;
    for (let i = 0; i < order.length; i++) {
      const code = column[order[i] as number] as number;
      if (code === NO_CODE) continue;
      if (rows !== null) rows[n] = first + i;
      codes[n++] = this.#map[code] as number;
    }
    this.codes.append(codes.subarray(0, n));
    if (rows !== null) this.rows?.append(rows.subarray(0, n));
  }
}

class MarksWriter {
  readonly #words: SpilledColumn<Uint32Array>;
  #any = 0;

  constructor(spill: Spill) {
    this.#words = spill.column(Uint32Array, PIECE);
  }

  /** Two words an event; null where all are 0. */
  get marks(): SpilledColumn<Uint32Array> | null {
    return this.#any === 0 ? null : this.#words;
  }

  add(low: Uint32Array, high: Uint32Array, order: Uint32Array): void {
    const words = new Uint32Array(2 * order.length);
    for (let i = 0; i < order.length; i++) {
      const row = order[i] as number;
      this.#any |= words[2 * i] = low[row] as number;
      this.#any |= words[2 * i + 1] = high[row] as number;
    }
    this.#words.append(words);
  }
}

async function encoded(
  plain: SpilledColumn<Float64Array> | null,
  tally: ValueTally,
  n: number,
  spill: Spill,
  breathe: () => Promise<void>,
): Promise<StoredValues> {
  const { kind, scale } = tally.choice(n);
  if (plain === null || kind === 'none') return ValueColumn.none(n);
  if (kind === 'dense') return { length: n, encoding: { kind, values: plain }, plain };
  const byRow = kind === 'sparse' ? null : scale;
  const scaled = spill.column(Int32Array, PIECE);
  const rows = spill.column(Uint32Array);
  const values = spill.column(Float64Array);
  let first = 0;
  for (const piece of plain.pieces()) {
    if (byRow !== null) scaled.append(scaledValues(piece, byRow));
    const [some, kept] = [[] as number[], [] as number[]];
    for (let i = 0; i < piece.length; i++) {
      if (!isKeptByRow(piece[i] as number, byRow)) continue;
      some.push(first + i);
      kept.push(piece[i] as number);
    }
    rows.append(Uint32Array.from(some));
    values.append(Float64Array.from(kept));
    first += piece.length;
    await breathe();
  }
  const encoding =
    kind === 'sparse'
      ? ({ kind, rows, values } as const)
      : ({ kind, scale, scaled, exceptionRows: rows, exceptionValues: values } as const);
  return { length: n, encoding, plain };
}

/** Where each person's rows begin, and behind the last all end. @param perPerson how many rows each has */
export function startsOf(perPerson: Uint32Array): Uint32Array {
  const starts = new Uint32Array(perPerson.length + 1);
  for (let p = 0; p < perPerson.length; p++) starts[p + 1] = (starts[p] as number) + (perPerson[p] as number);
  return starts;
}

function indicesOf(used: Uint8Array): Uint32Array {
  const indices = new Uint32Array(used.reduce((sum, one) => sum + one, 0));
  for (let i = 0, place = 0; i < used.length; i++) if (used[i] === 1) indices[place++] = i;
  return indices;
}
