// Worlds in which the tool is right, and six in which a model of it is wrong, each asked many times for the same figures
// (methods K): where intervals hold, where they do not, and whether the tool says so itself. A cell that fails is a limit
// to publish; a cell that fails without its warning is a defect, and so is a warning where nothing is wrong.

import { type Run, runChain, type Warning } from './chain.ts';
import { coverageBand, coverageOf, type FigureCoverage, figuresOf, NOMINAL, warningShare } from './coverage.ts';
import { cartWorld, saasWorld, type World, winbackWorld } from './worlds.ts';
import { WRONG_WORLDS, type WrongWorld } from './wrong-worlds.ts';

export const COLUMNS = [
  'organic future',
  'net projection',
  'holdout difference',
  'per segment',
  'person-month',
  'recommended window',
] as const;
export type Column = (typeof COLUMNS)[number];

export interface Cell {
  readonly column: Column;
  /** Share of the runs with an interval in which it held the truth. */
  readonly covered: number;
  readonly runs: number;
  /** Mean of estimate − truth over the size of the truth; null where there is no estimate. */
  readonly bias: number | null;
  readonly verdict: 'holds' | 'degraded' | 'fails' | 'conservative';
}

export interface MapRow {
  readonly world: string;
  readonly breaks: string | null;
  /** Histories it rests on. */
  readonly runs: number;
  readonly cells: readonly Cell[];
  readonly warnings: Readonly<Record<Warning, number>>;
  /** Further figures of the world, such as other horizons. */
  readonly more: readonly FigureCoverage[];
}

export interface FailureMap {
  readonly seed: number;
  readonly rows: readonly MapRow[];
  /** In sentences; empty where all is as it should be. */
  readonly defects: readonly string[];
}

export interface MapOptions {
  readonly runs: number;
  readonly seed: number;
  readonly draws?: number;
  readonly replicates?: number;
  /** Names of worlds; absent: all. */
  readonly worlds?: readonly string[];
  readonly onRun?: (world: string, done: number) => void;
  readonly signal?: AbortSignal;
}

const WARNINGS: readonly Warning[] = [
  'costs sales',
  'one effect for all',
  'mostly earlier',
  'backtest fails',
  'other workflows',
  'drift',
];

/** The warning a world calls for. */
export const WARNING_OF: Readonly<Record<string, Warning>> = {
  harm: 'costs sales',
  heterogeneous: 'one effect for all',
  acceleration: 'mostly earlier',
  seasonality: 'backtest fails',
  interference: 'other workflows',
  drift: 'drift',
};

/** Where the difference a holdout shows must be right although a model is wrong. */
const MUST_HOLD = new Set(['harm', 'heterogeneous', 'acceleration', 'interference']);
const LEAST_WARNED = 0.8;
const MOST_FALSE = 0.05;

export function allWorlds(): (World & Partial<WrongWorld>)[] {
  return [cartWorld(), saasWorld(), winbackWorld(), ...WRONG_WORLDS.map((make) => make())];
}

export function failureMap(options: MapOptions): FailureMap {
  const { runs, seed, draws = 300, replicates } = options;
  const wanted = allWorlds().filter(({ id }) => options.worlds?.includes(id) ?? true);
  const rows = wanted.map((world): MapRow => {
    const done: Run[] = [];
    for (let run = 0; run < runs; run++) {
      options.signal?.throwIfAborted();
      // Percentiles of a bootstrap are asked of the worlds whose curves are looked at.
      done.push(
        runChain(world, { seed, run, draws, replicates: replicates ?? (world.lookAtMs.length > 0 ? 200 : 50) }),
      );
      options.onRun?.(world.id, run + 1);
    }
    return rowOf(world, done);
  });
  return mapOf(rows, seed);
}

/** A map of rows, which may have been made one by one. */
export function mapOf(rows: readonly MapRow[], seed: number): FailureMap {
  return { seed, rows, defects: rows.flatMap(defectsOf) };
}

export function rowOf(world: World & Partial<WrongWorld>, runs: readonly Run[]): MapRow {
  const byId = figuresOf(runs);
  const cells = COLUMNS.flatMap((column): Cell[] => {
    const figures = byId.get(column);
    if (figures === undefined) return [];
    const { share: covered, intervals, truth, bias, estimates } = coverageOf(column, figures, 0.05);
    // A window given in few runs is the answer "not settled".
    if (covered === null || (column === 'recommended window' && intervals < runs.length / 5)) return [];
    const size = Math.abs(truth) > 1e-9 ? bias / Math.abs(truth) : null;
    return [{ column, covered, runs: intervals, bias: estimates === 0 ? null : size, verdict: verdictOf(covered) }];
  });
  const isColumn = (id: string) => (COLUMNS as readonly string[]).includes(id);
  const more = [...byId].filter(([id]) => !isColumn(id)).map(([id, figures]) => coverageOf(id, figures, 0.05));
  const warnings = Object.fromEntries(WARNINGS.map((id) => [id, warningShare(runs, id)])) as MapRow['warnings'];
  return { world: world.id, breaks: world.breaks ?? null, runs: runs.length, cells, warnings, more };
}

/** Bounds of methods K. */
export function verdictOf(covered: number): Cell['verdict'] {
  if (covered < 0.8) return 'fails';
  if (covered < 0.93) return 'degraded';
  return covered <= 0.97 ? 'holds' : 'conservative';
}

export function defectsOf({ world, breaks, cells, warnings }: MapRow): string[] {
  const defects: string[] = [];
  const percent = (share: number) => `${Math.round(1000 * share) / 10}%`;
  const called = WARNING_OF[world];
  for (const { column, covered, runs, verdict } of cells) {
    // Below what so many runs of an interval that holds 95 % would show but once in a hundred.
    const isShort = Math.round(covered * runs) < coverageBand(runs, NOMINAL, 0.02)[0];
    if (MUST_HOLD.has(world) && column === 'holdout difference' && isShort) {
      defects.push(`${world}: the holdout's difference must hold and covers ${percent(covered)}.`);
    }
    // What a default out of the literature claims of a world it knows nothing of is no failure of the tool's warnings.
    if (verdict !== 'fails' || column === 'net projection') continue;
    const warned = called === undefined ? 0 : warnings[called];
    if (warned < LEAST_WARNED)
      defects.push(
        `${world}: ${column} covers ${percent(covered)}, and the warning comes in ${percent(warned)} of runs.`,
      );
  }
  if (breaks === null) {
    for (const id of WARNINGS) {
      if (warnings[id] > MOST_FALSE)
        defects.push(`${world}: the warning "${id}" comes in ${percent(warnings[id])} of runs, and nothing is wrong.`);
    }
  }
  return defects;
}
