// The staged rows, streamed once in whatever order they come and put in the order a history has: by person, time, and
// place in the input. Counting by person and sorting within each is a few passes over plain arrays; a sort of whole
// rows in the database takes several times as long.

import type { Duck, NumericVector } from './duck.ts';
import { KIND, MAX_PLACES, REASONS, type Staged } from './staged.ts';
import { PLAUSIBLE } from './time-unit.ts';

export const NO_CODE = 0xffffffff;

/** Columns by row number; only rows in `order` are events that are kept. */
export interface CollectedRows {
  /** Row numbers of the kept events, in the order of a history. */
  readonly order: Uint32Array;
  /** Their times, in that order. */
  readonly sortedTimes: Float64Array;
  /** Kept events of each person code. */
  readonly perUser: Uint32Array;
  /** Whether a person code occurs in any kept row. */
  readonly usedUsers: Uint8Array;
  readonly nameCodes: Uint32Array;
  /** NaN where an event has none. */
  readonly values: Float64Array;
  /** For each staged property; NO_CODE where an event lacks it. */
  readonly properties: readonly Uint32Array[];
  /** Two words a row (low, high) of the marks of trace.ts; null where there are none. */
  readonly ids: Marks | null;
  readonly rests: Marks | null;
  /** First moments at which an id that is an address was seen, by person code; null where there is none. */
  readonly addressSince: Float64Array | null;
  /** Rows kept, property and alias rows included. */
  readonly kept: number;
  readonly duplicates: number;
  /** The latest time of any kept row; null where there is none. */
  readonly lastTime: number | null;
  /** By index of REASONS. */
  readonly rejected: readonly { readonly count: number; readonly first: readonly number[] }[];
  readonly implausible: Implausible;
}

export type Marks = readonly [low: Uint32Array, high: Uint32Array];

/** Times that speak of a wrong unit. */
export interface Implausible {
  /** Rows with a time. */
  readonly timed: number;
  readonly count: number;
  /** Those of them that no history can hold. */
  readonly refused: number;
  readonly example: number | null;
}

const BEYOND = REASONS.indexOf('time outside the years 1601 to 9999');
const LATER = REASONS.indexOf('later than observed-until');

/** @param onRows told how many rows of how many were read */
export async function collectRows(
  duck: Duck,
  staged: Staged,
  onRows: (done: number, total: number) => void,
): Promise<CollectedRows> {
  const n = staged.nRows;
  const nUsers = await duck.number('select count(*) from dict_user');
  const dropped = await readDropped(duck, n);
  const users = new Uint32Array(n);
  const times = new Float64Array(n);
  const nameCodes = new Uint32Array(n);
  const values = new Float64Array(n);
  const properties = staged.properties.map(() => new Uint32Array(n));
  // Last, behind the properties.
  const fine = staged.hasFineTimes ? new Uint32Array(n) : null;
  const compared = fine === null ? properties : [...properties, fine];
  const marksOf = (has: boolean): Marks | null => (has ? [new Uint32Array(n), new Uint32Array(n)] : null);
  const [ids, rests] = [marksOf(staged.hasIds), marksOf(staged.hasRests)];
  const read = [...compared, ...(ids ?? []), ...(rests ?? [])];
  const tally = new Tally(nUsers);
  const select = [
    'rn::uinteger',
    `coalesce(u, ${NO_CODE}::uinteger)`,
    `coalesce(e, 0::uinteger)`,
    "coalesce(t, 'nan'::double)",
    "coalesce(v, 'nan'::double)",
    'reason',
    'kind',
    'mail::utinyint',
    ...staged.properties.map(({ column }) => `coalesce(${column}, ${NO_CODE}::uinteger)`),
    ...(fine === null ? [] : ['coalesce(fine, 0)::uinteger']),
    ...(ids === null ? [] : ['id_low', 'id_high']),
    ...(rests === null ? [] : ['coalesce(rest_low, 0::uinteger)', 'coalesce(rest_high, 0::uinteger)']),
  ];
  let done = 0;
  await duck.numbers(`select ${select.join(', ')} from rows`, (vectors, rows) => {
    const [rn, u, e, t, v, reason, kind, mail, ...rest] = vectors as NumericVector[];
    for (let i = 0; i < rows; i++) {
      const row = rn?.[i] as number;
      const user = u?.[i] as number;
      const time = t?.[i] as number;
      const isEvent = tally.add(
        row,
        user,
        time,
        reason?.[i] as number,
        kind?.[i] as number,
        mail?.[i] as number,
        dropped,
      );
      users[row] = isEvent ? user : NO_CODE;
      times[row] = time;
      nameCodes[row] = e?.[i] as number;
      values[row] = v?.[i] as number;
    }
    for (let p = 0; p < rest.length; p++) {
      const to = read[p] as Uint32Array;
      const from = rest[p] as NumericVector;
      for (let i = 0; i < rows; i++) to[rn?.[i] as number] = from[i] as number;
    }
    done += rows;
    onRows(done, n);
  });
  const { order, sorted } = sortEvents(users, times, tally.perUser);
  const length = staged.dropEqualEvents
    ? dropEqual(order, sorted, [nameCodes, values, ...compared], tally.perUser)
    : order.length;
  const { usedUsers, perUser, addressSince, lastTime, rejected, implausible } = tally;
  const repeated = order.length - length;
  return {
    order: order.subarray(0, length),
    sortedTimes: sorted.subarray(0, length),
    perUser,
    usedUsers,
    nameCodes,
    values,
    properties,
    ids,
    rests,
    addressSince,
    kept: tally.kept - repeated,
    duplicates: (dropped === null ? 0 : tally.dropped) + repeated,
    lastTime: tally.kept > 0 ? lastTime : null,
    rejected,
    implausible,
  };
}

/** What is counted as rows pass by. */
class Tally {
  readonly perUser: Uint32Array;
  readonly usedUsers: Uint8Array;
  addressSince: Float64Array | null = null;
  kept = 0;
  dropped = 0;
  lastTime = Number.NEGATIVE_INFINITY;
  readonly rejected = REASONS.map(() => ({ count: 0, first: [] as number[] }));
  readonly implausible = { timed: 0, count: 0, refused: 0, example: null as number | null };

  constructor(nUsers: number) {
    this.perUser = new Uint32Array(nUsers);
    this.usedUsers = new Uint8Array(nUsers);
  }

  /** @returns whether the row is an event that is kept */
  add(row: number, user: number, time: number, reason: number, kind: number, mail: number, dropped: Uint8Array | null) {
    if (reason === 0 || reason === BEYOND || reason === LATER) {
      this.implausible.timed++;
      if (!(time >= PLAUSIBLE.fromMs && time < PLAUSIBLE.toMs)) {
        this.implausible.count++;
        if (reason === BEYOND) this.implausible.refused++;
        if (this.implausible.example === null || time < this.implausible.example) this.implausible.example = time;
      }
    }
    if (reason !== 0) {
      this.#reject(reason, row);
      return false;
    }
    if (dropped !== null && dropped[row] === 1) {
      this.dropped++;
      return false;
    }
    this.kept++;
    this.usedUsers[user] = 1;
    if (time > this.lastTime) this.lastTime = time;
    if (mail === 1) {
      this.addressSince ??= new Float64Array(this.perUser.length).fill(Number.POSITIVE_INFINITY);
      if (time < (this.addressSince[user] as number)) this.addressSince[user] = time;
    }
    if (kind !== KIND.event) return false;
    this.perUser[user] = (this.perUser[user] as number) + 1;
    return true;
  }

  #reject(reason: number, row: number): void {
    const entry = this.rejected[reason] as { count: number; first: number[] };
    entry.count++;
    // Rows come nearly in order, so this seldom sorts.
    if (entry.first.length === MAX_PLACES && row > (entry.first[MAX_PLACES - 1] as number)) return;
    entry.first.push(row);
    entry.first.sort((a, b) => a - b).splice(MAX_PLACES);
  }
}

async function readDropped(duck: Duck, n: number): Promise<Uint8Array | null> {
  if ((await duck.number('select count(*) from dropped')) === 0) return null;
  const dropped = new Uint8Array(n);
  await duck.numbers('select rn::uinteger from dropped', ([rn], rows) => {
    for (let i = 0; i < rows; i++) dropped[rn?.[i] as number] = 1;
  });
  return dropped;
}

/** Rows by person and time, in input order within an instant: their numbers, and their times in that order. */
function sortEvents(users: Uint32Array, times: Float64Array, perUser: Uint32Array) {
  const next = new Uint32Array(perUser.length + 1);
  for (let u = 0; u < perUser.length; u++) next[u + 1] = (next[u] as number) + (perUser[u] as number);
  const order = new Uint32Array(next[perUser.length] as number);
  const sorted = new Float64Array(order.length);
  for (let row = 0; row < users.length; row++) {
    const user = users[row] as number;
    if (user === NO_CODE) continue;
    const at = next[user] as number;
    order[at] = row;
    sorted[at] = times[row] as number;
    next[user] = at + 1;
  }
  // `next` has moved on to where each person ends.
  for (let u = 0, from = 0; u < perUser.length; u++) {
    const to = next[u] as number;
    sortSegment(order, sorted, from, to);
    from = to;
  }
  return { order, sorted };
}

/** Stable, by time: most people's rows are in order already, and most of the others are few. */
export function sortSegment(order: Uint32Array, sorted: Float64Array, from: number, to: number): void {
  for (let i = from + 1; i < to; i++) {
    const time = sorted[i] as number;
    if ((sorted[i - 1] as number) <= time) continue;
    if (to - from > 64) {
      sortLong(order, sorted, from, to);
      return;
    }
    const row = order[i] as number;
    let j = i - 1;
    while (j >= from && (sorted[j] as number) > time) {
      sorted[j + 1] = sorted[j] as number;
      order[j + 1] = order[j] as number;
      j--;
    }
    sorted[j + 1] = time;
    order[j + 1] = row;
  }
}

function sortLong(order: Uint32Array, sorted: Float64Array, from: number, to: number): void {
  const times = sorted.slice(from, to);
  const rows = order.slice(from, to);
  const by = Uint32Array.from(rows, (_, i) => i).sort(
    (a, b) => (times[a] as number) - (times[b] as number) || (rows[a] as number) - (rows[b] as number),
  );
  for (let i = 0; i < by.length; i++) {
    order[from + i] = rows[by[i] as number] as number;
    sorted[from + i] = times[by[i] as number] as number;
  }
}

/** Leaves out events that equal an earlier one in every column, and counts them off their person. */
function dropEqual(
  order: Uint32Array,
  sorted: Float64Array,
  columns: readonly (Float64Array | Uint32Array)[],
  perUser: Uint32Array,
): number {
  const equal = (a: number, b: number) => {
    for (const column of columns) if (!Object.is(column[a], column[b])) return false;
    return true;
  };
  const content = (row: number) => columns.map((column) => column[row]).join(' ');
  let used = 0;
  let i = 0;
  for (let user = 0; user < perUser.length; user++) {
    const end = i + (perUser[user] as number);
    // Only events of one person and instant can be equal: those in [from, used).
    let from = used;
    let known: Set<string> | null = null;
    for (; i < end; i++) {
      const row = order[i] as number;
      const time = sorted[i] as number;
      if (from === used || sorted[from] !== time) {
        from = used;
        known = null;
      } else {
        let repeated = false;
        if (used - from < 16) {
          for (let j = from; j < used && !repeated; j++) repeated = equal(order[j] as number, row);
        } else {
          if (known === null) known = new Set(Array.from(order.subarray(from, used), content));
          const text = content(row);
          repeated = known.has(text);
          known.add(text);
        }
        if (repeated) {
          perUser[user] = (perUser[user] as number) - 1;
          continue;
        }
      }
      order[used] = row;
      sorted[used++] = time;
    }
  }
  return used;
}
