// Carries out exactly a saved plan. Before each call the state on disk says what was done, so that an apply interrupted
// anywhere and run again goes on, and nothing is doubled: a create that may have had its effect is looked up by its
// exact name before it is sent. Nothing is set live. At the end everything is read back and compared.

import { type Issue, UserError } from '../../base/index.ts';
import {
  type Drift,
  desiredKlaviyo,
  driftOf,
  type EspState,
  emptyState,
  type KlaviyoCurrent,
  type KlaviyoPlan,
  type PlanAction,
  type PlannedRequest,
  rebuildState,
  recordApply,
  recordCreated,
  recordObject,
  recordProgress,
  recordReadBack,
  recordRemoved,
  staleness,
  withIds,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { type Assigned, assignPeople } from './assign-people.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { idsByName, readCurrent } from './read-account.ts';
import { loadState, saveState, withLock } from './state-file.ts';
import { LostAnswer, VendorError } from './vendor-error.ts';

export interface ApplyOptions {
  readonly plan: KlaviyoPlan;
  /** As it is now; a plan of another version of it is stale. */
  readonly workflow: Workflow;
  readonly statePath: string;
  readonly onStep?: (words: string, done: number, total: number) => void;
}

export interface ApplyReport {
  readonly plan: string;
  readonly account: string;
  readonly workflow: { readonly id: string; readonly hash: string };
  readonly done: readonly Pick<PlanAction, 'verb' | 'key' | 'type' | 'name'>[];
  readonly objects: EspState['objects'];
  /** Null where nobody is held out, or everybody known had an arm before. */
  readonly assigned: Assigned | null;
  /** What the account holds otherwise than it was written. */
  readonly drift: readonly Drift[];
  readonly byHand: KlaviyoPlan['byHand'];
}

/** @throws UserError where the plan is stale or Klaviyo refuses; what was done until then is in the state file */
export function applyPlan(client: KlaviyoClient, options: ApplyOptions): Promise<ApplyReport> {
  return withLock(options.statePath, () => new Apply(client, options).run());
}

const LOOK_AFTER_MS = [2000, 6000] as const;
const CREATE_TRIES = 4;

class Apply {
  readonly #client: KlaviyoClient;
  readonly #options: ApplyOptions;
  #state: EspState;
  #assigned: Assigned | null = null;
  /** A create that may have been sent before: by the run that was interrupted. */
  #mayBeThere = false;

  constructor(client: KlaviyoClient, options: ApplyOptions) {
    this.#client = client;
    this.#options = options;
    const { plan, statePath } = options;
    this.#state = loadState(statePath, 'klaviyo') ?? emptyState('klaviyo', plan.workflow.id, plan.account);
  }

  async run(): Promise<ApplyReport> {
    const { plan, workflow, statePath } = this.#options;
    const before = loadState(statePath, 'klaviyo');
    if (workflow.id !== plan.workflow.id || workflow.hash !== plan.workflow.hash) {
      throw new UserError(
        'STALE_PLAN',
        'The workflow has changed since the plan was made; make a new plan and read it.',
      );
    }
    const current = await readCurrent(this.#client, workflow, before);
    refuse(staleness(plan, current, before), 'The plan can no longer be applied');

    const begun = before?.applying?.plan === plan.hash ? before.applying.done : null;
    this.#mayBeThere = begun !== null;
    if (begun === null) this.#bind(current);
    this.#save(recordProgress(this.#state, plan, begun ?? 0));
    await this.#carryOut(begun ?? 0);

    const after = await readCurrent(this.#client, workflow, this.#state);
    const desired = desiredKlaviyo(workflow, after);
    const drift = driftOf(desired, after, recordReadBack(this.#state, desired, after));
    this.#save(recordApply(recordReadBack(this.#state, desired, after), plan, this.#client.clock.now()));
    return {
      plan: plan.hash,
      account: plan.account,
      workflow: plan.workflow,
      done: plan.actions
        .filter(({ verb }) => verb !== 'leave' && verb !== 'by hand')
        .map(({ verb, key, type, name }) => ({ verb, key, type, name })),
      objects: this.#state.objects,
      assigned: this.#assigned,
      drift,
      byHand: plan.byHand,
    };
  }

  /** Objects that the plan found by their marker get their place in the state, which may have been lost. */
  #bind(current: KlaviyoCurrent): void {
    const { plan } = this.#options;
    const known = new Set(Object.values(this.#state.objects).map(({ id }) => id));
    for (const [key, object] of Object.entries(rebuildState(current, plan.workflow.id).objects)) {
      const isGone = this.#state.objects[key] !== undefined && !isThere(current, this.#state.objects[key].id);
      if (known.has(object.id) || (this.#state.objects[key] !== undefined && !isGone)) continue;
      this.#state = recordObject(this.#state, key, object);
    }
  }

  async #carryOut(begun: number): Promise<void> {
    const { plan, onStep } = this.#options;
    const total = plan.actions.reduce((sum, { requests }) => sum + requests.length, 0);
    let n = 0;
    let isAssigned = false;
    for (const action of plan.actions) {
      const writesFlow = action.type === 'flow' && action.requests.length > 0;
      if ((action.type === 'property' && action.verb === 'change') || writesFlow) {
        // Also where the flow is what the interrupted run stopped at: nobody met in between goes without an arm.
        if (!isAssigned && begun <= n) await this.#assign(n, total);
        isAssigned = true;
      }
      for (const request of action.requests) {
        if (n >= begun) {
          onStep?.(`${action.title} "${action.name}"`, n, total);
          await this.#send(request, action);
          this.#mayBeThere = false;
          this.#save(recordProgress(this.#state, plan, n + 1));
        }
        n++;
      }
    }
  }

  async #assign(n: number, total: number): Promise<void> {
    const { plan, workflow, onStep } = this.#options;
    const { holdout } = plan;
    if (holdout === null && workflow.globalHoldout === null) return;
    this.#assigned = await assignPeople(
      this.#client,
      holdout,
      workflow.globalHoldout,
      this.#state.holdout ?? null,
      this.#state.globalHoldout ?? null,
      (people) =>
        onStep?.(`Write property "${holdout?.arm ?? workflow.globalHoldout?.salt}" of ${people} people`, n, total),
    );
  }

  async #send(request: PlannedRequest, action: PlanAction): Promise<void> {
    const ids = Object.fromEntries(Object.entries(this.#state.objects).map(([key, { id }]) => [key, id]));
    const body = request.body === null ? null : withIds(request.body, ids);
    try {
      if (request.creates !== null) {
        const id = await this.#create(request, body);
        this.#state = recordCreated(this.#state, request, id, action.wantedHash);
      } else if (request.method === 'DELETE') {
        await this.#client.remove(request.path);
        if (request.removes !== null) this.#state = recordRemoved(this.#state, request.removes);
      } else {
        await this.#client.put('PATCH', request.path, body);
      }
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      const what = `${action.title} "${action.name}": ${error.message}`;
      const way =
        error.status === 404
          ? ' It was there when the plan was made; make a new plan.'
          : ' What was done until then is in the state file; mend it and make a new plan.';
      throw new VendorError(error.code, error.status, what + (error.status === 401 || error.status === 403 ? '' : way));
    }
  }

  /** @returns the id of the one object of that name, made now or by a call whose answer was lost */
  async #create(request: PlannedRequest, body: unknown): Promise<string> {
    for (let turn = 0; turn < CREATE_TRIES; turn++) {
      const found = this.#mayBeThere ? await this.#look(request, turn > 0) : null;
      if (found !== null) return found;
      try {
        return (await this.#client.create(request.path, body)).id;
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error;
        this.#mayBeThere = true;
      }
    }
    const found = await this.#look(request, true);
    if (found !== null) return found;
    throw new UserError(
      'NO_ANSWER',
      `Klaviyo did not answer POST ${request.path}, ${CREATE_TRIES} times. Run the same command again; it goes on where it stopped.`,
    );
  }

  /** A list may lag behind what was just made, so it is asked again after a while. */
  async #look({ lookup, path }: PlannedRequest, isFresh: boolean): Promise<string | null> {
    if (lookup === null) return null;
    const known = new Set(Object.values(this.#state.objects).map(({ id }) => id));
    for (const ms of isFresh ? LOOK_AFTER_MS : [0]) {
      if (ms > 0) await this.#client.clock.sleep(ms);
      const ids = (await idsByName(this.#client, lookup.type, lookup.name)).filter((id) => !known.has(id));
      if (ids.length > 1) {
        throw new UserError(
          'NAME_TWICE',
          `Klaviyo has ${ids.length} objects named "${lookup.name}" (${ids.join(', ')}) and it is not known which is ours: remove all but one, and run the same command again (${path}).`,
        );
      }
      if (ids[0] !== undefined) return ids[0];
    }
    return null;
  }

  #save(state: EspState): void {
    this.#state = state;
    saveState(this.#options.statePath, state);
  }
}

function isThere({ flows, templates, segments }: KlaviyoCurrent, id: string): boolean {
  return [...flows, ...templates, ...segments].some((object) => object.id === id);
}

/** @throws UserError with every error among them */
export function refuse(issues: readonly Issue[], words: string): void {
  const errors = issues.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw new UserError(first.code, first.message, errors);
  throw new UserError(first.code, `${words}: ${errors.length} problems.`, errors);
}
