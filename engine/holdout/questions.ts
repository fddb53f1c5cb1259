// What one traffic can be asked: several questions of a test planned side by side, each with its people and weeks at every
// share held out, and one of them in full. Rates by `planCurve`; amounts by their spread (methods: F, revenue).

import { UserError, WEEK_MS } from '../base/index.ts';
import { sequentialSizeFactor, sizeForMeans } from '../stats/index.ts';
import type { PlannedSizes } from './plan.ts';
import { type PlanCurve, planCurve } from './plan-curve.ts';
import type { PlannedLook } from './plan-file.ts';

export interface AskedQuestion {
  readonly key: string;
  readonly kind: 'rate' | 'amount';
  /** Rate or mean per person without the emails. */
  readonly baseline: number;
  /** Of amounts: standard deviation per person, zeros included; null for rates. */
  readonly sd: number | null;
  /** Change to be shown, in the baseline's unit. */
  readonly lift: number;
  /** Null: not known. */
  readonly eligiblePerWeek: number | null;
}

export interface QuestionSettings {
  readonly power: number;
  readonly alpha: number;
  readonly deadlineWeeks: number;
  readonly outcomeWindowMs: number;
  readonly valuePerConversion: number | null;
  readonly look: PlannedLook;
}

export interface QuestionPoint {
  readonly fraction: number;
  readonly n: PlannedSizes;
  readonly weeks: number | null;
}

export interface QuestionAnswer {
  readonly key: string;
  /** At 1%, 2% … 50%; empty with a reason. */
  readonly points: readonly QuestionPoint[];
  /** Index of the smallest share that answers within the deadline. */
  readonly smallest: number | null;
  readonly reason?: string;
}

export interface QuestionsAnswer {
  readonly questions: readonly QuestionAnswer[];
  /** Of the question in full; null for an amount, or with the reason of that question. */
  readonly curve: PlanCurve | null;
}

const SHARES = Array.from({ length: 50 }, (_, i) => (i + 1) / 100);

/** @param inFull key of the question whose whole plan is wanted */
export function planQuestions(
  asked: readonly AskedQuestion[],
  settings: QuestionSettings,
  inFull: string,
): QuestionsAnswer {
  let curve: PlanCurve | null = null;
  const questions = asked.map((question): QuestionAnswer => {
    const { key } = question;
    try {
      const whole = question.kind === 'rate' ? planCurve(inputOf(question, settings), settings.look) : null;
      if (key === inFull) curve = whole;
      const points = whole === null ? amountPoints(question, settings) : whole.points.map(briefly);
      const at = points.findIndex(({ weeks }) => weeks !== null && weeks <= settings.deadlineWeeks);
      return { key, points, smallest: at < 0 ? null : at };
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { key, points: [], smallest: null, reason: error.message };
    }
  });
  return { questions, curve };
}

function inputOf({ baseline, lift, eligiblePerWeek }: AskedQuestion, settings: QuestionSettings) {
  const { power, alpha, deadlineWeeks, outcomeWindowMs, valuePerConversion } = settings;
  return {
    baseline,
    lift,
    power,
    alpha,
    deadlineWeeks,
    outcomeWindowMs,
    ...(eligiblePerWeek === null ? {} : { eligiblePerWeek }),
    ...(valuePerConversion === null ? {} : { valuePerConversion }),
  };
}

function briefly({ fraction, n, weeks }: QuestionPoint): QuestionPoint {
  return { fraction, n, weeks };
}

/** Both arms spread alike, as they do where the emails do nothing. */
function amountPoints(question: AskedQuestion, settings: QuestionSettings): QuestionPoint[] {
  const { sd, lift, eligiblePerWeek } = question;
  if (sd === null || !(sd > 0) || !Number.isFinite(sd)) refuse('the amounts of this history do not vary');
  if (lift === 0 || !Number.isFinite(lift)) refuse('the change to be shown must not be 0');
  const { alpha, power } = settings;
  const times = settings.look === 'end' ? 1 : sequentialSizeFactor(alpha, power);
  const windowWeeks = Math.ceil(settings.outcomeWindowMs / WEEK_MS);
  return SHARES.map((fraction) => {
    const { sizes } = sizeForMeans(lift, { treated: sd as number, control: sd as number }, fraction, alpha, power);
    const treated = Math.ceil(times * sizes.treated);
    const holdout = Math.ceil(times * sizes.control);
    const total = treated + holdout;
    return {
      fraction,
      n: { treated, holdout, total },
      weeks: eligiblePerWeek === null ? null : Math.ceil(total / eligiblePerWeek) + windowWeeks,
    };
  });
}

function refuse(why: string): never {
  throw new UserError('HOLDOUT_PLAN', why);
}
