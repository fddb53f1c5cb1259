// A test read under the plan that was locked before it: at its planned end by the interval for one look, before by the
// always-valid one, and with every deviation named. The plan says how to read; it does not change a figure.

import { count, exactPercent, interval, percent, plural, points, range, UserError } from '../base/index.ts';
import { wilsonInterval } from '../stats/index.ts';
import type { HoldoutAnalysis } from './analyze.ts';
import type { ArmComparison } from './compare.ts';
import { isIntact, type LockedPlan, planTitle } from './plan-file.ts';
import { conclusionOn, isWithheld } from './verdict.ts';

/** `early`: fewer people than planned have come; `end`: all of them, and no more; `late`: more. */
export type Stage = 'early' | 'end' | 'late';

export interface PlanReading {
  readonly plan: LockedPlan;
  /** People of both arms. */
  readonly seen: number;
  readonly stage: Stage;
  /** Which interval the plan lets decide here. */
  readonly decidedBy: 'newcombe' | 'sequential';
  /** What was done otherwise than planned, a sentence each; empty where nothing was. */
  readonly deviations: readonly string[];
  /** What follows under the plan's rule. */
  readonly verdict: string;
  /** The same as a headline: without what the interval is called and what follows from its holding 0. */
  readonly headline: string;
}

/** Settings of the reading that were given beside the plan. */
export interface GivenBeside {
  readonly alpha?: number | undefined;
  readonly plannedTotal?: number | undefined;
  /** Whether a split of its own was given. */
  readonly ratio?: boolean;
}

/** What `analyzeRows` and `analyzeCounts` take from a plan. */
export function readingOf(plan: LockedPlan): { alpha: number; ratio: number; plannedTotal: number } {
  return { alpha: plan.alpha, ratio: (1 - plan.fraction) / plan.fraction, plannedTotal: plan.n.total };
}

/**
 * @param analysis made with the plan's own settings, or with `beside`
 * @throws UserError where the planned metric is not among the outcomes
 */
export function readUnderPlan(analysis: HoldoutAnalysis, plan: LockedPlan, beside: GivenBeside = {}): PlanReading {
  const entries = analysis.arms.filter(({ outcome }) => outcome === plan.metric);
  const entry = entries[0] ?? (isUnnamed(analysis) ? analysis.arms[0] : undefined);
  if (entry === undefined) {
    const outcomes = [...new Set(analysis.arms.map(({ outcome }) => outcome))].join(', ');
    throw new UserError(
      'NOT_THE_METRIC',
      `${planTitle(plan)} is about ${plan.metric}, which is not among the outcomes read (${outcomes}). Name that column, or read without the plan.`,
    );
  }
  const seen = entry.treated.n + entry.control.n;
  const { stage, decidedBy } = stageOf(plan, seen);
  return {
    plan,
    seen,
    stage,
    decidedBy,
    deviations: deviationsOf(analysis, entry, plan, beside, entries.length),
    ...verdictUnder(analysis, entry, plan, stage, decidedBy),
  };
}

/** How far a test is, and which interval its plan lets decide there. @param seen people of both arms */
export function stageOf(plan: LockedPlan, seen: number): Pick<PlanReading, 'stage' | 'decidedBy'> {
  const stage = seen < plan.n.total ? 'early' : seen === plan.n.total ? 'end' : 'late';
  return { stage, decidedBy: plan.look === 'anyDay' || stage === 'early' ? 'sequential' : 'newcombe' };
}

/** Four counts name no outcome, so that the plan's is meant. */
function isUnnamed({ arms }: HoldoutAnalysis): boolean {
  return arms.length === 1 && arms[0]?.outcome === 'outcome';
}

function deviationsOf(
  analysis: HoldoutAnalysis,
  entry: ArmComparison,
  plan: LockedPlan,
  beside: GivenBeside,
  armsOfMetric: number,
): string[] {
  const { treated, control } = entry;
  const seen = treated.n + control.n;
  const { n } = plan;
  const said: (string | null)[] = [
    isIntact(plan) ? null : 'The plan was changed after it was locked: its content does not fit its hash.',
    beside.alpha === undefined || beside.alpha === plan.alpha
      ? null
      : `Read with an error of ${exactPercent(beside.alpha)} in the place of the planned ${exactPercent(plan.alpha)}.`,
    beside.plannedTotal === undefined || beside.plannedTotal === n.total
      ? null
      : `Read for ${count(beside.plannedTotal)} planned people in the place of ${count(n.total)}; changing that after a look makes the always-valid interval invalid.`,
    beside.ratio === true
      ? `The split was given anew in the place of the planned ${exactPercent(plan.fraction)} held out.`
      : null,
    armsOfMetric > 1 ? `${armsOfMetric} treated arms are compared; one was planned. The first is read here.` : null,
    ...others(analysis, plan),
    seen < n.total && plan.look === 'end'
      ? `A look before the planned end: ${count(seen)} of ${plural(n.total, 'person', 'people')}. The interval for one look does not hold here.`
      : null,
    seen > n.total ? `${plural(seen - n.total, 'person more', 'people more')} than planned.` : null,
    baselineDeviation(entry, plan),
  ];
  return said.filter((one) => one !== null);
}

function others({ arms }: HoldoutAnalysis, plan: LockedPlan): string[] {
  const more = [...new Set(arms.map(({ outcome }) => outcome))].filter(
    (outcome) => outcome !== plan.metric && outcome !== 'outcome',
  );
  return more.length === 0 ? [] : [`Not planned, so no more than a hint: ${more.join(', ')}.`];
}

/** The sizes rest on the rate assumed without emails. */
function baselineDeviation({ control }: ArmComparison, plan: LockedPlan): string | null {
  if (control.n === 0 || control.rate === null) return null;
  const limits = wilsonInterval(control, plan.alpha);
  if (plan.baseline >= limits[0] && plan.baseline <= limits[1]) return null;
  return `The sizes rest on ${percent(plan.baseline)} without emails; ${percent(control.rate)} of those held out have it (${interval(limits, (rate) => percent(rate), 1 - plan.alpha)}), so the power is another.`;
}

function verdictUnder(
  analysis: HoldoutAnalysis,
  entry: ArmComparison,
  plan: LockedPlan,
  stage: Stage,
  decidedBy: PlanReading['decidedBy'],
): Pick<PlanReading, 'verdict' | 'headline'> {
  const alike = (words: string) => ({ verdict: words, headline: words });
  if (isWithheld(entry) || entry.newcombe === null) {
    return alike(conclusionOn(entry, { alpha: analysis.alpha, controlArm: analysis.control }));
  }
  const seen = entry.treated.n + entry.control.n;
  const where =
    stage === 'early'
      ? `${count(seen)} of ${count(plan.n.total)} planned people have come.`
      : `All ${count(plan.n.total)} planned people have come.`;
  const said = (limits: readonly [number, number], which: string, rest = '') => ({
    verdict: `${where} ${decided(limits, plan, which)}${rest}`,
    headline: `${where} ${meaning(limits, plan)}: ${range(limits, points)} percentage points.`,
  });
  if (decidedBy === 'newcombe') return said(entry.newcombe, 'the interval for one look');
  if (entry.sequential === null) {
    return alike(`${where} Too early to be read: ${entry.reasons?.['sequential'] ?? 'there is no spread to read'}.`);
  }
  const isOpen = entry.sequential.interval[0] <= 0 && entry.sequential.interval[1] >= 0;
  const rest = isOpen && stage === 'early' ? ' Let it run.' : '';
  return said(entry.sequential.interval, 'the always-valid interval', rest);
}

function meaning([low, high]: readonly [number, number], plan: LockedPlan): string {
  if (low > 0) return `The emails raised ${plan.metric}`;
  return high < 0 ? `The emails lowered ${plan.metric}` : 'Not decided';
}

function decided(limits: readonly [number, number], plan: LockedPlan, which: string): string {
  const said = `${meaning(limits, plan)}: ${which} is ${points(limits[0])} to ${points(limits[1])} percentage points`;
  const isOpen = limits[0] <= 0 && limits[1] >= 0;
  return isOpen ? `${said}, so both a gain and a loss remain possible.` : `${said}.`;
}
