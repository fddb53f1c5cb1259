// holdout plan, holdout analyze: how large a test, and what a test says. They need no history.

import type { Command } from 'commander';
import type { ProjectAnswer, TrafficAnswer } from '../../../api/index.ts';
import { parseDuration, UserError } from '../../../base/index.ts';
import {
  type CountsInput,
  type HoldoutAnalysis,
  type HoldoutPlan,
  type HoldoutPlanInput,
  isWithheld,
  type LockedPlan,
  type LooksReading,
  type OtherQuestion,
} from '../../../holdout/index.ts';
import type { ProjectionScore } from '../../../projection/index.ts';
import { assertOutput, writeText } from '../../files.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { collect, finiteNumber, historyOptions, jsonOption, numberList, wholeNumber } from '../options.ts';
import { printAnalysis, printLooks, printOthers, printPlan, printUnderPlan } from '../print/holdout.ts';
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
  readonly lock?: string;
  readonly metric?: string;
  readonly name?: string;
  readonly anyDay?: boolean;
}

interface AnalyzeOptions {
  readonly json?: boolean;
  readonly arm?: string;
  readonly control?: string;
  readonly outcome: readonly string[];
  readonly value?: string;
  readonly before?: string;
  readonly per?: string;
  readonly plan?: string;
  readonly ratio?: string;
  readonly alpha?: number;
  readonly counts?: readonly number[];
  readonly planned?: number;
  readonly looks?: string;
  readonly credited?: string;
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
    .option('--lock <file>', 'write the plan down before launch, for `holdout analyze --plan`; needs --metric')
    .option('--metric <column>', 'for --lock: the outcome, as its column will be called in the results')
    .option('--name <name>', 'for --lock: what the test is called')
    .option('--any-day', 'for --lock: to be read on any day by the always-valid interval, which takes more people')
    .action(async (options: PlanOptions) => {
      const { planHoldout } = await import('../../../holdout/index.ts');
      if (options.lock !== undefined) await checkLock(options.lock, options);
      const { input, traffic } = await planInput(options, context);
      const plan = planHoldout(input);
      const others = traffic === null ? [] : await othersOf(plan, traffic, input);
      if (options.lock !== undefined) {
        const { lockInto } = await import('../../holdout-lock.ts');
        const locked = lockInto(options.lock, plan, {
          metric: options.metric ?? '',
          name: options.name,
          look: options.anyDay === true ? 'anyDay' : 'end',
          workflow: options.workflow,
        });
        context.log(`Locked as ${options.lock}, ${locked.hash}. ${locked.rule}`);
      }
      context.out(
        options.json === true
          ? JSON.stringify({ ...plan, ...(traffic === null ? {} : { others }) }, null, 2)
          : [printPlan(plan), ...printOthers(others, plan, traffic)].join('\n'),
      );
    });

  jsonOption(holdout.command('analyze [file]'))
    .description('what a test says: from a file with one row per person, or from four counts')
    .option('--arm <column>', 'the column that names the arm')
    .option('--control <name>', 'the arm that got no email')
    .option(
      '--outcome <columns...>',
      'columns of 0 and 1: the goal first, then secondary goals',
      (value: string, list: string[]) => collect(value, list),
      [],
    )
    .option('--value <column>', 'a column of money')
    .option('--before <column>', 'beside --value: the same from before the test, which sharpens it (CUPED)')
    .option('--per <column>', 'beside --value: what it is divided by, such as orders')
    .option('--plan <file>', 'read under the plan that was locked before launch, and name what differs')
    .option('--ratio <r>', 'planned split treated:control, such as 9; for several arms a list or name=weight pairs')
    .option('--alpha <share>', "two-sided error of the intervals (default: the plan's, else 0.05)", finiteNumber)
    .option('--counts <nT,xT,nC,xC>', 'people and conversions, treated and control', numberList)
    .option('--planned <n>', 'people planned in all, fixed before the first look', wholeNumber(1))
    .option('--looks <file>', 'remember this look beside the earlier ones (JSON; made by the first look)')
    .option('--credited <column>', 'conversions an email tool credits to each person, beside what was measured')
    .option('--projection <file>', 'hold what `project --json` foretold against what was measured')
    .option('--response-out <file>', 'write a response file with what was measured, for later projections')
    .action(async (file: string | undefined, options: AnalyzeOptions) => {
      const { readUnderPlan, readingOf } = await import('../../../holdout/index.ts');
      const plan = options.plan === undefined ? null : (await import('../../holdout-lock.ts')).readLock(options.plan);
      const reading = { ...(plan === null ? {} : readingOf(plan)), ...(await givenReading(options)) };
      const analysis =
        options.counts === undefined
          ? await fromFile(file, options, reading)
          : await fromCounts(file, options, reading);
      const under =
        plan === null
          ? null
          : readUnderPlan(analysis, plan, {
              alpha: options.alpha,
              plannedTotal: options.planned,
              ratio: options.ratio !== undefined,
            });
      const looks =
        options.looks === undefined ? undefined : await keptLook(options.looks, file, options, plan, analysis);
      const score = options.projection === undefined ? undefined : await scored(options.projection, analysis);
      if (options.responseOut !== undefined) writeMeasured(options.responseOut, file, options, analysis);
      const words = [
        ...(under === null ? [] : [printUnderPlan(under), '']),
        ...(looks === undefined ? [] : [printLooks(looks), '']),
        printAnalysis(analysis),
        ...(score === undefined ? [] : ['', ...wrapped(score.text, 0)]),
      ];
      context.out(
        options.json === true
          ? JSON.stringify(
              {
                ...analysis,
                ...(under === null ? {} : { underPlan: under }),
                ...(looks === undefined ? {} : { looks }),
                ...(score === undefined ? {} : { score }),
              },
              null,
              2,
            )
          : words.join('\n'),
      );
    });
  return holdout;
}

/** Remembered in its file, which is none of those that are read. */
async function keptLook(
  path: string,
  file: string | undefined,
  options: AnalyzeOptions,
  plan: LockedPlan | null,
  analysis: HoldoutAnalysis,
): Promise<LooksReading> {
  assertOutput(
    path,
    [file, options.plan, options.projection].filter((input) => input !== undefined),
  );
  const { keepLook } = await import('../../holdout-lock.ts');
  return keepLook({ path, plan, plannedTotal: options.planned ?? null }, analysis);
}

/** The one comparison that a workflow's projection speaks of: the goal is the first outcome, further ones are secondary. */
function onlyArm({ arms }: HoldoutAnalysis, option: string): HoldoutAnalysis['arms'][number] {
  const [first, ...more] = arms.filter(({ outcome }) => outcome === arms[0]?.outcome);
  if (first === undefined || more.length > 0)
    throw new UsageError(`${option} takes a test with one treated arm; this one has ${more.length + 1}.`);
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

interface Asked {
  readonly input: HoldoutPlanInput;
  /** Null without a workflow. */
  readonly traffic: TrafficAnswer | null;
}

async function othersOf(plan: HoldoutPlan, traffic: TrafficAnswer, input: HoldoutPlanInput): Promise<OtherQuestion[]> {
  const { otherQuestions } = await import('../../../holdout/index.ts');
  const others = traffic.questions
    .filter(({ key }) => key !== 'goal')
    .map(({ firstEntriesPerWeek, ...one }) => ({ ...one, eligiblePerWeek: firstEntriesPerWeek }));
  return otherQuestions(plan, others, input.outcomeWindowMs ?? traffic.goalWindowMs);
}

async function planInput(options: PlanOptions, context: Context): Promise<Asked> {
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
    const { baseline, eligiblePerWeek } = options;
    return { input: { ...given, baseline, eligiblePerWeek, outcomeWindowMs: window }, traffic: null };
  }
  const { openBackend } = await import('../../api/backend.ts');
  const { readScenario } = await import('../../scenario-file.ts');
  const { workflow, workflowPath, set, dataset, seed } = readScenario(options.workflow);
  const traffic = await openBackend(options.workspace).traffic(
    { dataset: options.dataset ?? dataset, workflow, workflowPath, set, seed: seed ?? 1 },
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
  const eligiblePerWeek = options.eligiblePerWeek ?? traffic.firstEntriesPerWeek ?? undefined;
  return { input: { ...given, baseline, eligiblePerWeek, outcomeWindowMs: window ?? traffic.goalWindowMs }, traffic };
}

/** Before anything is computed. */
async function checkLock(path: string, { metric }: PlanOptions): Promise<void> {
  if (metric === undefined) throw new UsageError('--lock needs --metric: the outcome as its column will be called.');
  (await import('../../holdout-lock.ts')).assertNoLock(path);
}

type Reading = Pick<CountsInput, 'alpha' | 'ratio' | 'plannedTotal'>;

/** What was given, and nothing else. */
async function givenReading({ alpha, ratio, planned }: AnalyzeOptions): Promise<Reading> {
  const { parseRatio } = await import('../../../holdout/index.ts');
  return {
    ...(alpha === undefined ? {} : { alpha }),
    ...(ratio === undefined ? {} : { ratio: parseRatio(ratio) }),
    ...(planned === undefined ? {} : { plannedTotal: planned }),
  };
}

async function fromCounts(
  file: string | undefined,
  options: AnalyzeOptions,
  reading: Reading,
): Promise<HoldoutAnalysis> {
  if (file !== undefined) throw new UsageError('holdout analyze takes a file or --counts, not both.');
  const [nT, xT, nC, xC, ...more] = options.counts as readonly number[];
  if (nT === undefined || xT === undefined || nC === undefined || xC === undefined || more.length > 0) {
    throw new UsageError(
      '--counts takes four numbers: people treated, conversions treated, people in control, conversions in control.',
    );
  }
  const { analyzeCounts } = await import('../../../holdout/index.ts');
  return analyzeCounts({
    nT,
    xT,
    nC,
    xC,
    ...reading,
    ...(options.control === undefined ? {} : { control: options.control }),
  });
}

async function fromFile(file: string | undefined, options: AnalyzeOptions, reading: Reading): Promise<HoldoutAnalysis> {
  const { arm, control, value, before, per, credited } = options;
  const outcomes = options.outcome.flatMap((name) => name.split(',')).filter((name) => name !== '');
  if (file === undefined)
    throw new UsageError('holdout analyze needs a file with one row per person, or --counts nT,xT,nC,xC.');
  if (arm === undefined || control === undefined || outcomes.length === 0) {
    throw new UsageError('holdout analyze FILE needs --arm COLUMN, --control NAME and --outcome COLUMN.');
  }
  const { readTest } = await import('../../holdout-file.ts');
  return readTest(file, { arm, control, outcomes, value, before, per, credited, ...reading });
}
