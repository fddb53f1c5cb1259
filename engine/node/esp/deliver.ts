// Carries out what is in the outbox, in the order of the decisions: what is too old, or has been overtaken by a goal, is
// let go and named; a refusal of one is named and the rest goes on; anything that would hit all of them ends the run,
// which the next one takes up.

import { exactPlural, humanDuration, UserError } from '../../base/index.ts';
import type { Delivery, DeliveryPlace } from '../../esp/index.ts';
import type { Courier } from './couriers.ts';
import type { Outbox } from './outbox.ts';
import { LostAnswer, VendorError } from './vendor-error.ts';

export interface DeliverOptions {
  /** Emails and entries decided longer ago are let go. */
  readonly maxAgeMs: number;
  readonly onStep?: (done: number, total: number) => void;
  readonly onDone?: (one: Delivered) => void;
}

export interface Delivered {
  readonly delivery: Delivery;
  /** Null: it was told. */
  readonly why: string | null;
  /** The service refused it, which nobody meant. */
  readonly isRefused: boolean;
}

/** @param places by workflow. @throws UserError where going on makes no sense; what is not done stays in the outbox */
export async function deliverAll(
  courier: Courier,
  outbox: Outbox,
  places: Readonly<Record<string, DeliveryPlace>>,
  { maxAgeMs, onStep, onDone }: DeliverOptions,
): Promise<readonly Delivered[]> {
  const { pending } = outbox;
  const isLetGo = letGo(pending, courier.clock.now(), maxAgeMs);
  const done: Delivered[] = [];
  const checked = new Set<DeliveryPlace>();
  let nRefused = 0;
  for (const [i, delivery] of pending.entries()) {
    onStep?.(i, pending.length);
    const letGoWhy = isLetGo(delivery);
    const place = places[delivery.workflow];
    if (letGoWhy === null && place !== undefined && !checked.has(place)) {
      await courier.check(place);
      checked.add(place);
    }
    const told =
      letGoWhy === null ? await tell(courier, delivery, outbox, places) : { why: letGoWhy, isRefused: false };
    // What was refused had no effect: it stays, and the next run asks again until it is too old.
    if (told.isRefused) {
      nRefused++;
      if (nRefused === MOST_REFUSED && nRefused === done.length + 1)
        throw new UserError(
          'REFUSED',
          `${told.why}. The first ${MOST_REFUSED} were all refused, so nothing more was tried; they stay and are told by a later run.`,
        );
    } else outbox.over(delivery, told.why);
    const one = { delivery, ...told };
    done.push(one);
    onDone?.(one);
  }
  return done;
}

async function tell(
  courier: Courier,
  delivery: Delivery,
  outbox: Outbox,
  places: Readonly<Record<string, DeliveryPlace>>,
): Promise<Omit<Delivered, 'delivery'>> {
  const place = places[delivery.workflow];
  if (place === undefined) {
    throw new UserError(
      'NOT_PUSHED',
      `Something of "${delivery.workflow}" is still to be told, and it is none of the workflows given: give it too.`,
    );
  }
  try {
    const onTry = () => outbox.trying(delivery.id);
    return { why: await courier.deliver(delivery, place, outbox.wasTried(delivery.id), onTry), isRefused: false };
  } catch (error) {
    if (error instanceof LostAnswer) {
      throw new UserError(
        'NO_ANSWER',
        `There was no answer about ${delivery.person}; it is not known whether it was taken. Run the same command again; it looks first.`,
      );
    }
    // Of this one alone: the key, the address and the service are well.
    if (error instanceof VendorError && error.code === 'REFUSED') return { why: error.message, isRefused: true };
    throw error;
  }
}

/** @returns why one is not told at all; null where it is. @param all of one run, by time */
export function letGo(all: readonly Delivery[], now: number, maxAgeMs: number): (delivery: Delivery) => string | null {
  const byPerson = new Map<string, Delivery[]>();
  for (const one of all) {
    const key = JSON.stringify([one.person, one.workflow]);
    byPerson.set(key, [...(byPerson.get(key) ?? []), one]);
  }
  const isOld = ({ time }: Delivery) => now - time > maxAgeMs;
  return (delivery) => {
    const own = byPerson.get(JSON.stringify([delivery.person, delivery.workflow])) ?? [];
    if (delivery.kind === 'leave') {
      const entered = own.findLast((other) => other.kind === 'enter' && other.time <= delivery.time);
      return entered !== undefined && isOld(entered) ? 'nobody was told that they entered' : null;
    }
    if (isOld(delivery)) return TOO_OLD;
    if (delivery.kind !== 'send') return null;
    const left = own.some((other) => other.isEarly && other.time >= delivery.time);
    return left ? 'they have left since' : null;
  };
}

/** So many of the first in a row, and something is wrong with all of them. */
const MOST_REFUSED = 5;
const TOO_OLD = 'it was decided too long ago';

/** `3 emails started, 1 not: ..`, with the first few of each reason. */
export function deliveredWords(done: readonly Delivered[], maxAgeMs: number): string[] {
  const told = done.filter(({ why }) => why === null);
  const count = (kind: Delivery['kind']) => told.filter(({ delivery }) => delivery.kind === kind).length;
  const lines = [
    `${exactPlural(count('send'), 'email')} started; ${exactPlural(count('enter'), 'person', 'people')} entered and ${exactPlural(count('leave'), 'person', 'people')} left.`,
    ...(count('change') === 0
      ? []
      : [`${exactPlural(count('change'), 'changed property', 'changed properties')} written.`]),
  ];
  const reasons = new Map<string, Delivery[]>();
  for (const { delivery, why } of done) if (why !== null) reasons.set(why, [...(reasons.get(why) ?? []), delivery]);
  for (const [why, those] of [...reasons].slice(0, 12)) {
    const named = those.slice(0, 3).map(({ person, step, kind }) => `${person} (${step ?? kind})`);
    const than = why === TOO_OLD ? ` (more than ${humanDuration(maxAgeMs)}, see --max-age)` : '';
    lines.push(
      `Not told, ${why}${than}: ${named.join(', ')}${those.length > 3 ? `, and ${those.length - 3} more` : ''}.`,
    );
  }
  if (reasons.size > 12) lines.push(`And ${exactPlural(reasons.size - 12, 'further reason')}.`);
  return lines;
}
