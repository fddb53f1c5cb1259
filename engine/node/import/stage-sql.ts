// The statements that the readers of all formats share: dictionaries, the table `rows`, duplicates, sparse properties.

import type { Duck } from './duck.ts';
import { KIND, reasonCode } from './staged.ts';

/** As in engine/events: something@host.tld without spaces; RE2 needs JavaScript's white space spelled out. */
const NO_SPACE = '[^@\\s\\v\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}]';
export const IS_ADDRESS = (text: string) => `regexp_full_match(${text}, '${NO_SPACE}+@${NO_SPACE}+\\.${NO_SPACE}+')`;

/** @param select SQL with one text column `v` @returns whether it has any value */
export async function createDictionary(duck: Duck, name: string, select: string): Promise<boolean> {
  await duck.run(`create table dict_${name} as select v, (row_number() over (order by v) - 1)::uinteger as code
    from (select distinct v from (${select}) where v is not null)`);
  const any = (await duck.number(`select count(*) from dict_${name}`)) > 0;
  if (name === 'user') {
    await duck.run(`alter table dict_user add column mail boolean`);
    await duck.run(`update dict_user set mail = true where contains(v, '@') and ${IS_ADDRESS('v')}`);
  }
  return any;
}

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
  readonly properties: readonly { readonly cell: string; readonly column: string }[];
  readonly observedUntil: number | null;
  readonly asPeople: boolean;
}

/** Fills `rows` from `raw`, in one pass. */
export async function createRows(duck: Duck, spec: RowsSpec): Promise<void> {
  const { user, event, time, value } = spec;
  const t = time === null ? `${spec.fixedTime ?? 0}::bigint` : time.milliseconds;
  const v =
    value === null
      ? 'NULL::double'
      : `case when contains(${value}, '_') then NULL else try_cast(${value} as double) end`;
  const code = reasonCode;
  const cases = [
    `when trim(coalesce(${user}, '')) = '' then ${code('missing person')}`,
    event === null ? '' : `when trim(coalesce(${event}, '')) = '' then ${code('missing event')}`,
    time === null ? '' : `when trim(coalesce(${time.text}, '')) = '' then ${code('missing time')}`,
    `when t is null then ${code('unreadable time')}`,
    value === null ? '' : `when v is null and trim(coalesce(${value}, '')) <> '' then ${code('unreadable value')}`,
    spec.observedUntil === null ? '' : `when t > ${spec.observedUntil} then ${code('later than observed-until')}`,
  ];
  const joins = spec.properties.map(({ cell, column }) => `left join dict_${column} on raw.${cell} = dict_${column}.v`);
  const eventCode = event === null || event.startsWith("'") ? '0::uinteger' : 'dict_event.code';
  await duck.run(`create table rows as
    select rn, file, ${spec.asPeople ? KIND.property : KIND.event}::utinyint kind, u, e, t::double t, v,
      (case ${cases.join(' ')} else 0 end)::utinyint reason, mail ${spec.properties.map((p) => `, ${p.column}`).join('')}
    from (select raw.rowid rn, raw.*, dict_user.code u, coalesce(dict_user.mail, false) mail, ${eventCode} e, ${t} t, ${v} v
      ${spec.properties.map(({ column }) => `, dict_${column}.code ${column}`).join('')}
      from raw left join dict_user on raw.${user} = dict_user.v
      ${eventCode === 'dict_event.code' ? `left join dict_event on raw.${event} = dict_event.v` : ''} ${joins.join('\n')})`);
}

/**
 * Fills `dropped` with kept rows whose every cell equals that of an earlier kept row, or whose id does.
 * @param cells columns of `raw` to compare; null keeps all
 * @param id a column of `raw` that names a row
 */
export async function dropDuplicates(duck: Duck, cells: readonly string[] | null, id: string | null): Promise<void> {
  await duck.run('create table dropped (rn bigint)');
  if (cells === null) return;
  const kept = 'select rn from rows where reason = 0';
  for (const key of id === null ? [cells] : [cells, [id]]) {
    const hash = key.length === 1 ? `hash(${key[0]}, 1)` : `hash(${key.join(', ')})`;
    await duck.run(
      `create temp table twice as select h from (select ${hash} h from raw) group by h having count(*) > 1`,
    );
    if ((await duck.number('select count(*) from twice')) > 0) {
      const blank = key.length === 1 ? `and ${id} is not null` : '';
      await duck.run(`insert into dropped select rn from (
        select rn, row_number() over (partition by ${key.join(', ')} order by rn) n
        from (select rowid rn, ${key.join(', ')} from raw where ${hash} in (select h from twice) ${blank})
        semi join (${kept}) kept using (rn)) where n > 1`);
    }
    await duck.run('drop table twice');
  }
}

/** Fills `sparse` with every filled cell of `raw`, property k being the k-th column; values as JSON text. */
export async function sparseFromColumns(duck: Duck, cells: readonly string[]): Promise<void> {
  const parts = cells.map(
    (cell, k) => `select rowid rn, ${k}::usmallint k, to_json(${cell})::varchar v from raw where ${cell} is not null`,
  );
  const all =
    parts.length > 0 ? parts.join(' union all ') : 'select 0::bigint rn, 0::usmallint k, NULL::varchar v limit 0';
  await fillSparse(duck, all);
}

/** @param select SQL with (rn, k, v), v being JSON text */
export async function fillSparse(duck: Duck, select: string): Promise<void> {
  await duck.run(`create table cells as ${select}`);
  await createDictionary(duck, 'sparse', 'select v from cells');
  await duck.run('create table sparse as select rn, k, code c from cells join dict_sparse using (v)');
  await duck.run('drop table cells');
}
