// segments: who the people of a dataset are, before a workflow is built.

import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { historyOptions, momentOption, setOption } from '../options.ts';
import { printSegments } from '../print/segments.ts';

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
