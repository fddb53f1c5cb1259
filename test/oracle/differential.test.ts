// The engine against the oracle: random histories and workflows, every total, bucket, enrollment and decision compared,
// by each way the engine has to come to them. FORESEND_SEED moves the seeds, FORESEND_RUNS sets how many cases; a failing
// one is printed small, ready to be pasted.

import { expect, it } from 'vitest';
import { buildHistory, type History } from '../../engine/events/index.ts';
import {
  type Decision,
  LiveReplay,
  type ReplayResult,
  type ReplayTotals,
  replayFacts,
  replayIssues,
  replayProgramme,
  replayWorkflow,
  type Tally,
} from '../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../engine/workflow/index.ts';
import { type Case, generateCase, programmeOf } from './generate.ts';
import { interpret, interpretProgramme } from './oracle.ts';
import type {
  Dataset,
  OracleDecision,
  OracleEnrollment,
  OracleProgramme,
  OracleResult,
  OracleTotals,
  ProgrammeText,
  WorkflowText,
} from './shapes.ts';
import { shrink } from './shrink.ts';

const SEED = Number(process.env['FORESEND_SEED'] ?? 1);
const RUNS = Number(process.env['FORESEND_RUNS'] ?? 1300);

it(`agrees with the oracle in ${RUNS} random cases from seed ${SEED}`, () => {
  let compared = 0;
  let decisions = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED * 1_000_003 + run;
    const made = generateCase(seed);
    const outcome = compare(made);
    if (outcome === 'not compared') continue;
    if (outcome !== 'equal') {
      const small = shrink(made, (smaller) => {
        const again = compare(smaller);
        return typeof again === 'object' && again.what === outcome.what;
      });
      expect.fail(describe(seed, small));
    }
    compared++;
    if (compared <= 200) decisions += interpret(made.data, made.workflow).decisions.length;
  }
  if (process.env['FORESEND_RUNS'] !== undefined) console.log(`${compared} of ${RUNS} cases compared`);
  // Only what the replay refuses by name is left out, and most cases have something to say.
  expect(compared).toBeGreaterThan(0.75 * RUNS);
  expect(decisions).toBeGreaterThan(5 * Math.min(compared, 200));
}, 600_000);

/** The checked workflow, or null where the check finds an error or the replay says by name what it cannot replay. */
function accepted(file: WorkflowText): Workflow | null {
  const { workflow, issues } = checkWorkflow(file);
  if (workflow === null || issues.some((issue) => issue.severity === 'error')) return null;
  return replayIssues(workflow).length > 0 ? null : workflow;
}

// ---------------------------------------------------------------- comparing

interface Difference {
  /** Which way of the engine differs, and in what. */
  what: string;
  engine: unknown;
  oracle: unknown;
}

/** The first difference, if any. Not compared is what the workflow check or the replay refuses. */
function compare(made: Case): Difference | 'equal' | 'not compared' {
  const programme = programmeOf(made);
  const isProgramme = programme.workflows.length > 1;
  const workflows = programme.workflows.map(accepted);
  if (workflows.some((one) => one === null)) return 'not compared';
  let oracle: OracleProgramme;
  try {
    oracle = interpretProgramme(made.data, programme);
  } catch (thrown) {
    return { what: 'oracle throws', engine: 'not asked', oracle: String(thrown) };
  }
  if (!oracle.workflows.every((one) => one.isClear)) return 'not compared';
  try {
    const compared = isProgramme
      ? programmeViews(made.data, programme, workflows as Workflow[], oracle)
      : views(made, workflows[0] as Workflow, oracle.workflows[0] as OracleResult);
    for (const [what, engine, expected] of compared) {
      if (JSON.stringify(engine) !== JSON.stringify(expected)) return { what, engine, oracle: expected };
    }
  } catch (thrown) {
    return { what: 'throws', engine: String(thrown), oracle: 'no error' };
  }
  return 'equal';
}

/** Several workflows that take turns. */
function* programmeViews(
  data: Dataset,
  programme: ProgrammeText,
  checked: readonly Workflow[],
  oracle: OracleProgramme,
): Iterable<[string, unknown, unknown]> {
  const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
  const { globalHoldout } = programme;
  const workflows = globalHoldout === undefined ? checked : checked.map((one) => ({ ...one, globalHoldout }));
  const decisions = asLines(oracle.decisions);
  const told: Decision[] = [];
  const quick = replayProgramme(history, workflows);
  const defining = replayProgramme(history, workflows, { path: 'transition', onDecision: (one) => told.push(one) });
  yield ['programme decisions', asLines(told), decisions];
  for (const [what, { workflows: results, totals }] of [
    ['quick', quick],
    ['transition', defining],
  ] as const) {
    for (const [i, expected] of oracle.workflows.entries()) {
      const result = results[i] as ReplayResult;
      yield [`${what} programme totals`, plain(result.totals), plain(expected.totals)];
      yield [`${what} programme buckets`, bucketsOf(result), busy(expected.buckets)];
      const enrollments = [...expected.enrollments].sort(byPersonAndTime);
      yield [`${what} programme enrollments`, enrollmentsOf(history, result), enrollments];
    }
    yield [`${what} programme people`, totals.people, oracle.people];
  }
  yield ['live programme decisions', asLines(liveDecisions(data, history, workflows)), decisions];
}

/** What is compared: a name, what the engine says, what the oracle says. */
function* views(made: Case, workflow: Workflow, oracle: OracleResult): Iterable<[string, unknown, unknown]> {
  const { data, settings } = made;
  const history = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
  const enrollments = [...oracle.enrollments].sort(byPersonAndTime);
  const buckets = busy(oracle.buckets);
  const decisions = asLines(oracle.decisions);
  const told: Decision[] = [];

  // A listener keeps the engine to its transition function, so the compiled path runs without one.
  const compiled = replayWorkflow(history, workflow, { path: 'auto' });
  yield ['auto totals', plain(compiled.totals), plain(oracle.totals)];
  yield ['auto buckets', bucketsOf(compiled), buckets];
  yield ['auto enrollments', enrollmentsOf(history, compiled), enrollments];

  const defining = replayWorkflow(history, workflow, { path: 'transition', onDecision: (one) => told.push(one) });
  yield ['transition totals', plain(defining.totals), plain(oracle.totals)];
  yield ['transition buckets', bucketsOf(defining), buckets];
  yield ['transition enrollments', enrollmentsOf(history, defining), enrollments];
  yield ['transition decisions', asLines(told), decisions];

  const isIn = (bucket: number) => bucket % 3 === 1;
  const shard = replayWorkflow(history, workflow, { path: 'auto', buckets: isIn });
  yield ['shard buckets', bucketsOf(shard), buckets.filter(([bucket]) => isIn(bucket))];

  const orders = told.map((one, i) => one.person !== told[i - 1]?.person || one.time >= (told[i - 1]?.time ?? 0));
  yield ['transition order', orders.every((isOrdered) => isOrdered), true];

  for (const setting of settings) {
    const other = accepted(setting);
    if (other === null) continue;
    const again = replayWorkflow(history, other);
    const expected = interpret(data, setting);
    yield ['setting totals', plain(again.totals), plain(expected.totals)];
    yield ['setting enrollments', enrollmentsOf(history, again), [...expected.enrollments].sort(byPersonAndTime)];
  }
  yield ['repeated totals', plain(replayWorkflow(history, workflow).totals), plain(oracle.totals)];

  yield ['live decisions', asLines(liveDecisions(data, history, [workflow])), decisions];
}

/** Rows one by one, the state stored and taken up again half way. */
function liveDecisions(data: Dataset, history: History, workflows: readonly Workflow[]): readonly Decision[] {
  const rows = [...data.events, ...data.changes]
    .filter((row) => row.time <= data.observedUntil)
    .sort((a, b) => a.time - b.time);
  let live = new LiveReplay(workflows, replayFacts(history, workflows));
  const decisions: Decision[] = [];
  rows.forEach((row, i) => {
    decisions.push(...live.feed(row));
    if (i === rows.length >> 1) live = LiveReplay.from(workflows, JSON.parse(JSON.stringify(live)));
  });
  decisions.push(...live.finish(data.observedUntil));
  return decisions;
}

function describe(seed: number, small: Case): string {
  const again = compare(small);
  const { what, engine, oracle } = typeof again === 'object' ? again : { what: 'nothing', engine: null, oracle: null };
  const only = (a: unknown, b: unknown) => {
    if (!Array.isArray(a) || !Array.isArray(b)) return a;
    const others = b.map((one) => JSON.stringify(one));
    return a.filter((one) => !others.includes(JSON.stringify(one)));
  };
  return [
    `seed ${seed}: ${what} differ`,
    JSON.stringify(small),
    `engine: ${JSON.stringify(only(engine, oracle))}`,
    `oracle: ${JSON.stringify(only(oracle, engine))}`,
  ].join('\n');
}

// ---------------------------------------------------------------- one form for both

/** Keys in one order, skip counts of 0 and the sentences beside null rates left out. */
function plain(totals: OracleTotals | ReplayTotals) {
  const arm = ({ n, incomplete, converted, rate, value }: OracleTotals['goal']['treated']) => {
    return { n, incomplete, converted, rate, value };
  };
  const byKey = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    reach: totals.reach,
    candidates: totals.candidates,
    pending: totals.pending,
    alreadyEnrolled: totals.alreadyEnrolled,
    suppressed: byKey(totals.suppressed),
    enrolled: [totals.enrolled.treated, totals.enrolled.holdout],
    steps: totals.steps.map((step) => ({
      id: step.id,
      due: step.due,
      sent: step.sent,
      ghost: step.ghost,
      skipped: byKey(step.skipped).filter(([, n]) => n !== 0),
      movedPastEnd: step.movedPastEnd,
      exitedBefore: step.exitedBefore,
      pending: step.pending,
      moved: byKey(
        'byGate' in step.moved ? (step.moved.byGate as Record<string, number>) : (step.moved as Record<string, number>),
      ),
    })),
    branches: totals.branches.map((branch) => ({
      id: branch.id,
      taken: 'taken' in branch ? branch.taken : [...branch.paths, branch.else].map(({ taken }) => taken),
      pending: branch.pending,
      exitedBefore: branch.exitedBefore,
    })),
    exits: [totals.exits.goal, totals.exits.event, totals.exits.expired, totals.exits.open],
    treated: arm(totals.goal.treated),
    holdout: arm(totals.goal.holdout),
  };
}

function bucketsOf({ buckets, totals }: ReplayResult) {
  return busy(buckets.map((tally) => totalsOf(tally, totals)));
}

/** Buckets in which anything happens. What the others hold is 0, since the totals are compared too. */
function busy(buckets: readonly OracleTotals[]) {
  const all = buckets.map((totals, bucket): [number, OracleTotals] => [bucket, totals]);
  return all
    .filter(([, totals]) => totals.candidates + totals.pending > 0)
    .map(([i, totals]) => [i, plain(totals)] as const);
}

/** A tally in the form of totals, its names taken from the totals of all. */
function totalsOf(tally: Tally, all: ReplayTotals): OracleTotals {
  const arm = ({ n, incomplete, converted, value }: Tally['goal'][number]) => {
    return { n, incomplete, converted, rate: n === 0 ? null : converted / n, value: value.value };
  };
  const keys = Object.keys(all.suppressed);
  return {
    reach: all.reach,
    candidates: tally.candidates,
    pending: tally.pending,
    alreadyEnrolled: tally.alreadyEnrolled,
    suppressed: Object.fromEntries(keys.map((key, i) => [key, tally.suppressed[i] ?? Number.NaN])),
    enrolled: { treated: tally.enrolled[0], holdout: tally.enrolled[1] },
    steps: tally.steps.map((step, i) => ({
      id: all.steps[i]?.id ?? '?',
      due: step.sent + step.ghost + step.movedPastEnd + Object.values(step.skipped).reduce((a, b) => a + b, 0),
      ...step,
    })),
    branches: tally.branches.map((branch, i) => ({ id: all.branches[i]?.id ?? '?', ...branch })),
    exits: tally.exits,
    goal: { treated: arm(tally.goal[0]), holdout: arm(tally.goal[1]) },
  };
}

function enrollmentsOf(history: History, { enrollments: columns }: ReplayResult): OracleEnrollment[] {
  const orNull = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? null : value);
  return Array.from({ length: columns.n }, (_, i) => ({
    person: history.personIds.at(columns.persons[i] as number),
    anchorTime: columns.anchorTimes[i] as number,
    triggerTime: columns.triggerTimes[i] as number,
    arm: columns.arms[i] === 0 ? ('treated' as const) : ('holdout' as const),
    goalTime: orNull(columns.goalTimes[i]),
    goalValue: orNull(columns.goalValues[i]),
    complete: columns.complete[i] === 1,
    repeat: columns.repeats[i] === 1,
    exit: (['open', 'goal', 'event', 'expired'] as const)[columns.exits[i] as number] ?? 'open',
  })).sort(byPersonAndTime);
}

function byPersonAndTime(a: OracleEnrollment, b: OracleEnrollment): number {
  return a.person < b.person ? -1 : a.person > b.person ? 1 : a.triggerTime - b.triggerTime;
}

/** As texts, in an order that neither side decides. */
function asLines(decisions: readonly OracleDecision[] | readonly Decision[]): string[] {
  return decisions
    .map(
      ({ person, workflow, time, kind, step, reason }) =>
        `${person} ${workflow} ${time} ${kind} ${step ?? '-'} ${reason ?? '-'}`,
    )
    .sort();
}
