// The calls by which a service is told of one delivery, as they are sent and as a dry run prints them. At Mailchimp fields
// and tags are written first and the event, which starts the email, last; so at ActiveCampaign. At Klaviyo an event alone
// says it all.

import { canonicalText } from './canonical.ts';
import type { Delivery } from './deliveries.ts';
import type { EspTarget } from './types.ts';

/** What was pushed for one workflow, as far as deliveries need it. */
export interface DeliveryPlace {
  /** Of the state: told to another one, everything would go to the wrong people. Absent: nothing was pushed. */
  readonly account?: string;
  /** Mailchimp's audience; '' elsewhere. */
  readonly audience: string;
  /** The tag of whoever is in the workflow: its name at Mailchimp, its id at ActiveCampaign. */
  readonly tag: string;
  /** By the field's key: its merge tag at Mailchimp, its id at ActiveCampaign. */
  readonly fields: Readonly<Record<string, string>>;
}

export interface DeliveryCall {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body: unknown;
  /** Whether doing it twice would send twice. */
  readonly isOnce: boolean;
}

/** @param email of the person, as the service knows them */
export function deliveryCalls(
  target: EspTarget,
  delivery: Delivery,
  email: string,
  place: DeliveryPlace,
): readonly DeliveryCall[] {
  if (target === 'klaviyo') return [klaviyoEvent(delivery, email)];
  return target === 'mailchimp' ? mailchimpCalls(delivery, email, place) : activeCampaignCalls(delivery, email, place);
}

function mailchimpCalls(delivery: Delivery, email: string, place: DeliveryPlace): DeliveryCall[] {
  const member = `/lists/${place.audience}/members/${encodeURIComponent(email.toLowerCase())}`;
  if (delivery.kind === 'enter' || delivery.kind === 'leave') {
    const status = delivery.kind === 'enter' ? 'active' : 'inactive';
    return [{ method: 'POST', path: `${member}/tags`, body: { tags: [{ name: place.tag, status }] }, isOnce: false }];
  }
  const values = Object.entries(delivery.values).flatMap(([key, value]): [string, string][] => {
    const tag = place.fields[key];
    return tag === undefined ? [] : [[tag, value]];
  });
  const { event, id, workflow, step, time } = delivery;
  // Texts alone: the service takes nothing else.
  const properties = { decision: id, workflow, step: String(step) };
  const written: DeliveryCall = {
    method: 'PATCH',
    // A contact may lack what a form asks of new ones.
    path: `${member}?skip_merge_validation=true`,
    body: { merge_fields: Object.fromEntries(values) },
    isOnce: false,
  };
  if (delivery.kind === 'change') return [written];
  return [
    written,
    {
      method: 'POST',
      path: `${member}/events`,
      body: { name: event, properties, occurred_at: new Date(time).toISOString() },
      isOnce: true,
    },
  ];
}

function activeCampaignCalls(delivery: Delivery, email: string, place: DeliveryPlace): DeliveryCall[] {
  if (delivery.kind === 'enter') {
    const body = { contactTag: { contact: CONTACT, tag: place.tag } };
    return [{ method: 'POST', path: '/contactTags', body, isOnce: false }];
  }
  if (delivery.kind === 'leave')
    return [{ method: 'DELETE', path: `/contactTags/${CONTACT_TAG}`, body: null, isOnce: false }];
  const fieldValues = Object.entries(delivery.values).flatMap(([key, value]) => {
    const field = place.fields[key];
    return field === undefined ? [] : [{ field, value }];
  });
  const body = { contact: { email, fieldValues } };
  const written: DeliveryCall = { method: 'POST', path: '/contact/sync', body, isOnce: false };
  if (delivery.kind === 'change') return [written];
  return [
    written,
    {
      method: 'POST',
      path: '/event',
      body: { event: delivery.event, eventdata: delivery.id, visit: canonicalText({ email }) },
      isOnce: true,
    },
  ];
}

/** Stand for ids that are asked for just before the call. */
export const CONTACT = '{contact}';
export const CONTACT_TAG = '{contactTag}';

/** The service itself takes an event of one id once. */
function klaviyoEvent(delivery: Delivery, email: string): DeliveryCall {
  const { id, person, workflow, step, kind, time, properties } = delivery;
  const told = { ...properties, foresend_workflow: workflow, foresend_step: step, foresend_decision: kind };
  const attributes = {
    metric: { data: { type: 'metric', attributes: { name: klaviyoMetric(delivery) } } },
    profile: { data: { type: 'profile', attributes: email === '' ? { external_id: person } : { email } } },
    properties: told,
    time: new Date(time).toISOString(),
    unique_id: id,
  };
  return { method: 'POST', path: '/api/events', body: { data: { type: 'event', attributes } }, isOnce: false };
}

function klaviyoMetric({ workflow, step, kind }: Delivery): string {
  return `Foresend ${workflow}: ${step ?? (kind === 'enter' ? 'entered' : 'left')}`;
}
