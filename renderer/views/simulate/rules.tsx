// What does each rule keep out, and what does that cost? The workflow once more without it, on the same people and draws.

import type { RuleCostsAnswer } from '../../../engine/api/index.ts';
import { type Currency, capital, percent, range, signedCount, signedMoney } from '../../../engine/base/index.ts';
import { type Estimate, WITHOUT_A_RULE } from '../../../engine/projection/index.ts';
import { known, ruleName, rulesFinding, signedExact, stopsWords, type Terms } from '../../../engine/report/index.ts';
import { Button } from '../../ui/button.tsx';
import { Absent, Projected } from '../../ui/figures.tsx';
import { AskedLine, ErrorState } from '../../ui/states.tsx';
import { Table } from '../../ui/table.tsx';
import type { Answered } from '../people/use-answer.ts';

interface RulesProps {
  readonly asked: Answered<RuleCostsAnswer>;
  readonly terms: Terms;
  readonly currency: Currency;
}

export function Rules({ asked, terms, currency }: RulesProps) {
  const { value, problem, isCurrent, askedAt } = asked;
  return (
    <section>
      <h2>
        What each rule keeps out <span className="small">without it, on the same people and draws</span>
      </h2>
      {problem !== null ? (
        <ErrorState title="The rules could not be priced." action={<Button onClick={asked.again}>Try again</Button>}>
          {problem.message}
        </ErrorState>
      ) : value === null ? (
        askedAt > 0 && <AskedLine label="Replaying without each rule" asked={asked} />
      ) : (
        <div className={isCurrent ? undefined : 'stale'}>
          <p className="note rules-finding">{rulesFinding(value, value.sent)}</p>
          {value.rules.length > 0 && <RuleTable answer={value} terms={terms} currency={currency} />}
        </div>
      )}
    </section>
  );
}

function RuleTable({ answer, terms, currency }: Omit<RulesProps, 'asked'> & { readonly answer: RuleCostsAnswer }) {
  const { rules, byProfit } = answer;
  const isProjected = rules.some(({ conversions }) => conversions.expected !== null);
  const reason = rules.find(({ conversions }) => conversions.expected === null)?.conversions.reason;
  const right = (label: string) => ({ label, align: 'right' as const });
  return (
    <>
      <Table
        label="What each rule keeps out"
        compact
        columns={[
          { label: 'Rule' },
          right('Stops now'),
          right('Emails without it'),
          right('People'),
          ...(isProjected ? [right(`${capital(terms.goals)}, projected`)] : []),
          ...(isProjected && byProfit ? [right('Profit, projected')] : []),
          ...(isProjected ? [right('Better without')] : []),
        ]}
        rows={rules.map((rule) => ({
          key: rule.path,
          cells: [
            ruleName(rule),
            stopsWords(rule),
            signedExact(rule.emails),
            signedExact(rule.people),
            ...(isProjected ? [<Worth key="conversions" estimate={rule.conversions} show={signedCount} />] : []),
            ...(isProjected && byProfit
              ? [<Worth key="profit" estimate={rule.profit} show={(amount) => signedMoney(amount, currency)} />]
              : []),
            ...(isProjected
              ? [
                  rule.pBetterWithout === null ? (
                    <Absent key="odds">not known</Absent>
                  ) : (
                    `${percent(rule.pBetterWithout, 0)} of draws`
                  ),
                ]
              : []),
          ],
        }))}
      />
      <p className="note table-foot">
        {reason === undefined ? '' : `${reason} `}
        {WITHOUT_A_RULE}
      </p>
    </>
  );
}

function Worth({ estimate, show }: { readonly estimate: Estimate; readonly show: (value: number) => string }) {
  const found = known(estimate);
  if (found === null) return <Absent>not known</Absent>;
  return (
    <>
      <Projected>{show(found.expected)}</Projected>{' '}
      <span className="small">{range([found.low, found.high], show)}</span>
    </>
  );
}
