// What else is done with a workflow at Klaviyo: the plan, the check, binding to what exists, removal, and the status.

import { issueText, UserError } from '../../base/index.ts';
import {
  canonicalText,
  type DesiredKlaviyo,
  type Drift,
  desiredKlaviyo,
  driftOf,
  type EspState,
  emptyState,
  flowStatus,
  type KlaviyoPlan,
  markOf,
  planKlaviyo,
  planRemoval,
  rebuildState,
  recordRemoved,
  type SendScope,
  type StandingFlow,
  standingFlow,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { refuse, refuseOtherAccount, refuseOtherMeaning } from './carrier.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { readCurrent } from './read-account.ts';
import { loadState, saveState, withLock } from './state-file.ts';

export interface MadePlan {
  readonly plan: KlaviyoPlan;
  readonly warnings: readonly string[];
  /** The flow as it is there now; null where there is none. */
  readonly standing: StandingFlow | null;
}

/**
 * @param scope what a history has when an email goes out; texts are held against it, and mean the same with it and
 *   without, because a check on another computer has none
 * @throws UserError with every problem, where the workflow cannot be had there
 */
export async function makePlan(
  client: KlaviyoClient,
  workflow: Workflow,
  statePath: string,
  scope?: SendScope,
): Promise<MadePlan> {
  const state = loadState(statePath, 'klaviyo');
  const current = await readCurrent(client, workflow, state);
  const desired = desiredKlaviyo(workflow, current);
  const checked = scope === undefined ? desired : desiredKlaviyo(workflow, current, scope);
  refuse(checked.problems, `"${workflow.id}" cannot be exported to Klaviyo as it is`);
  refuseAmbiguous(desired, checked);
  const { plan, issues } = planKlaviyo(desired, current, state, client.clock.now());
  refuse(issues, `"${workflow.id}" cannot be exported to Klaviyo as it is`);
  if (plan === null) throw new UserError('NO_PLAN', `"${workflow.id}" cannot be exported to Klaviyo.`);
  const warnings = [...new Set([...issues, ...checked.problems].map(issueText))];
  if (state?.applying != null) {
    warnings.push(
      'An earlier apply was interrupted. Applying that plan again finishes it; this plan takes what it did as done.',
    );
  }
  return { plan, warnings, standing: standingFlow(desired, current, state, workflow.goal.withinMs) };
}

/** A name alone is read as of the event; where the history has it of the person only, the text has to say so. */
function refuseAmbiguous(plain: DesiredKlaviyo, checked: DesiredKlaviyo): void {
  if (plain === checked) return;
  const text = ({ templates, flow }: DesiredKlaviyo) => canonicalText([templates, flow]);
  refuseOtherMeaning(text(plain), text(checked));
}

export interface Verified {
  readonly workflow: { readonly id: string; readonly hash: string };
  readonly account: string;
  readonly drift: readonly Drift[];
}

export async function verifyExport(client: KlaviyoClient, workflow: Workflow, statePath: string): Promise<Verified> {
  const state = loadState(statePath, 'klaviyo');
  const current = await readCurrent(client, workflow, state);
  refuseOtherAccount(state, current.accountId);
  const desired = desiredKlaviyo(workflow, current);
  refuse(desired.problems, `"${workflow.id}" cannot be exported to Klaviyo as it is`);
  return { workflow: desired.workflow, account: current.accountId, drift: driftOf(desired, current, state) };
}

export interface Removed {
  readonly account: string;
  readonly removed: readonly {
    readonly key: string;
    readonly type: string;
    readonly id: string;
    readonly name: string;
  }[];
  /** Bound by name, not made by us: left as they are, and no longer known. */
  readonly left: readonly { readonly key: string; readonly type: string; readonly id: string; readonly name: string }[];
  readonly dryRun: boolean;
}

/** Removes what we created, the flow first, each out of the state before the next call. Live flows are refused. */
export async function destroy(
  client: KlaviyoClient,
  workflow: Workflow,
  statePath: string,
  dryRun: boolean,
  onStep: (words: string, done: number, total: number) => void = () => {},
): Promise<Removed> {
  return withLock(statePath, async () => {
    const before = loadState(statePath, 'klaviyo');
    const current = await readCurrent(client, workflow, before);
    refuseOtherAccount(before, current.accountId);
    let state = withMarked(
      before ?? emptyState('klaviyo', workflow.id, current.accountId),
      rebuildState(current, workflow.id),
    );
    const isOurs = (name: string) => markOf(name)?.workflow === workflow.id;
    const nameNow = new Map(
      [...current.flows, ...current.templates, ...current.segments].map(({ id, name }) => [id, name]),
    );
    const foreign = Object.entries(state.objects).filter(
      ([, { id }]) => !isOurs(nameNow.get(id) ?? '') && nameNow.has(id),
    );
    const ours = foreign.reduce((reduced, [key]) => recordRemoved(reduced, key), state);
    const { actions, issues } = planRemoval(current, ours);
    refuse(issues, 'Nothing was removed');
    const rows = actions.map(({ key, type, name }) => ({ key, type, id: ours.objects[key]?.id ?? '', name }));
    const left = foreign.map(([key, { type, id, name }]) => ({ key, type, id, name }));
    if (dryRun) return { account: current.accountId, removed: rows, left, dryRun };
    state = ours;
    for (const [i, action] of actions.entries()) {
      onStep(`${action.title} "${action.name}"`, i, actions.length);
      for (const { path } of action.requests) await client.remove(path);
      state = recordRemoved(state, action.key);
      saveState(statePath, state);
    }
    // What is gone from the account is gone from the state too.
    for (const [key, { id }] of Object.entries(state.objects)) {
      if (!nameNow.has(id)) state = recordRemoved(state, key);
    }
    if (before !== null || actions.length > 0) saveState(statePath, { ...state, applying: null, actionIds: {} });
    return { account: current.accountId, removed: rows, left, dryRun };
  });
}

function withMarked(state: EspState, marked: EspState): EspState {
  const known = new Set(Object.values(state.objects).map(({ id }) => id));
  let all = state;
  for (const [key, object] of Object.entries(marked.objects)) {
    if (known.has(object.id)) continue;
    const free = all.objects[key] === undefined || key.startsWith('retired:') ? key : `retired:${key}:${object.id}`;
    all = { ...all, objects: { ...all.objects, [free]: object } };
  }
  return all;
}

export interface StatusChange {
  readonly flow: { readonly id: string; readonly name: string };
  readonly before: string;
  readonly after: string;
}

/** The only call that can start emails, made on an explicit request alone. Drift is refused before going live. */
export async function setStatus(
  client: KlaviyoClient,
  workflow: Workflow,
  statePath: string,
  status: 'draft' | 'manual' | 'live',
): Promise<StatusChange> {
  const state = loadState(statePath, 'klaviyo');
  const id = state?.objects['flow']?.id;
  if (state === null || id === undefined) {
    throw new UserError(
      'NO_FLOW',
      `${statePath} names no flow; "foresend esp apply" makes one and "foresend esp adopt" binds to one.`,
    );
  }
  const current = await readCurrent(client, workflow, state);
  refuseOtherAccount(state, current.accountId);
  const flow = current.flows.find((each) => each.id === id);
  if (flow === undefined)
    throw new UserError('NO_FLOW', `The flow ${id} is no longer in this account; make a new plan.`);
  if (status === 'live') {
    const desired = desiredKlaviyo(workflow, current);
    refuse(desired.problems, 'The flow is not set live');
    const drift = driftOf(desired, current, state);
    if (drift.length > 0) {
      const first = drift[0] as Drift;
      throw new UserError(
        'DRIFT',
        `The flow is not set live: Klaviyo holds something else than the workflow (${first.name}: ${first.what}${drift.length > 1 ? `, and ${drift.length - 1} more` : ''}). See "foresend esp verify".`,
      );
    }
  }
  const request = flowStatus(id, status);
  if (flow.status !== status) await client.put('PATCH', request.path, request.body);
  return { flow: { id, name: flow.name }, before: flow.status, after: status };
}
