// The batch replay of a programme: its workflows side by side, so that they share caps and recency. Each workflow has
// totals of its own; those of the programme are their sums, so they count enrollments and emails, not people (one
// purchase may be the goal of two workflows). People, and where workflows collide over them, are counted beside.

import { assert, ExactSum, UserError } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type Collisions, foldPeople, type PeopleTally } from './collisions.ts';
import { planOf } from './plan.ts';
import { type ProgrammeOptions, replayTogether } from './replay.ts';
import { armGoal, sumTallies, totalsOf } from './tally.ts';
import type { BranchTotals, ReplayResult, ReplayTotals, StepTotals, Tally } from './types.ts';

export interface ProgrammeTotals extends Omit<ReplayTotals, 'steps' | 'branches'> {
  /** Of all workflows, highest priority first. */
  readonly steps: readonly ({ readonly workflow: string } & StepTotals)[];
  readonly branches: readonly ({ readonly workflow: string } & BranchTotals)[];
  /** People, each counted once whatever they went through. */
  readonly people: { readonly enrolled: number; readonly mailed: number };
  readonly collisions: Collisions;
}

/** One bucket: the tallies of the workflows in order, and its people. */
export interface ProgrammeTally {
  readonly workflows: readonly Tally[];
  readonly people: PeopleTally;
}

export interface ProgrammeResult {
  readonly totals: ProgrammeTotals;
  /** In order of priority. */
  readonly workflows: readonly ({ readonly id: string } & ReplayResult)[];
  /** Length 128, by `bucketOf`. Their sum is the totals of the programme and of its workflows. */
  readonly buckets: readonly ProgrammeTally[];
}

/**
 * @param workflows highest priority first, with ids of their own
 * @throws UserError `NOT_REPLAYABLE`, `SAME_ID`; whatever the signal throws when aborted
 */
export function replayProgramme(
  history: History,
  workflows: readonly Workflow[],
  options: ProgrammeOptions = {},
): ProgrammeResult {
  refuseSameIds(workflows);
  const plans = workflows.map(planOf);
  const { results, people } = replayTogether(history, plans, options);
  const buckets = people.map((ofBucket, bucket) => ({
    workflows: results.map((result) => result.buckets[bucket] as Tally),
    people: ofBucket,
  }));
  const reaches = results.map((result) => result.totals.reach);
  return {
    totals: foldProgramme(workflows, buckets, reaches).programme,
    workflows: results.map((result, w) => ({ id: (workflows[w] as Workflow).id, ...result })),
    buckets,
  };
}

export function refuseSameIds(workflows: readonly Workflow[]): void {
  const ids = workflows.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice === undefined) return;
  throw new UserError('SAME_ID', `Two workflows of the programme have the id "${twice}"; give one of them another.`);
}

/** Totals of a programme and of its workflows, from tallies of disjoint sets of people. @param reaches by workflow */
export function foldProgramme(
  workflows: readonly Workflow[],
  buckets: readonly ProgrammeTally[],
  reaches: readonly ReplayTotals['reach'][],
): { readonly programme: ProgrammeTotals; readonly workflows: readonly ReplayTotals[] } {
  const sums = workflows.map((workflow, w) =>
    sumTallies(
      workflow,
      buckets.map((bucket) => bucket.workflows[w] as Tally),
    ),
  );
  const totals = workflows.map((workflow, w) => totalsOf(workflow, sums[w] as Tally, reachAt(reaches, w)));
  const ids = workflows.map(({ id }) => id);
  const sum = (of: (one: ReplayTotals) => number) => totals.reduce((all, one) => all + of(one), 0);
  const suppressed: Record<string, number> = {};
  for (const one of totals) {
    for (const [key, n] of Object.entries(one.suppressed)) suppressed[key] = (suppressed[key] ?? 0) + n;
  }
  const arm = (name: 'treated' | 'holdout') => {
    const value = new ExactSum();
    for (const { goal } of sums) value.addSum(goal[name === 'treated' ? 0 : 1].value);
    const count = (key: 'n' | 'incomplete' | 'converted') => sum((one) => one.goal[name][key]);
    return armGoal({ n: count('n'), incomplete: count('incomplete'), converted: count('converted'), value }, name);
  };
  const exit = (key: keyof ReplayTotals['exits']) => sum((one) => one.exits[key]);
  const { people, collisions } = foldPeople(buckets.map((bucket) => bucket.people));
  const programme: ProgrammeTotals = {
    reach: reaches.every((reach) => reach === 'known') ? 'known' : 'unknown',
    candidates: sum((one) => one.candidates),
    pending: sum((one) => one.pending),
    alreadyEnrolled: sum((one) => one.alreadyEnrolled),
    suppressed,
    enrolled: { treated: sum((one) => one.enrolled.treated), holdout: sum((one) => one.enrolled.holdout) },
    steps: totals.flatMap((one, w) => one.steps.map((step) => ({ workflow: ids[w] as string, ...step }))),
    exits: { goal: exit('goal'), event: exit('event'), expired: exit('expired'), open: exit('open') },
    goal: { treated: arm('treated'), holdout: arm('holdout') },
    branches: totals.flatMap((one, w) => one.branches.map((branch) => ({ workflow: ids[w] as string, ...branch }))),
    people,
    collisions,
  };
  return { programme, workflows: totals };
}

function reachAt(reaches: readonly ReplayTotals['reach'][], w: number): ReplayTotals['reach'] {
  const reach = reaches[w];
  assert(reach !== undefined, 'every workflow says whom it can reach');
  return reach;
}
