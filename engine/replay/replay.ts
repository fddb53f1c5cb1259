// The batch replay of one workflow over a history: every person by themselves, totals per bucket, enrollments as
// columns, decisions in the order of the log where asked for. What lies past observedUntil is unknown: timers armed
// then are pending, enrollments open, goal windows incomplete.

import { upperBound } from '../base/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import type { SingleTrigger, Workflow } from '../workflow/index.ts';
import { type CollisionMet, CollisionWatch, type PeopleTally } from './collisions.ts';
import { CompiledReplay, isCompilable } from './compiled.ts';
import { isJointlyCompilable, JointReplay, MOST_TOGETHER } from './compiled-programme.ts';
import { EnrollmentBuilder, EXIT_CODES } from './enrollments.ts';
import { Foresight } from './foresight.ts';
import { reachOf } from './person-cache.ts';
import { HistoryView, type PersonView } from './person-view.ts';
import { type Plan, planOf } from './plan.ts';
import { outcomeRoles, replayRelevant } from './relevant.ts';
import type { Effect } from './scene.ts';
import { closeMoved } from './sequence.ts';
import { type Enrollment, initialState, type PersonState, type WorkflowState } from './state.ts';
import { streamOf } from './stream.ts';
import { emptyBuckets, foldTallies, tallyEnrollment } from './tally.ts';
import { advance, type Instant, nextTimer } from './transition.ts';
import { pendingTimers, type TriggerState } from './triggers.ts';
import type { Decision, ReplayResult, Tally } from './types.ts';

export interface ReplayOptions {
  /** Called with each decision: by person, then in the order taken. */
  readonly onDecision?: (decision: Decision) => void;
  readonly signal?: AbortSignal;
  readonly onProgress?: (donePersons: number, totalPersons: number) => void;
  /**
   * `transition` shows the transition function every row; `auto` (the default) leaves out rows it would take no notice
   * of, and takes the compiled path where there is one and no decisions are asked for. All give the same.
   */
  readonly path?: 'auto' | 'transition';
  /** `none` leaves the enrollment columns empty, for sweeps that read totals only. */
  readonly enrollments?: 'columns' | 'none';
  /** Only people of the buckets for which this is true: a shard. */
  readonly buckets?: (bucket: number) => boolean;
}

/** Between two looks at the signal and two reports of progress: people, and rows where each has many. */
const BATCH = 4096;
const BATCH_ROWS = 65_536;
/** People whose firings are worked out at once. */
const PIECE = 512;

/** @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted */
export function replayWorkflow(history: History, workflow: Workflow, options: ReplayOptions = {}): ReplayResult {
  const plan = planOf(workflow);
  if (!mayCompile(options)) return replayPlans(history, [plan], options)[0] as ReplayResult;
  const { nPersons } = history;
  const withEnrollments = options.enrollments !== 'none';
  if (isCompilable(plan)) {
    report(options, 0, nPersons);
    const replay = new CompiledReplay(history, plan, withEnrollments);
    inBatches(history, options, (from, to, counted) => replay.run(from, to, counted));
    return compiledResult(history, plan, replay.results());
  }
  if (!isJointlyCompilable(plan)) return replayPlans(history, [plan], options)[0] as ReplayResult;
  return replayJointly(history, [plan], options, false).results[0] as ReplayResult;
}

export interface ProgrammeOptions extends ReplayOptions {
  /** Called with each collision, before the decision that brought it. */
  readonly onCollision?: (met: CollisionMet) => void;
}

/** Of a programme: a result for each workflow, and by bucket its people. */
export interface TogetherResult {
  readonly results: readonly ReplayResult[];
  readonly people: readonly PeopleTally[];
}

/** Several workflows together, highest priority first. */
export function replayTogether(
  history: History,
  programme: readonly Plan[],
  options: ProgrammeOptions,
): TogetherResult {
  const areCompilable = programme.length <= MOST_TOGETHER && programme.every(isJointlyCompilable);
  if (mayCompile(options) && options.onCollision === undefined && areCompilable) {
    return replayJointly(history, programme, options, true);
  }
  const watch = new CollisionWatch(programme, options.onCollision);
  return { results: replayPlans(history, programme, options, watch), people: watch.buckets };
}

function replayJointly(
  history: History,
  programme: readonly Plan[],
  options: ReplayOptions,
  withPeople: boolean,
): TogetherResult {
  report(options, 0, history.nPersons);
  const replay = new JointReplay(history, programme, options.enrollments !== 'none', withPeople);
  inBatches(history, options, (from, to, counted) => replay.run(from, to, counted));
  const results = replay.results().map((result, w) => compiledResult(history, programme[w] as Plan, result));
  return { results, people: replay.people };
}

function mayCompile({ path, onDecision }: ReplayOptions): boolean {
  return path !== 'transition' && onDecision === undefined;
}

/** @param run people [from, to), of the buckets for which `counted` is 1 */
function inBatches(
  history: History,
  options: ReplayOptions,
  run: (from: number, to: number, counted: Uint8Array) => void,
): void {
  const { nPersons } = history;
  const counted = Uint8Array.from({ length: N_BUCKETS }, (_, bucket) => (options.buckets?.(bucket) === false ? 0 : 1));
  for (let from = 0; from < nPersons; ) {
    const to = endOfBatch(history, from);
    report(options, from, nPersons);
    run(from, to, counted);
    from = to;
  }
  report(options, nPersons, nPersons);
}

/** Where the batch of people that begins at `from` ends. */
function endOfBatch({ nPersons, personStart }: History, from: number): number {
  const to = Math.min(from + BATCH, nPersons);
  const rows = (personStart[from] as number) + BATCH_ROWS;
  if ((personStart[to] as number) <= rows) return to;
  return Math.max(from + 1, upperBound((person) => personStart[person] as number, rows, from, to) - 1);
}

function compiledResult(
  history: History,
  plan: Plan,
  { buckets, enrollments }: Pick<ReplayResult, 'buckets' | 'enrollments'>,
): ReplayResult {
  const { reach } = reachOf(history, plan.workflow.reach.address);
  return { totals: foldTallies(plan.workflow, buckets, reach), buckets, enrollments };
}

/** Who looks on while people are replayed. */
export interface Onlooker {
  /** A new person, whose rows the view shows as time passes. */
  begin(view: PersonView, bucket: number): void;
  see(effect: Effect): void;
}

/**
 * Several workflows together, highest priority first, by the transition function.
 * @returns a result for each, in their order
 */
export function replayPlans(
  history: History,
  programme: readonly Plan[],
  options: ReplayOptions,
  onlooker: Onlooker | null = null,
): ReplayResult[] {
  const view = new HistoryView(history);
  const counts = programme.map((plan) => new PlanCounts(plan));
  const countsOf = new Map(programme.map((plan, w) => [plan, counts[w] as PlanCounts]));
  const emit = (effect: Effect) => {
    countsOf.get(effect.plan)?.see(effect);
    onlooker?.see(effect);
    options.onDecision?.(effect.decision);
  };
  const { nPersons, observedUntil, buckets } = history;
  const isCounted = (person: number) => options.buckets?.(buckets[person] as number) !== false;
  const isAllRows = options.path === 'transition';
  const stream = isAllRows ? null : streamOf(history, programme.flatMap(outcomeRoles));
  const foresight = isAllRows ? null : new Foresight(history, programme);
  let batchEnd = 0;
  for (let person = 0; person < nPersons; person++) {
    if (person === batchEnd) {
      report(options, person, nPersons);
      batchEnd = endOfBatch(history, person);
    }
    if (person % PIECE === 0) foresight?.take(person, Math.min(person + PIECE, nPersons), isCounted);
    if (!isCounted(person)) continue;
    const bucket = buckets[person] as number;
    for (const count of counts) count.begin(bucket);
    if (stream !== null && foresight !== null) {
      counts.forEach((count, w) => {
        count.addPending(foresight.pending(w, person));
      });
      if (!foresight.fires(person)) continue;
    }
    onlooker?.begin(view, bucket);
    const state =
      stream === null || foresight === null
        ? replayPerson(programme, view, person, observedUntil, emit)
        : replayRelevant(programme, view, stream, foresight, person, observedUntil, emit);
    closeMoved(programme, state, view, observedUntil, emit);
    counts.forEach((count, w) => {
      const plan = programme[w] as Plan;
      if (stream === null) count.addPending(pendingOf(plan, state.workflows[w] as WorkflowState, view));
      count.finish(person, observedUntil, options.enrollments !== 'none');
    });
  }
  report(options, nPersons, nPersons);
  return counts.map((count) => count.result(view));
}

/** What one workflow came to, person after person. */
class PlanCounts {
  readonly #plan: Plan;
  readonly #buckets: Tally[];
  readonly #columns = new EnrollmentBuilder();
  #tally: Tally;
  #enrollments: Enrollment[] = [];

  constructor(plan: Plan) {
    this.#plan = plan;
    this.#buckets = emptyBuckets(plan);
    this.#tally = this.#buckets[0] as Tally;
  }

  begin(bucket: number): void {
    this.#tally = this.#buckets[bucket] as Tally;
    this.#enrollments = [];
  }

  see(effect: Effect): void {
    count(this.#tally, effect);
    if (effect.decision.kind === 'enrolled') this.#enrollments.push(effect.enrollment as Enrollment);
  }

  addPending(n: number): void {
    this.#tally.pending += n;
  }

  finish(person: number, observedUntil: number, withEnrollments: boolean): void {
    for (const enrollment of this.#enrollments) {
      tallyEnrollment(this.#tally, this.#plan, enrollment, observedUntil);
      if (withEnrollments) addToColumns(this.#columns, person, this.#plan, enrollment, observedUntil);
    }
  }

  result(view: HistoryView): ReplayResult {
    const { workflow } = this.#plan;
    const { reach } = view.reach(workflow.reach.address);
    const totals = foldTallies(workflow, this.#buckets, reach);
    return { totals, buckets: this.#buckets, enrollments: this.#columns.columns() };
  }
}

export function report(options: ReplayOptions, done: number, total: number): void {
  options.signal?.throwIfAborted();
  options.onProgress?.(done, total);
}

/**
 * One person from their first row to `until`, inclusive.
 * @returns the state at `until`; the view then shows all rows up to it
 */
function replayPerson(
  programme: readonly Plan[],
  view: HistoryView,
  person: number,
  until: number,
  emit: (effect: Effect) => void,
): PersonState {
  view.select(person);
  const state = initialState(programme);
  for (;;) {
    const instant = nextInstant(programme, view, state, until);
    if (instant === null) return state;
    advance(programme, state, view, instant, emit);
  }
}

/** The next time something happens or falls due, whose rows the view then shows; null where nothing does by `until`. */
export function nextInstant(
  programme: readonly Plan[],
  view: HistoryView,
  state: PersonState,
  until: number,
): Instant | null {
  const { times, changes } = view.history;
  const from = view.endRow;
  let time = nextTimer(programme, state);
  if (from < view.lastRow) time = Math.min(time, times.at(from));
  if (view.endChange < view.lastChange) time = Math.min(time, changes.times[view.endChange] as number);
  if (time > until || time === Number.POSITIVE_INFINITY) return null;
  let to = from;
  while (to < view.lastRow && times.at(to) === time) to++;
  view.endRow = to;
  while (view.endChange < view.lastChange && changes.times[view.endChange] === time) view.endChange++;
  return { time, from, to };
}

function count(tally: Tally, { decision, plan }: Effect): void {
  if (decision.kind === 'candidate') tally.candidates++;
  else if (decision.kind === 'alreadyEnrolled') tally.alreadyEnrolled++;
  else if (decision.kind === 'suppressed') {
    const key = plan.suppressionKeys.indexOf(decision.reason);
    tally.suppressed[key] = (tally.suppressed[key] as number) + 1;
  }
}

function pendingOf(plan: Plan, state: WorkflowState, view: HistoryView): number {
  let pending = 0;
  plan.triggers.forEach((trigger: SingleTrigger, k) => {
    pending += pendingTimers(trigger, state.triggers[k] as TriggerState, view, plan.zone);
  });
  return pending;
}

function addToColumns(
  columns: EnrollmentBuilder,
  person: number,
  plan: Plan,
  enrollment: Enrollment,
  observedUntil: number,
): void {
  columns.add(
    person,
    enrollment.anchorTime,
    enrollment.triggerTime,
    enrollment.arm === 'treated' ? 0 : 1,
    enrollment.goalTime ?? Number.NaN,
    enrollment.goalValue ?? Number.NaN,
    enrollment.triggerTime + plan.workflow.goal.withinMs <= observedUntil ? 1 : 0,
    enrollment.isRepeat ? 1 : 0,
    EXIT_CODES[enrollment.exit ?? 'open'],
  );
}
