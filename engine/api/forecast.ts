// Asked of a workflow over a history: what it would have sent and added, alone and beside other versions.

import type { Backtest, ForetoldBefore } from '../backtest/index.ts';
import type { Stamp } from '../base/index.ts';
import type { Calibration } from '../calibrate/index.ts';
import type { Change, Comparison, PeoplePage } from '../difference/index.ts';
import type { EmailValue, Projection, RuleCosts, Sensitivity, Sweep } from '../projection/index.ts';
import type { LaunchPlan, ReplayTotals } from '../replay/index.ts';
import type { LaterValue, SecondaryFigure } from '../value/index.ts';
import type { Answer, DatasetRequest, WorkflowRequest } from './calls.ts';

export interface ReplayRequest extends WorkflowRequest {
  /** A file for the decisions, by its ending CSV, JSON lines or Parquet. */
  readonly log: string | null;
  /** Only the buckets with bucket mod of = index. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  /** A file for the totals of the shard, by bucket. */
  readonly part: string | null;
  /** Threads, 1 … 128; the answer is the same. Default 1. Not with a log, a shard or a part. */
  readonly workers?: number;
}

export interface SweepRequest extends WorkflowRequest {
  readonly over: readonly { readonly path: string; readonly values: readonly string[] }[];
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
  /** Threads, 1 … 128, for settings that are replayed one by one; the answer is the same. Default 1. */
  readonly workers?: number;
}

export interface ProjectRequest extends WorkflowRequest {
  readonly response: unknown;
  readonly draws: number;
  /** A file for every draw, by its ending CSV, JSON lines or Parquet. */
  readonly drawsFile?: string | null;
  /** A file with a row for every complete enrollment, by its ending CSV, JSON lines or Parquet. */
  readonly peopleFile?: string | null;
  /** Whether each assumption is moved alone, to see which matters; default false. */
  readonly sensitivity?: boolean;
  /** Whether it is asked what each email adds to the others; default false. */
  readonly eachEmail?: boolean;
  /** Whether the calibration comes along; default true. It takes longer than the projection itself. */
  readonly calibration?: boolean;
}

export interface RuleCostsRequest extends WorkflowRequest {
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
  readonly draws: number;
}

export type RuleCostsAnswer = RuleCosts & Answer;

export interface BacktestRequest extends WorkflowRequest {
  /** ms; null: the day the emails went live by arm, else two thirds of the way through the history. */
  readonly split: number | null;
  /** The JSON of a response file; null: the graded default. Held against the holdout where the workflow has been live. */
  readonly response: unknown;
}

export type BacktestAnswer = Backtest & Answer;

export interface LaunchRequest extends WorkflowRequest {
  /** ms; null: a week before the history ends, so that the first week can be seen. */
  readonly at: number | null;
  /** People of the backlog a day; null: all at once. */
  readonly perDay: number | null;
  readonly order: 'newest' | 'oldest';
  /** ms; null: the goal window. */
  readonly maxAge: number | null;
}

export type LaunchAnswer = LaunchPlan & Answer;

/** One version of a workflow to compare. */
export interface CompareColumn extends Omit<WorkflowRequest, 'dataset' | 'seed'> {
  /** As the column is headed; each its own. */
  readonly name: string;
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
}

export interface CompareRequest extends DatasetRequest {
  /** Two to four; the differences are to the first. */
  readonly columns: readonly CompareColumn[];
  readonly seed: number;
  readonly draws: number;
  /** A file for everybody whose decisions differ, by its ending CSV, JSON lines or Parquet. */
  readonly peopleFile: string | null;
}

export interface ComparePeopleRequest extends DatasetRequest {
  readonly first: CompareColumn;
  readonly second: CompareColumn;
  readonly seed: number;
  /** Null: everybody whose decisions differ. */
  readonly change: Change | null;
  readonly offset: number;
  readonly limit: number;
}

export type ReplayAnswer = ReplayTotals &
  Answer & {
    /** Counted; absent where the workflow has none. */
    readonly secondary?: readonly SecondaryFigure[];
  };

export type CalibrateAnswer = Calibration & Answer;

export type SweepAnswer = Sweep & Answer;

export type ProjectAnswer = Projection &
  Answer & {
    readonly replay: ReplayTotals;
    /** What the trigger waits for, by name; null for triggers without an anchor. */
    readonly subject: Pick<Calibration, 'kind' | 'anchor' | 'answer'> | null;
    /** Null where it was not asked for. */
    readonly calibration: Calibration | null;
    /** Beside the calibration: whether weeks of this history foretold the next; null where it is too short to tell. */
    readonly backtest?: ForetoldBefore | null;
    /** Only where it was asked for; null where nothing is projected. */
    readonly sensitivity?: Sensitivity | null;
    /** In order of time. Only where it was asked for; null where nothing is projected. */
    readonly emails?: readonly EmailValue[] | null;
    /** Counted; absent where the workflow has none. */
    readonly secondary?: readonly SecondaryFigure[];
    /** Where a secondary goal asks for the value of those who converted. */
    readonly later?: LaterValue;
  };

/** The stamp of an answer is that of the first column. */
export type CompareAnswer = Comparison & Answer & { readonly stamps: readonly Stamp[] };

export type ComparePeopleAnswer = PeoplePage & Answer;

/** What a holdout plan takes from a replay. */
export interface TrafficAnswer extends Answer {
  /** Rate of the goal per first entry; null with a reason where no entry is complete. */
  readonly baseline: number | null;
  readonly reason?: string;
  /** People enrolled for the first time, per week from the first to the end of observation; null for a shorter history. */
  readonly firstEntriesPerWeek: number | null;
  readonly goalWindowMs: number;
  /** What a test on this traffic can be asked; the goal first, empty where `baseline` is null. */
  readonly questions: readonly TrafficQuestion[];
}

export interface TrafficQuestion {
  /** `goal`; `value`: money per person; `large`: the goal among those who begin with a value of `valueFrom` or more. */
  readonly key: 'goal' | 'value' | 'large';
  readonly kind: 'rate' | 'amount';
  /** First entries with a known outcome, and those with the goal. */
  readonly people: number;
  readonly converted: number;
  /** Rate, or mean amount per person, zeros included. */
  readonly baseline: number;
  readonly sd: number | null;
  readonly firstEntriesPerWeek: number | null;
  readonly valueFrom: number | null;
}
