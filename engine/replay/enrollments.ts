// Enrollments as columns that grow: the builder of `EnrollmentColumns`.

import type { EnrollmentColumns } from './types.ts';

export const EXIT_CODES = { open: 0, goal: 1, event: 2, expired: 3 } as const;

export class EnrollmentBuilder {
  n = 0;
  #persons = new Uint32Array(1024);
  #anchorTimes = new Float64Array(1024);
  #triggerTimes = new Float64Array(1024);
  #arms = new Uint8Array(1024);
  #goalTimes = new Float64Array(1024);
  #goalValues = new Float64Array(1024);
  #complete = new Uint8Array(1024);
  #repeats = new Uint8Array(1024);
  #exits = new Uint8Array(1024);

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
