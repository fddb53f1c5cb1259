import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, DURATION_PATTERN, formatDuration, HOUR_MS, parseDuration } from '../../../engine/base/index.ts';

describe('durations', () => {
  it.each([
    ['45s', 45_000],
    ['60m', 3_600_000],
    ['24h', DAY_MS],
    ['7d', 7 * DAY_MS],
    ['2w', 14 * DAY_MS],
    ['1h30m', 5_400_000],
    ['1w1d1h1m1s', 8 * DAY_MS + 3_661_000],
    ['0d', 0],
    ['007m', 420_000],
  ])('read %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    '60',
    'm',
    '1.5h',
    '-1h',
    '+1h',
    '1 h',
    '30m1h',
    '1h1h',
    '1H',
    '60m\n',
    '1y',
    '1ms',
    '9007199254740993s',
  ])('refuse %j', (text) => expect(parseDuration(text)).toBeNull());

  it('fit the pattern of the schema exactly where they can be read, short of overflow', () => {
    const units = { w: 604_800_000n, d: 86_400_000n, h: 3_600_000n, m: 60_000n, s: 1_000n };
    const exactMs = (text: string) =>
      [...text.matchAll(/(\d+)([wdhms])/g)].reduce(
        (sum, [, digits, unit]) => sum + BigInt(digits as string) * units[unit as keyof typeof units],
        0n,
      );
    const parts = fc.array(fc.tuple(fc.nat(999), fc.constantFrom('w', 'd', 'h', 'm', 's', '')), { maxLength: 4 });
    const overflow: [number, string][] = [
      [15_100, ''],
      [100, 'w'],
    ];
    fc.assert(
      fc.property(parts, (list) => {
        const text = list.flat().join('');
        const fits = new RegExp(DURATION_PATTERN, 'u').test(text);
        const isSafe = exactMs(text) <= BigInt(Number.MAX_SAFE_INTEGER);
        expect(parseDuration(text)).toBe(fits && isSafe ? Number(exactMs(text)) : null);
      }),
      { examples: [[overflow]] },
    );
  });

  it('are written in the largest unit that divides them, in parts where that takes 100 or more', () => {
    const written = (ms: number) => formatDuration(ms);
    expect([60_000, 90 * 60_000, HOUR_MS, 36 * HOUR_MS, 168 * HOUR_MS, 400 * DAY_MS].map(written)).toEqual([
      '1m',
      '90m',
      '1h',
      '36h',
      '7d',
      '400d',
    ]);
    // Once written in seconds: 100h as 360000s.
    expect([100 * HOUR_MS, 150 * 60_000, 125_000, 0].map(written)).toEqual(['4d4h', '2h30m', '2m5s', '0s']);
  });

  it('survive writing and reading', () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), (s) => {
        expect(parseDuration(formatDuration(s * 1000))).toBe(s * 1000);
      }),
    );
  });
});
