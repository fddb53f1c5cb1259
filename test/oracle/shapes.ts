// What the second interpreter reads and gives: a plain data set in input order, a workflow as it stands in its file, and
// decisions and totals. These types belong to it alone; sharing the engine's would mean sharing its misunderstandings.

export type Plain = string | number | boolean;

export interface OracleEvent {
  person: string;
  name: string;
  time: number;
  value?: number;
  properties?: Record<string, Plain>;
}

export interface OracleChange {
  person: string;
  time: number;
  property: string;
  value: Plain | null;
}

export interface Dataset {
  events: OracleEvent[];
  changes: OracleChange[];
  observedUntil: number;
}

/** One person's rows, each list stable by time, nothing later than `observedUntil`. */
export interface Person {
  id: string;
  events: OracleEvent[];
  changes: OracleChange[];
}

// ---------------------------------------------------------------- the workflow file

export interface FilterText {
  property: string;
  op: string;
  value?: Plain | Plain[];
}

export interface MatchText {
  event: string;
  where?: FilterText[];
}

export type ConditionText =
  | ConditionText[]
  | {
      all?: ConditionText[];
      any?: ConditionText[];
      not?: ConditionText;
      is?: string;
      op?: string;
      value?: Plain | Plain[];
      inLast?: string;
      since?: string;
      event?: string;
      events?: string[];
      where?: FilterText[];
      property?: string;
      segment?: string;
      feature?: string;
    };

/** What stands under `segments` in a workflow file. */
export interface SegmentsText {
  engagement?: { power?: number; regular?: number; inLast?: string; breadth?: number; dormant?: string };
  lifecycle?: {
    signup?: string[];
    activation?: string[];
    payment?: string[];
    end?: string[];
    lapsed?: string;
    recent?: string;
    baseline?: string;
    ratio?: number;
  };
  adoption?: { features?: string[]; used?: number };
}

export interface TriggerText {
  type: string;
  event?: string;
  where?: FilterText[];
  count?: number;
  within?: string;
  calendar?: string;
  after?: MatchText;
  without?: MatchText;
  rearm?: string;
  key?: string;
  of?: string[];
  for?: string;
  afterActive?: string | { activeDays: number; inLast: string };
  property?: string;
  from?: Plain | null;
  to?: Plain | null;
  cron?: string;
  all?: ConditionText[];
  any?: ConditionText[];
  recent?: string;
  baseline?: string;
  ratio?: number;
  offset?: string;
  at?: string;
  yearly?: boolean;
  triggers?: TriggerText[];
}

export interface SentText {
  workflow: string;
  within: string;
  history?: boolean;
}

export interface StepText {
  id: string;
  delay: string;
  from?: string;
  if?: ConditionText;
}

/** A place where the sequence divides: the first path whose condition holds is taken. */
export interface BranchText {
  id?: string;
  branch: { id: string; if: ConditionText; steps: StepText[] }[];
  else?: StepText[];
}

export interface WorkflowText {
  foresend: number;
  id: string;
  timezone?: string;
  segments?: SegmentsText;
  trigger: TriggerText;
  audience?: ConditionText;
  suppress?: { id: string; sent?: SentText; where?: FilterText[]; if?: ConditionText }[];
  reentry?: string | { cooldown: string };
  reach?: { address?: string; consent?: string };
  gates?: {
    unsubscribed?: MatchText;
    cap?: { n: number; within: string; scope?: string; history?: boolean }[];
    quiet?: { from: string; to: string; else?: string };
    sendTime?: { personal?: boolean; lead?: string; within?: string };
  };
  holdout?: { fraction?: number; salt?: string };
  globalHoldout?: { fraction: number; salt: string };
  sequence: (StepText | BranchText)[];
  exit?: { on?: MatchText[]; after?: string };
  goal: { event: string; where?: FilterText[]; within: string; value?: string };
}

/** Several workflows replayed together, the highest priority first. */
export interface ProgrammeText {
  workflows: WorkflowText[];
  globalHoldout?: { fraction: number; salt: string };
}

// ---------------------------------------------------------------- results

export interface OracleDecision {
  person: string;
  workflow: string;
  time: number;
  kind: string;
  step: string | null;
  reason: string | null;
}

export interface ArmTotals {
  n: number;
  incomplete: number;
  converted: number;
  rate: number | null;
  value: number;
}

/** The keys of `replay --json`. */
export interface OracleTotals {
  reach: 'known' | 'unknown';
  candidates: number;
  pending: number;
  alreadyEnrolled: number;
  suppressed: Record<string, number>;
  enrolled: { treated: number; holdout: number };
  steps: {
    id: string;
    due: number;
    sent: number;
    ghost: number;
    skipped: Record<string, number>;
    movedPastEnd: number;
    exitedBefore: number;
    pending: number;
    /** Emails a gate put off, by the gate that chose the later time. */
    moved: Record<string, number>;
  }[];
  /** `taken` by path, `else` last. */
  branches: { id: string; taken: number[]; pending: number; exitedBefore: number }[];
  exits: { goal: number; event: number; expired: number; open: number };
  goal: { treated: ArmTotals; holdout: ArmTotals };
}

export interface OracleEnrollment {
  person: string;
  /** The trigger's own time where it has no anchor event. */
  anchorTime: number;
  triggerTime: number;
  arm: 'treated' | 'holdout';
  /** Of the first goal event in the goal window; null where there is none. */
  goalTime: number | null;
  goalValue: number | null;
  complete: boolean;
  repeat: boolean;
  exit: 'goal' | 'event' | 'expired' | 'open';
}

export interface OracleResult {
  totals: OracleTotals;
  /** Length 128. */
  buckets: OracleTotals[];
  decisions: OracleDecision[];
  /** By person as first seen, then time. */
  enrollments: OracleEnrollment[];
  /**
   * Whether every personal send time had one best minute. Where two minutes of the day are equally good but for rounding,
   * either answer is right.
   */
  isClear: boolean;
}

export interface OracleProgramme {
  /** In order of priority. */
  workflows: OracleResult[];
  /** Of all workflows. */
  decisions: OracleDecision[];
  /** Each person counted once. */
  people: { enrolled: number; mailed: number };
}
