export { type Appended, type AppendOptions, appendHistory, type Traced } from './append.ts';
export { throwIfCancelled } from './duck.ts';
export { endIsGuessed, importFiles, inMemoryOf, withImport } from './import-files.ts';
export { bothReplaced, importParts, rejectedOf, withParts } from './import-parts.ts';
export { type Format, type ImportOptions, type ImportResult, optionsOf, type StoredImport } from './options.ts';
export { openParts, type Part, type Parts } from './parts.ts';
export { openKey } from './pseudonym-key.ts';
export { type Sniff, sniff } from './sniff.ts';
export { type ImportTrace, type Prior, priorOf } from './trace.ts';
