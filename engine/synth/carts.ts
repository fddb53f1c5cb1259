// A person's carts, one after the other, under one law. When a cart will be bought is drawn when it opens, independently
// of everything else; further adds happen only while it is open and never move the purchase; the next cart opens after
// the purchase or, without one, after the cart's life. Therefore the times from opening to purchase are independent
// draws from the conversion model, censored only by the end of observation (emails with a planted effect apart).

import { assert, HOUR_MS, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import type { Draft } from './draft.ts';
import { inHoldout, runSequence } from './email-effect.ts';
import type { Product } from './invented.ts';
import type { CartParameters } from './parameters.ts';
import type { World } from './person-story.ts';
import { geometric, seconds } from './rhythm.ts';
import { type Chance, pickProduct, visited } from './visits.ts';

interface Cart {
  readonly number: number;
  readonly random: Random;
  readonly openedAt: number;
  /** Infinity: never. Whole seconds after `openedAt`. */
  readonly boughtAt: number;
  readonly adds: { at: number; product: Product; quantity: number }[];
}

/** A first entry into the emails: a cart not bought within the window, its owner reachable. */
export interface Entry {
  readonly triggeredAt: number;
  readonly holdout: boolean;
  readonly boughtAt: number;
}

export interface Owner {
  readonly index: number;
  /** `000123`. */
  readonly number: string;
  /** As known once identified. */
  readonly id: string;
  /** When the address is known apart from purchases; −Infinity: ever; Infinity: never. */
  readonly knownFrom: number;
  /** The first purchase tells the address. */
  readonly toldAtCheckout: boolean;
}

export interface Carts {
  readonly drafts: readonly Draft[];
  /** Opened within the observation. */
  readonly opened: number;
  readonly firstEntry: Entry | null;
  /** By a mail of the planted sequence. */
  readonly unsubscribedAt: number | null;
}

export function fillCarts(world: World, owner: Owner, chances: readonly Chance[]): Carts {
  const { parameters: p } = world;
  const carts: Cart[] = [];
  const mails: Draft[] = [];
  let knownFrom = owner.knownFrom;
  let nextFrom = Number.NEGATIVE_INFINITY;
  let firstEntry: Entry | null = null;
  let unsubscribedAt: number | null = null;
  for (const chance of chances) {
    const last = carts.at(-1);
    if (chance.delayMs === null || chance.at <= nextFrom) {
      if (last !== undefined && chance.addsAgain) addToOpen(p, last, chance.at, chance.product);
      continue;
    }
    const organicAt = organicPurchase(p, chance.at, chance.delayMs);
    const mailed = mail(world, owner, chance, organicAt, knownFrom);
    mails.push(...mailed.drafts);
    firstEntry ??= mailed.entry;
    unsubscribedAt ??= mailed.unsubscribedAt;
    const cart = openCart(world, owner, chance, carts.length + 1, mailed.boughtAt);
    carts.push(cart);
    nextFrom = Number.isFinite(cart.boughtAt) ? cart.boughtAt : cart.openedAt + p.cartLifeMs;
    if (owner.toldAtCheckout) knownFrom = Math.min(knownFrom, cart.boughtAt);
  }
  return {
    drafts: [...carts.flatMap((cart) => cartDrafts(p, owner, cart)), ...mails],
    opened: carts.filter((cart) => cart.openedAt < world.until).length,
    firstEntry,
    unsubscribedAt,
  };
}

/** Rounded up to the second: P(rounded > t) = P(delay > t) at every whole second t. */
function organicPurchase(p: CartParameters, openedAt: number, delayMs: number): number {
  if (delayMs > p.cartLifeMs) return Number.POSITIVE_INFINITY;
  return openedAt + Math.max(1, Math.ceil(delayMs / SECOND_MS)) * SECOND_MS;
}

/** What the planted emails, if any, make of a cart. */
function mail(world: World, owner: Owner, chance: Chance, organicAt: number, knownFrom: number) {
  const { effect, cartLifeMs } = world.parameters;
  const none = { boughtAt: organicAt, entry: null, drafts: [] as Draft[], unsubscribedAt: null as number | null };
  if (effect === null) return none;
  const triggeredAt = chance.at + effect.windowMs;
  if (organicAt <= triggeredAt || knownFrom > triggeredAt || triggeredAt >= world.until) return none;
  const holdout = inHoldout(effect, owner.id);
  if (holdout) return { ...none, entry: { triggeredAt, holdout, boughtAt: organicAt } };
  const random = seededRandom(world.seed, `email ${owner.index} ${chance.visit}`);
  const run = runSequence(effect, random, triggeredAt, organicAt, chance.at + cartLifeMs);
  const drafts = run.sent.map(({ at, step }): Draft => {
    return { at, name: 'Email Sent', properties: { campaign: effect.workflow, step }, rank: 'movable' };
  });
  if (run.unsubscribedAt !== null) {
    const properties = { campaign: effect.workflow };
    drafts.push({ at: run.unsubscribedAt, name: 'Unsubscribed', properties, rank: 'movable' });
  }
  const entry = { triggeredAt, holdout, boughtAt: run.boughtAt };
  return { boughtAt: run.boughtAt, entry, drafts, unsubscribedAt: run.unsubscribedAt };
}

function openCart(world: World, owner: Owner, chance: Chance, number: number, boughtAt: number): Cart {
  const { parameters: p, catalog, seed } = world;
  assert(boughtAt > chance.at, 'a cart is bought after it opened');
  const random = seededRandom(seed, `cart ${owner.index} ${chance.visit}`);
  const quantity = random.uniform() < 0.1 ? 2 : 1;
  const adds = [{ at: chance.at, product: chance.product, quantity }];
  const cart: Cart = { number, random, openedAt: chance.at, boughtAt, adds };
  let at = chance.at;
  for (let more = geometric(random, 0.38, 6); more > 0; more--) {
    at += seconds(random, 30, 300);
    addToOpen(p, cart, at, pickProduct(random, catalog, 0));
  }
  return cart;
}

function addToOpen(p: CartParameters, cart: Cart, at: number, product: Product): void {
  if (at <= cart.openedAt || at >= cart.boughtAt || at - cart.openedAt >= p.repeatWithinMs) return;
  if (!cart.adds.some((add) => add.at === at)) cart.adds.push({ at, product, quantity: 1 });
}

function cartDrafts(p: CartParameters, owner: Owner, cart: Cart): Draft[] {
  const cartId = `c${owner.number}-${cart.number}`;
  const drafts = cart.adds.map(({ at, product, quantity }): Draft => {
    const { item, category, priceCents } = product;
    const properties = { cart_id: cartId, item, category, price: priceCents / 100, quantity };
    return { at, name: 'Added to Cart', value: (priceCents * quantity) / 100, properties, rank: 'fixed' };
  });
  const startCheckout = (at: number) =>
    drafts.push({ at, name: 'Started Checkout', properties: { cart_id: cartId }, rank: 'movable' });
  const checkout = seconds(cart.random, 25, 150);
  const ahead = seconds(cart.random, 180, 600);
  const triesAndLeaves = cart.random.uniform() < 0.3;
  if (!Number.isFinite(cart.boughtAt)) {
    if (triesAndLeaves) startCheckout(cart.openedAt + ahead + checkout);
    return drafts;
  }
  if (cart.boughtAt - cart.openedAt > HOUR_MS) drafts.push(visited(cart.boughtAt - ahead, 'direct'));
  if (cart.boughtAt - checkout > cart.openedAt) startCheckout(cart.boughtAt - checkout);
  const revenue = cart.adds.reduce((sum, { product, quantity }) => sum + product.priceCents * quantity, 0) / 100;
  drafts.push({
    at: cart.boughtAt,
    name: 'Purchased',
    value: revenue,
    properties: {
      revenue,
      items: cart.adds.length,
      order_id: `o${owner.number}-${cart.number}`,
      cart_id: cartId,
      currency: p.currency,
    },
    rank: 'fixed',
  });
  return drafts;
}
