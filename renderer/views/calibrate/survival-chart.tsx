// The curve with the handle on it, and what hangs under its axis.

import { memo, useCallback, useMemo } from 'react';
import type { CalibrateAnswer } from '../../../engine/api/index.ts';
import { count, humanDuration as duration, percent, plural, share } from '../../../engine/base/index.ts';
import { survivalAt, type Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  laterPath,
  SURVIVAL_BOX,
  type SurvivalInput,
  survivalFloor,
  survivalOption,
  survivalScale,
  survivalTable,
} from '../../charts/survival.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { timeOfX, xOfTime } from '../../charts/time-scale.ts';
import type { EmailMoment } from './emails.ts';
import type { EmailHand } from './emails-line.tsx';
import { WindowHandle } from './handle.tsx';
import { UnderAxis } from './under-axis.tsx';
import type { WindowFigures } from './window-figures.ts';

export interface SurvivalChartProps {
  readonly calibration: CalibrateAnswer;
  readonly window: number;
  readonly rungs: readonly number[];
  readonly terms: Terms;
  readonly figures: WindowFigures | null;
  readonly emails: readonly EmailMoment[];
  readonly emailHand: EmailHand;
  readonly isCart: boolean;
  readonly isStale: boolean;
  readonly isMoving: boolean;
  readonly height: number;
  readonly onMove: (window: number) => void;
  readonly onRelease: () => void;
  readonly onCancel: () => void;
  /** A stretch of waits, ms: who converted in it. */
  readonly onPeople: (from: number, to: number) => void;
}

export function SurvivalChart(props: SurvivalChartProps) {
  const { calibration, window, rungs, terms, figures, emails, emailHand, isCart, isStale, isMoving, height } = props;
  const first = rungs[0] ?? 0;
  // Only the shortest rung moves the axis.
  const axisRungs = useMemo(() => (first === 0 ? [] : [first]), [first]);
  // The area follows the hand as an overlay, so that the plot is drawn once.
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) =>
      survivalOption({ calibration, window: null, rungs: axisRungs, terms }, theme, size),
    [calibration, axisRungs, terms],
  );
  const copied = (theme: ChartTheme, size: ChartSize) =>
    survivalOption({ calibration, window, rungs: axisRungs, terms }, theme, size);
  const table = useMemo(() => survivalTable({ calibration, rungs: axisRungs, terms }), [calibration, axisRungs, terms]);
  const input = useMemo(() => ({ calibration, rungs: axisRungs }), [calibration, axisRungs]);
  const floor = survivalFloor(calibration);
  const end = survivalAt(calibration.survival, calibration.horizon).notConverted;
  const words = figuresWords(figures, terms);
  return (
    <Chart
      title={`Share of ${terms.anchors} not yet ${terms.done}`}
      hint={`log time; 95% band by person; grey: ${terms.done} later${calibration.alreadyMailed ? '' : ', anyway'}${floor > 0 ? `; axis starts at ${percent(floor)}` : ''}`}
      alternative={`Of ${plural(calibration.anchors, terms.anchor, terms.anchors)}, ${percent(end)} have not ${terms.done} after ${duration(calibration.horizon)}. The window is at ${duration(window)}.`}
      height={height}
      option={option}
      copied={copied}
      behind={(size) => <Later input={input} size={size} window={window} />}
      table={table}
      xOf={(row, size) => xOfTime(survivalScale(input, size), table.times[row] ?? 1)}
      stale={isStale && !isMoving}
      reads={!isMoving}
      picks="those between two marks"
      onPick={(row, at) => {
        const { times } = table;
        const wait = at === null ? null : timeOfX(survivalScale(input, at.size), at.x);
        const mark = wait === null ? row : times.findIndex((ms) => ms >= wait);
        const to = times[mark];
        if (to !== undefined) props.onPeople(times[mark - 1] ?? 0, to);
      }}
      below={(size) => <UnderAxis {...{ input, size, terms, emails, isCart }} hand={emailHand} />}
    >
      {(size) => (
        <WindowHandle
          scale={survivalScale(input, size)}
          top={SURVIVAL_BOX.top}
          bottom={height - SURVIVAL_BOX.bottom}
          window={window}
          rungs={rungs}
          words={words}
          onMove={props.onMove}
          onRelease={props.onRelease}
          onCancel={props.onCancel}
        />
      )}
    </Chart>
  );
}

function figuresWords(figures: WindowFigures | null, terms: Terms): string {
  if (figures === null) return `No ${terms.anchor} is old enough to be counted.`;
  const { fired, anyway, episodes, isExact } = figures;
  if (!isExact) return `Between ${count(fired[0])} and ${count(fired[1])} of ${count(episodes)} would be emailed.`;
  return `${count(fired[0])} of ${plural(episodes, terms.anchor, terms.anchors)} would be emailed, of whom ${count(anyway[0])} (${share(anyway[0], fired[0])}) come later anyway.`;
}

const Later = memo(function Later({
  input,
  size,
  window,
}: {
  readonly input: Pick<SurvivalInput, 'calibration' | 'rungs'>;
  readonly size: ChartSize;
  readonly window: number;
}) {
  const path = useMemo(() => laterPath(input, size), [input, size]);
  const x = xOfTime(survivalScale(input, size), window);
  return (
    <svg
      className="later"
      width={size.width}
      height={size.height}
      style={{ clipPath: `inset(0 0 0 ${x}px)` }}
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  );
});
