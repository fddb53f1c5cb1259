// One person's life in the synthetic shop, made from (seed, index) alone: adding people changes nobody else. Three
// streams, for who they are, what they do and what mail they get, so that newsletters can be left out without moving a
// single visit.
//
// Carts follow one law. A cart opens at a visit; when it will be bought is drawn at that moment, independently of
// everything else; further adds happen only while it is open and never move the purchase; the next cart opens after the
// purchase or, without one, after the cart's life. Therefore the times from opening to purchase are independent draws
// from the conversion model, censored only by the end of observation.

import { DAY_MS, HOUR_MS, MINUTE_MS, murmur3Text, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { drawDelay } from './conversion.ts';
import { inventPerson, type Product } from './invented.ts';
import type { CartParameters } from './parameters.ts';
import { geometric, seconds, visitTimes } from './rhythm.ts';

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
}

interface Cart {
  readonly id: string;
  readonly openedAt: number;
  /** Infinity: never. Whole seconds after `openedAt`. */
  readonly boughtAt: number;
  readonly adds: { at: number; product: Product; quantity: number }[];
}

interface Draft {
  readonly at: number;
  readonly name: string;
  readonly value?: number;
  readonly properties: Record<string, Scalar>;
  /** What a cart is made of keeps its second; anything else moves to the next free one. */
  readonly rank: 'fixed' | 'movable';
}

export function tellPerson(world: World, index: number): PersonStory {
  const { parameters: p, seed, until } = world;
  const who = seededRandom(seed, `who ${index}`);
  const does = seededRandom(seed, `does ${index}`);
  const persona = inventPerson(who, index);
  const kind = reachKind(who, p);
  const isNew = who.uniform() < p.newcomers;
  const perDay = Math.min(
    40,
    p.visitsPerDay * Math.exp(p.activitySigma * who.normal() - (p.activitySigma * p.activitySigma) / 2),
  );
  const visits = visitTimes(does, {
    from: isNew ? arrival(who, world, persona.aheadHours) : p.start,
    until,
    isNew,
    perDay,
    aheadHours: persona.aheadHours,
  });
  const number = String(index + 1).padStart(6, '0');
  const { drafts, carts } = shop(world, does, visits, number, kind === 'signUp');
  const kept = settle(drafts, until);
  const first = kept[0] as Draft;
  const identifying = { known: first.name, signUp: 'Signed Up', checkout: 'Purchased', never: null }[kind];
  const identifiedAt = kept.find((draft) => draft.name === identifying)?.at ?? null;
  const mail = identifiedAt === null ? [] : newsletters(world, index, identifiedAt);
  const device = `device-${hex(`${seed} ${index} a`)}${hex(`${seed} ${index} b`)}`;
  const id = identifiedAt === null ? device : `u${number}`;
  const changes: PropertyRow[] = [{ person: id, time: first.at, property: 'timezone', value: persona.timezone }];
  if (identifiedAt !== null) {
    for (const property of ['name', 'email', 'city'] as const) {
      changes.push({ person: id, time: identifiedAt, property, value: persona[property] });
    }
  }
  return {
    id,
    device: kind === 'known' ? null : device,
    identifiedAt,
    events: settle([...kept.map((d) => ({ ...d, rank: 'fixed' as const })), ...mail], until).map((d) => eventOf(d, id)),
    changes,
    carts,
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

/** Everything done on the site, unordered, before the end of observation is known to cut it. */
function shop(world: World, does: Random, visits: readonly number[], number: string, signsUp: boolean) {
  const { parameters: p, catalog } = world;
  const drafts: Draft[] = [];
  const carts: Cart[] = [];
  let signedUp = false;
  let nextCartFrom = Number.NEGATIVE_INFINITY;
  const visited = (at: number, channel: string) =>
    drafts.push({ at, name: 'Visited Site', properties: { channel }, rank: 'movable' });

  for (const visit of visits) {
    visited(visit, CHANNELS[does.below(CHANNELS.length)] as string);
    const fate = does.uniform() < p.cartShare ? drawDelay(p.conversion, does) : null;
    let at = visit;
    let product = catalog[0] as Product;
    for (let views = 1 + geometric(does, 0.5, 12); views > 0; views--) {
      at += seconds(does, 15, 110);
      product = pickProduct(does, catalog, fate === null ? 0 : taste(p, fate));
      const { item, category } = product;
      drafts.push({
        at,
        name: 'Viewed Product',
        properties: { item, category, price: product.priceCents / 100 },
        rank: 'movable',
      });
    }
    if (signsUp && !signedUp && does.uniform() < 0.4) {
      signedUp = true;
      drafts.push({
        at: at + seconds(does, 20, 90),
        name: 'Signed Up',
        properties: { method: 'email' },
        rank: 'movable',
      });
    }
    const last = carts.at(-1);
    const addAt = at + seconds(does, 5, 60);
    if (fate !== null && addAt > nextCartFrom) {
      const cart = openCart(p, does, catalog, addAt, product, fate.delayMs, `c${number}-${carts.length + 1}`);
      carts.push(cart);
      nextCartFrom = Number.isFinite(cart.boughtAt) ? cart.boughtAt : cart.openedAt + p.cartLifeMs;
    } else if (last !== undefined && does.uniform() < 0.25) addToOpen(p, last, addAt, product);
  }

  for (const cart of carts) drafts.push(...cartDrafts(p, does, cart, number, visited));
  return { drafts, carts: carts.filter((cart) => cart.openedAt < world.until).length };
}

const CHANNELS = ['direct', 'search', 'search', 'email', 'social', 'ads'] as const;

/** −1 prefers the cheaper of two products, 1 the dearer: late buyers weigh larger baskets, the undecided fill small ones. */
function taste(p: CartParameters, fate: { delayMs: number }): number {
  if (fate.delayMs > p.cartLifeMs) return -0.2;
  return fate.delayMs > HOUR_MS ? 0.7 : 0.15;
}

function pickProduct(does: Random, catalog: readonly Product[], preference: number): Product {
  const one = catalog[does.below(catalog.length)] as Product;
  const other = catalog[does.below(catalog.length)] as Product;
  const u = does.uniform();
  if (u >= Math.abs(preference)) return one;
  const oneIsDearer = one.priceCents >= other.priceCents;
  return oneIsDearer === preference > 0 ? one : other;
}

function openCart(
  p: CartParameters,
  does: Random,
  catalog: readonly Product[],
  openedAt: number,
  product: Product,
  delayMs: number,
  id: string,
): Cart {
  // Rounded up to the second: P(rounded > t) = P(delay > t) at every whole second t.
  const rounded = Math.ceil(delayMs / SECOND_MS) * SECOND_MS;
  const boughtAt = delayMs > p.cartLifeMs ? Number.POSITIVE_INFINITY : openedAt + Math.max(SECOND_MS, rounded);
  const quantity = does.uniform() < 0.1 ? 2 : 1;
  const cart: Cart = { id, openedAt, boughtAt, adds: [{ at: openedAt, product, quantity }] };
  let at = openedAt;
  for (let more = geometric(does, 0.38, 6); more > 0; more--) {
    at += seconds(does, 30, 300);
    addToOpen(p, cart, at, pickProduct(does, catalog, 0));
  }
  return cart;
}

function addToOpen(p: CartParameters, cart: Cart, at: number, product: Product): void {
  if (at > cart.openedAt && at < cart.boughtAt && at - cart.openedAt < p.repeatWithinMs) {
    cart.adds.push({ at, product, quantity: 1 });
  }
}

function cartDrafts(
  p: CartParameters,
  does: Random,
  cart: Cart,
  number: string,
  visited: (at: number, channel: string) => void,
): Draft[] {
  const drafts: Draft[] = [];
  let totalCents = 0;
  const taken = new Set<number>();
  for (const { at, product, quantity } of cart.adds) {
    if (taken.has(at)) continue;
    taken.add(at);
    const cents = product.priceCents * quantity;
    totalCents += cents;
    const { item, category } = product;
    drafts.push({
      at,
      name: 'Added to Cart',
      value: cents / 100,
      properties: { cart_id: cart.id, item, category, price: product.priceCents / 100, quantity },
      rank: 'fixed',
    });
  }
  const checkout = seconds(does, 25, 150);
  const ahead = seconds(does, 180, 600);
  if (Number.isFinite(cart.boughtAt)) {
    if (cart.boughtAt - cart.openedAt > HOUR_MS) visited(cart.boughtAt - ahead, 'direct');
    if (cart.boughtAt - checkout > cart.openedAt) {
      drafts.push(startedCheckout(cart, cart.boughtAt - checkout));
    }
    const revenue = totalCents / 100;
    drafts.push({
      at: cart.boughtAt,
      name: 'Purchased',
      value: revenue,
      properties: {
        revenue,
        items: taken.size,
        order_id: `o${number}-${cart.id.slice(cart.id.indexOf('-') + 1)}`,
        cart_id: cart.id,
        currency: p.currency,
      },
      rank: 'fixed',
    });
  } else if (does.uniform() < 0.3) drafts.push(startedCheckout(cart, cart.openedAt + ahead + checkout));
  return drafts;
}

function startedCheckout(cart: Cart, at: number): Draft {
  return { at, name: 'Started Checkout', properties: { cart_id: cart.id }, rank: 'movable' };
}

/** Weekly mail to a known address, opens, clicks with the visit they lead to, and now and then an unsubscription. */
function newsletters(world: World, index: number, identifiedAt: number): Draft[] {
  const { parameters: p, seed, until } = world;
  if (p.newsletterDays === 0) return [];
  const mail = seededRandom(seed, `mail ${index}`);
  const drafts: Draft[] = [];
  const opens = Math.min(0.8, 0.26 * Math.exp(0.6 * mail.normal()));
  const midnight = Math.floor(p.start / DAY_MS) * DAY_MS;
  for (let issue = 1; ; issue++) {
    const planned = midnight + (1 + (issue - 1) * p.newsletterDays) * DAY_MS + 15 * HOUR_MS;
    if (planned >= until) return drafts;
    const sent = planned + seconds(mail, 0, 1800);
    const [open, click, leave] = [mail.uniform(), mail.uniform(), mail.uniform()];
    const wait = Math.ceil(-Math.log(1 - mail.uniform()) * 240) * MINUTE_MS + seconds(mail, 1, 59);
    if (sent < identifiedAt) continue;
    const properties = { campaign: `newsletter-${String(issue).padStart(2, '0')}` };
    const add = (at: number, name: string) => drafts.push({ at, name, properties, rank: 'movable' });
    add(sent, 'Email Sent');
    if (open >= opens) continue;
    add(sent + wait, 'Email Opened');
    if (click < 0.1) {
      add(sent + wait + 20 * SECOND_MS, 'Email Clicked');
      const visit = sent + wait + 24 * SECOND_MS;
      drafts.push({ at: visit, name: 'Visited Site', properties: { channel: 'email' }, rank: 'movable' });
    } else if (leave < 0.012) {
      add(sent + wait + 40 * SECOND_MS, 'Unsubscribed');
      return drafts;
    }
  }
}

/** Time order, one event a second, nothing at or past the end of observation. */
function settle(drafts: readonly Draft[], until: number): Draft[] {
  const taken = new Set<number>();
  const kept: Draft[] = [];
  for (const draft of drafts) {
    if (draft.rank !== 'fixed') continue;
    taken.add(draft.at);
    kept.push(draft);
  }
  for (const draft of drafts) {
    if (draft.rank === 'fixed') continue;
    let { at } = draft;
    while (taken.has(at)) at += SECOND_MS;
    taken.add(at);
    kept.push(at === draft.at ? draft : { ...draft, at });
  }
  return kept.filter((draft) => draft.at < until).sort((a, b) => a.at - b.at);
}
