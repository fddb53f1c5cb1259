// A second import brought into a history that is there already, as if all files had been read at once. People of one id
// are one, and so are those whom a link of either import joins; events and settings of properties lie by time, what was
// there first coming first at one instant. What the trace of a history does not say (see trace.ts) is told in words.

import { exactCount, instant } from '../../base/index.ts';
import type { Spill, StoredColumns, StoredTrace } from '../stored/index.ts';
import { joinEvents } from './append-events.ts';
import { mergeAddresses, pairPeople } from './append-people.ts';
import { mergeSettings } from './append-settings.ts';
import { fingerprint, paused } from './build.ts';
import type { PieceSizes } from './options.ts';
import { traceOf } from './trace.ts';

export interface Traced {
  readonly columns: StoredColumns;
  /** Null where a history was saved without: its columns then say all. */
  readonly trace: StoredTrace | null;
}

export interface AppendOptions {
  /** Keeps events that are there already. */
  readonly keepDuplicates?: boolean;
  /** Whether what is added extends what was observed; people known from elsewhere do not. Default true. */
  readonly observes?: boolean;
  readonly pieces?: PieceSizes | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told how many events of how many are in their place. */
  readonly onRows?: ((done: number, total: number) => void) | undefined;
}

export interface Appended {
  readonly columns: StoredColumns;
  readonly trace: StoredTrace;
  /** Events that were there already. */
  readonly repeated: number;
  /** People of the history who turned out to be the same as another. */
  readonly joined: number;
  /** What cannot be as in one import, in words. */
  readonly warnings: readonly string[];
}

/** Events that are laid together at once, where no person has more. */
const AT_ONCE = 1 << 16;

/**
 * Neither history is changed; of both, what is held in memory grows with their people.
 * @param added imported with the identities of `into` as its prior, so that its trace knows the links of both
 * @param spill where the columns of the result go
 */
export async function appendHistory(
  into: Traced,
  added: Traced,
  spill: Spill,
  options: AppendOptions = {},
): Promise<Appended> {
  const [a, b] = [into.columns, added.columns];
  const breathe = () => paused(options.signal);
  const [traceA, traceB] = [into.trace ?? traceOf(a), added.trace ?? traceOf(b)];
  const identity = traceB.identity.links.length === 0 ? traceA.identity : traceB.identity;
  const merged = new Map(identity.merged);
  const people = pairPeople(a.personIds, b.personIds, merged);
  await breathe();
  const old = { columns: a, trace: traceA };
  const events = await joinEvents(old, { columns: b, trace: traceB }, people, {
    spill,
    keepDuplicates: options.keepDuplicates === true,
    atOnce: options.pieces?.sortedRows ?? AT_ONCE,
    breathe,
    onRows: options.onRows ?? (() => {}),
  });
  const { changes, settings } = mergeSettings(
    traceA.settings ?? a.changes,
    traceB.settings ?? b.changes,
    people,
    into.trace !== null && added.trace !== null,
  );
  const columns = {
    ...events.columns,
    personIds: people.ids,
    valueName: a.valueName ?? b.valueName,
    changes,
    addressIdSince: mergeAddresses(a.addressIdSince, b.addressIdSince, people),
    emailEvents: new Set([...a.emailEvents, ...b.emailEvents]),
    ...(options.observes === false ? observedBy(a) : { observedFrom: startOf(a, b), ...endOf(a, b) }),
  };
  const unnamed = stillUnnamed(traceA, traceB, identity.linked);
  return {
    columns: { ...columns, fingerprint: await fingerprint(columns, breathe) },
    trace: { identity: { ...identity, unnamed }, ...events.marks, said: both(traceA.said, traceB.said), settings },
    repeated: events.repeated,
    joined: people.joined,
    warnings: [
      ...apartAfterAll(traceA, merged),
      ...twoValues(a, b),
      ...earlierEnd(a, b),
      ...knownTooLate(b, columns.observedUntil),
    ],
  };
}

function both(a: Uint32Array | null, b: Uint32Array | null): Uint32Array | null {
  if (a === null || b === null) return a ?? b;
  const all = new Uint32Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

function observedBy({ observedFrom, observedUntil, observedUntilGiven }: StoredColumns) {
  return { observedFrom, observedUntil, observedUntilGiven };
}

/** The later end counts; records without events move it only where it was said. */
function endOf(a: StoredColumns, b: StoredColumns) {
  const isLater =
    (b.nameCodes.length > 0 || b.observedUntilGiven) &&
    (b.observedUntil > a.observedUntil || (b.observedUntil === a.observedUntil && b.observedUntilGiven));
  const { observedUntil, observedUntilGiven } = isLater || isEmpty(a) ? b : a;
  return { observedUntil, observedUntilGiven };
}

function isEmpty({ nameCodes, changes }: StoredColumns): boolean {
  return nameCodes.length === 0 && changes.times.length === 0;
}

/** The earlier start, where it was said and no event lies before it; null where the first event is the start. */
function startOf(a: StoredColumns, b: StoredColumns): number | null {
  const said = [a, b].flatMap(({ observedFrom }) => (observedFrom === null ? [] : [observedFrom]));
  const seen = [a, b].flatMap((one) => (one.observedFrom === null && one.nameCodes.length > 0 ? [one.times.base] : []));
  if (said.length === 0) return null;
  const start = Math.min(...said);
  const first = Math.min(...seen);
  if (start <= first) return start;
  return a.observedFrom === null ? null : first;
}

function stillUnnamed(a: StoredTrace, b: StoredTrace, linked: StoredTrace['identity']['linked']): string[] {
  const isLinked = new Set(linked.map(({ id }) => id));
  return [...new Set([...a.identity.unnamed, ...b.identity.unnamed])].filter((id) => !isLinked.has(id)).sort();
}

function apartAfterAll({ identity }: StoredTrace, merged: ReadonlyMap<string, string>): string[] {
  const of = (id: string) => merged.get(id) ?? id;
  const apart = identity.merged.filter(([id, person]) => of(id) !== of(person)).map(([id]) => id);
  if (apart.length === 0) return [];
  const isOne = apart.length === 1;
  return [
    `${exactCount(apart.length)} anonymous ${isOne ? 'id has' : 'ids have'} now been seen with several people (such as "${apart[0]}"). What the dataset held of ${isOne ? 'it' : 'them'} stays with the person it was given to; to part them, import all files together.`,
  ];
}

function twoValues(a: StoredColumns, b: StoredColumns): string[] {
  if (a.valueName === null || b.valueName === null || a.valueName === b.valueName) return [];
  return [
    `Values were read from "${a.valueName}" before and from "${b.valueName}" now, and stand in one column; --map value=${a.valueName} reads the same one, if the files have it.`,
  ];
}

/** Of people: what was known only after the end is seen by no decision. */
function knownTooLate({ changes: { times }, nameCodes }: StoredColumns, observedUntil: number): string[] {
  let late = 0;
  for (const time of times) if (time > observedUntil) late++;
  if (nameCodes.length > 0 || late === 0) return [];
  const all = late === times.length;
  return [
    `${all ? 'All' : `${exactCount(late)} of ${exactCount(times.length)}`} properties set here were known only after the end of observation (${instant(observedUntil)}), so no decision sees them.`,
  ];
}

function earlierEnd(a: StoredColumns, b: StoredColumns): string[] {
  if (!b.observedUntilGiven || b.observedUntil >= a.observedUntil) return [];
  return ['The dataset was observed for longer than --observed-until says; its own end stays.'];
}
