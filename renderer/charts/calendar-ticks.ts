// A calendar axis and its ticks: months, or weeks and days on short spans, with words as short as the span allows. UTC.

import { DAY_MS, day } from '../../engine/base/index.ts';
import { axisLabel } from './base.ts';
import type { ChartTheme } from './theme.ts';

export interface CalendarTick {
  readonly at: number;
  readonly words: string;
}

const DAY_STEPS = [1, 2, 7, 14];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60];

/** A horizontal axis in time. @param ticks as `calendarTicks` gives them */
export function calendarAxis(theme: ChartTheme, from: number, to: number, ticks: readonly CalendarTick[]) {
  const lineStyle = { color: theme.lineStrong };
  const customValues = ticks.map(({ at }) => at);
  return {
    type: 'value',
    min: from,
    max: to,
    splitLine: { show: false },
    axisLine: { show: true, onZero: false, lineStyle },
    axisTick: { show: true, length: 4, lineStyle, customValues },
    axisLabel: axisLabel(theme, {
      customValues,
      hideOverlap: true,
      formatter: (at: number) => ticks.find((tick) => tick.at === at)?.words ?? '',
    }),
  };
}

/** Ascending, inside [from, to]. @param most of them, ≥ 2 */
export function calendarTicks(from: number, to: number, most: number): CalendarTick[] {
  const days = (to - from) / DAY_MS;
  const step = DAY_STEPS.find((n) => days / n <= most);
  if (step !== undefined) return dayTicks(from, to, step);
  for (const months of MONTH_STEPS) {
    const ticks = monthTicks(from, to, months);
    if (ticks.length <= most) return ticks;
  }
  return monthTicks(from, to, 120);
}

function dayTicks(from: number, to: number, step: number): CalendarTick[] {
  const ticks: CalendarTick[] = [];
  for (let at = Math.ceil(from / DAY_MS) * DAY_MS; at <= to; at += step * DAY_MS) {
    ticks.push({ at, words: day(at).slice(0, -5) });
  }
  return ticks;
}

/** `Apr`; a January, and the first of several years, carry their year. */
function monthTicks(from: number, to: number, step: number): CalendarTick[] {
  const ticks: CalendarTick[] = [];
  const start = new Date(from);
  const first = start.getUTCFullYear() * 12 + start.getUTCMonth();
  for (let month = Math.ceil(first / step) * step; ; month += step) {
    const at = Date.UTC(Math.floor(month / 12), month % 12);
    if (at > to) return ticks;
    if (at < from) continue;
    const [, name = '', year = ''] = day(at).split(' ');
    ticks.push({ at, words: month % 12 === 0 ? year : step >= 12 ? year : name });
  }
}
