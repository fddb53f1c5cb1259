// How to find out: the holdout that would answer the question, its price, and what other sizes would take.

import { type Currency, capital, count, money, percent, points, rounded, sentence, weeks } from '../../base/index.ts';
import type { HoldoutPlan } from '../../holdout/index.ts';
import { holdoutChart, holdoutTable, plannedRows } from '../charts/holdout.ts';
import { absent, type Block, type Section, type Text } from '../document.ts';
import type { Terms } from '../types.ts';

export function holdoutSection(plan: HoldoutPlan, terms: Terms, currency: Currency): Section {
  const { up, down } = plan.mde;
  const smallest: Text =
    up === null
      ? absent('none can be shown')
      : [`${points(up)} pp`, { text: down === null ? '' : ` or ${points(-Math.abs(down))} pp`, as: 'muted' }];
  const price = plan.price === undefined ? '' : ` about ${money(plan.price, currency)}`;
  const blocks: Block[] = [
    {
      type: 'facts',
      facts: [
        {
          name: 'People needed',
          value: [
            count(plan.n.total),
            { text: ` ${count(plan.n.treated)} emailed, ${count(plan.n.holdout)} held out`, as: 'muted' },
          ],
        },
        { name: `Smallest difference found, ${percent(plan.asked.power, 0)} power`, value: smallest },
        {
          name: `${capital(terms.goals)} given up, projected`,
          value: [count(plan.foregone), { text: price, as: 'muted' }],
        },
      ],
    },
  ];
  if (plan.fractions.some((row) => row.weeks !== null)) {
    blocks.push({
      type: 'chart',
      title: 'The price of an answer, by share held out',
      hint: '',
      spec: holdoutChart(plan, terms),
      alternative: plannedRows(plan)
        .map((row) => `${percent(row.fraction, 0)} held out: ${row.weeks === null ? 'not known' : weeks(row.weeks)}`)
        .join('; '),
      table: holdoutTable(plan, terms),
      tableOpen: false,
    });
  } else {
    blocks.push({ type: 'table', table: holdoutTable(plan, terms) });
  }
  blocks.push({
    type: 'text',
    text: `Without emails ${percent(plan.asked.baseline, 2)} reach the goal; the difference to find is ${points(plan.asked.lift)} pp (percentage points). If the test finds none of that size, that is an answer as well: the effect is smaller than assumed.`,
  });
  if (plan.sequential.weeks !== null) {
    blocks.push({
      type: 'note',
      text: `Read once, at its end. To be read on any day it needs ${rounded(plan.sequential.factor)} times the people: ${weeks(plan.sequential.weeks)}.`,
    });
  }
  return {
    id: 'holdout',
    title: 'How we will know',
    kind: 'projected',
    hint: 'Each person is counted once, by the arm they were assigned to, from the first time they would be emailed.',
    finding: holdoutFinding(plan, terms),
    blocks,
  };
}

/** Where no effect to look for is known. @param text what would be the cheapest test, or why there is none */
export function noHoldoutSection(text: string): Section {
  return {
    id: 'holdout',
    title: 'How we will know',
    kind: null,
    hint: 'A randomised holdout: some people, chosen by chance, get nothing.',
    finding: sentence(text),
    blocks: [],
  };
}

function holdoutFinding(plan: HoldoutPlan, terms: Terms): Text {
  if (plan.weeks === null) {
    return `${count(plan.n.total)} people answer it; without knowing the traffic there is no date.`;
  }
  if (plan.answerable === false) {
    return `This traffic cannot answer it within ${weeks(plan.asked.deadlineWeeks)}: even the fastest share takes ${weeks(Math.min(...plan.fractions.map((row) => row.weeks ?? Number.MAX_SAFE_INTEGER)))}.`;
  }
  return `Hold out ${percent(plan.fraction, 0)} for ${weeks(plan.weeks)}: it finds a difference of ${points(plan.asked.lift)} pp and gives up about ${count(plan.foregone)} ${terms.goals}.`;
}
