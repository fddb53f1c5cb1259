// The window of a workflow, from its history alone: how long people take by themselves, what the present window does to
// mature episodes, and whether the data settle on another. Too little history is an answer, not a failure. Survival,
// counts and percentiles use all episodes from their opening; rates use mature ones on the trigger's own clock.

import { count, humanDuration, listed, percent, type Random, seededRandom } from '../base/index.ts';
import { type History, observationStart } from '../events/index.ts';
import { clusteredSurvivalSe, followUp, kaplanMeier, type SurvivalCurve, survivalLimits } from '../stats/index.ts';
import type { EventMatch, Workflow } from '../workflow/index.ts';
import type {
  Calibration,
  ConverterPercentiles,
  CurrentWindow,
  RecommendedWindow,
  SurvivalPoint,
} from './calibration.ts';
import { type Cohort, firedOf, firstClock, matureCohort, momentClock } from './cohort.ts';
import { competingEnds, endingEvents } from './competing.ts';
import { FEWEST_CONVERTERS, percentileAmongConverters, type WindowRule, windowRule } from './converters.ts';
import { type Dormancy, dormancy } from './dormancy.ts';
import { CENSORED, CONVERTED, type Episodes, LAPSED } from './episodes.ts';
import { hazardTable } from './hazard-table.ts';
import { type HistoryNeed, historyNeed } from './history-need.ts';
import { RUNGS_MS, rungOf } from './ladder.ts';
import { mailedShare } from './own-emails.ts';
import { percentileIntervals } from './percentile-intervals.ts';
import { bootstrapQuantile, drawUnits, percentileInterval, unitsOf } from './resample.ts';
import { returnHump, timeGrid, valleyOn } from './return-hump.ts';
import { horizonOf, type MomentSubject, type Subject, studyOf } from './subject.ts';
import { windowCounts } from './window-counts.ts';

export interface CalibrateOptions {
  readonly seed: number;
  /** Of the bootstrap over people; 0 leaves the intervals out. Default 1000. */
  readonly replicates?: number;
  /** Looked at between parts of the work and replicates; what it throws ends it. */
  readonly signal?: AbortSignal;
}

const MOST_POINTS = 2_000;
const LEVEL = 0.95;

/** @throws UserError `NOT_REPLAYABLE` for a trigger that does not wait and cannot be replayed */
export function calibrate(history: History, workflow: Workflow, options: CalibrateOptions): Calibration {
  const subject = studyOf(workflow);
  const horizonMs = horizonOf(subject, workflow);
  const replicates = options.replicates ?? 1000;
  const look = () => options.signal?.throwIfAborted();
  look();
  const { episodes, gaps, washedIn } =
    subject.kind === 'moment'
      ? momentClock(history, workflow, subject, horizonMs)
      : firstClock(history, subject, horizonMs, workflow.timezone);
  look();
  const need = needOf(history, subject, horizonMs);
  const curve = curveOf(episodes);
  look();
  const cohort = matureCohort(history, subject, horizonMs, () => episodes);
  look();
  const dormant =
    gaps === null
      ? null
      : dormancy(history, gaps, {
          churnMs: horizonMs,
          loadedMs: subject.windowMs,
          timezone: workflow.timezone,
          replicates,
          random: seededRandom(options.seed, 'calibrate dormancy'),
          look,
        });
  const counts = [CONVERTED, LAPSED, CENSORED].map((status) => countStatus(episodes, status));
  const [converted, lapsed, open] = counts as [number, number, number];
  const end = followUp(curve);
  const among = percentiles(curve, horizonMs, episodes.n, converted, subject.kind);
  const random = seededRandom(options.seed, 'calibrate percentiles');
  const intervals = percentileIntervals(history, spellsOf(episodes), episodes.persons, horizonMs, {
    replicates: converted === 0 ? 0 : replicates,
    random,
    look,
  });
  const mailed = mailedShare(history, firedOf(episodes, subject.windowMs), workflow.goal.withinMs);
  look();
  return {
    clock: 'first',
    ...namesOf(subject),
    horizon: horizonMs,
    anchors: episodes.n,
    converted,
    censored: lapsed + open,
    lapsed,
    open,
    persons: new Set(episodes.persons).size,
    washedIn,
    historyNeeded: need.neededMs,
    historyHeld: need.heldMs,
    history: {
      status: need.status,
      entrySpan: need.entrySpanMs,
      largestHorizon: need.largestHorizonMs,
      reason: need.reason,
    },
    survival: survivalPoints(curve, episodes),
    percentilesAmongConverters: {
      ...among,
      ...(among.p50 === null || intervals === null ? {} : { intervals }),
    },
    hazard: hazardTable(spellsOf(episodes), curve, horizonMs),
    competing: competingEnds(history, endingEvents(workflow, answerOf(subject)), episodes),
    plateau: {
      value: end?.plateau ?? null,
      sufficient: end?.sufficient ?? false,
      alpha: end?.alpha ?? null,
      reason:
        end === null
          ? 'There is no episode.'
          : end.sufficient
            ? null
            : 'Follow-up is too short for the last stretch of the curve to tell how many never convert.',
    },
    current: currentWindow(cohort, subject.windowMs, need),
    recommended:
      subject.kind === 'moment'
        ? noWindow(subject)
        : dormant === null
          ? recommend(history, cohort, horizonMs, need, {
              replicates,
              random: seededRandom(options.seed, 'calibrate p90'),
              look,
            })
          : recommendDormancy(dormant, cohort, horizonMs, need),
    returnHump: hump(history, cohort, horizonMs, {
      replicates,
      random: seededRandom(options.seed, 'calibrate hump'),
      look,
    }),
    dormancy: dormant,
    alreadyMailed: mailed.answersTrigger,
    notes: [...subject.notes, ...cohort.notes, ...(mailed.answersTrigger ? [MAILED_NOTE] : [])],
  };
}

export type CalibratedNames = Pick<Calibration, 'kind' | 'anchor' | 'answer'>;

/** What of a workflow is calibrated, by name; null for triggers that do not wait. */
export function calibratedNames(workflow: Workflow): CalibratedNames | null {
  const subject = studyOf(workflow);
  return subject.kind === 'moment' ? null : namesOf(subject);
}

function namesOf(subject: Subject | MomentSubject): CalibratedNames {
  const { kind } = subject;
  if (kind === 'moment') return { kind, anchor: 'the trigger', answer: subject.without.event };
  if (kind !== 'absence') return { kind, anchor: subject.after.event, answer: subject.without.event };
  const activity = activityWords(subject.trigger.of);
  return { kind, anchor: activity, answer: activity };
}

export const MAILED_NOTE =
  'The history already contains emails that answer the trigger: whoever converted after one did not show what happens without. Times up to the first email are organic, later ones are not, and "would convert anyway" counts mailed people.';

/** What the trigger waits for, where it is an event; silences end by any activity. */
function answerOf(subject: Subject | MomentSubject): EventMatch | null {
  return subject.kind === 'absence' ? null : subject.without;
}

function needOf(history: History, subject: Subject | MomentSubject, horizonMs: number): HistoryNeed {
  const start = observationStart(history);
  return historyNeed({
    heldMs: start === null ? 0 : Math.max(0, history.observedUntil - start),
    horizonMs,
    rearm: subject.rearm,
    washIn: history.observedFrom !== null && subject.kind !== 'absence',
  });
}

function curveOf(episodes: Episodes): SurvivalCurve {
  return kaplanMeier(spellsOf(episodes));
}

function spellsOf(episodes: Episodes) {
  return {
    times: episodes.closedAt.map((closed, i) => closed - (episodes.starts[i] as number)),
    events: episodes.status.map((status) => (status === CONVERTED ? 1 : 0)),
  };
}

/** Every step up to 2,000, thinned beyond by even steps of S; exact values throughout. */
function survivalPoints(curve: SurvivalCurve, episodes: Episodes): SurvivalPoint[] {
  if (episodes.n === 0) return [];
  const isClustered = new Set(episodes.persons).size < episodes.n;
  const limits = survivalLimits(curve, LEVEL, 'log-log');
  const byPerson = isClustered
    ? survivalLimits(curve, LEVEL, 'log-log', clusteredSurvivalSe(spellsOf(episodes), episodes.persons))
    : limits;
  const last = curve.times.length - 1;
  let rows: number[] = [];
  for (let j = 0; j <= last; j++) if ((curve.events[j] as number) > 0 || j === last) rows.push(j);
  if (rows.length > MOST_POINTS - 1) {
    const step = (rows.length - 1) / (MOST_POINTS - 2);
    const all = rows;
    rows = Array.from({ length: MOST_POINTS - 1 }, (_, k) => all[Math.round(k * step)] as number);
  }
  const points = rows.map((j) => ({
    t: curve.times[j] as number,
    notConverted: curve.survival[j] as number,
    ...limitsAt(limits, j),
    byPerson: limitsAt(byPerson, j),
    atRisk: curve.atRisk[j] as number,
  }));
  // Before anything can happen nobody has converted: that is known, not estimated.
  const first = points[0];
  if (first === undefined || first.t === 0) return points;
  const certain = { low: 1, high: 1 };
  return [{ t: 0, notConverted: 1, ...certain, byPerson: certain, atRisk: episodes.n }, ...points];
}

function limitsAt({ low, high }: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> }, j: number) {
  const limits = { low: orNull(low[j] as number), high: orNull(high[j] as number) };
  return limits.low === null || limits.high === null ? { ...limits, reason: NO_LIMITS } : limits;
}

const NO_LIMITS = 'Where nobody or everybody has converted this method gives no limits.';

function orNull(x: number): number | null {
  return Number.isNaN(x) ? null : x;
}

function percentiles(
  curve: SurvivalCurve,
  horizonMs: number,
  n: number,
  converted: number,
  kind: Calibration['kind'],
): ConverterPercentiles {
  const none = { p50: null, p75: null, p90: null, p95: null };
  if (n === 0) {
    const missing = kind === 'moment' ? 'The trigger does not fire in this history' : 'There is no anchor event';
    return { ...none, reason: `${missing}, so there is nothing to time.` };
  }
  if (converted === 0) return { ...none, reason: 'Nobody converted within the horizon.' };
  const at = (p: number) => percentileAmongConverters(curve, horizonMs, p);
  const figures = { p50: at(0.5), p75: at(0.75), p90: at(0.9), p95: at(0.95) };
  if (figures.p50 !== null) return figures;
  return { ...none, reason: `No episode was watched for the whole horizon of ${humanDuration(horizonMs)}.` };
}

function currentWindow(cohort: Cohort, windowMs: number, need: HistoryNeed): CurrentWindow {
  const { clock, episodes, leftOut, unresolved } = cohort;
  const base = { window: windowMs, clock, episodes, leftOut, unresolved };
  if (episodes === 0) {
    return {
      ...base,
      triggered: null,
      wouldConvertAnyway: null,
      never: null,
      reason: need.reason ?? 'No episode is mature: none began early enough to be watched for the whole horizon.',
    };
  }
  const counts = windowCounts(cohort.durations, episodes, [windowMs])[0] as ReturnType<typeof windowCounts>[number];
  const figures = { ...base, triggered: counts.fired, wouldConvertAnyway: counts.organic, never: counts.never };
  return cohort.notes[0] === undefined ? figures : { ...figures, reason: cohort.notes[0] };
}

function recommend(
  history: History,
  cohort: Cohort,
  horizonMs: number,
  need: HistoryNeed,
  { replicates, random, look }: Bootstrap,
): RecommendedWindow {
  const rule = windowRule(cohort.durations, horizonMs);
  const last = rule.atHorizons[rule.atHorizons.length - 1];
  const value = last?.p90Ms ?? null;
  const draws =
    value === null || replicates === 0
      ? []
      : bootstrapQuantile(cohort.durations, unitsOf(history, cohort.persons), 0.9, replicates, random, look);
  const interval = percentileInterval(draws);
  const settled = rule.verdict === 'settled' && cohort.episodes > 0;
  return {
    settled,
    window: settled && value !== null ? rungOf(2 * value) : null,
    low: settled && interval !== null ? rungOf(2 * interval[0]) : null,
    high: settled && interval !== null ? rungOf(2 * interval[1]) : null,
    p90: { value, low: interval?.[0] ?? null, high: interval?.[1] ?? null },
    atHorizons: horizonRows(rule),
    why: whyWindow(rule, cohort, need),
  };
}

function noWindow({ noWindow: why }: MomentSubject): RecommendedWindow {
  const p90 = { value: null, low: null, high: null };
  return { settled: false, window: null, low: null, high: null, p90, atHorizons: [], why };
}

function horizonRows(rule: WindowRule) {
  return rule.atHorizons.map((at) => ({
    horizon: at.horizonMs,
    converters: at.converters,
    p90: at.p90Ms,
    window: at.rungMs,
  }));
}

function whyWindow(rule: WindowRule, cohort: Cohort, need: HistoryNeed): string {
  if (cohort.episodes === 0) {
    return need.reason ?? 'No episode is mature: none began early enough to be watched for the whole horizon.';
  }
  const last = rule.atHorizons[rule.atHorizons.length - 1];
  if (rule.verdict === 'too_few' || last === undefined || last.p90Ms === null) {
    const counts = rule.atHorizons.map((at) => `${count(at.converters)} within ${humanDuration(at.horizonMs)}`);
    const more = need.reason === null ? '' : ` ${need.reason}`;
    return `Too few conversions to recommend a window: ${listed(counts)}; ${FEWEST_CONVERTERS} are needed at each horizon.${more}`;
  }
  const answers = rule.atHorizons.map((at) => `${humanDuration(at.horizonMs)} gives ${humanDuration(at.rungMs ?? 0)}`);
  if (rule.verdict === 'unsettled') {
    return `The 90% rule does not settle this: a horizon of ${listed(answers)}. Choose by what a window earns, not by this rule.`;
  }
  return `90% of those who convert within ${humanDuration(last.horizonMs)} have done so by ${humanDuration(last.p90Ms)}; twice that, rounded, is ${humanDuration(last.rungMs ?? 0)}${beyondWords(2 * last.p90Ms)}, and shorter horizons agree. A starting point: what a window earns decides.`;
}

function beyondWords(ms: number): string {
  return ms <= LONGEST_RUNG_MS
    ? ''
    : ` (it is ${humanDuration(Math.round(ms))}, and longer windows than that are not offered)`;
}

const LONGEST_RUNG_MS = RUNGS_MS.at(-1) as number;

function recommendDormancy(dormant: Dormancy, cohort: Cohort, horizonMs: number, need: HistoryNeed): RecommendedWindow {
  const rule = windowRule(cohort.durations, horizonMs);
  const last = rule.atHorizons[rule.atHorizons.length - 1];
  // A history in which no silence can be followed to its horizon says nothing about who is gone.
  const isTooShort = need.status === 'none';
  const found = isTooShort ? null : dormant.recommended;
  return {
    settled: found !== null,
    window: found,
    low: isTooShort ? null : dormant.low,
    high: isTooShort ? null : dormant.high,
    p90: { value: last?.p90Ms ?? null, low: null, high: null },
    atHorizons: horizonRows(rule),
    why:
      found === null
        ? ((isTooShort ? need.reason : dormant.reason) ?? 'No silence was watched long enough.')
        : `After ${humanDuration(found)} of silence fewer than ${percent(dormant.highestReturn)} return by themselves within the next ${humanDuration(dormant.within)}, each person counted once${found === dormant.curve[0]?.inactive ? '; it is the shortest silence looked at' : '; after shorter silences more do'}.`,
  };
}

/** A bootstrap of the valley costs a smoothing each; more than this many add nothing. */
const HUMP_REPLICATES = 200;
const HUMP_WORK = 2e6;

interface Bootstrap {
  readonly replicates: number;
  readonly random: Random;
  /** Called before each replicate; may throw. */
  readonly look: () => void;
}

function hump(history: History, cohort: Cohort, horizonMs: number, { replicates, random, look }: Bootstrap) {
  const { durations } = cohort;
  const { verdict, antimodeMs, shareBackWithin } = returnHump(durations, horizonMs);
  const none = { verdict, at: antimodeMs, low: null, high: null, shareBackWithin, found: null };
  if (antimodeMs === null || replicates === 0) return none;
  const rounds = Math.min(replicates, HUMP_REPLICATES, Math.max(20, Math.floor(HUMP_WORK / durations.length)));
  const units = unitsOf(history, cohort.persons);
  const drawn = new Uint32Array(units.n);
  const weights = new Float64Array(durations.length);
  const found: number[] = [];
  const grid = timeGrid(durations, horizonMs);
  for (let r = 0; r < rounds; r++) {
    look();
    drawUnits(random, drawn);
    for (let i = 0; i < weights.length; i++) weights[i] = drawn[units.of[i] as number] as number;
    const valley = valleyOn(grid, undefined, weights);
    if (valley !== null) found.push(valley.atMs);
  }
  const share = found.length / rounds;
  const interval = percentileInterval(found);
  return {
    ...none,
    verdict: verdict === 'stable' && share < 0.9 ? ('unstable' as const) : verdict,
    low: interval?.[0] ?? null,
    high: interval?.[1] ?? null,
    found: share,
  };
}

function countStatus(episodes: Episodes, status: number): number {
  let n = 0;
  for (const s of episodes.status) if (s === status) n++;
  return n;
}

function activityWords(of: readonly string[] | null): string {
  return of === null ? 'any activity' : of.join(' or ');
}
