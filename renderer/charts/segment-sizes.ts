// The sizes of segments over time, one upon the other: an area each in a shade of ink, darkest for the first, its name at
// the right end. Sizes of every moment add up to the people known by then.

import type { SegmentsAnswer } from '../../engine/api/index.ts';
import { count, day, exactCount } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, roundTicks, yAxis } from './base.ts';
import { calendarAxis, calendarTicks } from './calendar-ticks.ts';
import type { ChartTable } from './copy.ts';
import { textWidth } from './free-place.ts';
import { spread } from './running-total.ts';
import type { ChartTheme } from './theme.ts';

const SIZES_BOX: PlotBox = { left: 44, right: 74, top: 12, bottom: 20 };
export type SegmentPoints = SegmentsAnswer['engagement']['overTime'];

const ROW = 14;

export function sizesOption(points: SegmentPoints, theme: ChartTheme, size: ChartSize): ChartOption {
  const names = Object.keys(points[0]?.sizes ?? {});
  const [from, to] = spanOf(points);
  const box = sizesBox(points);
  const ticks = sizesTicks(points, size.height < 180 ? 4 : 5);
  const xTicks = calendarTicks(from, to, Math.max(2, Math.floor((size.width - box.left - box.right) / 52)));
  // From the axis up: the last name first, so that the first lies on top as in the table.
  const upward = [...names].reverse();
  return {
    ...baseOption(theme, box),
    xAxis: calendarAxis(theme, from, to, xTicks),
    yAxis: yAxis(theme, ticks, (value) => count(value)),
    series: upward.map((name) => ({
      type: 'line',
      name,
      stack: 'people',
      silent: true,
      symbol: 'none',
      data: points.map(({ time, sizes }) => [time, sizes[name] ?? 0]),
      lineStyle: { width: 1, color: theme.surface },
      areaStyle: { color: theme.ink, opacity: shadeOf(names.indexOf(name), names.length) },
    })),
    graphic: endLabels(points, names, ticks.at(-1) ?? 1, theme, size),
  };
}

function sizesTicks(points: SegmentPoints, most: number): number[] {
  return roundTicks(0, Math.max(1, ...points.map(({ people }) => people)), most);
}

/** With room for its longest number, however many ticks there are. */
function sizesBox(points: SegmentPoints): PlotBox {
  const labels = [4, 5].flatMap((most) => sizesTicks(points, most).map((value) => count(value)));
  return { ...SIZES_BOX, left: Math.max(SIZES_BOX.left, 8 + Math.ceil(Math.max(...labels.map(textWidth)))) };
}

/** Opacity of the ink: the first darkest. */
export function shadeOf(place: number, n: number): number {
  return 0.86 - (0.74 * place) / Math.max(1, n - 1);
}

export function sizesTable(points: SegmentPoints): ChartTable {
  const names = Object.keys(points[0]?.sizes ?? {});
  return {
    columns: ['Day', ...names, 'All'],
    rows: points.map(({ time, people, sizes }) => [
      day(time),
      ...names.map((name) => exactCount(sizes[name] ?? 0)),
      exactCount(people),
    ]),
  };
}

/** In the frame, px from its left. */
export function sizesX(points: SegmentPoints, row: number, { width }: Pick<ChartSize, 'width'>): number {
  const [from, to] = spanOf(points);
  const { left, right } = sizesBox(points);
  return left + (((points[row]?.time ?? from) - from) / (to - from)) * (width - left - right);
}

function spanOf(points: SegmentPoints): readonly [number, number] {
  const from = points[0]?.time ?? 0;
  const to = points.at(-1)?.time ?? from;
  return to > from ? [from, to] : [from - 86_400_000, from];
}

function endLabels(points: SegmentPoints, names: readonly string[], top: number, theme: ChartTheme, size: ChartSize) {
  const last = points.at(-1);
  if (last === undefined) return [];
  const { top: above, bottom, right } = SIZES_BOX;
  const y = (value: number) => above + (1 - value / top) * (size.height - above - bottom);
  const shown = names.filter((name) => (last.sizes[name] ?? 0) > 0);
  let below = last.people;
  const wanted = shown.map((name) => {
    const n = last.sizes[name] ?? 0;
    const middle = y(below - n / 2);
    below -= n;
    return { y: middle, height: ROW };
  });
  const tops = spread(wanted, above, size.height - bottom);
  return shown.map((name, i) => ({
    type: 'text',
    silent: true,
    x: size.width - right + 6,
    y: (tops[i] as number) + ROW / 2,
    style: { ...labelText(theme), text: name, fill: theme.ink2, verticalAlign: 'middle' },
  }));
}
