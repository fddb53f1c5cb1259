// A plan that is fixed before launch: the metric, how many people, how it will be read, and when it was written down.
// The hash covers all of it, so that a plan changed afterwards is seen; it does not keep anybody from writing a new one.

import { capital, count, exactPercent, instant, moment, points, UserError } from '../base/index.ts';
import { FIRST_LOOK } from '../stats/index.ts';
import { contentHash } from '../workflow/index.ts';
import type { HoldoutPlan, PlannedSizes } from './plan.ts';

/** `end`: one look when the planned people have their outcome; `anyDay`: as often as wanted, by the always-valid interval. */
export type PlannedLook = 'end' | 'anyDay';

export interface LockedPlan {
  readonly foresend: 1;
  readonly kind: 'holdout-plan';
  readonly name: string;
  /** ISO 8601, UTC. */
  readonly lockedAt: string;
  /** The outcome it is about, as its column is called in the results. */
  readonly metric: string;
  readonly look: PlannedLook;
  /** How it is decided, in words. */
  readonly rule: string;
  readonly fraction: number;
  /** Of the look chosen: for `anyDay` the larger ones of a sequence. */
  readonly n: PlannedSizes;
  readonly weeks: number | null;
  readonly baseline: number;
  readonly lift: number;
  readonly power: number;
  readonly alpha: number;
  /** Hash of the workflow it was made for; null where it was made without one. */
  readonly workflow: string | null;
  /** The change in the rate that was foretold then, with its 95 % limits; absent: none was. */
  readonly foretold?: ForetoldChange;
  /** Of everything above. */
  readonly hash: string;
}

export interface ForetoldChange {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

export interface ToLock {
  readonly plan: Pick<HoldoutPlan, 'fraction' | 'n' | 'weeks' | 'sequential' | 'asked'>;
  readonly name: string;
  readonly metric: string;
  readonly look: PlannedLook;
  /** ms since the epoch. */
  readonly lockedAt: number;
  readonly workflow?: string | null;
  readonly foretold?: ForetoldChange | undefined;
}

/** @throws UserError where the name or the metric is empty */
export function lockPlan({ plan, name, metric, look, lockedAt, workflow = null, foretold }: ToLock): LockedPlan {
  if (name.trim() === '') refuse('a plan needs a name');
  if (metric.trim() === '') refuse('a plan needs its metric: the outcome as its column will be called (--metric)');
  const { n, weeks } = look === 'end' ? plan : plan.sequential;
  const { baseline, lift, power, alpha } = plan.asked;
  const content = {
    foresend: 1,
    kind: 'holdout-plan',
    name: name.trim(),
    lockedAt: new Date(lockedAt).toISOString(),
    metric: metric.trim(),
    look,
    rule: ruleOf(look, metric.trim(), n.total, plan.fraction, alpha),
    fraction: plan.fraction,
    n,
    weeks,
    baseline,
    lift,
    power,
    alpha,
    workflow,
    ...(foretold === undefined ? {} : { foretold }),
  } as const;
  return { ...content, hash: contentHash(content) };
}

/** Whether nothing in it was changed after it was locked. */
export function isIntact({ hash, ...content }: LockedPlan): boolean {
  return contentHash(content) === hash;
}

/** What it is called in sentences: `Cart test, locked 25 Nov 2026, 21:30 UTC`. */
export function planTitle({ name, lockedAt }: LockedPlan): string {
  return `${name}, locked ${instant(Date.parse(lockedAt))}`;
}

/** @param value parsed JSON @param source where it comes from, for messages @throws UserError naming the field */
export function readLockedPlan(value: unknown, source: string): LockedPlan {
  const wrong = (why: string): never => refuse(`${source} is no locked plan: ${why}`);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('it is no JSON object');
  const plan = value as Partial<Record<keyof LockedPlan, unknown>>;
  if (plan.kind !== 'holdout-plan') return wrong('its "kind" is not "holdout-plan"');
  for (const field of ['name', 'lockedAt', 'metric', 'rule', 'hash'] as const) {
    if (typeof plan[field] !== 'string' || plan[field] === '') wrong(`"${field}" is no text`);
  }
  if (moment(plan.lockedAt as string) === null) wrong('"lockedAt" is no date');
  if (plan.look !== 'end' && plan.look !== 'anyDay') wrong('"look" is neither "end" nor "anyDay"');
  for (const field of ['fraction', 'baseline', 'power', 'alpha'] as const) {
    const x = plan[field];
    if (!(typeof x === 'number' && x > 0 && x < 1)) wrong(`"${field}" does not lie between 0 and 1`);
  }
  if (!(typeof plan.lift === 'number' && Number.isFinite(plan.lift))) wrong('"lift" is no number');
  if (plan.foretold !== undefined) {
    const { expected, low, high } = (plan.foretold ?? {}) as Partial<ForetoldChange>;
    if (![expected, low, high].every((x) => typeof x === 'number' && x >= -1 && x <= 1))
      wrong('"foretold" does not hold a change with its limits');
  }
  const n = plan.n as Partial<PlannedSizes> | undefined;
  const { treated, holdout, total } = typeof n === 'object' && n !== null ? n : ({} as Partial<PlannedSizes>);
  if (![treated, holdout, total].every((x) => Number.isSafeInteger(x) && (x as number) > 0)) {
    wrong('"n" does not hold whole numbers of people');
  }
  if (total !== (treated as number) + (holdout as number)) wrong('"n" does not add up');
  return value as LockedPlan;
}

function ruleOf(look: PlannedLook, metric: string, people: number, fraction: number, alpha: number): string {
  const decides = `the emails change ${metric} if the ${exactPercent(1 - alpha)} interval of the difference leaves out 0`;
  const end = `${count(people)} people (${exactPercent(fraction)} held out) have their outcome`;
  if (look === 'end') return `One look, once ${end}: ${decides} (Newcombe).`;
  return `Any day from ${FIRST_LOOK.people} people and ${FIRST_LOOK.conversions} conversions in every arm on, until ${end}: ${decides} (always-valid, tuned for that number).`;
}

/** The question in words: `to find a change of +1.58 percentage points from 4.52%`. */
export function planQuestion({ metric, baseline, lift, power, fraction }: LockedPlan): string {
  return `${capital(metric)}: to find ${points(lift)} percentage points from ${exactPercent(Number(baseline.toPrecision(3)))} with ${exactPercent(power)} power, ${exactPercent(fraction)} held out.`;
}

function refuse(message: string): never {
  throw new UserError('HOLDOUT_LOCK', message);
}
