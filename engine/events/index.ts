export * from './buckets.ts';
export * from './builder.ts';
export * from './history.ts';
export * from './import-report.ts';
export * from './lazy-properties.ts';
export * from './name-words.ts';
export * from './observation-start.ts';
export * from './reachability.ts';
