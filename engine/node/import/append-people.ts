// The people of two histories as those of one: who is there in both, and whom links join. Ids are compared as bytes, in
// whose order both have them, so that a million people are no million texts.

import { compareUtf8, StringTable } from '../../columns/index.ts';

export interface People {
  /** In UTF-8 order. */
  readonly ids: StringTable;
  /** By person of the history, and by person added: their place in `ids`. */
  readonly placeOfOld: Uint32Array;
  readonly placeOfAdded: Uint32Array;
  /** People of the first who turned out to be the same as another. */
  readonly joined: number;
}

/** @param merged ids that stand for another: raw id → person's id */
export function pairPeople(old: StringTable, added: StringTable, merged: ReadonlyMap<string, string>): People {
  const [a, b] = [movedIn(old, merged), movedIn(added, merged)];
  const targets = StringTable.from([...new Set([...a.values(), ...b.values()])].sort(compareUtf8));
  const sources = [
    { table: old, moved: a, places: new Uint32Array(old.length) },
    { table: added, moved: b, places: new Uint32Array(added.length) },
    { table: targets, moved: new Map<number, string>(), places: new Uint32Array(targets.length) },
  ] as const;
  const n = placeAll(sources);
  const placeOf = new Map(Array.from(sources[2].places, (place, i) => [targets.at(i), place]));
  for (const { moved, places } of sources) {
    for (const [person, target] of moved) places[person] = placeOf.get(target) as number;
  }
  const [{ places: placeOfOld }, { places: placeOfAdded }] = sources;
  let joined = 0;
  const met = new Uint8Array(n);
  for (const place of placeOfOld) {
    joined += met[place] as number;
    met[place] = 1;
  }
  return { ids: textsAt(sources, n), placeOfOld, placeOfAdded, joined };
}

/** People by their place, those of one place as they come; null where they are in that order as they are. */
export function byPlace(places: Uint32Array, nPlaces: number): Uint32Array | null {
  if (places.every((place, p) => p === 0 || place >= (places[p - 1] as number))) return null;
  const next = new Uint32Array(nPlaces + 1);
  for (const place of places) next[place + 1] = (next[place + 1] as number) + 1;
  for (let place = 0; place < nPlaces; place++) next[place + 1] = (next[place + 1] as number) + (next[place] as number);
  const order = new Uint32Array(places.length);
  for (let p = 0; p < places.length; p++) {
    const place = places[p] as number;
    order[next[place] as number] = p;
    next[place] = (next[place] as number) + 1;
  }
  return order;
}

/** First moments of addresses, by place. */
export function mergeAddresses(a: Float64Array | null, b: Float64Array | null, people: People): Float64Array | null {
  if (a === null && b === null) return null;
  const since = new Float64Array(people.ids.length).fill(Number.POSITIVE_INFINITY);
  for (const [of, places] of [
    [a, people.placeOfOld],
    [b, people.placeOfAdded],
  ] as const) {
    if (of === null) continue;
    for (let p = 0; p < places.length; p++) {
      const place = places[p] as number;
      since[place] = Math.min(since[place] as number, of[p] as number);
    }
  }
  return since;
}

/** Whose id stands for another: the person, and the other id. */
function movedIn(table: StringTable, merged: ReadonlyMap<string, string>): Map<number, string> {
  const moved = new Map<number, string>();
  for (const [id, person] of merged) {
    const at = id === person ? -1 : table.indexOfSorted(id);
    if (at >= 0) moved.set(at, person);
  }
  return moved;
}

function compareTexts(a: StringTable, x: number, b: StringTable, y: number): number {
  let i = a.offsets[x] as number;
  let j = b.offsets[y] as number;
  const [endA, endB] = [a.offsets[x + 1] as number, b.offsets[y + 1] as number];
  for (; i < endA && j < endB; i++, j++) {
    const difference = (a.bytes[i] as number) - (b.bytes[j] as number);
    if (difference !== 0) return difference;
  }
  return endA - i - (endB - j);
}

interface Placed {
  readonly table: StringTable;
  readonly moved: ReadonlyMap<number, string>;
  readonly places: Uint32Array;
}

/** Fills the places of all that are not moved: tables in order, laid into each other. @returns how many places */
function placeAll(sources: readonly Placed[]): number {
  const next = sources.map(() => 0);
  const skip = (s: number) => {
    const { moved } = sources[s] as Placed;
    while (moved.has(next[s] as number)) next[s] = (next[s] as number) + 1;
  };
  for (const s of sources.keys()) skip(s);
  for (let n = 0; ; n++) {
    let least: StringTable | null = null;
    let at = 0;
    for (const [s, { table }] of sources.entries()) {
      const own = next[s] as number;
      if (own < table.length && (least === null || compareTexts(table, own, least, at) < 0)) [least, at] = [table, own];
    }
    if (least === null) return n;
    for (const [s, { table, places }] of sources.entries()) {
      const own = next[s] as number;
      if (own >= table.length || compareTexts(table, own, least, at) !== 0) continue;
      places[own] = n;
      next[s] = own + 1;
      skip(s);
    }
  }
}

function textsAt(sources: readonly Placed[], n: number): StringTable {
  const offsets = new Uint32Array(n + 1);
  const eachText = (visit: (table: StringTable, i: number, place: number) => void) => {
    for (const { table, moved, places } of sources) {
      for (let i = 0; i < places.length; i++) if (!moved.has(i)) visit(table, i, places[i] as number);
    }
  };
  eachText(({ offsets: o }, i, place) => {
    offsets[place + 1] = (o[i + 1] as number) - (o[i] as number);
  });
  for (let place = 0; place < n; place++)
    offsets[place + 1] = (offsets[place + 1] as number) + (offsets[place] as number);
  const bytes = new Uint8Array(offsets[n] as number);
  eachText((table, i, place) => {
    const at = offsets[place] as number;
    const from = table.offsets[i] as number;
    const to = table.offsets[i + 1] as number;
    for (let k = from; k < to; k++) bytes[at + k - from] = table.bytes[k] as number;
  });
  return new StringTable(bytes, offsets);
}
