// Which assumption matters: a bar from one end to the other of what is projected when each alone is moved, widest first,
// on one scale with its 0. Blue is assumed, grey is what the history leaves open, hatched is a price somebody stated: of
// those a change is a question, no interval.

import type { ProjectAnswer } from '../../engine/api/index.ts';
import { type Currency, capital, range } from '../../engine/base/index.ts';
import { KIND_WORDS, movingSwings, swingName, worthAt, worthText } from '../../engine/report/index.ts';
import type { ChartOption, ChartSize, RowBand } from './base.ts';
import type { ChartTable } from './copy.ts';
import { type PieceKind, type PieceRow, type PieceScale, piecesOption, rowBands } from './pieces.ts';
import type { ChartTheme } from './theme.ts';

export type Sensitivity = NonNullable<ProjectAnswer['sensitivity']>;
type Swing = Sensitivity['swings'][number];

const BAR = 13;
export const TORNADO_ROW = 36;

const KINDS: Readonly<Record<Swing['kind'], PieceKind>> = { prior: 'because', data: 'anyway', input: 'other' };
export function tornadoRows(sensitivity: Sensitivity, currency: Currency): PieceRow[] {
  return movingSwings(sensitivity).map((swing): PieceRow => {
    const ends = endsOf(sensitivity, swing);
    return {
      name: capital(swingName(swing)),
      pieces: [{ kind: KINDS[swing.kind], from: Math.min(...ends), to: Math.max(...ends) }],
      value: range(ends, (x) => worthText(sensitivity, x, currency, swing.width)),
      note: `${swing.low.value} to ${swing.high.value}`,
      isStrong: swing.flips,
    };
  });
}

export function tornadoScale(sensitivity: Sensitivity): PieceScale {
  const ends = movingSwings(sensitivity).flatMap((swing) => endsOf(sensitivity, swing));
  const [min, max] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  return max > min ? { min, max } : { min: 0, max: 1 };
}

export function tornadoOption(
  { sensitivity, currency }: { readonly sensitivity: Sensitivity; readonly currency: Currency },
  theme: ChartTheme,
  size: ChartSize,
): ChartOption {
  const scale = tornadoScale(sensitivity);
  return piecesOption(
    tornadoRows(sensitivity, currency),
    () => scale,
    { left: 186, right: 150, bar: BAR, zero: true },
    theme,
    size,
  );
}

export function tornadoBands(sensitivity: Sensitivity, currency: Currency, { height }: ChartSize): RowBand[] {
  return rowBands(tornadoRows(sensitivity, currency), height, BAR);
}

export function tornadoTable(sensitivity: Sensitivity, currency: Currency): ChartTable {
  return {
    columns: ['Moved alone', 'what it is', 'from', 'to', sensitivity.by, 'how far'],
    rows: movingSwings(sensitivity).map((swing) => [
      capital(swingName(swing)),
      KIND_WORDS[swing.kind],
      swing.low.value,
      swing.high.value,
      range(endsOf(sensitivity, swing), (x) => worthText(sensitivity, x, currency, swing.width)),
      swing.range,
    ]),
  };
}

function endsOf(sensitivity: Sensitivity, { low, high }: Swing): [number, number] {
  return [worthAt(sensitivity, low), worthAt(sensitivity, high)];
}
