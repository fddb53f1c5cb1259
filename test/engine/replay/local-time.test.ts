// Local days and the periods made of them, against days counted one by one.

import { describe, expect, it } from 'vitest';
import { isZone, localTime } from '../../../engine/replay/local-time.ts';
import { DAY, HOUR, MIN } from '../../helpers/workflow.ts';

const clock = (zone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return (time: number) => format.format(time);
};

describe('a local period', () => {
  it.each(['UTC', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Apia'])(
    'is one from its first instant to its last: %s',
    (zone) => {
      const local = localTime(zone);
      const show = clock(zone);
      const names = (time: number) => {
        const date = show(time).slice(0, 10);
        const weekday = new Date(`${date}T00:00Z`).getUTCDay();
        const monday = new Date(Date.parse(`${date}T00:00Z`) - ((weekday + 6) % 7) * DAY).toISOString().slice(0, 10);
        return { day: date, week: monday, month: date.slice(0, 7) };
      };
      for (const unit of ['day', 'week', 'month'] as const) {
        const periods = new Map<string, number>();
        let last = Number.NEGATIVE_INFINITY;
        for (let time = Date.UTC(2011, 10, 20, 3, 30); time < Date.UTC(2013, 2, 20); time += 7 * HOUR) {
          const period = local.period(time, unit);
          const known = periods.get(names(time)[unit]);
          if (known === undefined) {
            expect(period).toBeGreaterThan(last);
            periods.set(names(time)[unit], period);
          } else expect(period).toBe(known);
          last = period;
        }
      }
    },
  );
  it('is another after any number of years', () => {
    const { period } = localTime('UTC');
    const months = Array.from({ length: 40 * 12 }, (_, m) => period(Date.UTC(2000, m, 15), 'month'));
    expect(new Set(months).size).toBe(months.length);
    expect(months.map((month) => month - (months[0] as number))).toEqual(months.map((_, m) => m));
  });
});

describe('a zone’s clock', () => {
  it.each(['UTC', 'America/New_York', 'America/St_Johns', 'Australia/Lord_Howe', 'Africa/Monrovia'])(
    'is read as Intl shows it: %s',
    (zone) => {
      const local = localTime(zone);
      const show = clock(zone);
      for (const year of [1965, 1971, 2010, 2026]) {
        for (
          let time = Date.UTC(year, 0, 1, 0, 17, 23);
          time < Date.UTC(year + 1, 0, 1);
          time += 37 * HOUR + 11 * MIN
        ) {
          const shown = Date.parse(`${show(time).replace(' ', 'T')}Z`);
          expect(time + local.offsetMs(time)).toBe(shown);
          expect(local.day(time)).toBe(Math.floor(shown / DAY));
        }
      }
    },
  );
  it('shows a day and a minute first where it is said to', () => {
    const local = localTime('America/New_York');
    for (let day = 20_000; day < 20_400; day++) {
      for (const minute of [0, 90, 150, 1439]) {
        const instant = local.instantOf(day, minute);
        const wall = day * DAY + minute * MIN;
        expect(instant + local.offsetMs(instant)).toBeGreaterThanOrEqual(wall);
        expect(instant - 1 + local.offsetMs(instant - 1)).toBeLessThan(wall + HOUR);
        // Nothing earlier shows it, as far back as an hour that comes twice reaches.
        for (let back = 1; back <= 90; back += 8) {
          const earlier = instant - back * MIN;
          expect(earlier + local.offsetMs(earlier)).toBeLessThan(wall);
        }
      }
    }
  });
  it('is there for names that Intl knows, however often asked', () => {
    for (let n = 0; n < 2; n++) {
      expect(['UTC', 'Asia/Tokyo', '', 'Nowhere/Atlantis', 7, null, undefined].map(isZone)).toEqual([
        true,
        true,
        false,
        false,
        false,
        false,
        false,
      ]);
    }
  });
});
