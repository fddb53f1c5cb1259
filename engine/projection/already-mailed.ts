// Histories that already contain emails: nobody is left who shows what happens without them, so no organic curve and no
// single figure can be given. Not a blank page either: bounds that hold, and the test that would answer the question.

import { exactPercent, percent, plural, points, seededRandom, WEEK_MS, weeks } from '../base/index.ts';
import { drawUnits, type MailedShare, type Triggered } from '../calibrate/index.ts';
import { type History, N_BUCKETS, observationStart } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import type { Comparison } from './comparisons.ts';
import {
  type Bounds,
  type CheapestHoldout,
  cheapestHoldout,
  type HoldoutOffer,
  type MailedBounds,
  mailedBounds,
} from './mailed-history.ts';
import { DEFAULT_LEVEL, pointsAdded } from './odds.ts';

/** Stated limits of harm and response, the user's to change. */
const MAILED_LIMITS = { maxHarm: 0.1, maxResponse: 0.1 } as const;

export interface NotIdentified {
  readonly reason: string;
  /** Per enrollment that was mailed: organic rate and increment under each assumption. */
  readonly bounds: readonly Bounds[];
  readonly treatedRate: number;
  readonly limits: typeof MAILED_LIMITS;
  /** What the history allows to compare, each with the way it errs; no estimate of what the emails add. */
  readonly comparisons: readonly Comparison[];
  readonly cheapestTest: CheapestTest;
}

export function notIdentified(
  share: MailedShare,
  test: (bounds: MailedBounds) => CheapestTest,
  compare: (bounds: readonly Bounds[]) => readonly Comparison[],
): NotIdentified {
  const found = mailedBounds({
    fired: share.mailed,
    convertedBefore: share.convertedBefore,
    convertedAfter: share.convertedAfter,
    ...MAILED_LIMITS,
    alpha: 0.05,
    hazard: null,
    drawn: drawnAnew(share),
  });
  return {
    reason: `The history already contains emails that answer the trigger: ${percent(share.mailed / share.all)} of the enrolled got one inside the goal window, so what would have happened without is not seen. No organic rate and no single increment can be given; the bounds hold whatever the truth.`,
    bounds: found.bounds,
    treatedRate: found.treatedRate,
    limits: MAILED_LIMITS,
    comparisons: compare(found.bounds),
    cheapestTest: test(found),
  };
}

const REPLICATES = 400;

/** The counts of people drawn anew, by bucket. */
function drawnAnew({ byBucket }: MailedShare) {
  const random = seededRandom(1, 'mailed bounds');
  const weights = new Uint32Array(N_BUCKETS);
  const sum = (counts: Uint32Array) => counts.reduce((all, n, b) => all + n * (weights[b] as number), 0);
  return Array.from({ length: REPLICATES }, () => {
    drawUnits(random, weights);
    return {
      fired: sum(byBucket.mailed),
      convertedBefore: sum(byBucket.convertedBefore),
      convertedAfter: sum(byBucket.convertedAfter),
    };
  });
}

/** Enrollments whose goal window is over. */
export function completeOnes(columns: EnrollmentColumns): Triggered {
  const rows: number[] = [];
  for (let i = 0; i < columns.n; i++) if (columns.complete[i] === 1) rows.push(i);
  const of = (column: ArrayLike<number>) => {
    const picked = new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] as number] as number;
    return picked;
  };
  return {
    n: rows.length,
    persons: of(columns.persons),
    anchorTimes: of(columns.anchorTimes),
    triggerTimes: of(columns.triggerTimes),
    goalTimes: of(columns.goalTimes),
  };
}

/** The organic rate a test is planned for: of those that harmless emails allow, where it is the hardest to tell. */
export function nearestHalf({ bounds }: MailedBounds): number {
  const [low, high] = bounds.find(({ assumption }) => assumption === 'no_harm')?.organic ?? [0, 0];
  return low > 0.5 ? low : Math.min(high, 0.5);
}

export interface CheapestTest extends CheapestHoldout {
  readonly organicRate: number | null;
  readonly smallestEffect: number | null;
  readonly firstEntriesPerWeek: number | null;
  /** Where the smallest effect is out of reach: the test of the larger one assumed by default; else null. */
  readonly larger: CheapestTest | null;
  /** All of it, each sentence with the effect it is about. */
  readonly text: string;
}

/** The test to show the offers of: of the smallest effect, or of the larger one where that is out of reach. */
export function testInReach(test: CheapestTest): CheapestTest {
  return test.cheapest === null ? (test.larger ?? test) : test;
}

const FRACTIONS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5];
const DEADLINE_WEEKS = 26;

/** The cheapest holdout that would tell this effect from none. @param smallestEffect at which the emails pay; null: not known, so the default level's median */
export function cheapestTest(
  history: History,
  workflow: Workflow,
  entries: { readonly firstEntries: number; readonly organicRate: number | null },
  valuePerConversion: number | null,
  smallestEffect: number | null = null,
): CheapestTest {
  const none = (reason: string): CheapestTest => ({
    offers: [],
    cheapest: null,
    reason,
    organicRate: entries.organicRate,
    smallestEffect: null,
    firstEntriesPerWeek: null,
    larger: null,
    text: reason,
  });
  const start = observationStart(history);
  const span = start === null ? 0 : history.observedUntil - workflow.goal.withinMs - start;
  const rate = entries.organicRate;
  if (rate === null || entries.firstEntries === 0 || span <= 0) return none('No complete enrollment to plan from.');
  if (rate <= 0 || rate >= 1) return none(`With an organic rate of ${percent(rate)} no size can be worked out.`);
  const effect = smallestEffect ?? pointsAdded(rate, DEFAULT_LEVEL.mean);
  if (effect <= 0 || rate + effect >= 1) return none('No effect that would matter fits above this organic rate.');
  const perWeek = entries.firstEntries / (span / WEEK_MS);
  const found = cheapestHoldout({
    organicRate: rate,
    smallestEffect: effect,
    firstEntriesPerWeek: perWeek,
    horizonWeeks: Math.ceil(workflow.goal.withinMs / WEEK_MS),
    deadlineWeeks: DEADLINE_WEEKS,
    valuePerConversion,
    fractions: FRACTIONS,
    alpha: 0.05,
    power: 0.8,
  });
  // What pays may be too small to be seen; what a larger effect would take is still worth knowing.
  const isOutOfReach =
    found.cheapest === null && smallestEffect !== null && effect < pointsAdded(rate, DEFAULT_LEVEL.mean);
  const larger = isOutOfReach ? cheapestTest(history, workflow, entries, valuePerConversion) : null;
  const test = {
    ...found,
    organicRate: rate,
    smallestEffect: effect,
    firstEntriesPerWeek: perWeek,
    larger,
  };
  const which =
    smallestEffect === null ? ' (the level assumed by default)' : ' (at which the emails pay their cost and discount)';
  return { ...test, text: larger === null ? testWords(test, which) : bothWords(test, larger) };
}

type Unsaid = Omit<CheapestTest, 'text'>;

function testWords({ cheapest, smallestEffect }: Unsaid, which: string): string {
  const effect = `${points(smallestEffect ?? 0)} percentage points${which}`;
  if (cheapest === null)
    return `A holdout cannot tell ${effect} from none within ${DEADLINE_WEEKS} weeks with this traffic.`;
  return `A holdout of ${offerWords(cheapest)} would tell an effect of ${effect} from none.`;
}

function bothWords({ smallestEffect }: Unsaid, larger: CheapestTest): string {
  const pays = `The emails pay their cost and discount from ${points(smallestEffect ?? 0)} percentage points on, and so small an effect no holdout can tell from none within ${DEADLINE_WEEKS} weeks with this traffic`;
  const assumed = `the ${points(larger.smallestEffect ?? 0)} percentage points assumed by default`;
  return larger.cheapest === null
    ? `${pays}, nor ${assumed}.`
    : `${pays}. What can be told is a larger one: a holdout of ${offerWords(larger.cheapest)} tells ${assumed} from none. A test that shows nothing would then not mean that the emails do not pay.`;
}

function offerWords({ fraction, weeks: lasting, holdout }: HoldoutOffer): string {
  return `${exactPercent(fraction)} for ${weeks(lasting)} (${plural(holdout, 'person', 'people')} held out)`;
}
