// What the two pages are made of: results of the other folders as plain data, in the shapes the commands print as JSON,
// and the words of the business. Rates are fractions, times and durations milliseconds, money the history's own unit.

import type { Currency, Stamp } from '../base/index.ts';
import type { Calibration, SurvivalPoint } from '../calibrate/index.ts';
import type { HistoryDescription, LikelyPair, Silence } from '../describe/index.ts';
import type { ImportReport } from '../events/index.ts';
import type { HoldoutPlan } from '../holdout/index.ts';
import type { EmailValue, Projection, Sensitivity, Sweep } from '../projection/index.ts';
import type { ReplayTotals } from '../replay/index.ts';
import type { Command } from './document.ts';

/** How the business calls things. `done` completes "carts that have …". */
export interface Terms {
  readonly anchor: string;
  readonly anchors: string;
  readonly goal: string;
  readonly goals: string;
  readonly done: string;
}

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
  /** Left out: guessed from the names of the events, see `termsFor`. */
  readonly terms?: Terms;
  readonly currency: Currency;
  readonly calibration: Calibration;
  readonly replay: ReplayTotals;
  /** Null where the trigger waits for nothing: there are no waiting times to compare, and no window to choose. */
  readonly sweep: Sweep | null;
  readonly projection: Projection;
  /** Where it was asked for; null where nothing is projected. */
  readonly sensitivity?: Sensitivity | null;
  readonly emails?: readonly EmailValue[] | null;
  /** Null where no test can be sized; the projection then says why. */
  readonly holdout: HoldoutPlan | null;
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
