// Event matchers, filters and conditions of a workflow file.

import type { Scalar } from '../columns/index.ts';
import { Fields, type Findings, isScalar, readList, shown, under } from './fields.ts';
import { CONDITION_SHAPES, isRecord } from './shapes.ts';
import { orKnown } from './suggest.ts';
import type { Comparison, Condition, EventMatch, Filter, Lookback, PropertyTest } from './types.ts';

const COMPARISONS: readonly Comparison[] = ['=', '!=', '<', '<=', '>', '>='];
const OPERATORS = [...COMPARISONS, 'in', 'contains', 'exists'] as const;
const DEEPEST = 40;
const NEVER: Condition = { is: 'any', of: [] };

/** Where a condition stands: only in a step's `if` and in branches is there a trigger to look back to. */
export interface Place {
  readonly sinceTrigger: boolean;
}

/** What a matcher holds besides `event` and `where`, when the object has other keys too (goal, trigger, count). */
export function matchOf(fields: Fields): EventMatch {
  const event = fields.name('event');
  warnOfPattern(fields.findings, event, fields.path('event'), 'Event names are compared as they stand');
  return { event, where: filtersOf(fields, 'where', 0) };
}

export function readMatch(findings: Findings, value: unknown, at: string): EventMatch {
  const fields = Fields.of(findings, value, at, 'eventMatch', ['event'], 'an event matcher');
  return fields === null ? { event: '', where: [] } : matchOf(fields);
}

export function filtersOf(fields: Fields, key: string, least: number): Filter[] {
  return fields.list(key, least, (value, at) => readFilter(fields.findings, value, at));
}

function readFilter(findings: Findings, value: unknown, at: string): Filter {
  const exists = isRecord(value) && value['op'] === 'exists';
  const required = exists ? ['property', 'op'] : ['property', 'op', 'value'];
  const fields = Fields.of(findings, value, at, 'filter', required, 'a filter');
  if (fields === null) return { property: '', op: 'exists', value: true };
  return { property: fields.name('property'), ...readTest(fields) };
}

/** `op` and `value`, as filters and the conditions on properties have them. */
function readTest(fields: Fields): PropertyTest {
  const op = fields.choice('op', OPERATORS, '=');
  switch (op) {
    case 'exists':
      return { op, value: fields.flag('value', true) };
    case 'contains': {
      const value = fields.text('value');
      warnOfPattern(fields.findings, value, fields.path('value'), '"contains" looks for the text as it stands');
      return { op, value };
    }
    case 'in': {
      const value = fields.list('value', 1, (entry, at): Scalar => {
        if (isScalar(entry)) return entry;
        fields.findings.error(
          'WRONG_TYPE',
          at,
          `An entry of "in" is a text, a number, true or false, not ${shown(entry)}.`,
        );
        return '';
      });
      return { op, value };
    }
    case '=':
    case '!=':
      return { op, value: fields.scalar('value') };
    default:
      return { op, value: ordered(fields, op) };
  }
}

/** A value that has an order: a number or a text. */
function ordered(fields: Fields, op: Comparison): Scalar {
  const value = fields.get('value');
  if (typeof value === 'boolean') {
    const message = `"${op}" needs a number or a text; true and false have no order: use "=".`;
    fields.findings.error('WRONG_TYPE', fields.path('value'), message);
    return 0;
  }
  if (typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value))) {
    const message = `"${value}" is a text and is compared letter by letter; write ${Number(value)} to compare numbers.`;
    fields.findings.warn('NUMBER_AS_TEXT', fields.path('value'), message);
  }
  return fields.scalar('value');
}

/** Where a list of conditions stands, all must hold. */
export function readConditions(findings: Findings, value: unknown, at: string, place: Place): Condition {
  if (!Array.isArray(value)) return readCondition(findings, value, at, place, 0);
  return { is: 'all', of: readGroup(findings, value, at, at, place, 0) };
}

/** The entries of `all`, `any` or a bare list; at least one. */
export function readGroup(
  findings: Findings,
  value: unknown,
  at: string,
  key: string,
  place: Place,
  depth: number,
): Condition[] {
  return readList(findings, value, at, 1, key, (entry, entryAt) =>
    readCondition(findings, entry, entryAt, place, depth + 1),
  );
}

function readCondition(findings: Findings, value: unknown, at: string, place: Place, depth: number): Condition {
  if (depth > DEEPEST) {
    findings.error('TOO_DEEP', at, `Conditions are nested more than ${DEEPEST} deep.`);
    return NEVER;
  }
  if (!isRecord(value)) {
    findings.error(
      'WRONG_TYPE',
      at,
      `A condition is an object such as { "is": "count", ... }; ${shown(value)} is not.`,
    );
    return NEVER;
  }
  for (const group of ['all', 'any'] as const) {
    if (!Object.hasOwn(value, group)) continue;
    if (Fields.of(findings, value, at, group, [group], `"${group}"`) === null) return NEVER;
    return { is: group, of: readGroup(findings, value[group], under(at, group), group, place, depth) };
  }
  if (Object.hasOwn(value, 'not')) {
    Fields.of(findings, value, at, 'not', ['not'], '"not"');
    return { is: 'not', of: readCondition(findings, value['not'], under(at, 'not'), place, depth + 1) };
  }
  return readTestCondition(findings, value, at, place);
}

function readTestCondition(findings: Findings, value: Record<string, unknown>, at: string, place: Place): Condition {
  const is = CONDITION_SHAPES.find((known) => known === value['is']);
  if (is === undefined) {
    const given = Object.hasOwn(value, 'is') ? value['is'] : undefined;
    const known = [...CONDITION_SHAPES, ...(given === undefined ? (['all', 'any', 'not'] as const) : [])];
    const message =
      given === undefined
        ? `A condition says what it asks by "is" (or is a group: "all", "any", "not"). Known are ${CONDITION_SHAPES.join(', ')}.`
        : `${shown(given)} is no condition. ${typeof given === 'string' ? orKnown(given, known) : ''}`.trim();
    findings.error('UNKNOWN_CONDITION', given === undefined ? at : under(at, 'is'), message);
    return NEVER;
  }
  const exists = value['op'] === 'exists' && (is === 'property' || is === 'last' || is === 'min' || is === 'max');
  const required = REQUIRED[is].filter((key) => !(exists && key === 'value'));
  const fields = Fields.of(findings, value, at, is, required, `the condition "${is}"`);
  if (fields === null) return NEVER;
  switch (is) {
    case 'tenure':
      return { is, op: fields.choice('op', COMPARISONS, '='), valueMs: fields.duration('value', true) };
    case 'activeDays':
      return { is, op: comparison(fields), value: figure(fields), inLastMs: fields.optionalDuration('inLast') };
    case 'count':
      return { is, match: matchOf(fields), op: comparison(fields), value: figure(fields), ...lookback(fields, place) };
    case 'distinct':
      return {
        is,
        events: fields.names('events'),
        op: comparison(fields),
        value: figure(fields),
        ...lookback(fields, place),
      };
    case 'sum': {
      const match = matchOf(fields);
      const test: PropertyTest = { op: comparison(fields), value: fields.number('value') };
      return { is, match, property: fields.name('property'), test, ...lookback(fields, place) };
    }
    case 'min':
    case 'max':
    case 'last': {
      const match = matchOf(fields);
      return { is, match, property: fields.name('property'), test: readTest(fields), ...lookback(fields, place) };
    }
    case 'property': {
      const property = fields.name('property');
      warnOfPersonPrefix(fields, property);
      return { is, property, test: readTest(fields) };
    }
    case 'segment':
      return {
        is,
        segment: fields.name('segment'),
        ...(fields.has('feature') ? { feature: fields.name('feature') } : {}),
      };
  }
}

const REQUIRED: Readonly<Record<(typeof CONDITION_SHAPES)[number], readonly string[]>> = {
  tenure: ['op', 'value'],
  activeDays: ['op', 'value'],
  count: ['event', 'op', 'value'],
  distinct: ['events', 'op', 'value'],
  sum: ['event', 'property', 'op', 'value'],
  min: ['event', 'property', 'op', 'value'],
  max: ['event', 'property', 'op', 'value'],
  last: ['event', 'property', 'op', 'value'],
  property: ['property', 'op', 'value'],
  segment: ['segment'],
};

function comparison(fields: Fields): Comparison {
  return fields.choice('op', COMPARISONS, '=');
}

function figure(fields: Fields): number {
  return fields.number('value', { min: 0 });
}

function lookback(fields: Fields, place: Place): Lookback {
  const inLastMs = fields.optionalDuration('inLast');
  if (!fields.has('since')) return { inLastMs, sinceTrigger: false };
  fields.choice('since', ['trigger'], 'trigger');
  if (!place.sinceTrigger) {
    const message = `"since": "trigger" stands only in a step's "if" and in branches: elsewhere nothing is enrolled yet. Use "inLast".`;
    fields.findings.error('SINCE_TRIGGER', fields.path('since'), message);
  }
  return { inLastMs, sinceTrigger: true };
}

/** A person's property is named bare here; `person.` belongs in `where` filters. */
export function warnOfPersonPrefix(fields: Fields, property: string): void {
  if (!property.startsWith('person.')) return;
  const message = `This reads a person's property anyway; write "${property.slice(7)}", or it looks for one named "${property}".`;
  fields.findings.warn('PERSON_PREFIX', fields.path('property'), message);
}

/** Texts that look like wildcards or regular expressions, which nothing here understands. */
function warnOfPattern(findings: Findings, text: string, at: string, rule: string): void {
  if (!/^\/.+\/[a-z]*$|\.\*|\.\+|\\[dwsb.]|^\^|[^\s]\$$|^\*|\*$|^%|%$/.test(text)) return;
  findings.warn('LOOKS_LIKE_PATTERN', at, `${rule}; ${shown(text)} looks like a pattern and is not read as one.`);
}
