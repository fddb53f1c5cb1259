// The history without the faults that were found in it. Each remedy works on what the one before left; with none the
// history is the very same object.

import { assertUnreachable } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { gather } from './gather.ts';
import type { Remedy } from './remedy.ts';
import { repeatedRows } from './repeats.ts';

/** Ids and names the history does not have are passed over: a remedy is kept while rows are added. */
export function applyRemedies(history: History, remedies: readonly Remedy[]): History {
  return remedies.reduce((before, remedy) => applyRemedy(before, remedy), history);
}

function applyRemedy(history: History, remedy: Remedy): History {
  const mark = JSON.stringify(remedy);
  switch (remedy.kind) {
    case 'leave-out': {
      const out = new Set(remedy.persons.map((id) => history.personIndex(id)));
      return gather(history, { mark, becomes: (p) => (out.has(p) ? -1 : p) });
    }
    case 'keep-period': {
      const from = remedy.from ?? Number.NEGATIVE_INFINITY;
      const until = remedy.until ?? Number.POSITIVE_INFINITY;
      return gather(history, {
        mark,
        keeps: (_, time) => time >= from && time <= until,
        ...(remedy.from === null ? {} : { observedFrom: Math.max(from, history.observedFrom ?? from) }),
        ...(remedy.until === null ? {} : { observedUntil: Math.min(until, history.observedUntil) }),
      });
    }
    case 'shift':
      return shifted(history, remedy, mark);
    case 'drop-repeats': {
      const { marks } = repeatedRows(history, remedy.event, remedy.withinMs);
      return gather(history, { mark, keeps: (row) => marks[row] === 0 });
    }
    case 'merge': {
      const into = new Map<number, number>();
      for (const [from, to] of remedy.pairs) {
        const [a, b] = [history.personIndex(from), history.personIndex(to)];
        if (a >= 0 && b >= 0 && a !== b) into.set(a, b);
      }
      return gather(history, { mark, becomes: (p) => endOf(into, p) });
    }
    default:
      return assertUnreachable(remedy);
  }
}

/** Along the pairs to an id that becomes no other; a ring ends where it began. */
function endOf(into: ReadonlyMap<number, number>, person: number): number {
  let at = person;
  for (let steps = 0; steps <= into.size; steps++) {
    const next = into.get(at);
    if (next === undefined) return at;
    at = next;
  }
  return person;
}

function shifted(history: History, remedy: Remedy & { readonly kind: 'shift' }, mark: string): History {
  const code = history.nameCode(remedy.event);
  const { where, byMs } = remedy;
  const column = where === null ? undefined : history.properties.get(where.property);
  const isMoved = (row: number) =>
    history.nameCodes[row] === code && (where === null || column?.at(row) === where.value);
  return gather(history, { mark, timeOf: (row, time) => (isMoved(row) ? time + byMs : time) });
}
