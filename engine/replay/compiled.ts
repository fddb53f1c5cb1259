// The fast path of a batch replay: one trigger of a common kind, run over the stream of relevant rows. An enrollment is
// settled at once when it begins, by looking forward in the stream, which gives the same result as `transition` and is
// held equal to it by property tests. Nothing here defines anything.

import { upperBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { AbsenceTrigger } from '../workflow/index.ts';
import { amountsOf } from './amounts.ts';
import {
  aggregateRoles,
  type CandidateScene,
  compileCondition,
  compileSuppression,
  type Rule,
} from './compiled-rules.ts';
import { activeDays, type Check, isTrue } from './conditions.ts';
import {
  ALREADY_ENROLLED,
  CANDIDATES,
  COMPLETE,
  CONVERTED,
  Counters,
  ENROLLED,
  EXITED_BEFORE,
  EXITS,
  GHOST,
  INCOMPLETE,
  PENDING,
  SENT,
  SKIPPED_BY_IF,
  STEP_PENDING,
  SUPPRESSED,
} from './counters.ts';
import { EnrollmentBuilder, EXIT_CODES } from './enrollments.ts';
import { armFractions, reachOf } from './person-cache.ts';
import { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { ANCHOR, ANSWER, EXIT, GOAL, type Stream, type StreamRole, streamOf } from './stream.ts';
import { hasConsent } from './transition.ts';
import { isActivity } from './triggers.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** Whether a workflow has the shape the fast path handles. */
export function isCompilable(plan: Plan): boolean {
  const [trigger] = plan.triggers;
  if (plan.triggers.length !== 1 || trigger === undefined) return false;
  if (trigger.type === 'behavior') return trigger.count === 1 && trigger.calendar === null;
  return trigger.type === 'absence' || trigger.key === null;
}

/** The fast path over one history; `run` may be called for any people in order, then the results read. */
export class CompiledReplay implements CandidateScene {
  readonly stream: Stream;
  readonly view: HistoryView;
  readonly columns = new EnrollmentBuilder();
  readonly #history: History;
  readonly #plan: Plan;
  readonly #counters: Counters;
  readonly #reachableSince: Float64Array | null;
  readonly #goalValues: Float64Array;
  readonly #armFraction: (person: number) => number;
  readonly #audience: Rule | null;
  readonly #suppress: readonly Rule[];
  /** Delays from the trigger; those that count from the step before are added up. */
  readonly #offsets: Float64Array;
  readonly #hasStepConditions: boolean;
  /** From the trigger to the expiry, ms. */
  readonly #lifeMs: number;
  readonly #until: number;

  // The candidate in hand.
  person = 0;
  time = 0;
  anchorRow = 0;
  seen = 0;
  // The person in hand.
  lastSend = Number.NEGATIVE_INFINITY;
  #lastTrigger = Number.NEGATIVE_INFINITY;
  /** When the enrollment in hand ends; later candidates are free again. */
  #openUntil = Number.NEGATIVE_INFINITY;
  #base = 0;
  #bucket = 0;
  #selected = -1;

  constructor(history: History, plan: Plan) {
    const { workflow } = plan;
    this.#history = history;
    this.#plan = plan;
    this.view = new HistoryView(history);
    this.stream = streamOf(history, rolesOf(plan));
    this.#counters = new Counters(plan);
    this.#goalValues = amountsOf(history, this.stream, GOAL, workflow.goal.value, 'own');
    this.#reachableSince = reachOf(history, workflow.reach.address).since;
    this.#armFraction = armFractions(history, workflow.holdout.salt);
    this.#audience =
      workflow.audience === null ? null : compileCondition(history, this.stream, plan, workflow.audience);
    this.#suppress = workflow.suppress.map((rule) => compileSuppression(history, this.stream, plan, rule));
    this.#offsets = new Float64Array(plan.steps.length);
    plan.steps.forEach((step, i) => {
      const before = step.from === 'previous' && i > 0 ? (this.#offsets[i - 1] as number) : 0;
      this.#offsets[i] = before + step.delayMs;
    });
    this.#hasStepConditions = plan.steps.some((step) => step.if !== null);
    this.#lifeMs = workflow.exit.afterMs ?? Math.max(workflow.goal.withinMs, ...this.#offsets);
    this.#until = history.observedUntil;
  }

  /** Replays the people [from, to) of the buckets that count. @param counts by bucket, 0 or 1 */
  run(from: number, to: number, counts: Uint8Array): void {
    const [trigger] = this.#plan.triggers;
    const { starts } = this.stream;
    const { buckets } = this.#history;
    for (let person = from; person < to; person++) {
      const bucket = buckets[person] as number;
      const first = starts[person] as number;
      const end = starts[person + 1] as number;
      if (first === end || counts[bucket] === 0) continue;
      this.person = person;
      this.#bucket = bucket;
      this.#base = bucket * this.#counters.width;
      this.lastSend = Number.NEGATIVE_INFINITY;
      this.#lastTrigger = Number.NEGATIVE_INFINITY;
      this.#openUntil = Number.NEGATIVE_INFINITY;
      if (trigger?.type === 'inaction') this.#inaction(first, end, trigger.withinMs, trigger.rearm === 'reset');
      else if (trigger?.type === 'behavior') this.#behavior(first, end);
      else if (trigger?.type === 'absence') this.#absence(first, end, trigger);
    }
  }

  results(): { buckets: Tally[]; enrollments: EnrollmentColumns } {
    return { buckets: this.#counters.tallies(), enrollments: this.columns.columns() };
  }

  // -------------------------------------------------------------- what fires

  #inaction(first: number, end: number, withinMs: number, resets: boolean): void {
    const { times, roles } = this.stream;
    let anchor = -1;
    let deadline = Number.POSITIVE_INFINITY;
    let answered = Number.NEGATIVE_INFINITY;
    for (let i = first; i < end; i++) {
      const time = times[i] as number;
      const role = roles[i] as number;
      if (deadline < time) {
        this.#candidate(deadline, anchor, i);
        deadline = Number.POSITIVE_INFINITY;
      }
      if ((role & ANSWER) !== 0) {
        deadline = Number.POSITIVE_INFINITY;
        answered = time;
      } else if ((role & ANCHOR) !== 0 && time !== answered && (resets || deadline === Number.POSITIVE_INFINITY)) {
        // An answer of the same instant counts as after the anchor, whichever row comes first.
        anchor = i;
        deadline = time + withinMs;
      }
    }
    this.#lastDeadline(deadline, anchor, end);
  }

  #behavior(first: number, end: number): void {
    const { times, roles } = this.stream;
    for (let i = first; i < end; i++) {
      if (((roles[i] as number) & ANCHOR) === 0) continue;
      const time = times[i] as number;
      let seen = i + 1;
      while (seen < end && times[seen] === time) seen++;
      this.#candidate(time, i, seen);
    }
  }

  #absence(first: number, end: number, trigger: AbsenceTrigger): void {
    const { times, roles } = this.stream;
    let anchor = -1;
    let firstTime = Number.NaN;
    let deadline = Number.POSITIVE_INFINITY;
    for (let i = first; i < end; i++) {
      const time = times[i] as number;
      if (deadline < time) {
        if (this.#wasActiveEnough(trigger, firstTime, anchor)) this.#candidate(deadline, anchor, i);
        deadline = Number.POSITIVE_INFINITY;
      }
      if (((roles[i] as number) & ANCHOR) === 0) continue;
      if (anchor < 0) firstTime = time;
      anchor = i;
      deadline = time + trigger.forMs;
    }
    if (anchor >= 0 && this.#wasActiveEnough(trigger, firstTime, anchor)) this.#lastDeadline(deadline, anchor, end);
  }

  #lastDeadline(deadline: number, anchor: number, end: number): void {
    if (deadline <= this.#until) this.#candidate(deadline, anchor, end);
    else if (deadline < Number.POSITIVE_INFINITY) this.#add(PENDING);
  }

  #wasActiveEnough(trigger: AbsenceTrigger, firstTime: number, anchor: number): boolean {
    const wanted = trigger.afterActive;
    if (wanted === null) return true;
    const lastTime = this.stream.times[anchor] as number;
    if (wanted.kind === 'elapsed') return lastTime - firstTime >= wanted.ms;
    const { view } = this.lookAt(lastTime);
    const counts = (row: number) => isActivity(trigger, view, row);
    return activeDays({ view, zone: this.#plan.zone }, view.endRow, lastTime, wanted.inLastMs, counts) >= wanted.days;
  }

  // -------------------------------------------------------------- what becomes of it

  #candidate(time: number, anchor: number, seen: number): void {
    this.#add(CANDIDATES);
    if (time < this.#openUntil) {
      this.#add(ALREADY_ENROLLED);
      return;
    }
    this.time = time;
    this.seen = seen;
    this.anchorRow = this.stream.rows[anchor] as number;
    const suppression = this.#suppression();
    if (suppression >= 0) this.#add(SUPPRESSED + suppression);
    else this.#enroll(this.stream.times[anchor] as number);
  }

  /** The index of the suppression that holds, or -1. */
  #suppression(): number {
    const { time, person } = this;
    const { reentry, reach } = this.#plan.workflow;
    if (this.#lastTrigger !== Number.NEGATIVE_INFINITY) {
      if (reentry.kind === 'once') return 0;
      if (reentry.kind === 'cooldown' && time - this.#lastTrigger < reentry.ms) return 0;
    }
    if (this.#reachableSince !== null && (this.#reachableSince[person] as number) > time) return 1;
    if (reach.consent !== null && !hasConsent(reach.consent, this.lookAt(time).view, time)) return 1;
    if (this.#audience !== null && !this.#audience(this)) return 2;
    for (let i = 0; i < this.#suppress.length; i++) if ((this.#suppress[i] as Rule)(this)) return 3 + i;
    return -1;
  }

  #enroll(anchorTime: number): void {
    const { time, person, stream } = this;
    const { times, roles, outcomes } = stream;
    const { holdout, goal } = this.#plan.workflow;
    const until = this.#until;
    const arm = holdout.fraction > 0 && this.#armFraction(person) < holdout.fraction ? 1 : 0;
    const goalEnd = time + goal.withinMs;
    const expiry = time + this.#lifeMs;
    const horizon = Math.max(goalEnd, expiry);
    let goalAt = -1;
    let exit: number = expiry <= until ? EXIT_CODES.expired : EXIT_CODES.open;
    let endEvent = Number.POSITIVE_INFINITY;
    const end = stream.starts[person + 1] as number;
    for (let i = this.seen; i < end; i++) {
      i = outcomes[i] as number;
      const at = i < end ? (times[i] as number) : Number.POSITIVE_INFINITY;
      if (at > horizon) break;
      const isGoal = ((roles[i] as number) & GOAL) !== 0;
      if (goalAt < 0 && isGoal && at <= goalEnd) goalAt = i;
      if (endEvent === Number.POSITIVE_INFINITY && at <= expiry) {
        endEvent = at;
        exit = isGoal ? EXIT_CODES.goal : EXIT_CODES.event;
      }
      if (goalAt >= 0 && endEvent !== Number.POSITIVE_INFINITY) break;
    }
    const repeat = this.#lastTrigger === Number.NEGATIVE_INFINITY ? 0 : 1;
    this.#lastTrigger = time;
    this.#openUntil = exit === EXIT_CODES.open ? Number.POSITIVE_INFINITY : Math.min(endEvent, expiry);
    this.#add(ENROLLED + arm);
    this.#add(EXITS + exit);
    this.#steps(arm, exit, endEvent, Math.min(expiry, until));
    const complete = goalEnd <= until ? 1 : 0;
    this.#add((complete === 1 ? COMPLETE : INCOMPLETE) + arm);
    let goalTime = Number.NaN;
    let value = Number.NaN;
    if (goalAt >= 0) {
      goalTime = times[goalAt] as number;
      value = this.#goalValues[goalAt] as number;
      if (complete === 1) {
        this.#add(CONVERTED + arm);
        this.#counters.values[this.#bucket * 2 + arm]?.add(value);
      }
    }
    this.columns.add(person, anchorTime, time, arm, goalTime, value, complete, repeat, exit);
  }

  /** A step is handled up to and at `last`, but not at or after the event that ends the enrollment. */
  #steps(arm: number, exit: number, endEvent: number, last: number): void {
    const offsets = this.#offsets;
    for (let i = 0; i < offsets.length; i++) {
      const due = this.time + (offsets[i] as number);
      const step = this.#counters.step(i);
      if (due > last || due >= endEvent) {
        this.#add(step + (exit === EXIT_CODES.open ? STEP_PENDING : EXITED_BEFORE));
      } else if (this.#hasStepConditions && this.#isSkipped(i, due)) {
        this.#add(step + SKIPPED_BY_IF);
      } else {
        this.#add(step + (arm === 0 ? SENT : GHOST));
        if (due > this.lastSend) this.lastSend = due;
      }
    }
  }

  #isSkipped(index: number, due: number): boolean {
    const condition = this.#plan.steps[index]?.if ?? null;
    return condition !== null && !isTrue(condition, { ...this.lookAt(due), triggerTime: this.time });
  }

  lookAt(time: number): Check {
    const { view, person } = this;
    if (this.#selected !== person) {
      view.select(person);
      this.#selected = person;
    }
    view.endRow = upperBound((row) => view.time(row), time, view.firstRow, view.lastRow);
    return { view, time, zone: this.#plan.zone, triggerTime: null };
  }

  #add(index: number): void {
    const { counts } = this.#counters;
    counts[this.#base + index] = (counts[this.#base + index] as number) + 1;
  }
}

function rolesOf(plan: Plan): StreamRole[] {
  const { goal, exit } = plan.workflow;
  const roles: StreamRole[] = [];
  const [trigger] = plan.triggers;
  if (trigger?.type === 'behavior') roles.push({ bit: ANCHOR, match: trigger.match, activityOnly: false });
  if (trigger?.type === 'inaction') {
    roles.push({ bit: ANCHOR, match: trigger.after, activityOnly: false });
    roles.push({ bit: ANSWER, match: trigger.without, activityOnly: false });
  }
  if (trigger?.type === 'absence') {
    if (trigger.of === null) roles.push({ bit: ANCHOR, match: null, activityOnly: true });
    for (const event of trigger.of ?? []) {
      roles.push({ bit: ANCHOR, match: { event, where: [] }, activityOnly: true });
    }
  }
  roles.push({ bit: GOAL, match: goal.match, activityOnly: false });
  for (const match of exit.on) roles.push({ bit: EXIT, match, activityOnly: false });
  return [...roles, ...aggregateRoles(plan)];
}
