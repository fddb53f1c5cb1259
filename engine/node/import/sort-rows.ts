// The rows of a few ranges of people in the order a history has: by person, time, and place in the input. Counting by
// person and sorting within each is a few passes over plain arrays.

import type { SpilledColumn } from '../stored/index.ts';
import type { RowRange } from './deal-rows.ts';

/** Rows of ranges that lie next to each other; places in `order` are places in the other columns. */
export interface SortedRows {
  readonly order: Uint32Array;
  /** Their numbers in the input. */
  readonly rn: Uint32Array;
  /** Their times, in that order. */
  readonly sortedTimes: Float64Array;
  readonly names: Uint32Array;
  readonly values: Float64Array | null;
  readonly others: readonly Uint32Array[];
  /** Events left out because they equal an earlier one. */
  readonly repeated: number;
}

/**
 * Empties the ranges.
 * @param perUser of the people of these ranges; repetitions are counted off
 * @param nCompared how many of the other columns tell events apart; null where repetitions stay
 */
export function sortRows(ranges: readonly RowRange[], perUser: Uint32Array, nCompared: number | null): SortedRows {
  const [first] = ranges as [RowRange];
  const lengths = ranges.map(({ rn }) => rn.length);
  const n = lengths.reduce((sum, length) => sum + length, 0);
  const codes = (of: (range: RowRange) => RowRange['rn']) => gathered(new Uint32Array(n), ranges.map(of));
  const numbers = (of: (range: RowRange) => RowRange['times']) => gathered(new Float64Array(n), ranges.map(of));
  const rn = codes((range) => range.rn);
  const users = codes((range) => range.users);
  for (let i = 0; i < n; i++) users[i] = (users[i] as number) - first.firstUser;
  const times = numbers((range) => range.times);
  const names = codes((range) => range.names);
  const values = first.values === null ? null : numbers((range) => range.values as RowRange['times']);
  const others = first.others.map((_, i) => codes((range) => range.others[i] as RowRange['rn']));
  const { order, sorted } = sortEvents(users, times, perUser, stretchesOf(lengths, rn));
  const compared = [names, ...(values === null ? [] : [values]), ...others.slice(0, nCompared ?? 0)];
  const length = nCompared === null ? order.length : dropEqual(order, sorted, compared, perUser);
  return {
    order: order.subarray(0, length),
    rn,
    sortedTimes: sorted.subarray(0, length),
    names,
    values,
    others,
    repeated: order.length - length,
  };
}

/** One column of all ranges, which are emptied. @param all as long as they are together */
function gathered<A extends Uint32Array | Float64Array>(all: A, columns: readonly SpilledColumn<A>[]): A {
  let at = 0;
  for (const column of columns) {
    column.copyTo(all, at);
    at += column.length;
    column.clear();
  }
  return all;
}

/** Rows of a stretch lie in one block of so many rows of the input, which are mostly read at once. */
const BLOCK_BITS = 11;

/**
 * The rows of a range may have come in whatever order, though mostly in stretches that are in order.
 * @param lengths of the ranges
 * @param isEach every row is taken for a stretch
 * @returns where stretches begin and end, one after the other, in the order of the input within each range
 */
function stretchesOf(lengths: readonly number[], rn: Uint32Array, isEach = false): Uint32Array {
  const starts: number[] = [];
  const ranges: number[] = [];
  let from = 0;
  for (const [range, length] of lengths.entries()) {
    const to = from + length;
    const isWhole = !isEach && isIncreasing(rn, from, to);
    for (let i = from; i < to; i++) {
      const at = rn[i] as number;
      const before = rn[i - 1] as number;
      if (i > from && !isEach && at >= before && at >>> BLOCK_BITS === before >>> BLOCK_BITS) continue;
      starts.push(i);
      ranges.push(range);
      if (isWhole) break;
    }
    from = to;
  }
  const stretches = new Uint32Array(2 * starts.length);
  const reached = lengths.map(() => -1);
  for (const [place, s] of ascending(starts, rn).entries()) {
    const start = starts[s] as number;
    const end = starts[s + 1] ?? rn.length;
    const range = ranges[s] as number;
    // Two stretches of one block that are woven into each other.
    if ((rn[start] as number) < (reached[range] as number)) return stretchesOf(lengths, rn, true);
    reached[range] = rn[end - 1] as number;
    stretches[2 * place] = start;
    stretches[2 * place + 1] = end;
  }
  return stretches;
}

function isIncreasing(rn: Uint32Array, from: number, to: number): boolean {
  for (let i = from + 1; i < to; i++) if ((rn[i] as number) < (rn[i - 1] as number)) return false;
  return true;
}

const MOST_KEYED = 1 << 21;

/** Indices of starts, by what is there. */
function ascending(starts: readonly number[], rn: Uint32Array): Uint32Array | number[] {
  const at = (i: number) => rn[starts[i] as number] as number;
  if (starts.length > MOST_KEYED) return starts.map((_, i) => i).sort((a, b) => at(a) - at(b));
  // Numbers sort many times faster than by a comparison of ours: 32 bits of the row and 21 of the index in one.
  const keys = Float64Array.from(starts, (_, i) => at(i) * MOST_KEYED + i).sort();
  return Uint32Array.from(keys, (key) => key % MOST_KEYED);
}

// One function for each type of array: a loop over both kinds takes several times as long.
export function codesInOrder(column: Uint32Array, order: Uint32Array): Uint32Array {
  const sorted = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] as number] as number;
  return sorted;
}

export function numbersInOrder(column: Float64Array, order: Uint32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) sorted[i] = column[order[i] as number] as number;
  return sorted;
}

/** Rows by person and time, in input order within an instant: their numbers, and their times in that order. */
function sortEvents(users: Uint32Array, times: Float64Array, perUser: Uint32Array, stretches: Uint32Array) {
  const next = new Uint32Array(perUser.length + 1);
  for (let u = 0; u < perUser.length; u++) next[u + 1] = (next[u] as number) + (perUser[u] as number);
  const order = new Uint32Array(next[perUser.length] as number);
  const sorted = new Float64Array(order.length);
  for (let s = 0; s < stretches.length; s += 2) {
    const end = stretches[s + 1] as number;
    for (let row = stretches[s] as number; row < end; row++) {
      const user = users[row] as number;
      const at = next[user] as number;
      order[at] = row;
      sorted[at] = times[row] as number;
      next[user] = at + 1;
    }
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
  const by = Uint32Array.from(rows, (_, i) => i).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
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
