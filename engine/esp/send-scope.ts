// What is known when an email goes out, from a history: how often the starting event has each property, and how often a
// person has each of theirs by then. And the values of one person, for a preview. Nothing later than the moment of
// sending is looked at.

import type { Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import { type Personalize, stepsOf, type Workflow } from '../workflow/index.ts';
import type { PropertyFill, SendScope } from './liquid.ts';

/** Starting events looked at, evenly spread over the history. */
const MOST_EVENTS = 5_000;

/** The event that starts the flow, or null where none does. */
export function startingEvent({ trigger }: Workflow): string | null {
  if (trigger.type === 'behavior') return trigger.match.event;
  return trigger.type === 'inaction' ? trigger.after.event : null;
}

/** Shares over the starting events, or over all people at the end of the history where no event starts the flow. */
export function sendScope(history: History, workflow: Workflow, mostEvents = MOST_EVENTS): SendScope {
  const name = startingEvent(workflow);
  const waitMs = firstEmailMs(workflow);
  const eventNames = eventPropertyNames(history);
  const personNames = history.changes.propertyNames;
  const moments = name === null ? peopleAtEnd(history, mostEvents) : startsOf(history, name, mostEvents);
  const share = (has: (moment: Moment) => boolean): number | null =>
    moments.length === 0 ? null : moments.filter(has).length / moments.length;
  const fills = (names: readonly string[], read: (moment: Moment, property: string) => Scalar | undefined) =>
    names.map(
      (property): PropertyFill => ({
        name: property,
        fill: share((moment) => read(moment, property) !== undefined),
      }),
    );
  const event = fills(eventNames, ({ row }, property) =>
    row === null ? undefined : history.eventProperty(row, property),
  );
  return {
    hasEvent: name !== null,
    ...(workflow.personalize === undefined ? {} : { computed: definedNames(workflow.personalize) }),
    // A property that no starting event has is none of this event.
    event: name === null ? null : event.filter(({ fill }) => fill !== 0),
    person: fills(personNames, ({ person, time }, property) =>
      history.personProperty(person, property, Math.min(time + waitMs, history.observedUntil)),
    ),
  };
}

/** What a workflow defines for its emails to speak of. */
export function definedNames({ properties, tables }: Personalize): string[] {
  return [...properties, ...tables].map(({ name }) => name);
}

export interface SendValues {
  readonly event: Readonly<Record<string, Scalar>>;
  readonly person: Readonly<Record<string, Scalar>>;
}

/** What an email to one person would have shown. @param at ms since the epoch; the last start at or before it counts */
export function sendValues(
  history: History,
  workflow: Workflow,
  personId: string,
  at: number,
): { readonly values: SendValues | null; readonly reason: string | null } {
  const person = history.personIndex(personId);
  if (person < 0) return { values: null, reason: `The history has no person "${personId}".` };
  const name = startingEvent(workflow);
  const row = name === null ? null : lastRow(history, person, name, at);
  if (row === undefined) return { values: null, reason: `"${personId}" has no "${name}" by then.` };
  const startMs = row === null ? at : history.times.at(row);
  const timeMs = Math.min(startMs + firstEmailMs(workflow), at);
  const held = (names: readonly string[], read: (property: string) => Scalar | undefined) =>
    Object.fromEntries(
      names.flatMap((property): [string, Scalar][] => {
        const value = read(property);
        return value === undefined ? [] : [[property, value]];
      }),
    );
  return {
    values: {
      event: row === null ? {} : held(eventPropertyNames(history), (property) => history.eventProperty(row, property)),
      person: held(history.changes.propertyNames, (property) => history.personProperty(person, property, timeMs)),
    },
    reason: null,
  };
}

interface Moment {
  readonly person: number;
  readonly row: number | null;
  readonly time: number;
}

function eventPropertyNames(history: History): string[] {
  const own = [...history.properties.keys()];
  return [...new Set([...own, ...(history.valueName === null ? [] : [history.valueName]), 'value'])];
}

/** From the starting event to the first email. */
function firstEmailMs(workflow: Workflow): number {
  const { trigger } = workflow;
  const delays = stepsOf(workflow)
    .filter(({ step }) => step.from === 'trigger')
    .map(({ step }) => step.delayMs);
  return (trigger.type === 'inaction' ? trigger.withinMs : 0) + (delays.length === 0 ? 0 : Math.min(...delays));
}

function startsOf(history: History, name: string, most: number): Moment[] {
  const code = history.nameCode(name);
  const { nameCodes, personStart, nPersons } = history;
  let total = 0;
  for (let row = 0; row < nameCodes.length; row++) if (nameCodes[row] === code) total++;
  const every = Math.max(1, Math.ceil(total / most));
  const moments: Moment[] = [];
  let seen = 0;
  for (let person = 0; person < nPersons; person++) {
    for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
      if (nameCodes[row] === code && seen++ % every === 0) moments.push({ person, row, time: history.times.at(row) });
    }
  }
  return moments;
}

function peopleAtEnd({ nPersons, observedUntil }: History, most: number): Moment[] {
  const every = Math.max(1, Math.ceil(nPersons / most));
  const moments: Moment[] = [];
  for (let person = 0; person < nPersons; person += every) moments.push({ person, row: null, time: observedUntil });
  return moments;
}

/** Undefined where there is none. */
function lastRow(history: History, person: number, name: string, at: number): number | undefined {
  const code = history.nameCode(name);
  for (
    let row = (history.personStart[person + 1] as number) - 1;
    row >= (history.personStart[person] as number);
    row--
  ) {
    if (history.nameCodes[row] === code && history.times.at(row) <= at) return row;
  }
  return undefined;
}
