// From decisions to what a service is told: an email is due, somebody entered, somebody left; and that a property which
// starts the workflow has changed. Each has an id of its own
// that the decision alone makes, so that telling it twice can be noticed. Values are what the person and the starting
// event had at the decision; nothing later is looked at. Held-out people are told of to nobody.

import type { Scalar } from '../columns/index.ts';
import { isAddressValue, isEmailAddress } from '../events/index.ts';
import { assignArm } from '../holdout/index.ts';
import { type Decision, type LiveState, LiveView, matches, type ReplayFacts } from '../replay/index.ts';
import { type EventMatch, stepsOf, type Workflow } from '../workflow/index.ts';
import { hashOf } from './canonical.ts';
import { eventNameOf } from './dialects.ts';
import { renderPreview } from './liquid.ts';
import type { SentField } from './personal.ts';
import type { SyncedField } from './synced.ts';

export interface Delivery {
  /** Of the decision: person, workflow, time, kind and step. */
  readonly id: string;
  readonly person: string;
  /** Null: no address is known of them. */
  readonly email: string | null;
  readonly workflow: string;
  /** Of the decision; ms since the epoch. */
  readonly time: number;
  readonly kind: 'enter' | 'send' | 'leave' | 'change';
  /** Of a change, its property. */
  readonly step: string | null;
  /** What the service calls it. */
  readonly event: string;
  /** Liquid's text by the field's key; '' where it has none. */
  readonly values: Readonly<Record<string, string>>;
  /** Of the starting event, for services that take events with their properties. */
  readonly properties: Readonly<Record<string, Scalar>>;
  /** Left for another reason than that its time was over: nothing decided before goes out any more. */
  readonly isEarly: boolean;
}

export type PersonRows = LiveState['persons'][number];

export interface DeliverySource {
  readonly workflows: readonly Workflow[];
  /** By workflow. */
  readonly fields: Readonly<Record<string, readonly SentField[]>>;
  readonly facts: ReplayFacts;
  rowsOf(person: string): PersonRows | null;
}

/** A property of a person that has another value since. */
export interface Change {
  readonly person: string;
  readonly property: string;
  /** Ms since the epoch. */
  readonly time: number;
}

/** For every workflow that keeps the property up to date and does not hold the person out; the last value at that time. */
export function changeDeliveries(
  changes: readonly Change[],
  synced: Readonly<Record<string, readonly SyncedField[]>>,
  source: Pick<DeliverySource, 'workflows' | 'rowsOf'>,
): Delivery[] {
  return changes.flatMap((change) =>
    source.workflows.flatMap((workflow): Delivery[] => {
      const fields = synced[workflow.id]?.filter(({ property }) => property === change.property) ?? [];
      if (fields.length === 0 || isHeldOut(workflow, change.person)) return [];
      return [changeDelivery(change, workflow, fields, source.rowsOf(change.person))];
    }),
  );
}

function isHeldOut({ holdout, globalHoldout }: Workflow, person: string): boolean {
  if (assignArm(holdout.salt, person, holdout.fraction) === 'holdout') return true;
  return globalHoldout !== null && assignArm(globalHoldout.salt, person, globalHoldout.fraction) === 'holdout';
}

function changeDelivery(
  { person, property, time }: Change,
  workflow: Workflow,
  fields: readonly SyncedField[],
  rows: PersonRows | null,
): Delivery {
  const properties = propertiesAt(rows, time);
  const texts = fields.map(({ field }) => [
    field.key,
    (renderPreview(field.source, { event: {}, person: properties }).text ?? '').trim(),
  ]);
  return {
    id: hashOf([person, workflow.id, time, 'change', property, properties[property] ?? null]),
    person,
    email: addressOf(person, rows, workflow, time),
    workflow: workflow.id,
    time,
    kind: 'change',
    step: property,
    event: '',
    values: Object.fromEntries(texts) as Record<string, string>,
    properties: {},
    isEarly: false,
  };
}

/** In the order of the decisions; those that concern nobody outside are left out. */
export function deliveriesOf(decisions: readonly Decision[], source: DeliverySource): Delivery[] {
  const workflows = new Map(source.workflows.map((workflow) => [workflow.id, workflow]));
  return decisions.flatMap((decision) => {
    const workflow = workflows.get(decision.workflow);
    const kind = kindOf(decision);
    if (workflow === undefined || kind === null) return [];
    if (kind === 'leave' && isHeldOut(workflow, decision.person)) return [];
    return [deliveryOf(decision, kind, workflow, source)];
  });
}

function kindOf({ kind, reason }: Decision): Delivery['kind'] | null {
  if (kind === 'sent') return 'send';
  if (kind === 'exited') return 'leave';
  return kind === 'enrolled' && reason === 'treated' ? 'enter' : null;
}

function deliveryOf(decision: Decision, kind: Delivery['kind'], workflow: Workflow, source: DeliverySource): Delivery {
  const { person, time, step, reason } = decision;
  const rows = source.rowsOf(person);
  const { event, properties } = valuesAt(rows, workflow, time, source.facts);
  const fields = kind === 'send' ? (source.fields[workflow.id] ?? []) : [];
  return {
    id: hashOf([person, workflow.id, time, decision.kind, step]),
    person,
    email: addressOf(person, rows, workflow, time),
    workflow: workflow.id,
    time,
    kind,
    step,
    event: eventNameOf(workflow.id, step ?? (kind === 'enter' ? 'entered' : 'left')),
    values: Object.fromEntries(
      fields.map(({ key, source: liquid }) => [
        key,
        (renderPreview(liquid, { event, person: properties }).text ?? '').trim(),
      ]),
    ),
    properties: event,
    isEarly: kind === 'leave' && reason !== 'expired',
  };
}

/** The address as of then, of the person or their last event that has one, or the person's id where it is one. */
function addressOf(person: string, rows: PersonRows | null, workflow: Workflow, time: number): string | null {
  const own = propertiesAt(rows, time)[workflow.reach.address];
  if (typeof own === 'string' && isAddressValue(own)) return own.trim();
  const event = rows?.events.findLast(
    (one) => one.time <= time && isAddressValue(one.properties?.[workflow.reach.address]),
  );
  const told = event?.properties?.[workflow.reach.address];
  if (typeof told === 'string') return told.trim();
  return isEmailAddress(person) ? person : null;
}

function propertiesAt(rows: PersonRows | null, time: number): Record<string, Scalar> {
  const found: Record<string, Scalar> = {};
  for (const change of rows?.changes ?? []) {
    if (change.time > time) continue;
    if (change.value === null) delete found[change.property];
    else found[change.property] = change.value;
  }
  return found;
}

function valuesAt(rows: PersonRows | null, workflow: Workflow, time: number, facts: ReplayFacts) {
  const properties = propertiesAt(rows, time);
  const start = startOf(workflow);
  if (rows === null || start === null) return { event: {}, properties };
  const view = new LiveView(rows, facts);
  view.endRow = rows.events.length;
  view.endChange = rows.changes.length;
  const row = rows.events.findLastIndex((event, i) => event.time <= time && matches(view, i, start));
  const event = rows.events[row];
  if (event === undefined) return { event: {}, properties };
  const { valueName } = facts;
  const value =
    event.value === null ? {} : { value: event.value, ...(valueName === null ? {} : { [valueName]: event.value }) };
  return { event: { ...value, ...event.properties }, properties };
}

function startOf({ trigger }: Workflow): EventMatch | null {
  if (trigger.type === 'behavior') return trigger.match;
  return trigger.type === 'inaction' ? trigger.after : null;
}

/** Names that one workflow's emails are told of by. */
export function eventNamesOf(workflow: Workflow): readonly { readonly step: string; readonly event: string }[] {
  return stepsOf(workflow).map(({ step }) => ({ step: step.id, event: eventNameOf(workflow.id, step.id) }));
}
