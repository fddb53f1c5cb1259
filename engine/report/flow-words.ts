// What the ledger of live flows says, in sentences: counted, credited and not known stay apart, here as there.

import { count, humanDuration, listed, money, percent, plural, share } from '../base/index.ts';
import type { FlowCredit, FlowEffect, FlowLedger, FlowReplay } from '../projection/index.ts';

/** `3,012 emails to 1,204 people`. */
export function recordedWords({ emails, people }: FlowLedger['recorded']): string {
  return `${plural(emails, 'email')} to ${plural(people, 'person', 'people')}`;
}

/** How far the replay of what was read does what the account did. */
export function agreementWords(replay: FlowReplay, recorded: number): string {
  const { sends, people, agree, recordedOnly, replayedOnly, recordedHeldOut, toleranceMs } = replay;
  const apart = [
    ...(recordedOnly > 0 ? [`${count(recordedOnly)} are recorded only`] : []),
    ...(recordedHeldOut > 0 ? [`${count(recordedHeldOut)} went to people the replay holds out`] : []),
    ...(replayedOnly > 0 ? [`${count(replayedOnly)} are replayed only`] : []),
  ];
  const rest = apart.length === 0 ? 'none is without the other' : listed(apart);
  return `Replayed: ${plural(sends, 'email')} to ${plural(people, 'person', 'people')}. ${count(agree)} of the ${count(recorded)} recorded (${share(agree, recorded)}) have one within ${humanDuration(toleranceMs)}; ${rest}.`;
}

/** Where the flow that was read keeps people out by chance, its effect can be measured; null where it does not. */
export function ownTestWords({ heldOut }: FlowReplay): string | null {
  return heldOut > 0
    ? `The flow holds out ${percent(heldOut)} by chance, so its effect is being measured there: "foresend holdout fetch" reads that test, and no bound is needed then.`
    : null;
}

/** Attributed: who would have come anyway is in it. */
export function creditWords(credit: FlowCredit): string {
  const worth = credit.value > 0 ? ` worth ${money(credit.value)}` : '';
  return `Credited with ${plural(credit.conversions, 'conversion')}${worth}, ${creditRuleWords(credit)}. That is bookkeeping: those who would have come anyway are among them.`;
}

export function creditRuleWords({ by, withinMs }: FlowCredit): string {
  if (by === 'account' || withinMs === null) return 'as the account itself credits them';
  const what = by === 'engaged' ? 'opened or clicked' : 'received';
  return `to the last email ${what} in the ${humanDuration(withinMs)} before, as Klaviyo does unless set otherwise`;
}

/** Counted: who was mailed, and when they did what the flow is for. */
export function effectCountWords(effect: FlowEffect): string {
  const { entries, withinMs, unmailed, unmailedConverted, mailed, convertedBefore, convertedAfter } = effect;
  const over = `Of ${plural(entries, 'entry', 'entries')} whose ${humanDuration(withinMs)} are over`;
  const got =
    unmailed === 0
      ? `${over}, all got an email of it`
      : `${over}, ${count(unmailed)} got no email of it (${some(unmailedConverted)} converted all the same) and ${count(mailed)} got one`;
  return `${got}: ${some(convertedBefore)} converted before it, ${some(convertedAfter)} after it.`;
}

const some = (n: number) => (n === 0 ? 'none' : count(n));

/** Mailed entries that would have come to the goal anyway, if emails harm nobody. */
export function anywayRange({ convertedBefore, convertedAfter }: FlowEffect): readonly [number, number] {
  return [convertedBefore, convertedBefore + convertedAfter];
}

/** The finding over all flows; what is not known comes with it. */
export function flowsHeadline(ledgers: readonly FlowLedger[]): string {
  if (ledgers.length === 0) return 'This account has no flows.';
  const sending = ledgers.filter(({ recorded }) => recorded.emails > 0);
  if (sending.length === 0) {
    return `This account has ${plural(ledgers.length, 'flow')}, and no email of this history is known to be of one.`;
  }
  const emails = sending.reduce((sum, { recorded }) => sum + recorded.emails, 0);
  const credited = sending.reduce((sum, one) => sum + (one.credited?.conversions ?? 0), 0);
  const known = sending.flatMap(({ effect }) => (effect === null ? [] : [effect]));
  const after = known.reduce((sum, { convertedAfter }) => sum + convertedAfter, 0);
  const limits = known.length === 0 ? '' : `: 0 to ${count(after)} if emails harm nobody`;
  const add = sending.length === 1 ? 'it adds' : 'they add';
  return `${plural(sending.length, 'flow')}: ${plural(emails, 'email')}, ${plural(credited, 'conversion')} credited. How many ${add} is not known${limits}.`;
}
