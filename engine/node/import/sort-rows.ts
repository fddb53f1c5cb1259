// The rows of a few ranges of people in the order a history has: by person, time, and place in the input. Counting by
// person and sorting within each is a few passes over plain arrays.

import { NO_CODE, type RowRange } from './collect-rows.ts';

/** Rows of ranges that lie next to each other; places in `order` are places in the other columns. */
export interface SortedRows {
  readonly order: Uint32Array;
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
  const codes = (of: (range: RowRange) => RowRange['rn']) => {
    const all = new Uint32Array(n);
    let at = 0;
    for (const range of ranges) {
      const column = of(range);
      column.copyTo(all, at);
      at += column.length;
      column.clear();
    }
    return all;
  };
  const numbers = (of: (range: RowRange) => RowRange['times']) => {
    const all = new Float64Array(n);
    let at = 0;
    for (const range of ranges) {
      const column = of(range);
      column.copyTo(all, at);
      at += column.length;
      column.clear();
    }
    return all;
  };
  const byInput = inputOrder(
    lengths,
    codes((range) => range.rn),
  );
  const users = arrangedCodes(
    codes((range) => range.users),
    byInput,
  );
  for (let i = 0; i < n; i++) users[i] = (users[i] as number) - first.firstUser;
  const times = arranged(
    numbers((range) => range.times),
    byInput,
  );
  const names = arrangedCodes(
    codes((range) => range.names),
    byInput,
  );
  const values =
    first.values === null
      ? null
      : arranged(
          numbers((range) => range.values as RowRange['times']),
          byInput,
        );
  const others = first.others.map((_, i) =>
    arrangedCodes(
      codes((range) => range.others[i] as RowRange['rn']),
      byInput,
    ),
  );
  const { order, sorted } = sortEvents(users, times, perUser);
  const compared = [names, ...(values === null ? [] : [values]), ...others.slice(0, nCompared ?? 0)];
  const length = nCompared === null ? order.length : dropEqual(order, sorted, compared, perUser);
  return {
    order: order.subarray(0, length),
    sortedTimes: sorted.subarray(0, length),
    names,
    values,
    others,
    repeated: order.length - length,
  };
}

/**
 * Where a range's rows did not come in the order of the input: the order to put all rows in; null where they did.
 * @param lengths of the ranges
 */
function inputOrder(lengths: readonly number[], rn: Uint32Array): Uint32Array | null {
  let inOrder = true;
  let from = 0;
  for (const length of lengths) {
    for (let i = from + 1; i < from + length && inOrder; i++) inOrder = (rn[i] as number) > (rn[i - 1] as number);
    from += length;
  }
  // A person is in one range, so it does not matter that those of several are mixed.
  return inOrder ? null : Uint32Array.from(rn, (_, i) => i).sort((a, b) => (rn[a] as number) - (rn[b] as number));
}

function arrangedCodes(column: Uint32Array, order: Uint32Array | null): Uint32Array {
  return order === null ? column : codesInOrder(column, order);
}

function arranged(column: Float64Array, order: Uint32Array | null): Float64Array {
  return order === null ? column : numbersInOrder(column, order);
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
