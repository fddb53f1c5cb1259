// The command that makes a screen's figures again.

import { murmur3Text } from '../../engine/base/index.ts';
import type { Screen } from '../screens.ts';

export interface CommandParts {
  readonly command: Screen['command'] | 'launch' | 'sweep' | 'compare' | 'explain';
  readonly workflow: string | null;
  readonly workspace: string | null;
  readonly dataset: string | null;
  readonly seed: number;
  /** As `--set` takes them. */
  readonly set?: readonly string[];
  /** Options of the command's own, word by word. */
  readonly own?: readonly string[];
}

/** Whose figures are drawn. */
const SEEDED: ReadonlySet<CommandParts['command']> = new Set(['calibrate', 'project', 'sweep', 'compare']);

export function commandLine({ command, workflow, workspace, dataset, seed, set = [], own = [] }: CommandParts): string {
  const parts = ['npx foresend', command];
  const isOfWorkflow = command !== 'describe' && command !== 'moments';
  if (isOfWorkflow && workflow !== null) parts.push(quoted(workflow));
  if (workspace !== null) parts.push('--workspace', quoted(workspace));
  if (dataset !== null && command !== 'validate') parts.push('--dataset', quoted(dataset));
  if (isOfWorkflow && command !== 'validate') for (const one of set) parts.push('--set', quoted(one));
  if (SEEDED.has(command)) parts.push('--seed', String(seed));
  return [...parts, ...own.map(quoted)].join(' ');
}

/** As a shell takes it for one word. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** A file the command reads that lies nowhere yet. */
export interface NeededFile {
  readonly name: string;
  readonly line: string;
}

/**
 * Its name is of its contents, so that writing it twice is no harm and no file of the user's is written over.
 * @param what it is: `response`
 */
export function neededFile(what: string, json: unknown): NeededFile {
  const text = JSON.stringify(json);
  const name = `${what}-${(murmur3Text(text) >>> 0).toString(16).padStart(8, '0')}.json`;
  return { name, line: `printf '%s\\n' ${quoted(text)} > ${name}` };
}

/** The command, after lines that write what it reads. */
export function withFiles(files: readonly NeededFile[], command: string): string {
  return [...files.map(({ line }) => line), command].join('\n');
}
