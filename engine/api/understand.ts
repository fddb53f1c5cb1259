// Asked of a history before there is a workflow: moments, segments, and what can be said to whom and when.

import type { Comparison } from '../difference/index.ts';
import type { MomentsReport } from '../moments/index.ts';
import type { ActiveHours, PersonalizeReport, SendTimeVariants, StepWait } from '../personalize/index.ts';
import type { Projection } from '../projection/index.ts';
import type { ReplayTotals } from '../replay/index.ts';
import type { FoundRole, ProposedThreshold, SegmentReport, WorkflowEffects } from '../segments/index.ts';
import type { WorkflowFile } from '../workflow/index.ts';
import type { Answer, DatasetRequest, WorkflowRequest } from './calls.ts';

export interface MomentsAnswer extends MomentsReport {
  readonly dataset: string;
  /** Fingerprint of the history. */
  readonly history: string;
}

export interface SegmentsRequest extends DatasetRequest {
  /** Whose segments, and what it does to each; null: of the history alone. */
  readonly workflow: WorkflowFile | null;
  readonly workflowPath: string;
  /** Of the workflow; without one `segments..=value`. */
  readonly set: readonly string[];
  /** Without a workflow: with the events found by their names, or as a workflow that says nothing has them. */
  readonly rules: 'found' | 'standard';
  /** Whether the thresholds that fit this history are taken. */
  readonly proposed: boolean;
  /** ms; null: the end of the history. */
  readonly at: number | null;
  /** Of local days; null: the workflow's, else UTC. */
  readonly timezone: string | null;
}

export interface SegmentsAnswer extends SegmentReport {
  readonly dataset: string;
  readonly warnings: readonly string[];
  /** Fingerprint of the history. */
  readonly history: string;
  readonly source: 'workflow' | 'found' | 'standard';
  readonly found: readonly FoundRole[];
  readonly missing: readonly string[];
  readonly proposed: readonly ProposedThreshold[];
  readonly workflow: {
    readonly id: string;
    readonly name: string;
    readonly effects: WorkflowEffects;
    readonly totals: ReplayTotals;
  } | null;
}

/** What the emails of a workflow could say when they go out. */
export type PersonalizeAnswer = PersonalizeReport & Answer;

export interface ActiveHoursRequest extends WorkflowRequest {
  /** Whose hours are told beside everybody's; null: nobody's. */
  readonly person: string | null;
}

export type ActiveHoursAnswer = ActiveHours & Answer;

export interface SendTimesRequest extends WorkflowRequest {
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
  readonly draws: number;
}

/** A workflow without and with personal send times; differences are with less without, on common random numbers. */
export interface SendTimesAnswer
  extends Answer,
    Pick<SendTimeVariants, 'leadMs' | 'withinMs' | 'isOn'>,
    Pick<Projection, 'assumptions'> {
  readonly waits: readonly StepWait[];
  readonly figures: Comparison['versions'][number]['figures'];
  readonly before: Comparison['versions'][number]['figures'];
}
