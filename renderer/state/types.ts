// What the window knows, one slice per concept. Everything here is plain, immutable data: it is replaced, never changed.
// Figures come from the backend as they are; nothing in this folder computes one.

import type {
  BreakdownAnswer,
  CalibrateAnswer,
  DatasetInfo,
  ImportRequest,
  PeopleAnswer,
  Progress,
  ProjectAnswer,
  ReplayAnswer,
  SavedScenario,
  SniffAnswer,
  SweepAnswer,
  TrafficAnswer,
  WindowApi,
  WindowCurveAnswer,
  WorkflowCheckAnswer,
  WorkflowFile,
} from '../../engine/api/index.ts';
import type { ProgrammeFiles } from '../../engine/workflow/index.ts';
import type { CalibrateView } from './calibrate-view.ts';
import type { SimulateView } from './simulate-view.ts';
import type { TestForm } from './test-form.ts';

// ---------------------------------------------------------------- session

/** A long call under way. */
export interface BusyCall {
  readonly id: number;
  /** What it does, in words: `importing orders.csv`. */
  readonly label: string;
  /** On the clock of `now`. */
  readonly startedAt: number;
  readonly progress: Progress | null;
  /** It was told to stop, and has not yet. */
  readonly isEnding?: boolean;
  /** The screen that shows it itself; the others show it over their head. */
  readonly shownBy: string | null;
}

export interface Session {
  readonly phase: 'connecting' | 'ready' | 'reconnecting' | 'gone';
  /** Why there is no connection, in words. */
  readonly reason: string | null;
  /** Of the making of a demo history, while connecting. */
  readonly progress: Progress | null;
  readonly workspace: string | null;
  /** The dataset that is a demonstration with a known truth. */
  readonly demo: string | null;
  /** Whether further histories of the demo are still to be made. */
  readonly isDemoGrowing?: boolean;
  readonly datasets: readonly DatasetInfo[];
  /** The chosen one. */
  readonly dataset: string | null;
  readonly seed: number;
  /** Of the program; null until connected. */
  readonly version: string | null;
  /** Why nothing can be changed, in words; null where it can. */
  readonly readonly: string | null;
  /** What was cut off before, in words, until it is put away. */
  readonly interrupted: readonly string[];
  readonly busy: readonly BusyCall[];
  /** The last question a screen asked for itself: what, and when it was answered, on the clock of `now`. */
  readonly told: { readonly what: string; readonly tookMs: number; readonly at: number } | null;
}

// ---------------------------------------------------------------- imports

export interface DraftFile {
  readonly name: string;
  readonly bytes: number;
  /** Null until the engine has it. */
  readonly handle: string | null;
}

/** How files are to be read, as far as the user has said. */
export interface ImportForm {
  readonly dataset: string;
  /** Whether a dataset of that name makes place. */
  readonly replace: boolean;
  /** Whether it adds to the dataset of that name. */
  readonly append: boolean;
  /** By the user; what is missing is found by looking. An empty value column is none. */
  readonly map: ImportRequest['map'];
  /** Every row is this event; null: a column says which. */
  readonly eventName: string | null;
  readonly timeUnit: NonNullable<ImportRequest['timeUnit']> | null;
  readonly dayZero: string | null;
  /** ms since the epoch. */
  readonly observedFrom: number | null;
  readonly observedUntil: number | null;
  readonly keepDuplicates: boolean;
  readonly asPeople: boolean;
  /** Since when what rows of people say was known, ms since the epoch; null: as a column says. */
  readonly asOf: number | null;
  /** Whether ids of people are replaced. */
  readonly pseudonyms: boolean;
}

export interface ImportDraft {
  readonly id: number;
  /** `failed`: these files cannot be looked at, or did not arrive. */
  readonly phase: 'sending' | 'mapping' | 'importing' | 'failed';
  readonly files: readonly DraftFile[];
  readonly form: ImportForm;
  /** What the files would be read as; that of the form before while `isLooking`. */
  readonly sniff: SniffAnswer | null;
  readonly isLooking: boolean;
  /** Of the last try, whether a look or an import. */
  readonly problem: Problem | null;
}

// ---------------------------------------------------------------- workflow

/**
 * What an edit changes as a whole: the file's text, the assumptions about its effect (a response file, or null), and how
 * a test of it is planned.
 */
export interface Snapshot {
  readonly text: string;
  readonly response: unknown;
  readonly test: TestForm;
  /** Whose text it is; absent or null: the file's. */
  readonly scenario?: OpenScenario | null;
}

/** A scenario that is looked at in the place of the workflow. */
export interface OpenScenario {
  readonly name: string;
  /** The text of the file, which stays as it is. */
  readonly base: string;
}

export interface Scenarios {
  /** Whether those of the workspace have been read. */
  readonly isRead: boolean;
  readonly list: readonly SavedScenario[];
}

export interface Edit {
  /** An intent, as it is undone: `set window to 2 h`. */
  readonly label: string;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Edits in a row with the same key become one; null keeps them apart. */
  readonly key: string | null;
  /** Of an import, or of a dataset taken back; the file stays as it is. */
  readonly move?: DataMove;
  /** Another file was opened: `before` and `after` are of different files. */
  readonly file?: FileMove;
  /** The programme that is looked at was changed; the file stays as it is. */
  readonly programme?: ProgrammeMove;
}

/** Null: none was chosen. */
export interface ProgrammeMove {
  readonly before: ProgrammeFiles | null;
  readonly after: ProgrammeFiles | null;
}

/** Which workflow file was open before and after, by the ids of `WorkflowChoice`. */
export interface FileMove {
  readonly before: string;
  readonly after: string;
  /** The text the other was opened with, where it was edited in the same step; Undo puts it back. */
  readonly opened?: string;
}

/** What became of one dataset, by fingerprint; null where there was, or is, none of that name. */
export interface DataMove {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The dataset that was looked at. */
  readonly chosenBefore: string | null;
  /** The rows stay where they are: a remedy for this finding was applied, or taken back. */
  readonly remedy?: { readonly finding: string; readonly is: 'applied' | 'takenBack' };
}

export type SaveState =
  | { readonly is: 'saved' | 'waiting' | 'saving' }
  | { readonly is: 'failed'; readonly message: string }
  /** The file on disk is not the one that was opened. `theirs` is null until it has been read. */
  | { readonly is: 'conflict'; readonly theirs: { readonly text: string; readonly revision: string } | null };

export interface WorkflowSlice {
  /** Null until opened. */
  readonly path: string | null;
  readonly revision: string;
  readonly text: string;
  /** The text parsed; null where it is no JSON object. */
  readonly file: WorkflowFile | null;
  readonly response: unknown;
  readonly test: TestForm;
  /** The one that is open; `text` is the workflow under it, then. */
  readonly scenario: OpenScenario | null;
  /** What the checker says of `text`; null while it is asked for the first time. */
  readonly check: WorkflowCheckAnswer | null;
  /** Whether `check` is about `text` as it stands. */
  readonly isChecked: boolean;
  readonly past: readonly Edit[];
  readonly future: readonly Edit[];
  readonly save: SaveState;
  readonly problem: Problem | null;
}

// ---------------------------------------------------------------- answers

export interface Problem {
  readonly code: string | null;
  readonly message: string;
  readonly issues: readonly { readonly at: string; readonly message: string }[];
}

type Description = Awaited<ReturnType<WindowApi['describe']>>;

export interface AnswerValues {
  readonly describe: Description;
  readonly replay: ReplayAnswer;
  readonly calibrate: CalibrateAnswer;
  readonly windows: WindowCurveAnswer;
  readonly project: ProjectAnswer;
  readonly breakdown: BreakdownAnswer;
  readonly people: PeopleAnswer;
  readonly sweep: SweepAnswer;
  readonly traffic: TrafficAnswer;
}

export type AnswerKind = keyof AnswerValues;

export interface Asked<T> {
  readonly status: 'none' | 'asking' | 'ready' | 'failed';
  /** The last answer of this dataset; while asking, that to the question before. Null where there is none. */
  readonly value: T | null;
  /** Whether `value`, or `problem`, answers the question as it stands. */
  readonly isCurrent: boolean;
  readonly problem: Problem | null;
  readonly progress: Progress | null;
  readonly askedAt: number | null;
  readonly tookMs: number | null;
}

/** A setting under a moving hand: not in the file yet. */
export interface Drag {
  readonly path: string;
  /** As in the file: `90m`. */
  readonly value: string;
  /** Replays that came in for this drag, the last one asked for last; `of` is the value it answers. */
  readonly replay: { readonly of: string; readonly value: ReplayAnswer } | null;
}

export type Answers = { readonly [K in AnswerKind]: Asked<AnswerValues[K]> } & { readonly drag: Drag | null };

// ---------------------------------------------------------------- view

export type Theme = 'system' | 'light' | 'dark';
/** How high the rows of tables are. */
export type Rows = 'compact' | 'normal' | 'comfortable';

export interface Notice {
  readonly id: number;
  readonly text: string;
  /** Offers to undo the last edit. */
  readonly undo: boolean;
}

export interface View {
  readonly screen: string;
  /** What is selected on the screen: a figure, a step; null for none. Set by screens in words of their own. */
  readonly selection: string | null;
  readonly isPanelOpen: boolean;
  /** Of the side panel: the screen's own tab, or what a figure rests on. */
  readonly panelTab: 'own' | 'rests';
  /** The waiting time that is looked at, by its path, where a trigger has several; null for the first. */
  readonly wait: string | null;
  readonly calibrate: CalibrateView;
  readonly simulate: SimulateView;
  readonly theme: Theme;
  readonly rows: Rows;
  readonly isKeyListOpen: boolean;
  readonly isPaletteOpen: boolean;
  readonly notice: Notice | null;
}

export interface WindowState {
  readonly session: Session;
  /** The import that is being set up or under way; null where there is none. */
  readonly draft: ImportDraft | null;
  readonly workflow: WorkflowSlice;
  /** The programme that is looked at; null until it has been read, and where nothing can run. */
  readonly programme: ProgrammeFiles | null;
  readonly scenarios: Scenarios;
  readonly answers: Answers;
  readonly view: View;
}
