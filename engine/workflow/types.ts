// A workflow: trigger, audience, suppression, holdout, sequence, exit, goal. This is the checked form the engine runs:
// durations in milliseconds, defaults filled in. The file form (durations as text, defaults absent) is WorkflowFile;
// `checkWorkflow` turns one into the other or says what is wrong.

import type { Scalar } from '../columns/index.ts';

// ---------------------------------------------------------------- conditions and filters

export type Comparison = '=' | '!=' | '<' | '<=' | '>' | '>=';

/** A filter on an event's property, or with `person.` in front on the person's property as of that moment. */
export type Filter =
  | { readonly property: string; readonly op: Comparison; readonly value: Scalar }
  | { readonly property: string; readonly op: 'in'; readonly value: readonly Scalar[] }
  | { readonly property: string; readonly op: 'contains'; readonly value: string }
  | { readonly property: string; readonly op: 'exists'; readonly value: boolean };

export interface EventMatch {
  readonly event: string;
  /** All must hold. Empty: every such event. */
  readonly where: readonly Filter[];
}

/** Where an aggregate looks: (t - inLastMs, t], or after the trigger, or everything up to t. */
export interface Lookback {
  readonly inLastMs: number | null;
  readonly sinceTrigger: boolean;
}

export type Condition =
  | { readonly is: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition }
  | { readonly is: 'tenure'; readonly op: Comparison; readonly valueMs: number }
  | { readonly is: 'activeDays'; readonly op: Comparison; readonly value: number; readonly inLastMs: number | null }
  | ({ readonly is: 'count'; readonly match: EventMatch; readonly op: Comparison; readonly value: number } & Lookback)
  | ({
      readonly is: 'distinct';
      readonly events: readonly string[];
      readonly op: Comparison;
      readonly value: number;
    } & Lookback)
  | ({
      readonly is: 'sum' | 'min' | 'max' | 'last';
      readonly match: EventMatch;
      /** `value` is the event's value. */
      readonly property: string;
      readonly test: PropertyTest;
    } & Lookback)
  | { readonly is: 'property'; readonly property: string; readonly test: PropertyTest }
  | {
      readonly is: 'segment';
      readonly segment: string;
      /** Of adoption: the one feature it is about; absent: those that the rules name. */
      readonly feature?: string;
      /** What the segment means; absent where Foresend defines none of that name. */
      readonly rules?: SegmentRules;
    };

/** The rules as they stand under `segments` in a file; what is absent has its default. */
export interface SegmentRulesFile {
  readonly engagement?: Readonly<Record<string, unknown>>;
  readonly lifecycle?: Readonly<Record<string, unknown>>;
  readonly adoption?: Readonly<Record<string, unknown>>;
}

/** What the segments mean: thresholds, and the events that tell where a person stands. Days are local days. */
export interface SegmentRules {
  readonly engagement: {
    /** Active days in `inLastMs` from which a person is a power user, and a regular one. */
    readonly power: number;
    readonly regular: number;
    readonly inLastMs: number;
    /** Different activities in `inLastMs` that a power user has at least. */
    readonly breadth: number;
    /** Without activity for this long: dormant. */
    readonly dormantMs: number;
  };
  readonly lifecycle: {
    /** Event names; empty: everybody has signed up with their first event. */
    readonly signup: readonly string[];
    /** Empty: by a payment, or by coming back on another day. */
    readonly activation: readonly string[];
    /** Empty: payment is not asked. */
    readonly payment: readonly string[];
    readonly end: readonly string[];
    /** Without activity for this long: churned. */
    readonly lapsedMs: number;
    /** At risk: fewer active days in `recentMs` than `ratio` of what the `baselineMs` before would give. */
    readonly recentMs: number;
    readonly baselineMs: number;
    readonly ratio: number;
  };
  readonly adoption: {
    readonly features: readonly string[];
    /** Days with the feature from which it counts as used; fewer: only discovered. */
    readonly used: number;
  };
}

/** What a filter asks of a property, without the property's name. */
export type PropertyTest =
  | { readonly op: Comparison; readonly value: Scalar }
  | { readonly op: 'in'; readonly value: readonly Scalar[] }
  | { readonly op: 'contains'; readonly value: string }
  | { readonly op: 'exists'; readonly value: boolean };

// ---------------------------------------------------------------- triggers

export interface BehaviorTrigger {
  readonly type: 'behavior';
  readonly match: EventMatch;
  /** 1 fires at every matching event. */
  readonly count: number;
  /** Rolling period of the count; null with `calendar` or with count 1. */
  readonly withinMs: number | null;
  readonly calendar: 'day' | 'week' | 'month' | null;
}

export interface InactionTrigger {
  readonly type: 'inaction';
  readonly after: EventMatch;
  readonly without: EventMatch;
  readonly withinMs: number;
  readonly rearm: 'reset' | 'first';
  /** A property (`value` for the event's value) with one timer per value, or null for one timer. */
  readonly key: string | null;
}

export interface AbsenceTrigger {
  readonly type: 'absence';
  /** Null: any event but the product's own email events. */
  readonly of: readonly string[] | null;
  readonly forMs: number;
  readonly afterActive:
    | { readonly kind: 'elapsed'; readonly ms: number }
    | { readonly kind: 'activeDays'; readonly days: number; readonly inLastMs: number }
    | null;
}

export interface DeclineTrigger {
  readonly type: 'decline';
  readonly of: readonly string[] | null;
  readonly recentMs: number;
  readonly baselineMs: number;
  readonly ratio: number;
  readonly cron: string;
}

export interface PropertyTrigger {
  readonly type: 'property';
  readonly property: string;
  readonly from: Scalar | null | undefined;
  readonly to: Scalar | null | undefined;
}

export interface ConditionTrigger {
  readonly type: 'condition';
  readonly condition: Condition;
  readonly cron: string;
}

export interface DateTrigger {
  readonly type: 'date';
  readonly property: string;
  /** Whole local days; negative is before the date. */
  readonly offsetDays: number;
  /** Minutes after local midnight. */
  readonly atMinute: number;
  readonly yearly: boolean;
}

export interface ScheduleTrigger {
  readonly type: 'schedule';
  readonly cron: string;
}

export type SingleTrigger =
  | BehaviorTrigger
  | InactionTrigger
  | AbsenceTrigger
  | DeclineTrigger
  | PropertyTrigger
  | ConditionTrigger
  | DateTrigger
  | ScheduleTrigger;

/** `anyOf` is flat here: nested ones are unfolded in the order listed. */
export type Trigger = SingleTrigger | { readonly type: 'anyOf'; readonly triggers: readonly SingleTrigger[] };

// ---------------------------------------------------------------- what emails may speak of

/** A property worked out from what is known when an email goes out: events in (t - inLastMs, t], or up to t. */
export type ComputedProperty = { readonly name: string } & (
  | { readonly is: 'count'; readonly match: EventMatch; readonly inLastMs: number | null }
  | {
      readonly is: 'sum' | 'min' | 'max' | 'last';
      readonly match: EventMatch;
      readonly property: string;
      readonly inLastMs: number | null;
    }
  /** Percent of these events that the person has done, 0 … 100, whole. */
  | { readonly is: 'share'; readonly events: readonly string[] }
  /** The event done most, of several the latest; the last event done. Null: any but the product's own emails. */
  | {
      readonly is: 'mostUsed' | 'lastEvent';
      readonly events: readonly string[] | null;
      readonly inLastMs: number | null;
    }
  /** How many people have the event with the same value of `by` as the starting event. */
  | { readonly is: 'people'; readonly match: EventMatch; readonly by: string; readonly inLastMs: number | null }
);

/** Rows that hold from a moment on, by the value of one property of the starting event. */
export interface LookupTable {
  readonly name: string;
  /** CSV, from the workflow file's folder. */
  readonly file: string;
  readonly by: string;
}

export interface Personalize {
  readonly properties: readonly ComputedProperty[];
  readonly tables: readonly LookupTable[];
}

// ---------------------------------------------------------------- the rest of a workflow

export interface SentRule {
  /** A workflow's id, or `*` for any. */
  readonly workflow: string;
  readonly withinMs: number;
  /** Also count the emails that the history itself records. */
  readonly history: boolean;
}

/** The kinds present must all hold. */
export interface Suppression {
  readonly id: string;
  readonly sent: SentRule | null;
  readonly where: readonly Filter[];
  readonly if: Condition | null;
}

export type Reentry =
  | { readonly kind: 'always' }
  | { readonly kind: 'once' }
  | { readonly kind: 'cooldown'; readonly ms: number };

export interface CapGate {
  readonly n: number;
  readonly withinMs: number;
  readonly scope: 'workflow' | 'programme';
  readonly history: boolean;
}

export interface Gates {
  readonly unsubscribed: EventMatch | null;
  readonly cap: readonly CapGate[];
  /** Local minutes of day, [from, to), which may wrap midnight. */
  readonly quiet: { readonly fromMinute: number; readonly toMinute: number; readonly else: 'defer' | 'drop' } | null;
  readonly sendTime: { readonly leadMs: number; readonly withinMs: number } | null;
}

export interface Incentive {
  readonly percent: number | null;
  readonly amount: number | null;
  /** What the shipping costs the sender, in the history's currency. */
  readonly freeShipping: number | null;
  readonly minimum: number | null;
  readonly expiresMs: number | null;
}

export interface Step {
  readonly kind: 'step';
  readonly id: string;
  readonly delayMs: number;
  /** From the trigger, or from the send of the step before it. */
  readonly from: 'trigger' | 'previous';
  readonly if: Condition | null;
  readonly subject: string | null;
  readonly body: string | null;
  readonly template: Readonly<Record<string, string>> | null;
  readonly incentive: Incentive | null;
}

export interface Branch {
  readonly kind: 'branch';
  readonly id: string | null;
  readonly paths: readonly { readonly id: string; readonly if: Condition; readonly steps: readonly Step[] }[];
  readonly else: readonly Step[];
}

export type SequenceItem = Step | Branch;

export interface Economics {
  /** Share of revenue that is margin, 0 … 1. */
  readonly margin: number | null;
  readonly costPerSend: number | null;
  /** Used where the history has no values. */
  readonly orderValue: number | null;
  /** Share of those who would have bought anyway that uses the discount, 0 … 1. */
  readonly organicRedemption: number | null;
  readonly unsubscribeRate: number | null;
  /** What a subscriber is worth to the sender. */
  readonly subscriberValue: number | null;
}

export interface Secondary {
  readonly id: string;
  readonly metric: 'retention' | 'event' | 'value';
  readonly event: string | null;
  readonly withinMs: number;
  readonly of: 'converted' | 'all';
}

export interface Workflow {
  readonly id: string;
  readonly name: string;
  /** IANA zone of calendars, cron and quiet hours. */
  readonly timezone: string;
  /** As in the file, for the places of its names; what it means is in the conditions. Absent where the file says nothing. */
  readonly segments?: SegmentRulesFile;
  /** Absent where the file says nothing. */
  readonly personalize?: Personalize;
  readonly trigger: Trigger;
  readonly audience: Condition | null;
  readonly suppress: readonly Suppression[];
  readonly reentry: Reentry;
  readonly reach: { readonly address: string; readonly consent: string | null };
  readonly gates: Gates | null;
  /** fraction 0 means none. */
  readonly holdout: { readonly fraction: number; readonly salt: string };
  readonly globalHoldout: { readonly fraction: number; readonly salt: string } | null;
  readonly sequence: readonly SequenceItem[];
  readonly exit: { readonly on: readonly EventMatch[]; readonly afterMs: number | null };
  readonly goal: {
    readonly match: EventMatch;
    readonly withinMs: number;
    /** The property that holds the revenue; null: the event's value. */
    readonly value: string | null;
  };
  readonly secondary: readonly Secondary[];
  readonly attribution: {
    readonly withinMs: number;
    readonly model: 'last' | 'first' | 'linear' | 'decay' | 'position';
  } | null;
  readonly economics: Economics;
  /** Of the file's canonical form with overrides applied; part of every stamp. */
  readonly hash: string;
}

/** A workflow as it stands in the file: JSON, durations as text. Its shape is the published JSON Schema. */
export type WorkflowFile = Readonly<Record<string, unknown>>;
