// Laws of programmes, of holdouts and of personal send times on random histories and workflows.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import {
  type Decision,
  foldProgramme,
  LiveReplay,
  type ReplayFacts,
  replayFacts,
  replayProgramme,
  replayWorkflow,
} from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, type Rows, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';

const RUNS = { numRuns: 200 };
const PEOPLE = ['p0', 'p1@x.org', 'p2', 'pä3'];
const pair = fc.tuple(workflows(anyTrigger, 'w'), workflows(anyTrigger, 'other'));
const byPerson = (decisions: readonly Decision[], id: string) => decisions.filter((d) => d.person === id);

function historyOf({ events, changes }: Rows, observedUntil: number) {
  return buildHistory(events, changes, { observedUntil });
}

function decisionsOf(given: Rows, programme: readonly Workflow[], until: number, path: 'auto' | 'transition' = 'auto') {
  const decisions: Decision[] = [];
  const { totals } = replayProgramme(historyOf(given, until), programme, {
    onDecision: (d) => decisions.push(d),
    path,
  });
  return { decisions, totals };
}

/** All rows in order of time. */
function arrivals({ events, changes }: Rows): (EventRow | PropertyRow)[] {
  return [...events, ...changes].sort((a, b) => a.time - b.time);
}

function live(given: Rows, programme: readonly Workflow[], facts: ReplayFacts, until: number): Decision[] {
  const replay = new LiveReplay(programme, facts);
  const decisions = arrivals(given)
    .filter((row) => row.time <= until)
    .flatMap((row) => replay.feed(row));
  return [...decisions, ...replay.advanceTo(until), ...replay.finish(until)];
}

describe('a programme', () => {
  it('of one workflow is that workflow', () => {
    fc.assert(
      fc.property(rows, pair, untilMs, (given, [workflow], until) => {
        const history = historyOf(given, until);
        const alone = replayWorkflow(history, workflow);
        const together = replayProgramme(history, [workflow]);
        const [only] = together.workflows;
        const { people, collisions, ...totals } = together.totals;
        const named = <T>(rows: readonly T[]) => rows.map((row) => ({ workflow: workflow.id, ...row }));
        const { steps, branches } = alone.totals;
        expect(totals).toEqual({ ...alone.totals, steps: named(steps), branches: named(branches) });
        expect(people.enrolled).toBe(new Set(alone.enrollments.persons).size);
        expect(collisions.twoAtOnce.times).toBe(0);
        expect(only?.totals).toEqual(alone.totals);
        expect(only?.enrollments).toEqual(alone.enrollments);
      }),
      RUNS,
    );
  });
  it('gives the same by every path, shard and live', () => {
    fc.assert(
      fc.property(rows, pair, untilMs, fc.nat(60), (given, programme, until, half) => {
        const batch = decisionsOf(given, programme, until);
        expect(decisionsOf(given, programme, until, 'transition')).toEqual(batch);
        const history = historyOf(given, until);
        const shards = [0, 1, 2].map((k) =>
          replayProgramme(history, programme, { buckets: (bucket) => bucket % 3 === k, enrollments: 'none' }),
        );
        const whole = replayProgramme(history, programme);
        const reaches = whole.workflows.map(({ totals }) => totals.reach);
        const folded = foldProgramme(
          programme,
          shards.flatMap((shard) => shard.buckets),
          reaches,
        );
        expect(folded.programme).toEqual(whole.totals);
        let replay = new LiveReplay(programme, replayFacts(history, programme));
        const decisions: Decision[] = [];
        arrivals(given).forEach((row, i) => {
          if (i === half) replay = LiveReplay.from(programme, JSON.parse(JSON.stringify(replay)));
          decisions.push(...replay.feed(row));
        });
        decisions.push(...replay.advanceTo(until), ...replay.finish(until));
        for (const id of PEOPLE) expect(byPerson(decisions, id)).toEqual(byPerson(batch.decisions, id));
      }),
      RUNS,
    );
  });
  it('counts what its workflows count', () => {
    fc.assert(
      fc.property(rows, pair, untilMs, (given, programme, until) => {
        const { totals, workflows: parts } = replayProgramme(historyOf(given, until), programme);
        const enrolled = totals.enrolled.treated + totals.enrolled.holdout;
        const suppressed = Object.values(totals.suppressed).reduce((sum, n) => sum + n, 0);
        expect(totals.alreadyEnrolled + suppressed + enrolled).toBe(totals.candidates);
        expect(totals.steps.length).toBe(parts.reduce((sum, part) => sum + part.totals.steps.length, 0));
        expect(totals.people.enrolled).toBeLessThanOrEqual(Math.min(enrolled, PEOPLE.length));
        expect(totals.people.mailed).toBeLessThanOrEqual(totals.people.enrolled);
        for (const { people, times, first } of Object.values(totals.collisions)) {
          expect(people).toBe(first.length);
          expect(times).toBeGreaterThanOrEqual(people);
        }
      }),
      RUNS,
    );
  });
});

/** Facts of a dataset that the rows of the people in question do not change. */
function fixedFacts(programme: readonly Workflow[]): ReplayFacts {
  const others = Array.from({ length: 40 }, (_, i) => ({ person: `z${i}@z.org`, name: 'Look', time: i * 3_600_000 }));
  const consents = programme.map(({ reach }) => ({
    person: 'z0@z.org',
    time: 0,
    property: reach.consent ?? 'other',
    value: true,
  }));
  return replayFacts(buildHistory(others, consents), programme);
}

describe('a person', () => {
  it('gets what they get whoever else is there, also at personal send times and under caps', () => {
    fc.assert(
      fc.property(rows, pair, untilMs, (given, programme, until) => {
        const facts = fixedFacts(programme);
        const all = live(given, programme, facts, until);
        for (const id of PEOPLE) {
          const alone = {
            events: given.events.filter((row) => row.person === id),
            changes: given.changes.filter((row) => row.person === id),
          };
          expect(live(alone, programme, facts, until)).toEqual(byPerson(all, id));
        }
      }),
      RUNS,
    );
  });
  it('has a past that later rows do not change', () => {
    fc.assert(
      fc.property(rows, pair, fc.integer({ min: 0, max: 120 }), (given, programme, minute) => {
        const moment = minute * 60_000 + 1;
        const facts = fixedFacts(programme);
        const isDecided = (d: Decision) => d.time <= moment && d.kind !== 'movedPastEnd';
        const past = live(given, programme, facts, moment).filter(isDecided);
        const later = live(given, programme, facts, 20_000_000).filter(isDecided);
        for (const id of PEOPLE) expect(byPerson(past, id)).toEqual(byPerson(later, id));
      }),
      RUNS,
    );
  });
});

describe('a larger holdout', () => {
  it('only moves people into it: everything but the arm stays as it was', () => {
    const fractions = fc.tuple(
      fc.double({ min: 0, max: 0.99, noNaN: true }),
      fc.double({ min: 0, max: 0.99, noNaN: true }),
    );
    fc.assert(
      fc.property(rows, pair, untilMs, fractions, (given, programme, until, pairOf) => {
        const [less, more] = pairOf.toSorted((a, b) => a - b) as [number, number];
        const at = (fraction: number) =>
          decisionsOf(
            given,
            programme.map((one) => ({ ...one, holdout: { fraction, salt: one.holdout.salt } })),
            until,
          ).decisions;
        const [before, after] = [at(less), at(more)];
        const arms = (of: readonly Decision[]) =>
          of.map(({ kind, reason }) => kind === 'ghost' || reason === 'holdout');
        const rest = ({ person, workflow, time, kind, step, reason }: Decision) => [
          ...[person, workflow, time, step],
          ...(kind === 'ghost' ? ['sent'] : [kind]),
          ...(reason === 'holdout' ? ['treated'] : [reason]),
        ];
        expect(after.map(rest)).toEqual(before.map(rest));
        const was = arms(before);
        arms(after).forEach((isHeld, i) => {
          if (was[i]) expect(isHeld).toBe(true);
        });
      }),
      RUNS,
    );
  });
});
