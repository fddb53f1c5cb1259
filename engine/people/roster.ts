// Whom each decision of a replay was about: one replay, read decision by decision, kept as columns so that any count of
// the totals can be opened as a list of people. Immutable once made; people stand in the history's order.

import type { History } from '../events/index.ts';
import { type Decision, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';

/** Which decisions: of a kind, and where given of one step or for one reason. */
export interface PeopleFilter {
  readonly kind: Decision['kind'];
  readonly step: string | null;
  readonly reason: string | null;
}

export interface Listed {
  /** Index of the person. */
  readonly person: number;
  /** When it happened last, ms since the epoch. */
  readonly at: number;
  /** How often it happened. */
  readonly n: number;
}

interface Group {
  readonly kind: Decision['kind'];
  readonly step: string | null;
  readonly reason: string | null;
  readonly listed: { person: number; at: number; n: number }[];
}

export class Roster {
  readonly #groups: readonly Group[];

  constructor(groups: readonly Group[]) {
    this.#groups = groups;
  }

  /** Everybody with such a decision, once each. */
  list({ kind, step, reason }: PeopleFilter): Listed[] {
    const asked = this.#groups.filter(
      (group) =>
        group.kind === kind && (step === null || group.step === step) && (reason === null || group.reason === reason),
    );
    if (asked.length === 1) return (asked[0] as Group).listed;
    const merged = new Map<number, { person: number; at: number; n: number }>();
    for (const { listed } of asked) {
      for (const one of listed) {
        const known = merged.get(one.person);
        if (known === undefined) merged.set(one.person, { ...one });
        else {
          known.n += one.n;
          known.at = Math.max(known.at, one.at);
        }
      }
    }
    return [...merged.values()].sort((a, b) => a.person - b.person);
  }
}

export interface RosterOptions {
  readonly signal?: AbortSignal;
  /** Sees every decision with its person's index, by person and in the order taken. */
  readonly onDecision?: (decision: Decision, person: number) => void;
}

/** @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted */
export function rosterOf(history: History, workflow: Workflow, { signal, onDecision }: RosterOptions = {}): Roster {
  const groups = new Map<string, Group>();
  let person = -1;
  let id = '';
  replayWorkflow(history, workflow, {
    enrollments: 'none',
    ...(signal === undefined ? {} : { signal }),
    onDecision: (decision) => {
      // Decisions come in the history's order of people.
      if (person < 0 || decision.person !== id) {
        id = decision.person;
        do person++;
        while (history.personIds.at(person) !== id);
      }
      const { kind, step, reason, time } = decision;
      const key = `${kind}\n${step ?? ''}\n${reason ?? ''}`;
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { kind, step, reason, listed: [] }));
      const last = group.listed.at(-1);
      if (last?.person === person) {
        last.at = time;
        last.n++;
      } else group.listed.push({ person, at: time, n: 1 });
      onDecision?.(decision, person);
    },
  });
  return new Roster([...groups.values()]);
}
