// What waiting saves and costs, and which windows profit can tell apart.

import { memo, useCallback, useMemo } from 'react';
import type { SweepAnswer } from '../../../engine/api/index.ts';
import { type Currency, humanDuration as duration, percent } from '../../../engine/base/index.ts';
import { type Terms, whyNothing } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { textWidth } from '../../charts/free-place.ts';
import { pairedOption, pairedPoints, pairedTable, pairedX } from '../../charts/paired-windows.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import {
  nearestPoint,
  percentOrMinus,
  WASTE_BOX,
  type WastePoint,
  wasteOption,
  wastePoints,
  wasteTable,
  wasteX,
  wasteY,
} from '../../charts/waste-reach.ts';
import { useActions } from '../../state/context.tsx';
import type { Asked } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { useReadonly } from '../../ui/readonly.tsx';
import { ErrorState } from '../../ui/states.tsx';
import { profitWords } from './words.ts';

interface WasteProps {
  readonly sweep: Asked<SweepAnswer>;
  readonly window: number;
  readonly terms: Terms;
  readonly height: number;
}

export function WasteChart({ sweep, window, terms, height }: WasteProps) {
  const points = useMemo(() => (sweep.value === null ? [] : wastePoints(sweep.value)), [sweep.value]);
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => wasteOption({ points, window: null, terms }, theme, size),
    [points, terms],
  );
  const table = useMemo(() => wasteTable(points, terms), [points, terms]);
  if (sweep.value === null) return <NotSwept sweep={sweep} height={height} title="Waste against reach" />;
  if (points.length === 0) {
    return (
      <div className="chart">
        <h2>Waste against reach</h2>
        <p className="note">{whyNothing(sweep.value)}</p>
      </div>
    );
  }
  const [first, last] = [points[0]?.window ?? 1, points.at(-1)?.window ?? 2];
  return (
    <Chart
      title="Waste against reach"
      hint={`of 100 emailed, in ${duration(sweep.value.horizon)}`}
      alternative={`${terms.done} anyway, and because of the emails, by window from ${duration(first)} to ${duration(last)}.`}
      height={height}
      option={option}
      table={table}
      copied={(theme, size) => wasteOption({ points, window, terms }, theme, size)}
      xOf={(row, size) => wasteX(points, points[row]?.window ?? 1, size)}
      stale={!sweep.isCurrent}
    >
      {(size) => <WasteMarks points={points} window={window} terms={terms} size={size} />}
    </Chart>
  );
}

/** The window in the chart and what stands there, as an overlay that follows the hand. */
function WasteMarks({
  points,
  window,
  terms,
  size,
}: {
  readonly points: readonly WastePoint[];
  readonly window: number;
  readonly terms: Terms;
  readonly size: ChartSize;
}) {
  const at = nearestPoint(points, window);
  if (at === null) return null;
  const x = wasteX(points, window, size);
  const anywayWords = `Anyway ${percent(at.anyway)} ${terms.done} later`;
  const becauseWords = at.because === null ? '' : `Because ${percentOrMinus(at.because, 1)}, projected`;
  const isLeft = x > size.width / 2;
  const side = isLeft ? { right: size.width - x + 8 } : { left: x + 8 };
  const room = 8 + Math.max(textWidth(anywayWords), textWidth(becauseWords));
  const beside = points.filter((p) => {
    const away = wasteX(points, p.window, size) - x;
    return p === at || (isLeft ? away <= 0 && away >= -room : away >= 0 && away <= room);
  });
  const anyway = wasteY(points, at.anyway, size);
  const because = at.because === null ? null : wasteY(points, at.because, size);
  const isApart = because === null || because >= anyway;
  // Above the upper line and below the lower one, as far as the words go along them.
  const lineOf = (key: 'anyway' | 'because') =>
    beside.flatMap((p) => (p[key] === null ? [] : [wasteY(points, p[key], size)]));
  const [above, below] = isApart ? (['anyway', 'because'] as const) : (['because', 'anyway'] as const);
  const highest = Math.min(...lineOf(above));
  const lowest = Math.max(highest, ...lineOf(below));
  const upper = Math.max(0, highest - 18);
  const lower = Math.min(Math.max(upper + 15, lowest + 3), size.height - WASTE_BOX.bottom - 15);
  return (
    <div aria-hidden="true">
      <span className="waste-line" style={{ left: x, top: WASTE_BOX.top, bottom: WASTE_BOX.bottom }} />
      <span className="waste-words" style={{ ...side, top: isApart ? upper : lower }}>
        <b>Anyway</b> {percent(at.anyway)} {terms.done} later
      </span>
      {at.because !== null && (
        <span className="waste-words" style={{ ...side, top: isApart ? lower : upper }}>
          <b className="hue-because">Because</b> {percentOrMinus(at.because, 1)}, projected
        </span>
      )}
    </div>
  );
}

interface PairedProps {
  readonly sweep: Asked<SweepAnswer>;
  readonly inForce: number;
  readonly currency: Currency;
  readonly height: number;
  readonly onSet: (window: number) => void;
}

export const PairedChart = memo(function PairedChart({ sweep, inForce, currency, height, onSet }: PairedProps) {
  const { value } = sweep;
  const canSet = useReadonly(true) === null;
  const input = useMemo(
    () => (value === null ? null : { points: pairedPoints(value), by: value.by, currency }),
    [value, currency],
  );
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => (input === null ? {} : pairedOption(input, theme, size)),
    [input],
  );
  const table = useMemo(() => (input === null ? { columns: [], rows: [] } : pairedTable(input)), [input]);
  const title = value?.by === 'incremental' ? 'Projected effect' : 'Projected profit';
  if (value === null || input === null) {
    return <NotSwept sweep={sweep} height={height} title={`${title} against ${duration(inForce)}`} />;
  }
  if (input.points.length === 0) {
    return (
      <div className="chart">
        <h2>
          {title} against {duration(inForce)}
        </h2>
        <p className="note">{whyNothing(value)}</p>
      </div>
    );
  }
  return (
    <Chart
      title={`${title} against ${duration(value.curves?.referenceWindow ?? inForce)}`}
      hint="paired 95% interval"
      alternative={profitWords(value) ?? ''}
      height={height}
      option={option}
      table={table}
      xOf={(row, { width }) => pairedX(input.points, row, width)}
      stale={!sweep.isCurrent}
      {...(canSet
        ? {
            picks: 'set this window',
            onPick: (row: number) => {
              const window = input.points[row]?.window;
              if (window !== undefined && window !== inForce) onSet(window);
            },
          }
        : {})}
    />
  );
});

/** Why a sweep has no figures. */
function NotSwept({
  sweep,
  height,
  title,
}: {
  readonly sweep: Asked<SweepAnswer>;
  readonly height: number;
  readonly title: string;
}) {
  const { askAgain } = useActions();
  return (
    <div className="chart" style={{ minHeight: height + 20 }}>
      <h2>{title}</h2>
      {sweep.status === 'failed' && sweep.problem !== null && (
        <ErrorState
          title="Windows could not be compared."
          details={sweep.problem.issues}
          action={<Button onClick={() => askAgain('sweep')}>Try again</Button>}
        >
          {sweep.problem.message}
        </ErrorState>
      )}
    </div>
  );
}
