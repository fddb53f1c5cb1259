// How time and memory grow with the events: one row for each size, and what one event costs there. Each size runs in a
// process of its own, so that none inherits the heap of another. Times are the best of several: on a busy machine the others
// tell how busy it was.

import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { History } from '../../engine/events/index.ts';
import { replayProgramme, replayWorkflow } from '../../engine/replay/index.ts';
import { synthBenchColumns } from '../../engine/synth/index.ts';
import type { Workflow } from '../../engine/workflow/index.ts';
import { note, round } from './figures.ts';
import { shopProgramme } from './programme.ts';

const ROUNDS = 7;

export interface ScalingRow {
  readonly events: number;
  /** The shipped cart workflow on a history that was never asked, and again; ms. */
  readonly first: number;
  readonly again: number;
  readonly againNsPerEvent: number;
  /** A programme of five that share recency, again; ms. */
  readonly programme: number;
  readonly programmeNsPerEvent: number;
  /** Person, name, time and value; bytes. */
  readonly coreBytesPerEvent: number;
  /** What the replays keep beside them: rows of the named events, silences, values, hashes; bytes. */
  readonly keptBytesPerEvent: { readonly workflow: number; readonly programme: number };
}

/** @param sizes numbers of events */
export function benchScaling(sizes: readonly number[], seed: number): ScalingRow[] {
  return sizes.map((events) => {
    const row = JSON.parse(
      execFileSync(process.execPath, [import.meta.filename, String(events), String(seed)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    ) as ScalingRow;
    note(
      `${events.toLocaleString('en')} events: first ${row.first} ms, again ${row.again} ms = ${row.againNsPerEvent} ns an event; programme ${row.programme} ms = ${row.programmeNsPerEvent} ns; ${row.coreBytesPerEvent} bytes an event and ${row.keptBytesPerEvent.workflow} (programme ${row.keptBytesPerEvent.programme}) kept; load ${loadavg()[0]?.toFixed(1)}`,
    );
    return row;
  });
}

function measure(events: number, seed: number): ScalingRow {
  const columns = synthBenchColumns(events, seed);
  const programme = shopProgramme();
  const cart = programme[0] as Workflow;
  // A small history first: what is measured is the work, not the compiler's warming up.
  const small = new History(synthBenchColumns(20_000, seed));
  for (let turn = 0; turn < 20; turn++) {
    replayWorkflow(small, cart);
    replayProgramme(small, programme, { enrollments: 'none' });
  }
  const history = new History(columns);
  const held = bytesHeld();
  const first = best(1, () => replayWorkflow(history, cart, { enrollments: 'none' }));
  const again = best(ROUNDS, () => replayWorkflow(history, cart, { enrollments: 'none' }));
  const keptByOne = bytesHeld() - held;
  replayProgramme(history, programme, { enrollments: 'none' });
  const together = best(ROUNDS, () => replayProgramme(history, programme, { enrollments: 'none' }));
  const keptByAll = bytesHeld() - held;
  const perEvent = (ms: number) => round((ms * 1e6) / events, 1);
  return {
    events,
    first: round(first),
    again: round(again),
    againNsPerEvent: perEvent(again),
    programme: round(together),
    programmeNsPerEvent: perEvent(together),
    coreBytesPerEvent: round(history.coreBytes / events, 2),
    keptBytesPerEvent: { workflow: round(keptByOne / events, 2), programme: round(keptByAll / events, 2) },
  };
}

function best(n: number, job: () => unknown): number {
  const took = Array.from({ length: n }, () => {
    const started = performance.now();
    job();
    return performance.now() - started;
  });
  return Math.min(...took);
}

function bytesHeld(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

if (process.argv[1] === import.meta.filename) {
  process.stdout.write(JSON.stringify(measure(Number(process.argv[2]), Number(process.argv[3]))));
}
