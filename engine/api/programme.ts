// Asked of several workflows together.

import type { CollisionKind, ProgrammePeople } from '../people/index.ts';
import type { ProgrammeCosts } from '../projection/index.ts';
import type { Explanation, ProgrammeTotals, ReplayTotals } from '../replay/index.ts';
import type { ProgrammeFiles, WorkflowFile } from '../workflow/index.ts';
import type { Answer, CallOptions, DatasetRequest } from './calls.ts';
import type { ReplayRequest } from './forecast.ts';
import type { ExplainRequest, PeopleListRequest } from './people.ts';
import type { ExportAnswer } from './window.ts';

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
