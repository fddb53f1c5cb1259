export * from './assign.ts';
export * from './plan.ts';
