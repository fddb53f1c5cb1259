// Personal send times: whose hour it is, from which events, where in the order of gates, and how far it may move an email.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { activeMinutesIn } from '../../../engine/replay/active-minutes.ts';
import { explain, localTime } from '../../../engine/replay/index.ts';
import { HistoryView } from '../../../engine/replay/person-view.ts';
import {
  densityMode,
  kernelSums,
  modeAround,
  nextTimeOfDay,
  preferredMinute,
  shiftedInstant,
} from '../../../engine/replay/send-time.ts';
import type { Gates, PropertyTrigger } from '../../../engine/workflow/index.ts';
import { at, line, type log, replayCase, set } from '../../helpers/replay.ts';
import { describeShared, reference } from '../../helpers/shared.ts';
import { branch, DAY, HOUR, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const day = 24 * 60;
const personal = { leadMs: 15 * MIN, withinMs: DAY };
const timed = (gates: Partial<Gates> = {}, parts = {}) =>
  workflow(onAdd, { gates: { unsubscribed: null, cap: [], quiet: null, sendTime: personal, ...gates }, ...parts });
/** `n` visits of a person at the same minute of as many days, before day 100. */
const visits = (n: number, minute: number, person = 'p', name = 'Look') =>
  Array.from({ length: n }, (_, i) => at((50 + i) * day + minute, name, undefined, person));
const day100 = 100 * day;
/** The decisions of `p` about emails, for a trigger at a minute of day 100; times as minutes of that day. */
function emails(minute: number, w: ReturnType<typeof timed>, others: Parameters<typeof log>[0], more = {}) {
  const { decisions } = replayCase([...others, at(day100 + minute, 'Add')], w, { until: 200 * day, ...more });
  return decisions
    .filter((d) => d.person === 'p' && d.step !== null)
    .map((d) => `${d.time / MIN - day100} ${d.kind}${d.reason === null ? '' : ` ${d.reason}`}`);
}
const nine = 9 * 60;
const six = 18 * 60;

describe('the hour', () => {
  it('is that at which the person is active, less the lead', () => {
    expect(emails(nine, timed(), visits(30, six))).toEqual([`${nine} moved sendTime`, `${six - 15} sent`]);
    expect(emails(nine, timed({ sendTime: { ...personal, leadMs: 0 } }), visits(30, six))[1]).toBe(`${six} sent`);
  });
  it('is the first at or after the due time: at it nothing moves, after it the next day comes', () => {
    expect(emails(six - 15, timed(), visits(30, six))).toEqual([`${six - 15} sent`]);
    expect(emails(six - 14, timed(), visits(30, six))[1]).toBe(`${day + six - 15} sent`);
  });
  it('wraps midnight with the lead', () => {
    expect(emails(nine, timed(), visits(30, 5))[1]).toBe(`${day - 10} sent`);
  });
  it('is the mode, not the mean, of two peaks', () => {
    expect(emails(0, timed(), [...visits(30, 8 * 60), ...visits(20, 20 * 60)])[1]).toBe(`${8 * 60 - 15} sent`);
  });
  it('is the population’s where fewer than five events are known', () => {
    const others = visits(40, six, 'q');
    // The trigger itself is one of them.
    expect(emails(nine, timed(), [...others, ...visits(3, nine)])[1]).toBe(`${six - 15} sent`);
    expect(emails(nine - 15, timed(), [...others, ...visits(40, nine - 15)])[0]).toBe(`${nine - 15} moved sendTime`);
    expect(emails(nine - 15, timed(), [...others, ...visits(40, nine)])).toEqual([`${nine - 15} sent`]);
  });
  it('is no one’s where nobody is active: emails go out when they are due', () => {
    const w = workflow({ type: 'property', property: 'plan', from: undefined, to: 'pro' } as PropertyTrigger, {
      gates: { unsubscribed: null, cap: [], quiet: null, sendTime: personal },
    });
    const { decisions } = replayCase([at(0, 'Email Sent')], w, { changes: [set(9, 'plan', 'pro')] });
    expect(decisions.map(line).slice(2, 3)).toEqual(['9 sent first']);
  });
  it('is shrunk to the population’s by twenty events’ weight', () => {
    // Of 100 events of all, 40 lie at nine; the population weighs 12 at six and 8 at nine.
    const others = [...visits(60, six, 'q')];
    const own = (n: number) => emails(0, timed(), [...others, ...visits(n, nine), ...visits(40 - n, nine, 'r')])[1];
    expect(own(6)).toBe(`${nine - 15} sent`);
    const few = [...visits(60, six, 'q'), ...visits(20, six, 'r')];
    expect(emails(0, timed(), [...few, ...visits(5, nine)])[1]).toBe(`${six - 15} sent`);
  });
  it('knows events up to and at the due time, and no later ones', () => {
    const night = 22 * 60;
    const ten = 10 * 60;
    const looks = (minute: number) => [
      ...visits(40, night, 'q'),
      ...visits(3, ten),
      ...Array.from({ length: 30 }, () => at(day100 + day + minute, 'Look')),
    ];
    const w = timed({}, { sequence: [step('first', DAY)] });
    // Due at 10:00 of the next day; thirty looks by then make it 9:45 of the day after. A minute later they are not known.
    expect(emails(ten, w, looks(ten))[1]).toBe(`${2 * day + ten - 15} sent`);
    expect(emails(ten, w, looks(ten + 1))[1]).toBe(`${day + night - 15} sent`);
  });
  it('takes no notice of the product’s own emails', () => {
    expect(emails(nine, timed(), [...visits(30, six), ...visits(90, 12 * 60, 'p', 'Email Opened')])[1]).toBe(
      `${six - 15} sent`,
    );
  });
  it('is told in the zone of the person where it is known, as of the moment', () => {
    // 18:00 UTC is 10:00 in Los Angeles (13:00 in New York): the instant is the same, the due time decides the day.
    const w = timed({}, { timezone: 'America/New_York' });
    const changes = [set(0, 'timezone', 'America/Los_Angeles')];
    expect(emails(nine, w, visits(30, six))[1]).toBe(`${six - 15} sent`);
    expect(emails(nine, w, visits(30, six), { changes })[1]).toBe(`${six - 15} sent`);
  });
});

describe('how far', () => {
  const at1745 = visits(30, six);
  it('an email may move is at most `within`; else it stays', () => {
    const within = (ms: number) => emails(nine, timed({ sendTime: { leadMs: 15 * MIN, withinMs: ms } }), at1745);
    expect(within((six - 15 - nine) * MIN)).toEqual([`${nine} moved sendTime`, `${six - 15} sent`]);
    expect(within((six - 15 - nine) * MIN - 1)).toEqual([`${nine} sent`]);
  });
  it('counts from the due time also where quiet hours come first', () => {
    const quiet = { fromMinute: 21 * 60, toMinute: 8 * 60, else: 'defer' as const };
    const night = 22 * 60;
    // The preferred 17:45 lies after the quiet hours and within a day of 22:00.
    expect(emails(night, timed({ quiet }), at1745)).toEqual([`${night} moved sendTime`, `${day + six - 15} sent`]);
    // 22:30 lies in the quiet hours the email fell in; the next one is more than a day after it was due.
    expect(emails(night, timed({ quiet }), visits(30, 22 * 60 + 45))).toEqual([
      `${night} moved quiet`,
      `${day + 480} sent`,
    ]);
  });
});

describe('the order of gates', () => {
  const at1745 = visits(30, six);
  const two = { sequence: [step('a', 0), step('b', HOUR)] };
  it('asks unsubscribed and cap before, and again at the final time', () => {
    const cap = [{ n: 1, withinMs: DAY, scope: 'workflow' as const, history: false }];
    expect(emails(nine, timed({ cap }, two), at1745)).toEqual([
      `${nine} moved sendTime`,
      `${nine + 60} moved sendTime`,
      `${six - 15} sent`,
      `${six - 15} skipped cap`,
    ]);
    const w = timed({ unsubscribed: match('Unsubscribed') });
    expect(emails(nine, w, [...at1745, at(day100 + nine, 'Unsubscribed')])).toEqual([`${nine} skipped unsubscribed`]);
    expect(emails(nine, w, [...at1745, at(day100 + nine + 1, 'Unsubscribed')])[1]).toBe(
      `${six - 15} skipped unsubscribed`,
    );
  });
  it('lets quiet hours drop an email before its send time is asked for', () => {
    const quiet = { fromMinute: nine, toMinute: nine + 1, else: 'drop' as const };
    expect(emails(nine, timed({ quiet }), at1745)).toEqual([`${nine} skipped quiet`]);
  });
  it('asks neither `if` nor quiet hours again at the final time', () => {
    const quiet = { fromMinute: 17 * 60, toMinute: 19 * 60, else: 'defer' as const };
    const nobody = {
      is: 'count',
      match: match('Stop'),
      op: '=',
      value: 0,
      inLastMs: null,
      sinceTrigger: false,
    } as const;
    const w = timed({ quiet }, { sequence: [step('a', 0, { if: nobody })] });
    expect(emails(nine, w, [...at1745, at(day100 + nine + 1, 'Stop')])[1]).toBe(`${six - 15} sent`);
  });
  it('moves ghosts alike, and passes the end of an enrollment by', () => {
    const held = timed({}, { holdout: { fraction: 0.999999, salt: 's' } });
    expect(emails(nine, held, at1745)).toEqual([`${nine} moved sendTime`, `${six - 15} ghost`]);
    expect(emails(nine, timed(), [...at1745, at(day100 + nine + 60, 'Buy')])[1]).toBe(`${nine + 60} movedPastEnd`);
  });
  it('decides a branch behind a moved email when that is sent', () => {
    const w = timed({}, { sequence: [step('a', 0), branch('b', [], [step('c', 0)])] });
    expect(emails(nine, w, at1745).slice(0, 4)).toEqual([
      `${nine} moved sendTime`,
      `${six - 15} sent`,
      `${six - 15} branched else`,
      `${six - 15} sent`,
    ]);
  });
});

describe('what it costs', () => {
  it('is counted by gate, with the median delay', () => {
    const people = [nine, nine + 30, nine + 60].flatMap((minute, i) => [
      ...visits(30, six, `p${i}`),
      at(day100 + minute, 'Add', undefined, `p${i}`),
    ]);
    const [first] = replayCase(people, timed(), { until: 200 * day }).totals.steps;
    const middle = (six - 15 - (nine + 30)) * MIN;
    expect(first?.moved).toEqual({ count: 3, byGate: { sendTime: 3 }, medianDelayMs: middle, meanDelayMs: middle });
    expect(replayCase([], timed()).totals.steps[0]?.moved).toEqual({
      count: 0,
      byGate: {},
      medianDelayMs: null,
      meanDelayMs: null,
      reason: 'no email of this step was moved',
    });
  });
  it('is explained with the time it was moved to', () => {
    const { history } = replayCase([...visits(30, six), at(day100 + nine, 'Add')], timed(), { until: 200 * day });
    const moved = explain(history, timed(), 'p', null).timeline.find(
      (entry) => entry.kind === 'decision' && entry.decision === 'moved',
    );
    expect(moved).toMatchObject({
      reason: 'sendTime',
      text: expect.stringMatching(/ 17:45:00 UTC, 8 h 45 min later: most active at 18:00, 15 min ahead/),
    });
  });
});

it('the mode is found as if every minute had been asked', () => {
  const day = fc.array(fc.integer({ min: 0, max: 1439 }), { minLength: 1, maxLength: 40, size: 'max' });
  fc.assert(
    fc.property(day, fc.option(day, { nil: null }), (minutes, others) => {
      const counted = (of: readonly number[]) => {
        const counts = new Array<number>(1440).fill(0);
        for (const minute of of) counts[minute] = (counts[minute] as number) + 1;
        return kernelSums(counts, 10);
      };
      const prior = others === null ? null : counted(others).map((sum) => sum / others.length);
      const all = counted(minutes).map((sum, minute) => sum + 20 * (prior?.[minute] ?? 0));
      expect(modeAround(minutes, prior)).toBe(densityMode(all));
    }),
    { numRuns: 500 },
  );
});

it('the hour of a person who is asked about often is that of all their events so far, whoever was asked about between', () => {
  const minutes = fc.array(fc.integer({ min: 0, max: 1439 }), { minLength: 12, maxLength: 60, size: 'max' });
  const zones = ['UTC', 'Asia/Kolkata'].map((zone) => ({ local: localTime(zone), shift: zone === 'UTC' ? 0 : 330 }));
  const population = new Array<number>(1440).fill(0);
  population[700] = 3;
  population[100] = 2;
  const prior = kernelSums(population, 10).map((sum) => sum / 5);
  fc.assert(
    fc.property(minutes, minutes, (mine, others) => {
      const rows = (of: readonly number[], person: string) =>
        of.map((minute, i) => at(i * day + minute, i % 7 === 3 ? 'Email Sent' : 'Look', undefined, person));
      const view = new HistoryView(buildHistory([...rows(mine, 'p'), ...rows(others, 'q')]));
      for (const [person, all] of [mine, others, mine].entries()) {
        view.select(person % 2);
        for (let n = 1; n <= all.length; n++) {
          view.endRow = view.firstRow + n;
          for (const { local, shift } of zones) {
            const counts = new Array<number>(1440).fill(0);
            const known = all.slice(0, n).filter((_, i) => i % 7 !== 3);
            for (const minute of known)
              counts[(minute + shift) % 1440] = (counts[(minute + shift) % 1440] as number) + 1;
            const sums = kernelSums(counts, 10).map((sum, minute) => sum + 20 * (prior[minute] as number));
            const mode = densityMode(known.length < 5 ? prior : sums);
            expect(preferredMinute(view, local, population)).toBe(mode);
          }
        }
      }
    }),
    { numRuns: 12 },
  );
});

it('the earlier of two equal peaks counts, also where the later one lies on a minute that is asked first', () => {
  for (let minute = 400; minute < 408; minute++) {
    expect(modeAround([minute, 800], null)).toBe(minute);
    expect(modeAround([minute, minute, minute + 720, minute + 720], null)).toBe(minute);
    expect(modeAround([minute, minute + 400, minute + 401], null)).toBe(minute + 400);
  }
});

describe('the population', () => {
  it('is everyone up to the end of observation, each in their own zone', () => {
    const events = [...visits(3, six, 'p'), ...visits(2, six, 'q'), ...visits(9, 60, 'q', 'Email Sent')];
    const { history } = replayCase([...events, at(201 * day, 'Look')], timed(), {
      until: 200 * day,
      changes: [set(300, 'timezone', 'Asia/Kolkata', 'q')],
    });
    const counts = activeMinutesIn(history, 'UTC');
    expect(counts.length).toBe(1440);
    expect(counts.flatMap((n, minute) => (n > 0 ? [[minute, n]] : []))).toEqual([
      [six, 3],
      [six + 330, 2],
    ]);
    expect(activeMinutesIn(history, 'UTC')).toBe(counts);
  });
});

describeShared('the density of active minutes', () => {
  const { cases } = reference('circular.json') as {
    cases: {
      id: string;
      input: { hours: number[]; kernel_kappa: number };
      expected: { density_mode_minute_of_day: number; density_per_hour_at_hours_0_to_23: number[] };
    }[];
  };
  it.each(cases)('has the mode of R’s circular: $id', ({ input, expected }) => {
    const counts = new Array<number>(1440).fill(0);
    for (const hour of input.hours) {
      const minute = Math.floor(hour * 60);
      counts[minute] = (counts[minute] as number) + 1;
    }
    const sums = kernelSums(counts, input.kernel_kappa);
    expect(Math.abs(densityMode(sums) - expected.density_mode_minute_of_day)).toBeLessThanOrEqual(1);
  });
  it.each(cases)('has its shape: $id', ({ input, expected }) => {
    const counts = new Array<number>(1440).fill(0);
    for (const hour of input.hours) {
      const minute = Math.round(hour * 60) % 1440;
      counts[minute] = (counts[minute] as number) + 1;
    }
    const sums = kernelSums(counts, input.kernel_kappa);
    const total = sums.reduce((sum, x) => sum + x, 0) / 60;
    expected.density_per_hour_at_hours_0_to_23.forEach((density, hour) => {
      expect(Math.abs((sums[hour * 60] as number) / total - density)).toBeLessThan(0.003);
    });
  });
});

describeShared('a wall clock time', () => {
  const { cases } = reference('timezones.json') as {
    cases: { input: { tz: string; local: string }; expected: { utc: string } }[];
  };
  it.each(cases)('is Python’s zoneinfo: $input.tz $input.local', ({ input, expected }) => {
    const wall = Date.parse(`${input.local}:00Z`);
    expect(shiftedInstant(localTime(input.tz), wall)).toBe(Date.parse(expected.utc));
  });
  it('comes once on a day of a change', () => {
    const york = localTime('America/New_York');
    const half = 90 * MIN;
    const first = Date.parse('2026-11-01T05:30:00Z');
    expect(nextTimeOfDay(york, half, first - HOUR)).toBe(first);
    expect(nextTimeOfDay(york, half, first)).toBe(first);
    // The same time shows again an hour later; that is not a second occurrence.
    expect(nextTimeOfDay(york, half, first + 1)).toBe(Date.parse('2026-11-02T06:30:00Z'));
    expect(nextTimeOfDay(york, 150 * MIN, Date.parse('2026-03-08T05:00:00Z'))).toBe(Date.parse('2026-03-08T07:30:00Z'));
  });
});
