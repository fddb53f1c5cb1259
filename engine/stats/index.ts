export * from './normal.ts';
