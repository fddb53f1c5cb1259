// The SQL that reads rows of a source: each role as an expression of a plain type, whatever the column's own. Every query
// is made of functions that ClickHouse has had since 18.16 and has still; only what needs a newer type (DateTime64) calls
// a newer one. Names go in as escaped literals; expressions of the source file go in as they are, in parentheses.

import { UserError } from '../../base/index.ts';
import { BUCKET_SALT } from '../../events/index.ts';
import type { BinaryType } from './row-binary.ts';
import type { ClickhouseSource, NumberUnit, PropertySource, PropertyType, RowSource } from './source-file.ts';

/** `it's` → `'it\'s'` */
export function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\u0000', '\\0')}'`;
}

export function list(texts: readonly string[]): string {
  return texts.map(literal).join(', ');
}

/** An expression as the file has it; a comment in it ends with its line. */
export function asked(expression: string): string {
  return `(${expression}\n)`;
}

/** A column of the server: whether it can lack a value, and its type without that. */
export interface ServerType {
  readonly nullable: boolean;
  readonly base: string;
}

export function serverType(text: string): ServerType {
  let base = text;
  let nullable = false;
  for (;;) {
    const inner = /^(Nullable|LowCardinality)\(([\s\S]*)\)$/.exec(base);
    if (inner === null) return { nullable, base };
    nullable ||= inner[1] === 'Nullable';
    base = inner[2] as string;
  }
}

const isWhole = (base: string) => /^U?Int\d+$/.test(base);
const isNumber = (base: string) => isWhole(base) || /^(B?Float\d+|Decimal\()/.test(base);

/** A text that is empty where there is none. */
export function textSql(expression: string, { nullable, base }: ServerType): string {
  const sql = asked(expression);
  if (base === 'String') return nullable ? `ifNull(CAST(${sql} AS Nullable(String)), '')` : sql;
  return nullable ? `ifNull(toString(${sql}), '')` : `toString(${sql})`;
}

/** Whole ms since the epoch. @returns null where the type is none of a moment */
export function timeSql(expression: string, { nullable, base }: ServerType, unit: NumberUnit): string | null {
  const sql = nullable ? `assumeNotNull(${asked(expression)})` : asked(expression);
  if (/^DateTime64\(/.test(base)) return `toUnixTimestamp64Milli(${sql})`;
  if (/^DateTime\b/.test(base)) return `toInt64(toUnixTimestamp(${sql})) * 1000`;
  if (base === 'Date') return `toInt64(toUInt16(${sql})) * 86400000`;
  if (base === 'Date32') return `toInt64(toInt32(${sql})) * 86400000`;
  if (isWhole(base)) {
    const whole = `toInt64(${sql})`;
    if (unit === 'ms') return whole;
    if (unit === 's') return `${whole} * 1000`;
    const by = unit === 'us' ? 1000 : 1_000_000;
    return `intDiv(${whole} - if(${whole} < 0, ${by - 1}, 0), ${by})`;
  }
  if (!isNumber(base)) return null;
  const factor = { s: '* 1000', ms: '* 1', us: '/ 1000', ns: '/ 1000000' }[unit];
  return `toInt64(floor(toFloat64(${sql}) ${factor}))`;
}

/** A double, NaN where there is none. @returns null where the type is no number */
export function numberSql(expression: string, { nullable, base }: ServerType): string | null {
  if (!isNumber(base)) return null;
  const sql = asked(expression);
  const double = nullable ? `ifNull(toFloat64(${sql}), nan)` : `toFloat64(${sql})`;
  return isWhole(base) && !nullable ? double : `if(isFinite(${double}), ${double}, nan)`;
}

/** A property of a row: whether it is there, and what it is. */
export interface PropertySql {
  readonly name: string;
  readonly type: PropertyType;
  readonly present: string;
  readonly value: string;
}

/** Whole numbers that a double may not hold, as ids of carts are, stay the text of their digits; filters read it. */
function naturalType(base: string): PropertyType {
  if (base === 'Bool') return 'boolean';
  return isNumber(base) && !/^U?Int(64|128|256)$/.test(base) ? 'number' : 'string';
}

/** @returns null where the type cannot be what is asked for */
export function propertySql({ name, expression, type: asks }: PropertySource, own: ServerType): PropertySql | null {
  const type = asks ?? naturalType(own.base);
  if (type === 'string') {
    const value = textSql(expression, own);
    return { name, type, present: `toUInt8(${value} != '')`, value };
  }
  if (type === 'number') {
    const value = numberSql(expression, own);
    return value === null ? null : { name, type, present: `toUInt8(NOT isNaN(${value}))`, value };
  }
  if (own.base !== 'Bool' && !isNumber(own.base)) return null;
  const sql = asked(expression);
  const present = own.nullable ? `toUInt8(isNotNull(${sql}))` : 'toUInt8(1)';
  return { name, type, present, value: own.nullable ? `toUInt8(ifNull(${sql}, 0) != 0)` : `toUInt8(${sql} != 0)` };
}

export const BINARY_OF: Readonly<Record<PropertyType, BinaryType>> = { string: 'string', number: 'f64', boolean: 'u8' };

/** Rows of one kind as they are read: SQL for every role, of plain types that lack nothing. */
export interface RowsSql {
  readonly from: string;
  readonly person: string;
  readonly time: string;
  /** Whether the column is a number, in the unit that the source file names. */
  readonly isNumber: boolean;
  /** Whether a row has a moment, whether it lies in the time of observation, and both. */
  readonly hasTime: string;
  readonly inTime: string;
  readonly timed: string;
  /** A whole number; null: none. */
  readonly sequence: string | null;
  readonly properties: readonly PropertySql[];
}

export interface EventsSql extends RowsSql {
  readonly event: string;
  /** Null: events carry none. */
  readonly value: string | null;
}

type TypeOf = (expression: string) => ServerType;

/** @throws UserError `CLICKHOUSE_TYPE` naming the place whose column is of another type than its role */
export function eventsSql(source: ClickhouseSource, typeOf: TypeOf): EventsSql {
  const { events } = source;
  const value = events.value === null ? null : numberSql(events.value, typeOf(events.value));
  if (events.value !== null && value === null) {
    const type = typeOf(events.value).base;
    throw wrong(source, 'value', `it is a number, and ClickHouse has ${type}; toFloat64OrNull(..) reads a text as one`);
  }
  return { ...rowsSql(source, events, typeOf), event: textSql(events.event, typeOf(events.event)), value };
}

/** As `eventsSql`, of what is known of people. */
export function rowsSql(source: ClickhouseSource, rows: RowSource, typeOf: TypeOf): RowsSql {
  const { prefix } = rows;
  const timeType = typeOf(rows.time);
  const time = timeSql(rows.time, timeType, rows.timeUnit);
  if (time === null) {
    throw wrong(
      source,
      `${prefix}time`,
      `it is a moment or a number, and ClickHouse has ${timeType.base}; parseDateTimeBestEffortOrNull(..) reads a text as a moment`,
    );
  }
  const { sequence } = rows;
  const order = sequence === null ? null : sequenceSql(sequence, typeOf(sequence));
  if (sequence !== null && order === null) {
    const type = typeOf(sequence).base;
    throw wrong(source, `${prefix}sequence`, `it is a whole number or a moment, and ClickHouse has ${type}`);
  }
  const inTime = `${time} <= ${source.observedUntil}`;
  const hasTime = timeType.nullable ? `isNotNull(${asked(rows.time)})` : '1';
  return {
    from: rows.from,
    person: textSql(rows.person, typeOf(rows.person)),
    time,
    isNumber: isNumber(timeType.base),
    ...{ hasTime, inTime, timed: `${hasTime} AND ${inTime}` },
    sequence: order,
    properties: rows.properties.map((property) => {
      const sql = propertySql(property, typeOf(property.expression));
      if (sql !== null) return sql;
      const type = typeOf(property.expression).base;
      throw wrong(source, property.at, `it is to be a ${property.type}, and ClickHouse has ${type}`);
    }),
  };
}

function sequenceSql(expression: string, type: ServerType): string | null {
  const { nullable, base } = type;
  const sql = nullable ? `assumeNotNull(${asked(expression)})` : asked(expression);
  if (/^DateTime64\(/.test(base)) return `toUnixTimestamp64Nano(${sql})`;
  if (isWhole(base)) return `toInt64(${sql})`;
  return base === 'String' || isNumber(base) ? null : timeSql(expression, type, 'ms');
}

function wrong({ path }: ClickhouseSource, at: string, message: string): UserError {
  const issue = { code: 'CLICKHOUSE_TYPE', at, message, severity: 'error' } as const;
  return new UserError('CLICKHOUSE_TYPE', `${path} cannot be read from: ${at}: ${message}.`, [issue]);
}

/** The bucket of a person: the top 7 bits of the salted hash, as `bucketOf` has them. */
export function bucketSql(person: string): string {
  return `toUInt8(bitShiftRight(murmurHash3_32(concat(${literal(BUCKET_SALT)}, unhex('1F'), ${person})), 25))`;
}

export function shardSql(person: string, shard: { readonly index: number; readonly of: number } | null): string {
  if (shard === null || shard.of === 1) return '1';
  return `${bucketSql(person)} % ${shard.of} = ${shard.index}`;
}

/** A hash of 64 bits of all a row says. */
export function hashSql(rows: RowsSql, more: readonly string[]): string {
  const parts = [
    rows.person,
    `toString(${rows.time})`,
    ...more,
    ...(rows.sequence === null ? [] : [`toString(${rows.sequence})`]),
    ...rows.properties.flatMap(({ type, present, value }) => [
      `toString(${present})`,
      type === 'string' ? value : type === 'number' ? doubleText(value) : `toString(${value})`,
    ]),
  ];
  return `murmurHash3_64(concat(${parts.join(", unhex('00'), ")}))`;
}

/** Its bytes: how a number is written as text differs between versions. */
export function doubleText(sql: string): string {
  return `hex(reinterpretAsString(${sql}))`;
}

/** A column of an answer: what it is called in it, its SQL, and what the last row has there. */
export interface Column {
  readonly name: string;
  readonly sql: string;
  readonly type: BinaryType;
}

const EMPTY: Readonly<Record<BinaryType, string>> = {
  string: "''",
  u8: 'toUInt8(0)',
  u16: 'toUInt16(0)',
  i64: 'toInt64(0)',
  f64: 'toFloat64(0)',
};

/**
 * A query whose answer `RowBinaryReader` takes: rows that begin with 0, then one that begins with 1.
 * @param rest behind the columns: FROM, WHERE, GROUP BY
 * @param hidden columns that only order
 */
export function provenSql(
  columns: readonly Column[],
  rest: string,
  orderBy: readonly string[] = [],
  hidden: readonly Column[] = [],
): string {
  const all = [...columns, ...hidden];
  const rows = all.map(({ name, sql }) => `${sql} AS ${name}`).join(',\n');
  const last = all.map(({ name, type }) => `${EMPTY[type]} AS ${name}`).join(', ');
  return `SELECT ${['fs_last', ...columns.map(({ name }) => name)].join(', ')} FROM (
SELECT toUInt8(0) AS fs_last, ${rows}
${rest}
UNION ALL SELECT toUInt8(1) AS fs_last, ${last}
) ORDER BY ${['fs_last', ...orderBy].join(', ')} FORMAT RowBinary`;
}
