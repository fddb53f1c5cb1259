// Which day a property's value names, and when a trigger on it fires.

import { describe, expect, it } from 'vitest';
import { localTime } from '../../../engine/replay/index.ts';
import { dayOf, momentAfter, momentOn } from '../../../engine/replay/property-triggers.ts';
import type { DateTrigger, PropertyTrigger } from '../../../engine/workflow/index.ts';
import { line, replayCase, set } from '../../helpers/replay.ts';
import { DAY, HOUR, MIN, workflow } from '../../helpers/workflow.ts';

const utc = localTime('UTC');
const newYork = localTime('America/New_York');
const iso = (day: number | null) => (day === null ? null : new Date(day * DAY).toISOString().slice(0, 10));

describe('the day a value names', () => {
  it.each([
    ['2024-03-10', '2024-03-10'],
    [' 2024-03-10 ', '2024-03-10'],
    ['2024-02-29', '2024-02-29'],
    ['2023-02-29', null],
    ['2024-13-01', null],
    ['2024-00-10', null],
    ['2024-01-00', null],
    ['2024-01-32', null],
    ['0099-12-31', '0099-12-31'],
    ['2024-3-10', null],
    ['24-03-10', null],
    ['x2024-03-10', null],
    ['2024-03-10x', null],
    ['2024-03-10T23:59', '2024-03-10'],
    ['2024-03-10 23:59:59', '2024-03-10'],
    ['2024-03-10T23:59:59.5', '2024-03-10'],
    ['2024-03-10T23:59:59,123', '2024-03-10'],
    ['2024-03-10T23:59Z', '2024-03-10'],
    ['2024-03-10t23:59z', '2024-03-10'],
    ['2024-03-10T23:59:59.5Z', '2024-03-10'],
    ['2024-03-10T23:59:59,5Z', '2024-03-10'],
    ['2024-03-10T23:59-01:00', '2024-03-11'],
    ['2024-03-10T23:59-0100', '2024-03-11'],
    ['2024-03-10T23:59 -01', '2024-03-11'],
    ['2024-03-10T00:30+0030', '2024-03-10'],
    ['2024-03-10T00:30+00:31', '2024-03-09'],
    ['2024-03-10T24:30Z', null],
    ['2024-03-10T10Z', null],
    ['2024-03-10T10:00:00.Z', null],
    ['', null],
    ['soon', null],
    ['1710028800000', '2024-03-10'],
    ['1710028799999', '2024-03-09'],
  ])('of %j is %j', (value, day) => {
    expect(iso(dayOf(value, utc))).toBe(day);
  });
  it('of a number is that of its instant, as far as the year 9999', () => {
    expect(dayOf(0, utc)).toBe(0);
    expect(dayOf(-1, utc)).toBe(-1);
    expect(dayOf(-0.5, utc)).toBe(-1);
    expect(dayOf(DAY - 0.5, utc)).toBe(0);
    expect(iso(dayOf(253_402_300_799_999, utc))).toBe('9999-12-31');
    expect(dayOf(253_402_300_800_000, utc)).toBeNull();
    expect(dayOf(-253_402_300_800_000, utc)).toBeNull();
    expect(dayOf(true, utc)).toBeNull();
  });
  it('is local: an instant falls on its day in the zone, a date stands as it is', () => {
    expect(iso(dayOf('2024-03-10', newYork))).toBe('2024-03-10');
    expect(iso(dayOf('2024-03-10T03:00', newYork))).toBe('2024-03-10');
    expect(iso(dayOf('2024-03-10T03:00Z', newYork))).toBe('2024-03-09');
    expect(iso(dayOf(Date.parse('2024-03-10T03:00Z'), newYork))).toBe('2024-03-09');
  });
});

describe('the moment about a date', () => {
  const trigger = (parts: Partial<DateTrigger> = {}): DateTrigger => ({
    type: 'date',
    property: 'due',
    offsetDays: 0,
    atMinute: 0,
    yearly: false,
    ...parts,
  });
  const next = (of: DateTrigger, value: string, moment: string, zone = utc) => {
    const found = momentAfter(of, value, zone, Date.parse(moment));
    return found === null ? null : new Date(found).toISOString();
  };
  it('is whole local days from it, at a time of day, and later than what is past', () => {
    const due = trigger({ offsetDays: -2, atMinute: 9 * 60 });
    expect(momentOn(due, '1970-01-05', utc)).toBe(2 * DAY + 9 * HOUR);
    expect(momentOn(due, 'soon', utc)).toBeNull();
    expect(momentOn(trigger({ atMinute: 30 }), '1970-01-01', newYork)).toBe(5 * HOUR + 30 * MIN);
    expect(next(due, '2024-03-12', '2024-03-10T08:59:59.999Z')).toBe('2024-03-10T09:00:00.000Z');
    expect(next(due, '2024-03-12', '2024-03-10T09:00Z')).toBeNull();
    expect(next(due, 'soon', '2024-03-10T09:00Z')).toBeNull();
    expect(momentAfter(due, null, utc, 0)).toBeNull();
  });
  it('comes every year from its own on, on the 28th of February where there is no 29th', () => {
    const leap = trigger({ yearly: true });
    expect(next(leap, '2024-02-29', '2000-01-01T00:00Z')).toBe('2024-02-29T00:00:00.000Z');
    expect(next(leap, '2024-02-29', '2024-02-28T23:59Z')).toBe('2024-02-29T00:00:00.000Z');
    expect(next(leap, '2024-02-29', '2024-02-29T00:00Z')).toBe('2025-02-28T00:00:00.000Z');
    expect(next(leap, '2024-02-29', '2027-12-31T00:00Z')).toBe('2028-02-29T00:00:00.000Z');
    expect(next(leap, '1999-06-30', '2026-06-30T00:00Z')).toBe('2027-06-30T00:00:00.000Z');
  });
  it('of every year may lie in the year before or after', () => {
    const before = trigger({ yearly: true, offsetDays: -10 });
    expect(next(before, '2000-01-05', '2025-12-26T00:00Z')).toBe('2026-12-26T00:00:00.000Z');
    expect(next(before, '2000-01-05', '2025-12-25T23:00Z')).toBe('2025-12-26T00:00:00.000Z');
    const behind = trigger({ yearly: true, offsetDays: 10 });
    expect(next(behind, '2000-12-28', '2026-01-06T23:00Z')).toBe('2026-01-07T00:00:00.000Z');
    expect(next(behind, '2000-12-28', '2026-01-07T00:00Z')).toBe('2027-01-07T00:00:00.000Z');
    // Several years away.
    expect(next(trigger({ yearly: true, offsetDays: 800 }), '2000-01-01', '2026-06-01T00:00Z')).toBe(
      '2027-03-12T00:00:00.000Z',
    );
  });
  it('ends with the year 9999', () => {
    expect(next(trigger({ yearly: true }), '2000-06-01', '9999-01-01T00:00Z')).toBe('9999-06-01T00:00:00.000Z');
    expect(next(trigger({ yearly: true }), '2000-06-01', '9999-06-01T00:00Z')).toBeNull();
  });
});

it('a trigger on a property fires at a change of the person’s own', () => {
  const w = workflow({ type: 'property', property: 'plan', from: undefined, to: 'pro' } as PropertyTrigger);
  const changes = [set(5, 'plan', 'pro', 'a'), set(5, 'size', 1, 'b'), set(5, 'plan', 'pro', 'c')];
  const { decisions } = replayCase([], w, { changes });
  const fired = decisions.filter(({ kind }) => kind === 'candidate');
  expect(fired.map(line)).toEqual(['a 5 candidate', 'c 5 candidate']);
});

it('a trigger on a date fires at the very end of the history, and no later', () => {
  const w = workflow({ type: 'date', property: 'due', offsetDays: 0, atMinute: 60, yearly: false });
  const fired = (until: number) =>
    replayCase([], w, { changes: [set(5, 'due', '1970-01-01')], until }).decisions.map(line)[0];
  expect(fired(60)).toBe('60 candidate');
  expect(fired(59)).toBeUndefined();
});
