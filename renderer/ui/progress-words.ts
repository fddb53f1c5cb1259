// How far a long call is, in words.

import type { Progress } from '../../engine/api/index.ts';
import { count } from '../../engine/base/index.ts';

/** `120,000 of 182,058 rows`, `120,000 rows`, or nothing where nothing is counted yet. */
export function progressWords({ done, total, unit }: Progress): string {
  if (unit === 'bytes') {
    return total === null
      ? done === 0
        ? ''
        : megabytes(done)
      : `${megabytes(Math.min(done, total), '')} of ${megabytes(total)}`;
  }
  if (total === null) return done === 0 ? '' : `${count(done)} ${unit}`;
  return `${count(Math.min(done, total))} of ${count(total)} ${unit}`;
}

/** 0 … 1, or null where the end is not known. */
export function progressShare({ done, total }: Progress): number | null {
  if (total === null || total <= 0) return null;
  return Math.min(1, Math.max(0, done / total));
}

/** `412,000 rows a second, 9 s left`; nothing before there is a rate to speak of. @param elapsedMs since done was 0 */
export function timeLeftWords({ done, total, unit }: Progress, elapsedMs: number): string {
  if (done <= 0 || elapsedMs < 500) return '';
  const perSecond = done / (elapsedMs / 1_000);
  const rate =
    unit === 'bytes'
      ? `${megabytes(perSecond)} a second`
      : perSecond >= 10
        ? `${count(round2(perSecond))} ${unit} a second`
        : '';
  if (total === null || total <= done) return rate;
  const seconds = Math.ceil((total - done) / perSecond);
  const left = seconds < 100 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
  return rate === '' ? left : `${rate}, ${left}`;
}

/** `6 ms`, `0.8 s`, `12 s`. */
export function tookWords(ms: number): string {
  if (ms < 100) return `${Math.max(1, Math.round(ms))} ms`;
  return ms < 9_950 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

/** `1.1 MB`; a tenth is all the eye follows. */
function megabytes(bytes: number, unit = ' MB'): string {
  return `${(bytes / 1_000_000).toFixed(1)}${unit}`;
}

/** Two digits are all a rate is good for. */
function round2(x: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(x)) - 1);
  return Math.round(x / unit) * unit;
}
