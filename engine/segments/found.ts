// What a history says about its segments: which events tell where a person stands, by their names, and thresholds that fit
// how these people behave. Names are taken over; thresholds are only proposed, each with its reason.

import { DAY_MS, exactCount, formatDuration, humanDuration, parseDuration, percent } from '../base/index.ts';
import { isGoalLike, type NameSummary, silence, tallyHistory } from '../describe/index.ts';
import { type History, nameWords } from '../events/index.ts';
import { HistoryView, localTime } from '../replay/index.ts';
import { DEFAULT_SEGMENT_RULES, type SegmentRules } from '../workflow/index.ts';

export interface FoundRole {
  /** The place under `segments`, such as `lifecycle.signup`. */
  readonly path: string;
  readonly events: readonly string[];
  readonly why: string;
}

export interface ProposedThreshold {
  readonly path: string;
  /** As it is written in the file. */
  readonly value: number | string;
  readonly now: number | string;
  readonly why: string;
}

export interface FoundRules {
  /** The standard thresholds with the events found. */
  readonly rules: SegmentRules;
  readonly roles: readonly FoundRole[];
  /** What no event was found for, in words. */
  readonly missing: readonly string[];
}

const SIGN_UP =
  /\b(sign(ed)? ?up|signup|registered|registration|register|account created|created account|joined|installed)\b/;
const ACTIVATION =
  /\b(activated|activation|onboarding completed|completed onboarding|setup completed|completed setup)\b/;
const PAYMENT =
  /\b(purchas\w*|buys?|bought|order(ed|s)?|paid|pay|billed|payment|subscribed|upgraded|renewed|transaction)\b/;
const NEGATIVE = /\b(un\w+|cancel\w*|refund\w*|return\w*|fail\w*|declin\w*|abandon\w*|remov\w*|start\w*|view\w*)\b/;
const END =
  /\b(cancell?ed|cancellation|churn\w*|unregister\w*|deregister\w*|deactivated|(account|subscription) (deleted|closed|ended|expired)|(deleted|closed) account)\b/;
const OF_ORDERS = /\b(orders?|checkout|booking|appointment|meeting|payment)\b/;
const MOST_FEATURES = 12;

/** By names alone; the same for the same names. */
export function foundRules(history: History): FoundRules {
  const names = tallyHistory(history).names.filter(({ ownEmail }) => !ownEmail);
  const like = (test: (words: string, name: string) => boolean) =>
    names.filter(({ name }) => test(nameWords(name), name)).map(({ name }) => name);
  const end = like((words) => END.test(words) && !OF_ORDERS.test(words));
  const signup = like((words) => SIGN_UP.test(words) && !END.test(words) && !NEGATIVE.test(words));
  const activation = like((words) => ACTIVATION.test(words) && !END.test(words) && !NEGATIVE.test(words));
  const payment = like(
    (words, name) =>
      PAYMENT.test(words) && !NEGATIVE.test(words) && (isGoalLike(name) || /\b(billed|paid)\b/.test(words)),
  );
  const features = featuresAmong(names, [...end, ...signup, ...activation, ...payment]);
  const standard = DEFAULT_SEGMENT_RULES;
  const roles: FoundRole[] = [];
  const missing: string[] = [];
  const put = (path: string, events: readonly string[], what: string, otherwise: string) => {
    if (events.length > 0)
      roles.push({ path, events, why: `${quotedList(events)} read${events.length === 1 ? 's' : ''} like ${what}.` });
    else missing.push(otherwise);
  };
  put(
    'lifecycle.signup',
    signup,
    'signing up',
    'No event reads like signing up: everybody counts as signed up from their first event, so nobody is a prospect.',
  );
  put(
    'lifecycle.activation',
    activation,
    'reaching the first value',
    `No event reads like reaching the first value: ${payment.length > 0 ? 'paying or ' : ''}coming back on another day counts as activated.`,
  );
  put('lifecycle.payment', payment, 'paying', 'No event reads like paying: payment is not asked.');
  put('lifecycle.end', end, 'leaving', 'No event reads like leaving: only silence makes someone churned.');
  if (features.length > 0)
    roles.push({
      path: 'adoption.features',
      events: features,
      why: 'What people do beside signing up, paying and leaving.',
    });
  else missing.push('No event is left to be a feature: name one.');
  return {
    rules: {
      ...standard,
      lifecycle: {
        ...standard.lifecycle,
        signup,
        activation,
        payment,
        end: end.length > 0 ? end : standard.lifecycle.end,
      },
      adoption: { ...standard.adoption, features },
    },
    roles,
    missing,
  };
}

/** What people do besides standing somewhere, by how many do it; where nothing is left, what they do at all. */
function featuresAmong(names: readonly NameSummary[], roles: readonly string[]): string[] {
  const byPeople = [...names].sort((a, b) => b.persons - a.persons || (a.name < b.name ? -1 : 1));
  const rest = byPeople.filter(({ name }) => !roles.includes(name));
  return (rest.length > 0 ? rest : byPeople).slice(0, MOST_FEATURES).map(({ name }) => name);
}

const FEWEST = 50;
const FOLLOW_MS = 28 * DAY_MS;

/**
 * Thresholds at which these people part: dormant where half of the silent no longer return within four weeks, lapsed
 * where four in five do not, power and regular so that about one in twenty and one in three of the active reach them.
 * Only those that differ from `rules`; none where too few people show it.
 */
export function proposedThresholds(
  history: History,
  rules: SegmentRules,
  at: number,
  timezone: string,
): ProposedThreshold[] {
  const found: ProposedThreshold[] = [];
  const put = (path: string, value: number | string, now: number | string, why: string) => {
    if (value !== now) found.push({ path, value, now, why });
  };
  const { engagement, lifecycle } = rules;
  const { steps, followMs } = silence(history, FOLLOW_MS);
  // People with a rhythm return late: a length counts only where no longer one brings more of them back.
  const firstBelow = (rate: number, least: number) => {
    const asked = steps.filter(({ silentMs, followed }) => silentMs >= least && followed >= FEWEST);
    const above = asked.findLastIndex(({ followed, returnedWithinFollow }) => returnedWithinFollow > rate * followed);
    return { step: asked[above + 1], isShortest: above < 0 };
  };
  const { step: dormant, isShortest } = firstBelow(0.5, 3 * DAY_MS);
  // Where most do not return after the shortest silence already, no length parts those who do from those who do not.
  if (dormant !== undefined && !isShortest) {
    const { silentMs, followed, returnedWithinFollow } = dormant;
    const why = `After ${humanDuration(silentMs)} of silence ${percent(returnedWithinFollow / followed)} of ${exactCount(followed)} returned within the next ${humanDuration(followMs)}, and after no longer silence do more than half.`;
    put('engagement.dormant', formatDuration(silentMs), formatDuration(engagement.dormantMs), why);
    const { step: lapsed } = firstBelow(0.2, silentMs);
    if (lapsed !== undefined) {
      const words = `After ${humanDuration(lapsed.silentMs)} of silence ${percent(lapsed.returnedWithinFollow / lapsed.followed)} of ${exactCount(lapsed.followed)} returned within the next ${humanDuration(followMs)}, and after no longer silence do more than one in five.`;
      put('lifecycle.lapsed', formatDuration(lapsed.silentMs), formatDuration(lifecycle.lapsedMs), words);
    }
  }
  const days = activeDaysAt(history, at, engagement.inLastMs, timezone);
  if (days.length >= FEWEST) {
    const power = reachedBy(days, 1 / 20);
    const regular = Math.min(power, reachedBy(days, 1 / 3));
    const words = (n: number) =>
      `${percent(days.filter((d) => d >= n).length / days.length)} of the ${exactCount(days.length)} active people have ${n} or more active days in ${humanDuration(engagement.inLastMs)}.`;
    put('engagement.power', power, engagement.power, words(power));
    put('engagement.regular', regular, engagement.regular, words(regular));
  }
  return found;
}

/** The rules with what is proposed. */
export function withProposed(rules: SegmentRules, proposed: readonly ProposedThreshold[]): SegmentRules {
  const proposal = (path: string) => proposed.find((one) => one.path === path)?.value;
  const number = (path: string, now: number) => {
    const value = proposal(path);
    return value === undefined ? now : typeof value === 'number' ? value : (parseDuration(value) ?? now);
  };
  const { engagement, lifecycle } = rules;
  const dormantMs = number('engagement.dormant', engagement.dormantMs);
  return {
    ...rules,
    engagement: {
      ...engagement,
      power: number('engagement.power', engagement.power),
      regular: number('engagement.regular', engagement.regular),
      dormantMs,
    },
    lifecycle: { ...lifecycle, lapsedMs: Math.max(dormantMs, number('lifecycle.lapsed', lifecycle.lapsedMs)) },
  };
}

/** The smallest number of days that at most this share of people reach; at least 1. */
function reachedBy(days: readonly number[], share: number): number {
  const sorted = [...days].sort((a, b) => b - a);
  const n = Math.floor(share * sorted.length);
  return Math.max(1, (sorted[n] ?? 0) + 1);
}

/** Active days in (at - length, at] of everybody who has any. */
function activeDaysAt(history: History, at: number, length: number, timezone: string): number[] {
  const zone = localTime(timezone);
  const view = new HistoryView(history);
  const found: number[] = [];
  for (let person = 0; person < history.nPersons; person++) {
    view.select(person);
    const days = new Set<number>();
    for (let row = view.lastRow - 1; row >= view.firstRow; row--) {
      const time = view.time(row);
      if (time <= at - length) break;
      if (time <= at && !view.isOwnEmail(row)) days.add(zone.day(time));
    }
    if (days.size > 0) found.push(days.size);
  }
  return found;
}

function quotedList(events: readonly string[]): string {
  return events.map((event) => `"${event}"`).join(', ');
}
