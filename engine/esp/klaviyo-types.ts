// The bodies of Klaviyo's interface as far as Foresend writes and reads them, revision 2026-07-15. What is read may hold
// more than is named here; what is written holds nothing else, and a test holds every written body against the vendor's
// own description.

/** The revision every request names in its `revision` header. */
export const KLAVIYO_REVISION = '2026-07-15';

// ---------------------------------------------------------------- filters and conditions

export type NumericOperator =
  | 'equals'
  | 'not-equals'
  | 'greater-than'
  | 'greater-than-or-equal'
  | 'less-than'
  | 'less-than-or-equal';

export type KlaviyoFilter =
  | { readonly type: 'string'; readonly operator: string; readonly value: string | null }
  | { readonly type: 'string'; readonly operator: 'in' | 'not-in'; readonly value: readonly string[] }
  | { readonly type: 'numeric'; readonly operator: NumericOperator; readonly value: number }
  | { readonly type: 'boolean'; readonly operator: 'equals'; readonly value: boolean }
  | { readonly type: 'existence'; readonly operator: 'is-set' | 'not-set' }
  | {
      readonly type: 'date';
      readonly operator: 'at-least' | 'in-the-last';
      readonly unit: 'hour' | 'day' | 'week';
      readonly quantity: number;
    };

export type Timeframe =
  | { readonly type: 'date'; readonly operator: 'alltime' | 'flow-start' }
  | {
      readonly type: 'date';
      readonly operator: 'in-the-last';
      readonly unit: 'hour' | 'day' | 'week';
      readonly quantity: number;
    };

export interface MetricPropertyCondition {
  readonly type: 'metric-property';
  readonly metric_id: string;
  readonly field: string;
  readonly filter: KlaviyoFilter;
}

export interface ProfileMetricCondition {
  readonly type: 'profile-metric';
  readonly metric_id: string;
  readonly measurement: 'count' | 'sum';
  readonly measurement_filter: { readonly type: 'numeric'; readonly operator: NumericOperator; readonly value: number };
  readonly timeframe_filter: Timeframe;
  readonly metric_filters?: readonly { readonly property: string; readonly filter: KlaviyoFilter }[];
}

export type ProfileCondition =
  | ProfileMetricCondition
  | { readonly type: 'profile-property'; readonly property: string; readonly filter: KlaviyoFilter }
  | { readonly type: 'profile-sample'; readonly percentage: number }
  | {
      readonly type: 'profile-group-membership';
      readonly is_member: boolean;
      readonly group_ids: readonly string[];
    };

/** Conditions of one group are OR, groups are AND. */
export interface ConditionGroups<C> {
  readonly condition_groups: readonly { readonly conditions: readonly C[] }[];
}
export type ProfileFilter = ConditionGroups<ProfileCondition>;

// ---------------------------------------------------------------- flows

export type MessageStatus = 'draft' | 'manual' | 'live' | 'disabled';

/** `id` at the vendor, `temporary_id` in a body that creates. */
interface ActionHead {
  readonly id?: string | null;
  readonly temporary_id?: string | null;
}
export interface NextLink {
  /** Null ends the path. */
  readonly next: string | null;
}
export interface SplitLinks {
  readonly next_if_true: string | null;
  readonly next_if_false: string | null;
}

export interface FlowEmail {
  readonly id?: string | null;
  readonly name: string;
  readonly from_email: string | null;
  readonly from_label: string | null;
  readonly reply_to_email?: string | null;
  readonly subject_line: string;
  readonly preview_text?: string | null;
  readonly template_id: string | null;
  readonly smart_sending_enabled: boolean;
  readonly transactional: boolean;
  readonly add_tracking_params: boolean;
  readonly additional_filters?: ProfileFilter | null;
}

export type TimeDelayUnit = 'days' | 'hours' | 'minutes';

export type FlowAction =
  | (ActionHead & {
      readonly type: 'time-delay';
      readonly links: NextLink;
      readonly data: { readonly unit: TimeDelayUnit; readonly value: number; readonly timezone: string };
    })
  | (ActionHead & {
      readonly type: 'send-email';
      readonly links: NextLink;
      readonly data: { readonly status: MessageStatus; readonly message: FlowEmail };
    })
  | (ActionHead & {
      readonly type: 'conditional-split';
      readonly links: SplitLinks;
      readonly data: { readonly profile_filter: ProfileFilter };
    })
  | (ActionHead & {
      readonly type: 'update-profile';
      readonly links: NextLink;
      readonly data: { readonly status: MessageStatus; readonly profile_operations: readonly ProfileOperation[] };
    });

export type ProfileOperation = {
  readonly operator: 'create' | 'update';
  readonly property_type: 'string' | 'date';
  readonly property_key: string;
  readonly property_value: string;
};

export type FlowTrigger =
  | {
      readonly type: 'metric';
      readonly id: string;
      readonly trigger_filter?: ConditionGroups<MetricPropertyCondition> | null;
    }
  | { readonly type: 'segment' | 'list'; readonly id: string }
  | {
      readonly type: 'date';
      readonly date_field_type: 'profile-property';
      readonly date_profile_property: string;
      readonly timedelta_unit_before_date: 'days' | 'weeks' | 'months';
      readonly timedelta_value_before_date: number;
      readonly recurrence_frequency: 'annually' | 'monthly' | 'weekly' | 'never';
      readonly timezone: string;
      /** `HH:MM:SS` */
      readonly trigger_time: string;
    };

/** `alltime` with 1: never again; `alltime` with 0: always. */
export interface ReentryCriteria {
  readonly duration: number;
  readonly unit: 'hour' | 'day' | 'week' | 'alltime';
}

export interface FlowDefinition {
  readonly triggers: readonly FlowTrigger[];
  readonly profile_filter?: ProfileFilter | null;
  readonly actions: readonly FlowAction[];
  readonly entry_action_id: string | null;
  readonly reentry_criteria?: ReentryCriteria | null;
}

export interface SegmentDefinition extends ConditionGroups<ProfileCondition> {}
