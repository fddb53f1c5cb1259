// Conditions in Klaviyo's form: groups that must all hold, of alternatives. `not` is pushed down to the tests, `any` over
// `all` is multiplied out, and what has no words there is refused by name and place.

import { formatDuration } from '../base/index.ts';
import type { Comparison, Condition, EventMatch, Filter, Lookback } from '../workflow/index.ts';
import { eventField, eventFilter, filterGroups, NUMERIC, OPPOSITE } from './filters.ts';
import type { ProfileCondition, ProfileFilter, ProfileMetricCondition, Timeframe } from './klaviyo-types.ts';
import { metricId } from './metrics.ts';
import type { Problems } from './problems.ts';
import { timeframeOf } from './spans.ts';
import type { KlaviyoLookup } from './types.ts';

/** AND of ORs. Empty: always true. */
export type Groups = readonly (readonly ProfileCondition[])[];

/** More than this is no filter that a person could check. */
const MOST_GROUPS = 60;

/** Where the event's name and the look-back stand, if not under `event` and `inLast`. */
export interface Places {
  readonly event?: string;
  readonly time?: string;
}

export interface Context {
  readonly lookup: KlaviyoLookup;
  readonly problems: Problems;
  /** Segments know no start of a flow. */
  readonly inFlow: boolean;
}

/** @param isNegated the opposite of the condition; @param at its path in the workflow file */
export function conditionGroups(condition: Condition, isNegated: boolean, at: string, context: Context): Groups {
  const { problems } = context;
  switch (condition.is) {
    case 'all':
    case 'any': {
      const parts = condition.of.map((inner, i) =>
        conditionGroups(inner, isNegated, `${at}.${condition.is}[${i}]`, context),
      );
      if ((condition.is === 'all') !== isNegated) return parts.flat();
      return either(parts, at, problems);
    }
    case 'not':
      return conditionGroups(condition.of, !isNegated, `${at}.not`, context);
    case 'count': {
      const { match, op, value } = condition;
      return [[metricCount(match, isNegated ? OPPOSITE[op] : op, value, condition, at, context)]];
    }
    case 'distinct': {
      const one = (event: string, i: number) =>
        metricCount({ event, where: [] }, '>=', 1, condition, at, context, { event: `${at}.events[${i}]` });
      return distinctGroups(condition.events.map(one), condition.op, condition.value, isNegated, at, problems);
    }
    case 'sum':
      return sumGroups(condition, isNegated, at, context);
    case 'max':
    case 'min':
      return extremeGroups(condition, isNegated, at, context);
    case 'last':
      problems.cannot(at, `Klaviyo cannot ask the last event's "${condition.property}"; ask a property of the person.`);
      return [];
    case 'property':
      return filterGroups(condition.test, isNegated, at, problems).map((group) =>
        group.map((filter) => ({ type: 'profile-property', property: condition.property, filter })),
      );
    case 'segment':
      return [[membership(condition.segment, !isNegated, at, context)]];
    case 'tenure':
      problems.cannot(
        at,
        `Klaviyo does not know when someone's first event was; ask for an event instead, as in { "is": "count", "event": ` +
          `"Signed Up", "op": "=", "value": 0, "inLast": "${formatDuration(condition.valueMs)}" }.`,
      );
      return [];
    case 'activeDays':
      problems.cannot(at, 'Klaviyo counts events, not days with activity; use "count" of an event instead.');
      return [];
  }
}

/** At least one of several AND-of-ORs holds: every choice of one group from each, joined. */
export function either<C>(
  parts: readonly (readonly (readonly C[])[])[],
  at: string,
  problems: Problems,
): readonly (readonly C[])[] {
  if (parts.length === 0) {
    problems.cannot(at, 'A list of alternatives without any is never met; Klaviyo has no such condition.');
    return [];
  }
  if (parts.some((groups) => groups.length === 0)) return [];
  if (parts.reduce((n, groups) => n * groups.length, 1) > MOST_GROUPS) {
    problems.cannot(
      at,
      `Written out for Klaviyo this takes more than ${MOST_GROUPS} groups of conditions; simplify it.`,
    );
    return [];
  }
  let joined: readonly (readonly C[])[] = [[]];
  for (const groups of parts) joined = joined.flatMap((left) => groups.map((right) => [...left, ...right]));
  return joined;
}

/** Each condition of a group, and each group, once. */
export function profileFilter(groups: Groups): ProfileFilter {
  const once = <T>(items: readonly T[]) => {
    const seen = new Set<string>();
    return items.filter((item) => !seen.has(JSON.stringify(item)) && seen.add(JSON.stringify(item)));
  };
  return { condition_groups: once(groups.map((group) => once(group))).map((conditions) => ({ conditions })) };
}

/** How many of an event; since the start of the flow where the condition looks back to the trigger. */
export function metricCount(
  match: EventMatch,
  op: Comparison,
  value: number,
  lookback: Lookback,
  at: string,
  context: Context,
  places: Places = {},
): ProfileMetricCondition {
  const time = timeframe(lookback, places.time ?? `${at}.inLast`, context);
  return profileMetric('count', match, op, value, time, at, context, places);
}

/** None since the start of the flow: how Klaviyo says that a purchase ends it. */
export function noneSinceStart(match: EventMatch, at: string, context: Context): ProfileMetricCondition {
  return metricCount(match, '=', 0, { inLastMs: null, sinceTrigger: true }, at, context);
}

function profileMetric(
  measurement: 'count' | 'sum',
  match: EventMatch,
  op: Comparison,
  value: number,
  timeframe_filter: Timeframe,
  at: string,
  context: Context,
  places: Places = {},
): ProfileMetricCondition {
  const filters = match.where.flatMap((filter, i) => {
    const whereAt = `${at}.where[${i}]`;
    if (personProperty(filter) !== null) {
      context.problems.cannot(
        whereAt,
        'Klaviyo counts events by their own properties, not by those the person had then; leave this filter out.',
      );
      return [];
    }
    const written = eventFilter(filter, whereAt, context.problems);
    return written === null ? [] : [{ property: eventField(filter.property), filter: written }];
  });
  return {
    type: 'profile-metric',
    metric_id: metricId(context.lookup.metrics, match.event, places.event ?? `${at}.event`, context.problems),
    measurement,
    measurement_filter: { type: 'numeric', operator: NUMERIC[op], value },
    timeframe_filter,
    ...(filters.length === 0 ? {} : { metric_filters: filters }),
  };
}

function timeframe(lookback: Lookback, at: string, { inFlow, problems }: Context): Timeframe {
  if (!lookback.sinceTrigger) return timeframeOf(lookback.inLastMs, at, problems);
  if (lookback.inLastMs !== null) {
    problems.cannot(at, 'Klaviyo looks back to the start of the flow or over a time, not both; keep one.');
  } else if (!inFlow) {
    problems.cannot(at, 'A segment at Klaviyo knows no trigger to look back to; use "inLast".');
  }
  return { type: 'date', operator: 'flow-start' };
}

type Extreme = Extract<Condition, { readonly is: 'sum' | 'min' | 'max' | 'last' }>;

function sumGroups(condition: Extreme, isNegated: boolean, at: string, context: Context): Groups {
  const { test, match, property } = condition;
  if (test.op === 'exists' || test.op === 'contains' || test.op === 'in' || typeof test.value !== 'number') return [];
  if (property !== 'value') {
    context.problems.cannot(
      `${at}.property`,
      `Klaviyo adds up an event's value only, not "${property}"; import that property as the value, or use "value".`,
    );
  }
  const op = isNegated ? OPPOSITE[test.op] : test.op;
  return [[profileMetric('sum', match, op, test.value, timeframe(condition, `${at}.inLast`, context), at, context)]];
}

/** A highest above x is one event above x; a lowest below x is one event below x. The other way round has no words. */
function extremeGroups(condition: Extreme, isNegated: boolean, at: string, context: Context): Groups {
  const { is, test, property, match } = condition;
  const fits = is === 'max' ? test.op === '>' || test.op === '>=' : test.op === '<' || test.op === '<=';
  if (!fits) {
    const asked = is === 'max' ? 'the highest is above a number' : 'the lowest is below a number';
    context.problems.cannot(at, `Klaviyo can ask whether ${asked}, not "${test.op}"; count the events instead.`);
    return [];
  }
  const filter = { property, ...test } as Filter;
  const counted: EventMatch = { event: match.event, where: [...match.where, filter] };
  return [[metricCount(counted, isNegated ? '=' : '>=', isNegated ? 0 : 1, condition, at, context)]];
}

/** At least n of m happened: in every choice of m - n + 1 of them at least one did. */
function distinctGroups(
  each: readonly ProfileMetricCondition[],
  op: Comparison,
  value: number,
  isNegated: boolean,
  at: string,
  problems: Problems,
): Groups {
  const wanted = isNegated ? OPPOSITE[op] : op;
  if ((wanted === '=' || wanted === '!=') && !Number.isInteger(value)) {
    problems.cannot(`${at}.value`, `A number of different events is whole; ${value} is not.`);
    return [];
  }
  const atLeast = (n: number): Groups => choose(each, each.length - n + 1, at, problems);
  const fewerThan = (n: number): Groups => choose(each.map(never), n, at, problems);
  switch (wanted) {
    case '>=':
      return atLeast(Math.ceil(value));
    case '>':
      return atLeast(Math.floor(value) + 1);
    case '<':
      return fewerThan(Math.ceil(value));
    case '<=':
      return fewerThan(Math.floor(value) + 1);
    case '=':
      return [...atLeast(value), ...fewerThan(value + 1)];
    case '!=':
      return either([atLeast(value + 1), fewerThan(value)], at, problems);
  }
}

function never(condition: ProfileMetricCondition): ProfileMetricCondition {
  return { ...condition, measurement_filter: { type: 'numeric', operator: 'equals', value: 0 } };
}

/** All subsets of a size; more than there are: none of them can hold, fewer than one: all do. */
function choose(
  of: readonly ProfileMetricCondition[],
  size: number,
  at: string,
  problems: Problems,
): readonly (readonly ProfileMetricCondition[])[] {
  if (size > of.length) return [];
  if (size < 1) {
    problems.cannot(at, 'This can never hold; Klaviyo has no such condition.');
    return [];
  }
  let subsets: (readonly ProfileMetricCondition[])[] = [[]];
  for (let taken = 0; taken < size; taken++) {
    subsets = subsets.flatMap((subset) => {
      const last = subset.length === 0 ? -1 : of.indexOf(subset.at(-1) as ProfileMetricCondition);
      return of.slice(last + 1).map((next) => [...subset, next]);
    });
    if (subsets.length > MOST_GROUPS * of.length) {
      problems.cannot(at, `Written out for Klaviyo this takes more than ${MOST_GROUPS} groups; name fewer events.`);
      return [];
    }
  }
  return subsets;
}

function membership(name: string, isMember: boolean, at: string, { lookup, problems }: Context): ProfileCondition {
  const found = lookup.groups.filter((group) => group.name === name || group.id === name);
  if (found.length === 1) {
    return { type: 'profile-group-membership', is_member: isMember, group_ids: [(found[0] as { id: string }).id] };
  }
  const message =
    found.length === 0
      ? `This account has no segment or list "${name}"; create it in Klaviyo, or write out its conditions.`
      : `This account has ${found.length} segments or lists named "${name}"; write the id of the one that is meant.`;
  problems.error(found.length === 0 ? 'UNKNOWN_SEGMENT' : 'NAME_TWICE', `${at}.segment`, message);
  return { type: 'profile-group-membership', is_member: isMember, group_ids: [] };
}

/** The name behind `person.`, or null for an event's own property. */
export function personProperty(filter: Filter): string | null {
  return filter.property.startsWith('person.') ? filter.property.slice('person.'.length) : null;
}
