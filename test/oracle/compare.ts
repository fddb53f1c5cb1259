// One case, replayed by the oracle and in every way the engine has: every total, bucket, enrollment and decision.

import { buildHistory, type History } from '../../engine/events/index.ts';
import {
  type Decision,
  LiveReplay,
  type ReplayResult,
  replayFacts,
  replayIssues,
  replayProgramme,
  replayWorkflow,
} from '../../engine/replay/index.ts';
import { checkWorkflow, type Workflow } from '../../engine/workflow/index.ts';
import { asLines, bucketsOf, busy, byPersonAndTime, enrollmentsOf, plain } from './forms.ts';
import { type Case, programmeOf } from './generate.ts';
import { interpret, interpretProgramme } from './oracle.ts';
import type { Dataset, OracleProgramme, OracleResult, ProgrammeText, WorkflowText } from './shapes.ts';

/** The checked workflow, or null where the check finds an error or the replay says by name what it cannot replay. */
export function accepted(file: WorkflowText): Workflow | null {
  const { workflow, issues } = checkWorkflow(file);
  if (workflow === null || issues.some((issue) => issue.severity === 'error')) return null;
  return replayIssues(workflow).length > 0 ? null : workflow;
}

export interface Difference {
  /** Which way of the engine differs, and in what. */
  what: string;
  engine: unknown;
  oracle: unknown;
}

/** The first difference, if any. Not compared is what the workflow check or the replay refuses. */
export function compare(made: Case): Difference | 'equal' | 'not compared' {
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
export function liveDecisions(data: Dataset, history: History, workflows: readonly Workflow[]): readonly Decision[] {
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

export function describe(seed: number, small: Case): string {
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
