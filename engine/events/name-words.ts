// What the name of an event says by its words, however it is written.

/** Words of taking something back. */
export const ENDING_WORDS =
  /\b(cancel\w*|refund\w*|return\w*|fail\w*|declin\w*|unsubscri\w*|unregister\w*|abandon\w*|remov\w*)\b/;
export const CART_WORDS = /\b(cart|carted|basket|bag)\b/;

/** Words of an event name, lower case: `Added to Cart`, `add_to_cart` and `addToCart` read alike. */
export function nameWords(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .toLowerCase()
    .trim();
}

/** Whether a name reads like filling a cart. */
export function isCartLike(name: string): boolean {
  const text = nameWords(name);
  return CART_WORDS.test(text) && !ENDING_WORDS.test(text) && !/\bview\w*\b/.test(text);
}
