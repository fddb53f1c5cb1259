// The decisions of a workflow as columns, person after person, so that two versions can be held against each other
// without an object for each. A candidate is left out: what became of it follows at the same instant. Immutable once
// made; the words of both versions are numbered by one table.

import type { History } from '../events/index.ts';
import { type Decision, replayWorkflow } from '../replay/index.ts';
import type { Workflow } from '../workflow/index.ts';

/** A decision without its person and time. */
export interface Said {
  readonly kind: Exclude<Decision['kind'], 'candidate'>;
  readonly step: string | null;
  readonly reason: string | null;
}

/** Numbers for what is decided, the same for all versions that share the table. */
export class SaidTable {
  readonly list: Said[] = [];
  readonly #codes = new Map<string, number>();

  code({ kind, step, reason }: Decision): number {
    const key = JSON.stringify([kind, step, reason]);
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    this.list.push({ kind: kind as Said['kind'], step, reason });
    this.#codes.set(key, this.list.length - 1);
    return this.list.length - 1;
  }
}

export interface DecisionColumns {
  /** Length persons + 1: where each person's decisions begin. */
  readonly personStart: Uint32Array;
  /** In the order taken. */
  readonly times: Float64Array;
  /** Of the table they were numbered by. */
  readonly codes: Uint32Array;
}

export interface RecordOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (donePersons: number, totalPersons: number) => void;
}

/** @throws UserError `NOT_REPLAYABLE`; whatever the signal throws when aborted */
export function decisionColumns(
  history: History,
  workflow: Workflow,
  table: SaidTable,
  options: RecordOptions = {},
): DecisionColumns {
  const { personIds, nPersons } = history;
  const personStart = new Uint32Array(nPersons + 1);
  let times = new Float64Array(1024);
  let codes = new Uint32Array(1024);
  let n = 0;
  let person = -1;
  let id: string | null = null;
  replayWorkflow(history, workflow, {
    ...options,
    enrollments: 'none',
    onDecision: (decision) => {
      if (decision.kind === 'candidate') return;
      if (decision.person !== id) {
        id = decision.person;
        do personStart[++person] = n;
        while (personIds.at(person) !== id);
      }
      if (n === times.length) {
        times = grown(times, new Float64Array(2 * n));
        codes = grown(codes, new Uint32Array(2 * n));
      }
      times[n] = decision.time;
      codes[n++] = table.code(decision);
    },
  });
  while (person < nPersons) personStart[++person] = n;
  return { personStart, times: times.slice(0, n), codes: codes.slice(0, n) };
}

function grown<T extends Float64Array | Uint32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
