// How many emails people get in a week: a row for each number, a column a week, and in each cell how many people, the
// darker the more. Weeks are counted back from the end of the history.

import type { ProgrammeGalleryAnswer } from '../../engine/api/index.ts';
import { day, exactCount } from '../../engine/base/index.ts';
import { baseOption, type ChartOption, type ChartSize, type PlotBox } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type ChartTheme, FONT } from './theme.ts';

export const WEEKS_TITLE = 'Emails a person gets in a week';
export const WEEKS_BOX: PlotBox = { left: 84, right: 0, top: 2, bottom: 20 };

export type Weeks = ProgrammeGalleryAnswer['weeks'];

/** At most so many columns; older weeks are left out, and the title's hint says so. */
export const MOST_WEEKS = 52;

export function shownWeeks(weeks: Weeks): Weeks {
  return weeks.slice(-MOST_WEEKS);
}

export function weekX(i: number, n: number, { width }: Pick<ChartSize, 'width'>): number {
  const plot = Math.max(1, width - WEEKS_BOX.left - WEEKS_BOX.right);
  return WEEKS_BOX.left + (plot * i) / Math.max(1, n);
}

export function weeksOption(all: Weeks, theme: ChartTheme, size: ChartSize): ChartOption {
  const weeks = shownWeeks(all);
  const rows = namesOf(weeks);
  const most = Math.max(1, ...weeks.flatMap(({ people }) => people));
  const each = (size.height - WEEKS_BOX.top - WEEKS_BOX.bottom) / Math.max(1, rows.length);
  const cell = weekX(1, weeks.length, size) - weekX(0, weeks.length, size);
  const gap = Math.min(2, cell * 0.1);
  const shapes: Record<string, unknown>[] = rows.map((name, r) =>
    text(name, 0, WEEKS_BOX.top + (r + 0.5) * each, theme.ink2),
  );
  const every = Math.max(1, Math.ceil(46 / Math.max(1, cell)));
  weeks.forEach(({ to, people }, i) => {
    const x = weekX(i, weeks.length, size);
    if ((weeks.length - 1 - i) % every === 0) {
      shapes.push(text(day(to).slice(0, -5), x + cell / 2, size.height - 8, theme.ink3, 'center'));
    }
    rows.forEach((_, r) => {
      const n = people[rows.length - 1 - r] ?? 0;
      const y = WEEKS_BOX.top + r * each;
      const share = n / most;
      shapes.push({
        type: 'rect',
        silent: true,
        shape: { x: x + gap / 2, y: y + 1, width: Math.max(1, cell - gap), height: Math.max(1, each - 2), r: 2 },
        style: n === 0 ? { fill: theme.line, opacity: 0.5 } : { fill: theme.ink2, opacity: opacityOf(share) },
      });
      const words = exactCount(n);
      if (n > 0 && words.length * 6.5 + 6 < cell) {
        shapes.push(text(words, x + cell / 2, y + each / 2, legible(theme, opacityOf(share)), 'center'));
      }
    });
  });
  return { ...baseOption(theme, WEEKS_BOX), graphic: shapes };
}

export function weeksTable(all: Weeks): ChartTable {
  const weeks = shownWeeks(all);
  const names = [...namesOf(weeks)].reverse();
  return {
    columns: ['Week to', ...names, 'Emails'],
    rows: weeks.map(({ to, people, emails }) => [
      day(to),
      ...names.map((_, i) => exactCount(people[i] ?? 0)),
      exactCount(emails),
    ]),
  };
}

function opacityOf(share: number): number {
  return 0.14 + 0.82 * share;
}

/** Of ink and paper, what stands out more from ink laid so thick on paper. */
function legible({ ink, ink2, surface }: ChartTheme, opacity: number): string {
  const [over, under] = [channels(ink2), channels(surface)];
  const ground = luminance(over.map((one, i) => one * opacity + (under[i] ?? 0) * (1 - opacity)));
  const contrast = (color: string) => {
    const other = luminance(channels(color));
    return (Math.max(ground, other) + 0.05) / (Math.min(ground, other) + 0.05);
  };
  return contrast(surface) > contrast(ink) ? surface : ink;
}

/** Of `#47505a`, or `#fff` as a style sheet may be shortened to, 0 … 1. */
function channels(hex: string): number[] {
  const whole = hex.length === 4 ? hex.replace(/[\da-f]/gi, '$&$&') : hex;
  return [1, 3, 5].map((at) => Number.parseInt(whole.slice(at, at + 2), 16) / 255);
}

/** As WCAG 2 has it. */
function luminance(rgb: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = rgb.map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** From the most emails anybody got down to one. */
function namesOf(weeks: Weeks): string[] {
  const all = weeks[0]?.people.length ?? 0;
  const most = Math.max(0, ...weeks.map(({ people }) => people.findLastIndex((n) => n > 0)));
  return Array.from({ length: most + 1 }, (_, i) =>
    i + 1 === all ? `${all} or more` : i === 0 ? '1 email' : `${i + 1} emails`,
  ).reverse();
}

function text(words: string, x: number, y: number, fill: string, align: 'left' | 'center' = 'left') {
  const style = { text: words, fill, font: `11px ${FONT}`, align, verticalAlign: 'middle' };
  return { type: 'text', silent: true, x, y, style };
}
