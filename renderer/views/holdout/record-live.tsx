// Once the emails have gone out by arm: projected, measured and attributed, each in a row of its own; the rules of credit
// side by side; and the secondary goals by arm.

import { personMonthWords, type TrackRecord } from '../../../engine/backtest/index.ts';
import {
  capital,
  count,
  exactCount,
  humanDuration,
  interval,
  money,
  orNotKnown,
  percent,
  points,
  range,
  rounded,
  signedCount,
  signedMoney,
} from '../../../engine/base/index.ts';
import { overCreditWords } from '../../../engine/holdout/index.ts';
import type { Terms } from '../../../engine/report/index.ts';
import {
  type BesideHoldout,
  CREDIT_WORDS,
  costWords,
  creditRuleWords,
  type SecondaryFigure,
  secondaryTitle,
} from '../../../engine/value/index.ts';
import { useWindow } from '../../state/context.tsx';
import { selectCurrency } from '../../state/select.ts';
import { Chip, type KeyFigure, KeyFigures } from '../../ui/figures.tsx';
import { Table } from '../../ui/table.tsx';

export function LiveRecord({ record, terms }: { readonly record: TrackRecord; readonly terms: Terms }) {
  const { measured, score, value, secondary } = record;
  const currency = useWindow(selectCurrency);
  const pp = (x: number) => `${points(x)} pp`;
  return (
    <section className="holdout-results" aria-labelledby="record-live">
      <h2 id="record-live" className="sr-only">
        Measured
      </h2>
      {value !== null && <KeyFigures figures={liveFigures(value, terms, currency)} columns="1fr 1.2fr 1.2fr" />}
      <Table
        label="Foretold and measured"
        columns={[
          { label: 'Each person with their first entry since the split' },
          { label: 'Change in the rate', align: 'right' },
          { label: '95% interval', align: 'right' },
          { label: capital(terms.goals), align: 'right' },
        ]}
        rows={[
          ...(score === null
            ? []
            : [
                {
                  key: 'projected',
                  cells: [
                    <span key="name">
                      Foretold before the split <Chip kind="projected" />
                    </span>,
                    pp(score.projected.difference),
                    range([score.projected.low, score.projected.high], pp),
                    signedCount(score.projected.difference * measured.goal.treated.n),
                  ],
                },
              ]),
          ...measured.byHorizon.map((one) => ({
            key: `measured ${one.within}`,
            ...(one.within === measured.goal.within ? { as: 'marked' as const } : {}),
            cells: [
              <span key="name">
                Within {humanDuration(one.within)} <Chip kind="measured" />
              </span>,
              pp(one.difference),
              range(one.interval, pp),
              signedCount(one.difference * one.treated.n),
            ],
          })),
        ]}
      />
      <ul className="holdout-notes">
        {liveNotes(record, currency).map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      {value?.credited != null && <Credits value={value} currency={currency} />}
      {secondary.length > 0 && <SecondaryGoals figures={secondary} currency={currency} />}
    </section>
  );
}

/** Two ledgers side by side: what was added, and what is credited. */
function liveFigures(value: BesideHoldout, terms: Terms, currency: string | null): KeyFigure[] {
  const { measured, profit, profitReason, credited, creditedReason, overCredit, overCreditReason } = value;
  const { conversions } = measured;
  const own = credited?.models.find(({ model }) => model === credited.model);
  const net = profit?.profit;
  const width = net === undefined ? 0 : net.high - net.low;
  const show = (x: number) => signedMoney(x, currency, width);
  const times = overCredit === null ? (overCreditReason ?? '') : overCreditWords(overCredit);
  return [
    {
      key: 'added',
      kind: 'measured',
      label: `${capital(terms.goals)} added`,
      value: signedCount(conversions.expected),
      note: <span className="key-line">{range([conversions.low, conversions.high], signedCount)}</span>,
    },
    {
      key: 'profit',
      kind: 'measured',
      label: 'Profit of the emails',
      value: net === undefined ? 'not known' : show(net.expected),
      absent: net === undefined,
      note: <span className="key-line">{net === undefined ? profitReason : range([net.low, net.high], show)}</span>,
    },
    {
      key: 'credited',
      kind: 'attributed',
      label: 'Credited by the rule',
      value: own === undefined ? 'nothing' : count(own.conversions),
      absent: own === undefined,
      note: <span className="key-line">{own === undefined ? creditedReason : times}</span>,
    },
  ];
}

function liveNotes({ measured, mailed, score, reason, value }: TrackRecord, currency: string | null): string[] {
  const { treated, holdout } = measured.goal;
  const revenue = value?.measured.revenue ?? null;
  const show = (x: number) => signedMoney(x, currency);
  return [
    `${exactCount(treated.n)} people treated, of whom ${percent(mailed.treated)} got an email of this workflow; ${exactCount(holdout.n)} held out, of whom ${mailed.holdout === 0 ? 'none did' : `${percent(mailed.holdout)} did`}.`,
    ...(score === null && reason !== null ? [`No projection to hold against it. ${reason}`] : []),
    ...measured.notices,
    ...[personMonthWords(measured)].filter((words) => words !== null),
    ...(revenue === null
      ? []
      : [
          `Revenue the emails added, measured: ${show(revenue.expected)} (${interval([revenue.low, revenue.high], show)}).`,
        ]),
    ...(value?.measured.warnings ?? []),
    ...(value === null ? [] : [costWords(value, currency)]).filter((words) => words !== null),
  ];
}

function Credits({ value, currency }: { readonly value: BesideHoldout; readonly currency: string | null }) {
  const { credited } = value;
  if (credited === null) return null;
  return (
    <details className="holdout-more">
      <summary>What other rules would credit</summary>
      <Table
        compact
        label="Credited by each rule"
        columns={[
          { label: 'Rule' },
          { label: 'Credited', align: 'right' },
          { label: 'Amount', align: 'right' },
          { label: 'To other emails', align: 'right' },
          { label: 'Email by email', align: 'right' },
        ]}
        rows={credited.models.map(({ model, conversions, value: amount, elsewhere, emails }) => ({
          key: model,
          ...(model === credited.model ? { as: 'marked' as const } : {}),
          cells: [
            CREDIT_WORDS[model],
            rounded(conversions),
            money(amount, currency),
            rounded(elsewhere),
            emails.map(({ id, conversions: part }) => `${id} ${rounded(part)}`).join(', '),
          ],
        }))}
      />
      <p className="note">{creditRuleWords(credited)}</p>
    </details>
  );
}

function SecondaryGoals({
  figures,
  currency,
}: {
  readonly figures: readonly SecondaryFigure[];
  readonly currency: string | null;
}) {
  return (
    <section aria-labelledby="record-secondary">
      <h2 id="record-secondary" className="holdout-title">
        Secondary goals
      </h2>
      <Table
        compact
        label="Secondary goals"
        columns={[
          { label: 'Goal' },
          { label: 'Treated', align: 'right' },
          { label: 'Held out', align: 'right' },
          { label: 'Difference, measured', align: 'right' },
        ]}
        rows={figures.map((figure) => {
          const isMoney = figure.metric === 'value';
          const of = ({ rate, perPerson }: SecondaryFigure['treated']) =>
            isMoney ? orNotKnown(perPerson, (x) => money(x, currency)) : orNotKnown(rate, (x) => percent(x));
          const { difference } = figure;
          const show = (x: number) => (isMoney ? signedMoney(x, currency) : `${points(x)} pp`);
          return {
            key: figure.id,
            cells: [
              figure.reason ?? secondaryTitle(figure),
              of(figure.treated),
              of(figure.holdout),
              difference == null
                ? 'not compared'
                : `${show(difference.expected)} (${range([difference.low, difference.high], show)})`,
            ],
          };
        })}
      />
      {figures.some(({ differenceReason }) => differenceReason !== undefined) && (
        <p className="note holdout-lock">
          {figures.find(({ differenceReason }) => differenceReason !== undefined)?.differenceReason}
        </p>
      )}
    </section>
  );
}
