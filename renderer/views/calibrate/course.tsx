// How does it go on? How fast those who are still waiting convert, which is what an email has to beat; how many end
// otherwise; how many never do. Counted throughout.

import { useCallback, useMemo } from 'react';
import type { CalibrateAnswer, WorkflowFile } from '../../../engine/api/index.ts';
import { capital, humanDuration as duration, sentence } from '../../../engine/base/index.ts';
import {
  courseFinding,
  endsWords,
  noOtherEnd,
  percentileRows,
  plateauWords,
  type Terms,
} from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { endsOption, endsTable, endsX } from '../../charts/ends.ts';
import type { TimeMark } from '../../charts/log-time.ts';
import { paceOption, paceRows, paceTable, paceTicks, paceX } from '../../charts/pace.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Absent, Finding, KeyFigures } from '../../ui/figures.tsx';
import { Facts, Table } from '../../ui/table.tsx';
import { COURSE_FIGURES, courseFigures } from './course-words.ts';
import { emailMoments } from './emails.ts';
import { Views } from './views.tsx';

export interface CourseProps {
  readonly calibration: CalibrateAnswer;
  readonly file: WorkflowFile | null;
  /** In force, ms. */
  readonly window: number;
  readonly terms: Terms;
  readonly isAbsence: boolean;
  readonly isStale: boolean;
  readonly heights: { readonly curve: number; readonly lower: number };
}

export function Course({ calibration, file, window, terms, isAbsence, isStale, heights }: CourseProps) {
  const selection = useWindow(({ view }) => view.selection);
  const { select } = useActions();
  const isEmpty = paceTicks(paceRows(calibration.hazard ?? [])) === null;
  return (
    <>
      <Finding screen="Calibrate" question="How does it go on?" views={<Views isAbsence={isAbsence} />}>
        {courseFinding(calibration, window, terms)}
      </Finding>
      <KeyFigures
        columns="1.25fr .95fr 1.2fr .95fr"
        figures={courseFigures(calibration, window, terms)}
        selected={COURSE_FIGURES.find((key) => key === selection) ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      {!isEmpty && (
        <Pace
          calibration={calibration}
          file={file}
          window={window}
          terms={terms}
          isStale={isStale}
          height={heights.curve + 22}
        />
      )}
      <div className="two">
        <Ends calibration={calibration} terms={terms} isStale={isStale} height={heights.lower + 20} />
        <section>
          <h2>How long it takes those who convert</h2>
          <Percentiles calibration={calibration} />
          <p className="note table-foot">{plateauWords(calibration.plateau, terms)}</p>
        </section>
      </div>
    </>
  );
}

function Pace({
  calibration,
  file,
  window,
  terms,
  isStale,
  height,
}: Pick<CourseProps, 'calibration' | 'file' | 'window' | 'terms' | 'isStale'> & { readonly height: number }) {
  const { hazard = [], horizon } = calibration;
  const input = useMemo(
    () => ({
      hazard,
      horizon,
      marks: [
        { at: window, words: duration(window), line: 'solid' } as TimeMark,
        ...emailMoments(file, window).map(({ n, at }): TimeMark => ({ at, words: String(n), line: 'dotted' })),
      ],
    }),
    [hazard, horizon, file, window],
  );
  const option = useCallback((theme: ChartTheme, size: ChartSize) => paceOption(input, theme, size), [input]);
  const table = useMemo(() => paceTable(input, terms), [input, terms]);
  return (
    <Chart
      title={`${capital(terms.goals)} a day, of those still waiting`}
      hint="for each one waiting, log axes; 95% band, exact Poisson; dotted: your emails"
      alternative={courseFinding(calibration, window, terms)}
      height={height}
      option={option}
      table={table}
      xOf={(row, { width }) => paceX(input, row, width)}
      stale={isStale}
    />
  );
}

function Ends({
  calibration: { competing = null },
  terms,
  isStale,
  height,
}: Pick<CourseProps, 'calibration' | 'terms' | 'isStale'> & { readonly height: number }) {
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => (competing === null ? {} : endsOption(competing, terms, theme, size)),
    [competing, terms],
  );
  const table = useMemo(
    () => (competing === null ? { columns: [], rows: [] } : endsTable(competing, terms)),
    [competing, terms],
  );
  if (competing === null) {
    return (
      <section>
        <h2>How it ends</h2>
        <p className="note">{noOtherEnd(terms)}</p>
      </section>
    );
  }
  return (
    <Chart
      title="How it ends"
      hint="share of all; 95% band by person"
      alternative={endsWords(competing, terms)}
      height={height}
      option={option}
      table={table}
      xOf={(row, { width }) => endsX(competing, row, width)}
      stale={isStale}
    />
  );
}

function Percentiles({ calibration }: { readonly calibration: CalibrateAnswer }) {
  const { reason } = calibration.percentilesAmongConverters;
  const rows = percentileRows(calibration);
  if (rows.every(({ value }) => value === null)) {
    return <p className="note">{sentence(reason ?? 'Too few convert to say how long it takes')}</p>;
  }
  if (rows.every(({ interval }) => interval === null)) {
    return (
      <Facts facts={rows.map(({ name, value }) => ({ name, value: value ?? 'too few', absent: value === null }))} />
    );
  }
  return (
    <Table
      label="How long it takes those who convert"
      compact
      columns={[
        { label: 'Of them' },
        { label: 'Time', align: 'right' },
        { label: '95% interval, by person', align: 'right' },
      ]}
      rows={rows.map(({ key, name, value, interval }) => ({
        key,
        cells: [
          name,
          value === null ? <Absent key="v">too few</Absent> : value,
          interval ?? <Absent key="i">not defined</Absent>,
        ],
      }))}
    />
  );
}
