// One person's life in the synthetic shop, made from (seed, index) alone: adding people changes nobody else. Streams are
// kept apart by what they are for (who they are, visits, each cart, each sequence, newsletters), so that leaving one
// thing out moves nothing else.

import { DAY_MS, HOUR_MS, murmur3Text, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { type Entry, fillCarts } from './carts.ts';
import { type Draft, settle } from './draft.ts';
import { inventPerson, type Product } from './invented.ts';
import { newsletters } from './newsletters.ts';
import type { CartParameters } from './parameters.ts';
import { visitTimes } from './rhythm.ts';
import { goThroughVisits } from './visits.ts';

export interface World {
  readonly seed: number | string;
  readonly parameters: CartParameters;
  readonly catalog: readonly Product[];
  /** End of observation, ms; no event is at or after it. */
  readonly until: number;
}

export interface PersonStory {
  /** The id after identity resolution. */
  readonly id: string;
  /** The id of their browser, under which they are seen until `identifiedAt`; null where they were known before. */
  readonly device: string | null;
  /** When the address became known: the time of the event that told it; null: never. */
  readonly identifiedAt: number | null;
  /** In time order, no two at one second. */
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
  readonly carts: number;
  readonly firstEntry: Entry | null;
}

export function tellPerson(world: World, index: number): PersonStory {
  const { parameters: p, seed, until } = world;
  const who = seededRandom(seed, `who ${index}`);
  const does = seededRandom(seed, `does ${index}`);
  const persona = inventPerson(who, index);
  const kind = reachKind(who, p);
  const isNew = who.uniform() < p.newcomers;
  const spread = p.activitySigma * who.normal() - p.activitySigma ** 2 / 2;
  const times = visitTimes(does, {
    from: isNew ? arrival(who, world, persona.aheadHours) : p.start,
    until,
    isNew,
    perDay: Math.min(40, p.visitsPerDay * Math.exp(spread)),
    aheadHours: persona.aheadHours,
  });
  const visits = goThroughVisits(p, world.catalog, does, times, kind === 'signUp');
  const number = String(index + 1).padStart(6, '0');
  const never = Number.POSITIVE_INFINITY;
  const carts = fillCarts(
    world,
    {
      index,
      number,
      id: `u${number}`,
      knownFrom: kind === 'known' ? -never : kind === 'signUp' ? (visits.signUpAt ?? never) : never,
      toldAtCheckout: kind === 'checkout',
    },
    visits.chances,
  );
  const own = settle([...visits.drafts, ...carts.drafts], until);
  const first = own[0] as Draft;
  const identifying = { known: first.name, signUp: 'Signed Up', checkout: 'Purchased', never: null }[kind];
  const identifiedAt = own.find((draft) => draft.name === identifying)?.at ?? null;
  const mail = identifiedAt === null ? [] : newsletters(world, index, identifiedAt, carts.unsubscribedAt ?? never);
  const device = `device-${hex(`${seed} ${index} a`)}${hex(`${seed} ${index} b`)}`;
  const id = identifiedAt === null ? device : `u${number}`;
  const changes: PropertyRow[] = [{ person: id, time: first.at, property: 'timezone', value: persona.timezone }];
  if (identifiedAt !== null) {
    for (const property of ['name', 'email', 'city'] as const) {
      changes.push({ person: id, time: identifiedAt, property, value: persona[property] });
    }
  }
  const settled = settle([...own.map((draft) => ({ ...draft, rank: 'fixed' as const })), ...mail], until);
  return {
    id,
    device: kind === 'known' ? null : device,
    identifiedAt,
    events: settled.map((draft) => eventOf(draft, id)),
    changes,
    carts: carts.opened,
    firstEntry: carts.firstEntry,
  };
}

function eventOf(draft: Draft, person: string): EventRow {
  const { name, at: time, value, properties } = draft;
  return value === undefined ? { person, name, time, properties } : { person, name, time, value, properties };
}

function hex(text: string): string {
  return murmur3Text(text).toString(16).padStart(8, '0');
}

function reachKind(who: Random, p: CartParameters): 'known' | 'signUp' | 'checkout' | 'never' {
  const u = who.uniform();
  if (u < p.reach.known) return 'known';
  if (u < p.reach.known + p.reach.signUp) return 'signUp';
  return u < p.reach.known + p.reach.signUp + p.reach.checkout ? 'checkout' : 'never';
}

/** A newcomer's first visit: any day alike, in waking hours where they live. */
function arrival(who: Random, world: World, aheadHours: number): number {
  const { start, days } = world.parameters;
  const at = start + who.below(days) * DAY_MS + (8 + 14 * who.uniform() - aheadHours) * HOUR_MS;
  const latest = world.until - HOUR_MS;
  const visit = Math.floor((at > latest ? at - DAY_MS : at) / SECOND_MS) * SECOND_MS;
  return Math.max(start, visit);
}
