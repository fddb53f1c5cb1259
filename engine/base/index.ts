export * from './assert.ts';
export * from './duration.ts';
export * from './exact-sum.ts';
export * from './issue.ts';
export * from './murmur3.ts';
export * from './random.ts';
export * from './result.ts';
export * from './search.ts';
