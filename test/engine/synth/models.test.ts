// The product and the subscription: truths against reference values, and what a history shows against its truth.

import { expect, it } from 'vitest';
import { DAY_MS, saltedHash } from '../../../engine/base/index.ts';
import type { EventRow } from '../../../engine/events/index.ts';
import {
  adoptionEffect,
  adoptionSurvival,
  dayOfHazard,
  equivalentResponses,
  goneShare,
  mixedLaw,
  plainCsv,
  plainJsonLines,
  plainRows,
  returnWithin,
  SAAS_DEFAULTS,
  silenceBeyond,
  synthSaas,
  synthWinback,
  WINBACK_DEFAULTS,
  type WinbackEffect,
} from '../../../engine/synth/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

describeShared('the laws are those of the reference values', () => {
  const { saas, winback } = reference('generators.json').generators;

  it('adoption: curves without and with emails, the difference, the equivalent of an email', () => {
    const { hazard_per_day, cuts_days, email_days, hazard_ratio, effect_days, horizon_days } = saas.params;
    const law = { hazardPerDay: hazard_per_day, cutsDays: cuts_days };
    const emails = { daysAfter: email_days, hazardRatio: hazard_ratio, effectDays: effect_days };
    expect(SAAS_DEFAULTS.adoption).toEqual(law);
    for (const [day, s] of Object.entries(saas.truth.S_control))
      expect(adoptionSurvival(law, Number(day))).toBeCloseTo(s as number, 10);
    for (const [day, s] of Object.entries(saas.truth.S_treated))
      expect(adoptionSurvival(law, Number(day), emails)).toBeCloseTo(s as number, 10);
    const effect = adoptionEffect(law, emails, horizon_days);
    expect(effect?.controlRate).toBeCloseTo(saas.truth.control_rate_among_fired, 10);
    expect(effect?.difference).toBeCloseTo(saas.truth.diff_among_fired, 10);
    equivalentResponses(law, emails).forEach((p, k) => {
      expect(p).toBeCloseTo(saas.truth.equivalent_p_per_email[k], 10);
    });
  });

  it('silence: how many stay away, return, are gone', () => {
    const { p_never_return, class_weights, daily_return_prob, horizon_days, churn_days } = winback.params;
    const law = {
      neverReturn: p_never_return,
      classes: class_weights.map((share: number, k: number) => ({ share, perDay: daily_return_prob[k] })),
    };
    expect(WINBACK_DEFAULTS.silence).toEqual(law);
    for (const [day, s] of Object.entries(winback.truth.S_gap))
      expect(silenceBeyond(law, Number(day))).toBeCloseTo(s as number, 10);
    for (const [day, p] of Object.entries(winback.truth.p_return_within_H_given_inactive))
      expect(returnWithin(law, Number(day), horizon_days)).toBeCloseTo(p as number, 10);
    for (const [day, p] of Object.entries(winback.truth.ppv_churn))
      expect(goneShare(law, Number(day), churn_days)).toBeCloseTo(p as number, 10);
  });
});

it('the same hazard reached is the same person with and without emails, never later with them', () => {
  const { adoption, emails } = SAAS_DEFAULTS;
  for (let k = 1; k < 60; k++) {
    const target = k / 100;
    const plain = dayOfHazard(adoption, target);
    const mailed = dayOfHazard(adoption, target, emails);
    expect(mailed).toBeLessThanOrEqual(plain);
    expect(adoptionSurvival(adoption, mailed, emails)).toBeCloseTo(Math.exp(-target), 10);
    if (plain <= 3) expect(mailed).toBe(plain);
  }
  expect(dayOfHazard({ hazardPerDay: [0.1, 0], cutsDays: [1] }, 0.2)).toBe(Number.POSITIVE_INFINITY);
});

it('a product shows its law: who has a report by a day, among those watched that long', () => {
  const { events, truth } = synthSaas({ seed: 4, persons: 3000 });
  const signedUp = new Map(events.filter((e) => e.name === 'Signed Up').map((e) => [e.person, e.time]));
  const adopted = new Map(events.filter((e) => e.name === 'Created Report').map((e) => [e.person, e.time]));
  expect(signedUp.size).toBe(3000);
  expect(adopted.size).toBe(truth.facts.adopted);
  for (const { t, notConverted } of truth.survival) {
    const watched = [...signedUp].filter(([, at]) => at + t < truth.observedUntil);
    const without = watched.filter(([person, at]) => !((adopted.get(person) ?? Infinity) <= at + t)).length;
    const se = Math.sqrt((notConverted * (1 - notConverted)) / watched.length);
    expect(Math.abs(without / watched.length - notConverted)).toBeLessThan(4 * se);
  }
});

/** Of every person: when they stopped, how, and when they came back (Infinity: not within the observation). */
function stopsIn(events: readonly EventRow[]) {
  const stops: { person: string; stop: 'silent' | 'canceled' | 'failed'; at: number; backAt: number; back: string }[] =
    [];
  const own = events.filter(({ name }) => name !== 'Email Sent' && name !== 'Unsubscribed');
  own.forEach(({ person, name, time }, i) => {
    const next = own[i + 1]?.person === person ? own[i + 1] : undefined;
    if (next !== undefined && next.time - time < DAY_MS) return;
    const stop = name === 'Canceled Subscription' ? 'canceled' : name === 'Subscription Ended' ? 'failed' : 'silent';
    stops.push({ person, stop, at: time, backAt: next?.time ?? Infinity, back: next?.name ?? '' });
  });
  return stops;
}

it('a subscription shows its laws: each silence ends to the day, cancellations and failed payments in their own time', () => {
  const { events, truth, parameters } = synthWinback({ seed: 4, persons: 1200 });
  const stops = stopsIn(events);
  const back = stops.filter(({ backAt }) => Number.isFinite(backAt));
  expect(back).toHaveLength(truth.facts.returned);
  for (const { at, backAt, stop, back: name } of back) {
    const days = (backAt - at) / DAY_MS;
    expect(Number.isInteger(days)).toBe(true);
    const isLost = stop !== 'silent' || days > parameters.lostAfterDays;
    expect(name).toBe(isLost ? 'Reactivated Subscription' : 'Logged In');
  }
  const holds = (some: typeof stops, t: number, law: number) => {
    const watched = some.filter(({ at }) => at + t < truth.observedUntil);
    const longer = watched.filter(({ at, backAt }) => backAt - at > t).length;
    const se = Math.sqrt((law * (1 - law)) / watched.length);
    expect(Math.abs(longer / watched.length - law)).toBeLessThan(4 * se);
  };
  for (const { inactive, beyond } of truth.silences) holds(stops, inactive, beyond);
  for (const [stop, end] of [
    ['canceled', truth.ends[0]],
    ['failed', truth.ends[1]],
  ] as const) {
    const some = stops.filter((one) => one.stop === stop);
    expect(some).toHaveLength(events.filter(({ name }) => name === end?.event).length);
    for (const { t, notConverted } of end?.survival ?? []) holds(some, t, notConverted);
  }
});

it('win-back emails bring back as many as computed, of each kind of stop, and leave who is held out as they were', () => {
  const effect: WinbackEffect = {
    workflow: 'win-back',
    holdout: { fraction: 0.5, salt: 'w' },
    silentDays: 30,
    goalWithinMs: 60 * DAY_MS,
    steps: [
      { id: 'feedback', delayMs: 7 * DAY_MS, p: 0.1, harm: 0.02, unsubscribe: 0.05 },
      { id: 'offer', delayMs: 21 * DAY_MS, p: 0.15, harm: 0, unsubscribe: 0.02 },
    ],
    response: { medianMs: 2 * DAY_MS, sigma: 1 },
  };
  const { events, truth } = synthWinback({ seed: 9, persons: 1800, effect });
  for (const stop of ['silent', 'canceled', 'failed'] as const) {
    const { treated, holdout } = truth.facts.firstEntries?.[stop] ?? { treated: null, holdout: null };
    const expected = truth.effect?.[stop];
    for (const [arm, rate] of [
      [treated, expected?.treatedRate],
      [holdout, expected?.holdoutRate],
    ] as const) {
      const [n, p] = [arm?.n ?? 0, rate ?? -1];
      expect(n).toBeGreaterThan(40);
      expect(Math.abs((arm?.converted ?? 0) / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n));
    }
    expect(expected?.difference).toBeGreaterThan(0.05);
  }
  const plain = synthWinback({ seed: 9, persons: 1800 }).events;
  const heldOut = (person: string) => saltedHash('w', person) / 2 ** 32 < 0.5;
  const lives = (some: readonly EventRow[]) => JSON.stringify(some.filter(({ person }) => heldOut(person)));
  expect(lives(events)).toBe(lives(plain));
  expect(events.some(({ name }) => name === 'Email Sent')).toBe(true);
});

it('a mixture of laws is the law of everybody', () => {
  const { silence, cancellation } = WINBACK_DEFAULTS;
  const mixed = mixedLaw([
    { share: 0.7, law: silence },
    { share: 0.3, law: cancellation.law },
  ]);
  for (const day of [0, 1, 5, 30, 400])
    expect(silenceBeyond(mixed, day)).toBeCloseTo(
      0.7 * silenceBeyond(silence, day) + 0.3 * silenceBeyond(cancellation.law, day),
      12,
    );
  const never = { neverReturn: 1, classes: [{ share: 1, perDay: 1 }] };
  expect(silenceBeyond(mixedLaw([{ share: 1, law: never }]), 9)).toBe(1);
});

it('the same seed gives the same bytes, more people change nobody, and a bad parameter is named', () => {
  for (const make of [synthSaas, synthWinback]) {
    const some = make({ seed: 7, persons: 40 });
    const more = make({ seed: 7, persons: 60 });
    expect(more.events.filter((e) => some.events.some((x) => x.person === e.person))).toEqual(some.events);
    const csv = [...plainCsv(some)].join('');
    expect(csv).toBe([...plainCsv(make({ seed: 7, persons: 40 }))].join(''));
    expect(csv).not.toBe([...plainCsv(make({ seed: 8, persons: 40 }))].join(''));
    expect(csv.trim().split('\n')).toHaveLength(some.events.length + 1);
    expect([...plainJsonLines(some)].join('').trim().split('\n')).toHaveLength(plainRows(some));
    expect(() => make({ seed: 1, persons: 0 })).toThrow(/^persons must be a whole number from 1/);
  }
  const { adoption } = SAAS_DEFAULTS;
  expect(() => synthSaas({ seed: 1, adoption: { ...adoption, cutsDays: [3, 1, 14] } })).toThrow(/adoption.cutsDays/);
  expect(() => synthSaas({ seed: 1, horizonDays: 7 })).toThrow(/horizonDays must be after the last email/);
  const { law } = WINBACK_DEFAULTS.cancellation;
  expect(() => synthWinback({ seed: 1, cancellation: { share: 0.99, law } })).toThrow(
    /together with failedPayment.share/,
  );
  expect(() => synthWinback({ seed: 1, silence: { neverReturn: 2, classes: [] } })).toThrow(/silence.neverReturn/);
});
