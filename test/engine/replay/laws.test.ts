import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import {
  closeMoved,
  type Decision,
  foldTallies,
  HistoryView,
  type Instant,
  initialState,
  LiveReplay,
  nextTimer,
  planOf,
  type ReplayResult,
  replayFacts,
  replayWorkflow,
  transition,
} from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, type Rows, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';

const RUNS = { numRuns: 400 };
const anyWorkflow = workflows(anyTrigger);

/** Without personal send times, which rest on everyone's activity: a fact of the whole dataset, not of the person. */
const personalWorkflow = anyWorkflow.map((workflow) => {
  const { gates } = workflow;
  return gates === null ? workflow : { ...workflow, gates: { ...gates, sendTime: null } };
});

function historyOf({ events, changes }: Rows, observedUntil: number) {
  return buildHistory(events, changes, { observedUntil });
}

function decisionsOf(given: Rows, workflow: Workflow, until: number): Decision[] {
  const decisions: Decision[] = [];
  replayWorkflow(historyOf(given, until), workflow, { onDecision: (d) => decisions.push(d) });
  return decisions;
}

/** All rows in the order of time in which the live interface wants them; property rows may come first or last. */
function arrivals({ events, changes }: Rows): (EventRow | PropertyRow)[] {
  return [...events, ...changes].sort((a, b) => a.time - b.time);
}

const byPerson = (decisions: readonly Decision[], id: string) => decisions.filter((d) => d.person === id);
const PEOPLE = ['p0', 'p1@x.org', 'p2', 'pä3'];

describe('the live interface', () => {
  it('gives the decisions of the batch, also stored and resumed half way', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, fc.nat(60), (given, workflow, until, half) => {
        const batch = decisionsOf(given, workflow, until);
        let live = new LiveReplay([workflow], replayFacts(historyOf(given, until), [workflow]));
        const decisions: Decision[] = [];
        arrivals(given).forEach((row, i) => {
          if (i === half) live = LiveReplay.from([workflow], JSON.parse(JSON.stringify(live)));
          decisions.push(...live.feed(row));
        });
        decisions.push(...live.advanceTo(until), ...live.finish(until));
        for (const id of PEOPLE) expect(byPerson(decisions, id)).toEqual(byPerson(batch, id));
        expect(decisions.map((d) => d.time)).toEqual(decisions.map((d) => d.time).sort((a, b) => a - b));
      }),
      RUNS,
    );
  });
  it('refuses a row from before the clock, and the state of another workflow', () => {
    const [workflow, other] = fc.sample(anyWorkflow, 2) as [Workflow, Workflow];
    const live = new LiveReplay([workflow], replayFacts(buildHistory([]), [workflow]));
    live.feed({ person: 'p', name: 'Add', time: 10 });
    expect(live.feed({ person: 'p', name: 'Add', time: 10 })).toEqual([]);
    expect(() => live.feed({ person: 'p', name: 'Add', time: 9 })).toThrow(/order of time/);
    expect(() => LiveReplay.from([{ ...other, hash: 'x' }], live.toJSON())).toThrow(/stored state/);
  });
});

describe('a replay', () => {
  it('adds up over shards, and its totals are the sum of its buckets', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, fc.integer({ min: 1, max: 4 }), (given, workflow, until, n) => {
        const history = historyOf(given, until);
        const whole = replayWorkflow(history, workflow);
        const shards = Array.from({ length: n }, (_, k) =>
          replayWorkflow(history, workflow, { buckets: (bucket) => bucket % n === k }),
        );
        const tallies = shards.flatMap((shard) => shard.buckets);
        expect(foldTallies(workflow, tallies, whole.totals.reach)).toEqual(whole.totals);
        expect(shards.reduce((sum, shard) => sum + shard.enrollments.n, 0)).toBe(whole.enrollments.n);
      }),
      RUNS,
    );
  });
  it('of a person does not change when another comes along', () => {
    fc.assert(
      fc.property(rows, personalWorkflow, untilMs, (given, workflow, until) => {
        // Whether any address is known is a fact of the whole dataset; keep one in it.
        const base = { person: 'z@z.org', time: 0, property: workflow.reach.consent ?? 'other', value: true };
        const all = decisionsOf({ ...given, changes: [...given.changes, base] }, workflow, until);
        for (const id of PEOPLE) {
          const alone = {
            events: given.events.filter((row) => row.person === id),
            changes: [...given.changes.filter((row) => row.person === id), base],
          };
          expect(byPerson(decisionsOf(alone, workflow, until), id)).toEqual(byPerson(all, id));
        }
      }),
      RUNS,
    );
  });
  it('does not depend on the order of rows of different people or times', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, (given, workflow, until) => {
        const sorted = {
          events: [...given.events].sort((a, b) => b.person.localeCompare(a.person) || b.time - a.time),
          changes: [...given.changes].sort((a, b) => b.time - a.time),
        };
        expect(decisionsOf(sorted, workflow, until)).toEqual(decisionsOf(given, workflow, until));
      }),
      RUNS,
    );
  });
  it('adds up in every count', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, (given, workflow, until) => {
        checkSums(workflow, replayWorkflow(historyOf(given, until), workflow));
      }),
      RUNS,
    );
  });
  it('up to a moment is the beginning of a longer one: nothing looks ahead', () => {
    fc.assert(
      fc.property(rows, personalWorkflow, fc.integer({ min: 0, max: 120 }), (given, workflow, minute) => {
        const moment = minute * 60_000 + 1;
        const seen = (row: { time: number }) => row.time <= moment;
        const reach = { person: 'z@z.org', time: 0, property: workflow.reach.consent ?? 'other', value: true };
        const past = {
          events: given.events.filter(seen),
          changes: [...given.changes.filter(seen), reach],
        };
        const later = decisionsOf({ ...given, changes: [...given.changes, reach] }, workflow, 10_000_000);
        const isDecided = (d: Decision) => d.time <= moment && d.kind !== 'movedPastEnd';
        expect(decisionsOf(past, workflow, moment).filter(isDecided)).toEqual(later.filter(isDecided));
      }),
      RUNS,
    );
  });
});

describe('the transition', () => {
  it('leaves the state it is given as it is, and gives the decisions of the batch', () => {
    fc.assert(
      fc.property(rows, anyWorkflow, untilMs, (given, workflow, until) => {
        const history = historyOf(given, until);
        const programme = [planOf(workflow)];
        const view = new HistoryView(history);
        const decisions: Decision[] = [];
        for (let person = 0; person < history.nPersons; person++) {
          view.select(person);
          let state = initialState(programme);
          for (;;) {
            const from = view.endRow;
            const changed = (i: number) =>
              i < view.lastChange ? (history.changes.times[i] as number) : Number.POSITIVE_INFINITY;
            const row = from < view.lastRow ? view.time(from) : Number.POSITIVE_INFINITY;
            const time = Math.min(row, changed(view.endChange), nextTimer(programme, state));
            if (time > until) break;
            let to = from;
            while (to < view.lastRow && view.time(to) === time) to++;
            view.endRow = to;
            while (changed(view.endChange) === time) view.endChange++;
            const instant: Instant = { time, from, to };
            const before = JSON.stringify(state);
            const step = transition(programme, state, view, instant);
            expect(JSON.stringify(state)).toBe(before);
            decisions.push(...step.decisions);
            state = JSON.parse(JSON.stringify(step.state));
          }
          closeMoved(programme, state, view, until, ({ decision }) => decisions.push(decision));
        }
        expect(decisions).toEqual(decisionsOf(given, workflow, until));
      }),
      { numRuns: 200 },
    );
  });
});

function checkSums(workflow: Workflow, { totals, enrollments, buckets }: ReplayResult): void {
  const enrolled = totals.enrolled.treated + totals.enrolled.holdout;
  const suppressed = Object.values(totals.suppressed).reduce((sum, n) => sum + n, 0);
  expect(totals.alreadyEnrolled + suppressed + enrolled).toBe(totals.candidates);
  const plan = planOf(workflow);
  const ways = totals.branches.map((branch) => [...branch.paths, branch.else].map(({ taken }) => taken));
  totals.branches.forEach((branch, b) => {
    const decided = (ways[b] as number[]).reduce((sum, n) => sum + n, 0);
    expect(decided + branch.pending + branch.exitedBefore).toBe(enrolled);
    for (const { taken, share } of [...branch.paths, branch.else]) expect(share).toBe(decided ? taken / decided : null);
  });
  totals.steps.forEach((s, i) => {
    const b = plan.branchOf[i] ?? null;
    const way = b === null ? -1 : plan.branches[b]?.paths.findIndex(({ steps }) => steps.includes(i));
    expect(s.due + s.exitedBefore + s.pending).toBe(b === null ? enrolled : ways[b]?.[way as number]);
    expect(s.moved.count).toBeLessThanOrEqual(s.due + s.exitedBefore + s.pending);
    expect(Object.values(s.moved.byGate).reduce((sum, n) => sum + n, 0)).toBe(s.moved.count);
    const skipped = Object.values(s.skipped).reduce((sum, n) => sum + n, 0);
    expect(s.sent + s.ghost + skipped + s.movedPastEnd).toBe(s.due);
  });
  const { goal, event, expired, open } = totals.exits;
  expect(goal + event + expired + open).toBe(enrolled);
  const arms = [totals.goal.treated, totals.goal.holdout];
  expect(arms.map((arm) => arm.n + arm.incomplete)).toEqual([totals.enrolled.treated, totals.enrolled.holdout]);
  for (const arm of arms) expect(arm.rate === null).toBe(arm.n === 0);
  expect(enrollments.n).toBe(enrolled);
  expect(buckets.length).toBe(128);
}
