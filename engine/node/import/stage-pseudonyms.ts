// Pseudonyms in the tables of an import: the cells of a table are replaced before anything else is made of them, records
// before they are laid out. Either way it is looked at afterwards that no two texts got one pseudonym.

import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../base/index.ts';
import type { ChosenColumns } from '../../events/index.ts';
import { type Duck, quotedPath } from './duck.ts';
import { identityKind } from './identity-names.ts';
import { isObject, type JsonObject, type JsonShape, pointer } from './json-shape.ts';
import type { Lost } from './lost-parts.ts';
import type { ImportOptions } from './options.ts';
import { type Pseudonyms, pseudonymous, pseudonymousCell, type RecordPlaces, SHORTEST_COPY } from './pseudonyms.ts';
import { readError } from './sources.ts';

/** Pseudonyms with all digits of their hashes, to be held against each other. */
export class PseudonymList {
  readonly path: string;
  readonly #file: number;
  #lines: string[] = [];

  constructor(duck: Duck) {
    this.path = join(duck.folder, 'pseudonyms.txt');
    this.#file = openSync(this.path, 'w', 0o600);
  }

  add(pseudonym: string, whole: string): void {
    this.#lines.push(`${pseudonym} ${whole}\n`);
    if (this.#lines.length >= 10_000) this.#write();
  }

  /** @throws UserError where two texts have one pseudonym */
  async assertApart(duck: Duck): Promise<void> {
    this.#write();
    const twice = await duck.number(`select count(*) from (select split_part(line, ' ', 1) p from
      read_csv(${quotedPath(this.path)}, auto_detect = false, delim = '\u0001', quote = '', escape = '', header = false,
        columns = {'line': 'VARCHAR'}) group by p having count(distinct line) > 1)`);
    if (twice === 0) return;
    throw new UserError(
      'PSEUDONYM_TWICE',
      'Two ids have the same pseudonym under this key, so nothing was imported. Import again with a new key file.',
    );
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(): void {
    writeTexts(this.#file, this.path, this.#lines);
    this.#lines = [];
  }
}

/** Where ids stand in the records of a shape. */
export function placesOf(shape: JsonShape, options: ImportOptions): RecordPlaces {
  const { user, anonymous, alias, event, time, value, sets } = shape;
  const constant = shape.columns.event !== null && 'constant' in shape.columns.event;
  return {
    ids: new Set([...user, ...(anonymous === null ? [] : [anonymous]), ...(alias === null ? [] : [alias])]),
    kept: new Set([...event, ...time, ...value]),
    ofPeople: new Set(sets.map((key) => pointer(key))),
    isOfPeople: (record) => options.asPeople === true || (!constant && event.every((at) => isMissing(record, at))),
  };
}

function isMissing(record: JsonObject, at: string): boolean {
  let value: unknown = record;
  for (const key of at.slice(1).split('/')) {
    value = isObject(value) ? value[key.replaceAll('~1', '/').replaceAll('~0', '~')] : undefined;
  }
  return value === undefined || value === null || value === '';
}

export function replacing(
  shape: JsonShape,
  options: ImportOptions,
  names: Pseudonyms,
): (record: JsonObject, lost: Lost) => JsonObject {
  const places = placesOf(shape, options);
  return (record, lost) =>
    pseudonymous(shape.plain === null ? record : ({ ...shape.plain(record, lost) } as JsonObject), places, names);
}

/**
 * Writes `raw` anew under pseudonyms.
 * @param names of its columns, in their order
 * @param at the column of `raw` for a name
 */
export async function replaceCells(
  duck: Duck,
  columns: readonly string[],
  at: (name: string) => string,
  { user, event, time, value }: ChosenColumns,
  isOfPeople: boolean,
  names: Pseudonyms,
): Promise<void> {
  const kept = [event, time, value].flatMap((role) => (role !== null && 'column' in role ? [role.column] : []));
  const cells: string[] = [];
  const joins: string[] = [];
  for (const [i, name] of columns.entries()) {
    const cell = at(name);
    const isId = name === user.column;
    const kind = isId ? 'replaced' : kept.includes(name) ? null : identityKind(name, isOfPeople);
    if (kept.includes(name) || kind === 'leftOut') {
      const isFilled = kind === 'leftOut' && (await duck.number(`select count(${cell}) from raw`)) > 0;
      if (isFilled) names.note(name, 'leftOut');
      cells.push(kind === 'leftOut' ? `NULL::varchar ${cell}` : `raw.${cell}`);
      continue;
    }
    const copy = `coalesce(length(${cell}) >= ${SHORTEST_COPY} and ${cell} = ${at(user.column)}, false)`;
    const where =
      kind === null
        ? `contains(${cell}, '@') or contains(lower(${cell}), '%40') or regexp_matches(${cell}, '^\\s*[\\[{]') or ${copy}`
        : `${cell} is not null`;
    const select = `select ${cell} v, bool_or(${copy}) own from raw where ${where} group by all`;
    const found = await replacements(duck, `p${i}`, select, (text, isOwn) =>
      isId ? names.of(text) : (pseudonymousCell(name, text, isOfPeople, names, new Set(isOwn ? [text] : [])) ?? ''),
    );
    if (found === 0) cells.push(`raw.${cell}`);
    else {
      joins.push(`left join p${i} on raw.${cell} = p${i}.v`);
      cells.push(`coalesce(p${i}.p, raw.${cell}) ${cell}`);
    }
  }
  await duck.run(
    `create table raw3 as select raw.file, ${cells.join(', ')} from raw ${joins.join(' ')} order by raw.rowid`,
  );
  await duck.run('drop table raw');
  await duck.run('alter table raw3 rename to raw');
}

/** The table of a name with texts and what stands in their place. @returns how many there are */
async function replacements(
  duck: Duck,
  table: string,
  select: string,
  replace: (text: string, isOwn: boolean) => string,
): Promise<number> {
  await duck.run(
    `create temp table ${table}v as select v, row_number() over () * (case when own then -1 else 1 end) n from (${select})`,
  );
  const path = join(duck.folder, `${table}.txt`);
  const file = openSync(path, 'w', 0o600);
  let lines: string[] = [];
  const write = () => {
    writeTexts(file, path, lines);
    lines = [];
  };
  let found = 0;
  try {
    await duck.numbered(`select n, v from ${table}v`, (n, text) => {
      found++;
      lines.push(`${n}\u0001${JSON.stringify(replace(text, n < 0))}\n`);
      if (lines.length >= 10_000) write();
    });
    write();
  } finally {
    closeSync(file);
  }
  if (found > 0) {
    await duck.run(`create temp table ${table} as select v, json_extract_string(j, '$') p from ${table}v join
      read_csv(${quotedPath(path)}, auto_detect = false, delim = '\u0001', quote = '', escape = '', header = false,
        columns = {'m': 'BIGINT', 'j': 'VARCHAR'}, max_line_size = 4000000) on n = m`);
  }
  await duck.run(`drop table ${table}v`);
  return found;
}

function writeTexts(file: number, path: string, texts: readonly string[]): void {
  try {
    if (texts.length > 0) writeSync(file, texts.join(''));
  } catch (error) {
    throw readError(path, error);
  }
}
