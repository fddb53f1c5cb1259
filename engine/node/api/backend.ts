// Carries out engine/api on one workspace file. A workspace is opened for each call and closed after it, so that the
// file is whole between calls; the last histories stay in memory for the next question. What a call needs of the engine
// is loaded by the call, because the statistics take a while to load and most commands need none.

import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type {
  ActiveHoursAnswer,
  ActiveHoursRequest,
  Answer,
  Api,
  BacktestAnswer,
  BacktestRequest,
  CalibrateAnswer,
  CallOptions,
  CompareAnswer,
  ComparePeopleAnswer,
  ComparePeopleRequest,
  CompareRequest,
  CrowdingAnswer,
  CrowdingRequest,
  DatasetInfo,
  DatasetRequest,
  DescribeAnswer,
  DescribeRequest,
  ExplainAnswer,
  ExplainRequest,
  GalleryAnswer,
  ImportRequest,
  LaunchAnswer,
  LaunchRequest,
  MomentsAnswer,
  PeopleListAnswer,
  PeopleListRequest,
  PersonalizeAnswer,
  ProgrammeAnswer,
  ProgrammeCostsAnswer,
  ProgrammeCostsRequest,
  ProgrammeExplainAnswer,
  ProgrammeExplainRequest,
  ProgrammeGalleryAnswer,
  ProgrammePeopleRequest,
  ProgrammeReplayRequest,
  ProgrammeRequest,
  Progress,
  ProjectAnswer,
  ProjectRequest,
  RemedyRequest,
  ReplayAnswer,
  ReplayRequest,
  RuleCostsAnswer,
  RuleCostsRequest,
  SegmentsAnswer,
  SegmentsRequest,
  SendTimesAnswer,
  SendTimesRequest,
  Stamp,
  SweepAnswer,
  SweepRequest,
  SynthAnswer,
  SynthRequest,
  TrafficAnswer,
  WorkflowRequest,
} from '../../api/index.ts';
import { type Issue, issueText, UserError } from '../../base/index.ts';
import type { History, ImportReport } from '../../events/index.ts';
import type { DrawnRun, Projection } from '../../projection/index.ts';
import type { Remedy } from '../../remedies/index.ts';
import {
  type Explanation,
  explain,
  explainProgramme,
  type ReplayResult,
  type ReplayTotals,
  replayProgramme,
  replayWorkflow,
  unmetTriggers,
} from '../../replay/index.ts';
import { applyOverrides, unknownEvents, unknownProperties, type Workflow } from '../../workflow/index.ts';
import { isClickhouseSource } from '../clickhouse/source-file.ts';
import type { DecisionLog } from '../decision-log.ts';
import type { StoredImport } from '../import/index.ts';
import { secondaryOfParts, writePart, writeProgrammePart } from '../parts.ts';
import { inWorkspace, journaled, Workspace } from '../store/index.ts';
import { version } from '../version.ts';
import { checkedWorkflow } from '../workflow-file.ts';
import { checkedResponse } from './checked-response.ts';
import { ontoOf } from './onto.ts';
import { datasetInfoOf, remediesNote } from './remedies.ts';
import { trafficOf } from './traffic.ts';

/** @param workspacePath the `.foresend` file; created by an import or a synthetic history, else it must exist */
export function openBackend(workspacePath: string): Api {
  return new Backend(workspacePath);
}

interface Held {
  readonly name: string;
  readonly fingerprint: string;
  readonly savedAt: number;
  readonly remedies: readonly Remedy[];
  readonly history: History;
}

/** A history that a question is asked of. */
export interface Asked extends Omit<Held, 'fingerprint' | 'savedAt'> {
  /** What every answer about it warns of. */
  readonly notes: readonly string[];
}

const MOST_HELD = 2;

export class Backend implements Api {
  protected readonly path: string;
  /** Whether a dataset that people were added to is kept as it was before, so that it can be brought back. */
  protected readonly keepsReplaced: boolean = false;
  /** The last asked for last. Each carries what its dataset was when it was read. */
  #held: readonly Held[] = [];

  constructor(path: string) {
    this.path = path;
  }

  async datasets(): Promise<DatasetInfo[]> {
    return this.read((workspace) => workspace.datasets().map(datasetInfoOf));
  }

  async importFiles(request: ImportRequest, options: CallOptions = {}): Promise<ImportReport> {
    const what = `An import of ${this.inWords(request.files)}`;
    return journaled(this.path, what, () => this.#importFiles(request, options));
  }

  async #importFiles(asked: ImportRequest, options: CallOptions): Promise<ImportReport> {
    if (asked.files.some(isClickhouseSource)) return this.#importSource(asked, options);
    const { isNamed, keptIn, mappedBy, mappingKeeper, savedMapping, withMapping } = await import('./mappings.ts');
    if (asked.savedMapping !== true || isNamed(asked)) {
      return this.#importAs(asked, [], await mappingKeeper(asked, options), options);
    }
    const kept = existsSync(this.path) ? this.read(keptIn) : {};
    const mapping = await savedMapping(kept, asked, options);
    if (mapping === null) return this.#importAs(asked, [], () => {}, options);
    const { request, said } = mappedBy(mapping, asked);
    try {
      return await this.#importAs(request, [said], () => {}, options);
    } catch (error) {
      throw withMapping(error, said);
    }
  }

  /** @param remember what else is kept once the import is */
  async #importAs(
    request: ImportRequest,
    said: readonly string[],
    remember: (workspace: Workspace) => void,
    options: CallOptions,
  ): Promise<ImportReport> {
    const { dataset, asPeople } = request;
    const onto = ontoOf(this.#has(dataset), request, () => this.#refuseTaken(dataset));
    const { openParts, optionsOf, rowsOf, throwIfCancelled, withParts, withSpill } = await import('../import/index.ts');
    const { beforeOf, importInto, knownOf } = await import('./import-into.ts');
    const look = () => throwIfCancelled(options.signal);
    return withSpill({}, async (spill) => {
      const before =
        onto === 'append' ? await this.readLong((workspace) => beforeOf(workspace, dataset, spill, look)) : null;
      const { keyFor } = await import('./pseudonym-key-for.ts');
      const key = keyFor(request, before, this.path);
      const settings = { ...optionsOf(request, options), pseudonyms: key ?? undefined };
      const parts = await openParts(request.files, settings, null);
      const keepIt = async (imported: StoredImport) => {
        look();
        const warnings = [...said, ...(key?.warnings ?? []), ...imported.report.warnings];
        const report = this.kept({ ...imported.report, dataset, warnings });
        const save = importInto(onto, before, imported, report, {
          keep: this.keepsReplaced,
          keepDuplicates: request.keepDuplicates,
          observes: !asPeople,
          signal: options.signal,
          onRows: rowsOf('joining what is there', settings),
          look,
        });
        return this.writeLong(async (workspace) => {
          options.onProgress?.({ stage: 'writing to the workspace', done: 0, total: report.events, unit: 'events' });
          const saved = await save(workspace);
          remember(workspace);
          return saved;
        });
      };
      return withParts(parts, knownOf(before), keepIt).finally(() => parts.close());
    });
  }

  /** What a source file names, as a dataset of its own. */
  async #importSource(request: ImportRequest, options: CallOptions): Promise<ImportReport> {
    const { assertSourceAlone, importFrom } = await import('../clickhouse/index.ts');
    const { importInto } = await import('./import-into.ts');
    const { throwIfCancelled, withSpill } = await import('../import/index.ts');
    const { dataset } = request;
    const path = assertSourceAlone(request, this.#has(dataset));
    const onto = ontoOf(this.#has(dataset), request, () => this.#refuseTaken(dataset));
    const imported = await importFrom(path, options);
    const report = this.kept({ ...imported.report, dataset });
    const look = () => throwIfCancelled(options.signal);
    look();
    return withSpill({}, async (spill) => {
      const asked = { spill, keep: this.keepsReplaced, keepDuplicates: true, observes: true, look };
      const save = importInto(onto, null, imported, report, asked);
      return this.writeLong((workspace) => {
        options.onProgress?.({ stage: 'writing to the workspace', done: 0, total: report.events, unit: 'events' });
        return save(workspace);
      });
    });
  }

  async synth(request: SynthRequest, options: CallOptions = {}): Promise<SynthAnswer> {
    const { dataset } = request;
    if (dataset !== null && this.#has(dataset)) this.#refuseTaken(dataset);
    const { makeSynthetic, syntheticSource } = await import('../synthetic.ts');
    const make = () =>
      makeSynthetic(request, options, (columns, report, truth) => {
        const meta = { report, sources: [syntheticSource(request)], about: { truth } };
        this.write((workspace) => workspace.saveDataset(report.dataset, columns, meta));
      });
    return dataset === null ? make() : journaled(this.path, `The making of the history ${dataset}`, make);
  }

  async describe(request: DescribeRequest, options: CallOptions = {}): Promise<DescribeAnswer> {
    const { describeHistory } = await import('../../describe/index.ts');
    const { name, history, remedies } = this.history(request, options);
    const { importsOf } = await import('./import-log.ts');
    const stored = this.read((workspace) => workspace.datasetInfo(name, true));
    const settings = {
      importReport: stored.report,
      moves: request.moves === true,
      ...following(options, { stage: 'trying what can be mended', unit: 'histories' }),
    };
    return { dataset: name, remedies, imports: importsOf(stored), ...describeHistory(history, settings) };
  }

  async applyRemedy(request: RemedyRequest): Promise<DatasetInfo> {
    const { remedyFor } = await import('./remedies.ts');
    const { name, remedies } = this.history(request);
    const remedy = remedyFor(await this.describe(request), request.finding);
    return this.write((workspace) => datasetInfoOf(workspace.setRemedies(name, [...remedies, remedy])));
  }

  async takeBackRemedy(request: RemedyRequest): Promise<DatasetInfo> {
    const { remediesWithout } = await import('./remedies.ts');
    const { name, remedies } = this.history(request);
    const left = remediesWithout(remedies, request.finding);
    return this.write((workspace) => datasetInfoOf(workspace.setRemedies(name, left)));
  }

  async calibrate(request: WorkflowRequest, options: CallOptions = {}): Promise<CalibrateAnswer> {
    const { calibrateOnce } = await import('./calibrations.ts');
    const { history, workflow, answer } = this.question(request, options);
    return { ...calibrateOnce(history, workflow, { seed: request.seed, ...heard(options) }), ...answer };
  }

  async replay(request: ReplayRequest, options: CallOptions = {}): Promise<ReplayAnswer> {
    const { history, workflow, answer } = this.question(request, options);
    const { workers = 1 } = request;
    if (workers > 1) {
      const { replayOnWorkers } = await import('../pool/index.ts');
      const { totals, secondary } = await replayOnWorkers(history, workflow, { workers, ...following(options) });
      return { ...totals, ...answer, ...(await secondaryOfParts(workflow, secondary, request.seed)) };
    }
    const log = request.log === null ? null : await logInto(request.log);
    const { shard } = request;
    try {
      const result = replayWorkflow(history, workflow, {
        ...following(options),
        ...(log === null ? {} : { onDecision: (decision) => log.write(decision) }),
        ...(shard === null ? {} : { buckets: (bucket) => bucket % shard.of === shard.index }),
      });
      await log?.finish();
      if (request.part !== null && shard !== null) {
        const file = applyOverrides(request.workflow, [...request.set]);
        const secondary = await talliesOf(history, workflow, result);
        writePart(request.part, { ...answer, observedUntil: history.observedUntil, shard }, file, result, secondary);
      }
      return { ...result.totals, ...answer, ...(await secondaryOf(history, workflow, result, request.seed)) };
    } catch (error) {
      log?.abandon();
      throw error;
    }
  }

  async replayProgramme(request: ProgrammeReplayRequest, options: CallOptions = {}): Promise<ProgrammeAnswer> {
    const { applyProgrammeOverrides } = await import('../../workflow/index.ts');
    const { history, workflows, answer } = await this.programmeQuestion(request);
    const { workers = 1 } = request;
    if (workers > 1) {
      const { replayProgrammeOnWorkers } = await import('../pool/index.ts');
      const pooled = await replayProgrammeOnWorkers(history, workflows, { workers, ...following(options) });
      const byId = Object.fromEntries(workflows.map(({ id }, w) => [id, pooled.workflows[w] as ReplayTotals]));
      return { programme: pooled.programme, workflows: byId, ...answer };
    }
    const log = request.log === null ? null : await logInto(request.log);
    const { shard } = request;
    try {
      const result = replayProgramme(history, workflows, {
        ...following(options),
        ...(log === null ? {} : { onDecision: (decision) => log.write(decision) }),
        ...(shard === null ? {} : { buckets: (bucket) => bucket % shard.of === shard.index }),
        enrollments: 'none',
      });
      await log?.finish();
      if (request.part !== null && shard !== null) {
        const files = applyProgrammeOverrides(request.programme, request.set);
        writeProgrammePart(request.part, { ...answer, observedUntil: history.observedUntil, shard }, files, result);
      }
      const totals = Object.fromEntries(result.workflows.map((one) => [one.id, one.totals]));
      return { programme: result.totals, workflows: totals, ...answer };
    } catch (error) {
      log?.abandon();
      throw error;
    }
  }

  async sweep(request: SweepRequest, options: CallOptions = {}): Promise<SweepAnswer> {
    const { sweep } = await import('../../projection/index.ts');
    const { history, answer } = this.question(request, options);
    const makeWorkflow = (sets: readonly string[]): Workflow => {
      const set = [...request.set, ...sets];
      return checkedWorkflow(applyOverrides(request.workflow, set), request.workflowPath, set).workflow;
    };
    const response = await checkedResponse(request.response);
    const { over, seed, workers = 1 } = request;
    const rest = { seed, ...following(options, { stage: 'comparing settings', unit: 'settings' }) };
    if (workers === 1) return { ...sweep(history, over, makeWorkflow, response, rest), ...answer };
    const { sweepOnWorkers } = await import('../pool/index.ts');
    return { ...(await sweepOnWorkers(history, over, makeWorkflow, response, { ...rest, workers })), ...answer };
  }

  async project(request: ProjectRequest, options: CallOptions = {}): Promise<ProjectAnswer> {
    const { calibratedNames } = await import('../../calibrate/index.ts');
    const { calibrateOnce } = await import('./calibrations.ts');
    const { foretoldBefore } = await import('../../backtest/index.ts');
    const { projectWithDraws } = await import('../../projection/index.ts');
    const { history, workflow, answer } = this.question(request, options);
    const response = await checkedResponse(request.response);
    const { seed, draws, drawsFile = null } = request;
    const replayed = replayWorkflow(history, workflow, following(options));
    const { besideProjection } = await import('./beside-projection.ts');
    const beside = besideProjection(request, history, replayed.enrollments);
    const settings = { seed, draws, replayed, watch: beside.watch, ...heard(options) };
    const { projection, run } = projectWithDraws(history, workflow, response, settings);
    if (drawsFile !== null) {
      if (run === null) throw new UserError('NO_DRAWS', `There are no draws to write: ${noDrawsReason(projection)}`);
      const { writeDraws } = await import('../draws-file.ts');
      await writeDraws(drawsFile, run);
    }
    return {
      ...projection,
      ...(await beside.finish(projection)),
      ...answer,
      replay: replayed.totals,
      subject: calibratedNames(workflow),
      ...(await secondaryOf(history, workflow, replayed, seed, run)),
      ...(request.calibration === false ? {} : { backtest: foretoldBefore(history, workflow, replayed) }),
      calibration: request.calibration === false ? null : calibrateOnce(history, workflow, { seed, ...heard(options) }),
    };
  }

  async ruleCosts(request: RuleCostsRequest, options: CallOptions = {}): Promise<RuleCostsAnswer> {
    const { costsOfRules } = await import('./rule-costs.ts');
    return costsOfRules(request, this.question(request, options), options);
  }

  async crowding(request: CrowdingRequest, options: CallOptions = {}): Promise<CrowdingAnswer> {
    const { crowdingOf } = await import('../../people/index.ts');
    const { history, workflow, answer } = this.question(request, options);
    return { ...crowdingOf(history, workflow, request.cap, options.signal), ...answer };
  }

  async programmeCosts(request: ProgrammeCostsRequest, options: CallOptions = {}): Promise<ProgrammeCostsAnswer> {
    const { costsOfProgramme } = await import('./rule-costs.ts');
    return costsOfProgramme(request, await this.programmeQuestion(request, options), options);
  }

  async compare(request: CompareRequest, options: CallOptions = {}): Promise<CompareAnswer> {
    const { compareColumns } = await import('./window-compare.ts');
    return compareColumns(request, (one) => this.question(one, options), options);
  }

  async comparePeople(request: ComparePeopleRequest, options: CallOptions = {}): Promise<ComparePeopleAnswer> {
    const { comparedPeople } = await import('./window-compare.ts');
    return comparedPeople(request, (one) => this.question(one, options), options);
  }

  async gallery(request: WorkflowRequest, options: CallOptions = {}): Promise<GalleryAnswer> {
    const { gallery } = await import('./window-people.ts');
    return gallery(request, (one) => this.question(one, options), options);
  }

  async listPeople(request: PeopleListRequest, options: CallOptions = {}): Promise<PeopleListAnswer> {
    const { listPeople } = await import('./window-people.ts');
    return listPeople(request, (one) => this.question(one, options), options);
  }

  async traffic(request: WorkflowRequest, options: CallOptions = {}): Promise<TrafficAnswer> {
    const { history, workflow, answer } = this.question(request, options);
    return { ...trafficOf(history, workflow, options.signal), ...answer };
  }

  async launch(request: LaunchRequest, options: CallOptions = {}): Promise<LaunchAnswer> {
    const { launchOf } = await import('./launch.ts');
    const { history, workflow, answer } = this.question(request, options);
    return { ...launchOf(history, workflow, request, options), ...answer };
  }

  async moments(request: DatasetRequest, options: CallOptions = {}): Promise<MomentsAnswer> {
    const { findMoments } = await import('../../moments/index.ts');
    const { name, history } = this.history(request, options);
    const watch = following(options, { stage: 'looking for moments', unit: 'parts' });
    return { dataset: name, history: history.fingerprint, ...findMoments(history, watch) };
  }

  async segments(request: SegmentsRequest, options: CallOptions = {}): Promise<SegmentsAnswer> {
    const { segmentsAnswer } = await import('./segments.ts');
    return segmentsAnswer(request, {
      question: (one) => this.question(one, options),
      history: () => this.history(request, options),
      ...following(options, { stage: 'placing people', unit: 'people' }),
    });
  }

  async personalize(request: WorkflowRequest, options: CallOptions = {}): Promise<PersonalizeAnswer> {
    const { personalizeAnswer } = await import('./personalize.ts');
    return personalizeAnswer(request, (one) => this.question(one, options), options);
  }

  async activeHours(request: ActiveHoursRequest, options: CallOptions = {}): Promise<ActiveHoursAnswer> {
    const { activeHoursAnswer } = await import('./personalize.ts');
    return activeHoursAnswer(request, (one) => this.question(one, options), options);
  }

  async sendTimes(request: SendTimesRequest, options: CallOptions = {}): Promise<SendTimesAnswer> {
    const { sendTimesAnswer } = await import('./personalize.ts');
    return sendTimesAnswer(request, (one) => this.question(one, options), options);
  }

  async backtest(request: BacktestRequest, options: CallOptions = {}): Promise<BacktestAnswer> {
    const { backtest } = await import('../../backtest/index.ts');
    const { history, workflow, answer } = this.question(request, options);
    const response = await checkedResponse(request.response);
    const replayed = replayWorkflow(history, workflow, following(options));
    const { split, seed } = request;
    return { ...backtest(history, workflow, { split, response, seed, replayed }), ...answer };
  }

  async explain(request: ExplainRequest, options: CallOptions = {}): Promise<ExplainAnswer> {
    const { history, workflow, answer } = this.question(request, options);
    return { ...explain(history, workflow, request.person, request.at), ...answer };
  }

  async explainProgramme(request: ProgrammeExplainRequest): Promise<ProgrammeExplainAnswer> {
    const { history, workflows, answer } = await this.programmeQuestion(request);
    const explanations = explainProgramme(history, workflows, request.person, request.at);
    const byId = Object.fromEntries(workflows.map(({ id }, w) => [id, explanations[w] as Explanation]));
    return { workflows: byId, ...answer };
  }

  async galleryProgramme(request: ProgrammeRequest, options: CallOptions = {}): Promise<ProgrammeGalleryAnswer> {
    const { galleryProgramme } = await import('./window-people.ts');
    return galleryProgramme(await this.programmeQuestion(request, options), options);
  }

  async listProgrammePeople(request: ProgrammePeopleRequest, options: CallOptions = {}): Promise<PeopleListAnswer> {
    const { listProgrammePeople } = await import('./window-people.ts');
    return listProgrammePeople(request, await this.programmeQuestion(request, options), options);
  }

  protected async programmeQuestion(request: ProgrammeRequest, options: CallOptions = {}) {
    const { checkedProgramme, of } = await import('../programme-file.ts');
    const { workflows, hash, warnings } = checkedProgramme(request.programme, request.programmePath, request.set);
    const { name, history, notes } = this.history(request, options);
    const unknown = workflows.flatMap((one) => lackedBy(history, one).map((issue) => of(one, issue)));
    const stamp: Stamp = { history: history.fingerprint, workflow: hash, version, seed: request.seed };
    const answer: Answer = {
      dataset: name,
      warnings: [...[...warnings, ...unknown].map(issueText), ...notes],
      stamp,
    };
    return { history, workflows, answer };
  }

  protected question(
    request: WorkflowRequest,
    options: CallOptions = {},
  ): { history: History; workflow: Workflow; answer: Answer } {
    const file = request.set.length === 0 ? request.workflow : applyOverrides(request.workflow, [...request.set]);
    const { workflow, warnings } = checkedWorkflow(file, request.workflowPath, request.set);
    const { name, history, notes } = this.history(request, options);
    const unknown = lackedBy(history, workflow);
    const all = [...[...warnings, ...unknown].map(issueText), ...notes];
    const stamp: Stamp = { history: history.fingerprint, workflow: workflow.hash, version, seed: request.seed };
    return { history, workflow, answer: { dataset: name, warnings: all, stamp } };
  }

  /** The same object for the same dataset as long as it is held: caches by history stay warm. */
  protected history({ dataset }: DatasetRequest, { signal }: CallOptions = {}): Asked {
    const look = () => signal?.throwIfAborted();
    look();
    return this.read((workspace) => {
      const name = workspace.resolveDataset(dataset ?? undefined);
      const { fingerprint, savedAt, remedies } = workspace.datasetInfo(name);
      const held =
        this.#held.find((one) => one.name === name && one.fingerprint === fingerprint && one.savedAt === savedAt) ??
        ({ name, fingerprint, savedAt, remedies, history: workspace.loadHistory(name, look) } satisfies Held);
      this.#held = [...this.#held.filter((one) => one !== held && one.name !== name), held].slice(-MOST_HELD);
      return { ...held, notes: remediesNote(name, held.remedies) };
    });
  }

  /** Files as they are told later. */
  protected inWords(files: readonly string[]): string {
    const [first, second, ...more] = files.map((file) => basename(file));
    if (second === undefined) return first ?? 'no file';
    return more.length === 0 ? `${first} and ${second}` : `${first} and ${more.length + 1} other files`;
  }

  /** The report of an import as it is kept and answered. */
  protected kept(report: ImportReport): ImportReport {
    return report;
  }

  protected exists(): boolean {
    return existsSync(this.path);
  }

  protected read<T>(job: (workspace: Workspace) => T): T {
    if (!this.exists()) {
      throw new UserError(
        'NO_WORKSPACE',
        `There is no workspace ${this.path}. "foresend import" and "foresend demo" make one; --workspace names another.`,
      );
    }
    return using(Workspace.open(this.path, { readonly: true }), job);
  }

  /** As `read`, of what takes its time. */
  protected async readLong<T>(job: (workspace: Workspace) => Promise<T>): Promise<T> {
    const workspace = this.read(() => Workspace.open(this.path, { readonly: true }));
    try {
      return await job(workspace);
    } finally {
      workspace.close();
    }
  }

  protected write<T>(job: (workspace: Workspace) => T): T {
    return using(Workspace.openOrCreate(this.path), job);
  }

  /** What takes its time; a workspace that is not there yet comes to be once it is done. */
  protected writeLong<T>(job: (workspace: Workspace) => Promise<T>): Promise<T> {
    return inWorkspace(this.path, job);
  }

  #has(dataset: string): boolean {
    return this.exists() && this.read((workspace) => workspace.datasets()).some(({ name }) => name === dataset);
  }

  /** Asked before long work, and again by the workspace when the work is saved. */
  #refuseTaken(dataset: string): never {
    throw new UserError(
      'DATASET_EXISTS',
      `${this.path} has a dataset "${dataset}" already; name another with --dataset.`,
    );
  }
}

function using<T>(workspace: Workspace, job: (workspace: Workspace) => T): T {
  try {
    return job(workspace);
  } finally {
    workspace.close();
  }
}

/** What a workflow names and the history lacks, as warnings. */
function lackedBy(history: History, workflow: Workflow): Issue[] {
  return [
    ...unknownEvents(workflow, history.names),
    ...unknownProperties(workflow, history.changes.propertyNames),
    ...unmetTriggers(workflow, history),
  ];
}

/** What a workflow's secondary goals come to; nothing where it has none. @param run of a projection, for later value */
async function secondaryOf(
  history: History,
  workflow: Workflow,
  { enrollments }: ReplayResult,
  seed: number,
  run?: DrawnRun | null,
): Promise<Pick<ProjectAnswer, 'secondary' | 'later'>> {
  if (workflow.secondary.length === 0) return {};
  const { laterValue, secondaryFigures } = await import('../../value/index.ts');
  const later = run === undefined ? null : laterValue(history, workflow, enrollments, run, seed);
  const secondary = secondaryFigures(history, workflow, enrollments, { seed });
  return { secondary, ...(later === null ? {} : { later }) };
}

/** As counted of some of the people; empty where the workflow has no secondary goal. */
async function talliesOf(history: History, workflow: Workflow, { enrollments }: ReplayResult) {
  if (workflow.secondary.length === 0) return [];
  const { secondaryTallies } = await import('../../value/index.ts');
  return secondaryTallies(history, workflow, enrollments);
}

function noDrawsReason({ identified, incremental }: Projection): string {
  return identified === true ? (incremental.reason ?? 'nobody enrolls.') : identified.reason;
}

async function logInto(path: string): Promise<DecisionLog> {
  const { openDecisionLog } = await import('../decision-log.ts');
  return openDecisionLog(path);
}

function heard({ signal }: CallOptions) {
  return signal === undefined ? {} : { signal };
}

function following(
  { signal, onProgress }: CallOptions,
  what: Pick<Progress, 'stage' | 'unit'> = { stage: 'replaying', unit: 'people' },
) {
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (done: number, total: number) => onProgress({ ...what, done, total }),
        }),
  };
}
