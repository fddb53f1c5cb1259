// The fast path of a batch replay: the firings of one trigger of a common kind, each settled at once by looking forward
// in the stream of relevant rows. It gives the same result as `transition` and is held equal to it by property tests;
// nothing here defines anything.

import { upperBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { SingleTrigger } from '../workflow/index.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import {
  aggregateRoles,
  type Bench,
  type CandidateScene,
  compileCondition,
  compileSuppression,
  plainRecencyMs,
  plainVerdicts,
  type Rule,
  type Verdicts,
} from './compiled-rules.ts';
import { activeDays, type Check, isTrue } from './conditions.ts';
import { ALREADY_ENROLLED, Counters, SUPPRESSED } from './counters.ts';
import { EnrollmentBuilder, EXIT_CODES } from './enrollments.ts';
import {
  type AnchoredTrigger,
  addForeseen,
  Firings,
  fire,
  type IsCounted,
  type IsEnough,
  mostFirings,
} from './firings.ts';
import { type Foresee, foreseeing, isUnanchored } from './foreseen.ts';
import { type ArmFractions, armFractions, type Buckets, bucketsIn, reachOf } from './person-cache.ts';
import { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { rolesOf } from './relevant.ts';
import { NO_GOAL, Settled } from './settled.ts';
import { ANCHOR, EXIT, GOAL, type Stream, streamOf } from './stream.ts';
import { hasConsent } from './transition.ts';
import { isActivity } from './triggers.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** Foreseen firings that are settled together, roughly. */
const PIECE = 65_536;

/** Whether a workflow has the shape the fast path handles. */
export function isCompilable(plan: Plan): boolean {
  const [trigger] = plan.triggers;
  const { gates, globalHoldout } = plan.workflow;
  if (globalHoldout !== null || plan.branches.length > 0) return false;
  if (gates !== null && (gates.unsubscribed !== null || gates.cap.length > 0)) return false;
  if (gates !== null && (gates.quiet !== null || gates.sendTime !== null)) return false;
  if (plan.triggers.length !== 1 || trigger === undefined || plan.joinsFirings) return false;
  if (isUnanchored(trigger)) return true;
  if (trigger.type === 'behavior') return trigger.count === 1 && trigger.calendar === null;
  return trigger.type === 'absence' || trigger.key === null;
}

/** How a suppression is asked: by a window since the last send, by verdicts, or else by its rule. */
interface Suppressor {
  /** 0 where it asks for anything but the last send. */
  readonly recentMs: number;
  readonly verdicts: Verdicts | null;
  readonly rule: Rule;
}

/** The fast path over one history; `run` may be called for any people in order, then the results read. */
export class CompiledReplay {
  readonly #history: History;
  readonly #plan: Plan;
  readonly #trigger: AnchoredTrigger | null;
  /** Of a trigger that is about no event, instead. */
  readonly #foresee: Foresee | null;
  readonly #stream: Stream;
  readonly #scene: Scene;
  readonly #counters: Counters;
  readonly #columns: EnrollmentBuilder | null;
  readonly #goals: Amounts;
  /** Null: everyone is reachable. */
  readonly #reachableSince: Float64Array | null;
  readonly #buckets: Buckets;
  readonly #armFractions: ArmFractions;
  readonly #verdicts: readonly Verdicts[];
  readonly #audience: Rule | null;
  readonly #suppressors: readonly Suppressor[];
  /** Steps in order of their delay from the trigger, and those delays. */
  readonly #order: readonly number[];
  readonly #offsets: Float64Array;
  #firings = new Firings(0);
  #settled = new Settled(0);

  /** @param withEnrollments without them only totals are kept */
  constructor(history: History, plan: Plan, withEnrollments: boolean) {
    const { workflow } = plan;
    this.#history = history;
    this.#plan = plan;
    const trigger = plan.triggers[0] as SingleTrigger;
    this.#trigger = isUnanchored(trigger) ? null : trigger;
    this.#foresee = isUnanchored(trigger) ? foreseeing(history, trigger, plan.zone) : null;
    const stream = streamOf(history, [...rolesOf(plan), ...aggregateRoles(plan)]);
    this.#stream = stream;
    this.#scene = new Scene(history, plan);
    const most = this.#trigger === null ? 0 : mostFirings(this.#trigger, stream);
    this.#columns = withEnrollments ? new EnrollmentBuilder(most + 1) : null;
    this.#goals = amountsOf(history, stream, GOAL, workflow.goal.value, 'own');
    this.#reachableSince = reachOf(history, workflow.reach.address).since;
    this.#buckets = bucketsIn(history);
    this.#armFractions = armFractions(history, workflow.holdout.salt);
    const bench: Bench = { history, stream, plan, verdicts: [] };
    this.#audience = workflow.audience === null ? null : compileCondition(bench, workflow.audience);
    this.#suppressors = workflow.suppress.map((suppression) => {
      const verdicts = plainVerdicts(bench, suppression);
      const rule = verdicts === null ? compileSuppression(bench, suppression) : () => false;
      return { recentMs: plainRecencyMs(plan, suppression), verdicts, rule };
    });
    this.#verdicts = bench.verdicts;
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
    const { observedUntil } = this.#history;
    const buckets = this.#buckets;
    const stream = this.#stream;
    const isCounted = counted.includes(0) ? (person: number) => counted[buckets.of(person)] === 1 : null;
    if (this.#trigger === null) {
      this.#runForeseen(from, to, isCounted);
      return;
    }
    const most = (stream.starts[to] as number) - (stream.starts[from] as number);
    if (this.#firings.persons.length < most) {
      this.#firings = new Firings(2 * most);
      this.#settled = new Settled(2 * most);
    }
    fire(this.#trigger, stream, from, to, isCounted, observedUntil, this.#isEnough(), this.#firings);
    this.#take(this.#firings);
  }

  /** A trigger that runs often fires more than there are rows: settled in pieces, each of whole people. */
  #runForeseen(from: number, to: number, isCounted: IsCounted): void {
    const foresee = this.#foresee as Foresee;
    const { view } = this.#scene;
    const times: number[] = [];
    this.#firings.n = 0;
    for (let person = from; person < to; person++) {
      if (isCounted !== null && !isCounted(person)) continue;
      times.length = 0;
      this.#scene.select(person);
      foresee(view, times);
      if (this.#firings.persons.length < this.#firings.n + times.length) {
        this.#take(this.#firings);
        this.#firings.n = 0;
        if (this.#firings.persons.length < times.length || this.#firings.persons.length === 0) {
          this.#firings = new Firings(Math.max(PIECE, 2 * times.length));
          this.#settled = new Settled(this.#firings.persons.length);
        }
      }
      addForeseen(this.#stream, person, times, this.#firings);
    }
    this.#take(this.#firings);
    this.#firings.n = 0;
  }

  /** Settles and counts firings. */
  #take(firings: Firings): void {
    const settled = this.#settled;
    for (const verdicts of this.#verdicts) verdicts.judge(firings);
    this.#settle(firings, settled);
    this.#counters.add(firings, settled, this.#buckets, this.#goals.values);
    const isAnchored = this.#foresee === null;
    this.#columns?.addSettled(firings, isAnchored, settled, this.#counters.facts, this.#stream, this.#goals.values);
  }

  results(): { buckets: Tally[]; enrollments: EnrollmentColumns } {
    const columns = this.#columns ?? new EnrollmentBuilder();
    return { buckets: this.#counters.tallies(), enrollments: columns.columns() };
  }

  /** Everything from candidate to exit, for firings in order of person and time. */
  #settle(firings: Firings, settled: Settled): void {
    const { times, roles, next, rows, starts } = this.#stream;
    const isAnchored = this.#foresee === null;
    const { observedUntil: until } = this.#history;
    const { holdout, goal, exit: exits, reentry } = this.#plan.workflow;
    const scene = this.#scene;
    const offsets = this.#offsets;
    const nSteps = offsets.length;
    const { fraction } = holdout;
    const fractions = this.#armFractions;
    const { withinMs } = goal;
    const stepConditions = this.#plan.steps.some((step) => step.if !== null);
    const lifeMs = exits.afterMs ?? Math.max(withinMs, ...offsets);
    const shapes = this.#counters.shape(0, 0, 0, 0);
    const since = this.#reachableSince;
    const asksMore = this.#plan.workflow.reach.consent !== null || this.#audience !== null;
    const suppressors = this.#suppressors;
    const isPlain = ({ recentMs, verdicts }: Suppressor) => recentMs > 0 || verdicts !== null;
    const asksScene = asksMore || stepConditions || !suppressors.every(isPlain);
    const nSuppressors = suppressors.length;
    const recentMs = Float64Array.from(suppressors, (suppressor) => suppressor.recentMs);
    const held = suppressors.map(({ verdicts }) => verdicts?.held() ?? null);
    const cooldownMs =
      reentry.kind === 'cooldown' ? reentry.ms : reentry.kind === 'once' ? Number.POSITIVE_INFINITY : 0;
    const { n, persons, anchors, seen: seenAt, times: firingTimes } = firings;
    const { codes, goals, repeats } = settled;
    let person = -1;
    let arm = -1;
    let openUntil = Number.NEGATIVE_INFINITY;
    let lastTrigger = Number.NEGATIVE_INFINITY;
    let lastSend = Number.NEGATIVE_INFINITY;
    candidates: for (let f = 0; f < n; f++) {
      if (persons[f] !== person) {
        person = persons[f] as number;
        arm = -1;
        openUntil = Number.NEGATIVE_INFINITY;
        lastTrigger = Number.NEGATIVE_INFINITY;
        lastSend = Number.NEGATIVE_INFINITY;
      }
      const time = firingTimes[f] as number;
      if (time < openUntil) {
        codes[f] = ALREADY_ENROLLED;
        continue;
      }
      if (time - lastTrigger < cooldownMs) {
        codes[f] = SUPPRESSED;
        continue;
      }
      if (since !== null && (since[person] as number) > time) {
        codes[f] = SUPPRESSED + 1;
        continue;
      }
      // Doubles handed to a function that is not inlined are boxed: only where a rule asks.
      if (asksScene) scene.put(f, person, time, isAnchored ? (rows[anchors[f] as number] as number) : null, lastSend);
      if (asksMore) {
        const reason = this.#unreachableOrOutside(time);
        if (reason >= 0) {
          codes[f] = SUPPRESSED + reason;
          continue;
        }
      }
      for (let s = 0; s < nSuppressors; s++) {
        const recent = recentMs[s] as number;
        const verdicts = held[s] as Uint8Array | null;
        if (
          recent > 0
            ? lastSend > time - recent
            : verdicts !== null
              ? verdicts[f] === 1
              : (suppressors[s] as Suppressor).rule(scene)
        ) {
          codes[f] = SUPPRESSED + 3 + s;
          continue candidates;
        }
      }
      if (arm < 0) arm = fractions.arm(person, fraction);
      const goalEnd = time + withinMs;
      const expiry = time + lifeMs;

      // The first goal or exit inside the enrollment ends it; the first goal may lie behind it.
      const seen = seenAt[f] as number;
      let outcome = next[seen - 1] as number;
      // About no event, a firing may come before all rows of the person.
      if (!isAnchored && seen === starts[person]) outcome = firstOutcome(this.#stream, person);
      let at = times[outcome] as number;
      let endEvent = Number.POSITIVE_INFINITY;
      let exit: number = expiry <= until ? EXIT_CODES.expired : EXIT_CODES.open;
      if (at <= expiry) {
        endEvent = at;
        exit = ((roles[outcome] as number) & GOAL) !== 0 ? EXIT_CODES.goal : EXIT_CODES.event;
      }
      while (at <= goalEnd && ((roles[outcome] as number) & GOAL) === 0) {
        outcome = next[outcome] as number;
        at = times[outcome] as number;
      }
      goals[f] = at <= goalEnd ? outcome : NO_GOAL;
      openUntil = exit === EXIT_CODES.open ? Number.POSITIVE_INFINITY : Math.min(endEvent, expiry);
      repeats[f] = lastTrigger === Number.NEGATIVE_INFINITY ? 0 : 1;
      lastTrigger = time;

      // A step is handled up to and at the expiry, but not at or after the event that ends the enrollment.
      const life = Math.min(expiry, until, endEvent - 1) - time;
      let handled = 0;
      while (handled < nSteps && (offsets[handled] as number) <= life) handled++;
      if (stepConditions) lastSend = this.#askSteps(this.#buckets.of(person), arm, time, handled, lastSend);
      else if (handled > 0) lastSend = time + (offsets[handled - 1] as number);
      const complete = goalEnd <= until ? 1 : 0;
      codes[f] = shapes + (exit * 4 + arm * 2 + complete) * (nSteps + 1) + handled;
    }
  }

  /** The index of the reason for which the candidate in the scene is unreachable or outside the audience, or -1. */
  #unreachableOrOutside(time: number): number {
    const { consent } = this.#plan.workflow.reach;
    if (consent !== null && !hasConsent(consent, this.#scene.lookAt(time).view, time)) return 1;
    return this.#audience !== null && !this.#audience(this.#scene) ? 2 : -1;
  }

  /** Counts the steps whose `if` is false. @returns the last send after those that are sent */
  #askSteps(bucket: number, arm: number, triggerTime: number, handled: number, lastSend: number): number {
    for (let k = 0; k < handled; k++) {
      const index = this.#order[k] as number;
      const due = triggerTime + (this.#offsets[k] as number);
      const condition = this.#plan.steps[index]?.if ?? null;
      if (condition === null || isTrue(condition, { ...this.#scene.lookAt(due), triggerTime })) lastSend = due;
      else this.#counters.addSkipped(bucket, index, arm);
    }
    return lastSend;
  }

  #isEnough(): IsEnough {
    const trigger = this.#trigger;
    if (trigger?.type !== 'absence' || trigger.afterActive === null) return null;
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

/** The place of a person's first row that is a goal or an exit; that of no row where none is. */
function firstOutcome({ starts, roles, next, rows }: Stream, person: number): number {
  const first = starts[person] as number;
  if (first === starts[person + 1]) return rows.length;
  return ((roles[first] as number) & (GOAL | EXIT)) === 0 ? (next[first] as number) : first;
}

/** The candidate in hand, for the rules that ask about it. */
class Scene implements CandidateScene {
  readonly view: HistoryView;
  readonly #plan: Plan;
  #selected = -1;
  person = 0;
  time = 0;
  firing = 0;
  anchorRow: number | null = 0;
  lastSend = Number.NEGATIVE_INFINITY;

  constructor(history: History, plan: Plan) {
    this.view = new HistoryView(history);
    this.#plan = plan;
  }

  put(firing: number, person: number, time: number, anchorRow: number | null, lastSend: number): void {
    this.firing = firing;
    this.person = person;
    this.time = time;
    this.anchorRow = anchorRow;
    this.lastSend = lastSend;
  }

  select(person: number): void {
    if (this.#selected === person) return;
    this.view.select(person);
    this.#selected = person;
  }

  lookAt(time: number): Check {
    const { view, person } = this;
    this.select(person);
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
