import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, UserError } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, reachability } from '../../../engine/events/index.ts';
import { CART_DEFAULTS, cartSurvival, synthCart, synthCsv, synthJsonLines } from '../../../engine/synth/index.ts';

/** Opening-to-purchase spells of the clock `first`: an add opens, adds while open are nothing, at opened + H it lapses. */
function spells(events: readonly EventRow[], horizonMs: number, until: number) {
  const found: { length: number; bought: boolean }[] = [];
  let person = '';
  let opened: number | null = null;
  const lapse = (now: number) => {
    if (opened === null || now <= opened + horizonMs) return;
    found.push({ length: horizonMs, bought: false });
    opened = null;
  };
  const end = () => {
    lapse(until);
    if (opened !== null) found.push({ length: until - opened, bought: false });
    opened = null;
  };
  for (const event of events) {
    if (event.person !== person) end();
    person = event.person;
    lapse(event.time);
    if (event.name === 'Added to Cart') opened ??= event.time;
    else if (event.name === 'Purchased' && opened !== null) {
      found.push({ length: event.time - opened, bought: true });
      opened = null;
    }
  }
  end();
  return found;
}

/** Kaplan-Meier with Greenwood's standard error at the times asked for, by the definition. */
function kaplanMeier(found: ReturnType<typeof spells>, times: readonly number[]) {
  const sorted = [...found].sort((a, b) => a.length - b.length);
  let survival = 1;
  let greenwood = 0;
  let at = 0;
  return times.map((t) => {
    for (; at < sorted.length && (sorted[at] as { length: number }).length <= t; ) {
      const { length } = sorted[at] as { length: number };
      const atRisk = sorted.length - at;
      let bought = 0;
      for (; sorted[at]?.length === length; at++) if (sorted[at]?.bought) bought++;
      survival *= 1 - bought / atRisk;
      greenwood += bought === 0 ? 0 : bought / (atRisk * (atRisk - bought));
    }
    return { t, survival, se: survival * Math.sqrt(greenwood) };
  });
}

describe('the truth holds for the history that was made', () => {
  const made = synthCart({ seed: 11, persons: 20_000, newsletterDays: 0 });
  const { truth } = made;

  for (const horizonMs of [DAY_MS, truth.horizonMs, CART_DEFAULTS.cartLifeMs]) {
    it(`Kaplan-Meier with a horizon of ${horizonMs / DAY_MS} d is within 4 standard errors of S(t)`, () => {
      const minutes = [2, 5, 10, 15, 30, 60, 240, 720, 1440, 2880, 4320, 10_080];
      const times = minutes.map((m) => m * MINUTE_MS).filter((t) => t <= horizonMs);
      const estimated = kaplanMeier(spells(made.events, horizonMs, truth.observedUntil), times);
      for (const { t, survival, se } of estimated) {
        expect(se).toBeGreaterThan(0);
        expect(se).toBeLessThan(0.01);
        expect(Math.abs(survival - cartSurvival(truth.conversion, t)) / se).toBeLessThan(4);
      }
    });
  }

  it('every cart is one spell, every purchase ends one, further adds notwithstanding', () => {
    const found = spells(made.events, CART_DEFAULTS.cartLifeMs, truth.observedUntil);
    expect(found).toHaveLength(truth.facts.carts);
    expect(found.filter((spell) => spell.bought)).toHaveLength(truth.facts.purchases);
    const adds = made.events.filter((event) => event.name === 'Added to Cart');
    expect(adds.length).toBeGreaterThan(1.3 * truth.facts.carts);
  });

  it('shares of windows in the table are those of the closed form', () => {
    const hour = truth.windows.find((window) => window.windowMs === HOUR_MS);
    const at = (t: number) => cartSurvival(truth.conversion, t);
    expect(hour?.pFire).toBe(at(HOUR_MS));
    expect(hour?.wasteRate).toBeCloseTo(1 - at(truth.horizonMs) / at(HOUR_MS), 12);
    expect(truth.survival.at(-1)).toEqual({ t: truth.horizonMs, notConverted: at(truth.horizonMs) });
  });
});

describe('the shop is one to plan a cart workflow with', () => {
  const made = synthCart({ seed: 1 });
  const { facts } = made.truth;
  const of = (name: string) => made.events.filter((event) => event.name === name);

  it('has thousands of carts, and orders most of which cost 20 to 200', () => {
    expect(facts.persons).toBe(4000);
    expect(facts.carts).toBeGreaterThan(5000);
    const revenue = of('Purchased').map((event) => event.value as number);
    expect(revenue.filter((r) => r >= 20 && r <= 200).length / revenue.length).toBeGreaterThan(0.8);
    expect(Math.min(...revenue)).toBeGreaterThan(0);
  });

  it('has a revenue on every purchase: what was added to that cart', () => {
    const cents = new Map<unknown, number>();
    for (const add of of('Added to Cart')) {
      const cart = add.properties?.['cart_id'];
      cents.set(cart, (cents.get(cart) ?? 0) + Math.round((add.value as number) * 100));
      expect(add.value).toBeCloseTo(
        (add.properties?.['price'] as number) * (add.properties?.['quantity'] as number),
        9,
      );
    }
    for (const bought of of('Purchased')) {
      expect(Math.round((bought.value as number) * 100)).toBe(cents.get(bought.properties?.['cart_id']));
      expect(bought.properties?.['revenue']).toBe(bought.value);
      expect(bought.properties?.['currency']).toBe('USD');
    }
    expect(new Set(of('Purchased').map((event) => event.properties?.['order_id'])).size).toBe(facts.purchases);
  });

  it('has late buyers with larger baskets and some carts under 20', () => {
    const opened = new Map<unknown, number>();
    for (const add of of('Added to Cart')) {
      if (!opened.has(add.properties?.['cart_id'])) opened.set(add.properties?.['cart_id'], add.time);
    }
    const mean = (rows: EventRow[]) => rows.reduce((sum, row) => sum + (row.value as number), 0) / rows.length;
    const late = (row: EventRow) => row.time - (opened.get(row.properties?.['cart_id']) as number) > HOUR_MS;
    const [slow, fast] = [of('Purchased').filter(late), of('Purchased').filter((row) => !late(row))];
    expect(Math.min(slow.length, fast.length)).toBeGreaterThan(500);
    expect(mean(slow)).toBeGreaterThan(1.1 * mean(fast));
    expect(of('Added to Cart').filter((add) => (add.value as number) < 20).length).toBeGreaterThan(300);
  });

  it('knows addresses from the first event, from a sign-up, from a purchase, or never', () => {
    const history = buildHistory(made.events, made.changes, { observedUntil: made.truth.observedUntil });
    const { since } = reachability(history, 'email');
    expect([...(since as Float64Array)].filter(Number.isFinite)).toHaveLength(facts.reachable);
    expect(facts.reachable / facts.persons).toBeGreaterThan(0.6);
    expect(facts.reachable / facts.persons).toBeLessThan(0.85);
    const late = made.aliases.map(({ person, time }) => {
      expect(since?.[history.personIndex(person)]).toBe(time);
      return made.events.find((event) => event.person === person && event.time === time)?.name;
    });
    expect([...new Set(late)].sort()).toEqual(['Purchased', 'Signed Up']);
  });

  it('visits follow weekday and local hour, and a few people make many of them', () => {
    const visits = of('Visited Site');
    const byHour = Map.groupBy(visits, (visit) => new Date(visit.time).getUTCHours());
    const perHour = Array.from({ length: 24 }, (_, hour) => byHour.get(hour)?.length ?? 0);
    expect(Math.max(...perHour)).toBeGreaterThan(3 * Math.min(...perHour));
    const counts = [...Map.groupBy(visits, (visit) => visit.person).values()].map((own) => own.length);
    counts.sort((a, b) => b - a);
    const top = counts.slice(0, counts.length / 10).reduce((a, b) => a + b, 0);
    expect(top / visits.length).toBeGreaterThan(0.25);
  });

  it('newsletters go to known addresses only and stop at the unsubscription', () => {
    const sent = of('Email Sent');
    const known = new Map(
      made.changes.filter((c) => c.property === 'email').map((change) => [change.person, change.time]),
    );
    for (const mail of sent) expect(mail.time).toBeGreaterThanOrEqual(known.get(mail.person) as number);
    const left = new Map(of('Unsubscribed').map((event) => [event.person, event.time]));
    expect(left.size).toBeGreaterThan(10);
    for (const mail of sent) expect(mail.time).toBeLessThan(left.get(mail.person) ?? Number.POSITIVE_INFINITY);
  });
});

describe('everything follows from the seed', () => {
  const small = { seed: 3, persons: 60, days: 30 };
  const text = (made: ReturnType<typeof synthCart>) => [...synthCsv(made), ...synthJsonLines(made)].join('');

  it('the same seed gives the same bytes, another seed others', () => {
    expect(text(synthCart(small))).toBe(text(synthCart(small)));
    expect(text(synthCart({ ...small, seed: 4 }))).not.toBe(text(synthCart(small)));
  });

  it('adding people changes nobody else', () => {
    const few = synthCart(small);
    const many = synthCart({ ...small, persons: 90 });
    const ids = new Set(few.events.map((event) => event.person));
    expect(many.events.filter((event) => ids.has(event.person))).toEqual(few.events);
    expect(many.changes.filter((change) => ids.has(change.person))).toEqual(few.changes);
    expect(many.rows.filter((row) => row.kind === 'event' && ids.has(row.event.person))).toEqual(
      few.rows.filter((row) => row.kind === 'event'),
    );
  });

  it('leaving out the newsletters moves no visit, cart or purchase', () => {
    const without = synthCart({ ...small, newsletterDays: 0 });
    const carts = (made: ReturnType<typeof synthCart>) =>
      made.events.filter((event) => event.name === 'Added to Cart' || event.name === 'Purchased');
    expect(carts(without).length).toBeGreaterThan(20);
    expect(carts(synthCart(small))).toEqual(carts(without));
  });
});

it('whatever the parameters: whole seconds, one event a second per person, all within the observation', () => {
  fc.assert(
    fc.property(
      fc.record({
        seed: fc.integer({ min: 0, max: 1e6 }),
        persons: fc.integer({ min: 1, max: 12 }),
        days: fc.integer({ min: 1, max: 90 }),
        visitsPerDay: fc.double({ min: 0, max: 6, noNaN: true }),
        activitySigma: fc.double({ min: 0, max: 2, noNaN: true }),
        cartShare: fc.double({ min: 0, max: 1, noNaN: true }),
        newcomers: fc.double({ min: 0, max: 1, noNaN: true }),
        newsletterDays: fc.integer({ min: 0, max: 10 }),
      }),
      (options) => {
        const { events, truth } = synthCart(options);
        expect(new Set(events.map((event) => event.person)).size).toBe(options.persons);
        expect(new Set(events.map((event) => `${event.person} ${event.time}`)).size).toBe(events.length);
        for (const { time } of events) {
          expect(time % 1000).toBe(0);
          expect(time >= truth.observedFrom && time < truth.observedUntil).toBe(true);
        }
        expect(spells(events, CART_DEFAULTS.cartLifeMs, truth.observedUntil)).toHaveLength(truth.facts.carts);
      },
    ),
    { numRuns: 60 },
  );
});

it('a parameter out of range is refused by its name', () => {
  const bad: [Parameters<typeof synthCart>[0], RegExp][] = [
    [{ seed: 1, persons: 0 }, /^persons/],
    [{ seed: 1, persons: 1.5 }, /^persons/],
    [{ seed: 1, persons: 1e7 }, /^persons/],
    [{ seed: 1, days: 0 }, /^days/],
    [{ seed: 1, start: 1_500 }, /^start.*whole second/],
    [{ seed: 1, cartShare: 2 }, /^cartShare/],
    [{ seed: 1, cartLifeMs: HOUR_MS }, /^cartLifeMs/],
    [{ seed: 1, reach: { known: 0.5, signUp: 0, checkout: 0, never: 0 } }, /^reach.*add up/],
    [{ seed: 1, faults: { duplicates: 0, late: Number.NaN, bad: 0 } }, /^faults.late/],
  ];
  for (const [options, message] of bad) {
    expect(() => synthCart(options)).toThrow(UserError);
    expect(() => synthCart(options)).toThrow(message);
  }
});
