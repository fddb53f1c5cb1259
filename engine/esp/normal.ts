// What an object at the vendor says, without what the vendor adds to it or leaves out of it: ids, nulls, empty lists,
// settings at their default. Two objects that mean the same have one normal form; what we do not write is not compared.

import { isRecord } from './canonical.ts';
import { KEYS } from './vendor-keys.ts';

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'time-delay': { unit: 'days', timezone: 'profile' },
  message: { smart_sending_enabled: true, transactional: false, add_tracking_params: false },
};
/** Ids that the vendor gives, what is said elsewhere, and the state of an action. */
const SILENT = new Set([
  'id',
  'template_id',
  'custom_tracking_params',
  'status',
  'trigger_id',
  'trigger_type',
  'trigger_subtype',
]);

/** Of one action, without its id and links; the id of its template and its status stand apart. */
export function normalAction(action: unknown): unknown {
  if (!isRecord(action)) return null;
  const { type } = action;
  const data = isRecord(action['data']) ? action['data'] : {};
  if (type === 'send-email') {
    const message = isRecord(data['message']) ? data['message'] : {};
    return { type, message: tidy({ ...DEFAULTS['message'], ...present(pick(message, 'message')) }) };
  }
  if (KEYS[`data ${type}`] === undefined) return tidy({ type, data });
  return { type, data: tidy({ ...DEFAULTS[String(type)], ...present(pick(data, `data ${type}`)) }) };
}

export function templateIdOf(action: unknown): string | null {
  const data = isRecord(action) ? action['data'] : undefined;
  const message = isRecord(data) ? data['message'] : undefined;
  const id = isRecord(message) ? message['template_id'] : undefined;
  return typeof id === 'string' ? id : null;
}

/** Trigger, filter and re-entry of a flow. */
export function normalHead(definition: unknown): { trigger: unknown; profileFilter: unknown; reentry: unknown } {
  if (!isRecord(definition)) return { trigger: null, profileFilter: null, reentry: null };
  const { triggers } = definition;
  return {
    trigger: tidy(Array.isArray(triggers) ? triggers[0] : null) ?? null,
    profileFilter: tidy(definition['profile_filter']) ?? null,
    reentry: tidy(definition['reentry_criteria']) ?? null,
  };
}

/** Of a segment or any filter. */
export function normalFilter(value: unknown): unknown {
  return tidy(value) ?? null;
}

/** Line ends, blanks between tags and comments are the vendor's to change. */
export function normalHtml(html: string): string {
  return html
    .replace(/\r\n?/g, '\n')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/>\s+</g, '><')
    .trim();
}

function pick(record: Record<string, unknown>, kind: string): Record<string, unknown> {
  const telling = (KEYS[kind] ?? []).filter((key) => !SILENT.has(key));
  return Object.fromEntries(telling.map((key) => [key, record[key]]));
}

function present(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined && value !== null));
}

/** Without nulls, empty lists and empty objects, at every depth; undefined where nothing is left. */
function tidy(value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (Array.isArray(value)) {
    const items = value.map(tidy).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isRecord(value)) return value;
  const entries = Object.entries(value)
    .map(([key, item]) => [key, tidy(item)] as const)
    .filter(([, item]) => item !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
