export { importFiles } from './import-files.ts';
export { mergePeople } from './merge-people.ts';
export { type Format, type ImportOptions, type ImportResult, optionsOf } from './options.ts';
export { type Sniff, sniff } from './plan.ts';
