// Which column is the person, the event, the time, the value: by name and by what is in it, with the reason. Names come
// in tiers; the best tier with a fitting column decides, and two fitting columns of one tier are a question to the user.

import type { ColumnQuestion } from '../../api/index.ts';
import { exactCount, UserError } from '../../base/index.ts';
import type { ChosenColumns, TimeUnit } from '../../events/index.ts';
import { nearest } from '../../workflow/index.ts';
import { areLocalDates, localDatesHint } from './local-dates.ts';
import { hasDecimalCommas, MONEY, PLAIN_NUMBER } from './number-text.ts';
import { OpenColumn, OpenColumns } from './open-columns.ts';
import type { ImportOptions } from './options.ts';
import { lostLetters } from './sources.ts';
import { areRelative, guessUnit, UNIT_WORDS } from './time-unit.ts';

type Role = 'user' | 'event' | 'time' | 'value';

/** Names without case, spaces and punctuation; a RegExp matches them whole. */
const TIERS: Readonly<Record<Role, readonly RegExp[]>> = {
  user: [
    /^(user|customer|person|member|contact|subscriber|profile|student|player|shopper|buyer|distinct|client)(id|key|identifier)?$|^uid$|^identity$/,
    /^(account|visitor|anonymous|device)(id)?$|^anonymoususerid$|^(user|customer|contact)?e?mail(address)?$/,
    /^(?!event|item|product|category|order|session|message|transaction|row|assessment|campaign|sku|cart).*id$/,
  ],
  event: [/^event(name|type)?$/, /^(behaviou?r|action|activity|interaction)(type|name)?$|^verb$/, /^(type|name|kind)$/],
  time: [
    /^(event)?(time|timestamp|datetime|ts)$|^occurredat$|^eventdate$/,
    /^(created|sent|received|happened|logged|order(ed)?|purchased?)(at|time|date|on)$|^date$|^at$|^t$|^day$/,
    /(time|timestamp|date|at|day)$/,
  ],
  value: [
    /^value$/,
    /^(revenue|amount)$/,
    /^(order)?(total|value|amount)$|^sales$|^spend$|^total(price|value|amount|revenue)$/,
    /^price$/,
    /(value|revenue|amount)$/,
  ],
};

/** Of a table of people, whose rows have no other ids: `id` is theirs, and an address one of their properties. */
const PEOPLE_TIERS: readonly RegExp[] = [TIERS.user[0] as RegExp, /^id$/, ...TIERS.user.slice(1)];

const WORDS: Readonly<Record<Role, string>> = { user: 'person', event: 'event', time: 'time', value: 'value' };

/** Of a column, that are not blank. */
type CellsOf = (name: string) => readonly string[];

export interface Chosen {
  readonly columns: ChosenColumns;
  readonly warnings: readonly string[];
}

/**
 * @param rows a sample; cells in the order of `names`
 * @param preferred names that decide before all others
 * @param texts where a number can be written in any way, in cells of tables: those of a column, in all files
 * @throws UserError with every question that is open, each with the `--map` that answers it
 */
export function chooseColumns(
  file: string,
  names: readonly string[],
  rows: readonly (readonly string[])[],
  options: ImportOptions,
  preferred: ReadonlySet<string> = new Set(names),
  texts: CellsOf | null = null,
): Chosen {
  if (rows.length === 0) throw new UserError('NO_ROWS', `${file} has a header but no rows.`);
  const map = options.map ?? {};
  for (const [role, column] of Object.entries(map)) {
    if (column === undefined || column === '' || names.includes(column)) continue;
    throw new UserError(
      'NO_SUCH_COLUMN',
      `--map ${role}=${column}: ${file} has no column "${column}"${meant(column, names)} It has ${list(names)}.`,
    );
  }
  const table = new Table(file, names, rows, preferred);
  const taken = new Set(Object.values(map).filter((name) => name !== undefined));
  const problems: string[] = [];
  const questions: ColumnQuestion[] = [];
  const lost = lostLetters(names);
  const warnings = [...lost];
  const attempt = <T>(work: () => T): T | null => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(error.message);
      if (error instanceof OpenColumn) questions.push(error.question);
      return null;
    }
  };
  const time = attempt(() => chooseTime(table, map.time, taken, options));
  if (time) taken.add(time.column);
  const user = attempt(() => chooseUser(table, map.user, taken, options.asPeople === true));
  if (user) taken.add(user.column);
  const event = options.asPeople ? null : attempt(() => chooseEvent(table, map.event, taken, options.eventName));
  if (event && 'column' in event) taken.add(event.column);
  if (time && options.asPeople === true) warnings.push(...lookingAhead(time));
  const value = options.asPeople ? null : attempt(() => chooseValue(table, map.value, taken, warnings, texts));
  if (problems.length > 0) {
    const found = { ...(user === null ? {} : { user }), event, time, value };
    throw new OpenColumns([...problems, ...lost].join('\n'), questions, found);
  }
  return {
    columns: { user: user as NonNullable<typeof user>, event, time, value },
    warnings,
  };
}

class Table {
  readonly file: string;
  readonly names: readonly string[];
  readonly nRows: number;
  readonly #rows: readonly (readonly string[])[];

  readonly #preferred: ReadonlySet<string>;

  constructor(
    file: string,
    names: readonly string[],
    rows: readonly (readonly string[])[],
    preferred: ReadonlySet<string>,
  ) {
    this.#preferred = preferred;
    this.file = file;
    this.names = names;
    this.nRows = rows.length;
    this.#rows = rows;
  }

  filled(name: string): string[] {
    const at = this.names.indexOf(name);
    return this.#rows.map((row) => row[at] ?? '').filter((cell) => cell.trim() !== '');
  }

  /** The columns of the best tier that has any, which fit. */
  best(role: Role, taken: ReadonlySet<string>, fits: (name: string) => boolean, tiers = TIERS[role]): string[] {
    for (const pool of [this.names.filter((name) => this.#preferred.has(name)), this.names]) {
      for (const tier of tiers) {
        const found = pool.filter((name) => tier.test(bare(this.#heading(name))) && !taken.has(name) && fits(name));
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  /** As the file has it: a second column of one heading, `value (2)`, is no less likely, unless it says the same. */
  #heading(name: string): string {
    const first = / \(\d+\)$/.test(name) ? name.replace(/ \(\d+\)$/, '') : name;
    if (first === name || !this.names.includes(first)) return name;
    const [a, b] = [this.names.indexOf(first), this.names.indexOf(name)];
    return this.#rows.every((row) => row[a] === row[b]) ? name : first;
  }

  one(role: Role, found: readonly string[], none = ''): string {
    if (found.length > 1) {
      throw new OpenColumn(
        'TWO_CANDIDATES',
        `${this.file}: ${list(found)} could each be the ${WORDS[role]}; say which: --map ${role}=${asArgument(found[0] as string)} or --map ${role}=${asArgument(found[1] as string)}${none}.`,
        { role, kind: 'which', columns: found, examples: [] },
      );
    }
    return found[0] as string;
  }
}

function chooseUser(table: Table, mapped: string | undefined, taken: ReadonlySet<string>, arePeople: boolean) {
  if (mapped) return { column: mapped, why: 'named by --map' };
  const tiers = arePeople ? PEOPLE_TIERS : TIERS.user;
  const filled = table.best('user', taken, (name) => table.filled(name).length >= 0.5 * table.nRows, tiers);
  const found = filled.length > 0 ? filled : table.best('user', taken, () => true, tiers);
  if (found.length === 0) {
    throw new OpenColumn(
      'NO_PERSON',
      `${table.file}: no column looks like the person (user_id, customer_id, email, …); name it: --map user=COLUMN. It has ${list(table.names)}.`,
      missing('user'),
    );
  }
  const column = table.one('user', found);
  const distinct = new Set(table.filled(column)).size;
  return {
    column,
    why: `its name says a person; ${exactCount(distinct)} different ones in the first ${exactCount(table.nRows)} rows`,
  };
}

function chooseEvent(table: Table, mapped: string | undefined, taken: ReadonlySet<string>, constant?: string) {
  if (constant !== undefined) {
    if (constant.trim() === '') throw new UserError('NO_EVENT', '--event needs a name that is not blank.');
    return { constant, why: 'named by --event: every row is this event' };
  }
  if (mapped) return { column: mapped, why: 'named by --map' };
  const few = (name: string) => {
    const cells = table.filled(name);
    return cells.length > 0 && new Set(cells).size <= Math.max(50, cells.length / 2);
  };
  const found = table.best('event', taken, few);
  if (found.length === 0) {
    throw new OpenColumn(
      'NO_EVENT',
      `${table.file}: no column names the event; name it: --map event=COLUMN, or --event NAME if every row is one event, or --as people if rows are people. It has ${list(table.names)}.`,
      missing('event'),
    );
  }
  const column = table.one('event', found);
  const distinct = new Set(table.filled(column)).size;
  return {
    column,
    why: `its name says an event; ${exactCount(distinct)} different ones in the first ${exactCount(table.nRows)} rows`,
  };
}

function chooseTime(table: Table, mapped: string | undefined, taken: ReadonlySet<string>, options: ImportOptions) {
  const { timeUnit } = options;
  if (options.asPeople === true && options.asOf !== undefined) {
    if (mapped === undefined) return null;
    throw new UserError(
      'TWO_TIMES',
      `--as-of says when all of these properties were known, and --map time=${mapped} that each row says it; give one of the two.`,
    );
  }
  if (options.dayZero !== undefined) return chooseDays(table, mapped, taken);
  const unitOf = (name: string): TimeUnit | null => timeUnit ?? guessUnit(table.filled(name));
  if (mapped) {
    const unit = unitOf(mapped);
    if (unit === null) throw unreadable(table, mapped);
    return { column: mapped, unit, why: `named by --map; read as ${UNIT_WORDS[unit]}` };
  }
  let found = table.best('time', taken, (name) => unitOf(name) !== null && table.filled(name).length > 0);
  if (found.length === 0) {
    const named = table.best('time', taken, (name) => table.filled(name).length > 0);
    found = table.names.filter(
      (name) => !taken.has(name) && ['iso', 'ms', 'us', 'ns'].includes(guessUnit(table.filled(name), 0.9) ?? ''),
    );
    if (found.length === 0) {
      if (options.asPeople) return peopleWithoutTime(table, options);
      const [likely] =
        named.length > 0 ? named : table.names.filter((n) => !taken.has(n) && areLocalDates(table.filled(n)));
      if (likely !== undefined) throw unreadable(table, likely);
      throw new OpenColumn(
        'NO_TIME',
        `${table.file}: no column holds times; name it: --map time=COLUMN. It has ${list(table.names)}.`,
        missing('time'),
      );
    }
  }
  const column = table.one('time', found);
  const unit = unitOf(column) as TimeUnit;
  return { column, unit, why: `its values are ${UNIT_WORDS[unit]}` };
}

function chooseDays(table: Table, mapped: string | undefined, taken: ReadonlySet<string>) {
  const unit = 'day' as const;
  const found = mapped ? [mapped] : table.best('time', taken, (name) => areRelative(table.filled(name)));
  if (found.length === 0) {
    throw new OpenColumn(
      'NO_TIME',
      `${table.file}: no column holds numbers of days; name it: --map time=COLUMN.`,
      missing('time'),
    );
  }
  return { column: table.one('time', found), unit, why: 'it holds days, counted from the day zero that was given' };
}

/**
 * A moment of making says nothing of when what stands beside it was known: it is a look ahead, unless nothing changed.
 */
function lookingAhead({ column }: { readonly column: string }): string[] {
  if (!/(created|signup|signedup|registered|registration|joined|firstseen|since|added)/.test(bare(column))) return [];
  return [
    `Properties count from "${column}" on, which sounds like a beginning: values that changed later would be seen too early. Where the file says how people stand on one day, --as-of that day keeps every decision before it from seeing them.`,
  ];
}

/** People known from the moment observation began: nothing else can be said without looking ahead. */
function peopleWithoutTime(table: Table, options: ImportOptions): null {
  if (options.observedFrom !== undefined) return null;
  throw new OpenColumn(
    'NO_TIME',
    `${table.file}: no column says since when these properties are known; name one with --map time=COLUMN, or give --as-of T, the day of the export, before which no decision sees them (--observed-from T if they were known from the start).`,
    missing('time'),
  );
}

function missing(role: Role): ColumnQuestion {
  return { role, kind: 'none', columns: [], examples: [] };
}

function unreadable(table: Table, column: string): UserError {
  const cells = table.filled(column);
  const samples = [...new Set(cells)].slice(0, 3).map((c) => c.slice(0, 40));
  const examples = samples.map((c) => `"${c}"`);
  const question = { role: 'time', columns: [column], examples: samples } as const;
  if (cells.length > 0 && areRelative(cells)) {
    return new OpenColumn(
      'RELATIVE_DAYS',
      `${table.file}: column "${column}" holds relative days (${examples.join(', ')}), counted from a start of its own, not calendar time; say which date day 0 is (--day-zero 2024-02-01, or --day-zero TERM:A=2024-02-01,B=2024-10-01 where a column TERM tells starts apart), or name a column with dates: --map time=COLUMN.`,
      { ...question, kind: 'days' },
    );
  }
  return new OpenColumn(
    'UNREADABLE_TIME',
    `${table.file}: column "${column}" cannot be read as time (${examples.join(', ') || 'it is empty'}); known are seconds to nanoseconds since 1970, ISO 8601, YYYY-MM-DD and YYYYMMDD. ${areLocalDates(cells) ? localDatesHint(cells) : 'Convert it'}, or name another: --map time=COLUMN.`,
    { ...question, kind: 'unreadable' },
  );
}

function chooseValue(
  table: Table,
  mapped: string | undefined,
  taken: ReadonlySet<string>,
  warnings: string[],
  texts: CellsOf | null,
): ChosenColumns['value'] {
  if (mapped === '') return null;
  const commas = (name: string) => texts !== null && hasDecimalCommas(texts(name));
  const chosen = (column: string, why: string): NonNullable<ChosenColumns['value']> => {
    if (texts === null || !commas(column)) return { column, why };
    const [example = ''] = texts(column).filter((cell) => cell.includes(','));
    const read = Number(example.replaceAll('.', '').replace(',', '.'));
    return { column, why: `${why}; decimals behind a comma (${example.trim()} is ${read})`, decimals: 'comma' };
  };
  if (mapped) return chosen(mapped, 'named by --map');
  const numeric = (name: string) => {
    const cells = table.filled(name);
    return commas(name) || (cells.length > 0 && cells.filter((c) => PLAIN_NUMBER.test(c)).length > cells.length / 2);
  };
  const found = table.best('value', taken, numeric);
  const money = table.best('value', taken, (name) => table.filled(name).some((c) => MONEY.test(c)) && !numeric(name));
  if (found.length === 0) {
    if (money.length > 0) {
      warnings.push(
        `Column "${money[0]}" looks like money but is not written as a plain number ("${table.filled(money[0] as string)[0]}"), so it is kept as text and no event has a value.`,
      );
    }
    return null;
  }
  const column = table.one('value', found, ' (or --map value= for none)');
  return chosen(column, 'its name says money and its cells are numbers');
}

/** Whether a name says what a column is: where one does, the line it stands in is a header. */
export function namesARole(name: string): boolean {
  return Object.values(TIERS).some((tiers) => tiers.slice(0, 2).some((tier) => tier.test(bare(name))));
}

/** The end of a sentence about a missing column, offering the nearest where one is near. */
export function meant(name: string, names: readonly string[]): string {
  const near = nearest(name, names);
  return near === null ? '.' : `; did you mean "${near}"?`;
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name}"`);
  return shown.join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');
}

function asArgument(name: string): string {
  return /^[\w.@-]+$/.test(name) ? name : `"${name}"`;
}
