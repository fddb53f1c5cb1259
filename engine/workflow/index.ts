export * from './check.ts';
export { RESERVED_SUPPRESSIONS } from './check-rules.ts';
export {
  ADOPTION,
  type Adoption,
  checkSegmentRules,
  DEFAULT_SEGMENT_RULES,
  ENGAGEMENT,
  type Engagement,
  isSegmentName,
  LIFECYCLE,
  type Lifecycle,
  type SegmentName,
  segmentRulesFile,
  segmentRulesOf,
} from './check-segments.ts';
export { DEFAULT_CRON } from './check-trigger.ts';
export { type CronLine, cronProblem, parseCron } from './cron.ts';
export * from './event-names.ts';
export { formatWorkflow } from './format.ts';
export { contentHash } from './hash.ts';
export * from './join-programme.ts';
export { applyOverrides, applySettings, type Setting, splitSet, workflowPath } from './overrides.ts';
export { parseWorkflow, placeOf } from './parse.ts';
export * from './programme.ts';
export * from './property-names.ts';
export * from './reads.ts';
export { conditionWords, triggerWords, workflowSentence } from './sentence.ts';
export { fileKind } from './shapes.ts';
export { nearest, orKnown } from './suggest.ts';
export * from './templates.ts';
export * from './types.ts';
export { stepsOf } from './warnings.ts';
