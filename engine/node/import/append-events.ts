// The events of two histories as those of one: by person and time, those of the first before those of the second at one
// instant. An event of the second is there already where its id is, or where one of its person and instant equals it in
// every column and in what columns leave out; of two whose ids differ neither repeats the other.

import { compareUtf8, TimeColumn, ValueColumn } from '../../columns/index.ts';
import type { HistoryColumns } from '../../events/index.ts';
import type { People } from './append-people.ts';
import { mergeProperties } from './append-properties.ts';
import { startsOf } from './build.ts';
import { markIn, wordOf } from './marks.ts';
import { sortSegment } from './sort-rows.ts';
import type { ImportTrace } from './trace.ts';

type EventColumns = Pick<HistoryColumns, 'personStart' | 'names' | 'nameCodes' | 'times' | 'values' | 'properties'>;

export interface Known {
  readonly columns: HistoryColumns;
  readonly trace: ImportTrace;
}

export interface JoinedEvents {
  readonly columns: EventColumns;
  readonly marks: Pick<ImportTrace, 'ids' | 'rests'>;
  /** Events of the second history that the first has. */
  readonly repeated: number;
}

export function joinEvents(into: Known, added: Known, people: People, keepDuplicates: boolean): JoinedEvents {
  const nOld = into.columns.nameCodes.length;
  const isRepeated = keepDuplicates ? null : repetitionIn(into, added);
  const { rows, times, personStart, repeated } = placeEvents(into, added, people, isRepeated);
  if (added.columns.nameCodes.length === 0 && isInOrder(people.placeOfOld)) {
    const { names, nameCodes, times: oldTimes, values, properties } = into.columns;
    const { ids, rests } = into.trace;
    const columns = { personStart, names, nameCodes, times: oldTimes, values, properties };
    return { columns, marks: { ids, rests }, repeated };
  }
  return {
    columns: { personStart, ...mergeEventColumns(into.columns, added.columns, rows, times) },
    marks: {
      ids: pickWords(into.trace.ids, added.trace.ids, rows, nOld),
      rests: pickWords(into.trace.rests, added.trace.rests, rows, nOld),
    },
    repeated,
  };
}

/** @param there rows of the first history at its person and instant */
type Repetition = (added: number, there: readonly number[]) => boolean;

/** Rows of the history keep their number, those added come after them. */
function placeEvents(
  { columns: into }: Known,
  { columns: added }: Known,
  people: People,
  isRepeated: Repetition | null,
) {
  const nOld = into.nameCodes.length;
  const n = nOld + added.nameCodes.length;
  const perPerson = new Uint32Array(people.ids.length);
  const eachPerson = (visit: (place: number, from: number, to: number) => void) => {
    for (const [columns, places, base] of [
      [into, people.placeOfOld, 0],
      [added, people.placeOfAdded, nOld],
    ] as const) {
      for (let p = 0; p < places.length; p++) {
        const from = columns.personStart[p] as number;
        visit(places[p] as number, base + from, base + (columns.personStart[p + 1] as number));
      }
    }
  };
  eachPerson((place, from, to) => {
    perPerson[place] = (perPerson[place] as number) + to - from;
  });
  const next = startsOf(perPerson);
  const rows = new Uint32Array(n);
  const times = new Float64Array(n);
  eachPerson((place, from, to) => {
    let at = next[place] as number;
    for (let row = from; row < to; row++) {
      rows[at] = row;
      times[at++] = row < nOld ? into.times.at(row) : added.times.at(row - nOld);
    }
    next[place] = at;
  });
  let used = 0;
  for (let place = 0, from = 0; place < perPerson.length; place++) {
    const to = next[place] as number;
    sortSegment(rows, times, from, to);
    const start = used;
    for (let i = from; i < to; i++) {
      const row = rows[i] as number;
      const time = times[i] as number;
      if (row >= nOld && isRepeated?.(row - nOld, sameInstant(rows, times, start, used, time, nOld)) === true) continue;
      rows[used] = row;
      times[used++] = time;
    }
    perPerson[place] = used - start;
    from = to;
  }
  return {
    rows: rows.subarray(0, used),
    times: times.subarray(0, used),
    personStart: startsOf(perPerson),
    repeated: n - used,
  };
}

const NONE: readonly number[] = [];

/** The rows of the history at an instant among those placed, [start, used) being the person's. */
function sameInstant(
  rows: Uint32Array,
  times: Float64Array,
  start: number,
  used: number,
  time: number,
  nOld: number,
): readonly number[] {
  let found: number[] | null = null;
  for (let j = used - 1; j >= start && times[j] === time; j--) {
    if ((rows[j] as number) >= nOld) continue;
    found ??= [];
    found.push(rows[j] as number);
  }
  return found ?? NONE;
}

/** Whether the people of the history stay in their order, each by themselves. */
function isInOrder(placeOfOld: Uint32Array): boolean {
  return placeOfOld.every((place, p) => p === 0 || place > (placeOfOld[p - 1] as number));
}

function mergeEventColumns(into: HistoryColumns, added: HistoryColumns, rows: Uint32Array, times: Float64Array) {
  const nOld = into.nameCodes.length;
  const n = rows.length;
  const texts = [...new Set([...into.names, ...added.names])].sort(compareUtf8);
  const codesIn = (of: readonly string[]) => Uint32Array.from(of, (name) => texts.indexOf(name));
  const [oldNames, addedNames] = [codesIn(into.names), codesIn(added.names)];
  const codes = new Uint32Array(n);
  const values = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const row = rows[i] as number;
    const isOld = row < nOld;
    const code = isOld ? oldNames[into.nameCodes[row] as number] : addedNames[added.nameCodes[row - nOld] as number];
    codes[i] = code as number;
    values[i] = isOld ? into.values.at(row) : added.values.at(row - nOld);
  }
  const used = new Set(codes);
  const names = texts.filter((_, code) => used.has(code));
  const kept = Uint32Array.from(texts, (name) => Math.max(0, names.indexOf(name)));
  const nameCodes = codes.map((code) => kept[code] as number);
  return {
    names,
    nameCodes:
      names.length <= 256
        ? Uint8Array.from(nameCodes)
        : names.length <= 65_536
          ? Uint16Array.from(nameCodes)
          : nameCodes,
    times: TimeColumn.from(times),
    values: ValueColumn.from(values),
    properties: mergeProperties(into, added, rows),
  };
}

function repetitionIn({ columns: into, trace: old }: Known, { columns: added, trace: fresh }: Known): Repetition {
  const hasId = markIn(old.ids);
  const names = Int32Array.from(added.names, (name) => into.names.indexOf(name));
  const properties = [...new Set([...into.properties.keys(), ...added.properties.keys()])].map(
    (name) => [into.properties.get(name), added.properties.get(name)] as const,
  );
  const isEqual = (x: number, y: number) =>
    into.nameCodes[x] === names[added.nameCodes[y] as number] &&
    Object.is(into.values.at(x), added.values.at(y)) &&
    (wordOf(old.ids, x) === 0 || wordOf(fresh.ids, y) === 0) &&
    !differ(old.rests, x, fresh.rests, y) &&
    properties.every(([a, b]) => a?.at(x) === b?.at(y));
  return (row, there) => hasId(wordOf(fresh.ids, row)) || there.some((other) => isEqual(other, row));
}

/** Rests of one kind that are not the same; those of two kinds say nothing about each other, nor do unknown ones. */
function differ(a: Uint32Array | null, x: number, b: Uint32Array | null, y: number): boolean {
  const [lowA, highA] = [a?.[2 * x] ?? 0, a?.[2 * x + 1] ?? 0];
  const [lowB, highB] = [b?.[2 * y] ?? 0, b?.[2 * y + 1] ?? 0];
  return kindOf(highA) === kindOf(highB) && (lowA !== lowB || highA !== highB);
}

function kindOf(high: number): 'table' | 'record' | 'unknown' {
  if (high === 0) return 'table';
  return (high & 1) === 1 ? 'record' : 'unknown';
}

function pickWords(a: Uint32Array | null, b: Uint32Array | null, rows: Uint32Array, nOld: number): Uint32Array | null {
  if (a === null && b === null) return null;
  const words = new Uint32Array(2 * rows.length);
  for (let place = 0; place < rows.length; place++) {
    const row = rows[place] as number;
    const [from, at] = row < nOld ? [a, row] : [b, row - nOld];
    words[2 * place] = from?.[2 * at] ?? 0;
    words[2 * place + 1] = from?.[2 * at + 1] ?? 0;
  }
  return words;
}
