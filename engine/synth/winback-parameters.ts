// What a synthetic subscription is made of. Every number has a default; silence as the reference has it, and beside it
// people who cancel or whose payment fails.

import { DAY_MS, UserError } from '../base/index.ts';
import { checkEffect, type EmailEffect } from './email-effect.ts';
import { checkSilenceLaw, type SilenceLaw } from './silence.ts';

/** How somebody stops: without a word, by cancelling, or because a payment fails. */
export type Stop = 'silent' | 'canceled' | 'failed';

export interface WinbackParameters {
  /** 1 … 200,000; all of them subscribe within the observation. */
  readonly persons: number;
  /** Start of observation, ms since the epoch, a whole second. */
  readonly start: number;
  /** Length of observation in days, 2 … 1,095. */
  readonly days: number;
  /** Of those who fall silent. */
  readonly silence: SilenceLaw;
  /** Of those who cancel, and of those whose payment fails, from that moment on. */
  readonly cancellation: { readonly share: number; readonly law: SilenceLaw };
  readonly failedPayment: { readonly share: number; readonly law: SilenceLaw };
  /** Chance that a day of use is followed by another, 0 … below 1. */
  readonly staysPerDay: number;
  /** Whole days; who stays away longer is lost, and a return is a reactivation. After a cancellation any return is one. */
  readonly lostAfterDays: number;
  /** Whole days of silence that count as gone for good. */
  readonly goneAfterDays: number;
  /** Win-back emails that bring people back; null: none are sent. The truth about silences is then that without them. */
  readonly effect: WinbackEffect | null;
}

/** Sent from a cancellation or failed payment on, or after so many days of silence; not to who had bad support or opted out. */
export interface WinbackEffect extends Omit<EmailEffect, 'windowMs'> {
  readonly silentDays: number;
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
  cancellation: { share: 0.08, law: { neverReturn: 0.82, classes: [{ share: 1, perDay: 0.03 }] } },
  failedPayment: {
    share: 0.03,
    law: {
      neverReturn: 0.4,
      classes: [
        { share: 0.6, perDay: 0.3 },
        { share: 0.4, perDay: 0.04 },
      ],
    },
  },
  staysPerDay: 0.8,
  lostAfterDays: 14,
  goneAfterDays: 60,
  effect: null,
};

export const CANCELED = 'Canceled Subscription';
export const ENDED = 'Subscription Ended';
export const BACK = 'Reactivated Subscription';

/** The law of each way to stop, with its share. */
export function stopLaws(
  p: WinbackParameters,
): Readonly<Record<Stop, { readonly share: number; readonly law: SilenceLaw }>> {
  const { cancellation, failedPayment, silence } = p;
  return {
    silent: { share: 1 - cancellation.share - failedPayment.share, law: silence },
    canceled: cancellation,
    failed: failedPayment,
  };
}

/** The planted emails as they are sent from this kind of stop on. */
export function effectFor({ silentDays, ...effect }: WinbackEffect, stop: Stop): EmailEffect {
  return { ...effect, windowMs: stop === 'silent' ? silentDays * DAY_MS : 0 };
}

/** @throws UserError `BAD_PARAMETER` naming the first parameter out of range */
export function checkWinback(p: WinbackParameters): void {
  const refuse = (name: string, rule: string): never => {
    throw new UserError('BAD_PARAMETER', `${name} must be ${rule}.`);
  };
  const whole = (name: string, value: number, low: number, high: number) => {
    if (!Number.isSafeInteger(value) || value < low || value > high)
      refuse(name, `a whole number from ${low} to ${high}`);
  };
  const share = (name: string, value: number) => {
    if (!(value >= 0 && value <= 1)) refuse(name, 'a number from 0 to 1');
  };
  whole('persons', p.persons, 1, 200_000);
  whole('days', p.days, 2, 1_095);
  whole('start', p.start, 0, Date.UTC(2200, 0, 1));
  whole('lostAfterDays', p.lostAfterDays, 1, 365);
  whole('goneAfterDays', p.goneAfterDays, 1, 365);
  if (p.start % 1000 !== 0) refuse('start', 'a whole second');
  if (!(p.staysPerDay >= 0 && p.staysPerDay < 1)) refuse('staysPerDay', 'a number from 0 to below 1');
  share('cancellation.share', p.cancellation.share);
  share('failedPayment.share', p.failedPayment.share);
  if (p.cancellation.share + p.failedPayment.share > 1)
    refuse('cancellation.share', 'at most 1 together with failedPayment.share');
  checkSilenceLaw(p.silence);
  checkSilenceLaw(p.cancellation.law);
  checkSilenceLaw(p.failedPayment.law);
  if (p.effect === null) return;
  whole('effect.silentDays', p.effect.silentDays, 1, 365);
  checkEffect(effectFor(p.effect, 'silent'), Number.POSITIVE_INFINITY);
}
