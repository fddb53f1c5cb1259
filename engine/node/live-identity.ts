// Who is who, as the live interface remembers it between runs: the links of all runs so far, kept beside its state, are
// what the next run's import begins with. Ids are joined as an import of all runs' rows would join them; what was decided
// before a link was known stays decided.

import { exactPlural } from '../base/index.ts';
import { firstSeenOf, type Joined, joinPeople, type LiveState } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { IdentityTrace, Prior } from './import/trace.ts';

export interface KnownIds {
  readonly identity: IdentityTrace;
  /** What the next import of rows is to know. */
  readonly prior: Prior;
}

/** Of a state that was stored before links were kept, anybody may be an anonymous id. */
export function withoutLinks(state: LiveState): IdentityTrace {
  return { links: [], linked: [], merged: [], unnamed: state.persons.map(({ id }) => id) };
}

/** @param state of the people seen so far; null: nobody */
export function knownIds(identity: IdentityTrace, state: LiveState | null): KnownIds {
  const linked = new Map(identity.linked.map((one) => [one.id, one]));
  const unnamed = new Set(identity.unnamed);
  let persons: ReadonlyMap<string, LiveState['persons'][number]> | null = null;
  return {
    identity,
    prior: {
      links: identity.links,
      said: null,
      seen(id) {
        const known = linked.get(id);
        if (known !== undefined) return known;
        persons ??= new Map(state?.persons.map((one) => [one.id, one]));
        const person = persons.get(id);
        return person === undefined ? null : { id, firstSeen: firstSeenOf(person), named: !unnamed.has(id) };
      },
    },
  };
}

/**
 * What is known after a run.
 * @param read of the run's import, which began with the prior
 * @param persons of the run, their ids
 */
export function identityAfter(
  { identity, prior }: KnownIds,
  read: IdentityTrace,
  persons: Iterable<string>,
): IdentityTrace {
  // A table has no links, and knows of none.
  const { links, linked, merged } = read.links.length === 0 ? identity : read;
  const isLinked = new Set(linked.map(({ id }) => id));
  const unnamedNow = new Set(read.unnamed);
  const named = new Set([...persons].filter((id) => !unnamedNow.has(id)));
  const unnamed = new Set(identity.unnamed.filter((id) => !named.has(id)));
  for (const id of unnamedNow) if (prior.seen(id)?.named !== true) unnamed.add(id);
  return { links, linked, merged, unnamed: [...unnamed].filter((id) => !isLinked.has(id)).sort() };
}

/** The id of the person that an id stands for. */
export function personOf({ merged }: IdentityTrace): (id: string) => string {
  const persons = new Map(merged);
  return (id) => persons.get(id) ?? id;
}

/** Ids that stood for a person and now stand for themselves, since they were seen with several. */
export function partedBy(before: IdentityTrace, now: IdentityTrace): string[] {
  const of = personOf(now);
  return before.merged.filter(([id, person]) => of(id) !== of(person)).map(([id]) => id);
}

/** People of the state whom links have joined since; null where there are none. */
export function joinedBy(
  workflows: readonly Workflow[],
  state: LiveState | null,
  identity: IdentityTrace,
): Joined | null {
  const of = personOf(identity);
  if (state === null || state.persons.every(({ id }) => of(id) === id)) return null;
  return joinPeople(workflows, state, of);
}

/** For the person beside the stream. */
export function identityWords(joined: Joined | null, parted: readonly string[]): string[] {
  const words: string[] = [];
  if (joined !== null) {
    const { ids, apart } = joined;
    words.push(
      `${exactPlural(ids.length, 'id')} seen before turned out to be of a person known by another id${some(ids)}; their rows count for that person.`,
    );
    if (apart.length > 0) {
      words.push(
        `For ${exactPlural(apart.length, 'id')} of these${some(apart)}, decisions before now would have been others had the link been known: what was given out stays, enrollments that are open go on for the person (one in each workflow), and all rows count together from here on.`,
      );
    }
  }
  if (parted.length > 0) {
    words.push(
      `${exactPlural(parted.length, 'anonymous id')} ${parted.length === 1 ? 'has' : 'have'} now been seen with several people${some(parted)}: rows so far stay with the person they were given to, later ones count for the id alone.`,
    );
  }
  return words;
}

function some(ids: readonly string[]): string {
  return ids.length === 1 ? ` ("${ids[0]}")` : ` (such as "${ids[0]}")`;
}
