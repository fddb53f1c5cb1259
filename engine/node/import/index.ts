export { importFiles } from './import-files.ts';
export { mergePeople } from './merge-people.ts';
export type { ColumnMap, Format, ImportOptions, ImportResult } from './options.ts';
export { type Sniff, sniff } from './plan.ts';
