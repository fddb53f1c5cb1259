export { type Appended, type AppendOptions, appendHistory } from './append.ts';
export { type KnownLinks, mergedIds } from './identity.ts';
export { importFiles } from './import-files.ts';
export { type Format, type ImportOptions, type ImportResult, optionsOf } from './options.ts';
export { type Sniff, sniff } from './plan.ts';
