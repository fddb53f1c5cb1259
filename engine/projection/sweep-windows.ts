// Many windows over one cohort: the history is read once, every count is a search in sorted times, and the same draws of
// people, level and curve serve all windows, so that differences between windows are not noise. One horizon from the
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
import { drawDeviations } from './curve.ts';
import { drawProbability } from './draws.ts';
import { afterHoldout } from './own-holdout.ts';
import { type ResponseModel, resolveResponse } from './response.ts';
import { nominalSteps, windowOf } from './sequence-times.ts';
import { inwardRate } from './solver.ts';
import type { Settings, Sweep, SweepRow } from './sweep-result.ts';
import { WindowTable, type WindowTotals } from './window-table.ts';
import { argmax, centre, evaluate, knotsOf, namedBest, type WindowContext, type WindowTheta } from './window-worth.ts';

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
  const assumed = resolveResponse(response, loaded, steps.length);
  const tested = windowOf(loaded) + (steps[0]?.atMs ?? 0);
  const resolved = response.measured === null ? assumed : afterHoldout(assumed, response.measured, tested);
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
  const isMailed = isAlreadyMailed(history, loaded);
  const money = isMailed ? MAILED_NOTE : moneyOf(loaded, value);
  const frame = {
    resolved,
    steps,
    horizon,
    own,
    waits: all,
    rate: referenceRate ?? 0.5,
    loaded,
    value: value ?? 0,
  };
  const context: WindowContext = { ...frame, knots: knotsOf(frame) };
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
    const theta: WindowTheta = {
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
  const isEmpty = cohort.episodes === 0 || options.replicates === 0 || isMailed;
  const best = isEmpty || rows === 0 ? -1 : argmax(Array.from(expected));
  const bestPerDraw = Array.from({ length: isEmpty ? 0 : options.replicates }, (_, r) =>
    argmax(drawsOf.map((column) => column[r] as number)),
  );
  const base = isEmpty ? -1 : waits.indexOf(own);
  const result = waits.map((window, w): SweepRow => {
    const counts = full.windows[w] as WindowTotals;
    const interval = isEmpty ? null : percentileInterval(Array.from(increments[w] as Float64Array));
    const netInterval = isEmpty || money !== null ? null : percentileInterval(Array.from(nets[w] as Float64Array));
    const behind = best < 0 ? null : pairedDifference(drawsOf[best] as Float64Array, drawsOf[w] as Float64Array);
    const against = base < 0 ? null : pairedDifference(drawsOf[w] as Float64Array, drawsOf[base] as Float64Array);
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
          ? {
              expected: null,
              low: null,
              high: null,
              reason: money ?? (cohort.episodes === 0 ? NO_EPISODE : 'No replicates were asked for.'),
            }
          : { expected: means[w] as number, low: netInterval?.[0] ?? null, high: netInterval?.[1] ?? null },
      pBest: isEmpty ? null : bestPerDraw.filter((b) => b === w).length / bestPerDraw.length,
      behind: behind === null ? null : { expected: (expected[best] as number) - (expected[w] as number), ...behind },
      againstLoaded:
        against === null ? null : { expected: (expected[w] as number) - (expected[base] as number), ...against },
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
    restsOn: restsOn(context, cohort, curveShare, cannotChoose, chosen),
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
    notices: [
      ...cohort.notes,
      ...(isMailed ? [MAILED_NOTE] : money === null ? [] : [`${money} The best is chosen by conversions added.`]),
    ],
  };
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

/** Why money cannot be given, or null where it can. */
function moneyOf(workflow: Workflow, value: number | null): string | null {
  if (value === null)
    return `The history has no values for ${workflow.goal.match.event}, and the workflow no economics.orderValue.`;
  return workflow.economics.margin === null ? 'The workflow does not say its margin (economics.margin).' : null;
}

/** Mean value of a goal event in the history, else the workflow's order value; null where neither is known. */
function meanGoalValue(history: History, workflow: Workflow): number | null {
  const { goal } = workflow;
  const goals = rowMatcher(history, goal.match);
  const view = new HistoryView(history);
  let sum = 0;
  let count = 0;
  for (let person = 0; goals.isKnown && person < history.nPersons; person++) {
    for (let row = history.personStart[person] as number; row < (history.personStart[person + 1] as number); row++) {
      if (!goals.matches(person, row)) continue;
      sum += goalValue(goal, view, row);
      count++;
    }
  }
  return sum > 0 ? sum / count : workflow.economics.orderValue;
}

function restsOn(
  context: WindowContext,
  cohort: Cohort,
  curveShare: number | null,
  cannotChoose: boolean,
  chosen: readonly number[],
): string[] {
  const list = [
    `${count(cohort.episodes)} mature episodes, watched for ${humanDuration(context.horizon)} from the anchor; counts are data`,
    'the increment rests on the assumed response, not on emails in this history',
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
