// A synthetic subscription product with computed truth. People subscribe, use the product for some days, and then stop in
// one of three ways: they fall silent, cancel, or their subscription ends because a payment fails. Each way has a law of
// its own for how many days it takes them to come back (silence.ts), if they ever do; then they use it again, and stop
// again. So the chance of a return after a silence, how many of the silent are gone, and what win-back emails add are
// known exactly. Everything follows from parameters and seed.

import { DAY_MS } from '../base/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { type EffectTruth, effectTruthOf } from './email-effect.ts';
import { goneShare, mixedLaw, returnWithin, type SilenceLaw, silenceBeyond } from './silence.ts';
import {
  BACK,
  CANCELED,
  checkWinback,
  ENDED,
  effectFor,
  type Stop,
  stopLaws,
  WINBACK_DEFAULTS,
  type WinbackParameters,
} from './winback-parameters.ts';
import { tellSubscriber, type WinbackEntry } from './winback-story.ts';

export interface WinbackTruth {
  readonly model: 'winback';
  readonly seed: number | string;
  /** Of every silence, however it began: the three laws in their shares. */
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
  /** From a cancellation, and from a failed payment, to the reactivation. */
  readonly ends: readonly {
    readonly event: string;
    /** Of all stops. */
    readonly share: number;
    readonly survival: readonly { readonly t: number; readonly notConverted: number }[];
  }[];
  /** Of the planted emails, per first entry, by what it began with; null without them. */
  readonly effect: Readonly<Record<Stop, EffectTruth | null>> | null;
  readonly observedFrom: number;
  readonly observedUntil: number;
  readonly facts: {
    readonly persons: number;
    readonly events: number;
    /** Silences that ended within the observation. */
    readonly returned: number;
    readonly cancellations: number;
    readonly failedPayments: number;
    readonly reactivations: number;
    /** First entries whose goal window ends within the observation, by arm; null without planted emails. */
    readonly firstEntries: Readonly<Record<Stop, { readonly treated: ArmCounts; readonly holdout: ArmCounts }>> | null;
  };
}

interface ArmCounts {
  readonly n: number;
  /** Came back within the goal window. */
  readonly converted: number;
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
/** @throws UserError `BAD_PARAMETER` naming the first parameter out of range */
export function synthWinback(options: { readonly seed: number | string } & Partial<WinbackParameters>): WinbackHistory {
  const { seed, ...changed } = options;
  const p: WinbackParameters = { ...WINBACK_DEFAULTS, ...changed };
  checkWinback(p);
  const until = p.start + p.days * DAY_MS;
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  const entries: WinbackEntry[] = [];
  let returned = 0;
  for (let index = 0; index < p.persons; index++) {
    const story = tellSubscriber(p, seed, index, until);
    for (const event of story.events) events.push(event);
    for (const change of story.changes) changes.push(change);
    if (story.firstEntry !== null) entries.push(story.firstEntry);
    returned += story.returned;
  }
  const count = (name: string) => events.filter((event) => event.name === name).length;
  const facts = {
    persons: p.persons,
    events: events.length,
    returned,
    cancellations: count(CANCELED),
    failedPayments: count(ENDED),
    reactivations: count(BACK),
    firstEntries: p.effect === null ? null : countEntries(entries, p.effect.goalWithinMs, until),
  };
  return { parameters: p, events, changes, truth: truthOf(p, seed, until, facts) };
}

function truthOf(
  p: WinbackParameters,
  seed: number | string,
  until: number,
  facts: WinbackTruth['facts'],
): WinbackTruth {
  const laws = stopLaws(p);
  const silence = mixedLaw(Object.values(laws));
  const { effect } = p;
  const added = (stop: Stop) =>
    effect === null
      ? null
      : effectTruthOf((ms) => silenceBeyond(laws[stop].law, Math.floor(ms / DAY_MS)), effectFor(effect, stop));
  const end = (event: string, { share, law }: { readonly share: number; readonly law: SilenceLaw }) => ({
    event,
    share,
    survival: TABLE_DAYS.map((day) => ({ t: day * DAY_MS, notConverted: silenceBeyond(law, day) })),
  });
  return {
    model: 'winback',
    seed,
    silence,
    within: WITHIN_DAYS * DAY_MS,
    goneAfter: p.goneAfterDays * DAY_MS,
    silences: TABLE_DAYS.map((day) => ({
      inactive: day * DAY_MS,
      beyond: silenceBeyond(silence, day),
      returns: returnWithin(silence, day, WITHIN_DAYS),
      gone: day > p.goneAfterDays ? null : goneShare(silence, day, p.goneAfterDays),
    })),
    ends: [end(CANCELED, laws.canceled), end(ENDED, laws.failed)],
    effect: effect === null ? null : { silent: added('silent'), canceled: added('canceled'), failed: added('failed') },
    observedFrom: p.start,
    observedUntil: until,
    facts,
  };
}

function countEntries(
  entries: readonly WinbackEntry[],
  withinMs: number,
  until: number,
): NonNullable<WinbackTruth['facts']['firstEntries']> {
  const followed = entries.filter(({ triggeredAt }) => triggeredAt + withinMs <= until);
  const arm = (stop: Stop, isHeldOut: boolean): ArmCounts => {
    const of = followed.filter((one) => one.stop === stop && one.holdout === isHeldOut);
    return { n: of.length, converted: of.filter(({ triggeredAt, backAt }) => backAt <= triggeredAt + withinMs).length };
  };
  const arms = (stop: Stop) => ({ treated: arm(stop, false), holdout: arm(stop, true) });
  return { silent: arms('silent'), canceled: arms('canceled'), failed: arms('failed') };
}
