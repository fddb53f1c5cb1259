// The live interface: rows one by one, in order of time, with the decisions of a batch replay. An instant is decided
// when a later row arrives or the clock passes it, since until then another row of that instant may come. Its state is
// plain JSON: stopping, storing and going on changes no decision.

import { assert, UserError } from '../base/index.ts';
import type { EventRow, History, PropertyRow } from '../events/index.ts';
import { reachability } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { activeMinutesIn } from './active-minutes.ts';
import { DueQueue } from './due-queue.ts';
import { type LivePersonRows, LiveView } from './live-view.ts';
import { isTrackedIn } from './person-cache.ts';
import { type Plan, planOf } from './plan.ts';
import { closeMoved } from './sequence.ts';
import { initialState, type PersonState } from './state.ts';
import { advance, nextTimer } from './transition.ts';
import type { Decision } from './types.ts';

export type LiveRow = EventRow | PropertyRow;

/** What one person's rows cannot tell, since it is a fact of the whole dataset. Plain JSON. */
export interface ReplayFacts {
  /** By the property a workflow names in `reach.address`: whether any address is known of anyone. */
  readonly reach: Readonly<Record<string, 'known' | 'unknown'>>;
  /** Consent properties the dataset tracks. */
  readonly tracked: readonly string[];
  /** The product's own email events, by name. */
  readonly emailEvents: readonly string[];
  /** The property that an event's value stands for, if it has a name. */
  readonly valueName: string | null;
  /** By the zone of a workflow with personal send times: activity of everyone by local minute of day, length 1440. */
  readonly activeMinutes: Readonly<Record<string, readonly number[]>>;
}

/** Of the stored form; a state of another form is refused. Before 3, nothing was said of when ids were addresses. */
const STATE_VERSION = 3;
const READABLE_VERSIONS: readonly number[] = [2, STATE_VERSION];

export interface LiveState {
  /** 2 where an earlier version stored it. */
  readonly version: 2 | typeof STATE_VERSION;
  readonly workflows: readonly { readonly id: string; readonly hash: string }[];
  readonly facts: ReplayFacts;
  /** All instants before it are decided; null before the first row. */
  readonly clock: number | null;
  /** In the order in which they were first seen. */
  readonly persons: readonly (LivePersonRows & {
    readonly decidedRows: number;
    readonly decidedChanges: number;
    readonly state: PersonState;
  })[];
}

export function replayFacts(history: History, workflows: readonly Workflow[]): ReplayFacts {
  const addresses = [...new Set(workflows.map((workflow) => workflow.reach.address))];
  return {
    reach: Object.fromEntries(addresses.map((address) => [address, reachability(history, address).reach])),
    tracked: workflows
      .map((workflow) => workflow.reach.consent)
      .filter((consent) => consent !== null)
      .filter((consent) => isTrackedIn(history, consent)),
    emailEvents: [...history.emailEvents],
    valueName: history.valueName,
    activeMinutes: Object.fromEntries(
      workflows
        .filter((workflow) => workflow.gates !== null && workflow.gates.sendTime !== null)
        .map(({ timezone }) => [timezone, activeMinutesIn(history, timezone)]),
    ),
  };
}

/**
 * Refuses a stored state that cannot be gone on from.
 * @throws UserError `STATE_OF_OTHER_WORKFLOW`, `STATE_OF_OTHER_VERSION`
 */
export function refuseOther(workflows: readonly Workflow[], stored: LiveState): void {
  if (!READABLE_VERSIONS.includes(stored.version)) {
    throw new UserError(
      'STATE_OF_OTHER_VERSION',
      'The state was stored by another version of Foresend, in another form; begin with a new state and feed the events again.',
    );
  }
  const isSame =
    stored.workflows.length === workflows.length &&
    stored.workflows.every(({ id, hash }, i) => id === workflows[i]?.id && hash === workflows[i]?.hash);
  if (!isSame) {
    const names = stored.workflows.map(({ id }) => id).join(', ');
    throw new UserError(
      'STATE_OF_OTHER_WORKFLOW',
      `The stored state is of ${names} as it was then; go on with that version, or begin with a new state.`,
    );
  }
}

interface LivePerson {
  readonly view: LiveView;
  readonly state: PersonState;
  /** The next instant that waits for them; Infinity where none does. */
  next: number;
}

export class LiveReplay {
  readonly #programme: readonly Plan[];
  readonly #facts: ReplayFacts;
  readonly #persons: LivePerson[] = [];
  readonly #indexOf = new Map<string, number>();
  readonly #queue = new DueQueue();
  /** Of people who have no row yet. */
  readonly #addressIds = new Map<string, number | null>();
  #clock = Number.NEGATIVE_INFINITY;

  /** @param workflows highest priority first. @throws UserError `NOT_REPLAYABLE` */
  constructor(workflows: readonly Workflow[], facts: ReplayFacts) {
    this.#programme = workflows.map(planOf);
    this.#facts = facts;
  }

  /**
   * Goes on from a stored state.
   * @throws UserError `STATE_OF_OTHER_WORKFLOW` where it belongs to other workflows, `STATE_OF_OTHER_VERSION` where
   * another version of the program stored it in another form
   */
  static from(workflows: readonly Workflow[], stored: LiveState): LiveReplay {
    refuseOther(workflows, stored);
    const live = new LiveReplay(workflows, stored.facts);
    // The caller keeps what they stored.
    const { persons, clock } = JSON.parse(JSON.stringify(stored)) as LiveState;
    live.#clock = clock ?? Number.NEGATIVE_INFINITY;
    for (const { decidedRows, decidedChanges, state, ...rows } of persons) {
      const view = new LiveView(rows, stored.facts);
      view.endRow = decidedRows;
      view.endChange = decidedChanges;
      live.#add({ view, state, next: Number.POSITIVE_INFINITY });
    }
    return live;
  }

  /**
   * Takes a row that is not earlier than the rows before it.
   * @returns decisions of all instants before it, by time
   * @throws UserError `OUT_OF_ORDER`
   */
  feed(row: LiveRow): Decision[] {
    if (row.time < this.#clock) {
      throw new UserError(
        'OUT_OF_ORDER',
        `A row of ${row.person} at ${row.time} came after the clock had reached ${this.#clock}; rows must come in order of time.`,
      );
    }
    const decisions = this.advanceTo(row.time);
    const index = this.#indexOf.get(row.person) ?? this.#addNew(row.person);
    const { view } = this.#persons[index] as LivePerson;
    if ('name' in row) view.addEvent(row);
    else view.addChange(row);
    this.#schedule(index);
    return decisions;
  }

  /**
   * Says when an id of a person that is an address was first seen, ms; null: none was. Without it each row is taken to come
   * under the person's own id.
   */
  noteAddressId(person: string, since: number | null): void {
    const index = this.#indexOf.get(person);
    if (index === undefined) this.#addressIds.set(person, since);
    else (this.#persons[index] as LivePerson).view.noteAddressId(since);
  }

  /** Lets the clock reach `time`. @returns decisions of all instants before it, by time; those at it still wait */
  advanceTo(time: number): Decision[] {
    const decisions: Decision[] = [];
    for (;;) {
      const due = this.#queue.first;
      if (due === undefined || due.time >= time) break;
      this.#queue.pop();
      if ((this.#persons[due.person] as LivePerson).next === due.time) this.#decide(due.person, due.time, decisions);
    }
    this.#clock = Math.max(this.#clock, time);
    return decisions;
  }

  /**
   * Says that nothing after `until` will be known. Emails that a gate has moved beyond it are then moved past the end.
   * @returns decisions up to and at `until`; of each person in the order taken
   */
  finish(until: number): Decision[] {
    const decisions = this.advanceTo(until + 1);
    for (const { view, state } of this.#persons) {
      closeMoved(this.#programme, state, view, until, ({ decision }) => decisions.push(decision));
    }
    return decisions;
  }

  get facts(): ReplayFacts {
    return this.#facts;
  }

  /** Instants before it are decided; null before the first row. */
  get clock(): number | null {
    return Number.isFinite(this.#clock) ? this.#clock : null;
  }

  /** Whether an equal row was fed before, same person, instant, name, value and properties; or it changes nothing. */
  has(row: LiveRow): boolean {
    const index = this.#indexOf.get(row.person);
    return index !== undefined && (this.#persons[index] as LivePerson).view.has(row);
  }

  /** Whether a person has a property at this value already: a row that changes nothing, which an import leaves out. */
  changesNothing(row: PropertyRow): boolean {
    const index = this.#indexOf.get(row.person);
    return index === undefined ? row.value === null : (this.#persons[index] as LivePerson).view.holds(row);
  }

  /** Everything that is needed to go on, as plain JSON. */
  save(): LiveState {
    return this.toJSON();
  }

  toJSON(): LiveState {
    return {
      version: STATE_VERSION,
      workflows: this.#programme.map(({ workflow }) => ({ id: workflow.id, hash: workflow.hash })),
      facts: this.#facts,
      clock: this.clock,
      persons: this.#persons.map(({ view, state }) => ({
        ...view.rows,
        decidedRows: view.endRow,
        decidedChanges: view.endChange,
        state,
      })),
    };
  }

  #decide(index: number, time: number, decisions: Decision[]): void {
    const { view, state } = this.#persons[index] as LivePerson;
    advance(this.#programme, state, view, view.showAt(time), ({ decision }) => decisions.push(decision));
    this.#schedule(index);
  }

  /** Puts a person's next instant into the queue. */
  #schedule(index: number): void {
    const person = this.#persons[index] as LivePerson;
    const { view, state } = person;
    const timer = nextTimer(this.#programme, state);
    const next = Math.min(view.nextArrival, timer);
    assert(next >= this.#clock || next === person.next, 'no instant falls due in the past');
    if (next === person.next) return;
    person.next = next;
    if (next < Number.POSITIVE_INFINITY) this.#queue.push({ time: next, person: index });
  }

  #addNew(id: string): number {
    const view = new LiveView({ id, events: [], changes: [] }, this.#facts);
    const since = this.#addressIds.get(id);
    if (since !== undefined) view.noteAddressId(since);
    return this.#add({ view, state: initialState(this.#programme, 'changed'), next: Number.POSITIVE_INFINITY });
  }

  #add(person: LivePerson): number {
    const index = this.#persons.push(person) - 1;
    this.#indexOf.set(person.view.id, index);
    this.#schedule(index);
    return index;
  }
}
