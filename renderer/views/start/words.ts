// The start page's sentences.

import type { Progress } from '../../../engine/api.ts';

/** `120,000 of 182,058 rows`, `120,000 rows`, or nothing where nothing is counted yet. */
export function progressWords({ done, total, unit }: Progress): string {
  if (total === null) return done === 0 ? '' : `${grouped(done)} ${unit}`;
  return `${grouped(Math.min(done, total))} of ${grouped(total)} ${unit}`;
}

/** 0 … 1, or null where the end is not known. */
export function progressShare({ done, total }: Progress): number | null {
  if (total === null || total <= 0) return null;
  return Math.min(1, Math.max(0, done / total));
}

/** `0.8 s`, `12 s`. */
export function tookWords(ms: number): string {
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

function grouped(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');
}
