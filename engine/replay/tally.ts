// Counting. A tally is additive: the tallies of two sets of people add up to that of both, so totals are folded from
// the 128 buckets and shards may be merged in any order. Only the last step rounds.

import { ExactSum, MINUTE_MS } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { PlannedBranch } from './flatten.ts';
import { type Plan, planOf, suppressionKeys } from './plan.ts';
import type { Enrollment } from './state.ts';
import type {
  ArmGoal,
  ArmTally,
  BranchTotals,
  MovedTotals,
  PathTotals,
  ReplayTotals,
  StepTotals,
  Tally,
} from './types.ts';

export function emptyTally(plan: Plan): Tally {
  const arm = (): ArmTally => ({ n: 0, incomplete: 0, converted: 0, value: new ExactSum() });
  return {
    candidates: 0,
    pending: 0,
    alreadyEnrolled: 0,
    suppressed: plan.suppressionKeys.map(() => 0),
    enrolled: [0, 0],
    steps: plan.steps.map(() => ({
      sent: 0,
      ghost: 0,
      skipped: {},
      movedPastEnd: 0,
      exitedBefore: 0,
      pending: 0,
      moved: {},
      movedMinutes: {},
    })),
    branches: plan.branches.map(({ paths }) => ({ taken: paths.map(() => 0), pending: 0, exitedBefore: 0 })),
    exits: { goal: 0, event: 0, expired: 0, open: 0 },
    goal: [arm(), arm()],
  };
}

export function emptyBuckets(plan: Plan): Tally[] {
  return Array.from({ length: N_BUCKETS }, () => emptyTally(plan));
}

/** Counts an enrollment as it stands at `observedUntil`. */
export function tallyEnrollment(tally: Tally, plan: Plan, enrollment: Enrollment, observedUntil: number): void {
  const arm = enrollment.arm === 'treated' ? 0 : 1;
  tally.enrolled[arm]++;
  tally.exits[enrollment.exit ?? 'open']++;
  const toCome = enrollment.exit === null ? 'pending' : 'exitedBefore';
  enrollment.steps.forEach((record, i) => {
    const step = tally.steps[i] as Tally['steps'][number];
    const branch = plan.branchOf[i] ?? null;
    if (record.outcome === 'offPath') return;
    if (branch !== null && enrollment.branches[branch]?.path === null) return;
    if (record.outcome === 'skipped') increment(step.skipped, record.reason as string, 1);
    else step[record.outcome ?? toCome]++;
    if (record.movedTo !== null) {
      increment(step.moved, record.movedBy as string, 1);
      increment(step.movedMinutes, String(Math.floor((record.movedTo - (record.due as number)) / MINUTE_MS)), 1);
    }
  });
  enrollment.branches.forEach(({ path }, b) => {
    const branch = tally.branches[b] as Tally['branches'][number];
    if (path === null) branch[toCome]++;
    else branch.taken[path] = (branch.taken[path] as number) + 1;
  });
  const goal = tally.goal[arm];
  if (enrollment.triggerTime + plan.workflow.goal.withinMs > observedUntil) {
    goal.incomplete++;
    return;
  }
  goal.n++;
  if (enrollment.goalTime === null) return;
  goal.converted++;
  goal.value.add(enrollment.goalValue as number);
}

function increment(counts: Record<string, number>, key: string, by: number): void {
  counts[key] = (counts[key] ?? 0) + by;
}

/** Adds `other` to `sum`, in place. */
function addTally(sum: Tally, other: Tally): void {
  sum.candidates += other.candidates;
  sum.pending += other.pending;
  sum.alreadyEnrolled += other.alreadyEnrolled;
  other.suppressed.forEach((n, i) => {
    sum.suppressed[i] = (sum.suppressed[i] as number) + n;
  });
  for (const arm of [0, 1] as const) {
    sum.enrolled[arm] += other.enrolled[arm];
    sum.goal[arm].n += other.goal[arm].n;
    sum.goal[arm].incomplete += other.goal[arm].incomplete;
    sum.goal[arm].converted += other.goal[arm].converted;
    sum.goal[arm].value.addSum(other.goal[arm].value);
  }
  other.steps.forEach((step, i) => {
    const to = sum.steps[i] as Tally['steps'][number];
    for (const key of ['sent', 'ghost', 'movedPastEnd', 'exitedBefore', 'pending'] as const) to[key] += step[key];
    for (const key of ['skipped', 'moved', 'movedMinutes'] as const) {
      for (const [name, n] of Object.entries(step[key])) increment(to[key], name, n);
    }
  });
  other.branches.forEach((branch, b) => {
    const to = sum.branches[b] as Tally['branches'][number];
    to.pending += branch.pending;
    to.exitedBefore += branch.exitedBefore;
    branch.taken.forEach((n, k) => {
      to.taken[k] = (to.taken[k] as number) + n;
    });
  });
  for (const key of ['goal', 'event', 'expired', 'open'] as const) sum.exits[key] += other.exits[key];
}

export function sumTallies(workflow: Workflow, tallies: readonly Tally[]): Tally {
  const sum = emptyTally(planOf(workflow));
  for (const tally of tallies) addTally(sum, tally);
  return sum;
}

/** Totals of a workflow, from tallies of disjoint sets of people. */
export function foldTallies(workflow: Workflow, tallies: readonly Tally[], reach: 'known' | 'unknown'): ReplayTotals {
  return totalsOf(workflow, sumTallies(workflow, tallies), reach);
}

/** Totals of a workflow, from the sum of all tallies. */
export function totalsOf(workflow: Workflow, sum: Tally, reach: 'known' | 'unknown'): ReplayTotals {
  const plan = planOf(workflow);
  return {
    reach,
    candidates: sum.candidates,
    pending: sum.pending,
    alreadyEnrolled: sum.alreadyEnrolled,
    suppressed: Object.fromEntries(suppressionKeys(workflow).map((key, i) => [key, sum.suppressed[i] as number])),
    enrolled: { treated: sum.enrolled[0], holdout: sum.enrolled[1] },
    steps: plan.steps.map((step, i) => stepTotals(step.id, sum.steps[i] as Tally['steps'][number])),
    exits: sum.exits,
    goal: { treated: armGoal(sum.goal[0], 'treated'), holdout: armGoal(sum.goal[1], 'holdout') },
    branches: plan.branches.map((branch, b) => branchTotals(branch, sum.branches[b] as Tally['branches'][number])),
  };
}

function stepTotals(id: string, step: Tally['steps'][number]): StepTotals {
  const skipped = Object.entries(step.skipped).sort(([a], [b]) => (a < b ? -1 : 1));
  const nSkipped = skipped.reduce((sum, [, n]) => sum + n, 0);
  return {
    id,
    due: step.sent + step.ghost + nSkipped + step.movedPastEnd,
    sent: step.sent,
    ghost: step.ghost,
    skipped: Object.fromEntries(skipped),
    movedPastEnd: step.movedPastEnd,
    exitedBefore: step.exitedBefore,
    pending: step.pending,
    moved: movedTotals(step),
  };
}

function movedTotals({ moved, movedMinutes }: Tally['steps'][number]): MovedTotals {
  const byGate = Object.fromEntries(Object.entries(moved).sort(([a], [b]) => (a < b ? -1 : 1)));
  const count = Object.values(byGate).reduce((sum, n) => sum + n, 0);
  if (count === 0)
    return { count, byGate, medianDelayMs: null, meanDelayMs: null, reason: 'no email of this step was moved' };
  const delays = Object.entries(movedMinutes)
    .map(([minutes, n]) => ({ minutes: Number(minutes), n }))
    .sort((a, b) => a.minutes - b.minutes);
  let behind = 0;
  const middle = delays.find(({ n }) => {
    behind += n;
    return 2 * behind >= count;
  });
  const sum = delays.reduce((all, { minutes, n }) => all + minutes * n, 0);
  return {
    count,
    byGate,
    medianDelayMs: (middle?.minutes as number) * MINUTE_MS,
    meanDelayMs: (sum * MINUTE_MS) / count,
  };
}

function branchTotals({ id, paths }: PlannedBranch, { taken, pending, exitedBefore }: Tally['branches'][number]) {
  const decided = taken.reduce((sum, n) => sum + n, 0);
  const totals = taken.map((n) => ({ taken: n, share: decided === 0 ? null : n / decided }));
  const branch: BranchTotals = {
    id,
    paths: paths.slice(0, -1).map((path, k) => ({ id: path.id as string, ...(totals[k] as PathTotals) })),
    else: totals[paths.length - 1] as PathTotals,
    pending,
    exitedBefore,
  };
  return decided === 0 ? { ...branch, reason: 'this branch was decided for nobody' } : branch;
}

export function armGoal(arm: ArmTally, name: string): ArmGoal {
  const { n, incomplete, converted } = arm;
  const value = arm.value.value;
  if (n > 0) return { n, incomplete, converted, rate: converted / n, value };
  const reason =
    incomplete > 0
      ? `none of the ${incomplete} enrollments in the ${name} arm has a goal window that is over yet`
      : `nobody enrolled in the ${name} arm`;
  return { n, incomplete, converted, rate: null, reason, value };
}
