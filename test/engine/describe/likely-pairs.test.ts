import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../engine/base/index.ts';
import { isGoalLike, likelyPairs, silence } from '../../../engine/describe/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { synthCart } from '../../../engine/synth/index.ts';
import { describeShared, sharedPath } from '../../helpers/shared.ts';

const T = Date.UTC(2026, 0, 5);
const at = (person: string, name: string, days: number): EventRow => ({ person, name, time: T + days * DAY_MS });

describe('likely pairs', () => {
  it('of a shop: the cart and the purchase, with the counts the history was made with', () => {
    const { events, changes, truth } = synthCart({ seed: 2, persons: 1500 });
    const pairs = likelyPairs(buildHistory(events, changes, { observedUntil: truth.observedUntil }), 10 * DAY_MS);
    expect(pairs[0]).toMatchObject({
      anchor: 'Added to Cart',
      goal: 'Purchased',
      openings: truth.facts.carts,
      converted: truth.facts.purchases,
      goals: truth.facts.purchases,
    });
    expect(pairs.every((pair) => pair.goal === 'Purchased')).toBe(true);
    expect(pairs.some((pair) => pair.anchor.startsWith('Email'))).toBe(false);
  });

  it('counts openings, answers and what could be followed, by hand', () => {
    const events: EventRow[] = [];
    for (let i = 0; i < 20; i++) {
      const p = `p${i}`;
      // Opened, added again, bought: one opening, answered.
      events.push(at(p, 'cart', 0), at(p, 'cart', 1), at(p, 'order', 2));
      // Opened and left to lapse; the add of day 20 opens anew; its purchase at exactly 7 days counts.
      events.push(at(p, 'cart', 10), at(p, 'cart', 20), at(p, 'order', 27));
      // Too late, and without an opening.
      events.push(at(p, 'cart', 30), at(p, 'order', 38), at(p, 'order', 39));
      // Cannot be followed to the end.
      events.push(at(p, 'cart', 58), at(p, 'order', 59));
    }
    const [pair] = likelyPairs(buildHistory(events, [], { observedUntil: T + 60 * DAY_MS }));
    expect(pair).toMatchObject({
      anchor: 'cart',
      goal: 'order',
      openings: 100,
      persons: 20,
      converted: 60,
      mature: 80,
      matureConverted: 40,
      goals: 100,
      withinMs: 7 * DAY_MS,
    });
    expect(pair?.why).toBe(
      '50% of the openings of "cart" reached "order" within 7 d; 60% of all "order" answered one.',
    );
  });

  it('too few to follow: the share is a lower bound and says so', () => {
    const events = Array.from({ length: 30 }, (_, i) => [
      at(`p${i}`, 'cart', 1),
      ...(i < 15 ? [at(`p${i}`, 'paid', 2)] : []),
    ]);
    const [pair] = likelyPairs(buildHistory(events.flat(), [], { observedUntil: T + 3 * DAY_MS }));
    expect(pair).toMatchObject({ mature: 0, matureConverted: 0, converted: 15 });
    expect(pair?.why).toMatch(/^At least 50%/);
  });

  it('of an app without money: what was begun and what followed, not the ending', () => {
    const events = Array.from({ length: 60 }, (_, i) => {
      const p = `p${i}`;
      return [
        at(p, 'registered', 0),
        ...(i % 2 ? [at(p, 'activated', 1)] : []),
        ...(i % 3 ? [] : [at(p, 'cancelled', 3)]),
      ];
    });
    const pairs = likelyPairs(buildHistory(events.flat(), [], { observedUntil: T + 30 * DAY_MS }));
    expect(pairs.map((pair) => [pair.anchor, pair.goal])).toEqual([['registered', 'activated']]);
  });

  it('one event name, or none, makes no pair', () => {
    expect(likelyPairs(buildHistory(Array.from({ length: 50 }, (_, i) => at(`p${i}`, 'purchase', i))))).toEqual([]);
    expect(likelyPairs(buildHistory([]))).toEqual([]);
  });

  it.each([
    ['Purchased', true],
    ['order_completed', true],
    ['checkoutCompleted', true],
    ['Subscribed', true],
    ['buy', true],
    ['Unsubscribed', false],
    ['Order Refunded', false],
    ['Payment Failed', false],
    ['Subscription Cancelled', false],
    ['Viewed Order', false],
    ['Started Subscription', false],
    ['Visited Site', false],
    ['Border Crossed', false],
    ['Subscription Ended', false],
    ['subscription_expired', false],
    ['Subscription Renewed', true],
  ])('"%s" reads like a goal: %s', (name, expected) => {
    expect(isGoalLike(name)).toBe(expected);
  });
});

describeShared('likely pairs of a real cart log', () => {
  it('put the cart before views and favourites', () => {
    const text = gunzipSync(readFileSync(sharedPath('data', 'taobao_cart_events.csv.gz'))).toString();
    const rows = text.trim().split('\n').slice(1);
    const events = rows.map((line): EventRow => {
      const [person, , , name, seconds] = line.split(',');
      return { person: person as string, name: name as string, time: Number(seconds) * 1000 };
    });
    const pairs = likelyPairs(buildHistory(events));
    expect(pairs.map((pair) => `${pair.anchor} ${pair.goal}`)).toEqual(['cart buy', 'pv buy', 'fav buy']);
  });
});

describe('silence', () => {
  it('counts silences from each activity on, returns, and what could be followed, by hand', () => {
    const events = [
      // Returns after 3 days, then silent for 37 to the end.
      at('ann', 'Used', 0),
      at('ann', 'Used', 3),
      // Mail is no activity: one silence of 20 days, ended; then 20 more to the end.
      at('bob', 'Used', 0),
      at('bob', 'Email Opened', 10),
      at('bob', 'Used', 20),
      // Nothing but mail: nobody.
      at('cyd', 'Email Sent', 1),
    ];
    const counted = silence(buildHistory(events, [], { observedUntil: T + 40 * DAY_MS }), 14 * DAY_MS);
    expect(counted).toMatchObject({ persons: 2, ended: 2, followMs: 14 * DAY_MS });
    const step = (days: number) => counted.steps.find((s) => s.silentMs === days * DAY_MS);
    expect(step(2)).toEqual({
      silentMs: 2 * DAY_MS,
      reached: 4,
      returnedLater: 2,
      followed: 4,
      returnedWithinFollow: 1,
      silentNow: 2,
    });
    // A silence of exactly 3 days is not longer than 3 days.
    expect(step(3)).toMatchObject({ reached: 3, returnedLater: 1, returnedWithinFollow: 0 });
    // Ann's and Bob's (return at 20 <= 7 + 14) can be followed, Bob's last (20 + 7 + 14 > 40) cannot.
    expect(step(7)).toMatchObject({ reached: 3, followed: 2, returnedWithinFollow: 1, silentNow: 2 });
    expect(step(30)).toMatchObject({ reached: 1, returnedLater: 0, followed: 0, silentNow: 1 });
    expect(step(45)).toBeUndefined();
  });

  it('of nobody is empty', () => {
    expect(silence(buildHistory([]), HOUR_MS)).toEqual({ persons: 0, ended: 0, followMs: HOUR_MS, steps: [] });
  });
});
