// What a replay may know about one person at one moment: the rows seen so far and properties as of a time. A batch
// replay reads it from a history's columns without copying, the live interface from arrays that grow; the transition
// function cannot tell them apart. Rows are numbered in the order of time and, within an instant, of input.

import type { Scalar } from '../columns/index.ts';
import type { History, Reach } from '../events/index.ts';
import { activeMinutesIn } from './active-minutes.ts';
import { type ArmFractions, armFractions, isTrackedIn, reachOf } from './person-cache.ts';

/** A property of a person set, or with null removed. */
export interface PropertyChange {
  readonly property: string;
  readonly value: Scalar | null;
}

export interface PersonView {
  readonly id: string;
  /** The salted hash of the id as a fraction in [0, 1). */
  fractionOf(salt: string): number;
  /** Rows lie in [firstRow, endRow). What is not yet visible lies at endRow and beyond and is never read. */
  readonly firstRow: number;
  readonly endRow: number;
  time(row: number): number;
  name(row: number): string;
  /** The event's own value, NaN where it has none. */
  value(row: number): number;
  /** `value` is the event's value. Undefined where the event has no such property. */
  eventProperty(row: number, property: string): Scalar | undefined;
  /** As of a moment not later than now, changes at that moment included. */
  personProperty(property: string, time: number): Scalar | undefined;
  /** Changes of the person's properties at the instant `time`, which is now, in input order. */
  changesAt(time: number): readonly PropertyChange[];
  /** Whether a row is one of the product's own email events, which are no activity. */
  isOwnEmail(row: number): boolean;
  /** Whether an address is known at or before the time; true for everyone where the dataset knows none for anyone. */
  isReachable(addressProperty: string, time: number): boolean;
  /** Whether the dataset holds this property for anyone, so that consent can be asked of it. */
  isTracked(property: string): boolean;
  /**
   * Activity of everyone in the dataset up to observedUntil by local minute of day, length 1440; in each person's own zone
   * where it is known, else in `zone`. The same object for the same zone.
   */
  activeMinutes(zone: string): readonly number[];
}

const NONE: readonly PropertyChange[] = [];

/** A history, one person at a time: `select` a person, then move `endRow` and `endChange` forward as time passes. */
export class HistoryView implements PersonView {
  readonly history: History;
  readonly #tracked = new Map<string, boolean>();
  #fractions: ArmFractions | null = null;
  /** By name's code. */
  readonly #ownEmail: Uint8Array;
  person = 0;
  #id: string | null = '';
  firstRow = 0;
  endRow = 0;
  /** End of the person's rows, visible or not. */
  lastRow = 0;
  /** Visible changes of properties lie in [firstChange, endChange) of the history's. */
  firstChange = 0;
  endChange = 0;
  /** End of the person's changes, visible or not. */
  lastChange = 0;

  constructor(history: History) {
    this.history = history;
    this.#ownEmail = Uint8Array.from(history.names, (name) => (history.emailEvents.has(name) ? 1 : 0));
  }

  select(person: number): void {
    this.person = person;
    this.#id = null;
    this.firstRow = this.history.personStart[person] as number;
    this.endRow = this.firstRow;
    this.lastRow = this.history.personStart[person + 1] as number;
    const { personStart } = this.history.changes;
    this.firstChange = personStart[person] as number;
    this.endChange = this.firstChange;
    this.lastChange = personStart[person + 1] as number;
  }

  /** Decoded when first asked for. */
  get id(): string {
    this.#id ??= this.history.personIds.at(this.person);
    return this.#id;
  }

  time(row: number): number {
    return this.history.times.at(row);
  }

  name(row: number): string {
    return this.history.names[this.history.nameCodes[row] as number] as string;
  }

  value(row: number): number {
    return this.history.values.at(row);
  }

  eventProperty(row: number, property: string): Scalar | undefined {
    return this.history.eventProperty(row, property);
  }

  personProperty(property: string, time: number): Scalar | undefined {
    return this.history.personProperty(this.person, property, time);
  }

  changesAt(time: number): readonly PropertyChange[] {
    const { times, properties, propertyNames, valueCodes, values } = this.history.changes;
    let first = this.endChange;
    while (first > this.firstChange && times[first - 1] === time) first--;
    if (first === this.endChange) return NONE;
    return Array.from({ length: this.endChange - first }, (_, k) => {
      const code = valueCodes[first + k] as number;
      return {
        property: propertyNames[properties[first + k] as number] as string,
        value: code === 0 ? null : (values[code] as Scalar),
      };
    });
  }

  isOwnEmail(row: number): boolean {
    return this.#ownEmail[this.history.nameCodes[row] as number] === 1;
  }

  fractionOf(salt: string): number {
    if (this.#fractions?.salt !== salt) this.#fractions = armFractions(this.history, salt);
    return this.#fractions.of(this.person);
  }

  reach(addressProperty: string): Reach {
    return reachOf(this.history, addressProperty);
  }

  isReachable(addressProperty: string, time: number): boolean {
    const { since } = this.reach(addressProperty);
    return since === null || (since[this.person] as number) <= time;
  }

  isTracked(property: string): boolean {
    let tracked = this.#tracked.get(property);
    if (tracked === undefined) this.#tracked.set(property, (tracked = isTrackedIn(this.history, property)));
    return tracked;
  }

  activeMinutes(zone: string): readonly number[] {
    return activeMinutesIn(this.history, zone);
  }
}
