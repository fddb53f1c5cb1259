// Planning a test, locking it, reading it.

import type {
  AskedQuestion,
  ForetoldChange,
  HoldoutAnalysis,
  LockedPlan,
  LooksReading,
  PastTest,
  PlanReading,
  QuestionSettings,
  QuestionsAnswer,
} from '../holdout/index.ts';
import type { ExportAnswer } from './window.ts';

/** Planning and reading a test in the window. */
export interface HoldoutApi {
  /** Pure arithmetic: no history is read. */
  holdoutPlan(request: HoldoutPlanRequest): Promise<QuestionsAnswer>;
  /** Locks a plan now, keeps it in the workspace, and makes its file. */
  holdoutLock(request: HoldoutLockRequest): Promise<{ readonly plan: LockedPlan; readonly file: ExportAnswer }>;
  /** Those locked here, the newest last. */
  holdoutPlans(): Promise<readonly LockedPlan[]>;
  /** What each of them foretold beside what its last look measured, the newest first. */
  holdoutPast(): Promise<readonly PastTest[]>;
  /** A locked plan from a file. @throws UserError `HOLDOUT_LOCK` where it is none */
  holdoutReadPlan(request: { readonly file: string }): Promise<LockedPlan>;
  /** What a file of results holds, column by column. */
  holdoutLook(request: { readonly file: string }): Promise<ResultsFile>;
  holdoutAnalyze(request: HoldoutAnalyzeRequest): Promise<HoldoutReading>;
}

export interface HoldoutPlanRequest {
  readonly questions: readonly AskedQuestion[];
  readonly settings: QuestionSettings;
  /** Key of the question that is wanted in full. */
  readonly inFull: string;
}

export interface HoldoutLockRequest {
  readonly question: AskedQuestion;
  readonly settings: QuestionSettings;
  readonly fraction: number;
  readonly name: string;
  readonly metric: string;
  /** `stamp.workflow` of the workflow it is for. */
  readonly workflow: string | null;
  /** Of the whole workflow, as its projection has it now. */
  readonly foretold?: ForetoldChange;
}

export interface ResultsFile {
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly {
    readonly name: string;
    /** Few different texts; 0 and 1 alone; numbers; anything else. */
    readonly kind: 'arm' | 'outcome' | 'amount' | 'other';
    /** Different texts with their rows, for `arm` and `outcome`; the most frequent first. */
    readonly values: readonly { readonly text: string; readonly n: number }[];
  }[];
}

export interface HoldoutAnalyzeRequest {
  /** A handle. */
  readonly file: string;
  readonly arm: string;
  readonly control: string;
  readonly outcomes: readonly string[];
  readonly value: string | null;
  readonly before: string | null;
  readonly per: string | null;
  /** Conversions an email tool credits to each person; absent or null: none. */
  readonly credited?: string | null;
  /** As `--ratio` takes it; null: the plan's, or none. */
  readonly ratio: string | null;
  readonly plan: LockedPlan | null;
}

export interface HoldoutReading {
  readonly analysis: HoldoutAnalysis;
  readonly underPlan: PlanReading | null;
  /** Under a plan: this look and those remembered in the workspace. */
  readonly looks?: LooksReading | null;
}
