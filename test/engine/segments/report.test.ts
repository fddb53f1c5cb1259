// Sizes, moves and effects against a naive count with the second interpreter, and that nothing later is read.

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { replayIssues, replayWorkflow } from '../../../engine/replay/index.ts';
import { effectsOf, segmentReport } from '../../../engine/segments/index.ts';
import {
  ADOPTION,
  checkSegmentRules,
  checkWorkflow,
  DEFAULT_SEGMENT_RULES,
  ENGAGEMENT,
  LIFECYCLE,
  segmentRulesOf,
} from '../../../engine/workflow/index.ts';
import { EMAIL_EVENTS } from '../../oracle/conditions.ts';
import { Dice, Grid } from '../../oracle/dice.ts';
import { segments } from '../../oracle/generate-conditions.ts';
import { generateHistory } from '../../oracle/generate-history.ts';
import { workflowFile } from '../../oracle/generate-workflow.ts';
import { isIn } from '../../oracle/segments.ts';
import type { Dataset } from '../../oracle/shapes.ts';

const KINDS = { engagement: ENGAGEMENT, lifecycle: LIFECYCLE, adoption: ADOPTION } as const;

function cases(n: number) {
  return Array.from({ length: n }, (_, seed) => {
    const dice = new Dice(seed * 104_729 + 11);
    const grid = new Grid(dice);
    const data = generateHistory(dice, grid);
    const text = segments(dice, grid);
    text.adoption = { features: ['A', 'B'], used: dice.int(1, 2) };
    return { dice, grid, data, text, rules: checkSegmentRules(text).rules };
  }).flatMap((one) => (one.rules === null ? [] : [{ ...one, rules: one.rules }]));
}

/** Who is known at a time, each with the segment of every kind. */
function naive({ data, text, zone, time }: { data: Dataset; text: object; zone: string; time: number }) {
  const people = new Set([...data.events, ...data.changes].filter((row) => row.time <= time).map((row) => row.person));
  return new Map(
    [...people].map((person) => {
      const past = data.events
        .filter((event) => event.person === person && event.time <= time)
        .sort((a, b) => a.time - b.time);
      const activity = (event: { name: string }) => !EMAIL_EVENTS.includes(event.name);
      const of = (names: readonly string[]) =>
        names.find((name) => isIn(name, undefined, past, { time, zone }, text, activity)) as string;
      return [person, { engagement: of(ENGAGEMENT), lifecycle: of(LIFECYCLE), adoption: of(ADOPTION) }] as const;
    }),
  );
}

const built = ({ events, changes, observedUntil }: Dataset) => buildHistory(events, changes, { observedUntil });

describe('the segments of a history', () => {
  it('tell how far they are, and end where they are to', () => {
    const events = Array.from({ length: 9000 }, (_, i) => ({ person: `p${i}`, name: 'A', time: i }));
    const history = buildHistory(events, [], { observedUntil: 9000 });
    const told: [number, number][] = [];
    segmentReport(history, DEFAULT_SEGMENT_RULES, { onProgress: (done, total) => told.push([done, total]) });
    expect(told).toEqual([
      [0, 9000],
      [4096, 9000],
      [8192, 9000],
    ]);
    const aborter = new AbortController();
    const onProgress = (done: number) => {
      if (done > 0) aborter.abort(new Error('enough'));
    };
    const run = () => segmentReport(history, DEFAULT_SEGMENT_RULES, { signal: aborter.signal, onProgress });
    expect(run).toThrow('enough');
  });

  it('are counted as by hand, now and at every moment shown, and moves add up', () => {
    for (const { data, grid, text, rules } of cases(60)) {
      const sinceMs = Math.floor((grid.end - grid.start) / 3);
      const report = segmentReport(built(data), rules, { timezone: grid.zone, sinceMs });
      const now = naive({ data, text, zone: grid.zone, time: data.observedUntil });
      const before = naive({ data, text, zone: grid.zone, time: data.observedUntil - sinceMs });
      expect(report.people).toBe(now.size);
      for (const kind of ['engagement', 'lifecycle', 'adoption'] as const) {
        const { sizes, overTime, transitions } = report[kind];
        for (const name of KINDS[kind]) {
          expect(sizes[name]).toBe([...now.values()].filter((one) => one[kind] === name).length);
        }
        expect(Object.values(sizes).reduce((a, b) => a + b, 0)).toBe(report.people);
        for (const { time, people, sizes: then } of overTime) {
          const at = naive({ data, text, zone: grid.zone, time });
          expect(people).toBe(at.size);
          for (const name of KINDS[kind]) {
            expect(then[name]).toBe([...at.values()].filter((one) => one[kind] === name).length);
          }
        }
        for (const { segment, people, to } of transitions.rows) {
          const from = [...now].filter(([person]) => (before.get(person)?.[kind] ?? 'notKnown') === segment);
          expect(people).toBe(from.length);
          for (const name of KINDS[kind]) expect(to[name]).toBe(from.filter(([, one]) => one[kind] === name).length);
        }
      }
    }
  });

  it('read nothing later than the moment', () => {
    let compared = 0;
    for (const { data, grid, rules } of cases(60)) {
      const at = grid.instant();
      if (at > data.observedUntil) continue;
      const upTo = <T extends { time: number }>(rows: T[]) => rows.filter((row) => row.time <= at);
      const cut = { events: upTo(data.events), changes: upTo(data.changes), observedUntil: at };
      const { later, ...whole } = segmentReport(built(data), rules, { at, timezone: grid.zone });
      const { later: none, ...early } = segmentReport(built(cut), rules, { at, timezone: grid.zone });
      expect(whole).toEqual(early);
      expect(none).toBe(0);
      compared++;
    }
    expect(compared).toBeGreaterThan(40);
  });

  it('say so where nobody is', () => {
    const { rules } = checkSegmentRules({});
    const report = segmentReport(buildHistory([]), rules as NonNullable<typeof rules>);
    expect(report).toMatchObject({ people: 0, later: 0 });
    expect(report.engagement.sizes).toEqual({ power: 0, regular: 0, occasional: 0, dormant: 0 });
  });
});

describe('what a workflow does to each segment', () => {
  it('adds up to the replay, each candidate by where the person was', () => {
    let candidates = 0;
    for (const { dice, data, grid, text, rules } of cases(80)) {
      const { workflow } = checkWorkflow(workflowFile(dice, grid));
      if (workflow === null || replayIssues(workflow).length > 0) continue;
      const history = built(data);
      const { effects, totals } = effectsOf(history, workflow, rules);
      const asked: { person: string; time: number }[] = [];
      replayWorkflow(history, workflow, {
        onDecision: ({ kind, person, time }) => kind === 'candidate' && asked.push({ person, time }),
      });
      if (asked.length > 100) continue;
      candidates += asked.length;
      const stood = asked.map(({ person, time }) => {
        const own = { ...data, events: data.events.filter((event) => event.person === person) };
        return naive({ data: own, text, zone: workflow.timezone, time }).get(person);
      });
      for (const kind of ['engagement', 'lifecycle', 'adoption'] as const) {
        const sum = (key: 'candidates' | 'alreadyEnrolled' | 'suppressed' | 'treated' | 'holdout' | 'sent') =>
          effects[kind].reduce((n, row) => n + row[key], 0);
        expect(sum('candidates')).toBe(totals.candidates);
        expect(sum('alreadyEnrolled')).toBe(totals.alreadyEnrolled);
        expect(sum('suppressed')).toBe(Object.values(totals.suppressed).reduce((a, b) => a + b, 0));
        expect(sum('treated')).toBe(totals.enrolled.treated);
        expect(sum('holdout')).toBe(totals.enrolled.holdout);
        expect(sum('sent')).toBe(totals.steps.reduce((n, step) => n + step.sent, 0));
        for (const row of effects[kind]) {
          expect(row.candidates).toBe(stood.filter((one) => one?.[kind] === row.segment).length);
        }
      }
    }
    expect(candidates).toBeGreaterThan(200);
  });
});

it('shows the weeks of the history, not those after a stray row years before it', () => {
  const end = Date.UTC(2026, 0, 31);
  const people = Array.from({ length: 2000 }, (_, i) => `p${i}`);
  const events = people.map((person, i) => ({ person, name: 'Seen', time: end - 22 * DAY_MS + i }));
  const changes = people.map((person, i) => ({ person, property: 'plan', value: 'pro', time: end - 30 * DAY_MS + i }));
  const stray = { person: 'x', name: 'Seen', time: 86_400_000 };
  const points = (...[rows, set]: [typeof events, typeof changes]) =>
    segmentReport(buildHistory(rows, set, { observedUntil: end }), segmentRulesOf({})).engagement.overTime;
  expect(points([...events, stray], []).map(({ people: known }) => known)).toEqual([2001, 2001, 2001, 2001]);
  // Whom only a property makes known is there from then on.
  expect(points([...events, stray], changes).map(({ people: known }) => known)).toEqual([2001, 2001, 2001, 2001, 2001]);
});
