// What one window is worth under one draw of the response: conversions won and prevented, and money.

import type { Workflow } from '../workflow/index.ts';
import { knotWeights, NAMED_WAITS_MS, type Response, responseOf } from './curve.ts';
import { discountOf } from './enrolled.ts';
import { delayCdf, expectPopulation, type SequenceModel, timingOf } from './model.ts';
import { meanOf, type ResolvedResponse } from './response.ts';
import type { NominalStep } from './sequence-times.ts';
import type { WindowTotals, WindowTotalsOfAll } from './window-table.ts';

export interface WindowContext {
  readonly resolved: ResolvedResponse;
  readonly steps: readonly NominalStep[];
  readonly horizon: number;
  /** From anchor to first email under the workflow as loaded, in ms. */
  readonly loadedWait: number;
  /** Windows of one table of counts. */
  readonly waits: readonly number[];
  /** Reference rate of the odds. */
  readonly rate: number;
  readonly workflow: Workflow;
  readonly value: number;
  readonly knots: WindowKnots;
}

export interface WindowTheta {
  readonly level: number;
  readonly deviations: readonly number[];
  readonly p: readonly number[];
  readonly harm: readonly number[];
  readonly unsub: readonly number[];
  /** The log odds ratio at each knot, where an own holdout updated level and curve together. */
  readonly knots?: readonly number[];
  /** Worth of a conversion among resampled people; else that of all. */
  readonly value?: number;
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

/** What of a context does not change from draw to draw. */
export interface WindowKnots {
  /** Per wait of the context, shares of the curve's knots, and of the named curves'. */
  readonly curve: readonly (readonly number[])[];
  readonly named: readonly (readonly number[])[];
  readonly own: readonly number[];
  /** Per step, share of its conversions that come inside the goal window. */
  readonly arrives: readonly number[];
}

export function knotsOf(context: Omit<WindowContext, 'knots'>): WindowKnots {
  const { resolved, steps, waits, loadedWait, workflow } = context;
  const first = (steps[0] as NominalStep).atMs;
  const { waitsMs } = resolved.curve;
  return {
    curve: waits.map((wait) => knotWeights(waitsMs, wait + first)),
    named: waits.map((wait) => knotWeights(NAMED_WAITS_MS, wait + first)),
    own: knotWeights(waitsMs, loadedWait),
    arrives: steps.map((step) => delayCdf(resolved.delay, workflow.goal.withinMs - step.atMs)),
  };
}

function effectAt(context: WindowContext, w: number, theta: WindowTheta): number {
  const { resolved, knots } = context;
  if (theta.named !== undefined) return theta.level * weighted(knots.named[w] as readonly number[], theta.named);
  const weights = knots.curve[w] as readonly number[];
  if (theta.knots !== undefined) return weighted(weights, theta.knots);
  const deviation = weighted(weights, theta.deviations);
  if (resolved.curveKind === 'anchored') return theta.level + deviation - weighted(knots.own, theta.deviations);
  return theta.level * weighted(weights, resolved.curve.share) + deviation;
}

function weighted(weights: readonly number[], values: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (values[i] as number);
  return sum;
}

export interface Worth {
  readonly increment: number;
  readonly net: number;
  readonly won: number;
  readonly breakEven: number | null;
}

export function evaluate(context: WindowContext, totals: WindowTotalsOfAll, w: number, theta: WindowTheta): Worth {
  const { resolved, steps, workflow } = context;
  const value = theta.value ?? context.value;
  const counts = totals.windows[w] as WindowTotals;
  const wait = context.waits[w] as number;
  const { won, lost, shares, sends } =
    resolved.mode === 'direct'
      ? direct(context, totals, counts, wait, theta)
      : net(context, counts, responseOf(effectAt(context, w, theta), context.rate), totals.never);
  const gained = totals.never * won;
  const { margin, costPerSend, organicRedemption, subscriberValue } = workflow.economics;
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
  const bounds = [counts.organic, ...Array.from(counts.waiting)];
  const organic = bounds.map((count, j) => count - (bounds[j + 1] ?? 0));
  const found = expectPopulation({ organic, never: totals.never }, model, timingOf(model));
  return { won: found.gainedOfNever, lost: found.lost, shares: shareOut(context, theta.p), sends: found.sends };
}

/** Which steps gained conversions are laid to: by their weight and what of it arrives in time. Adds up to 1. */
function shareOut(context: WindowContext, weights: readonly number[]): number[] {
  const parts = context.knots.arrives.map((share, k) => share * (weights[k] as number));
  const all = parts.reduce((sum, part) => sum + part, 0);
  return all === 0 ? parts : parts.map((part) => part / all);
}

/** The first of the largest. */
export function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
