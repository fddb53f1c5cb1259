// The plan for building blocks: what would be created, changed, left or removed, with before and after in words and the
// very requests. Equal inputs give equal plans. What somebody made of a text that was left to them is kept.

import type { Issue } from '../base/index.ts';
import type { BlockAccount, BlockRoutes, DesiredBlock, DesiredBlocks, FoundBlock } from './block-types.ts';
import { canonicalText, hashOf } from './canonical.ts';
import { ESP_NAMES } from './esp-names.ts';
import { type Located, type LocatedObjects, locate } from './locate.ts';
import { markOf, titleOf } from './marker.ts';
import { byHandAction, leaving, removing, summaryOf } from './plan-lines.ts';
import { Problems } from './problems.ts';
import { keysIn, withIds } from './requests.ts';
import { checkState, emptyState, otherAccount, recordObject, recordRead, stateHash } from './state.ts';
import type { Changed, Drift, EspPlan, EspState, ObjectKey, ObjectType, PlanAction } from './types.ts';

/** What other things rest on goes last. */
const REMOVAL_ORDER: readonly ObjectType[] = ['segment', 'message', 'template', 'event', 'field', 'tag'];

export function planBlocks(
  desired: DesiredBlocks,
  current: BlockAccount,
  state: EspState | null,
  routes: BlockRoutes,
  madeAt: number,
): { readonly plan: EspPlan | null; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  problems.issues.push(...desired.problems);
  checkState(state, current.account, desired.workflow.id, problems);
  const located = locateBlocks(desired, current, state, problems);
  if (problems.failed) return { plan: null, issues: problems.issues };
  const service = ESP_NAMES[desired.target];
  const ids = idsOf(located);
  const actions: PlanAction[] = [
    ...desired.blocks.map((block) => planBlock(block, { desired, current, state, routes, located, ids, service })),
    ...removals(desired, current, state, located, routes),
  ];
  const plan: Omit<EspPlan, 'hash'> = {
    foresend: 1,
    plan: desired.target,
    revision: routes.revision,
    workflow: { id: desired.workflow.id, hash: desired.workflow.hash },
    account: current.account,
    madeAt,
    marker: desired.marker,
    basis: { current: blocksHash(current, desired.workflow.id, state), state: stateHash(state) },
    summary: summaryOf(service, actions, desired.byHand.length),
    actions: [...actions, ...desired.byHand.map(byHandAction)],
    holdout: null,
    globalHoldout: null,
    differences: desired.differences,
    byHand: desired.byHand,
  };
  return { plan: { ...plan, hash: hashOf(plan) }, issues: problems.issues };
}

interface Around {
  readonly desired: DesiredBlocks;
  readonly current: BlockAccount;
  readonly state: EspState | null;
  readonly routes: BlockRoutes;
  readonly located: LocatedObjects;
  readonly ids: Readonly<Record<ObjectKey, string>>;
  readonly service: string;
}

function planBlock(block: DesiredBlock, around: Around): PlanAction {
  const { current, state, routes, located, ids, service } = around;
  const { key, type, name } = block;
  const found = foundOf(current, located.byKey.get(key));
  const base = { key, type, wantedHash: hashOf(block.body), name: found?.name ?? name };
  if (found === null) {
    return {
      ...base,
      verb: 'create',
      title: `Create ${type}`,
      remark: '',
      changes: changedRows(null, block, around),
      why: located.deleted.has(key) ? `It was deleted in ${service}.` : null,
      requests: routes.create(block, current.account),
    };
  }
  if (isAsWanted(block, found, state, ids)) return leaving(key, type, found.name, 'as it is');
  const requests = routes.change(block, found.id, current.account);
  const isAnew = requests.some(({ creates }) => creates !== null);
  return {
    ...base,
    verb: isAnew ? 'recreate' : 'change',
    title: isAnew ? `Make ${type} anew` : `Change ${type}`,
    remark: changedRows(found, block, around)
      .map(({ what }) => what.toLowerCase())
      .join(', '),
    changes: changedRows(found, block, around),
    why: found.isShown ? null : `${service} does not show what it holds; it may have been edited there.`,
    requests,
  };
}

function isAsWanted(
  block: DesiredBlock,
  found: FoundBlock,
  state: EspState | null,
  ids: Readonly<Record<ObjectKey, string>>,
): boolean {
  if (found.isShown && isEqual(block, found, ids)) return true;
  // What names another object by its id is as wanted only where it names the one that counts now.
  if (found.isShown && keysIn(block.body).length > 0) return false;
  const written = state?.objects[block.key];
  const isOurs = written !== undefined && written.wantedHash === hashOf(block.body);
  if (isOurs && written.readHash === hashOf(found.body)) return true;
  return block.isFinishedByHand && (isOurs || written === undefined || written.wantedHash === '');
}

function isEqual(block: DesiredBlock, found: FoundBlock, ids: Readonly<Record<ObjectKey, string>>): boolean {
  if (keysIn(block.body).some((key) => ids[key] === undefined)) return false;
  return canonicalText(withIds(block.body, ids)) === canonicalText(found.body);
}

/** Whether nothing but the text differs, which services rewrite in their own way or do not show. */
function isOnlyText(block: DesiredBlock, found: FoundBlock, ids: Readonly<Record<ObjectKey, string>>): boolean {
  if (!found.isShown) return true;
  return isEqual({ ...block, body: { ...block.body, html: found.body['html'] } }, found, ids);
}

/** What we once created and no longer want. */
function removals(
  desired: DesiredBlocks,
  current: BlockAccount,
  state: EspState | null,
  located: LocatedObjects,
  routes: BlockRoutes,
): PlanAction[] {
  const wanted = new Set(desired.blocks.map(({ key }) => key));
  const isOurs = ({ type, name }: Located) => type === 'event' || markOf(name)?.workflow === desired.workflow.id;
  const gone = [...located.others, ...[...located.byKey.values()].filter(({ key }) => !wanted.has(key))].filter(isOurs);
  gone.sort((a, b) => REMOVAL_ORDER.indexOf(a.type) - REMOVAL_ORDER.indexOf(b.type));
  return gone.flatMap(({ key, type, id, name }) => {
    const stateKey =
      Object.entries(state?.objects ?? {}).find(([, object]) => object.type === type && object.id === id)?.[0] ?? key;
    const request = routes.remove(type, id, stateKey, current.account);
    return request === null ? [] : [removing(stateKey, type, name, 'the workflow no longer has it', request)];
  });
}

/** What removing everything of a workflow would do. @param state its objects, of which all are ours */
export function planBlockRemoval(
  current: BlockAccount,
  state: EspState,
  routes: BlockRoutes,
): { readonly actions: readonly PlanAction[]; readonly issues: readonly Issue[] } {
  const problems = new Problems();
  if (state.account !== current.account)
    problems.error('OTHER_ACCOUNT', 'account', otherAccount(state, current.account));
  const known = Object.entries(state.objects).filter(([, object]) => isThere(current, object.type, object.id));
  const order = ([, { type }]: (typeof known)[number]) => REMOVAL_ORDER.indexOf(type);
  known.sort((a, b) => order(a) - order(b) || (a[0] < b[0] ? -1 : 1));
  const actions = known.flatMap(([key, { type, id, name }]) => {
    const request = routes.remove(type, id, key, current.account);
    return request === null ? [] : [removing(key, type, name, 'Foresend created it', request)];
  });
  return { actions: problems.failed ? [] : actions, issues: problems.issues };
}

/** What was written beside what is there now; empty where they agree. */
export function blockDrift(desired: DesiredBlocks, current: BlockAccount, state: EspState | null): Drift[] {
  const problems = new Problems();
  const located = locateBlocks(desired, current, state, problems);
  const twice = problems.issues.map(
    ({ at, message }): Drift => ({ key: at, name: at, what: 'Name', wanted: 'one object', found: message }),
  );
  const ids = idsOf(located);
  return [
    ...twice,
    ...desired.blocks.flatMap((block): Drift[] => {
      const { key, name } = block;
      const found = foundOf(current, located.byKey.get(key));
      if (found === null) return [{ key, name: titleOf(name), what: 'Exists', wanted: 'yes', found: 'no' }];
      if (isAsWanted(block, found, state, ids)) return [];
      const rows = changedRows(found, block, { desired, ids });
      return rows.map(({ what, before, after }) => ({
        key,
        name: titleOf(found.name),
        what,
        wanted: after,
        found: before,
      }));
    }),
  ];
}

export function locateBlocks(
  desired: DesiredBlocks,
  current: BlockAccount,
  state: EspState | null,
  problems: Problems,
): LocatedObjects {
  const service = ESP_NAMES[desired.target];
  const found = locate(current.blocks, desired.workflow.id, state, service, problems);
  const byKey = new Map(found.byKey);
  for (const { key, type, name, isNamed } of desired.blocks) {
    if (byKey.has(key) || !isNamed) continue;
    const there = current.blocks.find((block) => block.type === type && block.name === name);
    if (there !== undefined) byKey.set(key, { key, type, id: there.id, name, generation: 1 });
  }
  const counted = new Set([...byKey.values()].map(({ type, id }) => `${type} ${id}`));
  return { ...found, byKey, others: found.others.filter(({ type, id }) => !counted.has(`${type} ${id}`)) };
}

/** The state as the account tells it. */
export function rebuildBlockState(desired: DesiredBlocks, current: BlockAccount): EspState {
  let state = emptyState(desired.target, desired.workflow.id, current.account);
  const { byKey, others } = locateBlocks(desired, current, null, new Problems());
  for (const { key, type, id, name } of [...others, ...byKey.values()]) {
    state = recordObject(state, key, { type, id, name, wantedHash: '', readHash: null });
  }
  return state;
}

/** After writing: what was wanted and what was then read. @param written keys of what the plan wrote */
export function recordBlocks(
  state: EspState,
  desired: DesiredBlocks,
  current: BlockAccount,
  written: ReadonlySet<ObjectKey>,
): EspState {
  const ids = Object.fromEntries(Object.entries(state.objects).map(([key, { id }]) => [key, id]));
  return desired.blocks.reduce((all, block) => {
    const own = all.objects[block.key];
    const found = current.blocks.find(({ type, id }) => type === own?.type && id === own.id);
    if (own === undefined || found === undefined) return all;
    const wantedHash = hashOf(block.body);
    const isSame = found.isShown && isEqual(block, found, ids);
    const isWritten = (written.has(block.key) || own.wantedHash === wantedHash) && isOnlyText(block, found, ids);
    return isSame || isWritten ? recordRead(all, block.key, wantedHash, hashOf(found.body)) : all;
  }, state);
}

/** Of all that a plan rests on in the account. */
export function blocksHash(current: BlockAccount, workflow: string, state: EspState | null): string {
  const ids = new Set(Object.values(state?.objects ?? {}).map(({ type, id }) => `${type} ${id}`));
  const seen = current.blocks
    .filter(({ type, id, name }) => ids.has(`${type} ${id}`) || markOf(name)?.workflow === workflow)
    .map(({ type, id, name, body }) => [`${type} ${id}`, name, hashOf(body)] as const);
  seen.sort((a, b) => (a[0] < b[0] ? -1 : 1));
  return hashOf([current.account, seen]);
}

function idsOf({ byKey }: LocatedObjects): Record<ObjectKey, string> {
  return Object.fromEntries([...byKey].map(([key, { id }]) => [key, id]));
}

function foundOf(current: BlockAccount, there: Located | undefined): FoundBlock | null {
  return current.blocks.find(({ type, id }) => type === there?.type && id === there.id) ?? null;
}

export function isThere(current: BlockAccount, type: ObjectType, id: string): boolean {
  return current.blocks.some((block) => block.type === type && block.id === id);
}

// ---------------------------------------------------------------- in words

const WORDS: Readonly<Record<string, string>> = {
  html: 'Text',
  subject: 'Subject',
  sender: 'Sender',
  fallback: 'Shown where empty',
  tag: 'Tag',
  kind: 'Kind',
  conditions: 'Who is in it',
  enabled: 'Switched on',
  edited: 'Text',
};

function changedRows(
  found: FoundBlock | null,
  block: DesiredBlock,
  { desired, ids }: Pick<Around, 'desired' | 'ids'>,
): Changed[] {
  const names = new Map(desired.blocks.map(({ key, name }) => [ids[key] ?? key, titleOf(name)]));
  const nameOf = (id: unknown) => names.get(String(id)) ?? names.get(String(id).replace(/^\{\{#?|\}\}$/g, '')) ?? id;
  const resolved = Object.fromEntries(Object.entries(block.body).filter(([, value]) => value !== null && value !== ''));
  if (found !== null && !found.isShown) {
    const after = wordsOf('html', resolved['html'], nameOf);
    return [{ what: 'Text', before: 'what is there now', after }];
  }
  const before = found?.body ?? {};
  return [...new Set([...Object.keys(resolved), ...Object.keys(before)])].flatMap((key): Changed[] => {
    const [from, to] = [wordsOf(key, before[key], nameOf), wordsOf(key, resolved[key], nameOf)];
    const isSame = key === 'conditions' ? from === to : canonicalText(before[key]) === canonicalText(resolved[key]);
    if (isSame || (from === null && to === null)) return [];
    const after = from === to && to !== null ? `${to}, with other words` : to;
    return [{ what: WORDS[key] ?? key, before: from, after }];
  });
}

function wordsOf(key: string, value: unknown, nameOf: (id: unknown) => unknown): string | null {
  if (value === undefined || value === null || value === '') return null;
  if (key === 'html') return `${String(value).replace(/<[^>]*>/g, '').length} characters of text`;
  if (key === 'conditions' && Array.isArray(value)) {
    return value.map((one) => `has the tag "${String(nameOf((one as { value?: unknown }).value))}"`).join(' and ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return String(value);
}
