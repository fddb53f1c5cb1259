// The flows an account runs, held against its own history, flow by flow: emails recorded as sent by it; the flow read as
// a workflow and replayed, and how far the two agree; what its emails are credited with; and, apart from that, what can
// be known of their effect. Nobody it mailed shows what happens without, so that is bounds and comparisons, each under
// its own assumption, and the test that would answer it (methods: D.6).

import { HOUR_MS, UserError } from '../base/index.ts';
import { mailedShare } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { type ReplayResult, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { cheapestTest, completeOnes, type NotIdentified, nearestHalf, notIdentified } from './already-mailed.ts';
import { mailedComparisons } from './comparisons.ts';
import {
  creditOf,
  type FlowCredit,
  type FlowEmails,
  type FlowOf,
  type FlowSends,
  flowOfRows,
  isEmailOf,
  type ServiceFlow,
  sendsOfFlows,
  tellsFlows,
} from './flow-emails.ts';

export interface FlowToReplay extends ServiceFlow {
  /** As it was read; null where it has no words here. */
  readonly workflow: Workflow | null;
}

export interface FlowLedger {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly recorded: FlowEmails;
  /** Attributed: credited by a rule, whoever would have come anyway. Null with the reason in `replayReason`. */
  readonly credited: FlowCredit | null;
  /** Counted. Null with the reason where the flow cannot be replayed. */
  readonly replayed: FlowReplay | null;
  readonly replayReason: string | null;
  /** What is known of the effect; null with the reason. */
  readonly effect: FlowEffect | null;
  readonly effectReason: string | null;
}

/** Recorded = agree + recordedHeldOut + recordedOnly; sends = agree + replayedOnly. */
export interface FlowReplay {
  /** Compared inside this span, ms since the epoch: from the first recorded email to the last or, of a live flow, the end. */
  readonly from: number;
  readonly until: number;
  /** Two emails to one person are the same up to here. */
  readonly toleranceMs: number;
  readonly sends: number;
  readonly people: number;
  readonly agree: number;
  readonly recordedOnly: number;
  readonly replayedOnly: number;
  /** Recorded, where the replay holds the person out. */
  readonly recordedHeldOut: number;
  /** Share the read workflow holds out, 0 to 1. */
  readonly heldOut: number;
}

/** Of enrollments of the replay whose goal window is over: `entries` = `mailed` + `unmailed`. */
export interface FlowEffect {
  readonly withinMs: number;
  readonly entries: number;
  readonly incomplete: number;
  /** Got no email of the flow inside the goal window. */
  readonly unmailed: number;
  /** Of them, reached the goal: without any email of this flow. */
  readonly unmailedConverted: number;
  readonly mailed: number;
  /** Of the mailed, before their first email: anyway, for certain. */
  readonly convertedBefore: number;
  /** After it: anyway or because, which is not known. */
  readonly convertedAfter: number;
  readonly known: NotIdentified;
}

/** Clocks of the two differ: a service waits in whole minutes and sends in batches. */
const TOLERANCE_MS = HOUR_MS;
/** Fewer mailed enrollments than this have no bounds worth showing. */
const FEWEST_MAILED = 20;

export interface LedgerOptions {
  /** Looked at while replaying; what it throws ends it. */
  readonly signal?: AbortSignal;
  /** Told of each flow before its turn. */
  readonly onFlow?: (name: string, done: number, total: number) => void;
}

/** @returns one for each flow, in their order */
export function flowLedgers(
  history: History,
  flows: readonly FlowToReplay[],
  { signal, onFlow }: LedgerOptions = {},
): FlowLedger[] {
  const flowOf = flowOfRows(history, flows);
  const sends = sendsOfFlows(history, flows, flowOf);
  return flows.map((flow, i) => {
    signal?.throwIfAborted();
    onFlow?.(flow.name, i, flows.length);
    const { byPerson: _, ...recorded } = sends[i] as FlowSends;
    const head = { id: flow.id, name: flow.name, status: flow.status, recorded };
    const none = (reason: string): FlowLedger => ({
      ...head,
      credited: null,
      replayed: null,
      replayReason: reason,
      effect: null,
      effectReason: reason,
    });
    if (flow.workflow === null) return none('The flow cannot be said as a workflow, so it is not replayed.');
    const { workflow } = flow;
    const credited = creditOf(history, flows, i, flowOf, workflow.goal);
    if (recorded.emails === 0) return { ...none(noEmailReason(history)), credited };
    try {
      const { result, sent, ghosts } = replayed(history, workflow, signal);
      const known = effectOf(history, workflow, result, flowOf, i);
      return {
        ...head,
        credited,
        replayed: agreement(sends[i] as FlowSends, { sent, ghosts }, workflow, flow.status, history.observedUntil),
        replayReason: null,
        effect: typeof known === 'string' ? null : known,
        effectReason: typeof known === 'string' ? known : null,
      };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { ...none(error.message), credited };
    }
  });
}

function noEmailReason(history: History): string {
  return tellsFlows(history)
    ? 'The history records no email of this flow.'
    : 'No email of this history says which flow it is of, so those of this flow cannot be told.';
}

// ---------------------------------------------------------------- the replay beside the record

type TimesOf = ReadonlyMap<number, readonly number[]>;

interface Replayed {
  readonly result: ReplayResult;
  readonly sent: TimesOf;
  readonly ghosts: TimesOf;
}

function replayed(history: History, workflow: Workflow, signal?: AbortSignal): Replayed {
  const sent = new Map<number, number[]>();
  const ghosts = new Map<number, number[]>();
  let [id, person] = ['', -1];
  const result = replayWorkflow(history, workflow, {
    ...(signal === undefined ? {} : { signal }),
    onDecision(decision) {
      const { kind } = decision;
      if (kind !== 'sent' && kind !== 'ghost') return;
      if (decision.person !== id || person < 0) {
        [id, person] = [decision.person, history.personIndex(decision.person)];
      }
      const list = kind === 'sent' ? sent : ghosts;
      const times = list.get(person);
      if (times === undefined) list.set(person, [decision.time]);
      else times.push(decision.time);
    },
  });
  return { result, sent, ghosts };
}

function agreement(
  recorded: FlowSends,
  { sent, ghosts }: Pick<Replayed, 'sent' | 'ghosts'>,
  { holdout, globalHoldout }: Workflow,
  status: string,
  observedUntil: number,
): FlowReplay {
  const from = recorded.first as number;
  const until = status === 'live' ? observedUntil : (recorded.last as number);
  const inSpan = (times: readonly number[] | undefined) =>
    (times ?? []).filter((time) => time >= from - TOLERANCE_MS && time <= until + TOLERANCE_MS).sort((a, b) => a - b);
  let [sends, people, agree, recordedHeldOut] = [0, 0, 0, 0];
  for (const times of sent.values()) {
    const own = inSpan(times).length;
    sends += own;
    people += own > 0 ? 1 : 0;
  }
  for (const [person, times] of recorded.byPerson) {
    const rest = unmatched(times, inSpan(sent.get(person)));
    agree += times.length - rest.length;
    recordedHeldOut += rest.length - unmatched(rest, inSpan(ghosts.get(person))).length;
  }
  return {
    from,
    until,
    toleranceMs: TOLERANCE_MS,
    sends,
    people,
    agree,
    recordedOnly: recorded.emails - agree - recordedHeldOut,
    replayedOnly: sends - agree,
    recordedHeldOut,
    heldOut: 1 - (1 - holdout.fraction) * (1 - (globalHoldout?.fraction ?? 0)),
  };
}

/** Those of `times` for which no other within the tolerance is left; both ascending, which makes the most pairs. */
function unmatched(times: readonly number[], others: readonly number[]): number[] {
  const rest: number[] = [];
  let k = 0;
  for (const time of times) {
    while (k < others.length && (others[k] as number) < time - TOLERANCE_MS) k++;
    if (k < others.length && (others[k] as number) <= time + TOLERANCE_MS) k++;
    else rest.push(time);
  }
  return rest;
}

// ---------------------------------------------------------------- what is known of the effect

/** A text says why nothing is. */
function effectOf(
  history: History,
  workflow: Workflow,
  { enrollments }: ReplayResult,
  flowOf: FlowOf,
  flow: number,
): FlowEffect | string {
  const complete = completeOnes(enrollments);
  if (complete.n === 0) {
    return enrollments.n === 0
      ? 'In the replay nobody enters the flow, so there is nobody to tell its effect by.'
      : 'The history is too young: the goal window of no enrollment is over.';
  }
  const isMail = isEmailOf(history, flowOf, flow);
  const { withinMs } = workflow.goal;
  const share = mailedShare(history, complete, withinMs, isMail);
  const { mailed, convertedBefore, convertedAfter } = share;
  if (mailed < FEWEST_MAILED) {
    return `Too few: ${mailed} of ${complete.n} enrollments of the replay got an email of the flow; ${FEWEST_MAILED} are needed.`;
  }
  let [converted, value, firstEntries] = [0, 0, 0];
  for (let i = 0; i < enrollments.n; i++) {
    if (enrollments.complete[i] !== 1) continue;
    if (enrollments.repeats[i] !== 1) firstEntries++;
    if (Number.isNaN(enrollments.goalTimes[i] as number)) continue;
    converted++;
    value += enrollments.goalValues[i] as number;
  }
  const perConversion = value > 0 ? value / converted : workflow.economics.orderValue;
  return {
    withinMs,
    entries: complete.n,
    incomplete: enrollments.n - complete.n,
    unmailed: complete.n - mailed,
    unmailedConverted: converted - convertedBefore - convertedAfter,
    mailed,
    convertedBefore,
    convertedAfter,
    known: notIdentified(
      share,
      (bounds) => {
        const entries = { firstEntries, organicRate: nearestHalf(bounds) };
        return cheapestTest(history, workflow, entries, perConversion);
      },
      (bounds) => mailedComparisons(history, workflow, complete, bounds, isMail),
    ),
  };
}
