// How the command line reads its words: numbers with ranges, moments, lists. A word that does not fit is wrong usage.

import { extname } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { moment } from '../../base/index.ts';

/** Options that every command on a history takes. */
export function historyOptions(command: Command): Command {
  return workspaceOption(command).option('--dataset <name>', 'the dataset (default: the only one)');
}

export function workspaceOption(command: Command): Command {
  return jsonOption(command).option('--workspace <file>', 'the workspace file', 'workspace.foresend');
}

export function jsonOption(command: Command): Command {
  return command.option('--json', 'print one JSON document');
}

export function setOption(command: Command): Command {
  return command.option('--set <path=value>', 'a setting of the workflow to replace; may be given again', setting, []);
}

export function seedOption(command: Command): Command {
  return command.option('--seed <n>', 'the seed of all randomness', wholeNumber(0), 1);
}

function setting(value: string, previous: string[]): string[] {
  if (value.indexOf('=') > 0) return collect(value, previous);
  throw new InvalidArgumentError('It takes path=value, such as trigger.within=2h.');
}

export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

export function wholeNumber(from: number, to = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isInteger(value) || value < from || value > to) {
      throw new InvalidArgumentError(
        `It takes a whole number of at least ${from}${to === Number.MAX_SAFE_INTEGER ? '' : `, at most ${to}`}.`,
      );
    }
    return value;
  };
}

/** A file to write whose ending decides the format. @param endings in lower case, with their dots */
export function fileOf(...endings: readonly string[]): (path: string) => string {
  return (path) => {
    if (endings.includes(extname(path).toLowerCase())) return path;
    const last = endings.at(-1);
    throw new InvalidArgumentError(`It takes a file that ends in ${endings.slice(0, -1).join(', ')} or ${last}.`);
  };
}

/** A file of rows to write. */
export const rowFile = fileOf('.csv', '.jsonl', '.ndjson', '.parquet');

export function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It takes a number, such as 0.1.');
  return value;
}

export function numberList(text: string): number[] {
  return text.split(',').map(finiteNumber);
}

/** A moment on the command line. @returns milliseconds since the epoch */
export function momentOption(text: string): number {
  const time = moment(text);
  if (time === null)
    throw new InvalidArgumentError('It takes milliseconds since 1970 or ISO 8601, such as 2026-03-01T00:00:00Z.');
  return time;
}
