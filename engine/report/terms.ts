// What a business calls its moments and goals, where the names of its events say so: pages about carts speak of carts
// and orders. Anything else is called an episode and a conversion.

import type { Terms } from './types.ts';

export const PLAIN_TERMS: Terms = {
  anchor: 'episode',
  anchors: 'episodes',
  goal: 'conversion',
  goals: 'conversions',
  done: 'converted',
};

const CART = /\b(cart|basket|bag)\b/i;
const ORDER = /\b(purchase|purchased|buy|bought|order|ordered)\b/i;

/** @param anchor @param goal names of events, as in the history */
export function termsFor(anchor: string, goal: string): Terms {
  const words = (name: string) => name.replace(/([a-z])([A-Z])|[_-]+/g, '$1 $2');
  return {
    ...PLAIN_TERMS,
    ...(CART.test(words(anchor)) ? { anchor: 'cart', anchors: 'carts' } : {}),
    ...(ORDER.test(words(goal)) ? { goal: 'order', goals: 'orders', done: 'bought' } : {}),
  };
}
