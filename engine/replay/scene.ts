// What one step of the transition works on: one workflow of one person at one instant, and the decisions it makes.

import type { Check } from './conditions.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { Enrollment, PersonState, WorkflowState } from './state.ts';
import type { Decision } from './types.ts';

/** A decision with what it is about, for those who count. */
export interface Effect {
  readonly decision: Decision;
  readonly plan: Plan;
  /** Of the decision, where it has one; belongs to the state. */
  readonly enrollment: Enrollment | null;
}

export type Emit = (effect: Effect) => void;

export interface Scene {
  readonly plan: Plan;
  readonly workflow: WorkflowState;
  readonly person: PersonState;
  readonly view: PersonView;
  readonly time: number;
  readonly emit: Emit;
}

export function checkAt({ view, time, plan }: Scene, triggerTime: number | null): Check {
  return { view, time, zone: plan.zone, triggerTime };
}

export function effectOf(
  { plan, view, time }: Scene,
  kind: Decision['kind'],
  step: string | null,
  reason: string | null,
  enrollment: Enrollment | null,
): Effect {
  const decision = { person: view.id, workflow: plan.workflow.id, time, kind, step, reason } as Decision;
  return { decision, plan, enrollment };
}
