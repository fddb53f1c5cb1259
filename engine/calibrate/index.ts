export * from './converters.ts';
export * from './episodes.ts';
export * from './history-need.ts';
export * from './ladder.ts';
export * from './matcher.ts';
export * from './return-hump.ts';
export * from './window-counts.ts';
