// Filters and event matches. A text is read as the type of the filter's value; otherwise values of differing types are
// unequal and unordered. A missing property makes every comparison false, except `!=`.

import { compareUtf8, type Scalar } from '../columns/index.ts';
import type { Comparison, EventMatch, PropertyTest } from '../workflow/index.ts';
import type { PersonView } from './person-view.ts';

const NUMBER = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;
const PERSON_PREFIX = 'person.';

/** Whether a row is an event the matcher asks for, person properties as of that event. */
export function matches(view: PersonView, row: number, match: EventMatch): boolean {
  if (view.name(row) !== match.event) return false;
  for (const filter of match.where) {
    if (!holds(filter, propertyAt(view, row, filter.property, view.time(row)))) return false;
  }
  return true;
}

/** The property a filter names: of the person as of `time`, or of the event at `row` (null: there is none). */
export function propertyAt(view: PersonView, row: number | null, property: string, time: number): Scalar | undefined {
  if (property.startsWith(PERSON_PREFIX)) return view.personProperty(property.slice(PERSON_PREFIX.length), time);
  return row === null ? undefined : view.eventProperty(row, property);
}

/** @param actual undefined where the property is missing */
export function holds(test: PropertyTest, actual: Scalar | undefined): boolean {
  switch (test.op) {
    case 'exists':
      return (actual !== undefined) === test.value;
    case 'in':
      return actual !== undefined && test.value.some((value) => compares(actual, '=', value));
    case 'contains':
      return typeof actual === 'string' && actual.includes(test.value);
    default:
      return actual === undefined ? test.op === '!=' : compares(actual, test.op, test.value);
  }
}

export function compareNumbers(actual: number, op: Comparison, wanted: number): boolean {
  return ordered(actual - wanted, op);
}

/** A text's number, or null where it is none. Empty and blank text is none. */
export function readNumber(value: Scalar | undefined): number | null {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null;
}

/** A value read as the type of `like`, or undefined where it cannot be. */
export function readAs(value: Scalar, like: Scalar): Scalar | undefined {
  if (typeof value === typeof like) return value;
  if (typeof value !== 'string') return undefined;
  if (typeof like === 'number') return readNumber(value) ?? undefined;
  return value === 'true' ? true : value === 'false' ? false : undefined;
}

function compares(actual: Scalar, op: Comparison, wanted: Scalar): boolean {
  const read = readAs(actual, wanted);
  if (read === undefined) return op === '!=';
  if (typeof read === 'string') return ordered(compareUtf8(read, wanted as string), op);
  return ordered(Number(read) - Number(wanted), op);
}

function ordered(difference: number, op: Comparison): boolean {
  switch (op) {
    case '=':
      return difference === 0;
    case '!=':
      return difference !== 0;
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    case '>=':
      return difference >= 0;
  }
}
