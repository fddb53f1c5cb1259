// Clocks that disagree by whole hours: one source writes local time as if it were UTC. Then what answers an anchor does
// not begin right after it but jumps up exactly k hours later or earlier, in the rows of that source alone. For every
// group of rows (an event, or those of it with one value of a property) and k = -14 … 14 hours, people are counted with a
// lag in the quarter of an hour after k hours and in the one before; z = (after - before) / sqrt(after + before). Waits of
// people are smooth there, whatever their law, so both are alike. Emails that go out hours after the anchor make humps of
// their own, which are no fault: groups whose property speaks of email or campaigns are passed over, and a jump later
// than the anchor counts only where hardly anyone answers before it.

import { count, HOUR_MS, humanDuration, MINUTE_MS } from '../base/index.ts';
import type { PropertyColumn, Scalar } from '../columns/index.ts';
import type { History } from '../events/index.ts';
import type { Finding } from './finding.ts';
import type { MainPair } from './main-pair.ts';

const MOST_HOURS = 14;
const BIN_MS = 15 * MINUTE_MS;
/** Of a standard normal: some 500 groups and hours are asked. */
const FEWEST_Z = 5;
/** People beyond the jump, at least. */
const FEWEST = 20;
/** What lies right at the anchor is less than this share of what lies at the jump. */
const REST_SHARE = 1 / 3;
const MOST_VALUES = 20;
const FEWEST_ROWS = 50;
const ABOUT_EMAIL = /mail|campaign|newsletter|utm|subject|template|journey|flow/i;

interface Group {
  readonly side: 'anchor' | 'goal';
  readonly property: string | null;
  readonly value: Scalar | null;
}

interface Found extends Group {
  readonly hours: number;
  readonly z: number;
  readonly after: number;
  readonly before: number;
}

export function clockShift(history: History, pair: MainPair | null): Finding[] {
  if (pair === null) return [];
  const found: Found[] = [];
  const tell = (group: Group, counts: Counts) => {
    const jump = jumpOf(counts);
    if (jump !== null) found.push({ ...group, ...jump });
  };
  tell({ side: 'goal', property: null, value: null }, countLags(history, pair, 'goal', null)[0] as Counts);
  for (const side of ['goal', 'anchor'] as const) {
    for (const [property, column] of history.properties) {
      if (ABOUT_EMAIL.test(property) || column.dictionary.length < 2 || column.dictionary.length > MOST_VALUES)
        continue;
      countLags(history, pair, side, column).forEach((counts, code) => {
        const value = column.dictionary[code] as Scalar;
        if (counts.rows < FEWEST_ROWS || ABOUT_EMAIL.test(String(value))) return;
        tell({ side, property, value }, counts);
      });
    }
  }
  // A group that holds all of a shifted event tells no more than the event itself.
  const whole = found.find(({ property }) => property === null);
  if (whole !== undefined) return [findingOf(pair, whole)];
  const best = found.sort((a, b) => b.z - a.z)[0];
  return best === undefined ? [] : [findingOf(pair, best)];
}

interface Counts {
  rows: number;
  /** People with a lag in the bin after, and in the one before, k hours; index k + MOST_HOURS. */
  readonly after: Uint32Array;
  readonly before: Uint32Array;
}

function jumpOf({ after, before }: Counts): Omit<Found, keyof Group> | null {
  const atZero = after[MOST_HOURS] as number;
  let best: Omit<Found, keyof Group> | null = null;
  for (let hours = -MOST_HOURS; hours <= MOST_HOURS; hours++) {
    if (hours === 0) continue;
    const a = after[hours + MOST_HOURS] as number;
    const b = before[hours + MOST_HOURS] as number;
    if (a < FEWEST || atZero > REST_SHARE * a || a < 2 * b) continue;
    const z = (a - b) / Math.sqrt(a + b);
    if (z > FEWEST_Z && (best === null || z > best.z)) best = { hours, z, after: a, before: b };
  }
  return best;
}

/** Lags from anchors to goals, by the group of the goal or of the anchor; one group of all where there is no column. */
function countLags(history: History, pair: MainPair, side: 'anchor' | 'goal', column: PropertyColumn | null): Counts[] {
  const bins = 2 * MOST_HOURS + 1;
  const groups = Array.from({ length: column === null ? 1 : column.dictionary.length }, () => ({
    rows: 0,
    after: new Uint32Array(bins),
    before: new Uint32Array(bins),
  }));
  const seenBy = groups.map(() => new Int32Array(2 * bins).fill(-1));
  const [anchor, goal] = [history.nameCode(pair.anchor), history.nameCode(pair.goal)];
  const reachMs = MOST_HOURS * HOUR_MS + BIN_MS;
  for (let p = 0; p < history.nPersons; p++) {
    const rows = { anchor: [] as number[], goal: [] as number[] };
    for (let row = history.personStart[p] as number; row < (history.personStart[p + 1] as number); row++) {
      if (history.nameCodes[row] === anchor) rows.anchor.push(row);
      else if (history.nameCodes[row] === goal) rows.goal.push(row);
    }
    if (rows.anchor.length === 0 || rows.goal.length === 0) continue;
    let first = 0;
    for (const g of rows.goal) {
      const goalAt = history.times.at(g);
      while (first < rows.anchor.length && goalAt - history.times.at(rows.anchor[first] as number) > reachMs) first++;
      for (let i = first; i < rows.anchor.length; i++) {
        const a = rows.anchor[i] as number;
        const lag = goalAt - history.times.at(a);
        if (lag < -reachMs) break;
        const group = column === null ? 0 : column.codeAt(side === 'goal' ? g : a);
        if (group < 0) continue;
        const hours = Math.round(lag / HOUR_MS);
        const off = lag - hours * HOUR_MS;
        if (Math.abs(hours) > MOST_HOURS || off >= BIN_MS || off < -BIN_MS) continue;
        const bin = hours + MOST_HOURS;
        const seen = seenBy[group] as Int32Array;
        const place = off >= 0 ? bin : bins + bin;
        if (seen[place] === p) continue;
        seen[place] = p;
        const counts = groups[group] as Counts;
        const side2 = off >= 0 ? counts.after : counts.before;
        side2[bin] = (side2[bin] as number) + 1;
      }
    }
  }
  for (let row = 0; row < history.nEvents; row++) {
    if (history.nameCodes[row] !== (side === 'goal' ? goal : anchor)) continue;
    const group = column === null ? 0 : column.codeAt(row);
    if (group >= 0) (groups[group] as Counts).rows++;
  }
  return groups;
}

function findingOf(pair: MainPair, { side, property, value, hours, z, after, before }: Found): Finding {
  const event = pair[side];
  const where = property === null ? null : { property, value: value as Scalar };
  const whose = where === null ? `"${event}"` : `"${event}" with ${property} ${value}`;
  const id = where === null ? `clock-shift:${event}` : `clock-shift:${event}:${property}=${value}`;
  // A goal that is late is moved back; an anchor whose goals look late is itself early.
  const byMs = (side === 'goal' ? -hours : hours) * HOUR_MS;
  const off = humanDuration(Math.abs(hours) * HOUR_MS);
  const isLate = byMs < 0;
  return {
    id,
    title: `The clock of ${whose} is ${off} ${isLate ? 'ahead' : 'behind'}`,
    evidence:
      `Counted from "${pair.anchor}" to "${pair.goal}", ${count(after)} people stand in the quarter of an hour that begins ` +
      `${hours < 0 ? `${off} before` : `${off} after`}, ${count(before)} in the one before it: waits of people do not jump at a whole hour.`,
    effect:
      hours < 0
        ? 'Answers seem to come before what they answer: it counts as never answered, and mail would go to people who have bought.'
        : `Everybody seems to wait ${off} longer than they do: the window is too long, and mail would go to people who have bought.`,
    remedy: `Export these times with their zone; here they can be moved ${off} ${isLate ? 'earlier' : 'later'}.`,
    test: { name: 'jump at a whole hour, z', value: z, threshold: FEWEST_Z, isAbove: true },
    repair: { id, kind: 'shift', event, where, byMs },
  };
}
