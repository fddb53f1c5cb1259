export { activeMinutesIn } from './active-minutes.ts';
export type { Collision, CollisionMet, Collisions, PeopleTally } from './collisions.ts';
export { createDecider, type DeciderOptions } from './decider.ts';
export { type ExplainedMoment, type Explanation, explain, explainProgramme } from './explain.ts';
export type { ExplainedRule } from './explain-rules.ts';
export type { ExplainedTrigger } from './explain-triggers.ts';
export { matches, readNumber } from './filters.ts';
export { type Backlog, type LaunchDay, type LaunchPlan, type LaunchSettings, launchPlan } from './launch.ts';
export { LiveReplay, type LiveRow, type LiveState, type ReplayFacts, replayFacts } from './live.ts';
export { type Joined, joinPeople } from './live-join.ts';
export { liveRows } from './live-rows.ts';
export { firstSeenOf, LiveView } from './live-view.ts';
export { isZone, type LocalTime, localTime } from './local-time.ts';
export { HistoryView, type PersonView } from './person-view.ts';
export { type Plan, planOf, replayIssues } from './plan.ts';
export {
  foldProgramme,
  type ProgrammeResult,
  type ProgrammeTally,
  type ProgrammeTotals,
  refuseSameIds,
  replayProgramme,
} from './programme.ts';
export { type ProgrammeOptions, type ReplayOptions, replayWorkflow } from './replay.ts';
export type { Effect } from './scene.ts';
export { adoptionOf, engagementOf, lifecycleOf, type Past, type Standing, segmentLike } from './segments.ts';
export {
  densityMode,
  FEWEST_EVENTS,
  KERNEL_KAPPA,
  kernelSums,
  MINUTES_A_DAY,
  minuteOfDay,
  modeAround,
  PRIOR_EVENTS,
} from './send-time.ts';
export { closeMoved } from './sequence.ts';
export type { Enrollment, PersonState, WorkflowState } from './state.ts';
export { initialState } from './state.ts';
export { foldTallies } from './tally.ts';
export { advance, goalValue, type Instant, nextTimer, transition } from './transition.ts';
export * from './types.ts';
export { unmetTriggers } from './unmet-triggers.ts';
