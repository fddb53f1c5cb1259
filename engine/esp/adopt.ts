// Binding a workflow file to a flow that exists already, ours or not. From then on the flow counts as what the workflow
// wants, whatever it looks like: only a later change of the file, or of the flow, is a difference.

import type { Issue } from '../base/index.ts';
import { nearest } from '../workflow/index.ts';
import { Problems } from './problems.ts';
import { recordReadBack } from './read-back.ts';
import { emptyState, recordObject } from './state.ts';
import type { DesiredKlaviyo, EspState, KlaviyoCurrent } from './types.ts';

/**
 * @param wanted the id or the exact name of the flow
 * @param state of this workflow, if there is one; it must not be bound to another flow that still exists
 */
export function adoptFlow(
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  wanted: string,
  state: EspState | null,
): { readonly state: EspState | null; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  const found = current.flows.filter(({ id, name }) => id === wanted || name === wanted);
  const bound = current.flows.find(({ id }) => id === state?.objects['flow']?.id);
  const [flow] = found;
  if (state !== null && state.account !== current.accountId) {
    problems.error(
      'OTHER_ACCOUNT',
      'account',
      `The state file is of the account ${state.account}, not of ${current.accountId}.`,
    );
  } else if (flow === undefined) {
    const names = current.flows.map(({ name }) => name);
    const near = nearest(wanted, names);
    const hint = near === null ? '' : ` The nearest is "${near}".`;
    problems.error('UNKNOWN_FLOW', 'flow', `This account has no flow "${wanted}".${hint}`);
  } else if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    problems.error(
      'NAME_TWICE',
      'flow',
      `This account has ${found.length} flows named "${wanted}": name one by its id, ${ids}.`,
    );
  } else if (bound !== undefined && bound.id !== flow.id) {
    problems.error(
      'BOUND_ALREADY',
      'objects.flow',
      `The state file is bound to the flow "${bound.name}" (${bound.id}); use another state file, or remove that one first.`,
    );
  }
  if (problems.failed || flow === undefined) return { state: null, issues: problems.issues };
  const before = state ?? emptyState('klaviyo', desired.workflow.id, current.accountId);
  const object = { type: 'flow' as const, id: flow.id, name: flow.name, wantedHash: '', readHash: null };
  return {
    state: recordReadBack(recordObject(before, 'flow', object), desired, current, 'any'),
    issues: problems.issues,
  };
}
