// Where a workflow may be worth building: drop-offs, early behaviour that goes together with staying or buying, and the
// moments known from most products, each with people, effect and interval. Ranked by people × the lower limit.

import { exactCount, humanDuration, percent } from '../base/index.ts';
import { likelyPairs, tallyHistory } from '../describe/index.ts';
import { type History, nameWords } from '../events/index.ts';
import { foundRules } from '../segments/index.ts';
import { wilsonInterval } from '../stats/index.ts';
import { firstDeclines } from './declines.ts';
import {
  type DropOff,
  REPEAT_HORIZON_MS,
  repeatDropOff,
  type SettledDropOff,
  settledDropOff,
  settledRepeat,
} from './drop-offs.ts';
import { type Behaviour, type EarlyReport, earlyBehaviours } from './early.ts';
import type { Moment, MomentPattern } from './moment.ts';
import {
  declineWorkflow,
  discoveryWorkflow,
  dropOffWorkflow,
  missingWorkflow,
  onceWorkflow,
  winBackWorkflow,
} from './workflows.ts';

export interface MomentsReport {
  /** Best first. */
  readonly moments: readonly Moment[];
  /** What was looked at and could not be answered, in words. */
  readonly notes: readonly string[];
}

const MOST_PAIRS = 12;
const MOST_PAYMENTS = 2;
const FEWEST = 20;
const PRICING = /\b(pricing|price|plans?|upgrade|checkout)\b/;
const VIEWING = /\b(view\w*|visit\w*|saw|seen|opened|page)\b/;
/** Coming back after having left. */
const RETURN =
  /\b(re ?activat\w*|re ?subscri\w*|re ?join\w*|re ?start\w*|re ?open\w*|came back|won ?back|win ?back|restored)\b/;
const MILESTONE =
  /\b(complet\w*|activat\w*|achiev\w*|finish\w*|milestone|first|invited?|connected|installed|set ?up)\b/;

export interface MomentsWatch {
  /** Looked at between the parts; what it throws ends the work. */
  readonly signal?: AbortSignal;
  /** Told how many parts of how many are done: what could be a moment, one by one, and the two looks at early behaviour. */
  readonly onProgress?: (done: number, total: number) => void;
}

export function findMoments(history: History, { signal, onProgress }: MomentsWatch = {}): MomentsReport {
  const notes: string[] = [];
  const found = foundRules(history);
  const { lifecycle, adoption } = found.rules;
  const names = tallyHistory(history).names.filter(({ ownEmail }) => !ownEmail);
  const moments: Moment[] = [];
  const pairs = pairsOf(
    history,
    lifecycle,
    names.map(({ name }) => name),
  );
  const payments = lifecycle.payment.slice(0, MOST_PAYMENTS);
  // Of the features some turn out not to be looked at.
  const total = pairs.length + adoption.features.length + payments.length + 3;
  const begin = (done: number) => {
    signal?.throwIfAborted();
    onProgress?.(done, total);
  };

  for (const [done, [anchor, goal]] of pairs.entries()) {
    begin(done);
    const moment = pairMoment(anchor, goal, settledDropOff(history, anchor, goal), lifecycle);
    // Two names for one start, such as signing up and the first login, are one moment.
    const isKnown = moments.some(
      ({ events, people, counts }) =>
        events[1] === goal && people === moment?.people && counts.with === moment.counts.with,
    );
    if (moment !== null && !isKnown) moments.push(moment);
  }
  // What is looked at, or is a step to paying, is no feature to come back to.
  const steps = moments.flatMap(({ events: [anchor, goal] }) =>
    lifecycle.payment.includes(goal ?? '') ? [anchor] : [],
  );
  const features = adoption.features.filter(
    (name) =>
      ![...steps, ...lifecycle.payment].includes(name) &&
      !VIEWING.test(nameWords(name)) &&
      !RETURN.test(nameWords(name)),
  );
  for (const [done, feature] of (names.length > 1 ? features : []).entries()) {
    begin(pairs.length + done);
    const moment = discoveryMoment(feature, repeatDropOff(history, feature));
    if (moment !== null) moments.push(moment);
  }
  for (const [done, payment] of payments.entries()) {
    begin(total - payments.length - 3 + done);
    const moment = onceMoment(payment, settledRepeat(history, payment));
    if (moment !== null) moments.push(moment);
  }
  begin(total - 3);
  const decline = declineMoment(history, found.rules);
  if (decline !== null) moments.push(decline);

  begin(total - 2);
  const leaving = new Set([...lifecycle.end]);
  const stays = earlyBehaviours(history, 'stays', leaving);
  if ('reason' in stays) notes.push(`What separates those who stay is not shown. ${stays.reason}`);
  else {
    if (stays.compared === 0)
      notes.push('No behaviour is left to compare: everybody does the same early, or hardly anybody does.');
    moments.push(...behaviourMoments(stays, 'retention', []));
    notes.push(...nothingFound(stays, 'staying'));
  }
  if (lifecycle.payment.length === 0) notes.push('No event reads like revenue, so nothing is shown before it.');
  else {
    begin(total - 1);
    const buys = earlyBehaviours(history, { buys: lifecycle.payment }, leaving);
    if ('reason' in buys) notes.push(`What comes before revenue is not shown. ${buys.reason}`);
    else {
      moments.push(...behaviourMoments(buys, 'beforeRevenue', lifecycle.payment));
      notes.push(...nothingFound(buys, 'buying'));
    }
  }
  begin(total);
  return { moments: moments.sort((a, b) => b.score - a.score || (a.title < b.title ? -1 : 1)), notes };
}

/** What starts and what would complete it: likely pairs, sign-up and activation, a look at prices and paying, leaving and coming back. */
function pairsOf(
  history: History,
  { signup, activation, payment, end }: ReturnType<typeof foundRules>['rules']['lifecycle'],
  names: readonly string[],
): (readonly [string, string])[] {
  const known = new Set(names);
  const others = names.filter((name) => ![...signup, ...end].includes(name));
  const first = activation.length > 0 ? activation : payment.length > 0 ? payment : others.slice(0, 1);
  const pricing = names.filter(
    (name) => PRICING.test(nameWords(name)) && !payment.includes(name) && !end.includes(name),
  );
  // Who has not left cannot come back.
  const isReturn = (name: string) => RETURN.test(nameWords(name));
  const returns = names.filter(isReturn);
  const backs = returns.length > 0 ? returns : signup.length > 0 ? signup : payment;
  const wanted = [
    ...end.flatMap((anchor) => backs.slice(0, 2).map((goal) => [anchor, goal] as const)),
    ...signup.flatMap((anchor) => first.slice(0, 2).map((goal) => [anchor, goal] as const)),
    ...pricing.flatMap((anchor) => payment.slice(0, 2).map((goal) => [anchor, goal] as const)),
    ...likelyPairs(history)
      .filter(({ anchor, goal }) => !end.includes(anchor) && !end.includes(goal) && !signup.includes(goal))
      .filter(({ anchor, goal }) => !isReturn(anchor) && !isReturn(goal))
      .slice(0, MOST_PAIRS)
      .map(({ anchor, goal }) => [anchor, goal] as const),
  ].filter(([anchor, goal]) => anchor !== goal && known.has(anchor) && known.has(goal));
  return [...new Map(wanted.map((pair) => [JSON.stringify(pair), pair])).values()];
}

/** What is alike in every drop-off. @returns null where too few start it */
function dropOffMoment(
  { people, completed, waits }: Pick<DropOff, 'people' | 'completed' | 'waits'>,
  own: (gone: string, medianMs: number | null) => Pick<Moment, 'pattern' | 'title' | 'events' | 'why' | 'workflow'>,
): Moment | null {
  if (people < FEWEST) return null;
  const gone = people - completed;
  const [low, high] = wilsonInterval({ n: people, x: gone }, 0.05);
  const medianMs = waits[Math.ceil(waits.length / 2) - 1] ?? null;
  return {
    kind: 'dropOff',
    ...own(exactCount(gone), medianMs),
    effect: gone / people,
    low,
    high,
    people,
    score: people * low,
    counts: { with: completed, withN: people, without: null, withoutN: null },
    medianMs,
  };
}

function pairMoment(
  anchor: string,
  goal: string,
  found: SettledDropOff,
  { signup, end }: ReturnType<typeof foundRules>['rules']['lifecycle'],
): Moment | null {
  const { people, completed, waits, horizonMs } = found;
  if (completed === 0) return null;
  const words = nameWords(anchor);
  const hasLeft = end.includes(anchor);
  const pattern: MomentPattern | null = hasLeft
    ? 'leftForGood'
    : signup.includes(anchor)
      ? 'signupWithoutActivation'
      : PRICING.test(words) && VIEWING.test(words)
        ? 'pricingWithoutConversion'
        : null;
  return dropOffMoment(found, (gone, medianMs) => ({
    pattern,
    title: `"${anchor}" without "${goal}"`,
    events: [anchor, goal],
    why: `${gone} of ${exactCount(people)} people had no "${goal}" within ${humanDuration(horizonMs)} of their first "${anchor}"${halfBy(medianMs)}.`,
    workflow: hasLeft ? winBackWorkflow(anchor, goal, horizonMs) : dropOffWorkflow(anchor, goal, waits, horizonMs),
  }));
}

function halfBy(medianMs: number | null): string {
  return medianMs === null ? '' : `; half of those who did had it within ${humanDuration(medianMs)}`;
}

function discoveryMoment(feature: string, found: DropOff): Moment | null {
  const { people, completed } = found;
  if (completed === 0 || completed === people) return null;
  return dropOffMoment(found, (gone) => ({
    pattern: 'discoveryWithoutAdoption',
    title: `"${feature}" once and not again`,
    events: [feature],
    why: `${gone} of ${exactCount(people)} people did not come back to "${feature}" a day or more after their first time, within ${humanDuration(REPEAT_HORIZON_MS)}.`,
    workflow: discoveryWorkflow(feature),
  }));
}

function onceMoment(payment: string, found: SettledDropOff): Moment | null {
  const { people, completed, waits, horizonMs } = found;
  if (completed === 0 || completed === people) return null;
  return dropOffMoment(found, (gone, medianMs) => ({
    pattern: 'boughtOnce',
    title: `"${payment}" once and not again`,
    events: [payment],
    why: `${gone} of ${exactCount(people)} people had no "${payment}" on a later day within ${humanDuration(horizonMs)} of their first${halfBy(medianMs)}.`,
    workflow: onceWorkflow(payment, waits, horizonMs),
  }));
}

function declineMoment(history: History, rules: ReturnType<typeof foundRules>['rules']): Moment | null {
  const { people, recovered } = firstDeclines(history, rules);
  if (recovered === people) return null;
  const { regular, inLastMs } = rules.engagement;
  return dropOffMoment({ people, completed: recovered, waits: [] }, (gone) => ({
    pattern: 'engagementDecline',
    title: 'Engaged people who become less active',
    events: [],
    why: `${gone} of the ${exactCount(people)} engaged people who came to be at risk had fewer than ${regular} active days in the ${humanDuration(inLastMs)} after it; the others were regular again.`,
    workflow: declineWorkflow(history, rules),
  }));
}

/** Looking and finding nothing is an answer too. */
function nothingFound({ compared, behaviours, people }: EarlyReport, what: string): string[] {
  if (compared === 0 || behaviours.some(({ low }) => low > 0)) return [];
  return [
    `${compared === 1 ? 'One early behaviour was' : `${compared} early behaviours were`} compared among ${exactCount(people)} people; beyond chance none goes together with ${what} once people are as active.`,
  ];
}

function behaviourMoments(
  report: EarlyReport,
  kind: 'retention' | 'beforeRevenue',
  goals: readonly string[],
): Moment[] {
  return report.behaviours
    .filter(({ low }) => low > 0)
    .map((behaviour) => behaviourMoment(behaviour, report, kind, goals));
}

function behaviourMoment(
  behaviour: Behaviour,
  { cohort, compared }: EarlyReport,
  kind: 'retention' | 'beforeRevenue',
  goals: readonly string[],
): Moment {
  const { event, difference, low, high, doers, others } = behaviour;
  const [goal = null] = goals;
  const outcome = kind === 'retention' ? 'are active' : `have ${goals.map((name) => `"${name}"`).join(' or ')}`;
  const early = humanDuration(cohort.earlyMs);
  return {
    kind,
    pattern: MILESTONE.test(nameWords(event)) ? 'milestone' : null,
    title:
      kind === 'retention' ? `"${event}" in the first ${early}` : `"${event}" in the first ${early}, before "${goal}"`,
    events: goal === null ? [event] : [event, goal],
    effect: difference,
    low,
    high,
    people: others.n,
    score: others.n * low,
    counts: { with: doers.x, withN: doers.n, without: others.x, withoutN: others.n },
    medianMs: null,
    why:
      `${percent(doers.x / doers.n)} of the ${exactCount(doers.n)} people who did it ${outcome} ${humanDuration(cohort.fromMs)} to ${humanDuration(cohort.toMs)} after their first event, ` +
      `${percent(others.x / others.n)} of the ${exactCount(others.n)} who did not; among people as active, the difference is as given. ` +
      `It goes together with, does not cause; the limits hold for all ${compared} compared at once.`,
    workflow: missingWorkflow(event, goal ?? event, cohort.earlyMs),
  };
}
