// Where a person stands, by what the file says under "segments": each segment as a sentence about lists of days and names.

import { localDay } from './local-time.ts';
import type { OracleEvent, SegmentsText } from './shapes.ts';
import { ms } from './values.ts';

const LEFT = ['Canceled', 'Cancelled', 'Canceled Subscription', 'Cancelled Subscription', 'Subscription Cancelled'];

/**
 * @param past the events up to and at the moment, in order
 * @param isActivity whether an event is the person's own doing
 */
export function isIn(
  segment: string,
  feature: string | undefined,
  past: readonly OracleEvent[],
  moment: { time: number; zone: string },
  text: SegmentsText | undefined,
  isActivity: (event: OracleEvent) => boolean,
): boolean {
  const { time, zone } = moment;
  const { power = 20, regular = 4, inLast = '28d', breadth = 1, dormant = '30d' } = text?.engagement ?? {};
  const { lapsed = '60d', recent = '14d', baseline = '28d', ratio = 0.5 } = text?.lifecycle ?? {};
  const { signup = [], activation = [], payment = [], end = LEFT } = text?.lifecycle ?? {};
  const { features = [], used = 2 } = text?.adoption ?? {};

  const acts = past.filter(isActivity);
  const names = acts.map((event) => event.name);
  const between = (from: number, to: number) =>
    acts.filter((event) => event.time > time - from && event.time <= time - to);
  const daysOf = (events: readonly OracleEvent[]) => new Set(events.map((event) => localDay(event.time, zone))).size;
  const did = (any: readonly string[]) => any.some((name) => names.includes(name));

  const lately = between(ms(inLast), 0);
  const isDormant = between(ms(dormant), 0).length === 0;
  const isDaily = daysOf(lately) >= power && new Set(lately.map((event) => event.name)).size >= breadth;
  const isWeekly = daysOf(lately) >= regular;

  const isBuyer = did(payment);
  const isKnown = did([...signup, ...activation, ...payment]) || (signup.length === 0 && acts.length > 0);
  const isActivated = activation.length > 0 ? did(activation) : isKnown && (isBuyer || daysOf(acts) >= 2);
  const isCustomer = isActivated && (payment.length === 0 || isBuyer);
  const returns = payment.length > 0 ? payment : [...signup, ...activation];
  const leaving = acts.findLastIndex((event) => end.includes(event.name));
  const isBack = acts
    .slice(leaving + 1)
    .some((event) => !end.includes(event.name) && (returns.length === 0 || returns.includes(event.name)));
  const isGone = (leaving >= 0 && !isBack) || (isKnown && between(ms(lapsed), 0).length === 0);
  const before = daysOf(between(ms(recent) + ms(baseline), ms(recent)));
  const wasWeekly = before / ms(baseline) >= regular / ms(inLast) || before * ms(inLast) >= regular * ms(baseline);
  const isLess = daysOf(between(ms(recent), 0)) * ms(baseline) < ratio * before * ms(recent);
  const isAtRisk = isCustomer && (isDormant || (wasWeekly && isLess));

  const daysWith = (name: string) => daysOf(past.filter((event) => event.name === name));
  const asked = feature === undefined ? features : [feature];
  const isUsed = asked.some((name) => daysWith(name) >= used);
  const isTried = asked.some((name) => daysWith(name) >= 1);

  switch (segment) {
    case 'dormant':
      return isDormant;
    case 'power':
      return !isDormant && isDaily;
    case 'regular':
      return !isDormant && !isDaily && isWeekly;
    case 'occasional':
      return !isDormant && !isDaily && !isWeekly;
    case 'churned':
      return isGone;
    case 'at-risk':
      return !isGone && isAtRisk;
    case 'engaged':
      return !isGone && isCustomer && !isAtRisk && isWeekly;
    case 'activated':
      return !isGone && isActivated && !isAtRisk && !(isCustomer && isWeekly);
    case 'new':
      return !isGone && isKnown && !isActivated;
    case 'prospect':
      return !isGone && !isKnown && !isActivated;
    case 'used':
      return isUsed;
    case 'discovered':
      return !isUsed && isTried;
    case 'never':
      return !isTried;
    default:
      throw new Error(`no segment: ${segment}`);
  }
}
