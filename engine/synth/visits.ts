// What a person does on the site apart from carts, and every chance to open one: its fate is drawn at the visit, whether
// or not the chance is taken, so that nothing a cart does moves a later visit.

import { HOUR_MS, type Random } from '../base/index.ts';
import { drawDelay } from './conversion.ts';
import type { Draft } from './draft.ts';
import type { Product } from './invented.ts';
import type { CartParameters } from './parameters.ts';
import { geometric, seconds } from './rhythm.ts';

export interface Chance {
  /** Number of the visit among the person's. */
  readonly visit: number;
  /** When something would be added. */
  readonly at: number;
  readonly product: Product;
  /** From opening to purchase, Infinity for never; null: this visit opens no cart. */
  readonly delayMs: number | null;
  /** Adds to a cart that is open already. */
  readonly addsAgain: boolean;
}

export interface Visits {
  readonly drafts: Draft[];
  readonly chances: readonly Chance[];
  readonly signUpAt: number | null;
}

const CHANNELS = ['direct', 'search', 'search', 'email', 'social', 'ads'] as const;

export function goThroughVisits(
  p: CartParameters,
  catalog: readonly Product[],
  does: Random,
  times: readonly number[],
  signsUp: boolean,
): Visits {
  const drafts: Draft[] = [];
  let signUpAt: number | null = null;
  const chances = times.map((visit, number): Chance => {
    drafts.push(visited(visit, CHANNELS[does.below(CHANNELS.length)] as string));
    const delayMs = does.uniform() < p.cartShare ? drawDelay(p.conversion, does).delayMs : null;
    let at = visit;
    let product = catalog[0] as Product;
    for (let views = 1 + geometric(does, 0.5, 12); views > 0; views--) {
      at += seconds(does, 15, 110);
      product = pickProduct(does, catalog, delayMs === null ? 0 : taste(p, delayMs));
      const { item, category, priceCents } = product;
      drafts.push({
        at,
        name: 'Viewed Product',
        properties: { item, category, price: priceCents / 100 },
        rank: 'movable',
      });
    }
    if (signsUp && signUpAt === null && does.uniform() < 0.4) {
      signUpAt = at + seconds(does, 20, 90);
      drafts.push({ at: signUpAt, name: 'Signed Up', properties: { method: 'email' }, rank: 'fixed' });
    }
    at += seconds(does, 5, 60);
    return { visit: number, at, product, delayMs, addsAgain: does.uniform() < 0.25 };
  });
  return { drafts, chances, signUpAt };
}

export function visited(at: number, channel: string): Draft {
  return { at, name: 'Visited Site', properties: { channel }, rank: 'movable' };
}

/** −1 prefers the cheaper of two products, 1 the dearer: late buyers weigh larger baskets, the undecided fill small ones. */
function taste(p: CartParameters, delayMs: number): number {
  if (delayMs > p.cartLifeMs) return -0.2;
  return delayMs > HOUR_MS ? 0.7 : 0.15;
}

export function pickProduct(random: Random, catalog: readonly Product[], preference: number): Product {
  const one = catalog[random.below(catalog.length)] as Product;
  const other = catalog[random.below(catalog.length)] as Product;
  if (random.uniform() >= Math.abs(preference)) return one;
  const oneIsDearer = one.priceCents >= other.priceCents;
  return oneIsDearer === preference > 0 ? one : other;
}
