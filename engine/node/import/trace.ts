// What an import leaves beside a history so that a later one can be joined to it as if both had been read at once: which
// ids are linked and when each was first seen, marks that tell events apart beyond their columns, and the settings of
// properties that changed nothing when they were made. No replay reads any of it. Immutable.

import type { Scalar } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import {
  PIECE,
  type Pieces,
  readFrom,
  type StoredColumns,
  type StoredTimes,
  type StoredTrace,
} from '../stored/index.ts';
import type { Link } from './identity.ts';

export interface LinkedId {
  readonly id: string;
  /** Of its first row, ms since the epoch. */
  readonly firstSeen: number;
  /** Whether it stands as a user's id in some record. */
  readonly named: boolean;
}

export interface IdentityTrace {
  readonly links: readonly Link[];
  /** Every id that is in a link. */
  readonly linked: readonly LinkedId[];
  /** Ids that stand for another: raw id, person's id. */
  readonly merged: readonly (readonly [string, string])[];
  /** People without links who were only ever an anonymous id. */
  readonly unnamed: readonly string[];
}

export interface ImportTrace {
  readonly identity: IdentityTrace;
  /**
   * Two words an event: half an MD5 of the id its record carries; both 0 where it carries none. Null where no event does.
   */
  readonly ids: Uint32Array | null;
  /**
   * Two words an event of what its columns leave out. The second is odd for a record of JSON, whose other members they
   * stand for; it is 0 for a row of a table, and the first then says what its time has below the millisecond; it is
   * UNKNOWN for an event that came without a trace.
   */
  readonly rests: Uint32Array | null;
  /** Two words a row that is no event: half an MD5 of its id, or of all it says where it has none. Null where none is. */
  readonly said: Uint32Array | null;
  /** All settings of properties in their order, also those that changed nothing; null where there are no such. */
  readonly settings: PropertyChanges | null;
}

export const UNKNOWN = 2;

export const NO_IDENTITY: IdentityTrace = { links: [], linked: [], merged: [], unnamed: [] };

/** Of a history that came without: its columns say all there is to know. */
export function traceOf({ nameCodes }: Pick<StoredColumns, 'nameCodes'>): StoredTrace {
  return { identity: NO_IDENTITY, ids: null, rests: new UnknownRests(nameCodes.length), said: null, settings: null };
}

/** As many as there are events, none of which is held. */
class UnknownRests implements Pieces<Uint32Array> {
  readonly BYTES_PER_ELEMENT = 4;
  readonly length: number;

  constructor(nEvents: number) {
    this.length = 2 * nEvents;
  }

  get byteLength(): number {
    return 4 * this.length;
  }

  *pieces(length = PIECE): Generator<Uint32Array> {
    for (let from = 0; from < this.length; from += length) {
      const piece = new Uint32Array(Math.min(length, this.length - from));
      this.read(from, from + piece.length, piece, 0);
      yield piece;
    }
  }

  all(): Uint32Array {
    const all = new Uint32Array(this.length);
    this.read(0, this.length, all, 0);
    return all;
  }

  read(from: number, to: number, into: Uint32Array, at: number): void {
    for (let i = from; i < to; i++) into[at + i - from] = i % 2 === 0 ? 0 : UNKNOWN;
  }
}

/** What is known before files are read. */
export interface Prior {
  readonly links: readonly Link[];
  /** As in the trace. */
  readonly said: Uint32Array | null;
  /** Null for an id that was not seen. */
  readonly seen: (id: string) => LinkedId | null;
}

/** Of a history that is there: what its trace says of linked ids, and its people for all others. */
export function priorOf(columns: StoredColumns, trace: StoredTrace | null): Prior {
  const { identity, said, settings } = trace ?? { identity: NO_IDENTITY, said: null, settings: null };
  const linked = new Map(identity.linked.map((one) => [one.id, one]));
  const unnamed = new Set(identity.unnamed);
  return {
    links: identity.links,
    said,
    seen(id) {
      const known = linked.get(id);
      if (known !== undefined) return known;
      const person = columns.personIds.indexOfSorted(id);
      if (person < 0) return null;
      return { id, firstSeen: firstSeen(columns, settings ?? columns.changes, person), named: !unnamed.has(id) };
    },
  };
}

function firstSeen({ personStart, times }: StoredColumns, settings: PropertyChanges, person: number): number {
  let first = Number.POSITIVE_INFINITY;
  const row = personStart[person] as number;
  if (row < (personStart[person + 1] as number)) first = timeAt(times, row);
  const change = settings.personStart[person] as number;
  if (change < (settings.personStart[person + 1] as number)) {
    first = Math.min(first, settings.times[change] as number);
  }
  return first;
}

function timeAt({ base, high, low }: StoredTimes, row: number): number {
  const [above, below] = [new Uint16Array(1), new Uint32Array(1)];
  readFrom(high, row, row + 1, above);
  readFrom(low, row, row + 1, below);
  return base + (above[0] as number) * 4294967296 + (below[0] as number);
}

/** Distinct scalars of two dictionaries in the order of their JSON texts. */
export function scalarsOf(a: readonly Scalar[], b: readonly Scalar[], compare: (x: string, y: string) => number) {
  return [...new Set([...a, ...b])]
    .map((value) => ({ value, key: JSON.stringify(value) }))
    .sort((x, y) => compare(x.key, y.key))
    .map(({ value }) => value);
}
