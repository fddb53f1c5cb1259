// JSON records into the tables of staged.ts. The records of all files are laid out one a line in one temporary file,
// which DuckDB parses; ids are resolved to people before the rows are made.

import { join } from 'node:path';
import { assert, UserError } from '../../base/index.ts';
import { compareUtf8 } from '../../columns/index.ts';
import { dayZeroSql } from './day-zero.ts';
import { type DayZero, parseDayZero } from './day-zero-spec.ts';
import { type Duck, quoted, quotedPath } from './duck.ts';
import { dropEqualRecords } from './equal-records.ts';
import { type Link, resolveIdentities } from './identity.ts';
import { splitProperties } from './json-members.ts';
import { type JsonLayout, type JsonRecord, jsonRecords } from './json-records.ts';
import { isObject, type JsonObject, type JsonShape, pointer } from './json-shape.ts';
import { type Lost, LostParts } from './lost-parts.ts';
import { AT, atColumn, placesIn, textsAtPlaces } from './odd-places.ts';
import type { ImportOptions } from './options.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { readChunks, type Source } from './sources.ts';
import { replacing } from './stage-pseudonyms.ts';
import { createDictionary, createRows, dropDuplicates, dropSaidBefore, IS_ADDRESS, isBlank } from './stage-sql.ts';
import { KIND, type Place, Rejections, reasonCode, type Staged } from './staged.ts';
import { millisecondsSql } from './time-unit.ts';
import { type IdentityTrace, type LinkedId, NO_IDENTITY } from './trace.ts';
import { writeLines } from './write-lines.ts';

export interface JsonFile {
  readonly source: Source;
  readonly layout: JsonLayout;
}

/** How records are copied. */
interface Copy {
  /** Null: as they are. */
  readonly made: ((record: JsonObject, lost: Lost) => object) | null;
  /** In the place of a line that is no JSON here; DuckDB may read it all the same. */
  readonly unreadable: (bytes: Buffer) => Buffer;
}

const NO_JSON = Buffer.from('?');

export async function stageJson(
  duck: Duck,
  files: readonly JsonFile[],
  shape: JsonShape,
  options: ImportOptions,
  onBytes: (source: Source, bytes: number) => void,
  pseudonyms: Pseudonyms | null,
): Promise<Staged> {
  const unread = new Rejections();
  const path = join(duck.folder, 'records.ndjson');
  const copy: Copy =
    pseudonyms === null
      ? { made: shape.plain, unreadable: (bytes) => bytes }
      : { made: replacing(shape, options, pseudonyms), unreadable: () => NO_JSON };
  const lost = new LostParts();
  const starts = await copyRecords(files, path, copy, unread, lost, onBytes);
  const nRows = starts[files.length] as number;
  duck.begin('parsing records', nRows);
  await parse(duck, nRows === 0 ? null : path, shape, options);
  const got = await duck.number('select count(*) from raw');
  assert(got === nRows, `${nRows} records were copied and ${got} read`);
  duck.begin('joining ids', nRows);
  const { identity, warnings } = await mergeIds(duck, shape, options);
  const hasIds = (await duck.number('select count(*) from (select 1 from raw where c_id is not null limit 1)')) > 0;
  duck.begin('numbering people and events', nRows);
  await createDictionary(duck, 'user', 'select c_user v from raw');
  await createDictionary(duck, 'event', 'select c_event v from raw');
  await createRows(
    duck,
    {
      user: 'c_user',
      event: 'c_event',
      time: shape.columns.time === null ? null : { text: 'c_time', milliseconds: 'ms' },
      fixedTime: options.asOf ?? options.observedFrom ?? null,
      value: shape.value.length > 0 ? 'c_value' : null,
      decimalComma: false,
      fine: null,
      id: hasIds ? 'c_id' : null,
      rest: 'rest',
      properties: [],
      observedUntil: options.observedUntil ?? null,
      kind: 'own_kind',
      bad: 'bad',
      mail: 'mailed',
    },
    'table',
  );
  const keepAll = options.keepDuplicates ?? false;
  duck.begin('comparing records', nRows);
  await dropDuplicates(duck, null, keepAll ? null : 'c_id');
  if (!keepAll) await dropEqualRecords(duck);
  const named = "coalesce('i' || c_id, 'r' || line)";
  const said = await dropSaidBefore(duck, named, keepAll ? null : (options.prior?.said ?? null));
  duck.begin('taking properties apart', nRows);
  const { names: sparseNames, isOdd } = await splitProperties(duck, shape);
  if (shape.plain === null && isOdd) {
    for (const [key, rn, count] of await textsAtPlaces(duck, shape)) {
      const [place] = await locate(files, starts, [rn]);
      if (place !== undefined) lost.add(key, place, count);
    }
  }
  await duck.run('drop table raw');
  return {
    nRows,
    unread,
    properties: [],
    sparseNames,
    dropEqualEvents: false,
    hasFineTimes: false,
    hasIds,
    hasRests: true,
    identity,
    said,
    warnings: [...lost.warnings, ...warnings],
    fileNames: files.map(({ source }) => source.name),
    locate: (rns) => locate(files, starts, rns),
  };
}

/** @returns the row number each file begins at, and the number of rows last */
async function copyRecords(
  files: readonly JsonFile[],
  path: string,
  { made, unreadable }: Copy,
  unread: Rejections,
  lost: LostParts,
  onBytes: (source: Source, bytes: number) => void,
): Promise<number[]> {
  const starts: number[] = [];
  let rows = 0;
  async function* lines() {
    for (const [order, { source, layout }] of files.entries()) {
      starts.push(rows);
      const toCopy = ({ line, bytes, reason }: JsonRecord): Buffer[] => {
        if (reason === null) {
          rows++;
          const onLost = (member: string) => lost.add(member, { file: source.name, line });
          return [made === null ? bytes : madeLine(bytes, made, onLost, unreadable)];
        }
        unread.add(reason, 1, order, [{ file: source.name, line }]);
        return [];
      };
      const chunks = readChunks(source, (bytes) => onBytes(source, bytes));
      for await (const records of jsonRecords(chunks, layout)) yield records.flatMap(toCopy);
    }
  }
  await writeLines(path, lines());
  return [...starts, rows];
}

/** What is no object stays as it is, and is set aside as what it is. */
function madeLine(bytes: Buffer, made: NonNullable<Copy['made']>, lost: Lost, unreadable: Copy['unreadable']): Buffer {
  let value: unknown;
  try {
    value = parseExactly(bytes.toString('utf8'));
  } catch {
    return unreadable(bytes);
  }
  return isObject(value) ? Buffer.from(JSON.stringify(made(value, lost))) : bytes;
}

/** Whole numbers that a double cannot hold become text. */
function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(text, (_key: string, value: unknown, context?: { readonly source?: string }) =>
    typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value) ? context?.source : value,
  );
}

/**
 * The table `raw`: one row a record, with the texts of its roles, its kind, and its partner id where it has one.
 * @param path of the records; null: there are none
 */
async function parse(duck: Duck, path: string | null, shape: JsonShape, options: ImportOptions): Promise<void> {
  // All that is looked for is found by one look at a record: each look parses it anew.
  const looked: string[] = [];
  const text = (p: string) => {
    if (!looked.includes(p)) looked.push(p);
    return `found[${looked.indexOf(p) + 1}]`;
  };
  const texts = (pointers: readonly string[]) =>
    `case ${pointers.map((p) => `when not ${isBlank(text(p))} then ${text(p)}`).join(' ')} when true then NULL::varchar end`;
  const { columns } = shape;
  const constant = columns.event !== null && 'constant' in columns.event ? quoted(columns.event.constant) : null;
  const event = constant ?? texts(shape.event);
  const unit = columns.time?.unit;
  const zero = unit === 'day' ? parseDayZero(options.dayZero as string) : null;
  if (zero !== null && zero.column !== null) {
    throw new UserError('DAY_ZERO', 'JSON records take one date for --day-zero, not one for each value of a column.');
  }
  const ms =
    unit === undefined
      ? 'NULL::bigint'
      : unit === 'day'
        ? dayZeroSql(zero as DayZero, 'time_text', null)
        : millisecondsSql(unit, 'time_text');
  const alias = shape.alias === null ? 'NULL::varchar' : texts([shape.alias]);
  const anonymous = shape.anonymous === null ? 'NULL::varchar' : texts([shape.anonymous]);
  const isAnonymous =
    shape.anonymous === null ? 'false' : `coalesce(${text(shape.anonymous)} = ${texts(shape.user)}, false)`;
  const places = placesIn(shape);
  const sets = shape.sets.map((key) => `kinds[${places.indexOf(key) + 2}] = 'OBJECT'`);
  const kindsAt = places.map(
    (_, i) =>
      `(case kinds[${i + 2}] when 'OBJECT' then ${AT.object} when 'NULL' then ${AT.nothing} else (case when kinds[${i + 2}] is null then ${AT.nothing} else ${AT.other} end) end)::utinyint ${atColumn(i)}`,
  );
  const isSet = sets.length === 0 ? 'false' : `coalesce(${sets.join(' or ')}, false)`;
  const kind =
    shape.format === 'segment'
      ? `case own_type when 'identify' then ${KIND.property} when 'alias' then ${KIND.alias} else ${KIND.event} end`
      : shape.format === 'kissmetrics'
        ? `case when event_text is not null then ${KIND.event} when alias is not null then ${KIND.alias} else ${KIND.property} end`
        : options.asPeople || columns.event === null
          ? String(KIND.property)
          : `case when alias is not null then ${KIND.alias} when ${constant === null ? 'event_text is null and ' : ''}is_set then ${KIND.property} else ${KIND.event} end`;
  const page = `case own_type when 'page' then 'Page Viewed' when 'screen' then 'Screen Viewed' else event_text end`;
  const ids =
    shape.format === 'klaviyo'
      ? ['/id']
      : ['/messageId', '/$insert_id', '/properties/$insert_id', '/insert_id', '/message_id'];
  const kept = new Set([...shape.nested, ...shape.sets, ...shape.value.map((p) => p.slice(1))]);
  // By name, and only what a record has: the mark does not hang on what else is in its file.
  const others = shape.own.filter((name) => !kept.has(name)).sort(compareUtf8);
  const members = others.map((name) => `${quoted(name)} || '\u0002' || ${text(pointer(name))}`);
  const rest = members.length === 0 ? "''" : `concat_ws('\u0001', ${members.join(', ')})`;
  const isMail = (id: string) => `coalesce(contains(${id}, '@') and ${IS_ADDRESS(id)}, false)`;
  const roles = `${texts(shape.user)} user_text, ${event} event_text, ${texts(shape.time)} time_text,
    ${texts(shape.value)} value_text, ${alias} alias, ${anonymous} anonymous, ${isAnonymous} is_anonymous, ${isSet} is_set, ${texts(ids)} id,
    ${text('/type')} own_type, kinds[1] is not null directed, ${rest} rest${kindsAt.map((kind) => `, ${kind}`).join('')}`;
  const list = (pointers: readonly string[]) => `[${pointers.map(quoted).join(', ')}]`;
  const file =
    path === null
      ? "select ''::varchar whole where false"
      : `select column0 whole from read_csv(${quotedPath(path)}, auto_detect = false, delim = '\u0001',
          quote = '', escape = '', header = false, columns = {'column0': 'VARCHAR'}, new_line = '\\n', strict_mode = false,
          max_line_size = 4000000, compression = 'none')`;
  await duck.run(`create table raw as
    select *, ${isMail('raw_user')} or ${isMail('partner')} mailed
    from (select line, 0::usmallint file, bad, user_text raw_user, user_text c_user, ${shape.format === 'segment' ? page : 'event_text'} c_event,
      time_text c_time, ${ms} ms, value_text c_value,
      (${kind})::utinyint own_kind, id c_id,
      coalesce(alias, case when anonymous <> user_text then anonymous end) partner, alias is null partner_anonymous,
      is_anonymous, directed, (md5_number_lower(rest) | 4294967296) rest${places.map((_, i) => `, ${atColumn(i)}`).join('')}
    from (select line, bad, ${roles}
      from (select line, bad, json_extract_string(line, ${list(looked)}) found,
          json_type(line, ${list(['/previousId', ...places.map((key) => pointer(key))])}) kinds
        from (select case when json_valid(whole) then whole else '{}' end line,
            case when not json_valid(whole) then ${reasonCode('not valid JSON')}
              when json_type(whole) <> 'OBJECT' then ${reasonCode('not a JSON object')} else 0 end bad
          from (${file})))))`);
}

/** Puts the person's id in the place of every id that stands for it, for all that files and what was there before say. */
async function mergeIds(
  duck: Duck,
  shape: JsonShape,
  { observedUntil, prior }: ImportOptions,
): Promise<{ readonly identity: IdentityTrace; readonly warnings: string[] }> {
  // A row that is set aside says nothing about identities either.
  const counts = `bad = 0 and ms is not null and (own_kind <> ${KIND.event} or c_event is not null)
    ${observedUntil === undefined ? '' : `and ms <= ${observedUntil}`}`;
  // Each id once, however often it is read.
  const texts = new Map<string, string>();
  const once = (text: string) => {
    const known = texts.get(text);
    if (known === undefined) texts.set(text, text);
    return known ?? text;
  };
  const found: Link[] = [];
  await duck.records(
    `select raw_user, partner, partner_anonymous, any_value(directed)
    from raw where raw_user is not null and partner is not null and ${counts} group by 1, 2, 3`,
    ([a, b, anonymous, directed]) =>
      found.push({
        a: once(a as string),
        b: once(b as string),
        anonymous: anonymous as boolean,
        directed: directed as boolean,
      }),
  );
  const before = prior?.links ?? [];
  const links = withPrior(found, before);
  await duck.run(`create table linked as select distinct unnest([raw_user, partner]) id from raw
    where raw_user is not null and partner is not null and ${counts}`);
  await duck.append(
    'linked',
    before.flatMap(({ a, b }) => [[a], [b]]),
  );
  const unnamed =
    shape.anonymous === null
      ? []
      : await duck.strings(`select raw_user id from raw where raw_user is not null and ${counts}
          and raw_user not in (select id from linked) group by raw_user having bool_and(is_anonymous) order by id`);
  if (links.length === 0) return { identity: { ...NO_IDENTITY, unnamed }, warnings: [] };
  const ids = new Set<string>();
  for (const { a, b } of links) ids.add(a).add(b);
  const linked = [...ids].sort(compareUtf8).map((id): { -readonly [key in keyof LinkedId]: LinkedId[key] } => {
    const known = prior?.seen(id) ?? null;
    return { id, firstSeen: known?.firstSeen ?? Number.POSITIVE_INFINITY, named: known?.named === true };
  });
  const byId = new Map(linked.map((one) => [one.id, one]));
  await duck.records(
    `select id, min(ms), bool_or(named) from (
    select raw_user id, ms, not is_anonymous named from raw where ${counts}
    union all select partner, ms, false from raw where ${counts})
    semi join linked using (id) group by id`,
    ([id, t, named]) => {
      const one = byId.get(id as string);
      if (one === undefined) return;
      one.firstSeen = Math.min(one.firstSeen, Number(t));
      one.named ||= named === true;
    },
  );
  const { merged, shared } = resolveIdentities(links, (id) => byId.get(id) ?? NEVER_SEEN);
  await duck.run('create table merged (id varchar, person varchar)');
  await duck.append('merged', merged);
  await duck.run('update raw set c_user = merged.person from merged where raw.raw_user = merged.id');
  const identity = { links, linked, merged: [...merged], unnamed };
  if (shared.length === 0) return { identity, warnings: [] };
  return {
    identity,
    warnings: [
      `${shared.length} anonymous ${shared.length === 1 ? 'id was' : 'ids were'} seen with several people (such as "${shared[0]}"), so ${shared.length === 1 ? 'it stays' : 'they stay'} apart.`,
    ],
  };
}

const NEVER_SEEN = { firstSeen: Number.POSITIVE_INFINITY, named: false };

/** Each once, and by id: the order of links must not matter. @param found each once already */
function withPrior(found: readonly Link[], before: readonly Link[]): Link[] {
  const byIds = (x: Link, y: Link) =>
    compareUtf8(x.a, y.a) || compareUtf8(x.b, y.b) || Number(x.anonymous) - Number(y.anonymous);
  if (before.length === 0) return [...found].sort(byIds);
  const all = new Map<string, Link>();
  for (const { a, b, directed, anonymous } of [...before, ...found]) {
    const key = JSON.stringify([a, b, anonymous]);
    const known = all.get(key);
    all.set(key, { a, b, anonymous, directed: directed || known?.directed === true });
  }
  return [...all.values()].sort(byIds);
}

async function locate(files: readonly JsonFile[], starts: readonly number[], rns: readonly number[]): Promise<Place[]> {
  const places: Place[] = [];
  for (const [i, { source, layout }] of files.entries()) {
    const wanted = rns.filter((rn) => rn >= (starts[i] as number) && rn < (starts[i + 1] as number));
    let rn = starts[i] as number;
    let found = 0;
    if (wanted.length === 0) continue;
    reading: for await (const records of jsonRecords(readChunks(source), layout)) {
      for (const { line, reason } of records) {
        if (reason !== null) continue;
        if (rn++ !== wanted[found]) continue;
        places.push({ file: source.name, line });
        if (++found === wanted.length) break reading;
      }
    }
  }
  return places;
}
