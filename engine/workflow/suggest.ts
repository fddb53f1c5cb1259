// What the user most likely meant: the nearest known word, and a duration in our spelling.

import { closest, distance } from 'fastest-levenshtein';
import { DAY_MS, parseDuration } from '../base/index.ts';

/** The nearest of `known`, letter case aside, or null where none is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null;
  const lower = known.map((candidate) => candidate.toLowerCase());
  const best = closest(word.toLowerCase(), lower);
  const length = Math.max(word.length, best.length);
  // Two letters swapped are two changes, which a word of four may have.
  const far = length === 4 ? 2 : Math.floor(length * 0.4);
  return distance(word.toLowerCase(), best) <= far ? (known[lower.indexOf(best)] ?? null) : null;
}

/** The nearest known word, else the words that are known, as a sentence; empty where they are too many. */
export function orKnown(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== null) return `The nearest is "${near}".`;
  return known.length <= 24 ? `Known are ${known.map((k) => `"${k}"`).join(', ')}.` : '';
}

const UNITS: readonly [RegExp, string][] = [
  [/^(weeks?|wks?)$/, 'w'],
  [/^(days?)$/, 'd'],
  [/^(hours?|hrs?|hr)$/, 'h'],
  [/^(minutes?|mins?)$/, 'm'],
  [/^(seconds?|secs?)$/, 's'],
];

/** A duration spelled our way from what someone else would write (`60 min`, `24H`, `PT1H30M`, `90`), or null. */
export function durationMeant(text: string): string | null {
  const bare = text.trim().toLowerCase().replaceAll(' ', '');
  if (/^\d+$/.test(bare)) return `${bare}m`;
  const iso = /^p(\d+w)?(\d+d)?(?:t(\d+h)?(\d+m)?(\d+s)?)?$/.exec(bare);
  const spelled = iso
    ? iso.slice(1).join('')
    : bare.replace(/\d+[a-z]+/g, (part) => {
        const word = part.replace(/^\d+/, '');
        const unit = UNITS.find(([pattern]) => pattern.test(word))?.[1] ?? word;
        return `${/^\d+/.exec(part)?.[0]}${unit}`;
      });
  const months = /^(\d+)(mo|month|months)$/.exec(spelled);
  if (months) return `${Number(months[1]) * 30}d`;
  const years = /^(\d+)(y|yr|year|years)$/.exec(spelled);
  if (years) return `${Number(years[1]) * 365}d`;
  return spelled !== '' && parseDuration(spelled) !== null ? spelled : null;
}

/** The longest duration a workflow may name; beyond it times would leave the calendar. */
export const LONGEST_MS = 36_500 * DAY_MS;
