// The statements that the readers of all formats share: dictionaries, the table `rows`, duplicates, sparse properties.

import type { Duck } from './duck.ts';
import { markIn, wordOf } from './marks.ts';
import { COMMA_NUMBER } from './number-text.ts';
import { KIND, reasonCode, SETS } from './staged.ts';
import { READABLE } from './time-unit.ts';

/** As in engine/events: something@host.tld without spaces; RE2 needs JavaScript's white space spelled out. */
const NO_SPACE = '[^@\\s\\v\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]';
export const IS_ADDRESS = (text: string) => `regexp_full_match(${text}, '${NO_SPACE}+@${NO_SPACE}+\\.${NO_SPACE}+')`;

/** SQL for whether a text is white space only, line ends included. */
export function isBlank(text: string): string {
  return `regexp_full_match(${text}, '\\s*')`;
}

/**
 * The distinct values that are not blank.
 * @param select SQL with one text column `v`
 * @returns about how many bytes a join with it holds; 0 where there is no value
 */
export async function createDictionary(duck: Duck, name: string, select: string): Promise<number> {
  // Materialized, so that blanks are looked for among the distinct values, not in every row.
  await duck.run(`create or replace table dict_${name} as with d as materialized (select distinct v from (${select}) where v is not null)
    select v, (row_number() over (order by v) - 1)::uinteger as code from d where not ${isBlank('v')}`);
  const held = await duck.number(`select coalesce(sum(strlen(v) + ${JOINED_BYTES}), 0) from dict_${name}`);
  if (name === 'user') {
    await duck.run(`alter table dict_user add column mail boolean`);
    await duck.run(`update dict_user set mail = true where contains(v, '@') and ${IS_ADDRESS('v')}`);
  }
  return held;
}

/** What a join holds for each value beside its text: the row, its hash, and a table of places half full. */
const JOINED_BYTES = 56;

export interface RowsSpec {
  /** SQL over `raw` for the person's id; NULL where missing. */
  readonly user: string;
  /** SQL for the event's name; null where rows are no events. */
  readonly event: string | null;
  readonly time: { readonly text: string; readonly milliseconds: string } | null;
  /** The time of every row where there is no time column. */
  readonly fixedTime: number | null;
  /** SQL for the value's text. */
  readonly value: string | null;
  /** Of values: 1.506,59 is 1506.59. */
  readonly decimalComma: boolean;
  /** SQL for what the time says beyond its millisecond; null where times are not told apart by it. */
  readonly fine: string | null;
  /** SQL for the id that a row carries; null where none does. */
  readonly id: string | null;
  /** SQL for an unsigned number of 64 bits that says what columns leave out of a row; null where they do not. */
  readonly rest: string | null;
  readonly properties: readonly CodedProperty[];
  readonly observedUntil: number | null;
  /** SQL for KIND. */
  readonly kind: string;
  /** SQL for a reason that was found before; 0 for none. */
  readonly bad: string;
  /** SQL for whether the raw id is an address; null: as the dictionary of persons says. */
  readonly mail: string | null;
}

export interface CodedProperty {
  /** A column of `raw`. */
  readonly cell: string;
  /** `p0`, with the dictionary `dict_p0`. */
  readonly column: string;
  /** As `createDictionary` returns. */
  readonly held: number;
}

/**
 * Makes `rows` from `raw`.
 * @param as a view is read once, and saves writing the table; a table may be asked often
 */
export async function createRows(duck: Duck, spec: RowsSpec, as: 'view' | 'table'): Promise<void> {
  const { user, event, time, value } = spec;
  const t = time === null ? `${spec.fixedTime ?? 0}::bigint` : time.milliseconds;
  const v = value === null ? 'NULL::double' : spec.decimalComma ? commaNumberSql(value) : numberSql(value);
  const code = reasonCode;
  const noTime = time === null ? '' : `when coalesce(${isBlank(time.text)}, true) then ${code('missing time')}`;
  const cases = [
    `when ${spec.bad} > 0 then ${spec.bad}`,
    `when u is null then ${code('missing person')}`,
    event === null ? '' : `when e is null and ${spec.kind} = ${KIND.event} then ${code('missing event')}`,
    `when t is null then (case ${noTime} when true then ${code('unreadable time')} end)`,
    `when t < ${READABLE.fromMs} or t >= ${READABLE.toMs} then ${code('time outside the years 1601 to 9999')}`,
    value === null ? '' : `when v is null and not coalesce(${isBlank(value)}, true) then ${code('unreadable value')}`,
    spec.observedUntil === null ? '' : `when t > ${spec.observedUntil} then ${code('later than observed-until')}`,
  ];
  const groups = joinedTogether(spec.properties, Math.min(MOST_JOINED_BYTES, duck.memoryMb * 2 ** 19));
  const [properties, apart] = groups.length > 1 ? [[], groups] : [spec.properties, []];
  const joins = properties.map(joinOf);
  const marks = [
    ...(spec.id === null ? [] : words('id', `coalesce(md5_number_lower(nullif(${spec.id}, '')), 0)`)),
    ...(spec.rest === null ? [] : words('rest', spec.rest)),
  ];
  const markNames = marks.map(({ name }) => `, ${name}`).join('');
  const eventCode = event === null || event.startsWith("'") ? '0::uinteger' : 'dict_event.code';
  const select = `select rn, file, (${spec.kind})::utinyint kind, u, e, t::double t, v,
      (case ${cases.join(' ')} else 0 end)::utinyint reason, mail ${spec.fine === null ? '' : ', fine'} ${markNames} ${properties.map((p) => `, ${p.column}`).join('')}
    from (select raw.rowid rn, raw.*, dict_user.code u, ${spec.mail ?? 'coalesce(dict_user.mail, false)'} mail, ${eventCode} e, ${t} t, ${v} v ${spec.fine === null ? '' : `, (${spec.fine}) fine`}
      ${marks.map(({ name, sql }) => `, ${sql} ${name}`).join('')}
      ${properties.map(({ column }) => `, dict_${column}.code ${column}`).join('')}
      from raw left join dict_user on raw.${user} = dict_user.v
      ${eventCode === 'dict_event.code' ? `left join dict_event on raw.${event} = dict_event.v` : ''} ${joins.join('\n')})`;
  if (apart.length === 0) await duck.run(`create ${as} rows as ${select}`);
  else await joinApart(duck, select, apart);
}

/** What the dictionaries may take that are joined at once; people and events come on top. More makes it no faster. */
const MOST_JOINED_BYTES = 128 << 20;
/** What every join takes, however little it holds; measured. */
const LEAST_JOIN_BYTES = 5_500_000;

/** Properties next to each other, as many as the joins have room for; one that has not room by itself goes to the disk. */
function joinedTogether(properties: readonly CodedProperty[], room: number): CodedProperty[][] {
  const groups: CodedProperty[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const property of properties) {
    const held = Math.max(LEAST_JOIN_BYTES, property.held);
    if (used + held > room) {
      groups.push([]);
      used = 0;
    }
    groups.at(-1)?.push(property);
    used += held;
  }
  return groups;
}

function joinOf({ cell, column }: CodedProperty): string {
  return `left join dict_${column} on raw.${cell} = dict_${column}.v`;
}

/**
 * `rows` where all dictionaries at once would take more memory than there is: the codes of a few properties after the
 * other, each a table in the order of the input, laid beside each other row by row.
 * @param select SQL for what rows have beside their properties
 */
async function joinApart(duck: Duck, select: string, groups: readonly (readonly CodedProperty[])[]): Promise<void> {
  await duck.run(`create table heads as select * from (${select}) order by rn`);
  const tables: string[] = [];
  for (const [g, properties] of groups.entries()) {
    const codes = properties.map(({ column }) => `dict_${column}.code ${column}`);
    await duck.run(`create table codes${g} as select * exclude (rn) from (
      select raw.rowid rn, ${codes.join(', ')} from raw ${properties.map(joinOf).join('\n')}) order by rn`);
    tables.push(`codes${g}`);
  }
  await duck.run(`create view rows as select * from heads ${tables.map((t) => `positional join ${t}`).join(' ')}`);
}

function numberSql(text: string): string {
  return `case when not contains(${text}, '_') and isfinite(try_cast(${text} as double)) then try_cast(${text} as double) end`;
}

function commaNumberSql(text: string): string {
  const plain = `replace(replace(${text}, '.', ''), ',', '.')`;
  return `case when regexp_full_match(${text}, '${COMMA_NUMBER}') then try_cast(${plain} as double) end`;
}

/** A number of 64 bits as two columns of 32. */
function words(name: string, sql: string): { readonly name: string; readonly sql: string }[] {
  return [
    { name: `${name}_low`, sql: `((${sql}) & 4294967295)::uinteger` },
    { name: `${name}_high`, sql: `((${sql}) >> 32)::uinteger` },
  ];
}

/**
 * Fills `dropped` with kept rows whose every cell equals that of an earlier kept row, or whose id does.
 * @param cells columns of `raw` to compare; null compares none
 * @param id a column of `raw` that names a row, if there is one
 */
export async function dropDuplicates(duck: Duck, cells: readonly string[] | null, id: string | null): Promise<void> {
  await duck.run('create table dropped (rn bigint)');
  for (const key of [cells ?? [], id === null ? [] : [id]]) {
    if (key.length === 0) continue;
    const list = key.join(', ');
    const filled = key === cells ? 'true' : `${id} is not null`;
    await duck.run(`create temp table twice as select h from (select hash(${list}) h from raw where ${filled})
      group by h having count(*) > 1`);
    await duck.run(`insert into dropped select rn from (
      select rn, row_number() over (partition by ${list} order by rn) n
      from (select rowid rn, ${list} from raw where ${filled} and hash(${list}) in (select h from twice))
      semi join (select rn from rows where reason = 0) kept using (rn)) where n > 1 and rn not in (select rn from dropped)`);
    await duck.run('drop table twice');
  }
}

/**
 * Adds to `dropped` the rows that are no events and were read before.
 * @param key SQL over `raw` for what names such a row, as text
 * @param before marks of those read before; null drops none
 * @returns marks of those that stay; null where there are none
 */
export async function dropSaidBefore(duck: Duck, key: string, before: Uint32Array | null): Promise<Uint32Array | null> {
  await duck.run(`create table said as select rn, md5_number_lower(${key}) m from (select rowid rn, * from raw)
    semi join (select rn from rows where reason = 0 and kind <> ${KIND.event}) kept using (rn)
    where rn not in (select rn from dropped)`);
  const marks = new Uint32Array(2 * (await duck.number('select count(*) from said')));
  const isBefore = markIn(before);
  const again: number[] = [];
  let used = 0;
  await duck.numbers(
    'select rn::uinteger, (m & 4294967295)::uinteger, (m >> 32)::uinteger from said order by rn',
    ([rn, low, high], rows) => {
      for (let i = 0; i < rows; i++) {
        marks[2 * used] = low?.[i] as number;
        marks[2 * used + 1] = high?.[i] as number;
        if (isBefore(wordOf(marks, used))) again.push(rn?.[i] as number);
        else used++;
      }
    },
  );
  await duck.run('drop table said');
  for (let from = 0; from < again.length; from += 5000) {
    const values = again.slice(from, from + 5000).map((rn) => `(${rn})`);
    await duck.run(`insert into dropped values ${values.join(', ')}`);
  }
  return used === 0 ? null : marks.slice(0, 2 * used);
}

/** Fills `sparse` with every filled cell of `raw`, property k being the k-th column; values as JSON text. */
export async function sparseFromColumns(duck: Duck, cells: readonly string[]): Promise<void> {
  const parts = cells.map(
    (cell, k) =>
      `select rowid rn, ${k}::usmallint k, ${SETS.person}::utinyint s, to_json(${cell})::varchar v from raw where ${cell} is not null`,
  );
  const all =
    parts.length > 0
      ? parts.join(' union all ')
      : 'select 0::bigint rn, 0::usmallint k, 0::utinyint s, NULL::varchar v limit 0';
  await fillSparse(duck, all);
}

/** @param select SQL with (rn, k, s, v), v being JSON text */
export async function fillSparse(duck: Duck, select: string): Promise<void> {
  await duck.run(`create table cells as ${select}`);
  await createDictionary(duck, 'sparse', 'select v from cells');
  await duck.run('create table sparse as select rn, k, s, code c from cells join dict_sparse using (v)');
  await duck.run('drop table cells');
}
