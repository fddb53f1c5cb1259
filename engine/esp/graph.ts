// What the vendor's own description of a flow does not see: links that lead nowhere, actions nobody reaches, circles,
// ids that stand twice, and misspelt keys, which an open schema lets through and the vendor then ignores. Every flow is
// held to this before it is written.

import type { Issue } from '../base/index.ts';
import { nearest } from '../workflow/index.ts';
import { isRecord } from './canonical.ts';
import { Problems } from './problems.ts';
import { KEYS } from './vendor-keys.ts';

/** @param definition of a flow, to be created or as read @returns errors with paths such as `actions[2].links.next` */
export function checkFlow(definition: unknown): Issue[] {
  const problems = new Problems();
  if (!isRecord(definition)) {
    problems.error('BAD_FLOW', '', 'A flow definition is an object.');
    return problems.issues;
  }
  knownKeys(definition, 'definition', '', problems);
  checkTriggers(definition['triggers'], problems);
  checkReentry(definition['reentry_criteria'], problems);
  if (isRecord(definition['profile_filter'])) checkGroups(definition['profile_filter'], 'profile_filter', problems);
  const { actions } = definition;
  if (!Array.isArray(actions)) problems.error('BAD_FLOW', 'actions', 'A flow has a list of actions.');
  else {
    actions.forEach((action, i) => {
      checkAction(action, `actions[${i}]`, problems);
    });
    checkGraph(actions, definition['entry_action_id'], problems);
  }
  return problems.issues;
}

/** The same for the body of a call that creates a flow. */
export function checkFlowBody(body: unknown): Issue[] {
  const data = isRecord(body) ? body['data'] : undefined;
  const attributes = isRecord(data) ? data['attributes'] : undefined;
  const at = 'data.attributes.definition';
  if (!isRecord(attributes)) return checkFlow(undefined);
  return checkFlow(attributes['definition']).map((issue) => ({
    ...issue,
    at: issue.at === '' ? at : `${at}.${issue.at}`,
  }));
}

/** Where an action leads, with the path of each link; null ends. */
export function linksOf(action: unknown): { readonly to: string | null; readonly at: string }[] {
  if (!isRecord(action)) return [];
  const found: { to: string | null; at: string }[] = [];
  const add = (links: unknown, at: string) => {
    if (!isRecord(links)) return;
    for (const [key, to] of Object.entries(links)) {
      if (typeof to === 'string' || to === null) found.push({ to, at: `${at}.${key}` });
    }
  };
  add(action['links'], 'links');
  const data = action['data'];
  if (isRecord(data) && Array.isArray(data['branches'])) {
    data['branches'].forEach((branch, i) => {
      if (isRecord(branch)) add(branch['links'], `data.branches[${i}].links`);
    });
  }
  return found;
}

/** The id of an action, whichever it has. */
export function actionId(action: unknown): string | null {
  if (!isRecord(action)) return null;
  const id = action['temporary_id'] ?? action['id'];
  return typeof id === 'string' ? id : null;
}

// ---------------------------------------------------------------- the graph

function checkGraph(actions: readonly unknown[], entry: unknown, problems: Problems): void {
  const places = new Map<string, number>();
  actions.forEach((action, i) => {
    const id = actionId(action);
    if (id === null || id === '') {
      problems.error('NO_ID', `actions[${i}]`, 'An action needs a "temporary_id" (or the "id" the vendor gave it).');
    } else if (places.has(id)) {
      problems.error(
        'DUPLICATE_ID',
        `actions[${i}].temporary_id`,
        `The id "${id}" is taken by actions[${places.get(id)}].`,
      );
    } else places.set(id, i);
  });
  if (typeof entry !== 'string') {
    if (actions.length > 0 || entry !== null) {
      problems.error('NO_ENTRY', 'entry_action_id', 'A flow names the action it starts with.');
    }
    return;
  }
  if (!places.has(entry)) {
    problems.error('DANGLING_LINK', 'entry_action_id', `No action has the id "${entry}".${near(entry, places)}`);
  }
  actions.forEach((action, i) => {
    for (const { to, at } of linksOf(action)) {
      if (to !== null && !places.has(to)) {
        problems.error('DANGLING_LINK', `actions[${i}].${at}`, `No action has the id "${to}".${near(to, places)}`);
      }
    }
  });
  walk(actions, places, entry, problems);
}

/** Depth first: an action met again on the way to itself closes a circle; one never met is not reached. */
function walk(
  actions: readonly unknown[],
  places: ReadonlyMap<string, number>,
  entry: string,
  problems: Problems,
): void {
  const state = new Map<number, 'open' | 'done'>();
  const visit = (id: string | null, from: string) => {
    const i = id === null ? undefined : places.get(id);
    if (i === undefined || state.get(i) === 'done') return;
    if (state.get(i) === 'open') {
      problems.error('CYCLE', from, `This leads back to "${id}", so the flow never ends.`);
      return;
    }
    state.set(i, 'open');
    for (const { to, at } of linksOf(actions[i])) visit(to, `actions[${i}].${at}`);
    state.set(i, 'done');
  };
  visit(entry, 'entry_action_id');
  actions.forEach((action, i) => {
    if (!state.has(i)) {
      problems.error('UNREACHABLE', `actions[${i}]`, `Nothing leads to "${actionId(action) ?? i}".`);
    }
  });
}

function near(id: string, places: ReadonlyMap<string, number>): string {
  const found = nearest(id, [...places.keys()]);
  return found === null ? '' : ` The nearest is "${found}".`;
}

// ---------------------------------------------------------------- single objects

function checkTriggers(triggers: unknown, problems: Problems): void {
  if (!Array.isArray(triggers) || triggers.length !== 1) {
    const n = Array.isArray(triggers) ? triggers.length : 'none';
    problems.error('ONE_TRIGGER', 'triggers', `A flow has exactly one trigger; this has ${n}.`);
    return;
  }
  const [trigger] = triggers as [unknown];
  if (!isRecord(trigger)) return;
  const at = 'triggers[0]';
  const type = trigger['type'] === 'date' ? `date ${String(trigger['date_field_type'])}` : String(trigger['type']);
  knownKeys(trigger, `trigger ${type}`, at, problems);
  if (isRecord(trigger['trigger_filter'])) checkGroups(trigger['trigger_filter'], `${at}.trigger_filter`, problems);
  if (['metric', 'segment', 'list'].includes(type) && !isId(trigger['id'])) {
    problems.error('NO_ID', `${at}.id`, `A ${type} trigger names its ${type}; without it the flow never starts.`);
  }
}

function checkReentry(reentry: unknown, problems: Problems): void {
  if (!isRecord(reentry)) return;
  knownKeys(reentry, 'reentry', 'reentry_criteria', problems);
  const { duration, unit } = reentry;
  const isWrong = unit === 'alltime' ? duration !== 0 && duration !== 1 : !(Number(duration) >= 1);
  if (isWrong) {
    problems.error(
      'BAD_REENTRY',
      'reentry_criteria.duration',
      'Of "alltime" it is 1 (never again) or 0 (always); of other units 1 or more.',
    );
  }
}

function checkAction(action: unknown, at: string, problems: Problems): void {
  if (!isRecord(action)) {
    problems.error('BAD_FLOW', at, 'An action is an object.');
    return;
  }
  const type = String(action['type']);
  if (!(`data ${type}` in KEYS)) return;
  knownKeys(action, 'action', at, problems);
  const { links, data } = action;
  const wanted = type === 'conditional-split' || type === 'trigger-split' ? 'links split' : 'links next';
  if (!isRecord(links))
    problems.error('NO_LINKS', `${at}.links`, 'An action says what comes next; null ends the path.');
  else {
    knownKeys(links, wanted, `${at}.links`, problems);
    for (const key of KEYS[wanted] as readonly string[]) {
      if (!(key in links)) {
        problems.error('NO_LINKS', `${at}.links.${key}`, `"${key}" is missing; null ends the path.`);
      }
    }
  }
  if (!isRecord(data)) {
    problems.error('BAD_FLOW', `${at}.data`, 'An action has its settings under "data".');
    return;
  }
  const dataAt = `${at}.data`;
  knownKeys(data, `data ${type}`, dataAt, problems);
  if (isRecord(data['profile_filter'])) checkGroups(data['profile_filter'], `${dataAt}.profile_filter`, problems);
  if (isRecord(data['trigger_filter'])) checkGroups(data['trigger_filter'], `${dataAt}.trigger_filter`, problems);
  if (type === 'time-delay' && !(Number(data['value']) >= 1)) {
    problems.error(
      'BAD_DELAY',
      `${dataAt}.value`,
      'A wait is at least one minute; leave the action out to wait not at all.',
    );
  }
  if (type === 'send-email') checkMessage(data, dataAt, problems);
}

function checkMessage(data: Record<string, unknown>, at: string, problems: Problems): void {
  const { message, status } = data;
  if (!isRecord(message)) return;
  knownKeys(message, 'message', `${at}.message`, problems);
  if (isRecord(message['additional_filters'])) {
    checkGroups(message['additional_filters'], `${at}.message.additional_filters`, problems);
  }
  if (status === 'live' && !isId(message['template_id'])) {
    problems.error('NO_TEMPLATE', `${at}.message.template_id`, 'A live email needs a template.');
  }
}

function checkGroups(filter: Record<string, unknown>, at: string, problems: Problems): void {
  knownKeys(filter, 'filter', at, problems);
  const groups = filter['condition_groups'];
  if (!Array.isArray(groups) || groups.length === 0) {
    problems.error(
      'EMPTY_FILTER',
      `${at}.condition_groups`,
      'A filter has at least one group of conditions; leave it out to let all pass.',
    );
    return;
  }
  groups.forEach((group, g) => {
    const groupAt = `${at}.condition_groups[${g}]`;
    if (!isRecord(group)) return;
    knownKeys(group, 'group', groupAt, problems);
    const { conditions } = group;
    if (!Array.isArray(conditions) || conditions.length === 0) {
      problems.error('EMPTY_FILTER', `${groupAt}.conditions`, 'A group of conditions has at least one.');
      return;
    }
    conditions.forEach((condition, c) => {
      if (isRecord(condition)) {
        knownKeys(condition, `condition ${String(condition['type'])}`, `${groupAt}.conditions[${c}]`, problems);
      }
    });
  });
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

/** Types without a row are not looked into. */
function knownKeys(record: Record<string, unknown>, kind: string, at: string, problems: Problems): void {
  const known = KEYS[kind];
  if (known === undefined) return;
  for (const key of Object.keys(record)) {
    if (known.includes(key)) continue;
    const meant = nearest(key, known);
    const hint = meant === null ? `Known are ${known.join(', ')}.` : `The nearest is "${meant}".`;
    const path = at === '' ? key : `${at}.${key}`;
    problems.error('UNKNOWN_KEY', path, `"${key}" is no key here, and Klaviyo would ignore it. ${hint}`);
  }
}
