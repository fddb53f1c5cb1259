import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, saltedHash, UserError } from '../../../engine/base/index.ts';
import {
  type ConversionModel,
  cartSurvival,
  type EffectTruth,
  type EmailEffect,
  effectTruth,
  synthCart,
} from '../../../engine/synth/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const effect: EmailEffect = {
  workflow: 'cart-recovery',
  holdout: { fraction: 0.4, salt: 'planted-1' },
  windowMs: HOUR_MS,
  goalWithinMs: 7 * DAY_MS,
  steps: [
    { id: 'reminder', delayMs: HOUR_MS, p: 0.2, harm: 0.3, unsubscribe: 0.1 },
    { id: 'proof', delayMs: DAY_MS, p: 0.1, harm: 0.2, unsubscribe: 0.1 },
    { id: 'offer', delayMs: 3 * DAY_MS, p: 0.25, harm: 0, unsubscribe: 0 },
  ],
  response: { medianMs: 3 * HOUR_MS, sigma: 1 },
};
const lognormal = (share: number, medianMinutes: number, sigma: number): ConversionModel => ({
  everConvert: share,
  parts: [{ share: 1, medianMs: medianMinutes * MINUTE_MS, sigma }],
});

describeShared('closed forms agree with the generators’ exact values', () => {
  const { generators, misspecified, tolerance } = reference('generators.json');
  const near = (got: number | undefined, expected: number) =>
    expect(Math.abs((got as number) - expected)).toBeLessThanOrEqual(
      tolerance.abs + tolerance.rel * Math.abs(expected),
    );

  it('three mails with unsubscriptions', () => {
    const { params, truth } = generators.cart;
    const model = lognormal(params.p_ever_convert, params.lognormal_median, params.lognormal_sigma);
    const [first] = params.steps;
    const planted: EmailEffect = {
      ...effect,
      windowMs: first.at * MINUTE_MS,
      goalWithinMs: (params.horizon - first.at) * MINUTE_MS,
      steps: params.steps.map((step: { at: number; p: number; unsub: number }, k: number) => {
        return { id: `s${k}`, delayMs: (step.at - first.at) * MINUTE_MS, p: step.p, harm: 0, unsubscribe: step.unsub };
      }),
      response: { medianMs: params.delay.median * MINUTE_MS, sigma: params.delay.sigma },
    };
    const computed = effectTruth(model, planted) as EffectTruth;
    near(computed.holdoutRate, truth.control_rate_among_fired);
    near(computed.treatedRate, truth.treat_rate_among_fired);
    near(computed.difference, truth.diff_among_fired);
    near(computed.difference / computed.holdoutRate, truth.relative_lift);
    near(computed.gained / (1 - computed.holdoutRate), truth.incremental_per_fired_nonconverter);
    near(computed.difference * truth.p_fire, truth.incremental_per_eligible);
    truth.expected_sends_per_eligible.forEach((expected: number, k: number) => {
      near((computed.sends[k] as number) * truth.p_fire, expected);
    });
  });

  it('one mail that does harm', () => {
    const { params, truth } = misspecified.worlds.harm;
    const model = lognormal(params.p_ever_convert, params.lognormal_median, params.lognormal_sigma);
    const computed = effectTruth(model, {
      ...effect,
      windowMs: params.window * MINUTE_MS,
      goalWithinMs: (params.horizon - params.window) * MINUTE_MS,
      steps: [{ id: 'mail', delayMs: 0, p: params.p, harm: params.harm, unsubscribe: 0 }],
      response: { medianMs: params.delay.median * MINUTE_MS, sigma: params.delay.sigma },
    });
    near(computed?.holdoutRate, truth.control_rate);
    near(computed?.treatedRate, truth.treat_rate);
    near(computed?.difference, truth.net);
    expect(computed?.difference).toBeLessThan(0);
  });
});

describe('the planted effect is in the history', () => {
  const reach = { known: 0.6, signUp: 0.2, checkout: 0.1, never: 0.1 };
  const options = { seed: 6, persons: 24_000, days: 40, newsletterDays: 0, visitsPerDay: 0.2, reach };
  const made = synthCart({ ...options, effect });
  const { facts, effect: truth, observedUntil } = made.truth;
  const inHoldout = (id: string) => saltedHash('planted-1', id) / 2 ** 32 < 0.4;

  it('an own walk through the events finds the first entries and outcomes that were counted', () => {
    const known = new Map(made.changes.filter((c) => c.property === 'email').map((c) => [c.person, c.time]));
    const found = { treated: { n: 0, converted: 0 }, holdout: { n: 0, converted: 0 } };
    for (const [person, events] of Map.groupBy(made.events, (event) => event.person)) {
      const bought = events.filter((event) => event.name === 'Purchased').map((event) => event.time);
      let openUntil = Number.NEGATIVE_INFINITY;
      for (const { name, time } of events) {
        if (name !== 'Added to Cart' || time <= openUntil) continue;
        openUntil = Math.min(
          time + made.parameters.cartLifeMs,
          bought.find((at) => at >= time) ?? Number.POSITIVE_INFINITY,
        );
        const trigger = time + effect.windowMs;
        if (openUntil <= trigger || (known.get(person) ?? Number.POSITIVE_INFINITY) > trigger) continue;
        if (trigger + effect.goalWithinMs <= observedUntil) {
          const arm = inHoldout(person) ? found.holdout : found.treated;
          arm.n++;
          if (bought.some((at) => at > trigger && at <= trigger + effect.goalWithinMs)) arm.converted++;
        }
        break;
      }
    }
    expect(found).toEqual(facts.firstEntries);
    expect(found.treated.n).toBeGreaterThan(5000);
  });

  it('both arms convert at the rates of the closed form, within 4 standard errors', () => {
    for (const [arm, rate] of [
      [facts.firstEntries?.treated, truth?.treatedRate],
      [facts.firstEntries?.holdout, truth?.holdoutRate],
    ] as const) {
      const { n, converted } = arm as { n: number; converted: number };
      const expected = rate as number;
      expect(Math.abs(converted / n - expected)).toBeLessThan(4 * Math.sqrt((expected * (1 - expected)) / n));
    }
    expect(truth?.holdoutRate).toBeCloseTo(
      1 -
        cartSurvival(made.truth.conversion, effect.windowMs + effect.goalWithinMs) /
          cartSurvival(made.truth.conversion, effect.windowMs),
      12,
    );
    expect(Math.abs(truth?.difference as number)).toBeGreaterThan(0.05);
  });

  it('as many mails go out as expected, to treated people only', () => {
    const sent = made.events.filter((event) => event.name === 'Email Sent');
    expect(sent.some((event) => inHoldout(event.person))).toBe(false);
    const of = (step: string, late: number) =>
      sent.filter((mail) => mail.properties?.['step'] === step && mail.time < observedUntil - late).length;
    const [first, second, third] = (truth as EffectTruth).sends as [number, number, number];
    // Of mails whose next one falls due within the observation, as many are followed by it.
    for (const [followed, reminders, expected] of [
      [of('proof', 0), of('reminder', 23 * HOUR_MS), second / first],
      [of('offer', 0), of('proof', 2 * DAY_MS), third / second],
    ] as const) {
      const se = Math.sqrt((expected * (1 - expected)) / reminders);
      expect(se).toBeLessThan(0.01);
      expect(Math.abs(followed / reminders - expected)).toBeLessThan(4 * se);
    }
  });

  it('people in the holdout live exactly as without the emails', () => {
    const without = synthCart({ ...options, persons: 2000 });
    const events = (all: typeof made.events) =>
      all.filter((event) => inHoldout(event.person) && event.person < 'u002001');
    expect(events(without.events).length).toBeGreaterThan(5000);
    expect(events(made.events).filter((event) => event.person.startsWith('u'))).toEqual(
      events(without.events).filter((event) => event.person.startsWith('u')),
    );
    expect(without.truth.effect).toBeNull();
    expect(without.truth.facts.firstEntries).toBeNull();
  });
});

it('mails without effect change nothing: the arms have one rate', () => {
  const steps = effect.steps.map((step) => ({ ...step, p: 0, harm: 0 }));
  const computed = effectTruth(lognormal(0.4, 30, 1.5), { ...effect, steps }) as EffectTruth;
  expect(computed).toMatchObject({ difference: 0, gained: 0, lost: 0 });
  expect(computed.treatedRate).toBe(computed.holdoutRate);
});

it('mails that prevent every organic purchase and cause none lose them all after the first', () => {
  const model = lognormal(0.4, 300, 1.5);
  const steps = [{ id: 'a', delayMs: HOUR_MS, p: 0, harm: 1, unsubscribe: 0 }];
  const computed = effectTruth(model, { ...effect, steps }) as EffectTruth;
  const inBetween = 1 - cartSurvival(model, 2 * HOUR_MS) / cartSurvival(model, HOUR_MS);
  expect(computed.treatedRate).toBeCloseTo(inBetween, 12);
});

it('an effect that cannot be is refused by its name', () => {
  const [step] = effect.steps as [EmailEffect['steps'][number]];
  const bad: [EmailEffect, RegExp][] = [
    [{ ...effect, goalWithinMs: 10 * DAY_MS }, /goalWithinMs.*cartLifeMs/],
    [{ ...effect, windowMs: 1_500 }, /windowMs.*whole number of seconds/],
    [{ ...effect, holdout: { fraction: 2, salt: 'x' } }, /holdout.fraction/],
    [{ ...effect, steps: [] }, /at least one step/],
    [{ ...effect, steps: [step, step] }, /steps\[1\].delayMs.*longer/],
    [{ ...effect, steps: [{ ...step, delayMs: 7 * DAY_MS }] }, /shorter than goalWithinMs/],
    [{ ...effect, steps: [{ ...step, p: -0.1 }] }, /steps\[0\].p /],
    [{ ...effect, response: { medianMs: 0, sigma: 1 } }, /response/],
  ];
  for (const [planted, message] of bad) {
    expect(() => synthCart({ seed: 1, persons: 1, effect: planted })).toThrow(UserError);
    expect(() => synthCart({ seed: 1, persons: 1, effect: planted })).toThrow(message);
  }
});
