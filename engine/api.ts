// The one interface the command line and the window talk to. Types only: engine/node/api/backend.ts carries it out.
// Everything that crosses is plain data, small enough for a chart. Long calls report progress and can be cancelled.

import type { Backtest, ForetoldBefore } from './backtest/index.ts';
import type { Stamp } from './base/index.ts';
import type { Calibration } from './calibrate/index.ts';
import type { HistoryDescription } from './describe/index.ts';
import type { Change, Comparison, PeoplePage } from './difference/index.ts';
import type {
  BuildSheet,
  ByHand,
  Difference,
  Drift,
  EspTarget,
  NumberedStep,
  PlanAction,
  RunComparison,
  RunFigures,
} from './esp/index.ts';
import type { ChosenColumns, ImportEntry, ImportReport, TimeUnit } from './events/index.ts';
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
} from './holdout/index.ts';
import type { MomentPart, MomentsReport } from './moments/index.ts';
import type { CollisionKind, GalleryGroup, PeopleFilter, ProgrammePeople } from './people/index.ts';
import type { ActiveHours, PersonalizeReport, SendTimeVariants, StepWait } from './personalize/index.ts';
import type {
  Breakdown,
  EmailValue,
  FlowLedger,
  ProgrammeCosts,
  Projection,
  RuleCosts,
  Sensitivity,
  Sweep,
} from './projection/index.ts';
import type { Remedy } from './remedies/index.ts';
import type { Explanation, LaunchPlan, ProgrammeTotals, ReplayTotals } from './replay/index.ts';
import type { FoundRole, MembersOf, ProposedThreshold, SegmentReport, WorkflowEffects } from './segments/index.ts';
import type { SyntheticModel, SyntheticTruth } from './synth/index.ts';
import type { LaterValue, SecondaryFigure } from './value/index.ts';
import type { ProgrammeFiles, WorkflowFile } from './workflow/index.ts';

export type { Stamp, WorkflowFile };

export interface Progress {
  /** What is being done, in words: `reading orders.csv`. */
  readonly stage: string;
  readonly done: number;
  /** Null where the total is not known. */
  readonly total: number | null;
  /** What done and total count: `rows`, `bytes`, `people`. */
  readonly unit: string;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

// ---------------------------------------------------------------- what is asked

export interface DatasetRequest {
  /** Null: the only one of the workspace; several are an error that names them. */
  readonly dataset: string | null;
}

export interface DescribeRequest extends DatasetRequest {
  /** Whether findings that can be repaired say what that moves; default false. It takes a calibration for each. */
  readonly moves?: boolean;
}

export interface RemedyRequest extends DatasetRequest {
  /** The id of a finding, or of a remedy that is applied. */
  readonly finding: string;
}

export type DescribeAnswer = HistoryDescription & {
  readonly dataset: string;
  readonly remedies: readonly Remedy[];
  /** What was brought in, the first import first; none where the dataset was made and not imported. */
  readonly imports: readonly ImportEntry[];
};

export interface WorkflowRequest extends DatasetRequest {
  readonly workflow: WorkflowFile;
  /** Where the workflow comes from, for messages. */
  readonly workflowPath: string;
  /** `path=value`, as `--set` takes them. */
  readonly set: readonly string[];
  readonly seed: number;
}

export interface ImportRequest {
  readonly files: readonly string[];
  readonly dataset: string;
  readonly format: string | null;
  readonly map: { readonly user?: string; readonly event?: string; readonly time?: string; readonly value?: string };
  /** Where every row is one event: its name. */
  readonly eventName: string | null;
  readonly observedFrom: number | null;
  readonly observedUntil: number | null;
  readonly keepDuplicates: boolean;
  /** Rows set properties of people; into a dataset that is there, they are added to its people. */
  readonly asPeople: boolean;
  /** Where rows are of people: what they say was known from this moment on, ms since the epoch; no time column is read. */
  readonly asOf?: number | null;
  /** For times that are days counted from a start: that start, as `DATE` or `COLUMN:VALUE=DATE,..`. */
  readonly dayZero: string | null;
  /** How times are written; absent or null: found by looking. */
  readonly timeUnit?: TimeUnit | null;
  /** Takes the place of a dataset of that name, which is set aside. */
  readonly replace?: boolean;
  /** Adds to a dataset of that name what it does not hold yet. Without either, a name that is taken is refused. */
  readonly append?: boolean;
  /** Where nothing is named of the columns: by the mapping of the last files that had them. False: that is forgotten. */
  readonly savedMapping?: boolean;
  /** Replaces ids of people by pseudonyms: the path of the key's file, made where there is none. In the window `beside`. */
  readonly pseudonyms?: string | null;
}

/** What was named of the columns of files, kept for the next files of the same columns. */
export interface SavedMapping {
  readonly map: ImportRequest['map'];
  readonly eventName: string | null;
  readonly dayZero: string | null;
  readonly timeUnit: TimeUnit | null;
}

/** A mapping that is kept, and what it is for. */
export interface KeptMapping extends SavedMapping {
  readonly id: string;
  /** Of the files it is for; null where an earlier version kept it. */
  readonly names: readonly string[] | null;
  /** Whether rows are people. */
  readonly asPeople: boolean;
  /** When it was last named, ms since the epoch; null where an earlier version kept it. */
  readonly savedAt: number | null;
}

export interface SynthRequest {
  /** Absent: cart. */
  readonly model?: SyntheticModel;
  readonly persons: number;
  readonly seed: number;
  readonly dataset: string | null;
  readonly out: string | null;
}

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

export interface ProgrammeRequest extends DatasetRequest {
  readonly programme: ProgrammeFiles;
  /** Where the programme comes from, for messages. */
  readonly programmePath: string;
  /** `path=value`: `workflows.ID.path` inside a workflow, any other path in the programme. */
  readonly set: readonly string[];
  readonly seed: number;
}

export interface ProgrammeReplayRequest
  extends ProgrammeRequest,
    Pick<ReplayRequest, 'log' | 'shard' | 'part' | 'workers'> {}

/** A window of a list of a programme's people: those of a collision, else of a decision, else everybody. */
export interface ProgrammePeopleRequest
  extends ProgrammeRequest,
    Pick<PeopleListRequest, 'filter' | 'search' | 'offset' | 'limit'> {
  readonly collision: CollisionKind | null;
}

export interface ProgrammeExplainRequest extends ProgrammeRequest, Pick<ExplainRequest, 'person' | 'at'> {}

export interface SweepRequest extends WorkflowRequest {
  readonly over: readonly { readonly path: string; readonly values: readonly string[] }[];
  /** The JSON of a response file; null: the graded default. */
  readonly response: unknown;
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

export interface ExplainRequest extends WorkflowRequest {
  readonly person: string;
  /** Null: the end of the history. */
  readonly at: number | null;
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

/** People behind a count that no decision is behind. */
export type PeopleGroup =
  /** Who was in one segment and is in another; `timezone` null: the workflow's. */
  | ({ readonly of: 'segment'; readonly timezone: string | null } & Omit<MembersOf, 'timezone'>)
  /** Whom a count of a moment is about. */
  | { readonly of: 'moment'; readonly moment: MomentPart };

/** A window of a list of people: those a decision was about (null: everybody), and whose id or address holds a text. */
export interface PeopleListRequest extends WorkflowRequest {
  readonly filter: PeopleFilter | null;
  /** Goes before the filter; absent or null: none. */
  readonly group?: PeopleGroup | null;
  readonly search: string | null;
  readonly offset: number;
  readonly limit: number;
}

// ---------------------------------------------------------------- what comes back

export interface DatasetInfo {
  readonly name: string;
  readonly persons: number;
  readonly events: number;
  readonly observedUntil: number;
  /** Of its contents: `stamp.history` of what is calculated from it. */
  readonly fingerprint: string;
  /** Paths of the files it was read from, or what else it came from. */
  readonly sources: readonly string[];
  /** When it was brought in, or last added to; ms since the epoch. */
  readonly savedAt: number;
  /** What was done about faults found in it, in the order it works; the figures above are with them. */
  readonly remedies: readonly Remedy[];
}

/** What was wrong or noteworthy with the question, in words: unknown event names, imprecise ends. */
export interface Answer {
  readonly dataset: string;
  readonly warnings: readonly string[];
  readonly stamp: Stamp;
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
export type ExplainAnswer = Explanation & Answer;

/** Its stamp holds the hash of the whole programme. */
export interface ProgrammeAnswer extends Answer {
  readonly programme: ProgrammeTotals;
  /** By id. */
  readonly workflows: Readonly<Record<string, ReplayTotals>>;
}

export interface ProgrammeExplainAnswer extends Answer {
  /** By id; each sees the emails of the others. */
  readonly workflows: Readonly<Record<string, Explanation>>;
}

/** Telling people of all workflows of a programme together. */
export type ProgrammeGalleryAnswer = Pick<ProgrammePeople, 'gallery' | 'weeks'> & Answer;

/** The stamp of an answer is that of the first column. */
export type CompareAnswer = Comparison & Answer & { readonly stamps: readonly Stamp[] };

export type ComparePeopleAnswer = PeoplePage & Answer;

/** Telling people of the whole history, kind by kind. */
export type GalleryAnswer = { readonly gallery: readonly GalleryGroup[] } & Answer;

export interface PeopleListAnswer extends Answer {
  /** Of the list, whatever its window. */
  readonly total: number;
  /** Of the history. */
  readonly persons: number;
  /** `at` and `n`: when the decision was last taken, and how often; null where none was asked for. */
  readonly people: readonly { readonly person: string; readonly at: number | null; readonly n: number | null }[];
  /** Where nobody is found: ids that begin alike. */
  readonly nearest: readonly string[];
}

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

export interface SynthAnswer {
  readonly dataset: string | null;
  readonly out: string | null;
  readonly truthFile: string | null;
  readonly rows: number;
  readonly persons: number;
  readonly truth: SyntheticTruth;
}

export interface Api {
  datasets(): Promise<readonly DatasetInfo[]>;
  importFiles(request: ImportRequest, options?: CallOptions): Promise<ImportReport>;
  synth(request: SynthRequest, options?: CallOptions): Promise<SynthAnswer>;
  describe(request: DescribeRequest, options?: CallOptions): Promise<DescribeAnswer>;
  /**
   * Repairs what a finding is about: from then on every figure is of the dataset without the fault. What was imported
   * stays as it is. @throws UserError `NO_REMEDY` where there is no such finding, or nothing that mends it here
   */
  applyRemedy(request: RemedyRequest): Promise<DatasetInfo>;
  /** @throws UserError `NO_REMEDY` where that one is not applied */
  takeBackRemedy(request: RemedyRequest): Promise<DatasetInfo>;
  calibrate(request: WorkflowRequest, options?: CallOptions): Promise<CalibrateAnswer>;
  replay(request: ReplayRequest, options?: CallOptions): Promise<ReplayAnswer>;
  sweep(request: SweepRequest, options?: CallOptions): Promise<SweepAnswer>;
  project(request: ProjectRequest, options?: CallOptions): Promise<ProjectAnswer>;
  /** What each rule keeps out, and what that costs: the workflow once more without it. */
  ruleCosts(request: RuleCostsRequest, options?: CallOptions): Promise<RuleCostsAnswer>;
  /** The same of what the workflows of a programme share: the programme once more without it. */
  programmeCosts(request: ProgrammeCostsRequest, options?: CallOptions): Promise<ProgrammeCostsAnswer>;
  traffic(request: WorkflowRequest, options?: CallOptions): Promise<TrafficAnswer>;
  /** Versions side by side, on common random numbers. */
  compare(request: CompareRequest, options?: CallOptions): Promise<CompareAnswer>;
  /** Whom the second version gains and loses against the first, a page of them. */
  comparePeople(request: ComparePeopleRequest, options?: CallOptions): Promise<ComparePeopleAnswer>;
  gallery(request: WorkflowRequest, options?: CallOptions): Promise<GalleryAnswer>;
  listPeople(request: PeopleListRequest, options?: CallOptions): Promise<PeopleListAnswer>;
  launch(request: LaunchRequest, options?: CallOptions): Promise<LaunchAnswer>;
  /** What was foretold from before a moment, against what followed. */
  backtest(request: BacktestRequest, options?: CallOptions): Promise<BacktestAnswer>;
  moments(request: DatasetRequest, options?: CallOptions): Promise<MomentsAnswer>;
  segments(request: SegmentsRequest, options?: CallOptions): Promise<SegmentsAnswer>;
  /** Fill of every property at each email, subject lines, previews. @throws UserError `NO_TABLE`, `BAD_TABLE` */
  personalize(request: WorkflowRequest, options?: CallOptions): Promise<PersonalizeAnswer>;
  activeHours(request: ActiveHoursRequest, options?: CallOptions): Promise<ActiveHoursAnswer>;
  /** What waiting for each person's hour does to delays and conversions. */
  sendTimes(request: SendTimesRequest, options?: CallOptions): Promise<SendTimesAnswer>;
  explain(request: ExplainRequest, options?: CallOptions): Promise<ExplainAnswer>;
  /** Several workflows together: they share caps and recency. */
  replayProgramme(request: ProgrammeReplayRequest, options?: CallOptions): Promise<ProgrammeAnswer>;
  explainProgramme(request: ProgrammeExplainRequest, options?: CallOptions): Promise<ProgrammeExplainAnswer>;
  galleryProgramme(request: ProgrammeRequest, options?: CallOptions): Promise<ProgrammeGalleryAnswer>;
  listProgrammePeople(request: ProgrammePeopleRequest, options?: CallOptions): Promise<PeopleListAnswer>;
}

// ---------------------------------------------------------------- what the window asks beyond the command line

/** What a file would be read as, before it is read. */
export interface SniffRequest {
  /** Handles of files the host knows: paths in the desktop window, uploads over loopback. */
  readonly files: readonly string[];
  readonly format: string | null;
  readonly map: ImportRequest['map'];
  readonly eventName: string | null;
  readonly asPeople?: boolean;
  readonly observedFrom?: number | null;
  readonly asOf?: number | null;
  readonly dayZero?: string | null;
  readonly timeUnit?: TimeUnit | null;
}

/** What the user is asked about one column. */
export interface ColumnQuestion {
  readonly role: keyof ChosenColumns;
  /** `which`: several could be it. `none`: nothing looks like it. `unreadable`, `days`: what is there is no calendar time. */
  readonly kind: 'which' | 'none' | 'unreadable' | 'days';
  /** Those it is about; none for `none`. */
  readonly columns: readonly string[];
  /** Up to three cells of the first. */
  readonly examples: readonly string[];
}

export interface SniffAnswer {
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly format: string;
  readonly delimiter: string | null;
  /** Column names in file order. */
  readonly names: readonly string[];
  /** Chosen columns and why; null where `problem` says what is unclear. */
  readonly columns: ChosenColumns | null;
  readonly problem: string | null;
  /** The problem, column by column; empty where there is none, or it is of another kind. */
  readonly questions: readonly ColumnQuestion[];
  /** What is clear, whatever else is not. */
  readonly found: Partial<ChosenColumns>;
  /** The first rows as text, one list of cells per row, in the order of `names`. */
  readonly rows: readonly (readonly string[])[];
  readonly warnings: readonly string[];
  /** Where files are of several kinds: what each is, the kind shown first; absent or one where all are of one. */
  readonly parts?: readonly {
    readonly files: readonly string[];
    readonly format: string;
    readonly as: 'events' | 'people';
  }[];
  /** Files of a folder or an archive that are not read, and why. */
  readonly aside?: readonly { readonly file: string; readonly why: string }[];
  /** The file of the key that pseudonyms would be made by. */
  /** How files of these columns were read last time, where nothing is named now; absent where that is not known. */
  readonly saved?: SavedMapping;
  readonly pseudonymKey?: { readonly path: string; readonly isThere: boolean };
}

/** The workflow on disk. `revision` changes whenever the bytes do, whoever changed them. */
export interface WorkflowDocument {
  readonly path: string;
  readonly text: string;
  readonly revision: string;
}

export interface PlacedIssue {
  readonly at: string;
  readonly message: string;
  readonly severity: 'error' | 'warning';
  /** From 1; null where the place is no place in the text. */
  readonly line: number | null;
  readonly column: number | null;
}

export interface WorkflowCheckAnswer {
  /** Parsed; null where the text is no JSON. */
  readonly file: WorkflowFile | null;
  readonly issues: readonly PlacedIssue[];
  /** Null where there is an error. */
  readonly sentence: string | null;
  readonly canonical: string | null;
  readonly hash: string | null;
  /** What is valid but cannot be replayed here. */
  readonly limits: readonly PlacedIssue[];
}

/** Counts for every rung of the ladder, one horizon for all, so that a dragged handle needs no further question. */
export interface WindowCurveAnswer extends Answer {
  readonly horizon: number;
  readonly clock: 'first' | 'reset';
  readonly episodes: number;
  readonly never: number;
  readonly rungs: readonly { readonly window: number; readonly fired: number; readonly wouldConvertAnyway: number }[];
}

export interface BreakdownRequest extends ProjectRequest {
  /** Also by the segment of that kind a run begins in; absent or null: not. */
  readonly by?: 'engagement' | 'lifecycle' | 'adoption' | null;
}

/** A projection taken apart; with the seed and the draws of `project` its parts add up to that answer. */
export type BreakdownAnswer = Breakdown & Answer;

export interface PersonFound {
  readonly person: string;
  /** The moment it is about, for `explain`. */
  readonly at: number;
  /** Emails sent, ms the trigger was missed by, emails a cap skipped. */
  readonly n: number;
}

/** A few people worth looking at, the most telling first. */
export interface WindowPeople {
  readonly mostEmailed: readonly PersonFound[];
  /** Null for triggers that wait for nothing. */
  readonly nearestMiss: readonly PersonFound[] | null;
  /** Null where the workflow has no cap. */
  readonly atCap: readonly PersonFound[] | null;
}

export type PeopleAnswer = WindowPeople & Answer;

export type ExportKind = 'workflow' | 'figures-csv' | 'figures-parquet' | 'report';

export interface ExportRequest extends WorkflowRequest {
  readonly kind: ExportKind;
  readonly response: unknown;
}

/** A file made for the user. The bytes are fetched by `handle` once, as a download or by the desktop's save dialog. */
export interface ExportAnswer {
  readonly name: string;
  readonly type: string;
  readonly bytes: number;
  readonly handle: string;
}

/** Every event of a dataset, its remedies applied, as one file. */
export interface ExportDatasetRequest extends DatasetRequest {
  readonly kind: 'csv' | 'parquet';
}

/** A picture or table the page made, to be saved as any other file for the user. */
export interface KeepRequest {
  /** A file's name without folders, its ending that of the type. */
  readonly name: string;
  readonly type: 'image/png' | 'image/svg+xml' | 'text/csv';
  readonly base64: string;
}

/** A variant of the workflow, kept in the workspace; it follows the workflow's edits, but for that of a file. */
export type SavedScenario = { readonly name: string } & (
  | { readonly kind: 'settings'; readonly set: readonly string[] }
  /** The same emails to everyone at each run of a cron. */
  | { readonly kind: 'batch'; readonly cron: string }
  | { readonly kind: 'file'; readonly file: WorkflowFile }
);

/** The service a workflow is carried to. */
export interface EspRequest {
  readonly target: EspTarget;
}

/** A history can be read from one service. */
export interface PullRequest extends EspRequest {
  readonly target: 'klaviyo';
}

/** Where a service is reached; null parts: where it usually is, and not given. */
export interface EspAddress {
  /** A gateway; at ActiveCampaign the account's own address, which it has no other place for. */
  readonly url: string | null;
  /** ActiveCampaign's event tracking, by which emails are started. */
  readonly events: { readonly account: string; readonly key: string } | null;
}

/** Which audience, where a Mailchimp account has several: id or exact name; null: the only one, or the known one. */
export interface AudienceRequest extends EspRequest {
  readonly audience?: string | null;
}

/** The build sheet of a service that lets no call make an automation. */
export interface EspSheet extends Omit<BuildSheet, 'steps'> {
  readonly steps: readonly EspSheetStep[];
}

export interface EspSheetStep extends NumberedStep {
  /** By the user, of the step as it stands; what the service shows goes before it. */
  readonly isTicked: boolean;
}

/** What is known without asking the network. */
export interface EspStanding {
  /** Where the key is from; null where there is none. The key itself never comes to a page. */
  readonly key: 'environment' | 'keychain' | 'session' | null;
  readonly differences: Readonly<Record<EspTarget, readonly Difference[]>>;
  /** Null before the first apply. */
  readonly account: string | null;
  /** Newest last. */
  readonly applies: readonly { readonly at: number; readonly workflowHash: string }[];
  readonly isUnfinished: boolean;
  /** Given by the user or the environment; null: where it usually is. */
  readonly url: string | null;
  /** Whether emails can be started there with what was given. */
  readonly canTell: boolean;
  /** With nothing asked of the network; null at Klaviyo, and of a workflow that cannot be exported there. */
  readonly sheet: EspSheet | null;
}

/** `name` is without the marker that tells our objects there. */
export interface EspAction
  extends Pick<PlanAction, 'verb' | 'key' | 'type' | 'title' | 'name' | 'remark' | 'why' | 'changes'> {
  readonly requests: readonly { readonly method: string; readonly path: string }[];
}

export interface EspPlanShown {
  /** Names the plan, for apply. */
  readonly hash: string;
  readonly account: string;
  readonly summary: string;
  readonly actions: readonly EspAction[];
  readonly byHand: readonly (ByHand & { readonly isDone: boolean })[];
  readonly differences: readonly Difference[];
  readonly warnings: readonly string[];
  /** What the workflow sends on the chosen dataset, as designed and as the service would run it; null: not replayable. */
  readonly both: EspBothRuns | null;
  /** Where there is one, what stays to be done by hand stands on it and not in `byHand`. */
  readonly sheet: EspSheet | null;
}

export interface EspBothRuns extends RunComparison {
  readonly notReplayed: readonly (Difference & { readonly reason: string })[];
  /** The flow as it is there now, on the same dataset; null where there is none. */
  readonly now: {
    readonly name: string;
    readonly status: string;
    /** Null where `reason` says why it is not replayed. */
    readonly figures: RunFigures | null;
    readonly reason: string | null;
  } | null;
}

export interface EspRemoved {
  readonly account: string;
  readonly removed: readonly EspObject[];
  /** Not made by us: left as they are. */
  readonly left: readonly EspObject[];
}

export interface EspObject {
  readonly key: string;
  readonly type: string;
  readonly id: string;
  readonly name: string;
}

export interface EspAdopted {
  readonly account: string;
  readonly bound: readonly {
    readonly key: string;
    readonly id: string;
    readonly name: string;
    readonly isEqual: boolean;
  }[];
  /** Keys of the workflow's objects that exist nowhere. */
  readonly missing: readonly string[];
}

export interface EspVerified {
  readonly account: string;
  readonly drift: readonly Drift[];
  readonly sheet: EspSheet | null;
}

/** The events by which each email was started once, for one address. */
export interface EspTried {
  readonly email: string;
  readonly told: readonly { readonly step: string; readonly event: string }[];
}

/** A test that ran there, read back as a file of results: one row a person. */
export interface FetchedTest {
  /** A handle, as of an upload. */
  readonly file: string;
  readonly name: string;
  /** In the file; whose goal window is not over are left out. */
  readonly people: number;
  readonly incomplete: number;
  /** What has to be known of it before it is read. */
  readonly notes: readonly string[];
}

export interface EspApplied extends EspVerified {
  readonly changes: number;
  readonly assigned: { readonly people: number; readonly treated: number; readonly holdout: number } | null;
}

/** A pull of which pages are put aside. */
export interface PullStanding {
  /** As of `EspStanding`. */
  readonly key: EspStanding['key'];
  readonly pulls: readonly {
    readonly dataset: string;
    readonly account: string;
    /** Read up to here, or to be read up to here, ms since the epoch. */
    readonly until: number;
    /** False: it was interrupted and goes on. */
    readonly isWhole: boolean;
  }[];
}

export interface PullAnswer {
  readonly account: string;
  readonly dataset: string;
  readonly until: number;
  /** One that was interrupted was finished. */
  readonly resumed: boolean;
  /** Only what is new was read. */
  readonly incremental: boolean;
  /** What the dataset held before; null where there was none. */
  readonly before: { readonly persons: number; readonly events: number } | null;
  readonly persons: number;
  readonly events: number;
}

/** A flow of the account beside what the history records of it. */
export interface LiveFlow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly unexpressed: readonly { readonly at: string; readonly words: string }[];
  /** Whether it can be opened as a workflow. */
  readonly isWorkflow: boolean;
  readonly replayed: Omit<FlowLedger, 'id' | 'name' | 'status'>;
}

export interface LiveFlowsAnswer {
  readonly dataset: string;
  readonly account: string;
  readonly until: number;
  readonly flows: readonly LiveFlow[];
}

/** A workflow file the window can open. */
export interface WorkflowChoice {
  readonly id: string;
  readonly name: string;
  /** From the workspace's folder. */
  readonly file: string;
  /** A flow of an account that was pulled. */
  readonly isPulled: boolean;
  readonly isOpen: boolean;
  /** The demo history it was made for, where that is in the workspace. */
  readonly demo: string | null;
}

/** Pulling an account in the window, and choosing among its workflows. */
export interface PullApi {
  /** Asks nothing of the network. */
  espPulls(request: PullRequest): Promise<PullStanding>;
  /** Into the dataset of that name; goes on with one that was interrupted, and later gets what is new. */
  espPull(request: PullRequest & { readonly dataset: string }, options?: CallOptions): Promise<PullAnswer>;
  /** Null where the dataset was not pulled. */
  liveFlows(request: DatasetRequest, options?: CallOptions): Promise<LiveFlowsAnswer | null>;
  workflows(): Promise<readonly WorkflowChoice[]>;
  /** From then on `openWorkflow` and `saveWorkflow` are about that file. @param request workflow: the id of a choice */
  switchWorkflow(request: { readonly workflow: string }): Promise<WorkflowDocument>;
  /** As the file it was pulled as, with the edits made there. */
  openFlow(request: DatasetRequest & { readonly flow: string }): Promise<WorkflowDocument>;
}

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

/** A workflow file that a programme can be put together from. */
export interface ShelfWorkflow {
  /** As a programme beside it names it. */
  readonly path: string;
  readonly id: string;
  readonly name: string;
  readonly file: WorkflowFile;
  readonly from: 'open' | 'beside' | 'shipped';
  /** Why it cannot run; null where it can. */
  readonly problem: string | null;
}

/** A programme beside the workflow. */
export interface ShelfProgramme {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  /** Null where `problem` says what is wrong. */
  readonly programme: ProgrammeFiles | null;
  readonly problem: string | null;
}

export interface ProgrammeShelf {
  readonly workflows: readonly ShelfWorkflow[];
  readonly programmes: readonly ShelfProgramme[];
}

export interface ProgrammeCostsRequest extends ProgrammeRequest {
  readonly response: unknown;
  readonly draws: number;
}

export type ProgrammeCostsAnswer = ProgrammeCosts & Answer;

/** Programmes in the window. */
export interface ProgrammeApi {
  programmeShelf(): Promise<ProgrammeShelf>;
  /** The one programme among files the host knows, with its workflows. @throws UserError `NO_PROGRAMME`, `PROGRAMME` */
  openProgramme(request: { readonly files: readonly string[] }): Promise<ProgrammeFiles>;
  /** As it was left; null where there was none. */
  keptProgramme(): Promise<ProgrammeFiles | null>;
  keepProgramme(request: { readonly programme: ProgrammeFiles | null }): Promise<void>;
  /** The programme's own file, as the command line reads it beside its workflows. */
  programmeFile(request: { readonly programme: ProgrammeFiles }): Promise<ExportAnswer>;
  /** The whole list as CSV, whatever the request's window. */
  programmePeopleFile(request: ProgrammePeopleRequest, options?: CallOptions): Promise<ExportAnswer>;
}

export interface KeptEdits {
  /** As the window packs them. */
  readonly packed: object;
  /** Datasets that are set aside and can be brought back. */
  readonly aside: readonly { readonly name: string; readonly fingerprint: string }[];
}

/** An email service, in the window. */
export interface ServiceApi {
  /** Of the workflow file on disk, as everything that follows. */
  espStanding(request: EspRequest): Promise<EspStanding>;
  /** Reads the account and writes nothing there. */
  espPlan(request: AudienceRequest & DatasetRequest, options?: CallOptions): Promise<EspPlanShown>;
  /** Exactly the plan shown last. @throws UserError `STALE_PLAN` where anything has changed since */
  espApply(request: EspRequest & { readonly plan: string }, options?: CallOptions): Promise<EspApplied>;
  espVerify(request: EspRequest, options?: CallOptions): Promise<EspVerified>;
  /** What we made there, and nothing else. @param request isTrial: only says what would be removed */
  espRemove(request: EspRequest & { readonly isTrial: boolean }, options?: CallOptions): Promise<EspRemoved>;
  /** Binds what is there to the workflow; writes nothing there. @param request flow: id or exact name; null: by its marker or name */
  espAdopt(request: AudienceRequest & { readonly flow: string | null }, options?: CallOptions): Promise<EspAdopted>;
  /** The plan shown last, as "foresend esp apply" takes it. */
  espPlanFile(request: EspRequest & { readonly plan: string }): Promise<ExportAnswer>;
  /** Held in the engine's memory until it ends; null forgets it. @param request isKept: the host has it in its keychain */
  espKey(request: EspRequest & { readonly key: string | null; readonly isKept?: boolean }): Promise<void>;
  /** Held as the key is. @throws UserError `BAD_ADDRESS` */
  espAddress(request: EspRequest & EspAddress): Promise<void>;
  /** @param request plan: null for a step of the sheet */
  espTick(
    request: EspRequest & { readonly plan: string | null; readonly key: string; readonly isDone: boolean },
  ): Promise<void>;
  /** The sheet as a page to print, ticked as seen last. */
  espSheetFile(request: EspRequest): Promise<ExportAnswer>;
  /** Reads a running test back; writes nothing there. */
  espFetchTest(request: PullRequest, options?: CallOptions): Promise<FetchedTest>;
  /** Starts every email once for one subscribed address: real emails go out to it. @throws UserError `NOT_TOLD` */
  espTry(request: EspRequest & { readonly email: string }, options?: CallOptions): Promise<EspTried>;
}

export interface WindowApi extends Api, HoldoutApi, ProgrammeApi, PullApi, ServiceApi {
  /** Makes the demo dataset where the workspace has none; else gives what is there. */
  ready(options?: CallOptions): Promise<{
    readonly workspace: string;
    readonly datasets: readonly DatasetInfo[];
    readonly demo: string | null;
    /** Only where further histories of the demo are still to be made, by `growDemo`. */
    readonly isDemoGrowing?: boolean;
    /** Why nothing can be changed, in words; null where it can. Asked again, it may be had by then. */
    readonly readonly: string | null;
    /** What was under way when a process was ended, in words; told once. */
    readonly interrupted: readonly string[];
  }>;
  /** Makes what the demo still lacks, each history with a workflow beside it. @returns all there is then */
  growDemo(options?: CallOptions): Promise<readonly DatasetInfo[]>;
  sniff(request: SniffRequest, options?: CallOptions): Promise<SniffAnswer>;
  /** Mappings that are kept for the next files of their columns, those named last first. */
  savedMappings(): Promise<readonly KeptMapping[]>;
  forgetMapping(request: { readonly id: string }): Promise<void>;
  /** The import's report as it was; null for what was not imported. */
  importReport(request: DatasetRequest): Promise<ImportReport | null>;
  /** Columns user_id, event, timestamp (ISO 8601, UTC) and value, then one for each property of events. */
  exportDataset(request: ExportDatasetRequest, options?: CallOptions): Promise<ExportAnswer>;
  /** Takes an import back: the dataset is set aside, and `restoreDataset` brings it back until the workspace is closed. */
  removeDataset(request: { readonly dataset: string }): Promise<void>;
  /** The one set aside last under that name, or the one of that fingerprint (`stamp.history`). */
  restoreDataset(request: { readonly dataset: string; readonly fingerprint?: string }): Promise<void>;
  openWorkflow(): Promise<WorkflowDocument>;
  /** Writes the file in place. @throws UserError `CHANGED_OUTSIDE` where the bytes on disk are not those of `revision` */
  saveWorkflow(request: { readonly text: string; readonly revision: string }): Promise<WorkflowDocument>;
  /** What `keepEdits` was given last for the workflow that is open; null where there is nothing. */
  keptEdits(): Promise<KeptEdits | null>;
  /**
   * The edits of the open workflow, so that Undo reaches them after a restart.
   * @param request wanted: fingerprints of datasets they would bring back, which are kept as long as there is room
   */
  keepEdits(request: { readonly packed: object; readonly wanted: readonly string[] }): Promise<void>;
  checkWorkflow(request: { readonly text: string; readonly dataset: string | null }): Promise<WorkflowCheckAnswer>;
  windows(request: WorkflowRequest, options?: CallOptions): Promise<WindowCurveAnswer>;
  /** In time, by value, and beside what an email tool would credit. At most 121 points. */
  people(request: WorkflowRequest, options?: CallOptions): Promise<PeopleAnswer>;
  /** The whole list as CSV, whatever the request's window. */
  peopleFile(request: PeopleListRequest, options?: CallOptions): Promise<ExportAnswer>;
  breakdown(request: BreakdownRequest, options?: CallOptions): Promise<BreakdownAnswer>;
  exportFile(request: ExportRequest, options?: CallOptions): Promise<ExportAnswer>;
  scenarios(): Promise<readonly SavedScenario[]>;
  /** In the place of those kept. */
  saveScenarios(request: { readonly scenarios: readonly SavedScenario[] }): Promise<void>;
  /** @throws UserError `NOT_THAT_FILE` where the bytes are not what the type says */
  keepFile(request: KeepRequest): Promise<ExportAnswer>;
}
