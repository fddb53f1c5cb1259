// The tests of a workspace so far: what each looked for and what was foretold when its plan was locked, beside what its
// last look measured. The interval is the one its plan lets decide there (methods: E).

import { newcombeInterval } from '../stats/index.ts';
import { stageOf } from './against-plan.ts';
import { type LookLog, readLooks } from './looks.ts';
import type { LockedPlan } from './plan-file.ts';

export interface PastTest {
  readonly plan: LockedPlan;
  /** Of the last look; null where nobody has looked, or an arm was empty. */
  readonly measured: {
    /** ISO 8601, UTC. */
    readonly at: string;
    readonly looks: number;
    readonly people: number;
    readonly difference: number;
    /** Null where it is too early for the always-valid one. */
    readonly interval: readonly [number, number] | null;
    readonly decidedBy: 'newcombe' | 'sequential';
    /** What a look decided, and no later one takes back. */
    readonly decided: 'raised' | 'lowered' | null;
  } | null;
}

/** @param logs by hash of the plan @returns the newest plan first */
export function pastTests(plans: readonly LockedPlan[], logs: Readonly<Record<string, LookLog>>): PastTest[] {
  return plans.toReversed().map((plan): PastTest => {
    const looks = logs[plan.hash]?.looks ?? [];
    const last = looks.at(-1);
    if (last === undefined || last.treated.n === 0 || last.control.n === 0) return { plan, measured: null };
    const { treated, control } = last;
    const people = treated.n + control.n;
    const { decidedBy } = stageOf(plan, people);
    return {
      plan,
      measured: {
        at: last.at,
        looks: looks.length,
        people,
        difference: treated.x / treated.n - control.x / control.n,
        interval: decidedBy === 'newcombe' ? newcombeInterval(treated, control, plan.alpha) : last.interval,
        decidedBy,
        decided: readLooks(looks).decision?.direction ?? null,
      },
    };
  });
}
