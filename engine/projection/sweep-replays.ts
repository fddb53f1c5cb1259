// Settings that are replayed one by one, each projected on the same draws, so that a difference between two rows is the
// settings' and not the dice's. One setting needs nothing of another: they may be run anywhere, and are folded in order.

import { percentileInterval } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { projectWithDraws } from './project.ts';
import type { Projection } from './projection.ts';
import { isCartWorkflow, type ResponseModel } from './response.ts';
import { windowOf } from './sequence-times.ts';
import type { Sweep, SweepRow } from './sweep-result.ts';
import { timingEvidence } from './timing-evidence.ts';
import { hasWindow, type SweptWindow } from './window-settings.ts';

/** What running one setting takes beside the history; plain data. */
export interface SettingTask {
  readonly workflow: Workflow;
  /** Whether it is the workflow as it stands, of which an own holdout was measured. */
  readonly isLoaded: boolean;
  readonly response: ResponseModel;
  readonly seed: number;
  /** At least 1. */
  readonly draws: number;
}

/** What one setting came to; plain data. */
export interface SettingRun {
  readonly projection: Projection;
  /** By draw, on resampled people: conversions added, and profit. Empty where nothing was drawn. */
  readonly nets: Float64Array;
  readonly profits: Float64Array;
}

/** @throws UserError where the workflow cannot be replayed; whatever the signal throws when aborted */
export function runSetting(history: History, task: SettingTask, signal?: AbortSignal): SettingRun {
  const { workflow, isLoaded, response, seed, draws } = task;
  const { measured } = response;
  const own = measured === null || isLoaded ? {} : { measured: { ...measured, changed: true } };
  const replayed = replayWorkflow(history, workflow, signal === undefined ? {} : { signal });
  const { projection, run } = projectWithDraws(history, workflow, response, { seed, draws, replayed, ...own });
  const drawn = run?.resampled ?? [];
  return {
    projection,
    nets: Float64Array.from(drawn, ({ net }) => net),
    profits: Float64Array.from(drawn, ({ profit }) => profit),
  };
}

/** @param runs of the settings, in their order */
export function foldRuns(settings: readonly SweptWindow[], runs: readonly SettingRun[]): Sweep {
  const by = runs.every(({ projection }) => projection.profit.expected !== null) ? 'net' : 'incremental';
  const expected = runs.map(({ projection }) => (by === 'net' ? projection.profit : projection.incremental).expected);
  const best = expected.reduce<number>(
    (at, value, i) => (value !== null && (at < 0 || value > (expected[at] ?? Number.NEGATIVE_INFINITY)) ? i : at),
    -1,
  );
  const columns = runs.map(({ profits, nets }) => (by === 'net' ? profits : nets));
  const length = Math.min(...columns.map((column) => (column.length === 0 ? Number.POSITIVE_INFINITY : column.length)));
  const rounds = Number.isFinite(length) ? length : 0;
  const bestPerDraw = Array.from({ length: rounds }, (_, r) => {
    let at = -1;
    columns.forEach((column, i) => {
      if (column.length > 0 && (at < 0 || (column[r] as number) > (columns[at]?.[r] as number))) at = i;
    });
    return at;
  });
  const rows = settings.map(({ set, workflow }, i): SweepRow => {
    const { projection } = runs[i] as SettingRun;
    const { organic, incremental, profit, eligible } = projection;
    const anyway = organic.conversions;
    const why = organic.reason ?? incremental.reason ?? profit.reason;
    const pair =
      best < 0 || (columns[i] as Float64Array).length === 0
        ? null
        : percentileInterval(
            Array.from({ length: rounds }, (_, r) => (columns[best]?.[r] as number) - (columns[i]?.[r] as number)),
          );
    return {
      set,
      window: hasWindow(workflow) ? windowOf(workflow) : null,
      firstEmail: projection.wait,
      evidence: timingEvidence(isCartWorkflow(workflow), projection.wait),
      episodes: eligible,
      fired: eligible,
      wouldConvertAnyway: anyway,
      never: anyway === null ? null : eligible - anyway,
      waste: organic.rate,
      projected: {
        incremental: incremental.expected,
        low: incremental.low,
        high: incremental.high,
        ...(incremental.reason === undefined ? {} : { reason: incremental.reason }),
      },
      net: {
        expected: profit.expected,
        low: profit.low,
        high: profit.high,
        ...(profit.reason === undefined ? {} : { reason: profit.reason }),
      },
      pBest: rounds === 0 ? null : bestPerDraw.filter((b) => b === i).length / rounds,
      behind:
        pair === null
          ? null
          : { expected: (expected[best] as number) - (expected[i] as number), low: pair[0], high: pair[1] },
      breakEvenResponse: null,
      pAboveBreakEven: null,
      reason: [
        ...(why === undefined ? [] : [why]),
        'What pays for itself is worked out where waiting times are swept.',
      ].join(' '),
    };
  });
  const indistinguishable = rows.filter((row, i) => i !== best && row.behind !== null && row.behind.low <= 0);
  const first = runs[0] as SettingRun;
  return {
    horizon: Math.max(...settings.map(({ workflow }) => windowOf(workflow) + workflow.goal.withinMs)),
    rows,
    best: best < 0 ? null : (settings[best] as SweptWindow).set,
    ...(best < 0 ? { reason: first.projection.incremental.reason ?? 'No setting has a figure.' } : {}),
    by,
    indistinguishable: indistinguishable.map((row) => row.set),
    restsOn: [
      'each setting replayed over the whole history; counts are complete enrollments, which differ from setting to setting',
      'the increment rests on the assumed response, not on emails in this history',
    ],
    winnersCurse:
      best < 0 || rounds === 0
        ? null
        : bestPerDraw.reduce((sum, w, r) => sum + (columns[w]?.[r] as number) - (expected[w] as number), 0) / rounds,
    curves: null,
    clock: null,
    leftOut: Math.max(...runs.map(({ projection }) => projection.incomplete)),
    assumptions: first.projection.assumptions,
    notices: distinct([...horizonNotice(settings), ...runs.flatMap(({ projection }) => projection.notices)]),
  };
}

/** Where replayed settings wait for different times, each is watched from its own trigger: long ones for longer in all. */
function horizonNotice(settings: readonly SweptWindow[]): string[] {
  const windows = settings.map(({ workflow }) => windowOf(workflow));
  if (windows.every((window) => window === windows[0])) return [];
  return [
    'Windows differ among these settings and each is watched for the goal window after its own trigger: swept with nothing but delays, incentives and prices beside them, they share one horizon from the anchor.',
  ];
}

/** The first of those that differ in nothing but their figures. */
function distinct(notices: readonly string[]): string[] {
  return [
    ...new Map(notices.toReversed().map((notice) => [notice.replace(/[\d.,]+/g, '#'), notice])).values(),
  ].toReversed();
}
