// What `calibrate` answers, as data. Times and durations are ms, rates fractions; an undefined figure is null with a
// reason beside it.

import type { Interval } from '../stats/index.ts';
import type { CompetingEnds } from './competing.ts';
import type { Dormancy } from './dormancy.ts';
import type { HazardRow } from './hazard-table.ts';
import type { ReturnHump } from './return-hump.ts';

export interface SurvivalPoint {
  readonly t: number;
  /** S(t). */
  readonly notConverted: number;
  /** 95 %, log-log, Greenwood, as if every episode were a person of its own; null where undefined. */
  readonly low: number | null;
  readonly high: number | null;
  /** The same clustered on person: what to believe where people have several episodes. */
  readonly byPerson: { readonly low: number | null; readonly high: number | null; readonly reason?: string };
  /** Where limits are null: why. */
  readonly reason?: string;
  /** Watched and unanswered just before t. */
  readonly atRisk: number;
}

export interface ConverterPercentiles {
  readonly p50: number | null;
  readonly p75: number | null;
  readonly p90: number | null;
  readonly p95: number | null;
  /** 95 %, people drawn anew; each null where a draw often has none. Absent where nothing was drawn. */
  readonly intervals?: Readonly<Record<'p50' | 'p75' | 'p90' | 'p95', Interval | null>>;
  readonly reason?: string;
}

/** The window as it stands, on mature episodes. */
export interface CurrentWindow {
  readonly window: number;
  /** The trigger's own clock, or `first` where too few episodes are mature on it. */
  readonly clock: 'first' | 'reset';
  readonly episodes: number;
  readonly triggered: number | null;
  readonly wouldConvertAnyway: number | null;
  /** Not converted by the horizon, whatever the window. */
  readonly never: number | null;
  /** Episodes too recent to be judged. */
  readonly leftOut: number;
  /** Mature but still open, their anchor having moved; in no figure. */
  readonly unresolved: number;
  readonly reason?: string;
}

export interface RecommendedAtHorizon {
  readonly horizon: number;
  readonly converters: number;
  /** By when 90 % of those who convert within the horizon have done so. */
  readonly p90: number | null;
  /** Twice that, rounded to a rung. */
  readonly window: number | null;
}

export interface RecommendedWindow {
  readonly settled: boolean;
  /** Null where it is not settled: no window is recommended then. */
  readonly window: number | null;
  /** The windows at both ends of the 95 % interval of the 90 % time. */
  readonly low: number | null;
  readonly high: number | null;
  readonly p90: { readonly value: number | null; readonly low: number | null; readonly high: number | null };
  readonly atHorizons: readonly RecommendedAtHorizon[];
  readonly why: string;
}

export interface Calibration {
  /** Of survival, counts and percentiles: from the opening. */
  readonly clock: 'first';
  /** `moment`: the trigger does not wait, and its firings are the episodes. */
  readonly kind: 'inaction' | 'behavior' | 'absence' | 'moment';
  /** The event's name, or words for what it is. */
  readonly anchor: string;
  readonly answer: string;
  readonly horizon: number;
  /** Episodes. */
  readonly anchors: number;
  readonly converted: number;
  /** Not converted as far as watched: lapsed at the horizon, or still open. */
  readonly censored: number;
  readonly lapsed: number;
  readonly open: number;
  readonly persons: number;
  /** Left out because they may have begun unseen, before observation did. */
  readonly washedIn: number;
  readonly historyNeeded: number;
  readonly historyHeld: number;
  readonly history: {
    readonly status: 'none' | 'short' | 'enough';
    readonly entrySpan: number;
    readonly largestHorizon: number | null;
    readonly reason: string | null;
  };
  readonly survival: readonly SurvivalPoint[];
  readonly percentilesAmongConverters: ConverterPercentiles;
  /** How fast people convert in each stretch of time, among those who have not yet. */
  readonly hazard?: readonly HazardRow[];
  /** Episodes ended for good by something else than the goal; null where none was. `survival` goes on watching them. */
  readonly competing?: CompetingEnds | null;
  /** Whether the curve's last stretch says anything about "never". */
  readonly plateau: {
    readonly value: number | null;
    readonly sufficient: boolean;
    readonly reason: string | null;
    /** α of Maller & Zhou 1996: above 0.05 follow-up is too short; null without a conversion. */
    readonly alpha?: number | null;
  };
  readonly current: CurrentWindow;
  readonly recommended: RecommendedWindow;
  /** When people stop coming back within the same visit; it does not say when an email works. */
  readonly returnHump: {
    readonly verdict: ReturnHump['verdict'];
    readonly at: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly shareBackWithin: number | null;
    /** Share of bootstrap replicates that find one. */
    readonly found: number | null;
  };
  /** For absence triggers only. */
  readonly dormancy: Dormancy | null;
  /** Whether the history contains emails that answer the trigger: later conversions are then not organic. */
  readonly alreadyMailed: boolean;
  readonly notes: readonly string[];
}
