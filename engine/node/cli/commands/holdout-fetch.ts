// holdout fetch: a running test read back from the email service, ready for holdout analyze.

import type { Command } from 'commander';
import { parseDuration, UserError } from '../../../base/index.ts';
import type { EspTarget } from '../../../esp/index.ts';
import { assertOutput } from '../../files.ts';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { momentOption } from '../options.ts';
import { printFetch } from '../print/holdout-fetch.ts';
import { serviceOptions, targetOption, withClient } from './esp.ts';

interface FetchFlags {
  readonly target: EspTarget;
  readonly state?: string;
  readonly out: string;
  readonly from?: number;
  readonly lookback: string;
  readonly baseUrl?: string;
  readonly json?: boolean;
}

export function registerHoldoutFetch(holdout: Command, context: Context): void {
  serviceOptions(holdout.command('fetch <workflow>'))
    .description('read a running test back: first eligibility, arm and outcome of each person')
    .addOption(targetOption())
    .option('--state <file>', 'what was created there (default: WORKFLOW.klaviyo.json beside the workflow)')
    .requiredOption('--out <file>', 'the table, one row a person (CSV)')
    .option('--from <t>', 'when the test began (default: found from the first email of the flow)', momentOption)
    .option('--lookback <duration>', 'how far before it events are read, for rules that look back', '90d')
    .action(async (path: string, flags: FetchFlags) => {
      const lookbackMs = parseDuration(flags.lookback);
      if (lookbackMs === null)
        throw new UsageError(`--lookback ${flags.lookback}: it takes a duration with its unit, such as 90d.`);
      if (flags.target !== 'klaviyo') {
        throw new UserError('CANNOT_FETCH', `A test cannot be read back from ${flags.target} yet; klaviyo can.`);
      }
      const { fetchHoldout, loadExported, statePathOf } = await import('../../esp/index.ts');
      const { workflow } = loadExported(path);
      const statePath = flags.state ?? statePathOf(path, flags.target);
      assertOutput(flags.out, [path, statePath]);
      const report = await withClient(flags, context, (client, signal) =>
        fetchHoldout(client, {
          workflow,
          statePath,
          out: flags.out,
          from: flags.from ?? null,
          lookbackMs,
          signal,
          onProgress: context.onProgress,
        }),
      );
      context.out(flags.json === true ? JSON.stringify(report, null, 2) : printFetch(report));
    });
}
