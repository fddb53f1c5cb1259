export { type Backup, backupWorkspace, type Restored, restoreWorkspace } from './backup.ts';
export type { CopiedHistory } from './copied-history.ts';
export { inWorkspace } from './in-workspace.ts';
export { journaled, tellInterrupted } from './journaled.ts';
export { type DatasetInfo, type DatasetMeta, type OpenOptions, type StoredMeta, Workspace } from './workspace.ts';
