// Active hours of planted habits: people who are active at an hour of their own, and people who share one.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { activeHours } from '../../../engine/personalize/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-01-05T00:00:00Z');
const LEAD = 15 * 60_000;

function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** 60 people with two events on each of 12 days, in local time within half an hour of `hourOf`. */
function people(hourOf: (person: number) => number, seed = 1) {
  const roll = dice(seed);
  const events: EventRow[] = [];
  for (let p = 0; p < 60; p++) {
    for (let day = 0; day < 12; day++) {
      for (let i = 0; i < 2; i++) {
        const hour = hourOf(p) + roll() - 0.5;
        events.push({ person: `p${p}`, name: 'Visit', time: START + day * DAY + Math.round(hour * HOUR) });
      }
    }
  }
  return events;
}

const ask = (events: EventRow[], changes: PropertyRow[] = [], person: string | null = null, timezone = 'UTC') =>
  activeHours(buildHistory(events, changes, { observedUntil: START + 40 * DAY }), {
    leadMs: LEAD,
    timezone,
    person,
  });

describe('active hours', () => {
  it('find people who keep an hour of their own, where the hour of all does not', () => {
    const found = ask(people((p) => 8 + (p % 3) * 5));
    expect(found).toMatchObject({ people: 60, withOwn: 60, withZone: 0 });
    expect(found.preferred.reduce((sum, n) => sum + n, 0)).toBe(60);
    expect(found.test?.people).toBe(60);
    expect(found.test?.own).toBeGreaterThan(0.7);
    expect(found.test?.low).toBeGreaterThan(0.3);
    expect(found.elsewhere).toBe(40);
  });

  it('say that an own hour gains nothing where all share one', () => {
    for (const seed of [1, 2, 3]) {
      const { test } = ask(people(() => 19, seed));
      expect(Math.abs(test?.difference ?? 1)).toBeLessThan(0.1);
    }
  });

  it('claim a gain by chance in fewer than one of forty histories without one, and find one that was planted', () => {
    /** @param spread hours by which people's own hours differ */
    const claimed = (histories: number, spread: number) => {
      let found = 0;
      for (let seed = 1; seed <= histories; seed++) {
        const roll = dice(seed * 7919);
        const normal = () => Math.sqrt(-2 * Math.log(1 - roll())) * Math.cos(2 * Math.PI * roll());
        const events: EventRow[] = [];
        for (let p = 0; p < 25; p++) {
          const own = 14 + spread * normal();
          for (let day = 0; day < 24; day++) {
            if (roll() < 0.3) continue;
            const hour = (((own + 2 * normal()) % 24) + 24) % 24;
            events.push({ person: `p${p}`, name: 'Visit', time: START + day * DAY + Math.round(hour * HOUR) });
          }
        }
        if ((ask(events).test?.low ?? 0) > 0) found++;
      }
      return found;
    };
    // Nominally 2.5 in 100; an hour that has to be found costs a little, so fewer.
    expect(claimed(80, 0)).toBeLessThanOrEqual(3);
    expect(claimed(10, 6)).toBeGreaterThanOrEqual(9);
  });

  it('are in each person’s own zone, and midnight is no edge', () => {
    const events = people(() => 24.0);
    const found = ask(events);
    expect(
      Math.min(found.everybody?.preferredMinute ?? 0, 1440 - (found.everybody?.preferredMinute ?? 0)),
    ).toBeLessThan(20);
    const zones = Array.from({ length: 30 }, (_, p): PropertyRow => {
      return { person: `p${p}`, time: START - DAY, property: 'timezone', value: 'Asia/Tokyo' };
    });
    const own = ask(events, zones, 'p0');
    expect(own.withZone).toBe(30);
    expect(Math.abs((own.person?.preferredMinute ?? 0) - 9 * 60)).toBeLessThan(20);
    expect(own.person).toMatchObject({ timezone: 'Asia/Tokyo', isOwn: true, events: 24 });
    expect(own.person?.sendMinute).toBe((own.person?.preferredMinute ?? 0) - 15);
  });

  it('take everybody’s hour for who has fewer than five events, and try nothing on few people', () => {
    const few = [0, 1, 2, 3].map(
      (day): EventRow => ({ person: 'new', name: 'Visit', time: START + day * DAY + 3 * HOUR }),
    );
    const found = ask([...people(() => 19), ...few], [], 'new');
    expect(found).toMatchObject({ people: 61, withOwn: 60 });
    expect(found.person).toMatchObject({ isOwn: false, events: 4 });
    expect(found.person?.preferredMinute).toBe(found.everybody?.preferredMinute);
    expect(ask(few).test).toBeNull();
    expect(ask([], [{ person: 'a', time: START, property: 'x', value: 1 }])).toMatchObject({
      people: 0,
      everybody: null,
    });
  });

  it('have a density that holds the whole of the day, and columns that add up', () => {
    const { everybody } = ask(people((p) => (p % 12) * 2));
    expect(everybody?.hours.reduce((sum, n) => sum + n, 0)).toBe(everybody?.events);
    expect((everybody?.density.reduce((sum, y) => sum + y, 0) ?? 0) / 4).toBeCloseTo(1, 6);
    expect(everybody?.gathering).toBeLessThan(0.1);
  });

  it('leave out the product’s own emails', () => {
    const mails = Array.from(
      { length: 50 },
      (_, i): EventRow => ({ person: 'p0', name: 'Email Sent', time: START + i * HOUR }),
    );
    expect(ask([...people(() => 19), ...mails]).everybody?.events).toBe(60 * 24);
  });
});
