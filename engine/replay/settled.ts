// What became of firings, as columns beside theirs: the fast path settles many people, then counts them, then writes
// their enrollments, each in a loop of its own over neighbouring numbers.

/** In `goals`: no goal event inside the goal window. */
export const NO_GOAL = -1;

export class Settled {
  /** Where `Counters` counts each: already enrolled, suppressed, or the shape of its enrollment. */
  readonly codes: Uint32Array;
  /** Of enrollments, the place in the stream of the first goal event inside the goal window, or NO_GOAL. */
  readonly goals: Int32Array;
  /** Of enrollments, 1 where the person had been enrolled before. */
  readonly repeats: Uint8Array;

  constructor(length: number) {
    this.codes = new Uint32Array(length);
    this.goals = new Int32Array(length);
    this.repeats = new Uint8Array(length);
  }
}
