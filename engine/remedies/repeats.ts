// Rows that came twice: alike in person, event, value and every property, one shortly after the other.

import type { History } from '../events/index.ts';

/** @returns 1 for each row that follows one alike within `withinMs`, the first of each kept; by row */
export function repeatedRows(history: History, event: string, withinMs: number): { marks: Uint8Array; n: number } {
  const marks = new Uint8Array(history.nEvents);
  const code = history.nameCode(event);
  let n = 0;
  if (code < 0) return { marks, n };
  for (let p = 0; p < history.nPersons; p++) {
    let previous = -1;
    for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
      if (history.nameCodes[row] !== code) continue;
      if (
        previous >= 0 &&
        history.times.at(row) - history.times.at(previous) <= withinMs &&
        looksAlike(history, row, previous)
      ) {
        marks[row] = 1;
        n++;
      }
      previous = row;
    }
  }
  return { marks, n };
}

function looksAlike(history: History, row: number, other: number): boolean {
  if (!Object.is(history.values.at(row), history.values.at(other))) return false;
  for (const column of history.properties.values()) if (column.codeAt(row) !== column.codeAt(other)) return false;
  return true;
}
