// What one window is worth under one draw of the response: conversions won and prevented, and money.

import type { Workflow } from '../workflow/index.ts';
import {
  NAMED_CURVES,
  NAMED_WAITS_MS,
  type NamedCurve,
  type Response,
  responseOf,
  shapeCurve,
  valueAt,
} from './curve.ts';
import { discountOf } from './enrolled.ts';
import { delayCdf, expectPopulation, type SequenceModel, timingOf } from './model.ts';
import { meanOf, type ResolvedResponse } from './response.ts';
import type { NominalStep } from './sequence-times.ts';
import type { WindowTotals, WindowTotalsOfAll } from './window-table.ts';

export interface WindowContext {
  readonly resolved: ResolvedResponse;
  readonly steps: readonly NominalStep[];
  readonly horizon: number;
  readonly own: number;
  readonly waits: readonly number[];
  /** Reference rate of the odds. */
  readonly rate: number;
  readonly loaded: Workflow;
  readonly value: number;
}

export interface WindowTheta {
  readonly level: number;
  readonly deviations: readonly number[];
  readonly p: readonly number[];
  readonly harm: readonly number[];
  readonly unsub: readonly number[];
  /** A named curve in place of the assumed one: shares of the level. */
  readonly named?: readonly number[];
}

export function centre(resolved: ResolvedResponse): WindowTheta {
  return {
    level: resolved.level.mean,
    deviations: resolved.curve.share.map(() => 0),
    p: resolved.p.map(meanOf),
    harm: resolved.harm.map(meanOf),
    unsub: resolved.unsub.map(meanOf),
  };
}

function effectAt(context: WindowContext, waitMs: number, theta: WindowTheta): number {
  const { resolved, own, steps } = context;
  const first = (steps[0] as NominalStep).atMs;
  if (theta.named !== undefined) {
    return valueAt(
      NAMED_WAITS_MS,
      theta.named.map((share) => share * theta.level),
      waitMs + first,
    );
  }
  const { waitsMs } = resolved.curve;
  if (resolved.curveKind === 'absolute') {
    return valueAt(waitsMs, shapeCurve(resolved.curve, theta.level, theta.deviations), waitMs + first);
  }
  const deviation =
    valueAt(waitsMs, theta.deviations, waitMs + first) - valueAt(waitsMs, theta.deviations, own + first);
  return theta.level + deviation;
}

export interface Worth {
  readonly increment: number;
  readonly net: number;
  readonly won: number;
  readonly breakEven: number | null;
}

export function evaluate(context: WindowContext, totals: WindowTotalsOfAll, w: number, theta: WindowTheta): Worth {
  const { resolved, steps, loaded, value } = context;
  const counts = totals.windows[w] as WindowTotals;
  const wait = context.waits[w] as number;
  const { won, lost, shares, sends } =
    resolved.mode === 'direct'
      ? direct(context, totals, counts, wait, theta)
      : net(context, counts, responseOf(effectAt(context, wait, theta), context.rate), totals.never);
  const gained = totals.never * won;
  const { margin, costPerSend, organicRedemption, subscriberValue } = loaded.economics;
  const m = (margin ?? 0) * value;
  let discount = 0;
  let giveaway = 0;
  let unsubscribed = 0;
  steps.forEach((step, k) => {
    const cost = discountOf(step, value);
    discount += (shares[k] as number) * cost;
    giveaway += (counts.redeeming[k] as number) * cost * (organicRedemption ?? 1);
    unsubscribed += (sends[k] as number) * (theta.unsub[k] as number);
  });
  const kept = counts.organic === 0 ? 1 : 1 - lost / counts.organic;
  const sending = sends.reduce((sum, s) => sum + s, 0) * (costPerSend ?? 0) + unsubscribed * (subscriberValue ?? 0);
  const left = m - discount;
  return {
    increment: gained - lost,
    net: gained * left - giveaway * kept - lost * m - sending,
    won,
    breakEven: left <= 0 || totals.never === 0 ? null : (giveaway + sending) / (totals.never * left),
  };
}

/** The odds shift at the reference rate; only conversions still to come at the first email can be prevented. */
function net(context: WindowContext, counts: WindowTotals, response: Response, never: number) {
  const { steps, resolved } = context;
  const lost = Math.min(counts.organic * response.prevented, counts.waiting[0] as number);
  const sends = steps.map((_, k) => never + (counts.waiting[k] as number));
  return { won: response.won, lost, shares: shareOut(context, resolved.weights), sends };
}

/** The exact expectation with probabilities stated per step. */
function direct(
  context: WindowContext,
  totals: WindowTotalsOfAll,
  counts: WindowTotals,
  wait: number,
  theta: WindowTheta,
) {
  const { steps, resolved, horizon } = context;
  const model: SequenceModel = {
    steps: steps.map((step, k) => ({
      at: step.atMs,
      p: theta.p[k] as number,
      harm: theta.harm[k] as number,
      unsub: theta.unsub[k] as number,
    })),
    horizon: horizon - wait,
    delay: resolved.delay,
  };
  const bounds = [counts.organic, ...counts.waiting];
  const organic = bounds.map((count, j) => count - (bounds[j + 1] ?? 0));
  const found = expectPopulation({ organic, never: totals.never }, model, timingOf(model));
  return { won: found.gainedOfNever, lost: found.lost, shares: shareOut(context, theta.p), sends: found.sends };
}

/** Which steps gained conversions are laid to: by their weight and what of it arrives in time. Adds up to 1. */
function shareOut(context: WindowContext, weights: readonly number[]): number[] {
  const { steps, resolved, loaded } = context;
  const parts = steps.map(
    (step, k) => (weights[k] as number) * delayCdf(resolved.delay, loaded.goal.withinMs - step.atMs),
  );
  const all = parts.reduce((sum, part) => sum + part, 0);
  return all === 0 ? parts : parts.map((part) => part / all);
}

export function namedBest(
  context: WindowContext,
  totals: WindowTotalsOfAll,
  by: 'net' | 'incremental',
  rows: number,
): Record<NamedCurve, number> {
  const bestUnder = (name: NamedCurve) => {
    const theta = { ...centre(context.resolved), named: NAMED_CURVES[name] };
    const worth = Array.from({ length: rows }, (_, w) => evaluate(context, totals, w, theta));
    return argmax(worth.map((x) => (by === 'net' ? x.net : x.increment)));
  };
  return {
    no_decay: bestUnder('no_decay'),
    fast_decay: bestUnder('fast_decay'),
    early_harms: bestUnder('early_harms'),
  };
}

/** The first of the largest. */
export function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
