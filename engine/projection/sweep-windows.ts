// Many windows over one cohort: the history is read once, every count is a search in sorted times, and the same draws of
// people, level and curve serve all windows, so that differences between windows are not noise. One horizon from the
// anchor for all of them.

import { humanDuration, seededRandom, upperBound } from '../base/index.ts';
import { type Cohort, cohortOf, drawUnits, percentileInterval, rungSpan } from '../calibrate/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import { HistoryView, matches as rowMatches } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import {
  drawDeviations,
  NAMED_CURVES,
  NAMED_WAITS_MS,
  type NamedCurve,
  type Response,
  responseOf,
  shapeCurve,
  valueAt,
} from './curve.ts';
import { drawProbability } from './draws.ts';
import { discountOf } from './enrolled.ts';
import { delayCdf, expectPopulation, type SequenceModel, timingOf } from './model.ts';
import { meanOf, type ResolvedResponse, type ResponseModel, resolveResponse } from './response.ts';
import { type NominalStep, nominalSteps, windowOf } from './sequence-times.ts';
import { inwardRate } from './solver.ts';
import type { Settings, Sweep, SweepRow } from './sweep-result.ts';

export interface SweptWindow {
  readonly set: Settings;
  readonly workflow: Workflow;
}

/** @param loaded the workflow as it stands: its window is where odds are taken */
export function sweepWindows(
  history: History,
  loaded: Workflow,
  windows: readonly SweptWindow[],
  response: ResponseModel,
  options: { readonly seed: number; readonly replicates: number },
): Sweep {
  const steps = nominalSteps(loaded, null);
  const resolved = resolveResponse(response, loaded, steps.length);
  const waits = windows.map((w) => windowOf(w.workflow));
  const own = windowOf(loaded);
  const horizon = Math.max(own, ...waits) + loaded.goal.withinMs;
  const cohort = cohortOf(history, loaded, horizon);
  const all = [...waits, own];
  const table = new WindowTable(history, cohort, all, steps, horizon);
  const full = table.totals(null);
  const reference = full.windows[full.windows.length - 1] as WindowTotals;
  const referenceRate = reference.fired === 0 ? null : inwardRate(reference.organic, reference.fired);
  const value = meanGoalValue(history, loaded);
  const money = moneyOf(loaded, value);
  const context: Context = {
    resolved,
    steps,
    horizon,
    own,
    waits: all,
    rate: referenceRate ?? 0.5,
    loaded,
    value: value ?? 0,
  };
  const rows = waits.length;
  const by = money === null ? ('net' as const) : ('incremental' as const);
  const level = seededRandom(options.seed, 'sweep level');
  const people = seededRandom(options.seed, 'sweep people');
  const perStep = seededRandom(options.seed, 'sweep steps');
  const meanTheta = centre(resolved);
  const drawn = new Uint32Array(N_BUCKETS);
  const nets: Float64Array[] = waits.map(() => new Float64Array(options.replicates));
  const increments: Float64Array[] = waits.map(() => new Float64Array(options.replicates));
  const means = new Float64Array(rows);
  const meanIncrements = new Float64Array(rows);
  const above = new Float64Array(rows);
  const bestAtMeanCurve: number[] = [];
  for (let r = 0; r < options.replicates; r++) {
    const theta: Theta = {
      level: resolved.level.mean + resolved.level.sd * level.normal(),
      deviations: drawDeviations(resolved.curve, level),
      p: resolved.p.map((p) => drawProbability(p, perStep)),
      harm: resolved.harm.map((p) => drawProbability(p, perStep)),
      unsub: resolved.unsub.map((p) => drawProbability(p, perStep)),
    };
    drawUnits(people, drawn);
    const totals = table.totals(drawn);
    const fixed: number[] = [];
    for (let w = 0; w < rows; w++) {
      const outcome = evaluate(context, totals, w, theta);
      (nets[w] as Float64Array)[r] = outcome.net;
      (increments[w] as Float64Array)[r] = outcome.increment;
      const plain = evaluate(context, full, w, theta);
      means[w] = (means[w] as number) + plain.net / options.replicates;
      meanIncrements[w] = (meanIncrements[w] as number) + plain.increment / options.replicates;
      const edge = outcome.breakEven;
      if (edge !== null && outcome.won > edge) above[w] = (above[w] as number) + 1;
      const atMean = evaluate(context, totals, w, meanTheta);
      fixed.push(by === 'net' ? atMean.net : atMean.increment);
    }
    bestAtMeanCurve.push(argmax(fixed));
  }
  const expected = by === 'net' ? means : meanIncrements;
  const drawsOf = by === 'net' ? nets : increments;
  const isEmpty = cohort.episodes === 0 || options.replicates === 0;
  const best = isEmpty || rows === 0 ? -1 : argmax(Array.from(expected));
  const bestPerDraw = Array.from({ length: isEmpty ? 0 : options.replicates }, (_, r) =>
    argmax(drawsOf.map((column) => column[r] as number)),
  );
  const result = waits.map((window, w): SweepRow => {
    const counts = full.windows[w] as WindowTotals;
    const interval = isEmpty ? null : percentileInterval(Array.from(increments[w] as Float64Array));
    const netInterval = isEmpty || money !== null ? null : percentileInterval(Array.from(nets[w] as Float64Array));
    const behind = best < 0 ? null : pairedDifference(drawsOf[best] as Float64Array, drawsOf[w] as Float64Array);
    const outcome = evaluate(context, full, w, meanTheta);
    return {
      set: (windows[w] as SweptWindow).set,
      window,
      episodes: cohort.episodes,
      fired: counts.fired,
      wouldConvertAnyway: counts.organic,
      never: full.never,
      waste: counts.fired === 0 ? null : counts.organic / counts.fired,
      projected: {
        incremental: isEmpty ? null : (meanIncrements[w] as number),
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
      },
      net:
        money !== null || isEmpty
          ? { expected: null, low: null, high: null, reason: money ?? NO_EPISODE }
          : { expected: means[w] as number, low: netInterval?.[0] ?? null, high: netInterval?.[1] ?? null },
      pBest: isEmpty ? null : bestPerDraw.filter((b) => b === w).length / bestPerDraw.length,
      behind: behind === null ? null : { expected: (expected[best] as number) - (expected[w] as number), ...behind },
      breakEvenResponse: money === null ? outcome.breakEven : null,
      pAboveBreakEven:
        money !== null || isEmpty || outcome.breakEven === null ? null : (above[w] as number) / options.replicates,
    };
  });
  const setOf = (w: number) => (windows[w] as SweptWindow).set;
  const indistinguishable = result
    .map((row, w) => ({ row, w }))
    .filter(({ row, w }) => w !== best && row.behind !== null && row.behind.low <= 0)
    .map(({ w }) => w);
  const named = best < 0 ? null : namedBest(context, full, by, rows);
  const chosen = named === null ? [] : Object.values(named).map((w) => waits[w] as number);
  const cannotChoose = chosen.length > 0 && rungSpan(chosen.map((w) => Math.max(1, w))) > 1;
  const spread = logSpread(bestPerDraw.map((w) => waits[w] as number));
  const fixedSpread = logSpread(bestAtMeanCurve.map((w) => waits[w] as number));
  const curveShare = spread === 0 ? null : Math.min(1, Math.max(0, 1 - fixedSpread / spread));
  const winnersCurse =
    best < 0
      ? null
      : bestPerDraw.reduce(
          (sum, w, r) => sum + ((drawsOf[w] as Float64Array)[r] as number) - (expected[w] as number),
          0,
        ) / bestPerDraw.length;
  return {
    horizon,
    rows: result,
    best: best < 0 ? null : setOf(best),
    by,
    indistinguishable: indistinguishable.map(setOf),
    restsOn: restsOn(context, cohort, curveShare, cannotChoose, chosen, indistinguishable.length, rows),
    winnersCurse,
    curves:
      named === null
        ? null
        : {
            best: {
              no_decay: setOf(named.no_decay),
              fast_decay: setOf(named.fast_decay),
              early_harms: setOf(named.early_harms),
            },
            dataAloneCannotChoose: cannotChoose,
            economicRange: [Math.min(...chosen), Math.max(...chosen)],
            curveShare,
            referenceRate,
            referenceWindow: own,
          },
    clock: cohort.clock,
    leftOut: cohort.leftOut,
    assumptions: resolved.assumptions,
    notices: [...cohort.notes, ...(money === null ? [] : [`${money} The best is chosen by conversions added.`])],
  };
}

const NO_EPISODE = 'No episode is mature: none began early enough to be watched for the whole horizon.';

function argmax(values: readonly number[]): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}

function pairedDifference(best: Float64Array, other: Float64Array) {
  const interval = percentileInterval(Array.from(best, (value, r) => value - (other[r] as number)));
  return interval === null ? null : { low: interval[0], high: interval[1] };
}

function logSpread(windows: readonly number[]): number {
  if (windows.length === 0) return 0;
  const logs = windows.map((w) => Math.log(Math.max(1000, w)));
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length;
  return logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / logs.length;
}

// ---------------------------------------------------------------- counts

interface WindowTotals {
  readonly fired: number;
  readonly organic: number;
  /** Per step, organic conversions still to come when it is due. */
  readonly waiting: readonly number[];
  /** Per step, of these those who could still redeem its incentive, the latest one counting. */
  readonly redeeming: readonly number[];
}

interface Totals {
  readonly never: number;
  readonly windows: readonly WindowTotals[];
}

/** Counts per bucket for every window: additive, so that a resample is a weighted sum. */
class WindowTable {
  readonly #columns: Float64Array;
  readonly #width: number;
  readonly #steps: number;
  readonly #windows: number;

  constructor(
    history: History,
    cohort: Cohort,
    waits: readonly number[],
    steps: readonly NominalStep[],
    horizon: number,
  ) {
    this.#steps = steps.length;
    this.#windows = waits.length;
    const per = 1 + 2 * steps.length;
    this.#width = 1 + waits.length * per;
    this.#columns = new Float64Array(N_BUCKETS * this.#width);
    const byBucket = splitByBucket(history, cohort);
    for (let b = 0; b < N_BUCKETS; b++) {
      const { sorted, episodes } = byBucket[b] as { sorted: Float64Array; episodes: number };
      const at = (i: number) => sorted[i] as number;
      const beyond = (ms: number) => sorted.length - upperBound(at, ms, 0, sorted.length);
      const base = b * this.#width;
      this.#columns[base] = episodes - sorted.length;
      waits.forEach((wait, w) => {
        const column = base + 1 + w * per;
        this.#columns[column] = beyond(wait);
        steps.forEach((step, k) => {
          const due = wait + step.atMs;
          this.#columns[column + 1 + k] = beyond(due);
          if (step.incentive === null) return;
          const next = steps.find((other, j) => j > k && other.incentive !== null);
          const last = Math.min(
            horizon,
            step.incentive.expiresMs === null ? Number.POSITIVE_INFINITY : due + step.incentive.expiresMs,
            next === undefined ? Number.POSITIVE_INFINITY : wait + next.atMs,
          );
          const until = upperBound(at, last, 0, sorted.length);
          this.#columns[column + 1 + steps.length + k] = Math.max(0, until - upperBound(at, due, 0, sorted.length));
        });
      });
    }
  }

  totals(weights: ArrayLike<number> | null): Totals {
    const sums = new Float64Array(this.#width);
    for (let b = 0; b < N_BUCKETS; b++) {
      const weight = weights === null ? 1 : (weights[b] as number);
      if (weight === 0) continue;
      const base = b * this.#width;
      for (let c = 0; c < sums.length; c++)
        sums[c] = (sums[c] as number) + weight * (this.#columns[base + c] as number);
    }
    const never = sums[0] as number;
    const per = 1 + 2 * this.#steps;
    return {
      never,
      windows: Array.from({ length: this.#windows }, (_, w) => {
        const at = 1 + w * per;
        const organic = sums[at] as number;
        return {
          organic,
          fired: organic + never,
          waiting: Array.from(sums.subarray(at + 1, at + 1 + this.#steps)),
          redeeming: Array.from(sums.subarray(at + 1 + this.#steps, at + 1 + 2 * this.#steps)),
        };
      }),
    };
  }
}

function splitByBucket(history: History, cohort: Cohort) {
  const { buckets } = history;
  const counts = new Uint32Array(N_BUCKETS);
  const episodes = new Uint32Array(N_BUCKETS);
  for (const person of cohort.persons)
    counts[buckets[person] as number] = (counts[buckets[person] as number] as number) + 1;
  for (const person of cohort.allPersons) {
    episodes[buckets[person] as number] = (episodes[buckets[person] as number] as number) + 1;
  }
  const split = Array.from(counts, (n, b) => ({ sorted: new Float64Array(n), episodes: episodes[b] as number }));
  const used = new Uint32Array(N_BUCKETS);
  // The cohort's durations are sorted, so each bucket's are.
  for (let i = 0; i < cohort.durations.length; i++) {
    const b = buckets[cohort.persons[i] as number] as number;
    (split[b] as { sorted: Float64Array }).sorted[used[b] as number] = cohort.durations[i] as number;
    used[b] = (used[b] as number) + 1;
  }
  return split;
}

// ---------------------------------------------------------------- what a window is worth

interface Context {
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

interface Theta {
  readonly level: number;
  readonly deviations: readonly number[];
  readonly p: readonly number[];
  readonly harm: readonly number[];
  readonly unsub: readonly number[];
  /** A named curve in place of the assumed one: shares of the level. */
  readonly named?: readonly number[];
}

function centre(resolved: ResolvedResponse): Theta {
  return {
    level: resolved.level.mean,
    deviations: resolved.curve.share.map(() => 0),
    p: resolved.p.map(meanOf),
    harm: resolved.harm.map(meanOf),
    unsub: resolved.unsub.map(meanOf),
  };
}

function effectAt(context: Context, waitMs: number, theta: Theta): number {
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

interface Worth {
  readonly increment: number;
  readonly net: number;
  readonly won: number;
  readonly breakEven: number | null;
}

function evaluate(context: Context, totals: Totals, w: number, theta: Theta): Worth {
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
function net(context: Context, counts: WindowTotals, response: Response, never: number) {
  const { steps, resolved } = context;
  const lost = Math.min(counts.organic * response.prevented, counts.waiting[0] as number);
  const sends = steps.map((_, k) => never + (counts.waiting[k] as number));
  return { won: response.won, lost, shares: shareOut(context, resolved.weights), sends };
}

/** The exact expectation with probabilities stated per step. */
function direct(context: Context, totals: Totals, counts: WindowTotals, wait: number, theta: Theta) {
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
function shareOut(context: Context, weights: readonly number[]): number[] {
  const { steps, resolved, loaded } = context;
  const parts = steps.map(
    (step, k) => (weights[k] as number) * delayCdf(resolved.delay, loaded.goal.withinMs - step.atMs),
  );
  const all = parts.reduce((sum, part) => sum + part, 0);
  return all === 0 ? parts : parts.map((part) => part / all);
}

function namedBest(
  context: Context,
  totals: Totals,
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

/** Why money cannot be given, or null where it can. */
function moneyOf(workflow: Workflow, value: number | null): string | null {
  if (value === null)
    return `The history has no values for ${workflow.goal.match.event}, and the workflow no economics.orderValue.`;
  return workflow.economics.margin === null ? 'The workflow does not say its margin (economics.margin).' : null;
}

/** Mean value of a goal event in the history, else the workflow's order value; null where neither is known. */
export function meanGoalValue(history: History, workflow: Workflow): number | null {
  const { match, value } = workflow.goal;
  const code = history.nameCode(match.event);
  const view = new HistoryView(history);
  let sum = 0;
  let count = 0;
  if (code >= 0) {
    for (let person = 0; person < history.nPersons; person++) {
      let isSelected = false;
      for (let row = history.personStart[person] as number; row < (history.personStart[person + 1] as number); row++) {
        if (history.nameCodes[row] !== code) continue;
        if (match.where.length > 0) {
          if (!isSelected) view.select(person);
          isSelected = true;
          if (!rowMatches(view, row, match)) continue;
        }
        const named = value === null ? undefined : history.eventProperty(row, value);
        const number =
          typeof named === 'number'
            ? named
            : typeof named === 'string' && named.trim() !== ''
              ? Number(named)
              : history.values.at(row);
        count++;
        if (Number.isFinite(number)) sum += number;
      }
    }
  }
  return sum > 0 ? sum / count : workflow.economics.orderValue;
}

function restsOn(
  context: Context,
  cohort: Cohort,
  curveShare: number | null,
  cannotChoose: boolean,
  chosen: readonly number[],
  equal: number,
  rows: number,
): string[] {
  const list = [
    `${cohort.episodes} mature episodes, watched for ${humanDuration(context.horizon)} from the anchor; counts are data`,
    'the increment rests on the assumed response, not on emails in this history',
  ];
  if (curveShare !== null) {
    list.push(
      `${Math.round(100 * curveShare)} % of the spread of the best window rests on the assumed curve, not on the data`,
    );
  }
  if (cannotChoose) {
    list.push(
      `the data alone cannot choose: plausible response curves put the best anywhere from ${humanDuration(Math.min(...chosen))} to ${humanDuration(Math.max(...chosen))}; a test of two windows would tell`,
    );
  }
  if (equal > 0) list.push(`${equal} of the other ${rows - 1} settings cannot be told from the best`);
  return list;
}
