// One subscriber's life, made from (seed, index) alone: days of use (twice a day, so that no pause within them is a day
// long), a stop, a silence of whole days that ends to the second, and so on to the end of observation. Each draw has a
// stream of its own, so that planted emails change nothing but what they cause.

import { DAY_MS, HOUR_MS, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import type { Scalar } from '../columns/index.ts';
import type { EventRow, PropertyRow } from '../events/index.ts';
import { inHoldout, runSequence } from './email-effect.ts';
import { inventPerson } from './invented.ts';
import { geometric, seconds } from './rhythm.ts';
import { drawSilence } from './silence.ts';
import { BACK, CANCELED, ENDED, effectFor, type Stop, stopLaws, type WinbackParameters } from './winback-parameters.ts';

/** Somebody whom win-back emails are for. */
export interface WinbackEntry {
  readonly stop: Stop;
  readonly triggeredAt: number;
  readonly holdout: boolean;
  /** Infinity: never. */
  readonly backAt: number;
}

export interface WinbackStory {
  /** In time order. */
  readonly events: readonly EventRow[];
  readonly changes: readonly PropertyRow[];
  readonly firstEntry: WinbackEntry | null;
  /** Silences that ended within the observation. */
  readonly returned: number;
}

const FEATURES = ['boards', 'exports', 'alerts', 'sharing'] as const;
const REASONS = ['too expensive', 'missing feature', 'not used enough', 'switched'] as const;
const CARDS = ['card declined', 'card expired'] as const;
const MOST_DAYS = 400;

export function tellSubscriber(
  p: WinbackParameters,
  seed: number | string,
  index: number,
  until: number,
): WinbackStory {
  const who = seededRandom(seed, `winback who ${index}`);
  const persona = inventPerson(who, index);
  const person = `u${String(index + 1).padStart(6, '0')}`;
  // In waking hours where they live, and early enough for a whole session before the history ends.
  const day = Math.floor(who.uniform() * (p.days - 1));
  const minute = (8 + 8 * who.uniform() - persona.aheadHours) * HOUR_MS;
  const subscribedAt = Math.max(p.start, p.start + day * DAY_MS + Math.floor(minute / SECOND_MS) * SECOND_MS);
  const price = [9, 19, 49][who.below(3)] as number;
  const favourite = FEATURES[who.below(FEATURES.length)] as string;
  const negative = who.uniform() < 0.1;
  const optedOut = who.uniform() < 0.04;
  const plan = `plan-${price}`;
  const events: EventRow[] = [];
  const put = (name: string, time: number, properties: Record<string, Scalar>, value?: number) =>
    events.push(value === undefined ? { person, name, time, properties } : { person, name, time, properties, value });

  put('Subscribed', subscribedAt, { plan }, price);
  let at = subscribedAt;
  let firstEntry: WinbackEntry | null = null;
  let unsubscribedAt: number | null = null;
  let returned = 0;
  for (let life = 0; ; life++) {
    const does = seededRandom(seed, `winback does ${index} ${life}`);
    at = usesProduct(put, does, at, geometric(does, p.staysPerDay, MOST_DAYS), favourite, until);
    const { stop, silentDays } = drawStop(p, seededRandom(seed, `winback stop ${index} ${life}`));
    if (stop !== 'silent') {
      at += seconds(does, 20, 300);
      if (stop === 'canceled') put(CANCELED, at, { plan, reason: REASONS[does.below(REASONS.length)] as string });
      else put(ENDED, at, { plan, reason: CARDS[does.below(CARDS.length)] as string });
    }
    if (at >= until) break;
    let backAt = at + silentDays * DAY_MS;
    const { effect } = p;
    if (effect !== null && !negative && !optedOut && unsubscribedAt === null) {
      const own = effectFor(effect, stop);
      const triggeredAt = at + own.windowMs;
      if (backAt > triggeredAt && triggeredAt < until) {
        const holdout = inHoldout(own, person);
        if (!holdout) {
          const random = seededRandom(seed, `winback email ${index} ${life}`);
          const run = runSequence(own, random, triggeredAt, backAt, Number.POSITIVE_INFINITY);
          for (const sent of run.sent) put('Email Sent', sent.at, { campaign: own.workflow, step: sent.step });
          if (run.unsubscribedAt !== null) put('Unsubscribed', run.unsubscribedAt, { campaign: own.workflow });
          unsubscribedAt = run.unsubscribedAt;
          backAt = run.boughtAt;
        }
        firstEntry ??= { stop, triggeredAt, holdout, backAt };
      }
    }
    if (backAt >= until) break;
    returned++;
    // The silence ends with this event and not a second earlier.
    if (stop !== 'silent' || backAt - at > p.lostAfterDays * DAY_MS) put(BACK, backAt, { plan, revenue: price }, price);
    else put('Logged In', backAt, {});
    at = backAt;
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
  const kept = events.filter(({ time }) => time < until).sort((a, b) => a.time - b.time);
  return { events: kept, changes, firstEntry, returned };
}

function drawStop(p: WinbackParameters, random: Random): { readonly stop: Stop; readonly silentDays: number } {
  const { cancellation, failedPayment } = p;
  const u = random.uniform();
  const stop = u < cancellation.share ? 'canceled' : u < cancellation.share + failedPayment.share ? 'failed' : 'silent';
  return { stop, silentDays: drawSilence(stopLaws(p)[stop].law, random) };
}

type Put = (name: string, time: number, properties: Record<string, Scalar>) => void;

/** A session now, in the evening, the next morning, and so on: never a day apart. @returns the time of the last event */
function usesProduct(put: Put, does: Random, from: number, days: number, favourite: string, until: number): number {
  let last = session(put, does, from + seconds(does, 20, 300), favourite);
  for (let day = 0; day < days && last < until; day++) {
    session(put, does, from + day * DAY_MS + 9 * HOUR_MS + seconds(does, 0, 3_600), favourite);
    const morning = from + (day + 1) * DAY_MS + seconds(does, 0, 3_600) - HOUR_MS / 2;
    put('Logged In', morning - seconds(does, 5, 60), {});
    last = session(put, does, morning, favourite);
  }
  return last;
}

/** A few minutes of use, mostly of one feature. @returns the time of its last event */
function session(put: Put, does: Random, from: number, favourite: string): number {
  let at = from;
  const uses = does.uniform() < 0.3 ? 2 : 1;
  for (let i = 0; i < uses; i++) {
    const feature = does.uniform() < 0.75 ? favourite : (FEATURES[does.below(FEATURES.length)] as string);
    put('Used Feature', at, { feature });
    if (i < uses - 1) at += seconds(does, 20, 240);
  }
  return at;
}
