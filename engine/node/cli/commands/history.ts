// import, synth, describe: commands that bring a history in or say what it holds.

import { type Command, Option } from 'commander';
import type { Context } from '../context.ts';
import { UsageError } from '../context.ts';
import { historyOptions, jsonOption, momentOption, seedOption, wholeNumber, workspaceOption } from '../options.ts';
import { printDescription } from '../print/description.ts';
import { printImport } from '../print/import.ts';
import { printSynth } from '../print/synth.ts';

interface ImportOptions {
  readonly workspace: string;
  readonly json?: boolean;
  readonly dataset: string;
  readonly format?: string;
  readonly map?: string;
  readonly event?: string;
  readonly as?: string;
  readonly dayZero?: string;
  readonly observedFrom?: number;
  readonly observedUntil?: number;
  readonly keepDuplicates?: boolean;
}

export function registerHistory(program: Command, context: Context): void {
  workspaceOption(program.command('import <files...>'))
    .description('read event histories into a dataset; format, columns and the unit of time are found by looking')
    .requiredOption('--dataset <name>', 'the name of the dataset')
    .option('--format <format>', 'csv, jsonl or kissmetrics, instead of looking')
    .option('--map <user=..,event=..,time=..,value=..>', 'the columns, where looking is not enough')
    .option('--event <name>', 'the name of the event, where every row is one')
    .addOption(new Option('--as <what>', 'rows set properties of people and are no events').choices(['people']))
    .option('--day-zero <spec>', 'for days counted from a start: DATE, or COLUMN:VALUE=DATE,..')
    .option('--observed-from <time>', 'when observation began', momentOption)
    .option('--observed-until <time>', 'when observation ended (default: the last event)', momentOption)
    .option('--keep-duplicates', 'keep rows that equal an earlier one in every column')
    .action(async (files: string[], options: ImportOptions) => {
      const { openBackend } = await import('../../api/backend.ts');
      const report = await openBackend(options.workspace).importFiles(
        {
          files,
          dataset: options.dataset,
          format: options.format ?? null,
          map: options.map === undefined ? {} : columnMap(options.map),
          eventName: options.event ?? null,
          observedFrom: options.observedFrom ?? null,
          observedUntil: options.observedUntil ?? null,
          keepDuplicates: options.keepDuplicates === true,
          asPeople: options.as === 'people',
          dayZero: options.dayZero ?? null,
        },
        context.cancellable(),
      );
      if (options.json === true) context.out(JSON.stringify(report, null, 2));
      else context.out(printImport(report, options.workspace));
    });

  seedOption(jsonOption(program.command('synth')))
    .description('make a synthetic history whose truth is known')
    .requiredOption('--model <model>', 'cart')
    .requiredOption('--persons <n>', 'how many people', wholeNumber(1, 200_000))
    .option('--workspace <file>', 'the workspace file', 'workspace.foresend')
    .option('--dataset <name>', 'write it to a dataset')
    .option('--out <file>', 'write it to a file (.csv, or .jsonl in the form of a KISSmetrics export), truth beside it')
    .action(
      async (options: {
        model: string;
        persons: number;
        seed: number;
        workspace: string;
        dataset?: string;
        out?: string;
        json?: boolean;
      }) => {
        if (options.model !== 'cart') {
          throw new UsageError(
            `--model ${options.model}: this version makes one model, cart. (saas and winback are described in the documents but not built.)`,
          );
        }
        const { openBackend } = await import('../../api/backend.ts');
        const report = await openBackend(options.workspace).synth(
          {
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
    .action(async (options: { workspace: string; dataset?: string; json?: boolean }) => {
      const { openBackend } = await import('../../api/backend.ts');
      const description = await openBackend(options.workspace).describe({ dataset: options.dataset ?? null }, context);
      if (options.json === true) context.out(JSON.stringify(description, null, 2));
      else context.out(printDescription(description));
    });
}

const ROLES = ['user', 'event', 'time', 'value'] as const;

/** `user=customer_id,time=created at` → its parts; column names may hold anything but a comma. */
export function columnMap(text: string): Partial<Record<(typeof ROLES)[number], string>> {
  const map: Partial<Record<(typeof ROLES)[number], string>> = {};
  for (const part of text.split(',')) {
    const at = part.indexOf('=');
    const role = part.slice(0, at).trim() as (typeof ROLES)[number];
    const column = part.slice(at + 1).trim();
    if (at < 0 || !ROLES.includes(role) || column === '') {
      throw new UsageError(
        `--map ${text}: "${part}" is not of the form user=COLUMN, event=COLUMN, time=COLUMN or value=COLUMN.`,
      );
    }
    if (map[role] !== undefined) throw new UsageError(`--map ${text}: ${role} is given twice.`);
    map[role] = column;
  }
  return map;
}
