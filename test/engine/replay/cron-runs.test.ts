import { describe, expect, it } from 'vitest';
import { cronRuns } from '../../../engine/replay/cron-runs.ts';
import { localTime } from '../../../engine/replay/index.ts';
import { parseCron } from '../../../engine/workflow/index.ts';

/** The first `n` runs at or after a moment, without their seconds. */
function runsFrom(cron: string, zone: string, from: string, n: number): string[] {
  const runs = cronRuns(cron, localTime(zone));
  const found = [runs.atOrAfter(Date.parse(from))];
  while (found.length < n) found.push(runs.after(found.at(-1) as number));
  return found.map((run) => new Date(run).toISOString().replace(/:00\.000Z$/, 'Z'));
}

describe('the runs of a cron line', () => {
  it('are at the times of day it names, in the zone', () => {
    expect(runsFrom('0 6 * * *', 'America/New_York', '2024-01-15T11:00Z', 2)).toEqual([
      '2024-01-15T11:00Z',
      '2024-01-16T11:00Z',
    ]);
    expect(runsFrom('0 6 * * *', 'America/New_York', '2024-01-15T11:01Z', 1)).toEqual(['2024-01-16T11:00Z']);
    expect(runsFrom('*/20 8-9,18 * * *', 'UTC', '2024-01-15T09:30Z', 4)).toEqual([
      '2024-01-15T09:40Z',
      '2024-01-15T18:00Z',
      '2024-01-15T18:20Z',
      '2024-01-15T18:40Z',
    ]);
  });
  it('are on the days it names: every Tuesday, the first of the month, both or either', () => {
    expect(runsFrom('0 9 * * 2', 'UTC', '2024-01-01T00:00Z', 2)).toEqual(['2024-01-02T09:00Z', '2024-01-09T09:00Z']);
    expect(runsFrom('0 9 1 * *', 'UTC', '2024-01-02T00:00Z', 2)).toEqual(['2024-02-01T09:00Z', '2024-03-01T09:00Z']);
    // 1 January 2024 is a Monday, 13 January a Saturday.
    expect(runsFrom('0 0 13 * 1', 'UTC', '2024-01-08T00:00Z', 3)).toEqual([
      '2024-01-08T00:00Z',
      '2024-01-13T00:00Z',
      '2024-01-15T00:00Z',
    ]);
    expect(runsFrom('0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', 1)).toEqual(['2104-02-29T00:00Z']);
  });
  it('come once a year, whatever day the year is asked on', () => {
    // Runs are worked out in blocks of 32 days since the epoch; this one is in the last day of a block.
    const runs = cronRuns('0 6 7 3 *', localTime('UTC'));
    const first = Date.parse('2023-03-07T06:00Z');
    for (let hour = 1; hour <= 3 * 365 * 24; hour += 11) {
      const time = first + hour * 3_600_000;
      const next = [2024, 2025, 2026].map((year) => Date.UTC(year, 2, 7, 6)).find((run) => run >= time);
      expect(runs.atOrAfter(time)).toBe(next);
    }
  });
  it('are all runs of a span, its ends included', () => {
    const runs = cronRuns('0 6 * * *', localTime('UTC'));
    const day = 86_400_000;
    const all = [...runs.between(6 * 3_600_000, 99 * day + 6 * 3_600_000)];
    expect(all).toEqual(Array.from({ length: 100 }, (_, i) => i * day + 6 * 3_600_000));
    expect([...runs.between(6 * 3_600_000 + 1, day + 6 * 3_600_000 - 1)]).toEqual([]);
    expect([...runs.between(6 * 3_600_000, 99 * day + 6 * 3_600_000 - 1)]).toEqual(all.slice(0, -1));
    expect([...runs.between(6 * 3_600_000 + 1, 99 * day + 6 * 3_600_000 - 1)]).toEqual(all.slice(1, -1));
  });
  it('take 0 and 7 for Sunday, also in a range', () => {
    for (const sunday of ['0', '7', '7-7']) {
      expect(runsFrom(`0 0 * * ${sunday}`, 'UTC', '2024-01-02T00:00Z', 1)).toEqual(['2024-01-07T00:00Z']);
    }
    expect(runsFrom('0 0 * * 6-7', 'UTC', '2024-01-02T00:00Z', 2)).toEqual(['2024-01-06T00:00Z', '2024-01-07T00:00Z']);
  });
  it('restrict nothing by a field that allows every day', () => {
    expect(parseCron('0 0 13 * 0-6').runsOn(1, 12, 5)).toBe(false);
    expect(parseCron('0 0 */1 * 1').runsOn(1, 12, 5)).toBe(false);
    expect(parseCron('0 0 */2 * 1').runsOn(1, 13, 5)).toBe(true);
  });
});

describe('where clocks are put forward', () => {
  it('a run in the gap happens at its end: New York', () => {
    expect(runsFrom('30 2 * * *', 'America/New_York', '2024-03-09T00:00Z', 3)).toEqual([
      '2024-03-09T07:30Z',
      '2024-03-10T07:00Z',
      '2024-03-11T06:30Z',
    ]);
  });
  it('runs that land on one instant are one', () => {
    expect(runsFrom('*/15 2-3 * * *', 'America/New_York', '2024-03-10T05:00Z', 3)).toEqual([
      '2024-03-10T07:00Z',
      '2024-03-10T07:15Z',
      '2024-03-10T07:30Z',
    ]);
  });
  it('Lisbon', () => {
    expect(runsFrom('30 1 * * *', 'Europe/Lisbon', '2024-03-30T12:00Z', 2)).toEqual([
      '2024-03-31T01:00Z',
      '2024-04-01T00:30Z',
    ]);
  });
  it('by half an hour: Lord Howe', () => {
    expect(runsFrom('15,30,45 2 * * *', 'Australia/Lord_Howe', '2024-10-05T12:00Z', 3)).toEqual([
      '2024-10-05T15:30Z',
      '2024-10-05T15:45Z',
      '2024-10-06T15:15Z',
    ]);
  });
  it('by a whole day: Apia, which had no 30 December 2011', () => {
    expect(runsFrom('0 9 * * *', 'Pacific/Apia', '2011-12-29T00:00Z', 3)).toEqual([
      '2011-12-29T19:00Z',
      '2011-12-30T10:00Z',
      '2011-12-30T19:00Z',
    ]);
    expect(runsFrom('0 0 30-31 12 *', 'Pacific/Apia', '2011-12-20T00:00Z', 2)).toEqual([
      '2011-12-30T10:00Z',
      '2012-12-29T10:00Z',
    ]);
  });
});

describe('where clocks are put back', () => {
  it('a run in the overlap happens at its first occurrence: New York, Lisbon, Lord Howe', () => {
    expect(runsFrom('30 1 * * *', 'America/New_York', '2024-11-03T00:00Z', 2)).toEqual([
      '2024-11-03T05:30Z',
      '2024-11-04T06:30Z',
    ]);
    expect(runsFrom('30 1 * * *', 'Europe/Lisbon', '2024-10-26T12:00Z', 2)).toEqual([
      '2024-10-27T00:30Z',
      '2024-10-28T01:30Z',
    ]);
    expect(runsFrom('45 1 * * *', 'Australia/Lord_Howe', '2024-04-06T12:00Z', 2)).toEqual([
      '2024-04-06T14:45Z',
      '2024-04-07T15:15Z',
    ]);
  });
  it('also of a line that runs every hour', () => {
    expect(runsFrom('0 * * * *', 'America/New_York', '2024-11-03T04:30Z', 3)).toEqual([
      '2024-11-03T05:00Z',
      '2024-11-03T07:00Z',
      '2024-11-03T08:00Z',
    ]);
  });
});
