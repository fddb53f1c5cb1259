// The fast path of a batch replay: the firings of one trigger of a common kind, each settled at once by looking forward
// in the stream of relevant rows. It gives the same result as `transition` and is held equal to it by property tests;
// nothing here defines anything.

import { upperBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { amountsOf } from './amounts.ts';
import {
  aggregateRoles,
  type CandidateScene,
  compileCondition,
  compileSuppression,
  plainRecencyMs,
  type Rule,
} from './compiled-rules.ts';
import { activeDays, type Check, isTrue } from './conditions.ts';
import { ALREADY_ENROLLED, CANDIDATES, CONVERTED, Counters, PENDING, SUPPRESSED } from './counters.ts';
import { EnrollmentBuilder, EXIT_CODES } from './enrollments.ts';
import { Firings, fire, type IsEnough } from './firings.ts';
import { armFractions, reachOf } from './person-cache.ts';
import { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { rolesOf } from './relevant.ts';
import { ANCHOR, GOAL, type Stream, streamOf } from './stream.ts';
import { hasConsent } from './transition.ts';
import { isActivity, type ReplayableTrigger } from './triggers.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** Whether a workflow has the shape the fast path handles. */
export function isCompilable(plan: Plan): boolean {
  const [trigger] = plan.triggers;
  const { gates, globalHoldout } = plan.workflow;
  if (globalHoldout !== null) return false;
  if (gates !== null && (gates.unsubscribed !== null || gates.cap.length > 0 || gates.quiet !== null)) return false;
  if (plan.triggers.length !== 1 || trigger === undefined || plan.joinsFirings) return false;
  if (trigger.type === 'behavior') return trigger.count === 1 && trigger.calendar === null;
  return trigger.type === 'absence' || trigger.key === null;
}

/** The fast path over one history; `run` may be called for any people in order, then the results read. */
export class CompiledReplay {
  readonly #history: History;
  readonly #plan: Plan;
  readonly #trigger: ReplayableTrigger;
  readonly #stream: Stream;
  readonly #scene: Scene;
  readonly #counters: Counters;
  readonly #columns: EnrollmentBuilder | null;
  readonly #goalValues: Float64Array;
  /** Null: everyone is reachable. */
  readonly #reachableSince: Float64Array | null;
  readonly #armFraction: (person: number) => number;
  readonly #audience: Rule | null;
  readonly #suppress: readonly Rule[];
  /** By suppression: the window, where it asks only for own replayed sends; else 0. */
  readonly #recentMs: Float64Array;
  /** Steps in order of their delay from the trigger, and those delays. */
  readonly #order: readonly number[];
  readonly #offsets: Float64Array;
  #firings = new Firings(0);

  /** @param withEnrollments without them only totals are kept */
  constructor(history: History, plan: Plan, withEnrollments: boolean) {
    const { workflow } = plan;
    this.#history = history;
    this.#plan = plan;
    this.#trigger = plan.triggers[0] as ReplayableTrigger;
    const stream = streamOf(history, [...rolesOf(plan), ...aggregateRoles(plan)]);
    this.#stream = stream;
    this.#scene = new Scene(history, plan);
    this.#columns = withEnrollments ? new EnrollmentBuilder(stream.rows.length >> 1) : null;
    this.#goalValues = amountsOf(history, stream, GOAL, workflow.goal.value, 'own');
    this.#reachableSince = reachOf(history, workflow.reach.address).since;
    this.#armFraction = armFractions(history, workflow.holdout.salt);
    this.#audience = workflow.audience === null ? null : compileCondition(history, stream, plan, workflow.audience);
    this.#suppress = workflow.suppress.map((rule) => compileSuppression(history, stream, plan, rule));
    this.#recentMs = Float64Array.from(workflow.suppress, (rule) => plainRecencyMs(plan, rule));
    const offsets = offsetsOf(plan);
    this.#order = offsets.map((_, i) => i).sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
    this.#offsets = Float64Array.from(this.#order, (i) => offsets[i] as number);
    this.#counters = new Counters(
      plan,
      offsets.map((_, i) => this.#order.indexOf(i)),
    );
  }

  /** Replays the people [from, to) of the buckets that count. @param counted by bucket, 0 or 1 */
  run(from: number, to: number, counted: Uint8Array): void {
    const { buckets, observedUntil } = this.#history;
    const stream = this.#stream;
    const most = (stream.starts[to] as number) - (stream.starts[from] as number);
    if (this.#firings.persons.length < most) this.#firings = new Firings(2 * most);
    const firings = this.#firings;
    const isCounted = counted.includes(0) ? (person: number) => counted[buckets[person] as number] === 1 : null;
    fire(this.#trigger, stream, from, to, isCounted, observedUntil, this.#isEnough(), firings);
    this.#settle(firings);
  }

  results(): { buckets: Tally[]; enrollments: EnrollmentColumns } {
    const columns = this.#columns ?? new EnrollmentBuilder();
    return { buckets: this.#counters.tallies(), enrollments: columns.columns() };
  }

  /** Everything from candidate to exit, for firings in order of person and time. */
  #settle(firings: Firings): void {
    const { times, roles, outcomes, starts, rows } = this.#stream;
    const { buckets, observedUntil: until } = this.#history;
    const { holdout, goal, exit: exits } = this.#plan.workflow;
    const counters = this.#counters;
    const { counts, width } = counters;
    const scene = this.#scene;
    const columns = this.#columns;
    const offsets = this.#offsets;
    const nSteps = offsets.length;
    const shapes = counters.shape(0, 0, 0, 0);
    const goalValues = this.#goalValues;
    const { fraction } = holdout;
    const stepConditions = this.#plan.steps.some((step) => step.if !== null);
    const lifeMs = exits.afterMs ?? Math.max(goal.withinMs, ...offsets);
    const { n, persons, anchors, seen: seenAt, times: firingTimes } = firings;
    let person = -1;
    let base = 0;
    let end = 0;
    let openUntil = Number.NEGATIVE_INFINITY;
    let lastTrigger = Number.NEGATIVE_INFINITY;
    let lastSend = Number.NEGATIVE_INFINITY;
    for (let f = 0; f < n; f++) {
      if (persons[f] !== person) {
        person = persons[f] as number;
        base = (buckets[person] as number) * width;
        end = starts[person + 1] as number;
        openUntil = Number.NEGATIVE_INFINITY;
        lastTrigger = Number.NEGATIVE_INFINITY;
        lastSend = Number.NEGATIVE_INFINITY;
      }
      const time = firingTimes[f] as number;
      increment(counts, base + CANDIDATES);
      if (time < openUntil) {
        increment(counts, base + ALREADY_ENROLLED);
        continue;
      }
      const anchor = anchors[f] as number;
      const seen = seenAt[f] as number;
      scene.person = person;
      scene.time = time;
      scene.seen = seen;
      scene.anchorRow = rows[anchor] as number;
      scene.lastSend = lastSend;
      const suppression = this.#suppression(person, time, lastTrigger);
      if (suppression >= 0) {
        increment(counts, base + SUPPRESSED + suppression);
        continue;
      }
      const arm = fraction > 0 && this.#armFraction(person) < fraction ? 1 : 0;
      const goalEnd = time + goal.withinMs;
      const expiry = time + lifeMs;

      // The first goal inside the goal window, and the first goal or exit inside the enrollment.
      let goalAt = -1;
      let endEvent = Number.POSITIVE_INFINITY;
      let exit: number = expiry <= until ? EXIT_CODES.expired : EXIT_CODES.open;
      for (let i = seen; i < end; i++) {
        i = outcomes[i] as number;
        if (i === end) break;
        const at = times[i] as number;
        const isGoal = ((roles[i] as number) & GOAL) !== 0;
        if (endEvent === Number.POSITIVE_INFINITY && at <= expiry) {
          endEvent = at;
          exit = isGoal ? EXIT_CODES.goal : EXIT_CODES.event;
        }
        if (isGoal || at > goalEnd) {
          if (at <= goalEnd) goalAt = i;
          if (at > expiry || endEvent !== Number.POSITIVE_INFINITY) break;
        }
      }

      openUntil = exit === EXIT_CODES.open ? Number.POSITIVE_INFINITY : Math.min(endEvent, expiry);
      const repeat = lastTrigger === Number.NEGATIVE_INFINITY ? 0 : 1;
      lastTrigger = time;

      // A step is handled up to and at the expiry, but not at or after the event that ends the enrollment.
      const life = Math.min(expiry, until, endEvent - 1) - time;
      let handled = 0;
      while (handled < nSteps && (offsets[handled] as number) <= life) handled++;
      if (stepConditions) lastSend = this.#askSteps(base, arm, time, handled, lastSend);
      else if (handled > 0) lastSend = time + (offsets[handled - 1] as number);

      const complete = goalEnd <= until ? 1 : 0;
      increment(counts, base + shapes + (exit * 4 + arm * 2 + complete) * (nSteps + 1) + handled);
      if (goalAt >= 0 && complete === 1) {
        increment(counts, base + CONVERTED + arm);
        counters.addValue(buckets[person] as number, arm, goalValues[goalAt] as number);
      }
      if (columns !== null) {
        const goalTime = goalAt < 0 ? Number.NaN : (times[goalAt] as number);
        const goalValue = goalAt < 0 ? Number.NaN : (goalValues[goalAt] as number);
        columns.add(person, times[anchor] as number, time, arm, goalTime, goalValue, complete, repeat, exit);
      }
    }
    for (let i = 0; i < firings.nPending; i++) {
      increment(counts, (buckets[firings.pending[i] as number] as number) * width + PENDING);
    }
  }

  /** The index of the suppression that holds for the candidate in the scene, or -1. */
  #suppression(person: number, time: number, lastTrigger: number): number {
    const { reentry, reach } = this.#plan.workflow;
    if (lastTrigger !== Number.NEGATIVE_INFINITY && reentry.kind !== 'always') {
      if (reentry.kind === 'once' || time - lastTrigger < reentry.ms) return 0;
    }
    const since = this.#reachableSince;
    if (since !== null && (since[person] as number) > time) return 1;
    if (reach.consent !== null && !hasConsent(reach.consent, this.#scene.lookAt(time).view, time)) return 1;
    if (this.#audience !== null && !this.#audience(this.#scene)) return 2;
    for (let i = 0; i < this.#suppress.length; i++) {
      const recentMs = this.#recentMs[i] as number;
      if (recentMs > 0 ? this.#scene.lastSend > time - recentMs : (this.#suppress[i] as Rule)(this.#scene))
        return 3 + i;
    }
    return -1;
  }

  /** Counts the steps whose `if` is false. @returns the last send after those that are sent */
  #askSteps(base: number, arm: number, triggerTime: number, handled: number, lastSend: number): number {
    for (let k = 0; k < handled; k++) {
      const index = this.#order[k] as number;
      const due = triggerTime + (this.#offsets[k] as number);
      const condition = this.#plan.steps[index]?.if ?? null;
      if (condition === null || isTrue(condition, { ...this.#scene.lookAt(due), triggerTime })) lastSend = due;
      else increment(this.#counters.counts, base + this.#counters.skipped(index, arm));
    }
    return lastSend;
  }

  #isEnough(): IsEnough {
    const trigger = this.#trigger;
    if (trigger.type !== 'absence' || trigger.afterActive === null) return null;
    const wanted = trigger.afterActive;
    const { starts, times, roles } = this.#stream;
    if (wanted.kind === 'elapsed') {
      return (person, anchor) => {
        let first = starts[person] as number;
        while (((roles[first] as number) & ANCHOR) === 0) first++;
        return (times[anchor] as number) - (times[first] as number) >= wanted.ms;
      };
    }
    return (person, anchor) => {
      const lastTime = times[anchor] as number;
      this.#scene.person = person;
      const check = this.#scene.lookAt(lastTime);
      const counts = (row: number) => isActivity(trigger, check.view, row);
      return activeDays(check, check.view.endRow, lastTime, wanted.inLastMs, counts) >= wanted.days;
    };
  }
}

/** The candidate in hand, for the rules that ask about it. */
class Scene implements CandidateScene {
  readonly view: HistoryView;
  readonly #plan: Plan;
  #selected = -1;
  person = 0;
  time = 0;
  anchorRow = 0;
  seen = 0;
  lastSend = Number.NEGATIVE_INFINITY;

  constructor(history: History, plan: Plan) {
    this.view = new HistoryView(history);
    this.#plan = plan;
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
}

/** Delays from the trigger; those that count from the step before are added up. */
function offsetsOf(plan: Plan): number[] {
  const offsets: number[] = [];
  plan.steps.forEach((step, i) => {
    const before = step.from === 'previous' && i > 0 ? (offsets[i - 1] as number) : 0;
    offsets.push(before + step.delayMs);
  });
  return offsets;
}

function increment(counts: Uint32Array, i: number): void {
  counts[i] = (counts[i] as number) + 1;
}
