// Klaviyo's filters as conditions of a workflow file. What has no words here gives null, and the reader keeps it as it
// stood.

import { formatDuration } from '../base/index.ts';
import { isRecord } from './canonical.ts';
import { NUMERIC, OPPOSITE, testOf } from './filters.ts';
import { LOOKBACK_UNIT_MS } from './spans.ts';

export type FileCondition = Readonly<Record<string, unknown>>;

/** Names by id; null for an id the account does not have. */
export interface ReadNames {
  readonly metric: (id: unknown) => string | null;
  readonly group: (id: unknown) => string | null;
}

/** The groups of a filter, each a list of conditions; empty where it has none. */
export function groupsIn(filter: unknown): readonly (readonly Record<string, unknown>[])[] {
  if (!isRecord(filter) || !Array.isArray(filter['condition_groups'])) return [];
  return filter['condition_groups'].map((group) =>
    isRecord(group) && Array.isArray(group['conditions']) ? group['conditions'].filter(isRecord) : [],
  );
}

/** All groups must hold; null where one of them has no words here. */
export function conditionOf(
  groups: readonly (readonly Record<string, unknown>[])[],
  names: ReadNames,
): FileCondition | null {
  const parts = groups.map((group) => groupCondition(group, names));
  if (parts.some((part) => part === null) || parts.length === 0) return null;
  const found = parts as FileCondition[];
  return found.length === 1 ? (found[0] as FileCondition) : { all: found };
}

/** The opposite of a filter, as suppression asks it. */
export function oppositeOf(
  groups: readonly (readonly Record<string, unknown>[])[],
  names: ReadNames,
): FileCondition | null {
  const only = groups.length === 1 ? (groups[0] as readonly Record<string, unknown>[]) : null;
  const condition = conditionOf(groups, names);
  if (condition === null) return null;
  if (only === null) return { not: condition };
  const parts = withoutUnset(only).map((part) => {
    const read = isUnsetOf(only, part) ? orUnset(part, names) : singleCondition(part, names);
    if (read === null) return null;
    if ('not' in read) return read['not'] as FileCondition;
    const isExact = read['is'] !== 'property' || ['=', '!=', 'exists'].includes(String(read['op']));
    // True, or not set: the opposite is false, not merely unequal.
    const isTold = read['op'] === '!=' && typeof read['value'] === 'boolean' && isUnsetOf(only, part);
    if (isTold) return { ...read, op: '=' };
    return isExact ? negated(read) : { not: read };
  });
  if (parts.some((part) => part === null)) return { not: condition };
  return parts.length === 1 ? (parts[0] as FileCondition) : { all: parts };
}

export function groupCondition(group: readonly Record<string, unknown>[], names: ReadNames): FileCondition | null {
  const [first, ...rest] = withoutUnset(group);
  if (first === undefined) return null;
  if (rest.length === 0 && isUnsetOf(group, first)) return orUnset(first, names);
  const parts = (rest.length === 0 ? group : [first, ...rest]).map((part) => {
    const isPaired = part['type'] === 'profile-property' && group.length > rest.length + 1 && isUnsetOf(group, part);
    return isPaired ? orUnset(part, names) : singleCondition(part, names);
  });
  if (parts.some((part) => part === null)) return null;
  return parts.length === 1 ? (parts[0] as FileCondition) : { any: parts };
}

export function singleCondition(condition: Record<string, unknown>, names: ReadNames): FileCondition | null {
  switch (condition['type']) {
    case 'profile-metric':
      return metricCondition(condition, names);
    case 'profile-property': {
      const test = testOf(condition['filter']);
      return test === null ? null : { is: 'property', property: condition['property'], ...test };
    }
    case 'profile-group-membership': {
      const ids = Array.isArray(condition['group_ids']) ? condition['group_ids'] : [];
      const groups = ids.map(names.group);
      if (groups.length === 0 || groups.some((name) => name === null)) return null;
      const of = groups.map((segment) => ({ is: 'segment', segment }));
      const any = of.length === 1 ? (of[0] as FileCondition) : { any: of };
      return condition['is_member'] === true ? any : { not: any };
    }
    default:
      return null;
  }
}

/** `null` for what an event matcher has no filter for. */
export function whereOf(filters: unknown): readonly FileCondition[] | null {
  if (filters === undefined || filters === null) return [];
  if (!Array.isArray(filters)) return null;
  const where = filters.map((filter) => {
    if (!isRecord(filter)) return null;
    const test = testOf(filter['filter']);
    return test === null ? null : { property: fieldOf(filter['property']), ...test };
  });
  return where.some((filter) => filter === null) ? null : (where as FileCondition[]);
}

export function fieldOf(field: unknown): string {
  return field === '$value' ? 'value' : String(field);
}

/** A count of nothing since the start of the flow, as the event it asks for; null for any other condition. */
export function endOf(condition: Record<string, unknown>, names: ReadNames): FileCondition | null {
  const read = singleCondition(condition, names);
  if (read === null || read['is'] !== 'count' || read['since'] !== 'trigger') return null;
  if (!(read['op'] === '=' && read['value'] === 0) && !(read['op'] === '<' && read['value'] === 1)) return null;
  const where = read['where'] as readonly unknown[] | undefined;
  return where === undefined ? { event: read['event'] } : { event: read['event'], where };
}

function metricCondition(condition: Record<string, unknown>, names: ReadNames): FileCondition | null {
  const event = names.metric(condition['metric_id']);
  const { measurement, measurement_filter: filter } = condition;
  const time = timeOf(condition['timeframe_filter']);
  const where = whereOf(condition['metric_filters']);
  if (event === null || time === null || where === null || !isRecord(filter)) return null;
  const op = Object.entries(NUMERIC).find(([, word]) => word === filter['operator'])?.[0];
  const value = filter['value'];
  if (op === undefined || typeof value !== 'number') return null;
  const filters = where.length === 0 ? {} : { where };
  if (measurement === 'count') return { is: 'count', event, ...filters, op, value, ...time };
  return measurement === 'sum' ? { is: 'sum', event, ...filters, property: 'value', op, value, ...time } : null;
}

function timeOf(timeframe: unknown): FileCondition | null {
  if (!isRecord(timeframe)) return null;
  const { operator, unit, quantity } = timeframe;
  if (operator === 'alltime') return {};
  if (operator === 'flow-start') return { since: 'trigger' };
  const unitMs = LOOKBACK_UNIT_MS[unit as keyof typeof LOOKBACK_UNIT_MS];
  if (operator !== 'in-the-last' || unitMs === undefined || typeof quantity !== 'number' || quantity <= 0) return null;
  return { inLast: formatDuration(quantity * unitMs) };
}

/** A test that also lets the unset through: `!=` where it is that, else the opposite of the opposite. */
function orUnset(condition: Record<string, unknown>, names: ReadNames): FileCondition | null {
  const filter = condition['filter'];
  if (condition['type'] === 'profile-property' && isRecord(filter) && typeof condition['property'] === 'string') {
    const { operator, value } = filter;
    const property = { is: 'property', property: condition['property'] };
    if (operator === 'not-in') return { not: { ...property, op: 'in', value } };
    if (operator === 'not-contains') return { not: { ...property, op: 'contains', value } };
    if (operator === 'equals' && typeof value === 'boolean') return { ...property, op: '!=', value: !value };
  }
  const read = singleCondition(condition, names);
  if (read === null || read['op'] === '!=') return read;
  const isOrdered = ['<', '<=', '>', '>='].includes(String(read['op']));
  if (isOrdered) return { not: negated(read) };
  return { any: [read, { is: 'property', property: condition['property'], op: 'exists', value: false }] };
}

function negated(condition: FileCondition): FileCondition {
  const { op, is } = condition;
  const flips = typeof op === 'string' && op in OPPOSITE && ['count', 'sum', 'property'].includes(String(is));
  if (is === 'property' && op === 'exists') return { ...condition, value: condition['value'] === false };
  return flips ? { ...condition, op: OPPOSITE[op as keyof typeof OPPOSITE] } : { not: condition };
}

function isUnset(condition: Record<string, unknown>): boolean {
  const filter = condition['filter'];
  return condition['type'] === 'profile-property' && isRecord(filter) && filter['operator'] === 'not-set';
}

/** Of a property, and not whether it is set. */
function isTest(condition: Record<string, unknown>): boolean {
  const filter = condition['filter'];
  return condition['type'] === 'profile-property' && isRecord(filter) && filter['type'] !== 'existence';
}

function isUnsetOf(group: readonly Record<string, unknown>[], of: Record<string, unknown>): boolean {
  if (!isTest(of)) return false;
  return group.some((other) => isUnset(other) && other['property'] === of['property']);
}

/** Without the `not set` that stands beside another test of the same property. */
function withoutUnset(group: readonly Record<string, unknown>[]): readonly Record<string, unknown>[] {
  return group.filter((condition) => {
    if (!isUnset(condition)) return true;
    return !group.some((other) => isTest(other) && other['property'] === condition['property']);
  });
}
