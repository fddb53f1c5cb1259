// A workflow switched on at a moment: whom it finds waiting (the backlog), and what the first week brings when the
// backlog is let in at once or some each day. Up to the launch its triggers watch and nobody is enrolled; from then on the
// transition function decides as ever. Checked triggers (`condition`, `decline`) begin with the launch, as a new workflow
// would: whoever meets them at the first run becomes a candidate there. Nothing later than a moment is read for it.

import { assert, DAY_MS } from '../base/index.ts';
import { firstLastingMoment, type History } from '../events/index.ts';
import type { SingleTrigger, Workflow } from '../workflow/index.ts';
import { cronRuns } from './cron-runs.ts';
import { matches } from './filters.ts';
import { HistoryView } from './person-view.ts';
import { type Plan, planOf } from './plan.ts';
import { nextInstant, report } from './replay.ts';
import type { Emit, Scene } from './scene.ts';
import { handleDue } from './sequence.ts';
import { initialState, type PersonState, type WorkflowState } from './state.ts';
import { advance, considerCandidate, isHeldOutOfAll, noteUnsubscribes, suppressionOf } from './transition.ts';
import { applyRows, type Firing, fireDue, isActivity, keyOf, type TriggerState } from './triggers.ts';
import type { Decision } from './types.ts';

export interface LaunchSettings {
  /** The moment at which the workflow is switched on; ms. */
  readonly at: number;
  /** People of the backlog let in each day; null: all at once; 0: none of them. */
  readonly perDay: number | null;
  /** Whose turn comes first, by the moment the trigger fired. */
  readonly order: 'newest' | 'oldest';
  /** A trigger that fired longer before the launch than this is too old; ms. */
  readonly maxAgeMs: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (donePersons: number, totalPersons: number) => void;
}

/** People. triggered = answered + tooOld + suppressed (all reasons) + waiting. */
export interface Backlog {
  /** Those for whom the trigger has fired by the launch; each once, with the last time. */
  readonly triggered: number;
  /** Of these, who has since done what the workflow waits for: goal, exit, or what answers the trigger. */
  readonly answered: number;
  readonly tooOld: number;
  /** Who would not be enrolled at the launch, by the rule that stops them. */
  readonly suppressed: Readonly<Record<string, number>>;
  readonly waiting: number;
  /** Of those waiting, by the arm they would be in. */
  readonly arms: { readonly treated: number; readonly holdout: number };
  /** How long ago the trigger of those waiting fired, ms: the middle one (of two, the lower); null where nobody waits. */
  readonly medianAgeMs: number | null;
  /** Triggers that find nobody waiting, and why. */
  readonly notes: readonly string[];
}

/** 24 hours, `to` not among them; the first begins with the launch. */
export interface LaunchDay {
  readonly from: number;
  readonly to: number;
  /** Null fields would be guesses: the day lies past what is known, as `reason` says. */
  readonly known: boolean;
  readonly reason?: string;
  /** Of the backlog, whose turn came: turns = entered + gone + stopped. `heldOut` are those of `entered` in the holdout. */
  readonly backlog: {
    readonly turns: number;
    readonly entered: number;
    readonly heldOut: number;
    readonly gone: number;
    readonly stopped: number;
  } | null;
  /** Triggers that fired this day. */
  readonly candidates: number | null;
  /** Enrolled this day, the backlog left out. */
  readonly enrolled: { readonly treated: number; readonly holdout: number } | null;
  /** Emails by step, in file order; those of the backlog among them. */
  readonly sent: readonly { readonly id: string; readonly n: number }[] | null;
  readonly emails: number | null;
}

export interface LaunchPlan {
  readonly at: number;
  readonly perDay: number | null;
  readonly order: 'newest' | 'oldest';
  readonly maxAgeMs: number;
  readonly observedUntil: number;
  readonly backlog: Backlog;
  /** In file order. */
  readonly steps: readonly string[];
  /** Seven. */
  readonly days: readonly LaunchDay[];
  /** Days until the last of the backlog had their turn; null where the ramp lets nobody in. */
  readonly rampDays: number | null;
  /**
   * Emails a day had the workflow always been on: mean of the whole days before the launch, at most 28, a few stray early
   * rows left out; null without any.
   */
  readonly usualPerDay: number | null;
  readonly usualDays: number;
  readonly peak: { readonly day: number; readonly emails: number } | null;
}

const WEEK = 7;
const USUAL_DAYS = 28;
const BATCH = 4096;

/** The last firing of a person's trigger at or before the launch. */
interface Waiting {
  readonly person: number;
  readonly time: number;
  readonly trigger: number;
  readonly anchorRow: number | null;
}

/**
 * @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted
 */
export function launchPlan(history: History, workflow: Workflow, settings: LaunchSettings): LaunchPlan {
  const plan = planOf(workflow);
  const { at, perDay } = settings;
  const launch = new Launch(history, plan, settings);
  const backlog = launch.findBacklog();
  const week = launch.runWeek();
  const known = week.days.filter(({ emails }) => emails !== null);
  const peak = known.reduce<LaunchPlan['peak']>((most, day) => {
    const emails = day.emails as number;
    return most === null || emails > most.emails ? { day: week.days.indexOf(day), emails } : most;
  }, null);
  return {
    at,
    perDay,
    order: settings.order,
    maxAgeMs: settings.maxAgeMs,
    observedUntil: history.observedUntil,
    backlog,
    steps: plan.steps.map(({ id }) => id),
    days: week.days,
    rampDays: perDay === null ? 1 : perDay === 0 ? null : Math.ceil(backlog.waiting / perDay),
    ...launch.usual(),
    peak,
  };
}

class Launch {
  readonly #history: History;
  readonly #plan: Plan;
  readonly #settings: LaunchSettings;
  readonly #view: HistoryView;
  /** When each person's turn comes; those without one are not in it. */
  readonly #turns = new Map<number, { readonly firing: Waiting; readonly time: number }>();

  constructor(history: History, plan: Plan, settings: LaunchSettings) {
    this.#history = history;
    this.#plan = plan;
    this.#settings = settings;
    this.#view = new HistoryView(history);
  }

  findBacklog(): Backlog {
    const { at, maxAgeMs, order, perDay } = this.#settings;
    const suppressed: Record<string, number> = {};
    for (const key of this.#plan.suppressionKeys) if (key !== 'reentry') suppressed[key] = 0;
    const counts = { triggered: 0, answered: 0, tooOld: 0 };
    const arms = { treated: 0, holdout: 0 };
    const waiting: Waiting[] = [];
    this.#eachPerson((person) => {
      const { state, last } = this.#watch(person);
      if (last === null) return;
      counts.triggered++;
      if (this.#isAnswered(last, at)) return void counts.answered++;
      if (at - last.time > maxAgeMs) return void counts.tooOld++;
      const scene = this.#scene(state, at, () => {});
      const reason = isHeldOutOfAll(this.#plan, this.#view)
        ? 'globalHoldout'
        : suppressionOf(scene, { anchorRow: last.anchorRow, by: 'timer' });
      if (reason !== null) return void (suppressed[reason] = (suppressed[reason] ?? 0) + 1);
      waiting.push(last);
      considerCandidate(
        this.#scene(state, at, ({ decision }) => {
          if (decision.kind === 'enrolled') arms[decision.reason]++;
        }),
        firingOf(last),
      );
    });
    const ages = waiting.map(({ time }) => at - time).sort((a, b) => a - b);
    // Ties in the order of the history's people.
    waiting.sort((a, b) => (order === 'newest' ? b.time - a.time : a.time - b.time) || a.person - b.person);
    waiting.forEach((firing, i) => {
      if (perDay === 0) return;
      this.#turns.set(firing.person, { firing, time: at + (perDay === null ? 0 : Math.floor(i / perDay)) * DAY_MS });
    });
    return {
      ...counts,
      suppressed,
      waiting: waiting.length,
      arms,
      medianAgeMs: ages[(ages.length - 1) >> 1] ?? null,
      notes: this.#plan.triggers.flatMap((trigger) => noteOf(trigger)),
    };
  }

  runWeek(): { readonly days: LaunchDay[] } {
    const { at } = this.#settings;
    const { observedUntil } = this.#history;
    const end = Math.min(at + WEEK * DAY_MS - 1, observedUntil);
    const days = Array.from({ length: WEEK }, () => ({
      backlog: { turns: 0, entered: 0, heldOut: 0, gone: 0, stopped: 0 },
      candidates: 0,
      enrolled: { treated: 0, holdout: 0 },
      sent: this.#plan.steps.map(() => 0),
    }));
    const dayOf = (time: number) => days[Math.floor((time - at) / DAY_MS)];
    this.#eachPerson((person) => {
      const { state } = this.#watch(person);
      const turn = this.#turns.get(person);
      const see = ({ kind, time, step, reason }: Decision) => {
        const day = dayOf(time);
        if (day === undefined) return;
        if (kind === 'candidate') day.candidates++;
        else if (kind === 'enrolled') day.enrolled[reason]++;
        else if (kind === 'sent') {
          const index = this.#plan.steps.findIndex(({ id }) => id === step);
          day.sent[index] = (day.sent[index] as number) + 1;
        }
      };
      if (turn !== undefined && turn.time <= end) {
        this.#run(state, turn.time, see);
        const day = dayOf(turn.time);
        if (day !== undefined) this.#takeTurn(state, turn, day.backlog, see);
      }
      this.#run(state, end, see);
    });
    return {
      days: days.map(({ sent, ...day }, i) => {
        const from = at + i * DAY_MS;
        const to = from + DAY_MS;
        if (to > observedUntil) {
          const reason = 'The history ends before this day does.';
          const nothing = { backlog: null, candidates: null, enrolled: null, sent: null, emails: null };
          return { from, to, known: false, reason, ...nothing };
        }
        const steps = this.#plan.steps.map(({ id }, s) => ({ id, n: sent[s] as number }));
        return { from, to, known: true, ...day, sent: steps, emails: sent.reduce((sum, n) => sum + n, 0) };
      }),
    };
  }

  /** As if it had been on from the first event. */
  usual(): Pick<LaunchPlan, 'usualPerDay' | 'usualDays'> {
    const { at } = this.#settings;
    const first = firstLastingMoment(this.#history, at) ?? at;
    const usualDays = Math.min(USUAL_DAYS, Math.floor((at - first) / DAY_MS));
    if (usualDays === 0) return { usualPerDay: null, usualDays };
    let sent = 0;
    this.#eachPerson((person) => {
      this.#view.select(person);
      this.#run(initialState([this.#plan], 'changed'), at, ({ kind, time }) => {
        if (kind === 'sent' && time > at - usualDays * DAY_MS) sent++;
      });
    });
    return { usualPerDay: sent / usualDays, usualDays };
  }

  /** The person's turn: gone by then, stopped by a rule or an enrollment of their own, or in. */
  #takeTurn(
    state: PersonState,
    { firing, time }: { readonly firing: Waiting; readonly time: number },
    counts: { turns: number; entered: number; heldOut: number; gone: number; stopped: number },
    see: (decision: Decision) => void,
  ): void {
    counts.turns++;
    if (this.#isAnswered(firing, time)) return void counts.gone++;
    let arm: 'treated' | 'holdout' | null = null;
    const scene = this.#scene(state, time, ({ decision }) => {
      // The candidate is of an earlier time, and the enrollment one of the backlog's.
      if (decision.kind === 'enrolled') arm = decision.reason;
      else if (decision.kind !== 'candidate') see(decision);
    });
    considerCandidate(scene, firingOf(firing));
    if (arm === null) return void counts.stopped++;
    counts.entered++;
    if (arm === 'holdout') counts.heldOut++;
    handleDue(scene);
  }

  /** Lets the triggers watch up to the launch. The view then shows all rows up to it. */
  #watch(person: number): { readonly state: PersonState; readonly last: Waiting | null } {
    const plan = this.#plan;
    const { at } = this.#settings;
    this.#view.select(person);
    const state = initialState([plan], 'changed');
    const workflow = state.workflows[0] as WorkflowState;
    let last: Waiting | null = null;
    for (;;) {
      const instant = nextInstant([plan], this.#view, state, Math.min(at, this.#history.observedUntil));
      if (instant === null) break;
      const { time, from, to } = instant;
      noteUnsubscribes(
        this.#scene(state, time, () => {}),
        instant,
      );
      plan.triggers.forEach((trigger, k) => {
        const watched = workflow.triggers[k] as TriggerState;
        const firings = [
          ...applyRows(trigger, watched, this.#view, plan.zone, from, to, time),
          ...fireDue(trigger, watched, this.#view, plan.zone, time),
        ];
        if (firings.length === 0 || isChecked(trigger)) return;
        const { anchorRow } = firings.at(-1) as Firing;
        last = { person, time, trigger: k, anchorRow };
      });
    }
    plan.triggers.forEach((trigger, k) => {
      const watched = workflow.triggers[k] as TriggerState;
      if (watched.type !== 'checked' || trigger.type === 'schedule' || !isChecked(trigger) || !watched.isKnown) return;
      const next = cronRuns(trigger.cron, plan.zone).after(at);
      watched.held = false;
      watched.next = next === Number.POSITIVE_INFINITY ? null : next;
    });
    return { state, last };
  }

  /** On from where the view stands, up to and at `until`. */
  #run(state: PersonState, until: number, see: (decision: Decision) => void): void {
    for (;;) {
      const instant = nextInstant([this.#plan], this.#view, state, until);
      if (instant === null) return;
      advance([this.#plan], state, this.#view, instant, ({ decision }) => see(decision));
    }
  }

  /** Whether what the trigger waited for has come since, or the person's value has changed again. The view shows `now`. */
  #isAnswered({ time, trigger: k, anchorRow }: Waiting, now: number): boolean {
    const view = this.#view;
    const { goal, exit } = this.#plan.workflow;
    const trigger = this.#plan.triggers[k] as SingleTrigger;
    if (trigger.type === 'property') {
      const { property } = trigger;
      if (view.personProperty(property, now) !== view.personProperty(property, time)) return true;
    }
    for (let row = view.endRow - 1; row >= view.firstRow; row--) {
      if (view.time(row) <= time) return false;
      if (matches(view, row, goal.match) || exit.on.some((match) => matches(view, row, match))) return true;
      if (trigger.type === 'absence' && isActivity(trigger, view, row)) return true;
      if (trigger.type !== 'inaction' || !matches(view, row, trigger.without)) continue;
      assert(anchorRow !== null, 'an inaction is about an event');
      if (keyOf(trigger, view, row) === keyOf(trigger, view, anchorRow)) return true;
    }
    return false;
  }

  #scene(state: PersonState, time: number, emit: Emit): Scene {
    return {
      plan: this.#plan,
      workflow: state.workflows[0] as WorkflowState,
      person: state,
      view: this.#view,
      time,
      emit,
    };
  }

  #eachPerson(work: (person: number) => void): void {
    const { nPersons } = this.#history;
    for (let person = 0; person < nPersons; person++) {
      if (person % BATCH === 0) report(this.#settings, person, nPersons);
      work(person);
    }
  }
}

function firingOf({ anchorRow }: Waiting): Firing {
  return { anchorRow, by: anchorRow === null ? 'change' : 'timer' };
}

function isChecked(trigger: SingleTrigger) {
  return trigger.type === 'condition' || trigger.type === 'decline' || trigger.type === 'schedule';
}

function noteOf(trigger: SingleTrigger): string[] {
  switch (trigger.type) {
    case 'condition':
    case 'decline':
      return [
        'Whoever meets the condition at the first run after the launch is a candidate there; nobody waits before it.',
      ];
    case 'schedule':
      return ['A scheduled send takes everyone at its next run; nobody waits for it.'];
    default:
      return [];
  }
}
