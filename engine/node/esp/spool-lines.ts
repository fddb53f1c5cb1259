// What an account says, as lines of a history: one for each event, and for each person one for each moment at which
// something about them became known. A person is the profile, by the id Klaviyo gave it. An address counts from the
// profile's making, a consent from its own time; whatever else stands in a profile is known only as it is now, so it
// counts from the profile's last change and never before.

import type { KlaviyoMetric } from '../../esp/index.ts';
import { CREDITED_PROPERTY, FLOW_PROPERTY, MESSAGE_PROPERTY } from '../../projection/index.ts';
import { isEmailMetric } from './email-metrics.ts';
import { isRecord, type Resource } from './klaviyo-client.ts';

/** Says whether an address may be written to, as of a moment: true or false. */
export const CONSENT_PROPERTY = 'email_consent';

/** Credited to an email that no flow sent. */
const NO_FLOW = 'none';

/** The account's own emails: records of what it sent and what became of it, no activity of the person. */
export function isOwnEmail({ name, integration }: KlaviyoMetric): boolean {
  return isEmailMetric(name) && (integration === null || integration === 'Klaviyo');
}

/** @param name of its metric, unique in the account @returns lines, none where the event has no person or time */
export function eventLines(event: Resource, metric: KlaviyoMetric, name: string): string[] {
  const { attributes, relationships } = event;
  const profile = relationships?.['profile']?.data;
  const person = isRecord(profile) && typeof profile['id'] === 'string' ? profile['id'] : null;
  const time = timeOf(attributes);
  if (person === null || time === null) return [];
  const {
    $value,
    $extra: _,
    $event_id: _id,
    ...properties
  } = isRecord(attributes['event_properties']) ? attributes['event_properties'] : {};
  const value =
    typeof $value === 'number' ? $value : typeof $value === 'string' && $value.trim() !== '' ? Number($value) : null;
  const line = {
    klaviyo: 'event',
    id: event.id,
    person,
    metric: name,
    time,
    ...(value !== null && Number.isFinite(value) ? { value } : {}),
    properties: { ...creditIn(event, isOwnEmail(metric)), ...properties },
  };
  const consent = consentOf(metric);
  return [
    JSON.stringify(line),
    ...(consent === null ? [] : [personLine(person, time, { [CONSENT_PROPERTY]: consent })]),
  ];
}

/** Of an email the flow it is of, of any other event the flow it is credited to, where the account says so. */
function creditIn({ included = [] }: Resource, isEmail: boolean): Record<string, string> {
  if (included.length === 0) return {};
  const idOf = (kind: string) => {
    const found = included.map(({ relationships }) => relationships?.[kind]?.data).find((data) => isRecord(data));
    return isRecord(found) && typeof found['id'] === 'string' ? found['id'] : null;
  };
  const flow = idOf('flow');
  if (!isEmail) return { [CREDITED_PROPERTY]: flow ?? NO_FLOW };
  const message = idOf('flow-message');
  return {
    ...(flow === null ? {} : { [FLOW_PROPERTY]: flow }),
    ...(message === null ? {} : { [MESSAGE_PROPERTY]: message }),
  };
}

/**
 * @param nowMs counts for what has no time of its own
 * @param customFrom from when custom properties count; `created` looks ahead, alike for everybody
 */
export function profileLines(
  profile: Resource,
  nowMs: number,
  customFrom: 'updated' | 'created' = 'updated',
): string[] {
  const { id, attributes } = profile;
  const updated = momentOf(attributes['updated']) ?? nowMs;
  const created = momentOf(attributes['created']) ?? updated;
  const location = isRecord(attributes['location']) ? attributes['location'] : {};
  const own = present({
    email: attributes['email'],
    external_id: attributes['external_id'],
    first_name: attributes['first_name'],
    last_name: attributes['last_name'],
    locale: attributes['locale'],
    timezone: location['timezone'],
    country: location['country'],
    region: location['region'],
    city: location['city'],
  });
  const custom = isRecord(attributes['properties']) ? attributes['properties'] : {};
  const other = present(
    Object.fromEntries(Object.entries(custom).filter(([key]) => !(key in own) && key !== CONSENT_PROPERTY)),
  );
  const consent = consentLine(id, attributes['subscriptions'], created);
  return [
    ...(Object.keys(own).length === 0 ? [] : [personLine(id, created, own)]),
    ...(consent === null ? [] : [consent]),
    ...(Object.keys(other).length === 0 ? [] : [personLine(id, customFrom === 'created' ? created : updated, other)]),
  ];
}

function consentLine(id: string, subscriptions: unknown, created: number): string | null {
  const email = isRecord(subscriptions) && isRecord(subscriptions['email']) ? subscriptions['email'] : {};
  const marketing = email['marketing'];
  if (!isRecord(marketing)) return null;
  const { consent, consent_timestamp, last_updated, can_receive_email_marketing: can } = marketing;
  const time = momentOf(consent_timestamp) ?? momentOf(last_updated) ?? created;
  if (consent === 'SUBSCRIBED' && can !== false) return personLine(id, time, { [CONSENT_PROPERTY]: true });
  if (consent === 'SUBSCRIBED' || consent === 'UNSUBSCRIBED') {
    return personLine(id, momentOf(last_updated) ?? time, { [CONSENT_PROPERTY]: false });
  }
  // Klaviyo writes to people who were never asked, unless they are suppressed.
  return typeof can === 'boolean' ? personLine(id, created, { [CONSENT_PROPERTY]: can }) : null;
}

function consentOf({ name, integration }: KlaviyoMetric): boolean | null {
  if (integration !== null && integration !== 'Klaviyo') return null;
  if (name === 'Subscribed to Email Marketing') return true;
  return name === 'Unsubscribed from Email Marketing' || name === 'Unsubscribed' ? false : null;
}

function personLine(person: string, time: number, set: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({ klaviyo: 'person', person, time, set });
}

function timeOf({ timestamp, datetime }: Readonly<Record<string, unknown>>): number | null {
  return typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp * 1000 : momentOf(datetime);
}

function momentOf(text: unknown): number | null {
  if (typeof text !== 'string') return null;
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time;
}

function present(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  );
}
