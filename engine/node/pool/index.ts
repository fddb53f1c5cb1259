export { replayOnWorkers, replayProgrammeOnWorkers } from './replay-pool.ts';
export { historyOf, type SharedHistory, shareHistory } from './shared-history.ts';
export { sweepOnWorkers } from './sweep-pool.ts';
export type { PoolOptions } from './threads.ts';
