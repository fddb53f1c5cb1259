// One run of the whole chain on people with a planted law: replay, calibration, projection and backtest of the history
// without emails, and the reading of the holdout in the history with them. Every figure is given beside its truth, so
// that many runs say how often the intervals hold. Nothing here knows a figure from anywhere but the chain.

import { type Backtest, backtest, type Measured, measureArms } from '../backtest/index.ts';
import { assert, DAY_MS, humanDuration, seededRandom } from '../base/index.ts';
import { buildGaps, type Calibration, calibrate, dormancy } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { analyzeCounts, assignArm, type HoldoutAnalysis } from '../holdout/index.ts';
import {
  type ByValue,
  breakDown,
  checkResponse,
  MONTH_DAYS,
  measuredPersonMonth,
  type Projection,
  project,
  type ResponseModel,
} from '../projection/index.ts';
import { type EnrollmentColumns, type ReplayResult, replayWorkflow } from '../replay/index.ts';
import { goneShare, returnWithin } from '../synth/index.ts';
import { checkWorkflow, type Workflow } from '../workflow/index.ts';
import { percentileOfLaw, windowOfLaw } from './law.ts';
import { plant } from './planted.ts';
import { CHURN_DAYS, SILENCE, WORLD_START, type World } from './worlds.ts';
import type { WrongWorld } from './wrong-worlds.ts';

/** A figure of one run with its 95 % interval; null limits where the chain gives none. */
export interface Figure {
  readonly id: string;
  readonly estimate: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly truth: number;
}

export interface Run {
  readonly figures: readonly Figure[];
  /** Warnings that appeared, by what they are about. */
  readonly warnings: Readonly<Record<Warning, boolean>>;
}

export type Warning =
  | 'costs sales'
  | 'one effect for all'
  | 'mostly earlier'
  | 'backtest fails'
  | 'other workflows'
  | 'drift';

export interface ChainOptions {
  readonly seed: number;
  readonly run: number;
  /** Bootstrap replicates of the calibration. */
  readonly replicates: number;
  /** Draws of a projection. */
  readonly draws: number;
}

/** The same world, seed and run give the same figures. */
export function runChain(world: World & Partial<WrongWorld>, options: ChainOptions): Run {
  const label = `${world.id} ${options.seed} ${options.run}`;
  const random = seededRandom(options.seed, `proof ${world.id} ${options.run}`);
  const salt = `proof ${label}`;
  const workflow = workflowOf(world, salt);
  const population = world.population(random);
  const isHeldOut = (id: string) => assignArm(salt, id, world.holdout) === 'holdout';
  const planted = plant(population, world.names, random, `r${options.run}`, isHeldOut);
  const watchedUntil = WORLD_START + world.watchedDays * DAY_MS;
  const splitAt = WORLD_START + (world.future?.splitDays ?? Math.round((world.days * 5) / 8)) * DAY_MS;

  const organic = planted.organic(watchedUntil);
  const known = world.future === undefined ? organic : planted.organic(splitAt);
  const replayed = replayWorkflow(organic, workflow);
  const tested = backtest(organic, workflow, { split: splitAt, replayed });
  const calibrated = calibrate(known, workflow, { seed: options.run, replicates: options.replicates });
  const mailed = planted.mailed(watchedUntil);
  const columns = replayWorkflow(mailed, workflow).enrollments;
  const measured = readArms(world, mailed, workflow, columns);
  const seen = known === organic ? replayed : replayWorkflow(known, workflow);
  const projections = projectBoth(world, known, workflow, seen, options);
  const unmailed = replayed.enrollments;
  const parts: Parts = {
    world,
    options,
    known,
    workflow,
    tested,
    calibrated,
    mailed,
    columns,
    unmailed,
    measured,
    projections,
  };
  return {
    figures: [
      ...curveFigures(parts),
      ...silenceFigures(parts),
      ...futureFigures(parts),
      ...projectionFigures(parts),
      ...realisedFigures(parts),
      ...holdoutFigures(parts),
      ...segmentFigures(parts),
      ...personMonthFigures(parts),
      ...windowFigures(parts),
    ],
    warnings: warningsOf(parts),
  };
}

interface Parts {
  readonly world: World & Partial<WrongWorld>;
  readonly options: ChainOptions;
  readonly known: History;
  readonly workflow: Workflow;
  readonly tested: Backtest;
  readonly calibrated: Calibration;
  readonly mailed: History;
  readonly columns: EnrollmentColumns;
  /** Of the same people without emails. */
  readonly unmailed: EnrollmentColumns;
  readonly measured: Measured;
  readonly projections: Projections;
}

export function workflowOf(world: World, salt: string): Workflow {
  const { names, windowMs, horizonMs, steps, holdout } = world;
  const { workflow, issues } = checkWorkflow({
    foresend: 1,
    id: 'proof',
    trigger: {
      type: 'inaction',
      after: { event: names.anchor },
      without: { event: names.goal },
      within: `${windowMs / 1000}s`,
      rearm: 'first',
    },
    holdout: { fraction: holdout, salt },
    sequence: steps.map((delay, k) => ({ id: `s${k}`, delay: `${delay / 1000}s` })),
    goal: { event: names.goal, within: `${(horizonMs - windowMs) / 1000}s` },
  });
  assert(workflow !== null, `the world ${world.id} has a workflow that is one: ${JSON.stringify(issues)}`);
  return workflow;
}

function readArms(world: Parts['world'], mailed: History, workflow: Workflow, columns: EnrollmentColumns): Measured {
  const horizons = (world.byHorizon ?? []).map(({ horizonMs }) => horizonMs - world.windowMs);
  const range = { from: Number.NEGATIVE_INFINITY, until: mailed.observedUntil };
  const measured = measureArms(mailed, workflow, columns, { ...range, horizons: [DAY_MS, ...horizons] });
  assert(measured !== null, 'both arms of a world have people');
  return measured;
}

// ---------------------------------------------------------------- projections

interface Projections {
  /** With the graded default. */
  readonly net: Projection;
  /** With the truth stated; null where the world has none in these terms. */
  readonly stated: Projection | null;
  readonly byValue: ByValue | null;
}

export function responseOf(json: unknown): ResponseModel {
  const { response, issues } = checkResponse(json);
  assert(response !== null, `a world states a response that is one: ${JSON.stringify(issues)}`);
  return response;
}

function projectBoth(
  world: Parts['world'],
  history: History,
  workflow: Workflow,
  replayed: ReplayResult,
  { run, draws }: ChainOptions,
): Projections {
  const settings = { seed: run, draws, replayed };
  const net = project(history, workflow, responseOf(null), settings);
  if (world.response === null) return { net, stated: null, byValue: null };
  const response = responseOf(world.response);
  if (world.classes === undefined)
    return { net, stated: project(history, workflow, response, settings), byValue: null };
  const { projection, breakdown } = breakDown(history, workflow, response, settings);
  return { net, stated: projection, byValue: breakdown.byValue };
}

function projectionFigures({ world, projections, calibrated }: Parts): Figure[] {
  const { net, stated } = projections;
  const { organic } = stated ?? net;
  const figures: Figure[] = [];
  // Where time brings change, a projection is read as one of the weeks to come; what came anyway is the backtest's.
  if (world.future === undefined) {
    const { rate, low, high } = organic;
    if (!calibrated.alreadyMailed)
      figures.push({ id: 'organic rate', estimate: rate, low, high, truth: world.effect.control });
    if (stated !== null) figures.push(perMailed('stated projection', stated, world.effect.difference));
    figures.push(perMailed('net projection', net, world.effect.difference));
    return figures;
  }
  const months = world.future.days / MONTH_DAYS;
  for (const [id, projection] of [
    ['stated projection', stated],
    ['net projection', net],
  ] as const) {
    if (projection === null) continue;
    // Of everybody: the workflow of these worlds mails all but the held out.
    const scale = months / (1 - world.holdout);
    const { expected, low, high } = projection.per30Days.incremental;
    const times = (x: number | null) => (x === null ? null : x * scale);
    const truth = world.future.incremental;
    figures.push({ id, estimate: times(expected), low: times(low), high: times(high), truth });
  }
  return figures;
}

/** What the emails did to these very people, which only a world knows, against the interval foretold for people like them. */
function realisedFigures({ world, columns, unmailed, projections }: Parts): Figure[] {
  const { stated } = projections;
  if (stated === null || world.future !== undefined) return [];
  const converted = (of: EnrollmentColumns) => {
    let n = 0;
    for (let i = 0; i < of.n; i++)
      if (of.complete[i] === 1 && of.arms[i] === 0 && !Number.isNaN(of.goalTimes[i] as number)) n++;
    return n;
  };
  const { expected: estimate, low, high } = stated.incremental;
  return [{ id: 'realised increment', estimate, low, high, truth: converted(columns) - converted(unmailed) }];
}

/** Increment per person mailed. */
function perMailed(id: string, { incremental, mailed }: Projection, truth: number): Figure {
  const each = (x: number | null) => (x === null ? null : x / Math.max(1, mailed));
  const { expected, low, high } = incremental;
  return { id, estimate: each(expected), low: each(low), high: each(high), truth };
}

function segmentFigures({ world, projections }: Parts): Figure[] {
  const { byValue } = projections;
  if (byValue === null || world.classes === undefined) return [];
  return world.classes.flatMap(({ value, difference }): Figure[] => {
    const found = byValue.classes.find(
      ({ from, to }) => (from ?? Number.NEGATIVE_INFINITY) <= value && value < (to ?? Number.POSITIVE_INFINITY),
    );
    if (found === undefined) return [];
    const mailed = found.runs * (1 - world.holdout);
    const { expected, low, high } = found.because;
    const each = (x: number | null) => (x === null ? null : x / mailed);
    return [{ id: 'per segment', estimate: each(expected), low: each(low), high: each(high), truth: difference }];
  });
}

// ---------------------------------------------------------------- the history without emails

function curveFigures({ world, calibrated }: Parts): Figure[] {
  if (world.id === 'winback') return [];
  const figures = world.lookAtMs.map((at): Figure => {
    const point = calibrated.survival.findLast(({ t }) => t <= at);
    return {
      id: `not converted after ${humanDuration(at)}`,
      estimate: point?.notConverted ?? null,
      low: point?.byPerson.low ?? null,
      high: point?.byPerson.high ?? null,
      truth: world.law(at),
    };
  });
  const { p90 } = calibrated.recommended;
  if (world.lookAtMs.length > 0 && p90.low !== null) {
    const truth = percentileOfLaw(world.law, 0.9, world.horizonMs);
    figures.push({ id: 'P90 among converters', estimate: p90.value, low: p90.low, high: p90.high, truth });
  }
  return figures;
}

const RETURN_DAYS = 14;

/** Return after a silence, from one silence a person. */
function silenceFigures({ world, known, options }: Parts): Figure[] {
  if (world.id !== 'winback') return [];
  const all = buildGaps(known, { of: null, afterActive: null }, 'UTC');
  const isFirst = all.persons.map((person, i) => (i === 0 || all.persons[i - 1] !== person ? 1 : 0));
  const { curve } = dormancy(
    known,
    { ...all, qualified: Uint8Array.from(isFirst) },
    {
      churnMs: CHURN_DAYS * DAY_MS,
      timezone: 'UTC',
      replicates: options.replicates,
      random: seededRandom(options.run, 'proof silences'),
    },
  );
  return world.lookAtMs.flatMap((at): Figure[] => {
    const days = at / DAY_MS;
    const point = curve.find(({ inactive }) => inactive === at);
    if (point === undefined) return [];
    const { returns, low, high, gone } = point;
    const truth = returnWithin(SILENCE, days, RETURN_DAYS) as number;
    const lost = goneShare(SILENCE, days, CHURN_DAYS) as number;
    return [
      { id: `return after ${days} d of silence`, estimate: returns, low, high, truth },
      { id: `gone after ${days} d of silence`, estimate: gone, low: null, high: null, truth: lost },
    ];
  });
}

function futureFigures({ tested }: Parts): Figure[] {
  const all = tested.total.find(({ segment, measure }) => segment === 'all' && measure === 'organic');
  if (all === undefined) return [];
  const { expected, low95, high95, actual } = all;
  return [{ id: 'organic future', estimate: expected, low: low95, high: high95, truth: actual }];
}

// ---------------------------------------------------------------- the history with emails

function holdoutFigures({ world, measured }: Parts): Figure[] {
  const { treated, holdout } = measured.goal;
  const analysis: HoldoutAnalysis = analyzeCounts({
    nT: treated.n,
    xT: treated.x,
    nC: holdout.n,
    xC: holdout.x,
    ratio: { treated: 1 - world.holdout, control: world.holdout },
  });
  const arm = analysis.arms[0];
  assert(arm !== undefined, 'one treated arm gives one comparison');
  const limits = ([low, high]: readonly [number | null, number | null]) => ({ low, high });
  const { control, difference } = world.effect;
  const figures: Figure[] = [
    { id: 'holdout difference', estimate: arm.difference, ...limits(arm.newcombe ?? [null, null]), truth: difference },
    {
      id: 'relative lift',
      estimate: arm.relative.lift,
      ...limits(arm.relative.interval ?? [null, null]),
      truth: difference / control,
    },
    {
      id: 'sequential difference',
      estimate: arm.difference,
      ...limits(arm.sequential?.interval ?? [null, null]),
      truth: difference,
    },
  ];
  for (const { horizonMs, difference: truth } of world.byHorizon ?? []) {
    if (horizonMs === world.horizonMs) continue;
    const at = measured.byHorizon.find(({ within }) => within === horizonMs - world.windowMs);
    if (at === undefined) continue;
    const days = Math.round(horizonMs / DAY_MS);
    figures.push({ id: `holdout difference, ${days} d`, estimate: at.difference, ...limits(at.interval), truth });
  }
  return figures;
}

/** One entry a person, so that the truth per person-month is the effect over the mean time under observation. */
function personMonthFigures({ world, mailed, columns }: Parts): Figure[] {
  if (world.future !== undefined) return [];
  const arms = [0, 1].map(() => ({ outcomes: [] as number[], days: [] as number[] }));
  const goalMs = world.horizonMs - world.windowMs;
  for (let i = 0; i < columns.n; i++) {
    if (columns.complete[i] !== 1) continue;
    const arm = arms[columns.arms[i] as number] as (typeof arms)[number];
    arm.outcomes.push(Number.isNaN(columns.goalTimes[i] as number) ? 0 : 1);
    arm.days.push((mailed.observedUntil - (columns.triggerTimes[i] as number)) / DAY_MS);
  }
  const [treated, control] = arms as [(typeof arms)[number], (typeof arms)[number]];
  const found = measuredPersonMonth(treated, control, 0.05);
  if (found === null) return [];
  // Those watched to the end triggered evenly between the first moment and the last that leaves a goal window.
  const longest = world.watchedDays - world.windowMs / DAY_MS;
  const shortest = Math.max(goalMs / DAY_MS, longest - world.days);
  const truth = (world.effect.difference * MONTH_DAYS) / ((longest + shortest) / 2);
  const [low, high] = found.interval;
  return [{ id: 'person-month', estimate: found.difference, low, high, truth }];
}

// ---------------------------------------------------------------- the window, and warnings

/** Where a window is recommended: its rungs against the one the rule gives when asked of the law itself. */
function windowFigures({ world, calibrated }: Parts): Figure[] {
  const { settled, window, low, high } = calibrated.recommended;
  if (!settled) return [];
  const { rungMs } = windowOfLaw(world.law, world.horizonMs);
  return [{ id: 'recommended window', estimate: window, low, high, truth: rungMs }];
}

function warningsOf({ tested, projections, measured }: Parts): Record<Warning, boolean> {
  const { net, stated, byValue } = projections;
  const notices = (stated ?? net).notices;
  const says = (list: readonly string[], words: string) => list.some((notice) => notice.includes(words));
  return {
    'costs sales': says([...notices, ...measured.notices], 'Costs sales'),
    'one effect for all': byValue !== null && says([byValue.assumes ?? ''], 'one effect for all'),
    'mostly earlier': says(measured.notices, 'Mostly earlier'),
    'backtest fails': tested.verdict === 'fails',
    'other workflows': says(measured.notices, 'given the other workflows') || net.identified !== true,
    drift: says(net.notices, 'will not look like this sample'),
  };
}
