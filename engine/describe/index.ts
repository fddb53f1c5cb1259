export type { ReachabilitySummary } from './addresses.ts';
export * from './description.ts';
export type { Finding, FindingMoves, FindingTest, MovedFigures } from './finding.ts';
export { isGoalLike, type LikelyPair, likelyPairs } from './likely-pairs.ts';
export { type MoveRow, moveRows } from './move-words.ts';
export type { PropertySummary, TopValue } from './properties.ts';
export * from './silence.ts';
export { type NameSummary, tallyHistory } from './tally.ts';
