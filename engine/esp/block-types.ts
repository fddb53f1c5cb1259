// What the export gives and takes at services where no call makes an automation: building blocks (fields, tags,
// segments, texts, event names), the sheet from which a person builds the rest, and what `decide` sends. Plain JSON,
// without keys; plan and state are those of every service.

import type { Issue } from '../base/index.ts';
import type { SentField } from './personal.ts';
import type { SyncedField } from './synced.ts';
import type { ByHand, Difference, EspTarget, ObjectKey, ObjectType, PlannedRequest, Sender } from './types.ts';

export type BlockTarget = Exclude<EspTarget, 'klaviyo'>;

export interface DesiredBlock {
  readonly key: ObjectKey;
  readonly type: ObjectType;
  /** With its marker, or the very name where it has no room for one. */
  readonly name: string;
  readonly isNamed: boolean;
  /** What it holds, as it is compared; ids that do not exist yet stand as `{{tag:in}}`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** A person finishes it there; what they make of it is kept. */
  readonly isFinishedByHand: boolean;
}

export interface FoundBlock {
  readonly type: ObjectType;
  readonly id: string;
  readonly name: string;
  /** In the form of the wanted one; where the service does not show what it holds, whatever changes when it does. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Whether the body can be held against the wanted one. */
  readonly isShown: boolean;
}

export interface BlockAccount {
  /** Account and, where there are several, the audience. */
  readonly account: string;
  /** For people: `Example Shop, audience "Newsletter"`. */
  readonly words: string;
  readonly blocks: readonly FoundBlock[];
  readonly sender: Sender | null;
  /** By exact name, where the service shows them; null where it does not. */
  readonly automations: readonly { readonly name: string; readonly isOn: boolean }[] | null;
}

/** One line of a sheet: a field on the vendor's screen and what goes into it. */
export interface SheetField {
  readonly name: string;
  readonly value: string;
}

export interface SheetStep {
  readonly key: string;
  readonly title: string;
  /** Where to go and what to do, in sentences. */
  readonly words: readonly string[];
  readonly fields: readonly SheetField[];
  /** What ticks it: an object that exists, an automation of that name that is on, or a person's own eyes. */
  readonly check:
    | { readonly by: 'objects'; readonly keys: readonly ObjectKey[] }
    | { readonly by: 'automation'; readonly name: string }
    | { readonly by: 'eye' };
}

export interface DesiredBlocks {
  readonly target: BlockTarget;
  readonly workflow: { readonly id: string; readonly name: string; readonly hash: string };
  readonly marker: string;
  /** In the order of creation. */
  readonly blocks: readonly DesiredBlock[];
  /** Filled for each person before an email goes out. */
  readonly fields: readonly SentField[];
  /** Of these, those that are also kept up to date between emails. */
  readonly synced: readonly SyncedField[];
  /** In the order of the sequence. */
  readonly emails: readonly { readonly step: string; readonly event: string; readonly automation: string }[];
  /** The tag of whoever is in the workflow. */
  readonly tag: { readonly key: ObjectKey; readonly name: string };
  readonly sheet: readonly SheetStep[];
  readonly byHand: readonly ByHand[];
  readonly differences: readonly Difference[];
  /** Errors refuse the whole. */
  readonly problems: readonly Issue[];
}

/** The calls of one service. */
export interface BlockRoutes {
  readonly revision: string;
  create(block: DesiredBlock, account: string): readonly PlannedRequest[];
  change(block: DesiredBlock, id: string, account: string): readonly PlannedRequest[];
  /** Null where it cannot be removed, only left. */
  remove(type: ObjectType, id: string, key: ObjectKey, account: string): PlannedRequest | null;
}
