// Histories for timing, written straight into columns: ten event names of which `Added to Cart` and `Purchased` are
// about 9 %, about 16 events a person with a heavy tail, values on both of those. Nothing statistical is claimed of
// them; cart.ts makes the histories with a truth. The CSV holds the same rows in order of arrival instead of by person.

import { assert, DAY_MS, murmur3Text, type Random, SECOND_MS, seededRandom } from '../base/index.ts';
import { StringTable, TimeColumn, ValueColumn } from '../columns/index.ts';
import { type HistoryColumns, OWN_EMAIL_EVENTS } from '../events/index.ts';

const EVENTS_PER_PERSON = 16;
const START = Date.UTC(2026, 0, 1);
const SPAN_MS = 90 * DAY_MS;
/** Sorted, as columns keep them; probabilities out of 1024 of what follows anything but a cart. */
const NAMES: readonly (readonly [name: string, share: number])[] = [
  ['Added to Cart', 65],
  ['Applied Coupon', 20],
  ['Purchased', 5],
  ['Searched', 120],
  ['Signed Up', 12],
  ['Started Checkout', 52],
  ['Viewed Category', 180],
  ['Viewed Product', 330],
  ['Visited Site', 220],
  ['Wrote Review', 20],
];
const ADDED = 0;
const PURCHASED = 2;
/** Names by a uniform whole number below 1024. */
const NAME_TABLE = Uint8Array.from(NAMES.flatMap(([, share], code) => new Array<number>(share).fill(code)));

/**
 * @param nEvents 1 … 2^28
 * @returns the same columns on every machine for one seed
 */
export function synthBenchColumns(nEvents: number, seed: number): HistoryColumns {
  assert(Number.isSafeInteger(nEvents) && nEvents >= 1 && nEvents <= 2 ** 28, 'between 1 and 2^28 events');
  const personStart = shareOut(nEvents, seededRandom(seed, 'bench people'));
  const nPersons = personStart.length - 1;
  const nameCodes = new Uint8Array(nEvents);
  const times = TimeColumn.ofLength(START, nEvents);
  const values = new Float64Array(nEvents).fill(Number.NaN);
  const random = seededRandom(seed, 'bench events');
  for (let p = 0; p < nPersons; p++) {
    writePerson(personStart[p] as number, personStart[p + 1] as number, random, nameCodes, times, values);
  }
  return {
    personIds: benchIds(nPersons),
    personStart,
    names: NAMES.map(([name]) => name),
    nameCodes,
    times,
    values: ValueColumn.from(values),
    valueName: null,
    properties: new Map(),
    changes: {
      personStart: new Uint32Array(nPersons + 1),
      times: new Float64Array(0),
      properties: new Uint16Array(0),
      propertyNames: [],
      valueCodes: new Uint32Array(0),
      values: [''],
    },
    addressIdSince: null,
    emailEvents: new Set(OWN_EMAIL_EVENTS),
    observedFrom: null,
    observedUntil: START + SPAN_MS,
    observedUntilGiven: true,
    fingerprint: murmur3Text(`bench ${nEvents} ${seed}`).toString(16).padStart(8, '0'),
  };
}

/** Log-normal shares of the events, scaled so that they add up exactly; everybody has at least one event. */
function shareOut(nEvents: number, random: Random): Uint32Array {
  const nPersons = Math.max(1, Math.round(nEvents / EVENTS_PER_PERSON));
  const cumulated = new Float64Array(nPersons + 1);
  for (let p = 0; p < nPersons; p++) {
    cumulated[p + 1] = (cumulated[p] as number) + Math.exp(1.2 * random.normal());
  }
  const scale = (nEvents - nPersons) / (cumulated[nPersons] as number);
  const starts = new Uint32Array(nPersons + 1);
  for (let p = 1; p < nPersons; p++) starts[p] = p + Math.floor((cumulated[p] as number) * scale);
  starts[nPersons] = nEvents;
  return starts;
}

/** Bursts of minutes, gaps of days between them, squeezed into the span where they would not fit. */
function writePerson(
  from: number,
  to: number,
  random: Random,
  nameCodes: Uint8Array,
  times: TimeColumn,
  values: Float64Array,
): void {
  const n = to - from;
  const gaps = new Float64Array(n);
  let total = 0;
  for (let i = 1; i < n; i++) {
    const u = random.uniform();
    const gap = u < 0.75 ? u * 400 * SECOND_MS : (u - 0.75) * 80 * DAY_MS;
    total += gap;
    gaps[i] = gap;
  }
  const room = SPAN_MS - SECOND_MS;
  const squeeze = total > room ? room / total : 1;
  let at = START + random.uniform() * (room - total * squeeze);
  let previous = -1;
  for (let i = 0; i < n; i++) {
    // No two rows of a person at one instant: a repeated row would be dropped by an import.
    at = Math.floor(i === 0 ? at : Math.max(at + 1, at + (gaps[i] as number) * squeeze));
    const row = from + i;
    times.write(row, at);
    const draw = random.below(1024);
    const code = previous === ADDED && draw < 400 ? PURCHASED : (NAME_TABLE[draw] as number);
    nameCodes[row] = code;
    if (code === ADDED || code === PURCHASED) values[row] = (500 + random.below(20_000)) / 100;
    previous = code;
  }
}

/** The number in the first id (`u100000`): as many digits for everyone, so that numbers and texts have one order. */
function firstNumber(nPersons: number): number {
  let first = 100_000;
  while (nPersons > 9 * first) first *= 10;
  return first;
}

function benchIds(nPersons: number): StringTable {
  const first = firstNumber(nPersons);
  const width = String(first).length + 1;
  const bytes = new Uint8Array(nPersons * width);
  const offsets = new Uint32Array(nPersons + 1);
  for (let p = 0; p < nPersons; p++) {
    offsets[p + 1] = (p + 1) * width;
    let rest = first + p;
    for (let at = (p + 1) * width - 1; at > p * width; at--) {
      bytes[at] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    bytes[p * width] = 117;
  }
  return new StringTable(bytes, offsets);
}

const LINES_PER_PIECE = 10_000;

/**
 * The rows of `synthBenchColumns(nEvents, seed)` as CSV: user_id, event, timestamp (ms since the epoch), value. In order
 * of arrival to the second, people mixed; rows of one second by person.
 * @returns pieces of text that end at line ends; takes 8 bytes an event beside the columns
 */
export function* synthBenchCsvChunks(nEvents: number, seed: number): Iterable<string> {
  const columns = synthBenchColumns(nEvents, seed);
  const { personStart, names, nameCodes, times, values } = columns;
  const first = firstNumber(personStart.length - 1);
  // Second and row in one double: 23 + 28 bits.
  const keys = new Float64Array(nEvents);
  for (let row = 0; row < nEvents; row++) {
    keys[row] = Math.floor((times.at(row) - START) / SECOND_MS) * 2 ** 28 + row;
  }
  keys.sort();
  const persons = new Uint32Array(nEvents);
  for (let p = 0; p < personStart.length - 1; p++) persons.fill(p, personStart[p], personStart[p + 1]);
  let piece = 'user_id,event,timestamp,value\n';
  for (let i = 0; i < nEvents; i++) {
    const row = (keys[i] as number) % 2 ** 28;
    const value = values.at(row);
    const cell = Number.isNaN(value) ? '' : String(value);
    piece += `u${first + (persons[row] as number)},${names[nameCodes[row] as number]},${times.at(row)},${cell}\n`;
    if ((i + 1) % LINES_PER_PIECE === 0) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}
