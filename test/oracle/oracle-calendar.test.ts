// Hand-worked cases of the triggers a calendar or a property starts. Minute 0 is Thursday 1970-01-01 00:00 UTC.

import { describe, expect, it } from 'vitest';
import { cronRuns } from './runs.ts';
import type { TriggerText } from './shapes.ts';
import { dataset, told, workflow } from './story.ts';

const DAY = 1440;

function fires(trigger: TriggerText, events: string, changes = '', until = 20 * DAY): number[] {
  const lines = told(dataset(events, until, changes), workflow(trigger), ['candidate']);
  return lines.map((line) => Number(line.split(' ')[0]));
}

describe('cron', () => {
  const runs = (cron: string, zone: string, from: string, until: string) =>
    cronRuns(cron, zone, Date.parse(from), Date.parse(until)).map((time) => new Date(time).toISOString().slice(0, 16));

  it('runs at the end of a gap and at the first of an overlap, once an instant', () => {
    const zone = 'America/New_York';
    expect(runs('30 2 * * *', zone, '2026-03-07T12:00Z', '2026-03-09T12:00Z')).toEqual([
      '2026-03-08T07:00',
      '2026-03-09T06:30',
    ]);
    expect(runs('0,30 2 * * *', zone, '2026-03-08T00:00Z', '2026-03-08T12:00Z')).toEqual(['2026-03-08T07:00']);
    expect(runs('30 1 * * *', zone, '2026-11-01T00:00Z', '2026-11-01T12:00Z')).toEqual(['2026-11-01T05:30']);
  });

  it('takes 0 and 7 for Sunday and a restricted day of month or weekday for either', () => {
    const week = ['2026-06-01T00:00Z', '2026-06-08T00:00Z'] as const;
    expect(runs('0 9 * * 7', 'UTC', ...week)).toEqual(['2026-06-07T09:00']);
    expect(runs('0 9 * * 0', 'UTC', ...week)).toEqual(['2026-06-07T09:00']);
    expect(runs('0 9 3 * 7', 'UTC', ...week)).toEqual(['2026-06-03T09:00', '2026-06-07T09:00']);
    expect(runs('0 */12 5 6 *', 'UTC', ...week)).toEqual(['2026-06-05T00:00', '2026-06-05T12:00']);
    expect(runs('0 0 * * 1-2', 'UTC', ...week)).toEqual(['2026-06-01T00:00', '2026-06-02T00:00', '2026-06-08T00:00']);
  });
});

describe('triggers without an anchor', () => {
  it('fires when a property is set to another value or removed', () => {
    const changes = '1 plan=free; 2 plan=free; 3 plan=pro; 4 plan=null; 5 plan=null';
    expect(fires({ type: 'property', property: 'plan' }, '', changes)).toEqual([1, 3, 4]);
    expect(fires({ type: 'property', property: 'plan', from: 'free' }, '', changes)).toEqual([3]);
    expect(fires({ type: 'property', property: 'plan', to: 'free' }, '', changes)).toEqual([1]);
  });

  it('runs for everyone known by then, from the first event or property row', () => {
    const daily: TriggerText = { type: 'schedule', cron: '0 0 * * *' };
    expect(fires(daily, `${DAY} A`, '', 3 * DAY)).toEqual([DAY, 2 * DAY, 3 * DAY]);
    expect(fires(daily, '', `${DAY + 1} plan=pro`, 3 * DAY)).toEqual([2 * DAY, 3 * DAY]);
  });

  it('fires when a condition becomes true, also at the first run', () => {
    const recent: TriggerText = {
      type: 'condition',
      all: [{ is: 'count', event: 'A', op: '>=', value: 1, inLast: '1d' }],
      cron: '0 0 * * *',
    };
    expect(fires(recent, `${DAY} A; ${DAY + 1} A; ${5 * DAY} A`)).toEqual([DAY, 5 * DAY]);
    expect(fires(recent, '', '0 plan=pro')).toEqual([]);
  });

  it('needs a baseline to decline from', () => {
    const decline: TriggerText = { type: 'decline', recent: '1d', baseline: '2d', ratio: 0.5, cron: '0 0 * * *' };
    // At day 3: none in the last day, against 0.5 × 1/2 × 4 = 1.
    expect(fires(decline, `10 A; 20 A; ${DAY + 1} A; ${DAY + 2} A`)).toEqual([3 * DAY]);
    expect(fires(decline, `10 A; 20 A; ${DAY + 1} A; ${DAY + 2} A; ${2 * DAY + 1} A`)).toEqual([4 * DAY]);
    expect(fires(decline, '10 A', '', DAY)).toEqual([]);
  });

  it('fires at whole local days from a date, not at or before the change that set it', () => {
    const due: TriggerText = { type: 'date', property: 'renewal', offset: '-2d', at: '09:00' };
    expect(fires(due, '', '0 renewal=1970-01-05')).toEqual([2 * DAY + 540]);
    expect(fires(due, '', `${2 * DAY + 540} renewal=1970-01-05`)).toEqual([]);
    expect(fires(due, '', `0 renewal=1970-01-05; ${DAY} renewal=1970-01-08`)).toEqual([5 * DAY + 540]);
    const yearly: TriggerText = { type: 'date', property: 'born', offset: '0d', yearly: true };
    expect(fires(yearly, '', '0 born=1968-02-29', 800 * DAY)).toEqual([58 * DAY, (365 + 58) * DAY, (730 + 59) * DAY]);
  });
});
