// What a workflow defines for its emails to speak of, under "personalize": properties worked out from a person's past
// as of the moment an email goes out, and tables looked up by a property of the starting event. A name means the same
// in every email of the workflow. No decision of a replay rests on them.

import { matchOf } from './check-conditions.ts';
import { inner } from './check-rules.ts';
import { Fields, type Findings, shown, under } from './fields.ts';
import { COMPUTED_SHAPES, isComputed, isRecord } from './shapes.ts';
import { orKnown } from './suggest.ts';
import type { ComputedProperty, LookupTable, Personalize } from './types.ts';

const REQUIRED: Readonly<Record<ComputedProperty['is'], readonly string[]>> = {
  count: ['event'],
  sum: ['event', 'property'],
  min: ['event', 'property'],
  max: ['event', 'property'],
  last: ['event', 'property'],
  share: ['events'],
  mostUsed: [],
  lastEvent: [],
  people: ['event', 'by'],
};

const KINDS = Object.keys(COMPUTED_SHAPES);
const NONE: ComputedProperty = { name: '', is: 'share', events: [] };
/** What Liquid has under these names already. */
const TAKEN = ['event', 'person', 'forloop', 'true', 'false', 'nil', 'empty', 'blank'];
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Null where the file says nothing of it. */
export function readPersonalize(fields: Fields): Personalize | null {
  const given = inner(fields, 'personalize', []);
  if (given === null) return null;
  const { findings } = given;
  const names = new Set<string>();
  const properties = given.list('properties', 0, (value, at) => readProperty(findings, value, at, names));
  const tables = given.list('tables', 0, (value, at) => readTable(findings, value, at, names));
  return { properties, tables };
}

function readProperty(findings: Findings, value: unknown, at: string, names: Set<string>): ComputedProperty {
  const given = isRecord(value) && Object.hasOwn(value, 'is') ? value['is'] : undefined;
  if (!isComputed(given)) {
    const message =
      given === undefined
        ? `A computed property is an object that says by "is" what it is: ${KINDS.join(', ')}.`
        : `${shown(given)} is no computed property. ${typeof given === 'string' ? orKnown(given, KINDS) : ''}`.trim();
    findings.error('UNKNOWN_PROPERTY_KIND', given === undefined ? at : under(at, 'is'), message);
    return NONE;
  }
  const is = given;
  const required = ['name', 'is', ...REQUIRED[is]];
  const fields = Fields.of(findings, value, at, COMPUTED_SHAPES[is], required, `the computed property "${is}"`);
  if (fields === null) return NONE;
  const name = nameOf(fields, names);
  const inLastMs = fields.optionalDuration('inLast');
  const events = fields.has('events') ? fields.names('events') : null;
  switch (is) {
    case 'count':
      return { name, is, match: matchOf(fields), inLastMs };
    case 'sum':
    case 'min':
    case 'max':
    case 'last':
      return { name, is, match: matchOf(fields), property: fields.name('property'), inLastMs };
    case 'share':
      return { name, is, events: events ?? [] };
    case 'mostUsed':
    case 'lastEvent':
      return { name, is, events, inLastMs };
    case 'people':
      return { name, is, match: matchOf(fields), by: fields.name('by'), inLastMs };
  }
}

function readTable(findings: Findings, value: unknown, at: string, names: Set<string>): LookupTable {
  const fields = Fields.of(findings, value, at, 'lookupTable', ['name', 'file', 'by'], 'a table');
  if (fields === null) return { name: '', file: '', by: '' };
  return { name: nameOf(fields, names), file: fields.name('file'), by: fields.name('by') };
}

function nameOf(fields: Fields, names: Set<string>): string {
  const name = fields.name('name');
  const fail = (code: string, message: string) => fields.findings.error(code, fields.path('name'), message);
  if (name !== '' && !NAME.test(name)) {
    const meant = name.replace(/[^A-Za-z0-9]+/g, '_').replace(/^(?=\d)/, '_');
    fail('BAD_NAME', `"${name}" cannot be written in an email; use letters, digits and _, as in "${meant}".`);
  } else if (TAKEN.includes(name)) {
    fail('BAD_NAME', `"${name}" means something else in an email already; choose another name.`);
  } else if (names.has(name)) {
    fail('DUPLICATE_ID', `"${name}" is defined twice under "personalize".`);
  }
  names.add(name);
  return name;
}
