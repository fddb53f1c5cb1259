// Which scenario? The workflow as it is beside variants of it: figures with paired differences to the first column, and
// the people each variant gains and loses with the first decision that differed.

import './compare.css';
import { useCallback, useMemo, useState } from 'react';
import type { CompareAnswer } from '../../../engine/api/index.ts';
import { capital, exactCount } from '../../../engine/base/index.ts';
import {
  type Change,
  comparisonFinding,
  comparisonMarkdown,
  differenceText,
  FIGURE_KINDS,
  FIGURE_WORDS,
  FIGURES,
  type FigureKey,
  figureText,
  intervalText,
  isToldApart,
} from '../../../engine/difference/index.ts';
import { formatWorkflow, splitSet } from '../../../engine/workflow/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { copyOrSave } from '../../charts/copy.ts';
import { DIFFERENCE_BOX, differenceBands, differenceOption, differenceTable, ROW_PX } from '../../charts/difference.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { requestOf } from '../../state/questions.ts';
import { selectCurrency } from '../../state/select.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Finding } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import { AddColumn, BATCH_SEND } from './add-column.tsx';
import { firstChange, People } from './people.tsx';
import { PerEmailSection } from './per-email.tsx';
import { RegretTable } from './regret.tsx';
import { useCompared, useComparing } from './use-compare.ts';
import { MOST_VARIANTS, type Variant } from './variants.ts';

const QUESTION = 'Which scenario?';

export default function Compare() {
  const canAsk = useWindow((state) => requestOf(state) !== null);
  const hasProblem = useWindow(({ workflow }) => workflow.isChecked && workflow.check?.sentence == null);
  const currency = useWindow(selectCurrency);
  const { notify, setPanelTab, go } = useActions();
  const [{ variants, focus, isRead }, change] = useComparing();
  const compared = useCompared();
  const [chosen, setChosen] = useState<Change | null>(null);
  const setVariants = (next: readonly Variant[], nextFocus = focus) =>
    change({ variants: next, focus: Math.max(0, Math.min(nextFocus, next.length - 1)) });
  const add = (variant: Variant) => {
    setVariants([...variants, variant], variants.length);
    setChosen(null);
  };
  const adding = <AddColumn variants={variants} onAdd={add} />;

  if (!canAsk && hasProblem) {
    return (
      <EmptyState
        heading="h1"
        question={QUESTION}
        title="The workflow has errors, so nothing can be compared."
        action={<Button onClick={() => go('workflow')}>Show them</Button>}
      >
        Their places are named on the Workflow screen; the columns here are kept.
      </EmptyState>
    );
  }
  if (!isRead || !canAsk) return <div className="screen compare" />;
  if (variants.length === 0) {
    return (
      <>
        <EmptyState
          heading="h1"
          question={QUESTION}
          title="There is one scenario so far: the workflow as it is."
          action={
            <>
              <Button look="primary" onClick={() => add(BATCH_SEND)}>
                Compare with a batch send
              </Button>
              {adding}
            </>
          }
        >
          Against the same emails to everybody on Mondays at 09:00, against another window, another setting or a file:
          both stand here side by side, with whom the change gains and loses.
        </EmptyState>
        <SidePanel label="People" own={<NobodyYet />} rests={<NothingYet />} />
      </>
    );
  }
  const { value, isCurrent, problem } = compared;
  const progress = !isCurrent && problem === null && <AskedLine label="Comparing" asked={compared} />;
  if (problem !== null) {
    return (
      <div className="screen compare">
        <ErrorState
          title={problem.message}
          details={problem.issues}
          heading="h1"
          action={
            <>
              <Button onClick={compared.again}>Compare again</Button>
              <Button onClick={() => setVariants(variants.slice(0, -1))}>
                Take out {variants.at(-1)?.name ?? 'the last column'}
              </Button>
            </>
          }
        >
          The workflow and the columns are as they were.
        </ErrorState>
      </div>
    );
  }
  if (value === null) return <div className="screen compare">{progress}</div>;

  const shown = Math.min(focus, value.versions.length - 2);
  const version = value.versions[shown + 1];
  const klass = chosen ?? firstChange(version?.people ?? null);
  const markdown = () =>
    comparisonMarkdown(value, { dataset: value.dataset, currency, stamps: value.stamps, command: null });
  const copy = async () => {
    const taken = await copyOrSave(markdown(), 'comparison.md');
    notify(taken ? 'Comparison copied as Markdown' : 'Comparison saved as comparison.md');
  };
  const open = (at: number) => {
    change({ focus: at });
    setChosen(null);
    setPanelTab('own');
  };
  return (
    <div className="screen compare">
      <Finding
        screen="Compare"
        question={QUESTION}
        sub={version?.change?.sentence}
        actions={
          <>
            <Button icon="copy" onClick={() => void copy()}>
              Copy as Markdown
            </Button>
            {variants.length < MOST_VARIANTS && adding}
          </>
        }
      >
        {comparisonFinding(value)}
      </Finding>
      {progress}
      <div className={isCurrent ? undefined : 'stale'}>
        <Figures
          value={value}
          currency={currency}
          focus={shown}
          onFocus={open}
          onRemove={(at) => {
            setVariants(variants.filter((_, i) => i !== at));
            setChosen(null);
          }}
        />
      </div>
      <Differences value={value} at={shown + 1} currency={currency} isStale={!isCurrent} onPick={() => open(shown)} />
      {value.regret != null && <RegretTable regret={value.regret} currency={currency} isStale={!isCurrent} />}
      <SidePanel
        label="People"
        own={
          <People
            action={<UseIt variant={variants[shown]} />}
            versions={value.versions}
            variants={variants}
            focus={shown}
            change={klass}
            isStale={!isCurrent}
            onChange={setChosen}
          />
        }
        rests={<Rests value={value} at={shown + 1} />}
      />
    </div>
  );
}

function NobodyYet() {
  return (
    <PanelSection title="Whom a change reaches">
      <p>
        With a second column, the people whom it gains and loses stand here, each with the first rule that differed.
      </p>
    </PanelSection>
  );
}

function NothingYet() {
  return (
    <PanelSection title="Nothing is compared">
      <p>No figure is shown yet, so there is nothing it could rest on.</p>
    </PanelSection>
  );
}

/** Makes the variant the workflow, as an edit that can be undone. */
function UseIt({ variant }: { readonly variant: Variant | undefined }) {
  const actions = useActions();
  const open = useWindow(({ workflow }) => workflow.scenario?.name ?? null);
  if (variant === undefined) return null;
  const use = () => {
    if (open === variant.name) return void actions.adoptScenario();
    const label = `use ${variant.name}`;
    if (variant.kind === 'settings') actions.setWorkflowAll(variant.set.map(splitSet), label);
    else if (variant.kind === 'file') actions.setWorkflowText(formatWorkflow(variant.file), label);
    actions.notify(`${variant.name} is the workflow now`, { undo: true });
  };
  return (
    <div className="compare-do">
      {variant.kind !== 'batch' && (open === null || open === variant.name) && (
        <Button edits look="primary" onClick={use}>
          Use {variant.name}
        </Button>
      )}
      {open === variant.name ? (
        <Button onClick={() => void actions.chooseScenario(null)}>Look at the workflow</Button>
      ) : (
        <Button onClick={() => void actions.chooseScenario(variant.name)}>Look at it on every screen</Button>
      )}
    </div>
  );
}

interface FiguresProps {
  readonly value: CompareAnswer;
  readonly currency: string | null;
  readonly focus: number;
  readonly onFocus: (variant: number) => void;
  readonly onRemove: (variant: number) => void;
}

function Figures({ value, currency, focus, onFocus, onRemove }: FiguresProps) {
  const { versions } = value;
  const [first, ...others] = versions;
  if (first === undefined) return null;
  const cell = (version: (typeof versions)[number], key: FigureKey) => {
    const { value: own, difference } = version.figures[key];
    const limits = FIGURE_KINDS[key] === 'projected' ? intervalText(key, own, currency) : null;
    return (
      <div className="compare-cell">
        <b className={own.expected === null ? 'absent' : FIGURE_KINDS[key] === 'projected' ? 'projected' : undefined}>
          {figureText(key, own, currency)}
        </b>
        {own.expected === null ? null : difference === null ? (
          <span>{limits ?? ''}</span>
        ) : (
          <span className={isToldApart(difference) ? 'compare-apart' : undefined} title={difference.reason}>
            {shortDifference(differenceText(key, difference, currency))}
          </span>
        )}
      </div>
    );
  };
  return (
    <Table
      label="Figures of each column, with differences to the first"
      columns={[
        { label: 'Figure' },
        { label: capital(first.name), align: 'right' },
        ...others.map(({ name }, i) => ({
          align: 'right' as const,
          label: (
            <span className="compare-head">
              <button type="button" className="compare-btn" aria-pressed={i === focus} onClick={() => onFocus(i)}>
                {name}
              </button>
              <IconButton icon="close" label={`Take out ${name}`} small onClick={() => onRemove(i)} />
            </span>
          ),
        })),
      ]}
      rows={FIGURES.map((key) => ({
        key,
        cells: [
          <span key="name">
            <button type="button" className="compare-btn" onClick={() => onFocus(focus)}>
              {FIGURE_WORDS[key]}
              <span className="sr-only">whom {others[focus]?.name} gains and loses</span>
            </button>{' '}
            <span className="small">{FIGURE_KINDS[key]}</span>
          </span>,
          ...versions.map((version) => cell(version, key)),
        ],
      }))}
    />
  );
}

/** The level stands once, in the chart's hint. */
function shortDifference(words: string): string {
  return words.replace('95% interval ', '');
}

interface DifferencesProps {
  readonly value: CompareAnswer;
  readonly at: number;
  readonly currency: string | null;
  readonly isStale: boolean;
  readonly onPick: () => void;
}

function Differences({ value, at, currency, isStale, onPick }: DifferencesProps) {
  const { versions } = value;
  const input = useMemo(() => ({ versions, at, currency }), [versions, at, currency]);
  const option = useCallback((theme: ChartTheme, size: ChartSize) => differenceOption(input, theme, size), [input]);
  const table = useMemo(() => differenceTable(input), [input]);
  return (
    <Chart
      title={`${versions[at]?.name} against ${versions[0]?.name}`}
      hint="paired 95% interval, each row on its own scale"
      alternative={comparisonFinding({
        ...value,
        versions: [versions[0], versions[at]].filter((one) => one !== undefined),
      })}
      height={DIFFERENCE_BOX.top + DIFFERENCE_BOX.bottom + FIGURES.length * ROW_PX}
      option={option}
      table={table}
      stale={isStale}
      picks="the people it changes"
      bands={(size) => differenceBands(input, size)}
      onPick={onPick}
    />
  );
}

function Rests({ value, at }: { readonly value: CompareAnswer; readonly at: number }) {
  const version = value.versions[at];
  const stamp = value.stamps[at];
  const reasons = FIGURES.map((key) => version?.figures[key].difference?.reason).filter((one) => one !== undefined);
  return (
    <>
      <PanelSection title="In words">
        <p className="note">
          Both columns are drawn {exactCount(value.draws)} times with the same draws of the assumptions and of the
          people, so that what they share cancels. A column against itself differs by exactly 0.
        </p>
      </PanelSection>
      <PanelSection title="Counted and projected">
        <p className="note">
          Runs, emails and anyway are counted in this history. Because and profit rest on the assumed effect; Simulate
          lists it.
        </p>
      </PanelSection>
      {version !== undefined && value.versions[0] !== undefined && (
        <PerEmailSection first={value.versions[0]} other={version} />
      )}
      {reasons.length > 0 && (
        <PanelSection title="Not known">
          <p className="note">{capital(reasons[0] ?? '')}</p>
        </PanelSection>
      )}
      {stamp !== undefined && (
        <PanelSection title="Stamp">
          <p className="mono">
            data {stamp.history.slice(0, 8)} · workflow {stamp.workflow.slice(0, 8)} · v{stamp.version} · seed{' '}
            {stamp.seed}
          </p>
        </PanelSection>
      )}
    </>
  );
}
