// Moments on the command line and in workflow tests: what they are, and what is refused instead of guessed.

import { describe, expect, it } from 'vitest';
import { dayStart, moment } from '../../../engine/base/index.ts';

describe('a moment', () => {
  it.each([
    ['0', 0],
    ['-1', -1],
    ['1772323200000', Date.UTC(2026, 2, 1)],
    ['2026-03-01', Date.UTC(2026, 2, 1)],
    ['2026-03-01T09:30', Date.UTC(2026, 2, 1, 9, 30)],
    ['2026-03-01 09:30:15', Date.UTC(2026, 2, 1, 9, 30, 15)],
    ['2026-03-01T09:30:15.250Z', Date.UTC(2026, 2, 1, 9, 30, 15, 250)],
    ['2026-03-01t09:30z', Date.UTC(2026, 2, 1, 9, 30)],
    ['2026-03-01T09:30+02:00', Date.UTC(2026, 2, 1, 7, 30)],
    ['2026-03-01T09:30:00-0500', Date.UTC(2026, 2, 1, 14, 30)],
    ['2024-02-29', Date.UTC(2024, 1, 29)],
  ])('%s is %d', (text, time) => {
    expect(moment(text)).toBe(time);
  });

  it.each([
    '',
    'yesterday',
    '1.5',
    '2026-3-1',
    '2026-13-01',
    '2026-02-30',
    '2026-02-30T12:00:00Z',
    '2026-03-01T25:00',
    '2026-03-01T09:30 (whenever)',
    '2026-03-01 or so',
    '99999999999999999999',
  ])('%j is none', (text) => {
    expect(moment(text)).toBeNull();
  });
});

it('a day is one that the calendar has', () => {
  expect(dayStart('2024-02-29')).toBe(Date.UTC(2024, 1, 29));
  expect(dayStart('2023-02-29')).toBeNull();
  expect(dayStart('2024-02-01T00:00')).toBeNull();
});
