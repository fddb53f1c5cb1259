// The meaning of a replay: one step over one person, state + instant → state + decisions. At an instant all rows are
// applied first; then each workflow, in the order of the programme, handles exits, due steps, expiry and candidates,
// and the steps of a new enrollment that are due at once; later workflows see those sends. Nothing here looks at a row
// the view does not show yet. Any faster path has to give the same decisions.

import type { SingleTrigger, Workflow } from '../workflow/index.ts';
import { isTrue } from './conditions.ts';
import { holds, matches, propertyAt, readNumber } from './filters.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { hasRecentSend } from './recency.ts';
import { checkAt, type Emit, effectOf, type Scene } from './scene.ts';
import { beginEnrollment, end, handleDue, nextDue } from './sequence.ts';
import { copyState, type Enrollment, openEnrollment, type PersonState, type WorkflowState } from './state.ts';
import { applyRows, type Firing, fireDue, nextDeadline, type TriggerState } from './triggers.ts';
import type { Arm, Decision } from './types.ts';

/** A time and the rows [from, to) of it; none (from = to) where only a timer falls due. The view ends at `to`. */
export interface Instant {
  readonly time: number;
  readonly from: number;
  readonly to: number;
}

/**
 * One step. Instants must come in order, and no later than `nextTimer` of the state.
 * @returns a new state; the one given stays as it is
 */
export function transition(
  programme: readonly Plan[],
  state: PersonState,
  view: PersonView,
  instant: Instant,
): { readonly state: PersonState; readonly decisions: Decision[] } {
  const next = copyState(state);
  const decisions: Decision[] = [];
  advance(programme, next, view, instant, (effect) => decisions.push(effect.decision));
  return { state: next, decisions };
}

/** The next instant at which something is due without an event; Infinity where nothing is. */
export function nextTimer(programme: readonly Plan[], state: PersonState): number {
  let next = Number.POSITIVE_INFINITY;
  for (let w = 0; w < programme.length; w++) {
    const plan = programme[w] as Plan;
    const workflow = state.workflows[w] as WorkflowState;
    for (let k = 0; k < plan.triggers.length; k++) {
      next = Math.min(next, nextDeadline(plan.triggers[k] as SingleTrigger, workflow.triggers[k] as TriggerState));
    }
    const enrollment = openEnrollment(workflow);
    if (enrollment !== null) next = Math.min(next, nextDue(plan, enrollment));
  }
  return next;
}

/** The same step, for callers who own the state and want no copy: advances it in place. */
export function advance(
  programme: readonly Plan[],
  state: PersonState,
  view: PersonView,
  instant: Instant,
  emit: Emit,
): void {
  const firings = programme.map((plan, w) => firingsAt(plan, state.workflows[w] as WorkflowState, view, instant));
  programme.forEach((plan, w) => {
    const scene: Scene = {
      plan,
      workflow: state.workflows[w] as WorkflowState,
      person: state,
      view,
      time: instant.time,
      emit,
    };
    noteUnsubscribes(scene, instant);
    applyOutcomes(scene, instant);
    handleDue(scene);
    for (const firing of firings[w] as readonly Firing[]) {
      considerCandidate(scene, firing);
      handleDue(scene);
    }
    forgetSettled(scene);
  });
}

// ---------------------------------------------------------------- what fires

/**
 * Applies the rows of an instant to the triggers of a workflow and collects what fires, in input order of the anchors.
 * The firings of an `anyOf` at one instant are one, about the first event in input order, else the first timer listed.
 */
export function firingsAt(plan: Plan, workflow: WorkflowState, view: PersonView, instant: Instant): readonly Firing[] {
  const { time, from, to } = instant;
  const all: Firing[] = [];
  plan.triggers.forEach((trigger, k) => {
    const state = workflow.triggers[k] as TriggerState;
    all.push(...applyRows(trigger, state, view, plan.zone, from, to, time));
    all.push(...fireDue(trigger, state, view, plan.zone, time));
  });
  if (!plan.joinsFirings || all.length < 2) return all;
  const byEvent = all.filter((firing) => firing.by === 'event');
  byEvent.sort((a, b) => (a.anchorRow as number) - (b.anchorRow as number));
  return [byEvent[0] ?? all.find((firing) => firing.by === 'timer') ?? (all[0] as Firing)];
}

// ---------------------------------------------------------------- what ends

/** Remembers that a person has unsubscribed, from the rows of an instant. */
export function noteUnsubscribes({ plan, workflow, view }: Scene, { from, to }: Instant): void {
  const match = plan.workflow.gates?.unsubscribed ?? null;
  if (match === null || workflow.hasUnsubscribed) return;
  for (let row = from; row < to; row++) workflow.hasUnsubscribed ||= matches(view, row, match);
}

/** Goals and exits: only events strictly later than the trigger count, and the earlier in input order decides. */
function applyOutcomes(scene: Scene, { time, from, to }: Instant): void {
  const { plan, workflow, view, emit } = scene;
  const { goal, exit } = plan.workflow;
  if (from === to || workflow.enrollments.length === 0) return;
  let goalRow = -1;
  let exitRow = -1;
  for (let row = from; row < to && (goalRow < 0 || exitRow < 0); row++) {
    if (goalRow < 0 && matches(view, row, goal.match)) goalRow = row;
    if (exitRow < 0 && exit.on.some((match) => matches(view, row, match))) exitRow = row;
  }
  if (goalRow >= 0) {
    for (const enrollment of workflow.enrollments) {
      const { triggerTime } = enrollment;
      if (enrollment.goalTime !== null || time <= triggerTime || time > triggerTime + goal.withinMs) continue;
      enrollment.goalTime = time;
      enrollment.goalValue = goalValue(goal, view, goalRow);
      emit(effectOf(scene, 'converted', null, enrollment.arm, enrollment));
    }
  }
  const open = openEnrollment(workflow);
  if (open === null || time <= open.triggerTime) return;
  if (goalRow >= 0 && (exitRow < 0 || goalRow <= exitRow)) end(scene, open, 'goal');
  else if (exitRow >= 0) end(scene, open, 'event');
}

/** What a goal event is worth: the named property where it reads as a number, else the event's own value, else 0. */
export function goalValue({ value }: Workflow['goal'], view: PersonView, row: number): number {
  const named = value === null ? null : readNumber(view.eventProperty(row, value));
  if (named !== null) return named;
  const own = view.value(row);
  return Number.isNaN(own) ? 0 : own;
}

/** An enrollment that has ended is watched until its goal window is over. */
function forgetSettled({ plan, workflow, time }: Scene): void {
  const isSettled = (e: Enrollment) =>
    e.exit !== null && (e.goalTime !== null || time >= e.triggerTime + plan.workflow.goal.withinMs);
  if (workflow.enrollments.some(isSettled)) {
    workflow.enrollments = workflow.enrollments.filter((e) => !isSettled(e));
  }
}

// ---------------------------------------------------------------- candidates

/** From candidate to enrollment, in the order the rules are asked. */
export function considerCandidate(scene: Scene, firing: Firing): void {
  const { plan, workflow, view, time } = scene;
  scene.emit(effectOf(scene, 'candidate', null, null, null));
  if (isHeldOutOfAll(plan, view)) {
    scene.emit(effectOf(scene, 'suppressed', null, 'globalHoldout', null));
    return;
  }
  if (openEnrollment(workflow) !== null) {
    scene.emit(effectOf(scene, 'alreadyEnrolled', null, null, null));
    return;
  }
  const reason = suppressionOf(scene, firing);
  if (reason !== null) {
    scene.emit(effectOf(scene, 'suppressed', null, reason, null));
    return;
  }
  const arm = armOf(plan, view);
  const enrollment = beginEnrollment(plan, time, {
    anchorRow: firing.anchorRow,
    anchorTime: firing.anchorRow === null ? time : view.time(firing.anchorRow),
    arm,
    isRepeat: workflow.lastTrigger !== null,
  });
  workflow.enrollments.push(enrollment);
  workflow.lastTrigger = time;
  scene.emit(effectOf(scene, 'enrolled', null, arm, enrollment));
}

/** The key under which a candidate is suppressed, or null where it enrolls. */
export function suppressionOf(scene: Scene, firing: Firing): string | null {
  const { plan, workflow, person, view, time } = scene;
  const { reentry, reach, audience, suppress } = plan.workflow;
  if (workflow.lastTrigger !== null) {
    if (reentry.kind === 'once') return 'reentry';
    if (reentry.kind === 'cooldown' && time - workflow.lastTrigger < reentry.ms) return 'reentry';
  }
  if (!view.isReachable(reach.address, time) || !hasConsent(reach.consent, view, time)) return 'unreachable';
  const check = checkAt(scene, null);
  if (audience !== null && !isTrue(audience, check)) return 'audience';
  for (const rule of suppress) {
    if (rule.sent !== null && !hasRecentSend(rule.sent, person, view, time)) continue;
    if (!rule.where.every((filter) => holds(filter, propertyAt(view, firing.anchorRow, filter.property, time))))
      continue;
    if (rule.if !== null && !isTrue(rule.if, check)) continue;
    return rule.id;
  }
  return null;
}

/** Consent is a person property that must be true, as a filter would read it; untracked means not asked. */
export function hasConsent(property: string | null, view: PersonView, time: number): boolean {
  if (property === null || !view.isTracked(property)) return true;
  return holds({ op: '=', value: true }, view.personProperty(property, time));
}

/** Stable for a person, whatever the order of the run. */
function armOf(plan: Plan, view: PersonView): Arm {
  return isDrawn(plan.workflow.holdout, view) ? 'holdout' : 'treated';
}

/** Whether a person is kept out of all workflows; asked before everything else. */
export function isHeldOutOfAll(plan: Plan, view: PersonView): boolean {
  return plan.workflow.globalHoldout !== null && isDrawn(plan.workflow.globalHoldout, view);
}

function isDrawn({ fraction, salt }: { readonly fraction: number; readonly salt: string }, view: PersonView): boolean {
  return fraction > 0 && view.fractionOf(salt) < fraction;
}
