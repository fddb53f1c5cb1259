// Once a workflow is live: what its holdout shows its emails to have added, in conversions and money, and beside it what
// an email tool credits to the same emails. Two ledgers, never one field: the first is an effect, the second bookkeeping,
// and how many times the second is the first is the over-crediting factor (methods: H).

import { type Currency, ExactSum, exactCount, money, plural, points, range, rounded } from '../base/index.ts';
import type { History } from '../events/index.ts';
import { compareValue, NOTHING_ADDED, type OverCredit, overCreditOf, overCreditWords } from '../holdout/index.ts';
import { discountOf, nominalSteps } from '../projection/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { newcombeInterval } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { ownEmails, type RecordedCredit, receiptsOf, recordedCredit } from './recorded-credit.ts';
import { firstEntries } from './secondary-tally.ts';

/** In all of the treated: the difference per person times their number. 95 %. */
export interface MeasuredAmount {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** Measured: from the arms, by assignment. */
export interface AddedByEmails {
  readonly withinMs: number;
  readonly treated: number;
  readonly holdout: number;
  readonly conversions: MeasuredAmount;
  /** Null with the reason where conversions carry no amounts. */
  readonly revenue: MeasuredAmount | null;
  readonly revenueReason?: string;
  /** Why the interval of the revenue may hold less often than it says. */
  readonly warnings: readonly string[];
}

/** What the emails leave: margin on the added revenue, less what was given away and spent. */
export interface MeasuredProfit {
  readonly margin: MeasuredAmount;
  /** Given on conversions while an offer of an email received was open, as if everybody who could had used it. */
  readonly discount: number;
  /** Such conversions. */
  readonly offered: number;
  readonly sendingCost: number;
  readonly profit: MeasuredAmount;
  /** Per person mailed, from which difference on the emails pay, as a rate; null where none does. */
  readonly breakEven: number | null;
  readonly breakEvenReason?: string;
}

export interface BesideHoldout {
  readonly measured: AddedByEmails;
  /** Null with the reason. */
  readonly profit: MeasuredProfit | null;
  readonly profitReason?: string;
  /** Attributed; null with the reason. */
  readonly credited: RecordedCredit | null;
  readonly creditedReason?: string;
  /** By the workflow's own rule, credited over added; null with the reason. */
  readonly overCredit: OverCredit | null;
  readonly overCreditReason?: string;
}

export interface BesideOptions {
  /** Since when the emails go out by arm, ms. */
  readonly from: number;
}

/** @returns null where an arm has nobody watched to the end of the goal window */
export function besideHoldout(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  { from }: BesideOptions,
): BesideHoldout | null {
  const goalMs = workflow.goal.withinMs;
  const known = firstEntries(columns, from).filter(
    (i) => (columns.triggerTimes[i] as number) + goalMs <= history.observedUntil,
  );
  const arm = (which: 0 | 1) => known.filter((i) => columns.arms[i] === which);
  const [treated, holdout] = [arm(0), arm(1)];
  if (treated.length === 0 || holdout.length === 0) return null;
  const measured = addedBy(columns, goalMs, treated, holdout);
  const credited = recordedCredit(history, workflow, columns, treated);
  const creditedReason =
    workflow.attribution === null
      ? 'The workflow names no attribution window (attribution.within).'
      : 'The history records no email of this workflow to credit.';
  return {
    measured,
    ...profitOf(history, workflow, columns, treated, measured),
    credited,
    ...(credited === null ? { creditedReason } : {}),
    ...creditBeside(credited, measured),
  };
}

function addedBy(
  columns: EnrollmentColumns,
  withinMs: number,
  treated: readonly number[],
  holdout: readonly number[],
): AddedByEmails {
  const converted = (rows: readonly number[]) =>
    rows.filter((i) => !Number.isNaN(columns.goalTimes[i] as number)).length;
  const values = (rows: readonly number[]) =>
    Float64Array.from(rows, (i) =>
      Number.isNaN(columns.goalTimes[i] as number) ? 0 : (columns.goalValues[i] as number),
    );
  const t = { n: treated.length, x: converted(treated) };
  const c = { n: holdout.length, x: converted(holdout) };
  const difference = t.x / t.n - c.x / c.n;
  const [low, high] = newcombeInterval(t, c, 0.05);
  const [ours, others] = [values(treated), values(holdout)];
  const hasValues = ours.some((x) => x !== 0) || others.some((x) => x !== 0);
  const { figure, ...rest } = compareValue(
    { name: 'treated', values: ours },
    { name: 'holdout', values: others },
    0.05,
  );
  const reason = hasValues
    ? ((rest as { readonly reason?: string }).reason ?? 'not known')
    : 'no conversion carries an amount';
  const inAll = (x: number) => x * t.n;
  return {
    withinMs,
    treated: t.n,
    holdout: c.n,
    conversions: { expected: inAll(difference), low: inAll(low), high: inAll(high) },
    ...(figure === null || !hasValues
      ? { revenue: null, revenueReason: reason, warnings: [] }
      : {
          revenue: {
            expected: inAll(figure.difference),
            low: inAll(figure.interval[0]),
            high: inAll(figure.interval[1]),
          },
          warnings: figure.warnings,
        }),
  };
}

function creditBeside(
  credited: RecordedCredit | null,
  { conversions }: AddedByEmails,
): Pick<BesideHoldout, 'overCredit' | 'overCreditReason'> {
  const own = credited?.models.find(({ model }) => model === credited.model);
  if (own === undefined) return { overCredit: null, overCreditReason: 'Nothing is credited.' };
  const overCredit = overCreditOf(own.conversions, conversions);
  return { overCredit, ...(overCredit === null ? { overCreditReason: NOTHING_ADDED } : {}) };
}

// ---------------------------------------------------------------- money

function profitOf(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  treated: readonly number[],
  { revenue, conversions, revenueReason }: AddedByEmails,
): Pick<BesideHoldout, 'profit' | 'profitReason'> {
  const { margin, costPerSend } = workflow.economics;
  if (revenue === null) return { profit: null, profitReason: `The money is not known: ${revenueReason}.` };
  if (margin === null) {
    return { profit: null, profitReason: 'The workflow does not say its margin (economics.margin).' };
  }
  const { discount, offered, emails } = offersOf(history, workflow, columns, treated);
  const sendingCost = emails * (costPerSend ?? 0);
  const spent = discount + sendingCost;
  const kept = { expected: revenue.expected * margin, low: revenue.low * margin, high: revenue.high * margin };
  const profit = { expected: kept.expected - spent, low: kept.low - spent, high: kept.high - spent };
  const perConversion = meanValue(columns, treated);
  const left = perConversion === null ? null : margin * perConversion;
  const pays = left !== null && left > 0 && conversions.expected !== 0;
  return {
    profit: {
      margin: kept,
      discount,
      offered,
      sendingCost,
      profit,
      breakEven: pays ? spent / left / treated.length : null,
      ...(pays ? {} : { breakEvenReason: 'No conversion leaves a margin to pay with.' }),
    },
  };
}

function meanValue(columns: EnrollmentColumns, rows: readonly number[]): number | null {
  const sum = new ExactSum();
  let n = 0;
  for (const i of rows) {
    if (Number.isNaN(columns.goalTimes[i] as number)) continue;
    n++;
    sum.add(columns.goalValues[i] as number);
  }
  return n === 0 ? null : sum.value / n;
}

/** Conversions while an offer was open: the last email received before them that carries one. */
function offersOf(history: History, workflow: Workflow, columns: EnrollmentColumns, rows: readonly number[]) {
  const receipts = receiptsOf(history);
  const steps = nominalSteps(workflow, null);
  const discount = new ExactSum();
  let [offered, emails] = [0, 0];
  if (receipts === null) return { discount: 0, offered, emails };
  for (const i of rows) {
    const own = ownEmails(history, workflow, columns, i, receipts.isReceipt);
    emails += own.at.length;
    const goal = columns.goalTimes[i] as number;
    if (Number.isNaN(goal)) continue;
    const value = columns.goalValues[i] as number;
    for (let k = own.at.length - 1; k >= 0; k--) {
      const at = own.at[k] as number;
      const step =
        steps.find(({ id }) => id === own.ids[k]) ?? (own.ids[k] === `email ${k + 1}` ? steps[k] : undefined);
      const incentive = step?.incentive ?? null;
      if (incentive === null || at >= goal) continue;
      if (incentive.expiresMs !== null && goal > at + incentive.expiresMs) continue;
      const given = discountOf({ incentive }, value);
      if (given === 0) continue;
      offered++;
      discount.add(given);
      break;
    }
  }
  return { discount: discount.value, offered, emails };
}

// ---------------------------------------------------------------- in words

/** What was added, measured, in a sentence. */
export function addedWords({ measured }: BesideHoldout): string {
  const { conversions, treated, holdout, revenue } = measured;
  const perPerson = points(conversions.expected / treated);
  const amount =
    revenue === null ? '' : ` and ${money(revenue.expected)} of revenue (${range([revenue.low, revenue.high], money)})`;
  return `Measured: the emails added ${rounded(conversions.expected)} conversions (95% interval ${range([conversions.low, conversions.high], rounded)}; ${perPerson} percentage points of ${plural(treated, 'person', 'people')} treated, against ${exactCount(holdout)} held out)${amount}.`;
}

/** What is credited, and how many times what was added. */
export function creditedWords({ credited, overCredit, overCreditReason, creditedReason }: BesideHoldout): string {
  const own = credited?.models.find(({ model }) => model === credited.model);
  if (credited === null || own === undefined) return creditedReason ?? 'Nothing is credited.';
  const said = `Attributed: an email tool credits ${rounded(own.conversions)} conversions to these emails.`;
  if (overCredit === null) return `${said} ${overCreditReason ?? ''}`.trim();
  return `${said} That is ${overCreditWords(overCredit)}, within the interval of the holdout.`;
}

/** What the emails leave and cost; null where it is not known. */
export function profitWords(value: BesideHoldout, currency: Currency = null): string | null {
  const net = value.profit?.profit;
  if (net === undefined) return null;
  const show = (x: number) => money(x, currency);
  return `Measured profit ${show(net.expected)} (${range([net.low, net.high], show)}). ${costWords(value, currency)}`;
}

/** What is taken off the margin, and from which effect on the emails pay; null where it is not known. */
export function costWords({ profit }: BesideHoldout, currency: Currency = null): string | null {
  if (profit === null) return null;
  const { discount, offered, sendingCost, breakEven, breakEvenReason } = profit;
  const show = (x: number) => money(x, currency);
  const given =
    discount === 0
      ? ''
      : ` and up to ${show(discount)} of discounts, on ${plural(offered, 'conversion')} while an offer was open`;
  const pays =
    breakEven === null ? (breakEvenReason ?? '') : `They pay from ${points(breakEven)} percentage points on.`;
  return `Sending took ${show(sendingCost)}${given}. ${pays}`;
}
