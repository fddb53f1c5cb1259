export * from './analyze.ts';
export * from './assign.ts';
export type { ArmComparison, ArmOutcome, RelativeLift, SequentialFigure } from './compare.ts';
export type { Alternative } from './instead.ts';
export * from './plan.ts';
export * from './ratio.ts';
export * from './read.ts';
export type { ValueComparison } from './value.ts';
export { conclusionOn, isWithheld } from './verdict.ts';
