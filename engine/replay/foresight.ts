// When the triggers of a programme fire, worked out before its people are gone through: people for whom nothing fires
// need no state, and the transition function is shown only what can happen to an enrollment.

import type { History } from '../events/index.ts';
import { type FiringSource, firingSource } from './firing-sources.ts';
import { Firings, type IsCounted, NO_ANCHOR } from './firings.ts';
import type { Plan } from './plan.ts';
import { rolesOf } from './relevant.ts';
import type { PersonState, WorkflowState } from './state.ts';
import { type Stream, streamOf } from './stream.ts';
import type { ForeseenState } from './triggers.ts';

export class Foresight {
  readonly #lanes: readonly Lane[];
  #first = 0;

  constructor(history: History, programme: readonly Plan[]) {
    this.#lanes = programme.map((plan) => {
      const stream = streamOf(history, rolesOf(plan));
      const source = firingSource(history, plan, stream);
      return { stream, source, firings: new Firings(0), at: 0, pending: new Uint32Array(0) };
    });
  }

  /** Works out what fires for the people [from, to), who must then be asked for in order. */
  take(from: number, to: number, isCounted: IsCounted): void {
    this.#first = from;
    for (const lane of this.#lanes) {
      const { source, firings } = lane;
      source.fire(from, to, isCounted, firings);
      lane.at = 0;
      lane.pending = new Uint32Array(to - from);
      for (let i = 0; i < firings.nPending; i++) {
        const place = (firings.pending[i] as number) - from;
        lane.pending[place] = (lane.pending[place] as number) + 1;
      }
    }
  }

  fires(person: number): boolean {
    return this.#lanes.some(({ at, firings }) => at < firings.n && firings.persons[at] === person);
  }

  /** Timers of a workflow's triggers that are still armed at the end of what is known. */
  pending(w: number, person: number): number {
    return (this.#lanes[w] as Lane).pending[person - this.#first] as number;
  }

  /** Puts what the triggers fire for a person in place of their state. */
  put(person: number, state: PersonState): void {
    for (const [w, lane] of this.#lanes.entries()) {
      const { triggers } = state.workflows[w] as WorkflowState;
      for (let k = 1; k < triggers.length; k++) triggers[k] = NOTHING;
      triggers[0] = taken(lane, person);
    }
  }
}

interface Lane {
  readonly stream: Stream;
  readonly source: FiringSource;
  readonly firings: Firings;
  /** The next firing. */
  at: number;
  /** By person, from the first of those taken on. */
  pending: Uint32Array;
}

const NOTHING: ForeseenState = { type: 'foreseen', times: [], anchorRows: [], passed: 0 };

function taken(lane: Lane, person: number): ForeseenState {
  const { firings, stream } = lane;
  const times: number[] = [];
  const anchorRows: (number | null)[] = [];
  for (; lane.at < firings.n && firings.persons[lane.at] === person; lane.at++) {
    const anchor = firings.anchors[lane.at] as number;
    times.push(firings.times[lane.at] as number);
    anchorRows.push(anchor === NO_ANCHOR ? null : (stream.rows[anchor] as number));
  }
  return { type: 'foreseen', times, anchorRows, passed: 0 };
}
