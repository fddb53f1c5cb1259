// What is done with building blocks at a service: plan, apply, check, bind to what exists, removal. The same for every
// service that has them; plans and states are those of Klaviyo's export too. Only apply and removal write there.

import { issueText, UserError } from '../../base/index.ts';
import {
  type BlockAccount,
  type BlockMaker,
  type Bound,
  type BuildSheet,
  blockDrift,
  blocksHash,
  buildSheet,
  canonicalText,
  changesOf,
  type DesiredBlocks,
  type Drift,
  desiredBlocks,
  type EspPlan,
  type EspState,
  emptyState,
  isThere,
  locateBlocks,
  markOf,
  Problems,
  planBlockRemoval,
  planBlocks,
  rebuildBlockState,
  recordApply,
  recordBlocks,
  recordObject,
  recordRemoved,
  type SendScope,
  type SheetStep,
  stalenessOf,
  titleOf,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Adopted } from './adopt.ts';
import type { ApplyReport } from './apply.ts';
import type { BlockService } from './block-service.ts';
import {
  Carrier,
  doneBy,
  refuse,
  refuseOtherAccount,
  refuseOtherMeaning,
  refuseOtherVersion,
  withFound,
} from './carrier.ts';
import type { Removed, Verified } from './lifecycle.ts';
import { loadState, saveState, withLock } from './state-file.ts';

export interface BlockPlace {
  readonly service: BlockService;
  readonly workflow: Workflow;
  readonly statePath: string;
  /** How the workflow's file is called, in the commands a plan and a sheet give. */
  readonly file: string;
  /** What is decided, where that is a programme. Default: the file. */
  readonly decides?: string;
}

interface Read {
  readonly state: EspState | null;
  readonly current: BlockAccount;
  readonly desired: DesiredBlocks;
}

async function readAll({ service, workflow, statePath, file, decides }: BlockPlace): Promise<Read> {
  const state = loadState(statePath, service.maker.target);
  const current = await service.read(state);
  return { state, current, desired: wantedIn(current, { service, workflow, file, decides }) };
}

function wantedIn(
  current: BlockAccount,
  {
    service,
    workflow,
    file,
    decides,
  }: Omit<BlockPlace, 'statePath' | 'decides'> & { readonly decides?: string | undefined },
  scope?: SendScope,
) {
  const lookup = { sender: current.sender, place: current.words, file, decides: decides ?? file };
  return desiredBlocks(service.maker, workflow, lookup, scope);
}

/** @param scope what a history has when an email goes out; texts are held against it. @throws UserError */
export async function makeBlockPlan(
  place: BlockPlace,
  scope?: SendScope,
): Promise<{ readonly plan: EspPlan; readonly warnings: readonly string[]; readonly sheet: BuildSheet }> {
  const { service, workflow } = place;
  const { state, current, desired } = await readAll(place);
  const checked = scope === undefined ? desired : wantedIn(current, place, scope);
  const words = `"${workflow.id}" cannot be exported to ${service.name} as it is`;
  refuse(checked.problems, words);
  refuseOtherMeaning(canonicalText([desired.blocks, desired.fields]), canonicalText([checked.blocks, checked.fields]));
  const { plan, issues } = planBlocks(desired, current, state, service.routes, service.clock.now());
  refuse(issues, words);
  if (plan === null) throw new UserError('NO_PLAN', `${words}.`);
  const warnings = [...issues, ...checked.problems].map(issueText);
  if (state?.applying != null) {
    warnings.push(
      'An earlier apply was interrupted. Applying that plan again finishes it; this plan takes what it did as done.',
    );
  }
  return { plan, warnings: [...new Set(warnings)], sheet: sheetAsSeen(desired, current, state) };
}

/** @throws UserError where the plan is stale or refused; what was done until then is in the state file */
export function applyBlockPlan(
  place: BlockPlace,
  plan: EspPlan,
  onStep: (words: string, done: number, total: number) => void = () => {},
): Promise<ApplyReport> {
  const { service, workflow, statePath } = place;
  return withLock(statePath, async () => {
    refuseOtherVersion(workflow, plan, service.maker.target);
    const { state: before, current, desired } = await readAll(place);
    const seen = blocksHash(current, workflow.id, before);
    refuse(stalenessOf(plan, current.account, seen, before), 'The plan can no longer be applied');
    const begun = before?.applying?.plan === plan.hash ? before.applying.done : null;
    const known = before ?? emptyState(desired.target, workflow.id, plan.account);
    const isKept = ({ type, id }: { type: EspState['objects'][string]['type']; id: string }) =>
      isThere(current, type, id);
    const state = begun === null ? withFound(known, rebuildBlockState(desired, current), isKept) : known;
    const carrier = new Carrier({ service, plan, statePath, state, onStep });
    await carrier.carryOut(begun);

    const after = await service.read(carrier.state);
    const wanted = wantedIn(after, place);
    const written = new Set(
      changesOf(plan.actions)
        .filter(({ verb }) => verb !== 'remove')
        .map(({ key }) => key),
    );
    const read = recordBlocks(carrier.state, wanted, after, written);
    carrier.save(recordApply(read, plan, service.clock.now()));
    return {
      plan: plan.hash,
      account: plan.account,
      workflow: plan.workflow,
      done: doneBy(plan),
      objects: carrier.state.objects,
      assigned: null,
      drift: blockDrift(wanted, after, read),
      byHand: plan.byHand,
    };
  });
}

export interface VerifiedBlocks extends Verified {
  /** Each step ticked where the service shows that it is done. */
  readonly sheet: BuildSheet;
}

export async function verifyBlocks(place: BlockPlace): Promise<VerifiedBlocks> {
  const { workflow, service } = place;
  const { state, current, desired } = await readAll(place);
  refuseOtherAccount(state, current.account);
  refuse(desired.problems, `"${workflow.id}" cannot be exported to ${service.name} as it is`);
  return {
    workflow: { id: workflow.id, hash: workflow.hash },
    account: current.account,
    drift: blockDrift(desired, current, state),
    sheet: sheetAsSeen(desired, current, state),
  };
}

function sheetAsSeen(desired: DesiredBlocks, current: BlockAccount, state: EspState | null): BuildSheet {
  const drift = blockDrift(desired, current, state);
  const ticks = desired.sheet.map((step) => [step.key, isDone(step, drift, current)] as const);
  return buildSheet(desired, current.words, Object.fromEntries(ticks));
}

function isDone({ check }: SheetStep, drift: readonly Drift[], { automations }: BlockAccount): boolean | null {
  if (check.by === 'objects') return !drift.some(({ key }) => check.keys.includes(key));
  if (check.by === 'eye' || automations === null) return null;
  return automations.some(({ name, isOn }) => isOn && name.trim() === check.name);
}

/** The sheet without asking anybody: the sender is not known then, and nothing is ticked. */
export function sheetOffline(
  maker: BlockMaker,
  workflow: Workflow,
  file: string,
  decides = file,
): { readonly sheet: BuildSheet; readonly warnings: readonly string[] } {
  const desired = desiredBlocks(maker, workflow, { sender: null, place: null, file, decides });
  refuse(desired.problems, `"${workflow.id}" cannot be exported as it is`);
  return { sheet: buildSheet(desired, null, {}), warnings: desired.problems.map(issueText) };
}

/** Binds the state file to what exists, by marker or by the name without it; changes nothing there. */
export function adoptBlocks(place: BlockPlace): Promise<Adopted> {
  const { service, workflow, statePath } = place;
  return withLock(statePath, async () => {
    const { state: before, current, desired } = await readAll(place);
    refuseOtherAccount(before, current.account);
    refuse(desired.problems, `"${workflow.id}" cannot be exported to ${service.name} as it is`);
    const problems = new Problems();
    const { byKey } = locateBlocks(desired, current, before, problems);
    refuse(problems.issues, 'Nothing was bound');
    let state = before ?? emptyState(desired.target, workflow.id, current.account);
    const bound: Bound[] = [];
    const missing: string[] = [];
    for (const { key, type, name } of desired.blocks) {
      const there = byKey.get(key);
      const named = current.blocks.filter((block) => block.type === type && block.name === titleOf(name));
      if (there === undefined && named.length > 1) {
        const ids = named.map(({ id }) => id).join(', ');
        throw new UserError(
          'NAME_TWICE',
          `${service.name} has ${named.length} objects named "${titleOf(name)}" (${ids}): rename all but one, and adopt again.`,
        );
      }
      const one = there ?? named[0];
      if (one === undefined) {
        missing.push(key);
        continue;
      }
      const by = before?.objects[key]?.id === one.id ? 'state' : there === undefined ? 'name' : 'marker';
      if (by !== 'state') {
        state = recordObject(state, key, { type, id: one.id, name: one.name, wantedHash: '', readHash: null });
      }
      bound.push({ key, id: one.id, name: one.name, by, isEqual: true });
    }
    const off = new Set(blockDrift(desired, current, state).map(({ key }) => key));
    if (bound.length > 0) saveState(statePath, state);
    return {
      account: current.account,
      bound: bound.map((one) => ({ ...one, isEqual: !off.has(one.key) })),
      missing,
    };
  });
}

/** Removes what we created, each out of the state before the next call. What was bound by its name is left. */
export function destroyBlocks(
  place: BlockPlace,
  dryRun: boolean,
  onStep: (words: string, done: number, total: number) => void = () => {},
): Promise<Removed> {
  const { service, workflow, statePath } = place;
  return withLock(statePath, async () => {
    const { state: before, current, desired } = await readAll(place);
    refuseOtherAccount(before, current.account);
    const known = before ?? emptyState(desired.target, workflow.id, current.account);
    const all = withFound(known, rebuildBlockState(desired, current), () => true);
    const isOurs = ({ type, id, name }: EspState['objects'][string]) => {
      const now = current.blocks.find((block) => block.type === type && block.id === id)?.name ?? name;
      return type === 'event' || markOf(now)?.workflow === workflow.id;
    };
    const foreign = Object.entries(all.objects).filter(([, object]) => !isOurs(object) && object.type !== 'tracking');
    const ours = [...foreign, ['tracking'] as const].reduce((state, [key]) => recordRemoved(state, key), all);
    const { actions, issues } = planBlockRemoval(current, ours, service.routes);
    refuse(issues, 'Nothing was removed');
    const removed = actions.map(({ key, type, name }) => ({ key, type, id: ours.objects[key]?.id ?? '', name }));
    const left = foreign.map(([key, { type, id, name }]) => ({ key, type, id, name }));
    if (dryRun) return { account: current.account, removed, left, dryRun };
    let state = ours;
    for (const [i, action] of actions.entries()) {
      onStep(`${action.title} "${action.name}"`, i, actions.length);
      for (const { path } of action.requests) await service.remove(path);
      state = recordRemoved(state, action.key);
      saveState(statePath, state);
    }
    // What is gone from the account is gone from the state too.
    for (const [key, { type, id }] of Object.entries(state.objects)) {
      if (!isThere(current, type, id)) state = recordRemoved(state, key);
    }
    if (before !== null || actions.length > 0) saveState(statePath, { ...state, applying: null });
    return { account: current.account, removed, left, dryRun };
  });
}
