import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  day,
  duration,
  fileName,
  instant,
  listed,
  money,
  percent,
  percentagesOf,
  points,
  roundedToSum,
  sentence,
  share,
  signedCount,
  signedMoney,
  weeks,
} from '../../../engine/report/format.ts';

describe('figures as pages print them', () => {
  it('groups thousands, and says millions from a million on', () => {
    expect(count(1_271)).toBe('1,271');
    expect(count(999_999)).toBe('999,999');
    expect(count(1_234_567)).toBe('1.23 million');
  });

  it('puts a true minus and a plus on differences, and neither on 0', () => {
    expect(signedCount(483)).toBe('+483');
    expect(signedCount(-136)).toBe('\u2212136');
    expect(signedCount(0.4)).toBe('0');
    expect(signedCount(-0.4)).toBe('0');
  });

  it('never writes 0.0% for something, nor 100.0% for less than all', () => {
    expect(percent(0.0004)).toBe('under 0.1%');
    expect(percent(0.9996)).toBe('over 99.9%');
    expect(percent(0)).toBe('0%');
    expect(percent(1)).toBe('100%');
    expect(percent(0.675)).toBe('67.5%');
    expect(percent(0.0452, 2)).toBe('4.52%');
  });

  it('says 0 of how many, where nothing was counted', () => {
    expect(share(0, 4_861)).toBe('0 of 4,861');
    expect(share(0, 0)).toBe('none to count');
    expect(share(211, 4_861)).toBe('4.3%');
  });

  it('writes differences of rates in points', () => {
    expect(points(0.0158)).toBe('+1.58 pp');
    expect(points(-0.0128)).toBe('\u22121.28 pp');
    expect(points(0.00001)).toBe('under 0.01 pp');
  });

  it('follows the currency, and rounds what is uncertain', () => {
    expect(money(71.38, 'USD')).toBe('$71.38');
    expect(money(11_820, 'USD')).toBe('$11,820');
    expect(money(-84, 'EUR')).toBe('\u2212€84');
    expect(money(1_200, 'SEK')).toBe('1,200 SEK');
    expect(money(1_200, null)).toBe('1,200');
    expect(signedMoney(11_823.4, 'USD', 37_900)).toBe('+$11,820');
    expect(signedMoney(11.5, 'USD', 20)).toBe('+$11.50');
    expect(signedMoney(-0.001, 'USD')).toBe('$0.00');
  });

  it('writes times and durations with their units', () => {
    expect(duration(60_000)).toBe('1 min');
    expect(duration(3_600_000)).toBe('60 min');
    expect(duration(7_200_000)).toBe('2 h');
    expect(duration(169 * 3_600_000)).toBe('7 d 1 h');
    expect(duration(5.43 * 86_400_000)).toBe('5.43 d');
    expect(duration(8 * 86_400_000)).toBe('8 d');
    expect(weeks(1)).toBe('1 week');
    expect(day(Date.UTC(2026, 6, 14, 20, 5))).toBe('14 Jul 2026');
    expect(instant(Date.UTC(2026, 6, 14, 20, 5))).toBe('14 Jul 2026, 20:05 UTC');
  });

  it('makes sentences of parts', () => {
    expect(listed(['2 h', '4 h', '24 h'])).toBe('2 h, 4 h and 24 h');
    expect(listed(['2 h'])).toBe('2 h');
    expect(sentence('26 % of "cart" reached it')).toBe('26% of "cart" reached it.');
    expect(fileName('/home/me/a shop.csv')).toBe('a shop.csv');
    expect(fileName('C:\\data\\shop.csv')).toBe('shop.csv');
  });

  it('rounds parts of any sign so that they add up to their rounded sum', () => {
    expect(roundedToSum([1_039, -112, -37.5, -6], 10)).toEqual([1_040, -110, -40, -10]);
    expect(roundedToSum([], 10)).toEqual([]);
    fc.assert(
      fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 6 }), (parts) => {
        const rounded = roundedToSum(parts, 10);
        const sum = parts.reduce((all, part) => all + part, 0);
        expect(rounded.reduce((all, part) => all + part, 0)).toBe(Math.round(sum / 10) * 10 + 0);
        for (const [i, part] of parts.entries()) expect(Math.abs((rounded[i] ?? 0) - part)).toBeLessThanOrEqual(10);
      }),
    );
  });

  it('rounds parts so that they add up to 100', () => {
    expect(percentagesOf([1, 1, 1], 0)).toEqual([34, 33, 33]);
    expect(percentagesOf([0, 0], 0)).toEqual([0, 0]);
    fc.assert(
      fc.property(fc.array(fc.nat(1_000), { minLength: 1, maxLength: 6 }), (parts) => {
        fc.pre(parts.some((part) => part > 0));
        const sum = percentagesOf(parts, 2).reduce((all, part) => all + Math.round(part * 100), 0);
        expect(sum).toBe(10_000);
      }),
    );
  });
});
