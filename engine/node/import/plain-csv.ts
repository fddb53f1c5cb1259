// Tables of events that need no care (see plain-rows.ts), straight to ranges of people: no database in between. Two passes,
// for codes have their order only once all texts are known: cells to codes in the order they are first seen, then rows to
// ranges under codes in the order of the texts' bytes.

import { isEmailAddress } from '../../events/index.ts';
import { piecesOf, type Spill, type SpilledTexts } from '../stored/index.ts';
import type { Dictionaries } from './build.ts';
import type { ByteDictionary } from './byte-dictionary.ts';
import type { CollectedRows } from './collect-rows.ts';
import { NO_CODE, RowDealer } from './deal-rows.ts';
import { throwIfCancelled } from './duck.ts';
import type { ImportOptions } from './options.ts';
import { PlainReader, type PlainUnit, ROLE } from './plain-rows.ts';
import type { Plan } from './plan.ts';
import { readChunks, type Source } from './sources.ts';
import { idColumn } from './stage-csv.ts';
import { REASONS, Rejections, type Staged } from './staged.ts';
import { NO_IDENTITY } from './trace.ts';

/** Beyond, the database does better: it can put texts on disk. */
const MOST_TEXT_BYTES = 300 << 20;
const MOST_PROPERTIES = 100;

export interface PlainImport {
  readonly staged: Staged;
  readonly collected: CollectedRows;
  readonly texts: Dictionaries;
}

/** @returns null where the files need care: nothing of them is kept then */
export async function collectPlain(
  plan: Plan,
  spill: Spill,
  options: ImportOptions,
  onBytes: (source: Source, bytes: number) => void,
  onRows: (done: number, total: number) => void,
): Promise<PlainImport | null> {
  const table = tableOf(plan, options);
  if (table === null) return null;
  const { files, properties, constant, unit, hasValues } = table;
  const rows = {
    users: spill.column(Uint32Array),
    names: spill.column(Uint32Array),
    times: spill.column(Float64Array),
    values: spill.column(Float64Array),
    properties: properties.map(() => spill.column(Uint32Array)),
  };
  const latest = options.observedUntil ?? Number.POSITIVE_INFINITY;
  const reader = new PlainReader(
    properties.length,
    unit,
    latest,
    ({ n, users, names, times, values, properties: p }) => {
      rows.users.append(users.subarray(0, n));
      rows.names.append(names.subarray(0, n));
      rows.times.append(times.subarray(0, n));
      if (hasValues) rows.values.append(values.subarray(0, n));
      for (const [i, column] of p.entries()) rows.properties[i]?.append(column.subarray(0, n));
    },
  );
  if (constant !== null) reader.events.code(constant, 0, constant.length, 0);
  for (const { source, layout } of files) {
    reader.begin(layout);
    for await (const chunk of readChunks(source, (bytes) => onBytes(source, bytes))) {
      if (!reader.feed(chunk) || reader.byteLength > MOST_TEXT_BYTES) return null;
    }
    if (!reader.end()) return null;
  }
  const n = rows.users.length;
  if (n === 0) return null;
  const dictionaries = { user: reader.users, event: reader.events };
  const sorted = new Map(
    [...Object.entries(dictionaries), ...reader.texts.map((one, i) => [`p${i}`, one] as const)].map(([name, one]) => [
      name,
      { dictionary: one, ...one.sorted() },
    ]),
  );
  const placesOf = (name: string) => (sorted.get(name) as Sorted).places;
  const dealer = new RowDealer(spill, n, reader.users.length, options.pieces?.rangeRows, hasValues, properties.length);
  const tally = new PlainTally(sorted.get('user') as Sorted);
  const chosen = Uint32Array.from({ length: PIECE_ROWS }, (_, i) => i);
  const rn = new Uint32Array(PIECE_ROWS);
  const lacking = properties.map(() => false);
  const [names, times] = [piecesOf(rows.names, PIECE_ROWS), piecesOf(rows.times, PIECE_ROWS)];
  const values = piecesOf(rows.values, PIECE_ROWS);
  const others = rows.properties.map((column) => piecesOf(column, PIECE_ROWS));
  let done = 0;
  for (const users of piecesOf(rows.users, PIECE_ROWS)) {
    const k = users.length;
    for (let i = 0; i < k; i++) rn[i] = done + i;
    replaceCodes(users, placesOf('user'));
    const named = names.next().value as Uint32Array;
    replaceCodes(named, placesOf('event'));
    const at = times.next().value as Float64Array;
    tally.add(users, at);
    const held = others.map((column, p) => {
      const codes = column.next().value as Uint32Array;
      if (replaceCodes(codes, placesOf(`p${p}`))) lacking[p] = true;
      return codes;
    });
    const valued = hasValues ? (values.next().value as Float64Array) : null;
    dealer.deal({ rn, users, names: named, times: at, values: valued, others: held }, chosen, k);
    done += k;
    onRows(done, n);
    await new Promise(setImmediate);
    throwIfCancelled(options.signal);
  }
  for (const column of [rows.users, rows.names, rows.times, rows.values, ...rows.properties]) column.clear();
  const all = (dictionary: ByteDictionary) => new Uint8Array(dictionary.length).fill(1);
  return {
    staged: stagedOf(n, properties, options, files),
    collected: {
      ranges: dealer.ranges,
      perUser: tally.perUser,
      usedUsers: all(reader.users),
      usedNames: all(reader.events),
      properties: reader.texts.map((one, p) => ({ used: all(one), isLacking: lacking[p] === true })),
      span: { from: tally.from, to: tally.to },
      addressSince: tally.addressSince,
      kept: n,
      dropped: 0,
      lastTime: tally.to,
      rejected: REASONS.map(() => ({ count: 0, first: [] })),
      implausible: { timed: n, count: 0, refused: 0, example: null },
    },
    texts: textsOf(sorted, spill),
  };
}

/** All of them, for each is in use; of the dictionaries nothing stays in memory. */
function textsOf(sorted: ReadonlyMap<string, Sorted>, spill: Spill): Dictionaries {
  const texts = new Map(
    [...sorted].map(([name, { dictionary, order }]) => [name, dictionary.texts(order, spill)] as const),
  );
  return async (name) => texts.get(name) as SpilledTexts;
}

const PIECE_ROWS = 1 << 16;

interface Sorted {
  readonly dictionary: ByteDictionary;
  readonly order: Uint32Array;
  readonly places: Uint32Array;
}

/** Null where it is no plain table of events, whatever its rows. */
function tableOf({ layout, columns, format, sources }: Plan, options: ImportOptions) {
  if (layout.kind !== 'csv' || format !== 'csv') return null;
  if (options.asPeople === true || options.pseudonyms !== undefined) return null;
  const { user, event, time, value } = columns;
  if (event === null || time === null || value?.decimals === 'comma') return null;
  const { unit } = time;
  if (unit !== 's' && unit !== 'ms' && unit !== 'iso') return null;
  const files = layout.looks.map((look, i) => ({ look, source: sources[i] as Source }));
  const needed = [user, event, time].flatMap((role) => ('column' in role ? [role.column] : []));
  const roles = [...needed, ...(value === null ? [] : [value.column])];
  const [first] = files;
  if (first === undefined || idColumn(first, roles) !== null) return null;
  const isFit = files.every(
    ({ look }) => look.dialect.newLine !== '\r' && needed.every((name) => look.names.includes(name)),
  );
  const names = [...new Set(files.flatMap(({ look }) => look.names))];
  const properties = names.filter((name) => !roles.includes(name));
  if (!isFit || properties.length > MOST_PROPERTIES) return null;
  const roleOf = (name: string) => {
    if (name === user.column) return ROLE.user;
    if ('column' in event && name === event.column) return ROLE.event;
    if (name === time.column) return ROLE.time;
    return name === value?.column ? ROLE.value : ROLE.property + properties.indexOf(name);
  };
  return {
    files: files.map(({ look: { dialect, names: cells }, source }) => ({
      source,
      layout: {
        delimiter: dialect.delimiter.charCodeAt(0),
        crlf: dialect.newLine === '\r\n',
        header: dialect.header,
        roles: cells.map(roleOf),
      },
    })),
    properties,
    constant: 'constant' in event ? Buffer.from(event.constant) : null,
    unit: unit satisfies PlainUnit,
    hasValues: value !== null,
  };
}

function stagedOf(
  nRows: number,
  properties: readonly string[],
  options: ImportOptions,
  files: readonly { readonly source: Source }[],
): Staged {
  return {
    nRows,
    unread: new Rejections(),
    properties: properties.map((name, i) => ({ name, column: `p${i}` })),
    sparseNames: [],
    dropEqualEvents: options.keepDuplicates !== true,
    hasFineTimes: false,
    hasIds: false,
    hasRests: false,
    identity: NO_IDENTITY,
    said: null,
    warnings: [],
    fileNames: files.map(({ source }) => source.name),
    // No row is refused.
    locate: async () => [],
  };
}

/** In place. @returns whether a row has none */
function replaceCodes(codes: Uint32Array, places: Uint32Array): boolean {
  let isLacking = false;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code === NO_CODE) isLacking = true;
    else codes[i] = places[code] as number;
  }
  return isLacking;
}

const AT_SIGN = 64;

/** What is counted as rows pass by, people under their places. */
class PlainTally {
  readonly perUser: Uint32Array;
  /** First moments of ids that are addresses; null where none is. */
  readonly addressSince: Float64Array | null;
  from = Number.POSITIVE_INFINITY;
  to = Number.NEGATIVE_INFINITY;
  readonly #isAddress: Uint8Array;

  constructor({ dictionary, order }: Sorted) {
    this.perUser = new Uint32Array(order.length);
    this.#isAddress = new Uint8Array(order.length);
    const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
    let any = false;
    for (let place = 0; place < order.length; place++) {
      const id = dictionary.at(order[place] as number);
      if (!id.includes(AT_SIGN) || !isEmailAddress(decoder.decode(id))) continue;
      this.#isAddress[place] = 1;
      any = true;
    }
    this.addressSince = any ? new Float64Array(order.length).fill(Number.POSITIVE_INFINITY) : null;
  }

  add(users: Uint32Array, times: Float64Array): void {
    const { perUser, addressSince } = this;
    let { from, to } = this;
    for (let i = 0; i < users.length; i++) {
      const user = users[i] as number;
      const time = times[i] as number;
      perUser[user] = (perUser[user] as number) + 1;
      if (time < from) from = time;
      if (time > to) to = time;
      if (addressSince !== null && this.#isAddress[user] === 1 && time < (addressSince[user] as number)) {
        addressSince[user] = time;
      }
    }
    this.from = from;
    this.to = to;
  }
}
