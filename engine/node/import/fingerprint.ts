// The fingerprint of a history: SHA-256 of its content in the one order a history has (persons by UTF-8 bytes, then
// time, then input order), so that neither the order of rows and files nor the way columns are encoded shows in it.

import { createHash, type Hash } from 'node:crypto';
import type { HistoryColumns } from '../../events/index.ts';

const BLOCK = 1 << 16;

export function fingerprintOf(columns: Omit<HistoryColumns, 'fingerprint'>): string {
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
  bytes(hash, personIds.bytes);
  bytes(hash, personIds.offsets);
  bytes(hash, columns.personStart);
  bytes(hash, columns.times.low);
  bytes(hash, columns.times.high);
  codes(hash, columns.nameCodes);
  if (columns.values.encoding.kind !== 'none') {
    numbers(hash, columns.values.length, (i) => {
      const value = columns.values.at(i);
      return Number.isNaN(value) ? Number.NaN : value;
    });
  }
  for (const name of [...columns.properties.keys()].sort()) {
    const column = columns.properties.get(name);
    if (column === undefined) continue;
    hash.update(JSON.stringify(name));
    if (column.rows !== null) bytes(hash, column.rows);
    bytes(hash, column.codes);
    texts(hash, column.dictionary);
  }
  bytes(hash, changes.personStart);
  bytes(hash, changes.times);
  bytes(hash, changes.properties);
  bytes(hash, changes.valueCodes);
  texts(hash, changes.propertyNames);
  texts(hash, changes.values);
  if (columns.addressIdSince !== null) bytes(hash, columns.addressIdSince);
  return hash.digest('hex');
}

function bytes(hash: Hash, array: ArrayBufferView): void {
  hash.update(`${array.byteLength};`);
  hash.update(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
}

/** As `numbers`, each code a double. */
function codes(hash: Hash, values: Uint8Array | Uint16Array | Uint32Array): void {
  const block = new Float64Array(BLOCK);
  for (let from = 0; from < values.length; from += BLOCK) {
    const used = Math.min(BLOCK, values.length - from);
    block.set(values.subarray(from, from + used));
    bytes(hash, block.subarray(0, used));
  }
}

function numbers(hash: Hash, n: number, at: (i: number) => number): void {
  const block = new Float64Array(BLOCK);
  for (let from = 0; from < n; from += BLOCK) {
    const used = Math.min(BLOCK, n - from);
    for (let i = 0; i < used; i++) block[i] = at(from + i);
    bytes(hash, block.subarray(0, used));
  }
}

function texts(hash: Hash, values: readonly unknown[]): void {
  for (let from = 0; from < values.length; from += BLOCK) hash.update(JSON.stringify(values.slice(from, from + BLOCK)));
}
