// The transition function without the instants at which it would do nothing: when triggers fire is known before, a goal
// and an exit see only the events they name, and conditions look back by themselves. The same decisions from a fraction
// of the instants, for every workflow that can be replayed.

import type { SingleTrigger } from '../workflow/index.ts';
import type { Foresight } from './foresight.ts';
import type { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { Emit } from './scene.ts';
import { initialState, type PersonState } from './state.ts';
import { ANCHOR, ANSWER, EXIT, GOAL, type Stream, type StreamRole, UNSUBSCRIBED } from './stream.ts';
import { advance, nextTimer } from './transition.ts';

/** What the triggers, the goal, the exits and the gates of a workflow take notice of. */
export function rolesOf(plan: Plan): StreamRole[] {
  return [...plan.triggers.flatMap(triggerRoles), ...outcomeRoles(plan)];
}

/** What can happen to an enrollment: the goal, the exits, and what the gates take notice of. */
export function outcomeRoles({ workflow: { goal, exit, gates } }: Plan): StreamRole[] {
  const roles: StreamRole[] = [{ bit: GOAL, match: goal.match, activityOnly: false }];
  for (const match of exit.on) roles.push({ bit: EXIT, match, activityOnly: false });
  const unsubscribed = gates?.unsubscribed ?? null;
  if (unsubscribed !== null) roles.push({ bit: UNSUBSCRIBED, match: unsubscribed, activityOnly: false });
  return roles;
}

/** What a trigger takes notice of; nothing where it is about no event. */
export function triggerRoles(trigger: SingleTrigger): StreamRole[] {
  switch (trigger.type) {
    case 'behavior':
      return [{ bit: ANCHOR, match: trigger.match, activityOnly: false }];
    case 'inaction':
      return [
        { bit: ANCHOR, match: trigger.after, activityOnly: false },
        { bit: ANSWER, match: trigger.without, activityOnly: false },
      ];
    case 'absence':
      if (trigger.of === null) return [{ bit: ANCHOR, match: null, activityOnly: true }];
      return trigger.of.map((event) => ({ bit: ANCHOR, match: { event, where: [] }, activityOnly: true }));
    default:
      return [];
  }
}

/**
 * One person for whom something fires, up to `until`, inclusive, over the rows of a stream made with the outcomes of the
 * programme.
 * @param foresight of the programme, which has taken the person
 * @returns the state at `until`
 */
export function replayRelevant(
  programme: readonly Plan[],
  view: HistoryView,
  stream: Stream,
  foresight: Foresight,
  person: number,
  until: number,
  emit: Emit,
): PersonState {
  const { rows, times } = stream;
  const state = initialState(programme, 'changed');
  foresight.put(person, state);
  view.select(person);
  let next = stream.starts[person] as number;
  const end = stream.starts[person + 1] as number;
  const watchesAlways = programme.some((plan) => (plan.workflow.gates?.unsubscribed ?? null) !== null);
  for (;;) {
    const timer = nextTimer(programme, state);
    // Without an enrollment nothing is an outcome.
    if (!watchesAlways && state.workflows.every(({ enrollments }) => enrollments.length === 0)) {
      while (next < end && (times[next] as number) < timer) next++;
    }
    const time = next < end ? Math.min(times[next] as number, timer) : timer;
    if (time > until || time === Number.POSITIVE_INFINITY) return state;
    while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
    let from = view.endRow;
    const first = next;
    while (next < end && times[next] === time) next++;
    if (next > first) from = rows[first] as number;
    const to = next > first ? (rows[next - 1] as number) + 1 : from;
    advance(programme, state, view, { time, from, to }, emit);
  }
}
