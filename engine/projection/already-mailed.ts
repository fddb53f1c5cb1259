// Histories that already contain emails: nobody is left who shows what happens without them, so no organic curve and no
// single figure can be given. Not a blank page either: bounds that hold, and the test that would answer the question.

import { DAY_MS, upperBound, WEEK_MS } from '../base/index.ts';
import { observationStart } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import {
  type Bounds,
  type CheapestHoldout,
  cheapestHoldout,
  type MailedBounds,
  mailedBounds,
} from './mailed-history.ts';
import { DEFAULT_LEVEL, pointsAdded } from './odds.ts';

export interface MailedShare {
  /** Complete enrollments whose person got an own email inside the goal window. */
  readonly mailed: number;
  readonly complete: number;
  /** Of the mailed: converted before that email, and after it. */
  readonly convertedBefore: number;
  readonly convertedAfter: number;
  /**
   * Whether emails answer the trigger. Broadcasts come as often before it as after; they go on whatever the workflow
   * does, and what happens without the workflow is then seen, given the broadcasts.
   */
  readonly answersTrigger: boolean;
  /** Emails per enrollment in the first days after the trigger, less those in as many days before the anchor. */
  readonly excess: number | null;
}

/** From this share on, where before and after cannot be compared, the history counts as already mailed. */
const MAILED_FROM = 0.01;
/** How far around the trigger emails are compared. */
const LOOK_MS = 3 * DAY_MS;
const FEWEST_COMPARED = 20;
const LEAST_EXCESS = 0.02;
const LEAST_Z = 3;

export function mailedShare(history: History, workflow: Workflow, columns: EnrollmentColumns): MailedShare {
  const isMail = mailCodes(history);
  const { times, personStart, nameCodes } = history;
  const at = (row: number) => times.at(row);
  let mailed = 0;
  let complete = 0;
  let convertedBefore = 0;
  let convertedAfter = 0;
  let compared = 0;
  let sum = 0;
  let squares = 0;
  const any = isMail.includes(1);
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    complete++;
    if (!any) continue;
    const trigger = columns.triggerTimes[i] as number;
    const anchor = columns.anchorTimes[i] as number;
    const goal = columns.goalTimes[i] as number;
    const first = personStart[columns.persons[i] as number] as number;
    const end = personStart[(columns.persons[i] as number) + 1] as number;
    const mailsIn = (from: number, to: number) => {
      let n = 0;
      for (let row = upperBound(at, from, first, end); row < end && times.at(row) <= to; row++) {
        n += isMail[nameCodes[row] as number] as number;
      }
      return n;
    };
    // Up to the goal only: what is written to buyers is no answer to the trigger.
    const stop = Math.min(trigger + LOOK_MS, trigger + workflow.goal.withinMs, Number.isNaN(goal) ? Infinity : goal);
    if (anchor - (stop - trigger) >= times.at(first)) {
      const difference = mailsIn(trigger, stop) - mailsIn(anchor - (stop - trigger), anchor);
      compared++;
      sum += difference;
      squares += difference * difference;
    }
    const from = upperBound(at, trigger, first, end);
    let firstMail = Number.NaN;
    for (let row = from; row < end && times.at(row) <= trigger + workflow.goal.withinMs; row++) {
      if (isMail[nameCodes[row] as number] === 0) continue;
      firstMail = times.at(row);
      break;
    }
    if (Number.isNaN(firstMail)) continue;
    mailed++;
    if (goal <= firstMail) convertedBefore++;
    else if (!Number.isNaN(goal)) convertedAfter++;
  }
  const excess = compared >= FEWEST_COMPARED ? sum / compared : null;
  const se = excess === null ? 0 : Math.sqrt(Math.max(0, squares / compared - excess * excess) / compared);
  const answersTrigger =
    mailed > 0 &&
    (excess === null ? mailed >= MAILED_FROM * complete : excess >= LEAST_EXCESS && excess > LEAST_Z * se);
  return { mailed, complete, convertedBefore, convertedAfter, answersTrigger, excess };
}

/** Names that say an email went out; where none does, any own email event but unsubscriptions. */
function mailCodes(history: History): Uint8Array {
  const own = history.names.filter((name) => history.emailEvents.has(name) && !/unsubscrib/i.test(name));
  const sent = own.filter((name) => /sent|deliver|receiv/i.test(name));
  const kept = new Set(sent.length > 0 ? sent : own);
  return Uint8Array.from(history.names, (name) => (kept.has(name) ? 1 : 0));
}

/** Stated limits of harm and response, the user's to change. */
export const MAILED_LIMITS = { maxHarm: 0.1, maxResponse: 0.1 } as const;

export interface NotIdentified {
  readonly reason: string;
  /** Per enrollment that was mailed: organic rate and increment under each assumption. */
  readonly bounds: readonly Bounds[];
  readonly treatedRate: number;
  readonly limits: typeof MAILED_LIMITS;
  readonly cheapestTest: CheapestTest;
}

export function notIdentified(share: MailedShare, test: (bounds: MailedBounds) => CheapestTest): NotIdentified {
  const found = mailedBounds({
    fired: share.mailed,
    convertedBefore: share.convertedBefore,
    convertedAfter: share.convertedAfter,
    ...MAILED_LIMITS,
    alpha: 0.05,
    hazard: null,
  });
  const percent = Math.round((100 * share.mailed) / share.complete);
  return {
    reason: `The history already contains emails that answer the trigger: ${percent} % of the enrolled got one inside the goal window, so what would have happened without is not seen. No organic rate and no single increment can be given; the bounds hold whatever the truth.`,
    bounds: found.bounds,
    treatedRate: found.treatedRate,
    limits: MAILED_LIMITS,
    cheapestTest: test(found),
  };
}

export interface CheapestTest extends CheapestHoldout {
  readonly organicRate: number | null;
  readonly smallestEffect: number | null;
  readonly firstEntriesPerWeek: number | null;
  /** All of it in one sentence. */
  readonly text: string;
}

const FRACTIONS = [0.05, 0.1, 0.15, 0.2, 0.3, 0.5];

/** The cheapest holdout that would tell this effect from none. @param smallestEffect null: the default level's median */
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
    text: reason,
  });
  const start = observationStart(history);
  const span = start === null ? 0 : history.observedUntil - workflow.goal.withinMs - start;
  const rate = entries.organicRate;
  if (rate === null || entries.firstEntries === 0 || span <= 0) return none('No complete enrollment to plan from.');
  if (rate <= 0 || rate >= 1) return none(`With an organic rate of ${rate} no size can be worked out.`);
  const effect = smallestEffect ?? pointsAdded(rate, DEFAULT_LEVEL.mean);
  if (effect <= 0 || rate + effect >= 1) return none('No effect that would matter fits above this organic rate.');
  const perWeek = entries.firstEntries / (span / WEEK_MS);
  const found = cheapestHoldout({
    organicRate: rate,
    smallestEffect: effect,
    firstEntriesPerWeek: perWeek,
    horizonWeeks: Math.ceil(workflow.goal.withinMs / WEEK_MS),
    deadlineWeeks: 26,
    valuePerConversion,
    fractions: FRACTIONS,
    alpha: 0.05,
    power: 0.8,
  });
  const points = Number((100 * effect).toPrecision(2));
  const { cheapest } = found;
  const text =
    cheapest === null
      ? `A holdout cannot tell ${points} points from none within 26 weeks with this traffic.`
      : `A holdout of ${100 * cheapest.fraction} % for ${cheapest.weeks} weeks (${cheapest.holdout} people held out) would tell an effect of ${points} points from none.`;
  return { ...found, organicRate: rate, smallestEffect: effect, firstEntriesPerWeek: perWeek, text };
}
