// pull, flows: a live account as a dataset and workflow files, and its flows beside what the history records of them.
// Reads only; a key that may only read is enough.

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { collect, historyOptions, momentOption } from '../options.ts';
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
      const { printPull } = await import('../print/pull.ts');
      context.out(flags.json === true ? JSON.stringify(report, null, 2) : printPull(report, workspace));
    });

  historyOptions(program.command('flows'))
    .description('the flows of a pulled dataset, replayed: recorded, credited, and what can be known of their effect')
    .action(async (flags: { readonly workspace: string; readonly dataset?: string; readonly json?: boolean }) => {
      const { Workspace } = await import('../../store/index.ts');
      const { liveFlowsOf } = await import('../../esp/index.ts');
      const workspace = Workspace.open(flags.workspace, { readonly: true });
      try {
        const dataset = workspace.resolveDataset(flags.dataset);
        const { about } = workspace.datasetInfo(dataset);
        const found = liveFlowsOf(dataset, about, () => workspace.loadHistory(dataset), context.cancellable());
        const { printLiveFlows } = await import('../print/pull.ts');
        context.out(flags.json === true ? JSON.stringify(found, null, 2) : printLiveFlows(found));
      } finally {
        workspace.close();
      }
    });
}
