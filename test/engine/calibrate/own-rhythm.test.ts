// Silences recounted one by one, and a history that begins in the middle of them.

import { describe, expect, it } from 'vitest';
import { DAY_MS, seededRandom } from '../../../engine/base/index.ts';
import { buildGaps, dormancy, type Gaps, ownRhythm, silencesBeyondDay } from '../../../engine/calibrate/index.ts';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';

const ACTIVITY = { of: null, afterActive: null };

/** People who come every few days, each in a rhythm of their own, and stop at some time. */
function visits(people: number, days: number): { person: string; times: number[] }[] {
  const random = seededRandom(3, 'visits');
  return Array.from({ length: people }, (_, i) => {
    const every = 1 + Math.floor(random.uniform() * 12);
    const stops = Math.floor(random.uniform() * 2 * days);
    const times: number[] = [];
    for (let day = Math.floor(random.uniform() * every); day < Math.min(days, stops); ) {
      times.push(day * DAY_MS);
      day += Math.max(1, Math.round(every * (0.5 + random.uniform() * (random.uniform() < 0.15 ? 6 : 1))));
    }
    return { person: `p${i}`, times };
  });
}

const DAYS = 300;
const people = visits(150, DAYS);
const until = DAYS * DAY_MS;
const history = buildHistory(
  people.flatMap(({ person, times }) => times.map((time): EventRow => ({ person, name: 'Visit', time }))),
  [],
  { observedUntil: until },
);
const gaps = silencesBeyondDay(buildGaps(history, ACTIVITY, 'UTC'), 'UTC');
const churnMs = 45 * DAY_MS;
const withinMs = 14 * DAY_MS;
const random = () => seededRandom(1, 'rhythm');

describe("each person's own rhythm", () => {
  const fixed = [{ rule: 'recommended' as const, afterMs: 14 * DAY_MS }];
  const options = { churnMs, withinMs, observedFrom: null, observedUntil: until, replicates: 200, random: random() };
  const got = ownRhythm(gaps, fixed, options);

  it('is counted from the silences before alone, on those that could be followed', () => {
    const total = { own: [0, 0, 0, 0, 0], fixed: [0, 0, 0, 0, 0] };
    let counted = 0;
    let persons = 0;
    for (const { times } of people) {
      const kept: { length: number; own: number }[] = [];
      for (let k = 5; k < times.length; k++) {
        const before = Array.from({ length: k }, (_, j) => (times[j + 1] as number) - (times[j] as number));
        before.sort((a, b) => a - b);
        const middle = ((before[(k - 1) >> 1] as number) + (before[k >> 1] as number)) / 2;
        const start = times[k] as number;
        const length = (times[k + 1] ?? until) - start;
        if (start + Math.max(churnMs, 3 * middle + withinMs, 28 * DAY_MS) <= until)
          kept.push({ length, own: 3 * middle });
      }
      if (kept.length > 0) persons++;
      counted += kept.length;
      for (const { length, own } of kept) {
        for (const [sums, after] of [
          [total.own, own],
          [total.fixed, 14 * DAY_MS],
        ] as const) {
          const add = (at: number, is: boolean) => {
            if (is) sums[at] = (sums[at] as number) + 1 / kept.length;
          };
          const gone = length >= churnMs;
          add(3, gone);
          add(0, length > after);
          add(1, length > after && length <= after + withinMs);
          add(2, length > after && !gone);
          add(4, length > after && gone && after < churnMs);
        }
      }
    }
    expect(got).toMatchObject({ silences: counted, people: persons });
    for (const [k, sums] of [total.own, total.fixed].entries()) {
      const [fires, returns, falseAlarms, gone, noticed] = sums as [number, number, number, number, number];
      const rule = got?.rules[k];
      expect(rule?.returns).toBeCloseTo(returns / fires, 12);
      expect(rule?.falseAlarms).toBeCloseTo(falseAlarms / fires, 12);
      expect(rule?.noticed).toBeCloseTo(noticed / gone, 12);
    }
  });

  it('is compared with one length for everybody, pair by pair', () => {
    const [own, other] = got?.rules ?? [];
    expect(own?.ownMinusThis).toBeNull();
    const { expected, low, high } = other?.ownMinusThis ?? { expected: 0, low: 1, high: 0 };
    expect(expected).toBeCloseTo((own?.falseAlarms ?? 0) - (other?.falseAlarms ?? 0), 12);
    expect(low <= expected && expected <= high).toBe(true);
    const [from = 1, to = 0] = own?.falseAlarmInterval ?? [];
    expect(from <= (own?.falseAlarms as number) && (own?.falseAlarms as number) <= to).toBe(true);
  });

  it('is the better measure where rhythms differ and are kept, and says nothing of people without one', () => {
    // Half come daily, half every ten days; both are gone after silences of a hundred.
    const steady: EventRow[] = Array.from({ length: 80 }, (_, i) => {
      const every = i % 2 === 0 ? 1 : 10;
      return Array.from({ length: Math.floor(150 / every) }, (_, k) => ({
        person: `p${i}`,
        name: 'Visit',
        time: (k * every + (k % 7 === 6 ? 0.5 * every : 0)) * DAY_MS,
      }));
    }).flat();
    const made = buildHistory(steady, [], { observedUntil: until });
    const of = silencesBeyondDay(buildGaps(made, ACTIVITY, 'UTC'), 'UTC');
    const tenDays = [{ rule: 'recommended' as const, afterMs: 9 * DAY_MS }];
    const rules = ownRhythm(of, tenDays, { ...options, random: random() })?.rules ?? [];
    expect(rules[0]?.falseAlarms).toBe(0);
    expect(rules[1]?.falseAlarms).toBeGreaterThan(0.4);
    expect(rules[1]?.ownMinusThis?.high).toBeLessThan(0);
    expect(rules.map(({ noticed }) => noticed)).toEqual([1, 1]);
    const few = steady.filter(({ time }) => time < 5 * DAY_MS);
    const fewGaps = silencesBeyondDay(
      buildGaps(buildHistory(few, [], { observedUntil: until }), ACTIVITY, 'UTC'),
      'UTC',
    );
    expect(ownRhythm(fewGaps.n > 0 ? pick(fewGaps, 4) : fewGaps, tenDays, { ...options, random: random() })).toBeNull();
  });
});

/** The first n silences of each person. */
function pick(all: Gaps, n: number): Gaps {
  const rows = Array.from({ length: all.n }, (_, i) => i).filter((i) => {
    let first = i;
    while (first > 0 && all.persons[first - 1] === all.persons[i]) first--;
    return i - first < n;
  });
  return {
    n: rows.length,
    persons: Uint32Array.from(rows, (i) => all.persons[i] as number),
    starts: Float64Array.from(rows, (i) => all.starts[i] as number),
    lengths: Float64Array.from(rows, (i) => all.lengths[i] as number),
    ended: Uint8Array.from(rows, (i) => all.ended[i] as number),
    qualified: Uint8Array.from(rows, (i) => all.qualified[i] as number),
  };
}

describe('false alarms', () => {
  it('are the returns before the silence counts as gone, with their interval', () => {
    const made = dormancy(history, buildGaps(history, ACTIVITY, 'UTC'), {
      churnMs,
      timezone: 'UTC',
      replicates: 200,
      random: random(),
      loadedMs: 7 * DAY_MS,
    });
    for (const { gone, falseAlarms } of made.curve) {
      if (gone === null) expect(falseAlarms).toBeNull();
      else {
        expect(falseAlarms?.value).toBeCloseTo(1 - gone, 12);
        const { value = 0, low, high } = falseAlarms ?? {};
        expect((low as number) <= value + 1e-12 && value <= (high as number) + 1e-12).toBe(true);
      }
    }
    expect(made.ownRhythm?.rules.map(({ rule }) => rule)).toContain('loaded');
    expect(made.entered).toEqual({ late: 0, leftOut: 0 });
  });
});

describe('a history that begins in the middle of silences', () => {
  // Every silence is short or long by the throw of a coin, in whole days: what is true is known.
  const throwing = seededRandom(12, 'late');
  const from = 200 * DAY_MS;
  const end = 420 * DAY_MS;
  const stay = (days: number) => 0.5 * 0.75 ** days + 0.5 * 0.97 ** days;
  const rows: EventRow[] = [];
  for (let i = 0; i < 900; i++) {
    let last: number | null = null;
    for (let time = 0; time <= end; ) {
      if (time < from) last = time;
      else rows.push({ person: `p${i}`, name: 'Visit', time });
      const daily = throwing.uniform() < 0.5 ? 0.25 : 0.03;
      time += DAY_MS * (1 + Math.floor(Math.log(1 - throwing.uniform()) / Math.log(1 - daily)));
    }
    // Of what came before, the last visit is all that is known.
    if (last !== null) rows.push({ person: `p${i}`, name: 'Visit', time: last });
  }
  const returnsAt = (observedFrom: number | null, days: number) => {
    const made = buildHistory(rows, [], { observedUntil: end, observedFrom });
    const options = { churnMs: 60 * DAY_MS, timezone: 'UTC', replicates: 0, random: random() };
    const found = dormancy(made, buildGaps(made, ACTIVITY, 'UTC'), options);
    return { found, returns: found.curve.find(({ inactive }) => inactive === days * DAY_MS)?.returns as number };
  };

  it('is the curve of those at risk in each day, each person once', () => {
    const spells = people900().flatMap((times) => {
      const all = times
        .map((time, k) => ({ start: time, end: times[k + 1] ?? end, isOver: k + 1 < times.length }))
        .filter((one) => one.end > from);
      return all.map((one) => ({ ...one, weight: 1 / all.length }));
    });
    const share = (days: number) => {
      let left = 1;
      for (let d = 1; d <= days; d++) {
        let risk = 0;
        let back = 0;
        for (const { start, end: over, isOver, weight } of spells) {
          const length = (over - start) / DAY_MS;
          if (Math.max(0, (from - start) / DAY_MS) >= d || length < d) continue;
          risk += weight;
          if (isOver && length === d) back += weight;
        }
        left *= 1 - back / risk;
      }
      return left;
    };
    for (const days of [1, 7]) expect(returnsAt(from, days).returns).toBeCloseTo(1 - share(days + 14) / share(days), 9);
  });

  function people900(): number[][] {
    const byPerson = new Map<string, number[]>();
    for (const { person, time } of rows) byPerson.set(person, [...(byPerson.get(person) ?? []), time]);
    return [...byPerson.values()].map((times) => times.sort((a, b) => a - b));
  }

  it('watches them from there on, where taking them from their start favours the long ones', () => {
    for (const days of [1, 3, 7]) {
      const truth = 1 - stay(days + 14) / stay(days);
      const late = returnsAt(from, days).returns;
      const naive = returnsAt(null, days).returns;
      // Counting each person once favours those of few, long silences a little, with any history.
      expect(Math.abs(late - truth)).toBeLessThan(0.06);
      expect(truth - naive).toBeGreaterThan(truth - late + 0.01);
    }
    const { found } = returnsAt(from, 7);
    // Over in the very moment observation began: never at risk.
    const over = people900().filter((times) => times[1] === from).length;
    expect(over).toBeGreaterThan(0);
    expect(found.entered).toEqual({ late: 900 - over, leftOut: over });
  });
});
