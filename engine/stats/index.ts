export * from './beta.ts';
export * from './chi-square.ts';
export * from './gamma.ts';
export * from './interval.ts';
export * from './lambert.ts';
export * from './normal.ts';
export * from './poisson.ts';
export * from './student-t.ts';
