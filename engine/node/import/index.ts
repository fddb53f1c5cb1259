export { type Appended, type AppendOptions, appendHistory, type Traced } from './append.ts';
export { endIsGuessed, importFiles } from './import-files.ts';
export { bothReplaced, importParts, rejectedOf } from './import-parts.ts';
export { type Format, type ImportOptions, type ImportResult, optionsOf } from './options.ts';
export { openParts, type Part, type Parts } from './parts.ts';
export { openKey } from './pseudonym-key.ts';
export { type Sniff, sniff } from './sniff.ts';
export { type ImportTrace, type Prior, priorOf } from './trace.ts';
