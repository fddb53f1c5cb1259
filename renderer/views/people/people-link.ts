// What the screen People is asked to show, as the selection other screens hand over: people behind a count, one person,
// a moment. Written and read here alone.

import type { PeopleListRequest, ProgrammePeopleRequest } from '../../../engine/api/index.ts';
import { humanDuration } from '../../../engine/base/index.ts';

export type PeopleFilter = NonNullable<PeopleListRequest['filter']>;
export type PeopleGroup = NonNullable<PeopleListRequest['group']>;
export type CollisionKind = NonNullable<ProgrammePeopleRequest['collision']>;

export interface PeopleQuestion {
  readonly filter: PeopleFilter | null;
  /** Of the programme, and not of the open workflow alone. */
  readonly isProgramme: boolean;
  /** Behind a count of Segments or Moments, or a stretch of Calibrate's curve. Goes before the filter. */
  readonly group: PeopleGroup | null;
  /** Of the programme's: whom it happened to. Goes before the filter. */
  readonly collision: CollisionKind | null;
  readonly search: string;
  /** Null: nobody is chosen yet. */
  readonly person: string | null;
  /** ms since the epoch; null: the end of the history. */
  readonly at: number | null;
}

const NOTHING: PeopleQuestion = {
  filter: null,
  group: null,
  isProgramme: false,
  collision: null,
  search: '',
  person: null,
  at: null,
};

/** For `go('people', …)`: `peopleLink({ filter: { kind: 'suppressed', step: null, reason: 'audience' } })`. */
export function peopleLink(question: Partial<PeopleQuestion>): string {
  return JSON.stringify({ ...NOTHING, ...question });
}

/** A selection that is none of ours asks for nothing in particular. */
export function questionIn(selection: string | null): PeopleQuestion {
  if (selection === null || !selection.startsWith('{')) return NOTHING;
  try {
    return { ...NOTHING, ...(JSON.parse(selection) as Partial<PeopleQuestion>) };
  } catch {
    return NOTHING;
  }
}

/** As a chip: `kept out by recent-email`. */
export function filterWords({ kind, step, reason }: PeopleFilter): string {
  const of = step === null ? '' : `${step} `;
  const why = reason === null ? '' : `: ${reason}`;
  switch (kind) {
    case 'candidate':
      return 'the trigger fired';
    case 'alreadyEnrolled':
      return 'already enrolled when it fired';
    case 'suppressed':
      return reason === null ? 'kept out by a rule' : `kept out by ${reason}`;
    case 'enrolled':
      return reason === null ? 'enrolled' : reason === 'holdout' ? 'held out' : 'enrolled and treated';
    case 'sent':
      return `${of}sent`;
    case 'ghost':
      return `${of}would have been sent, were they not held out`;
    case 'movedPastEnd':
      return `${of}moved past the end`;
    case 'branched':
      return `${of}took the path${why}`;
    case 'skipped':
      return `${of}skipped${why}`;
    case 'moved':
      return `${of}moved${why}`;
    case 'exited':
      return reason === 'goal'
        ? 'left at the goal'
        : reason === 'event'
          ? 'left at an exit event'
          : 'left when time was up';
    case 'converted':
      return reason === 'holdout' ? 'held out, and bought' : reason === null ? 'bought' : 'treated, and bought';
  }
}

export const COLLISION_WORDS: Readonly<Record<CollisionKind, string>> = {
  threeInADay: 'got a third email in 24 h',
  afterPurchase: 'got an email within 24 h after the goal',
  twoAtOnce: 'were in two workflows at once',
};

/** As a chip: `were regular, are dormant`. */
export function groupWords(group: PeopleGroup): string {
  if (group.of === 'moment') return momentWords(group.moment);
  if (group.of === 'episode') return episodeWords(group);
  const { from, to } = group;
  const were = from === null ? null : from === 'notKnown' ? 'were not known' : `were ${from}`;
  return [were, to === null ? null : `are ${to}`].filter((words) => words !== null).join(', ');
}

function episodeWords({ from, to }: Extract<PeopleGroup, { of: 'episode' }>): string {
  const span = from === 0 ? `within ${humanDuration(to)}` : `between ${humanDuration(from)} and ${humanDuration(to)}`;
  return `converted ${span} of the opening`;
}

type MomentPart = Extract<PeopleGroup, { of: 'moment' }>['moment'];

/** What the time beside each person is. */
export function momentTimeWords({ kind, events, did }: MomentPart): string {
  if (kind === 'dropOff') return events.length === 0 ? 'Came to be at risk' : 'Started';
  return did === null ? 'When' : did ? 'Did it first' : 'Had until';
}

/** As a chip: `did "Invited" early and stayed`. */
function momentWords({ kind, events, did, hasOutcome }: MomentPart): string {
  const [event, goal] = events;
  const either = (yes: string, no: string) => (hasOutcome === null ? '' : hasOutcome ? yes : no);
  if (kind === 'dropOff') {
    if (event === undefined)
      return `came to be at risk${either(', and were regular again', ', and stayed less active')}`;
    if (goal === undefined) {
      return hasOutcome === null
        ? `did "${event}"`
        : either(`came back to "${event}"`, `did "${event}" once and not again`);
    }
    return `had "${event}"${either(` and then "${goal}"`, ` without "${goal}"`)}`;
  }
  const done =
    did === null ? 'were compared' : did ? `did "${event ?? ''}" early` : `did not do "${event ?? ''}" early`;
  return kind === 'retention'
    ? `${done}${either(', and stayed', ', and did not stay')}`
    : `${done}${either(`, and had "${goal ?? ''}" later`, `, and did not have "${goal ?? ''}" later`)}`;
}
