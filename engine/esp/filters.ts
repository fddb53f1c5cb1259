// Tests on properties in Klaviyo's filters, and back. A test and its opposite are both asked for, because a filter has no
// `not`. A missing property makes every comparison false except `!=`; so an opposite always lets the unset through.

import type { Scalar } from '../columns/index.ts';
import type { Filter, PropertyTest } from '../workflow/index.ts';
import type { KlaviyoFilter, NumericOperator } from './klaviyo-types.ts';
import type { Problems } from './problems.ts';

export const NUMERIC: Readonly<Record<'=' | '!=' | '<' | '<=' | '>' | '>=', NumericOperator>> = {
  '=': 'equals',
  '!=': 'not-equals',
  '<': 'less-than',
  '<=': 'less-than-or-equal',
  '>': 'greater-than',
  '>=': 'greater-than-or-equal',
};
export const OPPOSITE = { '=': '!=', '!=': '=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const;

const SET: KlaviyoFilter = { type: 'existence', operator: 'is-set' };
const NOT_SET: KlaviyoFilter = { type: 'existence', operator: 'not-set' };

/** Groups of alternatives that must all hold: the test as AND of ORs. */
export type FilterGroups = readonly (readonly KlaviyoFilter[])[];

/** @param isNegated the opposite of the test */
export function filterGroups(test: PropertyTest, isNegated: boolean, at: string, problems: Problems): FilterGroups {
  switch (test.op) {
    case 'exists':
      return [[test.value !== isNegated ? SET : NOT_SET]];
    case 'contains':
      return isNegated
        ? [[{ type: 'string', operator: 'not-contains', value: test.value }, NOT_SET]]
        : [[{ type: 'string', operator: 'contains', value: test.value }]];
    case 'in': {
      const texts = test.value.filter((value) => typeof value === 'string');
      if (texts.length === test.value.length) {
        const operator = isNegated ? 'not-in' : 'in';
        return [[{ type: 'string', operator, value: texts }, ...(isNegated ? [NOT_SET] : [])]];
      }
      return isNegated ? test.value.map((value) => [unequal(value), NOT_SET]) : [test.value.map(equal)];
    }
    case '=':
      return isNegated ? [[unequal(test.value), NOT_SET]] : [[equal(test.value)]];
    case '!=':
      return isNegated ? [[equal(test.value)]] : [[unequal(test.value), NOT_SET]];
    default: {
      if (typeof test.value !== 'number') {
        problems.cannot(at, `Klaviyo orders numbers only; "${test.op}" ${JSON.stringify(test.value)} compares texts.`);
        return [];
      }
      const op = isNegated ? OPPOSITE[test.op] : test.op;
      const filter: KlaviyoFilter = { type: 'numeric', operator: NUMERIC[op], value: test.value };
      return [isNegated ? [filter, NOT_SET] : [filter]];
    }
  }
}

/** One filter on a property of the events that are counted; those of a list must all hold, without alternatives. */
export function eventFilter(filter: Filter, at: string, problems: Problems): KlaviyoFilter | null {
  switch (filter.op) {
    case '=':
      return equal(filter.value);
    case '!=':
      return unequal(filter.value);
    default: {
      const groups = filterGroups(filter, false, at, problems);
      const only = groups[0]?.[0];
      if (only === undefined) return null;
      if (groups.length === 1 && groups[0]?.length === 1) return only;
      problems.cannot(at, 'Klaviyo cannot count events by a list of values of different types; write texts only.');
      return null;
    }
  }
}

function equal(value: Scalar): KlaviyoFilter {
  if (typeof value === 'boolean') return { type: 'boolean', operator: 'equals', value };
  if (typeof value === 'number') return { type: 'numeric', operator: 'equals', value };
  return { type: 'string', operator: 'equals', value };
}

function unequal(value: Scalar): KlaviyoFilter {
  if (typeof value === 'boolean') return { type: 'boolean', operator: 'equals', value: !value };
  if (typeof value === 'number') return { type: 'numeric', operator: 'not-equals', value };
  return { type: 'string', operator: 'not-equals', value };
}

/** `value` is the event's value, which Klaviyo keeps under a name of its own. */
export function eventField(property: string): string {
  return property === 'value' ? '$value' : property;
}

/** The test a filter asks, or null where a workflow has none for it. */
export function testOf(filter: unknown): PropertyTest | null {
  if (typeof filter !== 'object' || filter === null) return null;
  const { type, operator, value } = filter as Record<string, unknown>;
  if (type === 'existence') {
    if (operator === 'is-set') return { op: 'exists', value: true };
    return operator === 'not-set' ? { op: 'exists', value: false } : null;
  }
  if (type === 'boolean' && operator === 'equals' && typeof value === 'boolean') return { op: '=', value };
  if (type === 'numeric' && typeof value === 'number') {
    const op = Object.entries(NUMERIC).find(([, word]) => word === operator)?.[0];
    return op === undefined ? null : { op: op as keyof typeof NUMERIC, value };
  }
  if (type !== 'string') return null;
  if (operator === 'in' && Array.isArray(value) && value.every((one) => typeof one === 'string')) {
    return { op: 'in', value };
  }
  if (typeof value !== 'string') return null;
  if (operator === 'equals') return { op: '=', value };
  if (operator === 'not-equals') return { op: '!=', value };
  return operator === 'contains' ? { op: 'contains', value } : null;
}
