// The whole job by the ordinary commands: a history, who can be reached, how long people take, what a workflow would
// have sent and added, which window, how large a test. Each step asks the same interface as the command line; nothing
// is known here about the data but its name.

import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Api, CallOptions, ImportRequest } from '../api/index.ts';
import { UserError } from '../base/index.ts';
import { openBackend } from './api/backend.ts';
import { importWords, shellWord } from './command-words.ts';
import { projectRoot } from './report-assets.ts';
import { makeReportPage, type ReportAnswers } from './report-page.ts';
import { syntheticSource } from './synthetic.ts';
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
