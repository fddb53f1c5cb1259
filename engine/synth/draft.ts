// Events of one person while they are being put together.

import { SECOND_MS } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';

export interface Draft {
  /** A whole second, ms. */
  readonly at: number;
  readonly name: string;
  readonly value?: number;
  readonly properties: Record<string, Scalar>;
  /** What a cart and its mails are made of keeps its second; anything else moves to the next free one. */
  readonly rank: 'fixed' | 'movable';
}

/** Time order, one event a second (fixed ones apart), nothing at or past the end of observation. */
export function settle(drafts: readonly Draft[], until: number): Draft[] {
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
