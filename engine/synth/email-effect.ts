// An email sequence with a planted effect: who is mailed, what a mail does, and what that changes, in closed form.
//
// A cart not bought within the window after opening makes its owner an entry, if an address is known by then. The arm is
// the product's own salted hash. A treated owner gets each step unless the cart has been bought or they unsubscribed;
// each mail independently causes a purchase after a log-normal delay (p), prevents the organic one still to come
// (harm), and makes the person unsubscribe from later steps. Expectation given the organic time: methods D.2; the
// organic time enters only by which steps it lies behind, so the average over it is a finite sum.

import { assert, type Random, SECOND_MS, saltedHash, UserError } from '../base/index.ts';
import { normalCdf } from '../stats/index.ts';
import { type ConversionModel, cartSurvival } from './conversion.ts';

export interface EffectStep {
  readonly id: string;
  /** From the trigger, a whole second; steps in rising order, all within the goal window. */
  readonly delayMs: number;
  /** Probability that the mail causes a purchase, 0 … 1. */
  readonly p: number;
  /** Probability that it prevents a later organic purchase, 0 … 1. */
  readonly harm: number;
  /** Probability that it makes the person unsubscribe, 0 … 1. */
  readonly unsubscribe: number;
}

export interface EmailEffect {
  /** Id of the workflow, on its emails as `campaign`. */
  readonly workflow: string;
  readonly holdout: { readonly fraction: number; readonly salt: string };
  /** From opening to trigger, whatever is added meanwhile (`rearm: "first"`); a whole second. */
  readonly windowMs: number;
  /** From the trigger. */
  readonly goalWithinMs: number;
  readonly steps: readonly EffectStep[];
  /** From a mail to the purchase it causes. */
  readonly response: { readonly medianMs: number; readonly sigma: number };
}

/** All per entry: a cart not bought within the window, its owner reachable. Rates within the goal window. */
export interface EffectTruth {
  readonly holdoutRate: number;
  readonly treatedRate: number;
  /** treatedRate − holdoutRate = gained − lost; may be negative. */
  readonly difference: number;
  readonly gained: number;
  readonly lost: number;
  /** Mails per treated entry, by step. */
  readonly sends: readonly number[];
}

/** @param lifeMs how long a cart lives (anything else: Infinity); window and goal window must fit into it */
export function checkEffect(effect: EmailEffect, lifeMs: number): void {
  const share = (name: string, value: number) => {
    if (!(value >= 0 && value <= 1)) refuse(name, 'a number from 0 to 1');
  };
  const wholeSeconds = (name: string, value: number) => {
    if (!Number.isSafeInteger(value) || value < 0 || value % SECOND_MS !== 0) refuse(name, 'a whole number of seconds');
  };
  const { windowMs, goalWithinMs, steps, response, holdout } = effect;
  wholeSeconds('windowMs', windowMs);
  wholeSeconds('goalWithinMs', goalWithinMs);
  if (windowMs + goalWithinMs > lifeMs)
    refuse('goalWithinMs', 'short enough to end, with the window, within cartLifeMs');
  share('holdout.fraction', holdout.fraction);
  if (steps.length === 0) refuse('steps', 'a list of at least one step');
  if (!(response.medianMs > 0 && response.sigma > 0)) refuse('response', 'a log-normal with median and sigma above 0');
  steps.forEach((step, k) => {
    wholeSeconds(`steps[${k}].delayMs`, step.delayMs);
    if (step.delayMs >= goalWithinMs) refuse(`steps[${k}].delayMs`, 'shorter than goalWithinMs');
    if (k > 0 && step.delayMs <= (steps[k - 1] as EffectStep).delayMs) {
      refuse(`steps[${k}].delayMs`, 'longer than that of the step before');
    }
    share(`steps[${k}].p`, step.p);
    share(`steps[${k}].harm`, step.harm);
    share(`steps[${k}].unsubscribe`, step.unsubscribe);
  });
}

function refuse(name: string, rule: string): never {
  throw new UserError('BAD_PARAMETER', `effect.${name} must be ${rule}.`);
}

/** @returns null where nothing ever fires: everybody has bought by the end of the window */
export function effectTruth(model: ConversionModel, effect: EmailEffect): EffectTruth | null {
  return effectTruthOf((ms) => cartSurvival(model, ms), effect);
}

/** @param survival P(not yet t ms after the opening without emails), for whichever clock the window runs on */
export function effectTruthOf(survival: (ms: number) => number, effect: EmailEffect): EffectTruth | null {
  const { windowMs, steps } = effect;
  const horizonMs = windowMs + effect.goalWithinMs;
  const at = steps.map((step) => windowMs + step.delayMs);
  const fired = survival(windowMs);
  if (fired === 0) return null;
  const never = survival(horizonMs) / fired;
  const sends = steps.map(() => 0);
  let lost = 0;
  // The organic purchase lies behind `behind` steps and before the next one, or before the horizon.
  for (let behind = 0; behind <= steps.length; behind++) {
    const from = behind === 0 ? windowMs : (at[behind - 1] as number);
    const share = (survival(from) - survival(at[behind] ?? horizonMs)) / fired;
    const given = expectGiven(effect, at, horizonMs, behind);
    lost += share * given.unbought;
    given.sends.forEach((sent, k) => {
      sends[k] = (sends[k] as number) + share * sent;
    });
  }
  const given = expectGiven(effect, at, horizonMs, null);
  given.sends.forEach((sent, k) => {
    sends[k] = (sends[k] as number) + never * sent;
  });
  const gained = never * (1 - given.unbought);
  const holdoutRate = 1 - never;
  const difference = gained - lost;
  return { holdoutRate, treatedRate: holdoutRate + difference, difference, gained, lost, sends };
}

/**
 * P(not bought by the horizon) and P(step sent) of a treated entry.
 * @param behind how many steps come before the organic purchase; null: there is none by the horizon
 */
function expectGiven(effect: EmailEffect, at: readonly number[], horizonMs: number, behind: number | null) {
  const { steps, response } = effect;
  const responded = (ms: number) => (ms > 0 ? normalCdf(Math.log(ms / response.medianMs) / response.sigma) : 0);
  const step = (k: number) => steps[k] as EffectStep;
  /** Organic purchase absent, or prevented by one of the first j steps. */
  const absent = (j: number) => {
    if (behind === null) return 1;
    let kept = 1;
    for (let i = 0; i < Math.min(j, behind); i++) kept *= 1 - step(i).harm;
    return 1 - kept;
  };
  let subscribed = 1;
  let unanswered = 1;
  let unbought = 0;
  const sends: number[] = [];
  for (let k = 0; k < steps.length; k++) {
    let reached = behind === null || k < behind ? 1 : absent(k);
    for (let j = 0; j < k; j++) {
      reached *= (1 - step(j).unsubscribe) * (1 - step(j).p * responded((at[k] as number) - (at[j] as number)));
    }
    sends.push(reached);
    unanswered *= 1 - step(k).p * responded(horizonMs - (at[k] as number));
    unbought += subscribed * step(k).unsubscribe * unanswered * absent(k + 1);
    subscribed *= 1 - step(k).unsubscribe;
  }
  unbought += subscribed * unanswered * absent(steps.length);
  return { unbought, sends };
}

export function inHoldout(effect: EmailEffect, personId: string): boolean {
  return saltedHash(effect.holdout.salt, personId) / 2 ** 32 < effect.holdout.fraction;
}

export interface SequenceRun {
  /** When the cart is bought after all; Infinity: never. */
  readonly boughtAt: number;
  readonly sent: readonly { readonly at: number; readonly step: string }[];
  readonly unsubscribedAt: number | null;
}

/**
 * The sequence as it happens to one treated entry. Draws the same numbers whatever happens, so that one changed
 * parameter changes no other draw.
 * @param triggeredAt opening + window, before the organic purchase
 * @param lifeEndsAt nothing is bought after it
 */
export function runSequence(
  effect: EmailEffect,
  random: Random,
  triggeredAt: number,
  organicAt: number,
  lifeEndsAt: number,
): SequenceRun {
  assert(organicAt > triggeredAt, 'an entry has not bought yet');
  let organic = organicAt;
  let caused = Number.POSITIVE_INFINITY;
  let unsubscribedAt: number | null = null;
  const sent: { at: number; step: string }[] = [];
  for (const step of effect.steps) {
    const [responds, prevents, leaves] = [random.uniform(), random.uniform(), random.uniform()];
    const wait = effect.response.medianMs * Math.exp(effect.response.sigma * random.normal());
    const at = triggeredAt + step.delayMs;
    if (unsubscribedAt !== null || Math.min(organic, caused) <= at) continue;
    sent.push({ at, step: step.id });
    if (responds < step.p) caused = Math.min(caused, at + Math.max(1, Math.ceil(wait / SECOND_MS)) * SECOND_MS);
    if (prevents < step.harm) organic = Number.POSITIVE_INFINITY;
    if (leaves < step.unsubscribe) unsubscribedAt = at + SECOND_MS;
  }
  const boughtAt = Math.min(organic, caused);
  return { boughtAt: boughtAt > lifeEndsAt ? Number.POSITIVE_INFINITY : boughtAt, sent, unsubscribedAt };
}
