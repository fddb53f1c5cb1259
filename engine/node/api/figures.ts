// Every figure of a workflow's answers as one tidy table, a row a figure: for spreadsheets and notebooks. Counted figures
// are read off the history; projected ones rest on an assumption and carry their interval.

import type { CalibrateAnswer, ProjectAnswer, ReplayAnswer, WindowCurveAnswer } from '../../api/index.ts';
import type { Estimate } from '../../projection/index.ts';

export interface Figure {
  /** `replay.steps.email1.sent`; the JSON of the command of that name has the same path where it has the figure. */
  readonly name: string;
  /** Null where there is no answer. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly unit: string;
  readonly kind: 'counted' | 'projected';
}

export interface FigureSources {
  readonly replay: ReplayAnswer;
  readonly projection: ProjectAnswer;
  /** Null for triggers without a waiting time. */
  readonly calibration: CalibrateAnswer | null;
  readonly windows: WindowCurveAnswer | null;
}

export function figuresOf({ replay, projection, calibration, windows }: FigureSources): Figure[] {
  return [
    ...replayFigures(replay),
    ...(calibration === null ? [] : calibrationFigures(calibration)),
    ...(windows === null ? [] : windowFigures(windows)),
    ...projectionFigures(projection),
  ];
}

function counted(
  name: string,
  value: number | null,
  unit: string,
  low: number | null = null,
  high: number | null = null,
) {
  return { name, value, low, high, unit, kind: 'counted' } as const;
}

function projected(name: string, { expected, low, high }: Estimate, unit: string): Figure {
  return { name, value: expected, low, high, unit, kind: 'projected' };
}

function replayFigures(replay: ReplayAnswer): Figure[] {
  const { candidates, pending, alreadyEnrolled, suppressed, enrolled, steps, branches, exits, goal } = replay;
  const of = (name: string, value: number | null, unit = 'enrollments') => counted(`replay.${name}`, value, unit);
  return [
    of('candidates', candidates, 'candidates'),
    of('pending', pending, 'candidates'),
    of('alreadyEnrolled', alreadyEnrolled, 'candidates'),
    ...Object.entries(suppressed).map(([key, n]) => of(`suppressed.${key}`, n, 'candidates')),
    of('enrolled.treated', enrolled.treated),
    of('enrolled.holdout', enrolled.holdout),
    ...steps.flatMap((step) => [
      of(`steps.${step.id}.due`, step.due, 'emails'),
      of(`steps.${step.id}.sent`, step.sent, 'emails'),
      of(`steps.${step.id}.ghost`, step.ghost, 'emails'),
      ...Object.entries(step.skipped).map(([key, n]) => of(`steps.${step.id}.skipped.${key}`, n, 'emails')),
      of(`steps.${step.id}.movedPastEnd`, step.movedPastEnd, 'emails'),
      of(`steps.${step.id}.exitedBefore`, step.exitedBefore, 'emails'),
      of(`steps.${step.id}.pending`, step.pending, 'emails'),
      of(`steps.${step.id}.moved.count`, step.moved.count, 'emails'),
      ...(step.moved.count === 0 ? [] : [of(`steps.${step.id}.moved.medianDelayMs`, step.moved.medianDelayMs, 'ms')]),
    ]),
    ...branches.flatMap((branch) => [
      ...branch.paths.map(({ id, taken }) => of(`branches.${branch.id}.${id}.taken`, taken)),
      of(`branches.${branch.id}.else.taken`, branch.else.taken),
      of(`branches.${branch.id}.pending`, branch.pending),
      of(`branches.${branch.id}.exitedBefore`, branch.exitedBefore),
    ]),
    ...Object.entries(exits).map(([key, n]) => of(`exits.${key}`, n)),
    ...(['treated', 'holdout'] as const).flatMap((arm) => [
      of(`goal.${arm}.n`, goal[arm].n),
      of(`goal.${arm}.incomplete`, goal[arm].incomplete),
      of(`goal.${arm}.converted`, goal[arm].converted, 'conversions'),
      of(`goal.${arm}.rate`, goal[arm].rate, 'fraction'),
      of(`goal.${arm}.value`, goal[arm].value, 'money'),
    ]),
  ];
}

function calibrationFigures(calibration: CalibrateAnswer): Figure[] {
  const { current, recommended, percentilesAmongConverters: among } = calibration;
  const of = (name: string, value: number | null, unit: string) => counted(`calibrate.${name}`, value, unit);
  return [
    of('horizon', calibration.horizon, 'ms'),
    of('anchors', calibration.anchors, 'episodes'),
    of('converted', calibration.converted, 'episodes'),
    of('lapsed', calibration.lapsed, 'episodes'),
    of('open', calibration.open, 'episodes'),
    of('persons', calibration.persons, 'people'),
    ...(['p50', 'p75', 'p90', 'p95'] as const).map((p) => of(`percentilesAmongConverters.${p}`, among[p], 'ms')),
    of('current.window', current.window, 'ms'),
    of('current.episodes', current.episodes, 'episodes'),
    of('current.triggered', current.triggered, 'episodes'),
    of('current.wouldConvertAnyway', current.wouldConvertAnyway, 'episodes'),
    of('current.never', current.never, 'episodes'),
    counted('calibrate.recommended.window', recommended.window, 'ms', recommended.low, recommended.high),
    counted('calibrate.recommended.p90', recommended.p90.value, 'ms', recommended.p90.low, recommended.p90.high),
  ];
}

function windowFigures({ horizon, episodes, never, rungs }: WindowCurveAnswer): Figure[] {
  return [
    counted('windows.horizon', horizon, 'ms'),
    counted('windows.episodes', episodes, 'episodes'),
    counted('windows.never', never, 'episodes'),
    ...rungs.flatMap(({ window, fired, wouldConvertAnyway }) => [
      counted(`windows.${window}.fired`, fired, 'episodes'),
      counted(`windows.${window}.wouldConvertAnyway`, wouldConvertAnyway, 'episodes'),
    ]),
  ];
}

function projectionFigures(projection: ProjectAnswer): Figure[] {
  const { organic, incremental, sends, unsubscribes, revenue, profit, per30Days } = projection;
  const of = (
    name: string,
    value: number | null,
    unit: string,
    low: number | null = null,
    high: number | null = null,
  ) => counted(`project.${name}`, value, unit, low, high);
  return [
    of('eligible', projection.eligible, 'enrollments'),
    of('mailed', projection.mailed, 'enrollments'),
    of('incomplete', projection.incomplete, 'enrollments'),
    of('persons', projection.persons, 'people'),
    of('organic.conversions', organic.conversions, 'conversions'),
    of('organic.rate', organic.rate, 'fraction', organic.low, organic.high),
    of('organic.value', organic.value, 'money'),
    projected('project.incremental', incremental, 'conversions'),
    projected('project.sends', sends, 'emails'),
    projected('project.unsubscribes', unsubscribes, 'people'),
    projected('project.revenue', revenue, 'money'),
    projected('project.profit', profit, 'money'),
    projected('project.per30Days.incremental', per30Days.incremental, 'conversions per 30 days'),
    projected('project.per30Days.revenue', per30Days.revenue, 'money per 30 days'),
    projected('project.per30Days.profit', per30Days.profit, 'money per 30 days'),
  ];
}
