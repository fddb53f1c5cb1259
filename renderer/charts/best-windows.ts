// How often each window comes out best over the draws, as bars in the order of waiting; the best of all is filled, those
// that cannot be told apart from it are outlined, those told apart are hatched. Behind it the economics of each window.

import type { SweepAnswer } from '../../engine/api.ts';
import {
  type Currency,
  humanDuration as duration,
  exactCount,
  money,
  orNotKnown,
  percent,
  range,
  signedCount,
  signedMoney,
} from '../../engine/base/index.ts';
import type { Terms } from '../../engine/report/index.ts';
import {
  axisLabel,
  baseOption,
  type ChartOption,
  type ChartSize,
  hatch,
  labelText,
  type PlotBox,
  roundTicks,
  yAxis,
} from './base.ts';
import type { ChartTable } from './copy.ts';
import type { ChartTheme } from './theme.ts';

export const BEST_BOX: PlotBox = { left: 38, right: 4, top: 18, bottom: 22 };

export type SweepRow = SweepAnswer['rows'][number];
export type Standing = 'best' | 'same' | 'as-good' | 'worse' | 'none';

/** Where a setting stands against the best. */
export function standingOf(
  sweep: Pick<SweepAnswer, 'best' | 'indistinguishable' | 'asGood'>,
  { set }: SweepRow,
): Standing {
  const is = (other: SweepRow['set']) => Object.keys(set).every((path) => set[path] === other[path]);
  if (sweep.best === null) return 'none';
  if (is(sweep.best)) return 'best';
  if (sweep.indistinguishable.some(is)) return 'same';
  return (sweep.asGood ?? []).some(is) ? 'as-good' : 'worse';
}

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  best: 'best',
  same: 'not told apart',
  'as-good': 'under 1% behind',
  worse: 'worse',
  none: 'not known',
};

export function bestRows({
  rows,
}: Pick<SweepAnswer, 'rows'>): (SweepRow & { readonly window: number; readonly pBest: number })[] {
  return rows.flatMap((row) =>
    row.window === null || row.pBest === null ? [] : [{ ...row, window: row.window, pBest: row.pBest }],
  );
}

export function bestOption(sweep: SweepAnswer, theme: ChartTheme, size: ChartSize): ChartOption {
  const rows = bestRows(sweep);
  const ticks = roundTicks(0, Math.max(0.1, ...rows.map(({ pBest }) => pBest)), 4);
  const every = Math.max(1, Math.ceil(rows.length / Math.max(1, Math.floor((size.width - 50) / 44))));
  return {
    ...baseOption(theme, BEST_BOX),
    xAxis: {
      type: 'category',
      data: rows.map(({ window }) => duration(window)),
      axisLine: { show: true, lineStyle: { color: theme.lineStrong } },
      axisTick: { show: false },
      axisLabel: axisLabel(theme, { interval: (i: number) => i % every === 0 }),
    },
    yAxis: yAxis(theme, ticks, (share) => percent(share, 0)),
    series: [
      {
        type: 'bar',
        silent: true,
        barWidth: '62%',
        data: rows.map((row) => {
          const standing = standingOf(sweep, row);
          return {
            value: row.pBest,
            itemStyle:
              standing === 'best'
                ? { color: theme.ink }
                : standing === 'same'
                  ? { color: theme.surface, borderColor: theme.ink2, borderWidth: 1.5 }
                  : hatch(theme.suppressed, theme.surface),
            label: {
              show: row.pBest >= 0.01,
              position: 'top',
              formatter: percent(row.pBest, 0),
              ...labelText(theme, { fill: theme.ink2 }),
            },
          };
        }),
      },
    ],
  };
}

export function bestX({ rows }: Pick<SweepAnswer, 'rows'>, row: number, width: number): number {
  const all = bestRows({ rows }).length;
  return BEST_BOX.left + ((row + 0.5) / Math.max(1, all)) * (width - BEST_BOX.left - BEST_BOX.right);
}

export interface Economics {
  readonly sweep: SweepAnswer;
  readonly currency: Currency;
  readonly terms: Terms;
}

const EVIDENCE = { harm: 'fewer', gain: 'more', none: 'none' } as const;

/** Whether any study has a word on any of these waits. */
export function hasStudies({ rows }: Pick<SweepAnswer, 'rows'>): boolean {
  return rows.some(({ evidence }) => evidence === 'harm' || evidence === 'gain');
}

/** What stands beside the bars. */
export function bestTable(sweep: SweepAnswer): ChartTable {
  return {
    columns: ['Window', 'best in', 'against the best'],
    rows: bestRows(sweep).map((row) => [
      duration(row.window),
      percent(row.pBest, 1),
      STANDING_WORDS[standingOf(sweep, row)],
    ]),
  };
}

export function economicsTable({ sweep, currency, terms }: Economics): ChartTable {
  const isMoney = sweep.by === 'net';
  const studies = hasStudies(sweep);
  return {
    columns: [
      'Window',
      'emailed',
      'anyway',
      isMoney ? 'profit, 95% interval' : `${terms.goals} added, 95% interval`,
      ...(isMoney ? ['pays from', 'it pays'] : []),
      ...(studies ? ['studies'] : []),
      'against the best',
    ],
    rows: bestRows(sweep).map((row) => [
      duration(row.window),
      exactCount(row.fired),
      orNotKnown(row.waste, (x) => percent(x, 1), 'nobody'),
      isMoney ? moneyWords(row, currency) : addedWords(row),
      ...(isMoney ? [payWords(row.breakEvenResponse), orNotKnown(row.pAboveBreakEven, (p) => percent(p, 0))] : []),
      ...(studies ? [EVIDENCE[row.evidence ?? 'none']] : []),
      STANDING_WORDS[standingOf(sweep, row)],
    ]),
  };
}

/** A share above everybody is never reached. */
export function payWords(share: number | null): string {
  return share === null || share > 1 ? 'never' : percent(share, 2);
}

/** The worth of a setting, in the unit the best is chosen by. */
export function worthOf({ by }: Pick<SweepAnswer, 'by'>, row: SweepRow): number | null {
  return by === 'net' ? row.net.expected : row.projected.incremental;
}

export function worthWords({ by }: Pick<SweepAnswer, 'by'>, amount: number, currency: Currency): string {
  return by === 'net' ? money(Math.round(amount), currency) : signedCount(amount);
}

function moneyWords({ net: { expected, low, high, reason } }: SweepRow, currency: Currency): string {
  if (expected === null || low === null || high === null) return reason ?? 'not known';
  const show = (x: number) => signedMoney(x, currency, high - low);
  return `${show(expected)} (${range([low, high], show)})`;
}

function addedWords({ projected: { incremental, low, high } }: SweepRow): string {
  if (incremental === null || low === null || high === null) return 'not known';
  return `${signedCount(incremental)} (${range([low, high], signedCount)})`;
}
