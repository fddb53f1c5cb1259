// How often each event came, in equal stretches from the first event to the last: enough for a line as wide as a word. A
// few stray early rows would make it one step, so they count with the first of the rest.

import { type History, observationStart } from '../events/index.ts';
import type { Tally } from './tally.ts';

const STRETCHES = 40;
/** Rarer names than these have no line. */
const MOST_NAMES = 100;

/** By name, `STRETCHES` counts that add up to those of the name; empty without events or where all came at one instant. */
export function coursesOf(history: History, { names, from, to }: Tally): ReadonlyMap<string, readonly number[]> {
  const courses = new Map<string, number[]>();
  const start = history.observedFrom === null ? observationStart(history) : from;
  if (start === null || to === null || start === to) return courses;
  const byCode: (number[] | undefined)[] = [];
  for (const { name } of names.slice(0, MOST_NAMES)) {
    const counts = Array<number>(STRETCHES).fill(0);
    courses.set(name, counts);
    byCode[history.nameCode(name)] = counts;
  }
  const width = (to - start) / STRETCHES;
  for (let row = 0; row < history.nEvents; row++) {
    const counts = byCode[history.nameCodes[row] as number];
    if (counts === undefined) continue;
    const stretch = Math.floor((history.times.at(row) - start) / width);
    const at = Math.min(STRETCHES - 1, Math.max(0, stretch));
    counts[at] = (counts[at] as number) + 1;
  }
  return courses;
}
