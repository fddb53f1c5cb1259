// One row for each setting. A swept window reads the history once for all of them; any other path is replayed setting by
// setting, on common draws, so that a difference between two rows is the settings' and not the dice's.

import { UserError } from '../base/index.ts';
import { percentileInterval } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { projectWithDraws } from './project.ts';
import { isCartWorkflow, type ResponseModel } from './response.ts';
import { windowOf } from './sequence-times.ts';
import { asGood } from './sweep-choice.ts';
import type { Settings, Sweep, SweepRow } from './sweep-result.ts';
import { sweepWindows } from './sweep-windows.ts';
import { timingEvidence } from './timing-evidence.ts';
import { isAnswerable } from './window-settings.ts';

export interface SweepDimension {
  readonly path: string;
  /** As `--set` takes them. */
  readonly values: readonly string[];
}

export interface SweepOptions {
  readonly seed: number;
  /** Of the bootstrap, default 1000; a replayed setting draws as many. */
  readonly replicates?: number;
  readonly signal?: AbortSignal;
  /** Settings done. */
  readonly onProgress?: (done: number, total: number) => void;
}

const WINDOW_PATH = /^trigger\.(within|for)$|^trigger\.triggers(\[\d+\]|\.\d+)\.(within|for)$/;
const MOST_SETTINGS = 500;

/**
 * @param makeWorkflow the workflow as loaded under `path=value` overrides; throws on what is wrong with them
 * @throws UserError `NOTHING_SWEPT`, `TOO_MANY_SETTINGS`, and what makeWorkflow and replays throw
 */
export function sweep(
  history: History,
  over: readonly SweepDimension[],
  makeWorkflow: (sets: readonly string[]) => Workflow,
  response: ResponseModel,
  options: SweepOptions,
): Sweep {
  const settings = settingsOf(over);
  const loaded = makeWorkflow([]);
  const replicates = options.replicates ?? 1000;
  const hasWindowPath = over.some(({ path }) => WINDOW_PATH.test(path));
  if (hasWindowPath && hasWindow(loaded)) {
    const windows = settings.map((set) => ({ set, workflow: makeWorkflow(setsOf(set)) }));
    const others = windows.map((w) => w.workflow);
    if (isAnswerable(loaded, others)) {
      const look = (done: number) => {
        options.signal?.throwIfAborted();
        options.onProgress?.(Math.floor((settings.length * done) / replicates), settings.length);
      };
      const swept = sweepWindows(history, loaded, windows, response, { seed: options.seed, replicates, look });
      options.onProgress?.(settings.length, settings.length);
      return withAsGood(swept);
    }
  }
  return withAsGood(sweepReplays(history, settings, makeWorkflow, response, { ...options, replicates }));
}

function withAsGood(swept: Sweep): Sweep {
  return { ...swept, asGood: asGood(swept) };
}

/** All combinations, the last dimension turning fastest. */
function settingsOf(over: readonly SweepDimension[]): Settings[] {
  if (over.length === 0 || over.some((dimension) => dimension.values.length === 0)) {
    throw new UserError(
      'NOTHING_SWEPT',
      'A sweep needs at least one path with values, such as trigger.within=30m,1h,2h.',
    );
  }
  const total = over.reduce((product, dimension) => product * dimension.values.length, 1);
  if (total > MOST_SETTINGS) {
    throw new UserError('TOO_MANY_SETTINGS', `That is ${total} settings; at most ${MOST_SETTINGS} are swept at once.`);
  }
  return over.reduce<Settings[]>(
    (done, { path, values }) => done.flatMap((set) => values.map((value) => ({ ...set, [path]: value }))),
    [{}],
  );
}

function setsOf(set: Settings): string[] {
  return Object.entries(set).map(([path, value]) => `${path}=${value}`);
}

function hasWindow(workflow: Workflow): boolean {
  const { trigger } = workflow;
  return trigger.type === 'inaction' || trigger.type === 'absence';
}

function sweepReplays(
  history: History,
  settings: readonly Settings[],
  makeWorkflow: (sets: readonly string[]) => Workflow,
  response: ResponseModel,
  options: SweepOptions & { readonly replicates: number },
): Sweep {
  const tested = makeWorkflow([]).hash;
  const runs = settings.map((set, i) => {
    options.signal?.throwIfAborted();
    const workflow = makeWorkflow(setsOf(set));
    const { measured } = response;
    // What was measured was measured of the workflow as it stands.
    const own = measured === null || workflow.hash === tested ? {} : { measured: { ...measured, changed: true } };
    const replayed = replayWorkflow(history, workflow, options.signal === undefined ? {} : { signal: options.signal });
    const draws = Math.max(1, options.replicates);
    const { projection, run } = projectWithDraws(history, workflow, response, {
      seed: options.seed,
      draws,
      replayed,
      ...own,
    });
    options.onProgress?.(i + 1, settings.length);
    return { set, workflow, projection, run };
  });
  const by = runs.every(({ projection }) => projection.profit.expected !== null) ? 'net' : 'incremental';
  const expected = runs.map(({ projection }) => (by === 'net' ? projection.profit : projection.incremental).expected);
  const best = expected.reduce<number>(
    (at, value, i) => (value !== null && (at < 0 || value > (expected[at] ?? Number.NEGATIVE_INFINITY)) ? i : at),
    -1,
  );
  const drawsOf = (i: number) =>
    (runs[i]?.run?.resampled ?? []).map((outcome) => (by === 'net' ? outcome.profit : outcome.net));
  const columns = runs.map((_, i) => drawsOf(i));
  const length = Math.min(...columns.map((column) => (column.length === 0 ? Number.POSITIVE_INFINITY : column.length)));
  const rounds = Number.isFinite(length) ? length : 0;
  const bestPerDraw = Array.from({ length: rounds }, (_, r) => {
    let at = -1;
    columns.forEach((column, i) => {
      if (column.length > 0 && (at < 0 || (column[r] as number) > (columns[at]?.[r] as number))) at = i;
    });
    return at;
  });
  const rows = runs.map(({ set, workflow, projection }, i): SweepRow => {
    const { organic, incremental, profit, eligible } = projection;
    const anyway = organic.conversions;
    const why = organic.reason ?? incremental.reason ?? profit.reason;
    const pair =
      best < 0 || (columns[i] as number[]).length === 0
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
  const first = runs[0] as (typeof runs)[number];
  return {
    horizon: Math.max(...runs.map(({ workflow }) => windowOf(workflow) + workflow.goal.withinMs)),
    rows,
    best: best < 0 ? null : (settings[best] as Settings),
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
    notices: distinct([...horizonNotice(runs), ...runs.flatMap(({ projection }) => projection.notices)]),
  };
}

/** Where replayed settings wait for different times, each is watched from its own trigger: long ones for longer in all. */
function horizonNotice(runs: readonly { readonly workflow: Workflow }[]): string[] {
  const windows = runs.map(({ workflow }) => windowOf(workflow));
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
