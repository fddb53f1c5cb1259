// Carries out exactly a saved plan at Klaviyo, as drafts. Arms are written before the flow can send. Nothing is set live.
// At the end everything is read back and compared.

import { assert } from '../../base/index.ts';
import {
  type Drift,
  desiredKlaviyo,
  driftOf,
  type EspPlan,
  type EspState,
  emptyState,
  type KlaviyoCurrent,
  type PlanAction,
  rebuildState,
  recordApply,
  recordReadBack,
  staleness,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { type Assigned, assignPeople } from './assign-people.ts';
import { Carrier, doneBy, refuse, refuseOtherVersion, type Service, withFound } from './carrier.ts';
import type { KlaviyoClient } from './klaviyo-client.ts';
import { idsByName, readCurrent } from './read-account.ts';
import { loadState, withLock } from './state-file.ts';

export interface ApplyOptions {
  readonly plan: EspPlan;
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
  readonly byHand: EspPlan['byHand'];
}

/** @throws UserError where the plan is stale or Klaviyo refuses; what was done until then is in the state file */
export function applyPlan(client: KlaviyoClient, options: ApplyOptions): Promise<ApplyReport> {
  return withLock(options.statePath, () => new Apply(client, options).run());
}

class Apply {
  readonly #client: KlaviyoClient;
  readonly #options: ApplyOptions;
  #assigned: Assigned | null = null;

  constructor(client: KlaviyoClient, options: ApplyOptions) {
    this.#client = client;
    this.#options = options;
  }

  async run(): Promise<ApplyReport> {
    const { plan, workflow, statePath } = this.#options;
    const before = loadState(statePath, 'klaviyo');
    refuseOtherVersion(workflow, plan, 'klaviyo');
    const current = await readCurrent(this.#client, workflow, before);
    refuse(staleness(plan, current, before), 'The plan can no longer be applied');

    const begun = before?.applying?.plan === plan.hash ? before.applying.done : null;
    const known = before ?? emptyState('klaviyo', plan.workflow.id, plan.account);
    const marked = rebuildState(current, plan.workflow.id);
    const carrier = new Carrier({
      service: serviceOf(this.#client),
      plan,
      statePath,
      state: begun === null ? withFound(known, marked, ({ id }) => isThere(current, id)) : known,
      onStep: this.#options.onStep ?? (() => {}),
    });
    await this.#carryOut(carrier, begun);

    const after = await readCurrent(this.#client, workflow, carrier.state);
    const desired = desiredKlaviyo(workflow, after);
    const read = recordReadBack(carrier.state, desired, after);
    const drift = driftOf(desired, after, read);
    carrier.save(recordApply(read, plan, this.#client.clock.now()));
    const { objects } = carrier.state;
    return {
      plan: plan.hash,
      account: plan.account,
      workflow: plan.workflow,
      done: doneBy(plan),
      objects,
      assigned: this.#assigned,
      drift,
      byHand: plan.byHand,
    };
  }

  async #carryOut(carrier: Carrier, begun: number | null): Promise<void> {
    let isAssigned = false;
    await carrier.carryOut(begun, async (action, n, total) => {
      const writesFlow = action.type === 'flow' && action.requests.length > 0;
      if (!((action.type === 'property' && action.verb === 'change') || writesFlow)) return;
      // Also where the flow is what the interrupted run stopped at: nobody met in between goes without an arm.
      if (!isAssigned && (begun ?? 0) <= n) await this.#assign(carrier.state, n, total);
      isAssigned = true;
    });
  }

  async #assign(state: EspState, n: number, total: number): Promise<void> {
    const { plan, workflow, onStep } = this.#options;
    const { holdout } = plan;
    if (holdout === null && workflow.globalHoldout === null) return;
    this.#assigned = await assignPeople(
      this.#client,
      holdout,
      workflow.globalHoldout,
      state.holdout ?? null,
      state.globalHoldout ?? null,
      (people) =>
        onStep?.(`Write property "${holdout?.arm ?? workflow.globalHoldout?.salt}" of ${people} people`, n, total),
    );
  }
}

function serviceOf(client: KlaviyoClient): Service {
  return {
    name: 'Klaviyo',
    clock: client.clock,
    create: async ({ path }, body) => (await client.create(path, body)).id,
    async send(method, path, body) {
      assert(method !== 'PUT', 'Klaviyo has no such call');
      await client.put(method, path, body);
    },
    async remove(path) {
      await client.remove(path);
    },
    idsByName: (type, name) => idsByName(client, type, name),
  };
}

function isThere({ flows, templates, segments }: KlaviyoCurrent, id: string): boolean {
  return [...flows, ...templates, ...segments].some((object) => object.id === id);
}
