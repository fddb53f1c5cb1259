// A flow at Klaviyo in words, row by row, so that two of them can be laid side by side: what it starts at, who goes on,
// each wait, each email. The rows of a wanted flow and of one that was read have the same names where they correspond.

import { listed } from '../base/index.ts';
import { isRecord } from './canonical.ts';
import { actionId, linksOf } from './graph.ts';
import { titleOf } from './marker.ts';
import { templateIdOf } from './normal.ts';

export interface FlowRow {
  readonly what: string;
  readonly text: string;
}
export interface Names {
  /** Of metrics, segments, lists and templates, by id. */
  readonly of: (id: string) => string;
  /** The temporary id under which an action is wanted, by the vendor's id; null where it is not one of ours. */
  readonly action: (id: string) => string | null;
}

/** In the order in which a person passes. */
export function flowRows(definition: unknown, names: Names): FlowRow[] {
  if (!isRecord(definition)) return [];
  const actions = (Array.isArray(definition['actions']) ? definition['actions'] : []).filter(isRecord);
  const byId = new Map(actions.map((action) => [actionId(action), action]));
  const rows: FlowRow[] = [];
  const add = (what: string, text: string) => rows.push({ what, text });
  const { triggers } = definition;
  add('Starts at', triggerText(Array.isArray(triggers) ? triggers[0] : null, names));
  add('Enters again', reentryText(definition['reentry_criteria']));
  add('Goes on only for', filterText(definition['profile_filter'], names));
  const unnamed = new Map<string, number>();
  const seen = new Set<string>();
  const visit = (id: string | null) => {
    const action = id === null ? undefined : byId.get(id);
    if (action === undefined || seen.has(id as string)) return;
    seen.add(id as string);
    const name = names.action(id as string) ?? guess(action, byId, unnamed);
    for (const row of actionRows(action, name, names)) rows.push(row);
    for (const { to } of linksOf(action)) visit(to);
  };
  const entry = definition['entry_action_id'];
  visit(typeof entry === 'string' ? entry : null);
  return rows;
}

/** `90 min`, `2 h`, `4 d`, as a wait says it. */
export function waitText(data: Record<string, unknown>): string {
  const unit = { minutes: 'min', hours: 'h', days: 'd' }[String(data['unit'] ?? 'days')] ?? String(data['unit']);
  const until = typeof data['delay_until_time'] === 'string' ? `, until ${data['delay_until_time']}` : '';
  return `${String(data['value'])} ${unit}${until}`;
}

function actionRows(action: Record<string, unknown>, name: string, names: Names): FlowRow[] {
  const data = isRecord(action['data']) ? action['data'] : {};
  switch (action['type']) {
    case 'time-delay':
      return [{ what: waitName(name), text: waitText(data) }];
    case 'conditional-split':
      return [{ what: splitName(name), text: filterText(data['profile_filter'], names) }];
    case 'update-profile':
      return [{ what: `Writes to the profile (${name})`, text: operationsText(data['profile_operations']) }];
    case 'send-email': {
      const message = isRecord(data['message']) ? data['message'] : {};
      const email = `Email "${name.replace(/^email-/, '')}"`;
      const sender = [message['from_label'], message['from_email']].filter((part) => typeof part === 'string');
      const template = templateIdOf(action);
      const rows = [
        { what: `${email}: subject`, text: String(message['subject_line'] ?? '') },
        { what: `${email}: sender`, text: sender.length === 0 ? 'not set' : sender.join(', ') },
        { what: `${email}: template`, text: template === null ? 'none' : titleOf(names.of(template)) },
      ];
      if (isRecord(message['additional_filters'])) {
        rows.push({ what: `${email}: only if`, text: filterText(message['additional_filters'], names) });
      }
      if (message['smart_sending_enabled'] !== false) {
        rows.push({ what: `${email}: Smart Sending`, text: 'on' });
      }
      return rows;
    }
    default:
      return [{ what: `Action ${name}`, text: String(action['type']) }];
  }
}

function waitName(name: string): string {
  if (name === 'window') return 'Window';
  return name.startsWith('wait-') ? `Wait before "${name.slice('wait-'.length)}"` : `Wait ${name}`;
}

function splitName(name: string): string {
  const known: Readonly<Record<string, string>> = {
    entry: 'Enters only',
    unanswered: 'After the window, only',
    consent: 'Consent',
    global: 'Not held out of everything',
    audience: 'Audience',
    'arm-draw': 'Newly held out',
    'arm-known': 'Held out',
  };
  if (known[name] !== undefined) return known[name];
  return name.startsWith('unless-') ? `Not left out by "${name.slice('unless-'.length)}"` : `Path "${name}"`;
}

/** A name for an action that is not ours: the email's own, `wait-` and the email it leads to, or its kind and number. */
function guess(
  action: Record<string, unknown>,
  byId: ReadonlyMap<string | null, Record<string, unknown>>,
  unnamed: Map<string, number>,
): string {
  const emailName = (other: Record<string, unknown> | undefined) => {
    const data = other !== undefined && isRecord(other['data']) ? other['data'] : {};
    return isRecord(data['message']) && typeof data['message']['name'] === 'string' ? data['message']['name'] : null;
  };
  const type = String(action['type']);
  const own = type === 'send-email' ? emailName(action) : null;
  if (own !== null) return `email-${own}`;
  if (type === 'time-delay') {
    const next = emailName(byId.get(linksOf(action)[0]?.to ?? null));
    if (next !== null) return `wait-${next}`;
  }
  const n = (unnamed.get(type) ?? 0) + 1;
  unnamed.set(type, n);
  return `${type} ${n}`;
}

// ---------------------------------------------------------------- triggers, filters, operations

function triggerText(trigger: unknown, names: Names): string {
  if (!isRecord(trigger)) return 'nothing';
  const { type, id } = trigger;
  if (type === 'date') {
    const days = Number(trigger['timedelta_value_before_date'] ?? 0);
    const unit = String(trigger['timedelta_unit_before_date'] ?? 'days');
    const before = days === 0 ? 'on' : `${days} ${unit} before`;
    return `${before} the date in "${String(trigger['date_profile_property'])}", ${String(trigger['trigger_time']).slice(0, 5)}`;
  }
  const name = typeof id === 'string' ? titleOf(names.of(id)) : 'not set';
  if (type === 'segment') return `entering the segment "${name}"`;
  if (type === 'list') return `joining the list "${name}"`;
  if (type !== 'metric') return String(type);
  const filter = trigger['trigger_filter'];
  return isRecord(filter) ? `"${name}", only if ${filterText(filter, names)}` : `"${name}"`;
}

function reentryText(criteria: unknown): string {
  if (!isRecord(criteria)) return 'as set in Klaviyo';
  const { duration, unit } = criteria;
  if (unit === 'alltime') return duration === 1 ? 'never' : 'always';
  return `after ${String(duration)} ${String(unit)}${duration === 1 ? '' : 's'}`;
}

/** Groups are joined by `and`, their conditions by `or`. */
export function filterText(filter: unknown, names: Names): string {
  const groups = isRecord(filter) && Array.isArray(filter['condition_groups']) ? filter['condition_groups'] : [];
  if (groups.length === 0) return 'everyone';
  const parts = groups.map((group) => {
    const conditions = isRecord(group) && Array.isArray(group['conditions']) ? group['conditions'] : [];
    const words = conditions.map((condition) => conditionText(condition, names));
    return words.length > 1 && groups.length > 1 ? `(${listed(words, 'or')})` : listed(words, 'or');
  });
  return listed(parts, 'and');
}

function conditionText(condition: unknown, names: Names): string {
  if (!isRecord(condition)) return 'something';
  switch (condition['type']) {
    case 'profile-metric': {
      const name = names.of(String(condition['metric_id']));
      const filter = isRecord(condition['measurement_filter']) ? condition['measurement_filter'] : {};
      const { operator, value } = filter;
      const where = Array.isArray(condition['metric_filters'])
        ? condition['metric_filters']
            .filter(isRecord)
            .map((one) => `"${String(one['property'])}" ${testText(one['filter'])}`)
        : [];
      const which = where.length === 0 ? `"${name}"` : `"${name}" (${listed(where)})`;
      const when = timeText(condition['timeframe_filter']);
      if (condition['measurement'] === 'sum') return `the sum of ${which}${when} ${testText(filter)}`;
      const isNone = (operator === 'equals' && value === 0) || (operator === 'less-than' && value === 1);
      return isNone ? `no ${which}${when}` : `${countText(operator)} ${String(value)} ${which}${when}`;
    }
    case 'profile-property':
      return `"${String(condition['property'])}" ${testText(condition['filter'])}`;
    case 'metric-property':
      return `its "${String(condition['field'])}" ${testText(condition['filter'])}`;
    case 'profile-sample':
      return `a random ${String(condition['percentage'])}%`;
    case 'profile-group-membership': {
      const ids = Array.isArray(condition['group_ids']) ? condition['group_ids'].map(String) : [];
      return `${condition['is_member'] === true ? 'in' : 'not in'} ${listed(
        ids.map((id) => `"${names.of(id)}"`),
        'or',
      )}`;
    }
    default:
      return `a condition of the kind ${String(condition['type'])}`;
  }
}

function testText(filter: unknown): string {
  if (!isRecord(filter)) return 'is something';
  const { operator, value, quantity, unit } = filter;
  const known: Readonly<Record<string, string>> = {
    equals: 'is',
    'not-equals': 'is not',
    'greater-than': 'is above',
    'greater-than-or-equal': 'is at least',
    'less-than': 'is below',
    'less-than-or-equal': 'is at most',
    contains: 'contains',
    'not-contains': 'does not contain',
    in: 'is one of',
    'not-in': 'is none of',
  };
  if (operator === 'is-set') return 'is set';
  if (operator === 'not-set') return 'is not set';
  if (operator === 'at-least') return `lies at least ${String(quantity)} ${String(unit)}s back`;
  if (operator === 'in-the-last') return `lies in the last ${String(quantity)} ${String(unit)}s`;
  return `${known[String(operator)] ?? String(operator)} ${JSON.stringify(value)}`;
}

function countText(operator: unknown): string {
  const known: Readonly<Record<string, string>> = {
    equals: 'exactly',
    'not-equals': 'not',
    'greater-than': 'more than',
    'greater-than-or-equal': 'at least',
    'less-than': 'fewer than',
    'less-than-or-equal': 'at most',
  };
  return known[String(operator)] ?? String(operator);
}

function timeText(timeframe: unknown): string {
  if (!isRecord(timeframe)) return '';
  const { operator, quantity, unit } = timeframe;
  if (operator === 'flow-start') return ' since the start';
  if (operator === 'in-the-last') return ` in the last ${String(quantity)} ${String(unit)}${quantity === 1 ? '' : 's'}`;
  return operator === 'alltime' ? '' : ` (${String(operator)})`;
}

function operationsText(operations: unknown): string {
  if (!Array.isArray(operations)) return 'nothing';
  const words = operations
    .filter(isRecord)
    .map((operation) => `"${String(operation['property_key'])}" = ${String(operation['property_value'] ?? 'removed')}`);
  return listed(words);
}
