export { type Appended, type AppendOptions, appendHistory, type Traced } from './append.ts';
export { endIsGuessed, importFiles } from './import-files.ts';
export { type Format, type ImportOptions, type ImportResult, optionsOf } from './options.ts';
export { type Sniff, sniff } from './plan.ts';
export { openKey } from './pseudonym-key.ts';
export { type ImportTrace, type Prior, priorOf } from './trace.ts';
