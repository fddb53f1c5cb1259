// moments, segments: where a workflow is worth building and who the people of a dataset are, before one is built.

import { type Command, Option } from 'commander';
import type { MomentsAnswer } from '../../../api/index.ts';
import { UserError } from '../../../base/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { historyOptions, momentOption, setOption, wholeNumber } from '../options.ts';
import { printMoments } from '../print/moments.ts';
import { printSegments } from '../print/segments.ts';

interface MomentsOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly number: number;
  readonly save?: number;
  readonly out?: string;
}

interface SegmentsOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly at?: number;
  readonly timezone?: string;
  readonly standard?: boolean;
  readonly proposed?: boolean;
}

export function registerUnderstand(program: Command, context: Context): void {
  historyOptions(program.command('moments'))
    .description('where a workflow may be worth building: ranked, with people, effect and interval')
    .option('--number <n>', 'how many are printed (--json gives all)', wholeNumber(1, 1000), 15)
    .option('--save <n>', 'write the workflow of the moment with this rank to a file', wholeNumber(1))
    .option('--out <file>', 'where --save writes (default: the id of the workflow, .json)')
    .action(async (options: MomentsOptions) => {
      if (options.out !== undefined && options.save === undefined) {
        throw new UsageError('--out names the file of --save; say which moment.');
      }
      const { openBackend } = await import('../../api/backend.ts');
      const answer = await openBackend(options.workspace).moments({ dataset: options.dataset ?? null }, context);
      const saved = options.save === undefined ? null : await save(answer, options.save, options.out);
      if (saved !== null) context.log(`Written: ${saved}`);
      context.out(options.json === true ? JSON.stringify(answer, null, 2) : printMoments(answer, options.number));
    });

  setOption(historyOptions(program.command('segments [workflow|scenario]')))
    .description('who people are: how much they do, where they stand, what they use; sizes, over time, transitions')
    .option('--at <time>', 'as of a moment, reading nothing later (default: the end of the history)', momentOption)
    .option('--timezone <zone>', "of local days (default: the workflow's, else UTC)")
    .addOption(
      new Option('--standard', 'as a workflow that says nothing means them, not by the events this history has'),
    )
    .option('--proposed', 'take the thresholds that fit this history')
    .addHelpText(
      'after',
      '\nWith a workflow: its own rules, and what it does to each segment. --set segments.lifecycle.lapsed=90d changes a rule.',
    )
    .action(async (path: string | undefined, options: SegmentsOptions) => {
      if (path !== undefined && options.standard === true) {
        throw new UsageError('A workflow has its own rules; leave out --standard, or the workflow.');
      }
      const named = path === undefined ? null : (await import('../../scenario-file.ts')).readScenario(path);
      const { openBackend } = await import('../../api/backend.ts');
      const answer = await openBackend(options.workspace).segments(
        {
          dataset: options.dataset ?? named?.dataset ?? null,
          workflow: named?.workflow ?? null,
          workflowPath: named?.workflowPath ?? '',
          set: [...(named?.set ?? []), ...options.set],
          rules: options.standard === true ? 'standard' : 'found',
          proposed: options.proposed === true,
          at: options.at ?? null,
          timezone: options.timezone ?? null,
        },
        context,
      );
      for (const warning of answer.warnings) context.log(`warning: ${warning}`);
      context.out(options.json === true ? JSON.stringify(answer, null, 2) : printSegments(answer));
    });
}

/** @returns the path. @throws UserError where there is no such moment or no workflow of it, or the file is there already */
async function save({ moments }: MomentsAnswer, rank: number, out: string | undefined): Promise<string> {
  const moment = moments[rank - 1];
  if (moment === undefined) {
    throw new UserError(
      'NO_MOMENT',
      `There is no moment ${rank}; ${moments.length === 0 ? 'none was' : `${moments.length} were`} found.`,
    );
  }
  if (moment.workflow === null)
    throw new UserError('NO_WORKFLOW', `No workflow can be made of moment ${rank}, ${moment.title}.`);
  const [{ existsSync, writeFileSync }, { formatWorkflow }] = await Promise.all([
    import('node:fs'),
    import('../../../workflow/index.ts'),
  ]);
  const path = out ?? `${String(moment.workflow['id'])}.json`;
  if (existsSync(path)) throw new UserError('FILE_EXISTS', `${path} is there already; name another file with --out.`);
  writeFileSync(path, formatWorkflow(moment.workflow));
  return path;
}
