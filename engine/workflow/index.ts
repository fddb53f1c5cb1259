export * from './check.ts';
export { RESERVED_SUPPRESSIONS } from './check-rules.ts';
export { DEFAULT_CRON } from './check-trigger.ts';
export { cronProblem } from './cron.ts';
export * from './types.ts';
export { stepsOf } from './warnings.ts';
