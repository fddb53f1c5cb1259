// The failure map as a page of the docs. Every figure on it comes from the run that wrote it.

import { count, humanDuration, percent, probability, rounded } from '../base/index.ts';
import type { FigureCoverage } from './coverage.ts';
import { type Cell, COLUMNS, type FailureMap, type MapRow, WARNING_OF } from './failure-map.ts';
import type { Peeking, Uniformity, ValueCoverage } from './looking.ts';

export interface Studies {
  readonly nothing: Uniformity;
  readonly peeking: Peeking;
  readonly value: ValueCoverage;
}

export function failurePage(map: FailureMap, studies: Studies): string {
  const { rows, seed, defects } = map;
  const right = rows.filter(({ breaks }) => breaks === null);
  const error = (n: number) => rounded(196 * Math.sqrt((0.95 * 0.05) / n), 2);
  const counts = rows.map((row) => row.runs);
  const [fewest, most] = [Math.min(...counts), Math.max(...counts)];
  return `${[
    '# Where the figures hold, and where they do not',
    `Written by \`npm run proof\` (seed ${seed}); not edited by hand. Seeded histories of each world, as many as its row says, go through replay, calibration, projection, backtest and the reading of a holdout, and every interval is held against a truth computed in closed form. Coverage near 95% is known to ${error(most)}${fewest === most ? '' : ` (where ${count(fewest)} histories were made, to ${error(fewest)})`} percentage points either way; a cell *holds* from 93 to 97%, is *degraded* from 80 to 93%, *fails* below 80% and is *conservative* above 97%. Bias is the mean of estimate minus truth, in sizes of the truth.`,
    'In the first three worlds the model is right, or right enough (adoption works by another mechanism than the projection assumes). In the others one thing is wrong each. About 5,000 people fire in each of these, 10% are held out; in the first three 30% are.',
    '## The map',
    tableOf(
      ['world', 'what is wrong', 'histories', ...COLUMNS, 'its warning came in'],
      rows.map((row) => [
        row.world,
        row.breaks ?? 'nothing',
        count(row.runs),
        ...COLUMNS.map((column) => cellText(row.cells.find((cell) => cell.column === column))),
        warningText(row),
      ]),
    ),
    [
      '- *organic future*: conversions without emails in the weeks after the split, foretold from the weeks before it, against what came (interval of the backtest).',
      '- *net projection*: the increment with the graded default out of the literature, which knows nothing of the world; per person mailed, in seasonality and drift for the weeks to come. Where it is conservative the truth lies well inside what the literature leaves open; where it fails the literature does not reach that world.',
      '- *holdout difference*: Newcombe interval of the arms at the goal window. *person-month*: the same per 30 observed person-days.',
      '- *per segment*: increments by the value of the cart, with the one response that gives the right total.',
      '- *recommended window*: rungs of the 90% rule against what the rule gives when asked of the law itself; empty where it is "not settled" in more than four of five histories.',
      '- An empty cell is not asked in that world.',
    ].join('\n'),
    '## What must hold, and defects',
    defects.length === 0
      ? 'None: but for the net projection, which claims what the literature holds and not these worlds, no cell fails without its warning in at least 80% of histories, the difference of the holdout covers no less than chance explains at 1% wherever the assignment is right, and no warning comes in more than 5% of the histories in which nothing is wrong.'
      : defects.map((defect) => `- ${defect}`).join('\n'),
    '## False alarms',
    tableOf(
      ['world', ...Object.keys(right[0]?.warnings ?? {})],
      right.map((row) => [row.world, ...Object.values(row.warnings).map((share) => percent(share, 1))]),
    ),
    '## Every other figure',
    tableOf(
      ['world', 'figure', 'truth', 'mean found', 'bias / its error', '95% interval held'],
      rows.flatMap((row) => row.more.map((figure) => [row.world, ...figureCells(figure)])),
    ),
    '*relative lift* is a ratio and off in the mean with few conversions; *sequential difference* holds at every look at once and is wider for it; *stated projection* is told the truth as its response, and its interval, made for what people like these will do, is held against the mean of all; *realised increment* holds the same interval against what the emails did to the very people, which only the world knows.',
    '## At the counts',
    [
      `- Tests of nothing: the p-values of ${count(studies.nothing.tests)} splits of one population by the product's own hash lie ${rounded(studies.nothing.distance)} from uniform at most (Kolmogorov–Smirnov p ${probability(studies.nothing.p)}).`,
      `- Looking ${studies.peeking.looks} times at a test without an effect: the fixed interval excludes 0 at some look in ${percent(studies.peeking.fixed, 1)} of ${count(studies.peeking.runs)} tests, the sequential one in ${percent(studies.peeking.sequential, 1)}.`,
      `- Revenue per person, ${count(studies.value.perArm)} in each arm, log-normal baskets with sigma ${studies.value.sigma}: Welch's interval held the truth in ${studies.value.covered} of ${studies.value.runs}.`,
    ].join('\n'),
  ].join('\n\n')}\n`;
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  const bias = cell.bias === null ? '' : `, bias ${signedPart(cell.bias)}`;
  const text = `${percent(cell.covered, 1)}${bias}`;
  return cell.verdict === 'holds' ? text : `${cell.verdict}: ${text}`;
}

function signedPart(x: number): string {
  if (Math.abs(x) < 0.005) return '0';
  return `${x > 0 ? '+' : '−'}${rounded(Math.abs(x), 2)}`;
}

function warningText({ world, warnings }: MapRow): string {
  const id = WARNING_OF[world];
  return id === undefined ? '' : `"${id}" ${percent(warnings[id], 1)}`;
}

const TIMES = new Set(['P90 among converters']);

function figureCells({ id, truth, mean, bias, biasSe, covered, intervals, estimates }: FigureCoverage): string[] {
  const show = (value: number) =>
    TIMES.has(id) ? humanDuration(Math.round(value)) : Math.abs(value) > 5 ? rounded(value) : rounded(value, 4);
  return [
    id,
    show(truth),
    estimates === 0 ? 'none' : show(mean),
    biasSe > 0 ? rounded(bias / biasSe, 2) : '',
    intervals === 0 ? 'no interval' : `${covered} of ${intervals}`,
  ];
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
