// Which pair of events a finding's effect is told for: carts and orders by their names, the most frequent of each, since
// a fault can make the true pair look unlikely; else the likeliest by what was counted.

import { type History, isCartLike } from '../events/index.ts';
import { isOrderLike, likelyPairs } from './likely-pairs.ts';
import type { Tally } from './tally.ts';

export interface MainPair {
  readonly anchor: string;
  readonly goal: string;
}

/** Null where the history has no two events that belong together. */
export function mainPair(history: History, tally: Tally): MainPair | null {
  const own = tally.names.filter((name) => !name.ownEmail).map(({ name }) => name);
  const anchor = own.find(isCartLike);
  const goal = own.find((name) => isOrderLike(name) && name !== anchor);
  if (anchor !== undefined && goal !== undefined) return { anchor, goal };
  const [likeliest] = likelyPairs(history);
  return likeliest === undefined ? null : { anchor: likeliest.anchor, goal: likeliest.goal };
}
