// import, synth, describe: commands that bring a history in or say what it holds.

import { type Command, Option } from 'commander';
import type { SyntheticModel } from '../../../synth/index.ts';
import type { Context } from '../context.ts';
import { type ImportFlags, importOptions, importRequest } from '../import-options.ts';
import {
  fileOf,
  historyOptions,
  jsonOption,
  momentOption,
  seedOption,
  wholeNumber,
  workspaceOption,
} from '../options.ts';
import { printDescription } from '../print/description.ts';
import { printImport } from '../print/import.ts';
import { printSynth } from '../print/synth.ts';

interface ImportOptions extends ImportFlags {
  readonly workspace: string;
  readonly json?: boolean;
  readonly dataset: string;
  readonly replace?: boolean;
  readonly savedMapping: boolean;
  readonly pseudonyms?: string;
  readonly asOf?: number;
}

interface DescribeOptions {
  readonly workspace: string;
  readonly dataset?: string;
  readonly json?: boolean;
  readonly remedy?: string;
  readonly takeBack?: string;
}

export function registerHistory(program: Command, context: Context): void {
  importOptions(workspaceOption(program.command('import <files...>')))
    .description(
      'read event histories into a dataset; format, columns and the unit of time are found by looking; NAME.clickhouse.json says where in ClickHouse one is',
    )
    .requiredOption('--dataset <name>', 'the name of the dataset')
    .addOption(new Option('--as <what>', 'rows set properties of people and are no events').choices(['people']))
    .option(
      '--as-of <time>',
      'with people: since when what the rows say was known; decisions before do not see it',
      momentOption,
    )
    .option('--replace', 'in the place of what the dataset holds (default: added to it, without what is there already)')
    .option(
      '--pseudonyms <keyfile>',
      'replace ids of people by a hash under the key in this file (made where there is none), and leave names out',
    )
    .option('--no-saved-mapping', 'look afresh, and forget how files of these columns were read last time')
    .action(async (files: string[], options: ImportOptions) => {
      const { openBackend } = await import('../../api/backend.ts');
      const report = await openBackend(options.workspace).importFiles(
        {
          ...importRequest(files, options),
          dataset: options.dataset,
          replace: options.replace === true,
          append: options.replace !== true,
          savedMapping: options.savedMapping,
          asOf: options.asOf ?? null,
          pseudonyms: options.pseudonyms ?? null,
        },
        context.cancellable(),
      );
      if (options.json === true) context.out(JSON.stringify(report, null, 2));
      else context.out(printImport(report, options.workspace));
    });

  seedOption(jsonOption(program.command('synth')))
    .description('make a synthetic history whose truth is known')
    .addOption(
      new Option('--model <model>', 'a shop, the adoption of a feature, or a subscription with silences')
        .choices(['cart', 'saas', 'winback'])
        .makeOptionMandatory(),
    )
    .requiredOption('--persons <n>', 'how many people', wholeNumber(1, 200_000))
    .option('--workspace <file>', 'the workspace file', 'workspace.foresend')
    .option('--dataset <name>', 'write it to a dataset')
    .option(
      '--out <file>',
      'write it to a file (.csv, or .jsonl in the form of a KISSmetrics export), truth beside it',
      fileOf('.csv', '.jsonl', '.json'),
    )
    .action(
      async (options: {
        model: SyntheticModel;
        persons: number;
        seed: number;
        workspace: string;
        dataset?: string;
        out?: string;
        json?: boolean;
      }) => {
        const { openBackend } = await import('../../api/backend.ts');
        const report = await openBackend(options.workspace).synth(
          {
            model: options.model,
            persons: options.persons,
            seed: options.seed,
            dataset: options.dataset ?? (options.out === undefined ? 'synthetic' : null),
            out: options.out ?? null,
          },
          context.cancellable(),
        );
        if (options.json === true) context.out(JSON.stringify(report, null, 2));
        else context.out(printSynth(report));
      },
    );

  historyOptions(program.command('describe'))
    .description('what a dataset holds and whether it can be trusted')
    .addOption(
      new Option(
        '--remedy <finding>',
        'mend what this finding is about; every later figure is of the mended dataset',
      ).conflicts('takeBack'),
    )
    .option('--take-back <finding>', 'take such a remedy back')
    .addHelpText(
      'after',
      '\nA remedy is a view: what was imported stays as it is. Each finding that can be mended here says how.',
    )
    .action(async (options: DescribeOptions) => {
      const { openBackend } = await import('../../api/backend.ts');
      const api = openBackend(options.workspace);
      const dataset = options.dataset ?? null;
      if (options.remedy !== undefined) await api.applyRemedy({ dataset, finding: options.remedy });
      if (options.takeBack !== undefined) await api.takeBackRemedy({ dataset, finding: options.takeBack });
      const description = await api.describe({ dataset, moves: true }, context);
      if (options.json === true) context.out(JSON.stringify(description, null, 2));
      else context.out(printDescription(description));
    });
}
