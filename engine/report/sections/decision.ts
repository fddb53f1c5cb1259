// The decision on one page: what changes, what it brings in a month, what could go wrong, how we will know, and what would
// change our mind. It is what a printed report begins with, on a sheet of its own; the evidence follows.

import {
  type Currency,
  count,
  DAY_MS,
  interval,
  money,
  percent,
  points,
  rounded,
  sentence,
  signedCount,
  signedMoney,
  weeks,
} from '../../base/index.ts';
import type { HoldoutPlan } from '../../holdout/index.ts';
import { type CheapestTest, type Estimate, emailsSent, testInReach } from '../../projection/index.ts';
import { absent, type Row, type Section, strong, type Text } from '../document.ts';
import { known } from '../estimates.ts';
import type { DemoReportInput, Terms } from '../types.ts';
import { fromDataWords } from '../words/matters.ts';
import { INPUT_NAMES, splitBlock } from './projection.ts';

export function decisionSection(input: DemoReportInput, terms: Terms): Section {
  const rows: readonly (readonly [string, Text])[] = [
    ['What changes', changeText(input)],
    [`${capitalGoals(terms)} a month`, monthText(input.projection.per30Days.incremental, signedCount)],
    ['Profit a month', monthMoney(input.projection.per30Days.profit, input.currency)],
    ['Risk', riskText(input, terms)],
    ['How we will know', knowText(input.holdout, input.projection.cheapestTest)],
    ['What would change our mind', mindText(input)],
  ];
  const chart = splitBlock(input.projection, terms);
  return {
    id: 'decision',
    title: 'On one page',
    kind: null,
    hint: 'A month is 30 days of this history. What the emails add is projected; the rest is counted.',
    finding: monthFinding(input, terms),
    blocks: [
      ...(chart === null ? [] : [chart]),
      {
        type: 'table',
        table: {
          columns: [
            { label: 'Question', align: 'left' },
            { label: 'Answer', align: 'left' },
          ],
          rows: rows.map(([question, answer]): Row => ({ cells: [strong(question), answer] })),
        },
      },
    ],
  };
}

/** What is sent is counted over the history and scaled to a month. */
function changeText({ replay, dataset, workflow }: DemoReportInput): Text {
  const days = (dataset.observedUntil - dataset.from) / DAY_MS;
  const sent = emailsSent(replay);
  const monthly = days < 1 ? '' : `, about ${count((sent * 30) / days)} in a month`;
  const held =
    workflow.holdoutFraction > 0 ? `; ${percent(workflow.holdoutFraction, 0)} of people get none, by chance` : '';
  return `The workflow above starts. Over this history it would send ${count(sent)} emails${monthly}${held}.`;
}

function capitalGoals({ goals }: Terms): string {
  return goals.charAt(0).toUpperCase() + goals.slice(1);
}

function monthFinding({ projection, currency }: DemoReportInput, terms: Terms): Text {
  const added = known(projection.per30Days.incremental);
  const profit = known(projection.per30Days.profit);
  if (added === null) return 'What it brings in a month cannot be said from this history.';
  const range = `between ${signedCount(added.low)} and ${signedCount(added.high)}`;
  const worth =
    profit === null ? '' : `, worth ${signedMoney(profit.expected, currency, profit.high - profit.low)} after costs`;
  return `In a month ${signedCount(added.expected)} ${terms.goals}, ${range}${worth}.`;
}

function monthText(estimate: Estimate, show: (value: number) => string): Text {
  const found = known(estimate);
  if (found === null) return [absent('not known'), { text: reasonOf(estimate), as: 'muted' }];
  return [
    { text: show(found.expected), as: 'projected' },
    { text: `, ${interval([found.low, found.high], show)}`, as: 'muted' },
  ];
}

function monthMoney(estimate: Estimate, currency: Currency): Text {
  const found = known(estimate);
  return monthText(estimate, (x) => signedMoney(x, currency, found === null ? 0 : found.high - found.low));
}

function reasonOf({ reason }: Estimate): string {
  return reason === undefined ? '' : `: ${reason}`;
}

function riskText({ projection, sensitivity }: DemoReportInput, terms: Terms): Text {
  const { incremental, unsubscribes, profit } = projection;
  const leaving = known(unsubscribes);
  const said = [
    incremental.pHarm === null
      ? 'How likely it is that the emails cost more than they add is not known.'
      : `${percent(incremental.pHarm, 0)} chance, on these assumptions, that the emails cost ${terms.goals}.`,
    profit.expected !== null && profit.low !== null && profit.low < 0 && known(projection.per30Days.profit) !== null
      ? 'A loss lies inside the interval.'
      : null,
    leaving === null ? null : `About ${rounded(Math.round(leaving.expected))} people would unsubscribe.`,
    turningWords(sensitivity),
    fromDataWords(incremental),
  ];
  return said.filter((words) => words !== null).join(' ');
}

function turningWords(sensitivity: DemoReportInput['sensitivity']): string | null {
  if (sensitivity == null) return null;
  const flips = sensitivity.swings.filter((swing) => swing.flips && swing.width > 0);
  if (flips.length === 0) return 'No single assumption turns the answer.';
  const names = flips.map(({ name }) => (name === 'effect' ? 'the effect of the emails' : (INPUT_NAMES[name] ?? name)));
  return `What alone turns the answer: ${names.join(', ')}.`;
}

/** The plan asks of the effect that pays, or of a larger one where only that can be told; what is said names which. */
function knowText(plan: HoldoutPlan | null, test: CheapestTest): Text {
  if (plan === null || plan.answerable === false) return sentence(test.text);
  const time = plan.weeks === null ? '' : ` for ${weeks(plan.weeks)}`;
  const shown = testInReach(test);
  const small =
    shown === test
      ? ''
      : `The emails pay from ${points(test.smallestEffect ?? 0)} percentage points on, which is too little to be seen in time. `;
  return `${small}Hold out ${percent(plan.fraction, 0)} at random${time} and read it once, at its end: a difference of ${points(plan.asked.lift)} percentage points${small === '' ? '' : ', as assumed by default,'} is then found with ${percent(plan.asked.power, 0)} probability.`;
}

function mindText({ projection, holdout, sensitivity, currency }: DemoReportInput): Text {
  const pays = sensitivity?.breakEven ?? null;
  const { sendingCost, discountToOrganic } = projection.profit;
  const given = (sendingCost ?? 0) + (discountToOrganic ?? 0);
  const said = [
    holdout === null || holdout.answerable === false
      ? null
      : 'An interval of the measured difference that lies below 0: stop. One that holds 0: the effect is smaller than was looked for.',
    pays === null
      ? null
      : `An effect under × ${rounded(pays.oddsRatio, 4)} in odds does not pay for the emails; the assumed one is above that with ${percent(pays.pAbove, 0)}.`,
    given > 0
      ? `Emails and discounts to those who come anyway cost ${money(given, currency)} over the history, whatever the effect.`
      : null,
  ].filter((words) => words !== null);
  return said.length === 0 ? 'A randomised holdout: nothing in this history can.' : said.join(' ');
}
