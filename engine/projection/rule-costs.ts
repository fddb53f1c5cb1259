// What each rule of a workflow keeps out, and what that costs: the workflow once more without the rule, on the same
// people and the same draws of the assumptions, and the difference. People and emails are counted; what they would have
// brought is projected, paired draw by draw as in a comparison of two versions. A rule is worth keeping for reasons no
// history knows, so nothing here advises: it says what the rule stops and what those emails would have earned.

import type { History } from '../events/index.ts';
import { type ReplayResult, type ReplayTotals, replayWorkflow } from '../replay/index.ts';
import type { Gates, SequenceItem, Step, Workflow } from '../workflow/index.ts';
import { emailsSent } from './emails-sent.ts';
import type { DrawnRun } from './outcomes.ts';
import { pairedOutcome } from './paired.ts';
import { projectWithDraws } from './project.ts';
import type { Estimate, Projection } from './projection.ts';
import type { ResponseModel } from './response.ts';

export type RuleKind =
  | 'reentry'
  | 'consent'
  | 'audience'
  | 'suppress'
  | 'if'
  | 'cap'
  | 'quiet'
  | 'sendTime'
  | 'holdout';

/** Differences are without the rule minus with it: positive where it keeps something out. */
export interface RuleCost {
  readonly kind: RuleKind;
  /** Of a suppression or a step; null for other rules. */
  readonly id: string | null;
  /** Of the rule in the workflow file. */
  readonly path: string;
  /** What it stops or moves in this replay, in `unit`; the rules asked before it have already had their turn. */
  readonly stops: number;
  readonly unit: 'triggers' | 'emails' | 'enrollments';
  /** Emails it moves to a later time; 0 for rules that move none. */
  readonly moves: number;
  /** Enrollments, emails sent, and people who get at least one of their enrollments treated. */
  readonly enrolled: number;
  readonly emails: number;
  readonly people: number;
  /** Projected; null with its reason where either version is not. */
  readonly conversions: Estimate;
  readonly profit: Estimate;
  /** P(expected profit is higher without the rule), of conversions where profit is not known; null where neither is. */
  readonly pBetterWithout: number | null;
}

export interface RuleCosts {
  /** In the order in which the engine asks them; empty where the workflow has no rule. */
  readonly rules: readonly RuleCost[];
  /** Emails that go out with all rules. */
  readonly sent: number;
  /** Whether `pBetterWithout` is of profit. */
  readonly byProfit: boolean;
}

export interface RuleCostOptions {
  readonly seed: number;
  readonly draws: number;
  readonly signal?: AbortSignal;
  /** Told before each version is worked out. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** What the figures rest on beside everything a projection rests on, in a sentence. */
export const WITHOUT_A_RULE =
  'Each rule is taken away alone, on the same people and draws; two that stop the same emails each look cheap. Complaints, a worn-out list and the law are no part of these figures.';

/**
 * @throws UserError where the workflow cannot be replayed or the response does not fit it; whatever the signal throws
 */
export function ruleCosts(
  history: History,
  workflow: Workflow,
  response: ResponseModel,
  { seed, draws, signal, onProgress }: RuleCostOptions,
): RuleCosts {
  const variants = variantsOf(workflow);
  const heard = signal === undefined ? {} : { signal };
  const see = (version: Workflow, done: number): Seen => {
    signal?.throwIfAborted();
    onProgress?.(done, variants.length + 1);
    const replayed = replayWorkflow(history, version, heard);
    return { replayed, ...projectWithDraws(history, version, response, { seed, draws, replayed, ...heard }) };
  };
  const now = see(workflow, 0);
  const byProfit = now.projection.profit.expected !== null;
  const rules = variants.map((variant, i): RuleCost => {
    const then = see(variant.without, i + 1);
    const key = byProfit ? 'profit' : 'net';
    return {
      kind: variant.kind,
      id: variant.id,
      path: variant.path,
      ...variant.stopped(now.replayed.totals, then.replayed.totals),
      unit: variant.unit,
      enrolled: enrolledIn(then) - enrolledIn(now),
      emails: emailsSent(then.replayed.totals) - emailsSent(now.replayed.totals),
      people: peopleIn(then) - peopleIn(now),
      conversions: difference(now, then, 'net', ({ incremental }) => incremental),
      profit: difference(now, then, 'profit', ({ profit }) => profit),
      pBetterWithout: shareHigher(now.run, then.run, key),
    };
  });
  return { rules, sent: emailsSent(now.replayed.totals), byProfit };
}

interface Seen {
  readonly replayed: ReplayResult;
  readonly projection: Projection;
  readonly run: DrawnRun | null;
}

function enrolledIn({ replayed: { totals } }: Seen): number {
  return totals.enrolled.treated + totals.enrolled.holdout;
}

/** Rows of one person stand together. */
function peopleIn({ replayed: { enrollments } }: Seen): number {
  const { n, persons, arms } = enrollments;
  let people = 0;
  let last = -1;
  for (let i = 0; i < n; i++) {
    if (arms[i] !== 0 || persons[i] === last) continue;
    last = persons[i] as number;
    people++;
  }
  return people;
}

function difference(now: Seen, then: Seen, key: 'net' | 'profit', of: (projection: Projection) => Estimate): Estimate {
  for (const [seen, which] of [
    [now, ''],
    [then, 'Without the rule: '],
  ] as const) {
    const { expected, reason } = of(seen.projection);
    if (expected === null || seen.run === null) return unknown(`${which}${reason ?? 'nothing is projected.'}`);
  }
  const { isZero: _, ...paired } = pairedOutcome(now.run as DrawnRun, then.run as DrawnRun, key);
  return paired;
}

function shareHigher(now: DrawnRun | null, then: DrawnRun | null, key: 'net' | 'profit'): number | null {
  if (now === null || then === null || now.expected.length !== then.expected.length) return null;
  const higher = then.expected.filter((outcome, d) => outcome[key] > (now.expected[d]?.[key] as number)).length;
  return higher / then.expected.length;
}

function unknown(reason: string): Estimate {
  return { expected: null, low: null, high: null, reason };
}

// ---------------------------------------------------------------- the workflow without one of its rules

interface Variant extends Pick<RuleCost, 'kind' | 'id' | 'path' | 'unit'> {
  readonly without: Workflow;
  /** @param then without the rule */
  readonly stopped: (now: ReplayTotals, then: ReplayTotals) => Pick<RuleCost, 'stops' | 'moves'>;
}

/** Unsubscribing is not among them: it is no setting. */
function variantsOf(workflow: Workflow): Variant[] {
  const { audience, suppress, reentry, reach, gates, holdout, sequence } = workflow;
  const variants: Variant[] = [];
  const suppressed = (key: string) => (totals: ReplayTotals) => ({ stops: totals.suppressed[key] ?? 0, moves: 0 });
  const add = (variant: Omit<Variant, 'id'> & { readonly id?: string }) => variants.push({ id: null, ...variant });
  const triggers = 'triggers' as const;
  const unreachable = ({ suppressed }: ReplayTotals) => suppressed['unreachable'] ?? 0;
  if (reentry.kind !== 'always')
    add({
      kind: 'reentry',
      path: 'reentry',
      unit: triggers,
      without: { ...workflow, reentry: { kind: 'always' } },
      stopped: suppressed('reentry'),
    });
  if (reach.consent !== null)
    add({
      kind: 'consent',
      path: 'reach.consent',
      unit: triggers,
      without: { ...workflow, reach: { ...reach, consent: null } },
      // Those without an address are unreachable either way.
      stopped: (now, then) => ({ stops: unreachable(now) - unreachable(then), moves: 0 }),
    });
  if (audience !== null)
    add({
      kind: 'audience',
      path: 'audience',
      unit: triggers,
      without: { ...workflow, audience: null },
      stopped: suppressed('audience'),
    });
  for (const { id } of suppress)
    add({
      kind: 'suppress',
      id,
      path: `suppress.${id}`,
      unit: triggers,
      without: { ...workflow, suppress: suppress.filter((rule) => rule.id !== id) },
      stopped: suppressed(id),
    });
  for (const { id, if: condition } of stepsOf(sequence)) {
    if (condition === null) continue;
    add({
      kind: 'if',
      id,
      path: `sequence.${id}.if`,
      unit: 'emails',
      without: { ...workflow, sequence: sequence.map((item) => withoutIf(item, id)) },
      stopped: ({ steps }) => ({ stops: steps.find((step) => step.id === id)?.skipped['if'] ?? 0, moves: 0 }),
    });
  }
  if (gates !== null) variants.push(...gateVariants(workflow, gates));
  if (holdout.fraction > 0)
    add({
      kind: 'holdout',
      path: 'holdout.fraction',
      unit: 'enrollments',
      without: { ...workflow, holdout: { ...holdout, fraction: 0 } },
      stopped: ({ enrolled }) => ({ stops: enrolled.holdout, moves: 0 }),
    });
  return variants;
}

function gateVariants(workflow: Workflow, gates: Gates): Variant[] {
  const stopsIn = ({ steps }: ReplayTotals, gate: string) =>
    steps.reduce((sum, { skipped }) => sum + (skipped[gate] ?? 0), 0);
  const change = (kind: RuleKind, path: string, off: Partial<Gates>): Variant => ({
    kind,
    id: null,
    path,
    unit: 'emails',
    without: { ...workflow, gates: { ...gates, ...off } },
    stopped: (now, then) => ({
      // One of several caps is answerable for what goes through without it.
      stops: stopsIn(now, kind) - (kind === 'cap' && gates.cap.length > 1 ? stopsIn(then, kind) : 0),
      moves: now.steps.reduce((sum, { moved }) => sum + (moved.byGate[kind] ?? 0), 0),
    }),
  });
  return [
    ...gates.cap.map((cap, i) =>
      change('cap', gates.cap.length === 1 ? 'gates.cap' : `gates.cap.${i}`, {
        cap: gates.cap.filter((one) => one !== cap),
      }),
    ),
    ...(gates.quiet === null ? [] : [change('quiet', 'gates.quiet', { quiet: null })]),
    ...(gates.sendTime === null ? [] : [change('sendTime', 'gates.sendTime', { sendTime: null })]),
  ];
}

function stepsOf(sequence: readonly SequenceItem[]): Step[] {
  return sequence.flatMap((item) =>
    item.kind === 'step' ? [item] : [...item.paths.flatMap(({ steps }) => steps), ...item.else],
  );
}

function withoutIf(item: SequenceItem, id: string): SequenceItem {
  const off = (step: Step): Step => (step.id === id ? { ...step, if: null } : step);
  if (item.kind === 'step') return off(item);
  return {
    ...item,
    paths: item.paths.map((path) => ({ ...path, steps: path.steps.map(off) })),
    else: item.else.map(off),
  };
}
