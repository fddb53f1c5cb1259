// The actions of a flow as steps and branches. Waits add up to a delay from the trigger. Paths that end alike are one
// branch with what they share behind it. A split inside a path has no place in a workflow: its condition is put on each
// email behind it, and that is said. Whatever else has no words is kept as it stood, and the reader goes on behind it.

import { formatDuration } from '../base/index.ts';
import { isRecord } from './canonical.ts';
import { actionId, linksOf } from './graph.ts';
import { conditionOf, type FileCondition, groupsIn, type ReadNames, singleCondition } from './read-conditions.ts';
import { readSubject } from './read-liquid.ts';
import { DELAY_UNIT_MS } from './spans.ts';
import type { Unexpressed } from './types.ts';

export interface ReadStep {
  readonly name: string;
  readonly dueMs: number;
  readonly if: readonly FileCondition[];
  readonly subject: string | null;
  readonly templateId: string | null;
  readonly actionId: string;
}
export interface ReadBranch {
  readonly paths: readonly { readonly if: FileCondition; readonly steps: readonly ReadStep[] }[];
  readonly else: readonly ReadStep[];
}
export type ReadItem = ReadStep | ReadBranch;

export interface ReadCap {
  readonly n: number;
  readonly within: string;
}

type Action = Record<string, unknown>;
type Split = { readonly condition: FileCondition | null; readonly to: string | null };

export class SequenceReader {
  readonly unexpressed: Unexpressed[] = [];
  readonly caps = new Map<string, ReadCap>();
  readonly #actions: readonly Action[];
  readonly #byId: ReadonlyMap<string | null, Action>;
  readonly #names: ReadNames;
  readonly #isReceived: (event: unknown) => boolean;
  readonly #shared: readonly FileCondition[];

  /** @param shared asked before every email, because the flow's own filter does */
  constructor(
    actions: readonly Action[],
    names: ReadNames,
    isReceived: (event: unknown) => boolean,
    shared: readonly FileCondition[],
  ) {
    this.#actions = actions;
    this.#byId = new Map(
      actions.filter((action) => actionId(action) !== null).map((action) => [actionId(action), action]),
    );
    this.#names = names;
    this.#isReceived = isReceived;
    this.#shared = shared;
  }

  action(id: string | null): Action | undefined {
    return this.#byId.get(id);
  }

  keep(action: unknown, words: string): void {
    const at = `actions[${this.#actions.indexOf(action as Action)}]`;
    if (!this.unexpressed.some((other) => other.at === at && other.words === words)) {
      this.unexpressed.push({ at, words, verbatim: action });
    }
  }

  /** @param elapsedMs since the trigger */
  items(id: string | null, elapsedMs: number): ReadItem[] {
    const { steps, next, elapsedMs: now } = this.#straight(id, elapsedMs, [], new Set());
    const splitting = this.#byId.get(next);
    if (splitting === undefined) return steps;
    const splits = this.#splits(splitting, new Set());
    const read = splits.map((split) => ({
      condition: split.condition,
      steps: this.#flat(split.to, now, [], new Set([next as string])),
    }));
    const lists = read.map((path) => path.steps);
    const shared = commonEnd(lists);
    const tail = (lists[0] ?? []).slice((lists[0] ?? []).length - shared);
    const own = read.map((path) => ({ ...path, steps: path.steps.slice(0, path.steps.length - shared) }));
    if (own.every((path) => path.steps.length === 0)) return [...steps, ...tail];
    const paths = own.flatMap(({ condition, steps: inner }) =>
      condition === null ? [] : [{ if: condition, steps: inner }],
    );
    const rest = own.find(({ condition }) => condition === null)?.steps ?? [];
    return paths.length === 0 ? [...steps, ...rest, ...tail] : [...steps, { paths, else: rest }, ...tail];
  }

  /** The emails up to the next split or the end. */
  #straight(
    from: string | null,
    elapsedMs: number,
    conditions: readonly FileCondition[],
    passed: Set<string>,
  ): { steps: ReadStep[]; next: string | null; elapsedMs: number } {
    const steps: ReadStep[] = [];
    let id = from;
    let now = elapsedMs;
    for (;;) {
      const action = this.#byId.get(id);
      if (action === undefined || passed.has(id as string)) return { steps, next: null, elapsedMs: now };
      const { type } = action;
      if (type === 'conditional-split' || type === 'trigger-split' || type === 'multi-branch-split') {
        return { steps, next: id, elapsedMs: now };
      }
      passed.add(id as string);
      if (type === 'time-delay') now += this.waitMs(action);
      else if (type === 'send-email') steps.push(...this.#email(action, now, conditions));
      else if (!isOwnNote(action))
        this.keep(action, `An action of the kind "${String(type)}" has no place in a workflow.`);
      id = linksOf(action)[0]?.to ?? null;
    }
  }

  /** All emails behind a place, splits turned into conditions of the emails. */
  #flat(
    id: string | null,
    elapsedMs: number,
    conditions: readonly FileCondition[],
    passed: ReadonlySet<string>,
  ): ReadStep[] {
    const own = new Set(passed);
    const { steps, next, elapsedMs: now } = this.#straight(id, elapsedMs, conditions, own);
    const splitting = this.#byId.get(next);
    if (splitting === undefined) return steps;
    this.keep(splitting, 'A split inside a path: its condition is asked when each email behind it is due.');
    own.add(next as string);
    const splits = this.#splits(splitting, own);
    const before: FileCondition[] = [];
    const lists = splits.map(({ condition, to }) => {
      const asked = condition === null ? [...before] : [...before, condition];
      if (condition !== null) before.push({ not: condition });
      return this.#flat(to, now, [...conditions, ...asked], own);
    });
    return [...steps, ...lists.flat().sort((a, b) => a.dueMs - b.dueMs)];
  }

  /** The paths of a split, those of a chain of splits on the `no` side too; the last, without a condition, takes the rest. */
  #splits(action: Action, seen: Set<string>): Split[] {
    const data = isRecord(action['data']) ? action['data'] : {};
    if (action['type'] === 'multi-branch-split') {
      const branches = (Array.isArray(data['branches']) ? data['branches'] : []).filter(isRecord);
      return branches.map((branch) => {
        const links = isRecord(branch['links']) ? branch['links'] : {};
        const to = typeof links['next'] === 'string' ? links['next'] : null;
        if (branch['is_else'] === true) return { condition: null, to };
        return { condition: this.#condition(action, branch['branch_filter']), to };
      });
    }
    const links = isRecord(action['links']) ? action['links'] : {};
    const yes = typeof links['next_if_true'] === 'string' ? links['next_if_true'] : null;
    const no = typeof links['next_if_false'] === 'string' ? links['next_if_false'] : null;
    const filter = action['type'] === 'trigger-split' ? undefined : data['profile_filter'];
    const condition = this.#condition(action, filter);
    if (condition === null) return [{ condition: null, to: this.#nEmails(yes) >= this.#nEmails(no) ? yes : no }];
    const chained = this.#byId.get(no);
    if (chained?.['type'] === 'conditional-split' && !seen.has(no as string)) {
      seen.add(no as string);
      return [{ condition, to: yes }, ...this.#splits(chained, seen)];
    }
    return [
      { condition, to: yes },
      { condition: null, to: no },
    ];
  }

  #condition(action: Action, filter: unknown): FileCondition | null {
    const condition = conditionOf(groupsIn(filter), this.#names);
    if (condition === null)
      this.keep(action, 'The condition of this split has no words here; the longer path is followed.');
    return condition;
  }

  #nEmails(id: string | null, seen = new Set<string>()): number {
    const action = this.#byId.get(id);
    if (action === undefined || seen.has(id as string)) return 0;
    seen.add(id as string);
    const here = action['type'] === 'send-email' ? 1 : 0;
    return linksOf(action).reduce((n, { to }) => n + this.#nEmails(to, seen), here);
  }

  waitMs(action: Action): number {
    const data = isRecord(action['data']) ? action['data'] : {};
    const weekdays = data['delay_until_weekdays'];
    const isUntil =
      typeof data['delay_until_time'] === 'string' ||
      (Array.isArray(weekdays) && weekdays.length > 0 && weekdays.length < 7);
    if (isUntil) this.keep(action, 'This wait goes on until a time of day or a weekday; only its length is taken.');
    const unitMs = DELAY_UNIT_MS[(data['unit'] ?? 'days') as keyof typeof DELAY_UNIT_MS] ?? 0;
    return Number(data['value'] ?? 0) * unitMs;
  }

  #email(action: Action, dueMs: number, conditions: readonly FileCondition[]): ReadStep[] {
    const data = isRecord(action['data']) ? action['data'] : {};
    const message = isRecord(data['message']) ? data['message'] : {};
    const id = actionId(action) ?? '';
    if (data['status'] === 'disabled') {
      this.keep(action, 'This email is switched off, so it is left out.');
      return [];
    }
    if (message['smart_sending_enabled'] !== false) {
      this.keep(
        action,
        'Smart Sending skips people who had an email within the hours set in the account; here they get it.',
      );
    }
    const asked: FileCondition[] = [];
    for (const group of groupsIn(message['additional_filters'])) {
      const cap = this.#cap(group);
      if (cap !== null) this.caps.set(JSON.stringify(cap), cap);
      else {
        const condition = conditionOf([group], this.#names);
        if (condition === null) this.keep(action, 'A filter on this email has no words here.');
        else asked.push(condition);
      }
    }
    const subject = message['subject_line'];
    const read = typeof subject === 'string' ? readSubject(subject) : null;
    if (read !== null && !read.isExact)
      this.keep(action, `The subject line "${read.text}" is kept as it stands there.`);
    const template = message['template_id'];
    return [
      {
        name: typeof message['name'] === 'string' && message['name'].trim() !== '' ? message['name'] : `email-${id}`,
        dueMs,
        if: [...this.#shared, ...conditions, ...asked],
        subject: read?.text ?? null,
        templateId: typeof template === 'string' ? template : null,
        actionId: id,
      },
    ];
  }

  /** Fewer than so many emails received lately. */
  #cap(group: readonly Record<string, unknown>[]): ReadCap | null {
    const [only, ...more] = group;
    const read = only === undefined || more.length > 0 ? null : singleCondition(only, this.#names);
    const isCap = read !== null && read['is'] === 'count' && read['op'] === '<' && this.#isReceived(read['event']);
    if (!isCap || typeof read['inLast'] !== 'string' || 'where' in read) return null;
    return { n: read['value'] as number, within: read['inLast'] };
  }
}

/** The item of a workflow file. @param shiftMs taken from every delay */
export function itemOf(item: ReadItem, index: number, shiftMs: number, id: (name: string) => string): FileCondition {
  if (!('paths' in item)) return stepOf(item, shiftMs, id);
  const inner = (steps: readonly ReadStep[]) => steps.map((step) => stepOf(step, shiftMs, id));
  return {
    id: id(`branch-${index + 1}`),
    branch: item.paths.map((path, p) => ({ id: `path-${p + 1}`, if: path.if, steps: inner(path.steps) })),
    ...(item.else.length === 0 ? {} : { else: inner(item.else) }),
  };
}

function stepOf(step: ReadStep, shiftMs: number, id: (name: string) => string): FileCondition {
  return {
    id: id(step.name),
    delay: formatDuration(step.dueMs - shiftMs),
    ...(step.if.length === 0 ? {} : { if: step.if.length === 1 ? step.if[0] : { all: step.if } }),
    ...(step.subject === null ? {} : { subject: step.subject }),
    ...(step.templateId === null ? {} : { template: { klaviyo: step.templateId } }),
  };
}

/** How many steps at the end are the same on every path. */
function commonEnd(lists: readonly (readonly ReadStep[])[]): number {
  const [first = [], ...rest] = lists;
  if (rest.length === 0) return 0;
  const text = (step: ReadStep | undefined) =>
    step === undefined ? '' : JSON.stringify([step.name, step.dueMs, step.if, step.subject]);
  let n = 0;
  while (n < first.length && rest.every((list) => n < list.length && text(list.at(-1 - n)) === text(first.at(-1 - n))))
    n++;
  return n;
}

/** A property that a flow of ours writes. */
function isOwnNote(action: Action): boolean {
  const data = isRecord(action['data']) ? action['data'] : {};
  const operations = Array.isArray(data['profile_operations']) ? data['profile_operations'] : [];
  return (
    action['type'] === 'update-profile' &&
    operations.length > 0 &&
    operations.every((one) => isRecord(one) && String(one['property_key']).startsWith('foresend_'))
  );
}
