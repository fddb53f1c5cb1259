// A history as the rows that made it, in the order in which the live interface takes them: by time; at one instant
// person by person, each person's in input order.

import type { Scalar } from '../columns/index.ts';
import type { History, PropertyChanges } from '../events/index.ts';
import type { LiveRow } from './live.ts';

/**
 * Events and property changes up to and at observedUntil.
 * @param changes of the same people; all settings, also those that change nothing in this history, where it is not the
 * whole of what is known: what was known before decides whether they change anything
 */
export function* liveRows(history: History, changes: PropertyChanges = history.changes): Generator<LiveRow> {
  const { nPersons, nEvents, personStart, times, observedUntil } = history;
  const nRows = nEvents + changes.times.length;
  const at = new Float64Array(nRows);
  const owner = new Uint32Array(nRows);
  for (let person = 0; person < nPersons; person++) {
    for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
      at[row] = times.at(row);
      owner[row] = person;
    }
    for (let i = changes.personStart[person] as number; i < (changes.personStart[person + 1] as number); i++) {
      at[nEvents + i] = changes.times[i] as number;
      owner[nEvents + i] = person;
    }
  }
  const order = Uint32Array.from({ length: nRows }, (_, i) => i);
  // Rows stand person by person already, so that the place decides among those of one instant.
  order.sort((a, b) => (at[a] as number) - (at[b] as number) || a - b);
  for (const row of order) {
    const time = at[row] as number;
    if (time > observedUntil) return;
    const person = history.personIds.at(owner[row] as number);
    yield row < nEvents ? eventOf(history, row, person, time) : changeOf(changes, row - nEvents, person, time);
  }
}

function eventOf(history: History, row: number, person: string, time: number): LiveRow {
  const name = history.names[history.nameCodes[row] as number] as string;
  const value = history.values.at(row);
  let properties: Record<string, Scalar> | null = null;
  for (const [property, column] of history.properties) {
    const held = column.at(row);
    if (held !== undefined) properties = Object.assign(properties ?? {}, { [property]: held });
  }
  return {
    person,
    name,
    time,
    ...(Number.isNaN(value) ? {} : { value }),
    ...(properties === null ? {} : { properties }),
  };
}

function changeOf(changes: PropertyChanges, i: number, person: string, time: number): LiveRow {
  const code = changes.valueCodes[i] as number;
  const property = changes.propertyNames[changes.properties[i] as number] as string;
  return { person, time, property, value: code === 0 ? null : (changes.values[code] as Scalar) };
}
