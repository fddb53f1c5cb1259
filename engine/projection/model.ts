// What a sequence of emails does to one person, in expectation, given when they would have converted by themselves. A
// sent step may cause a conversion, prevent an organic one, or lead to an unsubscription, each independently; the
// increment is gained minus lost, and nothing is cut off at zero. Closed form, exact while no step's effect depends on
// other emails. A person's organic time matters only through which steps lie before it, so a population of any size is a
// handful of counts. Times in any one unit, from the anchor.

import { assert } from '../base/index.ts';
import { normalCdf } from '../stats/index.ts';

/** How long after a step its conversion comes. */
export type Delay =
  | { readonly kind: 'lognormal'; readonly median: number; readonly sigma: number }
  | { readonly kind: 'exponential'; readonly mean: number };

export interface ModelStep {
  /** From the anchor. */
  readonly at: number;
  /** Probability that the step, once sent, causes a conversion (at some delay), 0 … 1. */
  readonly p: number;
  /** Probability that it prevents an organic conversion still to come, 0 … 1. */
  readonly harm: number;
  /** Probability that it makes the person unsubscribe, 0 … 1. */
  readonly unsub: number;
}

/** Steps in order of time; those at or after the horizon are never sent. */
export interface SequenceModel {
  readonly steps: readonly ModelStep[];
  readonly horizon: number;
  readonly delay: Delay;
}

export interface EpisodeExpectation {
  /** Per step of the model, probability that it is sent. */
  readonly sends: readonly number[];
  /** P(converted by the horizon). */
  readonly converted: number;
  /** P(converted) minus what would have happened without emails: −1 … 1. */
  readonly increment: number;
  readonly unsubscribed: number;
}

/** F(x), 0 for x ≤ 0. */
export function delayCdf(delay: Delay, x: number): number {
  if (x <= 0) return 0;
  if (delay.kind === 'exponential') return -Math.expm1(-x / delay.mean);
  return normalCdf(Math.log(x / delay.median) / delay.sigma);
}

/** One person. @param organic when they convert by themselves; Infinity if never */
export function expectEpisode(organic: number, model: SequenceModel): EpisodeExpectation {
  return expectSlot(slotOf(organic, model), model, timingOf(model));
}

/** Where an organic time falls: the number of steps strictly before it, or -1 for beyond the horizon (never). */
export function slotOf(organic: number, model: SequenceModel): number {
  if (!(organic <= model.horizon)) return -1;
  let before = 0;
  while (before < model.steps.length && (model.steps[before] as ModelStep).at < organic) before++;
  return before;
}

/** A population by slot: index j holds those with j steps before their organic conversion; `never` the rest. */
export interface SlotCounts {
  readonly organic: readonly number[];
  readonly never: number;
}

/** @param organicTimes Infinity or NaN: never @param weights default 1 each */
export function countSlots(
  organicTimes: ArrayLike<number>,
  model: SequenceModel,
  weights?: ArrayLike<number>,
): SlotCounts {
  const organic = new Array<number>(model.steps.length + 1).fill(0);
  let never = 0;
  for (let i = 0; i < organicTimes.length; i++) {
    const weight = weights === undefined ? 1 : (weights[i] as number);
    const slot = slotOf(organicTimes[i] as number, model);
    if (slot < 0) never += weight;
    else organic[slot] = (organic[slot] as number) + weight;
  }
  return { organic, never };
}

export interface PopulationExpectation {
  /** People, or shares, in the unit of the counts. */
  readonly organic: number;
  readonly treated: number;
  readonly gained: number;
  readonly lost: number;
  readonly net: number;
  readonly sends: readonly number[];
  readonly unsubscribed: number;
  /** Σ |π|(1 − |π|): variance of the net by chance alone. */
  readonly chance: number;
  /** Per slot j, the probability that an organic conversion there is lost. */
  readonly lostBySlot: readonly number[];
  /** Probability that one who never converts by themselves is gained. */
  readonly gainedOfNever: number;
  /** Probability of each step being sent to one of slot j, and to one who never converts by themselves. */
  readonly sendsBySlot: readonly (readonly number[])[];
  readonly sendsOfNever: readonly number[];
  readonly unsubBySlot: readonly number[];
  readonly unsubOfNever: number;
}

export function expectPopulation(
  counts: SlotCounts,
  model: SequenceModel,
  timing: SequenceTiming = timingOf(model),
): PopulationExpectation {
  const never = expectSlot(-1, model, timing);
  const sends = never.sends.map((s) => s * counts.never);
  let unsubscribed = never.unsubscribed * counts.never;
  const gainedOfNever = never.increment;
  const gained = gainedOfNever * counts.never;
  let chance = gainedOfNever * (1 - gainedOfNever) * counts.never;
  let organic = 0;
  let lost = 0;
  const lostBySlot: number[] = [];
  const sendsBySlot: (readonly number[])[] = [];
  const unsubBySlot: number[] = [];
  counts.organic.forEach((count, slot) => {
    const e = expectSlot(slot, model, timing);
    const loss = -e.increment;
    lostBySlot.push(loss);
    sendsBySlot.push(e.sends);
    unsubBySlot.push(e.unsubscribed);
    organic += count;
    lost += count * loss;
    chance += count * loss * (1 - loss);
    unsubscribed += count * e.unsubscribed;
    for (let k = 0; k < sends.length; k++) sends[k] = (sends[k] as number) + count * (e.sends[k] as number);
  });
  return {
    organic,
    treated: organic + gained - lost,
    gained,
    lost,
    net: gained - lost,
    sends,
    unsubscribed,
    chance,
    lostBySlot,
    gainedOfNever,
    sendsBySlot,
    sendsOfNever: never.sends,
    unsubBySlot,
    unsubOfNever: never.unsubscribed,
  };
}

/** F at the distances between steps and from each step to the horizon: what of a model does not depend on its effects. */
export interface SequenceTiming {
  /** Steps that lie before the horizon. */
  readonly active: number;
  /** F(s_k − s_j) at j·active + k. */
  readonly between: Float64Array;
  readonly toHorizon: Float64Array;
}

/** Worked out once where a model is asked with many different effects. */
export function timingOf(model: SequenceModel): SequenceTiming {
  const { steps, horizon, delay } = model;
  let active = 0;
  for (let k = 0; k < steps.length; k++) {
    const at = (steps[k] as ModelStep).at;
    assert(k === 0 || at >= (steps[k - 1] as ModelStep).at, 'steps must come in order of time');
    if (at < horizon) active = k + 1;
  }
  const between = new Float64Array(active * active);
  const toHorizon = new Float64Array(active);
  for (let j = 0; j < active; j++) {
    const at = (steps[j] as ModelStep).at;
    toHorizon[j] = delayCdf(delay, horizon - at);
    for (let k = j + 1; k < active; k++) between[j * active + k] = delayCdf(delay, (steps[k] as ModelStep).at - at);
  }
  return { active, between, toHorizon };
}

/** What the steps of a model do, one number per step. */
export interface StepEffects {
  readonly p: ArrayLike<number>;
  readonly harm: ArrayLike<number>;
  readonly unsub: ArrayLike<number>;
}

/** `treated` of `expectPopulation`, to the last bit, without its lists: for whoever asks thousands of times. */
export function expectTreated(counts: SlotCounts, effects: StepEffects, timing: SequenceTiming): number {
  const gained = (1 - unconverted(-1, effects, timing)) * counts.never;
  let organic = 0;
  let lost = 0;
  for (let slot = 0; slot < counts.organic.length; slot++) {
    const count = counts.organic[slot] as number;
    organic += count;
    lost += count * unconverted(slot, effects, timing);
  }
  return organic + gained - lost;
}

/** P(no conversion), as `expectSlot` finds it. */
function unconverted(slot: number, { p, harm, unsub }: StepEffects, timing: SequenceTiming): number {
  let none = 0;
  let stayed = 1;
  let unanswered = 1;
  let absent = slot < 0 ? 1 : 0;
  let kept = 1;
  for (let k = 0; k < timing.active; k++) {
    if (k < slot) {
      kept *= 1 - (harm[k] as number);
      absent = 1 - kept;
    }
    unanswered *= 1 - (p[k] as number) * (timing.toHorizon[k] as number);
    none += stayed * (unsub[k] as number) * unanswered * absent;
    stayed *= 1 - (unsub[k] as number);
  }
  return none + stayed * unanswered * absent;
}

/** The closed form. With all harms 0 and an organic conversion inside the horizon, P(no conversion) is exactly 0. */
function expectSlot(slot: number, { steps }: SequenceModel, timing: SequenceTiming): EpisodeExpectation {
  const sends = new Array<number>(steps.length).fill(0);
  let unsubscribed = 0;
  let none = 0;
  let stayed = 1;
  let unanswered = 1;
  /** A_j: probability that no organic conversion stands in the way. */
  let absent = slot < 0 ? 1 : 0;
  let kept = 1;
  for (let k = 0; k < timing.active; k++) {
    const step = steps[k] as ModelStep;
    let waiting = 1;
    for (let j = 0; j < k; j++) {
      waiting *= 1 - (steps[j] as ModelStep).p * (timing.between[j * timing.active + k] as number);
    }
    const isBeforeOrganic = slot < 0 || k < slot;
    const sent = stayed * waiting * (isBeforeOrganic ? 1 : absent);
    sends[k] = sent;
    unsubscribed += sent * step.unsub;
    if (slot >= 0 && isBeforeOrganic) {
      kept *= 1 - step.harm;
      absent = 1 - kept;
    }
    unanswered *= 1 - step.p * (timing.toHorizon[k] as number);
    none += stayed * step.unsub * unanswered * absent;
    stayed *= 1 - step.unsub;
  }
  none += stayed * unanswered * absent;
  return {
    sends,
    converted: 1 - none,
    increment: (slot < 0 ? 1 : 0) - none,
    unsubscribed,
  };
}
