// People of a stored state who turn out to be one. Their rows are laid together in order of time, and what triggers wait
// for is worked out anew from all of them, up to the clock. Where nothing was decided apart that would have been decided
// otherwise together, that is the state of one person from the start; else what was given out stays as it was given,
// enrollments go on, and all rows count from the clock on.

import type { Workflow } from '../workflow/index.ts';
import { type LiveState, refuseOther } from './live.ts';
import { addressIdSince, type LivePersonRows, LiveView } from './live-view.ts';
import { type Plan, planOf } from './plan.ts';
import { end } from './sequence.ts';
import { type Enrollment, initialState, openEnrollment, type PersonState, type WorkflowState } from './state.ts';
import { advance, nextTimer } from './transition.ts';
import type { Decision } from './types.ts';

export type LivePersonState = LiveState['persons'][number];

export interface Joined {
  readonly state: LiveState;
  /** Enrollments that end now, since another of the same person in the same workflow goes on. */
  readonly decisions: readonly Decision[];
  /** Ids that now stand for another person and had rows of their own. */
  readonly ids: readonly string[];
  /** Those of them at whose past a replay of all rows would have decided otherwise, or under the other id. */
  readonly apart: readonly string[];
}

/**
 * Joins people of a state at its clock.
 * @param personOf the id of the person that an id stands for; its own where it stands for none
 * @throws UserError `STATE_OF_OTHER_WORKFLOW`, `STATE_OF_OTHER_VERSION`
 */
export function joinPeople(workflows: readonly Workflow[], state: LiveState, personOf: (id: string) => string): Joined {
  refuseOther(workflows, state);
  const byTarget = new Map<string, LivePersonState[]>();
  for (const person of state.persons) {
    const target = personOf(person.id);
    const group = byTarget.get(target);
    if (group === undefined) byTarget.set(target, [person]);
    else group.push(person);
  }
  const decisions: Decision[] = [];
  const ids: string[] = [];
  const apart: string[] = [];
  const programme = workflows.map(planOf);
  const persons = [...byTarget].map(([id, group]) => {
    const moved = group.filter((person) => person.id !== id).map((person) => person.id);
    if (moved.length === 0) return group[0] as LivePersonState;
    const one = joinOne(programme, state, id, group, decisions);
    ids.push(...moved);
    if (one.isApart) apart.push(...moved);
    return one.person;
  });
  return { state: { ...state, persons }, decisions, ids, apart };
}

function joinOne(
  programme: readonly Plan[],
  { facts, clock }: LiveState,
  id: string,
  group: readonly LivePersonState[],
  decisions: Decision[],
): { readonly person: LivePersonState; readonly isApart: boolean } {
  const until = clock ?? Number.NEGATIVE_INFINITY;
  // Whose id it is comes first, among rows of one instant too.
  const people = [...group].sort((a, b) => Number(b.id === id) - Number(a.id === id));
  const { rows, places } = laidTogether(id, people);
  const together = courseOf(programme, rows, facts, until);
  const asStored = (state: PersonState): LivePersonState => {
    const { endRow: decidedRows, endChange: decidedChanges } = together.view;
    return { ...rows, decidedRows, decidedChanges, state };
  };
  const courses = people.map((person) => courseOf(programme, rowsOf(person), facts, until));
  const deciding = people.filter((person, i) => (courses[i] as Course).decisions.length > 0 || hasGiven(person.state));
  const [only] = deciding;
  const isOne =
    only === undefined
      ? together.decisions.length === 0
      : deciding.length === 1 &&
        only.id === id &&
        isSame(together.decisions, (courses[people.indexOf(only)] as Course).decisions) &&
        isSame(givenOf(together.state), givenOf(only.state));
  if (isOne) return { person: asStored(together.state), isApart: false };
  const states = people.map((person, i) => withPlaces(person.state, places[i] as readonly number[]));
  const workflows = programme.map((plan, w) => {
    const each = states.map(({ workflows: own }) => own[w] as WorkflowState);
    for (const [i, workflow] of each.entries()) {
      const open = openEnrollment(workflow);
      if (open === null || each.findIndex((other) => openEnrollment(other) !== null) === i) continue;
      // One is open at a time: whose id it is goes on, else who was first seen.
      const { view } = courses[i] as Course;
      const scene = { plan, workflow, person: states[i] as PersonState, view, time: until };
      end({ ...scene, emit: ({ decision }) => decisions.push(decision) }, open, 'event');
    }
    return oneOf(each, (together.state.workflows[w] as WorkflowState).triggers);
  });
  const sends = states.flatMap((state) => state.sends).sort((a, b) => a.time - b.time);
  return { person: asStored({ workflows, sends }), isApart: true };
}

interface Course {
  readonly view: LiveView;
  readonly state: PersonState;
  readonly decisions: readonly Decision[];
}

/** What becomes of rows alone, at all instants before the clock. */
function courseOf(programme: readonly Plan[], rows: LivePersonRows, facts: LiveState['facts'], clock: number): Course {
  const view = new LiveView(rows, facts);
  const state = initialState(programme, 'changed');
  const decisions: Decision[] = [];
  for (;;) {
    const time = Math.min(view.nextArrival, nextTimer(programme, state));
    if (time >= clock) return { view, state, decisions };
    advance(programme, state, view, view.showAt(time), ({ decision }) => decisions.push(decision));
  }
}

function rowsOf({ id, events, changes, addressIdSince: since }: LivePersonState): LivePersonRows {
  return { id, events, changes, ...(since === undefined ? {} : { addressIdSince: since }) };
}

/** The rows of all by time. @returns beside them, by person, the place of each event */
function laidTogether(id: string, people: readonly LivePersonState[]) {
  const events = people.flatMap(({ events: own }, person) => own.map((event, row) => ({ event, person, row })));
  events.sort((a, b) => a.event.time - b.event.time);
  const places = people.map((): number[] => []);
  for (const [place, { person, row }] of events.entries()) (places[person] as number[])[row] = place;
  const values = new Map<string, unknown>();
  const changes = people
    .flatMap((person) => person.changes)
    .sort((a, b) => a.time - b.time)
    .filter(({ property, value }) => {
      if ((values.get(property) ?? null) === value) return false;
      values.set(property, value);
      return true;
    });
  const since = people.map(addressIdSince).filter((time) => time !== null);
  const rows = {
    id,
    events: events.map(({ event }) => event),
    changes,
    addressIdSince: since.length === 0 ? null : Math.min(...since),
  };
  return { rows, places };
}

/** Of one workflow: the enrollments of all, the open one last. */
function oneOf(each: readonly WorkflowState[], triggers: WorkflowState['triggers']): WorkflowState {
  const enrollments = each.flatMap((one) => one.enrollments);
  enrollments.sort((a, b) => Number(a.exit === null) - Number(b.exit === null) || a.triggerTime - b.triggerTime);
  const last = each.map((one) => one.lastTrigger).filter((time) => time !== null);
  return {
    triggers,
    enrollments,
    lastTrigger: last.length === 0 ? null : Math.max(...last),
    hasUnsubscribed: each.some((one) => one.hasUnsubscribed),
  };
}

/** A copy, about the rows as they lie now. */
function withPlaces(state: PersonState, places: readonly number[]): PersonState {
  const placed = (e: Enrollment): Enrollment => ({
    ...e,
    steps: e.steps.map((step) => ({ ...step })),
    anchorRow: e.anchorRow === null ? null : (places[e.anchorRow] as number),
  });
  const workflows = state.workflows.map((one) => ({ ...one, enrollments: one.enrollments.map(placed) }));
  return { workflows, sends: state.sends };
}

/** What a state says of decisions that were given out, whatever row they are about. */
function givenOf({ workflows, sends }: PersonState) {
  return {
    workflows: workflows.map(({ enrollments, lastTrigger }) => ({
      enrollments: enrollments.map((e) => ({ ...e, anchorRow: null })),
      lastTrigger,
    })),
    sends,
  };
}

function hasGiven({ workflows, sends }: PersonState): boolean {
  return sends.length > 0 || workflows.some((one) => one.lastTrigger !== null);
}

/** Plain JSON whose members were written in one order. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
