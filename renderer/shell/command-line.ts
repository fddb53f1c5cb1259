// The command that makes a screen's figures again.

import type { Screen } from '../screens.ts';

export interface CommandParts {
  readonly command: Screen['command'] | 'launch' | 'sweep';
  readonly workflow: string | null;
  readonly workspace: string | null;
  readonly dataset: string | null;
  readonly seed: number;
  /** As `--set` takes them. */
  readonly set?: readonly string[];
  /** Options of the command's own, word by word. */
  readonly own?: readonly string[];
}

export function commandLine({ command, workflow, workspace, dataset, seed, set = [], own = [] }: CommandParts): string {
  const parts = ['npx foresend', command];
  const isOfWorkflow = command !== 'describe' && command !== 'moments';
  if (isOfWorkflow && workflow !== null) parts.push(quoted(workflow));
  if (workspace !== null) parts.push('--workspace', quoted(workspace));
  if (dataset !== null && command !== 'validate') parts.push('--dataset', quoted(dataset));
  if (isOfWorkflow && command !== 'validate') for (const one of set) parts.push('--set', quoted(one));
  if (command === 'calibrate' || command === 'project' || command === 'sweep') parts.push('--seed', String(seed));
  return [...parts, ...own.map(quoted)].join(' ');
}

/** As a shell takes it for one word. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
