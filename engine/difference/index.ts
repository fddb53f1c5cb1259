export * from './batch.ts';
export * from './changes.ts';
export * from './compare.ts';
export * from './compare-words.ts';
export type { Said } from './decisions.ts';
export * from './figures.ts';
export * from './people.ts';
export * from './people-words.ts';
export * from './per-email.ts';
