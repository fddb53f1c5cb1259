// The staged rows, streamed once in whatever order they come and dealt out to ranges of people, so that each range can
// then be put in order by itself, in little memory: see sort-rows.ts. A sort of whole rows in the database takes several
// times as long.

import type { Spill } from '../stored/index.ts';
import { markUsed, NO_CODE, RowDealer, type RowRange, type UsedCodes } from './deal-rows.ts';
import type { Duck, NumericVector } from './duck.ts';
import type { PieceSizes } from './options.ts';
import { KIND, MAX_PLACES, REASONS, type Staged } from './staged.ts';
import { PLAUSIBLE } from './time-unit.ts';

/** Kept events, by range of people. */
export interface CollectedRows {
  /** In order of people; each in the order its rows came. */
  readonly ranges: readonly RowRange[];
  /** Kept events of each person code; repetitions still among them. */
  readonly perUser: Uint32Array;
  /** Whether a person code occurs in any kept row. */
  readonly usedUsers: Uint8Array;
  /** Whether an event's code occurs in any kept event. */
  readonly usedNames: Uint8Array;
  /** For each staged property: whether a code occurs in any kept event, and whether an event lacks it. */
  readonly properties: readonly UsedCodes[];
  /** First and last instant of any kept event; null where there is none. */
  readonly span: { readonly from: number; readonly to: number } | null;
  /** First moments at which an id that is an address was seen, by person code; null where there is none. */
  readonly addressSince: Float64Array | null;
  /** Rows kept, property and alias rows included; repetitions still among them. */
  readonly kept: number;
  /** Without the repetitions. */
  readonly dropped: number;
  /** The latest time of any kept row; null where there is none. */
  readonly lastTime: number | null;
  /** By index of REASONS. */
  readonly rejected: readonly { readonly count: number; readonly first: readonly number[] }[];
  readonly implausible: Implausible;
}

/** Times that speak of a wrong unit. */
export interface Implausible {
  /** Rows with a time. */
  readonly timed: number;
  readonly count: number;
  /** Those of them that no history can hold. */
  readonly refused: number;
  readonly example: number | null;
}

const BEYOND = REASONS.indexOf('time outside the years 1601 to 9999');
const LATER = REASONS.indexOf('later than observed-until');
/** @param onRows told how many rows of how many were read */
export async function collectRows(
  duck: Duck,
  staged: Staged,
  spill: Spill,
  hasValues: boolean,
  { rangeRows }: PieceSizes,
  onRows: (done: number, total: number) => void,
): Promise<CollectedRows> {
  const n = staged.nRows;
  const nUsers = await duck.number('select count(*) from dict_user');
  const dropped = await readDropped(duck, n);
  const { select, nOthers } = selection(staged, hasValues);
  const dealer = new RowDealer(spill, n, nUsers, rangeRows, hasValues, nOthers);
  const tally = new Tally(nUsers);
  const usedNames = new Uint8Array(await duck.number('select count(*) from dict_event'));
  const properties: { used: Uint8Array; isLacking: boolean }[] = [];
  for (const { column: name } of staged.properties) {
    properties.push({ used: new Uint8Array(await duck.number(`select count(*) from dict_${name}`)), isLacking: false });
  }
  let chosen = new Uint32Array(0);
  let done = 0;
  await duck.numbers(`select ${select.join(', ')} from rows`, (vectors, rows) => {
    const [rn, u, e, t, v, reason, kind, mail, ...rest] = vectors as [NumericVector, ...NumericVector[]];
    if (chosen.length < rows) chosen = new Uint32Array(rows);
    let k = 0;
    for (let i = 0; i < rows; i++) {
      const user = u?.[i] as number;
      const time = t?.[i] as number;
      const isEvent = tally.add(
        rn[i] as number,
        user,
        time,
        reason?.[i] as number,
        kind?.[i] as number,
        mail?.[i] as number,
        dropped,
      );
      if (!isEvent) continue;
      usedNames[e?.[i] as number] = 1;
      chosen[k++] = i;
    }
    const columns = { rn, users: u as NumericVector, times: t as NumericVector, names: e as NumericVector };
    dealer.deal({ ...columns, values: hasValues ? (v as NumericVector) : null, others: rest }, chosen, k);
    for (const [i, property] of properties.entries()) markUsed(property, rest[i] as NumericVector, chosen, k);
    done += rows;
    onRows(done, n);
  });
  const { usedUsers, perUser, addressSince, lastTime, firstEvent, lastEvent, rejected, implausible } = tally;
  return {
    ranges: dealer.ranges,
    perUser,
    usedUsers,
    usedNames,
    properties,
    span: firstEvent <= lastEvent ? { from: firstEvent, to: lastEvent } : null,
    addressSince,
    kept: tally.kept,
    dropped: tally.dropped,
    lastTime: tally.kept > 0 ? lastTime : null,
    rejected,
    implausible,
  };
}

/** SQL for the columns of a row, and how many there are behind those that all rows have. */
function selection(
  staged: Staged,
  hasValues: boolean,
): { readonly select: readonly string[]; readonly nOthers: number } {
  const others = [
    ...staged.properties.map(({ column }) => `coalesce(${column}, ${NO_CODE}::uinteger)`),
    ...(staged.hasFineTimes ? ['coalesce(fine, 0)::uinteger'] : []),
    ...(staged.hasIds ? ['id_low', 'id_high'] : []),
    ...(staged.hasRests ? ['coalesce(rest_low, 0::uinteger)', 'coalesce(rest_high, 0::uinteger)'] : []),
  ];
  const select = [
    'rn::uinteger',
    `coalesce(u, ${NO_CODE}::uinteger)`,
    `coalesce(e, 0::uinteger)`,
    "coalesce(t, 'nan'::double)",
    hasValues ? "coalesce(v, 'nan'::double)" : "'nan'::double",
    'reason',
    'kind',
    'mail::utinyint',
    ...others,
  ];
  return { select, nOthers: others.length };
}

/** What is counted as rows pass by. */
class Tally {
  readonly perUser: Uint32Array;
  readonly usedUsers: Uint8Array;
  addressSince: Float64Array | null = null;
  kept = 0;
  dropped = 0;
  lastTime = Number.NEGATIVE_INFINITY;
  firstEvent = Number.POSITIVE_INFINITY;
  lastEvent = Number.NEGATIVE_INFINITY;
  readonly rejected = REASONS.map(() => ({ count: 0, first: [] as number[] }));
  readonly implausible = { timed: 0, count: 0, refused: 0, example: null as number | null };

  constructor(nUsers: number) {
    this.perUser = new Uint32Array(nUsers);
    this.usedUsers = new Uint8Array(nUsers);
  }

  /** @returns whether the row is an event that is kept */
  add(row: number, user: number, time: number, reason: number, kind: number, mail: number, dropped: Uint8Array | null) {
    if (reason === 0 || reason === BEYOND || reason === LATER) {
      this.implausible.timed++;
      if (!(time >= PLAUSIBLE.fromMs && time < PLAUSIBLE.toMs)) {
        this.implausible.count++;
        if (reason === BEYOND) this.implausible.refused++;
        if (this.implausible.example === null || time < this.implausible.example) this.implausible.example = time;
      }
    }
    if (reason !== 0) {
      this.#reject(reason, row);
      return false;
    }
    if (dropped !== null && dropped[row] === 1) {
      this.dropped++;
      return false;
    }
    this.kept++;
    this.usedUsers[user] = 1;
    if (time > this.lastTime) this.lastTime = time;
    if (mail === 1) {
      this.addressSince ??= new Float64Array(this.perUser.length).fill(Number.POSITIVE_INFINITY);
      if (time < (this.addressSince[user] as number)) this.addressSince[user] = time;
    }
    if (kind !== KIND.event) return false;
    this.perUser[user] = (this.perUser[user] as number) + 1;
    if (time < this.firstEvent) this.firstEvent = time;
    if (time > this.lastEvent) this.lastEvent = time;
    return true;
  }

  #reject(reason: number, row: number): void {
    const entry = this.rejected[reason] as { count: number; first: number[] };
    entry.count++;
    // Rows come nearly in order, so this seldom sorts.
    if (entry.first.length === MAX_PLACES && row > (entry.first[MAX_PLACES - 1] as number)) return;
    entry.first.push(row);
    entry.first.sort((a, b) => a - b).splice(MAX_PLACES);
  }
}

async function readDropped(duck: Duck, n: number): Promise<Uint8Array | null> {
  if ((await duck.number('select count(*) from dropped')) === 0) return null;
  const dropped = new Uint8Array(n);
  await duck.numbers('select rn::uinteger from dropped', ([rn], rows) => {
    for (let i = 0; i < rows; i++) dropped[rn?.[i] as number] = 1;
  });
  return dropped;
}
