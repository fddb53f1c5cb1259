// What an email tool credits to a workflow's own emails, from the emails a history records: every goal event within the
// attribution window of an email received, by each rule in use. Other emails of the business compete for the credit.
// Bookkeeping, no effect: who would have come anyway is credited as readily as who came because of the email.

import { exactCount, exactPlural, humanDuration, roundedToSum } from '../base/index.ts';
import { rowMatcher, sentEmails } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { type CreditRule, creditRuleOf, creditsOf, nominalSteps } from '../projection/index.ts';
import { type EnrollmentColumns, goalValue, HistoryView } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';

export const CREDIT_MODELS: readonly CreditRule['model'][] = ['last', 'first', 'linear', 'decay', 'position'];

export const CREDIT_WORDS: Readonly<Record<CreditRule['model'], string>> = {
  last: 'last email',
  first: 'first email',
  linear: 'all alike',
  decay: 'the later the more',
  position: 'first and last 40% each',
};

export interface CreditByModel {
  readonly model: CreditRule['model'];
  /** Shares of conversions, added up. */
  readonly conversions: number;
  /** To the cent; credits of one conversion add up to its amount. */
  readonly value: number;
  /** In the order of the sequence. */
  readonly emails: readonly { readonly id: string; readonly conversions: number; readonly value: number }[];
  /** Of the same conversions, what other emails of the business are credited with. */
  readonly elsewhere: number;
}

export interface RecordedCredit {
  /** After the receipt of an email, ms; of the model `decay`, by when its weight has halved. */
  readonly withinMs: number;
  readonly halfLifeMs: number;
  /** When an email counts as received: at its delivery, or, where the history records none, at its sending. */
  readonly clock: 'delivery' | 'sending';
  /** The workflow's own. */
  readonly model: CreditRule['model'];
  /** People it is about, those of them who got an email of the workflow, and these emails. */
  readonly people: number;
  readonly mailed: number;
  readonly emails: number;
  /** All rules in use, in the order of `CREDIT_MODELS`. */
  readonly models: readonly CreditByModel[];
}

/** What an email's event says it belongs to. */
export function senderOf(history: History, row: number): unknown {
  for (const property of ['workflow', 'campaign', 'flow']) {
    const value = history.eventProperty(row, property);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Which email of its workflow an event is about; null where it does not say. */
export function emailIdOf(history: History, row: number): string | null {
  const said = history.eventProperty(row, 'step') ?? history.eventProperty(row, 'email');
  return said === undefined ? null : String(said);
}

/** The workflow's own emails to a person inside the goal window of an entry, by time. */
export interface EntryEmails {
  readonly at: readonly number[];
  readonly ids: readonly string[];
}

/**
 * @param rows enrollments it is about, at most one a person
 * @returns null where the workflow has no attribution window, or the history records no email of it
 */
export function recordedCredit(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  rows: readonly number[],
): RecordedCredit | null {
  const rule = creditRuleOf(workflow);
  const receipts = receiptsOf(history);
  if (rule === null || receipts === null) return null;
  const view = new HistoryView(history);
  const goal = rowMatcher(history, workflow.goal.match);
  const tallies = CREDIT_MODELS.map((model) => ({
    model,
    rule: { ...rule, model },
    cents: 0,
    conversions: 0,
    elsewhere: 0,
    byEmail: new Map<string, { conversions: number; cents: number }>(),
  }));
  let [mailed, emails] = [0, 0];
  for (const i of rows) {
    const person = columns.persons[i] as number;
    const own = ownEmails(history, workflow, columns, i, receipts.isReceipt);
    if (own.at.length === 0) continue;
    mailed++;
    emails += own.at.length;
    const end = Math.min((own.at.at(-1) as number) + rule.withinMs, history.observedUntil);
    const touches = allTouches(history, person, receipts.isReceipt, end);
    const trigger = columns.triggerTimes[i] as number;
    for (const { time, row } of goalEvents(history, person, goal, trigger, end)) {
      view.select(person);
      const cents = Math.round(goalValue(workflow.goal, view, row) * 100);
      for (const tally of tallies) creditOne(tally, touches, own, time, cents);
    }
  }
  if (mailed === 0) return null;
  const steps = nominalSteps(workflow, null).map(({ id }) => id);
  const place = (id: string) => (steps.includes(id) ? steps.indexOf(id) : steps.length);
  return {
    withinMs: rule.withinMs,
    halfLifeMs: rule.halfLifeMs,
    clock: receipts.clock,
    model: rule.model,
    people: rows.length,
    mailed,
    emails,
    models: tallies.map(({ model, conversions, cents, elsewhere, byEmail }) => ({
      model,
      conversions,
      value: cents / 100,
      elsewhere,
      emails: [...byEmail]
        .map(([id, one]) => ({ id, conversions: one.conversions, value: one.cents / 100 }))
        .sort((a, b) => place(a.id) - place(b.id) || (a.id < b.id ? -1 : 1)),
    })),
  };
}

interface Tally {
  readonly rule: CreditRule;
  cents: number;
  conversions: number;
  elsewhere: number;
  readonly byEmail: Map<string, { conversions: number; cents: number }>;
}

function creditOne(tally: Tally, touches: readonly number[], own: EntryEmails, time: number, cents: number): void {
  const shares = creditsOf(touches, time, tally.rule);
  const parts = roundedToSum(
    shares.map((share) => share * cents),
    1,
  );
  const used = new Set<number>();
  shares.forEach((share, k) => {
    if (share === 0) return;
    const at = touches[k] as number;
    const which = own.at.findIndex((one, e) => one === at && !used.has(e));
    if (which < 0) {
      tally.elsewhere += share;
      return;
    }
    used.add(which);
    tally.conversions += share;
    tally.cents += parts[k] as number;
    const id = own.ids[which] as string;
    const email = tally.byEmail.get(id) ?? { conversions: 0, cents: 0 };
    tally.byEmail.set(id, { conversions: email.conversions + share, cents: email.cents + (parts[k] as number) });
  });
}

// ---------------------------------------------------------------- rows of a person

type IsRow = (row: number) => boolean;

/** Null where the history records no email. */
export function receiptsOf(
  history: History,
): { readonly clock: RecordedCredit['clock']; readonly isReceipt: IsRow } | null {
  const delivered = history.names.map((name) => history.emailEvents.has(name) && /deliver|receiv/i.test(name));
  const { nameCodes } = history;
  if (delivered.includes(true)) {
    return { clock: 'delivery', isReceipt: (row) => delivered[nameCodes[row] as number] === true };
  }
  const sent = sentEmails(history);
  return sent === null ? null : { clock: 'sending', isReceipt: sent };
}

export function ownEmails(
  history: History,
  workflow: Workflow,
  columns: EnrollmentColumns,
  i: number,
  isReceipt: IsRow,
): EntryEmails {
  const { times, personStart } = history;
  const person = columns.persons[i] as number;
  const trigger = columns.triggerTimes[i] as number;
  const end = trigger + workflow.goal.withinMs;
  const at: number[] = [];
  const ids: string[] = [];
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > end) break;
    if (time < trigger || !isReceipt(row) || senderOf(history, row) !== workflow.id) continue;
    at.push(time);
    ids.push(emailIdOf(history, row) ?? `email ${at.length}`);
  }
  return { at, ids };
}

function allTouches(history: History, person: number, isReceipt: IsRow, end: number): number[] {
  const { times, personStart } = history;
  const found: number[] = [];
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > end) break;
    if (isReceipt(row)) found.push(time);
  }
  return found;
}

function* goalEvents(
  history: History,
  person: number,
  goal: ReturnType<typeof rowMatcher>,
  after: number,
  end: number,
): Generator<{ readonly time: number; readonly row: number }> {
  const { times, personStart } = history;
  for (let row = personStart[person] as number; row < (personStart[person + 1] as number); row++) {
    const time = times.at(row);
    if (time > end) break;
    if (time > after && goal.matches(person, row)) yield { time, row };
  }
}

// ---------------------------------------------------------------- in words

/** What is counted, with both lengths that matter. */
export function creditRuleWords({ withinMs, clock, mailed, people, emails, model }: RecordedCredit): string {
  const from = clock === 'delivery' ? 'its delivery' : 'its sending (no deliveries are recorded)';
  return `${exactPlural(emails, 'recorded email')} to ${exactCount(mailed)} of ${exactPlural(people, 'person', 'people')}; a conversion within ${humanDuration(withinMs)} of ${from} is credited, whether or not it lies in the goal window. The workflow's own rule is “${CREDIT_WORDS[model]}”.`;
}
