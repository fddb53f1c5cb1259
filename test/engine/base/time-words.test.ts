import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  DAY_MS,
  day,
  exactInstant,
  HOUR_MS,
  humanDuration,
  instant,
  longDuration,
  MINUTE_MS,
  sortableInstant,
  span,
  WEEK_MS,
  weeks,
  withInstants,
} from '../../../engine/base/index.ts';

describe('durations in words', () => {
  it.each([
    [0, '0 s'],
    [450, '0.45 s'],
    [45_000, '45 s'],
    [MINUTE_MS, '1 min'],
    [90_000, '90 s'],
    [2 * MINUTE_MS, '2 min'],
    [HOUR_MS, '60 min'],
    [90 * MINUTE_MS, '90 min'],
    [2 * HOUR_MS, '2 h'],
    [DAY_MS, '24 h'],
    [2 * DAY_MS, '2 d'],
    [8 * DAY_MS, '8 d'],
  ])('take one unit where it is whole: %d ms', (ms, text) => expect(humanDuration(ms)).toBe(text));

  it.each([
    // Once 7.04 d, where a window of an hour and a week were meant.
    [7 * DAY_MS + HOUR_MS, '7 d 1 h'],
    [125 * MINUTE_MS, '2 h 5 min'],
    [150 * MINUTE_MS, '2.5 h'],
    [3.5 * DAY_MS, '3.5 d'],
    [370 * DAY_MS + 5 * HOUR_MS, '370 d 5 h'],
  ])('are exact with halves or two units: %d ms', (ms, text) => expect(humanDuration(ms)).toBe(text));

  it.each([
    [53.1 * MINUTE_MS, '53.1 min'],
    [29.1 * HOUR_MS + 7_000, '29.1 h'],
    [29 * HOUR_MS + 28 * MINUTE_MS, '29.5 h'],
    [5.43 * DAY_MS, '5.43 d'],
    [27.9999 * DAY_MS, '28 d'],
    [1_234.4 * DAY_MS, '1,234 d'],
  ])('are rounded otherwise: %d ms', (ms, text) => expect(humanDuration(ms)).toBe(text));

  it('say what they are to within half of their last digit', () => {
    const units: Record<string, number> = { s: 1_000, min: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
    fc.assert(
      fc.property(fc.nat(400 * DAY_MS), (ms) => {
        const parts = humanDuration(ms).split(' ');
        let read = 0;
        for (let i = 0; i < parts.length; i += 2) read += Number(parts[i]) * (units[parts[i + 1] as string] as number);
        expect(Math.abs(read - ms)).toBeLessThanOrEqual(0.0051 * ms + 1);
      }),
    );
  });

  it('are spelled out in prose', () => {
    expect([MINUTE_MS, HOUR_MS, DAY_MS, 3 * DAY_MS, 4 * DAY_MS, 7 * DAY_MS + HOUR_MS].map(longDuration)).toEqual([
      '1 minute',
      '60 minutes',
      '24 hours',
      '72 hours',
      '4 days',
      '7 days 1 hour',
    ]);
  });

  it('count weeks where there are some', () => {
    expect([weeks(1), weeks(13)]).toEqual(['1 week', '13 weeks']);
    expect(span(26.1 * WEEK_MS)).toBe('26 weeks');
    expect(span(8 * DAY_MS)).toBe('8 d');
  });
});

describe('moments in words', () => {
  it('are in UTC', () => {
    const at = Date.UTC(2026, 6, 4, 20, 5, 9);
    expect(day(at)).toBe('4 Jul 2026');
    expect(instant(at)).toBe('4 Jul 2026, 20:05 UTC');
    expect(sortableInstant(at)).toBe('2026-07-04 20:05:09');
    expect(day(Date.UTC(1969, 11, 31))).toBe('31 Dec 1969');
  });
  it('are found again inside a sentence, and nothing else is', () => {
    const at = Date.UTC(2026, 6, 4, 20, 5, 9);
    const hour = (ms: number) => `hour ${new Date(ms).getUTCHours()}`;
    expect(exactInstant(at)).toBe('2026-07-04 20:05:09 UTC');
    expect(withInstants(`waits from ${exactInstant(at)} until ${exactInstant(at + 7_200_000)}, 2 h`, hour)).toBe(
      'waits from hour 20 until hour 22, 2 h',
    );
    const others = 'due is "2026-07-04", "2026-07-04T20:05:09Z" or 2026-07-04 20:05:09';
    expect(withInstants(others, hour)).toBe(others);
  });
});
