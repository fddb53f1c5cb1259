// Durations as users write them: whole numbers with units, `45s`, `60m`, `24h`, `7d`, `2w`, `1h30m`.
// They are elapsed time; a day is 24 hours here, never a calendar day.

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNIT_MS;

export const SECOND_MS = UNIT_MS.s;
export const MINUTE_MS = UNIT_MS.m;
export const HOUR_MS = UNIT_MS.h;
export const DAY_MS = UNIT_MS.d;
export const WEEK_MS = UNIT_MS.w;

/** The form of a duration, for schemas. Units go from large to small, each at most once. */
export const DURATION_PATTERN = '^(?=.)(\\d+w)?(\\d+d)?(\\d+h)?(\\d+m)?(\\d+s)?$';
const DURATION = new RegExp(DURATION_PATTERN);
const PART = /(\d+)([wdhms])/g;

/** @returns milliseconds ≥ 0, or null where the text is no duration (a bare number is none). */
export function parseDuration(text: string): number | null {
  if (!DURATION.test(text)) return null;
  let ms = 0;
  for (const [, digits, unit] of text.matchAll(PART)) ms += Number(digits) * UNIT_MS[unit as Unit];
  return Number.isSafeInteger(ms) ? ms : null;
}

/**
 * The canonical text of a duration: the largest single unit that divides it, as planners write it (`60m` is `1h`,
 * `168h` is `7d`, `90m` stays; never weeks), or parts from large to small where that would take 100 or more of a unit
 * below the day (`100h` is `4d4h`).
 * @param ms a whole number of seconds, in milliseconds, ≥ 0
 */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    if (ms % UNIT_MS[unit] === 0) {
      const n = ms / UNIT_MS[unit];
      if (unit === 'd' || n < 100) return `${n}${unit}`;
    }
  }
  let rest = ms;
  let text = '';
  for (const unit of ['d', 'h', 'm', 's'] as const) {
    const n = Math.floor(rest / UNIT_MS[unit]);
    if (n > 0) text += `${n}${unit}`;
    rest -= n * UNIT_MS[unit];
  }
  return text;
}
