// Event properties of two histories over the rows of both. Values keep the order an import gives them: texts of a table
// by their bytes, values of JSON by their JSON text.

import { compareUtf8, PropertyColumn, type Scalar } from '../../columns/index.ts';
import type { HistoryColumns } from '../../events/index.ts';
import { scalarsOf } from './trace.ts';

const NONE = 0xffffffff;

/** @param order rows of the result: those of `a` by their number, those of `b` behind all of them */
export function mergeProperties(
  a: HistoryColumns,
  b: HistoryColumns,
  order: Uint32Array,
): ReadonlyMap<string, PropertyColumn> {
  const names = [...new Set([...a.properties.keys(), ...b.properties.keys()])].sort(compareUtf8);
  return new Map(
    names.flatMap((name) => {
      const merged = mergeProperty(a, b, name, order);
      return merged === null ? [] : [[name, merged] as const];
    }),
  );
}

function mergeProperty(a: HistoryColumns, b: HistoryColumns, name: string, order: Uint32Array): PropertyColumn | null {
  const nOld = a.nameCodes.length;
  const [old, fresh] = [a.properties.get(name), b.properties.get(name)];
  const dictionaries = [old?.dictionary ?? [], fresh?.dictionary ?? []] as const;
  const values = dictionaries.every(isByText)
    ? [...new Set([...dictionaries[0], ...dictionaries[1]])].sort((x, y) => compareUtf8(x as string, y as string))
    : scalarsOf(...dictionaries, compareUtf8);
  const codeOf = new Map(values.map((value, code) => [value, code]));
  const codes = new Uint32Array(nOld + b.nameCodes.length).fill(NONE);
  for (const [column, offset] of [[old, 0] as const, [fresh, nOld] as const]) {
    if (column === undefined) continue;
    const map = column.dictionary.map((value) => codeOf.get(value) as number);
    for (let i = 0; i < column.count; i++) {
      const row = column.rows === null ? i : (column.rows[i] as number);
      codes[row + offset] = map[column.codes[i] as number] as number;
    }
  }
  let present = 0;
  for (const row of order) if (codes[row] !== NONE) present++;
  if (present === 0) return null;
  const rows = present === order.length ? null : new Uint32Array(present);
  const filled = new Uint32Array(present);
  const used = new Uint8Array(values.length);
  for (let place = 0, i = 0; place < order.length; place++) {
    const code = codes[order[place] as number] as number;
    if (code === NONE) continue;
    if (rows !== null) rows[i] = place;
    filled[i++] = code;
    used[code] = 1;
  }
  if (!used.includes(0)) return new PropertyColumn(rows, filled, values);
  const kept = values.flatMap((_, code) => (used[code] === 1 ? [code] : []));
  const compact = new Map(kept.map((code, i) => [code, i]));
  return new PropertyColumn(
    rows,
    filled.map((code) => compact.get(code) as number),
    kept.map((code) => values[code] as Scalar),
  );
}

/** Texts only, in the order of their bytes. */
function isByText(dictionary: readonly Scalar[]): boolean {
  return dictionary.every(
    (value, i) => typeof value === 'string' && (i === 0 || compareUtf8(dictionary[i - 1] as string, value) < 0),
  );
}
