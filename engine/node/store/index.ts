export { type Backup, backupWorkspace, type Restored, restoreWorkspace } from './backup.ts';
export { journaled, tellInterrupted } from './journaled.ts';
export { type DatasetInfo, type DatasetMeta, type OpenOptions, Workspace } from './workspace.ts';
