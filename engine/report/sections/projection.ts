// What comes anyway and what the emails are assumed to add, never one number, with where the width comes from and every
// assumption behind it.

import { splitChart, splitTable } from '../charts/split.ts';
import {
  absent,
  type Block,
  projected,
  type Row,
  type Section,
  type SharePart,
  strong,
  type Text,
} from '../document.ts';
import { type Currency, count, interval, percent, percentagesOf, signedCount, signedMoney } from '../format.ts';
import type { Estimate, ProjectionResult, Terms } from '../types.ts';

export function projectionSection(projection: ProjectionResult, terms: Terms, currency: Currency): Section {
  const { organic, incremental } = projection;
  const blocks: Block[] = [];
  if (organic.conversions === null) {
    blocks.push({ type: 'text', text: organic.reason ?? 'What comes anyway cannot be read off this history.' });
  } else {
    blocks.push({
      type: 'chart',
      title: `${capitalGoals(terms)} of those enrolled`,
      hint: 'grey comes anyway, blue because of the emails; whisker: 95% interval of both together',
      spec: splitChart(organic.conversions, projection, terms),
      alternative: `${count(organic.conversions)} ${terms.goals} come anyway; the emails are assumed to add ${signedCount(incremental.expected)}, ${interval(signedCount(incremental.low), signedCount(incremental.high))}.`,
      table: splitTable(organic.conversions, projection, terms),
      tableOpen: false,
    });
  }
  blocks.push({ type: 'shares', title: 'Where the width of that interval comes from', parts: widthParts(projection) });
  blocks.push({
    type: 'text',
    text: [
      'On these assumptions there is a ',
      strong(percent(incremental.probabilityBelowZero, 0)),
      ` chance that the emails cost ${terms.goals} rather than add them. Only a randomised holdout shrinks the first part.`,
    ],
  });
  const facts = moneyFacts(projection, currency);
  if (facts.length > 0) blocks.push({ type: 'facts', facts });
  if (projection.identified !== true) {
    const { reason, bounds } = projection.identified;
    const range =
      bounds === null
        ? ''
        : ` Without further assumptions it lies between ${percent(bounds[0])} and ${percent(bounds[1])}.`;
    blocks.push({ type: 'note', text: `${reason}${range}` });
  }
  return {
    id: 'effect',
    title: 'What the emails add',
    kind: 'projected',
    hint: 'Counted: what comes anyway. Projected: what an assumed effect would add to it. Nothing here was measured.',
    finding: effectFinding(projection, terms),
    blocks,
  };
}

export function assumptionsSection(projection: ProjectionResult): Section {
  const n = projection.assumptions.length;
  return {
    id: 'rests-on',
    title: 'What it rests on',
    kind: null,
    hint: 'Grade 1 is a randomised study, 2 a large observation, 3 a judgement. Your own settings have no grade.',
    finding: `${count(n)} ${n === 1 ? 'figure does' : 'figures do'} not come from this history.`,
    blocks: [
      {
        type: 'table',
        table: {
          columns: [
            { label: 'Assumption', align: 'left' },
            { label: 'Value', align: 'right' },
            { label: 'Kind', align: 'left' },
            { label: 'Grade', align: 'right' },
            { label: 'Source', align: 'left' },
            { label: 'Year', align: 'right' },
          ],
          rows: projection.assumptions.map(
            (a): Row => ({
              cells: [
                a.name,
                [projected(a.value)],
                a.kind,
                a.grade === null ? absent('none') : String(a.grade),
                a.source,
                a.year === null ? absent('not dated') : String(a.year),
              ],
            }),
          ),
        },
      },
    ],
  };
}

/** `the emails add 483, perhaps none`, as the end of a sentence. */
export function effectWords(effect: Estimate): string {
  const size = count(Math.abs(effect.expected));
  if (Math.round(effect.expected) === 0) return 'the emails change nothing on average';
  const doubt = effect.low <= 0 && effect.high >= 0 ? ', perhaps none' : '';
  return effect.expected > 0 ? `the emails add ${size}${doubt}` : `the emails cost ${size}${doubt}`;
}

function effectFinding(projection: ProjectionResult, terms: Terms): Text {
  const { organic, incremental } = projection;
  const words = effectWords(incremental);
  if (organic.conversions === null) return `What comes anyway is not known; with the assumed effect ${words}.`;
  return `${count(organic.conversions)} ${terms.goals} come anyway. With the assumed effect ${words}.`;
}

function widthParts(projection: ProjectionResult): SharePart[] {
  const { chance, parameters, sampling } = projection.incremental.shares;
  const parts = [
    { label: 'Parameters', raw: parameters, note: 'the assumed effect of the emails' },
    { label: 'Chance', raw: chance, note: 'person by person, even if the effect were known' },
    { label: 'Sampling', raw: sampling, note: 'which people this history happened to see' },
  ];
  const rounded = percentagesOf(
    parts.map((part) => part.raw),
    2,
  );
  return parts.map(({ label, raw, note }, i) => {
    const share = rounded[i] ?? 0;
    return { label, note, percent: share, text: share === 0 && raw > 0 ? 'under 0.01%' : `${share.toFixed(2)}%` };
  });
}

function moneyFacts(projection: ProjectionResult, currency: Currency): { name: string; value: Text }[] {
  const fact = (name: string, estimate: Estimate | null) => {
    if (estimate === null) return [];
    const width = estimate.high - estimate.low;
    const amount = (x: number) => signedMoney(x, currency, width);
    const value: Text = [
      amount(estimate.expected),
      { text: ` ${amount(estimate.low)} to ${amount(estimate.high)}`, as: 'muted' },
    ];
    return [{ name, value }];
  };
  return [
    ...fact('Revenue, projected', projection.revenue),
    ...fact('Profit, projected', projection.profit),
    ...fact('Profit per 30 days, projected', projection.per30Days),
  ];
}

function capitalGoals(terms: Terms): string {
  return terms.goals.charAt(0).toUpperCase() + terms.goals.slice(1);
}
