// pull: a live account as a dataset and workflow files. Reads only; a key that may only read is enough.

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { collect, momentOption } from '../options.ts';
import { printPull } from '../print/pull.ts';
import { serviceOptions, withClient } from './esp.ts';

interface PullFlags {
  readonly dataset: string;
  readonly workspace: string;
  readonly out?: string;
  readonly metric: readonly string[];
  readonly since?: number;
  readonly baseUrl?: string;
  readonly json?: boolean;
}

export function registerPull(program: Command, context: Context): void {
  serviceOptions(program.command('pull <service>'))
    .description('read people, events and flows of a live account (klaviyo); goes on after an interruption')
    .requiredOption('--dataset <name>', 'the name of the dataset; pulled again, it gets what is new')
    .option('--workspace <file>', 'the workspace file', 'workspace.foresend')
    .option('--out <folder>', 'write the flows as workflow files there, each beside what it was at the service')
    .option('--metric <name>', 'only events of this name, and own emails; may be given again', collect, [])
    .option('--since <t>', 'only events from this moment on', momentOption)
    .action(async (service: string, flags: PullFlags) => {
      if (service !== 'klaviyo') throw new UsageError(`pull ${service}: this version pulls from klaviyo only.`);
      const { pullKlaviyo } = await import('../../esp/index.ts');
      const { dataset, workspace, out, metric, since } = flags;
      const report = await withClient(flags, context, (client, signal) =>
        pullKlaviyo(client, {
          workspacePath: workspace,
          dataset,
          out: out ?? null,
          metrics: metric,
          since: since ?? null,
          signal,
          onProgress: context.onProgress,
        }),
      );
      context.out(flags.json === true ? JSON.stringify(report, null, 2) : printPull(report, workspace));
    });
}
