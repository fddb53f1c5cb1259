// Event properties that have no column of their own, and changes of people's properties: what records of JSON and tables
// of people hold beside their events. Cells are dealt out to ranges of people as rows are; values stay on the disk.

import { compareUtf8 } from '../../columns/index.ts';
import type { PropertyChanges } from '../../events/index.ts';
import type { Spill } from '../stored/index.ts';
import type { RowRange } from './deal-rows.ts';
import type { Duck } from './duck.ts';
import { Grown } from './grown.ts';
import { SparseCells } from './sparse-cells.ts';
import { SparseValues } from './sparse-values.ts';
import { KIND, SETS, type Staged } from './staged.ts';

const KEPT = 'reason = 0 and not exists (from dropped where dropped.rn = rows.rn)';

/** In the place of a value's code: the property is not there, or is taken away. */
const REMOVED = 0xffffffff;

export interface Sparse {
  readonly values: SparseValues;
  /** Of events. */
  readonly cells: SparseCells;
  readonly settings: Settings;
}

/** Of people's properties, by person, time and place in the input. */
export interface Settings {
  readonly users: Uint32Array;
  readonly times: Float64Array;
  readonly keys: Uint16Array;
  /** REMOVED where the property is taken away. */
  readonly codes: Uint32Array;
  /** 0 where it was so before. */
  readonly isChange: Uint8Array;
}

/** Of a table of events. */
export function noSparse(spill: Spill): Sparse {
  const settings = {
    users: new Uint32Array(0),
    times: new Float64Array(0),
    keys: new Uint16Array(0),
    codes: new Uint32Array(0),
    isChange: new Uint8Array(0),
  };
  return { values: new SparseValues(spill), cells: new SparseCells(spill, [], 0), settings };
}

/** @param ranges those that rows were dealt out to */
export async function readSparse(
  duck: Duck,
  { sparseNames }: Staged,
  ranges: readonly RowRange[],
  spill: Spill,
): Promise<Sparse> {
  if (sparseNames.length === 0) return noSparse(spill);
  const values = new SparseValues(spill);
  await duck.texts('select v from dict_sparse order by code', (texts) => values.append(texts));
  const cells = new SparseCells(spill, ranges, sparseNames.length);
  await duck.numbers(
    `select u, rn::uinteger, k, c from sparse join rows using (rn) where s <> ${SETS.person} and kind = ${KIND.event} and ${KEPT}`,
    ([users, rn, keys, codes], n) => {
      if (users && rn && keys && codes) cells.deal(users, rn, keys, codes, n);
    },
  );
  return { values, cells, settings: await readSettings(duck, sparseNames.length, values.nothing) };
}

/** @param nothing the code that takes a property away; -1 where there is none */
async function readSettings(duck: Duck, nNames: number, nothing: number): Promise<Settings> {
  const users = new Grown(Uint32Array);
  const times = new Grown(Float64Array);
  const keys = new Grown(Uint16Array);
  const codes = new Grown(Uint32Array);
  const isChange = new Grown(Uint8Array);
  let person = -1;
  // The value a property has while one person's changes pass by: setting it to the same again is no change.
  const current = new Uint32Array(nNames);
  await duck.numbers(
    `select u, t, k, c from sparse join rows using (rn) where s <> ${SETS.event} and ${KEPT} order by u, t, rn, k`,
    ([u, t, k, c], rows) => {
      for (let i = 0; i < rows; i++) {
        if (u?.[i] !== person) {
          person = u?.[i] as number;
          current.fill(REMOVED);
        }
        const key = k?.[i] as number;
        const code = c?.[i] === nothing ? REMOVED : (c?.[i] as number);
        users.push(person);
        times.push(t?.[i] as number);
        keys.push(key);
        codes.push(code);
        isChange.push(current[key] === code ? 0 : 1);
        current[key] = code;
      }
    },
  );
  return {
    users: users.all(),
    times: times.all(),
    keys: keys.all(),
    codes: codes.all(),
    isChange: isChange.all(),
  };
}

/** Whether some settings changed nothing. */
export function hasIdle({ isChange }: Settings): boolean {
  return isChange.includes(0);
}

/** @param of all settings, or those that changed something @param persons codes of people, increasing */
export function changesOf(
  { settings, values }: Sparse,
  of: 'all' | 'changes',
  names: readonly string[],
  persons: Uint32Array,
): PropertyChanges {
  const chosen = placesOfOnes(of === 'all' ? settings.isChange.map(() => 1) : settings.isChange);
  const isUsed = new Uint8Array(names.length);
  const codes = new Uint32Array(chosen.length);
  let nSet = 0;
  const perUser = new Uint32Array((persons.at(-1) ?? -1) + 1);
  for (const i of chosen) {
    isUsed[settings.keys[i] as number] = 1;
    const user = settings.users[i] as number;
    perUser[user] = (perUser[user] as number) + 1;
    const code = settings.codes[i] as number;
    if (code !== REMOVED) codes[nSet++] = code;
  }
  const usedNames = names.filter((_, k) => isUsed[k] === 1).sort(compareUtf8);
  const nameCode = names.map((name) => usedNames.indexOf(name));
  const used = values.scalars(codes.subarray(0, nSet));
  const personStart = new Uint32Array(persons.length + 1);
  for (let i = 0; i < persons.length; i++) {
    personStart[i + 1] = (personStart[i] as number) + (perUser[persons[i] as number] as number);
  }
  const properties = new Uint16Array(chosen.length);
  const times = new Float64Array(chosen.length);
  const valueCodes = new Uint32Array(chosen.length);
  for (const [place, i] of chosen.entries()) {
    const code = settings.codes[i] as number;
    properties[place] = nameCode[settings.keys[i] as number] as number;
    times[place] = settings.times[i] as number;
    valueCodes[place] = code === REMOVED ? 0 : used.codeOf(code) + 1;
  }
  return {
    personStart,
    times,
    properties,
    propertyNames: usedNames,
    valueCodes,
    values: ['', ...used.list()],
  };
}

function placesOfOnes(flags: Uint8Array): Uint32Array {
  const places = new Uint32Array(flags.reduce((sum, one) => sum + one, 0));
  for (let i = 0, at = 0; i < flags.length; i++) if (flags[i] === 1) places[at++] = i;
  return places;
}
