// When is a silence a goodbye? How many return unaided after how long, how many alarms are false, whether each person's
// own rhythm is the better measure, and how people decline before they go. For absence triggers.

import { useCallback, useMemo } from 'react';
import type { CalibrateAnswer } from '../../../engine/api/index.ts';
import { count, humanDuration as duration, orNotKnown, percent, points, range } from '../../../engine/base/index.ts';
import {
  declineWords,
  enteredWords,
  partsNobody,
  RULE_NAMES,
  rhythmWords,
  silenceFinding,
} from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { type Silence, silenceOption, silencePoints, silenceTable, silenceX } from '../../charts/silence.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { Button } from '../../ui/button.tsx';
import { Absent, Finding, KeyFigures } from '../../ui/figures.tsx';
import { EmptyState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { SILENCE_FIGURES, silenceFigures } from './silence-words.ts';
import { Views } from './views.tsx';

export interface SilenceProps {
  readonly calibration: CalibrateAnswer;
  /** The silence in force, ms. */
  readonly window: number;
  readonly isAbsence: boolean;
  readonly isStale: boolean;
  readonly height: number;
  readonly onUse: (silence: number) => void;
}

const QUESTION = 'When is a silence a goodbye?';

export function SilenceView({ calibration, window, isAbsence, isStale, height, onUse }: SilenceProps) {
  const selection = useWindow(({ view }) => view.selection);
  const { select, setCalibrate } = useActions();
  const { dormancy } = calibration;
  if (dormancy === null || silencePoints(dormancy).length === 0) {
    const isWrong = dormancy === null;
    return (
      <>
        <Finding screen="Calibrate" question={QUESTION} views={<Views isAbsence={isAbsence} />}>
          {isWrong ? 'This trigger does not wait for silence.' : 'No silence was watched for long enough to say.'}
        </Finding>
        <EmptyState
          title={isWrong ? 'Silence belongs to absence triggers' : 'The history is too short'}
          action={<Button onClick={() => setCalibrate({ tab: 'window' })}>Back to the window</Button>}
        >
          {isWrong
            ? 'An absence trigger fires when somebody does nothing for a while. This one waits for one thing that does not follow another, and its window stands on the first view.'
            : 'How many return is told from people who were silent and then watched for another two weeks.'}
        </EmptyState>
      </>
    );
  }
  const { recommended } = dormancy;
  const entered = enteredWords(dormancy);
  return (
    <>
      <Finding
        screen="Calibrate"
        question={QUESTION}
        views={<Views isAbsence={isAbsence} />}
        actions={
          recommended !== null &&
          recommended !== window &&
          !partsNobody(dormancy) && (
            <Button edits look="primary" onClick={() => onUse(recommended)}>
              Use {duration(recommended)}
            </Button>
          )
        }
      >
        {silenceFinding(dormancy, window)}
      </Finding>
      <KeyFigures
        figures={silenceFigures(dormancy, window)}
        selected={SILENCE_FIGURES.find((key) => key === selection) ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      <Returns dormancy={dormancy} loaded={window} isStale={isStale} height={height} />
      <section>
        <h2>One length for everybody, or each their own</h2>
        <Rhythm dormancy={dormancy} />
        <p className="note table-foot">{rhythmWords(dormancy)}</p>
      </section>
      <section>
        <h2>How they leave</h2>
        <p className="note">
          {declineWords(dormancy)}
          {entered === null ? '' : ` ${entered}`}
        </p>
      </section>
    </>
  );
}

function Returns({
  dormancy,
  loaded,
  isStale,
  height,
}: {
  readonly dormancy: Silence;
  readonly loaded: number;
  readonly isStale: boolean;
  readonly height: number;
}) {
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => silenceOption({ dormancy, loaded }, theme, size),
    [dormancy, loaded],
  );
  const table = useMemo(() => silenceTable(dormancy), [dormancy]);
  return (
    <Chart
      title="What becomes of a silence"
      hint={`by days of silence so far, log time; return within ${duration(dormancy.within)}; false: back before ${duration(dormancy.churn)}; 95% bands`}
      alternative={silenceFinding(dormancy, loaded)}
      height={height}
      option={option}
      table={table}
      xOf={(row, { width }) => silenceX(dormancy, row, width)}
      stale={isStale}
    />
  );
}

function Rhythm({ dormancy: { ownRhythm = null, within } }: { readonly dormancy: Silence }) {
  if (ownRhythm === null) return null;
  const part = (value: number | null) => orNotKnown(value, (x) => percent(x, 1), 'not defined');
  return (
    <Table
      label="One length for everybody, or each their own"
      compact
      columns={[
        { label: 'Alarm after' },
        { label: 'Silence', align: 'right' },
        { label: 'Alarms', align: 'right' },
        { label: `Back in ${duration(within)}`, align: 'right' },
        { label: 'False alarms', align: 'right' },
        { label: 'Goodbyes noticed', align: 'right' },
        { label: 'Own minus this, pp', align: 'right' },
      ]}
      rows={ownRhythm.rules.map(({ rule, after, fires, returns, falseAlarms, noticed, ownMinusThis }) => ({
        key: rule,
        cells: [
          RULE_NAMES[rule],
          after === null ? <Absent key="a">no alarm</Absent> : duration(after),
          count(fires),
          part(returns),
          part(falseAlarms),
          part(noticed),
          ownMinusThis === null
            ? ''
            : `${points(ownMinusThis.expected)} (${range([ownMinusThis.low, ownMinusThis.high], points)})`,
        ],
      }))}
    />
  );
}
