// A response model: what an email is assumed, or was measured, to change. Read from a response file, or the graded
// default. What the file leaves out is filled in here, for a workflow, and every filled-in figure is listed with its
// grade and source: nothing assumed goes unsaid.

import { HOUR_MS, humanDuration, rounded, UserError } from '../base/index.ts';
import type { Beta, Count } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { CART_CURVE, FLAT_CURVE, type ResponseCurve } from './curve.ts';
import type { Delay } from './model.ts';
import { DEFAULT_LEVEL, type Normal } from './odds.ts';
import type { OwnArms } from './own-arms.ts';

/** A probability, known or as a Beta worth a + b recipients. */
export type Probability = number | Beta;

/** As read; null where the file says nothing. Lists are per step, their last entry holding for the steps after it. */
export interface ResponseModel {
  readonly mode: 'net' | 'direct';
  /** Log odds ratio of reaching the goal, whole sequence against none. */
  readonly level: Normal | null;
  readonly curve: ResponseCurve | null;
  readonly weights: readonly number[] | null;
  readonly harmWeights: readonly number[] | null;
  /** In ms. */
  readonly delay: Delay | null;
  readonly p: readonly Probability[] | null;
  readonly harm: readonly Probability[] | null;
  readonly unsub: readonly Probability[] | null;
  /** Effect of a repeat entry over that of a first one. */
  readonly repeat: number | null;
  /** The arms of an own holdout, which update the assumed level at the wait that was tested. */
  readonly measured: OwnHoldout | null;
}

export interface OwnHoldout {
  /** First entries analysed, and those of them with the goal in its window. */
  readonly treated: Count;
  readonly control: Count;
  /** Whether the sequence was changed since: the effect then carries over with an uncertainty of its own. */
  readonly changed: boolean;
  /** Whether it stands alone, in place of what is assumed rather than beside it. */
  readonly only?: boolean;
}

export const DEFAULT_RESPONSE: ResponseModel = {
  mode: 'net',
  level: null,
  curve: null,
  weights: null,
  harmWeights: null,
  delay: null,
  p: null,
  harm: null,
  unsub: null,
  repeat: null,
  measured: null,
};

/** Where a figure comes from: `kind` as evidence is sorted, grade 1 (randomised) to 4 (context only), null for inputs. */
export interface Assumption {
  readonly name: string;
  readonly value: string | number;
  readonly kind: 'causal' | 'engagement' | 'timing' | 'judgement' | 'input' | 'measured';
  readonly grade: 1 | 2 | 3 | 4 | null;
  readonly source: string;
  /** Of the source; null for what the user gave or the history measured. */
  readonly year: number | null;
}

export interface ResolvedResponse {
  readonly mode: 'net' | 'direct';
  readonly level: Normal;
  readonly curve: ResponseCurve;
  /** `absolute`: the curve gives the effect at every wait; `anchored`: the level holds at the workflow's own wait. */
  readonly curveKind: 'absolute' | 'anchored';
  readonly isCart: boolean;
  readonly weights: readonly number[];
  readonly harmWeights: readonly number[];
  readonly delay: Delay;
  readonly p: readonly Probability[];
  readonly harm: readonly Probability[];
  readonly unsub: readonly Probability[];
  readonly repeat: number;
  /** The arms of an own holdout that stands alone; the level then has their mean and spread. */
  readonly arms?: OwnArms;
  /** Share of the effect's precision that an own holdout gave, 0 … 1; absent: nothing was measured. */
  readonly measuredShare?: number;
  readonly assumptions: readonly Assumption[];
}

const PRIORS = 'benchmarks as read in November 2026';
const DEFAULT_DELAY: Delay = { kind: 'lognormal', median: 3 * HOUR_MS, sigma: 1.5 };
/** 0.73 % of recipients, worth a hundred of them. */
const DEFAULT_UNSUB: Beta = { a: 0.73, b: 99.27 };

/** Whether a workflow waits for a cart to be bought, as the default curve is meant for. */
export function isCartWorkflow(workflow: Workflow): boolean {
  const { trigger } = workflow;
  const singles = trigger.type === 'anyOf' ? trigger.triggers : [trigger];
  return singles.some(
    (t) =>
      t.type === 'inaction' && /cart|basket|checkout|\bbag\b/i.test(`${t.after.event} ${workflow.id} ${workflow.name}`),
  );
}

/**
 * @param steps how many steps the sequence has
 * @throws UserError `RESPONSE_STEPS` where the model speaks of more
 */
export function resolveResponse(response: ResponseModel, workflow: Workflow, steps: number): ResolvedResponse {
  checkLengths(response, workflow, steps);
  const assumptions: Assumption[] = [];
  const isCart = isCartWorkflow(workflow);
  const given = (name: string, value: string | number) =>
    assumptions.push({ name, value, kind: 'input', grade: null, source: 'the response file', year: null });
  const level = response.level ?? DEFAULT_LEVEL;
  // A level stated without a curve is the effect of this workflow as it stands.
  const usesCart = isCart && response.curve === null && response.level === null;
  const curve = response.curve ?? (usesCart ? CART_CURVE : FLAT_CURVE);
  if (response.mode === 'net') {
    const text = levelText(level);
    if (response.level !== null) given('level', text);
    else {
      assumptions.push({
        name: 'level',
        value: text,
        kind: 'judgement',
        grade: 3,
        source: `judgement from randomised broadcast tests (C3, 2008; C10, 2025; C11), ${PRIORS}; that they carry over to triggered email is assumed`,
        year: 2025,
      });
    }
    if (response.curve !== null) given('curve', `share of the level ${curve.share.join(', ')}`);
    else if (usesCart) {
      assumptions.push({
        name: 'curve',
        value: 'inside 1 h: sign unknown, centre 0; 1 h to 24 h: no causal evidence; from 24 h on: the level',
        kind: 'causal',
        grade: 1,
        source: 'signs from C7 (Li, Luo, Lu & Moriguchi, Journal of Marketing 2021); sizes are judgement, grade 3',
        year: 2021,
      });
    } else {
      assumptions.push({
        name: 'curve',
        value: 'the level at the present wait, uncertain around it',
        kind: 'judgement',
        grade: 3,
        source: 'no evidence on timing for this kind of workflow',
        year: 2026,
      });
    }
  }
  const weights = spread(response.weights, steps, (k) => (k === 0 ? 1 : 0.6));
  if (response.weights !== null) given('weights', weights.join(', '));
  else if (response.mode === 'net' && steps > 1) {
    assumptions.push({
      name: 'weights',
      value: weights.join(', '),
      kind: 'engagement',
      grade: 2,
      source: `clicks by position (E3, Klaviyo 2017), ${PRIORS}: engagement, not effect; they share the effect out, never change the total`,
      year: 2017,
    });
  }
  const harmWeights = spread(response.harmWeights, steps, (k) => (k === 0 ? 1 : 0));
  if (response.harmWeights !== null) given('harmWeights', harmWeights.join(', '));
  const delay = response.delay ?? DEFAULT_DELAY;
  const delayText =
    delay.kind === 'lognormal'
      ? `log-normal, median ${humanDuration(delay.median)}, sigma ${delay.sigma}`
      : `exponential, mean ${humanDuration(delay.mean)}`;
  if (response.delay !== null) given('delay', delayText);
  else {
    assumptions.push({
      name: 'delay',
      value: delayText,
      kind: 'timing',
      grade: 3,
      source: `clicks after a send (T4, one ecommerce brand; T6), ${PRIORS}`,
      year: 2012,
    });
  }
  const p = spread(response.p, steps, () => 0 as Probability);
  const harm = spread(response.harm, steps, () => 0 as Probability);
  if (response.mode === 'direct') {
    given('p', p.map(probabilityText).join(', '));
    if (response.harm !== null) given('harm', harm.map(probabilityText).join(', '));
    else {
      assumptions.push({
        name: 'harm',
        value: 0,
        kind: 'judgement',
        grade: 3,
        source: 'not stated: a sequence that can only help is assumed',
        year: 2026,
      });
    }
  }
  const ownRate = workflow.economics.unsubscribeRate;
  const unsub = spread(response.unsub, steps, () => (ownRate ?? DEFAULT_UNSUB) as Probability);
  if (response.unsub !== null) given('unsub', unsub.map(probabilityText).join(', '));
  else if (ownRate !== null) {
    assumptions.push({
      name: 'unsub',
      value: ownRate,
      kind: 'input',
      grade: null,
      source: 'economics.unsubscribeRate of the workflow',
      year: null,
    });
  } else {
    assumptions.push({
      name: 'unsub',
      value: probabilityText(DEFAULT_UNSUB),
      kind: 'engagement',
      grade: 2,
      source: `benchmark: all flows (E1, Klaviyo 2024), ${PRIORS}`,
      year: 2024,
    });
  }
  const repeat = response.repeat ?? 1;
  if (response.repeat !== null) given('repeat', repeat);
  else {
    assumptions.push({
      name: 'repeat',
      value: 1,
      kind: 'judgement',
      grade: 3,
      source: 'no evidence on repeat entries; shown at 0.5 too',
      year: 2026,
    });
  }
  return {
    mode: response.mode,
    level,
    curve,
    curveKind: response.curve !== null || usesCart ? 'absolute' : 'anchored',
    isCart,
    weights,
    harmWeights,
    delay,
    p,
    harm,
    unsub,
    repeat,
    assumptions,
  };
}

/** A list that has more entries than the sequence has steps is for another workflow. */
function checkLengths(response: ResponseModel, workflow: Workflow, steps: number): void {
  for (const key of ['p', 'harm', 'unsub', 'weights', 'harmWeights'] as const) {
    const list = response[key];
    if (list === null || list.length <= steps) continue;
    throw new UserError(
      'RESPONSE_STEPS',
      `response.${key}: has ${list.length} entries and ${workflow.id} has ${steps} ${steps === 1 ? 'step' : 'steps'}; give one for each step, or fewer, the last of which holds for the steps after it.`,
    );
  }
}

function spread<T>(list: readonly T[] | null, steps: number, otherwise: (k: number) => T): T[] {
  return Array.from({ length: steps }, (_, k) =>
    list === null ? otherwise(k) : (list[Math.min(k, list.length - 1)] as T),
  );
}

export function meanOf(p: Probability): number {
  return typeof p === 'number' ? p : p.a / (p.a + p.b);
}

/** The effect assumed of the whole sequence, in words. */
export function levelText({ mean, sd }: ResolvedResponse['level']): string {
  return `log odds ratio, normal, mean ${rounded(mean)}, SD ${rounded(sd)}`;
}

function probabilityText(p: Probability): string {
  return typeof p === 'number' ? String(p) : `${rounded(meanOf(p))} (Beta ${rounded(p.a)}, ${rounded(p.b)})`;
}
