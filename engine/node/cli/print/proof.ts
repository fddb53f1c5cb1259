// A proof, for people: each figure's truth beside what came back, and how often its interval held the truth.

import { count, humanDuration, percent, points, rounded } from '../../../base/index.ts';
import type { FigureCoverage, Proof } from '../../../proof/index.ts';
import { isWrong } from '../../../proof/index.ts';
import { table, wrapped } from '../table.ts';

export function printProof(proof: Proof): string {
  const { model, title, runs, persons, figures, warnings, verdict, seed } = proof;
  const scored = figures.filter(({ id }) => id !== 'net projection');
  const net = figures.find(({ id }) => id === 'net projection');
  return [
    ...wrapped(`${model}: ${title}.`, 0, 2),
    ...wrapped(
      `${count(runs)} histories of about ${count(persons)} people each (seed ${seed}), through replay, calibration, projection, backtest and the reading of a holdout:`,
      0,
      2,
    ),
    '',
    table(
      ['figure', 'truth', 'mean found', '95% interval held', 'a faultless one', ''],
      scored.map((figure) => [
        figure.id,
        shown(figure, figure.truth),
        figure.estimates === 0 ? 'none' : shown(figure, figure.mean),
        figure.share === null ? 'no interval' : `${figure.covered} of ${figure.intervals}`,
        figure.band === null ? '' : `${figure.band[0]} to ${figure.band[1]}`,
        isWrong(figure) ? 'WRONG' : figure.verdict === 'too wide' ? 'wide' : 'right',
      ]),
    ),
    ...(net === undefined
      ? []
      : wrapped(
          `Not scored: with the graded default in place of the truth a projection says ${points(net.mean)} percentage points (truth ${points(net.truth)}) and held it in ${net.covered} of ${net.intervals}. It is what the literature holds, and knows nothing of this world.`,
          2,
          2,
        )),
    '',
    ...wrapped(
      `Warnings where nothing is wrong: ${warnings.map(({ id, share }) => `${id} ${share === 0 ? 'never' : `in ${percent(share)}`}`).join(', ')}.`,
      0,
      2,
    ),
    ...wrapped(verdict, 0, 2),
    ...wrapped(
      `With ${count(runs)} histories coverage is known to about ${rounded(196 * Math.sqrt((0.95 * 0.05) / runs), 2)} percentage points either way; --runs 500 tells finer.`,
      0,
      2,
    ),
  ].join('\n');
}

const TIMES = new Set(['P90 among converters', 'recommended window']);
const DIFFERENCES = new Set(['holdout difference', 'sequential difference', 'stated projection', 'person-month']);

function shown({ id }: FigureCoverage, value: number): string {
  if (TIMES.has(id)) return humanDuration(Math.round(value));
  if (DIFFERENCES.has(id)) return `${points(value)} pp`;
  if (id === 'organic future' || id === 'realised increment') return rounded(value);
  return percent(value, 1);
}
