// The charts of Calibrate and Simulate as pictures, from the answers behind them: pure, so that each can be made without
// its screen. A chart that cannot be drawn says why.

import type {
  CalibrateAnswer,
  ProjectAnswer,
  SweepAnswer,
  WindowCurveAnswer,
  WorkflowFile,
} from '../../../engine/api/index.ts';
import { type Currency, humanDuration as duration, parseDuration } from '../../../engine/base/index.ts';
import { profitParts } from '../../../engine/report/index.ts';
import { FUNNEL_TITLE, funnelOption, funnelTable } from '../../charts/funnel.ts';
import { pairedOption, pairedPoints, pairedTable } from '../../charts/paired-windows.ts';
import type { Picture } from '../../charts/picture.ts';
import { PROFIT_TITLE, profitOption, profitTable } from '../../charts/profit-steps.ts';
import { type Running, runningPicture, runningTable, runningTitle } from '../../charts/running-total.ts';
import { survivalOption, survivalTable } from '../../charts/survival.ts';
import { wasteOption, wastePoints, wasteTable } from '../../charts/waste-reach.ts';
import type { WaitSetting } from '../../state/questions.ts';
import type { Asked } from '../../state/types.ts';
import { handleRungs } from '../calibrate/window-figures.ts';
import { termsOf } from '../simulate/words.ts';

export interface ChartToSave {
  readonly key: string;
  readonly screen: 'Calibrate' | 'Simulate';
  readonly title: string;
  /** Null while it is made, or where it cannot be. */
  readonly picture: Picture | null;
  /** Why not, in words. */
  readonly why: string | null;
}

export interface ChartSources {
  readonly project: Asked<ProjectAnswer>;
  readonly breakdown: Asked<{ readonly running: Running | null; readonly reason?: string }>;
  readonly calibrate: Asked<CalibrateAnswer>;
  readonly windows: Asked<WindowCurveAnswer>;
  readonly sweep: Asked<SweepAnswer>;
  readonly file: WorkflowFile | null;
  readonly wait: WaitSetting | null;
  readonly currency: Currency;
}

const WIDTH = 880;
const TALL = 380;
const LOW = 300;
const PROFIT_ROW = 30;

export function chartsToSave(sources: ChartSources): ChartToSave[] {
  return [...calibrateCharts(sources), ...simulateCharts(sources)];
}

// ---------------------------------------------------------------- Simulate

function simulateCharts({ project, breakdown, file, currency }: ChartSources): ChartToSave[] {
  const chart = (key: string, title: string, made: Made): ChartToSave => ({ key, screen: 'Simulate', title, ...made });
  const projection = current(project);
  if (projection === null) {
    const waits = waiting(project);
    return [
      chart('funnel', FUNNEL_TITLE, waits),
      chart('running', 'Running total', waits),
      chart('profit', PROFIT_TITLE, waits),
    ];
  }
  const terms = termsOf(projection, file);
  const title = runningTitle(projection.horizon, terms);
  const found = profitParts(projection.profit);
  return [
    chart(
      'funnel',
      FUNNEL_TITLE,
      drawn(FUNNEL_TITLE, '', TALL, {
        option: (theme, size) => funnelOption(projection, terms, theme, size),
        table: funnelTable(projection, terms),
      }),
    ),
    chart('running', title, runningChart(breakdown, title, terms)),
    chart(
      'profit',
      PROFIT_TITLE,
      found === null
        ? { picture: null, why: projection.profit.reason ?? 'The profit is not known.' }
        : drawn(PROFIT_TITLE, 'mean, projected', (found.parts.length + 1) * PROFIT_ROW, {
            option: (theme, size) => profitOption({ ...found, currency }, theme, size),
            table: profitTable({ ...found, currency }),
          }),
    ),
  ];
}

function runningChart(
  breakdown: ChartSources['breakdown'],
  title: string,
  terms: Parameters<typeof runningTable>[1],
): Made {
  const answer = current(breakdown);
  if (answer === null) return waiting(breakdown);
  const { running, reason } = answer;
  if (running === null) return { picture: null, why: reason ?? 'The running total is not known.' };
  return drawn(title, 'bands 80% and 95%, projected', TALL, {
    option: (theme, size) => runningPicture(running, theme, size),
    table: runningTable(running, terms),
  });
}

// ---------------------------------------------------------------- Calibrate

function calibrateCharts({ calibrate, windows, sweep, file, wait, currency }: ChartSources): ChartToSave[] {
  const chart = (key: string, title: string, made: Made): ChartToSave => ({ key, screen: 'Calibrate', title, ...made });
  const calibration = current(calibrate);
  const inForce = wait === null ? null : parseDuration(wait.value);
  if (calibration === null || inForce === null || calibration.anchors === 0) {
    const made =
      inForce === null
        ? NO_WINDOW
        : calibration === null
          ? waiting(calibrate)
          : { picture: null, why: `The history has no ${calibration.anchor}.` };
    return [
      chart('survival', 'Time to the goal', made),
      chart('waste', WASTE, made),
      chart('paired', 'Windows compared', made),
    ];
  }
  const terms = termsOf({ subject: calibration }, file);
  const rungs = windows.value === null ? [] : handleRungs(windows.value, calibration.horizon).slice(0, 1);
  const input = { calibration, window: inForce, rungs, terms };
  const title = `Share of ${terms.anchors} not yet ${terms.done}`;
  const swept = current(sweep);
  const points = swept === null ? [] : wastePoints(swept);
  const paired = swept === null ? null : { points: pairedPoints(swept), by: swept.by, currency };
  const against = `${paired?.by === 'incremental' ? 'Projected effect' : 'Projected profit'} against ${duration(swept?.curves?.referenceWindow ?? inForce)}`;
  const nothing: Made =
    swept === null
      ? waiting(sweep)
      : { picture: null, why: swept.rows[0]?.net.reason ?? swept.notices[0] ?? 'Nothing could be projected here.' };
  return [
    chart(
      'survival',
      title,
      drawn(title, `log time; 95% band by person; grey: ${terms.done} after ${duration(inForce)}`, TALL, {
        option: (theme, size) => survivalOption(input, theme, size),
        table: survivalTable(input),
      }),
    ),
    chart(
      'waste',
      WASTE,
      points.length === 0
        ? nothing
        : drawn(WASTE, 'of 100 emailed, by window', LOW, {
            option: (theme, size) => wasteOption({ points, window: inForce, terms }, theme, size),
            table: wasteTable(points, terms),
          }),
    ),
    chart(
      'paired',
      against,
      paired === null || paired.points.length === 0
        ? nothing
        : drawn(against, 'paired 95% interval', LOW, {
            option: (theme, size) => pairedOption(paired, theme, size),
            table: pairedTable(paired),
          }),
    ),
  ];
}

const WASTE = 'Waste against reach';
const NO_WINDOW: Made = { picture: null, why: 'The trigger waits for nothing, so there is no window to judge.' };

// ----------------------------------------------------------------

type Made = Pick<ChartToSave, 'picture' | 'why'>;

function drawn(title: string, hint: string, height: number, made: Pick<Picture, 'option' | 'table'>): Made {
  return { picture: { title, hint, size: { width: WIDTH, height }, ...made }, why: null };
}

/** The answer to the question as it stands. */
function current<T>({ value, isCurrent }: Asked<T>): T | null {
  return isCurrent ? value : null;
}

function waiting({ status, problem }: Pick<Asked<unknown>, 'status' | 'problem'>): Made {
  return { picture: null, why: status === 'failed' && problem !== null ? problem.message : null };
}
