// The enrolled of a replay as a projection needs them: complete enrollments of both arms (the history had no emails, so
// both show what happens without), counted by where their organic conversion falls among the steps, per bucket of
// people, so that resampling buckets costs nothing. Times on the trigger's clock.

import { type History, N_BUCKETS } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type SequenceModel, type SlotCounts, slotOf } from './model.ts';
import type { NominalStep } from './sequence-times.ts';

/** Counts of people and sums of money, under some weights of the buckets. */
export interface EnrolledTotals {
  readonly first: SlotCounts;
  readonly repeat: SlotCounts;
  /** Value of organic conversions by slot. */
  readonly firstValue: readonly number[];
  readonly repeatValue: readonly number[];
  /** Per step, what its incentive costs if every organic buyer who could redeem it did. */
  readonly giveaway: readonly number[];
}

export interface Enrolled {
  readonly n: number;
  readonly treated: number;
  readonly firstEntries: number;
  readonly repeatEntries: number;
  readonly organic: number;
  readonly incomplete: number;
  readonly persons: number;
  /** Days from each person's first complete enrollment to the last moment an enrollment could be complete. */
  readonly personDays: number;
  readonly value: { readonly perConversion: number; readonly source: 'history' | 'workflow' } | null;
  /** @param weights per bucket; null: each once */
  totals(weights: ArrayLike<number> | null): EnrolledTotals;
}

export function enrolledOf(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  steps: readonly NominalStep[],
  model: SequenceModel,
): Enrolled {
  const slots = steps.length + 1;
  // Columns per bucket: first by slot, first never, repeat by slot, repeat never, values of both, giveaways.
  const width = 2 * (slots + 1) + 2 * slots + steps.length;
  const table = new Float64Array(N_BUCKETS * width);
  const valued = valuesOf(workflow, columns);
  const end = history.observedUntil - workflow.goal.withinMs;
  let treated = 0;
  let repeats = 0;
  let organic = 0;
  let n = 0;
  let persons = 0;
  let personMs = 0;
  let lastPerson = -1;
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    n++;
    const person = columns.persons[i] as number;
    const isRepeat = columns.repeats[i] === 1;
    if (person !== lastPerson) {
      persons++;
      personMs += Math.max(0, end - (columns.triggerTimes[i] as number));
      lastPerson = person;
    }
    if (columns.arms[i] === 0) treated++;
    if (isRepeat) repeats++;
    const base = (history.buckets[person] as number) * width + (isRepeat ? slots + 1 : 0);
    const goal = columns.goalTimes[i] as number;
    const organicMs = Number.isNaN(goal) ? Number.POSITIVE_INFINITY : goal - (columns.triggerTimes[i] as number);
    const slot = slotOf(organicMs, model);
    const add = (at: number, amount: number) => {
      table[at] = (table[at] as number) + amount;
    };
    if (slot < 0) {
      add(base + slots, 1);
      continue;
    }
    organic++;
    add(base + slot, 1);
    const value = valued.at(i);
    const bucket = (history.buckets[person] as number) * width + 2 * (slots + 1);
    add(bucket + (isRepeat ? slots : 0) + slot, value);
    const redeemed = steps.findLastIndex((step) => isRedeemable(step, organicMs, value));
    if (redeemed >= 0) add(bucket + 2 * slots + redeemed, discountOf(steps[redeemed] as NominalStep, value));
  }
  return {
    n,
    treated,
    firstEntries: n - repeats,
    repeatEntries: repeats,
    organic,
    incomplete: columns.n - n,
    persons,
    personDays: personMs / 86_400_000,
    value: valued.summary,
    totals: (weights) => {
      const sums = new Float64Array(width);
      for (let b = 0, row = 0; b < N_BUCKETS; b++, row += width) {
        const weight = weights === null ? 1 : (weights[b] as number);
        if (weight === 0) continue;
        for (let c = 0; c < width; c++) sums[c] = (sums[c] as number) + weight * (table[row + c] as number);
      }
      const values = 2 * (slots + 1);
      return {
        first: { organic: listOf(sums, 0, slots), never: sums[slots] as number },
        repeat: { organic: listOf(sums, slots + 1, slots), never: sums[2 * slots + 1] as number },
        firstValue: listOf(sums, values, slots),
        repeatValue: listOf(sums, values + slots, slots),
        giveaway: listOf(sums, values + 2 * slots, steps.length),
      };
    },
  };
}

/** Many times faster than `Array.from`, which counts where a projection asks thousands of times. */
function listOf(column: Float64Array, from: number, length: number): number[] {
  const list: number[] = [];
  for (let i = from; i < from + length; i++) list.push(column[i] as number);
  return list;
}

/** The value of each conversion: the history's, else the workflow's order value, else unknown. */
function valuesOf(workflow: Workflow, columns: EnrollmentColumns) {
  let sum = 0;
  let count = 0;
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1 || Number.isNaN(columns.goalTimes[i] as number)) continue;
    sum += columns.goalValues[i] as number;
    count++;
  }
  if (sum > 0) {
    return {
      at: (i: number) => columns.goalValues[i] as number,
      summary: { perConversion: sum / count, source: 'history' as const },
    };
  }
  const { orderValue } = workflow.economics;
  return {
    at: () => orderValue ?? 0,
    summary: orderValue === null ? null : { perConversion: orderValue, source: 'workflow' as const },
  };
}

/** @param organicMs of the conversion, from the trigger */
function isRedeemable(step: NominalStep, organicMs: number, value: number): boolean {
  const { incentive, atMs } = step;
  if (incentive === null || organicMs <= atMs) return false;
  if (incentive.expiresMs !== null && organicMs > atMs + incentive.expiresMs) return false;
  return incentive.minimum === null || value >= incentive.minimum;
}

/** What redeeming a step's incentive costs on an order. */
export function discountOf({ incentive }: Pick<NominalStep, 'incentive'>, value: number): number {
  if (incentive === null || (incentive.minimum !== null && value < incentive.minimum)) return 0;
  return (incentive.percent ?? 0) * 0.01 * value + (incentive.amount ?? 0) + (incentive.freeShipping ?? 0);
}
