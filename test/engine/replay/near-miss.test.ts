// A near miss is believed where the history, edited by just that much, is decided otherwise, and by a little less is not.
// Random histories; the amount is the one that `explain` says.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { type ExplainedMoment, explain } from '../../../engine/replay/index.ts';
import type { Condition, Workflow } from '../../../engine/workflow/index.ts';
import { replayCase } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, sum, suppression, workflow } from '../../helpers/workflow.ts';

const UNTIL = 600;
const RUNS = { numRuns: 400 };

const event = fc.record({
  person: fc.constant('p'),
  name: fc.constantFrom('Add', 'Buy', 'Look', 'Login'),
  time: fc.integer({ min: 0, max: 400 }).map((minute) => minute * MIN),
  value: fc.constantFrom(1, 7.5, 20),
});
const events = fc.array(event, { minLength: 1, maxLength: 14 });

type Rows = readonly EventRow[];
const at = (events: Rows, w: Workflow) => replayCase(events, w, { until: UNTIL }).decisions;
const told = (events: Rows, w: Workflow, moment: number | null = null) =>
  explain(buildHistory(events, [], { observedUntil: UNTIL * MIN }), w, 'p', moment);
const candidateTimes = (events: Rows, w: Workflow) =>
  at(events, w)
    .filter(({ kind }) => kind === 'candidate')
    .map(({ time }) => time);
const misses = (rows: Rows, w: Workflow) =>
  told(rows, w).timeline.filter(
    (moment): moment is Extract<ExplainedMoment, { kind: 'trigger' }> =>
      moment.kind === 'trigger' && moment.missedByMs !== null,
  );
/** The rows of that name and time, later by so much. */
const later = (rows: Rows, name: string | null, time: number, byMs: number) =>
  rows.map((row) =>
    row.time === time && (name === null || row.name === name) ? { ...row, time: row.time + byMs } : row,
  );

/** Runs `check` on many histories and fails where hardly any had such a miss. */
function onMisses(check: (rows: Rows) => number): void {
  let seen = 0;
  fc.assert(
    fc.property(events, (rows) => {
      seen += check(rows);
    }),
    RUNS,
  );
  expect(seen).toBeGreaterThan(5);
}

describe('an answer that came too soon for the trigger', () => {
  it('fires it where it comes later by what was missed and an instant more, and not by what was missed', () => {
    const w = workflow(inaction());
    onMisses((rows) => {
      let n = 0;
      for (const { time, missedByMs, text } of misses(rows, w)) {
        const missed = missedByMs as number;
        const deadline = time + missed;
        const between = rows.some(
          (row) => row.time > time && row.time <= deadline && (row.name === 'Add' || row.name === 'Buy'),
        );
        // An anchor at the answer's own instant is answered with it; it would be armed anew.
        if (between || rows.some((row) => row.time === time && row.name === 'Add')) continue;
        n++;
        expect(text).toMatch(/^answered by Buy/);
        const before = candidateTimes(rows, w).filter((one) => one === deadline).length;
        expect(before).toBe(0);
        expect(candidateTimes(later(rows, 'Buy', time, missed), w)).not.toContain(deadline);
        expect(candidateTimes(later(rows, 'Buy', time, missed + 1), w)).toContain(deadline);
      }
      return n;
    });
  });
});

describe('silence that was broken too soon', () => {
  it('is an absence where the activity comes later by what was missed and an instant more', () => {
    const w = workflow({ type: 'absence', of: null, forMs: HOUR, afterActive: null });
    onMisses((rows) => {
      let n = 0;
      for (const { time, missedByMs } of misses(rows, w)) {
        const missed = missedByMs as number;
        const deadline = time + missed;
        if (rows.some((row) => row.time > time && row.time <= deadline)) continue;
        n++;
        expect(candidateTimes(later(rows, null, time, missed), w)).not.toContain(deadline);
        expect(candidateTimes(later(rows, null, time, missed + 1), w)).toContain(deadline);
      }
      return n;
    });
  });
});

describe('a count that was short', () => {
  it('fires with so many more events, and not with one fewer', () => {
    const count = 4;
    const w = workflow({ type: 'behavior', match: match('Login'), count, withinMs: null, calendar: null });
    onMisses((rows) => {
      const standing = told(rows, w).triggers[0]?.text ?? '';
      const [, counted] = /^(\d+) of 4 × Login so far$/.exec(standing) ?? [];
      expect(counted, standing).toBeDefined();
      const short = count - Number(counted);
      const more = (n: number) => [
        ...rows,
        ...Array.from({ length: n }, (_, i) => ({ person: 'p', name: 'Login', time: 500 * MIN + i })),
      ];
      const fired = candidateTimes(rows, w).length;
      expect(candidateTimes(more(short - 1), w)).toHaveLength(fired);
      expect(candidateTimes(more(short), w)).toHaveLength(fired + 1);
      return 1;
    });
  });
});

describe('a rule that stopped a candidate', () => {
  it('lets one go at the moment it names, and not the instant before', () => {
    const once = { kind: 'cooldown', ms: 2 * HOUR } as const;
    const w = workflow(
      { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null },
      {
        reentry: once,
        suppress: [
          suppression('recent-email', { sent: { workflow: 'w', withinMs: 3 * HOUR, history: false } }),
          suppression('own', { sent: { workflow: '*', withinMs: HOUR, history: true } }),
        ],
      },
    );
    onMisses((rows) => {
      let n = 0;
      for (const moment of told(rows, w).timeline) {
        if (moment.kind !== 'decision' || moment.decision !== 'suppressed') continue;
        const stopping = moment.rules.find(({ stops }) => stops);
        expect(stopping?.rule).toBe(moment.reason);
        const freeAt = stopping?.freeAt as number;
        expect(freeAt).toBeGreaterThan(moment.time);
        const past = rows.filter((row) => row.time < moment.time || (row.time === moment.time && row.name !== 'Add'));
        const reasonAt = (time: number) =>
          at([...past, { person: 'p', name: 'Add', time }], w).find(
            (one) => one.time === time && (one.kind === 'suppressed' || one.kind === 'enrolled'),
          )?.reason ?? null;
        n++;
        expect(reasonAt(freeAt - 1)).toBe(moment.reason);
        expect(reasonAt(freeAt)).not.toBe(moment.reason);
      }
      return n;
    });
  });
});

describe('a condition that missed by a number', () => {
  const asked = (audience: Condition) =>
    workflow({ type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null }, { audience });
  /** An edit may let an earlier candidate in too, whose run is then under way. */
  const isInAt = (rows: Rows, w: Workflow, time: number) =>
    at(rows, w).some((one) => one.time === time && (one.kind === 'enrolled' || one.kind === 'alreadyEnrolled'));
  /** The last candidate the audience stopped: when, and by how much by its words. */
  const lastStopped = (rows: Rows, w: Workflow) => {
    const moment = told(rows, w).timeline.findLast(
      (one) => one.kind === 'decision' && one.decision === 'suppressed' && one.reason === 'audience',
    );
    if (moment?.kind !== 'decision') return null;
    const text = moment.rules.find(({ rule }) => rule === 'audience')?.text ?? '';
    const [, by, how] = /, ([\d.]+) (short|too many|too high)$/.exec(text) ?? [];
    expect(by, text).toBeDefined();
    return { time: moment.time, by: Number(by), how };
  };

  it.each([
    ['>=', 3],
    ['>', 2],
    ['=', 5],
  ] as const)('a count asked to be %s %d holds with so many more events, and not with one fewer', (op, value) => {
    const w = asked({ is: 'count', match: match('Look'), op, value, inLastMs: 2 * HOUR, sinceTrigger: false });
    onMisses((rows) => {
      const stopped = lastStopped(rows, w);
      if (stopped === null || stopped.how !== 'short') return 0;
      const more = (n: number) => [
        ...rows,
        ...Array.from({ length: n }, () => ({ person: 'p', name: 'Look', time: stopped.time - MIN })),
      ];
      if (stopped.time < MIN) return 0;
      expect(isInAt(more(stopped.by - 1), w, stopped.time)).toBe(false);
      expect(isInAt(more(stopped.by), w, stopped.time)).toBe(true);
      return 1;
    });
  });

  it.each(['<=', '<'] as const)('a count asked to be %s 1 holds with so many events fewer', (op) => {
    const w = asked({ is: 'count', match: match('Look'), op, value: 1, inLastMs: DAY, sinceTrigger: false });
    onMisses((rows) => {
      const stopped = lastStopped(rows, w);
      if (stopped === null) return 0;
      expect(stopped.how).toBe('too many');
      // The latest, so that no earlier candidate is let in by it.
      const looks = rows
        .filter((row) => row.name === 'Look' && row.time <= stopped.time)
        .toSorted((a, b) => b.time - a.time);
      const fewer = (n: number) => {
        const gone = new Set(looks.slice(0, n));
        return rows.filter((row) => !gone.has(row));
      };
      expect(isInAt(fewer(stopped.by - 1), w, stopped.time)).toBe(false);
      expect(isInAt(fewer(stopped.by), w, stopped.time)).toBe(true);
      return 1;
    });
  });

  it('a sum holds with so much more value, and not with a cent less', () => {
    const w = asked(sum('Look', '>=', 33.5, DAY));
    onMisses((rows) => {
      const stopped = lastStopped(rows, w);
      if (stopped === null || stopped.time < MIN) return 0;
      const more = (value: number) => [...rows, { person: 'p', name: 'Look', time: stopped.time - MIN, value }];
      expect(isInAt(more(stopped.by - 0.01), w, stopped.time)).toBe(false);
      expect(isInAt(more(stopped.by), w, stopped.time)).toBe(true);
      return 1;
    });
  });
});
