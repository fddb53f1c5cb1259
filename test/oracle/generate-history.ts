// Random histories of a few people: nobody's events, one, many; ties and repeated rows; keys and amounts as numbers and
// as text; addresses known early, late or never.

import { type Dice, type Grid, shuffled, ZONES } from './dice.ts';
import { localDay } from './local-time.ts';
import type { Dataset, OracleChange, OracleEvent, Plain } from './shapes.ts';

const NAMES = ['A', 'A', 'A', 'B', 'B', 'C', 'D', 'Email Sent', 'Email Opened', 'Unsubscribed'];
export const EVENT_PROPERTIES: Record<string, readonly Plain[]> = {
  cart: [7, '7', 'x', 0.1, '0.1', true, '7.0', ' 7', 0, -0, ''],
  amount: [0.1, 0.2, 0.3, 20, 20, '20', '19.5', 'abc', '', -1, ' 20 ', '2e1', '0x14', '+20', '20.', 'Infinity', '1,5'],
  tag: ['red', 'blue', 'redblue', 'Red', ''],
  paid: [true, true, false, 'true', 'TRUE', 1, 'yes'],
};
export const PERSON_PROPERTIES: Record<string, readonly Plain[]> = {
  plan: ['free', 'pro', 'pro'],
  consent: [true, true, false, 'true', 'yes', 1],
  score: [1, 5, '5', ' 5', 10],
  timezone: [...ZONES, 'Nowhere/City'],
  renewal: [
    '2026-03-08',
    '2026-03-29',
    '2026-11-01',
    '2024-02-29',
    '2025-12-31',
    'soon',
    '2026-02-30',
    '2026-3-8',
    20260308,
  ],
  email: ['a@b.co', 'c@d.org', '', ' '],
};

export function generateHistory(dice: Dice, grid: Grid): Dataset {
  const events: OracleEvent[] = [];
  const changes: OracleChange[] = [];
  // Now and then a crowd, with more names than a byte can count.
  const isCrowd = dice.chance(0.006);
  const addresses = dice.pick(['none', 'early', 'early', 'mixed', 'mixed']);
  const withProperties = dice.chance(0.7);
  const ids = Array.from({ length: isCrowd ? 200 : dice.int(1, 5) }, () =>
    dice.chance(addresses === 'mixed' ? 0.15 : 0)
      ? `u${dice.int(0, 999)}@x.io`
      : `${dice.pick(['u', 'u', 'Zoë ', '用户', '😀'])}${dice.int(0, 9999)}`,
  );
  for (const person of new Set(ids)) {
    const nEvents = dice.pick([0, 1, 2, 4, 6, 10, 15, 20, 30]);
    for (let i = 0; i < nEvents; i++) {
      const event: OracleEvent = {
        person,
        name: isCrowd && dice.chance(0.3) ? `X${dice.int(0, 400)}` : dice.pick(NAMES),
        time: grid.instant(),
      };
      if (dice.chance(0.5)) event.value = dice.pick([0, 0.1, 0.2, 0.3, 5, 19.99, 20, 100]);
      if (withProperties) event.properties = someOf(dice, EVENT_PROPERTIES, 0.35);
      if (addresses === 'mixed' && dice.chance(0.05)) event.properties = { ...event.properties, email: 'e@f.net' };
      events.push(event);
      if (dice.chance(0.1)) events.push(structuredClone(event));
    }
    if (addresses === 'early' || (addresses === 'mixed' && dice.chance(0.6))) {
      const time = addresses === 'early' ? grid.start : grid.instant();
      changes.push({ person, time, property: 'email', value: 'p@q.com' });
    }
    const nChanges = withProperties ? dice.pick([0, 0, 1, 2, 4, 6]) : nEvents === 0 ? 1 : 0;
    for (let i = 0; i < nChanges; i++) {
      const property = dice.pick(
        Object.keys(PERSON_PROPERTIES).filter((name) => name !== 'email' || addresses !== 'none'),
      );
      const value = dice.chance(0.12) ? null : propertyValue(dice, grid, property);
      changes.push({ person, time: grid.instant(), property, value });
    }
  }
  // Now and then the history goes on past the end of observation: what lies there is unknown.
  const observedUntil = dice.chance(0.08) ? grid.instant() : grid.end;
  return { events: shuffled(dice, events), changes: shuffled(dice, changes), observedUntil };
}

/** Dates mostly lie where the history does, or 14 days after it. */
export function propertyValue(dice: Dice, grid: Grid, property: string): Plain {
  if (property === 'renewal' && dice.chance(0.7)) {
    const day = localDay(grid.instant(), grid.zone) + dice.pick([0, 0, 1, -1, 14]);
    return new Date(day * 86_400_000).toISOString().slice(0, 10);
  }
  return dice.pick(PERSON_PROPERTIES[property] as readonly Plain[]);
}

function someOf(dice: Dice, choices: Record<string, readonly Plain[]>, p: number): Record<string, Plain> {
  const some: Record<string, Plain> = {};
  for (const [name, values] of Object.entries(choices)) if (dice.chance(p)) some[name] = dice.pick(values);
  return some;
}
