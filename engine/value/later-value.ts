// What a conversion is worth after it: the mean of what those who converted by themselves brought later, and the profit
// of a workflow with it. That conversions the emails add are worth as much later as those that come anyway is assumed,
// and said; who is won back with a discount may well be worth less (methods: H).

import { type Currency, exactPlural, humanDuration, money, range } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { DrawnRun, Estimate } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { laterAmounts, meanDraws } from './secondary.ts';

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
  const head = {
    id: goal.id,
    withinMs: goal.withinMs,
    people: people.length,
    assumption: 'Conversions that the emails add are taken to be worth as much later as those that come anyway.',
  };
  if (why !== null) return { ...head, perConversion: none(why), profit: none(why) };
  const means = meanDraws(history, people, values, seed, 1000);
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const perConversion = { expected: mean, ...limits(means) };
  const { margin } = workflow.economics;
  if (margin === null) {
    return { ...head, perConversion, profit: none('The workflow does not say its margin (economics.margin).') };
  }
  if (run === null || run.realised.length === 0)
    return { ...head, perConversion, profit: none('Nothing is projected.') };
  const drawn = run.realised.map(({ profit, net }, d) => profit + margin * net * (means[d % means.length] as number));
  const expected = average(run.expected.map(({ profit, net }) => profit + margin * net * mean));
  return { ...head, perConversion, profit: { expected, ...limits(drawn) } };
}

function limits(draws: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = Float64Array.from(draws).sort();
  return { low: quantileOfDraws(sorted, 0.025), high: quantileOfDraws(sorted, 0.975) };
}

function average(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** In a sentence; what is not known is said. */
export function laterWords(
  { perConversion, profit, withinMs, assumption }: LaterValue,
  currency: Currency = null,
): string {
  const show = (x: number) => money(x, currency);
  if (perConversion.expected === null)
    return `What a conversion brings later is not known: ${perConversion.reason ?? ''}`;
  const later = `After it, a conversion brings ${show(perConversion.expected)} more within ${humanDuration(withinMs)}${limitsWords(perConversion, show)}.`;
  if (profit.expected === null) return `${later} The profit with it is not known: ${profit.reason ?? ''}`;
  return `${later} With it, the projected profit is ${show(profit.expected)}${limitsWords(profit, show)}. ${assumption}`;
}

function limitsWords({ low, high }: Estimate, show: (x: number) => string): string {
  return low === null || high === null ? '' : ` (95% interval ${range([low, high], show)})`;
}
