// Delimited text into the tables of staged.ts. DuckDB reads a file as it is while it is checked to need no care, which
// most files pass; a file that fails is copied first, record by record, without the lines that are no rows.

import { join } from 'node:path';
import { assert, exactCount, UserError } from '../../base/index.ts';
import { compareUtf8 } from '../../columns/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { meant } from './choose-columns.ts';
import { CSV_REASONS, type CsvRecord, checkClean, csvRecords, type Dialect, requoted } from './csv-records.ts';
import { dayZeroSql } from './day-zero.ts';
import { parseDayZero } from './day-zero-spec.ts';
import type { Look } from './dialect.ts';
import { type Duck, quoted, quotedPath } from './duck.ts';
import type { ImportOptions } from './options.ts';
import type { Plan } from './plan.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { foldOrders, ORDER_ID } from './shopify.ts';
import { readChunks, type Source } from './sources.ts';
import { replaceCells } from './stage-pseudonyms.ts';
import { createDictionary, createRows, dropDuplicates, dropSaidBefore, sparseFromColumns } from './stage-sql.ts';
import { KIND, type Place, Rejections, type Staged } from './staged.ts';
import { belowMillisecondSql, millisecondsSql } from './time-unit.ts';
import { NO_IDENTITY } from './trace.ts';
import { writeLines } from './write-lines.ts';

export interface CsvFile {
  readonly source: Source;
  readonly look: Look;
}

/** Each takes a dictionary and a join. */
const MOST_COLUMNS = 500;

export async function stageCsv(
  duck: Duck,
  files: readonly CsvFile[],
  { columns, format }: Pick<Plan, 'columns' | 'format'>,
  options: ImportOptions,
  onBytes: (source: Source, bytes: number) => void,
  pseudonyms: Pseudonyms | null,
): Promise<Staged> {
  const names = [...new Set(files.flatMap((file) => file.look.names))];
  if (names.length > MOST_COLUMNS) {
    throw new UserError(
      'TOO_MANY_COLUMNS',
      `${(files[0] as CsvFile).source.original.path} has ${exactCount(names.length)} columns; at most ${MOST_COLUMNS} are read. Leave out those that no workflow asks about.`,
    );
  }
  const cells = names.map((_, i) => `c${i}`);
  await duck.run(`create table raw (file usmallint, ${cells.map((c) => `${c} varchar`).join(', ')})`);
  const unread = new Rejections();
  const loaded: Loaded[] = [];
  for (const [order, file] of files.entries()) {
    checkRoles(file, columns);
    const first = await duck.number('select count(*) from raw');
    const oneLineEach = await load(duck, file, order, names, unread, (bytes) => onBytes(file.source, bytes));
    loaded.push({ file, first, oneLineEach });
  }
  const at = (name: string) => `c${names.indexOf(name)}`;
  if (pseudonyms !== null) await replaceCells(duck, names, at, columns, options.asPeople === true, pseudonyms);
  const isOrders = format === 'shopify';
  if (isOrders) await foldOrders(duck, names, at);
  const { user, event, time, value } = columns;
  const roles = [user, event, time, value].flatMap((c) => (c !== null && 'column' in c ? [c.column] : []));
  const others = names.filter((name) => !roles.includes(name));
  duck.begin('numbering people, events and values', await duck.number('select count(*) from raw'));
  await createDictionary(duck, 'user', `select ${at(user.column)} v from raw`);
  if (event === null || 'constant' in event) {
    await createDictionary(duck, 'event', `select ${event === null ? 'NULL::varchar' : quoted(event.constant)} v`);
  } else await createDictionary(duck, 'event', `select ${at(event.column)} v from raw`);
  const properties: { name: string; column: string; held: number }[] = [];
  if (!options.asPeople) {
    for (const name of others) {
      const column = `p${properties.length}`;
      const held = await createDictionary(duck, column, `select ${at(name)} v from raw`);
      if (held > 0) properties.push({ name, column, held });
    }
  }
  const keepAll = options.keepDuplicates ?? false;
  const dropEqualEvents = !keepAll && !options.asPeople;
  const fine = dropEqualEvents && time !== null ? await fineTimes(duck, time, at(time.column)) : null;
  const idName = isOrders && names.includes(ORDER_ID) ? ORDER_ID : idColumn(files[0] as CsvFile, roles);
  const id = idName === null ? null : at(idName);
  await createRows(
    duck,
    {
      user: at(user.column),
      event: event === null ? null : 'constant' in event ? quoted(event.constant) : at(event.column),
      time:
        time === null
          ? null
          : { text: at(time.column), milliseconds: await millisecondsOf(duck, time, options, names) },
      fixedTime: options.asOf ?? options.observedFrom ?? null,
      value: value === null ? null : at(value.column),
      decimalComma: value?.decimals === 'comma',
      fine,
      id: options.asPeople ? null : id,
      rest: fine === null ? null : `(${fine})::ubigint`,
      properties: properties.map(({ name, column, held }) => ({ cell: at(name), column, held })),
      observedUntil: options.observedUntil ?? null,
      kind: isOrders
        ? `case when part then ${KIND.property} else ${KIND.event} end`
        : String(options.asPeople ? KIND.property : KIND.event),
      bad: '0',
      mail: null,
    },
    options.asPeople ? 'table' : 'view',
  );
  // People's rows and rows with an id are compared here; plain events are when they are sorted, which costs nothing.
  await dropDuplicates(duck, keepAll || !options.asPeople ? null : cells, keepAll ? null : id);
  let said: Uint32Array | null = null;
  if (options.asPeople) {
    // By name, and only what a row has: the mark does not hang on what else is in its file.
    const filled = [...names].sort(compareUtf8).map((name) => `${quoted(name)} || '\u0002' || ${at(name)}`);
    const whole = `'r' || concat_ws('\u0001', ${filled.join(', ')})`;
    const named = id === null ? whole : `coalesce('i' || ${id}, ${whole})`;
    said = await dropSaidBefore(duck, named, keepAll ? null : (options.prior?.said ?? null));
  }
  const sparseNames = options.asPeople ? others : [];
  if (options.asPeople) await sparseFromColumns(duck, others.map(at));
  return {
    nRows: await duck.number('select count(*) from raw'),
    unread,
    properties,
    sparseNames,
    dropEqualEvents,
    hasFineTimes: fine !== null,
    hasIds: id !== null && !options.asPeople,
    hasRests: fine !== null,
    identity: NO_IDENTITY,
    said,
    warnings: [],
    fileNames: files.map((file) => file.source.name),
    locate: (rns) => locate(loaded, rns),
  };
}

/** SQL for a row's time. */
async function millisecondsOf(
  duck: Duck,
  { column, unit }: NonNullable<ChosenColumns['time']>,
  { dayZero }: ImportOptions,
  names: readonly string[],
): Promise<string> {
  const text = `c${names.indexOf(column)}`;
  if (unit !== 'day') return millisecondsSql(unit, text);
  const zero = parseDayZero(dayZero as string);
  if (zero.column === null) return dayZeroSql(zero, text, null);
  if (!names.includes(zero.column)) {
    throw new UserError(
      'NO_SUCH_COLUMN',
      `--day-zero ${zero.column}:…: there is no column "${zero.column}"${meant(zero.column, names)}`,
    );
  }
  const group = `c${names.indexOf(zero.column)}`;
  const values = await duck.strings(
    `select distinct ${group} from raw where ${group} is not null order by 1 limit 1000`,
  );
  const missing = values.filter((value) => !zero.dates.has(value));
  if (missing.length > 0) {
    throw new UserError(
      'DAY_ZERO',
      `--day-zero gives no date for ${missing.slice(0, 10).join(', ')} in column "${zero.column}"; every value needs one.`,
    );
  }
  return dayZeroSql(zero, text, group);
}

/** SQL for what times say beyond their millisecond; null where none does. */
async function fineTimes(
  duck: Duck,
  { unit }: NonNullable<ChosenColumns['time']>,
  text: string,
): Promise<string | null> {
  if (unit === 'day') return null;
  const sql = belowMillisecondSql(unit, text);
  if (sql === '0') return null;
  return (await duck.number(`select count(*) from (select 1 from raw where (${sql}) <> 0 limit 1)`)) > 0 ? sql : null;
}

/** A column that names one event among all: a row with an id seen before is the same event sent twice. */
export function idColumn({ look }: CsvFile, used: readonly string[]): string | null {
  const free = look.names.filter((name) => !used.includes(name));
  const message = free.find((name) => /^\$?(message|insert)_?(id|uuid)$|^\$event_id$/i.test(name));
  if (message !== undefined) return message;
  // An event's id may be its kind; then it repeats.
  const event = free.find((name) => /^event_?(id|uuid)$/i.test(name));
  if (event === undefined) return null;
  const cells = look.rows.map((row) => row[look.names.indexOf(event)] as string).filter((cell) => cell !== '');
  return cells.length > 1 && new Set(cells).size >= 0.9 * cells.length ? event : null;
}

interface Loaded {
  readonly file: CsvFile;
  /** Row number of its first row. */
  readonly first: number;
  readonly oneLineEach: boolean;
}

function checkRoles({ source, look }: CsvFile, { user, event, time }: ChosenColumns): void {
  for (const role of [user, event, time]) {
    if (role === null || !('column' in role) || look.names.includes(role.column)) continue;
    throw new UserError(
      'NO_SUCH_COLUMN',
      `${source.original.path} has no column "${role.column}", which the files before it have; it has ${look.names.map((n) => `"${n}"`).join(', ')}. Import it apart, or give it the same header.`,
    );
  }
}

/** @returns whether row n is line n */
async function load(
  duck: Duck,
  { source, look }: CsvFile,
  order: number,
  names: readonly string[],
  unread: Rejections,
  onBytes: (bytes: number) => void,
): Promise<boolean> {
  const fields = look.names.length;
  const { dialect } = look;
  const insert = (path: string, as: Dialect, compression: string) => {
    const declared = look.names.map((_, i) => `'k${i}': 'VARCHAR'`).join(', ');
    const picked = names.map((name) => (look.names.includes(name) ? `k${look.names.indexOf(name)}` : 'NULL'));
    return duck.run(`insert into raw select ${order}, ${picked.join(', ')} from read_csv(${quotedPath(path)},
      auto_detect = false, delim = ${quoted(as.delimiter)}, quote = '"', escape = '"', header = ${as.header},
      new_line = ${quoted(as.newLine === '\r\n' ? '\\r\\n' : '\\n')}, columns = {${declared}}, strict_mode = false,
      max_line_size = 4000000, compression = ${quoted(compression)})`);
  };
  const before = await duck.number('select count(*) from raw');
  if (dialect.newLine !== '\r') {
    const [checked, inserted] = await Promise.allSettled([
      checkClean(readChunks(source, onBytes), dialect, fields),
      insert(source.path, dialect, source.compression),
    ]);
    if (checked.status === 'rejected') throw checked.reason;
    if (checked.value.clean && inserted.status === 'fulfilled') {
      const got = (await duck.number('select count(*) from raw')) - before;
      if (got === checked.value.records - (dialect.header ? 1 : 0)) return checked.value.oneLineEach;
    }
    // That DuckDB refuses a line is part of the check; any other refusal (a full disk, a cancel) is final.
    if (checked.value.clean && inserted.status === 'rejected' && !isRefusedLine(inserted.reason)) throw inserted.reason;
    await duck.run(`delete from raw where file = ${order}`);
    await rebuild(duck);
  }
  const copy = join(duck.folder, `copy${order}.csv`);
  const records = await copyRecords(source, look, copy, order, unread, onBytes);
  if (records > 0) await insert(copy, { ...dialect, newLine: '\n', header: false }, 'none');
  const got = (await duck.number('select count(*) from raw')) - before;
  assert(got === records, `${source.name}: ${records} records were copied and ${got} read`);
  return false;
}

function isRefusedLine(error: unknown): boolean {
  return error instanceof Error && error.message.includes('CSV Error on Line');
}

/** Row numbers must have no gaps: a table that rows were deleted from is written anew. */
async function rebuild(duck: Duck): Promise<void> {
  await duck.run('create table raw2 as select * from raw order by rowid');
  await duck.run('drop table raw');
  await duck.run('alter table raw2 rename to raw');
}

/** @returns how many records were copied, the header not among them */
async function copyRecords(
  source: Source,
  look: Look,
  path: string,
  order: number,
  unread: Rejections,
  onBytes: (bytes: number) => void,
): Promise<number> {
  const { dialect } = look;
  let copied = 0;
  let header = dialect.header;
  const toCopy = (record: CsvRecord): Buffer[] => {
    if (header) {
      header = false;
      return [];
    }
    const reason = record.reason ?? (record.fields === look.names.length ? null : CSV_REASONS.columns);
    if (reason !== null) {
      unread.add(reason, 1, order, [{ file: source.name, line: record.line }]);
      return [];
    }
    copied++;
    return [record.requote ? requoted(record.bytes, dialect.delimiter) : record.bytes];
  };
  async function* lines() {
    for await (const records of csvRecords(readChunks(source, onBytes), dialect)) yield records.flatMap(toCopy);
  }
  await writeLines(path, lines());
  return copied;
}

async function locate(loaded: readonly Loaded[], rns: readonly number[]): Promise<Place[]> {
  const places: Place[] = [];
  for (const [i, { file, first, oneLineEach }] of loaded.entries()) {
    const end = loaded[i + 1]?.first ?? Number.POSITIVE_INFINITY;
    const wanted = rns.filter((rn) => rn >= first && rn < end).map((rn) => rn - first);
    if (wanted.length === 0) continue;
    const { header } = file.look.dialect;
    if (oneLineEach) {
      places.push(...wanted.map((row) => ({ file: file.source.name, line: row + (header ? 2 : 1) })));
    } else places.push(...(await findLines(file, wanted)));
  }
  return places;
}

/** @param wanted indices of rows, increasing */
async function findLines({ source, look }: CsvFile, wanted: readonly number[]): Promise<Place[]> {
  const places: Place[] = [];
  let row = look.dialect.header ? -1 : 0;
  for await (const records of csvRecords(readChunks(source), look.dialect)) {
    for (const record of records) {
      const counts = row < 0 || (record.reason === null && record.fields === look.names.length);
      if (!counts) continue;
      if (row === wanted[places.length]) places.push({ file: source.name, line: record.line });
      row++;
      if (places.length === wanted.length) return places;
    }
  }
  return places;
}
