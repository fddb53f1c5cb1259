// The events of two histories as those of one: by person and time, those of the first before those of the second at one
// instant. An event of the second is there already where its id is, or where one of its person and instant equals it in
// every column and in what columns leave out; of two whose ids differ neither repeats the other. A few people's events
// are laid together at once, and what comes of them is written behind what came before.

import { compareUtf8 } from '../../columns/index.ts';
import type { StoredColumns, StoredProperty, StoredTimes, StoredTrace } from '../stored/index.ts';
import { type Numbers, PIECE, piecesOf, type Sliced, type Spill, type SpilledColumn, spanOf } from '../stored/index.ts';
import { inUse, type MergedDictionary, mergeDictionaries } from './append-dictionaries.ts';
import { Desk, groupsOf, layTogether, repetitionIn } from './append-groups.ts';
import { byPlace, type People } from './append-people.ts';
import { EventsReader, hasValues, type Known } from './append-read.ts';
import { startsOf } from './build.ts';
import { appendCodes, EventsWriter, encoded, type NameColumn, nameColumn, places } from './events-writer.ts';
import { idsAmong } from './marks.ts';

type EventColumns = Pick<StoredColumns, 'personStart' | 'names' | 'nameCodes' | 'times' | 'values' | 'properties'>;

export interface JoinedEvents {
  readonly columns: EventColumns;
  readonly marks: Pick<StoredTrace, 'ids' | 'rests'>;
  /** Events of the second history that the first has. */
  readonly repeated: number;
}

export interface JoinSettings {
  readonly spill: Spill;
  readonly keepDuplicates: boolean;
  /** Events laid together at once, where no person has more. */
  readonly atOnce: number;
  /** Awaited between pieces; what it throws ends the work. */
  readonly breathe: () => Promise<void>;
  /** Told how many events of how many are in their place. */
  readonly onRows: (done: number, total: number) => void;
}

export async function joinEvents(
  into: Known,
  added: Known,
  people: People,
  settings: JoinSettings,
): Promise<JoinedEvents> {
  const { spill, keepDuplicates, breathe } = settings;
  const [a, b] = [into.columns, added.columns];
  const nPlaces = people.ids.length;
  const [orderA, orderB] = [byPlace(people.placeOfOld, nPlaces), byPlace(people.placeOfAdded, nPlaces)];
  if (b.nameCodes.length === 0 && orderA === null && people.joined === 0) {
    const { names, nameCodes, times, values, properties } = a;
    const personStart = startsOf(countsOf(a, people.placeOfOld, nPlaces));
    const columns = { personStart, names, nameCodes, times, values, properties };
    const { ids, rests } = into.trace;
    return { columns, marks: { ids, rests }, repeated: 0 };
  }
  const texts = [...new Set([...a.names, ...b.names])].sort(compareUtf8);
  const codesIn = (of: readonly string[]) => Uint32Array.from(of, (name) => texts.indexOf(name));
  const properties = [...new Set([...a.properties.keys(), ...b.properties.keys()])].sort(compareUtf8).map((name) => {
    const [first, second] = [a.properties.get(name), b.properties.get(name)];
    const merged = mergeDictionaries(first?.dictionary ?? [], second?.dictionary ?? [], spill);
    return { name, merged, inFirst: first !== undefined, inSecond: second !== undefined };
  });
  await breathe();
  const first = new EventsReader(into, orderA, {
    names: codesIn(a.names),
    properties: properties.map(({ name, merged, inFirst }) => ({ name, codes: inFirst ? merged.ofFirst : null })),
  });
  const second = new EventsReader(added, orderB, {
    names: codesIn(b.names),
    properties: properties.map(({ name, merged, inSecond }) => ({ name, codes: inSecond ? merged.ofSecond : null })),
  });
  const shape = {
    hasValues: hasValues(a) || hasValues(b),
    hasIds: into.trace.ids !== null || added.trace.ids !== null,
    hasRests: into.trace.rests !== null || added.trace.rests !== null,
    nProperties: properties.length,
  };
  const isThere = keepDuplicates ? null : await idsAmong(into.trace.ids, added.trace.ids, breathe);
  const writer = new EventsWriter(spill, {
    base: Math.min(
      spanOf(a.times)?.from ?? Number.POSITIVE_INFINITY,
      spanOf(b.times)?.from ?? Number.POSITIVE_INFINITY,
    ),
    usedNames: new Uint8Array(texts.length).fill(1),
    hasValues: shape.hasValues,
    hasIds: shape.hasIds,
    hasRests: shape.hasRests,
    properties: properties.map(({ merged }) => ({
      used: new Uint8Array(merged.values.length).fill(1),
      isLacking: true,
    })),
    marksAt: properties.length,
  });
  const perPerson = new Uint32Array(nPlaces);
  const total = a.nameCodes.length + b.nameCodes.length;
  const desk = new Desk(shape);
  let done = 0;
  for (const group of groupsOf(first, second, people, settings.atOnce)) {
    const gathered = desk.room(group.nFirst + group.nSecond);
    first.read(group.firstFrom, group.firstTo, gathered, 0);
    second.read(group.secondFrom, group.secondTo, gathered, group.nFirst);
    const perPlace = perPerson.subarray(group.from, group.to);
    const isRepeated = keepDuplicates ? null : repetitionIn(gathered, isThere);
    writer.add(layTogether(gathered, group, perPlace, isRepeated));
    done += gathered.times.length;
    settings.onRows(done, total);
    await breathe();
  }
  return {
    columns: { personStart: startsOf(perPerson), ...(await finished(writer, texts, properties, settings)) },
    marks: { ids: writer.ids?.marks ?? null, rests: writer.rests?.marks ?? null },
    repeated: total - writer.length,
  };
}

interface MergedProperty {
  readonly name: string;
  readonly merged: MergedDictionary;
}

/** Without what no event has: names and values that only repetitions had, properties, an earlier first moment. */
async function finished(
  writer: EventsWriter,
  texts: readonly string[],
  properties: readonly MergedProperty[],
  { spill, breathe }: JoinSettings,
): Promise<Omit<EventColumns, 'personStart'>> {
  const n = writer.length;
  const usedNames = usedIn(piecesOf<Numbers>(writer.names as Sliced<Numbers>), texts.length);
  const names = texts.filter((_, code) => usedNames[code] === 1);
  const joined = new Map<string, StoredProperty>();
  for (const [i, { name, merged }] of properties.entries()) {
    const built = writer.property(i);
    if (built === null) continue;
    const used = usedIn(piecesOf(built.codes), merged.values.length);
    const rows = built.codes.length === n ? null : built.rows;
    const isWhole = !used.includes(0);
    joined.set(name, {
      rows,
      codes: isWhole ? built.codes : renumbered(built.codes, used, spill.column(Uint32Array, PIECE)),
      dictionary: isWhole ? merged.values : inUse(merged.values, used, spill),
    });
    await breathe();
  }
  return {
    names,
    nameCodes: names.length === texts.length ? writer.names : renumberedNames(writer.names, usedNames, spill),
    times: rebased(writer, spill),
    values: await encoded(writer.values, writer.tally, n, spill, breathe),
    properties: joined,
  };
}

function usedIn(pieces: Iterable<Numbers>, n: number): Uint8Array {
  const used = new Uint8Array(n);
  for (const codes of pieces) for (let i = 0; i < codes.length; i++) used[codes[i] as number] = 1;
  return used;
}

function renumbered(
  codes: Sliced<Uint32Array>,
  used: Uint8Array,
  into: SpilledColumn<Uint32Array>,
): SpilledColumn<Uint32Array> {
  const map = places(used);
  for (const piece of piecesOf(codes)) into.append(Uint32Array.from(piece, (code) => map[code] as number));
  return into;
}

function renumberedNames(codes: NameColumn, used: Uint8Array, spill: Spill): NameColumn {
  const map = places(used);
  const into = nameColumn(
    spill,
    used.reduce((sum, one) => sum + one, 0),
  );
  for (const piece of piecesOf<Numbers>(codes as Sliced<Numbers>)) {
    appendCodes(
      into,
      Uint32Array.from(piece, (code) => map[code] as number),
    );
  }
  return into;
}

/** Counted from the first moment of those that are there. */
function rebased({ base, high, low }: EventsWriter, spill: Spill): StoredTimes {
  const span = spanOf({ base, high, low });
  if (span === null) return { base: 0, high, low };
  if (span.from === base) return { base, high, low };
  const later = span.from - base;
  const times = { base: span.from, high: spill.column(Uint16Array, PIECE), low: spill.column(Uint32Array, PIECE) };
  const highs = high.pieces();
  for (const lows of low.pieces()) {
    const above = highs.next().value as Uint16Array;
    const offsets = Float64Array.from(lows, (one, i) => (above[i] as number) * 4294967296 + one - later);
    times.high.append(Uint16Array.from(offsets, (offset) => Math.floor(offset / 4294967296)));
    times.low.append(Uint32Array.from(offsets, (offset) => offset >>> 0));
  }
  return times;
}

function countsOf({ personStart }: StoredColumns, placeOf: Uint32Array, nPlaces: number): Uint32Array {
  const counts = new Uint32Array(nPlaces);
  for (let p = 0; p < placeOf.length; p++) {
    const place = placeOf[p] as number;
    counts[place] = (counts[place] as number) + (personStart[p + 1] as number) - (personStart[p] as number);
  }
  return counts;
}
