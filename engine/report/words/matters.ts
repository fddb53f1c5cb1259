// The sentences of what an answer hangs on: which assumption alone turns it, how much of it is data, and what each email
// is for.

import {
  type Currency,
  capital,
  listed,
  percent,
  plural,
  range,
  rounded,
  sentence,
  signedCount,
  signedMoney,
} from '../../base/index.ts';
import type { EmailValue, Incremental, Sensitivity, Swing, SwingEnd } from '../../projection/index.ts';
import { known } from '../estimates.ts';
import type { Terms } from '../types.ts';

type Emails = readonly EmailValue[];

export const KIND_WORDS: Readonly<Record<Swing['kind'], string>> = {
  prior: 'assumed',
  data: 'from the history',
  input: 'stated, a question',
};

/** Those that move anything, widest first. */
export function movingSwings({ swings }: Pick<Sensitivity, 'swings'>): Swing[] {
  return swings.filter(({ width }) => width > 0);
}

/** In a sentence. */
export function swingName({ name }: Pick<Swing, 'name'>): string {
  return name === 'effect' ? 'the effect of the emails' : name;
}

export function worthAt({ by }: Pick<Sensitivity, 'by'>, end: SwingEnd | Sensitivity['middle']): number {
  return by === 'profit' && end.profit !== null ? end.profit : end.conversions;
}

export function worthText({ by }: Pick<Sensitivity, 'by'>, value: number, currency: Currency, width = 0): string {
  if (by === 'profit') return signedMoney(Math.abs(value) >= 100 ? Math.round(value) : value, currency, width);
  return Math.abs(value) < 10 ? (value > 0 ? `+${rounded(value, 2)}` : rounded(value, 2)) : signedCount(value);
}

/** Profit where it is known, else conversions: one of the two for all rows. */
export function isByProfit(emails: Emails): boolean {
  return emails.every(({ profit }) => known(profit) !== null);
}

export function mattersFinding(sensitivity: Sensitivity): string {
  const moving = movingSwings(sensitivity);
  const flips = moving.filter((swing) => swing.flips).map(swingName);
  const turn = sensitivity.by === 'profit' ? 'turn profit into loss' : 'turn more conversions into fewer';
  const [widest] = moving;
  if (widest === undefined) return 'Nothing that is assumed moves the answer.';
  if (flips.length === 0) return `No single assumption can ${turn}; ${swingName(widest)} moves it most.`;
  const others = moving.length - flips.length;
  const rest = others === 0 ? '' : `; ${plural(others, 'other', 'others')} cannot`;
  return `${capital(listed(flips))} alone can ${turn}${rest}.`;
}

export function swingWords(swing: Swing): string {
  const { low, high, range: how, kind, grade, source, flips } = swing;
  const flip = flips ? ' Alone it is enough to turn the answer.' : '';
  return `Moved from ${low.value} to ${high.value}: ${how}. ${capital(KIND_WORDS[kind])}${grade === null ? '' : `, grade ${grade}`}; ${sentence(source)}${flip}`;
}

/** Null where nothing is projected. */
export function fromDataWords({ fromData }: Pick<Incremental, 'fromData'>): string | null {
  if (fromData === undefined) return null;
  const { effect, interval } = fromData;
  const first =
    effect === 0
      ? 'Who enrolls and who comes anyway is counted; what the emails change is assumed throughout.'
      : `Who enrolls and who comes anyway is counted; what the emails change is ${percent(effect, 0)} measured and ${percent(1 - effect, 0)} assumed.`;
  const second =
    interval === null ? '' : ` Of the interval's width, ${percent(interval, 0)} comes from data and chance.`;
  return `${first}${second}`;
}

/** What an email is for, in a sentence: the least of them first. */
export function emailsFinding(emails: Emails, terms: Terms): string {
  const byProfit = isByProfit(emails);
  const doubtful = emails.filter(({ conversions, profit }) => {
    const found = known(byProfit ? profit : conversions);
    return found !== null && found.expected <= 0;
  });
  const names = (which: Emails) => listed(which.map((one) => `email ${emails.indexOf(one) + 1}`));
  if (doubtful.length > 0) {
    return `${capital(names(doubtful))} ${doubtful.length === 1 ? 'is' : 'are'} expected to ${byProfit ? 'cost more than to bring' : `add no ${terms.goals}`}.`;
  }
  const last = emails.at(-1);
  const found = last === undefined ? null : known(last.conversions);
  if (last === undefined || found === null) return '';
  return `Beyond the others, email ${emails.length} adds ${signedCount(found.expected)} ${terms.goals}, ${range([found.low, found.high], signedCount)}.`;
}
