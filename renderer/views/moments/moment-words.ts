// Moments in words: the finding of the screen, the kinds, figures with their units.

import type { MomentsAnswer } from '../../../engine/api/index.ts';
import { exactCount, percent, points } from '../../../engine/base/index.ts';

export type Moment = MomentsAnswer['moments'][number];

export const KIND_WORDS: Readonly<Record<Moment['kind'], string>> = {
  dropOff: 'drop-off',
  retention: 'separates retained from lost',
  beforeRevenue: 'before revenue',
};

export const PATTERN_WORDS: Readonly<Record<NonNullable<Moment['pattern']>, string>> = {
  signupWithoutActivation: 'sign-up without activation',
  pricingWithoutConversion: 'a look at prices without paying',
  discoveryWithoutAdoption: 'discovered, not adopted',
  engagementDecline: 'engagement declines',
  leftForGood: 'left and not back',
  boughtOnce: 'bought once',
  milestone: 'a milestone',
};

/** On every row that compares people. */
export const GOES_TOGETHER = 'goes together with, does not cause';

export function momentsFinding({ moments }: Pick<MomentsAnswer, 'moments'>): string {
  const [first] = moments;
  if (first === undefined) return 'No moment was found that enough people of this history show.';
  if (first.kind === 'dropOff') {
    const gone = first.counts.withN - first.counts.with;
    const is = first.title.startsWith('"') ? 'is' : 'are';
    return `${first.title} ${is} the largest gap: ${exactCount(gone)} of ${exactCount(first.people)} people.`;
  }
  return `${first.title} ${first.kind === 'retention' ? 'goes together with staying' : 'goes together with buying'} most: ${points(first.effect)} percentage points, ${exactCount(first.people)} people have not done it.`;
}

export function effectText({ kind, effect }: Moment): string {
  return kind === 'dropOff' ? percent(effect, 1) : `${points(effect)} pp`;
}

export function limitsText({ kind, low, high }: Moment): string {
  return kind === 'dropOff' ? `${percent(low, 1)} to ${percent(high, 1)}` : `${points(low)} to ${points(high)} pp`;
}

/** What the figures of a moment count, for those who ask what it rests on. */
export function countsWords({ kind, counts }: Moment): string {
  const { with: x, withN, without, withoutN } = counts;
  if (kind === 'dropOff' || without === null || withoutN === null) {
    return `${exactCount(withN)} people started and could be followed; ${exactCount(x)} of them completed it. Each person counts once.`;
  }
  return `${exactCount(x)} of ${exactCount(withN)} who did it, ${exactCount(without)} of ${exactCount(withoutN)} who did not. Each person counts once; people are compared with others who were as active early on.`;
}
