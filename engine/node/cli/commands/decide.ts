// decide: the live interface as a command: new rows in, decisions out as JSON lines, the state kept between runs.

import { type Command, InvalidArgumentError, Option } from 'commander';
import { DAY_MS, parseDuration, UserError } from '../../../base/index.ts';
import type { EspTarget } from '../../../esp/index.ts';
import type { Workflow } from '../../../workflow/index.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { type ImportFlags, importOptions, importRequest } from '../import-options.ts';
import { momentOption, setOption } from '../options.ts';
import { printDecided } from '../print/decided.ts';
import { checkTarget, tellTarget } from './decide-target.ts';

interface DecideFlags extends ImportFlags {
  readonly set: readonly string[];
  readonly state?: string;
  readonly until?: number;
  readonly workspace: string;
  readonly dataset?: string;
  readonly dryRun?: boolean;
  readonly setAside?: boolean;
  readonly target?: EspTarget;
  readonly baseUrl?: string;
  readonly maxAge: number;
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
    .addOption(
      new Option(
        '--target <service>',
        'tell an email service: events that start emails, and tags; with --dry-run, print the calls',
      ).choices(['klaviyo', 'mailchimp', 'activecampaign']),
    )
    .addOption(
      new Option('--max-age <duration>', 'emails decided longer ago are not sent any more')
        .argParser(ageOption)
        .default(DAY_MS, '24h'),
    )
    .option('--base-url <url>', 'where the service is, for a gateway or a test')
    .action(async (path: string, flags: DecideFlags) => {
      const { target } = flags;
      if (target !== undefined) checkTarget({ ...flags, target });
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
          ...(flags.dataset === undefined ? { past: null } : await pastOf(flags.workspace, flags.dataset)),
          setAside: flags.setAside === true,
          watched: target === undefined ? [] : await watchedBy(workflows),
        },
        { signal, onProgress: context.onProgress },
      );
      const { decisions, report } = decided;
      for (const warning of [...warnings, ...report.warnings]) context.log(`warning: ${warning}`);
      if (target === undefined && decisions.length > 0)
        context.out(decisions.map((decision) => JSON.stringify(decision)).join('\n'));
      context.log(printDecided(decided, { isKept: flags.state !== undefined && flags.dryRun !== true }));
      if (target !== undefined) return tellTarget(path, workflows, decided, { ...flags, target }, context);
      if (flags.dryRun === true) return decided.abandon();
      // Printed first: a run that ends between the two gives its decisions again, and loses none.
      await context.flush();
      decided.keep();
    });
}

/** What a service is kept up to date about. */
async function watchedBy(workflows: readonly Workflow[]) {
  const { syncedProperties } = await import('../../../esp/index.ts');
  return workflows.flatMap(syncedProperties);
}

function ageOption(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw new InvalidArgumentError('It takes a duration, such as 24h or 3d.');
  return ms;
}

async function pastOf(path: string, dataset: string) {
  const { Workspace } = await import('../../store/index.ts');
  const workspace = Workspace.open(path, { readonly: true });
  try {
    const name = workspace.resolveDataset(dataset);
    const { report } = workspace.datasetInfo(name);
    if (report?.pseudonyms !== undefined) {
      throw new UserError(
        'PSEUDONYMS',
        `The people of "${name}" are pseudonyms, and what comes in now carries real ids: nobody would be known, and emails of the past would go out again. Decide with a dataset that was imported without --pseudonyms.`,
      );
    }
    return { past: workspace.loadHistory(name), pastIdentity: workspace.importTrace(name)?.identity ?? null };
  } finally {
    workspace.close();
  }
}
