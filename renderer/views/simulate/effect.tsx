// What would it send and earn? The finding, four key figures, who gets it, how the profit comes about, and what cannot
// be known from this history.

import { useCallback, useMemo, useState } from 'react';
import type { BreakdownAnswer, ProjectAnswer } from '../../../engine/api/index.ts';
import { type Currency, capital, count, sentence } from '../../../engine/base/index.ts';
import { profitParts, type Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import {
  FUNNEL_TITLE,
  funnelBands,
  funnelDecisions,
  funnelOption,
  funnelStages,
  funnelTable,
} from '../../charts/funnel.ts';
import { runningTitle } from '../../charts/running-total.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { selectAnswer, selectCurrency, selectErrors } from '../../state/select.ts';
import type { Asked } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { Absent, Finding } from '../../ui/figures.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { peopleLink } from '../people/people-link.ts';
import { blindRules, blindWords } from '../workflow/blind-rules.ts';
import { removeRule } from '../workflow/rule-edits.ts';
import { AttributedSection } from './attributed.tsx';
import { BySegment } from './by-segment.tsx';
import { ByValueTable, valueName } from './by-value.tsx';
import { Comparisons } from './comparisons.tsx';
import { BoundsTable, Per30Days, ProfitSteps } from './money.tsx';
import { ReplayBar } from './replay-bar.tsx';
import { type RestsFigure, RestsPanel } from './rests-panel.tsx';
import { RunningChart } from './running.tsx';
import { FIGURES, Strip } from './strip.tsx';
import { TestPanel } from './test-panel.tsx';
import { useHeights } from './use-heights.ts';
import { type Replay, useReplay } from './use-replay.ts';
import { Views } from './views.tsx';
import { finding, limits, rulesOut, stateOf, termsOf } from './words.ts';

export function Effect() {
  const project = useWindow(selectAnswer('project'));
  const file = useWindow(({ workflow }) => workflow.file);
  const selection = useWindow(({ view }) => view.selection);
  const currency = useWindow(selectCurrency);
  const errors = useWindow(selectErrors);
  const actions = useActions();
  const heights = useHeights();
  const parts = useWindow(selectAnswer('breakdown'));
  const replay = useReplay(parts.value?.running ?? null);
  const [table, setTable] = useState<'value' | 'segment' | 'month' | null>(null);
  if (project.status === 'failed' && project.problem !== null) {
    return (
      <div className="simulate screen">
        <Views />
        <ErrorState
          heading="h1"
          title="The workflow could not be projected."
          details={project.problem.issues}
          action={<Button onClick={() => actions.askAgain('project')}>Try again</Button>}
        >
          {project.problem.message} The history and the workflow file are untouched.
        </ErrorState>
      </div>
    );
  }
  const projection = project.value;
  if (projection === null) {
    if (errors === 0) return null;
    return (
      <div className="simulate screen">
        <Views />
        <EmptyState
          heading="h1"
          title="The workflow has errors."
          action={<Button onClick={() => actions.go('workflow')}>Show them</Button>}
        >
          Nothing can be replayed until its file is valid.
        </EmptyState>
      </div>
    );
  }
  const terms = termsOf(projection, file);
  const state = stateOf(projection);
  const selected: RestsFigure = RESTS.find((name) => name === selection) ?? 'because';
  const isStale = !project.isCurrent;
  const shared = { projection, terms, currency, isStale };
  // Where runs have no value, the other table stands first.
  const shownTable = table ?? (parts.value?.byValue?.reason === undefined ? 'value' : 'month');
  const segment = {
    isStale,
    onSelect: (figure: RestsFigure) => actions.select(figure, 'rests'),
    chart: {
      title: runningTitle(projection.horizon, terms),
      at: replay.at,
      height: heights.running,
      onMove: replay.moveTo,
    },
  };
  const switcher = (
    <Segmented
      label="Table"
      value={shownTable}
      onChange={setTable}
      options={[
        { value: 'value', label: 'By value' },
        { value: 'segment', label: 'By segment' },
        { value: 'month', label: 'Per 30 days' },
      ]}
    />
  );
  const limitsStand = heights.isTall || state !== 'projected';
  const rows = (profitParts(projection.profit)?.parts.length ?? 0) + 1;
  return (
    <div className="simulate screen">
      <Finding screen="Simulate" question="What would it send and earn?" views={<Views />}>
        {finding(projection, terms)}
      </Finding>
      <Strip
        projection={projection}
        currency={currency}
        selected={FIGURES.find((name) => name === selected) ?? null}
        onSelect={(key) => actions.select(key, 'rests')}
        isStale={isStale}
      />
      <div className="two">
        <div className="column">
          <Funnel projection={projection} terms={terms} height={heights.funnel} isStale={isStale} />
          {state === 'projected' && <ProfitSteps {...shared} height={rows * heights.profitRow} />}
          {state === 'projected' && heights.isTall && <BySegment {...segment} isTitled />}
        </div>
        <div className="column">
          {state === 'projected' &&
            (heights.isTall ? (
              <>
                <Running {...shared} parts={parts} replay={replay} height={heights.running} />
                <ByValue {...shared} parts={parts} isTitled />
                <Per30Days {...shared} isTitled />
              </>
            ) : shownTable === 'segment' ? (
              <BySegment {...segment} isTitled={false}>
                {switcher}
              </BySegment>
            ) : (
              <>
                <Running {...shared} parts={parts} replay={replay} height={heights.running} />
                <div className="switched">
                  {switcher}
                  {shownTable === 'value' ? (
                    <ByValue {...shared} parts={parts} isTitled={false} />
                  ) : (
                    <Per30Days {...shared} isTitled={false} />
                  )}
                </div>
              </>
            ))}
          {state === 'not-identified' && (
            <>
              <BoundsTable projection={projection} />
              <Comparisons projection={projection} />
            </>
          )}
          {state === 'nobody' && <Nobody projection={projection} />}
          {state === 'too-young' && (
            <EmptyState
              title="No outcome is known yet"
              action={<Button onClick={() => actions.go('data')}>Load a longer history</Button>}
            >
              A run is judged when its whole goal window was watched. A longer history, or a shorter goal window, gives
              figures here.
            </EmptyState>
          )}
        </div>
      </div>
      {limitsStand && <Limits projection={projection} terms={terms} />}
      {state === 'projected' && parts.value?.running != null && (
        <ReplayBar running={parts.value.running} replay={replay} terms={terms} isStale={isStale || !parts.isCurrent} />
      )}
      <SidePanel
        label="A test"
        own={
          <TestPanel projection={projection} terms={terms} limits={limitsStand ? [] : limits(projection, terms)}>
            {state === 'projected' && parts.value?.attributed != null && (
              <AttributedSection
                attributed={parts.value.attributed}
                projection={projection}
                terms={terms}
                onOpen={() => actions.select('attributed', 'rests')}
              />
            )}
          </TestPanel>
        }
        rests={
          <RestsPanel
            figure={selected}
            {...shared}
            breakdown={parts.value}
            onOpen={(figure) => actions.select(figure, 'rests')}
          />
        }
      />
    </div>
  );
}

const RESTS: readonly RestsFigure[] = [...FIGURES, 'attributed'];

interface PartsProps {
  readonly projection: ProjectAnswer;
  readonly parts: Asked<BreakdownAnswer>;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
}

function Running(props: PartsProps & { readonly replay: Replay; readonly height: number }) {
  const { projection, parts, terms, isStale, replay, height } = props;
  const { select, askAgain } = useActions();
  const running = parts.value?.running ?? null;
  if (running === null) {
    return (
      <section style={{ minHeight: height + 20 }}>
        <h2>{capital(terms.goals)}, running total</h2>
        {parts.status === 'failed' && parts.problem !== null ? (
          <ErrorState
            title="The running total could not be made."
            details={parts.problem.issues}
            action={<Button onClick={() => askAgain('breakdown')}>Try again</Button>}
          >
            {parts.problem.message}
          </ErrorState>
        ) : (
          <p className="note">{parts.value?.reason ?? ''}</p>
        )}
      </section>
    );
  }
  return (
    <RunningChart
      running={running}
      terms={terms}
      horizon={projection.horizon}
      at={replay.at}
      height={height}
      isStale={isStale || !parts.isCurrent}
      onSelect={(figure) => select(figure, 'rests')}
      onMove={replay.moveTo}
    />
  );
}

function ByValue({ parts, terms, currency, isStale, isTitled }: PartsProps & { readonly isTitled: boolean }) {
  const { select } = useActions();
  const byValue = parts.value?.byValue ?? null;
  if (byValue === null) return null;
  if (byValue.reason !== undefined) {
    return (
      <section>
        {isTitled && <h2>By {valueName(terms)}</h2>}
        <p className="note">
          <Absent>Not known.</Absent> {byValue.reason}
        </p>
      </section>
    );
  }
  return (
    <ByValueTable
      byValue={byValue}
      terms={terms}
      currency={currency}
      isStale={isStale || !parts.isCurrent}
      isTitled={isTitled}
      onSelect={(figure) => select(figure, 'rests')}
    />
  );
}

/** What keeps everybody out, and the way out of it. */
function Nobody({ projection: { replay } }: { readonly projection: ProjectAnswer }) {
  const file = useWindow(({ workflow }) => workflow.file);
  const about = useWindow(selectAnswer('describe')).value;
  const actions = useActions();
  const blind = blindWords(blindRules(file, about), replay);
  const removal = file === null || blind === null ? null : removeRule(file, blind.rule.index);
  const isAsked = replay.candidates > 0;
  return (
    <EmptyState
      title="Nobody to project for"
      action={
        <>
          {!isAsked && <Button onClick={() => actions.go('data')}>See the events of this history</Button>}
          {removal !== null && blind !== null && (
            <Button edits onClick={() => actions.setWorkflowAll(removal.settings, removal.label)}>
              Take "{blind.rule.id}" out
            </Button>
          )}
          <Button onClick={() => actions.go('workflow')}>Open the workflow</Button>
        </>
      }
    >
      {isAsked
        ? (blind?.words ?? rulesOut(replay))
        : 'The funnel starts with those who meet the trigger. Check that its events have the names of this history, and its window.'}
    </EmptyState>
  );
}

interface FunnelProps {
  readonly projection: ProjectAnswer;
  readonly terms: Terms;
  readonly height: number;
  readonly isStale: boolean;
}

function Funnel({ projection, terms, height, isStale }: FunnelProps) {
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => funnelOption(projection, terms, theme, size),
    [projection, terms],
  );
  const table = useMemo(() => funnelTable(projection, terms), [projection, terms]);
  const decisions = funnelDecisions(projection);
  const { go } = useActions();
  const words = funnelStages(projection).map(({ name, n }) => `${name} ${count(n)}`);
  return (
    <Chart
      title={FUNNEL_TITLE}
      alternative={`${words.join(', ')}.`}
      height={height}
      option={option}
      table={table}
      stale={isStale}
      bands={(size) => funnelBands(projection, terms, size)}
      picks="the people of that row"
      canPick={(row) => (decisions[row] ?? null) !== null}
      onPick={(row) => {
        const filter = decisions[row] ?? null;
        if (filter !== null) go('people', peopleLink({ filter }));
      }}
    />
  );
}

function Limits({ projection, terms }: { readonly projection: ProjectAnswer; readonly terms: Terms }) {
  const selection = useWindow(({ view }) => view.selection);
  const { select } = useActions();
  const said = limits(projection, terms);
  return (
    <section className="limits">
      <h2>What cannot be known here</h2>
      <ul>
        {said.map((one) => (
          <li key={one} className="note">
            {one}
          </li>
        ))}
        <li className="note">
          {sentence(projection.cheapestTest.text)}{' '}
          {projection.cheapestTest.offers.length > 0 && (
            <Button look="link" onClick={() => select(selection, 'own')}>
              What it takes
            </Button>
          )}
        </li>
      </ul>
    </section>
  );
}
