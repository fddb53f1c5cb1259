// A workflow at Klaviyo, as the window asks for it: what the command line does with the file on disk, in plain data.

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type {
  CallOptions,
  EspAdopted,
  EspApplied,
  EspPlanShown,
  EspRemoved,
  EspStanding,
  EspVerified,
  FetchedTest,
} from '../../api/index.ts';
import { DAY_MS, UserError } from '../../base/index.ts';
import { type ByHand, sendScope } from '../../esp/index.ts';
import type { History } from '../../events/index.ts';
import {
  adopt,
  applyPlan,
  bothRuns,
  destroy,
  fetchHoldout,
  KlaviyoClient,
  makePlan,
  verifyExport,
} from '../esp/index.ts';
import { actionsOf, EspDesk, type EspPlace, stepsTo, waitsTo } from './esp-desk.ts';

/** As the command's default. */
const LOOKBACK_MS = 90 * DAY_MS;

/** Makes the client of one call, which closes it. */
export type MakeClient = (options: {
  readonly key: string;
  readonly baseUrl?: string;
  readonly signal?: AbortSignal;
  readonly onWait?: (words: string) => void;
}) => KlaviyoClient;

export class KlaviyoDesk extends EspDesk {
  readonly #make: MakeClient;

  /** @param make null: Klaviyo itself */
  constructor(place: EspPlace, make: MakeClient | null) {
    super('klaviyo', place);
    this.#make = make ?? ((options) => new KlaviyoClient(options));
  }

  standing(): EspStanding {
    return { ...this.known(), sheet: null, canTell: false };
  }

  /** @param history what texts are held against and the workflow is replayed on */
  async showPlan(history: () => History, options: CallOptions): Promise<EspPlanShown> {
    const workflow = this.workflow();
    const known = history();
    const scope = sendScope(known, workflow);
    const { plan, warnings, standing } = await this.#withClient(options, (client) =>
      makePlan(client, workflow, this.statePath, scope),
    );
    this.keep(plan);
    const done = this.ticks();
    return {
      hash: plan.hash,
      account: plan.account,
      summary: plan.summary,
      actions: actionsOf(plan),
      byHand: plan.byHand.map((one) => ({ ...one, isDone: done.includes(tickOf(one)) })),
      differences: plan.differences,
      warnings: [...this.said(), ...warnings],
      both: bothRuns(known, workflow, standing),
      sheet: null,
    };
  }

  async apply(hash: string, options: CallOptions): Promise<EspApplied> {
    const workflow = this.workflow();
    const { plan } = this.shown(hash);
    const onStep = stepsTo(options);
    const report = await this.#withClient(options, (client) =>
      applyPlan(client, { plan, workflow, statePath: this.statePath, onStep }),
    );
    const { account, done, assigned, drift } = report;
    return { account, changes: done.length, assigned, drift, sheet: null };
  }

  async verify(options: CallOptions): Promise<EspVerified> {
    const workflow = this.workflow();
    const { account, drift } = await this.#withClient(options, (client) =>
      verifyExport(client, workflow, this.statePath),
    );
    return { account, drift, sheet: null };
  }

  async remove(isTrial: boolean, options: CallOptions): Promise<EspRemoved> {
    const workflow = this.workflow();
    const { account, removed, left } = await this.#withClient(options, (client) =>
      destroy(client, workflow, this.statePath, isTrial, stepsTo(options)),
    );
    return { account, removed, left };
  }

  async adopt(flow: string | null, options: CallOptions): Promise<EspAdopted> {
    const workflow = this.workflow();
    const { account, bound, missing } = await this.#withClient(options, (client) =>
      adopt(client, workflow, this.statePath, flow),
    );
    return { account, bound: bound.map(({ key, id, name, isEqual }) => ({ key, id, name, isEqual })), missing };
  }

  /** @returns where the file of results is, for a handle, and what is told of it */
  async fetchTest(options: CallOptions): Promise<{ readonly path: string; readonly found: FetchedTest }> {
    const workflow = this.workflow();
    const { signal, onProgress } = options;
    const file = randomBytes(16).toString('hex');
    const folder = join(this.place.folder, file);
    const name = `${basename(this.place.workflowPath, '.json')}-test.csv`;
    const path = join(folder, name);
    mkdirSync(folder, { recursive: true });
    try {
      const { arms, incomplete, notes } = await this.#withClient(options, (client) =>
        fetchHoldout(client, {
          workflow,
          statePath: this.statePath,
          out: path,
          from: null,
          lookbackMs: LOOKBACK_MS,
          ...(signal === undefined ? {} : { signal }),
          ...(onProgress === undefined ? {} : { onProgress }),
        }),
      );
      return { path, found: { file, name, people: arms.treated.n + arms.holdout.n, incomplete, notes } };
    } catch (error) {
      // Pages that were read stay beside the state; the table alone goes.
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  tick(hash: string, key: string, isDone: boolean): void {
    const one = this.shown(hash).plan.byHand.find((each) => each.key === key);
    if (one === undefined) throw new UserError('NOT_THERE', 'That is not among what stays to be done by hand.');
    this.setTick(tickOf(one), isDone);
  }

  async #withClient<T>(options: CallOptions, work: (client: KlaviyoClient) => Promise<T>): Promise<T> {
    const { signal } = options;
    const { url } = this.place.key.address;
    const client = this.#make({
      key: this.place.key.read(),
      onWait: waitsTo(options),
      ...(url === null ? {} : { baseUrl: url }),
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }
}

const tickOf = ({ key, value }: ByHand) => (value === null ? key : `${key}: ${value}`);
