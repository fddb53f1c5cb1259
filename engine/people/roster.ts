// Whom each decision of a replay was about: one replay, read decision by decision, kept as columns so that any count of
// the totals can be opened as a list of people. Immutable once made; people stand in the history's order.

import type { History } from '../events/index.ts';
import { type Decision, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';

/** Which decisions: of a kind, and where given of one workflow, of one step or for one reason. */
export interface PeopleFilter {
  /** Of a programme's; absent or null: of any. */
  readonly workflow?: string | null;
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
  readonly workflow: string;
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
  list({ workflow = null, kind, step, reason }: PeopleFilter): Listed[] {
    const asked = this.#groups.filter(
      (group) =>
        group.kind === kind &&
        (workflow === null || group.workflow === workflow) &&
        (step === null || group.step === step) &&
        (reason === null || group.reason === reason),
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
  /** Told how many people of how many have been replayed. */
  readonly onProgress?: (done: number, total: number) => void;
  /** Sees every decision with its person's index, by person and in the order taken. */
  readonly onDecision?: (decision: Decision, person: number) => void;
}

/** What is told and asked while everybody is looked at. */
export interface PeopleWatch {
  /** Looked at between people; what it throws ends the work. */
  readonly signal?: AbortSignal;
  /** Told what is being done, and for how many people of how many. */
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

export function replayWatch({ signal, onProgress }: PeopleWatch): Pick<RosterOptions, 'signal' | 'onProgress'> {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress: (done, total) => onProgress('replaying', done, total) }),
  };
}

/** @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted */
export function rosterOf(history: History, workflow: Workflow, { onDecision, ...watch }: RosterOptions = {}): Roster {
  const writer = new RosterWriter(history);
  replayWorkflow(history, workflow, {
    enrollments: 'none',
    ...watch,
    onDecision: (decision) => {
      const person = writer.personOf(decision);
      writer.add(decision, person);
      onDecision?.(decision, person);
    },
  });
  return writer.roster();
}

/** Reads decisions in the order of a replay. */
export class RosterWriter {
  readonly #history: History;
  readonly #groups = new Map<string, Group>();
  #person = -1;
  #id = '';

  constructor(history: History) {
    this.#history = history;
  }

  /** Index of the person. Decisions come in the history's order of people. */
  personOf(decision: Pick<Decision, 'person'>): number {
    if (this.#person >= 0 && decision.person === this.#id) return this.#person;
    this.#id = decision.person;
    do this.#person++;
    while (this.#history.personIds.at(this.#person) !== this.#id);
    return this.#person;
  }

  add({ workflow, kind, step, reason, time }: Decision, person: number): void {
    const key = `${workflow}\n${kind}\n${step ?? ''}\n${reason ?? ''}`;
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = { workflow, kind, step, reason, listed: [] }));
    note(group.listed, person, time);
  }

  roster(): Roster {
    return new Roster([...this.#groups.values()]);
  }
}

/** Once more of the last person, or of another. */
export function note(listed: { person: number; at: number; n: number }[], person: number, time: number): void {
  const last = listed.at(-1);
  if (last?.person !== person) listed.push({ person, at: time, n: 1 });
  else {
    last.at = time;
    last.n++;
  }
}
