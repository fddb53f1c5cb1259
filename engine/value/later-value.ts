// What a conversion is worth after it: the mean of what those who converted by themselves brought later, and the profit
// of a workflow with it. Where some could not be followed for so long, a model of repeat purchases says it too, beside and
// under its own name. That conversions the emails add are worth as much later as those that come anyway is assumed, and
// said; who is won back with a discount may well be worth less (methods: H).

import {
  type Currency,
  exactCount,
  exactPlural,
  humanDuration,
  money,
  range,
  rounded,
  seededRandom,
} from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { DrawnRun, Estimate } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { type ModelledLater, modelledAssumption, modelledLater } from './modelled-later.ts';
import { meanDraws } from './secondary.ts';
import { laterAmounts } from './secondary-tally.ts';

export interface LaterValue {
  /** Of the secondary goal it comes from. */
  readonly id: string;
  readonly withinMs: number;
  /** People who converted and were watched so long. */
  readonly people: number;
  /** Counted: later revenue of one conversion, its own amount left out. */
  readonly perConversion: Estimate;
  /** Projected: the profit, with the margin on the later revenue of what is added. */
  readonly profit: Estimate;
  readonly assumption: string;
  /** Modelled: of everybody who converted, also those followed for less. Null with the reason, or needed by nobody. */
  readonly modelled: (ModelledLater & { readonly profit: Estimate }) | null;
  readonly modelledReason?: string;
}

const FEWEST = 20;

/** Null where no secondary goal asks for the value of those who converted. @param run null: nothing was drawn */
export function laterValue(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  run: DrawnRun | null,
  seed: number,
): LaterValue | null {
  const goal = workflow.secondary.find(({ metric, of }) => metric === 'value' && of === 'converted');
  if (goal === undefined) return null;
  const { people, values, reason } = laterAmounts(history, workflow, columns, goal);
  const few =
    people.length < FEWEST
      ? `${exactPlural(people.length, 'person', 'people')} converted and could be followed for ${humanDuration(goal.withinMs)}; ${FEWEST} are needed.`
      : null;
  const why = reason ?? few;
  const none = (because: string): Estimate => ({ expected: null, low: null, high: null, reason: because });
  const profitWith = (perConversion: number, draws: readonly number[]) =>
    profitOf(workflow, run, perConversion, draws) ?? none(noProfitReason(workflow));
  const { model, reason: modelledReason } = modelledLater(history, workflow, columns, goal);
  const head = {
    id: goal.id,
    withinMs: goal.withinMs,
    people: people.length,
    assumption: 'Conversions that the emails add are taken to be worth as much later as those that come anyway.',
    modelled:
      model === null
        ? null
        : { ...model, profit: profitWith(model.perConversion.expected ?? 0, drawsOf(model.perConversion, seed)) },
    ...(modelledReason === null ? {} : { modelledReason }),
  };
  if (why !== null) return { ...head, perConversion: none(why), profit: none(why) };
  const means = meanDraws(history, people, values, seed, REPLICATES);
  const mean = average(values);
  return { ...head, perConversion: { expected: mean, ...limits(means) }, profit: profitWith(mean, means) };
}

const REPLICATES = 1000;

/** The margin on what is brought later by what the emails add, draw by draw. Null where it is not known. */
function profitOf(
  { economics: { margin } }: Workflow,
  run: DrawnRun | null,
  perConversion: number,
  draws: readonly number[],
): Estimate | null {
  if (margin === null || run === null || run.realised.length === 0 || draws.length === 0) return null;
  const drawn = run.realised.map(({ profit, net }, d) => profit + margin * net * (draws[d % draws.length] as number));
  const expected = average(run.expected.map(({ profit, net }) => profit + margin * net * perConversion));
  return { expected, ...limits(drawn) };
}

function noProfitReason({ economics: { margin } }: Workflow): string {
  return margin === null ? 'The workflow does not say its margin (economics.margin).' : 'Nothing is projected.';
}

/** Of an estimate whose limits lie evenly about it on the scale of the logarithm. */
function drawsOf({ expected, high }: Estimate, seed: number): number[] {
  if (expected === null) return [];
  const by = high === null || !(expected > 0) ? 0 : Math.log(high / expected) / 1.959964;
  const random = seededRandom(seed, 'later model');
  return Array.from({ length: REPLICATES }, () => expected * Math.exp(by * random.normal()));
}

function limits(draws: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = Float64Array.from(draws).sort();
  return { low: quantileOfDraws(sorted, 0.025), high: quantileOfDraws(sorted, 0.975) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** In sentences; what is not known is said. */
export function laterWords(later: LaterValue, currency: Currency = null): string[] {
  const { perConversion, profit, withinMs, assumption, people } = later;
  const show = (x: number) => money(x, currency);
  const withProfit = (estimate: Estimate) =>
    estimate.expected === null
      ? `The profit with it is not known: ${estimate.reason ?? ''}`
      : `With it, the projected profit is ${show(estimate.expected)}${limitsWords(estimate, show)}. ${assumption}`;
  const observed =
    perConversion.expected === null
      ? `What a conversion brings later is not known from those followed to the end: ${perConversion.reason ?? ''}`
      : `After it, a conversion brings ${show(perConversion.expected)} more within ${humanDuration(withinMs)}${limitsWords(perConversion, show)}, the mean of ${exactPlural(people, 'person', 'people')} followed so long. ${withProfit(profit)}`;
  const { modelled, modelledReason } = later;
  if (modelled === null) {
    return [observed, ...(modelledReason === undefined ? [] : [`Nothing is modelled beside it. ${modelledReason}`])];
  }
  const { purchases } = modelled;
  return [
    observed,
    `By a model, a conversion brings ${show(modelled.perConversion.expected ?? 0)} more within ${humanDuration(withinMs)}${limitsWords(modelled.perConversion, show)}, in ${rounded(purchases.expected ?? 0)} later purchases${limitsWords(purchases, rounded)}: what ${exactPlural(modelled.people, 'person', 'people')} who converted brought until now, ${exactCount(modelled.followed)} of them followed for all of it, and what their past lets expect for the rest. ${perConversion.expected === null ? withProfit(modelled.profit) : modelled.profit.expected === null ? '' : `With it, the projected profit is ${show(modelled.profit.expected)}${limitsWords(modelled.profit, show)}.`}`.trim(),
    modelledAssumption(modelled),
  ];
}

function limitsWords({ low, high }: Estimate, show: (x: number) => string): string {
  return low === null || high === null ? '' : ` (95% interval ${range([low, high], show)})`;
}
