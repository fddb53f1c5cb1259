// How long it stayed silent after each anchor: until the next row that answers or moves it. This does not depend on the
// window, so it is worked out once per stream; a window then fires exactly where the silence is longer than it.

import { ANCHOR, ANSWER, type Stream } from './stream.ts';

export interface Silences {
  /** One entry per anchor that can fire, by person and time. */
  readonly n: number;
  readonly persons: Uint32Array;
  /** Places in the stream. */
  readonly anchors: Uint32Array;
  /** Until the next anchor or answer, ms; Infinity after the last. */
  readonly gaps: Float64Array;
}

const kept = new WeakMap<Stream, Silences>();

export function silencesOf(stream: Stream): Silences {
  let silences = kept.get(stream);
  if (silences === undefined) kept.set(stream, (silences = measure(stream)));
  return silences;
}

/**
 * Of the anchors of one instant the last counts, and none where an answer shares the instant: an anchor counts as
 * before the event that answers it, whichever row comes first.
 */
function measure({ starts, times, roles, rows }: Stream): Silences {
  const persons = new Uint32Array(rows.length);
  const anchors = new Uint32Array(rows.length);
  const gaps = new Float64Array(rows.length);
  let n = 0;
  for (let person = 0; person + 1 < starts.length; person++) {
    const end = starts[person + 1] as number;
    const first = n;
    for (let i = starts[person] as number; i < end; ) {
      const time = times[i] as number;
      let anchor = -1;
      let answered = false;
      for (; i < end && times[i] === time; i++) {
        const role = roles[i] as number;
        if ((role & ANSWER) !== 0) answered = true;
        else if ((role & ANCHOR) !== 0) anchor = i;
      }
      if (!answered && anchor < 0) continue;
      const last = n - 1;
      if (last >= first && gaps[last] === Number.POSITIVE_INFINITY) {
        gaps[last] = time - (times[anchors[last] as number] as number);
      }
      if (answered) continue;
      persons[n] = person;
      anchors[n] = anchor;
      gaps[n++] = Number.POSITIVE_INFINITY;
    }
  }
  return { n, persons: persons.slice(0, n), anchors: anchors.slice(0, n), gaps: gaps.slice(0, n) };
}
