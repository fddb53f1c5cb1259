// When an effect comes, by period: what is caused comes a delay after the email, what is prevented is missing where it
// would have come. The closed form behind the running total of a projection.

import { delayCdf, type SequenceModel } from './model.ts';
import type { Effect, Outcome } from './outcomes.ts';

/** Runs of one period are taken to begin at so many moments of it. */
export const FINE = 8;

/** Per period (index 0 is the first): people who never convert by when their run began, and those of each slot by when they convert. */
export interface PeopleInTime {
  readonly never: Float64Array;
  readonly organic: readonly Float64Array[];
}

export interface Lags {
  /** Periods after the one a run began in until its horizon is over for certain. */
  readonly n: number;
  readonly active: number;
  /** F of the time since each step, at the end of the period `lag` later, for a run that began in the fine part f. */
  readonly delays: Float64Array;
}

export function lagsOf({ steps, horizon, delay }: SequenceModel, stepMs: number): Lags {
  const n = Math.ceil(horizon / stepMs);
  const active = steps.filter(({ at }) => at < horizon).length;
  const delays = new Float64Array((n + 1) * FINE * active);
  for (let lag = 0; lag <= n; lag++) {
    for (let f = 0; f < FINE; f++) {
      const elapsed = Math.min(horizon, stepMs * (lag + 1 - (f + 0.5) / FINE));
      for (let k = 0; k < active; k++) {
        delays[(lag * FINE + f) * active + k] = delayCdf(delay, elapsed - (steps[k]?.at ?? 0));
      }
    }
  }
  return { n, active, delays };
}

/** Where in time an effect comes, for one person. */
export interface Spread {
  /** P(a conversion was caused by then) for one who never converts by themselves; by lag and fine part. */
  readonly caused: Float64Array;
  /** The same at the end of the horizon. */
  readonly all: number;
  /** P(lost) for one who converts by themselves, by slot. */
  readonly lostBySlot: ArrayLike<number>;
}

export function spreadOf(effect: Effect, lags: Lags): Spread {
  const { gainedOfNever, lostBySlot } = effect.expectation;
  return { caused: causedByLag(effect, lags), all: gainedOfNever, lostBySlot };
}

/**
 * The mean over draws, each scaled to what it gains and loses in all. What comes when is linear in it, so the expected
 * path of any part of the people follows from the mean alone.
 */
export class MeanSpread {
  readonly #caused: Float64Array;
  readonly #lostBySlot: Float64Array;
  #all = 0;

  /** @param slots of the frame */
  constructor(slots: number, { n }: Lags) {
    this.#caused = new Float64Array((n + 1) * FINE);
    this.#lostBySlot = new Float64Array(slots);
  }

  /** @param times of this draw and all people */
  add(
    { caused, all, lostBySlot }: Spread,
    { gained, lost }: Pick<Outcome, 'gained' | 'lost'>,
    times: EffectTimes,
  ): void {
    const gain = scaleOf(gained, times.gained);
    for (let i = 0; i < caused.length; i++)
      this.#caused[i] = (this.#caused[i] as number) + gain * (caused[i] as number);
    this.#all += gain * all;
    const loss = scaleOf(lost, times.lost);
    this.#lostBySlot.forEach((sum, slot) => {
      this.#lostBySlot[slot] = sum + loss * (lostBySlot[slot] ?? 0);
    });
  }

  /** @param draws added; 0: nothing is gained or lost */
  of(draws: number): Spread {
    const mean = (sum: number) => (draws === 0 ? 0 : sum / draws);
    return { caused: this.#caused.map(mean), all: mean(this.#all), lostBySlot: this.#lostBySlot.map(mean) };
  }
}

function scaleOf(amount: number, times: Float64Array): number {
  const all = times.reduce((sum, value) => sum + value, 0);
  return all === 0 ? 0 : amount / all;
}

/** Of what a draw gains and loses, how much in each period: any scale, sums not 0 unless nothing is gained or lost. */
export interface EffectTimes {
  readonly gained: Float64Array;
  readonly lost: Float64Array;
}

export function timesOf(
  { caused, all, lostBySlot }: Spread,
  people: PeopleInTime,
  shares: readonly Float64Array[],
  lags: Lags,
): EffectTimes {
  const periods = people.never.length;
  const gained = new Float64Array(periods);
  for (let j = 0; j < periods; j++) {
    const count = people.never[j] as number;
    if (count === 0) continue;
    const share = shares[j] as Float64Array;
    let before = 0;
    for (let lag = 0; j + lag < periods && lag <= lags.n; lag++) {
      let by = 0;
      // Complete runs are over by the end of the history, however finely their beginnings are taken.
      if (j + lag === periods - 1) by = all;
      else for (let f = 0; f < FINE; f++) by += (share[f] as number) * (caused[lag * FINE + f] as number);
      gained[j + lag] = (gained[j + lag] as number) + count * Math.max(0, by - before);
      before = Math.max(before, by);
    }
  }
  const lost = new Float64Array(periods);
  people.organic.forEach((counts, slot) => {
    const loss = lostBySlot[slot] ?? 0;
    if (loss === 0) return;
    for (let c = 0; c < periods; c++) lost[c] = (lost[c] as number) + loss * (counts[c] as number);
  });
  return { gained, lost };
}

/** P(a conversion was caused by then), for one who never converts by themselves: at the horizon, `gainedOfNever`. */
function causedByLag({ p, unsub }: Effect, { n, active, delays }: Lags): Float64Array {
  const caused = new Float64Array((n + 1) * FINE);
  for (let i = 0; i < caused.length; i++) {
    let none = 0;
    let stayed = 1;
    let unanswered = 1;
    for (let k = 0; k < active; k++) {
      unanswered *= 1 - (p[k] as number) * (delays[i * active + k] as number);
      none += stayed * (unsub[k] as number) * unanswered;
      stayed *= 1 - (unsub[k] as number);
    }
    caused[i] = 1 - (none + stayed * unanswered);
  }
  return caused;
}
