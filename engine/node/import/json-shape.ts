// What the records of a JSON file mean: which format wrote them, where person, event, time and value stand, which parts
// hold properties. A format that is recognised decides; anything else is found by names, as in a table.

import { UserError } from '../../base/index.ts';
import { type ChosenColumns, FORMAT_SOURCES } from '../../events/index.ts';
import { chooseColumns } from './choose-columns.ts';
import { isObjectText, type Lost, readable } from './lost-parts.ts';
import type { ImportOptions } from './options.ts';
import { guessUnit, UNIT_WORDS } from './time-unit.ts';
import { MONEY, type PlainRecord, VENDORS, type Vendor } from './vendor-records.ts';

/** A JSON pointer (RFC 6901). */
type Pointer = string;

export interface JsonShape {
  readonly format: 'kissmetrics' | 'klaviyo' | 'segment' | 'jsonl' | Vendor['format'];
  readonly columns: ChosenColumns;
  /** The first that is there counts. */
  readonly user: readonly Pointer[];
  /** An anonymous id beside the user. */
  readonly anonymous: Pointer | null;
  readonly event: readonly Pointer[];
  readonly time: readonly Pointer[];
  /** The first is no property beside; the others, which stand in where it is missing, are. */
  readonly value: readonly Pointer[];
  /** The other id of an alias record. */
  readonly alias: Pointer | null;
  /** Objects whose members are an event's properties, beside the record's own. */
  readonly nested: readonly string[];
  /** Objects whose members are set on the person. */
  readonly sets: readonly string[];
  /** Members of the record that are no properties. */
  readonly own: readonly string[];
  readonly warnings: readonly string[];
  /** Brings a record into the form that the pointers are of; null: it is in it. */
  readonly plain: ((record: JsonObject, lost?: Lost) => PlainRecord | JsonObject) | null;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export const NESTED = ['properties', 'props'];
const SETS = ['set', '$set', 'traits'];
/** What may hold further members. */
const INNER = [...NESTED, ...SETS];
const ANONYMOUS = ['anonymousId', 'anonymous_id'];
const SEGMENT_TYPES = ['track', 'identify', 'alias', 'page', 'screen', 'group'];

/** @param records a sample of the records that are objects */
export function shapeOf(file: string, records: readonly JsonObject[], options: ImportOptions): JsonShape {
  if (records.length === 0) throw new UserError('NO_ROWS', `${file} holds no JSON objects, one a line or in a list.`);
  const share = (test: (record: JsonObject) => boolean) => records.filter(test).length / records.length;
  const kissmetrics = share((r) => '_p' in r && ('_t' in r || '_n' in r)) >= 0.5;
  const { user, event, time } = options.map ?? {};
  const mapped = [user, event, time].some((column) => column !== undefined);
  if (options.format === 'kissmetrics' && !kissmetrics) {
    throw new UserError('FORMAT', `${file} is no KISSmetrics export: its records have no "_p" and "_t".`);
  }
  if (options.format === 'kissmetrics' && mapped) {
    throw new UserError(
      'FORMAT',
      'The KISSmetrics format decides its columns; leave out --map for user, event and time.',
    );
  }
  if (kissmetrics && !mapped) return kissmetricsShape(options);
  if (share((r) => r['klaviyo'] === 'event' || r['klaviyo'] === 'person') >= 0.5) return KLAVIYO;
  const vendor = VENDORS.find(({ recognises }) => share(recognises) >= 0.5);
  const asked = VENDORS.find(({ format }) => format === options.format);
  if (asked !== undefined && (asked !== vendor || mapped)) {
    const { user, event, time } = asked.fields;
    throw new UserError(
      'FORMAT',
      mapped
        ? `The ${asked.name} format decides its columns; leave out --map for user, event and time.`
        : `${file} is no ${asked.name} export: its records have no "${user}", "${event}" and "${time}" (${pageOf(asked.format)}).`,
    );
  }
  if (vendor !== undefined && !mapped && (options.format === undefined || asked === vendor)) {
    return vendorShape(vendor, records, options);
  }
  const segment =
    share((r) => SEGMENT_TYPES.includes(String(r['type'])) && ('userId' in r || 'anonymousId' in r)) >= 0.5;
  const isTexts = records.some((record) => INNER.some((key) => isObjectText(record[key])));
  const read = isTexts ? records.map((record) => opened(record)) : records;
  const shape = segment && options.map === undefined ? segmentShape(read, options) : tableShape(file, read, options);
  return isTexts ? { ...shape, plain: opened } : shape;
}

/** With the objects that its members hold as texts. */
function opened(record: JsonObject, lost: Lost = () => {}): JsonObject {
  const texts = INNER.flatMap((key): [string, unknown][] => {
    const read = readable(record[key]);
    if (isObjectText(read)) lost(key);
    return read === record[key] ? [] : [[key, read]];
  });
  return { ...record, ...Object.fromEntries(texts) };
}

function vendorShape(vendor: Vendor, records: readonly JsonObject[], options: ImportOptions): JsonShape {
  const { format, name, fields } = vendor;
  const why = `the ${name} export has it so (${pageOf(format)})`;
  const plain = records.map((record) => vendor.plain(record));
  const unit = options.timeUnit ?? vendor.unit ?? guessUnit(plain.map(({ time }) => textOf(time))) ?? 's';
  const money = MONEY.find((key) => plain.some(({ properties }) => typeof properties?.[key] === 'number'));
  const value = options.map?.value ?? money;
  return {
    format,
    columns: {
      user: { column: fields.user, why },
      event: { column: fields.event, why },
      time: { column: fields.time, unit, why: `${why}; read as ${UNIT_WORDS[unit]}` },
      value:
        value === undefined
          ? null
          : { column: value, why: options.map?.value ? 'named by --map' : 'its name says money and it holds numbers' },
    },
    user: ['/user'],
    anonymous: '/anonymous',
    event: ['/event'],
    time: ['/time'],
    value: value === undefined ? [] : [pointer('properties', value)],
    alias: null,
    nested: ['properties'],
    sets: ['set'],
    own: ['insert_id', 'user', 'anonymous', 'event', 'time', 'properties', 'set'],
    warnings: [],
    plain: vendor.plain,
  };
}

function pageOf(format: string): string {
  return FORMAT_SOURCES[format]?.page ?? '';
}

export function pointer(...path: string[]): Pointer {
  return path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function kissmetricsShape(options: ImportOptions): JsonShape {
  const why = `the KISSmetrics export says so (${pageOf('kissmetrics')})`;
  return {
    format: 'kissmetrics',
    columns: {
      user: { column: '_p', why },
      event: { column: '_n', why },
      time: { column: '_t', unit: options.timeUnit ?? 's', why },
      value: options.map?.value ? { column: options.map.value, why: 'named by --map' } : null,
    },
    user: ['/_p'],
    anonymous: null,
    event: ['/_n'],
    time: ['/_t'],
    value: options.map?.value ? [pointer(options.map.value)] : [],
    alias: '/_p2',
    nested: [],
    sets: [],
    own: ['_p', '_n', '_t', '_p2', ...(options.map?.value ? [options.map.value] : [])],
    warnings: [],
    plain: null,
  };
}

const PULLED = `Klaviyo’s events have it so (${pageOf('klaviyo')})`;
/** The lines of a pull: see esp/spool-lines.ts. */
const KLAVIYO: JsonShape = {
  format: 'klaviyo',
  columns: {
    user: { column: 'person', why: `${PULLED}; the id of the profile` },
    event: { column: 'metric', why: PULLED },
    time: { column: 'time', unit: 'ms', why: PULLED },
    value: { column: 'value', why: `${PULLED}; "$value" of the event` },
  },
  user: ['/person'],
  anonymous: null,
  event: ['/metric'],
  time: ['/time'],
  value: ['/value'],
  alias: null,
  nested: ['properties'],
  sets: ['set'],
  own: ['klaviyo', 'id', 'person', 'metric', 'time', 'value', 'properties', 'set'],
  warnings: [],
  plain: null,
};

function segmentShape(records: readonly JsonObject[], options: ImportOptions): JsonShape {
  const why = `the Segment format says so (${pageOf('segment')})`;
  const time = ['timestamp', 'originalTimestamp', 'sentAt', 'receivedAt'];
  const times = records.map((r) => textOf(time.map((key) => r[key]).find((v) => v !== undefined && v !== null)));
  const unit = options.timeUnit ?? guessUnit(times) ?? 'iso';
  const money = ['revenue', 'value', 'total'].filter((key) =>
    records.some((r) => isObject(r['properties']) && typeof r['properties'][key] === 'number'),
  );
  const [value] = money;
  const others = money.slice(1).map((key) => `"${key}"`);
  const elsewhere = others.length === 0 ? '' : `; an event without it has its ${others.join(' or ')}`;
  return {
    format: 'segment',
    columns: {
      user: { column: 'userId', why },
      event: { column: 'event', why },
      time: { column: 'timestamp', unit, why: `${why}; read as ${UNIT_WORDS[unit]}` },
      value:
        value === undefined ? null : { column: value, why: `its name says money and it holds numbers${elsewhere}` },
    },
    user: ['/userId', '/anonymousId'],
    anonymous: '/anonymousId',
    event: ['/event'],
    time: time.map((key) => pointer(key)),
    value: money.map((key) => pointer('properties', key)),
    alias: '/previousId',
    nested: ['properties'],
    sets: ['traits'],
    own: ['type', 'userId', 'anonymousId', 'event', ...time, 'messageId', 'previousId', 'properties', 'traits'],
    warnings: [],
    plain: null,
  };
}

function tableShape(file: string, records: readonly JsonObject[], options: ImportOptions): JsonShape {
  const top = new Set<string>();
  const inner = new Map<string, Pointer>();
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) {
      if (NESTED.includes(key) && isObject(value)) {
        for (const name of Object.keys(value)) if (!inner.has(name)) inner.set(name, pointer(key, name));
      } else if (!(SETS.includes(key) && isObject(value)) && key !== 'alias' && key !== 'previousId') top.add(key);
    }
  }
  const anonymous = ANONYMOUS.find((key) => top.has(key)) ?? null;
  const names = [...top, ...[...inner.keys()].filter((name) => !top.has(name))];
  const pointers = new Map(names.map((name) => [name, top.has(name) ? pointer(name) : (inner.get(name) as Pointer)]));
  // Records that set properties or link ids name no event; they say nothing about columns but the person's and time's.
  const rows = records.map((record) =>
    names.map((name) => {
      const own = lookUp(record, pointers.get(name) as Pointer);
      return textOf(own ?? (isUserName(name) && anonymous !== null ? record[anonymous] : undefined));
    }),
  );
  const quiet = records.every((r) => isObject(r['set']) || isObject(r['$set']) || isObject(r['traits']));
  const usable = anonymous === null || names.some(isUserName) ? names.filter((n) => n !== anonymous) : names;
  const { columns, warnings } = chooseColumns(
    file,
    names,
    rows,
    quiet ? { ...options, asPeople: true } : options,
    new Set([...top].filter((name) => usable.includes(name))),
  );
  const at = (role: ChosenColumns[keyof ChosenColumns]) =>
    role !== null && 'column' in role ? [pointers.get(role.column) as Pointer] : [];
  const user = at(columns.user);
  const linked = anonymous !== null && anonymous !== columns.user.column ? pointer(anonymous) : null;
  const own = [columns.user, columns.event, columns.time, columns.value].flatMap((role) =>
    role !== null && 'column' in role ? [role.column] : [],
  );
  return {
    format: 'jsonl',
    columns,
    user: linked === null ? user : [...user, linked],
    anonymous: linked,
    event: at(columns.event),
    time: at(columns.time),
    value: at(columns.value),
    alias: records.some((r) => 'alias' in r) ? '/alias' : records.some((r) => 'previousId' in r) ? '/previousId' : null,
    nested: NESTED,
    sets: SETS,
    own: [
      ...own,
      ...(linked === null || anonymous === null ? [] : [anonymous]),
      'alias',
      'previousId',
      ...NESTED,
      ...SETS,
    ],
    warnings,
    plain: null,
  };
}

function isUserName(name: string): boolean {
  return /^(user|customer|person|distinct)_?(id)?$/i.test(name);
}

function lookUp(record: JsonObject, at: Pointer): unknown {
  let value: unknown = record;
  for (const key of at.slice(1).split('/')) {
    value = isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return value;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As DuckDB writes a JSON value as text. */
function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
