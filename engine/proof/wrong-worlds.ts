// Six worlds in which a model of the tool is wrong (methods K): emails that cost more sales than they make, an effect
// that sits in one class, purchases that only come earlier, weekdays and a promotion, another workflow that mails the
// holdout more, and a business that shrinks. Five thousand fire in each; parameters as published, truths in closed form.

import { DAY_MS, MINUTE_MS, type Random, WEEK_MS } from '../base/index.ts';
import { delayCdf } from '../projection/index.ts';
import { type ConversionModel, cartSurvival, drawDelay, type EmailEffect } from '../synth/index.ts';
import type { Planted, Population } from './planted.ts';
import {
  type Effect,
  effectOf,
  evenly,
  NO_OTHER,
  poissonPeople,
  underSequence,
  WORLD_START,
  type World,
} from './worlds.ts';

export interface WrongWorld extends World {
  /** What of the truth the tool does not know. */
  readonly breaks: string;
  /** By the value of the anchor, where classes differ: truth per person mailed. */
  readonly classes?: readonly { readonly value: number; readonly difference: number }[];
  /** Where time brings change: the end of what is known, and what the weeks after it hold (expected). */
  readonly future?: {
    readonly splitDays: number;
    readonly days: number;
    readonly organic: number;
    readonly incremental: number;
  };
  /** At other horizons from the anchor. */
  readonly byHorizon?: readonly { readonly horizonMs: number; readonly difference: number }[];
}

const WINDOW = 45 * MINUTE_MS;
const HORIZON = 10_080 * MINUTE_MS;
const FIRED = 5_000;
const BASE: ConversionModel = lognormal(0.35);
const RESPONSE = { kind: 'lognormal', median: '180m', sigma: 1 } as const;
/** Share of the purchases an email causes that come by the horizon. */
const ARRIVED = delayCdf({ kind: 'lognormal', median: 180, sigma: 1 }, 10_035);

function lognormal(everConvert: number): ConversionModel {
  return { everConvert, parts: [{ share: 1, medianMs: 240 * MINUTE_MS, sigma: 2 }] };
}

function oneEmail(p: number, harm = 0): EmailEffect {
  return {
    workflow: 'proof',
    holdout: { fraction: 0, salt: 'unused' },
    windowMs: WINDOW,
    goalWithinMs: HORIZON - WINDOW,
    steps: [{ id: 's0', delayMs: 0, p, harm, unsubscribe: 0 }],
    response: { medianMs: 180 * MINUTE_MS, sigma: 1 },
  };
}

const COMMON = {
  names: { anchor: 'Added to Cart', goal: 'Purchased' },
  windowMs: WINDOW,
  horizonMs: HORIZON,
  steps: [0],
  holdout: 0.1,
  days: 84,
  watchedDays: 84,
  lookAtMs: [] as readonly number[],
  law: (t: number) => cartSurvival(BASE, t),
};

/** So many anchors that five thousand fire, of those that are watched to the end. */
const ANCHORS = Math.round((FIRED / cartSurvival(BASE, WINDOW)) * (84 / (84 - 7)));

function direct(p: number, harm = 0) {
  return { mode: 'direct', p, harm, unsub: 0, delay: RESPONSE };
}

function harm(): WrongWorld {
  const emails = oneEmail(0.01, 0.15);
  return {
    ...COMMON,
    id: 'harm',
    title: 'harm',
    breaks: 'the emails get conversions and cost more than they get',
    effect: effectOf(BASE, emails),
    response: direct(0.01, 0.15),
    population: (random) => ({
      n: poissonPeople(ANCHORS, random),
      draw: (_, r): Planted => {
        const organic = drawDelay(BASE, r).delayMs;
        return { start: evenly(84, r), organic, mailed: underSequence(emails, organic, r), value: 1, ...NO_OTHER };
      },
    }),
  };
}

/** Of the class that responds: shares with dear and with cheap carts, so that value tells the classes apart in part. */
const HIGH_B = 0.175;
const LOW_B = 0.393;

function heterogeneous(): WrongWorld {
  const shareA = 0.25;
  const [modelA, modelB] = [lognormal(0.6), lognormal(0.8 / 3)] as const;
  const [none, works] = [oneEmail(0), oneEmail(0.06)] as const;
  const [a, b] = [effectOf(modelA, none), effectOf(modelB, works)] as const;
  const firedA = shareA * cartSurvival(modelA, WINDOW);
  const firedB = (1 - shareA) * cartSurvival(modelB, WINDOW);
  const mix = (key: keyof Effect) => (firedA * a[key] + firedB * b[key]) / (firedA + firedB);
  const effect = { control: mix('control'), treated: mix('treated'), difference: mix('difference') };
  // The one response that gives the right total, which is all a projection with one effect can know.
  const common = effect.difference / (1 - effect.control) / ARRIVED;
  return {
    ...COMMON,
    id: 'heterogeneous',
    title: 'heterogeneous',
    breaks: 'the effect sits in one class of people',
    effect,
    response: direct(common),
    classes: [
      { value: 10, difference: b.difference },
      { value: 20, difference: b.difference },
      { value: 50, difference: (HIGH_B * firedB * b.difference + firedA * a.difference) / (HIGH_B * firedB + firedA) },
    ],
    population: (random) => ({
      n: poissonPeople(ANCHORS, random),
      draw: (_, r): Planted => {
        const isA = r.uniform() < shareA;
        const v = r.uniform();
        const value = isA || v < HIGH_B ? 50 : v < HIGH_B + LOW_B ? 10 : 20;
        const organic = drawDelay(isA ? modelA : modelB, r).delayMs;
        const mailed = underSequence(isA ? none : works, organic, r);
        return { start: evenly(84, r), organic, mailed, value, ...NO_OTHER };
      },
    }),
  };
}

function acceleration(): WrongWorld {
  const at = (horizonMs: number): Effect => {
    const fired = cartSurvival(BASE, WINDOW);
    const control = 1 - cartSurvival(BASE, horizonMs) / fired;
    const treated = 1 - cartSurvival(BASE, WINDOW + 2 * (horizonMs - WINDOW)) / fired;
    return { control, treated, difference: treated - control };
  };
  return {
    ...COMMON,
    id: 'acceleration',
    title: 'acceleration only',
    breaks: 'purchases come earlier, and none is new',
    days: 112,
    watchedDays: 112,
    effect: at(HORIZON),
    response: null,
    byHorizon: [1_440, 10_080, 40_320].map((minutes) => {
      return { horizonMs: minutes * MINUTE_MS, difference: at(minutes * MINUTE_MS).difference };
    }),
    population: (random) => ({
      n: poissonPeople(FIRED / cartSurvival(BASE, WINDOW) / 0.75, random),
      draw: (_, r): Planted => {
        const organic = drawDelay(BASE, r).delayMs;
        const mailed = organic > WINDOW ? WINDOW + 0.5 * (organic - WINDOW) : organic;
        return { start: evenly(112, r), organic, mailed, value: 1, ...NO_OTHER };
      },
    }),
  };
}

function interference(): WrongWorld {
  const [own, other] = [0.06, 0.04] as const;
  const [othersOfHoldout, othersOfTreated] = [0.5, 0.1] as const;
  const quiet = 1 - cartSurvival(BASE, HORIZON) / cartSurvival(BASE, WINDOW);
  const control = 1 - (1 - quiet) * (1 - othersOfHoldout * other * ARRIVED);
  const treated = 1 - (1 - quiet) * (1 - own * ARRIVED) * (1 - othersOfTreated * other * ARRIVED);
  const [emails, others] = [oneEmail(own), oneEmail(other)] as const;
  const law = (t: number) => cartSurvival(BASE, t);
  return {
    ...COMMON,
    law,
    id: 'interference',
    title: 'interference',
    breaks: 'another workflow mails those held out more',
    effect: { control, treated, difference: treated - control },
    response: null,
    population: (random) => ({
      n: poissonPeople(ANCHORS, random),
      draw: (_, r): Planted => {
        const alone = drawDelay(BASE, r).delayMs;
        const fires = alone > WINDOW;
        const u = r.uniform();
        const withOther = underSequence(others, alone, r);
        const isOther = fires && u < othersOfHoldout;
        const isOtherIfMailed = fires && u < othersOfTreated;
        const organic = isOther ? withOther : alone;
        const mailed = Math.min(underSequence(emails, alone, r), isOtherIfMailed ? withOther : alone);
        const at = (is: boolean) => (is ? WINDOW : Number.POSITIVE_INFINITY);
        return {
          start: evenly(84, r),
          organic,
          mailed,
          value: 1,
          other: at(isOther),
          otherIfMailed: at(isOtherIfMailed),
        };
      },
    }),
  };
}

// ---------------------------------------------------------------- time

const BASE_RATE = 1 - cartSurvival(BASE, HORIZON) / cartSurvival(BASE, WINDOW);
const WON = 0.04 * ARRIVED;
/** Monday first, as the worlds begin. */
const WEEKDAY_LOGIT = [0.1, 0, 0, -0.05, -0.1, 0.2, 0.15];

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

const BASE_LOGIT = Math.log(BASE_RATE / (1 - BASE_RATE));

/** A world of days, each with its own number of triggers and its own organic rate. Everybody drawn fires. */
function daily(days: readonly { readonly fired: number; readonly rate: number }[]) {
  const emails = oneEmail(0.04);
  const whole = days.reduce((sum, day) => sum + day.fired, 0);
  const ends: number[] = [];
  days.reduce((sum, day) => {
    ends.push((sum + day.fired) / whole);
    return sum + day.fired;
  }, 0);
  return (random: Random): Population => ({
    n: poissonPeople(whole, random),
    draw: (_, r): Planted => {
      const u = r.uniform();
      const day = Math.max(
        0,
        ends.findIndex((end) => u < end),
      );
      const start = WORLD_START + day * DAY_MS + Math.floor(r.uniform() * DAY_MS) - WINDOW;
      let organic = Number.POSITIVE_INFINITY;
      if (r.uniform() < (days[day]?.rate ?? 0)) {
        do organic = drawDelay({ ...BASE, everConvert: 1 }, r).delayMs;
        while (organic <= WINDOW || organic > HORIZON);
      }
      return { start, organic, mailed: underSequence(emails, organic, r), value: 1, ...NO_OTHER };
    },
  });
}

function inTime(
  world: Pick<WrongWorld, 'id' | 'title' | 'breaks'>,
  days: readonly { readonly fired: number; readonly rate: number }[],
  splitDays: number,
): WrongWorld {
  const after = days.slice(splitDays);
  const organic = after.reduce((sum, { fired, rate }) => sum + fired * rate, 0);
  const incremental = after.reduce((sum, { fired, rate }) => sum + fired * (1 - rate) * WON, 0);
  const future = { splitDays, days: after.length, organic, incremental };
  const fired = days.reduce((sum, day) => sum + day.fired, 0);
  const control = days.reduce((sum, day) => sum + day.fired * day.rate, 0) / fired;
  const difference = (1 - control) * WON;
  // Everybody fires; those who convert do so as the law has it between window and horizon.
  const law = (t: number) => {
    if (t <= WINDOW) return 1;
    const gone = cartSurvival(BASE, WINDOW) - cartSurvival(BASE, Math.min(t, HORIZON));
    return 1 - (control * gone) / (cartSurvival(BASE, WINDOW) - cartSurvival(BASE, HORIZON));
  };
  return {
    ...COMMON,
    ...world,
    days: days.length,
    watchedDays: days.length + HORIZON / DAY_MS,
    law,
    effect: { control, treated: control + difference, difference },
    response: direct(0.04),
    future,
    population: daily(days),
  };
}

function seasonality(): WrongWorld {
  const days = Array.from({ length: 84 }, (_, day) => {
    const isFuture = day >= 56;
    const rate = logistic(BASE_LOGIT + (WEEKDAY_LOGIT[day % 7] as number) + (isFuture ? 0.5 : 0));
    return { fired: isFuture ? 168 : 120, rate };
  });
  return inTime(
    { id: 'seasonality', title: 'seasonality', breaks: 'weekdays, and a promotion after the split' },
    days,
    56,
  );
}

function drift(): WrongWorld {
  const days = Array.from({ length: 20 * 7 }, (_, day) => {
    const week = Math.floor((day * DAY_MS) / WEEK_MS);
    return { fired: (900 * 0.96 ** week) / 7, rate: logistic(BASE_LOGIT - 0.03 * week) };
  });
  return inTime({ id: 'drift', title: 'drift', breaks: 'entries and the organic rate fall week by week' }, days, 84);
}

export const WRONG_WORLDS: readonly (() => WrongWorld)[] = [
  harm,
  heterogeneous,
  acceleration,
  seasonality,
  interference,
  drift,
];
