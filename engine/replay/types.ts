// What a replay gives: decisions one by one, totals, totals per bucket, and enrollments as columns.

import type { ExactSum } from '../base/index.ts';

// ---------------------------------------------------------------- decisions

export type Arm = 'treated' | 'holdout';

/** One decision, in the order taken. `time` is in ms; `reason` and `step` where the kind has them. */
export type Decision = {
  readonly person: string;
  readonly workflow: string;
  readonly time: number;
} & (
  | { readonly kind: 'candidate' | 'alreadyEnrolled'; readonly step: null; readonly reason: null }
  | { readonly kind: 'suppressed'; readonly step: null; readonly reason: string }
  | { readonly kind: 'enrolled'; readonly step: null; readonly reason: Arm }
  | { readonly kind: 'sent' | 'ghost' | 'movedPastEnd'; readonly step: string; readonly reason: null }
  /** `step` is the branch's id (without one, its place: `sequence[1]`), `reason` the path taken, or `else`. */
  | { readonly kind: 'branched'; readonly step: string; readonly reason: string }
  | { readonly kind: 'skipped' | 'moved'; readonly step: string; readonly reason: string }
  | { readonly kind: 'exited'; readonly step: null; readonly reason: 'goal' | 'event' | 'expired' }
  | { readonly kind: 'converted'; readonly step: null; readonly reason: Arm }
);

// ---------------------------------------------------------------- totals: the JSON of `replay --json`

export interface StepTotals {
  readonly id: string;
  readonly due: number;
  readonly sent: number;
  readonly ghost: number;
  /** By reason: the gate's key, or `if`. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly movedPastEnd: number;
  readonly exitedBefore: number;
  readonly pending: number;
  /** Emails that a gate put off, whatever became of them then. */
  readonly moved: MovedTotals;
}

export interface MovedTotals {
  readonly count: number;
  /** By the gate that chose the later time: `quiet`, `sendTime`. They add up to `count`. */
  readonly byGate: Readonly<Record<string, number>>;
  /** By how much, to the whole minute below; the lower of two in the middle. Null with the reason where none was moved. */
  readonly medianDelayMs: number | null;
  /** The same, on average. */
  readonly meanDelayMs: number | null;
  readonly reason?: string;
}

/** Who went which way. Enrollments = all that were taken + pending + exitedBefore. */
export interface BranchTotals {
  /** Its id, else its place in the file, such as `sequence[1]`. */
  readonly id: string;
  readonly paths: readonly ({ readonly id: string } & PathTotals)[];
  readonly else: PathTotals;
  /** Open enrollments in which it is not decided yet. */
  readonly pending: number;
  /** Enrollments that ended before it was decided. */
  readonly exitedBefore: number;
  /** Why the shares are null. */
  readonly reason?: string;
}

export interface PathTotals {
  readonly taken: number;
  /** taken / all that were decided; null where none was. */
  readonly share: number | null;
}

export interface ArmGoal {
  /** Enrollments whose goal window ends at or before observedUntil. */
  readonly n: number;
  /** Enrollments whose goal window ends later. */
  readonly incomplete: number;
  /** Complete enrollments whose goal was reached inside the goal window. */
  readonly converted: number;
  /** converted / n; null where n is 0, with the reason beside it. */
  readonly rate: number | null;
  readonly reason?: string;
  /** Of the first goal event of each conversion, summed exactly and rounded once. */
  readonly value: number;
}

export interface ReplayTotals {
  readonly reach: 'known' | 'unknown';
  readonly candidates: number;
  readonly pending: number;
  readonly alreadyEnrolled: number;
  /** Always holds every key: reentry, unreachable, audience, and the id of each entry of `suppress`. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly enrolled: { readonly treated: number; readonly holdout: number };
  /** In file order, those inside branches among them: these count only enrollments that took their path. */
  readonly steps: readonly StepTotals[];
  readonly exits: { readonly goal: number; readonly event: number; readonly expired: number; readonly open: number };
  readonly goal: { readonly treated: ArmGoal; readonly holdout: ArmGoal };
  /** In file order; empty where the sequence does not branch. */
  readonly branches: readonly BranchTotals[];
}

/** Totals before rounding, additive: those of two sets of people add up to those of both. One per bucket. */
export interface Tally {
  candidates: number;
  pending: number;
  alreadyEnrolled: number;
  /** By suppression, in the order of `Totalling.suppressionKeys`. */
  suppressed: number[];
  /** Index 0 treated, 1 holdout. */
  enrolled: [number, number];
  /** By step, in file order. */
  steps: {
    sent: number;
    ghost: number;
    skipped: Record<string, number>;
    movedPastEnd: number;
    exitedBefore: number;
    pending: number;
    /** By gate. */
    moved: Record<string, number>;
    /** By delay in whole minutes, rounded down. */
    movedMinutes: Record<string, number>;
  }[];
  /** By branch, in file order; `taken` by path, `else` last. */
  branches: { taken: number[]; pending: number; exitedBefore: number }[];
  exits: { goal: number; event: number; expired: number; open: number };
  goal: [ArmTally, ArmTally];
}

export interface ArmTally {
  n: number;
  incomplete: number;
  converted: number;
  value: ExactSum;
}

// ---------------------------------------------------------------- enrollments

/** One row per enrollment, ordered by person and trigger time. Times in ms since the epoch. */
export interface EnrollmentColumns {
  readonly n: number;
  readonly persons: Uint32Array;
  /** Time of the anchor event; the trigger's own time where a trigger has none. */
  readonly anchorTimes: Float64Array;
  readonly triggerTimes: Float64Array;
  /** 0 treated, 1 holdout. */
  readonly arms: Uint8Array;
  /** First goal event in (trigger, trigger + goal window], at or before observedUntil; NaN if none. */
  readonly goalTimes: Float64Array;
  /** Its value; 0 where the event has none, NaN where there is no goal event. */
  readonly goalValues: Float64Array;
  /** 1 where the goal window ends at or before observedUntil. */
  readonly complete: Uint8Array;
  /** 1 where the person had been enrolled before. */
  readonly repeats: Uint8Array;
  /** 0 open, 1 goal, 2 event, 3 expired. */
  readonly exits: Uint8Array;
}

export interface ReplayResult {
  readonly totals: ReplayTotals;
  /** Length 128, by `bucketOf`. Their sum is `totals`. */
  readonly buckets: readonly Tally[];
  readonly enrollments: EnrollmentColumns;
}
