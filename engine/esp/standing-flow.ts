// The flow of a workflow as the account holds it now, read back as a workflow, so that what it sends can be replayed
// beside what a plan would make of it. A flow that has no words here is said to have none, and is not replayed.

import { checkWorkflow, type Workflow } from '../workflow/index.ts';
import { find, flowDefinition } from './locate.ts';
import { Problems } from './problems.ts';
import { workflowOfFlow } from './read-flow.ts';
import type { DesiredKlaviyo, EspState, KlaviyoCurrent } from './types.ts';

export interface StandingFlow {
  readonly name: string;
  /** `draft`, `manual` or `live`. */
  readonly status: string;
  /** Null where `reason` says why it cannot be had. */
  readonly workflow: Workflow | null;
  readonly reason: string | null;
}

/**
 * @param goalMs the time in which the goal counts, which no flow has: that of the workflow it is compared with
 * @returns null where the account has no flow of this workflow
 */
export function standingFlow(
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  state: EspState | null,
  goalMs: number,
): StandingFlow | null {
  const located = find(desired, current, state, new Problems()).byKey.get('flow');
  const flow = located === undefined ? undefined : current.flows.find(({ id }) => id === located.id);
  if (flow === undefined) return null;
  const { name, status } = flow;
  const none = (reason: string): StandingFlow => ({ name, status, workflow: null, reason });
  const definition = flowDefinition(current, flow.id);
  if (definition === null) return none('Its definition was not read.');
  const names = Object.fromEntries(Object.entries(state?.actionIds ?? {}).map(([temporary, id]) => [id, temporary]));
  const segments = Object.fromEntries(current.segments.map((segment) => [segment.id, segment.definition]));
  const read = workflowOfFlow({ id: flow.id, name, definition }, { ...current, segments }, names);
  if (read.workflow === null) return none(read.unexpressed[0]?.words ?? 'It has no words here.');
  const { workflow } = checkWorkflow(read.workflow);
  if (workflow === null) return none('What was read is no valid workflow.');
  return { name, status, workflow: { ...workflow, goal: { ...workflow.goal, withinMs: goalMs } }, reason: null };
}
