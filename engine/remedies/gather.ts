// A history made of another's rows: people left out or joined, rows left out or moved in time. Columns are new, the one
// they come from stays as it is; a property is gathered when it is first asked for. Rows of a person are ordered by time,
// at one instant as they were (those of the id that comes first in byte order first).

import { murmur3Text } from '../base/index.ts';
import { PropertyColumn, StringTable, TimeColumn, ValueColumn } from '../columns/index.ts';
import { History, LazyProperties, type PropertyChanges } from '../events/index.ts';

export interface GatherPlan {
  /** Per person, the person they become, or -1 to leave them out; a person others become stays their own. */
  readonly becomes?: (person: number) => number;
  /** Whether a row is kept. */
  readonly keeps?: (row: number, time: number) => boolean;
  /** Its time; default as it was. */
  readonly timeOf?: (row: number, time: number) => number;
  readonly observedFrom?: number | null;
  readonly observedUntil?: number;
  /** Goes into the fingerprint: equal plans over equal histories have equal ones. */
  readonly mark: string;
}

export function gather(history: History, plan: GatherPlan): History {
  const { becomes = (p) => p, keeps = () => true, timeOf = (_, time) => time } = plan;
  const groups = groupPersons(history, becomes);
  const room = new Uint32Array(history.nEvents);
  const moments = new Float64Array(history.nEvents);
  const personStart = new Uint32Array(groups.length + 1);
  let n = 0;
  for (const [p, sources] of groups.entries()) {
    for (const source of sources) {
      for (let row = history.personStart[source] as number; row < (history.personStart[source + 1] as number); row++) {
        const time = history.times.at(row);
        if (!keeps(row, time)) continue;
        room[n] = row;
        moments[n++] = timeOf(row, time);
      }
    }
    if (sources.length > 1 || plan.timeOf !== undefined) sortByTime(room, moments, personStart[p] as number, n);
    personStart[p + 1] = n;
  }
  const order = room.subarray(0, n);
  const times = moments.subarray(0, n);
  const nameCodes = history.nameCodes.slice(0, n);
  for (let i = 0; i < n; i++) nameCodes[i] = history.nameCodes[order[i] as number] as number;
  const { addressIdSince } = history;
  const until = plan.observedUntil ?? endAfter(history, times, plan.timeOf !== undefined);
  return new History({
    personIds: StringTable.from(groups.map(([first]) => history.personIds.at(first as number))),
    personStart,
    names: history.names,
    nameCodes,
    times: TimeColumn.from(times),
    values: ValueColumn.from(Float64Array.from(order, (row) => history.values.at(row))),
    valueName: history.valueName,
    properties: new LazyProperties(history.properties.keys(), (name) =>
      gatherProperty(history.properties.get(name) as PropertyColumn, order),
    ),
    changes: gatherChanges(history.changes, groups, until),
    addressIdSince:
      addressIdSince === null
        ? null
        : Float64Array.from(groups, (sources) => Math.min(...sources.map((p) => addressIdSince[p] as number))),
    emailEvents: history.emailEvents,
    observedFrom: plan.observedFrom === undefined ? history.observedFrom : plan.observedFrom,
    observedUntil: until,
    observedUntilGiven: plan.observedUntil !== undefined || history.observedUntilGiven,
    fingerprint: markedFingerprint(history.fingerprint, plan.mark),
  });
}

/** Stable, in place, rows and their times alike. */
function sortByTime(rows: Uint32Array, times: Float64Array, from: number, to: number): void {
  let isSorted = true;
  for (let i = from + 1; i < to && isSorted; i++) isSorted = (times[i - 1] as number) <= (times[i] as number);
  if (isSorted) return;
  const pairs = Array.from({ length: to - from }, (_, i) => ({
    row: rows[from + i] as number,
    time: times[from + i] as number,
  }));
  pairs.sort((a, b) => a.time - b.time);
  for (const [i, { row, time }] of pairs.entries()) {
    rows[from + i] = row;
    times[from + i] = time;
  }
}

/** An end that was given stays; one that was the last event's goes with the events, where these were moved. */
function endAfter(history: History, times: Float64Array, isMoved: boolean): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const time of times) if (time > last) last = time;
  const isLast = isMoved && !history.observedUntilGiven && last > Number.NEGATIVE_INFINITY;
  return isLast ? last : Math.max(history.observedUntil, last);
}

/** As long as the one it is made of. */
function markedFingerprint(fingerprint: string, mark: string): string {
  const parts = Math.max(1, Math.ceil(fingerprint.length / 8));
  const hashes = Array.from({ length: parts }, (_, seed) => murmur3Text(`${fingerprint}\u001f${mark}`, seed));
  return hashes.map((hash) => hash.toString(16).padStart(8, '0')).join('');
}

/** The ids that make up each person of the result, the one that gives its name first; in the order of those names. */
function groupPersons(history: History, becomes: (person: number) => number): number[][] {
  const groups: (number[] | undefined)[] = [];
  for (let p = 0; p < history.nPersons; p++) if (becomes(p) === p) groups[p] = [p];
  for (let p = 0; p < history.nPersons; p++) {
    const to = becomes(p);
    if (to >= 0 && to !== p) groups[to]?.push(p);
  }
  return groups.filter((group) => group !== undefined);
}

function gatherProperty(column: PropertyColumn, order: Uint32Array): PropertyColumn {
  const rows: number[] = [];
  const codes: number[] = [];
  for (const [i, row] of order.entries()) {
    const code = column.codeAt(row);
    if (code < 0) continue;
    rows.push(i);
    codes.push(code);
  }
  const isFull = rows.length === order.length;
  return new PropertyColumn(isFull ? null : Uint32Array.from(rows), Uint32Array.from(codes), column.dictionary);
}

function gatherChanges(changes: PropertyChanges, groups: readonly number[][], until: number): PropertyChanges {
  const taken: number[] = [];
  const personStart = new Uint32Array(groups.length + 1);
  for (const [p, sources] of groups.entries()) {
    const own: number[] = [];
    for (const source of sources) {
      for (let i = changes.personStart[source] as number; i < (changes.personStart[source + 1] as number); i++) {
        if ((changes.times[i] as number) <= until) own.push(i);
      }
    }
    if (sources.length > 1) own.sort((a, b) => (changes.times[a] as number) - (changes.times[b] as number));
    taken.push(...own);
    personStart[p + 1] = taken.length;
  }
  return {
    personStart,
    times: Float64Array.from(taken, (i) => changes.times[i] as number),
    properties: Uint16Array.from(taken, (i) => changes.properties[i] as number),
    propertyNames: changes.propertyNames,
    valueCodes: Uint32Array.from(taken, (i) => changes.valueCodes[i] as number),
    values: changes.values,
  };
}
