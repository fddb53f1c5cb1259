// What `sweep` answers, as data: one row for each setting, and what can be told apart.

import type { NamedCurve } from './curve.ts';
import type { Assumption } from './response.ts';
import type { TimingEvidence } from './timing-evidence.ts';

/** Values by path, as they were given. */
export type Settings = Readonly<Record<string, string>>;

export interface Money {
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason?: string;
}

export interface SweepRow {
  readonly set: Settings;
  /** The waiting time, where it is what is swept; ms. */
  readonly window: number | null;
  /** From anchor to first email, ms. */
  readonly firstEmail?: number;
  /** What randomised studies say of a first email after so long. */
  readonly evidence?: TimingEvidence;
  /** Mature episodes (windows), or complete enrollments (other settings). */
  readonly episodes: number;
  readonly fired: number;
  /** Null where the history does not show what happens without emails. */
  readonly wouldConvertAnyway: number | null;
  readonly never: number | null;
  /** wouldConvertAnyway / fired; null where nothing fired. */
  readonly waste: number | null;
  readonly projected: {
    readonly incremental: number | null;
    readonly low: number | null;
    readonly high: number | null;
    /** Where incremental is null: why. */
    readonly reason?: string;
  };
  readonly net: Money;
  /** Of the replicates, the share in which this setting is best. */
  readonly pBest: number | null;
  /** Best minus this one, in the unit the best was chosen by: expected, and 95 % interval of the paired difference. */
  readonly behind: { readonly expected: number; readonly low: number; readonly high: number } | null;
  /** This one minus the setting as loaded, paired in the same way; null where that is none of the rows. Windows only. */
  readonly againstLoaded?: { readonly expected: number; readonly low: number; readonly high: number } | null;
  /** Share of never-converters that must be won to pay for itself; null where none does or money is not known. */
  readonly breakEvenResponse: number | null;
  /** P(the assumed response exceeds it). */
  readonly pAboveBreakEven: number | null;
  /** Where a figure of the row is null and has no reason of its own: why. */
  readonly reason?: string;
}

export interface Sweep {
  /** From the anchor, the same for all windows; ms. */
  readonly horizon: number;
  readonly rows: readonly SweepRow[];
  /** Null where no row has a figure, as `reason` says. */
  readonly best: Settings | null;
  readonly reason?: string;
  /** What "best" means: money where it is known, else conversions. */
  readonly by: 'net' | 'incremental';
  /** Settings whose paired difference to the best includes 0; the best itself left out. */
  readonly indistinguishable: readonly Settings[];
  /** Told apart from the best, but behind it by under 1 % of what it is worth: no choice in practice. */
  readonly asGood?: readonly Settings[];
  /** In sentences. */
  readonly restsOn: readonly string[];
  /** How much too good the best looks for having been picked as the best; null without replicates. */
  readonly winnersCurse: number | null;
  /** Where windows are swept: what shapes of the response would choose. */
  readonly curves: {
    readonly best: Readonly<Record<NamedCurve, Settings>>;
    readonly dataAloneCannotChoose: boolean;
    /** Shortest and longest of the three; ms. */
    readonly economicRange: readonly [number, number];
    /** Share of the spread of the best window that rests on the assumed curve, 0 … 1; null where the best never moves. */
    readonly curveShare: number | null;
    /** Organic share of the fired under the workflow as loaded, at which odds are taken. */
    readonly referenceRate: number | null;
    readonly referenceWindow: number;
  } | null;
  readonly clock: 'first' | 'reset' | null;
  readonly leftOut: number;
  readonly assumptions: readonly Assumption[];
  readonly notices: readonly string[];
}

export function isSameSetting(a: Settings, b: Settings): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
