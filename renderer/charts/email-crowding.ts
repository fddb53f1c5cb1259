// How many people get at most so many emails within a window, as bars side by side; those a cap would hold back, right of
// its handle, are hatched.

import type { CrowdingAnswer } from '../../engine/api/index.ts';
import { count, exactCount, humanDuration } from '../../engine/base/index.ts';
import { CROWDING_MOST } from '../../engine/people/index.ts';
import { baseOption, type ChartOption, type ChartSize, type PlotBox } from './base.ts';
import type { ChartTable } from './copy.ts';
import { wholeTicks } from './launch-week.ts';
import { hatchLines } from './pieces.ts';
import { type ChartTheme, FONT } from './theme.ts';

export const CROWDING_TITLE = 'Most emails one person gets';
/** Room above and at the end for the handle's pill. */
export const CROWDING_BOX: PlotBox = { left: 44, right: 48, top: 34, bottom: 20 };

export interface CrowdingInput {
  /** People whose most is 1, 2, …, `CROWDING_MOST` or more. */
  readonly people: readonly number[];
  readonly withinMs: number;
  /** Emails the cap lets through within the window; null: there is no cap. */
  readonly n: number | null;
  /** Bars that are shown; the same while a hand moves. */
  readonly bars: number;
}

/** So many that everybody has a bar, of every window, and the cap has a place. @param n of the cap */
export function crowdingBars({ windows }: Pick<CrowdingAnswer, 'windows'>, n: number | null): number {
  const most = Math.max(0, ...windows.map(({ people }) => people.findLastIndex((one) => one > 0) + 1));
  return Math.min(CROWDING_MOST, Math.max(3, most, n ?? 0));
}

/** The end of bar `n`, px from the frame's left; `bars` + 1 is where no cap stands. */
export function crowdingX(n: number, bars: number, { width }: Pick<ChartSize, 'width'>): number {
  const plot = Math.max(1, width - CROWDING_BOX.left - CROWDING_BOX.right);
  return CROWDING_BOX.left + (plot * n) / (bars + 1);
}

/** @returns 1 … `bars` + 1 */
export function crowdingOfX(x: number, bars: number, { width }: Pick<ChartSize, 'width'>): number {
  const plot = Math.max(1, width - CROWDING_BOX.left - CROWDING_BOX.right);
  return Math.min(bars + 1, Math.max(1, Math.round(((x - CROWDING_BOX.left) / plot) * (bars + 1))));
}

type Shape = Readonly<Record<string, unknown>>;

export function crowdingOption(input: CrowdingInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const { people, n, bars } = input;
  const [top, bottom] = [CROWDING_BOX.top, size.height - CROWDING_BOX.bottom];
  const right = size.width - CROWDING_BOX.right;
  const ticks = wholeTicks(Math.max(1, ...people), 4);
  const y = (value: number) => bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top);
  const shapes: Shape[] = ticks.flatMap((tick) => [
    line(CROWDING_BOX.left, y(tick), right, y(tick), tick === 0 ? theme.lineStrong : theme.line),
    text(count(tick), CROWDING_BOX.left - 8, y(tick), theme.ink3, 'right'),
  ]);
  for (let i = 0; i < bars; i++) {
    const value = people[i] ?? 0;
    const [from, to] = [crowdingX(i, bars, size), crowdingX(i + 1, bars, size)];
    const gap = Math.min(14, (to - from) * 0.18);
    const [x, width] = [from + gap, Math.max(1, to - from - 2 * gap)];
    const middle = (from + to) / 2;
    shapes.push(text(nameOf(i), middle, size.height - 8, theme.ink3, 'center'));
    if (value === 0) continue;
    const height = Math.max(1, bottom - y(value));
    const isHeld = n !== null && i + 1 > n;
    shapes.push({
      type: 'rect',
      silent: true,
      shape: { x, y: bottom - height, width, height },
      style: isHeld ? { fill: 'transparent', stroke: theme.suppressed, lineWidth: 1 } : { fill: theme.ink2 },
    });
    if (isHeld) {
      for (const [x1, y1, x2, y2] of hatchLines(width, height, 5))
        shapes.push(line(x + x1, bottom - height + y1, x + x2, bottom - height + y2, theme.suppressed, 1.6));
    }
    shapes.push(text(count(value), middle, bottom - height - 8, theme.ink2, 'center'));
  }
  return { ...baseOption(theme, CROWDING_BOX), graphic: shapes };
}

export function crowdingTable({ people, withinMs, n, bars }: CrowdingInput): ChartTable {
  return {
    columns: [`Emails within ${humanDuration(withinMs)}`, 'People', 'Under the cap'],
    rows: Array.from({ length: bars }, (_, i) => [
      nameOf(i),
      exactCount(people[i] ?? 0),
      n === null ? 'no cap' : i + 1 > n ? 'held back' : 'let through',
    ]),
  };
}

function nameOf(i: number): string {
  return i + 1 === CROWDING_MOST ? `${CROWDING_MOST} or more` : `${i + 1}`;
}

function line(x1: number, y1: number, x2: number, y2: number, stroke: string, lineWidth = 1): Shape {
  return { type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style: { stroke, lineWidth } };
}

function text(words: string, x: number, y: number, fill: string, align: 'center' | 'right'): Shape {
  return {
    type: 'text',
    silent: true,
    x,
    y,
    style: { text: words, fill, font: `11px ${FONT}`, align, verticalAlign: 'middle' },
  };
}
