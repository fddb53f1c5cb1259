// What the export gives and takes: facts read from an account, the objects a workflow wants there, the plan that leads
// from one to the other, and the state that remembers what was created. All of it is plain JSON and holds no key.

import type { Issue } from '../base/index.ts';
import type { Workflow, WorkflowFile } from '../workflow/index.ts';
import type { FlowDefinition, SegmentDefinition } from './klaviyo-types.ts';

export type EspTarget = 'klaviyo' | 'mailchimp' | 'activecampaign';

// ---------------------------------------------------------------- vocabulary

/** `same`: means the same there. `differs`: exists with another consequence. `by hand`: a person sets it. `none`: not at all. */
export type Support = 'same' | 'differs' | 'by hand' | 'none';

export interface VocabularyCell {
  readonly support: Support;
  /** One plain sentence: what happens there instead; for `same`, how it is expressed. */
  readonly consequence: string;
  /** Where this is known from, in words. */
  readonly source: string;
}

export interface VocabularyRow {
  /** Stable, e.g. `trigger.inaction`, `rearm.reset`, `exit.on`. */
  readonly id: string;
  /** For people: `Timer that each new event restarts`. */
  readonly words: string;
  readonly targets: Readonly<Record<EspTarget, VocabularyCell>>;
}

/** A difference that concerns one workflow. */
export interface Difference extends VocabularyCell {
  readonly feature: string;
  readonly words: string;
  readonly support: Exclude<Support, 'same'>;
  /** Path in the workflow file. */
  readonly at: string;
}

// ---------------------------------------------------------------- what was read from the account

export interface KlaviyoMetric {
  readonly id: string;
  readonly name: string;
  /** `attributes.integration.name`, null where the account says none. Tells metrics of one name apart. */
  readonly integration: string | null;
}

export interface Sender {
  readonly fromEmail: string;
  readonly fromLabel: string;
  readonly replyTo: string | null;
}

/** What the desired objects are resolved against. Everything is of one account. */
export interface KlaviyoLookup {
  readonly accountId: string;
  readonly metrics: readonly KlaviyoMetric[];
  /** Segments and lists by id and name, for conditions `segment` and list ids. */
  readonly groups: readonly { readonly id: string; readonly name: string; readonly kind: 'segment' | 'list' }[];
  /** Ids of templates that exist, for steps that name one. */
  readonly templateIds: readonly string[];
  /** From the account's contact information, or given by the user; null leaves the sender to be set by hand. */
  readonly sender: Sender | null;
  /** IANA zone of the account; null where not read. */
  readonly timezone: string | null;
}

export interface CurrentFlow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly archived: boolean;
  /** As read with `additional-fields[flow]=definition`; null where it was not asked for. */
  readonly definition: unknown;
}
export interface CurrentTemplate {
  readonly id: string;
  readonly name: string;
  readonly html: string | null;
}
export interface CurrentSegment {
  readonly id: string;
  readonly name: string;
  readonly definition: unknown;
}

/**
 * What exists now, as far as it concerns a plan: everything that bears the workflow's marker or a wanted name, and
 * everything the state names. A missing id means it is gone.
 */
export interface KlaviyoCurrent extends KlaviyoLookup {
  readonly flows: readonly CurrentFlow[];
  readonly templates: readonly CurrentTemplate[];
  readonly segments: readonly CurrentSegment[];
}

// ---------------------------------------------------------------- what the workflow wants there

/** Of an object inside one workflow: `flow`, `template:reminder`, `segment:trigger`. */
export type ObjectKey = string;

export interface DesiredTemplate {
  readonly key: ObjectKey;
  readonly step: string;
  readonly name: string;
  readonly html: string;
  /** A person finishes the text there; what they make of it is kept until the workflow's own text changes. */
  readonly isFinishedByHand: boolean;
}
export interface DesiredSegment {
  readonly key: ObjectKey;
  readonly name: string;
  readonly definition: SegmentDefinition;
}
export interface DesiredFlow {
  readonly key: 'flow';
  readonly name: string;
  /** Ids of objects that do not exist yet stand as `{{template:reminder}}` texts; `withIds` puts the real ones in. */
  readonly definition: FlowDefinition;
  /** Steps whose subject line a person finishes there; what they made of it is kept. */
  readonly subjectsByHand: readonly string[];
}
/** The profile properties that hold the arm of a person. */
export interface HoldoutProperties {
  readonly arm: string;
  readonly salt: string;
  readonly time: string;
  readonly fraction: number;
  readonly saltValue: string;
}
/** The mark in the profile of whoever is held out of everything: its value is `holdout`. Known people only. */
export interface GlobalHoldout {
  readonly property: string;
  readonly fraction: number;
  readonly saltValue: string;
}
export interface ByHand {
  readonly key: string;
  readonly title: string;
  /** Where in the vendor's screens, and what to do, in sentences. */
  readonly words: string;
  /** The exact value to set, to be copied; null where there is none. */
  readonly value: string | null;
  /** Path in the workflow file; '' where it concerns the whole. */
  readonly at: string;
}

export interface DesiredKlaviyo {
  readonly workflow: { readonly id: string; readonly hash: string };
  readonly accountId: string;
  /** Written into every object we create. */
  readonly marker: string;
  /** In the order of creation: templates, segments, then the flow. Null flow: see `problems`. */
  readonly templates: readonly DesiredTemplate[];
  readonly segments: readonly DesiredSegment[];
  readonly flow: DesiredFlow | null;
  readonly holdout: HoldoutProperties | null;
  readonly globalHoldout: GlobalHoldout | null;
  readonly byHand: readonly ByHand[];
  readonly differences: readonly Difference[];
  /** Errors refuse the whole: nothing may be written. Places are paths in the workflow file. */
  readonly problems: readonly Issue[];
}

// ---------------------------------------------------------------- the state file

/** What can be created at a service, in its own or our words. */
export type ObjectType = 'flow' | 'template' | 'segment' | 'field' | 'tag' | 'event' | 'tracking' | 'message';

export interface StateObject {
  readonly type: ObjectType;
  readonly id: string;
  readonly name: string;
  /** Of the body as we wanted it (placeholders, not ids). */
  readonly wantedHash: string;
  /** Of the object as read back after it was written; null until read back. */
  readonly readHash: string | null;
}

/**
 * JSON beside the workflow, made for git: sorted keys, no times but those of applies, no keys. Objects of an earlier
 * generation that still exist stand under `retired:KEY:ID`.
 */
export interface EspState {
  readonly foresend: 1;
  readonly esp: EspTarget;
  readonly workflow: string;
  readonly account: string;
  readonly marker: string;
  readonly objects: Readonly<Record<ObjectKey, StateObject>>;
  /** Ids the vendor gave to actions of the flow, by temporary id. */
  readonly actionIds: Readonly<Record<string, string>>;
  /** By temporary id of an email: the template it was to use, and the id Klaviyo names for it, which may be a copy's. */
  readonly emailTemplates: Readonly<Record<string, { readonly wanted: string; readonly found: string }>>;
  /** The holdout that known people's profiles were last written for; null: none, or not known. */
  readonly holdout: { readonly salt: string; readonly fraction: number } | null;
  /** The same of the holdout of everything; absent in files of before it was kept. */
  readonly globalHoldout?: { readonly salt: string; readonly fraction: number } | null;
  /** An apply that was begun and not finished: how many of the plan's requests were answered. Null: none. */
  readonly applying: { readonly plan: string; readonly done: number } | null;
  /** Newest last. */
  readonly applies: readonly { readonly at: number; readonly plan: string; readonly workflowHash: string }[];
}

// ---------------------------------------------------------------- the plan

export type PlanVerb = 'create' | 'change' | 'recreate' | 'leave' | 'by hand' | 'remove';

/** One call, ready but for ids that do not exist yet (`{{template:reminder}}` in path or body). */
export interface PlannedRequest {
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
  /** The object whose id the answer gives; null where it creates nothing. */
  readonly creates: ObjectKey | null;
  /** The object that is gone once it is answered (also where it was gone before); null where it removes nothing. */
  readonly removes: ObjectKey | null;
  /** How to find it when the answer was lost: list this type and look for this exact name. */
  readonly lookup: { readonly type: ObjectType; readonly name: string } | null;
}

export interface Changed {
  /** What, in words: `Wait before email 1`. */
  readonly what: string;
  /** Null where there was or will be none. */
  readonly before: string | null;
  readonly after: string | null;
}

export interface PlanAction {
  readonly verb: PlanVerb;
  readonly key: ObjectKey;
  readonly type: ObjectType | 'property' | 'metric' | 'by hand';
  /** `Change flow`, `Create template`. */
  readonly title: string;
  readonly name: string;
  /** The short remark at the end of the line: `1 of 6 actions: the first wait`. */
  readonly remark: string;
  readonly changes: readonly Changed[];
  /** Why, where it is not plain: `Klaviyo cannot change the trigger of a flow`. Null otherwise. */
  readonly why: string | null;
  /** In order; empty for `leave` and `by hand`. */
  readonly requests: readonly PlannedRequest[];
  readonly wantedHash: string | null;
}

export interface EspPlan {
  readonly foresend: 1;
  readonly plan: EspTarget;
  /** Of the interface the calls are written for. */
  readonly revision: string;
  readonly workflow: { readonly id: string; readonly hash: string };
  readonly account: string;
  readonly madeAt: number;
  readonly marker: string;
  /** What the plan was made against; `staleness` compares. */
  readonly basis: { readonly current: string; readonly state: string };
  /** Of all of the above and the actions; apply names it in the state. */
  readonly hash: string;
  /** `4 changes in Klaviyo, and no email goes out. 3 things stay for you to do by hand.` */
  readonly summary: string;
  readonly actions: readonly PlanAction[];
  readonly holdout: HoldoutProperties | null;
  readonly globalHoldout: GlobalHoldout | null;
  readonly differences: readonly Difference[];
  readonly byHand: readonly ByHand[];
}
export type KlaviyoPlan = EspPlan & { readonly plan: 'klaviyo' };

// ---------------------------------------------------------------- comparison after writing

export interface Drift {
  readonly key: ObjectKey;
  readonly name: string;
  readonly what: string;
  readonly wanted: string | null;
  readonly found: string | null;
}

// ---------------------------------------------------------------- reading flows

/** Part of a flow that has no place in a workflow; kept as it stood. */
export interface Unexpressed {
  /** Path in the flow's definition: `actions[3]`. */
  readonly at: string;
  readonly words: string;
  readonly verbatim: unknown;
}
export interface ReadFlow {
  /** Null where no workflow can be made of it; `unexpressed` says why. */
  readonly workflow: WorkflowFile | null;
  readonly unexpressed: readonly Unexpressed[];
  /** Step ids by the vendor's action id, and template ids by step id. */
  readonly actionIds: Readonly<Record<string, string>>;
  readonly templateIds: Readonly<Record<string, string>>;
}

// ---------------------------------------------------------------- as the vendor would run it

export interface AsKlaviyo {
  /** Replay this beside the workflow itself; null where the workflow cannot be exported, see `notReplayed`. */
  readonly workflow: Workflow | null;
  /** Added to the delays and the goal window, because the vendor counts from the anchor and not from the trigger. */
  readonly shiftMs: number;
  /** Differences that this replay shows. */
  readonly replayed: readonly Difference[];
  /** Differences that it cannot show. */
  readonly notReplayed: readonly (Difference & { readonly reason: string })[];
}
