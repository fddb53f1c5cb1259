// What one workflow is compiled to for the fast paths: its stream and firings, its rules, its counts. How the firings
// are settled is another matter: alone in `compiled.ts`, several workflows together in `compiled-programme.ts`.

import type { History } from '../events/index.ts';
import { type Amounts, amountsOf } from './amounts.ts';
import {
  aggregateRoles,
  type Bench,
  compileCondition,
  compileSuppression,
  type PlainRecency,
  plainRecency,
  plainVerdicts,
  type Rule,
  type Verdicts,
} from './compiled-rules.ts';
import { Scene } from './compiled-scene.ts';
import { isTrue } from './conditions.ts';
import { Counters } from './counters.ts';
import { EnrollmentBuilder } from './enrollments.ts';
import { type FiringSource, firingSource } from './firing-sources.ts';
import { Firings, type IsCounted } from './firings.ts';
import { type ArmFractions, armFractions, type Buckets, bucketsIn, reachOf } from './person-cache.ts';
import type { Plan } from './plan.ts';
import { rolesOf } from './relevant.ts';
import { foretell, Settled, type Terms } from './settled.ts';
import { GOAL, type Stream, streamOf } from './stream.ts';
import { hasConsent } from './transition.ts';
import type { EnrollmentColumns, Tally } from './types.ts';

/** How a suppression is asked: by the time since a last send, by verdicts, or else by its rule. */
export interface Suppressor {
  readonly recency: PlainRecency | null;
  readonly verdicts: Verdicts | null;
  readonly rule: Rule;
}

export class Lane {
  readonly plan: Plan;
  readonly stream: Stream;
  readonly source: FiringSource;
  readonly scene: Scene;
  readonly counters: Counters;
  readonly goals: Amounts;
  /** Null: everyone is reachable. */
  readonly reachableSince: Float64Array | null;
  readonly buckets: Buckets;
  readonly armFractions: ArmFractions;
  readonly audience: Rule | null;
  readonly suppressors: readonly Suppressor[];
  /** Whether a candidate can be unreachable or outside the audience in a way that has to be looked up. */
  readonly asksMore: boolean;
  /** Whether anything looks at the candidate in the scene. */
  readonly asksScene: boolean;
  /** Steps in order of their delay from the trigger; `terms` has those delays. */
  readonly order: readonly number[];
  readonly terms: Terms;
  /** Since the last trigger that enrolled; Infinity where people enroll once. */
  readonly cooldownMs: number;
  firings = new Firings(0);
  settled = new Settled(0);
  readonly #columns: EnrollmentBuilder | null;
  readonly #verdicts: readonly Verdicts[];

  /**
   * @param senders the ids of all workflows that are replayed together
   * @param lastSends of the person in hand, as in CandidateScene
   * @param withEnrollments without them only totals are kept
   */
  constructor(
    history: History,
    plan: Plan,
    senders: readonly string[],
    lastSends: Float64Array,
    withEnrollments: boolean,
  ) {
    const { workflow } = plan;
    this.plan = plan;
    const stream = streamOf(history, [...rolesOf(plan), ...aggregateRoles(plan)]);
    this.stream = stream;
    this.source = firingSource(history, plan, stream);
    this.scene = new Scene(history, plan.zone, lastSends);
    this.#columns = withEnrollments ? new EnrollmentBuilder(this.source.most + 1) : null;
    this.goals = amountsOf(history, stream, GOAL, workflow.goal.value, 'own');
    this.reachableSince = reachOf(history, workflow.reach.address).since;
    this.buckets = bucketsIn(history);
    this.armFractions = armFractions(history, workflow.holdout.salt);
    const bench: Bench = { history, stream, plan, senders, verdicts: [] };
    this.audience = workflow.audience === null ? null : compileCondition(bench, workflow.audience);
    this.suppressors = workflow.suppress.map((suppression) => {
      const verdicts = plainVerdicts(bench, suppression);
      const rule = verdicts === null ? compileSuppression(bench, suppression) : () => false;
      return { recency: plainRecency(senders, suppression), verdicts, rule };
    });
    this.#verdicts = bench.verdicts;
    this.asksMore = workflow.reach.consent !== null || this.audience !== null;
    const isPlain = ({ recency, verdicts }: Suppressor) => recency !== null || verdicts !== null;
    const asksOfSteps = plan.steps.some((step) => step.if !== null) || workflow.gates !== null;
    this.asksScene = this.asksMore || asksOfSteps || !this.suppressors.every(isPlain);
    const offsets = offsetsOf(plan);
    this.order = offsets.map((_, i) => i).sort((a, b) => (offsets[a] as number) - (offsets[b] as number));
    this.terms = {
      until: history.observedUntil,
      goalMs: workflow.goal.withinMs,
      lifeMs: workflow.exit.afterMs ?? Math.max(workflow.goal.withinMs, ...offsets),
      offsets: Float64Array.from(this.order, (i) => offsets[i] as number),
    };
    const { reentry } = workflow;
    this.cooldownMs = reentry.kind === 'cooldown' ? reentry.ms : reentry.kind === 'once' ? Number.POSITIVE_INFINITY : 0;
    this.counters = new Counters(
      plan,
      offsets.map((_, i) => this.order.indexOf(i)),
    );
  }

  /** Takes the firings of the people [from, to) in hand, in place of others. */
  fire(from: number, to: number, isCounted: IsCounted): void {
    this.source.fire(from, to, isCounted, this.firings);
    if (this.settled.codes.length < this.firings.n) this.settled = new Settled(this.firings.length);
    foretell(this.terms, this.stream, this.firings, this.settled);
    for (const verdicts of this.#verdicts) verdicts.judge(this.firings);
  }

  /** Counts the firings in hand, once they are settled. */
  count(): void {
    const { firings, settled, counters } = this;
    counters.add(firings, settled, this.buckets, this.goals.values);
    this.#columns?.addSettled(firings, settled, counters.facts, this.stream, this.goals.values);
  }

  results(): { buckets: Tally[]; enrollments: EnrollmentColumns } {
    const columns = this.#columns ?? new EnrollmentBuilder();
    return { buckets: this.counters.tallies(), enrollments: columns.columns() };
  }

  /** The index of the reason for which the candidate in the scene is unreachable or outside the audience, or -1. */
  unreachableOrOutside(time: number): number {
    const { consent } = this.plan.workflow.reach;
    if (consent !== null && !hasConsent(consent, this.scene.lookAt(time).view, time)) return 1;
    return this.audience !== null && !this.audience(this.scene) ? 2 : -1;
  }

  /** Whether the `if` of a step, if it has one, holds for the person in the scene. */
  isWanted(step: number, due: number, triggerTime: number): boolean {
    const condition = this.plan.steps[step]?.if ?? null;
    return condition === null || isTrue(condition, { ...this.scene.lookAt(due), triggerTime });
  }
}

/** Delays from the trigger; those that count from the step before are added up. */
function offsetsOf(plan: Plan): number[] {
  const offsets: number[] = [];
  plan.steps.forEach((step, i) => {
    const before = step.from === 'previous' && i > 0 ? (offsets[i - 1] as number) : 0;
    offsets.push(before + step.delayMs);
  });
  return offsets;
}
