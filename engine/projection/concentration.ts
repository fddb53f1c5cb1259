// Whether figures hang on a few: people are drawn anew by bucket, which says too little where hardly anybody converts, and
// is a matter of one bucket where one customer buys for all the others.

import { percent, plural } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import type { Enrolled } from './enrolled.ts';

export interface Concentration {
  /** Organic conversions, both arms. */
  readonly conversions: number;
  /** Largest share of their value in one of the buckets of people, 0 … 1; null where nothing has a value. */
  readonly largestShare: number | null;
  /** That bucket's share of the conversions. */
  readonly itsConversions: number | null;
}

export function concentrationOf(enrolled: Enrolled): Concentration {
  const weights = new Uint8Array(N_BUCKETS);
  const buckets = Array.from({ length: N_BUCKETS }, (_, b) => {
    weights.fill(0);
    weights[b] = 1;
    const { first, repeat, firstValue, repeatValue } = enrolled.totals(weights);
    return { value: sum(firstValue) + sum(repeatValue), conversions: sum(first.organic) + sum(repeat.organic) };
  });
  const all = sum(buckets.map(({ value }) => value));
  const { organic } = enrolled;
  if (all <= 0 || organic === 0) return { conversions: organic, largestShare: null, itsConversions: null };
  const largest = buckets.reduce((most, one) => (one.value > most.value ? one : most));
  return {
    conversions: organic,
    largestShare: largest.value / all,
    itsConversions: largest.conversions / organic,
  };
}

const FEWEST_CONVERSIONS = 5;
const MUCH = 0.1;
/** How much more of the value than of the conversions makes a bucket a matter of large customers. */
const OUT_OF_PROPORTION = 3;

export function concentrationNotices(enrolled: Enrolled): string[] {
  const { conversions, largestShare, itsConversions } = concentrationOf(enrolled);
  const notices: string[] = [];
  if (conversions > 0 && conversions < FEWEST_CONVERSIONS) {
    notices.push(
      `Too few to be sure how sure: ${plural(conversions, 'person converts', 'people convert')} without any email, and people drawn anew say little of so few.`,
    );
  }
  if (
    largestShare !== null &&
    itsConversions !== null &&
    largestShare > MUCH &&
    largestShare > OUT_OF_PROPORTION * itsConversions
  ) {
    notices.push(
      `Money hangs on single large customers: one of ${N_BUCKETS} groups of people holds ${percent(largestShare)} of the value and ${percent(itsConversions)} of the conversions.`,
    );
  }
  return notices;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
