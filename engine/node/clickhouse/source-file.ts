// The file that says where in ClickHouse a history is: the server, the table or query, and for each role of an event an
// expression of ClickHouse's SQL. It defines the history: two runs with one file and unchanged rows read the same. User
// and password are the environment's alone.

import { basename } from 'node:path';
import type { ImportRequest } from '../../api/index.ts';
import { type Issue, moment, UserError } from '../../base/index.ts';
import { readWorkflow, withLines } from '../workflow-file.ts';

export const NUMBER_UNITS = ['s', 'ms', 'us', 'ns'] as const;
export type NumberUnit = (typeof NUMBER_UNITS)[number];

export const PROPERTY_TYPES = ['string', 'number', 'boolean'] as const;
export type PropertyType = (typeof PROPERTY_TYPES)[number];

export interface PropertySource {
  readonly name: string;
  /** SQL. */
  readonly expression: string;
  /** Null: as ClickHouse's own type has it. */
  readonly type: PropertyType | null;
  /** In the source file. */
  readonly at: string;
}

/** Rows of one kind: of events, or of what is known of people. */
export interface RowSource {
  /** SQL behind FROM. */
  readonly from: string;
  /** What it is called in messages: the table, or `the query`. */
  readonly called: string;
  /** Of the place in the file: empty, or `people.` */
  readonly prefix: string;
  /** SQL, each. */
  readonly person: string;
  readonly time: string;
  /** Of times that are numbers. */
  readonly timeUnit: NumberUnit;
  /** Orders rows of one person and instant; null: by name, value and properties. */
  readonly sequence: string | null;
  readonly properties: readonly PropertySource[];
}

export interface ClickhouseSource {
  readonly path: string;
  /** What answers call the dataset. */
  readonly name: string;
  readonly url: string;
  /** Null: the user's own. */
  readonly database: string | null;
  readonly events: RowSource & {
    readonly event: string;
    readonly value: string | null;
    /** Only events of these names belong to the history; null: all. */
    readonly only: readonly string[] | null;
  };
  readonly people: RowSource | null;
  /** Beside the names every history takes for them. */
  readonly emailEvents: readonly string[];
  /** ms since the epoch. */
  readonly observedFrom: number | null;
  readonly observedUntil: number;
}

const ROWS = ['table', 'query', 'person', 'time', 'timeUnit', 'sequence', 'properties'];
const KEYS = [
  ...['foresend', 'clickhouse', 'name', 'notes', 'database', 'event', 'value', 'events', 'people'],
  ...['emailEvents', 'observedFrom', 'observedUntil'],
  ...ROWS,
];

/** How a source file is named where any file could be meant, as by `import`. */
export function isClickhouseSource(path: string): boolean {
  return path.toLowerCase().endsWith('.clickhouse.json');
}

/**
 * That an import of a source file asks for nothing else: what is read, and how, the file says.
 * @param isThere whether the dataset is
 * @returns the source file
 * @throws UserError `CLICKHOUSE_IMPORT`
 */
export function assertSourceAlone(request: ImportRequest, isThere: boolean): string {
  const { files, dataset, replace } = request;
  const [path] = files as [string];
  const refuse = (message: string) => new UserError('CLICKHOUSE_IMPORT', message);
  if (files.length > 1)
    throw refuse('A source file for ClickHouse is imported by itself; what else there is goes into its query.');
  const other = OTHER.find(([, isAsked]) => isAsked(request));
  if (other !== undefined) throw refuse(`${path} says itself how it is read; ${other[0]} has no place beside it.`);
  if (isThere && replace !== true) {
    throw refuse(
      `There is a dataset "${dataset}" already, and a source is taken as a whole: --replace puts it in the place of what the dataset holds, --dataset names another.`,
    );
  }
  return path;
}

const OTHER: readonly (readonly [option: string, isAsked: (request: ImportRequest) => boolean])[] = [
  ['--format', ({ format }) => format !== null],
  ['--map', ({ map }) => Object.keys(map).length > 0],
  ['--event', ({ eventName }) => eventName !== null],
  ['--as people', ({ asPeople }) => asPeople],
  ['--day-zero', ({ dayZero }) => dayZero !== null],
  ['--observed-from', ({ observedFrom }) => observedFrom !== null],
  ['--observed-until', ({ observedUntil }) => observedUntil !== null],
  ['--pseudonyms', ({ pseudonyms }) => (pseudonyms ?? null) !== null],
];

/** @throws UserError `CLICKHOUSE_SOURCE` with the place of every problem */
export function readClickhouseSource(path: string): ClickhouseSource {
  const json = readWorkflow(path, 'source');
  const record = recordOf(json);
  if (record?.['foresend'] !== 1 || record['clickhouse'] === undefined) {
    throw new UserError(
      'CLICKHOUSE_SOURCE',
      `${path} is no source file for ClickHouse: it needs "foresend": 1 and "clickhouse": the address, such as "http://127.0.0.1:8123".`,
    );
  }
  const reader = new Reader();
  reader.known(record, KEYS, '');
  const url = reader.url(record['clickhouse']);
  const observedFrom = record['observedFrom'] === undefined ? null : reader.moment(record, 'observedFrom');
  const observedUntil = reader.moment(record, 'observedUntil');
  const source: ClickhouseSource = {
    path,
    name: reader.optionalText(record, 'name', '') ?? basename(path).replace(/(\.clickhouse)?\.json$/i, ''),
    url,
    database: reader.optionalText(record, 'database', ''),
    events: {
      ...reader.rows(record, ''),
      event: reader.text(record, 'event', ''),
      value: reader.optionalText(record, 'value', ''),
      only: record['events'] === undefined ? null : reader.names(record, 'events'),
    },
    people: reader.people(record['people']),
    emailEvents: record['emailEvents'] === undefined ? [] : reader.names(record, 'emailEvents'),
    observedFrom,
    observedUntil,
  };
  if (observedFrom !== null && observedFrom > observedUntil) {
    reader.say('observedFrom', 'observation begins after it ends.');
  }
  const n = reader.issues.length;
  if (n === 0) return source;
  const message = `${path} is not a source file that can be read from: ${n} ${n === 1 ? 'problem' : 'problems'}.`;
  throw new UserError('CLICKHOUSE_SOURCE', message, withLines(reader.issues, json));
}

/** Collects what is wrong; what is wrong has a placeholder, which nobody sees. */
class Reader {
  readonly issues: Issue[] = [];

  say(at: string, message: string): void {
    this.issues.push({ code: 'CLICKHOUSE_SOURCE', at, message, severity: 'error' });
  }

  known(record: Record<string, unknown>, keys: readonly string[], prefix: string): void {
    for (const key of Object.keys(record)) {
      if (!keys.includes(key)) this.say(prefix + key, `"${key}" is not known here; it takes ${keys.join(', ')}.`);
    }
  }

  url(value: unknown): string {
    const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : null;
    if (parsed === null || (parsed.protocol !== 'http:' && parsed.protocol !== 'https:')) {
      this.say('clickhouse', 'it is the address of the HTTP interface, such as "http://127.0.0.1:8123".');
      return '';
    }
    if (parsed.username !== '' || parsed.password !== '' || parsed.search !== '' || parsed.hash !== '') {
      this.say(
        'clickhouse',
        'an address holds no user, password or settings; CLICKHOUSE_USER and CLICKHOUSE_PASSWORD of the environment do.',
      );
    }
    return parsed.href;
  }

  text(record: Record<string, unknown>, key: string, prefix: string): string {
    const text = this.optionalText(record, key, prefix);
    if (text === null && record[key] === undefined) this.say(prefix + key, `"${key}" is needed: ${HINTS[key] ?? ''}.`);
    return text ?? '';
  }

  optionalText(record: Record<string, unknown>, key: string, prefix: string): string | null {
    const value = record[key];
    if (value === undefined) return null;
    if (typeof value === 'string' && value.trim() !== '' && !value.includes('\u0000')) return value.trim();
    this.say(prefix + key, `"${key}" is a text that is not empty: ${HINTS[key] ?? 'a name'}.`);
    return null;
  }

  moment(record: Record<string, unknown>, key: string): number {
    const value = record[key];
    const time =
      typeof value === 'string' ? moment(value) : typeof value === 'number' && Number.isInteger(value) ? value : null;
    if (time !== null) return time;
    const why =
      key === 'observedUntil' && value === undefined
        ? 'is needed: rows may arrive while others are read, and every shard has to end at the same moment'
        : 'is a moment';
    this.say(key, `"${key}" ${why}; ISO 8601, such as "2026-03-01T00:00:00Z", or ms since 1970.`);
    return 0;
  }

  names(record: Record<string, unknown>, key: string): readonly string[] {
    const value = record[key];
    const isList =
      Array.isArray(value) && value.length > 0 && value.every((name) => typeof name === 'string' && name !== '');
    if (!isList) this.say(key, `"${key}" is a list of names of events, with at least one.`);
    return isList ? [...new Set(value as string[])] : [];
  }

  rows(record: Record<string, unknown>, prefix: string): RowSource {
    const table = this.optionalText(record, 'table', prefix);
    const query = this.optionalText(record, 'query', prefix);
    if ((record['table'] === undefined) === (record['query'] === undefined)) {
      this.say(`${prefix}table`, 'it takes "table": a name, or "query": a SELECT in its place.');
    }
    return {
      from: table === null ? `(${query ?? ''}\n)` : tableName(table),
      called: table === null ? 'the query' : `the table ${table}`,
      prefix,
      person: this.text(record, 'person', prefix),
      time: this.text(record, 'time', prefix),
      timeUnit: this.#oneOf(record['timeUnit'], NUMBER_UNITS, `${prefix}timeUnit`) ?? 'ms',
      sequence: this.optionalText(record, 'sequence', prefix),
      properties: this.#properties(record['properties'], `${prefix}properties`),
    };
  }

  people(value: unknown): RowSource | null {
    if (value === undefined) return null;
    const record = recordOf(value);
    if (record === null) {
      this.say('people', 'it is an object with "table" or "query", "person", "time" and "properties".');
      return null;
    }
    this.known(record, ROWS, 'people.');
    const rows = this.rows(record, 'people.');
    if (record['properties'] === undefined) this.say('people.properties', 'it names what the rows say of people.');
    return rows;
  }

  #properties(value: unknown, at: string): readonly PropertySource[] {
    if (value === undefined) return [];
    const record = recordOf(value);
    if (record === null) {
      this.say(at, 'it is an object: names of properties, each with an expression.');
      return [];
    }
    return Object.entries(record).map(([name, given]) => {
      const place = /^[A-Za-z_$][\w$-]*$/.test(name) ? `${at}.${name}` : `${at}[${JSON.stringify(name)}]`;
      if (name === '' || name === 'value') this.say(place, 'a property has a name of its own, and not "value".');
      const own = typeof given === 'string' ? { expression: given } : recordOf(given);
      if (own === null) {
        this.say(place, 'it is an expression, or an object with "expression" and "type".');
        return { name, expression: '', type: null, at: place };
      }
      this.known(own, ['expression', 'type'], `${place}.`);
      const expression = this.text(own, 'expression', `${place}.`);
      return { name, expression, type: this.#oneOf(own['type'], PROPERTY_TYPES, `${place}.type`), at: place };
    });
  }

  #oneOf<T extends string>(value: unknown, all: readonly T[], at: string): T | null {
    if (value === undefined) return null;
    const found = all.find((one) => one === value);
    if (found === undefined) this.say(at, `it is one of ${all.join(', ')}.`);
    return found ?? null;
  }
}

const HINTS: Readonly<Record<string, string>> = {
  person: 'the expression that tells people apart, such as "user_id"',
  event: 'the expression of the event’s name, such as "event"',
  time: 'the expression of the moment, such as "created_at"',
  expression: 'SQL, such as "category"',
  table: 'a name, such as "analytics.events"',
  query: 'a SELECT',
  value: 'the expression of the amount, such as "revenue"',
  sequence: 'the expression that orders what happened at one instant',
};

/** `analytics.events` → its quoted form; what is quoted already stays. */
function tableName(text: string): string {
  if (text.includes('`') || text.includes('"')) return text;
  const dot = text.indexOf('.');
  return (dot < 0 ? [text] : [text.slice(0, dot), text.slice(dot + 1)]).map(quotedName).join('.');
}

function quotedName(name: string): string {
  return `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
