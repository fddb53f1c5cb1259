// Time from opening a cart to buying, in closed form: with probability `everConvert` the delay comes from a mixture of
// log-normals, else there is no purchase. The same numbers are drawn from here and answered here, so that what a
// history estimates can be held against what it was made of. Mixture cure model: S(t) = 1 − c Σ w_i Φ(ln(t/m_i)/σ_i).

import { assert, type Random, UserError } from '../base/index.ts';
import { normalCdf } from '../stats/index.ts';

/** One log-normal part of the delay among those who buy. */
export interface DelayPart {
  /** Of those who buy; the parts' shares add up to 1. */
  readonly share: number;
  readonly medianMs: number;
  /** SD of the logarithm of the delay, > 0. */
  readonly sigma: number;
}

export interface ConversionModel {
  /** Share of carts that are ever bought without any email, 0 … 1. */
  readonly everConvert: number;
  readonly parts: readonly DelayPart[];
}

/** What a waiting time of `windowMs` does on the opening-to-purchase clock. Shares are of all carts opened. */
export interface WindowTruth {
  readonly windowMs: number;
  /** Not bought within the window, S(W). */
  readonly pFire: number;
  /** Bought after the window and within the horizon, S(W) − S(H). */
  readonly wouldConvertAnyway: number;
  /** wouldConvertAnyway / pFire; null where nothing fires. */
  readonly wasteRate: number | null;
}

/** Shares within rounding of 1; checked once, where a model enters. */
export function checkConversionModel(model: ConversionModel): void {
  const { everConvert, parts } = model;
  if (!(everConvert >= 0 && everConvert <= 1)) fail('conversion.everConvert', 'lies between 0 and 1');
  if (parts.length === 0) fail('conversion.parts', 'has at least one part');
  let shares = 0;
  for (const part of parts) {
    if (!(part.share >= 0)) fail('conversion.parts[].share', 'is not negative');
    if (!(part.medianMs > 0 && Number.isFinite(part.medianMs))) fail('conversion.parts[].medianMs', 'is above 0');
    if (!(part.sigma > 0 && Number.isFinite(part.sigma))) fail('conversion.parts[].sigma', 'is above 0');
    shares += part.share;
  }
  if (Math.abs(shares - 1) > 1e-9) fail('conversion.parts', 'has shares that add up to 1');
}

function fail(at: string, rule: string): never {
  throw new UserError('BAD_PARAMETER', `${at} must be a value that ${rule}.`);
}

/** P(delay ≤ t | ever bought). @param tMs any; 0 and below give 0 */
export function delayCdf(model: ConversionModel, tMs: number): number {
  if (tMs <= 0) return 0;
  let p = 0;
  for (const { share, medianMs, sigma } of model.parts) p += share * normalCdf(Math.log(tMs / medianMs) / sigma);
  return p;
}

/** Share of carts not yet bought t after opening. */
export function cartSurvival(model: ConversionModel, tMs: number): number {
  return 1 - model.everConvert * delayCdf(model, tMs);
}

/**
 * The time by which a share p of those who buy within the horizon have bought, in ms (not rounded). By bisection of
 * delayCdf(t) = p · delayCdf(H) on ln t, to the last bit.
 * @param p 0 < p ≤ 1
 * @returns null where nobody buys within the horizon
 */
export function converterQuantile(model: ConversionModel, p: number, horizonMs: number): number | null {
  assert(p > 0 && p <= 1, 'p lies in (0, 1]');
  if (model.everConvert === 0) return null;
  const target = p * delayCdf(model, horizonMs);
  if (target === 0) return null;
  let low = Math.log(1e-3);
  let high = Math.log(horizonMs);
  for (let i = 0; i < 100; i++) {
    const mid = (low + high) / 2;
    if (mid === low || mid === high) break;
    if (delayCdf(model, Math.exp(mid)) < target) low = mid;
    else high = mid;
  }
  return Math.exp(high);
}

export function windowTruth(model: ConversionModel, windowMs: number, horizonMs: number): WindowTruth {
  assert(windowMs <= horizonMs, 'a window lies within the horizon');
  const pFire = cartSurvival(model, windowMs);
  const wouldConvertAnyway = pFire - cartSurvival(model, horizonMs);
  return { windowMs, pFire, wouldConvertAnyway, wasteRate: pFire > 0 ? wouldConvertAnyway / pFire : null };
}

/** A draw of the delay in ms (not rounded), or Infinity for a cart that is never bought, with the part it came from. */
export function drawDelay(model: ConversionModel, random: Random): { delayMs: number; part: number } {
  const bought = random.uniform() < model.everConvert;
  let u = random.uniform();
  const z = random.normal();
  if (!bought) return { delayMs: Number.POSITIVE_INFINITY, part: -1 };
  let part = 0;
  while (part < model.parts.length - 1 && u >= (model.parts[part] as DelayPart).share) {
    u -= (model.parts[part] as DelayPart).share;
    part++;
  }
  const { medianMs, sigma } = model.parts[part] as DelayPart;
  return { delayMs: medianMs * Math.exp(sigma * z), part };
}
