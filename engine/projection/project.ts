// What a workflow would add: organic conversions from the replay, the response model's effect on them by the exact
// expectation, and how sure that is. Parameters are drawn once per draw and shared by all people; people are resampled
// by bucket; chance is drawn on top. Signed everywhere, nothing cut off. What is assumed is listed.

import { count, DAY_MS, humanDuration, percent } from '../base/index.ts';
import { type MailedShare, mailedShare } from '../calibrate/index.ts';
import { type History, observationStart } from '../events/index.ts';
import { type ReplayResult, replayWorkflow } from '../replay/index.ts';
import { quantileOfDraws, wilsonInterval } from '../stats/index.ts';
import type { Workflow } from '../workflow/index.ts';
import { cheapestTest, completeOnes, type NotIdentified, nearestHalf, notIdentified } from './already-mailed.ts';
import { breakEvenEffect } from './break-even.ts';
import { mailedComparisons } from './comparisons.ts';
import { concentrationNotices } from './concentration.ts';
import { type Enrolled, enrolledOf } from './enrolled.ts';
import { type SequenceModel, timingOf } from './model.ts';
import { offerNotices, offerTerms } from './offer.ts';
import { type Draw, type DrawnRun, type Outcome, runDraws, type Setting, sum } from './outcomes.ts';
import { overlapNotices } from './overlap.ts';
import { afterHoldout } from './own-holdout.ts';
import { MONTH_DAYS, perPersonMonth } from './person-month.ts';
import type { Estimate, Per30Days, Projection } from './projection.ts';
import {
  type Assumption,
  type OwnHoldout,
  type ResolvedResponse,
  type ResponseModel,
  resolveResponse,
} from './response.ts';
import { type NominalStep, nominalSteps, windowOf } from './sequence-times.ts';
import { trendNotices, weeklyTrend } from './trend.ts';

export interface ProjectOptions {
  readonly seed: number;
  /** Default 2000. */
  readonly draws?: number;
  /** A replay of this history and workflow, where there is one already. */
  readonly replayed?: ReplayResult;
  /** An own holdout, in place of that of the response: the assumed effect then counts as a prior only. */
  readonly measured?: OwnHoldout;
  /** Looked at before each draw; what it throws ends it. */
  readonly signal?: AbortSignal;
  /** Told what is projected before the first draw, and then each draw. */
  readonly watch?: (setting: Setting) => (draw: Draw) => void;
}

/** @throws UserError where the workflow cannot be replayed */
export function project(
  history: History,
  workflow: Workflow,
  response: ResponseModel,
  options: ProjectOptions,
): Projection {
  return projectWithDraws(history, workflow, response, options).projection;
}

/** With the draws beside it, for paired comparisons; null where there is nothing to draw. */
export function projectWithDraws(
  history: History,
  workflow: Workflow,
  response: ResponseModel,
  options: ProjectOptions,
): { readonly projection: Projection; readonly run: DrawnRun | null } {
  const replayed = options.replayed ?? replayWorkflow(history, workflow);
  const steps = nominalSteps(workflow, replayed.totals);
  const horizon = workflow.goal.withinMs;
  const wait = windowOf(workflow) + (steps[0] as NominalStep).atMs;
  const assumed = resolveResponse(response, workflow, steps.length);
  const measured = options.measured ?? response.measured;
  const resolved = measured === null ? assumed : afterHoldout(assumed, measured, wait);
  const frame: SequenceModel = {
    steps: steps.map((step) => ({ at: step.atMs, p: 0, harm: 0, unsub: 0 })),
    horizon,
    delay: resolved.delay,
  };
  const enrolled = enrolledOf(history, workflow, replayed.enrollments, steps, frame);
  const setting: Setting = { workflow, steps, resolved, frame, timing: timingOf(frame), enrolled, wait };
  const complete = completeOnes(replayed.enrollments);
  const share = mailedShare(history, complete, horizon, undefined, workflow.trigger.type === 'schedule');
  const organicRate = enrolled.n === 0 ? null : enrolled.organic / enrolled.n;
  const value = enrolled.value?.perConversion ?? null;
  const test = (rate: number | null, smallest: number | null = null) =>
    cheapestTest(history, workflow, { firstEntries: enrolled.firstEntries, organicRate: rate }, value, smallest);
  const head = {
    reach: replayed.totals.reach,
    eligible: enrolled.n,
    mailed: enrolled.treated,
    firstEntries: enrolled.firstEntries,
    repeatEntries: enrolled.repeatEntries,
    incomplete: enrolled.incomplete,
    persons: enrolled.persons,
    horizon,
    wait,
  };
  if (share.answersTrigger) {
    const found = notIdentified(
      share,
      (bounds) => test(nearestHalf(bounds)),
      (bounds) => mailedComparisons(history, workflow, complete, bounds),
    );
    const projection = { ...head, ...unidentified(enrolled, found, resolved), cheapestTest: found.cheapestTest };
    return { projection, run: null };
  }
  if (enrolled.n === 0) {
    return { projection: { ...head, ...empty(enrolled, resolved), cheapestTest: test(null) }, run: null };
  }
  const look = () => options.signal?.throwIfAborted();
  const run = runDraws(setting, options.seed, Math.max(1, options.draws ?? 2000), look, options.watch?.(setting));
  const said = identified(setting, run, calendarDays(history, workflow));
  const start = observationStart(history) ?? history.observedUntil;
  // A trigger that waits cannot fire in the first stretch; empty weeks there are no rise.
  const trend = weeklyTrend(replayed.enrollments, start + windowOf(workflow), history.observedUntil - horizon);
  const notices = [
    ...said.notices,
    ...concentrationNotices(enrolled),
    ...offerNotices(offerTerms(steps, value, workflow.economics.margin)),
    ...broadcastNotice(share),
    ...trendNotices(trend),
    ...overlapNotices(replayed.enrollments),
  ];
  const { margin } = workflow.economics;
  const paying = breakEvenEffect({
    ...said.profit,
    treated: enrolled.treated,
    gained: said.incremental.gained,
    margin: margin === null || value === null ? null : margin * value,
  });
  return { projection: { ...head, ...said, notices, cheapestTest: test(organicRate, paying) }, run };
}

function broadcastNotice(share: MailedShare): string[] {
  if (share.mailed === 0) return [];
  const part = percent(share.mailed / share.all);
  return [
    `${part} of the enrolled got another email inside the goal window. Emails come no more often after the trigger than before it, so they are taken as broadcasts that go on: all figures hold given these.`,
  ];
}

/** Days over which complete enrollments could begin. */
function calendarDays(history: History, workflow: Workflow): number {
  const start = observationStart(history);
  return start === null ? 0 : (history.observedUntil - workflow.goal.withinMs - start) / DAY_MS;
}

// ---------------------------------------------------------------- what is said of them

function identified(setting: Setting, run: DrawnRun, days: number) {
  const { enrolled, resolved, workflow } = setting;
  const pick = (key: keyof Outcome, scale = 1): Estimate => {
    const [low, high] = interval(run.realised.map((outcome) => outcome[key] * scale));
    return { expected: mean(run.expected.map((outcome) => outcome[key])) * scale, low, high };
  };
  const expected = run.expected.map((outcome) => outcome.net);
  const net = pick('net');
  const variances = {
    chance: mean(run.chance),
    parameters: variance(expected),
    sampling: variance(run.resampled.map((outcome, i) => outcome.net - (expected[i] as number))),
  };
  const all = variances.chance + variances.parameters + variances.sampling;
  const organicRate = enrolled.organic / enrolled.n;
  // Where nobody or everybody converts, people drawn anew show no doubt at all; Wilson's interval does.
  const isExtreme = enrolled.organic === 0 || enrolled.organic === enrolled.n;
  const [rateLow, rateHigh] = isExtreme
    ? wilsonInterval({ n: enrolled.n, x: enrolled.organic }, 0.05)
    : interval(run.organicRates);
  const noValue = valueReason(enrolled, workflow);
  const noMargin = noValue ?? (workflow.economics.margin === null ? MARGIN_REASON : null);
  const revenue = noValue === null ? pick('revenue') : nothing(noValue);
  const profit = noMargin === null ? pick('profit') : nothing(noMargin);
  const part = (key: keyof Outcome, isKnown: boolean) =>
    isKnown ? mean(run.expected.map((outcome) => outcome[key])) : null;
  const perEntry = (net.expected as number) / Math.max(1e-12, enrolled.treated);
  return {
    organic: {
      conversions: enrolled.organic,
      rate: organicRate,
      low: rateLow,
      high: rateHigh,
      value: enrolled.value === null ? null : enrolled.value.perConversion * enrolled.organic,
    },
    incremental: {
      ...net,
      gained: mean(run.expected.map((outcome) => outcome.gained)),
      lost: mean(run.expected.map((outcome) => outcome.lost)),
      pHarm: expected.filter((n) => n < 0).length / expected.length,
      shares:
        all > 0
          ? {
              chance: variances.chance / all,
              parameters: variances.parameters / all,
              sampling: variances.sampling / all,
            }
          : null,
      fromData: {
        effect: resolved.measuredShare ?? 0,
        interval: all > 0 ? (variances.chance + variances.sampling) / all : null,
      },
      treatedRate: enrolled.treated === 0 ? null : organicRate + perEntry,
    },
    sends: pick('sends'),
    unsubscribes: pick('unsubscribes'),
    revenue,
    profit: {
      ...profit,
      margin: part('margin', noMargin === null),
      discountToGained: part('discountToGained', noValue === null),
      discountToOrganic: part('discountToOrganic', noValue === null),
      sendingCost: part('sendingCost', workflow.economics.costPerSend !== null),
      unsubscribeCost: part('unsubscribeCost', workflow.economics.subscriberValue !== null),
    },
    per30Days: per30Days(setting, perEntry, days, pick, noValue, noMargin),
    assumptions: [...resolved.assumptions, ...moneyAssumptions(setting)],
    identified: true as const,
    notices: noticesOf(setting, run),
  };
}

const MARGIN_REASON = 'The workflow does not say its margin (economics.margin).';

function valueReason(enrolled: Enrolled, workflow: Workflow): string | null {
  if (enrolled.value !== null) return null;
  return `The history has no values for ${workflow.goal.match.event}, or none above 0 on average, and the workflow no economics.orderValue.`;
}

function per30Days(
  setting: Setting,
  perEntry: number,
  days: number,
  pick: (key: keyof Outcome, scale?: number) => Estimate,
  noValue: string | null,
  noMargin: string | null,
): Per30Days {
  const { enrolled, resolved } = setting;
  // Per first entry, from the mean over all entries of which repeats count ρ.
  const entries = {
    firstEntries: enrolled.firstEntries,
    repeatEntries: enrolled.repeatEntries,
    personDays: enrolled.personDays,
  };
  const weighted = enrolled.firstEntries + resolved.repeat * enrolled.repeatEntries;
  const perFirst = weighted === 0 ? 0 : (perEntry * enrolled.n) / weighted;
  const own = perPersonMonth(entries, perFirst, resolved.repeat);
  const half = perPersonMonth(entries, perFirst, 0.5);
  const short = days < 1 ? 'The history is not longer than the goal window.' : null;
  const scale = MONTH_DAYS / Math.max(1, days);
  const money = (key: 'net' | 'revenue' | 'profit', reason: string | null) =>
    reason === null && short === null ? pick(key, scale) : nothing(reason ?? (short as string));
  return {
    personDays: enrolled.personDays,
    firstPerPersonMonth: own?.firstPerPersonMonth ?? null,
    repeatPerPersonMonth: own?.repeatPerPersonMonth ?? null,
    incrementalPerPersonMonth: own?.incrementPerPersonMonth ?? null,
    incrementalPerPersonMonthAtHalf: half?.incrementPerPersonMonth ?? null,
    incremental: money('net', null),
    revenue: money('revenue', noValue),
    profit: money('profit', noMargin),
    ...(own === null ? { reason: 'No day was observed after a complete enrollment.' } : {}),
  };
}

function moneyAssumptions(setting: Setting): Assumption[] {
  const { workflow, enrolled, steps } = setting;
  const { margin, costPerSend, organicRedemption, subscriberValue } = workflow.economics;
  const list: Assumption[] = [];
  const given = (name: string, value: number) =>
    list.push({ name, value, kind: 'input', grade: null, source: `economics.${name} of the workflow`, year: null });
  if (enrolled.value !== null) {
    const value = Number(enrolled.value.perConversion.toPrecision(6));
    if (enrolled.value.source === 'workflow') given('orderValue', value);
    else {
      list.push({
        name: 'orderValue',
        value,
        kind: 'measured',
        grade: null,
        source:
          'mean of the organic conversions of the enrolled in this history; that gained ones are worth as much is assumed',
        year: null,
      });
    }
  }
  if (margin !== null) given('margin', margin);
  if (costPerSend !== null) given('costPerSend', costPerSend);
  else
    list.push({
      name: 'costPerSend',
      value: 'not given',
      kind: 'input',
      grade: null,
      source: 'profit leaves sending costs out',
      year: null,
    });
  if (subscriberValue !== null) given('subscriberValue', subscriberValue);
  else {
    list.push({
      name: 'subscriberValue',
      value: 'not given',
      kind: 'input',
      grade: null,
      source: 'unsubscriptions are counted but not priced; no source gives their long-run cost',
      year: null,
    });
  }
  if (steps.some((step) => step.incentive !== null)) {
    if (organicRedemption !== null) given('organicRedemption', organicRedemption);
    else {
      list.push({
        name: 'organicRedemption',
        value: 1,
        kind: 'judgement',
        grade: 3,
        source: 'not given: everyone who would have bought anyway and can use the discount is taken to use it',
        year: null,
      });
    }
  }
  return list;
}

function noticesOf(setting: Setting, run: DrawnRun): string[] {
  const { resolved, wait, steps, enrolled } = setting;
  const notices: string[] = [];
  const draws = run.expected.length;
  if (run.outOfReach > 0.01 * draws) {
    const met = enrolled.organic / enrolled.n + mean(run.expected.map((o) => o.net)) / Math.max(1, enrolled.treated);
    const target = run.target ?? 0;
    notices.push(
      `This sequence cannot deliver the assumed effect within ${humanDuration(setting.frame.horizon)} in ${percent(run.outOfReach / draws)} of the draws: a mean rate of ${percent(target)} was aimed at, ${percent(met)} is reached.`,
    );
  }
  if (resolved.isCart && resolved.curveKind === 'absolute' && wait <= 3_600_000) {
    notices.push(
      'Sign unknown: the first email goes out within an hour of the anchor, where the one randomised field study found fewer purchases (C7). No evidence either that later steps undo it.',
    );
  }
  for (const step of steps) {
    if (step.sentShare < 0.99) {
      notices.push(
        `Step ${step.id} is sent to ${percent(step.sentShare)} of those due; its effect counts by that share.`,
      );
    }
  }
  const [, high] = interval(run.realised.map((outcome) => outcome.net));
  if (high !== null && high < 0) {
    notices.push('Costs sales: under these assumptions the whole interval of the increment lies below 0.');
  }
  if (enrolled.treated === 0) notices.push('Nobody is in the treated arm, so nothing is sent.');
  return notices;
}

function unidentified(enrolled: Enrolled, found: NotIdentified, resolved: ResolvedResponse) {
  const free = found.bounds[0];
  const range = free?.interval ?? free?.increment ?? null;
  const scale = enrolled.treated;
  const value = enrolled.value?.perConversion ?? null;
  const between = (factor: number | null): Estimate => ({
    expected: null,
    low: range === null || factor === null ? null : range[0] * scale * factor,
    high: range === null || factor === null ? null : range[1] * scale * factor,
    reason: found.reason,
  });
  return {
    organic: { conversions: null, rate: null, low: null, high: null, value: null, reason: found.reason },
    incremental: { ...between(1), gained: null, lost: null, pHarm: null, shares: null, treatedRate: found.treatedRate },
    sends: nothing(found.reason),
    unsubscribes: nothing(found.reason),
    revenue: between(value),
    profit: { ...nothing(found.reason), ...NO_PARTS },
    per30Days: noMonth(enrolled, found.reason),
    assumptions: resolved.assumptions,
    identified: found,
    notices: [],
  };
}

const NO_PARTS = {
  margin: null,
  discountToGained: null,
  discountToOrganic: null,
  sendingCost: null,
  unsubscribeCost: null,
};

function empty(enrolled: Enrolled, resolved: ResolvedResponse) {
  const reason =
    enrolled.incomplete > 0
      ? `No enrollment is complete: the goal windows of all ${count(enrolled.incomplete)} end after the history does.`
      : 'Nobody enrolls in this history.';
  return {
    organic: { conversions: 0, rate: null, low: null, high: null, value: null, reason },
    incremental: { ...nothing(reason), gained: null, lost: null, pHarm: null, shares: null, treatedRate: null },
    sends: nothing(reason),
    unsubscribes: nothing(reason),
    revenue: nothing(reason),
    profit: { ...nothing(reason), ...NO_PARTS },
    per30Days: noMonth(enrolled, reason),
    assumptions: resolved.assumptions,
    identified: true as const,
    notices: [],
  };
}

function noMonth(enrolled: Enrolled, reason: string): Per30Days {
  return {
    personDays: enrolled.personDays,
    firstPerPersonMonth: null,
    repeatPerPersonMonth: null,
    incrementalPerPersonMonth: null,
    incrementalPerPersonMonthAtHalf: null,
    incremental: nothing(reason),
    revenue: nothing(reason),
    profit: nothing(reason),
    reason,
  };
}

function nothing(reason: string): Estimate {
  return { expected: null, low: null, high: null, reason };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

function variance(values: readonly number[]): number {
  const m = mean(values);
  return mean(values.map((value) => (value - m) ** 2));
}

/** Limits of draws at 2.5 % and 97.5 %. */
function interval(values: readonly number[]): readonly [number | null, number | null] {
  if (values.length === 0) return [null, null];
  const sorted = Float64Array.from(values).sort();
  return [quantileOfDraws(sorted, 0.025), quantileOfDraws(sorted, 0.975)];
}
