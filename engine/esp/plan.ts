// The plan: what would be created, changed, made anew, left, removed or done by hand, each with before and after in
// words and with the very requests that apply will send. Made from what is wanted, what is there, and the state; equal
// inputs give equal plans. A flow that is live is never touched: its changes become a new draft beside it.

import { exactPercent, type Issue } from '../base/index.ts';
import { hashOf, isRecord } from './canonical.ts';
import { KLAVIYO_REVISION } from './klaviyo-types.ts';
import { find } from './locate.ts';
import { planFlow } from './plan-flow.ts';
import { byHandAction, leaving, removing, summaryOf } from './plan-lines.ts';
import { planSegment, planTemplate, type Step } from './plan-parts.ts';
import { Problems } from './problems.ts';
import { remove } from './requests.ts';
import { checkState, currentHash, otherAccount, stateHash } from './state.ts';
import type {
  ByHand,
  DesiredKlaviyo,
  EspState,
  GlobalHoldout,
  HoldoutProperties,
  KlaviyoCurrent,
  KlaviyoPlan,
  ObjectKey,
  ObjectType,
  PlanAction,
} from './types.ts';

export function planKlaviyo(
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  state: EspState | null,
  madeAt: number,
): { readonly plan: KlaviyoPlan | null; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  problems.issues.push(...desired.problems);
  checkState(state, current.accountId, desired.workflow.id, problems);
  const located = find(desired, current, state, problems);
  checkFlowIsReadable(current, located.byKey.get('flow')?.id, problems);
  if (problems.failed || desired.flow === null) return { plan: null, issues: problems.issues };

  const step: Step = { desired, current, state, located };
  const flow = planFlow(step);
  const templates = desired.templates.map((template) => planTemplate(step, template, flow));
  const segments = desired.segments.map((segment) => planSegment(step, segment, flow));
  const actions: PlanAction[] = [
    ...templates,
    ...segments,
    ...(desired.globalHoldout === null ? [] : [globalAction(desired.globalHoldout, state)]),
    ...(desired.holdout === null ? [] : [propertyAction(desired.holdout, state)]),
    ...flow.actions,
    ...removals(step, flow.keepsOld),
    ...existing(desired, current),
  ];
  const byHand: readonly ByHand[] = [...desired.byHand, ...flow.byHand];
  const plan: Omit<KlaviyoPlan, 'hash'> = {
    foresend: 1,
    plan: 'klaviyo',
    revision: KLAVIYO_REVISION,
    workflow: desired.workflow,
    account: current.accountId,
    madeAt,
    marker: desired.marker,
    basis: { current: currentHash(current, desired.workflow.id, state), state: stateHash(state) },
    summary: summaryOf('Klaviyo', actions, byHand.length),
    actions: [...actions, ...byHand.map(byHandAction)],
    holdout: desired.holdout,
    globalHoldout: desired.globalHoldout,
    differences: desired.differences,
    byHand,
  };
  return { plan: { ...plan, hash: hashOf(plan) }, issues: problems.issues };
}

/** What removing everything of a workflow would do: the flow first, then what it used. Live flows are refused. */
export function planRemoval(
  current: KlaviyoCurrent,
  state: EspState,
): { readonly actions: readonly PlanAction[]; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  if (state.account !== current.accountId)
    problems.error('OTHER_ACCOUNT', 'account', otherAccount(state, current.accountId));
  const all = [...current.flows, ...current.templates, ...current.segments];
  const order: Partial<Record<ObjectType, number>> = { flow: 0, segment: 1, template: 2 };
  const known = Object.entries(state.objects).filter(([, { id }]) => all.some((object) => object.id === id));
  known.sort(([a, x], [b, y]) => (order[x.type] ?? 0) - (order[y.type] ?? 0) || (a < b ? -1 : 1));
  const actions = known.map(([key, { type, id, name }]) => {
    const status = current.flows.find((flow) => flow.id === id)?.status;
    if (type === 'flow' && status === 'live') {
      problems.error('FLOW_LIVE', key, `The flow "${name}" is live; set it to draft first.`);
    }
    return removal(key, type, id, name, 'Foresend created it');
  });
  return { actions: problems.failed ? [] : actions, issues: problems.issues };
}

/** A flow that was not read cannot be compared, and an archived one cannot be changed. */
function checkFlowIsReadable(current: KlaviyoCurrent, id: string | undefined, problems: Problems): void {
  const flow = current.flows.find((one) => one.id === id);
  if (flow === undefined) return;
  if (flow.archived) {
    problems.error(
      'FLOW_ARCHIVED',
      'flow',
      `The flow "${flow.name}" is archived: restore it in Klaviyo, or delete it there.`,
    );
  } else if (!isRecord(flow.definition)) {
    problems.error(
      'FLOW_NOT_READ',
      'flow',
      `Klaviyo did not tell what the flow "${flow.name}" (${flow.id}) does; try again.`,
    );
  }
}

/** Known people carry their arm before the flow can send; written once for a salt and a fraction. */
function propertyAction(holdout: HoldoutProperties, state: EspState | null): PlanAction {
  return writing(
    { key: 'property:arm', name: holdout.arm, what: 'Held out', words: 'held out' },
    holdout,
    state?.holdout ?? null,
    ['people met since are drawn by the flow', 'people met later are drawn by the flow'],
  );
}

/** The same for everything; nothing at Klaviyo draws for people it meets later, so a later apply does. */
function globalAction(global: GlobalHoldout, state: EspState | null): PlanAction {
  return writing(
    { key: 'property:global', name: global.property, what: 'Held out of everything', words: 'held out of everything' },
    global,
    state?.globalHoldout ?? null,
    ['people met since are not held out', 'people met later are not held out of everything'],
  );
}

function writing(
  of: { readonly key: string; readonly name: string; readonly what: string; readonly words: string },
  wanted: { readonly fraction: number; readonly saltValue: string },
  written: { readonly fraction: number; readonly salt: string } | null,
  [since, later]: readonly [string, string],
): PlanAction {
  const words = (fraction: number, salt: string) => `${exactPercent(fraction)} ${of.words}, salt ${salt}`;
  const after = words(wanted.fraction, wanted.saltValue);
  const before = written === null ? null : words(written.fraction, written.salt);
  const base = { key: of.key, type: 'property' as const, name: of.name, requests: [], wantedHash: null };
  if (before === after) {
    return { ...base, verb: 'leave', title: 'Leave property', remark: `${after}; ${since}`, changes: [], why: null };
  }
  return {
    ...base,
    verb: 'change',
    title: before === null ? 'Write property' : 'Change property',
    remark: after,
    changes: [{ what: of.what, before, after }],
    why: `Known people carry it in their profile before the flow can send; ${later}.`,
  };
}

/** What we once created and no longer want. Kept while a live flow may still use it. */
function removals({ desired, current, state, located }: Step, keepsOld: boolean): PlanAction[] {
  const wanted = new Set<ObjectKey>([
    'flow',
    ...desired.templates.map(({ key }) => key),
    ...desired.segments.map(({ key }) => key),
  ]);
  const gone = [...located.others, ...[...located.byKey.values()].filter(({ key }) => !wanted.has(key))];
  const ours = new Set([...located.byKey.values(), ...located.others].map(({ id }) => id));
  const isInUse = current.flows.some(({ id, status }) => ours.has(id) && status !== 'draft');
  const order: Partial<Record<ObjectType, number>> = { flow: 0, segment: 1, template: 2 };
  gone.sort((a, b) => (order[a.type] ?? 0) - (order[b.type] ?? 0));
  return gone.flatMap(({ key, type, id, name }): PlanAction[] => {
    const stateKey = Object.entries(state?.objects ?? {}).find(([, object]) => object.id === id)?.[0] ?? key;
    if (keepsOld || isInUse) {
      return [leaving(stateKey, type, name, 'an earlier flow that is not a draft may use it')];
    }
    return [removal(stateKey, type, id, name, 'the workflow no longer has it')];
  });
}

function removal(key: ObjectKey, type: ObjectType, id: string, name: string, remark: string): PlanAction {
  return removing(key, type, name, remark, remove(type, id, key));
}

/** Metrics and templates of the account that the flow uses as they are. */
function existing({ flow }: DesiredKlaviyo, current: KlaviyoCurrent): PlanAction[] {
  const text = JSON.stringify(flow?.definition ?? null);
  const used = (id: string) => text.includes(JSON.stringify(id));
  return [
    ...current.metrics
      .filter(({ id }) => used(id))
      .map(({ id, name }) => leaving(`metric:${id}`, 'metric', name, 'used as it is')),
    ...current.templateIds
      .filter(used)
      .map((id) => leaving(`existing-template:${id}`, 'template', nameOfTemplate(current, id), 'used as it is')),
  ];
}

function nameOfTemplate(current: KlaviyoCurrent, id: string): string {
  return current.templates.find((template) => template.id === id)?.name ?? id;
}
