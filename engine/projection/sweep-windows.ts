// Many settings over one cohort: the history is read once, every count is a search in sorted times, and the same draws of
// people, level and curve serve all settings, so that differences between them are not noise. One horizon from the
// anchor for all of them.

import { count, humanDuration, percent, seededRandom } from '../base/index.ts';
import {
  type Cohort,
  cohortOf,
  drawUnits,
  isAlreadyMailed,
  MAILED_NOTE,
  percentileInterval,
  rowMatcher,
  rungSpan,
} from '../calibrate/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import { goalValue, HistoryView } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { conditionCurve, drawDeviations, NAMED_CURVES, type NamedCurve, shapeCurve } from './curve.ts';
import { drawProbability } from './draws.ts';
import { afterHoldout, observedOf } from './own-holdout.ts';
import { type OwnHoldout, type ResolvedResponse, type ResponseModel, resolveResponse } from './response.ts';
import { nominalSteps, windowOf } from './sequence-times.ts';
import { inwardRate } from './solver.ts';
import type { Sweep, SweepRow } from './sweep-result.ts';
import { timingEvidence } from './timing-evidence.ts';
import { type Common, type PlacedSetting, placeSettings, type SweptWindow, worthOf } from './window-settings.ts';
import type { WindowTotals } from './window-table.ts';
import { argmax, centre, type WindowTheta } from './window-worth.ts';

/** @param loaded the workflow as it stands: its window is where odds are taken */
export function sweepWindows(
  history: History,
  loaded: Workflow,
  swept: readonly SweptWindow[],
  response: ResponseModel,
  options: {
    readonly seed: number;
    readonly replicates: number;
    /** Called before each replicate, with those done; may throw, which ends it. */
    readonly look?: (done: number) => void;
  },
): Sweep {
  const steps = nominalSteps(loaded, null);
  const assumed = resolveResponse(response, loaded, steps.length);
  const own = windowOf(loaded);
  const loadedWait = own + (steps[0]?.atMs ?? 0);
  const { measured } = response;
  const resolved = measured === null ? assumed : afterHoldout(assumed, measured, loadedWait);
  const observed = measured === null ? null : observedOf(assumed, measured, loadedWait);
  const horizon = Math.max(own, ...swept.map(({ workflow }) => windowOf(workflow))) + loaded.goal.withinMs;
  const cohort = cohortOf(history, loaded, horizon);
  const values = goalValues(history, loaded);
  const value = values?.mean ?? null;
  const common: Common = { history, cohort, horizon, resolved, response, loadedWait, value };
  const referenceRate = rateOf(loaded, common);
  const { settings, totals: totalsOf } = placeSettings(swept, referenceRate ?? 0.5, common);
  const full = totalsOf(null);
  const isMailed = isAlreadyMailed(history, loaded);
  const money = isMailed ? MAILED_NOTE : moneyOf(swept, value);
  const by = money === null ? ('net' as const) : ('incremental' as const);
  const draw = thetaDraws(resolved, observed === null ? null : conditionCurve(assumed.curve, assumed.level, observed), {
    assumed,
    seed: options.seed,
  });
  const people = seededRandom(options.seed, 'sweep people');
  const meanTheta = draw.centre;
  const drawn = new Uint32Array(N_BUCKETS);
  const column = () => settings.map(() => new Float64Array(options.replicates));
  const nets = column();
  const increments = column();
  const rows = settings.length;
  const means = new Float64Array(rows);
  const meanIncrements = new Float64Array(rows);
  const above = new Float64Array(rows);
  const bestAtMeanCurve: number[] = [];
  const namedDraws: Record<NamedCurve, Float64Array[]> = { no_decay: [], fast_decay: [], early_harms: [] };
  for (let r = 0; r < options.replicates; r++) {
    options.look?.(r);
    const theta = draw.next();
    drawUnits(people, drawn);
    const totals = totalsOf(drawn);
    const theirs = values === null ? {} : { value: values.drawn(drawn) };
    const drawnTheta = { ...theta, ...theirs };
    const drawnMiddle = { ...meanTheta, ...theirs };
    const fixed: number[] = [];
    for (let w = 0; w < rows; w++) {
      const setting = settings[w] as PlacedSetting;
      const outcome = worthOf(setting, totals, drawnTheta);
      (nets[w] as Float64Array)[r] = outcome.net;
      (increments[w] as Float64Array)[r] = outcome.increment;
      const plain = worthOf(setting, full, theta);
      means[w] = (means[w] as number) + plain.net / options.replicates;
      meanIncrements[w] = (meanIncrements[w] as number) + plain.increment / options.replicates;
      const edge = outcome.breakEven;
      if (edge !== null && outcome.won > edge) above[w] = (above[w] as number) + 1;
      const atMean = worthOf(setting, totals, drawnMiddle);
      fixed.push(by === 'net' ? atMean.net : atMean.increment);
    }
    bestAtMeanCurve.push(argmax(fixed));
    if (r < MOST_NAMED) {
      for (const name of NAMES) namedDraws[name].push(namedWorth(settings, totals, by, drawnMiddle, name));
    }
  }
  const expected = by === 'net' ? means : meanIncrements;
  const drawsOf = by === 'net' ? nets : increments;
  const isEmpty = cohort.episodes === 0 || options.replicates === 0 || isMailed;
  const best = isEmpty || rows === 0 ? -1 : argmax(Array.from(expected));
  const bestPerDraw = Array.from({ length: isEmpty ? 0 : options.replicates }, (_, r) =>
    argmax(drawsOf.map((of) => of[r] as number)),
  );
  const why = isMailed
    ? MAILED_NOTE
    : cohort.episodes === 0
      ? NO_EPISODE
      : options.replicates === 0
        ? 'No replicates were asked for.'
        : null;
  const base = isEmpty ? -1 : settings.findIndex(({ workflow }) => workflow.hash === loaded.hash);
  const against = (from: number, to: number) => {
    const found = pairedDifference(drawsOf[from] as Float64Array, drawsOf[to] as Float64Array);
    return found === null ? null : { expected: (expected[from] as number) - (expected[to] as number), ...found };
  };
  const result = settings.map((setting, w): SweepRow => {
    const { never, windows } = full[setting.table] as (typeof full)[number];
    const counts = windows[setting.at] as WindowTotals;
    const interval = isEmpty ? null : percentileInterval(Array.from(increments[w] as Float64Array));
    const netInterval = isEmpty || money !== null ? null : percentileInterval(Array.from(nets[w] as Float64Array));
    const outcome = worthOf(setting, full, meanTheta);
    const breakEven = money === null ? outcome.breakEven : null;
    const reasons = [
      why ?? (counts.fired === 0 ? 'Nobody waits so long for the answer.' : null),
      why === null && base < 0 ? 'The setting as loaded is none of the rows.' : null,
      breakEven === null ? (money ?? 'No response pays for itself here.') : null,
    ].filter((one) => one !== null);
    return {
      set: setting.set,
      window: setting.windowMs,
      firstEmail: setting.firstEmailMs,
      evidence: timingEvidence(resolved.isCart, setting.firstEmailMs),
      episodes: cohort.episodes,
      fired: counts.fired,
      wouldConvertAnyway: counts.organic,
      never,
      waste: counts.fired === 0 ? null : counts.organic / counts.fired,
      projected: {
        incremental: isEmpty ? null : (meanIncrements[w] as number),
        low: interval?.[0] ?? null,
        high: interval?.[1] ?? null,
        ...(why === null ? {} : { reason: why }),
      },
      net:
        money !== null || isEmpty
          ? {
              expected: null,
              low: null,
              high: null,
              reason: money ?? why ?? NO_EPISODE,
            }
          : { expected: means[w] as number, low: netInterval?.[0] ?? null, high: netInterval?.[1] ?? null },
      pBest: isEmpty ? null : bestPerDraw.filter((b) => b === w).length / bestPerDraw.length,
      behind: best < 0 ? null : against(best, w),
      againstLoaded: base < 0 ? null : against(w, base),
      breakEvenResponse: breakEven,
      pAboveBreakEven: isEmpty || breakEven === null ? null : (above[w] as number) / options.replicates,
      ...(reasons.length === 0 ? {} : { reason: [...new Set(reasons)].join(' ') }),
    };
  });
  const waits = settings.map(({ windowMs }) => windowMs);
  const setOf = (w: number) => (settings[w] as PlacedSetting).set;
  const named = best < 0 ? null : namedBest(settings, full, by, meanTheta);
  const chosen = named === null ? [] : Object.values(named).map((w) => waits[w] as number);
  const apart = result.map((row, w) => w !== best && row.behind !== null && row.behind.low > 0);
  const cannotChoose =
    named !== null &&
    (rungSpan(chosen.map((w) => Math.max(1, w))) > 1 || !haveOneInCommon(named, namedDraws, settings.length));
  const spread = logSpread(bestPerDraw.map((w) => waits[w] as number));
  const fixedSpread = logSpread(bestAtMeanCurve.map((w) => waits[w] as number));
  const curveShare = spread === 0 ? null : Math.min(1, Math.max(0, 1 - fixedSpread / spread));
  return {
    horizon,
    rows: result,
    best: best < 0 ? null : setOf(best),
    ...(best < 0 ? { reason: why ?? NO_EPISODE } : {}),
    by,
    indistinguishable:
      best < 0 ? [] : settings.filter((_, w) => w !== best && apart[w] === false).map(({ set }) => set),
    restsOn: restsOn(cohort, horizon, effectWords(measured, loadedWait), curveShare, cannotChoose, chosen),
    winnersCurse:
      best < 0
        ? null
        : bestPerDraw.reduce(
            (sum, w, r) => sum + ((drawsOf[w] as Float64Array)[r] as number) - (expected[w] as number),
            0,
          ) / bestPerDraw.length,
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
    assumptions: [
      ...resolved.assumptions,
      ...(observed === null ? [] : assumed.assumptions.filter(({ name }) => name === 'curve')),
    ],
    notices: [
      ...cohort.notes,
      ...timingNotice(settings, resolved),
      ...(isMailed ? [MAILED_NOTE] : money === null ? [] : [`${money} The best is chosen by conversions added.`]),
    ],
  };
}

/** Organic share of the fired under the workflow as loaded, moved inward from 0 and 1; null where nothing fired. */
function rateOf(loaded: Workflow, common: Common): number | null {
  const { totals } = placeSettings([{ set: {}, workflow: loaded }], 0.5, common);
  const [table] = totals(null);
  const { fired, organic } = (table as NonNullable<typeof table>).windows[0] as WindowTotals;
  return fired === 0 ? null : inwardRate(organic, fired);
}

/** @param condition what an own holdout makes of drawn knots; null: nothing was measured at one wait */
function thetaDraws(
  resolved: ResolvedResponse,
  condition: ((knots: readonly number[], noise: number) => number[]) | null,
  { assumed, seed }: { readonly assumed: ResolvedResponse; readonly seed: number },
): { readonly centre: WindowTheta; next(): WindowTheta } {
  const random = seededRandom(seed, 'sweep level');
  const perStep = seededRandom(seed, 'sweep steps');
  const middle = centre(resolved);
  const knots = (level: number, deviations: readonly number[], noise: number) =>
    condition === null ? {} : { knots: condition(shapeCurve(assumed.curve, level, deviations), noise) };
  return {
    centre: { ...middle, ...knots(assumed.level.mean, middle.deviations, 0) },
    next() {
      const z = random.normal();
      const deviations = drawDeviations(resolved.curve, random);
      return {
        level: resolved.level.mean + resolved.level.sd * z,
        deviations,
        ...knots(assumed.level.mean + assumed.level.sd * z, deviations, condition === null ? 0 : perStep.normal()),
        p: resolved.p.map((p) => drawProbability(p, perStep)),
        harm: resolved.harm.map((p) => drawProbability(p, perStep)),
        unsub: resolved.unsub.map((p) => drawProbability(p, perStep)),
      };
    },
  };
}

const NAMES = ['no_decay', 'fast_decay', 'early_harms'] as const satisfies readonly NamedCurve[];
/** Of the draws of people, so many are asked of the named curves too. */
const MOST_NAMED = 200;

/** By setting, with the level at its mean. */
function namedWorth(
  settings: readonly PlacedSetting[],
  totals: Parameters<typeof worthOf>[1],
  by: Sweep['by'],
  { knots: _, ...middle }: WindowTheta,
  name: NamedCurve,
): Float64Array {
  return Float64Array.from(settings, (setting) => {
    const worth = worthOf(setting, totals, { ...middle, named: NAMED_CURVES[name] });
    return by === 'net' ? worth.net : worth.increment;
  });
}

function namedBest(
  settings: readonly PlacedSetting[],
  totals: Parameters<typeof worthOf>[1],
  by: Sweep['by'],
  middle: WindowTheta,
): Record<NamedCurve, number> {
  const bestUnder = (name: NamedCurve) => argmax(Array.from(namedWorth(settings, totals, by, middle, name)));
  return {
    no_decay: bestUnder('no_decay'),
    fast_decay: bestUnder('fast_decay'),
    early_harms: bestUnder('early_harms'),
  };
}

/** Whether some setting is the best, or not told apart from it, under each of the named curves. */
function haveOneInCommon(
  best: Record<NamedCurve, number>,
  draws: Record<NamedCurve, readonly Float64Array[]>,
  settings: number,
): boolean {
  return Array.from({ length: settings }, (_, w) => w).some((w) =>
    NAMES.every((name) => {
      if (w === best[name]) return true;
      const behind = percentileInterval(
        draws[name].map((worth) => (worth[best[name]] as number) - (worth[w] as number)),
      );
      return behind === null || behind[0] <= 0;
    }),
  );
}

/** Where several waits lie beyond what a curve says, they differ in nothing but who is mailed. */
function timingNotice(settings: readonly PlacedSetting[], { curve }: ResolvedResponse): string[] {
  const last = Math.max(...curve.waitsMs);
  const beyond = [...new Set(settings.map(({ firstEmailMs }) => firstEmailMs).filter((ms) => ms >= last))];
  if (beyond.length < 2) return [];
  return [
    `Nothing is known of how the effect changes with a wait beyond ${humanDuration(last)}: it is taken to be the same from ${humanDuration(Math.min(...beyond))} to ${humanDuration(Math.max(...beyond))}, so that these settings differ in whom they mail and in nothing else. Which of them is better is as sure as that.`,
  ];
}

const NO_EPISODE = 'No episode is mature: none began early enough to be watched for the whole horizon.';

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

/** Why money cannot be given for all settings, or null where it can. */
function moneyOf(swept: readonly SweptWindow[], value: number | null): string | null {
  for (const { workflow } of swept) {
    if (value === null && workflow.economics.orderValue === null)
      return `The history has no values for ${workflow.goal.match.event}, or none above 0 on average, and the workflow no economics.orderValue.`;
    if (workflow.economics.margin === null) return 'The workflow does not say its margin (economics.margin).';
  }
  return null;
}

/** Values of the goal's events in the history, by bucket of people, so that resampled people bring their own. */
interface GoalValues {
  readonly mean: number;
  /** @param weights per bucket; where nobody drawn has a value, that of all */
  drawn(weights: ArrayLike<number>): number;
}

/** @returns null where the history has none */
function goalValues(history: History, workflow: Workflow): GoalValues | null {
  const { goal } = workflow;
  const goals = rowMatcher(history, goal.match);
  const view = new HistoryView(history);
  const sums = new Float64Array(N_BUCKETS);
  const counts = new Float64Array(N_BUCKETS);
  for (let person = 0; goals.isKnown && person < history.nPersons; person++) {
    const bucket = history.buckets[person] as number;
    for (let row = history.personStart[person] as number; row < (history.personStart[person + 1] as number); row++) {
      if (!goals.matches(person, row)) continue;
      sums[bucket] = (sums[bucket] as number) + goalValue(goal, view, row);
      counts[bucket] = (counts[bucket] as number) + 1;
    }
  }
  const total = (of: Float64Array, weights: ArrayLike<number> | null) =>
    of.reduce((sum, x, b) => sum + x * (weights === null ? 1 : (weights[b] as number)), 0);
  const mean = total(sums, null) / total(counts, null);
  if (!(mean > 0)) return null;
  return {
    mean,
    drawn: (weights) => {
      const value = total(sums, weights) / total(counts, weights);
      return value > 0 ? value : mean;
    },
  };
}

function effectWords(measured: OwnHoldout | null, waitMs: number): string {
  if (measured === null) return 'the increment rests on the assumed response, not on emails in this history';
  return `the effect at a wait of ${humanDuration(waitMs)} rests on the own holdout${measured.only === true ? ' alone' : ''}, at other waits on what is assumed of the way between`;
}

function restsOn(
  cohort: Cohort,
  horizon: number,
  effect: string,
  curveShare: number | null,
  cannotChoose: boolean,
  chosen: readonly number[],
): string[] {
  const list = [
    `${count(cohort.episodes)} mature episodes, watched for ${humanDuration(horizon)} from the anchor; counts are data`,
    effect,
  ];
  if (curveShare !== null) {
    list.push(`${percent(curveShare)} of the spread of the best window rests on the assumed curve, not on the data`);
  }
  if (cannotChoose) {
    list.push(
      `the data alone cannot choose: plausible response curves put the best anywhere from ${humanDuration(Math.min(...chosen))} to ${humanDuration(Math.max(...chosen))}; a test of two windows would tell`,
    );
  }
  return list;
}
