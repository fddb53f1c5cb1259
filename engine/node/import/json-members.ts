// The members of JSON records as properties: the tables `named` and then `sparse` of staged.ts.

import { type Duck, quoted } from './duck.ts';
import { type JsonShape, pointer } from './json-shape.ts';
import { findOdd, placesIn, standsAt } from './odd-places.ts';
import { fillSparse } from './stage-sql.ts';
import { KIND, SETS } from './staged.ts';

/** Of so many members all are looked for in each record, by one look; of more, in each record those that it has. */
const MOST_LOOKED_FOR = 200;

interface Members {
  /** Of this member, where it is an object; null: of the record itself. */
  readonly of: string | null;
  /** SQL over `raw`. */
  readonly where: string;
  readonly without: readonly string[];
  readonly sets: number;
  /** SQL over the key `k`. */
  readonly name?: string;
}

/** Fills `sparse`. @returns the names of its properties, by code; whether the table `odd` has rows */
export async function splitProperties(
  duck: Duck,
  shape: JsonShape,
): Promise<{ readonly names: string[]; readonly isOdd: boolean }> {
  const ofEvents = `own_kind = ${KIND.event}`;
  const ofPeople = `own_kind = ${KIND.property}`;
  // Each look is a source: what two sources say of one property of a record must be made one.
  await duck.run('create table named (rn bigint, name varchar, s utinyint, v varchar, source utinyint)');
  let source = 0;
  const add = (members: Members) => addMembers(duck, shape, members, source++);
  if (shape.format === 'kissmetrics') await add({ of: null, where: 'true', without: shape.own, sets: SETS.both });
  else await add({ of: null, where: ofEvents, without: shape.own, sets: SETS.event });
  // What stands beside `set` is set, too.
  if (shape.format === 'jsonl') {
    await add({ of: null, where: ofPeople, without: [...shape.own, 'type', 'event'], sets: SETS.person });
  }
  for (const key of shape.sets) await add({ of: key, where: 'true', without: [], sets: SETS.person });
  const used = [...shape.value.slice(0, 1), ...shape.user, ...shape.event, ...shape.time];
  // What stands in the place of an object and is none is a property like any other.
  const isOdd = await findOdd(duck, shape);
  const keys = isOdd ? placesIn(shape).filter((key) => !used.includes(pointer(key))) : [];
  for (const key of keys) {
    await duck.run(`insert into named select rn, ${quoted(key)}, ${SETS.event}, json_extract(line, ${quoted(pointer(key))})::varchar, ${source++}
      from odd join raw on raw.rowid = rn where ${ofEvents} and ${standsAt(shape, key, 'other')}`);
  }
  const tops = await duck.strings(`select distinct name from named where s = ${SETS.event}`);
  for (const key of shape.nested) {
    const without = used.filter((p) => p.startsWith(`${pointer(key)}/`)).map((p) => p.slice(pointer(key).length + 1));
    // A name that records have themselves means that; inside it keeps its path.
    const name = tops.length === 0 ? 'k' : `case when k in (${list(tops)}) then ${quoted(`${key}.`)} || k else k end`;
    await add({ of: key, where: ofEvents, without, sets: SETS.event, name });
    await add({ of: key, where: ofPeople, without, sets: SETS.person });
  }
  const names = await duck.strings('select distinct name from named order by name');
  await duck.run(`create table property as
    select name, (row_number() over (order by name) - 1)::usmallint k from (select distinct name from named)`);
  const isTwice =
    (await duck.number(
      'select count(*) from (select 1 from named group by name, s having count(distinct source) > 1 limit 1)',
    )) > 0;
  // One value a record and property, should two objects of a record name it.
  await fillSparse(
    duck,
    isTwice
      ? `select rn, k, s, coalesce(min(v) filter (where v <> 'null'), 'null') v
        from named join property using (name) group by rn, k, s`
      : 'select rn, k, s, v from named join property using (name)',
  );
  await duck.run('drop table named');
  return { names, isOdd };
}

/** Null takes a person's property away, and says nothing of an event's. */
async function addMembers(
  duck: Duck,
  shape: JsonShape,
  { of, where, without, sets, name = 'k' }: Members,
  source: number,
): Promise<void> {
  const at = of === null ? '' : pointer(of);
  const isObject = of === null ? where : `${where} and ${standsAt(shape, of, 'object')}`;
  const keys = of === null ? 'json_keys(line)' : `json_keys(line, ${quoted(at)})`;
  const isWanted = without.length === 0 ? 'true' : `k not in (${list(without)})`;
  const found = await duck.strings(
    `select distinct k from (select unnest(${keys}) k from raw where ${isObject}) where ${isWanted} order by k`,
  );
  if (found.length === 0) return;
  const isSaid = sets === SETS.person ? 'v is not null' : "v <> 'null'";
  const into = `insert into named select rn, ${name}, ${sets}, v, ${source}`;
  if (found.length <= MOST_LOOKED_FOR) {
    await duck.run(`${into} from (
      select rowid rn, unnest([${list(found)}]) k,
        unnest(json_extract(line, [${list(found.map((key) => `${at}${pointer(key)}`))}]))::varchar v
      from raw where ${isObject}) where ${isSaid}`);
    return;
  }
  const body = of === null ? 'line' : `json_extract(line, ${quoted(at)})`;
  await duck.run(`${into} from (
    select rn, k, json_extract(body, '/' || replace(replace(k, '~', '~0'), '/', '~1'))::varchar v from (
      select rn, body, unnest(list_distinct(json_keys(body))) k
      from (select rowid rn, ${body} as body from raw where ${isObject}))
    where ${isWanted}) where ${isSaid}`);
}

function list(names: readonly string[]): string {
  return names.map(quoted).join(', ');
}
