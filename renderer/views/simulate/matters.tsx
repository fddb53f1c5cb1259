// What does the answer hang on? Each assumption moved alone, widest first; what each email adds to the others; what each
// rule keeps out; and every prior with its source. Asked by this view alone, with the same draws as the effect's.

import { useCallback, useMemo } from 'react';
import type { ProjectAnswer } from '../../../engine/api/index.ts';
import type { Currency } from '../../../engine/base/index.ts';
import { SHARED_AMONG } from '../../../engine/projection/index.ts';
import {
  emailsFinding,
  fromDataWords,
  isByProfit,
  mattersFinding,
  movingSwings,
  type Terms,
} from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { EMAIL_ROW, type Emails, emailsOption, emailsTable } from '../../charts/each-email.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { type Sensitivity, TORNADO_ROW, tornadoBands, tornadoOption, tornadoTable } from '../../charts/tornado.ts';
import { SidePanel } from '../../shell/side-panel.tsx';
import { useActions, useWindow } from '../../state/context.tsx';
import { DRAWS } from '../../state/questions.ts';
import { selectCurrency, selectErrors } from '../../state/select.ts';
import { Button } from '../../ui/button.tsx';
import { Finding, KeyFigures } from '../../ui/figures.tsx';
import { PanelSection } from '../../ui/panel-section.tsx';
import { RestsPanel } from '../../ui/rests-panel.tsx';
import { AskedLine, EmptyState, ErrorState } from '../../ui/states.tsx';
import { useAnswer } from '../people/use-answer.ts';
import { Caps } from './caps.tsx';
import { Inputs } from './inputs.tsx';
import { MATTER_FIGURES, matterFigures, mattersRests, swingKey } from './matters-words.ts';
import { Rules } from './rules.tsx';
import { Views } from './views.tsx';
import { finding, stateOf, termsOf } from './words.ts';

const QUESTION = 'What does the answer hang on?';
/** For each rule once more; the pairing makes up for fewer. */
const RULE_DRAWS = 1000;

export function Matters() {
  const response = useWindow(({ workflow }) => workflow.response);
  const errors = useWindow(selectErrors);
  const selection = useWindow(({ view }) => view.selection);
  const file = useWindow(({ workflow }) => workflow.file);
  const currency = useWindow(selectCurrency);
  const { go } = useActions();
  const asked = useAnswer(JSON.stringify(response ?? null), (api, request, options) =>
    api.project(
      { ...request, response, draws: DRAWS, calibration: false, sensitivity: true, eachEmail: true },
      options,
    ),
  );
  const { value, problem, isCurrent, askedAt } = asked;
  // After the tornado, which is the answer: it would wait for this one.
  const rules = useAnswer(isCurrent ? `rules ${JSON.stringify(response ?? null)}` : null, (api, request, options) =>
    api.ruleCosts({ ...request, response, draws: RULE_DRAWS }, options),
  );
  const terms = value === null ? null : termsOf(value, file);
  return (
    <div className="simulate screen">
      {errors > 0 ? (
        <>
          <Views />
          <EmptyState
            heading="h1"
            title="The workflow has errors."
            action={<Button onClick={() => go('workflow')}>Show them</Button>}
          >
            Nothing can be projected until its file is valid.
          </EmptyState>
        </>
      ) : problem !== null ? (
        <>
          <Views />
          <ErrorState
            heading="h1"
            title="The workflow could not be projected."
            details={problem.issues}
            action={<Button onClick={asked.again}>Try again</Button>}
          >
            {problem.message} The history and the workflow file are untouched.
          </ErrorState>
        </>
      ) : value === null || terms === null ? (
        <Views />
      ) : (
        <>
          <Told answer={value} terms={terms} currency={currency} isStale={!isCurrent} />
          <Rules asked={rules} terms={terms} currency={currency} />
          <Caps replay={value.replay} isStale={!isCurrent} height={190} />
        </>
      )}
      {errors === 0 && !isCurrent && askedAt > 0 && (
        <div className="working">
          <AskedLine label="Moving each assumption" asked={asked} />
        </div>
      )}
      <SidePanel
        label="Priors"
        own={<Priors answer={value} currency={currency} />}
        rests={
          <RestsPanel
            figure={
              value?.sensitivity == null || terms === null
                ? null
                : mattersRests(value, value.sensitivity, selection, terms, currency)
            }
            assumptions={value?.assumptions ?? null}
          />
        }
      />
    </div>
  );
}

interface ToldProps {
  readonly answer: ProjectAnswer;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
}

function Told({ answer, terms, currency, isStale }: ToldProps) {
  const selection = useWindow(({ view }) => view.selection);
  const { select, setSimulate } = useActions();
  const { sensitivity = null, emails = null } = answer;
  if (sensitivity === null || stateOf(answer) !== 'projected') {
    return (
      <>
        <Finding screen="Simulate" question={QUESTION} views={<Views />}>
          {finding(answer, terms)}
        </Finding>
        <EmptyState
          title="Nothing is projected, so no assumption matters"
          action={<Button onClick={() => setSimulate({ tab: 'effect' })}>See what can be said</Button>}
        >
          Assumptions are moved where they decide a figure. Here none is made of them.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <Finding screen="Simulate" question={QUESTION} views={<Views />}>
        {mattersFinding(sensitivity)}
      </Finding>
      <KeyFigures
        columns=".9fr .9fr 1fr 1.2fr"
        figures={matterFigures(answer, sensitivity, terms, currency)}
        selected={MATTER_FIGURES.find((key) => key === selection) ?? null}
        onSelect={(key) => select(key, 'rests')}
        stale={isStale}
      />
      <Tornado sensitivity={sensitivity} currency={currency} isStale={isStale} />
      {emails !== null && <EachEmail emails={emails} terms={terms} currency={currency} isStale={isStale} />}
    </>
  );
}

function Tornado({
  sensitivity,
  currency,
  isStale,
}: Pick<ToldProps, 'currency' | 'isStale'> & { readonly sensitivity: Sensitivity }) {
  const { select } = useActions();
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => tornadoOption({ sensitivity, currency }, theme, size),
    [sensitivity, currency],
  );
  const table = useMemo(() => tornadoTable(sensitivity, currency), [sensitivity, currency]);
  const swings = movingSwings(sensitivity);
  return (
    <Chart
      title={sensitivity.by === 'profit' ? 'Profit, each moved alone' : 'Added, each moved alone'}
      hint="blue: assumed; grey: left open by the history; hatched: stated by you, a question; bold: turns the answer"
      alternative={mattersFinding(sensitivity)}
      height={TORNADO_ROW * swings.length + 6}
      option={option}
      table={table}
      stale={isStale}
      picks="what it rests on"
      bands={(size) => tornadoBands(sensitivity, currency, size)}
      onPick={(row) => {
        const swing = swings[row];
        if (swing !== undefined) select(swingKey(swing), 'rests');
      }}
    />
  );
}

function EachEmail({ emails, terms, currency, isStale }: Omit<ToldProps, 'answer'> & { readonly emails: Emails }) {
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => emailsOption({ emails, currency, terms }, theme, size),
    [emails, currency, terms],
  );
  const table = useMemo(() => emailsTable({ emails, currency, terms }), [emails, currency, terms]);
  return (
    <section>
      <Chart
        title="What each email adds to the others"
        hint={`${isByProfit(emails) ? 'profit' : terms.goals}, projected: the sequence with it against without it; 95% interval`}
        alternative={emailsFinding(emails, terms)}
        height={EMAIL_ROW * emails.length + 6}
        option={option}
        table={table}
        stale={isStale}
      />
      <p className="note table-foot">
        {emailsFinding(emails, terms)} {SHARED_AMONG}
      </p>
    </section>
  );
}

function Priors({ answer, currency }: { readonly answer: ProjectAnswer | null; readonly currency: Currency }) {
  // Nothing is said of it before it is known.
  if (answer === null) return null;
  const words = fromDataWords(answer.incremental);
  return (
    <>
      <PanelSection title="Data or prior">
        <p className="note">{words ?? 'Nothing is projected, so nothing is assumed.'}</p>
      </PanelSection>
      {answer.assumptions.length > 0 && (
        <PanelSection title="Each with its source">
          <Inputs assumptions={answer.assumptions} currency={currency} />
        </PanelSection>
      )}
    </>
  );
}
