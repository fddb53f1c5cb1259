// The fingerprint of a history: SHA-256 of its content in the one order a history has (persons by UTF-8 bytes, then
// time, then input order), so that neither the order of rows and files nor the way columns are encoded shows in it.

import { createHash, type Hash } from 'node:crypto';
import type { StoredColumns, StoredValues } from '../stored/index.ts';
import { type Numbers, PIECE, piecesOf, type Sliced, SpilledTexts } from '../stored/index.ts';

type Columns = Omit<StoredColumns, 'fingerprint'>;

export function fingerprintOf(columns: Columns): string {
  const steps = fingerprintSteps(columns);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `fingerprintOf`, pausing between pieces. */
export function* fingerprintSteps(columns: Columns): Generator<void, string> {
  const hash = createHash('sha256');
  const { personIds, changes } = columns;
  hash.update(
    JSON.stringify({
      names: columns.names,
      valueName: columns.valueName,
      email: [...columns.emailEvents].sort(),
      from: columns.observedFrom,
      until: columns.observedUntil,
      base: columns.times.base,
      properties: [...columns.properties.keys()].sort(),
    }),
  );
  yield* bytes(hash, personIds.bytes);
  yield* bytes(hash, personIds.offsets);
  yield* bytes(hash, columns.personStart);
  yield* bytes(hash, columns.times.low);
  yield* bytes(hash, columns.times.high);
  yield* doubles(hash, piecesOf<Numbers>(columns.nameCodes as Sliced<Numbers>));
  if (columns.values.encoding.kind !== 'none') yield* doubles(hash, plainValues(columns.values));
  for (const name of [...columns.properties.keys()].sort()) {
    const column = columns.properties.get(name);
    if (column === undefined) continue;
    hash.update(JSON.stringify(name));
    if (column.rows !== null) yield* bytes(hash, column.rows);
    yield* bytes(hash, column.codes);
    yield* texts(hash, column.dictionary);
  }
  yield* bytes(hash, changes.personStart);
  yield* bytes(hash, changes.times);
  yield* bytes(hash, changes.properties);
  yield* bytes(hash, changes.valueCodes);
  yield* texts(hash, changes.propertyNames);
  yield* texts(hash, changes.values);
  if (columns.addressIdSince !== null) yield* bytes(hash, columns.addressIdSince);
  return hash.digest('hex');
}

/** Length and content. */
function* bytes(hash: Hash, numbers: Sliced): Generator<void> {
  hash.update(`${numbers.byteLength};`);
  for (const piece of piecesOf(numbers)) {
    hash.update(new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength));
    yield;
  }
}

/** Each number a double, piece by piece. */
function* doubles(hash: Hash, pieces: Iterable<Numbers>): Generator<void> {
  const block = new Float64Array(PIECE);
  for (const piece of pieces) {
    block.set(piece);
    yield* bytes(hash, block.subarray(0, piece.length));
  }
}

/** One NaN for all. */
function* plainValues(values: StoredValues): Generator<Float64Array> {
  const block = new Float64Array(PIECE);
  if ('plain' in values) {
    for (const piece of piecesOf(values.plain)) {
      for (let i = 0; i < piece.length; i++) block[i] = Number.isNaN(piece[i]) ? Number.NaN : (piece[i] as number);
      yield block.subarray(0, piece.length);
    }
    return;
  }
  for (let from = 0; from < values.length; from += PIECE) {
    const used = Math.min(PIECE, values.length - from);
    for (let i = 0; i < used; i++) {
      const value = values.at(from + i);
      block[i] = Number.isNaN(value) ? Number.NaN : value;
    }
    yield block.subarray(0, used);
  }
}

function* texts(hash: Hash, values: readonly unknown[] | SpilledTexts): Generator<void> {
  if (values instanceof SpilledTexts) {
    for (const block of values.blocks()) {
      hash.update(JSON.stringify(block));
      yield;
    }
    return;
  }
  for (let from = 0; from < values.length; from += PIECE) {
    hash.update(JSON.stringify(values.slice(from, from + PIECE)));
    yield;
  }
}
