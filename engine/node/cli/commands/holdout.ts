// holdout plan, holdout analyze: how large a test, and what a test says. They need no history.

import type { Command } from 'commander';
import type { ProjectAnswer } from '../../../api.ts';
import { parseDuration, UserError } from '../../../base/index.ts';
import { type HoldoutAnalysis, type HoldoutPlanInput, isWithheld } from '../../../holdout/index.ts';
import type { ProjectionScore } from '../../../projection/index.ts';
import { assertOutput, writeText } from '../../files.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { collect, finiteNumber, historyOptions, jsonOption, numberList, wholeNumber } from '../options.ts';
import { printAnalysis, printPlan } from '../print/holdout.ts';
import { wrapped } from '../table.ts';

interface PlanOptions {
  readonly json?: boolean;
  readonly workspace: string;
  readonly dataset?: string;
  readonly baseline?: number;
  readonly lift: number;
  readonly fraction?: number;
  readonly power: number;
  readonly alpha: number;
  readonly eligiblePerWeek?: number;
  readonly goalWindow?: string;
  readonly value?: number;
  readonly deadline?: number;
  readonly workflow?: string;
}

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly arm?: string;
  readonly control?: string;
  readonly outcome: readonly string[];
  readonly value?: string;
  readonly ratio?: string;
  readonly alpha: number;
  readonly counts?: readonly number[];
  readonly planned?: number;
  readonly projection?: string;
  readonly responseOut?: string;
}

/** @returns the command whose subcommands these are */
export function registerHoldout(program: Command, context: Context): Command {
  const holdout = program
    .command('holdout')
    .description('plan a holdout test, read a running one back, or analyze one');

  historyOptions(holdout.command('plan'))
    .description('how many people, how long, at what price')
    .option('--baseline <rate>', 'rate of the goal without the emails, such as 0.08', finiteNumber)
    .requiredOption(
      '--lift <difference>',
      'the change to be shown, absolute: 0.04 is 4 percentage points',
      finiteNumber,
    )
    .option('--fraction <share>', 'share held out (default: the smallest that meets the deadline)', finiteNumber)
    .option('--power <share>', 'chance to show the change if it is there', finiteNumber, 0.8)
    .option('--alpha <share>', 'two-sided error where there is no change', finiteNumber, 0.05)
    .option('--eligible-per-week <n>', 'people newly eligible in a week', finiteNumber)
    .option('--goal-window <duration>', 'time after the trigger in which the goal counts, such as 7d')
    .option('--value <money>', 'money per conversion, for the price', finiteNumber)
    .option('--deadline <weeks>', 'longest test accepted, in weeks', wholeNumber(1, 520))
    .option('--workflow <file>', 'take baseline, traffic and goal window from a replay of this workflow')
    .action(async (options: PlanOptions) => {
      const { planHoldout } = await import('../../../holdout/index.ts');
      const plan = planHoldout(await planInput(options, context));
      context.out(options.json === true ? JSON.stringify(plan, null, 2) : printPlan(plan));
    });

  jsonOption(holdout.command('analyze [file]'))
    .description('what a test says: from a file with one row per person, or from four counts')
    .option('--arm <column>', 'the column that names the arm')
    .option('--control <name>', 'the arm that got no email')
    .option('--outcome <columns...>', 'columns of 0 and 1', (value: string, list: string[]) => collect(value, list), [])
    .option('--value <column>', 'a column of money')
    .option('--ratio <r>', 'planned split treated:control, such as 9; for several arms a list or name=weight pairs')
    .option('--alpha <share>', 'two-sided error of the intervals', finiteNumber, 0.05)
    .option('--counts <nT,xT,nC,xC>', 'people and conversions, treated and control', numberList)
    .option('--planned <n>', 'people planned in all, fixed before the first look', wholeNumber(1))
    .option('--projection <file>', 'hold what `project --json` foretold against what was measured')
    .option('--response-out <file>', 'write a response file with what was measured, for later projections')
    .action(async (file: string | undefined, options: AnalyzeOptions) => {
      const analysis = options.counts === undefined ? await fromFile(file, options) : await fromCounts(file, options);
      const score = options.projection === undefined ? undefined : await scored(options.projection, analysis);
      if (options.responseOut !== undefined) writeMeasured(options.responseOut, file, options, analysis);
      const words = [printAnalysis(analysis), ...(score === undefined ? [] : ['', ...wrapped(score.text, 0)])];
      context.out(
        options.json === true
          ? JSON.stringify({ ...analysis, ...(score === undefined ? {} : { score }) }, null, 2)
          : words.join('\n'),
      );
    });
  return holdout;
}

/** The one comparison that a workflow's projection speaks of. */
function onlyArm({ arms }: HoldoutAnalysis, option: string): HoldoutAnalysis['arms'][number] {
  const [first, ...more] = arms;
  if (first === undefined || more.length > 0)
    throw new UsageError(`${option} takes a test with one treated arm and one outcome; this one has ${arms.length}.`);
  if (isWithheld(first)) {
    throw new UserError(
      'SAMPLE_RATIO',
      `${option}: the sizes of the arms do not fit the planned split, so no figure of this test may be used. ${first.verdict}`,
    );
  }
  return first;
}

async function scored(path: string, analysis: HoldoutAnalysis): Promise<ProjectionScore> {
  const { treated, control } = onlyArm(analysis, '--projection');
  const { readWorkflow } = await import('../../workflow-file.ts');
  const { scoreProjection } = await import('../../../projection/index.ts');
  const answer = readWorkflow(path) as Partial<ProjectAnswer>;
  const { mailed, incremental, identified } = answer;
  if (typeof mailed !== 'number' || incremental === undefined || identified === undefined)
    throw new UserError('NO_PROJECTION', `${path} is not what "foresend project --json" prints.`);
  const score = scoreProjection({ mailed, incremental, identified }, treated, control);
  if (score === null) {
    throw new UserError(
      'NOTHING_FORETOLD',
      `${path} foretells no single difference${incremental.reason === undefined ? '' : `: ${incremental.reason}`}, or the test has no spread to hold it against.`,
    );
  }
  return score;
}

function writeMeasured(
  out: string,
  file: string | undefined,
  options: AnalyzeOptions,
  analysis: HoldoutAnalysis,
): void {
  assertOutput(
    out,
    [file, options.projection].filter((input) => input !== undefined),
  );
  const { treated, control, outcome } = onlyArm(analysis, '--response-out');
  const arms = { treated: { n: treated.n, x: treated.x }, control: { n: control.n, x: control.x } };
  const content = { foresend: 1, response: `measured for ${outcome}`, measured: arms };
  writeText(out, `${JSON.stringify(content, null, 2)}\n`);
}

async function planInput(options: PlanOptions, context: Context): Promise<HoldoutPlanInput> {
  const window = options.goalWindow === undefined ? undefined : parseDuration(options.goalWindow);
  if (window === null)
    throw new UsageError(`--goal-window ${options.goalWindow}: it takes a duration with its unit, such as 7d.`);
  const given = {
    lift: options.lift,
    fraction: options.fraction,
    power: options.power,
    alpha: options.alpha,
    valuePerConversion: options.value,
    deadlineWeeks: options.deadline,
  };
  if (options.workflow === undefined) {
    if (options.baseline === undefined)
      throw new UsageError('holdout plan needs --baseline, or --workflow to take it from a replay.');
    return { ...given, baseline: options.baseline, eligiblePerWeek: options.eligiblePerWeek, outcomeWindowMs: window };
  }
  const { openBackend } = await import('../../api/backend.ts');
  const { readWorkflow } = await import('../../workflow-file.ts');
  const traffic = await openBackend(options.workspace).traffic(
    {
      dataset: options.dataset ?? null,
      workflow: readWorkflow(options.workflow),
      workflowPath: options.workflow,
      set: [],
      seed: 1,
    },
    context,
  );
  for (const warning of traffic.warnings) context.log(`warning: ${warning}`);
  const baseline = options.baseline ?? traffic.baseline;
  if (baseline === null)
    throw new UserError('NO_BASELINE', `The replay gives no baseline: ${traffic.reason}. Give --baseline.`);
  if (options.baseline === undefined && (baseline === 0 || baseline === 1)) {
    const who = baseline === 0 ? 'nobody' : 'everybody';
    const message = `The replay gives no baseline to plan with: of those who enroll, ${who} converts in this history. Give --baseline.`;
    throw new UserError('NO_BASELINE', message);
  }
  return {
    ...given,
    baseline,
    eligiblePerWeek: options.eligiblePerWeek ?? traffic.firstEntriesPerWeek ?? undefined,
    outcomeWindowMs: window ?? traffic.goalWindowMs,
  };
}

async function fromCounts(file: string | undefined, options: AnalyzeOptions): Promise<HoldoutAnalysis> {
  if (file !== undefined) throw new UsageError('holdout analyze takes a file or --counts, not both.');
  const [nT, xT, nC, xC, ...more] = options.counts as readonly number[];
  if (nT === undefined || xT === undefined || nC === undefined || xC === undefined || more.length > 0) {
    throw new UsageError(
      '--counts takes four numbers: people treated, conversions treated, people in control, conversions in control.',
    );
  }
  const { analyzeCounts, parseRatio } = await import('../../../holdout/index.ts');
  return analyzeCounts({
    nT,
    xT,
    nC,
    xC,
    alpha: options.alpha,
    plannedTotal: options.planned,
    ratio: options.ratio === undefined ? undefined : parseRatio(options.ratio),
    ...(options.control === undefined ? {} : { control: options.control }),
  });
}

async function fromFile(file: string | undefined, options: AnalyzeOptions): Promise<HoldoutAnalysis> {
  const { arm, control, value } = options;
  const outcomes = options.outcome.flatMap((name) => name.split(',')).filter((name) => name !== '');
  if (file === undefined)
    throw new UsageError('holdout analyze needs a file with one row per person, or --counts nT,xT,nC,xC.');
  if (arm === undefined || control === undefined || outcomes.length === 0) {
    throw new UsageError('holdout analyze FILE needs --arm COLUMN, --control NAME and --outcome COLUMN.');
  }
  const { readTextColumns } = await import('../../holdout-file.ts');
  const { analyzeRows, parseRatio, readAmount, readOutcome } = await import('../../../holdout/index.ts');
  const columns = await readTextColumns(file, [arm, ...outcomes, ...(value === undefined ? [] : [value])]);
  const amounts = value === undefined ? undefined : columns[outcomes.length + 1];
  return analyzeRows({
    arms: columns[0] as string[],
    control,
    outcomes: outcomes.map((name, i) => ({ name, values: Float64Array.from(columns[i + 1] as string[], readOutcome) })),
    value:
      value === undefined || amounts === undefined
        ? undefined
        : { name: value, values: Float64Array.from(amounts, (text) => (text.trim() === '' ? 0 : readAmount(text))) },
    ratio: options.ratio === undefined ? undefined : parseRatio(options.ratio),
    alpha: options.alpha,
    plannedTotal: options.planned,
    placeOf: (row) => `${file}, row ${row + 1} below the header`,
  });
}
