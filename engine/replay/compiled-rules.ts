// The rules between a candidate and an enrollment, compiled for the fast path: sums and counts over one plain event are
// asked of all firings at once, as columns; everything else asks the same functions as the transition does, one by one.

import { exactSum } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { Comparison, Condition, EventMatch, Filter, SentRule, Suppression } from '../workflow/index.ts';
import { amountsOf } from './amounts.ts';
import { type Check, isTrue } from './conditions.ts';
import { compareNumbers, holds, propertyAt } from './filters.ts';
import type { Firings } from './firings.ts';
import type { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { isRecordedSend } from './recency.ts';
import { AGGREGATE, MOST_AGGREGATES, type Stream, type StreamRole } from './stream.ts';

/** A candidate as the fast path holds it; its fields change from candidate to candidate. */
export interface CandidateScene {
  readonly view: HistoryView;
  readonly person: number;
  readonly time: number;
  /** Row of the history; null where it is about none. */
  readonly anchorRow: number | null;
  /** Its place among the firings in hand. */
  readonly firing: number;
  /**
   * The latest send or ghost send to the person so far, by place in `Bench.senders`, and last of them all; -Infinity if
   * none.
   */
  readonly lastSends: Float64Array;
  /** Shows the view exactly the person's rows up to `time`. */
  lookAt(time: number): Check;
}

export type Rule = (scene: CandidateScene) => boolean;

/** A question that depends on nothing but the firing. */
export interface Verdicts {
  /** Answers all firings in hand. */
  judge(firings: Firings): void;
  /** The answers, by firing, 0 or 1; until the next `judge`. */
  held(): Uint8Array;
}

/** What the rules of one workflow are compiled against; collects the verdicts they rest on. */
export interface Bench {
  readonly history: History;
  readonly stream: Stream;
  readonly plan: Plan;
  /** The ids of the workflows that are replayed together. */
  readonly senders: readonly string[];
  readonly verdicts: Verdicts[];
}

/** The events that conditions of these workflows add up plainly, in order: role bit AGGREGATE << k for the k-th. */
export function aggregateRoles(plan: Plan): StreamRole[] {
  const events = new Set<string>();
  const collect = (condition: Condition | null) => {
    if (condition === null) return;
    if (condition.is === 'all' || condition.is === 'any') condition.of.forEach(collect);
    else if (condition.is === 'not') collect(condition.of);
    else if (isPlain(condition)) events.add(condition.match.event);
  };
  collect(plan.workflow.audience);
  for (const rule of plan.workflow.suppress) collect(rule.if);
  return [...events].slice(0, MOST_AGGREGATES).map((event, k) => {
    const match: EventMatch = { event, where: [] };
    return { bit: AGGREGATE << k, match, activityOnly: false };
  });
}

type PlainCondition =
  | Extract<Condition, { is: 'count' }>
  | (Extract<Condition, { test: unknown; match: unknown }> & { is: 'sum'; test: { op: Comparison; value: number } });

function isPlain(condition: Condition): condition is PlainCondition {
  if (condition.is === 'count') return condition.match.where.length === 0 && !condition.sinceTrigger;
  return (
    condition.is === 'sum' &&
    condition.match.where.length === 0 &&
    !condition.sinceTrigger &&
    'value' in condition.test &&
    typeof condition.test.value === 'number'
  );
}

export function compileSuppression(bench: Bench, rule: Suppression): Rule {
  const parts: Rule[] = [];
  if (rule.sent !== null) parts.push(compileSent(bench.senders, rule.sent));
  if (rule.where.length > 0) parts.push(compileWhere(rule.where));
  if (rule.if !== null) parts.push(compileCondition(bench, rule.if));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : (scene) => parts.every((part) => part(scene));
}

/** The verdicts a suppression comes to, where it asks nothing else. */
export function plainVerdicts(bench: Bench, { sent, where, if: condition }: Suppression): Verdicts | null {
  return sent === null && where.length === 0 && condition !== null ? verdictsOf(bench, condition) : null;
}

/** A suppression that asks only when a workflow sent last: within which window, and its place among `lastSends`. */
export interface PlainRecency {
  readonly withinMs: number;
  readonly sender: number;
}

/** Null where a suppression asks anything else, or about a workflow that is not replayed. */
export function plainRecency(
  senders: readonly string[],
  { sent, where, if: condition }: Suppression,
): PlainRecency | null {
  if (sent === null || sent.history || where.length > 0 || condition !== null) return null;
  const sender = senderOf(senders, sent.workflow);
  return sender < 0 ? null : { withinMs: sent.withinMs, sender };
}

/** The place among `lastSends`, -1 where the workflow is not replayed. */
function senderOf(senders: readonly string[], workflow: string): number {
  return workflow === '*' ? senders.length : senders.indexOf(workflow);
}

function compileSent(senders: readonly string[], { workflow, withinMs, history }: SentRule): Rule {
  const sender = senderOf(senders, workflow);
  const replayed: Rule = ({ lastSends, time }) => sender >= 0 && (lastSends[sender] as number) > time - withinMs;
  if (!history) return replayed;
  return (scene) => {
    if (replayed(scene)) return true;
    const { view } = scene.lookAt(scene.time);
    for (let row = view.endRow - 1; row >= view.firstRow && view.time(row) > scene.time - withinMs; row--) {
      if (isRecordedSend(view, row, workflow)) return true;
    }
    return false;
  };
}

function compileWhere(where: readonly Filter[]): Rule {
  return (scene) => {
    const { view } = scene.lookAt(scene.time);
    return where.every((filter) => holds(filter, propertyAt(view, scene.anchorRow, filter.property, scene.time)));
  };
}

export function compileCondition(bench: Bench, condition: Condition): Rule {
  switch (condition.is) {
    case 'all': {
      const parts = condition.of.map((inner) => compileCondition(bench, inner));
      return (scene) => parts.every((part) => part(scene));
    }
    case 'any': {
      const parts = condition.of.map((inner) => compileCondition(bench, inner));
      return (scene) => parts.some((part) => part(scene));
    }
    case 'not': {
      const inner = compileCondition(bench, condition.of);
      return (scene) => !inner(scene);
    }
  }
  const verdicts = verdictsOf(bench, condition);
  if (verdicts !== null) return (scene) => verdicts.held()[scene.firing] === 1;
  return (scene) => isTrue(condition, scene.lookAt(scene.time));
}

/** Null where the condition is none that adds up one plain event. */
function verdictsOf(bench: Bench, condition: Condition): Verdicts | null {
  if (!isPlain(condition)) return null;
  const role = aggregateRoles(bench.plan).find(({ match }) => match?.event === condition.match.event);
  if (role === undefined) return null;
  const verdicts = condition.is === 'sum' ? sums(bench, condition, role.bit) : counts(bench, condition, role.bit);
  bench.verdicts.push(verdicts);
  return verdicts;
}

function counts({ stream }: Bench, condition: Extract<PlainCondition, { is: 'count' }>, bit: number): Verdicts {
  const { starts, times, roles } = stream;
  const { op, value } = condition;
  const inLastMs = condition.inLastMs ?? Number.POSITIVE_INFINITY;
  return verdicts(({ n, persons, times: firedAt, seen }, held) => {
    for (let f = 0; f < n; f++) {
      const first = starts[persons[f] as number] as number;
      const after = (firedAt[f] as number) - inLastMs;
      let count = 0;
      for (let i = (seen[f] as number) - 1; i >= first && (times[i] as number) > after; i--) {
        if (((roles[i] as number) & bit) !== 0) count++;
      }
      held[f] = compareNumbers(count, op, value) ? 1 : 0;
    }
  });
}

function sums({ history, stream }: Bench, condition: Extract<PlainCondition, { is: 'sum' }>, bit: number): Verdicts {
  const { starts, times, roles } = stream;
  const { op, value: wanted } = condition.test;
  const inLastMs = condition.inLastMs ?? Number.POSITIVE_INFINITY;
  const { values, isNonNegative } = amountsOf(history, stream, bit, condition.property, 'none');
  const holdsAbove = compareNumbers(1, op, 0) ? 1 : 0;
  const holdsBelow = compareNumbers(-1, op, 0) ? 1 : 0;
  return verdicts(({ n, persons, times: firedAt, seen }, held) => {
    for (let f = 0; f < n; f++) {
      const end = seen[f] as number;
      const first = starts[persons[f] as number] as number;
      const after = (firedAt[f] as number) - inLastMs;
      let sum = 0;
      let size = Math.abs(wanted);
      let slack = 0;
      let i = end - 1;
      for (; i >= first && (times[i] as number) > after; i--) {
        const amount = values[i] as number;
        if (((roles[i] as number) & bit) === 0 || Number.isNaN(amount)) continue;
        sum += amount;
        size += Math.abs(amount);
        // A plain sum of n terms is off by less than n × 2^-53 of their sizes; only that near must it be exact.
        slack = (end - i) * 1e-15 * size;
        if (isNonNegative && sum - wanted > slack) break;
      }
      if (Math.abs(sum - wanted) > slack) held[f] = sum > wanted ? holdsAbove : holdsBelow;
      else held[f] = compareNumbers(exactSum(addends(values, roles, bit, i + 1, end)), op, wanted) ? 1 : 0;
    }
  });
}

function* addends(values: Float64Array, roles: Uint8Array, bit: number, from: number, to: number): Iterable<number> {
  for (let i = from; i < to; i++) {
    const amount = values[i] as number;
    if (((roles[i] as number) & bit) !== 0 && !Number.isNaN(amount)) yield amount;
  }
}

function verdicts(judge: (firings: Firings, held: Uint8Array) => void): Verdicts {
  let held = new Uint8Array(0);
  return {
    judge: (firings) => {
      if (held.length < firings.n) held = new Uint8Array(2 * firings.n);
      judge(firings, held);
    },
    held: () => held,
  };
}
