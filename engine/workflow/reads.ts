// What of a history a replay of a workflow reads: the events by name, or all of them, and the properties by name, each
// with its place in the file. A history that is fetched from somewhere need not be fetched whole.

import { pathKey } from './checked-paths.ts';
import { eventNamesOf } from './event-names.ts';
import { under } from './fields.ts';
import { eventPropertyNamesOf, type NamedProperty, propertyNamesOf } from './property-names.ts';
import { isRecord } from './shapes.ts';
import type { SingleTrigger, Workflow } from './types.ts';

/** A place in the file, and what stands there that needs more than names. */
export interface ReadPlace {
  readonly path: string;
  readonly why: string;
}

export interface Reads {
  /** Distinct names, in the order of the file; null where events of any name count, as `everyEvent` says. */
  readonly events: readonly string[] | null;
  /** Where events of any name count. */
  readonly everyEvent: readonly ReadPlace[];
  /** Whether emails that the history records are counted, beside `events`. */
  readonly ownEmails: boolean;
  /** Of events, where they are filtered by, counted by or added up; `value` left out. */
  readonly eventProperties: readonly NamedProperty[];
  /** The property a goal's revenue stands in; without it the event's own value counts. */
  readonly goalValue: NamedProperty | null;
  /** Of people, where they are asked for. */
  readonly personProperties: readonly NamedProperty[];
  /** Of people, whose absence has a meaning of its own: address, consent, time zone. */
  readonly personFacts: readonly NamedProperty[];
  /** What rests on all people together, so that a part of the people does not know it. */
  readonly ofEveryone: readonly ReadPlace[];
}

export function readsOf(workflow: Workflow): Reads {
  // What emails can say is no part of a replay, and segments are asked for where they stand in conditions.
  const { personalize: _, segments: __, ...replayed } = workflow;
  const everyEvent = [...triggersOf(workflow).flatMap(anyEventOf), ...pastOf(replayed, ''), ...besidesOf(workflow)];
  const names = [...new Set(eventNamesOf(replayed as Workflow).map(({ event }) => event))];
  const { reach, gates, goal } = workflow;
  const asksZone = gates !== null && (gates.quiet !== null || gates.sendTime !== null);
  return {
    events: everyEvent.length > 0 ? null : names,
    everyEvent,
    ownEmails: readsOwnEmails(replayed),
    eventProperties: eventPropertyNamesOf(replayed as Workflow).filter(({ property }) => property !== 'value'),
    goalValue: goal.value === null || goal.value === 'value' ? null : { path: 'goal.value', property: goal.value },
    personProperties: propertyNamesOf(replayed as Workflow),
    personFacts: [
      { path: 'reach.address', property: reach.address },
      ...(reach.consent === null ? [] : [{ path: 'reach.consent', property: reach.consent }]),
      ...(asksZone ? [{ path: 'gates', property: 'timezone' }] : []),
    ],
    ofEveryone: ofEveryone(workflow),
  };
}

function triggersOf({ trigger }: Workflow): { readonly path: string; readonly trigger: SingleTrigger }[] {
  if (trigger.type !== 'anyOf') return [{ path: 'trigger', trigger }];
  return trigger.triggers.map((one, i) => ({ path: `trigger.triggers[${i}]`, trigger: one }));
}

function anyEventOf({ path, trigger }: { readonly path: string; readonly trigger: SingleTrigger }): ReadPlace[] {
  switch (trigger.type) {
    case 'absence':
    case 'decline':
      return trigger.of === null ? [{ path, why: 'any activity counts' }] : [];
    case 'condition':
      return [{ path, why: 'it is asked from a person’s first event on' }];
    case 'schedule':
      return [{ path, why: 'it is for everyone known by then' }];
    default:
      return [];
  }
}

const OF_ANY_EVENT: Readonly<Record<string, string>> = {
  tenure: 'it counts from the first event of any name',
  activeDays: 'any activity counts',
  segment: 'segments are told by any activity',
};

/** Conditions about all of a person's past. */
function pastOf(node: unknown, at: string): ReadPlace[] {
  if (Array.isArray(node)) return node.flatMap((entry, i) => pastOf(entry, `${at}[${i}]`));
  if (!isRecord(node)) return [];
  const { is } = node;
  const why = typeof is === 'string' && Object.hasOwn(OF_ANY_EVENT, is) ? OF_ANY_EVENT[is] : undefined;
  const inner = Object.entries(node).flatMap(([key, value]) =>
    pastOf(value, key === 'match' || key === 'condition' ? at : under(at, pathKey(node, key))),
  );
  return why === undefined ? inner : [{ path: at, why }, ...inner];
}

function besidesOf({ gates, secondary }: Workflow): ReadPlace[] {
  const sendTime = gates === null || gates.sendTime === null ? [] : [{ path: 'gates.sendTime', why: WHEN_ACTIVE }];
  const counted = secondary.flatMap(({ event }, i) =>
    event === null ? [{ path: `secondary[${i}]`, why: 'without "event" any event may count' }] : [],
  );
  return [...sendTime, ...counted];
}

const WHEN_ACTIVE = 'a person’s own hour is read from any activity';

function ofEveryone({ gates, secondary }: Workflow): ReadPlace[] {
  return [
    ...(gates === null || gates.sendTime === null
      ? []
      : [{ path: 'gates.sendTime', why: 'where little is known of a person, the hours of all people together count' }]),
    ...secondary.flatMap(({ metric }, i) =>
      metric === 'value'
        ? [{ path: `secondary[${i}]`, why: 'the interval of an amount is drawn over all people in their order' }]
        : [],
    ),
  ];
}

/** A recency rule or a cap with `"history": true`. */
function readsOwnEmails(node: unknown): boolean {
  if (Array.isArray(node)) return node.some(readsOwnEmails);
  return isRecord(node) && (node['history'] === true || Object.values(node).some(readsOwnEmails));
}
