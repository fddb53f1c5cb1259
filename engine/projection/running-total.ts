// A projection in time: when the conversions come that come anyway (counted), and when those the emails are assumed to
// add. The increment of each draw is laid out over the history by the same closed form that gives its size: what is
// caused comes a delay after the email, what is prevented is missing where it would have come. Conversions that emails
// only bring forward are no increment and stay where they were. At the end of time all figures are the headline's.

import { DAY_MS, type Random, seededRandom, WEEK_MS } from '../base/index.ts';
import { type History, N_BUCKETS } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import type { Classes } from './class-parts.ts';
import { type EffectTimes, FINE, lagsOf, MeanSpread, type PeopleInTime, spreadOf, timesOf } from './effect-times.ts';
import { slotOf } from './model.ts';
import type { Draw, Effect, Outcome, Setting } from './outcomes.ts';
import { DrawTable, thin } from './thinning.ts';

export interface RunningPoint {
  /** End of the period; ms since the epoch. */
  readonly at: number;
  /** Conversions of complete runs of both arms up to here; counted. */
  readonly anyway: number;
  /** Expected increment up to here, with the quantiles of its draws; null where nothing was drawn. */
  readonly because: number;
  readonly low95: number | null;
  readonly low80: number | null;
  readonly high80: number | null;
  readonly high95: number | null;
  /** Runs that began in the period that ends here. */
  readonly enrolled: number;
  /** Runs whose goal window is under way at this moment. */
  readonly open: number;
}

export interface RunningTotal {
  /** Length of a period: a day or one or more weeks, counted back from the end of the history. */
  readonly stepMs: number;
  /** The first stands at 0, before the first run; the last at the end of the history. */
  readonly points: readonly RunningPoint[];
}

/** The runs of one class alone, at the moments of the points; those of all classes add up to them. */
export interface RunningPart {
  /** Conversions up to there; counted. */
  readonly anyway: readonly number[];
  /** Expected increment up to there. */
  readonly because: readonly number[];
}

const MOST_POINTS = 120;
/** Effects are followed for so many periods after a run begins. */
const MOST_LAGS = 16;

export interface RunningTotalWatch {
  readonly draw: (draw: Draw) => void;
  readonly result: () => RunningTotal;
  /** By class; empty without classes. */
  readonly parts: () => readonly RunningPart[];
}

/**
 * @param seed of the projection
 * @param classes of the runs, to be followed each by itself
 */
export function watchRunningTotal(
  history: History,
  columns: EnrollmentColumns,
  setting: Setting,
  seed: number,
  classes: Classes | null = null,
): RunningTotalWatch {
  const grid = gridOf(columns, history.observedUntil, setting.frame.horizon);
  const table = tableOf(history, columns, setting, grid);
  const lags = lagsOf(setting.frame, grid.stepMs);
  const random = seededRandom(seed, 'project when');
  const whole = table.weighted(null);
  const sums = new Float64Array(grid.n + 1);
  const mean = new MeanSpread(setting.steps.length + 1, lags);
  const realised = new DrawTable(grid.n + 1);
  let draws = 0;
  const path = new Float64Array(grid.n + 1);
  return {
    draw({ effect, expected, drawn }) {
      draws++;
      const spread = spreadOf(effect, lags);
      const times = timesOf(spread, whole, table.shares, lags);
      expectedPath(expected, times, path);
      if (classes !== null) mean.add(spread, expected, times);
      path.forEach((value, c) => {
        sums[c] = (sums[c] as number) + value;
      });
      if (drawn === null) return;
      const drawnTimes = timesOf(
        spreadOf(drawn.effect, lags),
        table.weighted(drawn.weights, drawn.effect),
        table.shares,
        lags,
      );
      drawnPath(drawn.realised, drawnTimes, random, path);
      realised.add(path);
    },
    result() {
      const bands = realised.quantiles([0.025, 0.1, 0.9, 0.975]);
      const counts = countsOf(columns, setting.frame.horizon, grid);
      return {
        stepMs: grid.stepMs,
        points: Array.from({ length: grid.n + 1 }, (_, c) => {
          const [low95 = null, low80 = null, high80 = null, high95 = null] = bands[c] ?? [];
          return {
            at: grid.start + c * grid.stepMs,
            anyway: counts.anyway[c] as number,
            because: draws === 0 ? 0 : (sums[c] as number) / draws,
            low95,
            low80,
            high80,
            high95,
            enrolled: counts.enrolled[c] as number,
            open: counts.open[c] as number,
          };
        }),
      };
    },
    parts() {
      if (classes === null) return [];
      return Array.from({ length: classes.size }, (_, one): RunningPart => {
        const isOfClass = (run: number) => classes.classOf[run] === one;
        const part = tableOf(history, columns, setting, grid, isOfClass);
        const { gained, lost } = timesOf(mean.of(draws), part.weighted(null), part.shares, lags);
        let net = 0;
        const because = [0];
        for (let c = 0; c < grid.n; c++) because.push((net += (gained[c] as number) - (lost[c] as number)));
        return { anyway: countsOf(columns, setting.frame.horizon, grid, isOfClass).anyway, because };
      });
    },
  };
}

// ---------------------------------------------------------------- the grid

interface Grid {
  readonly start: number;
  readonly stepMs: number;
  /** Periods; ≥ 1. Period c holds (start + (c − 1)·step, start + c·step]. */
  readonly n: number;
}

function gridOf(columns: EnrollmentColumns, end: number, horizon: number): Grid {
  let first = end;
  for (let i = 0; i < columns.n; i++) first = Math.min(first, columns.triggerTimes[i] as number);
  const least = Math.max((end - first) / MOST_POINTS, horizon / MOST_LAGS);
  const stepMs = least <= DAY_MS ? DAY_MS : Math.ceil(least / WEEK_MS) * WEEK_MS;
  // A run at the very start of a period belongs to the one before; none may lie before the first.
  const n = Math.floor((end - first) / stepMs) + 1;
  return { start: end - n * stepMs, stepMs, n };
}

function periodOf({ start, stepMs, n }: Grid, time: number): number {
  return Math.min(n, Math.max(1, Math.ceil((time - start) / stepMs)));
}

const everyRun = () => true;

function countsOf(
  columns: EnrollmentColumns,
  horizon: number,
  grid: Grid,
  isCounted: (run: number) => boolean = everyRun,
) {
  const enrolled = new Array<number>(grid.n + 1).fill(0);
  const anyway = new Array<number>(grid.n + 1).fill(0);
  const over = new Array<number>(grid.n + 1).fill(0);
  const add = (list: number[], time: number) => {
    const c = periodOf(grid, time);
    list[c] = (list[c] as number) + 1;
  };
  const end = grid.start + grid.n * grid.stepMs;
  for (let i = 0; i < columns.n; i++) {
    if (!isCounted(i)) continue;
    const trigger = columns.triggerTimes[i] as number;
    const goal = columns.goalTimes[i] as number;
    add(enrolled, trigger);
    if (columns.complete[i] === 1 && !Number.isNaN(goal)) add(anyway, goal);
    if (trigger + horizon <= end) add(over, trigger + horizon);
  }
  let begun = 0;
  let ended = 0;
  let come = 0;
  const open: number[] = [];
  for (let c = 0; c <= grid.n; c++) {
    begun += enrolled[c] as number;
    ended += over[c] as number;
    come += anyway[c] as number;
    anyway[c] = come;
    open.push(begun - ended);
  }
  return { enrolled, anyway, open };
}

// ---------------------------------------------------------------- people by when they begin, and convert

/** A repeat entry counts by the share of an effect it is assumed to have. */
function tableOf(
  history: History,
  columns: EnrollmentColumns,
  setting: Setting,
  grid: Grid,
  isCounted: (run: number) => boolean = everyRun,
) {
  const { frame, resolved, steps } = setting;
  const slots = steps.length + 1;
  const width = grid.n * (slots + 1);
  const table = new Float64Array(N_BUCKETS * width);
  const fine = new Float64Array(grid.n * FINE);
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1 || !isCounted(i)) continue;
    const weight = columns.repeats[i] === 1 ? resolved.repeat : 1;
    const trigger = columns.triggerTimes[i] as number;
    const goal = columns.goalTimes[i] as number;
    const slot = slotOf(Number.isNaN(goal) ? Number.POSITIVE_INFINITY : goal - trigger, frame);
    const period = periodOf(grid, slot < 0 ? trigger : goal) - 1;
    const base = (history.buckets[columns.persons[i] as number] as number) * width;
    const at = base + (slot < 0 ? 0 : slot + 1) * grid.n + period;
    table[at] = (table[at] as number) + weight;
    if (slot >= 0) continue;
    const place = (trigger - grid.start) / grid.stepMs - period;
    const f = period * FINE + Math.min(FINE - 1, Math.max(0, Math.ceil(place * FINE) - 1));
    fine[f] = (fine[f] as number) + weight;
  }
  const shares = Array.from({ length: grid.n }, (_, period) => {
    const counts = fine.subarray(period * FINE, (period + 1) * FINE);
    const all = counts.reduce((sum, count) => sum + count, 0);
    return counts.map((count) => (all === 0 ? 1 / FINE : count / all));
  });
  const sums = new Float64Array(width);
  return {
    shares,
    /**
     * Borrowed until the next call with weights.
     * @param weights per bucket; null: each once
     * @param effect of it, people it does nothing to are left out; absent: nobody is
     */
    weighted(weights: ArrayLike<number> | null, effect?: Effect): PeopleInTime {
      const from = effect?.expectation.gainedOfNever === 0 ? grid.n : 0;
      const to = effect?.expectation.lostBySlot.every((loss) => loss === 0) === true ? grid.n : width;
      const into = weights === null ? new Float64Array(width) : sums;
      into.fill(0);
      for (let b = 0, row = 0; b < N_BUCKETS; b++, row += width) {
        const weight = weights === null ? 1 : (weights[b] as number);
        if (weight === 0) continue;
        for (let c = from; c < to; c++) into[c] = (into[c] as number) + weight * (table[row + c] as number);
      }
      const cut = (part: number) => into.subarray(part * grid.n, (part + 1) * grid.n);
      return { never: cut(0), organic: Array.from({ length: slots }, (_, slot) => cut(slot + 1)) };
    },
  };
}

// ---------------------------------------------------------------- paths

/** Cumulative; the last is exactly the draw's own increment. @param out length periods + 1 */
function expectedPath(outcome: Outcome, { gained, lost }: EffectTimes, out: Float64Array): void {
  const [allGained, allLost] = [total(gained), total(lost)];
  let g = 0;
  let l = 0;
  out[0] = 0;
  for (let c = 0; c < gained.length; c++) {
    g += gained[c] as number;
    l += lost[c] as number;
    const part = (amount: number, of: number, all: number) => (all === 0 ? 0 : amount * Math.min(1, of / all));
    out[c + 1] = part(outcome.gained, g, allGained) - part(outcome.lost, l, allLost);
  }
  out[gained.length] = outcome.gained - outcome.lost;
}

function drawnPath(outcome: Outcome, { gained, lost }: EffectTimes, random: Random, out: Float64Array): void {
  const come = new Float64Array(gained.length);
  const gone = new Float64Array(lost.length);
  thin(outcome.gained, gained, random, come);
  thin(outcome.lost, lost, random, gone);
  let net = 0;
  out[0] = 0;
  for (let c = 0; c < gained.length; c++) {
    net += (come[c] as number) - (gone[c] as number);
    out[c + 1] = net;
  }
}

function total(values: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
