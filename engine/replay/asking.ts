// What triggers that are checked at runs ask, compiled for one history: names as codes, one walk over a lookback for the
// answer and for the moment from which it can be another. The same answers as `isTrue` and `asks`, to which everything
// that is rare is left.

import type { History } from '../events/index.ts';
import type { Condition, ConditionTrigger, DeclineTrigger } from '../workflow/index.ts';
import { isFewer } from './checked-triggers.ts';
import { type Check, isTrue } from './conditions.ts';
import { compareNumbers } from './filters.ts';
import type { LocalTime } from './local-time.ts';
import { mayDifferFrom } from './may-differ.ts';
import type { HistoryView } from './person-view.ts';

/** A question; `next` is set beside each answer. */
export interface Question {
  /** The first moment after the last answer at which it can be another without a row; Infinity where it cannot. */
  next: number;
  /** About the rows that the view shows, at `time`. */
  holds(view: HistoryView, time: number): boolean;
}

const NEVER = Number.POSITIVE_INFINITY;

export function questionOf(history: History, trigger: ConditionTrigger | DeclineTrigger, zone: LocalTime): Question {
  return trigger.type === 'decline' ? new Decline(history, trigger) : compile(history, trigger.condition, zone);
}

function compile(history: History, condition: Condition, zone: LocalTime): Question {
  switch (condition.is) {
    case 'all':
    case 'any':
      return new Group(
        condition.of.map((inner) => compile(history, inner, zone)),
        condition.is === 'all',
      );
    case 'not':
      return new Not(compile(history, condition.of, zone));
    case 'tenure':
      return new Tenure(condition);
    case 'count':
      if (condition.match.where.length > 0 || condition.sinceTrigger) break;
      return new Count(history, condition);
    case 'distinct':
      if (condition.sinceTrigger) break;
      return new Distinct(history, condition);
    case 'activeDays':
      return new ActiveDays(history, condition, zone);
  }
  return new Other(condition, zone);
}

/** False as long as one that must hold does not, whatever the others do; and true likewise. */
class Group implements Question {
  next = NEVER;
  readonly #of: readonly Question[];
  readonly #isAll: boolean;

  constructor(of: readonly Question[], isAll: boolean) {
    this.#of = of;
    this.#isAll = isAll;
  }

  holds(view: HistoryView, time: number): boolean {
    const isAll = this.#isAll;
    let next = NEVER;
    for (const inner of this.#of) {
      if (inner.holds(view, time) !== isAll) {
        this.next = inner.next;
        return !isAll;
      }
      if (inner.next < next) next = inner.next;
    }
    this.next = next;
    return isAll;
  }
}

class Not implements Question {
  next = NEVER;
  readonly #of: Question;

  constructor(of: Question) {
    this.#of = of;
  }

  holds(view: HistoryView, time: number): boolean {
    const holds = this.#of.holds(view, time);
    this.next = this.#of.next;
    return !holds;
  }
}

class Tenure implements Question {
  next = NEVER;
  readonly #condition: Extract<Condition, { is: 'tenure' }>;

  constructor(condition: Extract<Condition, { is: 'tenure' }>) {
    this.#condition = condition;
  }

  holds(view: HistoryView, time: number): boolean {
    const { op, valueMs } = this.#condition;
    const first = view.history.times.at(view.firstRow);
    const reached = first + valueMs;
    this.next = reached > time ? reached : reached === time ? time + 1 : NEVER;
    return compareNumbers(time - first, op, valueMs);
  }
}

class Count implements Question {
  next = NEVER;
  readonly #condition: Extract<Condition, { is: 'count' }>;
  readonly #code: number;

  constructor(history: History, condition: Extract<Condition, { is: 'count' }>) {
    this.#condition = condition;
    this.#code = history.nameCode(condition.match.event);
  }

  holds(view: HistoryView, time: number): boolean {
    const { op, value, inLastMs } = this.#condition;
    const { nameCodes, times } = view.history;
    const code = this.#code;
    const first = view.firstRow;
    const after = inLastMs === null ? Number.NEGATIVE_INFINITY : time - inLastMs;
    let n = 0;
    let oldest = NEVER;
    for (let row = view.endRow - 1; row >= first; row--) {
      if (nameCodes[row] !== code) continue;
      const at = times.at(row);
      if (at <= after) break;
      oldest = at;
      n++;
    }
    this.next = inLastMs === null ? NEVER : oldest + inLastMs;
    return compareNumbers(n, op, value);
  }
}

class Distinct implements Question {
  next = NEVER;
  readonly #condition: Extract<Condition, { is: 'distinct' }>;
  /** By code of the name, 0 for those not asked for; else the number of the walk in which it was last seen. */
  readonly #seen: Float64Array;
  #walk = 1;

  constructor(history: History, condition: Extract<Condition, { is: 'distinct' }>) {
    this.#condition = condition;
    this.#seen = Float64Array.from(history.names, (name) => Number(condition.events.includes(name)));
  }

  holds(view: HistoryView, time: number): boolean {
    const { op, value, inLastMs } = this.#condition;
    const { nameCodes, times } = view.history;
    const seen = this.#seen;
    const walk = ++this.#walk;
    const first = view.firstRow;
    const after = inLastMs === null ? Number.NEGATIVE_INFINITY : time - inLastMs;
    let n = 0;
    let oldest = NEVER;
    for (let row = view.endRow - 1; row >= first; row--) {
      const code = nameCodes[row] as number;
      const last = seen[code] as number;
      if (last === 0) continue;
      const at = times.at(row);
      if (at <= after) break;
      oldest = at;
      if (last !== walk) n++;
      seen[code] = walk;
    }
    this.next = inLastMs === null ? NEVER : oldest + inLastMs;
    return compareNumbers(n, op, value);
  }
}

class ActiveDays implements Question {
  next = NEVER;
  readonly #condition: Extract<Condition, { is: 'activeDays' }>;
  readonly #zone: LocalTime;
  readonly #plainly: Other;
  /** By code of the name, 1 where it is activity. */
  readonly #counts: Uint8Array;

  constructor(history: History, condition: Extract<Condition, { is: 'activeDays' }>, zone: LocalTime) {
    this.#condition = condition;
    this.#zone = zone;
    this.#plainly = new Other(condition, zone);
    this.#counts = Uint8Array.from(history.names, (name) => Number(!history.emailEvents.has(name)));
  }

  holds(view: HistoryView, time: number): boolean {
    const { op, value, inLastMs } = this.#condition;
    const { nameCodes, times } = view.history;
    const first = view.firstRow;
    const after = inLastMs === null ? Number.NEGATIVE_INFINITY : time - inLastMs;
    let days = 0;
    let oldest = NEVER;
    let day = NEVER;
    for (let row = view.endRow - 1; row >= first; row--) {
      if (this.#counts[nameCodes[row] as number] === 0) continue;
      const at = times.at(row);
      if (at <= after) break;
      const of = this.#zone.day(at);
      // Where a clock is put back over midnight a day comes twice: rare enough to be counted with care.
      if (of > day) return this.#carefully(view, time);
      if (of !== day) days++;
      day = of;
      oldest = at;
    }
    this.next = inLastMs === null ? NEVER : oldest + inLastMs;
    return compareNumbers(days, op, value);
  }

  #carefully(view: HistoryView, time: number): boolean {
    const holds = this.#plainly.holds(view, time);
    this.next = this.#plainly.next;
    return holds;
  }
}

class Other implements Question {
  next = NEVER;
  readonly #condition: Condition;
  readonly #zone: LocalTime;

  constructor(condition: Condition, zone: LocalTime) {
    this.#condition = condition;
    this.#zone = zone;
  }

  holds(view: HistoryView, time: number): boolean {
    const check: Check = { view, time, zone: this.#zone, triggerTime: null };
    this.next = mayDifferFrom(this.#condition, check);
    return isTrue(this.#condition, check);
  }
}

class Decline implements Question {
  next = NEVER;
  readonly #trigger: DeclineTrigger;
  readonly #counts: Uint8Array;

  constructor(history: History, trigger: DeclineTrigger) {
    const { of } = trigger;
    this.#trigger = trigger;
    this.#counts = Uint8Array.from(history.names, (name) =>
      Number(!history.emailEvents.has(name) && (of === null || of.includes(name))),
    );
  }

  holds(view: HistoryView, time: number): boolean {
    const { recentMs, baselineMs } = this.#trigger;
    const { nameCodes, times } = view.history;
    const first = view.firstRow;
    let recent = 0;
    let baseline = 0;
    let next = NEVER;
    for (let row = view.endRow - 1; row >= first; row--) {
      if (this.#counts[nameCodes[row] as number] === 0) continue;
      const at = times.at(row);
      if (at > time - recentMs) {
        recent++;
        next = at + recentMs;
      } else if (at > time - recentMs - baselineMs) {
        if (baseline++ === 0) this.next = next;
        next = at + recentMs + baselineMs;
      } else break;
    }
    this.next = baseline === 0 ? next : Math.min(this.next, next);
    return baseline > 0 && isFewer(this.#trigger, recent, baseline);
  }
}
