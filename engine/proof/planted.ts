// A population with a planted law, as two histories of the same people: one without any emails, and one in which those
// whom the product's own hash does not hold out were mailed. One anchor and at most one goal a person, nothing else, so
// that thousands of such histories can be made; what they are drawn from is answered in closed form by the world.

import { murmur3Text, type Random } from '../base/index.ts';
import { PropertyColumn, type Scalar, StringTable, TimeColumn, ValueColumn } from '../columns/index.ts';
import { History, OWN_EMAIL_EVENTS } from '../events/index.ts';

export interface Names {
  readonly anchor: string;
  readonly goal: string;
}

/** An email of the product itself, by whatever workflow. */
const EMAIL = 'Email Sent';

/** One drawn person. Times in ms after the anchor; Infinity: never. */
export interface Planted {
  /** Of the anchor, ms since the epoch. */
  readonly start: number;
  readonly organic: number;
  /** With the emails of the workflow; only asked of those it mails. */
  readonly mailed: number;
  /** Carried by the anchor. */
  readonly value: number;
  /** When another workflow mails this person, without and with the emails of the workflow. */
  readonly other: number;
  readonly otherIfMailed: number;
}

export interface Population {
  readonly n: number;
  draw(index: number, random: Random): Planted;
}

/** The same people without emails, and with them for those who are not held out; each as known at a moment. */
export interface PlantedRun {
  organic(observedUntil: number): History;
  mailed(observedUntil: number): History;
}

/**
 * @param isHeldOut by id, as the workflow's salt decides
 * @param run part of every id, so that two runs share nobody
 */
export function plant(
  population: Population,
  names: Names,
  random: Random,
  run: string,
  isHeldOut: (id: string) => boolean,
): PlantedRun {
  const width = String(population.n).length;
  const ids = Array.from({ length: population.n }, (_, i) => `${run}-${String(i).padStart(width, '0')}`);
  const people = ids.map((id, i) => ({ holdout: isHeldOut(id), ...population.draw(i, random) }));
  const table = StringTable.from(ids);
  const build = (observedUntil: number, treats: boolean): History => {
    const rows = new Rows();
    for (const { start, holdout, organic, mailed, value, other, otherIfMailed } of people) {
      const isMailed = treats && !holdout;
      if (start <= observedUntil) rows.add(0, start, value);
      const goalAt = start + Math.ceil(isMailed ? mailed : organic);
      const emailAt = start + Math.ceil(isMailed ? otherIfMailed : other);
      const later = [
        { code: 1, at: goalAt },
        { code: 2, at: emailAt },
      ].sort((a, b) => a.at - b.at);
      for (const { code, at } of later) if (at <= observedUntil) rows.add(code, at, Number.NaN);
      rows.endPerson();
    }
    return rows.history(table, names, observedUntil, `${run} ${observedUntil} ${treats}`);
  };
  return { organic: (until) => build(until, false), mailed: (until) => build(until, true) };
}

class Rows {
  readonly #codes: number[] = [];
  readonly #times: number[] = [];
  readonly #values: number[] = [];
  readonly #starts: number[] = [0];

  add(code: number, time: number, value: number): void {
    this.#codes.push(code);
    this.#times.push(time);
    this.#values.push(value);
  }

  endPerson(): void {
    this.#starts.push(this.#codes.length);
  }

  history(personIds: StringTable, { anchor, goal }: Names, observedUntil: number, label: string): History {
    const n = personIds.length;
    const campaign = PropertyColumn.from(
      this.#codes.map((code): Scalar | undefined => (code === 2 ? 'other' : undefined)),
    );
    return new History({
      personIds,
      personStart: Uint32Array.from(this.#starts),
      names: [anchor, goal, EMAIL],
      nameCodes: Uint8Array.from(this.#codes),
      times: TimeColumn.from(this.#times),
      values: ValueColumn.from(this.#values),
      valueName: null,
      properties: new Map([['campaign', campaign]]),
      changes: {
        personStart: new Uint32Array(n + 1),
        times: new Float64Array(0),
        properties: new Uint16Array(0),
        propertyNames: [],
        valueCodes: new Uint32Array(0),
        values: [''],
      },
      addressIdSince: null,
      emailEvents: new Set(OWN_EMAIL_EVENTS),
      observedFrom: null,
      observedUntil,
      observedUntilGiven: true,
      fingerprint: murmur3Text(`proof ${label} ${this.#times.length}`).toString(16).padStart(8, '0'),
    });
  }
}
