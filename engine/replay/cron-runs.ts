// When a cron line runs in a zone. A run that a daylight-saving gap skips happens at the gap's end, one in an overlap at
// its first occurrence, and runs that land on one instant are one. Worked out block by block as they are asked for, and
// kept: all people of a replay share them.

import { DAY_MS, lowerBound, MINUTE_MS } from '../base/index.ts';
import { type CronLine, parseCron } from '../workflow/index.ts';
import type { LocalTime } from './local-time.ts';

export interface CronRuns {
  /** The first run at or after `time`; Infinity where there is none within ten years. */
  atOrAfter(time: number): number;
  /** The first run later than `time`, a whole number of ms. */
  after(time: number): number;
  /** All runs in [from, to], increasing. The same object for the same span, as long as no other is asked for. */
  between(from: number, to: number): Float64Array;
}

const BLOCK_MS = 32 * DAY_MS;
/** Ten years: 29 February comes back within eight. */
const MOST_BLOCKS = 115;
/** The last instant of a JavaScript date, a week short. */
const LAST_MS = 8.64e15 - 7 * DAY_MS;

const known = new WeakMap<LocalTime, Map<string, CronRuns>>();

export function cronRuns(cron: string, zone: LocalTime): CronRuns {
  let runs = known.get(zone);
  if (runs === undefined) known.set(zone, (runs = new Map()));
  let of = runs.get(cron);
  if (of === undefined) runs.set(cron, (of = makeRuns(parseCron(cron), zone)));
  return of;
}

function makeRuns(line: CronLine, zone: LocalTime): CronRuns {
  const blocks = new Map<number, Float64Array>();
  const blockAt = (index: number) => {
    let block = blocks.get(index);
    if (block === undefined) blocks.set(index, (block = runsOfBlock(line, zone, index * BLOCK_MS)));
    return block;
  };
  const atOrAfter = (time: number) => {
    if (!(Math.abs(time) < LAST_MS)) return Number.POSITIVE_INFINITY;
    const first = Math.floor(time / BLOCK_MS);
    for (let index = first; index < first + MOST_BLOCKS; index++) {
      if ((index + 1) * BLOCK_MS > LAST_MS) break;
      const block = blockAt(index);
      const i = index === first ? lowerBound((k) => block[k] as number, time, 0, block.length) : 0;
      if (i < block.length) return block[i] as number;
    }
    return Number.POSITIVE_INFINITY;
  };
  let asked: { readonly from: number; readonly to: number; readonly runs: Float64Array } | null = null;
  return {
    atOrAfter,
    after: (time) => atOrAfter(time + 1),
    between(from, to) {
      if (asked?.from !== from || asked.to !== to) {
        const runs: number[] = [];
        for (let run = atOrAfter(from); run <= to; run = atOrAfter(run + 1)) runs.push(run);
        asked = { from, to, runs: Float64Array.from(runs) };
      }
      return asked.runs;
    },
  };
}

/** The runs in [from, from + BLOCK_MS), increasing. */
function runsOfBlock({ minutes, runsOn }: CronLine, zone: LocalTime, from: number): Float64Array {
  const to = from + BLOCK_MS;
  const runs: number[] = [];
  const lastDay = zone.day(to) + 1;
  for (let day = zone.day(from) - 1; day <= lastDay; day++) {
    const date = new Date(day * DAY_MS);
    if (!runsOn(date.getUTCMonth() + 1, date.getUTCDate(), date.getUTCDay())) continue;
    const start = zone.instantOf(day, 0);
    const isRegular = start + zone.offsetMs(start) === day * DAY_MS && zone.instantOf(day + 1, 0) === start + DAY_MS;
    for (const minute of minutes) {
      const run = isRegular ? start + minute * MINUTE_MS : zone.instantOf(day, minute);
      if (run >= from && run < to && run !== runs.at(-1)) runs.push(run);
    }
  }
  return Float64Array.from(runs);
}
