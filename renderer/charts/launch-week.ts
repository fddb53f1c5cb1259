// The first week of a launch, day by day, as two panels on one axis: emails by step against what is usual, and the people
// who come in, from the backlog and by a trigger of that day. A day past the end of the history is hatched, not empty.

import type { LaunchAnswer } from '../../engine/api/index.ts';
import { count, day, exactCount, NOT_KNOWN } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, type PlotBox } from './base.ts';
import type { ChartTable } from './copy.ts';
import { hatchLines } from './pieces.ts';
import { spread } from './running-total.ts';
import { type ChartTheme, FONT } from './theme.ts';

export const LAUNCH_TITLE = 'The first week';
/** Room above for the handle's pill. */
export const LAUNCH_BOX: PlotBox = { left: 36, right: 92, top: 34, bottom: 20 };

export type LaunchWeek = Pick<LaunchAnswer, 'days' | 'steps' | 'usualPerDay'>;

/** Between the panels, with the lower one's title, px. */
const BETWEEN = 30;
const ROW = 13;
/** The share of the plot that is the upper panel's. */
const UPPER = 0.6;

interface Bar {
  readonly words: string;
  readonly n: number;
  readonly fill: 'kept' | 'soft' | 'softer' | 'held';
}

interface Panel {
  readonly top: number;
  readonly bottom: number;
  readonly ticks: readonly number[];
  /** By day, from the axis up; null: not known. */
  readonly days: readonly (readonly Bar[] | null)[];
}

/** The end of day `n` (0: the launch), px from the frame's left. */
export function launchX(n: number, { width }: Pick<ChartSize, 'width'>, days = 7): number {
  const plot = Math.max(1, width - LAUNCH_BOX.left - LAUNCH_BOX.right);
  return LAUNCH_BOX.left + (plot * n) / days;
}

export function launchOption(week: LaunchWeek, theme: ChartTheme, size: ChartSize): ChartOption {
  const panels = panelsOf(week, size);
  const [upper, lower] = panels;
  const shapes: Shape[] = panels.flatMap((panel) => panelShapes(panel, theme, size));
  const usual = week.usualPerDay;
  if (usual !== null) {
    const y = yOf(upper, usual);
    shapes.push(line(LAUNCH_BOX.left, y, size.width - LAUNCH_BOX.right, y, theme.ink3, 1.2, [5, 4]));
  }
  const right = size.width - LAUNCH_BOX.right - 6;
  shapes.push(text('People who come in', right, lower.top - 12, theme.ink3, 'right'));
  shapes.push(text('Emails', right, upper.top - 8, theme.ink3, 'right'));
  week.days.forEach(({ from }, i) => {
    const middle = (launchX(i, size) + launchX(i + 1, size)) / 2;
    const [date = '', month] = day(from).split(' ');
    const isNew = i === 0 || month !== day(week.days[i - 1]?.from ?? from).split(' ')[1];
    shapes.push(text(isNew ? `${date} ${month}` : date, middle, size.height - 8, theme.ink3, 'center'));
  });
  shapes.push(...endLabels(upper, usual, theme, size), ...endLabels(lower, null, theme, size));
  return { ...baseOption(theme, LAUNCH_BOX), graphic: shapes };
}

/** As people read it: every day a row, what came of those whose turn it was among them. */
export function launchTable({ days, steps }: LaunchWeek): ChartTable {
  return {
    columns: ['Day', 'Triggered', 'Enrolled', 'Held out', 'Turns', 'Let in', 'Gone', 'Stopped', ...steps, 'Emails'],
    rows: days.map(({ from, known, candidates, enrolled, backlog, sent, emails }, i) => {
      const name = `${i + 1}: ${day(from)}`;
      if (!known || enrolled === null || backlog === null || sent === null) {
        return [name, ...Array.from({ length: 8 + steps.length }, () => NOT_KNOWN)];
      }
      const { turns, entered, heldOut, gone, stopped } = backlog;
      const all = enrolled.treated + enrolled.holdout + entered;
      const figures = [candidates ?? 0, all, enrolled.holdout + heldOut, turns, entered, gone, stopped];
      return [name, ...[...figures, ...sent.map(({ n }) => n), emails ?? 0].map(exactCount)];
    }),
  };
}

function panelsOf(week: LaunchWeek, { height }: ChartSize): readonly [Panel, Panel] {
  const plot = height - LAUNCH_BOX.top - LAUNCH_BOX.bottom - BETWEEN;
  const middle = LAUNCH_BOX.top + plot * UPPER;
  const emails = week.days.map(
    ({ sent }) => sent?.map(({ id, n }, i): Bar => ({ words: id, n, fill: shade(i) })) ?? null,
  );
  const people = week.days.map(({ backlog, enrolled }): Bar[] | null => {
    if (backlog === null || enrolled === null) return null;
    return [
      { words: 'from backlog', n: backlog.entered - backlog.heldOut, fill: 'kept' },
      { words: 'new', n: enrolled.treated, fill: 'soft' },
      { words: 'held out', n: enrolled.holdout + backlog.heldOut, fill: 'held' },
    ];
  });
  return [
    panel(emails, LAUNCH_BOX.top, middle, week.usualPerDay ?? 0, 5),
    panel(people, middle + BETWEEN, height - LAUNCH_BOX.bottom, 0, 4),
  ];
}

function shade(step: number): Bar['fill'] {
  return step === 0 ? 'kept' : step % 2 === 1 ? 'soft' : 'softer';
}

function panel(days: Panel['days'], top: number, bottom: number, atLeast: number, most: number): Panel {
  const highest = Math.max(atLeast, ...days.map((bars) => (bars ?? []).reduce((sum, { n }) => sum + n, 0)));
  return { top, bottom, ticks: wholeTicks(Math.max(1, highest), most), days };
}

/** Round ticks from 0 to at least `highest`; emails and people are whole. */
export function wholeTicks(highest: number, most: number): number[] {
  const raw = Math.max(1, highest / (most - 1));
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5].find((s) => s * power >= raw) ?? 10);
  return Array.from({ length: Math.ceil(highest / step) + 1 }, (_, i) => i * step);
}

function yOf({ top, bottom, ticks }: Panel, value: number): number {
  return bottom - (value / (ticks.at(-1) ?? 1)) * (bottom - top);
}

type Shape = Readonly<Record<string, unknown>>;

function panelShapes(one: Panel, theme: ChartTheme, size: ChartSize): Shape[] {
  const right = size.width - LAUNCH_BOX.right;
  const shapes = one.ticks.flatMap((tick) => [
    line(LAUNCH_BOX.left, yOf(one, tick), right, yOf(one, tick), tick === 0 ? theme.lineStrong : theme.line),
    text(count(tick), LAUNCH_BOX.left - 8, yOf(one, tick), theme.ink3, 'right'),
  ]);
  one.days.forEach((bars, i) => {
    const [from, to] = [launchX(i, size), launchX(i + 1, size)];
    const gap = Math.min(14, (to - from) * 0.18);
    const width = Math.max(1, to - from - 2 * gap);
    if (bars === null) {
      const height = one.bottom - one.top;
      shapes.push(
        ...hatchLines(width, height, 7).map(([x1, y1, x2, y2]) =>
          line(from + gap + x1, one.top + y1, from + gap + x2, one.top + y2, theme.lineStrong),
        ),
      );
      return;
    }
    let below = 0;
    for (const { n, fill } of bars) {
      if (n === 0) continue;
      const y = yOf(one, below + n);
      const height = Math.max(1, yOf(one, below) - y - (below > 0 ? 1 : 0));
      shapes.push({
        type: 'rect',
        silent: true,
        shape: { x: from + gap, y, width, height },
        style: styleOf(fill, theme),
      });
      below += n;
    }
  });
  return shapes;
}

function styleOf(fill: Bar['fill'], { ink2, holdout }: ChartTheme): Shape {
  if (fill === 'held') return { fill: holdout };
  return { fill: ink2, opacity: fill === 'kept' ? 0.92 : fill === 'soft' ? 0.6 : 0.36 };
}

/** What the pieces are, beside the last day that is known: the piece's height is where its words begin to look for room. */
function endLabels(one: Panel, usual: number | null, theme: ChartTheme, size: ChartSize): Shape[] {
  const last = one.days.findLast((bars) => bars !== null) ?? [];
  const everywhere = new Set(
    one.days.flatMap((bars) => (bars ?? []).flatMap(({ n, words }) => (n > 0 ? [words] : []))),
  );
  let below = 0;
  const labels = last.flatMap(({ words, n, fill }) => {
    const y = yOf(one, below + n / 2);
    below += n;
    return everywhere.has(words) ? [{ words, y, color: fill === 'held' ? theme.holdout : theme.ink2 }] : [];
  });
  if (usual !== null) {
    labels.push({ words: `usual ${rounded(usual)}`, y: yOf(one, usual), color: theme.ink3 });
  }
  labels.sort((a, b) => a.y - b.y);
  const tops = spread(
    labels.map(({ y }) => ({ y, height: ROW })),
    one.top - ROW,
    one.bottom + ROW / 2,
  );
  const x = size.width - LAUNCH_BOX.right + 6;
  return labels.map(({ words, color }, i) => text(shortened(words), x, (tops[i] as number) + ROW / 2, color));
}

/** `12.5`, `107`. */
export function rounded(n: number): string {
  return n >= 100 || Number.isInteger(n) ? count(n) : String(Math.round(n * 10) / 10);
}

function shortened(words: string): string {
  return words.length > 14 ? `${words.slice(0, 13)}…` : words;
}

function line(
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  stroke: string,
  lineWidth = 1,
  lineDash?: number[],
): Shape {
  const style = { stroke, lineWidth, ...(lineDash === undefined ? {} : { lineDash }) };
  return { type: 'line', silent: true, shape: { x1, y1, x2, y2 }, style };
}

function text(words: string, x: number, y: number, fill: string, align: 'left' | 'center' | 'right' = 'left'): Shape {
  return {
    type: 'text',
    silent: true,
    x,
    y,
    style: { text: words, fill, font: `11px ${FONT}`, align, verticalAlign: 'middle' },
  };
}
