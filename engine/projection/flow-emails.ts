// Which of a history's own emails a flow at an email service sent, by what the service wrote into the event: the flow's
// id, or that of one of its messages. And how conversions are credited to flows: as the service itself says where it
// does, else by its usual rule, the last email that was opened or clicked in the days before. Both are bookkeeping.

import { DAY_MS, ExactSum } from '../base/index.ts';
import { type IsEmail, rowMatcher, sentEmails } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import type { Workflow } from '../workflow/index.ts';

/** A flow as its account has it. */
export interface ServiceFlow {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Ids of its messages. */
  readonly messages: readonly string[];
}

/** Properties of an email's event that say which flow it is of. */
export const FLOW_PROPERTY = '$flow';
export const MESSAGE_PROPERTY = '$message';
/** Of any other event: the flow the service credits it to. */
export const CREDITED_PROPERTY = '$attributed_flow';

/** How long after an open or a click a conversion is credited to the email, unless the account was set otherwise. */
const CREDIT_MS = 5 * DAY_MS;

/** The flow an event is of, as an index of the list; -1 for none, or where it does not say. */
export type FlowOf = (row: number) => number;

export function flowOfRows(history: History, flows: readonly ServiceFlow[]): FlowOf {
  const byFlow = new Map(flows.map(({ id }, i) => [id, i]));
  const byMessage = new Map(flows.flatMap(({ messages }, i) => messages.map((message) => [message, i] as const)));
  const flow = history.properties.get(FLOW_PROPERTY);
  const message = history.properties.get(MESSAGE_PROPERTY);
  return (row) => byFlow.get(String(flow?.at(row))) ?? byMessage.get(String(message?.at(row))) ?? -1;
}

/** Whether any email of the history says of which flow it is. */
export function tellsFlows(history: History): boolean {
  return history.properties.has(FLOW_PROPERTY) || history.properties.has(MESSAGE_PROPERTY);
}

export interface FlowEmails {
  readonly emails: number;
  readonly people: number;
  /** ms since the epoch; null where there is none. */
  readonly first: number | null;
  readonly last: number | null;
}

/** Emails by person, times ascending, and what they come to. */
export interface FlowSends extends FlowEmails {
  readonly byPerson: ReadonlyMap<number, readonly number[]>;
}

/** What each flow sent, in the order of `flows`. */
export function sendsOfFlows(history: History, flows: readonly ServiceFlow[], flowOf: FlowOf): FlowSends[] {
  const found = flows.map(() => new Map<number, number[]>());
  const isMail = sentEmails(history);
  if (isMail !== null) {
    for (let person = 0; person < history.nPersons; person++) {
      const end = history.personStart[person + 1] as number;
      for (let row = history.personStart[person] as number; row < end; row++) {
        const own = isMail(row) ? found[flowOf(row)] : undefined;
        if (own === undefined) continue;
        const times = own.get(person);
        if (times === undefined) own.set(person, [history.times.at(row)]);
        else times.push(history.times.at(row));
      }
    }
  }
  return found.map((byPerson) => {
    let [emails, first, last] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const times of byPerson.values()) {
      emails += times.length;
      first = Math.min(first, times[0] as number);
      last = Math.max(last, times.at(-1) as number);
    }
    const some = emails > 0;
    return { byPerson, emails, people: byPerson.size, first: some ? first : null, last: some ? last : null };
  });
}

export function isEmailOf(history: History, flowOf: FlowOf, flow: number): IsEmail | null {
  const isMail = sentEmails(history);
  return isMail === null ? null : (row) => isMail(row) && flowOf(row) === flow;
}

// ---------------------------------------------------------------- credit

export interface FlowCredit {
  /** `account`: the account says of its events which flow it credits. `engaged`, `received`: by the rule. */
  readonly by: 'account' | 'engaged' | 'received';
  /** Of the rule; null where the account says it itself. */
  readonly withinMs: number | null;
  readonly conversions: number;
  readonly value: number;
}

/** Goal events of the whole history that are credited to one flow, others' emails competing. */
export function creditOf(
  history: History,
  flows: readonly ServiceFlow[],
  flow: number,
  flowOf: FlowOf,
  goal: Workflow['goal'],
): FlowCredit {
  const credited = history.properties.get(CREDITED_PROPERTY);
  const touches = touchesOf(history);
  const matcher = rowMatcher(history, goal.match);
  const id = flows[flow]?.id;
  const sum = new ExactSum();
  let conversions = 0;
  for (let person = 0; person < history.nPersons; person++) {
    let [touchTime, touchFlow] = [Number.NEGATIVE_INFINITY, -1];
    for (const row of inOrder(history, person, touches.isTouch)) {
      const time = history.times.at(row);
      if (credited === undefined && touches.isTouch(row)) [touchTime, touchFlow] = [time, flowOf(row)];
      if (!matcher.matches(person, row)) continue;
      const isOurs =
        credited === undefined ? touchFlow === flow && time - touchTime <= CREDIT_MS : String(credited.at(row)) === id;
      if (!isOurs) continue;
      conversions++;
      const value = history.eventProperty(row, goal.value ?? 'value');
      if (typeof value === 'number') sum.add(value);
    }
  }
  const isSaid = credited !== undefined;
  return { by: isSaid ? 'account' : touches.by, withinMs: isSaid ? null : CREDIT_MS, conversions, value: sum.value };
}

/** A person's rows; at one instant, what is a touch comes first, for it counts. */
function* inOrder(history: History, person: number, isTouch: IsEmail): Generator<number> {
  const { times, personStart } = history;
  const end = personStart[person + 1] as number;
  for (let row = personStart[person] as number; row < end; ) {
    let next = row + 1;
    while (next < end && times.at(next) === times.at(row)) next++;
    if (next === row + 1) yield row;
    else {
      const rows = Array.from({ length: next - row }, (_, i) => row + i);
      yield* rows.filter(isTouch);
      yield* rows.filter((one) => !isTouch(one));
    }
    row = next;
  }
}

/** Opens and clicks; where the history has none, emails received. */
function touchesOf(history: History): { readonly by: 'engaged' | 'received'; readonly isTouch: IsEmail } {
  const engaged = history.names.map((name) => history.emailEvents.has(name) && /open|click/i.test(name));
  const { nameCodes } = history;
  if (engaged.includes(true)) return { by: 'engaged', isTouch: (row) => engaged[nameCodes[row] as number] === true };
  return { by: 'received', isTouch: sentEmails(history) ?? (() => false) };
}
