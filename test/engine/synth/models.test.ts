// The product and the subscription: truths against reference values, and what a history shows against its truth.

import { expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import {
  adoptionEffect,
  adoptionSurvival,
  dayOfHazard,
  equivalentResponses,
  goneShare,
  plainCsv,
  plainJsonLines,
  plainRows,
  returnWithin,
  SAAS_DEFAULTS,
  silenceBeyond,
  synthSaas,
  synthWinback,
  WINBACK_DEFAULTS,
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

it('a subscription shows its law, with one silence a person that ends to the day', () => {
  const { events, truth, parameters } = synthWinback({ seed: 4, persons: 3000 });
  const silences = new Map<string, number>();
  const last = new Map<string, number>();
  const seen = new Map<string, number>();
  for (const { person, time } of events) {
    const gap = time - (seen.get(person) ?? time);
    seen.set(person, time);
    if (gap >= DAY_MS) {
      expect(silences.has(person)).toBe(false);
      expect(gap % DAY_MS).toBe(0);
      silences.set(person, gap / DAY_MS);
    }
    if (!silences.has(person)) last.set(person, time);
  }
  expect(last.size).toBe(3000);
  expect(silences.size).toBe(truth.facts.returned);
  for (const { inactive, beyond } of truth.silences) {
    const watched = [...last].filter(([, at]) => at + inactive < truth.observedUntil);
    const longer = watched.filter(([person]) => !((silences.get(person) ?? Infinity) <= inactive / DAY_MS)).length;
    const se = Math.sqrt((beyond * (1 - beyond)) / watched.length);
    expect(Math.abs(longer / watched.length - beyond)).toBeLessThan(4 * se);
  }
  const back = events.filter((e) => e.name === 'Reactivated Subscription').map((e) => silences.get(e.person) ?? 0);
  expect(Math.min(...back)).toBe(parameters.lostAfterDays + 1);
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
  expect(() => synthWinback({ seed: 1, silence: { neverReturn: 2, classes: [] } })).toThrow(/silence.neverReturn/);
});
