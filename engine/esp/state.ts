// The state file: what was created for a workflow at a vendor, by id. It is a cache of what the marker in the vendor's
// objects says, kept because it is quicker and because it remembers what those objects looked like when they were last
// written. Every change gives a new state; the order of keys in the file never changes with it.

import type { Issue } from '../base/index.ts';
import { canonicalText, hashOf, isRecord } from './canonical.ts';
import { ESP_NAMES } from './esp-names.ts';
import { markerOf, markOf } from './marker.ts';
import { normalAction, normalFilter, normalHead, normalHtml, templateIdOf } from './normal.ts';
import { Problems } from './problems.ts';
import type {
  CurrentFlow,
  CurrentSegment,
  CurrentTemplate,
  EspPlan,
  EspState,
  EspTarget,
  KlaviyoCurrent,
  ObjectKey,
  PlannedRequest,
  StateObject,
} from './types.ts';

export function emptyState(esp: EspTarget, workflow: string, account: string): EspState {
  return {
    foresend: 1,
    esp,
    workflow,
    account,
    marker: markerOf(workflow),
    objects: {},
    actionIds: {},
    emailTemplates: {},
    holdout: null,
    globalHoldout: null,
    applying: null,
    applies: [],
  };
}

/** Two spaces, keys in order, a line feed at the end: small differences in git. */
export function formatState(state: EspState): string {
  return `${JSON.stringify(JSON.parse(canonicalText(state)), null, 2)}\n`;
}

/** @returns the state, or what is wrong with the file; `state` is null then */
export function readState(value: unknown): { readonly state: EspState | null; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  const wrong = (at: string, message: string) => problems.error('BAD_STATE', at, message);
  if (!isRecord(value) || value['foresend'] !== 1 || typeof value['esp'] !== 'string') {
    wrong('', 'This is no state file of an export; remove it, and it is made again from what the account holds.');
    return { state: null, issues: problems.issues };
  }
  for (const key of ['workflow', 'account', 'marker']) {
    if (typeof value[key] !== 'string') wrong(key, `"${key}" is a text.`);
  }
  for (const key of ['objects', 'actionIds', 'emailTemplates']) {
    if (!isRecord(value[key])) wrong(key, `"${key}" is an object.`);
  }
  if (!Array.isArray(value['applies'])) wrong('applies', '"applies" is a list.');
  const objects = isRecord(value['objects']) ? value['objects'] : {};
  for (const [key, object] of Object.entries(objects)) {
    if (!isRecord(object) || typeof object['id'] !== 'string' || typeof object['type'] !== 'string') {
      wrong(`objects["${key}"]`, 'An object has a "type" and an "id".');
    }
  }
  return { state: problems.failed ? null : (value as unknown as EspState), issues: problems.issues };
}

/**
 * The state as the account itself tells it, for a lost or missing file. What the objects looked like when they were
 * written is not known then, so the next plan compares them with what is wanted. Of several generations the newest
 * counts; the others are kept as retired.
 */
export function rebuildState(current: KlaviyoCurrent, workflow: string): EspState {
  let state = emptyState('klaviyo', workflow, current.accountId);
  const found = [
    ...current.templates.map((object) => ({ type: 'template' as const, object })),
    ...current.segments.map((object) => ({ type: 'segment' as const, object })),
    ...current.flows.map((object) => ({ type: 'flow' as const, object })),
  ].flatMap(({ type, object }) => {
    const mark = markOf(object.name);
    return mark?.workflow === workflow ? [{ type, object, mark }] : [];
  });
  found.sort((a, b) => a.mark.generation - b.mark.generation);
  for (const { type, object, mark } of found) {
    state = recordObject(state, mark.key, { type, id: object.id, name: object.name, wantedHash: '', readHash: null });
  }
  return state;
}

/** Whether the state is of this account and workflow. */
export function checkState(state: EspState | null, account: string, workflow: string, problems: Problems): void {
  if (state === null) return;
  if (state.account !== account) problems.error('OTHER_ACCOUNT', 'account', otherAccount(state, account));
  if (state.workflow !== workflow) {
    problems.error(
      'OTHER_WORKFLOW',
      'workflow',
      `The state file is of the workflow "${state.workflow}", not of "${workflow}"; name another with --state.`,
    );
  }
}

export function otherAccount(state: EspState, account: string): string {
  return (
    `The state file was made with the account ${state.account}; this key belongs to ${account}. ` +
    'Use the other key, or another state file with --state.'
  );
}

// ---------------------------------------------------------------- what apply records

/** Before the next call. An older object under the key is kept as retired. */
export function recordObject(state: EspState, key: ObjectKey, object: StateObject): EspState {
  const before = state.objects[key];
  const isOther = before !== undefined && before.id !== object.id;
  const retired = isOther ? { [`retired:${key}:${before.id}`]: before } : {};
  return { ...state, objects: { ...state.objects, ...retired, [key]: object } };
}

/** A request that created something was answered with its id. */
export function recordCreated(
  state: EspState,
  request: PlannedRequest,
  id: string,
  wantedHash: string | null,
): EspState {
  if (request.creates === null || request.lookup === null) return state;
  const { type, name } = request.lookup;
  return recordObject(state, request.creates, { type, id, name, wantedHash: wantedHash ?? '', readHash: null });
}

export function recordRemoved(state: EspState, key: ObjectKey): EspState {
  const { [key]: _, ...objects } = state.objects;
  return { ...state, objects };
}

/** What was wanted and what was then read, so that a later difference can be told from the vendor's own rewriting. */
export function recordRead(state: EspState, key: ObjectKey, wantedHash: string, readHash: string): EspState {
  const object = state.objects[key];
  if (object === undefined) return state;
  return { ...state, objects: { ...state.objects, [key]: { ...object, wantedHash, readHash } } };
}

/** So many of the plan's requests are answered; the same plan goes on from there. */
export function recordProgress(state: EspState, plan: EspPlan, done: number): EspState {
  return { ...state, applying: { plan: plan.hash, done } };
}

/** The plan is carried out. @param at ms since the epoch */
export function recordApply(state: EspState, plan: EspPlan, at: number): EspState {
  const apply = { at, plan: plan.hash, workflowHash: plan.workflow.hash };
  const written = (one: { readonly saltValue: string; readonly fraction: number } | null) =>
    one === null ? null : { salt: one.saltValue, fraction: one.fraction };
  const [holdout, globalHoldout] = [written(plan.holdout), written(plan.globalHoldout)];
  return { ...state, holdout, globalHoldout, applying: null, applies: [...state.applies, apply] };
}

// ---------------------------------------------------------------- fingerprints of what was read

export function readHashOf(object: CurrentFlow | CurrentTemplate | CurrentSegment): string {
  if ('html' in object) return hashOf(normalHtml(object.html ?? ''));
  if (!('status' in object)) return hashOf(normalFilter(object.definition));
  const definition = isRecord(object.definition) ? object.definition : {};
  const actions = Array.isArray(definition['actions']) ? definition['actions'] : [];
  const parts = actions.map((action) => [normalAction(action), templateIdOf(action)]);
  return hashOf([normalHead(definition), parts]);
}

/** Of all that a plan rests on in the account: names, states and contents of what concerns the workflow. */
export function currentHash(current: KlaviyoCurrent, workflow: string, state: EspState | null): string {
  const ids = new Set(Object.values(state?.objects ?? {}).map(({ id }) => id));
  const isOurs = (object: { readonly id: string; readonly name: string }) =>
    ids.has(object.id) || markOf(object.name)?.workflow === workflow;
  const row = (object: CurrentFlow | CurrentTemplate | CurrentSegment, more: readonly unknown[]) =>
    [object.id, object.name, readHashOf(object), ...more] as const;
  const seen = [
    ...current.flows.filter(isOurs).map((flow) => row(flow, [flow.status, flow.archived])),
    ...[...current.templates, ...current.segments].filter(isOurs).map((object) => row(object, [])),
  ];
  seen.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return hashOf([current.accountId, seen]);
}

/** The applies in a state do not make a plan stale, only its objects do. */
export function stateHash(state: EspState | null): string {
  return state === null ? 'none' : hashOf([state.account, state.workflow, state.objects]);
}

/**
 * Why a saved plan can no longer be applied; empty where it can. A plan that was begun and interrupted goes on: what it
 * has changed itself is no reason.
 */
export function staleness(plan: EspPlan, current: KlaviyoCurrent, state: EspState | null): Issue[] {
  return stalenessOf(plan, current.accountId, currentHash(current, plan.workflow.id, state), state);
}

/** @param seen fingerprint of what the account holds of the workflow now */
export function stalenessOf(plan: EspPlan, account: string, seen: string, state: EspState | null): Issue[] {
  const problems = new Problems();
  const isBegun = state !== null && state.applying?.plan === plan.hash;
  if (plan.account !== account) {
    problems.error(
      'OTHER_ACCOUNT',
      'account',
      `The plan was made for the account ${plan.account}; this key belongs to ${account}. Make a new plan.`,
    );
  } else if (!isBegun && plan.basis.current !== seen) {
    problems.error(
      'STALE_PLAN',
      'basis.current',
      `Something in ${ESP_NAMES[plan.plan]} has changed since the plan was made; make a new plan and read it.`,
    );
  }
  if (!isBegun && plan.basis.state !== stateHash(state)) {
    problems.error('STALE_PLAN', 'basis.state', 'The state file has changed since the plan was made; make a new plan.');
  }
  const { hash, ...rest } = plan;
  if (hash !== hashOf(rest)) {
    problems.error('BAD_PLAN', 'hash', 'The plan file was changed by hand; make a new plan instead.');
  }
  return problems.issues;
}
