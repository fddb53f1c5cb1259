// backtest: what was foretold from before a moment, scored on what happened after it.

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { historyOptions, momentOption, setOption, wholeNumber } from '../options.ts';
import { printBacktest } from '../print/backtest.ts';

interface BacktestOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly seed?: number;
  readonly split?: number;
  readonly response?: string;
}

export function registerBacktest(program: Command, context: Context): void {
  setOption(historyOptions(program.command('backtest <workflow|scenario>')))
    .description('volumes and organic conversions foretold from before a moment, scored on what happened after it')
    .option(
      '--split <time>',
      'the moment (default: when the emails went live by arm, else two thirds of the way)',
      momentOption,
    )
    .option('--response <file>', 'the projection a measured effect is held against (default: the graded default)')
    .option('--seed <n>', "the seed of all randomness (default: the scenario's, else 1)", wholeNumber(0))
    .action(async (path: string, options: BacktestOptions) => {
      const { openBackend } = await import('../../api/backend.ts');
      const { readScenario } = await import('../../scenario-file.ts');
      const { readWorkflow } = await import('../../workflow-file.ts');
      const { workflow, workflowPath, set, dataset, seed, response } = readScenario(path);
      const answer = await openBackend(options.workspace).backtest(
        {
          dataset: options.dataset ?? dataset,
          workflow,
          workflowPath,
          set: [...set, ...options.set],
          seed: options.seed ?? seed ?? 1,
          split: options.split ?? null,
          response: options.response === undefined ? response : readWorkflow(options.response, 'response'),
        },
        context,
      );
      for (const warning of answer.warnings) context.log(`warning: ${warning}`);
      context.out(options.json === true ? JSON.stringify(answer, null, 2) : printBacktest(answer));
    });
}
