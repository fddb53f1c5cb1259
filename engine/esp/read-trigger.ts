// The trigger of a flow that was read, as a workflow has it. A segment is read by its definition where that is at hand:
// silence in named events, a property that has a value, or a condition that becomes true.

import { DAY_MS, WEEK_MS } from '../base/index.ts';
import { isRecord } from './canonical.ts';
import { OPPOSITE, testOf } from './filters.ts';
import {
  conditionOf,
  type FileCondition,
  fieldOf,
  groupsIn,
  type ReadNames,
  singleCondition,
} from './read-conditions.ts';

export interface ReadTrigger {
  /** Null: no workflow can be made of it. */
  readonly trigger: FileCondition | null;
  readonly suppress: readonly FileCondition[];
  /** Of a metric trigger: the event, for an inaction. */
  readonly event: FileCondition | null;
  readonly timezone: string | null;
  readonly unexpressed: readonly { readonly at: string; readonly words: string; readonly verbatim: unknown }[];
}

/** @param segment the definition of a segment by its id, where it was read */
export function readTrigger(trigger: unknown, names: ReadNames, segment: (id: string) => unknown): ReadTrigger {
  const nothing = { trigger: null, suppress: [], event: null, timezone: null, unexpressed: [] };
  const keep = (words: string, at = 'triggers[0]', verbatim: unknown = trigger) => ({ at, words, verbatim });
  if (!isRecord(trigger)) return { ...nothing, unexpressed: [keep('The flow has no trigger.')] };
  const { type, id } = trigger;
  if (type === 'metric') {
    const event = names.metric(id);
    if (event === null) return { ...nothing, unexpressed: [keep('The metric that starts it is not in this account.')] };
    const unexpressed: ReturnType<typeof keep>[] = [];
    const where: FileCondition[] = [];
    const suppress: FileCondition[] = [];
    groupsIn(trigger['trigger_filter']).forEach((group, g) => {
      const only = group.length === 1 ? filterOf(group[0] as Record<string, unknown>) : null;
      const opposite = group.length > 1 ? oppositeFilters(group) : null;
      if (only !== null) where.push(only);
      else if (opposite !== null) suppress.push({ id: `filter-${g + 1}`, where: opposite });
      else {
        const at = `triggers[0].trigger_filter.condition_groups[${g}]`;
        unexpressed.push(keep('A filter on the starting event that has no words here.', at, group));
      }
    });
    const match = where.length === 0 ? { event } : { event, where };
    return { ...nothing, trigger: { type: 'behavior', ...match }, suppress, event: match, unexpressed };
  }
  if (type === 'segment' || type === 'list') {
    const name = names.group(id);
    const definition = typeof id === 'string' ? segment(id) : undefined;
    const read = definition === undefined ? null : segmentTrigger(definition, names);
    if (read !== null) return { ...nothing, trigger: read };
    if (name === null) return { ...nothing, unexpressed: [keep(`The ${type} that starts it is not in this account.`)] };
    return { ...nothing, trigger: { type: 'condition', all: [{ is: 'segment', segment: name }] } };
  }
  const isProperty = type === 'date' && trigger['date_field_type'] === 'profile-property';
  if (isProperty) {
    const read = dateTrigger(trigger);
    const zone = trigger['timezone'];
    if (read !== null)
      return { ...nothing, trigger: read, timezone: typeof zone === 'string' && zone !== 'profile' ? zone : null };
  }
  return { ...nothing, unexpressed: [keep(`A trigger of the kind "${String(type)}" has no words here.`)] };
}

function dateTrigger(trigger: Record<string, unknown>): FileCondition | null {
  const unitMs = { days: DAY_MS, weeks: WEEK_MS }[String(trigger['timedelta_unit_before_date'] ?? 'days')];
  const before = trigger['timedelta_value_before_date'];
  const recurrence = trigger['recurrence_frequency'] ?? 'never';
  const time = /^(\d\d:\d\d)/.exec(String(trigger['trigger_time']))?.[1];
  const days = trigger['trigger_days'];
  if (unitMs === undefined || typeof before !== 'number' || time === undefined) return null;
  if ((recurrence !== 'annually' && recurrence !== 'never') || (Array.isArray(days) && days.length > 0)) return null;
  const n = (before * unitMs) / DAY_MS;
  return {
    type: 'date',
    property: trigger['date_profile_property'],
    offset: `${n > 0 ? '-' : ''}${n}d`,
    at: time,
    ...(recurrence === 'annually' ? { yearly: true } : {}),
  };
}

/** Null where the definition has a part without words here. */
function segmentTrigger(definition: unknown, names: ReadNames): FileCondition | null {
  const groups = groupsIn(definition);
  const absence = absenceOf(groups, names);
  if (absence !== null) return absence;
  const first = groups[0]?.[0];
  if (groups.length === 1 && groups[0]?.length === 1 && first !== undefined) {
    const read = singleCondition(first, names);
    if (read?.['is'] === 'property' && read['op'] === '=') {
      return { type: 'property', property: read['property'], to: read['value'] };
    }
    if (read?.['is'] === 'property' && read['op'] === 'exists' && read['value'] === false) {
      return { type: 'property', property: read['property'], to: null };
    }
  }
  const condition = conditionOf(groups, names);
  if (condition === null) return null;
  if (Array.isArray(condition['all'])) return { type: 'condition', all: condition['all'] };
  if (Array.isArray(condition['any'])) return { type: 'condition', any: condition['any'] };
  return { type: 'condition', all: [condition] };
}

/** None of some events in a time, and one of them ever. */
function absenceOf(groups: readonly (readonly Record<string, unknown>[])[], names: ReadNames): FileCondition | null {
  const ever = groups.at(-1)?.map((condition) => singleCondition(condition, names)) ?? [];
  const silent = groups
    .slice(0, -1)
    .map((group) => (group.length === 1 ? singleCondition(group[0] as Record<string, unknown>, names) : null));
  const spans = new Set(silent.map((condition) => condition?.['inLast']));
  const [span] = spans;
  const isNone = (c: FileCondition | null) =>
    c !== null && c['is'] === 'count' && c['op'] === '=' && c['value'] === 0 && !('where' in c);
  const isEver = (c: FileCondition | null) =>
    c !== null && c['is'] === 'count' && c['op'] === '>=' && c['value'] === 1 && !('inLast' in c) && !('where' in c);
  if (silent.length === 0 || spans.size !== 1 || typeof span !== 'string') return null;
  if (!silent.every(isNone) || !ever.every(isEver)) return null;
  const of = silent.map((condition) => condition?.['event']);
  if (JSON.stringify(of) !== JSON.stringify(ever.map((condition) => condition?.['event']))) return null;
  return { type: 'absence', of, for: span };
}

function filterOf(condition: Record<string, unknown>): FileCondition | null {
  if (condition['type'] !== 'metric-property') return null;
  const test = testOf(condition['filter']);
  return test === null ? null : { property: fieldOf(condition['field']), ...test };
}

/** A group of alternatives lets an event start the flow; who fails them all is left out. */
function oppositeFilters(group: readonly Record<string, unknown>[]): readonly FileCondition[] | null {
  const isUnset = (filter: FileCondition | null) => filter?.['op'] === 'exists' && filter['value'] === false;
  const filters = group.map((condition) => readEither(condition));
  const told = filters.filter(
    (filter) =>
      !isUnset(filter) || !filters.some((other) => other !== filter && other?.['property'] === filter?.['property']),
  );
  const opposites = told.map((filter): FileCondition | null => {
    if (filter === null) return null;
    const { op } = filter;
    if (op === 'exists') return { ...filter, value: filter['value'] === false };
    if (op === 'not in' || op === 'not contains') return { ...filter, op: op.slice('not '.length) };
    return typeof op === 'string' && op in OPPOSITE ? { ...filter, op: OPPOSITE[op as keyof typeof OPPOSITE] } : null;
  });
  return opposites.some((filter) => filter === null) ? null : (opposites as FileCondition[]);
}

/** As `filterOf`, with the operators that only an opposite has. */
function readEither(condition: Record<string, unknown>): FileCondition | null {
  const read = filterOf(condition);
  if (read !== null || condition['type'] !== 'metric-property' || !isRecord(condition['filter'])) return read;
  const { operator, value } = condition['filter'];
  const op = { 'not-in': 'not in', 'not-contains': 'not contains' }[String(operator)];
  return op === undefined ? null : { property: fieldOf(condition['field']), op, value };
}
