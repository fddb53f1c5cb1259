// The whole job by the ordinary commands: a history, who can be reached, how long people take, what a workflow would
// have sent and added, which window, how large a test. Each step asks the same interface as the command line; nothing
// is known here about the data but its name.

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type {
  Api,
  CalibrateAnswer,
  CallOptions,
  ImportRequest,
  ProjectAnswer,
  ReplayAnswer,
  SweepAnswer,
  TrafficAnswer,
  WorkflowRequest,
} from '../api.ts';
import { humanDuration, UserError } from '../base/index.ts';
import type { HistoryDescription } from '../describe/index.ts';
import { type HoldoutPlan, planHoldout } from '../holdout/index.ts';
import { type DemoReportInput, demoReport, renderPage } from '../report/index.ts';
import { workflowSentence } from '../workflow/index.ts';
import { openBackend } from './api/backend.ts';
import { importWords, shellWord } from './command-words.ts';
import { projectRoot, reportAssets } from './report-assets.ts';
import { syntheticSource } from './synthetic.ts';
import { checkedWorkflow, readWorkflow } from './workflow-file.ts';

export interface DemoOptions extends CallOptions {
  readonly workspace: string;
  /** Files of one's own instead of the synthetic shop, as `import` takes them. */
  readonly source?: Omit<ImportRequest, 'dataset'>;
  /** A workflow of one's own instead of cart recovery. */
  readonly workflowPath?: string;
  readonly seed?: number;
  readonly persons?: number;
}

export interface Demo {
  /** The report as one self-contained page. */
  readonly html: string;
  /** What each command said, in order, as its JSON. */
  readonly summary: DemoSummary;
}

export interface DemoSummary {
  readonly workspace: string;
  readonly dataset: string;
  readonly workflow: string;
  readonly description: HistoryDescription;
  readonly calibration: CalibrateAnswer;
  readonly replay: ReplayAnswer;
  readonly projection: ProjectAnswer;
  readonly sweep: SweepAnswer;
  readonly holdout: HoldoutPlan | null;
  /** The ordinary commands that give the same figures. */
  readonly commands: readonly { readonly what: string; readonly line: string }[];
}

const DATASET = 'demo';
const SYNTHETIC_PERSONS = 4000;
const WINDOWS = ['15m', '30m', '60m', '2h', '4h', '12h', '24h', '72h'];
const SYNTHETIC_CURRENCY = 'USD';
const DRAWS = 4000;

export async function makeDemo(options: DemoOptions): Promise<Demo> {
  const { workspace, seed = 1, persons = SYNTHETIC_PERSONS, signal } = options;
  const workflowPath = options.workflowPath ?? shippedWorkflow();
  const api = openBackend(workspace);
  const stage = (words: string, done: number) => {
    signal?.throwIfAborted();
    options.onProgress?.({ stage: words, done, total: 7, unit: 'steps' });
  };
  stage('reading the history', 0);
  const origin = await bringIn(api, options, { persons, seed });
  const file = readWorkflow(workflowPath);
  const { workflow } = checkedWorkflow(file, workflowPath);
  const question: WorkflowRequest = { dataset: DATASET, workflow: file, workflowPath, set: [], seed };
  stage('looking at what it holds', 1);
  const description = await api.describe({ dataset: DATASET }, options);
  stage('measuring the time to the goal', 2);
  const calibration = await api.calibrate(question, options);
  stage('replaying the workflow', 3);
  const replay = await api.replay({ ...question, log: null, shard: null, part: null }, options);
  stage('projecting what it would add', 4);
  const projection = await api.project({ ...question, response: null, draws: DRAWS }, options);
  stage('comparing windows', 5);
  const sweep = await api.sweep(
    { ...question, over: [{ path: 'trigger.within', values: WINDOWS }], response: null },
    options,
  );
  stage('sizing a test', 6);
  const traffic = await api.traffic(question, options);
  const holdout = planFor(traffic, projection);
  const at = `--workspace ${shellWord(workspace)} --dataset ${DATASET}`;
  const path = shellWord(workflowPath);
  const commands = [
    origin,
    { what: 'what it holds', line: `foresend describe ${at}` },
    { what: 'time to the goal, and the window', line: `foresend calibrate ${path} ${at} --seed ${seed}` },
    { what: 'what would have been sent', line: `foresend replay ${path} ${at}` },
    { what: 'what it would add', line: `foresend project ${path} ${at} --seed ${seed} --number ${DRAWS}` },
    {
      what: 'windows compared',
      line: `foresend sweep ${path} ${at} --seed ${seed} --over trigger.within=${WINDOWS.join(',')}`,
    },
    ...(holdout === null
      ? []
      : [
          {
            what: 'a test',
            line: `foresend holdout plan --workflow ${path} ${at} --lift ${holdout.asked.lift}`,
          },
        ]),
  ];
  const summary: DemoSummary = {
    workspace,
    dataset: DATASET,
    workflow: workflowPath,
    description,
    calibration,
    replay,
    projection,
    sweep,
    holdout,
    commands,
  };
  const html = renderPage(demoReport(reportInput(summary, workflow, options.source === undefined)), reportAssets());
  return { html, summary };
}

/** As short as it can be typed from where one stands. */
function shippedWorkflow(): string {
  const absolute = join(projectRoot(), 'fixtures', 'workflows', 'cart-recovery.json');
  const fromHere = relative(process.cwd(), absolute);
  return fromHere.startsWith('..') ? absolute : fromHere;
}

/**
 * Puts the dataset into the workspace, unless it is there from before.
 * @returns the command that does the same
 * @throws UserError `OTHER_DEMO` where a demo of other data is there: its figures would stand under the wrong name
 */
async function bringIn(api: Api, options: DemoOptions, synthetic: { persons: number; seed: number }) {
  const { workspace, source } = options;
  const there = existsSync(workspace) ? (await api.datasets()).find(({ name }) => name === DATASET) : undefined;
  const wanted = source?.files ?? [syntheticSource(synthetic)];
  if (there !== undefined && !isFrom(there.sources, wanted)) {
    throw new UserError(
      'OTHER_DEMO',
      `${workspace} holds a demo of other data (${there.sources.join(', ')}); name another file with --workspace, or delete that one.`,
    );
  }
  const at = `--dataset ${DATASET} --workspace ${shellWord(workspace)}`;
  if (source !== undefined) {
    if (there === undefined) await api.importFiles({ ...source, dataset: DATASET }, options);
    return { what: 'the history', line: `foresend import ${importWords(source)} ${at}` };
  }
  if (there === undefined) await api.synth({ ...synthetic, dataset: DATASET, out: null }, options);
  return {
    what: 'a synthetic shop with known truth',
    line: `foresend synth --model cart --persons ${synthetic.persons} --seed ${synthetic.seed} ${at}`,
  };
}

/** Whether what a dataset came from is what was named; a folder stands for the files below it. */
function isFrom(sources: readonly string[], named: readonly string[]): boolean {
  const covers = (name: string, source: string) => source === name || source.startsWith(join(name, sep));
  return (
    sources.every((source) => named.some((name) => covers(name, source))) &&
    named.every((name) => sources.some((source) => covers(name, source)))
  );
}

/** A test that would show an effect of the projected size; none where either is not known. */
function planFor(traffic: TrafficAnswer, { incremental, mailed }: ProjectAnswer): HoldoutPlan | null {
  const { baseline, firstEntriesPerWeek, goalWindowMs } = traffic;
  if (baseline === null || baseline <= 0 || baseline >= 1 || incremental.expected === null || mailed === 0) return null;
  const lift = Number((incremental.expected / mailed).toFixed(4));
  if (lift === 0 || baseline + lift <= 0 || baseline + lift >= 1) return null;
  return planHoldout({
    baseline,
    lift,
    eligiblePerWeek: firstEntriesPerWeek ?? undefined,
    outcomeWindowMs: goalWindowMs,
  });
}

function reportInput(
  summary: DemoSummary,
  workflow: ReturnType<typeof checkedWorkflow>['workflow'],
  synthetic: boolean,
): DemoReportInput {
  const { description, projection } = summary;
  const { observedUntil, persons, events } = description;
  return {
    dataset: {
      name: synthetic ? 'the demo shop' : summary.dataset,
      persons,
      events,
      from: description.from ?? observedUntil,
      to: description.to ?? observedUntil,
      observedUntil,
      synthetic,
    },
    workflow: {
      name: workflow.name,
      sentence: workflowSentence(workflow),
      holdoutFraction: workflow.holdout.fraction,
      goalWithin: workflow.goal.withinMs,
    },
    currency: synthetic ? SYNTHETIC_CURRENCY : null,
    // The page draws the band one should believe: people, not episodes, are the sample.
    calibration: {
      ...summary.calibration,
      survival: summary.calibration.survival.map((point) => ({ ...point, ...point.byPerson })),
    },
    replay: summary.replay,
    sweep: summary.sweep,
    projection,
    holdout: summary.holdout,
    exportPlan: null,
    unknowns: [
      ...projection.notices,
      `Whether people answer an email later than ${humanDuration(workflow.goal.withinMs)} after the trigger.`,
    ],
    stamp: projection.stamp,
    commands: summary.commands,
  };
}
