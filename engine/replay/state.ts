// What a replay remembers of one person: plain JSON, so that it can be stored and resumed. Instants are ms since the
// epoch; null is "not yet" or "none", never NaN or Infinity.

import type { Send } from './gates.ts';
import type { Plan } from './plan.ts';
import { copyTriggerState, initialTriggerState, type TriggerState } from './triggers.ts';
import type { Arm } from './types.ts';

/** What became of one branch. */
export interface BranchRecord {
  /** Null until what stands before it has been handled. */
  due: number | null;
  /** The path taken, as in the plan; null while it is undecided. */
  path: number | null;
}

/** What became of one step. */
export interface StepRecord {
  /** Null until the step before it is handled, for a step that counts from it, and until its branch is decided. */
  due: number | null;
  /** Where a gate moved it, once it fell due. */
  movedTo: number | null;
  movedBy: 'quiet' | 'sendTime' | null;
  /** Null while it is to come; `offPath` where it stands on a path of a branch that was not taken. */
  outcome: 'sent' | 'ghost' | 'skipped' | 'movedPastEnd' | 'offPath' | null;
  /** Why it was skipped. */
  reason: string | null;
}

export interface Enrollment {
  readonly triggerTime: number;
  readonly anchorRow: number | null;
  readonly anchorTime: number;
  readonly arm: Arm;
  /** The person had been enrolled before. */
  readonly isRepeat: boolean;
  readonly steps: StepRecord[];
  readonly branches: BranchRecord[];
  /** When the latest step so far was sent, ghosted or skipped. */
  lastHandled: number | null;
  /** Null while it is open. */
  exit: 'goal' | 'event' | 'expired' | null;
  /** The first goal event inside the goal window, whatever ended the enrollment. */
  goalTime: number | null;
  goalValue: number | null;
}

export interface WorkflowState {
  readonly triggers: TriggerState[];
  /** Those still open or still inside their goal window, by trigger time; only the last can be open. */
  enrollments: Enrollment[];
  /** The last trigger that led to an enrollment. */
  lastTrigger: number | null;
  /** An event of the gate `unsubscribed` has been seen. */
  hasUnsubscribed: boolean;
}

export interface PersonState {
  /** In the order of the programme. */
  readonly workflows: WorkflowState[];
  /** All sends and ghost sends, in order of time. */
  readonly sends: Send[];
}

/** @param runs of triggers that are checked: every one, or those alone at which the answer may have changed */
export function initialState(programme: readonly Plan[], runs: 'every' | 'changed' = 'every'): PersonState {
  return {
    workflows: programme.map((plan) => ({
      triggers: plan.triggers.map((trigger) => initialTriggerState(trigger, runs === 'every')),
      enrollments: [],
      lastTrigger: null,
      hasUnsubscribed: false,
    })),
    sends: [],
  };
}

export function copyState(state: PersonState): PersonState {
  return {
    workflows: state.workflows.map((workflow) => ({
      triggers: workflow.triggers.map(copyTriggerState),
      enrollments: workflow.enrollments.map((e) => ({
        ...e,
        steps: e.steps.map((step) => ({ ...step })),
        branches: e.branches.map((branch) => ({ ...branch })),
      })),
      lastTrigger: workflow.lastTrigger,
      hasUnsubscribed: workflow.hasUnsubscribed,
    })),
    sends: [...state.sends],
  };
}

/** The enrollment that is open, if any. */
export function openEnrollment(state: WorkflowState): Enrollment | null {
  const last = state.enrollments.at(-1);
  return last !== undefined && last.exit === null ? last : null;
}
