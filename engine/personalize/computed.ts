// Properties worked out from a person's past as of one moment: rows up to it and nothing later. Over nothing a count and
// a sum are 0, a share is 0, and everything else is missing.

import { ExactSum } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { HistoryView, matches, readNumber } from '../replay/index.ts';
import type { ComputedProperty } from '../workflow/index.ts';

/** One email about to go out. Rows of the view up to its moment are visible. */
export interface SendMoment {
  readonly view: HistoryView;
  readonly time: number;
  /** -1 where no event started it. */
  readonly anchorRow: number;
}

type PeopleProperty = Extract<ComputedProperty, { is: 'people' }>;

/** Made once for a history and a list of properties; values are asked moment by moment. */
export class Computed {
  readonly properties: readonly ComputedProperty[];
  readonly #history: History;
  readonly #people = new Map<string, PeopleByKey>();

  constructor(history: History, properties: readonly ComputedProperty[]) {
    this.#history = history;
    this.properties = properties;
    for (const property of properties) {
      if (property.is === 'people') this.#people.set(property.name, new PeopleByKey(history, property));
    }
  }

  value(property: ComputedProperty, moment: SendMoment): Scalar | undefined {
    switch (property.is) {
      case 'count': {
        let n = 0;
        for (const row of rowsBack(moment, property.inLastMs)) if (matches(moment.view, row, property.match)) n++;
        return n;
      }
      case 'sum': {
        const sum = new ExactSum();
        for (const value of numbersIn(moment, property)) sum.add(value);
        return sum.value;
      }
      case 'min':
      case 'max': {
        let best: number | undefined;
        for (const value of numbersIn(moment, property)) {
          if (best === undefined || (property.is === 'min' ? value < best : value > best)) best = value;
        }
        return best;
      }
      case 'last':
        for (const row of rowsBack(moment, property.inLastMs)) {
          if (matches(moment.view, row, property.match)) return moment.view.eventProperty(row, property.property);
        }
        return undefined;
      case 'share': {
        const done = new Set<string>();
        for (const row of rowsBack(moment, null)) {
          const name = moment.view.name(row);
          if (property.events.includes(name)) done.add(name);
        }
        return Math.round((100 * done.size) / property.events.length);
      }
      case 'lastEvent':
        for (const row of activityBack(moment, property)) return moment.view.name(row);
        return undefined;
      case 'mostUsed': {
        const counts = new Map<string, number>();
        let best: string | undefined;
        // Latest first: of several done as often the latest was met first.
        for (const row of activityBack(moment, property)) {
          const name = moment.view.name(row);
          counts.set(name, (counts.get(name) ?? 0) + 1);
        }
        for (const [name, n] of counts) if (best === undefined || n > (counts.get(best) as number)) best = name;
        return best;
      }
      case 'people': {
        const { anchorRow, time } = moment;
        if (anchorRow < 0) return undefined;
        const key = this.#history.eventProperty(anchorRow, property.by);
        return key === undefined ? undefined : this.#people.get(property.name)?.count(key, time);
      }
    }
  }
}

/** Who did an event with which value of a property, and when, over everybody. */
class PeopleByKey {
  readonly #inLastMs: number | null;
  readonly #byKey = new Map<string, { readonly time: number; readonly person: number }[]>();

  constructor(history: History, { match, by, inLastMs }: PeopleProperty) {
    this.#inLastMs = inLastMs;
    const view = new HistoryView(history);
    for (let person = 0; person < history.nPersons; person++) {
      view.select(person);
      view.endRow = view.lastRow;
      for (let row = view.firstRow; row < view.lastRow; row++) {
        if (!matches(view, row, match)) continue;
        const key = history.eventProperty(row, by);
        if (key === undefined) continue;
        const of = this.#byKey.get(String(key));
        const entry = { time: history.times.at(row), person };
        if (of === undefined) this.#byKey.set(String(key), [entry]);
        else of.push(entry);
      }
    }
    for (const of of this.#byKey.values()) of.sort((a, b) => a.time - b.time);
  }

  /** Different people in (time - inLast, time]. */
  count(key: Scalar, time: number): number {
    const rows = this.#byKey.get(String(key)) ?? [];
    const after = this.#inLastMs === null ? Number.NEGATIVE_INFINITY : time - this.#inLastMs;
    const people = new Set<number>();
    for (const { time: at, person } of rows) {
      if (at > time) break;
      if (at > after) people.add(person);
    }
    return people.size;
  }
}

function* rowsBack({ view, time }: SendMoment, inLastMs: number | null): Generator<number> {
  const after = inLastMs === null ? Number.NEGATIVE_INFINITY : time - inLastMs;
  for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > after; row--) yield row;
}

function* activityBack(
  moment: SendMoment,
  { events, inLastMs }: { readonly events: readonly string[] | null; readonly inLastMs: number | null },
): Generator<number> {
  for (const row of rowsBack(moment, inLastMs)) {
    if (events === null ? !moment.view.isOwnEmail(row) : events.includes(moment.view.name(row))) yield row;
  }
}

function* numbersIn(
  moment: SendMoment,
  property: Extract<ComputedProperty, { is: 'sum' | 'min' | 'max' | 'last' }>,
): Generator<number> {
  for (const row of rowsBack(moment, property.inLastMs)) {
    if (!matches(moment.view, row, property.match)) continue;
    const number = readNumber(moment.view.eventProperty(row, property.property));
    if (number !== null) yield number;
  }
}
