// The transition function without the rows it would take no notice of: a trigger, a goal and an exit see only the events
// they name, and conditions look back by themselves. The same decisions from a fraction of the instants, for every
// workflow that can be replayed.

import type { Foresight } from './foreseen.ts';
import type { HistoryView } from './person-view.ts';
import type { Plan } from './plan.ts';
import type { Emit } from './scene.ts';
import { initialState, type PersonState } from './state.ts';
import { ANCHOR, ANSWER, EXIT, GOAL, type Stream, type StreamRole, UNSUBSCRIBED } from './stream.ts';
import { advance, nextTimer } from './transition.ts';

/** What the triggers, the goal, the exits and the gates of a workflow take notice of. */
export function rolesOf(plan: Plan): StreamRole[] {
  const { goal, exit } = plan.workflow;
  const roles: StreamRole[] = [];
  for (const trigger of plan.triggers) {
    if (trigger.type === 'behavior') roles.push({ bit: ANCHOR, match: trigger.match, activityOnly: false });
    else if (trigger.type === 'inaction') {
      roles.push({ bit: ANCHOR, match: trigger.after, activityOnly: false });
      roles.push({ bit: ANSWER, match: trigger.without, activityOnly: false });
    } else if (trigger.type !== 'absence') continue;
    else if (trigger.of === null) roles.push({ bit: ANCHOR, match: null, activityOnly: true });
    else {
      for (const event of trigger.of) roles.push({ bit: ANCHOR, match: { event, where: [] }, activityOnly: true });
    }
  }
  roles.push({ bit: GOAL, match: goal.match, activityOnly: false });
  for (const match of exit.on) roles.push({ bit: EXIT, match, activityOnly: false });
  const unsubscribed = plan.workflow.gates?.unsubscribed ?? null;
  if (unsubscribed !== null) roles.push({ bit: UNSUBSCRIBED, match: unsubscribed, activityOnly: false });
  return roles;
}

/**
 * One person up to `until`, inclusive, over the rows of a stream made with the roles of the programme.
 * @param foresight of the programme: when the triggers fire that are about no event
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
  let next = stream.starts[person] as number;
  const end = stream.starts[person + 1] as number;
  if (next === end && foresight.isEmpty) return state;
  view.select(person);
  if (!foresight.isEmpty && !foresight.put(view, state) && next === end) return state;
  for (;;) {
    const timer = nextTimer(programme, state);
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
