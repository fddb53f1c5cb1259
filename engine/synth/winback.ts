// A synthetic subscription product with computed truth: each person subscribes, is active for a day, and stays away for
// a number of days drawn from one law (silence.ts); then they return once, or never. One silence a person, so that the
// chance of a return after a silence, and how many of the silent are gone, are known exactly. A return after at least
// `lostAfterDays` is a `Reactivated Subscription`. No emails are sent. Everything follows from parameters and seed.

import { DAY_MS, HOUR_MS, type Random, SECOND_MS, seededRandom, UserError } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { inventPerson } from './invented.ts';
import { seconds } from './rhythm.ts';
import { checkSilenceLaw, drawSilence, goneShare, returnWithin, type SilenceLaw, silenceBeyond } from './silence.ts';

export interface WinbackParameters {
  /** 1 … 200,000; all of them subscribe within the observation. */
  readonly persons: number;
  /** Start of observation, ms since the epoch, a whole second. */
  readonly start: number;
  /** Length of observation in days, 2 … 1,095. */
  readonly days: number;
  readonly silence: SilenceLaw;
  /** Whole days; who stays away longer is lost, and a return is a reactivation. */
  readonly lostAfterDays: number;
  /** Whole days of silence that count as gone for good. */
  readonly goneAfterDays: number;
}

export const WINBACK_DEFAULTS: WinbackParameters = {
  persons: 4_000,
  start: Date.UTC(2026, 0, 5),
  days: 240,
  silence: {
    neverReturn: 0.08,
    classes: [
      { share: 0.7, perDay: 0.5 },
      { share: 0.3, perDay: 0.12 },
    ],
  },
  lostAfterDays: 14,
  goneAfterDays: 60,
};

export interface WinbackTruth {
  readonly model: 'winback';
  readonly seed: number | string;
  readonly silence: SilenceLaw;
  readonly within: number;
  readonly goneAfter: number;
  /** By the length of the silence so far; shares are null where nobody is silent that long, or it is past `goneAfter`. */
  readonly silences: readonly {
    readonly inactive: number;
    /** P(silence longer). */
    readonly beyond: number;
    /** P(return within `within` | silent this long). */
    readonly returns: number | null;
    /** P(silent for `goneAfter` | silent this long). */
    readonly gone: number | null;
  }[];
  readonly observedFrom: number;
  readonly observedUntil: number;
  readonly facts: { readonly persons: number; readonly events: number; readonly returned: number };
}

export interface WinbackHistory {
  readonly parameters: WinbackParameters;
  /** By person, then time. */
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
  readonly truth: WinbackTruth;
}

const TABLE_DAYS = [1, 2, 3, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90];
const WITHIN_DAYS = 14;
const FEATURES = ['boards', 'exports', 'alerts', 'sharing'] as const;

/** @throws UserError `BAD_PARAMETER` naming the first parameter out of range */
export function synthWinback(options: { readonly seed: number | string } & Partial<WinbackParameters>): WinbackHistory {
  const { seed, ...changed } = options;
  const p: WinbackParameters = { ...WINBACK_DEFAULTS, ...changed };
  check(p);
  const until = p.start + p.days * DAY_MS;
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  let returned = 0;
  for (let index = 0; index < p.persons; index++) {
    const story = tell(p, seed, index, until);
    events.push(...story.events);
    changes.push(...story.changes);
    if (story.returned) returned++;
  }
  const facts = { persons: p.persons, events: events.length, returned };
  return { parameters: p, events, changes, truth: truthOf(p, seed, until, facts) };
}

function tell(p: WinbackParameters, seed: number | string, index: number, until: number) {
  const who = seededRandom(seed, `winback who ${index}`);
  const persona = inventPerson(who, index);
  const person = `u${String(index + 1).padStart(6, '0')}`;
  // In waking hours where they live, and early enough for a whole session before the history ends.
  const day = Math.floor(who.uniform() * (p.days - 1));
  const minute = (8 + 12 * who.uniform() - persona.aheadHours) * HOUR_MS;
  const subscribedAt = Math.max(p.start, p.start + day * DAY_MS + Math.floor(minute / SECOND_MS) * SECOND_MS);
  const price = [9, 19, 49][who.below(3)] as number;
  const favourite = FEATURES[who.below(FEATURES.length)] as string;
  const negative = who.uniform() < 0.1;
  const optedOut = who.uniform() < 0.04;
  const events: EventRow[] = [
    { person, name: 'Subscribed', time: subscribedAt, value: price, properties: { plan: `plan-${price}` } },
  ];
  const does = seededRandom(seed, `winback does ${index}`);
  const lastAt = session(events, person, does, subscribedAt + seconds(does, 20, 300), favourite);
  const days = drawSilence(p.silence, seededRandom(seed, `winback silence ${index}`));
  const backAt = lastAt + days * DAY_MS;
  const returned = backAt < until;
  if (returned) {
    // The silence ends with this event and not a second earlier.
    if (days > p.lostAfterDays) {
      const properties = { plan: `plan-${price}`, revenue: price };
      events.push({ person, name: 'Reactivated Subscription', time: backAt, value: price, properties });
    } else events.push({ person, name: 'Logged In', time: backAt, properties: {} });
    session(events, person, does, backAt + seconds(does, 5, 60), favourite);
  }
  const changes: PropertyRow[] = (
    [
      ['email', persona.email],
      ['name', persona.name],
      ['timezone', persona.timezone],
      ['favorite_feature', favourite],
      ['support_experience', negative ? 'negative' : 'positive'],
      ['winback_opt_out', optedOut],
    ] as const
  ).map(([property, value]) => ({ person, time: subscribedAt, property, value }));
  return { events: events.filter(({ time }) => time < until), changes, returned };
}

/** A few minutes of use. @returns the time of its last event */
function session(events: EventRow[], person: string, does: Random, from: number, favourite: string): number {
  let at = from;
  const uses = 1 + does.below(4);
  for (let i = 0; i < uses; i++) {
    events.push({ person, name: 'Used Feature', time: at, properties: { feature: favourite } });
    if (i < uses - 1) at += seconds(does, 20, 240);
  }
  return at;
}

function truthOf(
  p: WinbackParameters,
  seed: number | string,
  until: number,
  facts: WinbackTruth['facts'],
): WinbackTruth {
  return {
    model: 'winback',
    seed,
    silence: p.silence,
    within: WITHIN_DAYS * DAY_MS,
    goneAfter: p.goneAfterDays * DAY_MS,
    silences: TABLE_DAYS.map((day) => ({
      inactive: day * DAY_MS,
      beyond: silenceBeyond(p.silence, day),
      returns: returnWithin(p.silence, day, WITHIN_DAYS),
      gone: day > p.goneAfterDays ? null : goneShare(p.silence, day, p.goneAfterDays),
    })),
    observedFrom: p.start,
    observedUntil: until,
    facts,
  };
}

function check(p: WinbackParameters): void {
  const refuse = (name: string, rule: string): never => {
    throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
  };
  const whole = (name: string, value: number, low: number, high: number) => {
    if (!Number.isSafeInteger(value) || value < low || value > high)
      refuse(name, `a whole number from ${low} to ${high}`);
  };
  whole('persons', p.persons, 1, 200_000);
  whole('days', p.days, 2, 1_095);
  whole('start', p.start, 0, Date.UTC(2200, 0, 1));
  whole('lostAfterDays', p.lostAfterDays, 1, 365);
  whole('goneAfterDays', p.goneAfterDays, 1, 365);
  if (p.start % 1000 !== 0) refuse('start', 'a whole second');
  checkSilenceLaw(p.silence);
}
