// Enrollments as columns that grow: the builder of `EnrollmentColumns`.

import type { EnrollmentColumns } from './types.ts';

export const EXIT_CODES = { open: 0, goal: 1, event: 2, expired: 3 } as const;

export class EnrollmentBuilder {
  n = 0;
  #persons: Uint32Array<ArrayBuffer>;
  #anchorTimes: Float64Array<ArrayBuffer>;
  #triggerTimes: Float64Array<ArrayBuffer>;
  #arms: Uint8Array<ArrayBuffer>;
  #goalTimes: Float64Array<ArrayBuffer>;
  #goalValues: Float64Array<ArrayBuffer>;
  #complete: Uint8Array<ArrayBuffer>;
  #repeats: Uint8Array<ArrayBuffer>;
  #exits: Uint8Array<ArrayBuffer>;

  /** @param expected how many there will be, roughly; it grows beyond */
  constructor(expected = 0) {
    const length = Math.max(1024, expected);
    this.#persons = new Uint32Array(length);
    this.#anchorTimes = new Float64Array(length);
    this.#triggerTimes = new Float64Array(length);
    this.#arms = new Uint8Array(length);
    this.#goalTimes = new Float64Array(length);
    this.#goalValues = new Float64Array(length);
    this.#complete = new Uint8Array(length);
    this.#repeats = new Uint8Array(length);
    this.#exits = new Uint8Array(length);
  }

  /** Arguments as in EnrollmentColumns; rows must come ordered by person and trigger time. */
  add(
    person: number,
    anchorTime: number,
    triggerTime: number,
    arm: number,
    goalTime: number,
    goalValue: number,
    complete: number,
    repeat: number,
    exit: number,
  ): void {
    const i = this.n++;
    if (i === this.#persons.length) this.#grow();
    this.#persons[i] = person;
    this.#anchorTimes[i] = anchorTime;
    this.#triggerTimes[i] = triggerTime;
    this.#arms[i] = arm;
    this.#goalTimes[i] = goalTime;
    this.#goalValues[i] = goalValue;
    this.#complete[i] = complete;
    this.#repeats[i] = repeat;
    this.#exits[i] = exit;
  }

  columns(): EnrollmentColumns {
    const { n } = this;
    return {
      n,
      persons: this.#persons.slice(0, n),
      anchorTimes: this.#anchorTimes.slice(0, n),
      triggerTimes: this.#triggerTimes.slice(0, n),
      arms: this.#arms.slice(0, n),
      goalTimes: this.#goalTimes.slice(0, n),
      goalValues: this.#goalValues.slice(0, n),
      complete: this.#complete.slice(0, n),
      repeats: this.#repeats.slice(0, n),
      exits: this.#exits.slice(0, n),
    };
  }

  #grow(): void {
    const length = this.#persons.length * 2;
    const bytes = (old: Uint8Array) => {
      const grown = new Uint8Array(length);
      grown.set(old);
      return grown;
    };
    const doubles = (old: Float64Array) => {
      const grown = new Float64Array(length);
      grown.set(old);
      return grown;
    };
    const persons = new Uint32Array(length);
    persons.set(this.#persons);
    this.#persons = persons;
    this.#anchorTimes = doubles(this.#anchorTimes);
    this.#triggerTimes = doubles(this.#triggerTimes);
    this.#arms = bytes(this.#arms);
    this.#goalTimes = doubles(this.#goalTimes);
    this.#goalValues = doubles(this.#goalValues);
    this.#complete = bytes(this.#complete);
    this.#repeats = bytes(this.#repeats);
    this.#exits = bytes(this.#exits);
  }
}
