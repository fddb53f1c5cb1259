// The command that makes a screen's figures again.

import type { Screen } from '../screens.ts';

export interface CommandParts {
  readonly command: Screen['command'];
  readonly workflow: string | null;
  readonly workspace: string | null;
  readonly dataset: string | null;
  readonly seed: number;
}

export function commandLine({ command, workflow, workspace, dataset, seed }: CommandParts): string {
  const parts = ['npx foresend', command];
  if (command !== 'describe' && workflow !== null) parts.push(quoted(workflow));
  if (workspace !== null) parts.push('--workspace', quoted(workspace));
  if (dataset !== null && command !== 'validate') parts.push('--dataset', quoted(dataset));
  if (command === 'calibrate' || command === 'project') parts.push('--seed', String(seed));
  return parts.join(' ');
}

/** As a shell takes it for one word. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
