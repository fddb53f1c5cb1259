// Adding, moving and renaming suppression rules, as settings of their list. Rules are asked in the file's order, and the
// first that holds is the reason: moving one changes which rule a candidate is counted under, not whether they enroll.

import type { Setting, WorkflowFile } from '../../../engine/workflow/index.ts';
import { valueAt } from './values.ts';

type FileRule = Readonly<Record<string, unknown>>;

export interface RuleEdit {
  readonly settings: readonly Setting[];
  readonly label: string;
  /** The row to select afterwards. */
  readonly select: string;
}

export type RuleKind = 'recent-email' | 'did' | 'spent' | 'person';

export const RULE_KINDS: readonly { readonly kind: RuleKind; readonly label: string }[] = [
  { kind: 'recent-email', label: 'Emailed lately' },
  { kind: 'did', label: 'Did something lately' },
  { kind: 'spent', label: 'An amount too small' },
  { kind: 'person', label: 'A property of the person' },
];

/** @param after the index of the rule it comes after; null: at the end @param event that a rule about events begins with */
export function addRule(file: WorkflowFile, kind: RuleKind, after: number | null, event: string): RuleEdit {
  const list = rulesOf(file);
  const id = freshId(
    kind,
    list.map((rule) => String(rule['id'])),
  );
  const rules = [...list];
  rules.splice(after === null ? list.length : after + 1, 0, { id, ...newRule(kind, file, event) });
  return { settings: [{ path: 'suppress', value: rules }], label: `add rule ${id}`, select: `rule:${id}` };
}

/** @returns null where there is no such neighbour */
export function moveRule(file: WorkflowFile, index: number, by: 1 | -1): RuleEdit | null {
  const list = rulesOf(file);
  const [mine, other] = [list[index], list[index + by]];
  if (mine === undefined || other === undefined) return null;
  const rules = [...list];
  rules[index] = other;
  rules[index + by] = mine;
  return {
    settings: [{ path: 'suppress', value: rules }],
    label: `move ${mine['id']} ${by < 0 ? 'before' : 'after'} ${other['id']}`,
    select: `rule:${mine['id']}`,
  };
}

export function removeRule(file: WorkflowFile, index: number): RuleEdit | null {
  const list = rulesOf(file);
  const rule = list[index];
  if (rule === undefined) return null;
  const rest = list.filter((_, i) => i !== index);
  const next = rest[Math.min(index, rest.length - 1)];
  return {
    settings: [{ path: 'suppress', value: rest.length === 0 ? null : rest }],
    label: `remove ${rule['id']}`,
    select: next === undefined ? 'enrolled' : `rule:${next['id']}`,
  };
}

export function rulesOf(file: WorkflowFile): readonly FileRule[] {
  const list = valueAt(file, 'suppress');
  return Array.isArray(list) ? (list as FileRule[]) : [];
}

function newRule(kind: RuleKind, file: WorkflowFile, event: string): FileRule {
  switch (kind) {
    case 'recent-email':
      return { sent: { workflow: String(valueAt(file, 'id')), within: '7d' } };
    case 'did':
      return { if: { is: 'count', event, op: '>=', value: 1, inLast: '30d' } };
    case 'spent':
      return { if: { is: 'sum', event, property: 'value', op: '<', value: 20, inLast: '24h' } };
    case 'person':
      return { where: [{ property: 'person.opted_out', op: '=', value: true }] };
  }
}

const NAMES: Readonly<Record<RuleKind, string>> = {
  'recent-email': 'recent-email',
  did: 'did-lately',
  spent: 'small-amount',
  person: 'opted-out',
};

function freshId(kind: RuleKind, taken: readonly string[]): string {
  const base = NAMES[kind];
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}-${n}`)) return `${base}-${n}`;
}
