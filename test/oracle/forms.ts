// One form for what the engine and the oracle give, so that equal results are equal texts.

import type { History } from '../../engine/events/index.ts';
import type { Decision, ReplayResult, ReplayTotals, Tally } from '../../engine/replay/index.ts';
import type { OracleDecision, OracleEnrollment, OracleTotals } from './shapes.ts';

/** Keys in one order, skip counts of 0 and the sentences beside null rates left out. */
export function plain(totals: OracleTotals | ReplayTotals) {
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

export function bucketsOf({ buckets, totals }: ReplayResult) {
  return busy(buckets.map((tally) => totalsOf(tally, totals)));
}

/** Buckets in which anything happens. What the others hold is 0, since the totals are compared too. */
export function busy(buckets: readonly OracleTotals[]) {
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

export function enrollmentsOf(history: History, { enrollments: columns }: ReplayResult): OracleEnrollment[] {
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

export function byPersonAndTime(a: OracleEnrollment, b: OracleEnrollment): number {
  return a.person < b.person ? -1 : a.person > b.person ? 1 : a.triggerTime - b.triggerTime;
}

/** As texts, in an order that neither side decides. */
export function asLines(decisions: readonly OracleDecision[] | readonly Decision[]): string[] {
  return decisions
    .map(
      ({ person, workflow, time, kind, step, reason }) =>
        `${person} ${workflow} ${time} ${kind} ${step ?? '-'} ${reason ?? '-'}`,
    )
    .sort();
}
