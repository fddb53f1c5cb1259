// Who is behind a size or a move of segments: the people themselves, in the history's order. The same standings as the
// report's, so that every count opens as many people as it says.

import type { History } from '../events/index.ts';
import { localTime } from '../replay/index.ts';
import type { SegmentRules } from '../workflow/index.ts';
import { codesAt, KINDS, type KindName, visitStandings } from './standings.ts';

export interface MembersOf {
  readonly kind: KindName;
  /** The segment at `before`; `notKnown`: not known by then; null: whatever they were. */
  readonly from: string | null;
  /** The segment at `at`; null: whatever they are. */
  readonly to: string | null;
  /** Ms since the epoch, before < at. */
  readonly before: number;
  readonly at: number;
  readonly timezone: string;
}

/** @returns indices of people */
export function membersOf(
  history: History,
  rules: SegmentRules,
  { kind, from, to, before, at, timezone }: MembersOf,
  signal?: AbortSignal,
): number[] {
  const found: number[] = [];
  let was: string = NOT_KNOWN;
  let of = -1;
  visitStandings(
    history,
    [before, at],
    localTime(timezone),
    (person, moment, standing) => {
      const segment = KINDS[kind][codesAt(standing, rules)[kind]] as string;
      if (person !== of) was = NOT_KNOWN;
      of = person;
      if (moment === 0) was = segment;
      else if ((from === null || from === was) && (to === null || to === segment)) found.push(person);
    },
    signal === undefined ? {} : { signal },
  );
  return found;
}

const NOT_KNOWN = 'notKnown';
