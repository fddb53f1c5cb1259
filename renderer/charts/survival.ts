// How long they take: share not yet converted over log time, with its band by person, censored ends as ticks, percentiles
// among converters as circles, the rule's windows as dashed lines, and what the window does not wait for as a grey area.
// The axis may start above 0; the title says so.

import type { CalibrateAnswer } from '../../engine/api/index.ts';
import { count, humanDuration as duration, percent } from '../../engine/base/index.ts';
import {
  atRiskAt,
  drawnSteps,
  firstInterestingMs,
  survivalAt,
  type Terms,
  timeAxis,
  timeX,
} from '../../engine/report/index.ts';
import { axisLabel, baseOption, type ChartOption, type ChartSize, labelText, type PlotBox, yAxis } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type Box, freePlace, overlaps, textWidth } from './free-place.ts';
import type { ChartTheme } from './theme.ts';
import { type TimeScale, timeOfX, xOfTime } from './time-scale.ts';

export const SURVIVAL_BOX: PlotBox = { left: 92, right: 14, top: 26, bottom: 22 };

type Curve = Pick<
  CalibrateAnswer,
  'survival' | 'horizon' | 'percentilesAmongConverters' | 'recommended' | 'anchors' | 'converted'
>;

export interface SurvivalInput {
  readonly calibration: Curve;
  /** Of the handle, ms; null leaves out the area of what comes after it. */
  readonly window: number | null;
  /** Rungs the handle can reach, so that the axis has room for them. */
  readonly rungs: readonly number[];
  readonly terms: Terms;
}

/** The axis in ms, and its ticks for a width. */
export function survivalAxis({ calibration, rungs }: Pick<SurvivalInput, 'calibration' | 'rungs'>, width: number) {
  const { survival, horizon } = calibration;
  const first = Math.min(firstInterestingMs(survival, horizon), rungs[0] ?? Number.POSITIVE_INFINITY);
  return timeAxis(first, horizon, Math.max(4, Math.round(width / 72)));
}

export function survivalScale(input: Pick<SurvivalInput, 'calibration' | 'rungs'>, size: ChartSize): TimeScale {
  const { ticks } = survivalAxis(input, size.width);
  const { left, right } = SURVIVAL_BOX;
  return { from: ticks[0] ?? 1_000, to: ticks.at(-1) ?? input.calibration.horizon, left, right: size.width - right };
}

/** Where the vertical axis starts, 0 … 0.9: below the band, at a tenth. */
export function survivalFloor({ survival, horizon }: Pick<Curve, 'survival' | 'horizon'>): number {
  const lowest = survivalAt(survival, horizon);
  const low = lowest.byPerson.low ?? lowest.low ?? lowest.notConverted;
  const tenth = Math.max(0, Math.min(0.9, Math.floor((low - 0.02) * 10) / 10));
  // Where every second tenth has a tick, the axis starts at one of them.
  return tenth < 0.5 ? Math.floor(tenth * 5 + 1e-9) / 5 : tenth;
}

export function survivalOption(input: SurvivalInput, theme: ChartTheme, size: ChartSize): ChartOption {
  const { calibration, window, terms } = input;
  const { survival, horizon } = calibration;
  const { ticks } = survivalAxis(input, size.width);
  const from = ticks[0] ?? 1_000;
  const scale = survivalScale(input, size);
  const steps = drawnSteps(survival, from, horizon);
  const floor = survivalFloor(calibration);
  const end = survivalAt(survival, horizon).notConverted;
  const low = (s: (typeof steps)[number]) => s.byPerson.low ?? s.low ?? s.notConverted;
  const high = (s: (typeof steps)[number]) => s.byPerson.high ?? s.high ?? s.notConverted;
  const at = Math.min(Math.max(window ?? horizon, from), horizon);
  const later = window === null ? [] : [{ ...survivalAt(survival, at), t: at }, ...steps.filter((s) => s.t > at)];
  const endWords = `${percent(end)} have not ${terms.done} within ${duration(horizon)}`;
  const places = written(calibration, scale, size, endWords);
  const values = Array.from({ length: Math.round((1 - floor) * 10) + 1 }, (_, i) => (Math.round(floor * 10) + i) / 10);
  const stacked = (
    lower: [number, number][],
    upper: [number, number][],
    color: string,
    opacity: number,
    stack: string,
  ) => [
    {
      type: 'line',
      step: 'end',
      stack,
      stackStrategy: 'all',
      silent: true,
      symbol: 'none',
      lineStyle: { width: 0 },
      data: lower,
    },
    {
      type: 'line',
      step: 'end',
      stack,
      stackStrategy: 'all',
      silent: true,
      symbol: 'none',
      lineStyle: { width: 0 },
      areaStyle: { color, opacity },
      data: upper,
    },
  ];
  return {
    ...baseOption(theme, SURVIVAL_BOX),
    xAxis: {
      type: 'value',
      min: timeX(from),
      max: timeX(horizon),
      splitLine: { show: false },
      axisLine: { show: true, onZero: false, lineStyle: { color: theme.lineStrong } },
      axisTick: { show: true, length: 4, lineStyle: { color: theme.lineStrong }, customValues: ticks.map(timeX) },
      axisLabel: axisLabel(theme, {
        customValues: ticks.map(timeX),
        hideOverlap: true,
        alignMaxLabel: 'right',
        formatter: (x: number) => duration(ticks.find((ms) => Math.abs(timeX(ms) - x) < 1e-6) ?? 0),
      }),
    },
    yAxis: yAxis(theme, thinned(values, size.height), (value) => percent(value, 0)),
    series: [
      ...stacked(
        steps.map((s) => [timeX(s.t), low(s)]),
        steps.map((s) => [timeX(s.t), high(s) - low(s)]),
        theme.ink,
        theme.band95,
        'band',
      ),
      ...stacked(
        later.map((s) => [timeX(s.t), end]),
        later.map((s) => [timeX(s.t), s.notConverted - end]),
        theme.anyway,
        0.45,
        'later',
      ),
      {
        type: 'line',
        step: 'end',
        silent: true,
        symbol: 'none',
        lineStyle: { width: 2, color: theme.ink, join: 'round' },
        data: steps.map((s) => [timeX(s.t), s.notConverted]),
        markLine: {
          silent: true,
          symbol: 'none',
          animation: false,
          data: rulesOn(calibration, scale).map(({ window: rule, words }, i) => ({
            xAxis: timeX(rule),
            lineStyle: { color: theme.ink2, width: 1.2, type: [3, 3] },
            label: labelText(theme, {
              show: true,
              formatter: words,
              position: 'insideEndTop',
              rotate: 0,
              align: isLeftOf(rule, words, scale, size) ? 'right' : 'left',
              padding: [0, 7, 0, 7],
              offset: [0, 20 + (places.rules[i]?.top ?? 0) - SURVIVAL_BOX.top],
            }),
          })),
        },
      },
      {
        type: 'scatter',
        silent: true,
        symbol: 'rect',
        symbolSize: [1, 7],
        itemStyle: { color: theme.ink },
        data: censorTicks(survival, from, horizon).map((t) => [timeX(t), survivalAt(survival, t).notConverted]),
      },
      {
        type: 'scatter',
        silent: true,
        z: 5,
        symbol: 'circle',
        symbolSize: 7,
        itemStyle: { color: theme.surface, borderColor: theme.ink, borderWidth: 1.5 },
        label: labelText(theme, { show: true, formatter: '{b}', distance: 5 }),
        data: percentileMarks(calibration, scale, size, places),
      },
      endLabel(endWords, [timeX(horizon), end], theme),
    ],
  };
}

/** Whether a rule's words stand left of its line: there is no room on the right. */
function isLeftOf(rule: number, words: string, scale: TimeScale, size: ChartSize): boolean {
  return xOfTime(scale, rule) + textWidth(words) + 14 > size.width;
}

/** Those the axis has room for. */
function rulesOn(calibration: Curve, { from }: TimeScale) {
  return ruleWindows(calibration).filter(({ window }) => window > from && window < calibration.horizon);
}

/** The rule's words and the end's where they are written, px. */
interface Written {
  /** Of the rule's windows, in their order. */
  readonly rules: readonly Box[];
  readonly end: Box;
}

/**
 * The rule's words stand under each other along the top edge, or along the axis where the curve or the end's words leave
 * the room there and not on top.
 */
function written(calibration: Curve, scale: TimeScale, size: ChartSize, endWords: string): Written {
  const { survival, horizon } = calibration;
  const { top, bottom } = SURVIVAL_BOX;
  const y = shareToY(calibration, size);
  const middle = y(survivalAt(survival, horizon).notConverted) + 13;
  const end = { left: scale.right - textWidth(endWords), right: scale.right, top: middle - 7, bottom: middle + 7 };
  const rules = rulesOn(calibration, scale);
  const at = (row: (i: number) => number): Box[] =>
    rules.map(({ window, words }, i) => {
      const x = xOfTime(scale, window);
      const width = textWidth(words) + 7;
      const isLeft = isLeftOf(window, words, scale, size);
      return { left: isLeft ? x - width : x, right: isLeft ? x : x + width, top: row(i) - 7, bottom: row(i) + 7 };
    });
  const isFree = (box: Box) => !isCrossed(box, calibration, scale, size) && !overlaps(box, end);
  const above = at((i) => top + 9 + 15 * i);
  const below = at((i) => size.height - bottom - 9 - 15 * (rules.length - 1 - i));
  return { rules: !above.every(isFree) && below.every(isFree) ? below : above, end };
}

/** Whether the curve runs through it. It falls: from its height at the left edge to that at the right. */
function isCrossed(box: Box, calibration: Curve, scale: TimeScale, size: ChartSize): boolean {
  const y = shareToY(calibration, size);
  const at = (x: number) => y(survivalAt(calibration.survival, timeOfX(scale, x)).notConverted);
  return at(box.left) < box.bottom + 2 && at(box.right) > box.top - 2;
}

function shareToY(calibration: Curve, size: ChartSize): (share: number) => number {
  const { top, bottom } = SURVIVAL_BOX;
  const floor = survivalFloor(calibration);
  return (share) => top + ((1 - share) / (1 - floor)) * (size.height - top - bottom);
}

/** Circles at the percentiles; one is named where its name has room beside what is written there already. */
function percentileMarks(calibration: Curve, scale: TimeScale, size: ChartSize, { rules, end }: Written) {
  const { survival, horizon } = calibration;
  const { top, bottom, left } = SURVIVAL_BOX;
  const y = shareToY(calibration, size);
  const taken: Box[] = [...rules, end];
  const isFree = (box: Box) => !taken.some((one) => overlaps(one, box)) && !isCrossed(box, calibration, scale, size);
  const plot = { left, right: size.width, top, bottom: size.height - bottom };
  return percentiles(calibration)
    .filter(({ ms }) => ms >= scale.from && ms <= horizon)
    .map(({ name, ms }) => {
      const share = survivalAt(survival, ms).notConverted;
      const words = `${name} ${duration(ms)}`;
      const place = freePlace({ x: xOfTime(scale, ms), y: y(share) }, words, isFree, plot);
      if (place !== null) taken.push(place.box);
      const label = place === null ? { show: false } : { position: place.side, offset: [0, place.dy] };
      return { name: words, value: [timeX(ms), share], label };
    });
}

/** The area between the curve and its end over the whole axis, as a path in the frame: cut off left of the handle. */
export function laterPath(input: Pick<SurvivalInput, 'calibration' | 'rungs'>, size: ChartSize): string {
  const { calibration } = input;
  const scale = survivalScale(input, size);
  const floor = survivalFloor(calibration);
  const { top, bottom } = SURVIVAL_BOX;
  const y = (value: number) => (top + ((1 - value) / (1 - floor)) * (size.height - top - bottom)).toFixed(1);
  const steps = drawnSteps(calibration.survival, scale.from, scale.to);
  const end = y(steps.at(-1)?.notConverted ?? 1);
  const edge = steps.map((s, i) => {
    const x = xOfTime(scale, s.t).toFixed(1);
    return i === 0 ? `L${x} ${y(s.notConverted)}` : `H${x}V${y(s.notConverted)}`;
  });
  return `M${scale.left} ${end}${edge.join('')}V${end}Z`;
}

/** The curve at round times. */
export function survivalTable({ calibration, rungs, terms }: Omit<SurvivalInput, 'window'>): ChartTable & {
  readonly times: readonly number[];
} {
  const { survival } = calibration;
  const { ticks: times } = survivalAxis({ calibration, rungs }, 1_100);
  return {
    times,
    columns: ['After', `Not yet ${terms.done}`, '95% interval', 'Still watched'],
    rows: times.map((ms) => {
      const step = survivalAt(survival, ms);
      const { low, high } = step.byPerson;
      const limits = low === null || high === null ? 'not estimable' : `${percent(low)} to ${percent(high)}`;
      return [duration(ms), percent(step.notConverted), limits, count(atRiskAt(survival, ms))];
    }),
  };
}

/** Under the axis: who is still watched, and what share has converted, at its ticks. */
export function atRiskRows(input: Pick<SurvivalInput, 'calibration' | 'rungs'>, width: number) {
  const { survival } = input.calibration;
  return survivalAxis(input, width).ticks.map((ms) => ({
    ms,
    watched: count(atRiskAt(survival, ms)),
    converted: orNone(1 - survivalAt(survival, ms).notConverted),
  }));
}

function orNone(share: number): string {
  return share === 0 ? 'none' : percent(share);
}

/** One dashed line where the rule settles, its answers side by side where it does not. */
export function ruleWindows({ recommended }: Pick<Curve, 'recommended'>): { window: number; words: string }[] {
  const { settled, window, atHorizons } = recommended;
  if (settled && window !== null) return [{ window, words: `${duration(window)}, the rule` }];
  const seen = new Map<number, string[]>();
  for (const { horizon, window: answer } of atHorizons) {
    if (answer !== null) seen.set(answer, [...(seen.get(answer) ?? []), duration(horizon)]);
  }
  return [...seen].map(([answer, horizons]) => ({
    window: answer,
    words: `${duration(answer)}, the rule over ${horizons.join(' and ')}`,
  }));
}

/**
 * Where watching ended without the goal: one tick for each hundredth of all who were watched, at the step after.
 * A step's own conversions are taken out of the drop of those watched.
 */
export function censorTicks(survival: Curve['survival'], from: number, to: number): number[] {
  const all = survival[0]?.atRisk ?? 0;
  const ticks: number[] = [];
  let gone = 0;
  for (let i = 1; i < survival.length; i++) {
    const before = survival[i - 1];
    const now = survival[i];
    if (before === undefined || now === undefined) continue;
    const start = survival[i - 2]?.notConverted ?? 1;
    const converted = start === 0 ? 0 : before.atRisk * (1 - before.notConverted / start);
    gone += Math.max(0, before.atRisk - converted - now.atRisk);
    if (gone < Math.max(1, all / 100)) continue;
    gone = 0;
    if (now.t > from && now.t < to) ticks.push(now.t);
  }
  return ticks;
}

export function percentiles({ percentilesAmongConverters: p }: Pick<Curve, 'percentilesAmongConverters'>) {
  return (['p50', 'p75', 'p90'] as const).flatMap((key) => {
    const ms = p[key];
    return ms === null ? [] : [{ name: key.toUpperCase(), ms }];
  });
}

function endLabel(words: string, value: [number, number], theme: ChartTheme) {
  return {
    type: 'scatter',
    silent: true,
    symbolSize: 0,
    z: 6,
    data: [{ value, name: words }],
    label: labelText(theme, { show: true, formatter: '{b}', position: 'left', distance: 0, offset: [0, 13] }),
  };
}

/** Every second tick where they would stand closer than 24 px. */
function thinned(values: readonly number[], height: number): number[] {
  const room = (height - SURVIVAL_BOX.top - SURVIVAL_BOX.bottom) / Math.max(1, values.length - 1);
  if (room >= 24) return [...values];
  const last = values.length - 1;
  return values.filter((_, i) => (last - i) % 2 === 0 || i === 0);
}
