// A history as it was known at a moment: nothing later is in it, of nobody.

import { PropertyColumn, TimeColumn, ValueColumn } from '../columns/index.ts';
import { History, type PropertyChanges } from '../events/index.ts';

/** @param at ms, at or before the end of the history; events at that moment are known */
export function historyUntil(history: History, at: number): History {
  const { times, personStart, nameCodes, values, nPersons } = history;
  const rows: number[] = [];
  const starts = new Uint32Array(nPersons + 1);
  for (let person = 0; person < nPersons; person++) {
    for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
      if (times.at(row) > at) break;
      rows.push(row);
    }
    starts[person + 1] = rows.length;
  }
  const properties = new Map(
    [...history.properties].map(([name, column]) => [name, PropertyColumn.from(rows.map((row) => column.at(row)))]),
  );
  return new History({
    personIds: history.personIds,
    personStart: starts,
    names: history.names,
    nameCodes: Uint32Array.from(rows, (row) => nameCodes[row] as number),
    times: TimeColumn.from(rows.map((row) => times.at(row))),
    values: ValueColumn.from(rows.map((row) => values.at(row))),
    valueName: history.valueName,
    properties,
    changes: changesUntil(history.changes, nPersons, at),
    addressIdSince: history.addressIdSince?.map((since) => (since > at ? Number.POSITIVE_INFINITY : since)) ?? null,
    emailEvents: history.emailEvents,
    observedFrom: history.observedFrom,
    observedUntil: at,
    observedUntilGiven: true,
    fingerprint: `${history.fingerprint}-until-${at}`,
  });
}

function changesUntil(changes: PropertyChanges, nPersons: number, at: number): PropertyChanges {
  const rows: number[] = [];
  const starts = new Uint32Array(nPersons + 1);
  for (let person = 0; person < nPersons; person++) {
    const end = changes.personStart[person + 1] as number;
    for (let row = changes.personStart[person] as number; row < end; row++)
      if ((changes.times[row] as number) <= at) rows.push(row);
    starts[person + 1] = rows.length;
  }
  return {
    ...changes,
    personStart: starts,
    times: Float64Array.from(rows, (row) => changes.times[row] as number),
    properties: Uint16Array.from(rows, (row) => changes.properties[row] as number),
    valueCodes: Uint32Array.from(rows, (row) => changes.valueCodes[row] as number),
  };
}
