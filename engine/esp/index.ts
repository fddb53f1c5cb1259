export { type Adoption, adoptFlow, type Bound } from './adopt.ts';
export { asKlaviyo } from './as-klaviyo.ts';
export { canonicalText, hashOf } from './canonical.ts';
export { type ActionPair, actionIdsOf, compareFlow, type FlowComparison } from './compare-flow.ts';
export { compareRuns, type RunComparison, RunCounter, type RunFigures } from './compare-runs.ts';
export { desiredKlaviyo, enrollmentMs, lastDueMs } from './desired.ts';
export { translateLiquid } from './django.ts';
export { driftOf } from './drift.ts';
export { featuresOf, fitOf, type Use } from './fit.ts';
export { sentProperty } from './flow.ts';
export { actionId, checkFlow, checkFlowBody, linksOf } from './graph.ts';
export { assignmentOf, globalProperty } from './holdout-split.ts';
export * from './klaviyo-types.ts';
export {
  type Preview,
  type PropertyFill,
  renderPreview,
  type SendScope,
  unknownScope,
} from './liquid.ts';
export { type Marked, markedName, markerOf, markOf, titleOf } from './marker.ts';
export { metricNames, receivedEmail } from './metrics.ts';
export { normalHtml, templateIdOf } from './normal.ts';
export { changesOf, planKlaviyo, planRemoval } from './plan.ts';
export { Problems } from './problems.ts';
export { recordReadBack } from './read-back.ts';
export { type FlowToRead, type ReadAccount, workflowOfFlow } from './read-flow.ts';
export { flowStatus, keysIn, updateAction, withIds } from './requests.ts';
export { type SendValues, sendScope, sendValues, startingEvent } from './send-scope.ts';
export { type StandingFlow, standingFlow } from './standing-flow.ts';
export {
  currentHash,
  emptyState,
  formatState,
  readHashOf,
  readState,
  rebuildState,
  recordApply,
  recordCreated,
  recordObject,
  recordProgress,
  recordRead,
  recordRemoved,
  staleness,
  stateHash,
} from './state.ts';
export * from './types.ts';
export { cellOf, ESP_NAMES, VOCABULARY, vocabularyRow } from './vocabulary.ts';
export { vocabularyMarkdown } from './vocabulary-table.ts';
export { type FlowRow, filterText, flowRows } from './words.ts';
