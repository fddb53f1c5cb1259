// What the window asks beyond the command line. Files come in and go out by handle: no path is taken from a page, and
// none but the workflow's and the workspace's is told to one.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BreakdownAnswer,
  BreakdownRequest,
  CallOptions,
  DatasetInfo,
  DatasetRequest,
  ExportAnswer,
  ExportDatasetRequest,
  ExportRequest,
  ImportRequest,
  KeepRequest,
  KeptEdits,
  KeptMapping,
  PeopleAnswer,
  PeopleListRequest,
  SavedMapping,
  SavedScenario,
  SniffAnswer,
  SniffRequest,
  SynthRequest,
  WindowApi,
  WindowCurveAnswer,
  WorkflowCheckAnswer,
  WorkflowDocument,
  WorkflowRequest,
} from '../../api/index.ts';
import { type Issue, UserError } from '../../base/index.ts';
import type { ImportReport } from '../../events/index.ts';
import { applyOverrides, formatWorkflow, parseWorkflow } from '../../workflow/index.ts';
import { isClickhouseSource } from '../clickhouse/source-file.ts';
import { shellWord } from '../command-words.ts';
import { originOf } from '../origin.ts';
import { projectRoot } from '../report-assets.ts';
import type { Workspace } from '../store/index.ts';
import { version } from '../version.ts';
import { checkText } from './check-text.ts';
import { historiesLeft, MORE_HISTORIES } from './demo-histories.ts';
import type { Figure } from './figures.ts';
import { datasetInfoOf } from './remedies.ts';
import { editsOf, keepEditsOf } from './window-edits.ts';
import { ServiceBackend, type ServiceOptions } from './window-services.ts';

export interface WindowBackendOptions extends ServiceOptions {
  /** The workflow that is edited. Default: cart-recovery.json beside the workspace. */
  readonly workflowPath?: string;
  /** Whether nobody can still want what an earlier run set aside. Default true. */
  readonly fresh?: boolean;
  /** Why the workspace is only read, as it is told; absent: it is written as well. */
  readonly readonly?: string;
  /** Of the demo shop. Default 4000. */
  readonly demoPersons?: number;
  /** Whether the demo is the shop alone; else two more histories are made once it is in use. Default: where its people are told. */
  readonly isDemoAlone?: boolean;
}

/** A file the host knows. */
export interface KnownFile {
  readonly path: string;
  /** As the user knows it. */
  readonly name: string;
}

const DEMO = 'demo';
const SCENARIOS = 'scenarios';
/** What is left to make of the demo. */
const DEMO_LEFT = 'demoLeft';
const DEMO_PERSONS = 4000;
const DEMO_SEED = 1;
const WORKFLOW = 'cart-recovery.json';

/** Loaded one after another, so that a question asked meanwhile comes in between. */
const WARM = [
  () => import('../../calibrate/index.ts'),
  () => import('../../projection/index.ts'),
  () => import('./calibrations.ts'),
  () => import('./window-curve.ts'),
  () => import('../../describe/index.ts'),
];
/** Enough for the draws to be compiled. */
const WARM_DRAWS = 300;

type Ready = Awaited<ReturnType<WindowApi['ready']>>;

export class WindowBackend extends ServiceBackend implements WindowApi {
  protected override readonly keepsReplaced = true;
  readonly #options: WindowBackendOptions;
  readonly #files = new Map<string, KnownFile>();
  /** The one making of the demo that all wait for. */
  #making: Promise<void> | null = null;
  #growing: Promise<void> | null = null;
  #purged: boolean;

  constructor(options: WindowBackendOptions) {
    super({
      ...options,
      firstWorkflow: options.workflowPath ?? join(options.workspace, '..', WORKFLOW),
      template: join(projectRoot(), 'fixtures', 'workflows', WORKFLOW),
    });
    this.#options = options;
    this.#purged = options.fresh === false || options.readonly !== undefined;
  }

  addFile(handle: string, file: KnownFile): void {
    this.#files.set(handle, file);
  }

  protected override nameOf(handle: string): string {
    return this.#files.get(handle)?.name ?? handle;
  }

  /** Nobody will ask for it any more. */
  forgetFile(handle: string): void {
    this.#files.delete(handle);
  }

  /** @returns stops watching */
  watchWorkflow(onChange: (document: WorkflowDocument) => void): () => void {
    return this.shelf.watch(onChange);
  }

  /** Deletes what was set aside. */
  close(): void {
    if (this.#options.readonly === undefined) this.purge();
  }

  protected override write<T>(job: (workspace: Workspace) => T): T {
    this.#assertWritable();
    return super.write(job);
  }

  protected override async writeLong<T>(job: (workspace: Workspace) => Promise<T>): Promise<T> {
    this.#assertWritable();
    return super.writeLong(job);
  }

  #assertWritable(): void {
    const { readonly: reason } = this.#options;
    if (reason !== undefined) throw new UserError('READONLY', `${reason} Nothing was changed.`);
  }

  /**
   * Does ahead what the first questions wait for: loads what they need, reads the history, and asks once of each kind.
   * Nothing is changed. What is wrong is for the question itself to say.
   * @param kinds of questions this backend will be asked
   */
  async warmUp(kinds: 'replay' | 'all'): Promise<void> {
    if (kinds === 'all') {
      for (const load of WARM) await load();
    }
    if (!this.exists() || !this.shelf.current.isThere) return;
    const { demo, datasets } = this.#datasetsAndDemo();
    const dataset = demo ?? datasets[0]?.name ?? null;
    if (dataset === null) return;
    const { path, text } = this.shelf.current.open();
    const request = { dataset, workflow: parseWorkflow(text, path), workflowPath: path, set: [], seed: 1 };
    if (kinds === 'replay') await this.replay({ ...request, log: null, shard: null, part: null });
    else await this.project({ ...request, response: null, draws: WARM_DRAWS, calibration: false });
  }

  async ready(options: CallOptions = {}): Promise<Ready> {
    const { readonly = null } = this.#options;
    if (readonly !== null) {
      const seen = this.exists() ? this.#datasetsAndDemo() : { datasets: [], demo: null };
      return { workspace: this.path, ...seen, readonly, interrupted: [], version };
    }
    if (!this.#purged) this.purge();
    this.#purged = true;
    const { tellInterrupted } = await import('../store/index.ts');
    const interrupted = tellInterrupted(this.path);
    this.shelf.current.ensure();
    if (!this.exists() || (await this.datasets()).length === 0) {
      const making = (this.#making ??= this.#makeDemo(options).finally(() => {
        this.#making = null;
      }));
      await making;
    }
    const isGrowing = historiesLeft(this.read((workspace) => workspace.note(DEMO_LEFT))).length > 0;
    const told = { readonly, interrupted, version, ...(isGrowing ? { isDemoGrowing: true } : {}) };
    return { workspace: this.path, ...this.#datasetsAndDemo(), ...told };
  }

  async growDemo(options: CallOptions = {}): Promise<readonly DatasetInfo[]> {
    const growing = (this.#growing ??= this.#growDemo(options).finally(() => {
      this.#growing = null;
    }));
    await growing;
    return this.datasets();
  }

  async #growDemo(options: CallOptions): Promise<void> {
    const { makeHistories } = await import('./demo-histories.ts');
    const parts = {
      workspace: this.path,
      persons: this.#options.demoPersons ?? null,
      datasets: () => this.datasets(),
      synth: (request: SynthRequest, call: CallOptions) => this.synth(request, call),
      noted: () => this.read((workspace) => workspace.note(DEMO_LEFT)),
      note: (left: readonly string[]) => this.write((workspace) => workspace.setNote(DEMO_LEFT, left)),
    };
    await makeHistories(parts, options);
  }

  #datasetsAndDemo(): Pick<Ready, 'datasets' | 'demo'> {
    const datasets = this.read((workspace) => workspace.datasets());
    return {
      datasets: datasets.map(datasetInfoOf),
      demo: datasets.find(({ about }) => isMade(about))?.name ?? null,
    };
  }

  override async datasets() {
    return this.exists() ? super.datasets() : [];
  }

  async sniff(request: SniffRequest, { signal }: CallOptions = {}): Promise<SniffAnswer> {
    this.#refuseSources(request.files);
    return this.withFiles(request.files, async (paths) => {
      const { optionsOf, sniff } = await import('../import/index.ts');
      const settings = {
        asPeople: false,
        dayZero: null,
        observedFrom: null,
        observedUntil: null,
        keepDuplicates: false,
      };
      const call = signal === undefined ? {} : { signal };
      const found = await sniff(paths, optionsOf({ ...settings, ...request }, call));
      const { header: _, files, ...rest } = found;
      const pseudonymKey = { path: this.#keyPath, isThere: existsSync(this.#keyPath) };
      const saved = await this.#savedFor({ ...settings, ...request, files: paths }, call);
      const shown = files.map(({ path, bytes }) => ({ name: path, bytes }));
      return { ...rest, files: shown, pseudonymKey, ...(saved === null ? {} : { saved }) };
    });
  }

  /** How files of these columns were read last time; null where something is named now. */
  async #savedFor(request: Omit<ImportRequest, 'dataset'>, call: CallOptions): Promise<SavedMapping | null> {
    const { isNamed, keptIn, savedMapping } = await import('./mappings.ts');
    return isNamed(request) || !this.exists() ? null : savedMapping(this.read(keptIn), request, call);
  }

  async savedMappings(): Promise<readonly KeptMapping[]> {
    const { keptMappings } = await import('./mappings.ts');
    return this.exists() ? this.read(keptMappings) : [];
  }

  async forgetMapping({ id }: { readonly id: string }): Promise<void> {
    const { forgetMapping } = await import('./mappings.ts');
    this.write((workspace) => forgetMapping(workspace, id));
  }

  /** Where the page has a file, the user and password of a server are not; a dataset shows here once it is taken. */
  #refuseSources(handles: readonly string[]): void {
    const name = handles.map((handle) => this.#files.get(handle)?.name ?? '').find(isClickhouseSource);
    if (name === undefined) return;
    throw new UserError(
      'CLICKHOUSE_IN_WINDOW',
      `${name} says where in ClickHouse a history is. It is taken on the command line, into this workspace: foresend import ${shellWord(name)} --dataset NAME --workspace ${shellWord(this.path)}`,
    );
  }

  get #keyPath(): string {
    return `${this.path.replace(/\.foresend$/, '')}.pseudonym-key`;
  }

  override async importFiles(request: ImportRequest, options: CallOptions = {}): Promise<ImportReport> {
    this.#refuseSources(request.files);
    // The page names no path: the key lies beside the workspace.
    const pseudonyms = request.pseudonyms == null ? null : this.#keyPath;
    return this.withFiles(request.files, (files) => super.importFiles({ ...request, files, pseudonyms }, options));
  }

  protected override inWords(files: readonly string[]): string {
    const names = new Map([...this.#files.values()].map(({ path, name }) => [path, name]));
    return super.inWords(files.map((file) => names.get(file) ?? file));
  }

  protected override kept(report: ImportReport): ImportReport {
    return mapTexts(report, (text) => withNames(text, [...this.#files.values()]));
  }

  async importReport({ dataset }: DatasetRequest): Promise<ImportReport | null> {
    const { report } = this.read((workspace) => workspace.datasetInfo(workspace.resolveDataset(dataset ?? undefined)));
    if (report === null) return null;
    const { imports: _, ...rest } = report;
    return rest;
  }

  async removeDataset({ dataset }: { readonly dataset: string }): Promise<void> {
    this.write((workspace) => workspace.setAside(dataset));
  }

  async restoreDataset(request: { readonly dataset: string; readonly fingerprint?: string }): Promise<void> {
    this.write((workspace) => workspace.bringBack(request.dataset, request.fingerprint));
  }

  async openWorkflow(): Promise<WorkflowDocument> {
    return this.shelf.current.open();
  }

  async saveWorkflow({
    text,
    revision,
  }: {
    readonly text: string;
    readonly revision: string;
  }): Promise<WorkflowDocument> {
    return this.shelf.current.save(text, revision);
  }

  async keptEdits(): Promise<KeptEdits | null> {
    if (!this.exists()) return null;
    return this.read((workspace) => editsOf(workspace, this.shelf.openId));
  }

  async keepEdits(request: { readonly packed: object; readonly wanted: readonly string[] }): Promise<void> {
    const id = this.shelf.openId;
    this.write((workspace) => keepEditsOf(workspace, id, request));
  }

  async checkWorkflow(request: {
    readonly text: string;
    readonly dataset: string | null;
  }): Promise<WorkflowCheckAnswer> {
    return checkText(request.text, await this.#eventNames(request.dataset));
  }

  async windows(request: WorkflowRequest, options: CallOptions = {}): Promise<WindowCurveAnswer> {
    const { windowCurve } = await import('./window-curve.ts');
    const { history, workflow, answer } = this.question(request, options);
    const { notes, ...curve } = windowCurve(history, workflow, () => options.signal?.throwIfAborted());
    return { ...curve, ...answer, warnings: [...answer.warnings, ...notes] };
  }

  async people(request: WorkflowRequest, options: CallOptions = {}): Promise<PeopleAnswer> {
    const { peopleOf } = await import('./window-people.ts');
    const { history, workflow, answer } = this.question(request, options);
    return { ...peopleOf(history, workflow, options), ...answer };
  }

  async peopleFile(request: PeopleListRequest, options: CallOptions = {}): Promise<ExportAnswer> {
    const { peopleFile } = await import('./window-people.ts');
    return peopleFile(this.#options.exports, request, (one) => this.question(one, options), options);
  }

  async breakdown(request: BreakdownRequest, options: CallOptions = {}): Promise<BreakdownAnswer> {
    const { breakdownOf } = await import('./breakdown.ts');
    const { history, workflow, answer } = this.question(request, options);
    return { ...(await breakdownOf(history, workflow, request, options)), ...answer };
  }

  async scenarios(): Promise<readonly SavedScenario[]> {
    if (!this.exists()) return [];
    return (this.read((workspace) => workspace.note(SCENARIOS)) ?? []) as readonly SavedScenario[];
  }

  async saveScenarios({ scenarios }: { readonly scenarios: readonly SavedScenario[] }): Promise<void> {
    this.write((workspace) => workspace.setNote(SCENARIOS, scenarios));
  }

  async keepFile(request: KeepRequest): Promise<ExportAnswer> {
    const { keepFile } = await import('./keep-file.ts');
    return keepFile(this.#options.exports, request);
  }

  async exportDataset(request: ExportDatasetRequest, options: CallOptions = {}): Promise<ExportAnswer> {
    const { exportDataset } = await import('./export-dataset.ts');
    const { name, history } = this.history(request, options);
    return exportDataset(this.#options.exports, `${fileName(name)}-events.${request.kind}`, history, options);
  }

  async exportFile(request: ExportRequest, options: CallOptions = {}): Promise<ExportAnswer> {
    const { exportParquet, exportText, figuresCsv } = await import('./export-file.ts');
    const { exports: folder } = this.#options;
    const { workflow, answer } = this.question(request);
    const name = fileName(workflow.name);
    switch (request.kind) {
      case 'workflow': {
        const text = formatWorkflow(applyOverrides(request.workflow, [...request.set]));
        return exportText(folder, `${name}.json`, 'application/json', text);
      }
      case 'figures-csv':
        return exportText(folder, `${name}-figures.csv`, 'text/csv', figuresCsv(await this.#figures(request, options)));
      case 'figures-parquet':
        return exportParquet(folder, `${name}-figures.parquet`, await this.#figures(request, options));
      case 'report': {
        const { makeReportPage } = await import('../report-page.ts');
        const { about, sources } = this.read((workspace) => workspace.datasetInfo(answer.dataset));
        const synthetic = isMade(about);
        const { html } = await makeReportPage(
          this,
          { ...request, dataset: answer.dataset },
          {
            ...options,
            workspace: this.path,
            synthetic,
            origin: originOf(answer.dataset, sources, this.path),
          },
        );
        return exportText(folder, `${name}-report.html`, 'text/html', html);
      }
    }
  }

  async #figures(request: ExportRequest, options: CallOptions): Promise<Figure[]> {
    const { figuresOf } = await import('./figures.ts');
    const replay = await this.replay({ ...request, log: null, shard: null, part: null }, options);
    options.signal?.throwIfAborted();
    const projection = await this.project({ ...request, draws: 4000 }, options);
    options.signal?.throwIfAborted();
    const calibration = await orNull(() => this.calibrate(request, options));
    options.signal?.throwIfAborted();
    return figuresOf({ replay, projection, calibration, windows: await orNull(() => this.windows(request, options)) });
  }

  async #makeDemo(options: CallOptions): Promise<void> {
    options.onProgress?.({ stage: 'making the demo shop', done: 0, total: null, unit: 'people' });
    const persons = this.#options.demoPersons ?? DEMO_PERSONS;
    await this.synth({ persons, seed: DEMO_SEED, dataset: DEMO, out: null }, options);
    if (!(this.#options.isDemoAlone ?? this.#options.demoPersons !== undefined)) {
      this.write((workspace) =>
        workspace.setNote(
          DEMO_LEFT,
          MORE_HISTORIES.map(({ dataset }) => dataset),
        ),
      );
    }
  }

  async #eventNames(dataset: string | null): Promise<readonly string[] | null> {
    if (dataset === null && (await this.datasets()).length !== 1) return null;
    return this.read((workspace) => workspace.datasetInfo(workspace.resolveDataset(dataset ?? undefined)).eventNames);
  }

  /** Runs a job on paths, and puts the names the user knows in their place in all it says. */
  protected override async withFiles<T>(
    handles: readonly string[],
    job: (paths: readonly string[]) => Promise<T>,
  ): Promise<T> {
    const files = handles.map((handle) => {
      const file = this.#files.get(handle);
      if (file === undefined) throw new UserError('NO_FILE', 'A file is no longer here; choose it again.');
      return file;
    });
    const renamed = (text: string) => withNames(text, files);
    try {
      return mapTexts(await job(files.map(({ path }) => path)), renamed);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      throw new UserError(error.code, renamed(error.message), mapTexts<readonly Issue[]>(error.issues, renamed));
    }
  }
}

/** Whether its truth is known. */
function isMade(about: unknown): boolean {
  return typeof about === 'object' && about !== null && 'truth' in about;
}

function withNames(text: string, files: readonly KnownFile[]): string {
  return files.reduce((all, { path, name }) => all.replaceAll(path, name), text);
}

/** Null for workflows whose trigger has no waiting time. */
async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof UserError && error.code === 'NOT_CALIBRATABLE') return null;
    throw error;
  }
}

/** Letters, digits and hyphens: a name any file system takes. */
function fileName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 80);
  return plain === '' ? 'workflow' : plain.toLowerCase();
}

function mapTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T;
  if (Array.isArray(value)) return value.map((entry) => mapTexts<unknown>(entry, change)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapTexts(entry, change)])) as T;
}
