// What comes anyway and what the emails are assumed to add, never one number, with where the width comes from and every
// assumption behind it. Where the history cannot show what comes anyway, bounds that hold whatever the truth.

import {
  type Currency,
  capital,
  count,
  interval,
  money,
  percent,
  percentagesOf,
  plural,
  points,
  range,
  rounded,
  roundedToSum,
  sentence,
  signedCount,
  signedMoney,
} from '../../base/index.ts';
import {
  type Assumption,
  comparisonText,
  type NotIdentified,
  type Profit,
  type Projection,
} from '../../projection/index.ts';
import { splitChart, splitTable } from '../charts/split.ts';
import {
  absent,
  type Block,
  projected,
  type Row,
  type Section,
  type SharePart,
  strong,
  type Table,
} from '../document.ts';
import { type Known, known } from '../estimates.ts';
import type { Terms } from '../types.ts';

export function projectionSection(projection: Projection, terms: Terms, currency: Currency): Section {
  const { organic, incremental, identified } = projection;
  const effect = known(incremental);
  return {
    id: 'effect',
    title: 'What the emails add',
    kind: 'projected',
    hint: 'Counted: what comes anyway. Projected: what an assumed effect would add to it. Nothing here was measured.',
    finding: effectFinding(projection, terms),
    blocks: [
      ...(identified === true ? [] : unidentifiedBlocks(identified)),
      ...(organic.conversions === null || effect === null
        ? reasonBlocks(organic.reason, incremental.reason)
        : splitBlocks(organic.conversions, effect, projection, terms)),
      ...moneyBlocks(projection, currency),
    ],
  };
}

export function assumptionsSection({ assumptions }: Projection, currency: Currency): Section {
  const n = assumptions.length;
  const foreign = assumptions.filter((assumption) => assumption.kind !== 'measured').length;
  return {
    id: 'rests-on',
    title: 'What it rests on',
    kind: null,
    hint: 'Grade 1 is a randomised study, 2 a large observation, 3 a judgement, 4 context only. What you set yourself has no grade.',
    finding: `${plural(n, 'input stands', 'inputs stand')} behind this projection; ${count(foreign)} of them ${foreign === 1 ? 'does' : 'do'} not come from this history.`,
    blocks: n === 0 ? [] : [{ type: 'table', table: assumptionTable(assumptions, currency) }],
  };
}

/** `the emails add 483, perhaps none`, as the end of a sentence. */
export function effectWords(effect: Known): string {
  const size = count(Math.abs(effect.expected));
  if (Math.round(effect.expected) === 0) return 'the emails change nothing on average';
  const doubt = effect.low <= 0 && effect.high >= 0 ? ', perhaps none' : '';
  return effect.expected > 0 ? `the emails add ${size}${doubt}` : `the emails cost ${size}${doubt}`;
}

/** What comes anyway and what the emails add, or that it cannot be known. */
export function effectFinding(
  { organic, incremental }: Pick<Projection, 'organic' | 'incremental'>,
  terms: Terms,
): string {
  const effect = known(incremental);
  if (organic.conversions === null)
    return 'What comes anyway cannot be seen here, and so neither can what the emails add.';
  const anyway = `${count(organic.conversions)} ${terms.goals} come anyway.`;
  return effect === null
    ? `${anyway} What the emails add is not known.`
    : `${anyway} With the assumed effect ${effectWords(effect)}.`;
}

/** What comes anyway and what the emails add on one bar; null where one of them is not known. */
export function splitBlock({ organic, incremental }: Projection, terms: Terms): Block | null {
  const effect = known(incremental);
  if (organic.conversions === null || effect === null) return null;
  return {
    type: 'chart',
    title: `${capital(terms.goals)} of those enrolled`,
    hint: 'over the whole history; grey comes anyway, blue because of the emails; whisker: 95% interval of both together',
    spec: splitChart(organic.conversions, effect, terms),
    alternative: `${count(organic.conversions)} ${terms.goals} come anyway; the emails are assumed to add ${signedCount(effect.expected)}, ${interval([effect.low, effect.high], signedCount)}.`,
    table: splitTable(organic.conversions, effect, terms),
    tableOpen: false,
  };
}

/** The figures of the bar, which stands on the page of the decision. */
function splitBlocks(organic: number, effect: Known, projection: Projection, terms: Terms): Block[] {
  const { shares, pHarm } = projection.incremental;
  const blocks: Block[] = [{ type: 'table', table: splitTable(organic, effect, terms) }];
  if (shares !== null) {
    blocks.push({ type: 'shares', title: 'Where the width of that interval comes from', parts: widthParts(shares) });
  }
  if (pHarm !== null) {
    blocks.push({
      type: 'text',
      text: [
        'On these assumptions there is a ',
        strong(percent(pHarm, 0)),
        ` chance that the emails cost ${terms.goals} rather than add them. Only a randomised holdout shrinks what rests on parameters.`,
      ],
    });
  }
  return blocks;
}

function reasonBlocks(...reasons: readonly (string | undefined)[]): Block[] {
  const known = new Set(reasons.filter((reason): reason is string => reason !== undefined));
  return [...known].map((reason): Block => ({ type: 'text', text: sentence(reason) }));
}

/** What a bound assumes, as the end of `If ..`. */
export function boundWords(assumption: BoundName, limits: NotIdentified['limits']): string {
  return assumption === 'limited'
    ? `at most ${percent(limits.maxHarm, 0)} are harmed and ${percent(limits.maxResponse, 0)} respond`
    : BOUND_WORDS[assumption];
}

type BoundName = NotIdentified['bounds'][number]['assumption'];

const BOUND_WORDS: Readonly<Record<BoundName, string>> = {
  none: 'nothing is assumed',
  no_harm: 'the emails harm nobody',
  limited: 'harm and response are limited',
  no_harm_falling_hazard: 'no harm, and fewer come back by themselves as time goes on',
};

function unidentifiedBlocks({ bounds, limits, comparisons, cheapestTest }: NotIdentified): Block[] {
  return [
    {
      type: 'table',
      table: {
        columns: [
          { label: 'If', align: 'left' },
          { label: 'Come anyway', align: 'right' },
          { label: 'Emails add', align: 'right' },
          { label: '95% interval', align: 'right' },
        ],
        rows: bounds.map((bound): Row => {
          return {
            cells: [
              capital(boundWords(bound.assumption, limits)),
              range(bound.organic, (x) => percent(x, 1)),
              `${range(bound.increment, points)} pp`,
              bound.interval === null ? absent('not estimable') : `${range(bound.interval, points)} pp`,
            ],
          };
        }),
      },
    },
    ...comparisons.map((comparison): Block => ({ type: 'text', text: sentence(comparisonText(comparison)) })),
    { type: 'text', text: sentence(cheapestTest.text) },
  ];
}

/** Percentages with two digits that add up to 100. */
export function widthParts(shares: NonNullable<Projection['incremental']['shares']>): SharePart[] {
  const parts = [
    { label: 'Parameters', raw: shares.parameters, note: 'the assumed effect of the emails' },
    { label: 'Chance', raw: shares.chance, note: 'person by person, even if the effect were known' },
    { label: 'Sampling', raw: shares.sampling, note: 'which people this history happened to see' },
  ];
  const percentages = percentagesOf(
    parts.map((part) => part.raw),
    2,
  );
  return parts.map(({ label, raw, note }, i) => {
    const part = percentages[i] ?? 0;
    return { label, note, percent: part, text: part === 0 && raw > 0 ? 'under 0.01%' : `${part.toFixed(2)}%` };
  });
}

function moneyBlocks(projection: Projection, currency: Currency): Block[] {
  const facts = [
    { name: 'Revenue, projected', estimate: known(projection.revenue) },
    { name: 'Profit, projected', estimate: known(projection.profit) },
    { name: 'Profit per 30 days, projected', estimate: known(projection.per30Days.profit) },
  ].flatMap(({ name, estimate }) => {
    if (estimate === null) return [];
    const amount = (x: number) => signedMoney(x, currency, estimate.high - estimate.low);
    const range = { text: ` ${amount(estimate.low)} to ${amount(estimate.high)}`, as: 'muted' as const };
    return [{ name, value: [amount(estimate.expected), range] }];
  });
  const steps = profitSteps(projection.profit, currency);
  return [
    ...(facts.length === 0 ? reasonBlocks(projection.profit.reason) : [{ type: 'facts' as const, facts }]),
    ...(steps === null ? [] : [{ type: 'table' as const, table: steps }]),
  ];
}

export interface ProfitStep {
  readonly label: string;
  /** Signed, in the history's currency. */
  readonly amount: number;
}

export interface ProfitParts {
  readonly parts: readonly ProfitStep[];
  readonly total: number;
  /** All are rounded to multiples of it. */
  readonly unit: number;
}

/** How the mean profit comes about, parts of 0 left out; rounded so that they add up to `total`. Null: not known. */
export function profitParts(profit: Profit): ProfitParts | null {
  const whole = known(profit);
  if (whole === null || profit.margin === null) return null;
  const cost = (label: string, amount: number | null) => (amount === null ? [] : [{ label, amount: -amount }]);
  const parts = [
    { label: 'Margin on what is added', amount: profit.margin },
    ...cost('Discount to those who are added', profit.discountToGained),
    ...cost('Discount to those who come anyway', profit.discountToOrganic),
    ...cost('Sending', profit.sendingCost),
    ...cost('Subscribers lost', profit.unsubscribeCost),
  ].filter(({ amount }) => amount !== 0);
  const unit = whole.high - whole.low > 1_000 ? 10 : 1;
  const amounts = roundedToSum(
    parts.map(({ amount }) => amount),
    unit,
  );
  return {
    parts: parts.map(({ label }, i) => ({ label, amount: amounts[i] ?? 0 })),
    total: amounts.reduce((sum, part) => sum + part, 0),
    unit,
  };
}

/** `−$60`; `under $10` for a part that is there but rounds to nothing. */
export function profitStepText(amount: number, unit: number, currency: Currency): string {
  return amount === 0 ? `under ${money(unit, currency)}` : signedMoney(amount, currency);
}

function profitSteps(profit: Profit, currency: Currency): Table | null {
  const found = profitParts(profit);
  if (found === null) return null;
  return {
    columns: [
      { label: 'Profit, and what it costs', align: 'left' },
      { label: 'Mean, projected', align: 'right' },
    ],
    rows: [
      ...found.parts.map(
        ({ label, amount }): Row => ({ cells: [label, profitStepText(amount, found.unit, currency)] }),
      ),
      { cells: ['Profit', signedMoney(found.total, currency)], as: 'total' },
    ],
  };
}

/** Parameters of a response file and of a workflow, in words. */
export const INPUT_NAMES: Readonly<Record<string, string>> = {
  level: 'Effect of the sequence',
  curve: 'Effect by waiting time',
  weights: 'Share of each email in it',
  harmWeights: 'Share of each email in harm',
  delay: 'From email to answer',
  p: 'Response to each email',
  harm: 'Prevented by each email',
  unsub: 'Unsubscribe, per email',
  repeat: 'Effect on repeat entries',
  orderValue: 'Order value',
  margin: 'Margin',
  costPerSend: 'Cost of an email',
  subscriberValue: 'Value of a subscriber',
  organicRedemption: 'Anyway orders that use the discount',
};

/** Only a randomised holdout is called measured on a page. */
const KINDS: Readonly<Record<string, string>> = { input: 'yours', measured: 'counted' };

const SHARES: ReadonlySet<string> = new Set(['margin', 'organicRedemption', 'repeat']);
const AMOUNTS: ReadonlySet<string> = new Set(['orderValue', 'costPerSend', 'subscriberValue']);

function assumptionTable(assumptions: readonly Assumption[], currency: Currency): Table {
  return {
    columns: [
      { label: 'Assumption', align: 'left' },
      { label: 'Value', align: 'left' },
      { label: 'Kind', align: 'left' },
      { label: 'Grade', align: 'right' },
      { label: 'Source', align: 'left' },
      { label: 'Year', align: 'right' },
    ],
    rows: assumptions.map(
      (assumption): Row => ({
        cells: [
          INPUT_NAMES[assumption.name] ?? assumption.name,
          [projected(inputValue(assumption, currency))],
          KINDS[assumption.kind] ?? assumption.kind,
          assumption.grade === null ? absent('none') : String(assumption.grade),
          sourceText(assumption.source),
          assumption.year === null ? absent('not dated') : String(assumption.year),
        ],
      }),
    ),
  };
}

/** The value of an input as it is read: `40%`, `$0.001`, `not given`. */
export function inputValue({ name, value }: Pick<Assumption, 'name' | 'value'>, currency: Currency): string {
  if (typeof value === 'string') return value;
  if (SHARES.has(name)) return percent(value);
  return AMOUNTS.has(name) ? money(value, currency) : rounded(value, 6);
}

/** A sentence's beginning is made large, a parameter's name is not. */
function sourceText(source: string): string {
  return /^[a-z]+[\s,:]/.test(source) ? capital(source) : source;
}
