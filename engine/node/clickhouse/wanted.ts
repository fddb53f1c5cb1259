// What of a source a command asks for: of a replay only what its workflows read, and for a dataset all that the source file
// names. What a workflow reads and the source file does not give is refused here, at its place in the workflow, before a
// row is read: an unmapped property would be a condition that never holds.

import { type Issue, UserError } from '../../base/index.ts';
import { compareUtf8 } from '../../columns/index.ts';
import { OWN_EMAIL_EVENTS } from '../../events/index.ts';
import { type NamedProperty, type Reads, readsOf, type Workflow } from '../../workflow/index.ts';
import type { ClickhouseSource } from './source-file.ts';

export interface Shard {
  readonly index: number;
  readonly of: number;
}

export interface Wanted {
  /** Event names; null: all there are. */
  readonly events: readonly string[] | null;
  /** Of events, in the order of their names. */
  readonly properties: readonly string[];
  /** Of people, likewise. */
  readonly peopleProperties: readonly string[];
  /** Those that may hold an address, of events or of people. */
  readonly addresses: readonly string[];
  /** Of people, those whose values a trigger names, of everybody. */
  readonly valuesOf: readonly string[];
}

/** All that the source file names. */
export function allOf(source: ClickhouseSource): Wanted {
  const names = (properties: readonly { readonly name: string }[]) => sorted(properties.map(({ name }) => name));
  return {
    events: source.events.only,
    properties: names(source.events.properties),
    peopleProperties: names(source.people?.properties ?? []),
    addresses: [],
    valuesOf: [],
  };
}

/** @throws UserError `CLICKHOUSE_UNMAPPED` with every place that the source cannot answer */
export function wantedBy(workflows: readonly Workflow[], source: ClickhouseSource, shard: Shard | null): Wanted {
  const all = allOf(source);
  const reads = workflows.map(readsOf);
  const issues = workflows.flatMap((workflow, w) =>
    issuesOf(reads[w] as Reads, source, shard).map((issue) =>
      workflows.length === 1 ? issue : { ...issue, at: `${workflow.id}: ${issue.at}` },
    ),
  );
  if (issues.length > 0) {
    throw new UserError(
      'CLICKHOUSE_UNMAPPED',
      `${source.path} does not give what ${workflows.length === 1 ? 'the workflow reads' : 'the workflows read'}: ${issues.length} ${issues.length === 1 ? 'problem' : 'problems'}.`,
      issues,
    );
  }
  // An address among the properties of events makes known whom an email reaches, at whatever event it stands.
  const addresses = workflows.map(({ reach }) => reach.address);
  const readsAll =
    addresses.some((name) => all.properties.includes(name)) || reads.some(({ events }) => events === null);
  const named = reads.flatMap(({ events, ownEmails }) => [
    ...(events ?? []),
    ...(ownEmails ? [...OWN_EMAIL_EVENTS, ...source.emailEvents] : []),
  ]);
  const only = source.events.only;
  const ofEvents = reads.flatMap(({ eventProperties, goalValue }) => [
    ...eventProperties,
    ...(goalValue === null ? [] : [goalValue]),
  ]);
  const ofPeople = reads.flatMap(({ personProperties, personFacts }) => [...personProperties, ...personFacts]);
  return {
    events: readsAll ? only : sorted(named.filter((name) => only === null || only.includes(name))),
    properties: within(all.properties, [...ofEvents.map(({ property }) => property), ...addresses]),
    peopleProperties: within(
      all.peopleProperties,
      ofPeople.map(({ property }) => property),
    ),
    addresses: sorted(addresses),
    valuesOf: within(all.peopleProperties, workflows.flatMap(triggerProperties)),
  };
}

function triggerProperties({ trigger }: Workflow): string[] {
  return (trigger.type === 'anyOf' ? trigger.triggers : [trigger]).flatMap((one) =>
    one.type === 'property' || one.type === 'date' ? [one.property] : [],
  );
}

function issuesOf(reads: Reads, source: ClickhouseSource, shard: Shard | null): Issue[] {
  const all = allOf(source);
  const valueNames = ['value', source.events.value ?? 'value'];
  const unmapped = (names: readonly NamedProperty[], known: readonly string[], say: (name: string) => string) =>
    names.filter(({ property }) => !known.includes(property)).map(({ path, property }) => refuse(path, say(property)));
  const hasValue = source.events.value !== null;
  const goal = reads.goalValue === null || hasValue ? [] : [reads.goalValue];
  const isPart = shard !== null && shard.of > 1;
  return [
    ...unmapped(
      [...reads.eventProperties, ...goal],
      [...all.properties, ...(hasValue ? valueNames : [])],
      (name) => `events have no property "${name}" there; give its expression under "properties".`,
    ),
    ...unmapped(
      reads.personProperties,
      all.peopleProperties,
      (name) => `people have no property "${name}" there; give its expression under "people.properties".`,
    ),
    ...(isPart ? reads.ofEveryone : []).map(({ path, why }) =>
      refuse(
        path,
        `${why}, which a shard does not know. Leave out --shard, or import the source into a dataset, whose shards know everybody.`,
      ),
    ),
  ];
}

function refuse(at: string, message: string): Issue {
  return { code: 'CLICKHOUSE_UNMAPPED', at, message, severity: 'error' };
}

function within(all: readonly string[], names: readonly string[]): string[] {
  return all.filter((name) => names.includes(name));
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compareUtf8);
}
