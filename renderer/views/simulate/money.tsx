// What it earns: the steps of profit, and what that is in 30 days. Where it is not known: why, and what would tell.

import { useCallback, useMemo } from 'react';
import type { ProjectAnswer } from '../../../engine/api/index.ts';
import {
  type Currency,
  capital,
  percent,
  points,
  sentence,
  signedCount,
  signedMoney,
} from '../../../engine/base/index.ts';
import { boundWords, known, profitParts, profitStepText, type Terms } from '../../../engine/report/index.ts';
import type { ChartSize } from '../../charts/base.ts';
import { Chart } from '../../charts/chart.tsx';
import { PROFIT_TITLE, profitBands, profitOption, profitTable } from '../../charts/profit-steps.ts';
import type { ChartTheme } from '../../charts/theme.ts';
import { useActions } from '../../state/context.tsx';
import { Absent } from '../../ui/figures.tsx';
import { Table } from '../../ui/table.tsx';
import { EconomicsField } from './inputs.tsx';

interface MoneyProps {
  readonly projection: ProjectAnswer;
  readonly terms: Terms;
  readonly currency: Currency;
  readonly isStale: boolean;
}

export function ProfitSteps({ projection, currency, isStale, height }: MoneyProps & { readonly height: number }) {
  const { profit } = projection;
  const { select } = useActions();
  const input = useMemo(() => {
    const found = profitParts(profit);
    return found === null ? null : { ...found, currency };
  }, [profit, currency]);
  const option = useCallback(
    (theme: ChartTheme, size: ChartSize) => (input === null ? {} : profitOption(input, theme, size)),
    [input],
  );
  const table = useMemo(() => (input === null ? { columns: [], rows: [] } : profitTable(input)), [input]);
  if (input === null) {
    const missing = (['margin', 'orderValue'] as const).find((name) => profit.reason?.includes(`economics.${name}`));
    return (
      <section>
        <h2>Profit</h2>
        <p className="note">
          <Absent>Not known.</Absent> {sentence(profit.reason ?? 'The history has no values')}
        </p>
        {missing !== undefined && (
          <div className="short-field">
            <EconomicsField name={missing} />
          </div>
        )}
      </section>
    );
  }
  return (
    <Chart
      title={PROFIT_TITLE}
      hint="mean, projected"
      alternative={`${input.parts.map(({ label, amount }) => `${label} ${profitStepText(amount, input.unit, currency)}`).join(', ')}; profit ${signedMoney(input.total, currency)}.`}
      height={height}
      option={option}
      table={table}
      stale={isStale}
      bands={(size) => profitBands(input, size)}
      picks="what it rests on"
      onPick={() => select('profit', 'rests')}
    />
  );
}

export function Per30Days({
  projection,
  terms,
  currency,
  isStale,
  isTitled,
}: MoneyProps & { readonly isTitled: boolean }) {
  const { incremental, revenue, profit } = projection.per30Days;
  const row = (name: string, estimate: typeof profit, write: (x: number, width: number) => string) => {
    const found = known(estimate);
    const width = found === null ? 0 : found.high - found.low;
    return {
      key: name,
      cells:
        found === null
          ? [name, <Absent key="value">not known</Absent>, '']
          : [
              name,
              <b key="value">{write(found.expected, width)}</b>,
              `${write(found.low, width)} to ${write(found.high, width)}`,
            ],
    };
  };
  const money = (x: number, width: number) => signedMoney(x, currency, width);
  return (
    <div className={isStale ? 'stale' : undefined}>
      <Table
        label="Per 30 days, projected"
        columns={[
          {
            label: isTitled ? (
              <span className="table-title">
                Per 30 days <span className="small">projected</span>
              </span>
            ) : (
              'Projected'
            ),
          },
          { label: 'Mean', align: 'right' },
          { label: '95% interval', align: 'right' },
        ]}
        rows={[
          row(`${capital(terms.goals)} added`, incremental, signedCount),
          row('Revenue added', revenue, money),
          row('Profit', profit, money),
        ]}
      />
    </div>
  );
}

/** What holds whatever the truth, where no single figure can be given. */
export function BoundsTable({ projection }: { readonly projection: ProjectAnswer }) {
  const { identified } = projection;
  if (identified === true) return null;
  const range = ([low, high]: readonly [number, number], write: (x: number) => string) =>
    low === high ? write(low) : `${write(low)} to ${write(high)}`;
  return (
    <section className="bounds">
      <h2>
        What holds whatever is true{' '}
        <span className="small">of those emailed; {percent(identified.treatedRate)} reach the goal</span>
      </h2>
      <Table
        label="Bounds by assumption"
        columns={[{ label: 'If' }, { label: 'Come anyway', align: 'right' }, { label: 'Emails add', align: 'right' }]}
        rows={identified.bounds.map((bound) => ({
          key: bound.assumption,
          cells: [
            capital(boundWords(bound.assumption, identified.limits)),
            range(bound.organic, (x) => percent(x)),
            `${range(bound.increment, points)} pp`,
          ],
        }))}
      />
    </section>
  );
}
