// What the two pages are made of: results of the other folders as plain data, in the shapes the commands print as JSON,
// and the words of the business. Rates are fractions, times and durations milliseconds, money the history's own unit.

import type { Stamp } from '../base/index.ts';
import type { Calibration, SurvivalPoint } from '../calibrate/index.ts';
import type { HistoryDescription, LikelyPair, Silence } from '../describe/index.ts';
import type { ImportReport } from '../events/index.ts';
import type { HoldoutPlan } from '../holdout/index.ts';
import type { ReplayTotals } from '../replay/index.ts';
import type { Command } from './document.ts';
import type { Currency } from './format.ts';

export type { Currency };

/** How the business calls things. `done` completes "carts that have …". */
export interface Terms {
  readonly anchor: string;
  readonly anchors: string;
  readonly goal: string;
  readonly goals: string;
  readonly done: string;
}

export const PLAIN_TERMS: Terms = {
  anchor: 'episode',
  anchors: 'episodes',
  goal: 'conversion',
  goals: 'conversions',
  done: 'converted',
};

export interface DatasetFacts {
  readonly name: string;
  readonly persons: number;
  readonly events: number;
  readonly from: number;
  readonly to: number;
  readonly observedUntil: number;
  /** Made by a generator whose truth is known. */
  readonly synthetic: boolean;
}

// ---------------------------------------------------------------- sweep

export interface SweepRow {
  /** The waiting time of this row. */
  readonly window: number;
  readonly episodes: number;
  readonly fired: number;
  readonly wouldConvertAnyway: number;
  readonly never: number;
  readonly projected: { readonly incremental: number; readonly low: number; readonly high: number };
  /** Money, where margin is known. */
  readonly net: { readonly expected: number; readonly low: number; readonly high: number } | null;
}

export interface SweepResult {
  readonly horizon: number;
  readonly rows: readonly SweepRow[];
  /** Windows, in the order of the rows. */
  readonly best: number | null;
  readonly indistinguishable: readonly number[];
  readonly restsOn: readonly string[];
}

// ---------------------------------------------------------------- projection

export interface Estimate {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface Assumption {
  readonly name: string;
  readonly value: string;
  readonly kind: string;
  readonly grade: number | string | null;
  readonly source: string;
  readonly year: number | null;
}

export interface ProjectionResult {
  readonly reach: 'known' | 'unknown';
  readonly eligible: number;
  readonly organic: { readonly conversions: number | null; readonly rate: number | null; readonly reason?: string };
  readonly incremental: Estimate & {
    /** Of the variance: chance, parameters, sampling; fractions that add up to 1. */
    readonly shares: { readonly chance: number; readonly parameters: number; readonly sampling: number };
    /** Share of draws below 0. */
    readonly probabilityBelowZero: number;
  };
  readonly revenue: Estimate | null;
  readonly profit: Estimate | null;
  readonly per30Days: Estimate | null;
  readonly assumptions: readonly Assumption[];
  readonly identified: true | { readonly reason: string; readonly bounds: readonly [number, number] | null };
}

// ---------------------------------------------------------------- the pages

export interface DemoReportInput {
  readonly dataset: DatasetFacts;
  readonly workflow: {
    readonly name: string;
    /** The workflow in one sentence. */
    readonly sentence: string;
    readonly holdoutFraction: number;
    readonly goalWithin: number;
  };
  readonly terms: Terms;
  readonly currency: Currency;
  readonly calibration: Calibration;
  readonly replay: ReplayTotals;
  readonly sweep: SweepResult;
  readonly projection: ProjectionResult;
  readonly holdout: HoldoutPlan;
  /** What would be created at the email tool, and what stays to do by hand; null where no plan was made. */
  readonly exportPlan: {
    readonly target: string;
    readonly rows: readonly { readonly action: string; readonly what: string; readonly detail: string }[];
    readonly byHand: readonly string[];
  } | null;
  /** Sentences for what no figure here can tell, beyond those that always hold. */
  readonly unknowns: readonly string[];
  readonly stamp: Stamp;
  /** Exactly what was run. */
  readonly commands: readonly Command[];
}

/** Time to goal of one likely pair. */
export interface PairCurve {
  readonly pair: LikelyPair;
  readonly horizon: number;
  readonly survival: readonly SurvivalPoint[];
  /** Among those who reach the goal within the horizon; null where they are too few. */
  readonly p50: number | null;
  readonly p90: number | null;
}

export interface LookReportInput {
  readonly imported: ImportReport;
  readonly description: HistoryDescription;
  /** Best first. */
  readonly pairs: readonly PairCurve[];
  readonly silence: Silence;
  /** Commands that go on from here. */
  readonly asks: readonly Command[];
  readonly stamp: readonly { readonly name: string; readonly value: string }[];
  /** Exactly what was run. */
  readonly commands: readonly Command[];
}
