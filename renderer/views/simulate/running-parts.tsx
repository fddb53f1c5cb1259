// The running total by segment. What a segment comes to stands beside its chart; each figure asks what it rests on.

import { useCallback, useMemo } from 'react';
import { day } from '../../../engine/base/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  type PartCell,
  partCells,
  partsOption,
  partsPicture,
  partsTable,
  partWords,
  type RunningParts,
} from '../../charts/running-parts.ts';
import { RUNNING_BOX, runningX } from '../../charts/running-total.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { ReplayCursor } from './running.tsx';

export interface PartsChartProps {
  readonly running: RunningParts;
  readonly title: string;
  /** Of the points, where the replay stands; null: at the end. */
  readonly at: number | null;
  readonly height: number;
  readonly isStale: boolean;
  readonly onSelect: (figure: 'anyway' | 'because') => void;
  readonly onMove: (row: number) => void;
}

export function PartsChart({ running, title, at, height, isStale, onSelect, onMove }: PartsChartProps) {
  const option = useCallback((theme: ChartTheme, size: ChartSize) => partsOption(running, theme, size), [running]);
  const table = useMemo(() => partsTable(running), [running]);
  const last = running.points.at(-1);
  if (last === undefined) return null;
  const words = running.parts.map((part) => {
    const [anyway, because] = partWords(part);
    return `${part.name} ${anyway} anyway and ${because} because of the emails`;
  });
  return (
    <Chart
      title={title}
      hint="by segment, one scale"
      alternative={`Up to ${day(last.at)}: ${words.join('; ')}.`}
      height={height}
      option={option}
      copied={(theme, size) => partsPicture(running, theme, size)}
      table={table}
      xOf={(row, size) => runningX(running.points, row, size)}
      onPick={onMove}
      stale={isStale}
    >
      {(size) => (
        <>
          {at !== null && <ReplayCursor points={running.points} at={at} size={size} />}
          {partCells(running, size).map((cell, i) => {
            const part = running.parts[i] as RunningParts['parts'][number];
            return <PartLabel key={part.name} part={part} cell={cell} size={size} onSelect={onSelect} />;
          })}
        </>
      )}
    </Chart>
  );
}

interface PartLabelProps {
  readonly part: RunningParts['parts'][number];
  readonly cell: PartCell;
  readonly size: ChartSize;
  readonly onSelect: PartsChartProps['onSelect'];
}

function PartLabel({ part, cell, size, onSelect }: PartLabelProps) {
  const [anyway, because] = partWords(part);
  const pick = (figure: 'anyway' | 'because') => (event: React.MouseEvent) => {
    event.stopPropagation();
    onSelect(figure);
  };
  return (
    <div
      className="part-label"
      style={{ left: size.width - RUNNING_BOX.right + 6, top: cell.top + cell.height / 2 - 15 }}
      // Under a label nothing is read.
      onPointerMove={(event) => event.stopPropagation()}
    >
      <b title={part.name}>{part.name}</b>
      <span>
        <button type="button" className="figure-btn" aria-label={`${anyway} anyway`} onClick={pick('anyway')}>
          {anyway}
        </button>{' '}
        <button type="button" className="figure-btn" aria-label={`${because} because`} onClick={pick('because')}>
          <span className="projected">{because}</span>
        </button>
      </span>
    </div>
  );
}
