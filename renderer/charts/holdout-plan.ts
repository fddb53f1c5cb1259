// How large, how long, at what price: weeks until the answer and conversions given up, over the share held out, as two
// plots on one axis. Weeks are whole, so they are steps; beyond the limit a question is not answered, which is hatched.

import {
  capital,
  count,
  exactCount,
  exactPercent,
  points as inPoints,
  rounded,
  weeks,
} from '../../engine/base/index.ts';
import type { CurvePoint, PlanCurve } from '../../engine/holdout/index.ts';
import { LONGEST_WEEKS } from '../../engine/holdout/index.ts';
import type { Terms } from '../../engine/report/index.ts';
import { axisLabel, baseOption, type ChartOption, type ChartSize, labelText, roundTicks, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { hatchLines } from './pieces.ts';
import type { ChartTheme } from './theme.ts';

export interface HoldoutPlanInput {
  readonly curve: Pick<PlanCurve, 'points' | 'fastest' | 'asked'>;
  readonly terms: Terms;
  /** Of the chosen share; null where it is drawn over the plot. */
  readonly at: number | null;
  /** Only the weeks: where nothing is answered there is no price to weigh. */
  readonly isWeeksAlone?: boolean;
}

/** Beyond ten years a number of weeks says no more. */
const MOST_WEEKS = 520;

/** `13 weeks`, `over 10 years`. */
export function timeWords(n: number): string {
  return n > MOST_WEEKS ? 'over 10 years' : weeks(n);
}

/** Px from the frame's edges, and between the plots. */
export const HOLDOUT_BOX = { left: 40, right: 128, top: 24, between: 36, bottom: 64 };
/** Of the height of both plots, that of the weeks. */
const WEEKS_PART = 0.6;
const MOST_SHARE = 0.5;
const ROW = 15;

export interface HoldoutPlots {
  readonly weeks: { readonly top: number; readonly height: number };
  readonly given: { readonly top: number; readonly height: number };
}

/** Under the axis where no track lies there. */
const BOTTOM_ALONE = 22;

/** Where both plots stand in the frame, px. */
export function holdoutPlots({ height }: Pick<ChartSize, 'height'>, isWeeksAlone = false): HoldoutPlots {
  const { top, between, bottom } = HOLDOUT_BOX;
  if (isWeeksAlone) {
    const alone = Math.max(40, height - top - BOTTOM_ALONE);
    return { weeks: { top, height: alone }, given: { top: top + alone, height: 0 } };
  }
  const both = Math.max(80, height - top - between - bottom);
  const upper = Math.round(both * WEEKS_PART);
  return {
    weeks: { top, height: upper },
    given: { top: top + upper + between, height: both - upper },
  };
}

export function shareX(share: number, { width }: Pick<ChartSize, 'width'>): number {
  const { left, right } = HOLDOUT_BOX;
  return left + (share / MOST_SHARE) * Math.max(1, width - left - right);
}

/** @returns a whole percent from 1% to 50% */
export function shareOfX(x: number, { width }: Pick<ChartSize, 'width'>): number {
  const { left, right } = HOLDOUT_BOX;
  const share = ((x - left) / Math.max(1, width - left - right)) * MOST_SHARE;
  return Math.min(50, Math.max(1, Math.round(share * 100))) / 100;
}

/** In the frame, px from its top; null where the curve is above the plot. */
export function weeksY(value: number, input: HoldoutPlanInput, size: ChartSize): number | null {
  const most = weekTicks(input).at(-1) ?? 1;
  const { top, height } = holdoutPlots(size, input.isWeeksAlone).weeks;
  return value > most ? null : top + (1 - value / most) * height;
}

export function givenY(value: number, input: HoldoutPlanInput, size: ChartSize): number {
  const ticks = givenTicks(input);
  const [least = 0, most = 1] = [ticks[0], ticks.at(-1)];
  const { top, height } = holdoutPlots(size).given;
  return top + ((most - value) / (most - least)) * height;
}

function weekTicks({ curve }: HoldoutPlanInput): number[] {
  const fastest = curve.points[curve.fastest]?.weeks ?? 0;
  // The limit with room above it, unless even the fastest split is beyond.
  const most = Math.max(LONGEST_WEEKS + 4, curve.asked.deadlineWeeks, Math.min(fastest * 1.25, MOST_WEEKS));
  return roundTicks(0, most, 4);
}

function givenTicks({ curve }: HoldoutPlanInput): number[] {
  const all = curve.points.map(({ foregone }) => foregone);
  return roundTicks(Math.min(0, ...all), Math.max(0, ...all), 3);
}

export function holdoutPlanOption(input: HoldoutPlanInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const { curve, terms, at, isWeeksAlone = false } = input;
  const plots = holdoutPlots(size, isWeeksAlone);
  const inTime = (point: CurvePoint) => point.weeks !== null && point.weeks <= LONGEST_WEEKS;
  const { deadlineWeeks } = curve.asked;
  const most = weekTicks(input).at(-1) ?? 1;
  const { left, right } = HOLDOUT_BOX;
  const percents = [0, 5, 10, 20, 30, 40, 50];
  const xAxis = (gridIndex: number, labelled: boolean) => ({
    type: 'value',
    gridIndex,
    min: 0,
    max: 50,
    splitLine: { show: false },
    axisTick: { show: false, customValues: percents },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.lineStrong } },
    axisLabel: axisLabel(theme, {
      show: labelled,
      customValues: percents,
      margin: isWeeksAlone ? 8 : HOLDOUT_BOX.bottom - 18,
      formatter: (value: number) => `${value}%`,
    }),
  });
  const line = (data: (readonly [number, number])[], axis: 0 | 1, style: object, extra: object = {}) => ({
    type: 'line',
    silent: true,
    symbol: 'none',
    xAxisIndex: axis,
    yAxisIndex: axis,
    data,
    lineStyle: style,
    ...extra,
  });
  const given = curve.points.map((point) => ({ point, xy: [point.fraction * 100, point.foregone] as const }));
  const answered = given.filter(({ point }) => inTime(point)).map(({ xy }) => xy);
  const firstAnswered = given.findIndex(({ point }) => inTime(point));
  const unanswered = (firstAnswered < 0 ? given : given.slice(0, firstAnswered + 1)).map(({ xy }) => xy);
  return {
    ...baseOption(theme, { left: 0, right: 0, top: 0, bottom: 0 }),
    grid: [
      { left, right, top: plots.weeks.top, height: plots.weeks.height, outerBoundsMode: 'none' },
      { left, right, top: plots.given.top, height: plots.given.height, outerBoundsMode: 'none' },
    ],
    xAxis: [xAxis(0, isWeeksAlone), xAxis(1, !isWeeksAlone)],
    yAxis: [
      yAxis(theme, weekTicks(input), (value) => rounded(value), { gridIndex: 0 }),
      yAxis(theme, givenTicks(input), (value) => count(value), { gridIndex: 1, show: !isWeeksAlone }),
    ],
    series: [
      beyond(plots.weeks, LONGEST_WEEKS / most, size, theme),
      line(
        curve.points.flatMap(({ fraction, weeks: w }) => (w === null ? [] : [[fraction * 100, w] as const])),
        0,
        { width: 2, color: theme.ink },
        {
          step: 'middle',
          clip: true,
          markLine: {
            silent: true,
            symbol: 'none',
            animation: false,
            label: { show: false },
            data: [
              { yAxis: LONGEST_WEEKS, lineStyle: { color: theme.lineStrong, width: 1, type: 'solid' } },
              ...(deadlineWeeks === LONGEST_WEEKS
                ? []
                : [{ yAxis: deadlineWeeks, lineStyle: { color: theme.ink2, width: 1, type: 'dashed' } }]),
            ],
          },
        },
      ),
      ...(isWeeksAlone
        ? []
        : [
            line(
              answered,
              1,
              { width: 2, color: theme.holdout },
              { areaStyle: { color: theme.holdout, opacity: theme.band95 } },
            ),
            line(unanswered, 1, { width: 2, color: theme.holdout, type: [2, 4], cap: 'round' }),
          ]),
    ],
    graphic: [
      title('Weeks until the answer', left, plots.weeks.top - 12, theme),
      ...(isWeeksAlone
        ? []
        : [title(`${capital(terms.goals)} given up, projected`, left, plots.given.top - 14, theme)]),
      ...sideLabels(input, size).map(({ words, y, isStrong }) => ({
        type: 'text',
        silent: true,
        style: {
          ...labelText(theme),
          text: words,
          x: size.width - right + 8,
          y,
          verticalAlign: 'middle',
          fontWeight: isStrong ? 600 : 400,
          fill: isStrong ? theme.ink : theme.ink2,
        },
      })),
      ...(at === null ? [] : chosen(at, input, theme, size)),
    ],
  };
}

/** Hatched above the limit. @param part of the plot's height that is below it */
function beyond({ top, height }: HoldoutPlots['weeks'], part: number, { width }: ChartSize, theme: ChartTheme) {
  const { left, right } = HOLDOUT_BOX;
  const wide = Math.max(1, width - left - right);
  const high = height * Math.max(0, 1 - part);
  return {
    type: 'custom',
    coordinateSystem: 'none',
    silent: true,
    z: 0,
    data: [0],
    renderItem: () => ({
      type: 'group',
      children: hatchLines(wide, high, 6).map(([x1, y1, x2, y2]) => ({
        type: 'line',
        shape: { x1: left + x1, y1: top + y1, x2: left + x2, y2: top + y2 },
        style: { stroke: theme.lineStrong, lineWidth: 1, opacity: 0.5 },
      })),
    }),
  };
}

function title(text: string, x: number, y: number, theme: ChartTheme) {
  return {
    type: 'text',
    silent: true,
    style: { ...labelText(theme), text, x, y, verticalAlign: 'middle', fill: theme.ink2 },
  };
}

interface SideLabel {
  readonly words: string;
  readonly y: number;
  readonly isStrong: boolean;
}

/** At the right ends of the lines, moved apart by rows. */
function sideLabels(input: HoldoutPlanInput, size: ChartSize): SideLabel[] {
  const { curve, terms } = input;
  const { deadlineWeeks } = curve.asked;
  const last = curve.points.at(-1);
  const fastest = curve.points[curve.fastest];
  const wanted: { words: string; at: number | null; isStrong: boolean }[] = [
    {
      words: `${weeks(LONGEST_WEEKS)}, ${deadlineWeeks === LONGEST_WEEKS ? 'the deadline' : 'the limit'}`,
      at: LONGEST_WEEKS,
      isStrong: false,
    },
    ...(deadlineWeeks === LONGEST_WEEKS
      ? []
      : [{ words: `${weeks(deadlineWeeks)}, deadline`, at: deadlineWeeks, isStrong: false }]),
    ...(fastest?.weeks == null
      ? []
      : [
          {
            words:
              fastest.weeks > LONGEST_WEEKS
                ? `${timeWords(fastest.weeks)} at ${exactPercent(fastest.fraction)}`
                : `${weeks(fastest.weeks)}, fastest`,
            at: fastest.weeks,
            isStrong: fastest.weeks > LONGEST_WEEKS,
          },
        ]),
  ];
  const placed = wanted
    .map(({ words, at, isStrong }) => ({ words, isStrong, y: weeksY(at ?? 0, input, size) ?? HOLDOUT_BOX.top }))
    .sort((a, b) => a.y - b.y);
  // Down from the top, then up from the axis, so that none leaves the plot.
  const { top, height } = holdoutPlots(size, input.isWeeksAlone).weeks;
  const apart: SideLabel[] = [];
  for (const label of placed) {
    const above = apart.at(-1);
    apart.push({ ...label, y: above === undefined ? label.y : Math.max(label.y, above.y + ROW) });
  }
  for (let i = apart.length - 1, lowest = top + height - 8; i >= 0; i--, lowest -= ROW) {
    const label = apart[i];
    if (label !== undefined) apart[i] = { ...label, y: Math.min(label.y, lowest) };
  }
  if (last !== undefined && input.isWeeksAlone !== true) {
    apart.push({ words: givenWords(last.foregone, terms), y: givenY(last.foregone, input, size), isStrong: false });
  }
  return apart;
}

/** `30 orders`, or `saves 4.2 orders` where the emails harm. */
export function givenWords(foregone: number, terms: Terms): string {
  const n = Math.abs(foregone);
  const words = `${n < 10 ? rounded(n, 2) : count(n)} ${n === 1 ? terms.goal : terms.goals}`;
  return foregone < 0 ? `saves ${words}` : words;
}

/** For copies, where no handle lies over the plot. */
function chosen(share: number, input: HoldoutPlanInput, theme: ChartTheme, size: ChartSize) {
  const point = input.curve.points[Math.round(share * 100) - 1];
  const x = shareX(share, size);
  const { weeks: upper, given } = holdoutPlots(size);
  const words = point?.weeks == null ? exactPercent(share) : `${exactPercent(share)} held out: ${weeks(point.weeks)}`;
  return [
    {
      type: 'line',
      silent: true,
      shape: { x1: x, x2: x, y1: upper.top, y2: given.top + given.height },
      style: { stroke: theme.ink, lineWidth: 1.5 },
    },
    title(words, Math.min(x + 8, size.width - HOLDOUT_BOX.right - 120), upper.top + 8, theme),
  ];
}

export function holdoutPlanTable({ curve, terms }: Pick<HoldoutPlanInput, 'curve' | 'terms'>): ChartTable {
  return {
    columns: [
      'Held out',
      'weeks',
      'people',
      'held out, people',
      `${terms.goals} given up, projected`,
      'smallest change found, pp',
    ],
    rows: curve.points.map(({ fraction, weeks: w, n, foregone, mde }) => [
      exactPercent(fraction),
      w === null ? 'not known' : exactCount(w),
      exactCount(n.total),
      exactCount(n.holdout),
      rounded(foregone),
      [mde.up, mde.down].map((change) => (change === null ? 'none' : inPoints(change))).join(' or '),
    ]),
  };
}
