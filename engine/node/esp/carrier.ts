// Sends the requests of a plan, one after the other, to whichever service. Before each call the state on disk says what
// was done, so that an apply interrupted anywhere and run again goes on, and nothing is doubled: a create that may have
// had its effect is looked up by its exact name before it is sent.

import { type Issue, UserError } from '../../base/index.ts';
import {
  changesOf,
  ESP_NAMES,
  type EspPlan,
  type EspState,
  type EspTarget,
  type ObjectType,
  otherAccount,
  type PlanAction,
  type PlannedRequest,
  recordCreated,
  recordObject,
  recordProgress,
  recordRemoved,
  type StateObject,
  withIds,
} from '../../esp/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import type { Clock } from './clock.ts';
import { saveState } from './state-file.ts';
import { LostAnswer, VendorError } from './vendor-error.ts';

/** A service as far as a plan is carried out there. */
export interface Service {
  readonly name: string;
  readonly clock: Clock;
  /** @returns the id of what was made. @throws LostAnswer where it may or may not have been */
  create(request: PlannedRequest, body: unknown): Promise<string>;
  /** What may be sent twice. */
  send(method: 'POST' | 'PATCH' | 'PUT', path: string, body: unknown): Promise<void>;
  remove(path: string): Promise<void>;
  /** Ids of objects of one exact name. @param body what was to be made */
  idsByName(type: ObjectType, name: string, body: unknown): Promise<readonly string[]>;
}

export interface CarrierOptions {
  readonly service: Service;
  readonly plan: EspPlan;
  readonly statePath: string;
  readonly state: EspState;
  readonly onStep: (words: string, done: number, total: number) => void;
}

const LOOK_AFTER_MS = [2000, 6000] as const;
const CREATE_TRIES = 4;

export class Carrier {
  readonly #options: CarrierOptions;
  readonly #service: Service;
  #state: EspState;
  /** A create that may have been sent before: by the run that was interrupted. */
  #mayBeThere = false;

  constructor(options: CarrierOptions) {
    this.#options = options;
    this.#service = options.service;
    this.#state = options.state;
  }

  get state(): EspState {
    return this.#state;
  }

  /**
   * @param begun requests that an interrupted run had answered; null: none was interrupted
   * @param before told of each action before its requests are sent, with the number of requests before it
   */
  async carryOut(
    begun: number | null,
    before: (action: PlanAction, n: number, total: number) => Promise<void> = async () => {},
  ): Promise<void> {
    const { plan, onStep } = this.#options;
    this.#mayBeThere = begun !== null;
    const first = begun ?? 0;
    this.save(recordProgress(this.#state, plan, first));
    const total = plan.actions.reduce((sum, { requests }) => sum + requests.length, 0);
    let n = 0;
    for (const action of plan.actions) {
      await before(action, n, total);
      for (const request of action.requests) {
        if (n >= first) {
          onStep(`${action.title} "${action.name}"`, n, total);
          await this.#send(request, action);
          this.#mayBeThere = false;
          this.save(recordProgress(this.#state, plan, n + 1));
        }
        n++;
      }
    }
  }

  save(state: EspState): void {
    this.#state = state;
    saveState(this.#options.statePath, state);
  }

  async #send(request: PlannedRequest, action: PlanAction): Promise<void> {
    const ids = Object.fromEntries(Object.entries(this.#state.objects).map(([key, { id }]) => [key, id]));
    const body = request.body === null ? null : withIds(request.body, ids);
    try {
      if (request.creates !== null) {
        const id = await this.#create(request, body);
        this.#state = recordCreated(this.#state, request, id, action.wantedHash);
      } else if (request.method === 'DELETE') {
        await this.#service.remove(request.path);
        if (request.removes !== null) this.#state = recordRemoved(this.#state, request.removes);
      } else {
        await this.#service.send(
          request.method,
          request.path
            .split('/')
            .map((part) => withIds(part, ids))
            .join('/'),
          body,
        );
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
      const found = this.#mayBeThere ? await this.#look(request, body, turn > 0) : null;
      if (found !== null) return found;
      try {
        return await this.#service.create(request, body);
      } catch (error) {
        if (!(error instanceof LostAnswer)) throw error;
        this.#mayBeThere = true;
      }
    }
    const found = await this.#look(request, body, true);
    if (found !== null) return found;
    throw new UserError(
      'NO_ANSWER',
      `${this.#service.name} did not answer POST ${request.path}, ${CREATE_TRIES} times. Run the same command again; it goes on where it stopped.`,
    );
  }

  /** A list may lag behind what was just made, so it is asked again after a while. */
  async #look({ lookup, path }: PlannedRequest, body: unknown, isFresh: boolean): Promise<string | null> {
    if (lookup === null) return null;
    const known = new Set(
      Object.values(this.#state.objects).flatMap(({ type, id }) => (type === lookup.type ? [id] : [])),
    );
    for (const ms of isFresh ? LOOK_AFTER_MS : [0]) {
      if (ms > 0) await this.#service.clock.sleep(ms);
      const ids = (await this.#service.idsByName(lookup.type, lookup.name, body)).filter((id) => !known.has(id));
      if (ids.length > 1) {
        throw new UserError(
          'NAME_TWICE',
          `${this.#service.name} has ${ids.length} objects named "${lookup.name}" (${ids.join(', ')}) and it is not known which is ours: remove all but one, and run the same command again (${path}).`,
        );
      }
      if (ids[0] !== undefined) return ids[0];
    }
    return null;
  }
}

/** The lines of a plan that changed something, as a report names them. */
export function doneBy({ actions }: EspPlan): readonly Pick<PlanAction, 'verb' | 'key' | 'type' | 'name'>[] {
  return changesOf(actions).map(({ verb, key, type, name }) => ({ verb, key, type, name }));
}

/** @throws UserError where the plan is for another service, or was made for another version of the workflow */
export function refuseOtherVersion({ id, hash }: Workflow, plan: EspPlan, target: EspTarget): void {
  if (plan.plan !== target)
    throw new UserError('OTHER_SERVICE', `The plan is for ${ESP_NAMES[plan.plan]}, not for ${ESP_NAMES[target]}.`);
  if (id === plan.workflow.id && hash === plan.workflow.hash) return;
  throw new UserError('STALE_PLAN', 'The workflow has changed since the plan was made; make a new plan and read it.');
}

/**
 * Texts mean the same with a history at hand and without, because a check on another computer has none.
 * @throws UserError where they differ
 */
export function refuseOtherMeaning(plain: string, checked: string): void {
  if (plain === checked) return;
  throw new UserError(
    'AMBIGUOUS_NAME',
    'A name in a subject line or text means a property of the event by itself and of the person in this history; write "event." or "person." before it.',
  );
}

/** @throws UserError where the state is of another account */
export function refuseOtherAccount(state: EspState | null, account: string): void {
  if (state === null || state.account === '' || state.account === account) return;
  throw new UserError('OTHER_ACCOUNT', otherAccount(state, account));
}

/** Objects that the plan found by their marker get their place in the state, which may have been lost. */
export function withFound(state: EspState, found: EspState, isThere: (object: StateObject) => boolean): EspState {
  // Ids are told apart by what they are of: services count each kind from one.
  const known = new Set(Object.values(state.objects).map(({ type, id }) => `${type} ${id}`));
  let all = state;
  for (const [key, object] of Object.entries(found.objects)) {
    const own = all.objects[key];
    if (known.has(`${object.type} ${object.id}`) || (own !== undefined && isThere(own))) continue;
    all = recordObject(all, key, object);
  }
  return all;
}

/** @throws UserError with every error among them */
export function refuse(issues: readonly Issue[], words: string): void {
  const errors = issues.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  if (errors.length === 1) throw new UserError(first.code, first.message, errors);
  throw new UserError(first.code, `${words}: ${errors.length} problems.`, errors);
}
