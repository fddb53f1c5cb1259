// Exports of analytics tools that are JSON records of a shape of their own, each brought into one plain record: person,
// anonymous id, event, time, value, the event's properties, what it sets on the person. Fields are those of the vendor's
// own page, which is named; what is not among them is left where it is or left out, never guessed.

import type { TimeUnit } from '../../events/index.ts';
import type { JsonObject } from './json-shape.ts';
import { type Lost, listOf, objectOf } from './lost-parts.ts';

export interface Vendor {
  readonly format: 'mixpanel' | 'amplitude' | 'posthog' | 'ga4';
  readonly name: string;
  /** Of one record. */
  recognises(record: JsonObject): boolean;
  readonly unit: TimeUnit | null;
  /** Names of the fields as the export has them, for what is shown. */
  readonly fields: { readonly user: string; readonly event: string; readonly time: string };
  /** Fields that hold objects or lists, of which a table has the texts. */
  readonly objects: readonly string[];
  /** @param lost told of members that cannot be read */
  plain(record: JsonObject, lost?: Lost): PlainRecord;
}

/** What is absent is not known. A record without an event sets properties. */
export interface PlainRecord {
  readonly insert_id?: unknown;
  readonly user?: unknown;
  readonly anonymous?: unknown;
  readonly event?: unknown;
  readonly time?: unknown;
  readonly properties?: JsonObject;
  readonly set?: JsonObject;
}

const MIXPANEL: Vendor = {
  format: 'mixpanel',
  name: 'Mixpanel',
  unit: null,
  fields: { user: 'properties.distinct_id', event: 'event', time: 'properties.time' },
  objects: ['properties'],
  recognises: ({ event, properties }) =>
    typeof event === 'string' && isObject(properties) && 'distinct_id' in properties && 'time' in properties,
  plain({ event, properties }, lost = nobody) {
    const {
      time,
      distinct_id: distinct,
      $insert_id: insert_id,
      $user_id: user,
      $device_id: device,
      ...rest
    } = objectOf(properties, () => lost('properties'));
    // Without a user an id of the form "$device:ID" stands for the device.
    return {
      // All four tell events apart (https://docs.mixpanel.com/reference/event-deduplication).
      insert_id: insert_id === undefined ? undefined : JSON.stringify([event, distinct, time, insert_id]),
      user: user ?? device ?? distinct,
      anonymous: device,
      event,
      time,
      properties: without(rest, ['mp_processing_time_ms', '$mp_api_endpoint', '$mp_api_timestamp_ms']),
    };
  },
};

const AMPLITUDE: Vendor = {
  format: 'amplitude',
  name: 'Amplitude',
  unit: 'iso',
  fields: { user: 'user_id', event: 'event_type', time: 'event_time' },
  objects: ['event_properties', 'user_properties'],
  recognises: (record) =>
    typeof record['event_type'] === 'string' &&
    'event_time' in record &&
    ('user_id' in record || 'device_id' in record),
  plain(record, lost = nobody) {
    const isIdentify = record['event_type'] === '$identify';
    return {
      insert_id: record['$insert_id'] ?? record['uuid'],
      user: record['user_id'] ?? record['device_id'],
      anonymous: record['device_id'],
      event: isIdentify ? undefined : record['event_type'],
      time: record['event_time'],
      properties: {
        ...pick(record, ['platform', 'country', 'city', 'os_name', 'device_family', 'language', 'session_id']),
        ...objectOf(record['event_properties'], () => lost('event_properties')),
      },
      set: objectOf(record['user_properties'], () => lost('user_properties')),
    };
  },
};

const POSTHOG_OWN = ['$identify', '$create_alias', '$set', '$groupidentify'];
const POSTHOG: Vendor = {
  format: 'posthog',
  name: 'PostHog',
  unit: 'iso',
  fields: { user: 'distinct_id', event: 'event', time: 'timestamp' },
  objects: ['properties', 'person_properties'],
  recognises: (record) =>
    typeof record['event'] === 'string' && 'distinct_id' in record && 'timestamp' in record && 'uuid' in record,
  plain(record, lost = nobody) {
    const properties = objectOf(record['properties'], () => lost('properties'));
    const { $set, $set_once: _, $anon_distinct_id: anonymous, alias, ...rest } = properties;
    const isOwn = POSTHOG_OWN.includes(String(record['event']));
    return {
      insert_id: record['uuid'],
      user: record['distinct_id'],
      anonymous: anonymous ?? (record['event'] === '$create_alias' ? alias : undefined),
      event: isOwn ? undefined : record['event'],
      time: record['timestamp'],
      properties: rest,
      // What is set once is among the person's properties already, unless it was there before.
      set: {
        ...objectOf(record['person_properties'], () => lost('person_properties')),
        ...objectOf($set, () => lost('$set')),
      },
    };
  },
};

const GA4: Vendor = {
  format: 'ga4',
  name: 'Google Analytics 4, exported to BigQuery',
  unit: 'us',
  fields: { user: 'user_id', event: 'event_name', time: 'event_timestamp' },
  objects: ['event_params', 'user_properties', 'ecommerce'],
  recognises: (record) =>
    typeof record['event_name'] === 'string' && 'event_timestamp' in record && 'user_pseudo_id' in record,
  plain(record, lost = nobody) {
    const ecommerce = objectOf(record['ecommerce'], () => lost('ecommerce'));
    return {
      user: record['user_id'] ?? record['user_pseudo_id'],
      anonymous: record['user_pseudo_id'],
      event: record['event_name'],
      time: record['event_timestamp'],
      properties: {
        ...pick(ecommerce, ['purchase_revenue', 'transaction_id']),
        ...pick(record, ['event_value_in_usd', 'platform']),
        ...params(record['event_params'], () => lost('event_params')),
      },
      set: params(record['user_properties'], () => lost('user_properties')),
    };
  },
};

export const VENDORS: readonly Vendor[] = [GA4, AMPLITUDE, POSTHOG, MIXPANEL];

/** Properties that hold money, in the order they are looked for. */
export const MONEY = [
  'revenue',
  '$revenue',
  'purchase_revenue',
  'value',
  'total',
  'amount',
  'Amount',
  'event_value_in_usd',
] as const;

/** Lists of `{ key, value: { string_value, int_value, float_value, double_value } }`, of which one is filled. */
function params(list: unknown, lost: () => void): JsonObject {
  return Object.fromEntries(
    listOf(list, lost).flatMap((entry: unknown) => {
      const { key, value } = objectOf(entry, lost);
      if (typeof key !== 'string') return [];
      const { int_value: whole, ...others } = objectOf(value, lost);
      const found = Object.entries(others).find(
        ([name, one]) => one !== null && one !== undefined && name.endsWith('_value'),
      )?.[1];
      // BigQuery writes whole numbers as text, so that none is rounded.
      const number = typeof whole === 'string' && Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
      const chosen = found ?? number;
      return chosen === undefined || chosen === null ? [] : [[key, chosen]];
    }),
  );
}

function nobody(): void {}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function pick(record: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.flatMap((key) => (record[key] == null ? [] : [[key, record[key]]])));
}

function without(record: JsonObject, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key)));
}
