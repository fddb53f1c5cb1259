// Emails a week: every figure of the table is drawn where its row and column meet, in its place, darker the more.

import { describe, expect, it } from 'vitest';
import { DAY_MS } from '../../../engine/base/index.ts';
import {
  MOST_WEEKS,
  shownWeeks,
  type Weeks,
  weeksOption,
  weeksTable,
  weekX,
} from '../../../renderer/charts/email-weeks.ts';
import type { ChartTheme } from '../../../renderer/charts/theme.ts';

const END = Date.UTC(2026, 2, 6);
const week = (back: number, people: number[]): Weeks[number] => {
  const to = END - back * 7 * DAY_MS;
  return { from: to - 7 * DAY_MS, to, people, emails: people.reduce((sum, n, i) => sum + n * (i + 1), 0) };
};
const theme = { ink: '#16191d', ink2: '#47505a', surface: '#fff', line: '#e1e4e8' } as ChartTheme;
const size = { width: 768, height: 150 };

interface Shape {
  readonly type: string;
  readonly x?: number;
  readonly y?: number;
  readonly shape?: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly style: { readonly text?: string; readonly fill?: string; readonly opacity?: number };
}
const shapes = (weeks: Weeks) => (weeksOption(weeks, theme, size) as unknown as { graphic: Shape[] }).graphic;
const cells = (weeks: Weeks) => shapes(weeks).filter(({ type }) => type === 'rect');

describe('emails a week', () => {
  const weeks = [week(1, [40, 10, 0, 0, 0]), week(0, [20, 5, 2, 0, 0])];
  it('has rows up to the most anybody got', () => {
    expect(cells(weeks)).toHaveLength(2 * 3);
    const { columns, rows } = weeksTable(weeks);
    expect(columns).toEqual(['Week to', '1 email', '2 emails', '3 emails', 'Emails']);
    expect(rows).toEqual([
      ['27 Feb 2026', '40', '10', '0', '60'],
      ['6 Mar 2026', '20', '5', '2', '36'],
    ]);
    expect(weeksTable([week(0, [1, 0, 0, 0, 7])]).columns).toContain('5 or more');
  });
  it('writes each count into its cell, the darker the more', () => {
    const at = (i: number, row: number) => {
      const found = cells(weeks).find(({ shape }) => {
        const x = shape?.x ?? -1;
        return x >= weekX(i, 2, size) && x < weekX(i + 1, 2, size) && Math.floor((shape?.y ?? 0) / (128 / 3)) === row;
      });
      if (found?.shape === undefined) throw new Error('no cell');
      const { x, y, width, height } = found.shape;
      const inside = shapes(weeks).filter(
        (one) =>
          one.type === 'text' &&
          (one.x ?? 0) > x &&
          (one.x ?? 0) < x + width &&
          (one.y ?? 0) > y &&
          (one.y ?? 0) < y + height,
      );
      return {
        words: inside.map(({ style }) => style.text),
        opacity: found.style.opacity ?? 1,
        fill: found.style.fill,
      };
    };
    expect(at(0, 2).words).toEqual(['40']);
    expect(at(1, 2).words).toEqual(['20']);
    expect(at(1, 0).words).toEqual(['2']);
    expect(at(0, 0)).toMatchObject({ words: [], fill: theme.line });
    expect(at(0, 2).opacity).toBeGreaterThan(at(1, 2).opacity);
    expect(at(1, 2).opacity).toBeGreaterThan(at(1, 1).opacity);
  });
  it('is written so that it can be read on every shade, in both themes', () => {
    const dark = { ink: '#eceef1', ink2: '#b6bdc6', surface: '#15181c', line: '#272c33' } as ChartTheme;
    const many = Array.from({ length: 10 }, (_, i) => week(9 - i, [(i + 1) * 10, 0, 0, 0, 0]));
    for (const one of [theme, dark]) {
      const drawn = (weeksOption(many, one, size) as unknown as { graphic: Shape[] }).graphic;
      const fills = drawn
        .filter(({ style, y }) => /^\d+$/.test(style.text ?? '') && (y ?? 0) < 130)
        .map(({ style }) => style.fill);
      // Ink on the lightest, paper on the darkest, one change between them.
      expect(fills[0]).toBe(one.ink);
      expect(fills.at(-1)).toBe(one.surface);
      expect(fills.filter((fill, i) => i > 0 && fill !== fills[i - 1])).toHaveLength(1);
    }
  });
  it('stays inside the frame, and shows the last year at most', () => {
    const many = Array.from({ length: 80 }, (_, i) => week(79 - i, [i + 1, 0, 0, 0, 0]));
    expect(shownWeeks(many)).toHaveLength(MOST_WEEKS);
    expect(shownWeeks(many).at(-1)?.to).toBe(END);
    for (const { shape } of cells(many)) {
      expect((shape?.x ?? 0) + (shape?.width ?? 0)).toBeLessThanOrEqual(size.width);
      expect((shape?.y ?? 0) + (shape?.height ?? 0)).toBeLessThanOrEqual(size.height - 18);
    }
    // Where cells are too narrow for figures, none are written over each other.
    const dates = shapes(many).filter(({ type, y }) => type === 'text' && (y ?? 0) > size.height - 12);
    dates.forEach(({ x }, i) => {
      if (i > 0) expect((x ?? 0) - (dates[i - 1]?.x ?? 0)).toBeGreaterThanOrEqual(40);
    });
  });
});
