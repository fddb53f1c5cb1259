// Telling people of a whole history: of each kind a few, the most telling first, each with its figure and the reason in
// words. Exact: everybody is looked at. Ties go to whom the history has first. Nothing here decides; decisions are the
// replay's, margins those of the episodes and of the explanations.

import { exactPlural, humanDuration } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { type Decision, explain, HistoryView, localTime, matches } from '../replay/index.ts';
import type { SentRule, Workflow } from '../workflow/index.ts';
import { type Miss, missesOf, waits } from './misses.ts';
import { type PeopleWatch, type Roster, replayWatch, rosterOf } from './roster.ts';
import { emailsSkipped, type Telling, Telltale, tellingOf } from './telltale.ts';

export type GalleryKind =
  | 'mostEmailed'
  | 'atCap'
  | 'nearestMiss'
  | 'boughtJustBefore'
  | 'boughtTwice'
  | 'clockChange'
  | 'heldOutAndBought';

export interface GalleryGroup {
  readonly kind: GalleryKind;
  /** People it holds of, shown or not. */
  readonly people: number;
  readonly found: readonly Telling[];
  /** Why there can be nobody; null where there can. */
  readonly reason: string | null;
}

const DAY = 86_400_000;

/**
 * @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted
 * @returns the groups in a fixed order, and whom every decision was about
 */
export function galleryOf(
  history: History,
  workflow: Workflow,
  watch: PeopleWatch = {},
): { readonly gallery: readonly GalleryGroup[]; readonly roster: Roster } {
  const { signal, onProgress } = watch;
  const cap = workflow.gates?.cap ?? [];
  const mailed = new Telltale('most');
  const capped = new Telltale('most');
  const missed = new Telltale('least');
  const crossed = new Telltale('least');
  const heldOut = new Telltale('least');
  const keepsRecords = history.names.some((name) => history.emailEvents.has(name));
  const sentRules = new Map(workflow.suppress.flatMap(({ id, sent }) => (sent === null ? [] : [[id, sent] as const])));
  const stoppedBySends = new Set<number>();
  const local = localTime(workflow.timezone);
  const mayShift = daysOfChange(local);
  const { reentry } = workflow;
  let current = -1;
  let sent = 0;
  let skipped = 0;
  let lastSent = 0;
  let lastSkipped = 0;
  let enrolledAt = Number.NaN;
  const finish = () => {
    if (sent > 0) mailed.offer(current, lastSent, sent, null, emailsSent(sent));
    if (skipped > 0) capped.offer(current, lastSkipped, skipped, 'cap', emailsSkipped(skipped));
    sent = 0;
    skipped = 0;
    enrolledAt = Number.NaN;
  };
  const onDecision = ({ kind, reason, time }: Decision, person: number) => {
    if (person !== current) {
      finish();
      current = person;
    }
    if (kind === 'enrolled' || kind === 'sent' || kind === 'ghost') {
      const shift = mayShift(time) ? clockShift(local, time) : 0;
      if (shift !== 0) {
        const what = kind === 'enrolled' ? 'Enrolled' : kind === 'sent' ? 'An email sent' : 'An email due, held out';
        const words = `${what} on another calendar day than without the clock change: the clocks went ${shift > 0 ? 'forward' : 'back'} by ${humanDuration(Math.abs(shift))} in the 24 h before`;
        crossed.offer(person, time, Math.abs(shift), null, () => words);
      }
    }
    if (kind === 'sent') {
      sent++;
      lastSent = time;
    } else if (kind === 'skipped' && reason === 'cap') {
      skipped++;
      lastSkipped = time;
    } else if (kind === 'suppressed' && reason === 'reentry' && reentry.kind === 'cooldown') {
      const short = enrolledAt + reentry.ms - time;
      missed.offer(
        person,
        time,
        short,
        'reentry',
        () => `Kept out by reentry, ${humanDuration(short)} short of the cooldown`,
      );
    } else if (kind === 'suppressed' && sentRules.has(reason)) {
      // Own emails are in the decisions; where the history may record others, the explanation tells which was the last.
      const { withinMs, history: asksRecords } = sentRules.get(reason) as SentRule;
      if (sent === 0 || (asksRecords && keepsRecords)) stoppedBySends.add(person);
      else missed.offer(person, time, ...shortOf(reason, lastSent + withinMs - time));
    } else if (kind === 'enrolled') enrolledAt = time;
    else if (kind === 'converted' && reason === 'holdout') {
      const after = time - enrolledAt;
      heldOut.offer(
        person,
        time,
        after,
        'holdout',
        () => `Got no email, and bought ${humanDuration(after)} after the trigger`,
      );
    }
  };
  const roster = rosterOf(history, workflow, { onDecision, ...replayWatch(watch) });
  finish();
  const lookAt = (stage: string) => (person: number) => {
    signal?.throwIfAborted();
    onProgress?.(stage, person, history.nPersons);
  };
  for (const person of stoppedBySends) {
    signal?.throwIfAborted();
    for (const { rule, time, short } of sendMargins(history, workflow, person, sentRules)) {
      missed.offer(person, time, ...shortOf(rule, short));
    }
  }
  const before = answeredBefore(history, workflow, missed, lookAt('looking for near misses'));
  const twice = boughtTwice(history, workflow, lookAt('looking for second purchases'));
  const group = (kind: GalleryKind, telltale: Telltale | null, reason: string): GalleryGroup => ({
    kind,
    people: telltale?.people ?? 0,
    found: tellingOf(history, telltale),
    reason: telltale === null ? reason : null,
  });
  const isHeldOut = workflow.holdout.fraction > 0 || (workflow.globalHoldout?.fraction ?? 0) > 0;
  return {
    roster,
    gallery: [
      group('mostEmailed', mailed, ''),
      group('atCap', cap.length === 0 ? null : capped, 'The workflow has no cap.'),
      group('nearestMiss', missed, ''),
      group('boughtJustBefore', before, 'The trigger waits for nothing, so nothing can come before it.'),
      group('boughtTwice', twice, ''),
      group('clockChange', crossed, ''),
      group('heldOutAndBought', isHeldOut ? heldOut : null, 'The workflow holds nobody out.'),
    ],
  };
}

/**
 * How far the zone's clock moved in the 24 hours before, where that puts the moment on another calendar day than the
 * clock from before would; else 0. Positive: forward.
 */
function clockShift(local: ReturnType<typeof localTime>, time: number): number {
  const now = local.offsetMs(time);
  const before = local.offsetMs(time - DAY);
  if (now === before) return 0;
  return Math.floor((time + now) / DAY) === Math.floor((time + before) / DAY) ? 0 : now - before;
}

function emailsSent(n: number): () => string {
  return () => `${exactPlural(n, 'email')} sent`;
}

function shortOf(rule: string, short: number): [number, string, () => string] {
  return [short, rule, () => `Kept out by ${rule}, ${humanDuration(short)} short`];
}

/** Whether a moment's UTC day, or the one before, holds a change of the clock; asked of each day once. */
function daysOfChange(local: ReturnType<typeof localTime>): (time: number) => boolean {
  const known = new Map<number, boolean>();
  return (time) => {
    const day = Math.floor(time / DAY);
    let may = known.get(day);
    if (may === undefined) {
      const [before, now, after] = [day - 1, day, day + 1].map((one) => local.offsetMs(one * DAY));
      known.set(day, (may = before !== now || now !== after));
    }
    return may;
  };
}

/** By how much each suppression by earlier sends was short of letting the candidate through. */
function sendMargins(history: History, workflow: Workflow, person: number, rules: ReadonlyMap<string, SentRule>) {
  const id = history.personIds.at(person);
  const { timeline } = explain(history, workflow, id, null);
  return timeline.flatMap((one) => {
    if (one.kind !== 'decision' || one.decision !== 'suppressed' || one.reason === null || !rules.has(one.reason))
      return [];
    const freeAt = one.rules.find(({ rule, stops }) => rule === one.reason && stops)?.freeAt ?? null;
    return freeAt === null ? [] : [{ rule: one.reason, time: one.time, short: freeAt - one.time }];
  });
}

/** Whose answer came before the email would have gone; null for triggers that wait for nothing. */
function answeredBefore(
  history: History,
  workflow: Workflow,
  missed: Telltale,
  look: (person: number) => void,
): Telltale | null {
  if (!waits(workflow)) return null;
  const before = new Telltale('least');
  const offer = ({ person, at, shortMs, why }: Miss) => {
    before.offer(person, at, shortMs, 'trigger', why);
    missed.offer(person, at, shortMs, 'trigger', why);
  };
  missesOf(history, workflow, offer, look);
  return before;
}

/** Who reached the goal twice, the shortest time between the two first. */
function boughtTwice(history: History, workflow: Workflow, look: (person: number) => void): Telltale {
  const { goal } = workflow;
  const twice = new Telltale('least');
  const code = history.nameCode(goal.match.event);
  if (code < 0) return twice;
  const view = new HistoryView(history);
  for (let person = 0; person < history.nPersons; person++) {
    if (person % 4096 === 0) look(person);
    let last = Number.NaN;
    let isSelected = false;
    const to = history.personStart[person + 1] as number;
    for (let row = history.personStart[person] as number; row < to; row++) {
      if (history.nameCodes[row] !== code) continue;
      if (!isSelected) view.select(person);
      isSelected = true;
      if (!matches(view, row, goal.match)) continue;
      const time = history.times.at(row);
      if (!Number.isNaN(last)) {
        const gap = time - last;
        twice.offer(person, time, gap, 'goal', () => `${goal.match.event} twice, ${apart(gap)}`);
      }
      last = time;
    }
  }
  return twice;
}

function apart(gap: number): string {
  return gap === 0 ? 'at the same moment' : `${humanDuration(gap)} apart`;
}
