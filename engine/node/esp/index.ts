export { type Adopted, adopt } from './adopt.ts';
export { type ApplyOptions, type ApplyReport, applyPlan } from './apply.ts';
export {
  adoptBlocks,
  applyBlockPlan,
  type BlockPlace,
  destroyBlocks,
  makeBlockPlan,
  sheetOffline,
  type VerifiedBlocks,
  verifyBlocks,
} from './block-lifecycle.ts';
export type { BlockService } from './block-service.ts';
export { type BothRuns, bothRuns, type FlowNow } from './both-runs.ts';
export { type Clock, systemClock } from './clock.ts';
export { activeCampaignCourier, type Courier, klaviyoCourier, mailchimpCourier } from './couriers.ts';
export { type Delivered, deliverAll, deliveredWords, letGo } from './deliver.ts';
export { type DeliverySources, placesOf } from './delivery-places.ts';
export { type ExportedWorkflow, loadExported, refuseAlone } from './exported-workflow.ts';
export { type FetchOptions, type FetchReport, fetchHoldout } from './holdout-fetch.ts';
export { type ClientOptions, KlaviyoClient, keyFromEnvironment } from './klaviyo-client.ts';
export {
  destroy,
  makePlan,
  type Removed,
  type StatusChange,
  setStatus,
  type Verified,
  verifyExport,
} from './lifecycle.ts';
export { openActiveCampaign, openBlockService, openMailchimp, type ServiceOptions } from './open-service.ts';
export { Outbox, outboxPathOf } from './outbox.ts';
export { loadPlan, type SavedPlan, savePlan } from './plan-file.ts';
export { type PulledFlow, type PullOptions, type PullReport, pullKlaviyo } from './pull.ts';
export { flowFile } from './pull-flows.ts';
export { assertPulled, type LiveFlows, ledgersOf, liveFlowsOf, type Pulled, pulledOf } from './pulled.ts';
export { pullsOf, spoolFolder, sweepSpools } from './spool-folders.ts';
export { loadState, saveState, statePathOf, withLock } from './state-file.ts';
export { type Told, tryWorkflow } from './try-out.ts';
