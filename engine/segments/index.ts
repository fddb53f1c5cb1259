export * from './effects.ts';
export * from './found.ts';
export * from './report.ts';
export type { KindName } from './standings.ts';
