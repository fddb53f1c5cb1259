// The draws behind a projection: each takes the assumptions once for all people, resamples the people by bucket, and
// draws chance on top. Streams are per purpose and step id, so that two scenarios share their draws wherever their rules
// agree, and one scenario run twice gives exactly the same.

import { type Random, seededRandom } from '../base/index.ts';
import { drawUnits } from '../calibrate/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { drawDeviations, shapeCurve, valueAt } from './curve.ts';
import { drawBinomial, drawProbability } from './draws.ts';
import { discountOf, type Enrolled, type EnrolledTotals } from './enrolled.ts';
import {
  delayCdf,
  expectPopulation,
  type PopulationExpectation,
  type SequenceModel,
  type SequenceTiming,
  type SlotCounts,
} from './model.ts';
import { drawLogOddsRatio } from './own-arms.ts';
import type { ResolvedResponse } from './response.ts';
import type { NominalStep } from './sequence-times.ts';
import { inwardRate, solveSequence } from './solver.ts';

/** One workflow's projection before anything is drawn. */
export interface Setting {
  readonly workflow: Workflow;
  readonly steps: readonly NominalStep[];
  readonly resolved: ResolvedResponse;
  readonly frame: SequenceModel;
  readonly timing: SequenceTiming;
  readonly enrolled: Enrolled;
  readonly wait: number;
}

/** One draw of the assumptions. */
export interface Theta {
  readonly logOddsRatio: number;
  readonly p: readonly number[];
  readonly harm: readonly number[];
  readonly unsub: readonly number[];
}

export interface Effect {
  readonly expectation: PopulationExpectation;
  /** Per step, times the share that is sent. */
  readonly p: readonly number[];
  readonly harm: readonly number[];
  readonly unsub: readonly number[];
  readonly outOfReach: boolean;
  readonly target: number | null;
}

/** What comes of one draw: people and money, both arms' share of the mailed only. */
export interface Outcome {
  readonly gained: number;
  readonly lost: number;
  readonly net: number;
  readonly sends: number;
  readonly unsubscribes: number;
  readonly revenue: number;
  readonly margin: number;
  readonly discountToGained: number;
  readonly discountToOrganic: number;
  readonly sendingCost: number;
  readonly unsubscribeCost: number;
  readonly profit: number;
}

export interface DrawnRun {
  /** On the people of the history: no sampling, no chance. */
  readonly expected: readonly Outcome[];
  /** With people resampled and chance drawn. */
  readonly realised: readonly Outcome[];
  readonly chance: readonly number[];
  /** On resampled people, without chance: for paired comparisons. */
  readonly resampled: readonly Outcome[];
  readonly organicRates: readonly number[];
  readonly outOfReach: number;
  readonly target: number | null;
}

/** One draw, for whoever splits a projection up by the same draws. */
export interface Draw {
  readonly effect: Effect;
  readonly expected: Outcome;
  /** Null where nobody was drawn. */
  readonly drawn: {
    /** Per bucket of people, how often it was drawn; borrowed until the next draw. */
    readonly weights: ArrayLike<number>;
    readonly effect: Effect;
    readonly realised: Outcome;
  } | null;
}

/**
 * @param look called before each draw; may throw, which ends it
 * @param watch told each draw, in order; it changes none
 */
export function runDraws(
  setting: Setting,
  seed: number,
  draws: number,
  look: () => void = () => {},
  watch: (draw: Draw) => void = () => {},
): DrawnRun {
  const { enrolled, resolved, steps } = setting;
  const level = seededRandom(seed, 'project level');
  const perStep = steps.map((step) => ({
    p: seededRandom(seed, `project p ${step.id}`),
    harm: seededRandom(seed, `project harm ${step.id}`),
    unsub: seededRandom(seed, `project unsub ${step.id}`),
  }));
  const people = seededRandom(seed, 'project people');
  const chanceStream = seededRandom(seed, 'project chance');
  const weights = new Uint32Array(N_BUCKETS);
  const all = enrolled.totals(null);
  const treatedShare = enrolled.treated / enrolled.n;
  const run = {
    expected: [] as Outcome[],
    realised: [] as Outcome[],
    chance: [] as number[],
    resampled: [] as Outcome[],
    organicRates: [] as number[],
    outOfReach: 0,
    target: null as number | null,
  };
  let lastTarget = 0;
  for (let d = 0; d < draws; d++) {
    look();
    const theta: Theta = {
      logOddsRatio: drawEffect(setting, level),
      p: steps.map((_, k) => drawProbability(resolved.p[k] ?? 0, perStep[k]?.p as Random)),
      harm: steps.map((_, k) => drawProbability(resolved.harm[k] ?? 0, perStep[k]?.harm as Random)),
      unsub: steps.map((_, k) => drawProbability(resolved.unsub[k] ?? 0, perStep[k]?.unsub as Random)),
    };
    const effect = effectOf(setting, all, theta);
    if (effect.outOfReach) run.outOfReach++;
    lastTarget += effect.target ?? 0;
    const expected = outcomeOf(setting, all, effect, treatedShare, null);
    run.expected.push(expected);
    drawUnits(people, weights);
    const drawn = enrolled.totals(weights);
    if (countOf(drawn.first) + countOf(drawn.repeat) === 0) {
      watch({ effect, expected, drawn: null });
      continue;
    }
    const moved = effectOf(setting, drawn, theta);
    run.chance.push(chanceOf(setting, all, effect, treatedShare));
    run.resampled.push(outcomeOf(setting, drawn, moved, treatedShare, null));
    const realised = outcomeOf(setting, drawn, moved, treatedShare, chanceStream);
    run.realised.push(realised);
    watch({ effect, expected, drawn: { weights, effect: moved, realised } });
    run.organicRates.push(organicOf(drawn) / (countOf(drawn.first) + countOf(drawn.repeat)));
  }
  run.target = resolved.mode === 'net' ? lastTarget / draws : null;
  return run;
}

/** What one set of assumptions gives in expectation. @param totals of the enrolled, under some weights of the buckets */
export function outcomeAt(setting: Setting, totals: EnrolledTotals, theta: Theta): Outcome {
  const { treated, n } = setting.enrolled;
  return outcomeOf(setting, totals, effectOf(setting, totals, theta), treated / n, null);
}

/** The same where it is known what each step does, `sentShare` counted in. */
export function outcomeOfSteps(
  setting: Setting,
  totals: EnrolledTotals,
  { p, harm, unsub }: Pick<Effect, 'p' | 'harm' | 'unsub'>,
): Outcome {
  const { frame, timing, enrolled } = setting;
  const counts = addCounts(totals.first, totals.repeat);
  const expectation = expectPopulation(counts, withEffects(frame, p, harm, unsub), timing);
  const effect = { expectation, p, harm, unsub, outOfReach: false, target: null };
  return outcomeOf(setting, totals, effect, enrolled.treated / enrolled.n, null);
}

/** The log odds ratio of the whole sequence at the workflow's own wait. */
function drawEffect(setting: Setting, random: Random): number {
  const { resolved, wait } = setting;
  const { curve, level, arms } = resolved;
  if (arms !== undefined) return drawLogOddsRatio(arms, random);
  const drawn = level.mean + level.sd * random.normal();
  const deviations = drawDeviations(curve, random);
  // At its own wait an anchored curve is the level itself.
  if (resolved.curveKind === 'anchored') return drawn;
  return valueAt(curve.waitsMs, shapeCurve(curve, drawn, deviations), wait);
}

function effectOf(setting: Setting, totals: EnrolledTotals, theta: Theta): Effect {
  const { resolved, steps, frame, timing } = setting;
  const counts = addCounts(totals.first, totals.repeat);
  const unsub = theta.unsub.map((u, k) => u * (steps[k] as NominalStep).sentShare);
  if (resolved.mode === 'direct') {
    const p = theta.p.map((x, k) => x * (steps[k] as NominalStep).sentShare);
    const harm = theta.harm.map((x, k) => x * (steps[k] as NominalStep).sentShare);
    const model = withEffects(frame, p, harm, unsub);
    return { expectation: expectPopulation(counts, model, timing), p, harm, unsub, outOfReach: false, target: null };
  }
  const x = counts.organic.reduce((sum, c) => sum + c, 0);
  const share = (list: readonly number[]) => {
    const weights = list.map((w, k) => w * (steps[k] as NominalStep).sentShare);
    // Where gates skip every step that carries the effect, the first step carries it: the target then decides.
    return weights.some((w) => w > 0) ? weights : list;
  };
  const solution = solveSequence({
    counts,
    at: frame.steps.map((step) => step.at),
    unsub,
    weights: share(resolved.weights),
    harmWeights: share(resolved.harmWeights),
    delay: frame.delay,
    horizon: frame.horizon,
    logOddsRatio: theta.logOddsRatio,
    referenceRate: inwardRate(x, x + counts.never),
    timing,
  });
  return {
    expectation: solution.expectation,
    p: solution.p,
    harm: solution.harm,
    unsub,
    outOfReach: solution.outOfReach !== null,
    target: solution.target,
  };
}

function withEffects(
  frame: SequenceModel,
  p: readonly number[],
  harm: readonly number[],
  unsub: readonly number[],
): SequenceModel {
  return {
    ...frame,
    steps: frame.steps.map((step, k) => ({
      at: step.at,
      p: p[k] as number,
      harm: harm[k] as number,
      unsub: unsub[k] as number,
    })),
  };
}

/** What comes of an effect on some people. @param chance draws who responds; null: the expectation */
function outcomeOf(
  setting: Setting,
  totals: EnrolledTotals,
  effect: Effect,
  treatedShare: number,
  chance: Random | null,
): Outcome {
  const { enrolled, resolved, steps, frame, workflow } = setting;
  const { expectation } = effect;
  const rho = resolved.repeat;
  const some = (people: number, p: number) =>
    chance === null
      ? treatedShare * people * p
      : drawBinomial(Math.round(treatedShare * people), Math.min(1, Math.max(0, p)), chance);
  const gained =
    some(totals.first.never, expectation.gainedOfNever) + some(totals.repeat.never, rho * expectation.gainedOfNever);
  let lost = 0;
  let lostValue = 0;
  expectation.lostBySlot.forEach((loss, slot) => {
    for (const [counts, values, factor] of [
      [totals.first, totals.firstValue, 1],
      [totals.repeat, totals.repeatValue, rho],
    ] as const) {
      const people = counts.organic[slot] as number;
      const gone = some(people, factor * loss);
      lost += gone;
      if (people > 0) lostValue += (gone * (values[slot] as number)) / people;
    }
  });
  const all = addCounts(totals.first, totals.repeat);
  let sends = 0;
  let unsubscribes = treatedShare * all.never * expectation.unsubOfNever;
  steps.forEach((step, k) => {
    sends += treatedShare * step.sentShare * all.never * (expectation.sendsOfNever[k] as number);
    all.organic.forEach((count, slot) => {
      sends += treatedShare * step.sentShare * count * (expectation.sendsBySlot[slot]?.[k] as number);
    });
  });
  all.organic.forEach((count, slot) => {
    unsubscribes += treatedShare * count * (expectation.unsubBySlot[slot] as number);
  });
  const organic = organicOf(totals);
  const organicValue = sum(totals.firstValue) + sum(totals.repeatValue);
  const value =
    enrolled.value === null
      ? 0
      : organic > 0 && organicValue > 0
        ? organicValue / organic
        : enrolled.value.perConversion;
  const revenue = gained * value - lostValue;
  const { margin, costPerSend, organicRedemption, subscriberValue } = workflow.economics;
  // Conversions are laid to the steps that caused them, so that each carries its own incentive.
  const caused = steps.map(
    (step, k) =>
      (expectation.sendsOfNever[k] as number) *
      (effect.p[k] as number) *
      delayCdf(frame.delay, frame.horizon - step.atMs),
  );
  const causedAll = sum(caused);
  let discountToGained = 0;
  let discountToOrganic = 0;
  const keptShare = organic > 0 ? 1 - Math.min(1, lost / Math.max(1e-12, treatedShare * organic)) : 1;
  steps.forEach((step, k) => {
    if (step.incentive === null) return;
    if (causedAll > 0) discountToGained += (gained * (caused[k] as number) * discountOf(step, value)) / causedAll;
    const sent = step.sentShare * (expectation.sendsOfNever[k] as number);
    discountToOrganic += treatedShare * (organicRedemption ?? 1) * (totals.giveaway[k] as number) * sent * keptShare;
  });
  const sendingCost = sends * (costPerSend ?? 0);
  const unsubscribeCost = unsubscribes * (subscriberValue ?? 0);
  const marginOf = (margin ?? 0) * revenue;
  return {
    gained,
    lost,
    net: gained - lost,
    sends,
    unsubscribes,
    revenue,
    margin: marginOf,
    discountToGained,
    discountToOrganic,
    sendingCost,
    unsubscribeCost,
    profit: marginOf - discountToGained - discountToOrganic - sendingCost - unsubscribeCost,
  };
}

/** Σ |π|(1 − |π|). */
function chanceOf(setting: Setting, totals: EnrolledTotals, effect: Effect, treatedShare: number): number {
  const rho = setting.resolved.repeat;
  const spread = (people: number, p: number) => treatedShare * people * p * (1 - p);
  const { gainedOfNever, lostBySlot } = effect.expectation;
  let variance = spread(totals.first.never, gainedOfNever) + spread(totals.repeat.never, rho * gainedOfNever);
  lostBySlot.forEach((loss, slot) => {
    variance += spread(totals.first.organic[slot] as number, loss);
    variance += spread(totals.repeat.organic[slot] as number, rho * loss);
  });
  return variance;
}

function addCounts(a: SlotCounts, b: SlotCounts): SlotCounts {
  return { organic: a.organic.map((count, j) => count + (b.organic[j] as number)), never: a.never + b.never };
}

function countOf(counts: SlotCounts): number {
  return counts.never + sum(counts.organic);
}

function organicOf(totals: EnrolledTotals): number {
  return sum(totals.first.organic) + sum(totals.repeat.organic);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
