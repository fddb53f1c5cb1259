// The people of two histories as those of one: who is there in both, and whom links join.

import { compareUtf8, type StringTable } from '../../columns/index.ts';

export interface People {
  /** In UTF-8 order. */
  readonly ids: readonly string[];
  /** By person of the history, and by person added: their place in `ids`. */
  readonly placeOfOld: Uint32Array;
  readonly placeOfAdded: Uint32Array;
  /** People of the first who turned out to be the same as another. */
  readonly joined: number;
}

/** @param merged ids that stand for another: raw id → person's id */
export function pairPeople(old: StringTable, added: StringTable, merged: ReadonlyMap<string, string>): People {
  const own = (id: string) => merged.get(id) ?? id;
  const all = new Set<string>();
  let joined = 0;
  const idsOf = (table: StringTable) =>
    Array.from({ length: table.length }, (_, i) => {
      const id = own(table.at(i));
      all.add(id);
      return id;
    });
  const [oldIds, addedIds] = [idsOf(old), idsOf(added)];
  const ids = [...all].sort(compareUtf8);
  const placeOf = new Map(ids.map((id, place) => [id, place]));
  const places = (of: readonly string[]) => Uint32Array.from(of, (id) => placeOf.get(id) as number);
  const placeOfOld = places(oldIds);
  const met = new Uint8Array(ids.length);
  for (const place of placeOfOld) {
    joined += met[place] as number;
    met[place] = 1;
  }
  return { ids, placeOfOld, placeOfAdded: places(addedIds), joined };
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
