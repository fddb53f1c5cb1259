// How to find out: the holdout that would answer the question, its price, and what other sizes would take.

import { holdoutChart, holdoutTable } from '../charts/holdout.ts';
import { absent, type Block, type Section, type Text } from '../document.ts';
import { count, percent, points, weeks } from '../format.ts';
import type { HoldoutPlanResult, Terms } from '../types.ts';

export function holdoutSection(plan: HoldoutPlanResult, terms: Terms): Section {
  const mde: Text =
    plan.mde.up === null
      ? absent('none')
      : plan.mde.down === null
        ? points(plan.mde.up)
        : [points(plan.mde.up), { text: ` or ${points(-Math.abs(plan.mde.down))}`, as: 'muted' }];
  const table = holdoutTable(plan, terms);
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
        { name: `Smallest difference found, ${percent(plan.power, 0)} power`, value: mde },
        {
          name: `${terms.goals} given up, projected`,
          value: plan.foregone === null ? absent('not known') : count(plan.foregone),
        },
      ],
    },
  ];
  if (plan.fractions.length > 1) {
    blocks.push({
      type: 'chart',
      title: 'The price of an answer, by share held out',
      hint: '',
      spec: holdoutChart(plan, terms),
      alternative: plan.fractions
        .map(
          (row) =>
            `${percent(row.fraction, 0)} held out: ${row.weeks === null ? 'cannot be answered' : weeks(row.weeks)}`,
        )
        .join('; '),
      table,
    });
  }
  blocks.push({
    type: 'text',
    text: `Without emails ${percent(plan.baseline, 2)} reach the goal; the difference to find is ${points(plan.lift)} (percentage points), the size this projection assumes. A holdout that finds nothing of that size is an answer as well: then the effect is smaller than assumed.`,
  });
  return {
    id: 'holdout',
    title: 'How we will know',
    kind: 'projected',
    hint: 'Each person is counted once, by the arm they were assigned to, from the first time they would be emailed.',
    finding: holdoutFinding(plan, terms),
    blocks,
  };
}

function holdoutFinding(plan: HoldoutPlanResult, terms: Terms): Text {
  if (plan.weeks === null) return plan.verdict;
  const price = plan.foregone === null ? '' : ` and gives up about ${count(plan.foregone)} ${terms.goals}`;
  return `Hold out ${percent(plan.fraction, 0)} for ${weeks(plan.weeks)}: it finds a difference of ${points(plan.lift)}${price}.`;
}
