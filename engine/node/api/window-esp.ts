// A workflow at Klaviyo, as the window asks for it: what the command line does with the file on disk, in plain data. A
// plan that was shown is kept beside the files made for the user, so that what is applied is exactly what was read.

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type {
  CallOptions,
  EspAdopted,
  EspApplied,
  EspPlanShown,
  EspRemoved,
  EspStanding,
  EspVerified,
  ExportAnswer,
} from '../../api.ts';
import { UserError } from '../../base/index.ts';
import { type ByHand, fitOf, sendScope, titleOf } from '../../esp/index.ts';
import type { History } from '../../events/index.ts';
import {
  adopt,
  applyPlan,
  bothRuns,
  destroy,
  KlaviyoClient,
  loadPlan,
  loadState,
  makePlan,
  savePlan,
  statePathOf,
  verifyExport,
} from '../esp/index.ts';
import type { SessionKey } from '../esp/keys.ts';
import { readText, writeWhole } from '../files.ts';
import { loadWorkflow } from '../workflow-file.ts';
import { exportText } from './export-file.ts';

/** Makes the client of one call, which closes it. */
export type MakeClient = (options: { readonly key: string; readonly signal?: AbortSignal }) => KlaviyoClient;

export interface EspPlace {
  readonly workflowPath: string;
  /** Where the plan last shown is kept. */
  readonly folder: string;
  readonly key: SessionKey;
  /** Null: Klaviyo itself. */
  readonly client: MakeClient | null;
}

export class EspDesk {
  readonly #place: EspPlace;
  readonly #statePath: string;

  constructor(place: EspPlace) {
    this.#place = place;
    this.#statePath = statePathOf(place.workflowPath, 'klaviyo');
  }

  /** Asks nothing of the network. */
  standing(): EspStanding {
    const workflow = this.#workflow();
    const state = loadState(this.#statePath, 'klaviyo');
    return {
      key: this.#place.key.from,
      differences: {
        klaviyo: fitOf(workflow, 'klaviyo'),
        mailchimp: fitOf(workflow, 'mailchimp'),
        activecampaign: fitOf(workflow, 'activecampaign'),
      },
      account: state?.account ?? null,
      applies: state?.applies.map(({ at, workflowHash }) => ({ at, workflowHash })) ?? [],
      isUnfinished: state?.applying != null,
    };
  }

  /** @param history what texts are held against and the workflow is replayed on */
  async showPlan(history: () => History, options: CallOptions): Promise<EspPlanShown> {
    const workflow = this.#workflow();
    const known = history();
    const scope = sendScope(known, workflow);
    const { plan, warnings, standing } = await this.#withClient(options, (client) =>
      makePlan(client, workflow, this.#statePath, scope),
    );
    const { workflowPath } = this.#place;
    savePlan(this.#planPath, { plan, workflowPath, statePath: this.#statePath });
    const done = readTicks(this.#ticksPath);
    return {
      hash: plan.hash,
      account: plan.account,
      summary: plan.summary,
      actions: plan.actions
        .filter(({ verb }) => verb !== 'by hand')
        .map(({ verb, key, type, title, name, remark, why, changes, requests }) => {
          const calls = requests.map(({ method, path }) => ({ method, path }));
          return { verb, key, type, title, name: titleOf(name), remark, why, changes, requests: calls };
        }),
      byHand: plan.byHand.map((one) => ({ ...one, isDone: done.includes(tickOf(one)) })),
      differences: plan.differences,
      warnings,
      both: bothRuns(known, workflow, standing),
    };
  }

  async apply(hash: string, options: CallOptions): Promise<EspApplied> {
    const workflow = this.#workflow();
    const { plan } = this.#shown(hash);
    const onStep = stepsTo(options);
    const report = await this.#withClient(options, (client) =>
      applyPlan(client, { plan, workflow, statePath: this.#statePath, onStep }),
    );
    return { account: report.account, changes: report.done.length, assigned: report.assigned, drift: report.drift };
  }

  async verify(options: CallOptions): Promise<EspVerified> {
    const workflow = this.#workflow();
    const { account, drift } = await this.#withClient(options, (client) =>
      verifyExport(client, workflow, this.#statePath),
    );
    return { account, drift };
  }

  async remove(isTrial: boolean, options: CallOptions): Promise<EspRemoved> {
    const workflow = this.#workflow();
    const { account, removed, left } = await this.#withClient(options, (client) =>
      destroy(client, workflow, this.#statePath, isTrial, stepsTo(options)),
    );
    return { account, removed, left };
  }

  async adopt(flow: string | null, options: CallOptions): Promise<EspAdopted> {
    const workflow = this.#workflow();
    const { account, bound, missing } = await this.#withClient(options, (client) =>
      adopt(client, workflow, this.#statePath, flow),
    );
    return { account, bound: bound.map(({ key, id, name, isEqual }) => ({ key, id, name, isEqual })), missing };
  }

  /** With the places of workflow and state written out, so that it can be applied from anywhere on this computer. */
  planFile(hash: string): ExportAnswer {
    const { plan, workflowPath, statePath } = this.#shown(hash);
    const files = { workflow: resolve(workflowPath), state: resolve(statePath) };
    const text = `${JSON.stringify({ ...plan, files }, null, 2)}\n`;
    return exportText(this.#place.folder, `${plan.workflow.id}.klaviyo-plan.json`, 'application/json', text);
  }

  /** Kept with the value it was ticked for: another value is another thing to do. */
  tick(hash: string, key: string, isDone: boolean): void {
    const one = this.#shown(hash).plan.byHand.find((each) => each.key === key);
    if (one === undefined) throw new UserError('NOT_THERE', 'That is not among what stays to be done by hand.');
    const others = readTicks(this.#ticksPath).filter((tick) => tick !== tickOf(one));
    writeWhole(this.#ticksPath, `${JSON.stringify({ done: isDone ? [...others, tickOf(one)] : others }, null, 2)}\n`);
  }

  #workflow() {
    return loadWorkflow(this.#place.workflowPath).workflow;
  }

  #shown(hash: string) {
    const saved = existsSync(this.#planPath) ? loadPlan(this.#planPath) : null;
    if (saved?.plan.hash !== hash) {
      throw new UserError('STALE_PLAN', 'That plan is no longer here; make a new plan and read it.');
    }
    return saved;
  }

  async #withClient<T>({ signal }: CallOptions, work: (client: KlaviyoClient) => Promise<T>): Promise<T> {
    const make: MakeClient = this.#place.client ?? ((options) => new KlaviyoClient(options));
    const client = make({ key: this.#place.key.read(), ...(signal === undefined ? {} : { signal }) });
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  get #planPath(): string {
    return join(this.#place.folder, 'klaviyo-plan.json');
  }

  get #ticksPath(): string {
    return this.#statePath.replace(/\.klaviyo\.json$/, '.klaviyo-by-hand.json');
  }
}

function stepsTo({ onProgress }: CallOptions) {
  return (stage: string, done: number, total: number) => onProgress?.({ stage, done, total, unit: 'calls' });
}

const tickOf = ({ key, value }: ByHand) => (value === null ? key : `${key}: ${value}`);

function readTicks(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  try {
    const { done } = JSON.parse(readText(path)) as { readonly done?: unknown };
    return Array.isArray(done) ? done.filter((one) => typeof one === 'string') : [];
  } catch {
    throw new UserError('BAD_TICKS', `${path} cannot be read; mend it or remove it.`);
  }
}
