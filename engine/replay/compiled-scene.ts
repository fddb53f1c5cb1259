// The candidate in hand on the fast paths, for the rules that ask about it: who, when, about what, and what has been
// sent so far. One object per workflow, whose fields change from candidate to candidate.

import { upperBound } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { CandidateScene } from './compiled-rules.ts';
import type { Check } from './conditions.ts';
import type { LocalTime } from './local-time.ts';
import { HistoryView } from './person-view.ts';

export class Scene implements CandidateScene {
  readonly view: HistoryView;
  readonly lastSends: Float64Array;
  readonly #zone: LocalTime;
  #selected = -1;
  person = 0;
  time = 0;
  firing = 0;
  anchorRow: number | null = null;

  /** @param lastSends as in CandidateScene; workflows that are replayed together share one */
  constructor(history: History, zone: LocalTime, lastSends: Float64Array) {
    this.view = new HistoryView(history);
    this.lastSends = lastSends;
    this.#zone = zone;
  }

  put(firing: number, person: number, time: number, anchorRow: number | null): void {
    this.firing = firing;
    this.person = person;
    this.time = time;
    this.anchorRow = anchorRow;
  }

  select(person: number): void {
    if (this.#selected === person) return;
    this.view.select(person);
    this.#selected = person;
  }

  lookAt(time: number): Check {
    const { view, person } = this;
    this.select(person);
    view.endRow = upperBound((row) => view.time(row), time, view.firstRow, view.lastRow);
    return { view, time, zone: this.#zone, triggerTime: null };
  }
}
