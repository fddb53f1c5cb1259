// What differs between two workflow files, place by place and as one plain sentence: "window 60 min to 2 h". Lists whose
// entries have ids are held against each other by id, so that an inserted step changes no other. Durations are equal
// where they last equally long, however they are written.

import { capital, humanDuration, listed, parseDuration, percent } from '../base/index.ts';
import type { WorkflowFile } from '../workflow/index.ts';

export interface FieldChange {
  /** As `--set` takes it. */
  readonly path: string;
  /** Undefined: not there. */
  readonly before: unknown;
  readonly after: unknown;
  /** `window 60 min to 2 h`. */
  readonly words: string;
}

/** In the order of the second file; what only the first has comes where it stood. */
export function workflowChanges(first: WorkflowFile, second: WorkflowFile): readonly FieldChange[] {
  const found: FieldChange[] = [];
  collect(plain(first), plain(second), '', found);
  return found.filter(({ path }) => path !== '$schema');
}

/** One sentence. */
export function changeSentence(changes: readonly FieldChange[]): string {
  if (changes.length === 0) return 'Nothing in the workflow differs.';
  const told = changes.slice(0, 6).map(({ words }) => words);
  const rest = changes.length - told.length;
  return `${capital(listed(rest === 0 ? told : [...told, `${rest} more`]))}.`;
}

function plain(file: WorkflowFile): Record<string, unknown> {
  return JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
}

function collect(was: unknown, is: unknown, path: string, found: FieldChange[]): void {
  if (isSame(was, is)) return;
  // A list that is not there is an empty one.
  const before = was === undefined && hasIds(is) ? [] : was;
  const after = is === undefined && hasIds(was) ? [] : is;
  if (isRecord(before) && isRecord(after)) {
    const isOther = before['type'] !== after['type'] || before['is'] !== after['is'];
    if (!isOther) {
      for (const key of keysOf(before, after)) collect(before[key], after[key], joined(path, key), found);
      return;
    }
  } else if (hasIds(before) && hasIds(after)) {
    const ids = keysOf(byId(before), byId(after));
    for (const id of ids) collect(byId(before)[id], byId(after)[id], joined(path, id), found);
    const kept = (list: readonly { id: string }[], other: readonly { id: string }[]) =>
      list.map(({ id }) => id).filter((id) => other.some((one) => one.id === id));
    if (kept(before, after).join('\n') !== kept(after, before).join('\n')) {
      const order = kept(after, before);
      const words = `${fieldWords(path)} in the order ${order.join(', ')}`;
      found.push({ path, before: kept(before, after), after: order, words });
    }
    return;
  } else if (before === undefined && isRecord(after) && !isWhole(path)) {
    for (const key of Object.keys(after)) collect(undefined, after[key], joined(path, key), found);
    return;
  }
  found.push({ path, before, after, words: wordsOf(path, before, after) });
}

/** Said whole where it appears or goes, not key by key. */
function isWhole(path: string): boolean {
  return (
    /^(trigger|audience|suppress\..+|sequence\.[^.]+|secondary\..+|incentive)$/.test(path) ||
    /\.(if|incentive)$/.test(path)
  );
}

function keysOf(before: object, after: object): readonly string[] {
  return [...new Set([...Object.keys(after), ...Object.keys(before)])];
}

function joined(path: string, key: string): string {
  const part = /^[\w$-]+$/.test(key) ? key : JSON.stringify(key);
  return path === '' ? part : `${path}.${part}`;
}

function isSame(before: unknown, after: unknown): boolean {
  if (typeof before === 'string' && typeof after === 'string') {
    const [x, y] = [parseDuration(before), parseDuration(after)];
    return before === after || (x !== null && x === y);
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((one, i) => isSame(one, after[i]));
  }
  if (isRecord(before) && isRecord(after)) return keysOf(before, after).every((key) => isSame(before[key], after[key]));
  return before === after;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasIds(value: unknown): value is readonly { readonly id: string }[] {
  return Array.isArray(value) && value.every((one) => isRecord(one) && typeof one['id'] === 'string');
}

function byId(list: readonly { readonly id: string }[]): Record<string, unknown> {
  return Object.fromEntries(list.map((one) => [one.id, one]));
}

const FIELDS: Readonly<Record<string, string>> = {
  'trigger.within': 'window',
  'trigger.for': 'window',
  trigger: 'trigger',
  'holdout.fraction': 'held out',
  'holdout.salt': 'salt of the holdout',
  'goal.within': 'goal window',
  'goal.event': 'goal',
  'economics.margin': 'margin',
  'economics.costPerSend': 'cost per email',
  'economics.orderValue': 'value per order',
  reentry: 're-entry',
  'exit.after': 'end of an enrollment after',
};

function fieldWords(path: string): string {
  const known = FIELDS[path];
  if (known !== undefined) return known;
  const step = /^sequence\.([^.]+)(?:\.(.+))?$/.exec(path);
  if (step !== null) return step[2] === undefined ? `email ${step[1]}` : `${plainWords(step[2])} of ${step[1]}`;
  const rule = /^suppress\.([^.]+)(?:\.(.+))?$/.exec(path);
  if (rule !== null) return rule[2] === undefined ? `suppression ${rule[1]}` : `${plainWords(rule[2])} of ${rule[1]}`;
  return plainWords(path);
}

/** `gates.sendTime.within` → `gates send time within`. */
function plainWords(path: string): string {
  return path
    .replace(/[.]/g, ' ')
    .replace(/([a-z])([A-Z])/g, (_, low: string, high: string) => `${low} ${high.toLowerCase()}`);
}

const MOST_LETTERS = 60;

function wordsOf(path: string, before: unknown, after: unknown): string {
  const field = fieldWords(path);
  if (before === undefined) return isRecord(after) ? `${field} added` : `${field} added: ${valueWords(path, after)}`;
  if (after === undefined)
    return isRecord(before) ? `${field} taken out` : `${field} taken out (was ${valueWords(path, before)})`;
  const [was, is] = [valueWords(path, before), valueWords(path, after)];
  const told = `${field} ${was} to ${is}`;
  return was.length + is.length > 2 * MOST_LETTERS ? `${field} changed` : told;
}

function valueWords(path: string, value: unknown): string {
  if (typeof value === 'number') {
    return /(fraction|margin|organicRedemption)$/.test(path) ? percent(value) : String(value);
  }
  if (typeof value === 'string') {
    const ms = parseDuration(value);
    return ms === null ? `"${value}"` : humanDuration(ms);
  }
  if (isRecord(value) && typeof value['type'] === 'string') return value['type'];
  return typeof value === 'boolean' ? String(value) : JSON.stringify(value);
}
