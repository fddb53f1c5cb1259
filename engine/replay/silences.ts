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
  /** Every row of the stream is an anchor or an answer: nothing lies inside a silence, whatever the window. */
  readonly isDense: boolean;
}

const kept = new WeakMap<Stream, Silences>();

export function silencesOf(stream: Stream): Silences {
  let silences = kept.get(stream);
  if (silences === undefined) kept.set(stream, (silences = measure(stream)));
  return silences;
}

/**
 * Of the anchors of one instant the last counts, and none where an answer shares the instant: an anchor counts as
 * before the event that answers it, whichever row comes first. People and their rows are gone through backwards, so
 * that what follows is known.
 */
function measure({ starts, times, roles, rows }: Stream): Silences {
  const persons = new Uint32Array(rows.length);
  const anchors = new Uint32Array(rows.length);
  const gaps = new Float64Array(rows.length);
  let k = rows.length;
  let isDense = true;
  for (let person = starts.length - 2; person >= 0; person--) {
    const start = starts[person] as number;
    let followedAt = Number.POSITIVE_INFINITY;
    let anchoredAt = Number.POSITIVE_INFINITY;
    for (let i = (starts[person + 1] as number) - 1; i >= start; i--) {
      const role = roles[i] as number;
      const time = times[i] as number;
      if ((role & ANSWER) !== 0) {
        if (time === anchoredAt) k++;
        anchoredAt = Number.POSITIVE_INFINITY;
        followedAt = time;
      } else if ((role & ANCHOR) !== 0 && time !== followedAt) {
        k--;
        persons[k] = person;
        anchors[k] = i;
        gaps[k] = followedAt - time;
        followedAt = time;
        anchoredAt = time;
      }
      if ((role & (ANCHOR | ANSWER)) === 0) isDense = false;
    }
  }
  return {
    n: rows.length - k,
    persons: persons.subarray(k),
    anchors: anchors.subarray(k),
    gaps: gaps.subarray(k),
    isDense,
  };
}
