// An interval as every part of the engine writes it.

/** [low, high], low ≤ high, both finite; in the unit of the figure it belongs to. */
export type Interval = readonly [low: number, high: number];
