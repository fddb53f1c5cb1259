// report: the one page for one decision, on the history and the workflow at hand.

import { basename } from 'node:path';
import type { Command } from 'commander';
import { assertOutput, writeText } from '../../files.ts';
import type { Context } from '../context.ts';
import { historyOptions, setOption, wholeNumber } from '../options.ts';

interface ReportOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly seed?: number;
  readonly response?: string;
  readonly out: string;
}

export function registerReport(program: Command, context: Context): void {
  setOption(historyOptions(program.command('report <workflow|scenario>')))
    .description('one HTML page for one decision: what comes anyway, what it would add, the risk, how we will know')
    .option('--out <file>', 'the page', 'report.html')
    .option('--response <file>', "what an email changes (default: the scenario's, else the graded default)")
    .option('--seed <n>', "the seed of all randomness (default: the scenario's, else 1)", wholeNumber(0))
    .action(async (path: string, options: ReportOptions) => {
      const { readScenario } = await import('../../scenario-file.ts');
      const { readWorkflow } = await import('../../workflow-file.ts');
      const { reportOf } = await import('../../pages/report.ts');
      const scenario = readScenario(path);
      const read = [...scenario.paths, ...(options.response === undefined ? [] : [options.response])];
      assertOutput(options.out, read);
      const { html, answers, dataset } = await reportOf(
        {
          dataset: options.dataset ?? scenario.dataset,
          workflow: scenario.workflow,
          workflowPath: scenario.workflowPath,
          set: [...scenario.set, ...options.set],
          seed: options.seed ?? scenario.seed ?? 1,
          response: options.response === undefined ? scenario.response : readWorkflow(options.response, 'response'),
        },
        { workspace: options.workspace, ...context.cancellable() },
      );
      writeText(options.out, html);
      for (const warning of answers.replay.warnings) context.log(`warning: ${warning}`);
      if (options.json === true) {
        return context.out(JSON.stringify({ out: options.out, dataset, ...answers }, null, 2));
      }
      context.out(`The report on ${basename(path)} and the dataset "${dataset}" is ${options.out}.`);
    });
}
