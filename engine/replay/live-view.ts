// One person as the live interface knows them: rows that arrive in order of time and are kept, since conditions may
// look back as far as they like. Plain JSON inside, so that it can be stored.

import { assert, saltedHash } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import { type EventRow, isAddressValue, isEmailAddress, type PropertyRow } from '../events/index.ts';
import type { ReplayFacts } from './live.ts';
import type { PersonView, PropertyChange } from './person-view.ts';
import type { Instant } from './transition.ts';

/** An event as it is kept: the person is known, absent parts are null. */
export interface LiveEvent {
  readonly name: string;
  readonly time: number;
  readonly value: number | null;
  readonly properties: Readonly<Record<string, Scalar>> | null;
}

export interface LivePersonRows {
  readonly id: string;
  readonly events: LiveEvent[];
  readonly changes: { readonly time: number; readonly property: string; readonly value: Scalar | null }[];
  /**
   * When an id of theirs that is an address was first seen, in ms; null where none was. Absent: they have one id, and
   * where it is an address it was seen with their first row.
   */
  addressIdSince?: number | null;
}

export class LiveView implements PersonView {
  readonly firstRow = 0;
  endRow = 0;
  /** Visible changes of properties lie in [0, endChange). */
  endChange = 0;
  readonly rows: LivePersonRows;
  readonly #facts: ReplayFacts;
  /** By address property, the first moment an address is known. */
  readonly #reachableSince = new Map<string, number>();

  constructor(rows: LivePersonRows, facts: ReplayFacts) {
    this.rows = rows;
    this.#facts = facts;
    for (const event of rows.events) this.#noteEvent(event);
    for (const change of rows.changes) this.#noteChange(change);
    this.#noteId(rows.addressIdSince ?? null);
  }

  /** Learns when an id of theirs that is an address was first seen, ms; null: none was. The earliest counts. */
  noteAddressId(since: number | null): void {
    const known = addressIdSince(this.rows);
    this.rows.addressIdSince = since === null || known === null ? (since ?? known) : Math.min(since, known);
    this.#noteId(this.rows.addressIdSince);
  }

  /** Shows the rows of the next instant. @returns the instant */
  showAt(time: number): Instant {
    const from = this.endRow;
    let to = from;
    while (to < this.lastRow && this.time(to) === time) to++;
    this.endRow = to;
    while (this.rows.changes[this.endChange]?.time === time) this.endChange++;
    return { time, from, to };
  }

  addEvent(row: EventRow): void {
    const value = row.value === undefined || Number.isNaN(row.value) ? null : row.value;
    const event = { name: row.name, time: row.time, value, properties: row.properties ?? null };
    this.rows.events.push(event);
    this.#noteEvent(event);
  }

  addChange(row: PropertyRow): void {
    const change = { time: row.time, property: row.property, value: row.value };
    this.rows.changes.push(change);
    this.#noteChange(change);
  }

  /** Whether the person has this property at this value already, as of that moment: setting it changes nothing. */
  holds({ property, time, value }: PropertyRow): boolean {
    return (this.personProperty(property, time) ?? null) === value;
  }

  /** Whether an equal row has arrived, or one of a property that changes nothing. */
  has(row: EventRow | PropertyRow): boolean {
    if ('name' in row) {
      const value = row.value === undefined || Number.isNaN(row.value) ? null : row.value;
      return heldAt(this.rows.events, row.time).some(
        (event) => event.name === row.name && event.value === value && sameProperties(event.properties, row.properties),
      );
    }
    const isEqual = (change: LivePersonRows['changes'][number]) =>
      change.property === row.property && change.value === row.value;
    return this.holds(row) || heldAt(this.rows.changes, row.time).some(isEqual);
  }

  get id(): string {
    return this.rows.id;
  }

  fractionOf(salt: string): number {
    return saltedHash(salt, this.id) / 4294967296;
  }

  /** Rows that have arrived, visible or not. */
  get lastRow(): number {
    return this.rows.events.length;
  }

  time(row: number): number {
    return this.#event(row).time;
  }

  name(row: number): string {
    return this.#event(row).name;
  }

  value(row: number): number {
    return this.#event(row).value ?? Number.NaN;
  }

  eventProperty(row: number, property: string): Scalar | undefined {
    const { properties, value } = this.#event(row);
    if (value !== null && (property === 'value' || property === this.#facts.valueName)) return value;
    return properties !== null && Object.hasOwn(properties, property) ? properties[property] : undefined;
  }

  personProperty(property: string, time: number): Scalar | undefined {
    const { changes } = this.rows;
    for (let i = changes.length - 1; i >= 0; i--) {
      const change = changes[i] as LivePersonRows['changes'][number];
      if (change.time <= time && change.property === property) return change.value ?? undefined;
    }
    return undefined;
  }

  changesAt(time: number): readonly PropertyChange[] {
    const { changes } = this.rows;
    let first = this.endChange;
    while (first > 0 && changes[first - 1]?.time === time) first--;
    return changes.slice(first, this.endChange);
  }

  /** The next row that is not visible yet, event or change; Infinity where there is none. */
  get nextArrival(): number {
    const event = this.rows.events[this.endRow]?.time ?? Number.POSITIVE_INFINITY;
    return Math.min(event, this.rows.changes[this.endChange]?.time ?? Number.POSITIVE_INFINITY);
  }

  isOwnEmail(row: number): boolean {
    return this.#facts.emailEvents.includes(this.name(row));
  }

  isReachable(addressProperty: string, time: number): boolean {
    if (this.#facts.reach[addressProperty] !== 'known') return true;
    return (this.#reachableSince.get(addressProperty) ?? Number.POSITIVE_INFINITY) <= time;
  }

  isTracked(property: string): boolean {
    return this.#facts.tracked.includes(property);
  }

  activeMinutes(zone: string): readonly number[] {
    const known = this.#facts.activeMinutes[zone];
    assert(known !== undefined, 'the facts hold the active minutes of every zone in which a send time is chosen');
    return known;
  }

  #event(row: number): LiveEvent {
    return this.rows.events[row] as LiveEvent;
  }

  #noteEvent(event: LiveEvent): void {
    for (const address of Object.keys(this.#facts.reach)) {
      if (this.#isSeenByRows || isAddressValue(event.properties?.[address])) this.#note(address, event.time);
    }
  }

  #noteChange(change: LivePersonRows['changes'][number]): void {
    for (const address of Object.keys(this.#facts.reach)) {
      const holdsAddress = change.property === address && isAddressValue(change.value);
      if (this.#isSeenByRows || holdsAddress) this.#note(address, change.time);
    }
  }

  /** Whether each row is one of an id that is an address. */
  get #isSeenByRows(): boolean {
    return this.rows.addressIdSince === undefined && isEmailAddress(this.id);
  }

  #noteId(since: number | null): void {
    if (since !== null) for (const address of Object.keys(this.#facts.reach)) this.#note(address, since);
  }

  #note(address: string, time: number): void {
    this.#reachableSince.set(address, Math.min(this.#reachableSince.get(address) ?? time, time));
  }
}

/** When an id of a person that is an address was first seen; null where none was. */
export function addressIdSince(rows: LivePersonRows): number | null {
  if (rows.addressIdSince !== undefined) return rows.addressIdSince;
  const first = firstSeenOf(rows);
  return isEmailAddress(rows.id) && first < Number.POSITIVE_INFINITY ? first : null;
}

/** Of their first row; Infinity where there is none. */
export function firstSeenOf({ events, changes }: LivePersonRows): number {
  return Math.min(events[0]?.time ?? Number.POSITIVE_INFINITY, changes[0]?.time ?? Number.POSITIVE_INFINITY);
}

/** Those of one instant, of rows in order of time. */
function heldAt<Row extends { readonly time: number }>(rows: readonly Row[], time: number): Row[] {
  let from = 0;
  let to = rows.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((rows[middle] as Row).time < time) from = middle + 1;
    else to = middle;
  }
  let end = from;
  while (rows[end]?.time === time) end++;
  return rows.slice(from, end);
}

function sameProperties(held: LiveEvent['properties'], given: EventRow['properties']): boolean {
  const a = Object.entries(held ?? {});
  const b = given ?? {};
  return a.length === Object.keys(b).length && a.every(([name, value]) => Object.hasOwn(b, name) && b[name] === value);
}
