// A known effect planted many times and looked for by the whole chain: whether what came back is the truth, how often
// the intervals hold it, and how sure of that so many runs make. A small number of runs takes seconds and finds what is
// badly wrong; a large one measures coverage to the percent.

import { percent } from '../base/index.ts';
import { type ChainOptions, type Run, runChain } from './chain.ts';
import { coverageOf, type FigureCoverage, figuresOf, warningShare } from './coverage.ts';
import { WORLDS, type World } from './worlds.ts';

export type ProofModel = keyof typeof WORLDS;

export interface ProofOptions extends Partial<Omit<ChainOptions, 'run'>> {
  readonly runs: number;
  readonly onRun?: (done: number) => void;
  readonly signal?: AbortSignal;
}

export interface Proof {
  readonly model: ProofModel;
  readonly title: string;
  readonly seed: number;
  readonly runs: number;
  readonly persons: number;
  /** All are held against their bands; but for `net projection`, which rests on the graded default and is only shown. */
  readonly figures: readonly FigureCoverage[];
  /** Chance that a chain without fault is found wanting somewhere. */
  readonly falseAlarm: number;
  /** Share of runs with each warning; none belongs here. */
  readonly warnings: readonly { readonly id: string; readonly share: number }[];
  readonly holds: boolean;
  readonly verdict: string;
}

const FALSE_ALARM = 0.01;
/**
 * Figures whose intervals are known to be wider than they claim: the sequence holds at every look, the lift's interval
 * has other coverage at few conversions, a projection counts people drawn anew, and a rung or a week is a coarse unit.
 */
const MAY_BE_WIDE = new Set([
  'sequential difference',
  'stated projection',
  'organic future',
  'relative lift',
  'recommended window',
]);
/** A ratio and a percentile of a sample are off by nature, less and less with its size. */
const MAY_BE_OFF = new Set(['relative lift', 'P90 among converters', 'recommended window']);
/** With the graded default a projection claims what the literature holds, not the truth of this world. */
const ASSUMED = 'net projection';

export function prove(model: ProofModel, options: ProofOptions): Proof {
  const world: World = WORLDS[model]();
  const { seed = 1, replicates = 200, draws = 300 } = options;
  const runs: Run[] = [];
  for (let run = 0; run < options.runs; run++) {
    options.signal?.throwIfAborted();
    runs.push(runChain(world, { seed, run, replicates, draws }));
    options.onRun?.(run + 1);
  }
  const byId = figuresOf(runs);
  // Each figure is looked at twice: how often its interval holds, and whether its mean is off.
  const alpha = FALSE_ALARM / Math.max(1, 2 * byId.size);
  const figures = [...byId].map(([id, list]) => coverageOf(id, list, alpha));
  const wrong = figures.filter(isWrong);
  const holds = wrong.length === 0;
  const warnings = (['costs sales', 'mostly earlier', 'backtest fails', 'other workflows', 'drift'] as const).map(
    (id) => ({
      id,
      share: warningShare(runs, id),
    }),
  );
  return {
    model,
    title: world.title,
    seed,
    runs: options.runs,
    persons: Math.round(runs.length === 0 ? 0 : personsOf(world)),
    figures,
    falseAlarm: FALSE_ALARM,
    warnings,
    holds,
    verdict: holds
      ? `Every figure lies where a chain without fault would have it; by chance alone one of ${figures.length} would not in ${percent(FALSE_ALARM)} of such proofs.`
      : `Outside what chance explains: ${wrong.map(({ id }) => id).join(', ')}.`,
  };
}

/** The mean number of people of a run; the number itself is drawn. */
function personsOf(world: World): number {
  return world.population({ uniform: () => 0.5, normal: () => 0, below: () => 0 }).n;
}

export function isWrong(figure: FigureCoverage): boolean {
  const { id, verdict, bias, biasBound } = figure;
  if (id === ASSUMED) return false;
  if (verdict === 'fails') return true;
  if (verdict === 'too wide' && !MAY_BE_WIDE.has(id)) return true;
  return !MAY_BE_OFF.has(id) && biasBound !== null && Math.abs(bias) > biasBound + 1e-12;
}
