// What is kept beside a dataset of its remedies: they themselves, and what the dataset is with them, so that a list of
// datasets needs no history.

import type { History } from '../../events/index.ts';
import type { Remedied, Remedy } from '../../remedies/index.ts';

/** All that is kept beside a dataset; remedies under a key of their own. */
export type About = { readonly remedied?: Remedied } & Readonly<Record<string, unknown>>;

/** As it is kept; null where there is nothing. */
export function aboutText(about: About): string | null {
  return Object.keys(about).length === 0 ? null : JSON.stringify(about);
}

/** @param history with the remedies applied */
export function remediedOf(history: History, remedies: readonly Remedy[]): Remedied {
  let from: number | null = null;
  let to: number | null = null;
  for (let row = 0; row < history.nEvents; row++) {
    const time = history.times.at(row);
    if (from === null || time < from) from = time;
    if (to === null || time > to) to = time;
  }
  const { nPersons: persons, nEvents: events, observedFrom, observedUntil, fingerprint } = history;
  return { remedies, persons, events, from, to, observedFrom, observedUntil, fingerprint };
}
