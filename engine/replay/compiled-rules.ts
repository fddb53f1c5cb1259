// The rules between a candidate and an enrollment, compiled for the fast path: sums and counts over one plain event are
// added up over the stream, everything else asks the same functions as the transition does.

import { exactSum } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { Comparison, Condition, EventMatch, Filter, SentRule, Suppression } from '../workflow/index.ts';
import { amountsOf } from './amounts.ts';
import { type Check, isTrue } from './conditions.ts';
import { compareNumbers, holds, propertyAt } from './filters.ts';
import type { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { isRecordedSend } from './recency.ts';
import { AGGREGATE, MOST_AGGREGATES, type Stream, type StreamRole } from './stream.ts';

/** A candidate as the fast path holds it; its fields change from candidate to candidate. */
export interface CandidateScene {
  readonly view: HistoryView;
  readonly person: number;
  readonly time: number;
  /** Row of the history. */
  readonly anchorRow: number;
  /** Place in the stream behind the last row at or before `time`. */
  readonly seen: number;
  /** The latest send or ghost send of this workflow to the person; -Infinity if none. */
  readonly lastSend: number;
  /** Shows the view exactly the person's rows up to `time`. */
  lookAt(time: number): Check;
}

export type Rule = (scene: CandidateScene) => boolean;

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

export function compileSuppression(history: History, stream: Stream, plan: Plan, rule: Suppression): Rule {
  const parts: Rule[] = [];
  if (rule.sent !== null) parts.push(compileSent(plan, rule.sent));
  if (rule.where.length > 0) parts.push(compileWhere(rule.where));
  if (rule.if !== null) parts.push(compileCondition(history, stream, plan, rule.if));
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : (scene) => parts.every((part) => part(scene));
}

/** The window of a suppression that asks only whether this workflow sent lately; 0 for any other. */
export function plainRecencyMs(plan: Plan, { sent, where, if: condition }: Suppression): number {
  if (sent === null || sent.history || where.length > 0 || condition !== null) return 0;
  return sent.workflow === '*' || sent.workflow === plan.workflow.id ? sent.withinMs : 0;
}

function compileSent(plan: Plan, { workflow, withinMs, history }: SentRule): Rule {
  const isOwn = workflow === '*' || workflow === plan.workflow.id;
  const replayed: Rule = (scene) => isOwn && scene.lastSend > scene.time - withinMs;
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

export function compileCondition(history: History, stream: Stream, plan: Plan, condition: Condition): Rule {
  switch (condition.is) {
    case 'all': {
      const parts = condition.of.map((inner) => compileCondition(history, stream, plan, inner));
      return (scene) => parts.every((part) => part(scene));
    }
    case 'any': {
      const parts = condition.of.map((inner) => compileCondition(history, stream, plan, inner));
      return (scene) => parts.some((part) => part(scene));
    }
    case 'not': {
      const inner = compileCondition(history, stream, plan, condition.of);
      return (scene) => !inner(scene);
    }
  }
  if (isPlain(condition)) {
    const role = aggregateRoles(plan).find(({ match }) => match?.event === condition.match.event);
    if (role !== undefined) return compileAggregate(history, stream, condition, role.bit);
  }
  return (scene) => isTrue(condition, scene.lookAt(scene.time));
}

function compileAggregate(history: History, stream: Stream, condition: PlainCondition, bit: number): Rule {
  const { starts, times, roles } = stream;
  const inLastMs = condition.inLastMs ?? Number.POSITIVE_INFINITY;
  if (condition.is === 'count') {
    const { op, value } = condition;
    return ({ person, time, seen }) => {
      let n = 0;
      const first = starts[person] as number;
      for (let i = seen - 1; i >= first && (times[i] as number) > time - inLastMs; i--) {
        if (((roles[i] as number) & bit) !== 0) n++;
      }
      return compareNumbers(n, op, value);
    };
  }
  const { op, value: wanted } = condition.test;
  const amounts = amountsOf(history, stream, bit, condition.property, 'none');
  return ({ person, time, seen }) => {
    const first = starts[person] as number;
    const after = time - inLastMs;
    let sum = 0;
    let size = 0;
    let i = seen - 1;
    for (; i >= first && (times[i] as number) > after; i--) {
      const amount = amounts[i] as number;
      if (Number.isNaN(amount)) continue;
      sum += amount;
      size += Math.abs(amount);
    }
    // A plain sum of n terms is off by less than n × 2^-53 of their sizes; only near the threshold must it be exact.
    if (Math.abs(sum - wanted) <= (seen - i) * 1e-15 * (size + Math.abs(wanted))) {
      sum = exactSum(amounts.subarray(i + 1, seen).filter((amount) => !Number.isNaN(amount)));
    }
    return compareNumbers(sum, op, wanted);
  };
}
