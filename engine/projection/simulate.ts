// The same model played out one person at a time, for distributions and for two scenarios compared on common random
// numbers: each random number belongs to a purpose, a person, an episode and a step, so scenarios differ only where
// their rules do, and a scenario compared with itself differs by exactly 0.

import { murmur3Text, SALT_SEPARATOR } from '../base/index.ts';
import { normalQuantile } from '../stats/index.ts';
import type { Delay, SequenceModel } from './model.ts';

export type Purpose = 'response' | 'delay' | 'prevention' | 'unsubscribe';

/** Uniform in (0, 1) for a purpose and a step, by its place in the sequence. */
export type StepUniform = (purpose: Purpose, step: number) => number;

/** @param stepIds stable ids, so that inserting a step leaves the others' numbers alone */
export function commonUniforms(
  seed: number | string,
  person: string,
  anchorMs: number,
  stepIds: readonly string[],
): StepUniform {
  return (purpose, step) => {
    const text = [seed, purpose, person, anchorMs, stepIds[step]].join(SALT_SEPARATOR);
    const high = murmur3Text(text, 0) >>> 5;
    const low = murmur3Text(text, 0x9e3779b9) >>> 6;
    return (high * 67108864 + low + 0.5) / 9007199254740992;
  };
}

export interface SimulatedEpisode {
  /** Infinity if not by the horizon. */
  readonly convertedAt: number;
  /** Bit k is set where step k was sent. */
  readonly sent: number;
  readonly hasUnsubscribed: boolean;
}

/** @param organic when they convert by themselves; Infinity if never */
export function simulateEpisode(organic: number, model: SequenceModel, uniform: StepUniform): SimulatedEpisode {
  let own = organic <= model.horizon ? organic : Number.POSITIVE_INFINITY;
  let caused = Number.POSITIVE_INFINITY;
  let sent = 0;
  let hasUnsubscribed = false;
  for (let k = 0; k < model.steps.length; k++) {
    const step = model.steps[k] as SequenceModel['steps'][number];
    if (step.at >= model.horizon || hasUnsubscribed || Math.min(own, caused) <= step.at) continue;
    sent |= 1 << k;
    if (uniform('response', k) < step.p) {
      caused = Math.min(caused, step.at + delayQuantile(model.delay, uniform('delay', k)));
    }
    if (uniform('prevention', k) < step.harm && own > step.at) own = Number.POSITIVE_INFINITY;
    hasUnsubscribed = uniform('unsubscribe', k) < step.unsub;
  }
  const first = Math.min(own, caused);
  return { convertedAt: first <= model.horizon ? first : Number.POSITIVE_INFINITY, sent, hasUnsubscribed };
}

/** @param u strictly between 0 and 1 */
function delayQuantile(delay: Delay, u: number): number {
  if (delay.kind === 'exponential') return -delay.mean * Math.log1p(-u);
  return delay.median * Math.exp(delay.sigma * normalQuantile(u));
}
