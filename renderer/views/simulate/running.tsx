// When the conversions come, and why. What stands at the ends of the lines are figures: each asks what it rests on. The
// moment the replay has come to is a dotted line, moved by the bar under the screen.

import { useCallback, useMemo } from 'react';
import { count, day, signedCount } from '../../../engine/base/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  endLabels,
  RUNNING_BOX,
  type Running,
  runningOption,
  runningPicture,
  runningTable,
  runningTitle,
  runningX,
} from '../../charts/running-total.ts';
import type { ChartTheme } from '../../charts/theme.ts';

export interface RunningChartProps {
  readonly running: Running;
  readonly terms: Terms;
  /** Of a run's goal window, ms. */
  readonly horizon: number;
  /** Of the points, where the replay stands; null: at the end. */
  readonly at: number | null;
  readonly height: number;
  readonly isStale: boolean;
  readonly onSelect: (figure: 'anyway' | 'because') => void;
  readonly onMove: (row: number) => void;
}

export function RunningChart({ running, terms, horizon, at, height, isStale, onSelect, onMove }: RunningChartProps) {
  const option = useCallback((theme: ChartTheme, size: ChartSize) => runningOption(running, theme, size), [running]);
  const table = useMemo(() => runningTable(running, terms), [running, terms]);
  const last = running.points.at(-1);
  if (last === undefined) return null;
  const words = `Up to ${day(last.at)}, ${count(last.anyway)} ${terms.goals} come anyway and ${signedCount(last.because)} because of the emails.`;
  return (
    <Chart
      title={runningTitle(horizon, terms)}
      hint="bands 80% and 95%"
      alternative={words}
      height={height}
      option={option}
      copied={(theme, size) => runningPicture(running, theme, size)}
      table={table}
      xOf={(row, size) => runningX(running.points, row, size)}
      onPick={onMove}
      stale={isStale}
    >
      {(size) => (
        <>
          {at !== null && <ReplayCursor points={running.points} at={at} size={size} />}
          {endLabels(running, size).map(({ key, words: label, y }) => (
            <button
              key={key}
              type="button"
              className={`end-label end-${key}`}
              style={{ left: size.width - RUNNING_BOX.right + 6, top: y - 7.5 }}
              // Under a label nothing is read.
              onPointerMove={(event) => event.stopPropagation()}
              onClick={(event) => {
                event.stopPropagation();
                onSelect(key === 'anyway' ? 'anyway' : 'because');
              }}
            >
              <span className={key === 'because' ? 'projected' : undefined}>{label}</span>
              {key === 'high' && <span className="sr-only">, upper limit</span>}
              {key === 'low' && <span className="sr-only">, lower limit</span>}
            </button>
          ))}
        </>
      )}
    </Chart>
  );
}

interface ReplayCursorProps {
  readonly points: Running['points'];
  readonly at: number;
  readonly size: ChartSize;
}

/** Where the replay has come to. */
export function ReplayCursor({ points, at, size }: ReplayCursorProps) {
  const x = runningX(points, at, size);
  const side = x > size.width / 2 ? { right: size.width - x + 5 } : { left: x + 5 };
  const moment = points[at]?.at;
  if (moment === undefined) return null;
  return (
    <div aria-hidden="true">
      <span className="replay-line" style={{ left: x, bottom: RUNNING_BOX.bottom }} />
      <span className="replay-words" style={side}>
        replay at {day(moment).slice(0, -5)}
      </span>
    </div>
  );
}
