// What each rule keeps out, as a table in a terminal: of a workflow, and of a programme whose workflows share rules.

import type { ProgrammeCostsAnswer, RuleCostsAnswer } from '../../../api/index.ts';
import { money, orNotKnown, percent, range, signed } from '../../../base/index.ts';
import { type Estimate, type GivenUp, type ProgrammeCost, WITHOUT_A_RULE } from '../../../projection/index.ts';
import { ruleName, rulesFinding, signedExact, stopsWords } from '../../../report/index.ts';
import { paragraphs, table } from '../table.ts';

export function printRules(answer: RuleCostsAnswer): string {
  const { rules, byProfit, sent } = answer;
  if (rules.length === 0) return rulesFinding(answer, sent);
  const isKnown = (key: 'conversions' | 'profit') => rules.some((rule) => rule[key].expected !== null);
  const [conversions, profit] = [isKnown('conversions'), isKnown('profit')];
  const reasons = new Set(rules.flatMap((rule) => rule.conversions.reason ?? rule.profit.reason ?? []));
  return [
    'What each rule keeps out: the workflow once more without it, on the same people and draws',
    table(
      [
        'rule',
        'stops now',
        'emails',
        'people',
        ...(conversions ? ['conversions', '95% interval'] : []),
        ...(profit ? ['profit', '95% interval'] : []),
        ...(conversions ? ['better without'] : []),
      ],
      rules.map((rule) => [
        ruleName(rule),
        stopsWords(rule),
        signedExact(rule.emails),
        signedExact(rule.people),
        ...(conversions ? estimate(rule.conversions, signed) : []),
        ...(profit ? estimate(rule.profit, money) : []),
        ...(conversions ? [orNotKnown(rule.pBetterWithout, (p) => percent(p, 0))] : []),
      ]),
    ),
    ...paragraphs(
      [
        rulesFinding(answer, sent),
        ...[...reasons].map((reason) => `Not projected: ${reason}`),
        ...(conversions
          ? [
              `"better without" is the share of the draws in which ${byProfit ? 'profit' : 'what is added'} is higher without the rule.`,
            ]
          : []),
        WITHOUT_A_RULE,
      ],
      2,
      4,
    ),
    '',
  ].join('\n');
}

const NAMES: Readonly<Record<Exclude<ProgrammeCost['rule'], 'order'>, string>> = {
  globalHoldout: 'kept out of all',
  recency: 'recent emails',
  caps: 'caps',
};

export function printProgrammeCosts({ costs }: ProgrammeCostsAnswer): string {
  const unknown = new Set(costs.flatMap(({ conversions }) => conversions.reason ?? []));
  return [
    'What each shared rule keeps out: the programme once more without it',
    table(
      ['rule', 'emails', 'people mailed', 'conversions', '95% interval', 'profit', '95% interval'],
      costs.map((cost) => [
        cost.rule === 'order' ? `order: ${cost.first} first` : NAMES[cost.rule],
        ...(cost.reason === null
          ? [
              signedExact(cost.emails),
              signedExact(cost.mailed),
              ...estimate(cost.conversions, signed),
              ...estimate(cost.profit, money),
            ]
          : ['none', '', '', '', '', '']),
      ]),
    ),
    ...paragraphs(
      [...costs.flatMap(({ reason }) => reason ?? []), ...[...unknown].map((reason) => `Not projected: ${reason}`)],
      2,
      4,
    ),
  ].join('\n');
}

function estimate({ expected, low, high }: Estimate | GivenUp, show: (value: number) => string): [string, string] {
  return [orNotKnown(expected, show), low === null || high === null ? '' : range([low, high], show)];
}
