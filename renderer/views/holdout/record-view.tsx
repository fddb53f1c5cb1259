// The track record: what this history up to a moment foretold of what followed, week by week; and, once the emails have
// gone out by arm, what was projected beside what the holdout measured, and beside that what an email tool credits.

import { type ReactNode, useCallback, useMemo, useState } from 'react';
import type { BacktestAnswer } from '../../../engine/api/index.ts';
import type { Foretold, Measure } from '../../../engine/backtest/index.ts';
import { day, exactCount, humanDuration, percent, plural, range } from '../../../engine/base/index.ts';
import { type Terms, termsFor } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { foretoldOption, foretoldTable, foretoldText, foretoldX } from '../../charts/foretold.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { selectAnswer } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding, type KeyFigure, KeyFigures } from '../../ui/figures.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { PastTests } from './past-tests.tsx';
import { LiveRecord } from './record-live.tsx';
import { RecordPanel, RecordRests } from './record-panel.tsx';
import { insideWords, measuresOf, measureWords, recordFinding, totalOf, verdictWords } from './record-words.ts';
import { useTesting } from './use-test.ts';

const QUESTION = 'Did what was foretold come true?';

export function Record({ switcher }: { readonly switcher: ReactNode }) {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const isChecking = useWindow(({ workflow }) => workflow.path === null || !workflow.isChecked);
  const response = useWindow(({ workflow }) => workflow.response);
  const project = useWindow(selectAnswer('project'));
  const file = useWindow(({ workflow }) => workflow.file);
  const [{ split }] = useTesting();
  const { go } = useActions();
  const asked = useAnswer<BacktestAnswer>(JSON.stringify([split, response]), (api, request, options) =>
    api.backtest({ ...request, split, response }, options),
  );
  const { value, problem } = asked;
  if (!canAsk && !isChecking) {
    return (
      <EmptyState
        heading="h1"
        title="There is no workflow whose forecasts could be held against what came."
        action={
          <>
            <Button onClick={() => go('workflow')}>Open the workflow</Button>
            {switcher}
          </>
        }
      >
        Put the workflow's file right, then come back.
      </EmptyState>
    );
  }
  const goal = file?.['goal'];
  const event = typeof goal === 'object' && goal !== null && 'event' in goal ? goal.event : '';
  const terms = termsFor(project.value?.subject?.anchor ?? '', typeof event === 'string' ? event : '');
  return (
    <>
      {problem !== null ? (
        <div className="screen">
          <ErrorState
            heading="h1"
            title="What was foretold could not be worked out."
            details={problem.issues}
            action={<Button onClick={asked.again}>Try again</Button>}
          >
            {problem.message} The history and the workflow file are untouched.
          </ErrorState>
          {switcher}
        </div>
      ) : value === null ? (
        <div className="screen">
          <Finding screen="Holdout" question={QUESTION} actions={switcher}>
            Holding forecasts against what came
          </Finding>
        </div>
      ) : (
        <Recorded answer={value} terms={terms} switcher={switcher} isStale={!asked.isCurrent} />
      )}
      {!asked.isCurrent && problem === null && (
        <div className="working">
          <AskedLine label="Foretelling week by week" asked={asked} />
        </div>
      )}
      <SidePanel
        label="Track record"
        own={<RecordPanel answer={value} isRefused={problem !== null} />}
        rests={<RecordRests answer={value} />}
      />
    </>
  );
}

interface RecordedProps {
  readonly answer: BacktestAnswer;
  readonly terms: Terms;
  readonly switcher: ReactNode;
  readonly isStale: boolean;
}

function Recorded({ answer, terms, switcher, isStale }: RecordedProps) {
  const finding = recordFinding(answer, terms);
  const measures = measuresOf(answer);
  const [chosen, setChosen] = useState<Measure | null>(null);
  const measure = chosen !== null && measures.includes(chosen) ? chosen : measures[0];
  return (
    <div className="screen holdout">
      <Finding
        screen="Holdout"
        question={QUESTION}
        sub={`From what was known on ${day(answer.split)}, about what followed until ${day(answer.observedUntil)}.${answer.reason === null ? ` ${verdictWords(answer)}` : ''}`}
        actions={switcher}
      >
        {finding}
      </Finding>
      {answer.reason !== null && (
        <EmptyState title="Nothing could be foretold.">
          {answer.reason} A later split in the side panel leaves more weeks behind it.
        </EmptyState>
      )}
      <div className={isStale ? 'holdout-results stale' : 'holdout-results'} aria-busy={isStale}>
        {answer.trackRecord !== null && <LiveRecord record={answer.trackRecord} terms={terms} />}
        <PastTests />
        {measure !== undefined && (
          <>
            <div className="holdout-card">
              <Weeks answer={answer} measure={measure} terms={terms} alternative={finding} />
              <KeyFigures figures={totals(answer, terms)} />
            </div>
            {measures.length > 1 && (
              <div className="holdout-buttons">
                <Segmented
                  label="Figure"
                  value={measure}
                  options={measures.map((one) => ({ value: one, label: measureWords(one, terms) }))}
                  onChange={setChosen}
                />
              </div>
            )}
          </>
        )}
        <Coverage answer={answer} terms={terms} />
        <Notices answer={answer} />
      </div>
    </div>
  );
}

function Weeks({
  answer,
  measure,
  terms,
  alternative,
}: Pick<RecordedProps, 'answer' | 'terms'> & { readonly measure: Measure; readonly alternative: string }) {
  const { behind, split, weekly } = answer;
  const input = useMemo(() => ({ behind, split, weekly, measure }), [behind, split, weekly, measure]);
  const option = useCallback((theme: ChartTheme, size: ChartSize) => foretoldOption(input, theme, size), [input]);
  const table = useMemo(() => foretoldTable(input), [input]);
  return (
    <Chart
      title={`${measureWords(measure, terms)}, week by week`}
      hint="bars known at the split, bands foretold, dots came; filled: outside 95%"
      alternative={alternative}
      height={190}
      option={option}
      table={table}
      xOf={(row, size) => foretoldX(input, row, size)}
    />
  );
}

function totals(answer: BacktestAnswer, terms: Terms): KeyFigure[] {
  return answer.total
    .filter(({ segment }) => segment === 'all')
    .map((one: Foretold) => ({
      key: one.measure,
      label: `${measureWords(one.measure, terms)} until ${day(one.to)}`,
      value: `${foretoldText(one.measure, one.actual)} came`,
      note: (
        <>
          <span className="key-line">
            {foretoldText(one.measure, one.expected)} foretold,{' '}
            {range([one.low95, one.high95], (x) => foretoldText(one.measure, x))}
          </span>
          <span className="key-line">{insideWords(one)}</span>
        </>
      ),
    }));
}

function Coverage({ answer, terms }: Pick<RecordedProps, 'answer' | 'terms'>) {
  const { rolling, cells } = answer;
  if (rolling.length === 0) return null;
  return (
    <section aria-labelledby="record-coverage">
      <h2 id="record-coverage" className="holdout-title">
        How often intervals held{' '}
        <span className="small">{exactCount(cells)} forecasts from every week with enough behind it</span>
      </h2>
      <Table
        compact
        label="How often intervals held"
        columns={[
          { label: 'Figure' },
          { label: 'Weeks ahead', align: 'right' },
          { label: 'Forecasts', align: 'right' },
          { label: '50% held', align: 'right' },
          { label: '80% held', align: 'right' },
          { label: '95% held', align: 'right' },
          { label: 'Mean loss', align: 'right' },
        ]}
        rows={rolling
          .filter(({ weeksAhead }) => weeksAhead === 1 || weeksAhead === 4)
          .map((one) => ({
            key: `${one.measure} ${one.weeksAhead}`,
            cells: [
              measureWords(one.measure, terms),
              String(one.weeksAhead),
              exactCount(one.cells),
              percent(one.p50, 0),
              percent(one.p80, 0),
              percent(one.p95, 0),
              one.relativeLoss === null ? 'none came' : percent(one.relativeLoss, 1),
            ],
          }))}
      />
    </section>
  );
}

function Notices({ answer }: Pick<RecordedProps, 'answer'>) {
  const { notices, straddling, goalWindow, trackRecord } = answer;
  const said = [
    ...notices,
    ...(straddling === 0
      ? []
      : [
          `${plural(straddling, 'run')} from before the split, whose ${humanDuration(goalWindow)} end after it, are in no figure of conversions.`,
        ]),
    ...(trackRecord === null && totalOf(answer, 'enrolled') !== null
      ? [
          'What the emails add cannot be scored here: no emails of this workflow follow the split with people held out. Once they are in the history, it stands here by itself.',
        ]
      : []),
  ];
  if (said.length === 0) return null;
  return (
    <ul className="holdout-notes">
      {said.map((one) => (
        <li key={one}>{one}</li>
      ))}
    </ul>
  );
}
