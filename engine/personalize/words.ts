// Personalization and send times in sentences that hold their numbers.

import {
  clockTime,
  exactCount,
  humanDuration,
  listed,
  percent,
  plural,
  points,
  share,
  signedCount,
} from '../base/index.ts';
import type { ActiveHours } from './active-hours.ts';
import type { Oddity } from './odd-values.ts';
import type { PreviewKind } from './previews.ts';
import type { PersonalizeReport, PropertyReport } from './report.ts';
import type { StepWait } from './send-times.ts';
import type { NameUse } from './texts.ts';

export const PREVIEW_WORDS: Readonly<Record<PreviewKind, string>> = {
  typical: 'typical',
  best: 'best filled',
  worst: 'least filled',
  missing: 'nothing known',
  long: 'a long value',
  rightToLeft: 'right to left',
  emoji: 'an emoji',
};

/** The finding: the name that is missing most often in the emails that use it, and what they would read. */
export function fillSentence({ properties, sends }: Pick<PersonalizeReport, 'properties' | 'sends'>): string {
  if (sends === 0) return 'This workflow sends no email in this history, so there is nothing to fill.';
  const used = properties.filter(({ uses, of }) => uses.length > 0 && of !== 'offer');
  if (used.length === 0) {
    return `The emails say the same to everybody: none of the ${plural(properties.length, 'property', 'properties')} known when they go out is used.`;
  }
  const lacking = [...used].sort((a, b) => b.where.sends - b.where.filled - (a.where.sends - a.where.filled))[0];
  if (lacking === undefined || lacking.where.filled === lacking.where.sends) {
    const one = used.length === 1;
    return `${listed(used.map(({ name }) => `"${name}"`))} ${one ? 'is' : 'are'} known for every email that uses ${one ? 'it' : 'them'}.`;
  }
  const { filled, sends: of } = lacking.where;
  const none = filled === 0 ? 'none' : exactCount(filled);
  return `"${lacking.name}" is known for ${none} of ${exactCount(of)} emails that use it; the others would ${otherwise(lacking)}.`;
}

function otherwise({ uses }: PropertyReport): string {
  const fallback = uses.find(({ fallback: text }) => text !== null)?.fallback ?? null;
  if (uses.some(({ hasDefault }) => !hasDefault)) return 'read nothing in its place';
  return fallback === null ? 'read something else' : `read '${fallback}'`;
}

const ODD_WORDS: Readonly<Record<Oddity, string>> = {
  leftover: "a program's word for nothing",
  template: 'template code',
  markup: 'markup',
  lineBreak: 'a line break',
  control: 'characters that turn or hide text',
};

/** Sentences, one for each kind of value that would read wrong. */
export function oddSentences({ odd }: Pick<PropertyReport, 'odd'>): string[] {
  return odd.map(
    ({ kind, sends, example }) =>
      `${plural(sends, 'email')} would show ${ODD_WORDS[kind]}, such as "${visible(example).slice(0, MOST_SHOWN)}".`,
  );
}

const MOST_SHOWN = 60;

/** In one line, with what turns or hides text written out: `\u{202e}`. */
export function visible(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\u202A-\u202E\u2066-\u2069]|\p{Cc}/gu, (one) => `\\u{${one.charCodeAt(0).toString(16)}}`);
}

/** What stands where a name is missing; empty for names that no email uses. */
export function fallbackWords(uses: readonly NameUse[]): string {
  if (uses.length === 0) return '';
  if (uses.some(({ hasDefault }) => !hasDefault)) return 'nothing';
  const texts = [...new Set(uses.flatMap(({ fallback }) => (fallback === null ? [] : [`'${fallback}'`])))];
  return texts.length === 0 ? 'another text' : texts.join(', ');
}

export function hoursSentence(answer: ActiveHours): string {
  const { everybody, people, withOwn, test, fewestEvents } = answer;
  if (everybody === null) return 'Nobody in this history is active, so there is no hour to send at.';
  const evidence = `${exactCount(withOwn)} of ${exactCount(people)} people have an hour of their own`;
  if (withOwn === 0) {
    return `Nobody has the ${fewestEvents} events that an hour of their own takes; most activity is around ${clockTime(everybody.preferredMinute)}.`;
  }
  if (test === null) return `${evidence}; too few are active on days enough to try it.`;
  return test.low > 0
    ? `${evidence}; it finds ${percent(test.own)} of their later activity, everybody's hour ${percent(test.everybodys)}.`
    : `${evidence}; it finds their later activity no more often than everybody's hour does (${points(test.difference)} percentage points).`;
}

interface Effect {
  readonly waits: readonly StepWait[];
  readonly isOn: boolean;
  readonly figures: {
    readonly because: {
      readonly difference: {
        readonly expected: number | null;
        readonly low: number | null;
        readonly high: number | null;
        readonly reason?: string;
      } | null;
    };
  };
}

/** What waiting for the personal hour costs and changes. */
export function effectSentence({ waits, figures }: Effect): string {
  const first = waits[0];
  if (first === undefined || first.due === 0) return 'No email falls due in this history.';
  if (first.moved === 0) return `Waiting for the personal hour moves none of ${exactCount(first.due)} first emails.`;
  const delay = first.medianMs === null ? '' : ` by a median of ${humanDuration(first.medianMs)}`;
  const moved = `Waiting for the personal hour delays ${share(first.moved, first.due)} of first emails${delay}`;
  const difference = figures.because.difference;
  if (difference === null || difference.expected === null || difference.low === null || difference.high === null) {
    return `${moved}; what that changes cannot be projected: ${difference?.reason ?? 'nothing is projected'}`;
  }
  const { expected, low, high } = difference;
  if (low === 0 && high === 0) return `${moved}; what is projected to be added stays the same.`;
  const change = `what the emails add changes by ${signedCount(expected)} (95% interval ${signedCount(low)} to ${signedCount(high)})`;
  return low > 0 || high < 0 ? `${moved}: ${change}.` : `${moved}: ${change}, which cannot be told from no change.`;
}
