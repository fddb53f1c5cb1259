// What a person has finished in the vendor's screens stays theirs: a subject line that had gaps, a sender that the account
// did not name. It is taken over into what is wanted, so that it is neither a difference nor lost when a flow is made anew.

import { isRecord } from './canonical.ts';
import type { FlowAction, FlowDefinition } from './klaviyo-types.ts';
import type { DesiredFlow } from './types.ts';

/** The wanted definition with the hand-made parts of the one that is there; emails correspond by name. */
export function withHandWork({ definition, subjectsByHand }: DesiredFlow, found: unknown): FlowDefinition {
  const messages = messagesOf(found);
  const actions = definition.actions.map((action): FlowAction => {
    if (action.type !== 'send-email') return action;
    const { message } = action.data;
    const there = messages.get(message.name);
    if (there === undefined) return action;
    const subject = there['subject_line'];
    const isFinished = typeof subject === 'string' && subject.trim() !== '' && !/\[[^\]]*\]/.test(subject);
    const own = isFinished && subjectsByHand.includes(message.name) ? { subject_line: subject } : {};
    const sender =
      message.from_email === null
        ? { from_email: text(there['from_email']), from_label: text(there['from_label']) }
        : {};
    return { ...action, data: { ...action.data, message: { ...message, ...own, ...sender } } };
  });
  return { ...definition, actions };
}

function messagesOf(found: unknown): Map<unknown, Record<string, unknown>> {
  const actions = isRecord(found) && Array.isArray(found['actions']) ? found['actions'] : [];
  const messages = actions.flatMap((action) => {
    const data = isRecord(action) && action['type'] === 'send-email' ? action['data'] : undefined;
    return isRecord(data) && isRecord(data['message']) ? [data['message']] : [];
  });
  return new Map(messages.map((message) => [message['name'], message]));
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
