// decide: the live interface as a command: new rows in, decisions out as JSON lines, the state kept between runs.

import type { Command } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { type ImportFlags, importOptions, importRequest } from '../import-options.ts';
import { momentOption, setOption } from '../options.ts';
import { printDecided } from '../print/decided.ts';

interface DecideFlags extends ImportFlags {
  readonly set: readonly string[];
  readonly state?: string;
  readonly until?: number;
  readonly workspace: string;
  readonly dataset?: string;
  readonly dryRun?: boolean;
  readonly setAside?: boolean;
  readonly target?: string;
}

export function registerDecide(program: Command, context: Context): void {
  importOptions(setOption(program.command('decide <workflow|programme>')))
    .description('what to do now: rows from standard input, decisions as JSON lines; the state is kept between runs')
    .option('--state <file>', 'where the state is kept; without it this run is all there is, as in a replay')
    .option('--until <time>', 'everything up to this moment is known (default: the last row)', momentOption)
    .option('--dataset <name>', 'what was known before the first run, from a workspace')
    .option('--workspace <file>', 'the workspace file', 'workspace.foresend')
    .option('--set-aside', 'go on without rows that cannot be read')
    .option('--dry-run', 'leave the state as it is')
    .option('--target <service>', 'send decisions to an email service')
    .action(async (path: string, flags: DecideFlags) => {
      if (flags.target !== undefined) {
        throw new UsageError(
          `decide --target ${flags.target}: this version sends decisions to no service. Leave --target out and hand the lines on; person, workflow, time, kind and step name a decision for good.`,
        );
      }
      if (process.stdin.isTTY === true)
        throw new UsageError('decide reads rows from standard input: foresend decide WORKFLOW < events.jsonl');
      const [{ decide }, { workflowsAt }] = await Promise.all([
        import('../../decide.ts'),
        import('../../programme-file.ts'),
      ]);
      const { workflows, warnings } = workflowsAt(path, flags.set);
      const { signal } = context.cancellable();
      const decided = await decide(
        {
          workflows,
          input: process.stdin,
          reading: importRequest([], flags),
          statePath: flags.state ?? null,
          until: flags.until ?? null,
          past: flags.dataset === undefined ? null : await historyOf(flags.workspace, flags.dataset),
          setAside: flags.setAside === true,
        },
        { signal, onProgress: context.onProgress },
      );
      const { decisions, report } = decided;
      for (const warning of [...warnings, ...report.warnings]) context.log(`warning: ${warning}`);
      if (decisions.length > 0) context.out(decisions.map((decision) => JSON.stringify(decision)).join('\n'));
      context.log(printDecided(decided, { isKept: flags.state !== undefined && flags.dryRun !== true }));
      if (flags.dryRun === true) return decided.abandon();
      // Printed first: a run that ends between the two gives its decisions again, and loses none.
      await context.flush();
      decided.keep();
    });
}

async function historyOf(path: string, dataset: string) {
  const { Workspace } = await import('../../store/index.ts');
  const workspace = Workspace.open(path, { readonly: true });
  try {
    return workspace.loadHistory(workspace.resolveDataset(dataset));
  } finally {
    workspace.close();
  }
}
