// From the collected rows to the columns of a history, range by range of people. Codes that no kept row uses are left
// out, so that a rejected row leaves no trace.

import { compareUtf8 } from '../../columns/index.ts';
import { OWN_EMAIL_EVENTS } from '../../events/index.ts';
import type { StoredColumns, StoredProperty, StoredTrace } from '../stored/index.ts';
import { type Spill, SpilledTexts } from '../stored/index.ts';
import type { CollectedRows } from './collect-rows.ts';
import type { RowRange } from './deal-rows.ts';
import { type Duck, throwIfCancelled } from './duck.ts';
import { EventsWriter, encoded } from './events-writer.ts';
import { fingerprintSteps } from './fingerprint.ts';
import type { ImportOptions } from './options.ts';
import { codesInOrder, numbersInOrder, sortRows } from './sort-rows.ts';
import { changesOf, hasIdle, type Sparse } from './sparse.ts';
import type { Staged } from './staged.ts';

/** Rows that are sorted at once, where no range has more: what a processor holds near itself. */
const SORTED_ROWS = 1 << 18;

/** The texts in use of a dictionary (`user`, `event`, that of a property's column), in the order of its codes. */
export type Dictionaries = (dictionary: string, used: Uint8Array) => Promise<SpilledTexts>;

export interface Built {
  readonly columns: StoredColumns;
  /** Marks by event, as the columns are. */
  readonly trace: StoredTrace;
  /** Events left out because they equal an earlier one. */
  readonly repeated: number;
}

/**
 * @param valueName the source column of the values
 * @param onRows told how many events of how many are in their place
 */
export async function buildColumns(
  texts: Dictionaries,
  sparse: Sparse,
  staged: Staged,
  collected: CollectedRows,
  spill: Spill,
  valueName: string | null,
  options: ImportOptions,
  onRows: (done: number, total: number) => void,
): Promise<Built> {
  const { addressSince, perUser, usedUsers, span } = collected;
  const breathe = () => paused(options.signal);
  await breathe();
  const names = [...(await texts('event', collected.usedNames)).blocks()].flat();
  const writer = new EventsWriter(spill, {
    base: span?.from ?? 0,
    usedNames: collected.usedNames,
    hasValues: collected.ranges[0]?.values != null,
    hasIds: staged.hasIds,
    hasRests: staged.hasRests,
    properties: collected.properties,
    marksAt: staged.properties.length + (staged.hasFineTimes ? 1 : 0),
  });
  const nRows = collected.ranges.reduce((sum, { rn }) => sum + rn.length, 0);
  let done = 0;
  for (const ranges of together(collected.ranges, options.pieces?.sortedRows ?? SORTED_ROWS)) {
    const [first, last] = [
      ranges[0] as RowRange,
      collected.ranges[collected.ranges.indexOf(ranges.at(-1) as RowRange) + 1],
    ];
    const people = perUser.subarray(first.firstUser, last?.firstUser ?? perUser.length);
    const compared = staged.properties.length + (staged.hasFineTimes ? 1 : 0);
    const n = ranges.reduce((sum, { rn }) => sum + rn.length, 0);
    const sorted = sortRows(ranges, people, staged.dropEqualEvents ? compared : null);
    const firstRange = collected.ranges.indexOf(ranges[0] as RowRange);
    sparse.cells.write(firstRange, firstRange + ranges.length, writer.length, codesInOrder(sorted.rn, sorted.order));
    writer.add(sorted);
    done += n;
    onRows(done, nRows);
    await breathe();
  }
  const n = writer.length;
  const properties = new Map<string, StoredProperty>();
  for (const [i, { name, column }] of staged.properties.entries()) {
    const built = writer.property(i);
    if (built === null) continue;
    const dictionary = await texts(column, collected.properties[i]?.used as Uint8Array);
    properties.set(name, { ...built, dictionary });
  }
  for (const [key, name] of staged.sparseNames.entries()) {
    const built = sparse.cells.property(key, n, sparse.values);
    if (built !== null) properties.set(name, built);
    await breathe();
  }
  const persons = indicesOf(usedUsers);
  const ids = await texts('user', usedUsers);
  const columns: Omit<StoredColumns, 'fingerprint'> = {
    personIds: ids.table(),
    personStart: startsOf(codesInOrder(perUser, persons)),
    names,
    nameCodes: writer.names,
    times: { base: span?.from ?? 0, high: writer.high, low: writer.low },
    values: await encoded(writer.values, writer.tally, n, spill, breathe),
    valueName,
    properties: new Map([...properties].sort(([a], [b]) => compareUtf8(a, b))),
    changes: changesOf(sparse, 'changes', staged.sparseNames, persons),
    addressIdSince: addressSince === null ? null : numbersInOrder(addressSince, persons),
    emailEvents: new Set([...OWN_EMAIL_EVENTS, ...(options.emailEvents ?? [])]),
    observedFrom: options.observedFrom ?? null,
    observedUntil: options.observedUntil ?? span?.to ?? collected.lastTime ?? 0,
    observedUntilGiven: options.observedUntil !== undefined,
  };
  const trace: StoredTrace = {
    identity: staged.identity,
    ids: writer.ids?.marks ?? null,
    rests: writer.rests?.marks ?? null,
    said: staged.said,
    settings: hasIdle(sparse.settings) ? changesOf(sparse, 'all', staged.sparseNames, persons) : null,
  };
  return { columns: { ...columns, fingerprint: await fingerprint(columns, breathe) }, trace, repeated: nRows - n };
}

/** Lets others have the thread, whoever cancels among them. */
export async function paused(signal: AbortSignal | undefined): Promise<void> {
  await new Promise(setImmediate);
  throwIfCancelled(signal);
}

export async function fingerprint(
  columns: Omit<StoredColumns, 'fingerprint'>,
  breathe: () => Promise<void>,
): Promise<string> {
  const steps = fingerprintSteps(columns);
  for (let step = 1; ; step++) {
    const { done, value } = steps.next();
    if (done) return value;
    if (step % 64 === 0) await breathe();
  }
}

/** Ranges next to each other, as many as are sorted at once. */
function* together(ranges: readonly RowRange[], most: number): Generator<RowRange[]> {
  let some: RowRange[] = [];
  let rows = 0;
  for (const range of ranges) {
    if (some.length > 0 && rows + range.rn.length > most) {
      yield some;
      [some, rows] = [[], 0];
    }
    some.push(range);
    rows += range.rn.length;
  }
  if (some.length > 0) yield some;
}

/** Those that DuckDB holds. */
export function dictionariesOf(duck: Duck, spill: Spill): Dictionaries {
  return async (dictionary, used) => {
    const texts = new SpilledTexts(spill);
    let code = 0;
    await duck.texts(`select v from dict_${dictionary} order by code`, (some) => {
      texts.append(some.filter(() => used[code++] === 1));
    });
    return texts;
  };
}

/** Where each person's rows begin, and behind the last all end. @param perPerson how many rows each has */
export function startsOf(perPerson: Uint32Array): Uint32Array {
  const starts = new Uint32Array(perPerson.length + 1);
  for (let p = 0; p < perPerson.length; p++) starts[p + 1] = (starts[p] as number) + (perPerson[p] as number);
  return starts;
}

function indicesOf(used: Uint8Array): Uint32Array {
  const indices = new Uint32Array(used.reduce((sum, one) => sum + one, 0));
  for (let i = 0, place = 0; i < used.length; i++) if (used[i] === 1) indices[place++] = i;
  return indices;
}
