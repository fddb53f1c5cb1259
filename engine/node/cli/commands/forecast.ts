// calibrate, replay, merge, sweep, project, rules, launch, personalize, explain: commands that ask a workflow of a dataset.

import { dirname, resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ProgrammeRequest, ReplayRequest, WorkflowRequest } from '../../../api/index.ts';
import { parseDuration } from '../../../base/index.ts';
import { assertOutput } from '../../files.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { collect, historyOptions, momentOption, rowFile, setOption, wholeNumber } from '../options.ts';
import { printCalibration } from '../print/calibration.ts';
import { printExplanation, printExplanations } from '../print/explanation.ts';
import { printFound, printGallery } from '../print/gallery.ts';
import { printLaunch } from '../print/launch.ts';
import { printHours, printPersonalize, printSendTimes } from '../print/personalize.ts';
import { printProgramme } from '../print/programme.ts';
import { printProjection } from '../print/projection.ts';
import { printReplay } from '../print/replay.ts';
import { printProgrammeCosts, printRules } from '../print/rules.ts';
import { printSweep } from '../print/sweep.ts';
import { dimension } from '../sweep-values.ts';

interface ForecastOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  /** Absent: the scenario's, else 1. */
  readonly seed?: number;
}

export function registerForecast(program: Command, context: Context): void {
  onWorkflow(program.command('calibrate <workflow|scenario>'))
    .description('how long people take to reach the goal, the window, and whether the data settle it')
    .action(async (path: string, options: ForecastOptions) => {
      const answer = await (await backend(options)).calibrate(await question(path, options), context);
      finish(context, options, answer, printCalibration);
    });

  onWorkflow(program.command('replay <workflow|scenario|programme>'))
    .description('what a workflow, or several together, would have sent, to whom, and how each enrollment ended')
    .option('--log <file>', 'every decision, as CSV, JSON lines or Parquet by the ending', rowFile)
    .option('--shard <k/n>', 'only the people of shard k of n', shard)
    .option('--out <part>', 'write the totals of a shard to a file that "merge" reads')
    .option('--workers <n>', 'threads; the totals are the same', wholeNumber(1, 128))
    .option('--from <file>', 'read what it needs from ClickHouse, as this source file says, instead of a workspace')
    .action(
      async (
        path: string,
        options: ForecastOptions & {
          log?: string;
          shard?: ReplayRequest['shard'];
          out?: string;
          workers?: number;
          from?: string;
        },
      ) => {
        if (options.from !== undefined && options.dataset !== undefined)
          throw new UsageError('--from and --dataset both name a history; give one of them.');
        if (options.from !== undefined && options.workers !== undefined)
          throw new UsageError('--workers is for a dataset; what is read with --from is cut by --shard k/n.');
        if (options.out !== undefined && options.shard === undefined)
          throw new UsageError('--out writes the part of a shard; give --shard k/n with it.');
        if (options.workers !== undefined && (options.log !== undefined || options.shard !== undefined))
          throw new UsageError('--workers is for totals alone; leave out --log and --shard, or --workers.');
        const programme = await programmeQuestion(path, options);
        const read = [path, ...(programme?.programme.workflows ?? []).map((one) => resolve(dirname(path), one.path))];
        if (options.from !== undefined) read.push(options.from);
        for (const file of [options.log, options.out]) if (file !== undefined) assertOutput(file, read);
        const { workers } = options;
        const rest = {
          log: options.log ?? null,
          shard: options.shard ?? null,
          part: options.out ?? null,
          ...(workers === undefined ? {} : { workers }),
        };
        const api =
          options.from === undefined ? await backend(options) : await ofSource(path, options.from, options, context);
        if (programme !== null) {
          const answer = await api.replayProgramme({ ...programme, ...rest }, context);
          return finish(context, options, answer, printProgramme);
        }
        const answer = await api.replay({ ...(await question(path, options)), ...rest }, context);
        finish(context, options, answer, printReplay);
      },
    );

  program
    .command('merge <part...>')
    .description('the totals of all shards of one replay; refuses anything but every bucket once with one stamp')
    .option('--json', 'print one JSON document')
    .action(async (parts: string[], options: { json?: boolean }) => {
      const { mergeParts } = await import('../../parts.ts');
      finish(context, options, await mergeParts(parts), (answer) =>
        'programme' in answer ? printProgramme(answer) : printReplay(answer),
      );
    });

  onWorkflow(program.command('sweep <workflow|scenario>'))
    .description('one row for each setting: who fires, who would have bought anyway, what it would add')
    .requiredOption('--over <path=v1,v2,..>', 'the settings, or a range a..b; again for a grid', collect, [])
    .option('--response <file>', 'what an email changes (default: the graded default)')
    .option(
      '--workers <n>',
      'threads, where settings are replayed one by one; the answer is the same',
      wholeNumber(1, 128),
    )
    .action(async (path: string, options: ForecastOptions & SweepOptions) => {
      if (options.over.length === 0)
        throw new UsageError('sweep needs --over path=v1,v2,.. such as --over trigger.within=30m,1h,2h');
      const answer = await (await backend(options)).sweep(
        {
          ...(await question(path, options)),
          over: await dimensions(options.over),
          response: await responseOf(path, options.response),
          ...(options.workers === undefined ? {} : { workers: options.workers }),
        },
        context,
      );
      finish(context, options, answer, printSweep);
    });

  onWorkflow(program.command('project <workflow|scenario>'))
    .description('who could be reached, who would buy anyway, what the workflow would add, what of that is assumed')
    .option('--response <file>', 'what an email changes (default: the graded default)')
    .option('--draws <file>', 'write every draw, as CSV, JSON lines or Parquet by the ending', rowFile)
    .option('--number <n>', 'how many draws of the assumptions', wholeNumber(100, 1_000_000), 4000)
    .option(
      '--people <file>',
      'write every complete enrollment with what the emails add to it, in the same formats',
      rowFile,
    )
    .option('--own-data-only', 'the effect from the holdout of the response file alone, nothing assumed of it')
    .option('--sensitivity', 'move each assumption alone, to see which matters')
    .option('--each-email', 'what each email adds to the others')
    .action(async (path: string, options: ForecastOptions & ProjectOptions) => {
      const { draws, people } = options;
      for (const file of [draws, people]) if (file !== undefined) assertOutput(file, [path, options.response ?? path]);
      if (draws !== undefined && people !== undefined && resolve(draws) === resolve(people))
        throw new UsageError('--draws and --people name the same file; they are two.');
      const answer = await (await backend(options)).project(
        {
          ...(await question(path, options)),
          response: alone(await responseOf(path, options.response), options.ownDataOnly === true),
          draws: options.number,
          drawsFile: draws ?? null,
          peopleFile: people ?? null,
          sensitivity: options.sensitivity === true,
          eachEmail: options.eachEmail === true,
        },
        context,
      );
      finish(context, options, answer, printProjection);
    });

  onWorkflow(program.command('rules <workflow|scenario|programme>'))
    .description('what each rule keeps out, and what that costs: once more without it, on the same people and draws')
    .option('--response <file>', 'what an email changes (default: the graded default)')
    .option('--number <n>', 'how many draws of the assumptions', wholeNumber(100, 20_000), 2000)
    .action(async (path: string, options: ForecastOptions & { response?: string; number: number }) => {
      const api = await backend(options);
      const programme = await programmeQuestion(path, options);
      const given = options.response;
      const draws = options.number;
      if (programme !== null) {
        const response = given === undefined ? null : await responseOf(path, given);
        const answer = await api.programmeCosts({ ...programme, response, draws }, context);
        return finish(context, options, answer, printProgrammeCosts);
      }
      const asked = { ...(await question(path, options)), response: await responseOf(path, given), draws };
      finish(context, options, await api.ruleCosts(asked, context), printRules);
    });

  onWorkflow(program.command('launch <workflow|scenario>'))
    .description('whom the workflow finds waiting when it is switched on, and what its first week brings')
    .option('--on <time>', 'when (default: a week before the history ends)', momentOption)
    .option('--ramp <n/d>', 'let in so many of those waiting a day, 0/d for none (default: all at once)', ramp)
    .addOption(new Option('--order <which>', 'whose turn comes first').choices(['newest', 'oldest']).default('newest'))
    .option('--max-age <duration>', 'triggers longer ago are too old (default: the goal window)', duration)
    .action(async (path: string, options: ForecastOptions & LaunchOptions) => {
      const { on, ramp: perDay, order, maxAge } = options;
      const asked = { at: on ?? null, perDay: perDay ?? null, order, maxAge: maxAge ?? null };
      const answer = await (await backend(options)).launch({ ...(await question(path, options)), ...asked }, context);
      finish(context, options, answer, printLaunch);
    });

  onWorkflow(program.command('personalize <workflow|scenario>'))
    .description('what its emails can say when they go out: fill of every property, subject lines, previews; or when')
    .option('--hours', 'the hours at which people are active instead, and whether their own hour finds them')
    .option('--person <id>', 'with --hours: one person, too')
    .option('--send-times', "what waiting for each person's hour does to delays and conversions instead")
    .option('--response <file>', 'with --send-times: the assumed or measured effect (default: the graded one)')
    .action(async (path: string, options: ForecastOptions & PersonalizeOptions) => {
      const { hours, person, sendTimes, response } = options;
      if (hours === true && sendTimes === true) throw new UsageError('--hours and --send-times are asked one by one.');
      if (person !== undefined && hours !== true) throw new UsageError('--person goes with --hours.');
      if (response !== undefined && sendTimes !== true) throw new UsageError('--response goes with --send-times.');
      const api = await backend(options);
      const request = await question(path, options);
      if (hours === true) {
        const answer = await api.activeHours({ ...request, person: person ?? null }, context);
        return finish(context, options, answer, printHours);
      }
      if (sendTimes === true) {
        const asked = { ...request, response: await responseOf(path, response), draws: PERSONALIZE_DRAWS };
        return finish(context, options, await api.sendTimes(asked, context), printSendTimes);
      }
      finish(context, options, await api.personalize(request, context), printPersonalize);
    });

  onWorkflow(program.command('explain <workflow|scenario|programme>'))
    .description('why a person did or did not get each email, and by how much it missed; or whom to ask about')
    .option('--person <id>', 'the person')
    .option('--at <time>', 'as of a moment, reading nothing later', momentOption)
    .option('--gallery', 'telling people of the whole history, each with the reason')
    .option('--search <text>', 'people by id or any address they had')
    .action(async (path: string, options: ForecastOptions & ExplainOptions) => {
      const { person, gallery, search } = options;
      if ([person, gallery, search].filter((one) => one !== undefined).length !== 1)
        throw new UsageError('explain takes one of --person ID, --gallery and --search TEXT.');
      if (person === undefined && options.at !== undefined) throw new UsageError('--at goes with --person.');
      const programme = await programmeQuestion(path, options);
      const api = await backend(options);
      if (person === undefined) {
        if (programme !== null) {
          if (search === undefined)
            return finish(context, options, await api.galleryProgramme(programme, context), printGallery);
          const listed = { ...programme, filter: null, collision: null, search, offset: 0, limit: MOST_FOUND };
          return finish(context, options, await api.listProgrammePeople(listed, context), printFound);
        }
        const request = await question(path, options);
        if (search === undefined) return finish(context, options, await api.gallery(request, context), printGallery);
        const listed = { ...request, filter: null, search, offset: 0, limit: MOST_FOUND };
        return finish(context, options, await api.listPeople(listed, context), printFound);
      }
      const asked = { person, at: options.at ?? null };
      if (programme !== null) {
        const answer = await api.explainProgramme({ ...programme, ...asked }, context);
        return finish(context, options, answer, printExplanations);
      }
      const answer = await api.explain({ ...(await question(path, options)), ...asked }, context);
      finish(context, options, answer, printExplanation);
    });
}

interface SweepOptions {
  readonly over: string[];
  readonly response?: string;
  readonly workers?: number;
}

interface ProjectOptions {
  readonly response?: string;
  readonly draws?: string;
  readonly people?: string;
  readonly sensitivity?: boolean;
  readonly eachEmail?: boolean;
  readonly ownDataOnly?: boolean;
  readonly number: number;
}

interface PersonalizeOptions {
  readonly hours?: boolean;
  readonly person?: string;
  readonly sendTimes?: boolean;
  readonly response?: string;
}

/** As many as a comparison takes. */
const PERSONALIZE_DRAWS = 4000;

interface LaunchOptions {
  readonly on?: number;
  readonly ramp?: number;
  readonly order: 'newest' | 'oldest';
  readonly maxAge?: number;
}

interface ExplainOptions {
  readonly person?: string;
  readonly at?: number;
  readonly gallery?: boolean;
  readonly search?: string;
}

/** Of a search. */
const MOST_FOUND = 200;

function onWorkflow(command: Command): Command {
  return setOption(historyOptions(command)).option(
    '--seed <n>',
    "the seed of all randomness (default: the scenario's, else 1)",
    wholeNumber(0),
  );
}

async function backend(options: ForecastOptions) {
  const { openBackend } = await import('../../api/backend.ts');
  return openBackend(options.workspace);
}

/** Questions asked of what is read from ClickHouse; a signal calls the reading off, not what follows it. */
async function ofSource(
  path: string,
  from: string,
  { set, shard }: ForecastOptions & { readonly shard?: ReplayRequest['shard'] },
  context: Context,
) {
  const { workflowsAt } = await import('../../programme-file.ts');
  const { historyFor } = await import('../../clickhouse/index.ts');
  const { OneHistory } = await import('../../api/one-history.ts');
  const { workflows } = workflowsAt(path, set);
  const { name, history, warnings } = await historyFor(from, workflows, shard ?? null, context.cancellable());
  context.endsAtOnce();
  return new OneHistory(name, history, warnings);
}

/** A scenario's settings come before those of the call; what the call names wins. */
async function question(path: string, options: ForecastOptions): Promise<WorkflowRequest> {
  const { readScenario } = await import('../../scenario-file.ts');
  const { workflow, workflowPath, set, dataset, seed } = readScenario(path);
  return {
    dataset: options.dataset ?? dataset,
    workflow,
    workflowPath,
    set: [...set, ...options.set],
    seed: options.seed ?? seed ?? 1,
  };
}

/** Null where the file is a workflow. */
async function programmeQuestion(path: string, options: ForecastOptions): Promise<ProgrammeRequest | null> {
  const { readWorkflow } = await import('../../workflow-file.ts');
  const { programmeFiles } = await import('../../programme-file.ts');
  const programme = programmeFiles(path, readWorkflow(path));
  if (programme === null) return null;
  const { set, seed = 1 } = options;
  return { dataset: options.dataset ?? null, programme, programmePath: path, set, seed };
}

function finish<T extends { readonly warnings?: readonly string[] }>(
  context: Context,
  options: { readonly json?: boolean },
  answer: T,
  print: (answer: T) => string,
): void {
  for (const warning of answer.warnings ?? []) context.log(`warning: ${warning}`);
  context.out(options.json === true ? JSON.stringify(answer, null, 2) : print(answer));
}

/** The JSON of a response file, else that of the scenario; what it means is checked by the projection. */
async function responseOf(path: string, response: string | undefined): Promise<unknown> {
  if (response !== undefined) return (await import('../../workflow-file.ts')).readWorkflow(response, 'response');
  return (await import('../../scenario-file.ts')).readScenario(path).response;
}

/** @throws UsageError where a holdout is to stand alone and there is none */
function alone(response: unknown, isAlone: boolean): unknown {
  if (!isAlone) return response;
  const measured = (response as { readonly measured?: unknown } | null)?.measured;
  if (typeof measured !== 'object' || measured === null)
    throw new UsageError(
      '--own-data-only needs a response file with "measured", as "holdout analyze --response-out FILE" writes it.',
    );
  return { ...(response as object), measured: { ...measured, only: true } };
}

/** Lists and ranges of swept values; the rungs of a range of durations are those a calibration recommends. */
async function dimensions(texts: readonly string[]) {
  const { RUNGS_MS } = await import('../../../calibrate/index.ts');
  return texts.map((text) => dimension(text, RUNGS_MS));
}

function shard(text: string): { index: number; of: number } {
  const match = /^(\d+)\/(\d+)$/.exec(text);
  const index = Number(match?.[1]);
  const of = Number(match?.[2]);
  if (match === null || of < 1 || of > 128 || index >= of)
    throw new InvalidArgumentError('It takes k/n with 0 ≤ k < n ≤ 128, such as 0/8.');
  return { index, of };
}

/** `500/d` → people a day. */
function ramp(text: string): number {
  const [, n] = /^(\d{1,9})\/d$/.exec(text) ?? [];
  if (n === undefined) throw new InvalidArgumentError('It takes people a day, such as 500/d.');
  return Number(n);
}

/** @returns ms */
function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('It takes a duration with its unit, such as 7d.');
  return ms;
}
