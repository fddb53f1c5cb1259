// The three worlds of methods K in which the model is right, or right enough: a cart with a share that never buys, a
// feature whose adoption has a hazard that emails raise (another mechanism than the projection's), and silences that end
// in a return or never. Parameters as published there; truths in closed form from the laws the people are drawn from.

import { DAY_MS, MINUTE_MS, type Random } from '../base/index.ts';
import {
  type AdoptionLaw,
  adoptionEffect,
  adoptionSurvival,
  type ConversionModel,
  cartSurvival,
  dayOfHazard,
  drawDelay,
  drawHazard,
  drawSilence,
  type EmailEffect,
  effectTruth,
  equivalentResponses,
  runSequence,
  type SilenceLaw,
  silenceBeyond,
} from '../synth/index.ts';
import { organicRate, type Survival } from './law.ts';
import type { Names, Planted, Population } from './planted.ts';

/** Monday. */
export const WORLD_START = Date.UTC(2026, 0, 5);

export interface Effect {
  /** Rates within the goal window, per person not converted by the window. */
  readonly control: number;
  readonly treated: number;
  readonly difference: number;
}

export interface World {
  readonly id: string;
  readonly title: string;
  readonly names: Names;
  /** From the anchor: when the trigger fires, and how long outcomes count. */
  readonly windowMs: number;
  readonly horizonMs: number;
  /** From the trigger. */
  readonly steps: readonly number[];
  readonly holdout: number;
  /** Days over which people arrive, evenly, and until when they are watched. */
  readonly days: number;
  readonly watchedDays: number;
  readonly law: Survival;
  readonly effect: Effect;
  /** A response file that states the truth in the projection's own terms; null where it has none. */
  readonly response: object | null;
  /** Times at which the curve is held against the law; for silences, days at which a return is. */
  readonly lookAtMs: readonly number[];
  readonly population: (random: Random) => Population;
}

/** A Poisson number of people, by the normal curve. */
export function poissonPeople(mean: number, random: Random): number {
  return Math.max(1, Math.round(mean + Math.sqrt(mean) * random.normal()));
}

export function evenly(days: number, random: Random): number {
  return WORLD_START + Math.floor(random.uniform() * days * DAY_MS);
}

export const NO_OTHER = { other: Number.POSITIVE_INFINITY, otherIfMailed: Number.POSITIVE_INFINITY };

/** What the planted sequence makes of a person who converts by themselves at `organic`. */
export function underSequence(effect: EmailEffect, organic: number, random: Random): number {
  if (organic <= effect.windowMs) return organic;
  return runSequence(effect, random, effect.windowMs, organic, Number.POSITIVE_INFINITY).boughtAt;
}

export function effectOf(conversion: ConversionModel, effect: EmailEffect): Effect {
  const truth = effectTruth(conversion, effect);
  if (truth === null) throw new Error('a world in which nothing fires');
  return { control: truth.holdoutRate, treated: truth.treatedRate, difference: truth.difference };
}

// ---------------------------------------------------------------- cart

const CART: ConversionModel = { everConvert: 0.35, parts: [{ share: 1, medianMs: 12 * MINUTE_MS, sigma: 1.3 }] };
const CART_EMAILS: EmailEffect = {
  workflow: 'proof',
  holdout: { fraction: 0, salt: 'unused' },
  windowMs: 60 * MINUTE_MS,
  goalWithinMs: 10_020 * MINUTE_MS,
  steps: [
    { id: 's0', delayMs: 0, p: 0.05, harm: 0, unsubscribe: 0.003 },
    { id: 's1', delayMs: 1_380 * MINUTE_MS, p: 0.03, harm: 0, unsubscribe: 0.004 },
    { id: 's2', delayMs: 4_260 * MINUTE_MS, p: 0.02, harm: 0, unsubscribe: 0.006 },
  ],
  response: { medianMs: 180 * MINUTE_MS, sigma: 1 },
};

export function cartWorld(persons = 2_500): World {
  return {
    id: 'cart',
    title: 'some buy within minutes or hours, most never; emails cause purchases',
    names: { anchor: 'Added to Cart', goal: 'Purchased' },
    windowMs: CART_EMAILS.windowMs,
    horizonMs: 10_080 * MINUTE_MS,
    steps: CART_EMAILS.steps.map((step) => step.delayMs),
    holdout: 0.3,
    days: 60,
    watchedDays: 60,
    law: (t) => cartSurvival(CART, t),
    effect: effectOf(CART, CART_EMAILS),
    response: {
      mode: 'direct',
      p: CART_EMAILS.steps.map((step) => step.p),
      unsub: CART_EMAILS.steps.map((step) => step.unsubscribe),
      delay: { kind: 'lognormal', median: '180m', sigma: 1 },
    },
    lookAtMs: [15, 60, 240].map((minutes) => minutes * MINUTE_MS),
    population: (random) => ({
      n: poissonPeople(persons, random),
      draw: (_, r): Planted => {
        const organic = drawDelay(CART, r).delayMs;
        return { start: evenly(60, r), organic, mailed: underSequence(CART_EMAILS, organic, r), value: 1, ...NO_OTHER };
      },
    }),
  };
}

// ---------------------------------------------------------------- adoption

const ADOPTION: AdoptionLaw = { hazardPerDay: [0.1, 0.04, 0.012, 0.002], cutsDays: [1, 3, 14] };
const ADOPTION_EMAILS = { daysAfter: [3, 7], hazardRatio: 1.6, effectDays: 2 };

export function saasWorld(persons = 3_000): World {
  const effect = adoptionEffect(ADOPTION, ADOPTION_EMAILS, 30);
  if (effect === null) throw new Error('a world in which nothing fires');
  return {
    id: 'saas',
    title: 'a hazard that falls with time; emails raise it for two days each',
    names: { anchor: 'Signed Up', goal: 'Created Report' },
    windowMs: 3 * DAY_MS,
    horizonMs: 30 * DAY_MS,
    steps: [0, 4 * DAY_MS],
    holdout: 0.3,
    days: 120,
    watchedDays: 120,
    law: (t) => adoptionSurvival(ADOPTION, t / DAY_MS),
    effect: { control: effect.controlRate, treated: effect.treatedRate, difference: effect.difference },
    response: {
      mode: 'direct',
      p: equivalentResponses(ADOPTION, ADOPTION_EMAILS),
      unsub: 0,
      delay: { kind: 'exponential', mean: '1s' },
    },
    lookAtMs: [1, 3, 7].map((days) => days * DAY_MS),
    population: (random) => ({
      n: poissonPeople(persons, random),
      draw: (_, r): Planted => {
        const target = drawHazard(r);
        const organic = dayOfHazard(ADOPTION, target) * DAY_MS;
        const mailed = dayOfHazard(ADOPTION, target, ADOPTION_EMAILS) * DAY_MS;
        return { start: evenly(120, r), organic, mailed, value: 1, ...NO_OTHER };
      },
    }),
  };
}

// ---------------------------------------------------------------- silences

export const SILENCE: SilenceLaw = {
  neverReturn: 0.08,
  classes: [
    { share: 0.7, perDay: 0.5 },
    { share: 0.3, perDay: 0.12 },
  ],
};
const CAUSES_RETURN = 0.04;
export const CHURN_DAYS = 60;

export function winbackWorld(persons = 4_000): World {
  const law: Survival = (t) => silenceBeyond(SILENCE, Math.floor(t / DAY_MS + 1e-9));
  const windowMs = 14 * DAY_MS;
  const horizonMs = 44 * DAY_MS;
  const control = organicRate(law, windowMs, horizonMs);
  const treated = control + (1 - control) * CAUSES_RETURN;
  return {
    id: 'winback',
    title: 'returns in whole days by two kinds of people, some never; an email brings some back',
    names: { anchor: 'Visited', goal: 'Returned' },
    windowMs,
    horizonMs,
    steps: [0],
    holdout: 0.3,
    days: 180,
    watchedDays: 180,
    law,
    effect: { control, treated, difference: treated - control },
    response: { mode: 'direct', p: CAUSES_RETURN, unsub: 0, delay: { kind: 'exponential', mean: '1s' } },
    lookAtMs: [3, 7, 14].map((days) => days * DAY_MS),
    population: (random) => ({
      n: poissonPeople(persons, random),
      draw: (_, r): Planted => {
        const organic = drawSilence(SILENCE, r) * DAY_MS;
        const caused = r.uniform() < CAUSES_RETURN ? windowMs + 1_000 : Number.POSITIVE_INFINITY;
        const mailed = organic <= windowMs ? organic : Math.min(organic, caused);
        return { start: evenly(180, r), organic, mailed, value: 1, ...NO_OTHER };
      },
    }),
  };
}

export const WORLDS: Readonly<Record<'cart' | 'saas' | 'winback', () => World>> = {
  cart: () => cartWorld(),
  saas: () => saasWorld(),
  winback: () => winbackWorld(),
};
