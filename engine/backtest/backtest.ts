// Volumes and organic conversions foretold from what was known at an origin, held against what followed: once from the
// split to the end of the history, and from every week of the history from which enough was known, one to four weeks
// ahead (rolling origins). An effect of emails cannot be scored so, since a history without them shows none; where the
// workflow went live at the split, its holdout shows it. Scores: how often the 50, 80 and 95 % intervals held, and the pinball loss (methods K).

import { day, exactPercent, listed, percent, plural, UserError, WEEK_MS } from '../base/index.ts';
import { mailedShare } from '../calibrate/index.ts';
import { type History, observationStart } from '../events/index.ts';
import { type ResponseModel, windowOf } from '../projection/index.ts';
import { type EnrollmentColumns, type ReplayResult, replayWorkflow } from '../replay/index.ts';
import { binomialCdf } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { FEWEST_WEEKS, type Forecast, forecastCount, forecastLimits, forecastRate, pinballLoss } from './forecast.ts';
import { liveByArm, type TrackRecord, trackRecordOf } from './track-record.ts';
import { SEGMENTS, type Segment, type Week, type WeekTable, weekTable } from './weeks.ts';

export type Measure = 'enrolled' | 'organic' | 'organicRate';

/** What was foretold of one segment and some weeks, and what came. */
export interface Foretold {
  readonly segment: Segment;
  readonly measure: Measure;
  /** Start and end of the weeks it is about, ms. */
  readonly from: number;
  readonly to: number;
  /** Weeks behind that it rests on. */
  readonly weeksBehind: number;
  readonly expected: number;
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
  readonly actual: number;
  readonly inside: { readonly p50: boolean; readonly p80: boolean; readonly p95: boolean };
  /** Mean pinball loss, in the unit of the figure. */
  readonly pinball: number;
}

export interface Coverage {
  readonly measure: Measure;
  /** Weeks between origin and the end of the week foretold. */
  readonly weeksAhead: number;
  /** Forecasts; of neighbouring origins they share weeks behind, so they are not independent. */
  readonly cells: number;
  /** Shares of intervals that held. */
  readonly p50: number;
  readonly p80: number;
  readonly p95: number;
  readonly pinball: number;
  /** Pinball loss over the mean of what came; null where nothing came. */
  readonly relativeLoss: number | null;
}

export interface Backtest {
  readonly split: number;
  readonly observedUntil: number;
  readonly goalWindow: number;
  /** Enrollments that trigger before the split with a goal window that ends after it: in no figure of conversions. */
  readonly straddling: number;
  /** The weeks up to the split that forecasts rest on, of all entries; conversions null where not all were known by then. */
  readonly behind: readonly {
    readonly from: number;
    readonly to: number;
    readonly enrolled: number;
    readonly organic: number | null;
  }[];
  /** From the split to the end of the history, all weeks together. */
  readonly total: readonly Foretold[];
  /** From the split, week by week. */
  readonly weekly: readonly Foretold[];
  readonly rolling: readonly Coverage[];
  /** Of rolling origins, all entries one week ahead: forecasts that share no week ahead, by which `verdict` judges. */
  readonly nextWeek: readonly { readonly measure: Measure; readonly weeks: number; readonly p95: number }[];
  /** Once the workflow's own emails follow the split: what the holdout shows, and the projection from before it, scored. */
  readonly trackRecord: TrackRecord | null;
  /** Forecasts of rolling origins; with fewer than 20 coverage says little. */
  readonly cells: number;
  /** Whether the intervals held as often as they claim, as far as this many forecasts can tell. */
  readonly verdict: 'holds' | 'fails' | 'too few';
  readonly notices: readonly string[];
  /** Why there is no figure; null where there are some. */
  readonly reason: string | null;
}

export interface BacktestOptions {
  /** ms, inside the history; null: the day the workflow's emails went live by arm, else two thirds of the way through. */
  readonly split: number | null;
  /** For the projection a measured effect is held against; absent: the graded default. */
  readonly response?: ResponseModel;
  readonly seed?: number;
  readonly replayed?: ReplayResult;
}

const MOST_WEEKS_BEHIND = 12;
const FEWEST_ROLLING = 4;
const MOST_AHEAD = 4;
const FEWEST_CELLS = 20;
/** Of the test whether intervals hold; a warning this unlikely by chance is not said of luck. */
const ALPHA = 0.005;

/** @throws UserError where the split lies outside the history, or the workflow cannot be replayed */
export function backtest(history: History, workflow: Workflow, options: BacktestOptions): Backtest {
  const { observedUntil } = history;
  const start = observationStart(history) ?? observedUntil;
  const goalWindow = workflow.goal.withinMs;
  const { enrollments } = options.replayed ?? replayWorkflow(history, workflow);
  const split = options.split ?? usualSplit(history, workflow, enrollments, start);
  if (!(split > start && split < observedUntil)) {
    if (options.split === null) {
      throw new UserError(
        'SPLIT',
        `All of the history lies at ${day(start)}: there is no before and after to split it into.`,
      );
    }
    throw new UserError(
      'SPLIT',
      `The split, ${day(split)}, lies outside the history, which runs from ${day(start)} to ${day(observedUntil)}; name a moment within it with --split.`,
    );
  }
  // A trigger that waits cannot fire in the first stretch of a history; those weeks say nothing of volumes.
  const from = Math.min(split, start + windowOf(workflow));
  const table = weekTable(enrollments, { from, until: observedUntil, origin: split, goalMs: goalWindow });
  const origin = Math.round((split - table.start) / WEEK_MS);
  let straddling = 0;
  for (let i = 0; i < enrollments.n; i++) {
    const at = enrollments.triggerTimes[i] as number;
    if (at < split && at + goalWindow > split) straddling++;
  }
  const trackRecord = trackRecordOf(history, workflow, enrollments, split, options);
  const mailedFrom = trackRecord === null ? Number.POSITIVE_INFINITY : origin;
  const scope: Scope = { table, mailedFrom };
  const segments = SEGMENTS.filter((segment) => segment === 'all' || isLarge(table, segment));
  const total = segments.flatMap((segment) => fromOrigin(scope, segment, origin, 0, table.count - origin));
  const following = Array.from({ length: table.count - origin }, (_, i) => i);
  const weekly = following.flatMap((skip) => fromOrigin(scope, 'all', origin, skip, 1));
  const cells = rollingCells(scope, segments);
  const rolling = coverageOf(cells);
  const verdict = verdictOn(total, cells);
  const alike = MEASURES.flatMap((measure) => {
    const of = nextWeek(cells).filter((one) => one.measure === measure);
    const held = of.filter((one) => one.inside.p95).length;
    return of.length === 0 ? [] : [{ measure, weeks: of.length, p95: held / of.length }];
  });
  const base = {
    split,
    observedUntil,
    goalWindow,
    straddling,
    behind: weeksBehind(table, origin),
    total,
    weekly,
    rolling,
    nextWeek: alike,
    trackRecord,
    cells: cells.length,
    verdict,
  };
  const reason = total.length > 0 ? null : whyNothing(table, origin);
  const notices = [...mailedNotice(history, workflow, enrollments, split), ...noticesOn(total, cells, verdict)];
  return { ...base, notices, reason };
}

/** The day the workflow went live by arm, where enough was known by then; else two thirds of the way through. */
function usualSplit(history: History, workflow: Workflow, columns: EnrollmentColumns, start: number): number {
  const live = liveByArm(history, workflow, columns);
  if (live !== null && live - start - windowOf(workflow) >= FEWEST_WEEKS * WEEK_MS) return live;
  return Math.round(start + ((history.observedUntil - start) * 2) / 3);
}

/** Conversions after emails that answer the trigger are not organic, whoever sent them. */
function mailedNotice(history: History, workflow: Workflow, columns: EnrollmentColumns, split: number): string[] {
  const rows = Array.from({ length: columns.n }, (_, i) => i).filter(
    (i) => (columns.triggerTimes[i] as number) < split,
  );
  const of = (column: ArrayLike<number>) => Float64Array.from(rows, (i) => column[i] as number);
  const before = {
    n: rows.length,
    persons: of(columns.persons),
    anchorTimes: of(columns.anchorTimes),
    triggerTimes: of(columns.triggerTimes),
    goalTimes: of(columns.goalTimes),
  };
  const isCalendar = workflow.trigger.type === 'schedule';
  if (!mailedShare(history, before, workflow.goal.withinMs, undefined, isCalendar).answersTrigger) return [];
  return [
    'Before the split emails answer the trigger already: what is foretold and scored here as organic is with those emails.',
  ];
}

/** Both kinds of entry are told apart only where either is worth a forecast. */
function isLarge(table: WeekTable, segment: Segment): boolean {
  const sum = (which: Segment) => table.weeks[which].reduce((all, week) => all + week.n, 0);
  return sum('repeat') >= 50 && sum('first') >= 50 && sum(segment) >= 50;
}

function weeksBehind({ weeks, start, lag }: WeekTable, origin: number): Backtest['behind'] {
  const first = Math.max(0, origin - lag - MOST_WEEKS_BEHIND);
  return weeks.all.slice(first, origin).map(({ n, x }, i) => {
    const from = start + (first + i) * WEEK_MS;
    return { from, to: from + WEEK_MS, enrolled: n, organic: first + i < origin - lag ? x : null };
  });
}

interface Scope {
  readonly table: WeekTable;
  /** The week from which on the workflow mails everybody not held out; Infinity: never. */
  readonly mailedFrom: number;
}

/** What the weeks before `origin` say of `count` weeks from `origin + skip` on, of each figure that can be scored. */
function fromOrigin(
  { table, mailedFrom }: Scope,
  segment: Segment,
  origin: number,
  skip: number,
  count: number,
): Foretold[] {
  const weeks = table.weeks[segment];
  const behind = (lag: number): Week[] =>
    weeks.slice(Math.max(0, origin - lag - MOST_WEEKS_BEHIND), Math.max(0, origin - lag));
  const first = origin + skip;
  const enrolledBehind = behind(0);
  const knownBehind = behind(table.lag);
  const found: Foretold[] = [];
  const add = (measure: Measure, forecast: Forecast | null, actual: number, last: number, rests: number) => {
    if (forecast === null) return;
    const span = { from: table.start + first * WEEK_MS, to: table.start + last * WEEK_MS };
    found.push({ segment, measure, ...span, weeksBehind: rests, ...scored(forecast, actual) });
  };
  const sumOf = (key: 'n' | 'x', last: number) => weeks.slice(first, last).reduce((sum, week) => sum + week[key], 0);
  const end = first + count;
  if (end > first && end <= table.count && enrolledBehind.length >= FEWEST_WEEKS) {
    const counts = enrolledBehind.map((week) => week.n);
    add('enrolled', forecastCount(counts, count), sumOf('n', end), end, counts.length);
  }
  // Conversions are known of weeks whose goal windows have ended; of people who are mailed, those held out show them.
  const known = Math.min(end, table.count - table.lag);
  if (known <= first || (skip > 0 && known < end) || knownBehind.length < FEWEST_WEEKS) return found;
  const isMailed = known > mailedFrom;
  if (isMailed && (segment !== 'all' || origin > mailedFrom)) return found;
  const ahead = (isMailed ? table.heldOut : weeks).slice(first, known);
  const n = ahead.reduce((sum, week) => sum + week.n, 0);
  const x = ahead.reduce((sum, week) => sum + week.x, 0);
  const counts = knownBehind.map((week) => week.x);
  if (!isMailed) add('organic', forecastCount(counts, known - first), x, known, counts.length);
  if (n > 0) add('organicRate', forecastRate(knownBehind, n), x / n, known, counts.length);
  return found;
}

function scored(forecast: Forecast, actual: number) {
  const within = ([low, high]: readonly [number, number]) => actual >= low && actual <= high;
  const [low80, high80] = forecastLimits(forecast, 0.8);
  const [low95, high95] = forecastLimits(forecast, 0.95);
  const inside = {
    p50: within(forecastLimits(forecast, 0.5)),
    p80: within([low80, high80]),
    p95: within([low95, high95]),
  };
  const { expected } = forecast;
  return { expected, low80, high80, low95, high95, actual, inside, pinball: pinballLoss(forecast, actual) };
}

interface Cell {
  readonly weeksAhead: number;
  readonly foretold: Foretold;
}

/** Every origin a whole number of weeks from the split that has weeks enough behind it. */
function rollingCells(scope: Scope, segments: readonly Segment[]): Cell[] {
  const { table } = scope;
  const cells: Cell[] = [];
  for (let origin = FEWEST_ROLLING + table.lag; origin < table.count; origin++) {
    for (let skip = 0; skip < MOST_AHEAD && origin + skip < table.count; skip++) {
      for (const segment of segments) {
        for (const foretold of fromOrigin(scope, segment, origin, skip, 1))
          cells.push({ weeksAhead: skip + 1, foretold });
      }
    }
  }
  return cells;
}

const MEASURES: readonly Measure[] = ['enrolled', 'organic', 'organicRate'];

function coverageOf(cells: readonly Cell[]): Coverage[] {
  return MEASURES.flatMap((measure) =>
    Array.from({ length: MOST_AHEAD }, (_, i) => i + 1).flatMap((weeksAhead): Coverage[] => {
      const here = cells
        .filter((cell) => cell.weeksAhead === weeksAhead && cell.foretold.measure === measure)
        .map((cell) => cell.foretold);
      if (here.length === 0) return [];
      const mean = (of: (one: Foretold) => number) => here.reduce((sum, one) => sum + of(one), 0) / here.length;
      const came = mean((one) => one.actual);
      const pinball = mean((one) => one.pinball);
      return [
        {
          measure,
          weeksAhead,
          cells: here.length,
          p50: mean((one) => (one.inside.p50 ? 1 : 0)),
          p80: mean((one) => (one.inside.p80 ? 1 : 0)),
          p95: mean((one) => (one.inside.p95 ? 1 : 0)),
          pinball,
          relativeLoss: came === 0 ? null : pinball / came,
        },
      ];
    }),
  );
}

/** Next week, all entries: forecasts that share no week ahead. */
function nextWeek(cells: readonly Cell[]): Foretold[] {
  return cells
    .filter(({ weeksAhead, foretold }) => weeksAhead === 1 && foretold.segment === 'all')
    .map(({ foretold }) => foretold);
}

function isOutside(measure: Measure, cells: readonly Cell[]): boolean {
  const of = nextWeek(cells).filter((one) => one.measure === measure);
  const held = of.filter((one) => one.inside.p95).length;
  return of.length > 0 && binomialCdf(held, of.length, 0.95) < ALPHA;
}

function verdictOn(total: readonly Foretold[], cells: readonly Cell[]): Backtest['verdict'] {
  const missed = total.some((one) => one.segment === 'all' && isFar(one));
  if (missed || MEASURES.some((measure) => isOutside(measure, cells))) return 'fails';
  return cells.length < FEWEST_CELLS ? 'too few' : 'holds';
}

/** Outside by more than luck explains: half as far again from the middle as the 95 % limits (about 0.3 % by chance). */
function isFar({ actual, expected, low95, high95 }: Foretold): boolean {
  return actual > expected + 1.5 * (high95 - expected) || actual < expected - 1.5 * (expected - low95);
}

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  enrolled: 'enrollments',
  organic: 'organic conversions',
  organicRate: 'the organic rate',
};

function noticesOn(total: readonly Foretold[], cells: readonly Cell[], verdict: Backtest['verdict']): string[] {
  const notices: string[] = [];
  for (const one of total) {
    if (one.segment !== 'all' || !isFar(one)) continue;
    const change = one.expected === 0 ? null : one.actual / one.expected - 1;
    notices.push(
      `After the split ${MEASURE_WORDS[one.measure]} came out ${change === null ? 'where none were foretold' : `${percent(Math.abs(change))} ${change > 0 ? 'above' : 'below'} what the weeks before it foretold`}, outside the 95% interval.`,
    );
  }
  for (const measure of MEASURES) {
    if (!isOutside(measure, cells)) continue;
    const of = nextWeek(cells).filter((one) => one.measure === measure);
    const held = of.filter((one) => one.inside.p95).length;
    notices.push(
      `Of ${plural(of.length, 'forecast')} of ${MEASURE_WORDS[measure]} a week ahead ${exactPercent(Math.round((1000 * held) / of.length) / 1000)} lay inside their 95% interval: coverage is below nominal.`,
    );
  }
  if (verdict === 'fails') {
    notices.push(
      'What was projected from this history is not what followed: something other than these weeks decides (a season, weekdays with holidays, a promotion, a change of the product). Project from weeks like those to come: a remedy keeps only such a period of the dataset.',
    );
  }
  return notices;
}

function whyNothing(table: WeekTable, origin: number): string {
  const missing = [
    origin < FEWEST_WEEKS ? `${plural(origin, 'whole week')} before the split, ${FEWEST_WEEKS} are needed` : null,
    table.count - origin < 1 ? 'no whole week after it' : null,
  ].filter((one) => one !== null);
  return `Nothing can be foretold and scored: ${listed(missing)}.`;
}
