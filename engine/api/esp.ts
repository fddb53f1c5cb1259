// What the window asks of an email service: the account as it is, the plan, what was pulled from it.

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
} from '../esp/index.ts';
import type { FlowLedger } from '../projection/index.ts';
import type { CallOptions, DatasetRequest } from './calls.ts';
import type { ExportAnswer, WorkflowDocument } from './window.ts';

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
