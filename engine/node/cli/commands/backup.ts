// backup, restore: a workspace copied while it is in use, and put back without losing the one it replaces.

import type { Command } from 'commander';
import { exactPlural } from '../../../base/index.ts';
import type { DatasetInfo } from '../../store/index.ts';
import type { Context } from '../context.ts';
import { workspaceOption } from '../options.ts';

interface BackupFlags {
  readonly workspace: string;
  readonly json?: boolean;
}

export function registerBackup(program: Command, context: Context): void {
  workspaceOption(program.command('backup'))
    .description('copy the workspace, also while it is open; the copy is read back before it has its name')
    .option('--out <file>', 'the copy (default: beside the workspace, named by the time)')
    .action(async ({ workspace, out, json }: BackupFlags & { readonly out?: string }) => {
      const { backupWorkspace } = await import('../../store/index.ts');
      const { signal } = context.cancellable();
      const backup = await backupWorkspace(workspace, out ?? named(workspace, 'backup'), { signal });
      if (json === true) {
        context.out(JSON.stringify({ ...backup, datasets: backup.datasets.map(shortly) }, null, 2));
      } else context.out(`${backup.path} holds ${holding(backup.datasets)} and was read back whole.`);
    });

  workspaceOption(program.command('restore <backup>'))
    .description('put a copy in the place of the workspace; the one that stood there is kept')
    .action(async (backup: string, { workspace, json }: BackupFlags) => {
      const { restoreWorkspace } = await import('../../store/index.ts');
      const { signal } = context.cancellable();
      const restored = await restoreWorkspace(backup, workspace, named(workspace, 'before-restore'), { signal });
      if (json === true) {
        context.out(JSON.stringify({ ...restored, datasets: restored.datasets.map(shortly) }, null, 2));
        return;
      }
      const kept = restored.kept === null ? '' : ` What stood there before is kept as ${restored.kept}.`;
      context.out(`${workspace} holds ${holding(restored.datasets)} again.${kept}`);
    });
}

/** `shop.foresend` as `shop.backup-20260301-142233.foresend`, by the clock in UTC. */
function named(workspace: string, what: string): string {
  const [stamp = ''] = new Date().toISOString().replace(/[-:]/g, '').replace('T', '-').split('.');
  const bare = workspace.replace(/\.foresend$/, '');
  return `${bare}.${what}-${stamp}${bare === workspace ? '' : '.foresend'}`;
}

function shortly({ name, persons, events, fingerprint }: DatasetInfo) {
  return { name, persons, events, fingerprint };
}

function holding(datasets: readonly DatasetInfo[]): string {
  if (datasets.length === 0) return 'no dataset';
  return datasets
    .map(
      ({ name, events, persons }) =>
        `${name} (${exactPlural(events, 'event')} of ${exactPlural(persons, 'person', 'people')})`,
    )
    .join(', ');
}
