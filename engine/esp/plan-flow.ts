// The line of a plan for the flow itself. Settings of single actions can be changed there; the trigger, the filter, the
// re-entry rule and the order of actions cannot, so the flow is made anew. Is the present one live or manual, it stays
// as it is and a new draft is made beside it.

import { plural } from '../base/index.ts';
import { hashOf } from './canonical.ts';
import { type ActionPair, actionIdsOf, compareFlow } from './compare-flow.ts';
import { actionId } from './graph.ts';
import { withHandWork } from './hand-work.ts';
import type { FlowDefinition } from './klaviyo-types.ts';
import { flowDefinition, type Located } from './locate.ts';
import { normalAction, normalHead, templateIdOf } from './normal.ts';
import { arePartsChanged, isAsWanted, namesIn, renamed, type Step, withMessageId } from './plan-parts.ts';
import { createFlow, remove, updateAction } from './requests.ts';
import { readHashOf } from './state.ts';
import type { ByHand, Changed, DesiredFlow, PlanAction, PlannedRequest } from './types.ts';
import { flowRows } from './words.ts';

export interface FlowPlan {
  readonly actions: readonly PlanAction[];
  /** The present flow is not a draft and stays beside a new one. */
  readonly keepsOld: boolean;
  /** It is created, or made anew, so no single action needs a change of its own. */
  readonly isRewritten: boolean;
  /** The emails that are there, with what is wanted of them. */
  readonly emails: readonly ActionPair[];
  readonly byHand: readonly ByHand[];
}

export function planFlow(step: Step): FlowPlan {
  const flow = step.desired.flow as DesiredFlow;
  const there = step.located.byKey.get('flow');
  const wantedHash = wantedFlowHash(flow.definition);
  const base = { key: 'flow', type: 'flow' as const, wantedHash };
  if (there === undefined) {
    const why = step.located.deleted.has('flow') ? 'It was deleted in Klaviyo.' : null;
    const action: PlanAction = {
      ...base,
      verb: 'create',
      title: 'Create flow',
      name: flow.name,
      remark: `${plural(flow.definition.actions.length, 'action')}, all drafts`,
      changes: rowChanges(step, flow.definition, null),
      why,
      requests: [createFlow(flow.name, flow.definition)],
    };
    return { actions: [action], keepsOld: false, isRewritten: true, emails: [], byHand: [] };
  }
  return planExisting(step, flow, there, base);
}

/** Of a wanted flow: what it says and which templates it names, without ids. */
export function wantedFlowHash(definition: FlowDefinition): string {
  return hashOf([
    normalHead(definition),
    definition.actions.map((action) => [actionId(action), normalAction(action), templateIdOf(action), action.links]),
  ]);
}

function planExisting(
  step: Step,
  wanted: DesiredFlow,
  there: Located,
  base: Pick<PlanAction, 'key' | 'type' | 'wantedHash'>,
): FlowPlan {
  const read = step.current.flows.find(({ id }) => id === there.id);
  const found = flowDefinition(step.current, there.id);
  const flow = { ...wanted, definition: withHandWork(wanted, found) };
  const resolved = withKnownIds(step, flow.definition);
  const { unchangeable, pairs } = compareFlow(resolved, found);
  const emails = pairsOf(flow.definition, pairs);
  const changed = pairs.filter((pair) => {
    const template = templateIdOf(original(flow.definition, pair.wanted));
    return !pair.isEqual || isOtherTemplate(pair, step, template);
  });
  const isEqual = unchangeable.length === 0 && changed.length === 0;
  const readHash = read === undefined ? '' : readHashOf(read);
  const isDraft = read === undefined || read.status === 'draft';
  if (!isDraft && arePartsChanged(step)) {
    return beside(step, flow, there, base, rowChanges(step, resolved, found), read.status);
  }
  if (isAsWanted(step, 'flow', base.wantedHash ?? '', readHash, isEqual)) {
    const action: PlanAction = {
      ...base,
      verb: 'leave',
      title: 'Leave flow',
      name: there.name,
      remark: `as it is, ${read?.status ?? 'unknown'}`,
      changes: [],
      why: null,
      requests: [],
    };
    return { actions: [action], keepsOld: false, isRewritten: false, emails, byHand: [] };
  }
  const changes = rowChanges(step, resolved, found);
  if (!isDraft) return beside(step, flow, there, base, changes, read.status);
  if (unchangeable.length === 0) {
    const requests = changed.map(({ wanted: action, found: other }) =>
      updateAction(String(other['id']), withMessageId(original(flow.definition, action), other), other['links']),
    );
    const action: PlanAction = {
      ...base,
      verb: 'change',
      title: 'Change flow',
      name: there.name,
      remark: `${changed.length} of ${plural(flow.definition.actions.length, 'action')}`,
      changes,
      why: null,
      requests,
    };
    return { actions: [action], keepsOld: false, isRewritten: false, emails, byHand: [] };
  }
  const name = renamed(step, 'flow', flow.name, there.generation);
  const requests: PlannedRequest[] = [remove('flow', there.id, 'flow'), createFlow(name, flow.definition)];
  const action: PlanAction = {
    ...base,
    verb: 'recreate',
    title: 'Recreate flow',
    name,
    remark: unchangeable.join(', '),
    changes,
    why: `Klaviyo cannot change ${unchangeable.map((part) => `the ${part}`).join(' and ')} of a flow that exists, so the draft is removed and made anew.`,
    requests,
  };
  return { actions: [action], keepsOld: false, isRewritten: true, emails: [], byHand: [] };
}

/** A new draft, with a name of its own, and the old flow left to the person who turns the new one on. */
function beside(
  step: Step,
  flow: DesiredFlow,
  there: Located,
  base: Pick<PlanAction, 'key' | 'type' | 'wantedHash'>,
  changes: readonly Changed[],
  status: string,
): FlowPlan {
  const name = renamed(step, 'flow', flow.name, there.generation + 1);
  const create: PlanAction = {
    ...base,
    verb: 'create',
    title: 'Create flow',
    name,
    remark: `a new draft beside the one that is ${status}`,
    changes,
    why: `The present flow is ${status}, and Foresend changes drafts only.`,
    requests: [createFlow(name, flow.definition)],
  };
  const leave: PlanAction = {
    ...base,
    verb: 'leave',
    key: `retired:flow:${there.id}`,
    title: 'Leave flow',
    name: there.name,
    remark: `${status}, until you turn the new one on`,
    changes: [],
    why: null,
    requests: [],
    wantedHash: null,
  };
  const words = `Turn "${there.name}" off in the same sitting in which you turn "${name}" on; people inside the old one finish there or leave.`;
  const retire: ByHand = { key: 'retire', title: 'Turn the old flow off', words, value: there.name, at: '' };
  return { actions: [create, leave], keepsOld: true, isRewritten: true, emails: [], byHand: [retire] };
}

/** Placeholders of objects that exist, replaced by their ids; the others stay. */
export function withKnownIds({ located }: Step, definition: FlowDefinition): FlowDefinition {
  const text = JSON.stringify(definition).replace(/"\{\{((?:template|segment):[^"]+)\}\}"/g, (whole, key: string) => {
    const id = located.byKey.get(JSON.parse(`"${key}"`) as string)?.id;
    return id === undefined ? whole : JSON.stringify(id);
  });
  return JSON.parse(text) as FlowDefinition;
}

function original(definition: FlowDefinition, resolved: ActionPair['wanted']): ActionPair['wanted'] {
  return definition.actions.find((action) => actionId(action) === actionId(resolved)) ?? resolved;
}

function pairsOf(definition: FlowDefinition, pairs: readonly ActionPair[]): ActionPair[] {
  return pairs
    .filter(({ wanted }) => wanted.type === 'send-email')
    .map((pair) => ({ ...pair, wanted: original(definition, pair.wanted) }));
}

/** The email names another template than wanted, and not the copy that the vendor made of it when it was written. */
function isOtherTemplate(pair: ActionPair, step: Step, wanted: string | null): boolean {
  if (pair.wanted.type !== 'send-email') return false;
  const found = templateIdOf(pair.found);
  if (templateIdOf(pair.wanted) === found) return false;
  const written = step.state?.emailTemplates[actionId(pair.wanted) ?? ''];
  return !(written !== undefined && written.wanted === wanted && written.found === found);
}

function rowChanges(step: Step, wanted: FlowDefinition, found: Record<string, unknown> | null): Changed[] {
  const of = namesIn(step);
  const ids = found === null ? {} : actionIdsOf(wanted, found);
  const ours = new Map(Object.entries(ids).map(([temporary, id]) => [id, temporary]));
  const after = flowRows(wanted, { of, action: (id) => id });
  const before = found === null ? [] : flowRows(found, { of, action: (id) => ours.get(id) ?? null });
  const texts = new Map(before.map(({ what, text }) => [what, text]));
  const seen = new Set(after.map(({ what }) => what));
  return [
    ...after.map(({ what, text }) => ({ what, before: texts.get(what) ?? null, after: text })),
    ...before.filter(({ what }) => !seen.has(what)).map(({ what, text }) => ({ what, before: text, after: null })),
  ].filter((change) => change.before !== change.after);
}
