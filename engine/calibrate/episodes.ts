// Episodes of "A without B": one state machine per person (and key), from the anchor that opens it to what answers it.
// Not what the engine sent, but what calibration studies; the rules are those of the method page's section A. Immutable
// columns, ordered by person and start. All times are ms.

import { assert } from '../base/index.ts';
import type { History } from '../events/index.ts';
import type { EventMatch } from '../workflow/index.ts';
import { rowMatcher } from './matcher.ts';

export interface EpisodeRules {
  readonly after: EventMatch;
  readonly without: EventMatch;
  /** `first`: the clock runs from the opening. `reset`: every further A starts it anew. */
  readonly rearm: 'first' | 'reset';
  /** A property with one machine per value (`value`: the event's value), or null. */
  readonly key: string | null;
  readonly windowMs: number;
  /** An episode unanswered this long after its anchor lapses; ≥ windowMs. */
  readonly horizonMs: number;
}

/** Status of an episode. */
export const CONVERTED = 0;
export const LAPSED = 1;
export const CENSORED = 2;

export interface Episodes {
  readonly n: number;
  readonly persons: Uint32Array;
  readonly starts: Float64Array;
  /** CONVERTED, LAPSED or CENSORED (still open when observation ended). */
  readonly status: Uint8Array;
  /** Of the answer, the lapse, or the end of observation. */
  readonly closedAt: Float64Array;
  /**
   * How long the email could have waited and still gone out: opening to answer (`first`), or the longest quiet stretch
   * inside the episode (`reset`). NaN unless converted.
   */
  readonly durations: Float64Array;
  /** When the email would first have gone out, at or before the end of observation; NaN if never. */
  readonly firstFires: Float64Array;
  readonly horizonMs: number;
  readonly rearm: 'first' | 'reset';
  readonly observedUntil: number;
}

/** Cost: one pass over the events; keys cost a sort per person. */
export function buildEpisodes(history: History, rules: EpisodeRules): Episodes {
  assert(rules.horizonMs >= rules.windowMs, 'the horizon must not be shorter than the window');
  const after = rowMatcher(history, rules.after);
  const without = rowMatcher(history, rules.without);
  const builder = new EpisodeBuilder(rules, history.observedUntil);
  if (after.isKnown) {
    const { personStart, nameCodes, times, observedUntil } = history;
    for (let person = 0; person < history.nPersons; person++) {
      const from = personStart[person] as number;
      const end = personStart[person + 1] as number;
      if (rules.key !== null) {
        keyedPerson(history, rules.key, after, without, builder, person);
        continue;
      }
      builder.begin(person);
      for (let row = from; row < end; row++) {
        const code = nameCodes[row];
        // Most rows are neither; only the rest are asked in full.
        if (code !== after.code && code !== without.code) continue;
        const isAnchor = after.matches(person, row);
        const isAnswer = without.matches(person, row);
        const time = times.at(row);
        if (time > observedUntil) break;
        if (isAnchor) builder.anchor(time);
        if (isAnswer) builder.answer(time);
      }
      builder.end();
    }
  }
  return builder.episodes();
}

/**
 * Episodes opened by moments instead of events, and answered by what comes strictly later, as a trigger's goal does.
 * @param moments ordered by person and time
 */
export function momentEpisodes(
  history: History,
  moments: { readonly persons: ArrayLike<number>; readonly times: ArrayLike<number> },
  without: EventMatch,
  horizonMs: number,
): Episodes {
  const answers = rowMatcher(history, without);
  const builder = new EpisodeBuilder({ rearm: 'first', windowMs: 0, horizonMs }, history.observedUntil);
  const { persons, times } = moments;
  for (let i = 0; i < persons.length; ) {
    const person = persons[i] as number;
    const end = history.personStart[person + 1] as number;
    let row = history.personStart[person] as number;
    const answerUntil = (until: number) => {
      for (; row < end && history.times.at(row) <= until; row++) {
        if (answers.matches(person, row)) builder.answer(history.times.at(row));
      }
      builder.settle();
    };
    builder.begin(person);
    for (; persons[i] === person; i++) {
      answerUntil(times[i] as number);
      builder.anchor(times[i] as number);
    }
    answerUntil(history.observedUntil);
    builder.end();
  }
  return builder.episodes();
}

/** One machine per key value; events without the key share one. Episodes come out by start. */
function keyedPerson(
  history: History,
  key: string,
  after: ReturnType<typeof rowMatcher>,
  without: ReturnType<typeof rowMatcher>,
  builder: EpisodeBuilder,
  person: number,
): void {
  const byKey = new Map<string | undefined, { time: number; isAnchor: boolean; isAnswer: boolean }[]>();
  for (let row = history.personStart[person] as number; row < (history.personStart[person + 1] as number); row++) {
    const isAnchor = after.matches(person, row);
    const isAnswer = without.matches(person, row);
    if (!isAnchor && !isAnswer) continue;
    const time = history.times.at(row);
    if (time > history.observedUntil) break;
    const value = history.eventProperty(row, key);
    const text = value === undefined ? undefined : String(value);
    const events = byKey.get(text);
    if (events === undefined) byKey.set(text, [{ time, isAnchor, isAnswer }]);
    else events.push({ time, isAnchor, isAnswer });
  }
  const before = builder.length;
  for (const events of byKey.values()) {
    builder.begin(person);
    for (const event of events) {
      if (event.isAnchor) builder.anchor(event.time);
      if (event.isAnswer) builder.answer(event.time);
    }
    builder.end();
  }
  if (byKey.size > 1) builder.sortByStart(before);
}

type Clock = Pick<EpisodeRules, 'rearm' | 'windowMs' | 'horizonMs'>;

/** The machine. Feed it one person's anchors and answers in time order; at one instant anchors count before answers. */
class EpisodeBuilder {
  readonly #rules: Clock;
  readonly #until: number;
  readonly #persons: number[] = [];
  readonly #starts: number[] = [];
  readonly #status: number[] = [];
  readonly #closedAt: number[] = [];
  readonly #durations: number[] = [];
  readonly #fires: number[] = [];
  #person = 0;
  #isOpen = false;
  #start = 0;
  #anchor = 0;
  #longestGap = 0;
  #fire = Number.NaN;
  /** An answer that waits for anchors of its own instant; NaN if none. */
  #waiting = Number.NaN;

  constructor(rules: Clock, observedUntil: number) {
    this.#rules = rules;
    this.#until = observedUntil;
  }

  get length(): number {
    return this.#starts.length;
  }

  begin(person: number): void {
    this.#person = person;
    this.#isOpen = false;
    this.#waiting = Number.NaN;
  }

  anchor(time: number): void {
    if (time > this.#waiting) this.#settleAnswer();
    this.#lapseBefore(time);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#start = this.#anchor = time;
      this.#longestGap = 0;
      this.#fire = Number.NaN;
    } else if (this.#rules.rearm === 'reset') {
      this.#quietUntil(time);
      this.#anchor = time;
    }
  }

  answer(time: number): void {
    if (time > this.#waiting) this.#settleAnswer();
    this.#waiting = time;
  }

  /** No further anchor shares the instant of the last answer. */
  settle(): void {
    this.#settleAnswer();
  }

  end(): void {
    this.#settleAnswer();
    this.#lapseBefore(this.#until);
    if (this.#isOpen) {
      const due = this.#anchor + this.#rules.windowMs;
      if (Number.isNaN(this.#fire) && due <= this.#until) this.#fire = due;
      // An episode whose lapse falls on the last watched instant has been watched to its end.
      const isOver = this.#anchor + this.#rules.horizonMs === this.#until;
      this.#close(isOver ? LAPSED : CENSORED, this.#until, Number.NaN);
    }
  }

  #settleAnswer(): void {
    const time = this.#waiting;
    if (Number.isNaN(time)) return;
    this.#waiting = Number.NaN;
    this.#lapseBefore(time);
    if (!this.#isOpen) return;
    this.#quietUntil(time);
    this.#close(CONVERTED, time, this.#longestGap);
  }

  /** A quiet stretch from the anchor ends at `time`: the email has gone out in it if it was longer than the window. */
  #quietUntil(time: number): void {
    const gap = time - this.#anchor;
    if (gap > this.#rules.windowMs && Number.isNaN(this.#fire)) this.#fire = this.#anchor + this.#rules.windowMs;
    if (gap > this.#longestGap) this.#longestGap = gap;
  }

  #lapseBefore(time: number): void {
    if (!this.#isOpen) return;
    const end = this.#anchor + this.#rules.horizonMs;
    if (time <= end) return;
    if (Number.isNaN(this.#fire)) this.#fire = this.#anchor + this.#rules.windowMs;
    this.#close(LAPSED, end, Number.NaN);
  }

  #close(status: number, closedAt: number, duration: number): void {
    this.#isOpen = false;
    this.#persons.push(this.#person);
    this.#starts.push(this.#start);
    this.#status.push(status);
    this.#closedAt.push(closedAt);
    this.#durations.push(duration);
    this.#fires.push(this.#fire);
  }

  sortByStart(from: number): void {
    const starts = this.#starts;
    const order = Array.from({ length: starts.length - from }, (_, i) => from + i);
    order.sort((a, b) => (starts[a] as number) - (starts[b] as number) || a - b);
    for (const column of [this.#starts, this.#status, this.#closedAt, this.#durations, this.#fires]) {
      const sorted = order.map((i) => column[i] as number);
      for (let i = 0; i < sorted.length; i++) column[from + i] = sorted[i] as number;
    }
  }

  episodes(): Episodes {
    return {
      n: this.#starts.length,
      persons: new Uint32Array(this.#persons),
      starts: new Float64Array(this.#starts),
      status: new Uint8Array(this.#status),
      closedAt: new Float64Array(this.#closedAt),
      durations: new Float64Array(this.#durations),
      firstFires: new Float64Array(this.#fires),
      horizonMs: this.#rules.horizonMs,
      rearm: this.#rules.rearm,
      observedUntil: this.#until,
    };
  }
}

/**
 * Whether each episode began early enough to have been watched to its end whatever came of it: judged by its start
 * alone, never by its outcome (start ≤ end − H, or − 2H where the anchor moves).
 */
export function isMature(episodes: Episodes, i: number): boolean {
  const reach = episodes.rearm === 'reset' ? 2 * episodes.horizonMs : episodes.horizonMs;
  return (episodes.starts[i] as number) <= episodes.observedUntil - reach;
}
