// What does the choice rest on? How often each window is best, which shapes of the effect would choose which, what each
// needs to pay for itself, and the windows beside a second setting.

import { useCallback, useMemo } from 'react';
import type { SweepAnswer, WorkflowFile } from '../../../engine/api/index.ts';
import type { Currency } from '../../../engine/base/index.ts';
import {
  bestRows,
  choiceFinding,
  curveWords,
  economicsTable,
  evidenceWords,
  hasStudies,
  SHAPES,
  settingWords,
  type Terms,
  whyNothing,
} from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { BEST_BOX, bestOption, bestTable, bestX } from '../../charts/best-windows.ts';
import { Chart } from '../../charts/chart.tsx';
import { GRID_BOX, gridOf, gridOption, gridTable, isPrice } from '../../charts/setting-grid.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useActions, useWindow } from '../../state/context.tsx';
import { aloneOf, type WaitSetting } from '../../state/questions.ts';
import type { Asked } from '../../state/types.ts';
import { Button } from '../../ui/button.tsx';
import { Finding, KeyFigures } from '../../ui/figures.tsx';
import { Select } from '../../ui/select.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { type Beside, besideOptions, gridWindows } from './beside.ts';
import { CHOICE_FIGURES, choiceFigures } from './choice-words.ts';
import { Views } from './views.tsx';

const QUESTION = 'What does the choice rest on?';

export interface ChoiceProps {
  readonly sweep: Asked<SweepAnswer>;
  readonly file: WorkflowFile | null;
  readonly wait: WaitSetting;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isAbsence: boolean;
}

export function Choice({ sweep, file, wait, terms, currency, isAbsence }: ChoiceProps) {
  const selection = useWindow(({ view }) => view.selection);
  const { select, askAgain } = useActions();
  const { value, problem, status } = sweep;
  if (value === null || bestRows(value).length === 0) {
    return (
      <>
        <Finding screen="Calibrate" question={QUESTION} views={<Views isAbsence={isAbsence} />}>
          {value === null ? 'Windows are being compared.' : whyNothing(value)}
        </Finding>
        {status === 'failed' && problem !== null && (
          <ErrorState
            title="Windows could not be compared."
            details={problem.issues}
            action={<Button onClick={() => askAgain('sweep')}>Try again</Button>}
          >
            {problem.message}
          </ErrorState>
        )}
      </>
    );
  }
  const isStale = !sweep.isCurrent;
  const evidence = evidenceWords(value);
  return (
    <>
      <Finding screen="Calibrate" question={QUESTION} views={<Views isAbsence={isAbsence} />}>
        {choiceFinding(value)}
      </Finding>
      <KeyFigures
        figures={choiceFigures(value, currency)}
        selected={CHOICE_FIGURES.find((key) => key === selection) ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      <div className="two">
        <BestChart sweep={value} isStale={isStale} />
        <Shapes sweep={value} evidence={evidence} />
      </div>
      <Economics sweep={value} terms={terms} currency={currency} isStale={isStale} />
      <BesideGrid file={file} wait={wait} currency={currency} />
    </>
  );
}

interface SweptProps {
  readonly sweep: SweepAnswer;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
}

function BestChart({ sweep, isStale }: Pick<SweptProps, 'sweep' | 'isStale'>) {
  const option = useCallback((theme: ChartTheme, size: ChartSize) => bestOption(sweep, theme, size), [sweep]);
  const table = useMemo(() => bestTable(sweep), [sweep]);
  return (
    <Chart
      title="How often each is best"
      hint="share of draws"
      alternative={choiceFinding(sweep)}
      height={150 + BEST_BOX.top}
      option={option}
      table={table}
      xOf={(row, { width }) => bestX(sweep, row, width)}
      stale={isStale}
    />
  );
}

function Shapes({ sweep, evidence }: { readonly sweep: SweepAnswer; readonly evidence: string | null }) {
  const { curves } = sweep;
  return (
    <section>
      <h2>Best, by how the effect changes with waiting</h2>
      {curves !== null && (
        <Table
          label="Best window by shape of the effect"
          compact
          columns={[{ label: 'If the effect' }, { label: 'Best', align: 'right' }]}
          rows={SHAPES.map(([key, words]) => ({
            key,
            cells: [words, <b key="b">{settingWords(curves.best[key])}</b>],
          }))}
        />
      )}
      <p className="note table-foot">{curveWords(sweep)}</p>
      {evidence !== null && <p className="note">{evidence}</p>}
    </section>
  );
}

function Economics({ sweep, terms, currency, isStale }: SweptProps) {
  const { columns, rows } = economicsTable({ sweep, currency, terms });
  const inForce = sweep.curves?.referenceWindow ?? null;
  const windows = bestRows(sweep);
  return (
    <section className={isStale ? 'stale economics' : 'economics'}>
      <h2>
        What each brings <span className="small">projected</span>
      </h2>
      <Table
        label="What each window brings"
        compact
        columns={columns.map((label, i) => ({ label, align: i === 0 ? 'left' : 'right' }))}
        rows={rows.map((cells, i) => ({
          key: cells[0] ?? String(i),
          cells,
          ...(windows[i]?.window === inForce ? { as: 'marked' as const } : {}),
        }))}
      />
      <p className="note table-foot">
        {sweep.by === 'net' &&
          'Pays from: the share of those who never convert by themselves that the emails must win; it pays: how likely the assumed effect is above that. '}
        {hasStudies(sweep) &&
          `Studies: fewer or more orders from a cart's first email after that wait, in the one randomised field study (2021, grade 1; signs only).`}
      </p>
    </section>
  );
}

interface GridProps {
  readonly file: WorkflowFile | null;
  readonly wait: WaitSetting;
  readonly currency: Currency;
}

function BesideGrid({ file, wait, currency }: GridProps) {
  const chosen = useWindow(({ view }) => view.calibrate.beside);
  const { setCalibrate } = useActions();
  const options = besideOptions(file);
  const beside = options.find(({ path }) => path === chosen) ?? null;
  if (options.length === 0) return null;
  return (
    <section className="beside">
      <Select
        label="Windows beside a second setting"
        value={beside?.path ?? ''}
        placeholder="Choose a setting"
        options={options.map(({ path, name }) => ({ value: path, label: name }))}
        onChange={(path) => setCalibrate({ beside: path })}
        width={240}
      />
      {beside !== null && <AskedGrid beside={beside} wait={wait} currency={currency} />}
    </section>
  );
}

function AskedGrid({
  beside,
  wait,
  currency,
}: {
  readonly beside: Beside;
  readonly wait: WaitSetting;
  readonly currency: Currency;
}) {
  const response = useWindow(({ workflow }) => workflow.response);
  const windows = gridWindows(wait);
  const asked = useAnswer(JSON.stringify([beside, windows, wait.path, response]), (api, request, options) => {
    const { set, path } = aloneOf(request, wait);
    const over = [
      { path, values: windows },
      { path: beside.path, values: beside.values },
    ];
    return api.sweep({ ...request, set, over, response }, options);
  });
  const { value, problem, isCurrent, askedAt } = asked;
  const across = aloneOf({ set: [] }, wait).path;
  const grid = useMemo(
    () => (value === null ? null : gridOf(value, across, beside.path)),
    [value, across, beside.path],
  );
  const input = useMemo(
    () => (value === null || grid === null ? null : { sweep: value, grid, currency }),
    [value, grid, currency],
  );
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => (input === null ? {} : gridOption(input, theme, size)),
    [input],
  );
  const table = useMemo(
    () => (input === null ? { columns: [], rows: [] } : gridTable(input, beside.name)),
    [input, beside.name],
  );
  if (problem !== null) {
    return (
      <ErrorState
        title="These two could not be set beside each other."
        details={problem.issues}
        action={<Button onClick={asked.again}>Try again</Button>}
      >
        {problem.message}
      </ErrorState>
    );
  }
  return (
    <>
      {!isCurrent && askedAt > 0 && <AskedLine label="Comparing" asked={asked} />}
      {input !== null && (
        <Chart
          title={`${input.sweep.by === 'net' ? 'Projected profit' : 'Projected effect'}, ${beside.name.toLowerCase()} against the window`}
          hint={
            isPrice(beside.path)
              ? 'stronger is more; framed: the best under each'
              : 'stronger is more; framed: the best; dot: cannot be told apart from it'
          }
          alternative={`${input.grid.down.length} by ${input.grid.across.length} settings. ${choiceFinding(input.sweep)}`}
          height={GRID_BOX.top + GRID_BOX.bottom + 30 * input.grid.down.length}
          option={option}
          table={table}
          stale={!isCurrent}
        />
      )}
    </>
  );
}
