// Enrollments as columns that grow: the builder of `EnrollmentColumns`.

import type { ShapeFacts } from './counters.ts';
import { type Firings, NO_ANCHOR } from './firings.ts';
import { NO_GOAL, type Settled } from './settled.ts';
import type { Stream } from './stream.ts';
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

  /**
   * Adds those of the firings that enrolled. Every firing is written, and kept where the place moves on.
   * @param goalValues by place in the stream; NaN counts as 0
   */
  addSettled(firings: Firings, settled: Settled, facts: ShapeFacts, stream: Stream, goalValues: Float64Array): void {
    while (this.#persons.length < this.n + firings.n + 1) this.#grow();
    const persons = this.#persons;
    const anchorTimes = this.#anchorTimes;
    const triggerTimes = this.#triggerTimes;
    const arms = this.#arms;
    const goalTimes = this.#goalTimes;
    const values = this.#goalValues;
    const complete = this.#complete;
    const repeats = this.#repeats;
    const exits = this.#exits;
    const { times } = stream;
    const { codes, goals } = settled;
    let i = this.n;
    for (let f = 0; f < firings.n; f++) {
      const code = codes[f] as number;
      const goal = goals[f] as number;
      persons[i] = firings.persons[f] as number;
      const anchor = firings.anchors[f] as number;
      anchorTimes[i] = (anchor === NO_ANCHOR ? firings.times[f] : times[anchor]) as number;
      triggerTimes[i] = firings.times[f] as number;
      arms[i] = facts.arms[code] as number;
      complete[i] = facts.complete[code] as number;
      exits[i] = facts.exits[code] as number;
      repeats[i] = settled.repeats[f] as number;
      goalTimes[i] = goal === NO_GOAL ? Number.NaN : (times[goal] as number);
      const value = goalValues[goal] as number;
      values[i] = goal === NO_GOAL ? Number.NaN : Number.isNaN(value) ? 0 : value;
      i += facts.enrolled[code] as number;
    }
    this.n = i;
  }

  /** Columns of which little is left over are cut short, others copied. */
  columns(): EnrollmentColumns {
    const { n } = this;
    const cut = <T extends Uint8Array | Uint32Array | Float64Array>(column: T): T =>
      (4 * n >= 3 * column.length ? column.subarray(0, n) : column.slice(0, n)) as T;
    return {
      n,
      persons: cut(this.#persons),
      anchorTimes: cut(this.#anchorTimes),
      triggerTimes: cut(this.#triggerTimes),
      arms: cut(this.#arms),
      goalTimes: cut(this.#goalTimes),
      goalValues: cut(this.#goalValues),
      complete: cut(this.#complete),
      repeats: cut(this.#repeats),
      exits: cut(this.#exits),
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
