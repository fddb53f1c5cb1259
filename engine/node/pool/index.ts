export { type PoolOptions, replayOnWorkers, replayProgrammeOnWorkers } from './replay-pool.ts';
export { historyOf, type SharedHistory, shareHistory } from './shared-history.ts';
