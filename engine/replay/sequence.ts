// What happens inside an enrollment: places of the sequence fall due, branches are decided, steps pass their gates, and
// the enrollment ends. A branch is decided when what stands before it has been handled (the first: at the trigger), with
// what is known then. Steps of the paths not taken are off the path: they are neither due nor counted.

import { isTrue } from './conditions.ts';
import type { Place } from './flatten.ts';
import { laterTime, stoppedBy } from './gates.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { checkAt, type Emit, effectOf, type Scene } from './scene.ts';
import { type Enrollment, openEnrollment, type PersonState, type StepRecord, type WorkflowState } from './state.ts';
import type { Arm } from './types.ts';

/** An enrollment at its trigger; its first steps may be due at once. */
export function beginEnrollment(
  plan: Plan,
  time: number,
  begun: Pick<Enrollment, 'anchorRow' | 'anchorTime' | 'isRepeat'> & { readonly arm: Arm },
): Enrollment {
  const enrollment: Enrollment = {
    triggerTime: time,
    ...begun,
    steps: plan.steps.map((step, i) => ({
      due: plan.branchOf[i] === null && step.from === 'trigger' ? time + step.delayMs : null,
      movedTo: null,
      movedBy: null,
      outcome: null,
      reason: null,
    })),
    branches: plan.branches.map(() => ({ due: null, path: null })),
    lastHandled: null,
    exit: null,
    goalTime: null,
    goalValue: null,
  };
  // What comes first has nothing before it and counts from the trigger.
  arriveAt(plan, enrollment, plan.places[0] ?? null, time);
  return enrollment;
}

/** The next moment at which an open enrollment has something to do without an event; Infinity where it has nothing. */
export function nextDue(plan: Plan, enrollment: Enrollment): number {
  let next = expiryOf(plan, enrollment);
  for (const { outcome, due, movedTo } of enrollment.steps) {
    if (outcome === null && due !== null) next = Math.min(next, movedTo ?? due);
  }
  for (const { due, path } of enrollment.branches) if (path === null && due !== null) next = Math.min(next, due);
  return next;
}

/** When an open enrollment expires; Infinity while its last step is still to come. Inclusive. */
function expiryOf(plan: Plan, enrollment: Enrollment): number {
  const { exit, goal } = plan.workflow;
  if (exit.afterMs !== null) return enrollment.triggerTime + exit.afterMs;
  const isUnfinished =
    enrollment.steps.some((step) => step.outcome === null) ||
    enrollment.branches.some((branch) => branch.path === null);
  if (isUnfinished) return Number.POSITIVE_INFINITY;
  return Math.max(enrollment.lastHandled ?? enrollment.triggerTime, enrollment.triggerTime + goal.withinMs);
}

/** Due branches and steps in file order, then expiry: a step at the very instant of an expiry comes before it. */
export function handleDue(scene: Scene): void {
  const { plan, workflow, time } = scene;
  const enrollment = openEnrollment(workflow);
  if (enrollment === null) return;
  for (const place of plan.places) {
    if ('branch' in place) {
      const { due, path } = enrollment.branches[place.branch] as Enrollment['branches'][number];
      if (path === null && due !== null && due <= time) decideBranch(scene, enrollment, place.branch);
    } else {
      const { outcome, due, movedTo } = enrollment.steps[place.step] as StepRecord;
      if (outcome === null && due !== null && (movedTo ?? due) <= time) handleStep(scene, enrollment, place.step);
    }
  }
  if (expiryOf(plan, enrollment) <= time) end(scene, enrollment, 'expired');
}

function decideBranch(scene: Scene, enrollment: Enrollment, index: number): void {
  const { plan, time } = scene;
  const { id, paths } = plan.branches[index] as Plan['branches'][number];
  const check = checkAt(scene, enrollment.triggerTime);
  const taken = paths.findIndex((path) => path.if === null || isTrue(path.if, check));
  (enrollment.branches[index] as Enrollment['branches'][number]).path = taken;
  paths.forEach((path, k) => {
    for (const i of path.steps) {
      const record = enrollment.steps[i] as StepRecord;
      const step = plan.steps[i] as Plan['steps'][number];
      if (k !== taken) record.outcome = 'offPath';
      // A delay that was over before the branch was decided is due at once.
      else if (step.from === 'trigger') record.due = Math.max(time, enrollment.triggerTime + step.delayMs);
    }
  });
  const path = paths[taken] as (typeof paths)[number];
  scene.emit(effectOf(scene, 'branched', id, path.id ?? 'else', enrollment));
  arriveAt(plan, enrollment, path.first, time);
}

/** What comes after something that was handled at `time`: a branch is due then, a step if it counts from there. */
function arriveAt(plan: Plan, enrollment: Enrollment, place: Place | null, time: number): void {
  if (place === null) return;
  if ('branch' in place) {
    (enrollment.branches[place.branch] as Enrollment['branches'][number]).due = time;
    return;
  }
  const step = plan.steps[place.step] as Plan['steps'][number];
  if (step.from === 'previous') (enrollment.steps[place.step] as StepRecord).due = time + step.delayMs;
}

function handleStep(scene: Scene, enrollment: Enrollment, index: number): void {
  const { plan, person, view, time } = scene;
  const { id, gates } = plan.workflow;
  const step = plan.steps[index] as Plan['steps'][number];
  const record = enrollment.steps[index] as StepRecord;
  const isMoved = record.movedTo !== null;
  let reason: string | null = null;
  if (!isMoved && step.if !== null && !isTrue(step.if, checkAt(scene, enrollment.triggerTime))) reason = 'if';
  else if (gates !== null) {
    reason = stoppedBy(gates, id, person.sends, scene.workflow.hasUnsubscribed, view, time);
    if (reason === null && !isMoved) {
      const later = laterTime(gates, view, plan.zone, plan.workflow.timezone, time);
      if (later === 'drop') reason = 'quiet';
      else if (later !== null) {
        record.movedTo = later.time;
        record.movedBy = later.gate;
        scene.emit(effectOf(scene, 'moved', step.id, later.gate, enrollment));
        return;
      }
    }
  }
  if (reason === null) {
    record.outcome = enrollment.arm === 'treated' ? 'sent' : 'ghost';
    person.sends.push({ workflow: id, time });
  } else {
    record.outcome = 'skipped';
    record.reason = reason;
  }
  scene.emit(effectOf(scene, record.outcome, step.id, reason, enrollment));
  enrollment.lastHandled = time;
  arriveAt(plan, enrollment, plan.next[index] ?? null, time);
}

export function end(scene: Scene, enrollment: Enrollment, exit: 'goal' | 'event' | 'expired'): void {
  enrollment.exit = exit;
  passEnd(scene, enrollment);
  scene.emit(effectOf(scene, 'exited', null, exit, enrollment));
}

/** Steps that a gate has moved and that will not be sent any more. */
function passEnd(scene: Scene, enrollment: Enrollment): void {
  enrollment.steps.forEach((record, i) => {
    if (record.outcome !== null || record.movedTo === null) return;
    record.outcome = 'movedPastEnd';
    scene.emit(effectOf(scene, 'movedPastEnd', (scene.plan.steps[i] as Plan['steps'][number]).id, null, enrollment));
  });
}

/** Moved steps of open enrollments, which what is known by `until` leaves unsent: they are moved past the end. */
export function closeMoved(
  programme: readonly Plan[],
  state: PersonState,
  view: PersonView,
  until: number,
  emit: Emit,
): void {
  programme.forEach((plan, w) => {
    const workflow = state.workflows[w] as WorkflowState;
    const open = openEnrollment(workflow);
    if (open !== null) passEnd({ plan, workflow, person: state, view, time: until, emit }, open);
  });
}
