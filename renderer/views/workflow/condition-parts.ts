// Conditions of a workflow file in words, with their values as pieces that can be edited.

import { listed } from '../../../engine/base/index.ts';
import type { SentencePart, SentenceValue } from './sentence-parts.ts';
import type { ValueKind } from './values.ts';

/** Reads the file by path, and makes editable values of what is there. */
export interface Draft {
  readonly at: (path: string) => unknown;
  readonly value: (path: string, kind: ValueKind, name: string) => SentenceValue;
  /** Money where it is a number. */
  readonly amount: (path: string, name: string) => SentenceValue;
}

const MORE_OR_LESS: Readonly<Record<string, string>> = {
  '=': 'exactly',
  '!=': 'not',
  '<': 'fewer than',
  '<=': 'at most',
  '>': 'more than',
  '>=': 'at least',
};
const IS: Readonly<Record<string, string>> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'is under',
  '<=': 'is at most',
  '>': 'is over',
  '>=': 'is at least',
  contains: 'contains',
};

/**
 * @param path of a condition, or of a list of them that hold as `group` says
 * @param name of the rule, for Undo
 */
export function conditionParts(draft: Draft, path: string, group: 'all' | 'any' = 'all', name = ''): SentencePart[] {
  const node = draft.at(path);
  if (Array.isArray(node)) {
    return node.flatMap((inner, i) => {
      const parts = conditionParts(draft, `${path}[${i}]`, 'all', name);
      const isGroup = typeof inner === 'object' && inner !== null && ('any' in inner || 'all' in inner);
      return [
        ...(i === 0 ? [] : [group === 'all' ? ' and ' : ' or ']),
        ...(isGroup && node.length > 1 ? ['(', ...parts, ')'] : parts),
      ];
    });
  }
  if (typeof node !== 'object' || node === null) return [];
  for (const key of ['all', 'any'] as const) {
    if (key in node) return conditionParts(draft, `${path}.${key}`, key, name);
  }
  if ('not' in node) return ['not (', ...conditionParts(draft, `${path}.not`, 'all', name), ')'];
  return leafParts(draft, path, node as Record<string, unknown>, name);
}

function leafParts(draft: Draft, path: string, leaf: Record<string, unknown>, name: string): SentencePart[] {
  const op = String(leaf['op']);
  const events = Array.isArray(leaf['events']) ? leaf['events'].map(String) : [];
  const label = (word: string) => (name === '' ? word : name);
  const last: SentencePart[] =
    leaf['inLast'] === undefined
      ? leaf['since'] === 'trigger'
        ? [' since the trigger']
        : []
      : [' in the last ', draft.value(`${path}.inLast`, 'duration', label('period'))];
  const number = (kind: ValueKind) => draft.value(`${path}.value`, kind, label('value'));
  switch (leaf['is']) {
    case 'tenure':
      return [
        `their first event is ${MORE_OR_LESS[op]} `,
        draft.value(`${path}.value`, 'duration', label('tenure')),
        ' ago',
      ];
    case 'activeDays':
      return [`they have ${MORE_OR_LESS[op]} `, number('whole'), ' active days', ...last];
    case 'count':
      if (leaf['value'] === 0 && op === '=') return [`they have no ${leaf['event']}`, ...last];
      return [`they have ${MORE_OR_LESS[op]} `, number('whole'), ` ${leaf['event']}`, ...last];
    case 'distinct':
      return [`they have ${MORE_OR_LESS[op]} `, number('whole'), ` of ${listed(events)}`, ...last];
    case 'sum':
    case 'min':
    case 'max':
    case 'last': {
      const which = { sum: '', min: 'lowest ', max: 'highest ', last: 'last ' }[leaf['is']];
      const what = leaf['property'] === 'value' ? `${leaf['event']}` : `${leaf['property']} of ${leaf['event']}`;
      const verb = leaf['is'] === 'sum' ? 'adds up to' : '';
      const test = leaf['is'] === 'sum' ? (MORE_OR_LESS[op]?.replace('fewer', 'less') ?? op) : (IS[op] ?? op);
      const value = leaf['value'];
      const shown =
        leaf['property'] === 'value' && typeof value === 'number'
          ? draft.amount(`${path}.value`, label('value'))
          : scalarPart(draft, `${path}.value`, value, label('value'));
      return [`their ${which}${what}`, ...last, ` ${[verb, test].filter((word) => word !== '').join(' ')} `, shown];
    }
    case 'property':
      if (op === 'exists') return [`their ${leaf['property']} is ${leaf['value'] === false ? 'not set' : 'set'}`];
      return [
        `their ${leaf['property']} ${IS[op] ?? op} `,
        scalarPart(draft, `${path}.value`, leaf['value'], label('value')),
      ];
    case 'segment':
      return [
        `they are in the segment ${leaf['segment']}${leaf['feature'] === undefined ? '' : ` of ${leaf['feature']}`}`,
      ];
    default:
      return [];
  }
}

function scalarPart(draft: Draft, path: string, value: unknown, name: string): SentencePart {
  if (Array.isArray(value)) return listed(value.map(String), 'or');
  if (typeof value === 'number') return draft.value(path, 'number', name);
  return typeof value === 'string' ? draft.value(path, 'text', name) : String(value);
}
