export * from './chain.ts';
export * from './coverage.ts';
export * from './failure-map.ts';
export * from './law.ts';
export * from './planted.ts';
export * from './prove.ts';
export * from './worlds.ts';
export * from './wrong-worlds.ts';
