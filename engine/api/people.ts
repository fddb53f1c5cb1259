// Asked of single people: why they got an email or did not, and who is behind a count.

import type { MomentPart } from '../moments/index.ts';
import type { Crowding, GalleryGroup, PeopleFilter } from '../people/index.ts';
import type { Explanation } from '../replay/index.ts';
import type { MembersOf } from '../segments/index.ts';
import type { Answer, WorkflowRequest } from './calls.ts';

export interface ExplainRequest extends WorkflowRequest {
  readonly person: string;
  /** Null: the end of the history. */
  readonly at: number | null;
}

export interface CrowdingRequest extends WorkflowRequest {
  /** Index of the cap that is left out; null: none is. */
  readonly cap: number | null;
}

export type CrowdingAnswer = Crowding & Answer;

/** People behind a count that no decision is behind. */
export type PeopleGroup =
  /** Who was in one segment and is in another; `timezone` null: the workflow's. */
  | ({ readonly of: 'segment'; readonly timezone: string | null } & Omit<MembersOf, 'timezone'>)
  /**
   * Whose episode was answered more than `from` and at most `to` after it opened, in ms; of the trigger that the settings
   * `set` leave alone.
   */
  | { readonly of: 'episode'; readonly from: number; readonly to: number; readonly set: readonly string[] }
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

export type ExplainAnswer = Explanation & Answer;

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
