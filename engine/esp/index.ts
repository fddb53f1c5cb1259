export { activeCampaignMaker, activeCampaignRoutes, senderText } from './activecampaign.ts';
export { type Adoption, adoptFlow, type Bound } from './adopt.ts';
export { asKlaviyo } from './as-klaviyo.ts';
export { type BlockLookup, type BlockMaker, desiredBlocks } from './block-desired.ts';
export {
  blockDrift,
  blocksHash,
  isThere,
  locateBlocks,
  planBlockRemoval,
  planBlocks,
  rebuildBlockState,
  recordBlocks,
} from './block-plan.ts';
export * from './block-types.ts';
export { canonicalText, hashOf } from './canonical.ts';
export { type ActionPair, actionIdsOf, compareFlow, type FlowComparison } from './compare-flow.ts';
export { compareRuns, type RunComparison, RunCounter, type RunFigures } from './compare-runs.ts';
export {
  type Change,
  changeDeliveries,
  type Delivery,
  type DeliverySource,
  deliveriesOf,
  eventNamesOf,
  type PersonRows,
} from './deliveries.ts';
export {
  CONTACT,
  CONTACT_TAG,
  type DeliveryCall,
  type DeliveryPlace,
  deliveryCalls,
} from './delivery-calls.ts';
export { desiredKlaviyo, enrollmentMs, lastDueMs } from './desired.ts';
export { activeCampaignDialect, eventNameOf, mailchimpDialect, mergeTag, personalTag } from './dialects.ts';
export { translateLiquid } from './django.ts';
export { driftOf } from './drift.ts';
export { ESP_NAMES } from './esp-names.ts';
export { featuresOf, fitOf, type Use } from './fit.ts';
export { sentProperty } from './flow.ts';
export { actionId, checkFlow, checkFlowBody, linksOf } from './graph.ts';
export { assignmentOf, globalProperty } from './holdout-split.ts';
export * from './klaviyo-types.ts';
export {
  type CompiledText,
  compileText,
  meaningOf,
  PERSON_FIELDS,
  type Preview,
  type PropertyFill,
  renderPreview,
  type SendScope,
  type ShownValues,
  type UsedName,
  unknownScope,
} from './liquid.ts';
export { audienceOf, mailchimpMaker, mailchimpRoutes } from './mailchimp.ts';
export { type Marked, markedName, markerOf, markOf, titleOf } from './marker.ts';
export { metricNames, receivedEmail } from './metrics.ts';
export { normalHtml, templateIdOf } from './normal.ts';
export { type Dialect, type Personal, type SentField, translatePersonal } from './personal.ts';
export { planKlaviyo, planRemoval } from './plan.ts';
export { changesOf } from './plan-lines.ts';
export { Problems } from './problems.ts';
export { recordReadBack } from './read-back.ts';
export { type FlowToRead, type ReadAccount, workflowOfFlow } from './read-flow.ts';
export { flowStatus, keysIn, updateAction, withIds } from './requests.ts';
export { definedNames, type SendValues, sendScope, sendValues, startingEvent } from './send-scope.ts';
export { type BuildSheet, buildSheet, type NumberedStep } from './sheet.ts';
export { type StandingFlow, standingFlow } from './standing-flow.ts';
export {
  currentHash,
  emptyState,
  formatState,
  otherAccount,
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
  stalenessOf,
  stateHash,
} from './state.ts';
export { type SyncedField, syncedProperties } from './synced.ts';
export * from './types.ts';
export { cellOf, VOCABULARY, vocabularyRow } from './vocabulary.ts';
export { vocabularyMarkdown } from './vocabulary-table.ts';
export { type FlowRow, filterText, flowRows } from './words.ts';
