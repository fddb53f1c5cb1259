export { type DatasetInfo, type DatasetMeta, type OpenOptions, Workspace } from './workspace.ts';
