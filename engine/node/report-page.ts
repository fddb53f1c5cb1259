// The report page of one dataset and one workflow, by the questions anybody can ask: what it holds, how long people take,
// what the workflow would have sent and added, which window, how large a test.

import type {
  Api,
  CalibrateAnswer,
  CallOptions,
  ProjectAnswer,
  ReplayAnswer,
  SweepAnswer,
  TrafficAnswer,
  WorkflowRequest,
} from '../api/index.ts';
import { humanDuration } from '../base/index.ts';
import type { HistoryDescription } from '../describe/index.ts';
import { type HoldoutPlan, planHoldout } from '../holdout/index.ts';
import { testInReach } from '../projection/index.ts';
import { demoReport, renderPage } from '../report/index.ts';
import { applyOverrides, type Trigger, type Workflow, workflowSentence } from '../workflow/index.ts';
import { shellWord } from './command-words.ts';
import { reportAssets } from './report-assets.ts';
import { checkedWorkflow } from './workflow-file.ts';

export interface ReportOptions extends CallOptions {
  /** For the commands on the page. */
  readonly workspace: string;
  /** The command that brought the history in, where it is known. */
  readonly origin: ReportCommand | null;
  readonly synthetic: boolean;
  /** What counts in `onProgress` before the first question here. */
  readonly stagesBefore?: number;
}

export interface ReportCommand {
  readonly what: string;
  readonly line: string;
}

export interface ReportAnswers {
  readonly description: HistoryDescription;
  readonly calibration: CalibrateAnswer;
  readonly replay: ReplayAnswer;
  readonly projection: ProjectAnswer;
  /** Null where the trigger waits for nothing. */
  readonly sweep: SweepAnswer | null;
  readonly holdout: HoldoutPlan | null;
  /** The ordinary commands that give the same figures. */
  readonly commands: readonly ReportCommand[];
}

export interface ReportQuestion extends WorkflowRequest {
  readonly dataset: string;
  readonly response: unknown;
}

const SHORT_WAITS = ['15m', '30m', '60m', '2h', '4h', '12h', '24h', '72h'];
const LONG_WAITS = ['3d', '7d', '14d', '21d', '30d', '45d', '60d', '90d'];
const SYNTHETIC_CURRENCY = 'USD';
const DRAWS = 4000;

export async function makeReportPage(
  api: Api,
  question: ReportQuestion,
  options: ReportOptions,
): Promise<{ readonly html: string; readonly answers: ReportAnswers }> {
  const { workspace, signal, stagesBefore: before = 0 } = options;
  const { dataset, workflowPath, seed, set } = question;
  const { workflow } = checkedWorkflow(applyOverrides(question.workflow, [...set]), workflowPath, set);
  const over = waitsOf(workflow.trigger);
  const stage = (words: string, done: number) => {
    signal?.throwIfAborted();
    options.onProgress?.({ stage: words, done: before + done, total: before + 6, unit: 'steps' });
  };
  stage('looking at what it holds', 0);
  const description = await api.describe({ dataset }, options);
  stage('measuring the time to the goal', 1);
  const calibration = await api.calibrate(question, options);
  stage('replaying the workflow', 2);
  const replay = await api.replay({ ...question, log: null, shard: null, part: null }, options);
  stage('projecting what it would add', 3);
  const projection = await api.project({ ...question, draws: DRAWS, sensitivity: true, eachEmail: true }, options);
  stage('comparing windows', 4);
  const sweep = over === null ? null : await api.sweep({ ...question, over: [over] }, options);
  stage('sizing a test', 5);
  const holdout = planFor(await api.traffic(question, options), projection);
  const at = `--workspace ${shellWord(workspace)} --dataset ${shellWord(dataset)}${set.map((one) => ` --set ${shellWord(one)}`).join('')}`;
  const path = shellWord(workflowPath);
  const commands = [
    ...(options.origin === null ? [] : [options.origin]),
    {
      what: 'what it holds',
      line: `foresend describe --workspace ${shellWord(workspace)} --dataset ${shellWord(dataset)}`,
    },
    { what: 'time to the goal, and the window', line: `foresend calibrate ${path} ${at} --seed ${seed}` },
    { what: 'what would have been sent', line: `foresend replay ${path} ${at}` },
    {
      what: 'what it would add',
      line: `foresend project ${path} ${at} --seed ${seed} --number ${DRAWS} --sensitivity --each-email`,
    },
    ...(over === null
      ? []
      : [
          {
            what: 'windows compared',
            line: `foresend sweep ${path} ${at} --seed ${seed} --over ${over.path}=${over.values.join(',')}`,
          },
        ]),
    ...(holdout === null
      ? []
      : [
          {
            what: 'a test',
            line: `foresend holdout plan --workflow ${path} ${at} --lift ${holdout.asked.lift}`,
          },
        ]),
  ];
  const answers: ReportAnswers = { description, calibration, replay, projection, sweep, holdout, commands };
  return { html: pageOf(answers, workflow, dataset, options.synthetic), answers };
}

/** The setting that is the waiting time, with waits worth comparing; null where the trigger waits for nothing. */
function waitsOf(trigger: Trigger): { readonly path: string; readonly values: readonly string[] } | null {
  const timed = trigger.type === 'anyOf' ? trigger.triggers.findIndex((one) => hasWait(one)) : -1;
  const one = trigger.type === 'anyOf' ? trigger.triggers[timed] : trigger;
  const at = timed < 0 ? 'trigger' : `trigger.triggers[${timed}]`;
  if (one?.type === 'inaction') return { path: `${at}.within`, values: SHORT_WAITS };
  if (one?.type === 'absence') return { path: `${at}.for`, values: LONG_WAITS };
  return null;
}

function hasWait({ type }: Trigger): boolean {
  return type === 'inaction' || type === 'absence';
}

/**
 * A test of the effect worth telling: the one at which the emails pay, or the larger one assumed by default where only
 * that can be told in time. None where neither is known.
 */
function planFor(traffic: TrafficAnswer, { incremental, cheapestTest }: ProjectAnswer): HoldoutPlan | null {
  const { baseline, firstEntriesPerWeek, goalWindowMs } = traffic;
  const { smallestEffect } = testInReach(cheapestTest);
  if (baseline === null || baseline <= 0 || baseline >= 1) return null;
  if (incremental.expected === null || smallestEffect === null) return null;
  const lift = Number(smallestEffect.toFixed(4));
  if (lift === 0 || baseline + lift <= 0 || baseline + lift >= 1) return null;
  return planHoldout({
    baseline,
    lift,
    eligiblePerWeek: firstEntriesPerWeek ?? undefined,
    outcomeWindowMs: goalWindowMs,
  });
}

function pageOf(answers: ReportAnswers, workflow: Workflow, dataset: string, synthetic: boolean): string {
  const { description, projection, calibration, replay, sweep, holdout, commands } = answers;
  const { observedUntil, persons, events } = description;
  const page = demoReport({
    dataset: {
      name: synthetic && dataset === 'demo' ? 'the demo shop' : dataset,
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
      ...calibration,
      survival: calibration.survival.map((point) => ({ ...point, ...point.byPerson })),
    },
    replay,
    sweep,
    projection,
    sensitivity: projection.sensitivity ?? null,
    emails: projection.emails ?? null,
    holdout,
    exportPlan: null,
    unknowns: [
      ...projection.notices,
      `Whether people answer an email later than ${humanDuration(workflow.goal.withinMs)} after the trigger.`,
    ],
    stamp: projection.stamp,
    commands,
  });
  return renderPage(page, reportAssets());
}
