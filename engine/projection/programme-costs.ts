// What each rule of a programme keeps out, and what that costs: the programme once more without the rule, on the same
// people, and the difference. Emails and people are counted. What they would have brought is projected: so many emails of
// a workflow, each at the mean that the workflow's own projection gives an email of it. What is assumed is shared by the
// workflows, so the limits of several add up.

import { assert } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { type Collisions, type ProgrammeResult, replayProgramme, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { emailsSent } from './emails-sent.ts';
import { project } from './project.ts';
import type { Assumption, ResponseModel } from './response.ts';

export type ProgrammeRule = 'globalHoldout' | 'recency' | 'caps' | 'order';

export interface GivenUp {
  readonly expected: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly reason?: string;
}

/** Without the rule there would be so many more; fewer where negative. */
export interface ProgrammeCost {
  readonly rule: ProgrammeRule;
  /** For `order`: the workflow that would come first. */
  readonly first: string | null;
  /** Why it can keep nothing out; null where it can. */
  readonly reason: string | null;
  readonly emails: number;
  /** People mailed. */
  readonly mailed: number;
  /** Enrollments that get emails. */
  readonly treated: number;
  /** How often each would happen. */
  readonly collisions: Readonly<Record<keyof Collisions, number>>;
  /** In order of priority. */
  readonly workflows: readonly { readonly id: string; readonly emails: number }[];
  /** Conversions, and profit in the history's currency, that the emails more would bring. Projected. */
  readonly conversions: GivenUp;
  readonly profit: GivenUp;
}

/** What an email of a workflow brings on average, by the projection of the workflow alone. */
export interface PerEmail {
  readonly workflow: string;
  readonly conversions: GivenUp;
  readonly profit: GivenUp;
  readonly assumptions: readonly Assumption[];
}

export interface ProgrammeCosts {
  /** Global holdout, recency and caps, then every workflow but the first as if it came first. */
  readonly costs: readonly ProgrammeCost[];
  /** In order of priority. */
  readonly perEmail: readonly PerEmail[];
}

export interface ProgrammeCostOptions {
  readonly seed: number;
  readonly draws: number;
  readonly signal?: AbortSignal;
  /** Replays and projections. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * @param workflows highest priority first
 * @throws UserError `NOT_REPLAYABLE`, `SAME_ID`; whatever the signal throws when aborted
 */
export function programmeCosts(
  history: History,
  workflows: readonly Workflow[],
  response: ResponseModel,
  options: ProgrammeCostOptions,
): ProgrammeCosts {
  const { signal, seed, draws } = options;
  const asked = variantsOf(workflows);
  let done = 0;
  const total = 1 + asked.filter(({ reason }) => reason === null).length + workflows.length;
  const step = <T>(work: () => T): T => {
    signal?.throwIfAborted();
    const result = work();
    options.onProgress?.(++done, total);
    return result;
  };
  const replay = (given: readonly Workflow[]) =>
    step(() => replayProgramme(history, given, { enrollments: 'none', ...(signal === undefined ? {} : { signal }) }));
  const now = replay(workflows);
  const heard = signal === undefined ? {} : { signal };
  const perEmail = workflows.map((workflow) =>
    step(() => perEmailOf(history, workflow, response, { seed, draws, ...heard })),
  );
  const costs = asked.map(({ rule, first, reason, without }): ProgrammeCost => {
    if (reason !== null)
      return { rule, first, reason, ...NOTHING, workflows: workflows.map(({ id }) => ({ id, emails: 0 })) };
    const then = replay(without);
    const more = workflows.map(({ id }) => ({ id, emails: emailsOf(then, id) - emailsOf(now, id) }));
    const of = (key: 'conversions' | 'profit') => {
      return sumOf(more.map(({ emails }, w) => [emails, (perEmail[w] as PerEmail)[key]]));
    };
    const times = (kind: keyof Collisions) => then.totals.collisions[kind].times - now.totals.collisions[kind].times;
    return {
      rule,
      first,
      reason,
      emails: more.reduce((sum, { emails }) => sum + emails, 0),
      mailed: then.totals.people.mailed - now.totals.people.mailed,
      treated: then.totals.enrolled.treated - now.totals.enrolled.treated,
      collisions: {
        threeInADay: times('threeInADay'),
        afterPurchase: times('afterPurchase'),
        twoAtOnce: times('twoAtOnce'),
      },
      workflows: more,
      conversions: of('conversions'),
      profit: of('profit'),
    };
  });
  return { costs, perEmail };
}

const NONE: GivenUp = { expected: 0, low: 0, high: 0 };
const NOTHING = {
  emails: 0,
  mailed: 0,
  treated: 0,
  collisions: { threeInADay: 0, afterPurchase: 0, twoAtOnce: 0 },
  conversions: NONE,
  profit: NONE,
};

interface Variant extends Pick<ProgrammeCost, 'rule' | 'first' | 'reason'> {
  readonly without: readonly Workflow[];
}

function variantsOf(workflows: readonly Workflow[]): Variant[] {
  const change = (
    rule: ProgrammeRule,
    isThere: (workflow: Workflow) => boolean,
    reason: string,
    off: Partial<Workflow> | ((one: Workflow) => Workflow),
  ): Variant => ({
    rule,
    first: null,
    reason: workflows.some(isThere) ? null : reason,
    without: workflows.map((one) => (typeof off === 'function' ? off(one) : { ...one, ...off })),
  });
  return [
    change(
      'globalHoldout',
      ({ globalHoldout }) => (globalHoldout?.fraction ?? 0) > 0,
      'The programme keeps nobody out of all workflows.',
      { globalHoldout: null },
    ),
    change(
      'recency',
      ({ suppress }) => suppress.some(({ sent }) => sent !== null),
      'No workflow waits after an earlier email.',
      (one) => ({ ...one, suppress: one.suppress.filter(({ sent }) => sent === null) }),
    ),
    change(
      'caps',
      ({ gates }) => (gates?.cap.length ?? 0) > 0,
      'No workflow has a cap.',
      (one) => (one.gates === null ? one : { ...one, gates: { ...one.gates, cap: [] } }),
    ),
    ...workflows.slice(1).map(
      (one): Variant => ({
        rule: 'order',
        first: one.id,
        reason: null,
        without: [one, ...workflows.filter((other) => other !== one)],
      }),
    ),
  ];
}

function emailsOf({ workflows }: ProgrammeResult, id: string): number {
  const own = workflows.find((one) => one.id === id);
  assert(own !== undefined, 'a variant has the same workflows');
  return emailsSent(own.totals);
}

function perEmailOf(
  history: History,
  workflow: Workflow,
  response: ResponseModel,
  options: { readonly seed: number; readonly draws: number; readonly signal?: AbortSignal },
): PerEmail {
  const replayed = replayWorkflow(history, workflow);
  const projection = project(history, workflow, response, { ...options, replayed });
  // Of the same enrollments as what the emails add: those whose outcome is known.
  const sent = projection.sends.expected ?? 0;
  const each = (estimate: GivenUp): GivenUp => {
    const { expected, low, high } = estimate;
    if (projection.identified !== true) return unknown(`${workflow.id}: ${projection.identified.reason}`);
    if (sent === 0) return unknown(`${workflow.id} sends no email by itself.`);
    if (expected === null || low === null || high === null) {
      return unknown(`${workflow.id}: ${estimate.reason ?? 'what its emails add is not known.'}`);
    }
    return { expected: expected / sent, low: low / sent, high: high / sent };
  };
  return {
    workflow: workflow.id,
    conversions: each(projection.incremental),
    profit: each(projection.profit),
    assumptions: projection.assumptions,
  };
}

function unknown(reason: string): GivenUp {
  return { expected: null, low: null, high: null, reason };
}

/** So many of each; a workflow with none of them more or fewer need not be known. */
function sumOf(parts: readonly (readonly [n: number, each: GivenUp])[]): GivenUp {
  const sum = { expected: 0, low: 0, high: 0 };
  for (const [n, { expected, low, high, reason }] of parts) {
    if (n === 0) continue;
    if (expected === null || low === null || high === null) return unknown(reason ?? 'It is not known.');
    sum.expected += n * expected;
    sum.low += n * (n > 0 ? low : high);
    sum.high += n * (n > 0 ? high : low);
  }
  return sum;
}
