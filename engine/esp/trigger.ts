// The trigger of a workflow as Klaviyo has it: a metric, a date in the profile, or a segment that people enter. What
// has no such form is said by the vocabulary and refused there.

import { DAY_MS } from '../base/index.ts';
import type { EventMatch, SingleTrigger, Suppression, Workflow } from '../workflow/index.ts';
import {
  type Context,
  conditionGroups,
  either,
  type Groups,
  metricCount,
  personProperty,
  profileFilter,
} from './conditions.ts';
import { eventField, filterGroups } from './filters.ts';
import type { FlowTrigger, MetricPropertyCondition } from './klaviyo-types.ts';
import { markedName } from './marker.ts';
import { metricId } from './metrics.ts';
import type { DesiredSegment } from './types.ts';
import { vendorZone } from './zones.ts';

export interface TriggerParts {
  readonly trigger: FlowTrigger;
  readonly segment: DesiredSegment | null;
  readonly entryGroups: Groups;
  readonly window: { readonly ms: number; readonly without: EventMatch } | null;
  /** Days after a date that the flow waits itself. */
  readonly leadMs: number;
}

const NOTHING = { segment: null, entryGroups: [], window: null, leadMs: 0 } as const;
export const SEGMENT_KEY = 'segment:trigger';

/** Null where the vocabulary has already refused it. */
export function triggerParts(workflow: Workflow, context: Context): TriggerParts | null {
  const { trigger } = workflow;
  switch (trigger.type) {
    case 'behavior': {
      if (trigger.calendar !== null) return null;
      const entry = personGroups(trigger.match, 'trigger', context);
      const lookback = { inLastMs: trigger.withinMs, sinceTrigger: false };
      const counted =
        trigger.count === 1
          ? []
          : [
              [
                metricCount(withoutPerson(trigger.match), '>=', trigger.count, lookback, 'trigger', context, {
                  time: 'trigger.within',
                }),
              ],
            ];
      return {
        ...NOTHING,
        trigger: metricTrigger(workflow, trigger.match, 'trigger', context),
        entryGroups: [...entry, ...counted],
      };
    }
    case 'inaction':
      return {
        ...NOTHING,
        trigger: metricTrigger(workflow, trigger.after, 'trigger.after', context),
        entryGroups: personGroups(trigger.after, 'trigger.after', context),
        window: { ms: trigger.withinMs, without: trigger.without },
      };
    case 'date': {
      const { property, offsetDays, atMinute, yearly } = trigger;
      const clock = [Math.floor(atMinute / 60), atMinute % 60].map((n) => String(n).padStart(2, '0')).join(':');
      return {
        ...NOTHING,
        leadMs: Math.max(0, offsetDays) * DAY_MS,
        trigger: {
          type: 'date',
          date_field_type: 'profile-property',
          date_profile_property: property,
          timedelta_unit_before_date: 'days',
          timedelta_value_before_date: Math.max(0, -offsetDays),
          recurrence_frequency: yearly ? 'annually' : 'never',
          timezone: vendorZone(workflow.timezone, context.problems),
          trigger_time: `${clock}:00`,
        },
      };
    }
    default: {
      const groups = segmentGroups(trigger, { ...context, inFlow: false });
      if (groups === null) return null;
      if (groups.length === 0) {
        if (context.problems.failed) return null;
        context.problems.cannot('trigger', 'This is true of everyone, so nobody ever enters: name a condition.');
        return null;
      }
      refuseEventFilters(workflow.suppress, context);
      const name = markedName(`${workflow.name}: who starts`, {
        workflow: workflow.id,
        key: SEGMENT_KEY,
        generation: 1,
      });
      return {
        ...NOTHING,
        segment: { key: SEGMENT_KEY, name, definition: profileFilter(groups) },
        trigger: { type: 'segment', id: `{{${SEGMENT_KEY}}}` },
      };
    }
  }
}

function segmentGroups(trigger: SingleTrigger | { readonly type: 'anyOf' }, context: Context): Groups | null {
  switch (trigger.type) {
    case 'absence': {
      if (trigger.of === null || trigger.afterActive !== null) return null;
      const ever = { inLastMs: null, sinceTrigger: false };
      const lately = { inLastMs: trigger.forMs, sinceTrigger: false };
      const named = trigger.of.map((event, i) => ({ match: { event, where: [] }, event: `trigger.of[${i}]` }));
      const count = (op: '=' | '>=', value: number, lookback: typeof ever | typeof lately) =>
        named.map(({ match, event }) =>
          metricCount(match, op, value, lookback, 'trigger', context, { event, time: 'trigger.for' }),
        );
      return [...count('=', 0, lately).map((condition) => [condition]), count('>=', 1, ever)];
    }
    case 'property': {
      const { property, from, to } = trigger;
      if (to === undefined || from !== undefined) return null;
      const test = to === null ? ({ op: 'exists', value: false } as const) : ({ op: '=', value: to } as const);
      return conditionGroups({ is: 'property', property, test }, false, 'trigger.to', context);
    }
    case 'condition':
      return conditionGroups(trigger.condition, false, 'trigger', context);
    default:
      return null;
  }
}

function metricTrigger(workflow: Workflow, match: EventMatch, at: string, context: Context): FlowTrigger {
  const metric_id = metricId(context.lookup.metrics, match.event, `${at}.event`, context.problems);
  const condition = (field: string, filter: MetricPropertyCondition['filter']): MetricPropertyCondition => ({
    type: 'metric-property',
    metric_id,
    field: eventField(field),
    filter,
  });
  const own = match.where.filter((filter) => personProperty(filter) === null);
  const groups = own.flatMap((filter) =>
    filterGroups(filter, false, `${at}.where[${match.where.indexOf(filter)}]`, context.problems).map((group) =>
      group.map((one) => condition(filter.property, one)),
    ),
  );
  const left = workflow.suppress.flatMap((rule, i) => {
    if (!asksEventOnly(rule)) return [];
    const whereAt = `suppress[${i}].where`;
    const parts = rule.where.map((filter, f) =>
      filterGroups(filter, true, `${whereAt}[${f}]`, context.problems).map((group) =>
        group.map((one) => condition(filter.property, one)),
      ),
    );
    return either(parts, whereAt, context.problems);
  });
  const all = [...groups, ...left];
  if (all.length === 0) return { type: 'metric', id: metric_id };
  return {
    type: 'metric',
    id: metric_id,
    trigger_filter: { condition_groups: all.map((conditions) => ({ conditions })) },
  };
}

/** A suppression that asks nothing but what the starting event says. */
function asksEventOnly(rule: Suppression): boolean {
  const isAbout = rule.where.length > 0 && rule.where.every((filter) => personProperty(filter) === null);
  return isAbout && rule.sent === null && rule.if === null;
}

function refuseEventFilters(suppress: readonly Suppression[], context: Context): void {
  suppress.forEach((rule, i) => {
    if (rule.where.every((filter) => personProperty(filter) !== null)) return;
    context.problems.cannot(
      `suppress[${i}].where`,
      'No event starts this flow at Klaviyo, so it has none to ask: use "if", or properties of the person.',
    );
  });
}

/** Filters on the person's properties as of the starting event, asked before any wait. */
function personGroups(match: EventMatch, at: string, context: Context): Groups {
  return match.where.flatMap((filter, i) => {
    const property = personProperty(filter);
    if (property === null) return [];
    const { property: _, ...test } = filter;
    return conditionGroups({ is: 'property', property, test }, false, `${at}.where[${i}]`, context);
  });
}

function withoutPerson(match: EventMatch): EventMatch {
  return { event: match.event, where: match.where.filter((filter) => personProperty(filter) === null) };
}
