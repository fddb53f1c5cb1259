// The five figures of a comparison, and which of them a change can move at all. What a change cannot move is identical
// by construction, and said so; whatever is not known to leave a figure alone may move it.

import type { FieldChange } from './changes.ts';

/** In the order of the tables. `runs` are enrollments of both arms; `anyway` their organic conversions. */
export const FIGURES = ['runs', 'emails', 'anyway', 'because', 'profit'] as const;
export type FigureKey = (typeof FIGURES)[number];

export const FIGURE_WORDS: Readonly<Record<FigureKey, string>> = {
  runs: 'Runs',
  emails: 'Emails',
  anyway: 'Anyway',
  because: 'Because',
  profit: 'Profit',
};

export const FIGURE_KINDS: Readonly<Record<FigureKey, 'counted' | 'projected'>> = {
  runs: 'counted',
  emails: 'counted',
  anyway: 'counted',
  because: 'projected',
  profit: 'projected',
};

const NOTHING: readonly FigureKey[] = [];
const PROFIT: readonly FigureKey[] = ['profit'];

/** By the beginning of a path; the first that fits counts. */
const MOVES: readonly (readonly [RegExp, readonly FigureKey[]])[] = [
  [/^(\$schema|foresend|name|notes|attribution|secondary|personalize)\b/, NOTHING],
  [/\.notes$/, NOTHING],
  [/^sequence\.[^.]+\.(subject|body|template|name|preheader)\b/, NOTHING],
  [/^sequence\.[^.]+\.incentive\b/, PROFIT],
  [/^(economics|goal\.value)\b/, PROFIT],
  // Held-out people enter and count for caps and recency as the mailed do.
  [/^holdout\b/, ['emails', 'because', 'profit']],
];

/** @param isOtherResponse whether the assumed effect differs, too */
export function figuresMoved(changes: readonly FieldChange[], isOtherResponse: boolean): ReadonlySet<FigureKey> {
  const moved = new Set<FigureKey>();
  for (const { path } of changes) {
    const [, keys = FIGURES] = MOVES.find(([pattern]) => pattern.test(path)) ?? [];
    for (const key of keys) moved.add(key);
  }
  if (isOtherResponse) for (const key of ['because', 'profit'] as const) moved.add(key);
  return moved;
}
