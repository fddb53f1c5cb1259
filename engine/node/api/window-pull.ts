// What the window asks of an account that is pulled, and of the workflows it may open. A pull runs as the command's
// does, into the same folders, so that one that was interrupted there goes on here; its flows are written beside the
// workspace and join the workflows to choose from.

import type {
  CallOptions,
  DatasetRequest,
  LiveFlowsAnswer,
  PullAnswer,
  PullApi,
  PullRequest,
  PullStanding,
  WorkflowChoice,
  WorkflowDocument,
} from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { formatWorkflow } from '../../workflow/index.ts';
import type { SessionKey } from '../esp/keys.ts';
import { sweepSpools } from '../esp/spool-folders.ts';
import { MOST_ASIDE_BYTES, wantedAside } from './window-edits.ts';
import type { MakeClient } from './window-esp.ts';
import { HoldoutBackend } from './window-holdout.ts';
import { WorkflowShelf } from './workflow-shelf.ts';

export interface PullBackendOptions {
  readonly workspace: string;
  readonly exports: string;
  readonly firstWorkflow: string;
  /** Copied where there is no first workflow yet. */
  readonly template: string;
  /** Null: Klaviyo itself. */
  readonly klaviyo: MakeClient | null;
  readonly klaviyoKey: SessionKey;
}

/** A pull may have to wait for minutes, which is said. */
type MakePullClient = (
  options: Parameters<MakeClient>[0] & { readonly onWait: (words: string) => void },
) => ReturnType<MakeClient>;

const OPEN_WORKFLOW = 'workflow';

export abstract class PullBackend extends HoldoutBackend implements PullApi {
  protected readonly klaviyoKey: SessionKey;
  protected readonly shelf: WorkflowShelf;
  readonly #klaviyo: MakeClient | null;

  constructor({ workspace, exports, firstWorkflow, template, klaviyo, klaviyoKey }: PullBackendOptions) {
    super(workspace, exports);
    this.klaviyoKey = klaviyoKey;
    this.#klaviyo = klaviyo;
    this.shelf = new WorkflowShelf({
      workspace,
      firstPath: firstWorkflow,
      template,
      noted: () => this.#noted(),
      note: (id) => this.write((open) => open.setNote(OPEN_WORKFLOW, id)),
    });
  }

  /** Deletes what was set aside, and what only that could have wanted. */
  protected purge(): void {
    if (!this.exists()) return;
    this.write((workspace) => workspace.purgeAside(wantedAside(workspace), MOST_ASIDE_BYTES));
    sweepSpools(this.path);
  }

  async espPulls(_request: PullRequest): Promise<PullStanding> {
    const { pullsOf } = await import('../esp/index.ts');
    return { key: this.klaviyoKey.from, pulls: pullsOf(this.path) };
  }

  async espPull(
    { dataset }: PullRequest & { readonly dataset: string },
    options: CallOptions = {},
  ): Promise<PullAnswer> {
    const { KlaviyoClient, pullKlaviyo } = await import('../esp/index.ts');
    const { signal, onProgress } = options;
    const make: MakePullClient = this.#klaviyo ?? ((client) => new KlaviyoClient(client));
    const onWait = (words: string) => onProgress?.({ stage: words, done: 0, total: null, unit: '' });
    const { url } = this.klaviyoKey.address;
    const gateway = url === null ? {} : { baseUrl: url };
    const client = make({
      key: this.klaviyoKey.read(),
      onWait,
      ...gateway,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const report = await pullKlaviyo(client, {
        workspacePath: this.path,
        dataset,
        out: this.shelf.flowsFolder,
        metrics: [],
        since: null,
        replays: false,
        keepsReplaced: true,
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      });
      const { account, until, resumed, incremental, before, import: read } = report;
      return { account, dataset, until, resumed, incremental, before, persons: read.persons, events: read.events };
    } finally {
      await client.close();
    }
  }

  async liveFlows(request: DatasetRequest, options: CallOptions = {}): Promise<LiveFlowsAnswer | null> {
    const { liveFlowsOf, pulledOf } = await import('../esp/index.ts');
    const { dataset, about } = this.#about(request);
    if (pulledOf(about) === null) return null;
    return liveFlowsOf(dataset, about, () => this.history({ dataset }, options).history, options);
  }

  async workflows(): Promise<readonly WorkflowChoice[]> {
    const { demoOf } = await import('./demo-histories.ts');
    const datasets = await this.datasets();
    return this.shelf.list().map((choice) => ({ ...choice, demo: demoOf(choice, datasets) }));
  }

  async switchWorkflow({ workflow }: { readonly workflow: string }): Promise<WorkflowDocument> {
    return this.shelf.choose(workflow);
  }

  async openFlow({ flow, ...request }: DatasetRequest & { readonly flow: string }): Promise<WorkflowDocument> {
    const { assertPulled, flowFile } = await import('../esp/index.ts');
    const { dataset, about } = this.#about(request);
    const kept = assertPulled(dataset, about).flows.find(({ id }) => id === flow);
    if (kept === undefined || kept.workflow === null) {
      throw new UserError('NO_WORKFLOW', 'That flow cannot be said as a workflow, so there is none to open.');
    }
    return this.shelf.choosePath(flowFile(this.shelf.flowsFolder, kept, formatWorkflow(kept.workflow)));
  }

  /** A workspace that cannot be read is for its own questions to say. */
  #noted(): unknown {
    try {
      return this.exists() ? this.read((open) => open.note(OPEN_WORKFLOW)) : null;
    } catch (error) {
      if (error instanceof UserError) return null;
      throw error;
    }
  }

  #about(request: DatasetRequest): { readonly dataset: string; readonly about: unknown } {
    return this.read((workspace) => {
      const dataset = workspace.resolveDataset(request.dataset ?? undefined);
      return { dataset, about: workspace.datasetInfo(dataset).about };
    });
  }
}
