// What stands between the entry of a flow and its first email or fork: who may pass. Splits that end one side are the
// audience, suppression, the holdout; a wait before one that asks for an event since the start is an inaction's window.

import { isRecord } from './canonical.ts';
import { sentProperty } from './flow.ts';
import {
  conditionOf,
  endOf,
  type FileCondition,
  groupsIn,
  oppositeOf,
  type ReadNames,
  singleCondition,
} from './read-conditions.ts';
import type { SequenceReader } from './read-sequence.ts';

export interface Passed {
  /** Where the sequence begins, and how long after the start. */
  readonly next: string | null;
  readonly elapsedMs: number;
  readonly window: { readonly ms: number; readonly without: FileCondition } | null;
  readonly audience: readonly FileCondition[];
  readonly suppress: readonly FileCondition[];
  readonly holdout: FileCondition | null;
  readonly consent: string | null;
  /** `count` and `within` of a behavior. */
  readonly count: FileCondition | null;
  /** Filters on the person at the starting event. */
  readonly where: readonly FileCondition[];
  readonly leadMs: number;
}

type Group = readonly Record<string, unknown>[];

export class Gatekeeper {
  readonly #reader: SequenceReader;
  readonly #names: ReadNames;
  readonly #isReceived: (event: unknown) => boolean;
  readonly #workflowId: string;
  readonly #actionNames: Readonly<Record<string, string>>;

  constructor(
    reader: SequenceReader,
    names: ReadNames,
    isReceived: (event: unknown) => boolean,
    workflowId: string,
    actionNames: Readonly<Record<string, string>>,
  ) {
    this.#reader = reader;
    this.#names = names;
    this.#isReceived = isReceived;
    this.#workflowId = workflowId;
    this.#actionNames = actionNames;
  }

  pass(entry: string | null, event: FileCondition | null): Passed {
    let window: Passed['window'] = null;
    let holdout: FileCondition | null = null;
    let consent: string | null = null;
    let count: FileCondition | null = null;
    const where: FileCondition[] = [];
    const audience: FileCondition[] = [];
    const suppress: FileCondition[] = [];
    const seen = new Set<string>();
    const given = (elapsedMs: number, next: string | null): Passed => ({
      next,
      elapsedMs,
      window,
      audience,
      suppress,
      holdout,
      consent,
      count,
      where,
      leadMs: 0,
    });
    let id = entry;
    for (;;) {
      const action = this.#reader.action(id);
      if (action === undefined || seen.has(id as string)) return given(window?.ms ?? 0, id);
      seen.add(id as string);
      const name = this.#nameOf(action, id as string);
      if (action['type'] === 'time-delay') {
        const after = this.#windowAfter(action, event, window);
        if (after === null) return given(window?.ms ?? 0, id);
        window = { ms: after.ms, without: after.without };
        id = after.next;
        continue;
      }
      if (action['type'] === 'update-profile' && name.startsWith('arm-')) {
        id = linkOf(action, 'next');
        continue;
      }
      if (action['type'] !== 'conditional-split') return given(window?.ms ?? 0, id);
      const groups = groupsIn(isRecord(action['data']) ? action['data']['profile_filter'] : null);
      const yes = linkOf(action, 'next_if_true');
      const no = linkOf(action, 'next_if_false');
      const drawn = this.#drawn(groups, yes, no);
      if (drawn !== null) {
        holdout = drawn.holdout;
        id = drawn.next;
        continue;
      }
      if (isKnownArm(groups) && yes === null) {
        id = this.#behindArm(no);
        continue;
      }
      if (yes !== null && no !== null) return given(window?.ms ?? 0, id);
      const isGate = no === null;
      const sent = isGate ? this.#sent(groups, name) : null;
      const condition = conditionOf(groups, this.#names);
      if (sent !== null) suppress.push(sent);
      else if (condition === null || JSON.stringify(condition).includes('"since":"trigger"')) {
        return given(window?.ms ?? 0, id);
      } else if (!isGate) suppress.push({ id: suppressionId(name, suppress.length), if: condition });
      else if (name === 'consent' && condition['is'] === 'property') consent = String(condition['property']);
      else if (name.startsWith('unless-')) {
        suppress.push({ id: suppressionId(name, suppress.length), if: oppositeOf(groups, this.#names) });
      } else if (window === null && event !== null) {
        for (const group of groups) {
          const counted = name === 'audience' ? null : countOf(group, event, this.#names);
          const personal = name === 'entry' ? personFilter(group, this.#names) : null;
          if (counted !== null) count = counted;
          else if (personal !== null) where.push(personal);
          else audience.push(conditionOf([group], this.#names) as FileCondition);
        }
      } else audience.push(...((condition['all'] as FileCondition[] | undefined) ?? [condition]));
      id = yes ?? no;
    }
  }

  #nameOf(action: Record<string, unknown>, id: string): string {
    const temporary = action['temporary_id'];
    return this.#actionNames[id] ?? (typeof temporary === 'string' ? temporary : '');
  }

  /** A wait, and right behind it a split that lets pass who has not done something since the start. */
  #windowAfter(action: Record<string, unknown>, event: FileCondition | null, window: Passed['window']) {
    const split = this.#reader.action(linkOf(action, 'next'));
    if (event === null || window !== null || split?.['type'] !== 'conditional-split') return null;
    if (linkOf(split, 'next_if_false') !== null || linkOf(split, 'next_if_true') === null) return null;
    const groups = groupsIn(isRecord(split['data']) ? split['data']['profile_filter'] : null);
    const only = groups.length === 1 && groups[0]?.length === 1 ? groups[0][0] : undefined;
    const without = only === undefined ? null : endOf(only, this.#names);
    if (without === null) return null;
    return { ms: this.#reader.waitMs(action), without, next: linkOf(split, 'next_if_true') };
  }

  /** A lot that ends one side: by our properties, or by itself. */
  #drawn(groups: readonly Group[], yes: string | null, no: string | null) {
    const sample = groups.flat().find((condition) => condition['type'] === 'profile-sample');
    const percentage = sample?.['percentage'];
    if (typeof percentage !== 'number') return null;
    const salt = groups
      .flat()
      .map(ownSalt)
      .find((value) => value !== null);
    if (salt !== undefined && salt !== null) return { holdout: { fraction: percentage / 100, salt }, next: no };
    if (groups.length !== 1 || groups[0]?.length !== 1) return null;
    if (yes === null && no !== null) return { holdout: { fraction: percentage / 100 }, next: no };
    return no === null && yes !== null ? { holdout: { fraction: (100 - percentage) / 100 }, next: yes } : null;
  }

  /** Past the action that writes down who is treated. */
  #behindArm(id: string | null): string | null {
    const action = this.#reader.action(id);
    const data = action !== undefined && isRecord(action['data']) ? action['data'] : {};
    const operations = Array.isArray(data['profile_operations']) ? data['profile_operations'] : [];
    const isOurs = operations.some((one) => isRecord(one) && /^foresend_.*_salt$/.test(String(one['property_key'])));
    return action?.['type'] === 'update-profile' && isOurs ? linkOf(action, 'next') : id;
  }

  /** Had no email of this workflow, or of any, lately. */
  #sent(groups: readonly Group[], name: string): FileCondition | null {
    const [group] = groups;
    if (groups.length !== 1 || group === undefined) return null;
    const id = suppressionId(name, 0);
    const own = group.find((condition) => condition['property'] === sentProperty(this.#workflowId));
    const filter = own?.['filter'];
    if (isRecord(filter) && filter['operator'] === 'at-least' && filter['unit'] === 'day') {
      return { id, sent: { workflow: this.#workflowId, within: `${String(filter['quantity'])}d` } };
    }
    const only = group.length === 1 ? singleCondition(group[0] as Record<string, unknown>, this.#names) : null;
    const isNone =
      only?.['is'] === 'count' && only['op'] === '=' && only['value'] === 0 && this.#isReceived(only['event']);
    return isNone && typeof only?.['inLast'] === 'string'
      ? { id, sent: { workflow: '*', within: only['inLast'] } }
      : null;
  }
}

function linkOf(action: Record<string, unknown>, key: string): string | null {
  const links = action['links'];
  const to = isRecord(links) ? links[key] : undefined;
  return typeof to === 'string' ? to : null;
}

function suppressionId(name: string, n: number): string {
  return name.startsWith('unless-') ? name.slice('unless-'.length) : `left-out-${n + 1}`;
}

function ownSalt(condition: Record<string, unknown>): string | null {
  const filter = condition['filter'];
  const isSalt = condition['type'] === 'profile-property' && /^foresend_.*_salt$/.test(String(condition['property']));
  return isSalt && isRecord(filter) && typeof filter['value'] === 'string' ? filter['value'] : null;
}

function isKnownArm(groups: readonly Group[]): boolean {
  return groups.flat().some((condition) => /^foresend_.*_arm$/.test(String(condition['property'])));
}

/** The starting event, so many times in a period. */
function countOf(group: Group, event: FileCondition, names: ReadNames): FileCondition | null {
  const read = group.length === 1 ? singleCondition(group[0] as Record<string, unknown>, names) : null;
  const isCount = read?.['is'] === 'count' && read['op'] === '>=' && read['event'] === event['event'];
  if (!isCount || typeof read['inLast'] !== 'string' || (read['value'] as number) < 2) return null;
  const sameWhere = JSON.stringify(read['where'] ?? []) === JSON.stringify(event['where'] ?? []);
  return sameWhere ? { count: read['value'], within: read['inLast'] } : null;
}

function personFilter(group: Group, names: ReadNames): FileCondition | null {
  const read = conditionOf([group], names);
  if (read === null || read['is'] !== 'property') return null;
  const { is: _, property, ...test } = read;
  return { property: `person.${String(property)}`, ...test };
}
