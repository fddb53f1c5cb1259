// Binding a workflow file to objects that exist already, ours or not. What says the same as the workflow counts as
// written, so that the next plan leaves it, also where a flow names the vendor's copies of its templates. What says
// something else is bound all the same and stays a difference, which the next plan shows part by part.

import { nearest } from '../workflow/index.ts';
import { pairsWithFlow } from './compare-flow.ts';
import { titleOf } from './marker.ts';
import { normalHtml, templateIdOf } from './normal.ts';
import { Problems } from './problems.ts';
import { recordReadBack } from './read-back.ts';
import { emptyState, readHashOf, rebuildState, recordObject } from './state.ts';
import type { CurrentTemplate, DesiredKlaviyo, EspState, KlaviyoCurrent, ObjectKey, StateObject } from './types.ts';

export interface Bound {
  readonly key: ObjectKey;
  readonly id: string;
  readonly name: string;
  /** `email`: it is the template that an email of the flow names, and reads as wanted. */
  readonly by: 'state' | 'marker' | 'name' | 'id' | 'email';
  /** Says what the workflow wants. */
  readonly isEqual: boolean;
}

export interface Adoption {
  /** Null where it is refused, or nothing was found to bind. */
  readonly state: EspState | null;
  readonly bound: readonly Bound[];
  /** Keys of the workflow's objects that exist nowhere. */
  readonly missing: readonly ObjectKey[];
  readonly issues: Problems['issues'];
}

/**
 * @param wanted the id or the exact name of the flow; null: found by its marker, else by its title
 * @param named the templates that emails of the flow name, copies that the vendor made among them
 * @param state of this workflow, if there is one; it must not be bound to another flow that still exists
 */
export function adoptFlow(
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  wanted: string | null,
  state: EspState | null,
  named: readonly CurrentTemplate[] = [],
): Adoption {
  const problems = new Problems();
  const refused = (): Adoption => ({ state: null, bound: [], missing: [], issues: problems.issues });
  if (state !== null && state.account !== current.accountId) {
    const words = `The state file was made with the account ${state.account}; this key belongs to ${current.accountId}.`;
    problems.error('OTHER_ACCOUNT', 'account', `${words} Use the other key, or another state file with --state.`);
    return refused();
  }
  const marked = rebuildState(current, desired.workflow.id).objects;
  const flow = flowToBind(desired, current, wanted, state, marked, problems);
  if (problems.failed) return refused();

  let next = state ?? emptyState('klaviyo', desired.workflow.id, current.accountId);
  const bind = (key: ObjectKey, type: StateObject['type'], { id, name }: { id: string; name: string }) => {
    if (next.objects[key]?.id !== id)
      next = recordObject(next, key, { type, id, name, wantedHash: '', readHash: null });
  };
  const found: Omit<Bound, 'isEqual'>[] = [];
  const missing: ObjectKey[] = [];
  for (const { key, type, name } of partsOf(desired)) {
    const all = type === 'template' ? current.templates : current.segments;
    const own = ownOf(key, all, state, marked) ?? byTitle(key, type, name, all, problems);
    if (own !== null) {
      bind(key, type, own);
      found.push({ key, ...own });
      continue;
    }
    const email = type === 'template' ? templateOfEmail(desired, key, flow, current, named) : null;
    if (email === null) missing.push(key);
    else {
      bind(key, 'template', email);
      found.push({ key, id: email.id, name: email.name, by: 'email' });
    }
  }
  if (problems.failed) return refused();
  if (flow === null) missing.push('flow');
  else {
    bind('flow', 'flow', flow);
    found.push({ key: 'flow', ...flow });
  }
  next = recordReadBack(next, desired, withNamed(current, found, named), { adopted: named });
  const bound = found.map((one): Bound => ({ ...one, isEqual: isRead(next, current, named, one) }));
  return { state: found.length === 0 ? null : next, bound, missing, issues: problems.issues };
}

type Own = Pick<Bound, 'id' | 'name' | 'by'>;

function flowToBind(
  desired: DesiredKlaviyo,
  { flows }: KlaviyoCurrent,
  wanted: string | null,
  state: EspState | null,
  marked: EspState['objects'],
  problems: Problems,
): Own | null {
  const bound = flows.find(({ id }) => id === state?.objects['flow']?.id);
  if (wanted === null) {
    const own = ownOf('flow', flows, state, marked);
    if (own !== null || desired.flow === null) return own;
    return byTitle('flow', 'flow', desired.flow.name, flows, problems);
  }
  const found = flows.filter(({ id, name }) => id === wanted || name === wanted);
  const [flow] = found;
  if (flow === undefined) {
    const near = nearest(
      wanted,
      flows.map(({ name }) => name),
    );
    const hint = near === null ? '' : ` The nearest is "${near}".`;
    problems.error('UNKNOWN_FLOW', 'flow', `This account has no flow "${wanted}".${hint}`);
    return null;
  }
  if (found.length > 1) {
    const ids = found.map(({ id }) => id).join(', ');
    problems.error(
      'NAME_TWICE',
      'flow',
      `This account has ${found.length} flows named "${wanted}": name one by its id, ${ids}.`,
    );
    return null;
  }
  if (bound !== undefined && bound.id !== flow.id) {
    problems.error(
      'BOUND_ALREADY',
      'objects.flow',
      `The state file is bound to the flow "${bound.name}" (${bound.id}); use another state file, or remove that one first.`,
    );
    return null;
  }
  return { id: flow.id, name: flow.name, by: 'id' };
}

function ownOf(
  key: ObjectKey,
  all: readonly { readonly id: string; readonly name: string }[],
  state: EspState | null,
  marked: EspState['objects'],
): Own | null {
  const known = all.find(({ id }) => id === state?.objects[key]?.id);
  if (known !== undefined) return { id: known.id, name: known.name, by: 'state' };
  const own = marked[key];
  return own === undefined ? null : { id: own.id, name: own.name, by: 'marker' };
}

/** A person may have made the same object, or have taken the marker out of its name. */
function byTitle(
  key: ObjectKey,
  type: StateObject['type'],
  wantedName: string,
  all: readonly { readonly id: string; readonly name: string }[],
  problems: Problems,
): Own | null {
  const title = titleOf(wantedName);
  const same = all.filter(({ name }) => name === title);
  const [one] = same;
  if (same.length > 1) {
    const ids = same.map(({ id }) => id).join(', ');
    const way = type === 'flow' ? 'say which with --flow' : 'rename all but one';
    problems.error('NAME_TWICE', key, `Klaviyo has ${same.length} objects named "${title}" (${ids}); ${way}.`);
    return null;
  }
  return one === undefined ? null : { id: one.id, name: one.name, by: 'name' };
}

function partsOf({ templates, segments }: DesiredKlaviyo) {
  return [
    ...templates.map(({ key, name }) => ({ key, name, type: 'template' as const })),
    ...segments.map(({ key, name }) => ({ key, name, type: 'segment' as const })),
  ];
}

/** The template that the corresponding email names, where its text is the wanted one or a person's to finish. */
function templateOfEmail(
  desired: DesiredKlaviyo,
  key: ObjectKey,
  flow: Own | null,
  current: KlaviyoCurrent,
  named: readonly CurrentTemplate[],
): CurrentTemplate | null {
  const definition = current.flows.find(({ id }) => id === flow?.id)?.definition;
  const template = desired.templates.find((one) => one.key === key);
  if (desired.flow === null || template === undefined) return null;
  const pair = pairsWithFlow(desired.flow.definition, definition).find(
    ({ wanted }) => templateIdOf(wanted) === `{{${key}}}`,
  );
  const id = pair === undefined ? null : templateIdOf(pair.found);
  const there = [...current.templates, ...named].find((one) => one.id === id);
  if (there === undefined) return null;
  return template.isFinishedByHand || normalHtml(there.html ?? '') === normalHtml(template.html) ? there : null;
}

function withNamed(
  current: KlaviyoCurrent,
  found: readonly Omit<Bound, 'isEqual'>[],
  named: readonly CurrentTemplate[],
): KlaviyoCurrent {
  const ids = new Set(found.filter(({ by }) => by === 'email').map(({ id }) => id));
  const more = named.filter(({ id }) => ids.has(id) && !current.templates.some((one) => one.id === id));
  return { ...current, templates: [...current.templates, ...more] };
}

function isRead(
  state: EspState,
  current: KlaviyoCurrent,
  named: readonly CurrentTemplate[],
  { key, id }: { readonly key: ObjectKey; readonly id: string },
): boolean {
  const all = [...current.flows, ...current.segments, ...current.templates, ...named];
  const there = all.find((object) => object.id === id);
  const hash = state.objects[key]?.readHash ?? null;
  return there !== undefined && hash !== null && hash === readHashOf(there);
}
