// The options by which a command reads files: import, look and demo take the same.

import { type Command, InvalidArgumentError, Option } from 'commander';
import type { ImportRequest } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import { parseDayZero } from '../import/day-zero-spec.ts';
import { UsageError } from './context.ts';
import { collect, momentOption } from './options.ts';

export interface ImportFlags {
  readonly format?: string;
  readonly map: readonly string[];
  readonly event?: string;
  readonly as?: string;
  readonly dayZero?: string;
  readonly observedFrom?: number;
  readonly observedUntil?: number;
  readonly keepDuplicates?: boolean;
}

const FORMATS = ['csv', 'tsv', 'json', 'jsonl', 'kissmetrics', 'mixpanel', 'amplitude', 'posthog', 'ga4'];
const ROLES = ['user', 'event', 'time', 'value'] as const;

export function importOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <format>', 'instead of looking').choices(FORMATS))
    .option(
      '--map <user=..,event=..,time=..,value=..>',
      'the columns, where looking is not enough; may be given again',
      collect,
      [],
    )
    .option('--event <name>', 'the name of the event, where every row is one')
    .option('--day-zero <spec>', 'for days counted from a start: DATE, or COLUMN:VALUE=DATE,..', dayZero)
    .option('--observed-from <time>', 'when observation began', momentOption)
    .option('--observed-until <time>', 'when observation ended (default: the last event)', momentOption)
    .option('--keep-duplicates', 'keep rows that equal an earlier one in every column');
}

export function importRequest(files: readonly string[], flags: ImportFlags): Omit<ImportRequest, 'dataset'> {
  const { observedFrom, observedUntil } = flags;
  if (observedFrom !== undefined && observedUntil !== undefined && observedFrom > observedUntil)
    throw new UsageError('--observed-from lies after --observed-until: observation cannot end before it begins.');
  return {
    files,
    format: flags.format ?? null,
    map: columnMap(flags.map),
    eventName: flags.event ?? null,
    observedFrom: flags.observedFrom ?? null,
    observedUntil: flags.observedUntil ?? null,
    keepDuplicates: flags.keepDuplicates === true,
    asPeople: flags.as === 'people',
    dayZero: flags.dayZero ?? null,
  };
}

function dayZero(spec: string): string {
  try {
    parseDayZero(spec);
  } catch (error) {
    if (error instanceof UserError) throw new InvalidArgumentError(error.message);
    throw error;
  }
  return spec;
}

/** `user=customer_id,time=created at` → its parts; column names may hold anything but a comma, and value may be none. */
function columnMap(given: readonly string[]): ImportRequest['map'] {
  const map: Partial<Record<(typeof ROLES)[number], string>> = {};
  for (const text of given) {
    for (const part of text.split(',')) {
      const at = part.indexOf('=');
      const role = part.slice(0, at).trim() as (typeof ROLES)[number];
      const column = part.slice(at + 1).trim();
      if (at < 0 || !ROLES.includes(role) || (column === '' && role !== 'value')) {
        throw new UsageError(
          `--map ${text}: "${part}" is not of the form user=COLUMN, event=COLUMN, time=COLUMN or value=COLUMN.`,
        );
      }
      if (map[role] !== undefined) throw new UsageError(`--map ${text}: ${role} is given twice.`);
      map[role] = column;
    }
  }
  return map;
}
