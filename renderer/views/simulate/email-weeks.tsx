// How many emails people get in a week, of all workflows together.

import { useCallback, useMemo } from 'react';
import { count, plural } from '../../../engine/base/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  MOST_WEEKS,
  shownWeeks,
  WEEKS_BOX,
  WEEKS_TITLE,
  type Weeks,
  weeksOption,
  weeksTable,
  weekX,
} from '../../charts/email-weeks.ts';
import type { ChartTheme } from '../../charts/theme.ts';

/** Of a row, px. */
const ROW_MOST = 44;

export interface EmailWeeksProps {
  readonly weeks: Weeks;
  readonly height: number;
  readonly isStale: boolean;
}

export function EmailWeeks({ weeks, height, isStale }: EmailWeeksProps) {
  const option = useCallback((theme: ChartTheme, size: ChartSize) => weeksOption(weeks, theme, size), [weeks]);
  const table = useMemo(() => weeksTable(weeks), [weeks]);
  const shown = shownWeeks(weeks);
  if (shown.length === 0) return null;
  const hint =
    weeks.length > MOST_WEEKS ? `people, the last ${MOST_WEEKS} of ${plural(weeks.length, 'week')}` : 'people';
  return (
    <Chart
      title={WEEKS_TITLE}
      hint={hint}
      alternative={mostWords(shown)}
      height={Math.min(height, rowsHeight(shown))}
      option={option}
      table={table}
      xOf={(row, size) => (weekX(row, shown.length, size) + weekX(row + 1, shown.length, size)) / 2}
      stale={isStale}
    />
  );
}

/** Where nobody gets many there are few rows, which need not be tall. */
function rowsHeight(weeks: Weeks): number {
  const most = Math.max(0, ...weeks.map(({ people }) => people.findLastIndex((n) => n > 0)));
  return WEEKS_BOX.top + WEEKS_BOX.bottom + (most + 1) * ROW_MOST;
}

function mostWords(weeks: Weeks): string {
  const many = Math.max(...weeks.map(({ people }) => people.slice(2).reduce((sum, n) => sum + n, 0)));
  return many === 0
    ? 'Nobody gets more than two a week.'
    : `At most ${count(many)} people get three or more in one week.`;
}
