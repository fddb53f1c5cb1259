// In which segment a person is at a moment, from the rows up to it alone: how much they do, where they stand as a
// customer, what they make of features. Of each kind everybody is in exactly one. Windows are (t - length, t]; days are
// local days of the zone; the product's own emails are no activity.

import {
  ADOPTION,
  type Adoption,
  ENGAGEMENT,
  type Engagement,
  type Lifecycle,
  type SegmentRules,
} from '../workflow/index.ts';
import type { LocalTime } from './local-time.ts';
import { HistoryView } from './person-view.ts';

/** What is asked of a person's past: rows in [firstRow, endRow), in the order of time. */
export interface Past {
  readonly firstRow: number;
  readonly endRow: number;
  time(row: number): number;
  name(row: number): string;
  isOwnEmail(row: number): boolean;
}

export interface Standing {
  readonly past: Past;
  /** The moment, not before the last row. */
  readonly time: number;
  readonly zone: LocalTime;
}

/** Daily, weekly, monthly or no more: the first that holds of dormant, power, regular, occasional. */
export function engagementOf(at: Standing, { engagement }: SegmentRules): Engagement {
  const { power, regular, inLastMs, breadth, dormantMs } = engagement;
  if (!isActiveIn(at, dormantMs)) return 'dormant';
  const days = daysIn(at, inLastMs, 0);
  if (days >= power && (breadth === 1 || kindsIn(at, inLastMs) >= breadth)) return 'power';
  return days >= regular ? 'regular' : 'occasional';
}

/**
 * The first that holds of: churned (left, or signed up and silent for `lapsed`), at-risk (a customer whose activity has
 * declined or ceased), engaged (a customer who is regular), activated, new (signed up), prospect. A customer is activated
 * and, where payments are named, has paid.
 */
export function lifecycleOf(at: Standing, rules: SegmentRules): Lifecycle {
  const { signup, activation, payment, end, lapsedMs } = rules.lifecycle;
  const seen = rolesIn(at, rules);
  const hasSignedUp = seen.signup || seen.activation || seen.payment || (signup.length === 0 && seen.activity);
  if (seen.hasLeft && end.length > 0) return 'churned';
  if (hasSignedUp && !isActiveIn(at, lapsedMs)) return 'churned';
  const cameBack = seen.payment || daysIn(at, null, 0, 2) >= 2;
  const isActivated = activation.length === 0 ? hasSignedUp && cameBack : seen.activation;
  if (!isActivated) return hasSignedUp ? 'new' : 'prospect';
  if (payment.length > 0 && !seen.payment) return 'activated';
  const { engagement } = rules;
  if (!isActiveIn(at, engagement.dormantMs) || hasDeclined(at, rules)) return 'at-risk';
  return daysIn(at, engagement.inLastMs, 0) >= engagement.regular ? 'engaged' : 'activated';
}

/** Of the features together: used if one of them is, discovered if one was tried at all. */
export function adoptionOf({ past, zone }: Standing, features: readonly string[], usedDays: number): Adoption {
  const days = new Map<string, Set<number>>();
  for (let row = past.firstRow; row < past.endRow; row++) {
    const name = past.name(row);
    if (!features.includes(name)) continue;
    let on = days.get(name);
    if (on === undefined) days.set(name, (on = new Set()));
    on.add(zone.day(past.time(row)));
    if (on.size >= usedDays) return 'used';
  }
  return days.size > 0 ? 'discovered' : 'never';
}

/** Whether a person is in a segment. `feature`: the one that adoption is about, else those of the rules. */
export function isInSegment(at: Standing, segment: string, feature: string | undefined, rules: SegmentRules): boolean {
  return segmentLike(segment, at, feature, rules) === segment;
}

/** The segment a person is in, of the kind that `segment` is of. */
export function segmentLike(segment: string, at: Standing, feature: string | undefined, rules: SegmentRules): string {
  if (ENGAGEMENT.some((name) => name === segment)) return engagementOf(at, rules);
  if (!ADOPTION.some((name) => name === segment)) return lifecycleOf(at, rules);
  return adoptionOf(at, feature === undefined ? rules.adoption.features : [feature], rules.adoption.used);
}

/** Active days in the engagement's window: what most segments are told by. */
export function recentActiveDays(at: Standing, { engagement }: SegmentRules): number {
  return daysIn(at, engagement.inLastMs, 0);
}

/** The windows whose ends can change the answer without a row. */
export function segmentWindows(segment: string, { engagement, lifecycle }: SegmentRules): readonly number[] {
  if (ADOPTION.some((name) => name === segment)) return [];
  const ofBoth = [engagement.inLastMs, engagement.dormantMs];
  if (ENGAGEMENT.some((name) => name === segment)) return ofBoth;
  return [...ofBoth, lifecycle.lapsedMs, lifecycle.recentMs, lifecycle.recentMs + lifecycle.baselineMs];
}

/** Fewer active days lately than a share of the usual, among those who were regular before. */
function hasDeclined(at: Standing, { engagement, lifecycle }: SegmentRules): boolean {
  const { recentMs, baselineMs, ratio } = lifecycle;
  const before = daysIn(at, recentMs + baselineMs, recentMs);
  if (before * engagement.inLastMs < engagement.regular * baselineMs) return false;
  return daysIn(at, recentMs, 0) * baselineMs < ratio * before * recentMs;
}

interface Roles {
  readonly signup: boolean;
  readonly activation: boolean;
  readonly payment: boolean;
  readonly activity: boolean;
  /** The last event of leaving is later than all that says they are a customer again. */
  readonly hasLeft: boolean;
}

/**
 * What roles a past shows, rules by rules. A fold over the rows in order, so that a past that has grown at its end is read
 * on from where it was read to: of a history, rows are of one person, and the first of them tells which.
 */
const readSoFar = new WeakMap<Past, Map<SegmentRules, Folded>>();

interface Folded {
  firstRow: number;
  endRow: number;
  seen: { -readonly [key in keyof Roles]: Roles[key] };
}

function rolesIn({ past }: Standing, rules: SegmentRules): Roles {
  if (!(past instanceof HistoryView)) return fold(past, rules, past.firstRow, nothingSeen());
  let byRules = readSoFar.get(past);
  if (byRules === undefined) readSoFar.set(past, (byRules = new Map()));
  let known = byRules.get(rules);
  if (known === undefined || known.firstRow !== past.firstRow || known.endRow > past.endRow) {
    known = { firstRow: past.firstRow, endRow: past.firstRow, seen: nothingSeen() };
    byRules.set(rules, known);
  }
  fold(past, rules, known.endRow, known.seen);
  known.endRow = past.endRow;
  return known.seen;
}

function nothingSeen(): Folded['seen'] {
  return { signup: false, activation: false, payment: false, activity: false, hasLeft: false };
}

function fold(past: Past, rules: SegmentRules, from: number, seen: Folded['seen']): Roles {
  const { signup, activation, payment, end } = rules.lifecycle;
  const back = payment.length > 0 ? payment : [...signup, ...activation];
  for (let row = from; row < past.endRow; row++) {
    if (past.isOwnEmail(row)) continue;
    const name = past.name(row);
    seen.activity = true;
    if (signup.includes(name)) seen.signup = true;
    if (activation.includes(name)) seen.activation = true;
    if (payment.includes(name)) seen.payment = true;
    if (end.includes(name)) seen.hasLeft = true;
    else if (back.length === 0 || back.includes(name)) seen.hasLeft = false;
  }
  return seen;
}

function isActiveIn({ past, time }: Standing, lengthMs: number): boolean {
  for (let row = past.endRow - 1; row >= past.firstRow && past.time(row) > time - lengthMs; row--) {
    if (!past.isOwnEmail(row)) return true;
  }
  return false;
}

/** Distinct local days with activity in (time - length, time - until], at most `enough`; `length` null: ever. */
function daysIn({ past, time, zone }: Standing, length: number | null, until: number, enough = Infinity): number {
  const after = length === null ? Number.NEGATIVE_INFINITY : time - length;
  let n = 0;
  let last = Number.POSITIVE_INFINITY;
  for (let row = past.endRow - 1; row >= past.firstRow && n < enough; row--) {
    const at = past.time(row);
    if (at <= after) break;
    if (at > time - until || past.isOwnEmail(row)) continue;
    const day = zone.day(at);
    if (day < last) n++;
    // A clock set back over midnight shows a day again.
    else if (day > last) return daysOneByOne({ past, time, zone }, after, until, enough);
    last = day;
  }
  return n;
}

function daysOneByOne({ past, time, zone }: Standing, after: number, until: number, enough: number): number {
  const days = new Set<number>();
  for (let row = past.endRow - 1; row >= past.firstRow && days.size < enough; row--) {
    const at = past.time(row);
    if (at <= after) break;
    if (at <= time - until && !past.isOwnEmail(row)) days.add(zone.day(at));
  }
  return days.size;
}

function kindsIn({ past, time }: Standing, length: number): number {
  const names = new Set<string>();
  for (let row = past.endRow - 1; row >= past.firstRow && past.time(row) > time - length; row--) {
    if (!past.isOwnEmail(row)) names.add(past.name(row));
  }
  return names.size;
}
