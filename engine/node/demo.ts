// The whole job by the ordinary commands: a history, who can be reached, how long people take, what a workflow would
// have sent and added, which window, how large a test. Each step asks the same interface as the command line; nothing
// is known here about the data but its name.

import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Api, CallOptions, ImportRequest } from '../api.ts';
import { openBackend } from './api/backend.ts';
import { projectRoot } from './report-assets.ts';
import { makeReportPage, type ReportAnswers } from './report-page.ts';
import { readWorkflow } from './workflow-file.ts';

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

export interface DemoSummary extends ReportAnswers {
  readonly workspace: string;
  readonly dataset: string;
  readonly workflow: string;
}

const DATASET = 'demo';
const SYNTHETIC_PERSONS = 4000;

export async function makeDemo(options: DemoOptions): Promise<Demo> {
  const { workspace, seed = 1, persons = SYNTHETIC_PERSONS, signal } = options;
  const workflowPath = options.workflowPath ?? shippedWorkflow();
  const api = openBackend(workspace);
  signal?.throwIfAborted();
  options.onProgress?.({ stage: 'reading the history', done: 0, total: 7, unit: 'steps' });
  const origin = await bringIn(api, options, { persons, seed });
  const question = {
    dataset: DATASET,
    workflow: readWorkflow(workflowPath),
    workflowPath,
    set: [],
    seed,
    response: null,
  };
  const { html, answers } = await makeReportPage(api, question, {
    ...options,
    origin,
    synthetic: options.source === undefined,
    stagesBefore: 1,
  });
  return { html, summary: { workspace, dataset: DATASET, workflow: workflowPath, ...answers } };
}

/** As short as it can be typed from where one stands. */
function shippedWorkflow(): string {
  const absolute = join(projectRoot(), 'fixtures', 'workflows', 'cart-recovery.json');
  const fromHere = relative(process.cwd(), absolute);
  return fromHere.startsWith('..') ? absolute : fromHere;
}

/** Puts the dataset into the workspace, unless it is there from before. @returns the command that does the same */
async function bringIn(api: Api, options: DemoOptions, synthetic: { persons: number; seed: number }) {
  const { workspace, source } = options;
  const isThere = existsSync(workspace) && (await api.datasets()).some(({ name }) => name === DATASET);
  if (source !== undefined) {
    if (!isThere) await api.importFiles({ ...source, dataset: DATASET }, options);
    return {
      what: 'the history',
      line: `foresend import ${source.files.join(' ')} --dataset ${DATASET} --workspace ${workspace}`,
    };
  }
  if (!isThere) await api.synth({ ...synthetic, dataset: DATASET, out: null }, options);
  return {
    what: 'a synthetic shop with known truth',
    line: `foresend synth --model cart --persons ${synthetic.persons} --seed ${synthetic.seed} --dataset ${DATASET} --workspace ${workspace}`,
  };
}
