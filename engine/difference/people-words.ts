// What the first decision that differs means for a person, in words: "suppressed by recent-email in A; enrolled in B".

import { instant } from '../base/index.ts';
import type { Said } from './decisions.ts';
import type { Change, DifferenceRule, PersonDifference } from './people.ts';

/** The classes in words, of the second version as against the first. */
export const CHANGE_WORDS: Readonly<Record<Change, string>> = {
  gained: 'gained an email',
  lost: 'lost every email',
  earlier: 'first email earlier',
  later: 'first email later',
  otherwise: 'other decisions only',
  unchanged: 'unchanged',
};

/** @param names of the two versions */
export function ruleWords({ first, second, sooner }: DifferenceRule, [a, b]: readonly [string, string]): string {
  if (first === null || second === null || sooner === null) return sides(words(first), words(second), a, b);
  const [early, late] = sooner === 'first' ? [a, b] : [b, a];
  const [earlier, later] = sooner === 'first' ? [words(first), words(second)] : [words(second), words(first)];
  return earlier === later ? `${earlier} sooner in ${early}` : `${earlier} in ${early}; later ${later} in ${late}`;
}

/** With the moments. */
export function personWords({ first, second }: PersonDifference, [a, b]: readonly [string, string]): string {
  if (first === null && second === null) return 'the same decisions in both';
  if (first !== null && second !== null && first.time === second.time) {
    return `${instant(first.time)}: ${sides(words(first), words(second), a, b)}`;
  }
  const at = (said: (Said & { readonly time: number }) | null) =>
    said === null ? 'no decision' : `${words(said)} (${instant(said.time)})`;
  return sides(at(first), at(second), a, b);
}

function sides(first: string, second: string, a: string, b: string): string {
  return `${first} in ${a}; ${second} in ${b}`;
}

const SUPPRESSED: Readonly<Record<string, string>> = {
  reentry: 'not allowed to enter again',
  unreachable: 'not reachable',
  audience: 'not in the audience',
  globalHoldout: 'left out by the global holdout',
};

function words(said: Said | null): string {
  if (said === null) return 'no decision';
  const { kind, step, reason } = said;
  switch (kind) {
    case 'alreadyEnrolled':
      return 'already enrolled';
    case 'suppressed':
      return SUPPRESSED[reason as string] ?? `suppressed by ${reason}`;
    case 'enrolled':
      return reason === 'holdout' ? 'enrolled and held out' : 'enrolled';
    case 'sent':
      return `${step} sent`;
    case 'ghost':
      return `${step} held back`;
    case 'skipped':
      return reason === 'if' ? `${step} skipped by its condition` : `${step} skipped by ${reason}`;
    case 'moved':
      return `${step} moved by ${reason}`;
    case 'movedPastEnd':
      return `${step} moved past the end`;
    case 'branched':
      return `${step} went ${reason}`;
    case 'exited':
      return reason === 'goal' ? 'ended by the goal' : reason === 'event' ? 'ended by an event' : 'ended by time';
    case 'converted':
      return 'reached the goal';
  }
}
