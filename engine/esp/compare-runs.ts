// Two replays of one history side by side, the workflow as designed and as the vendor would run it: in people and in
// emails, and when the first one leaves. Enrollments are no common measure, since the vendor enters everyone at the first
// event; emails that were sent are. Fed with the decisions of a replay, by person and in order.

import type { Decision } from '../replay/index.ts';

export interface RunFigures {
  /** People who got at least one email. */
  readonly people: number;
  readonly emails: number;
  readonly byStep: Readonly<Record<string, number>>;
  /** Runs with an email that reached the goal after it. Not caused by it: see a projection for that. */
  readonly mailedThenConverted: number;
}
export interface RunComparison {
  readonly designed: RunFigures;
  readonly vendor: RunFigures;
  readonly people: { readonly both: number; readonly onlyDesigned: number; readonly onlyVendor: number };
  /** First emails that have a counterpart in the other replay. */
  readonly firstEmail: {
    readonly paired: number;
    readonly earlier: number;
    readonly later: number;
    /** Vendor minus designed, over all pairs, in ms; null where there is no pair. */
    readonly medianShiftMs: number | null;
  };
}

/** Collects one replay. Memory grows with the number of runs that were mailed. */
export class RunCounter {
  readonly firstEmails = new Map<string, number[]>();
  #emails = 0;
  #converted = 0;
  readonly #byStep = new Map<string, number>();
  #person: string | null = null;
  #isMailed = false;

  readonly add = (decision: Decision): void => {
    if (decision.person !== this.#person || decision.kind === 'enrolled') this.#isMailed = false;
    this.#person = decision.person;
    if (decision.kind === 'sent') {
      this.#emails++;
      this.#byStep.set(decision.step, (this.#byStep.get(decision.step) ?? 0) + 1);
      if (!this.#isMailed) {
        const times = this.firstEmails.get(decision.person);
        if (times === undefined) this.firstEmails.set(decision.person, [decision.time]);
        else times.push(decision.time);
      }
      this.#isMailed = true;
    } else if (decision.kind === 'converted' && this.#isMailed) {
      this.#converted++;
      this.#isMailed = false;
    }
  };

  figures(): RunFigures {
    return {
      people: this.firstEmails.size,
      emails: this.#emails,
      byStep: Object.fromEntries(this.#byStep),
      mailedThenConverted: this.#converted,
    };
  }
}

/** @param withinMs how far apart two first emails may lie to belong to the same run: the length of the flow */
export function compareRuns(designed: RunCounter, vendor: RunCounter, withinMs: number): RunComparison {
  let both = 0;
  const shifts: number[] = [];
  for (const [person, times] of designed.firstEmails) {
    const others = vendor.firstEmails.get(person);
    if (others === undefined) continue;
    both++;
    shifts.push(...paired(times, others, withinMs));
  }
  shifts.sort((a, b) => a - b);
  return {
    designed: designed.figures(),
    vendor: vendor.figures(),
    people: {
      both,
      onlyDesigned: designed.firstEmails.size - both,
      onlyVendor: vendor.firstEmails.size - both,
    },
    firstEmail: {
      paired: shifts.length,
      earlier: shifts.filter((shift) => shift < 0).length,
      later: shifts.filter((shift) => shift > 0).length,
      medianShiftMs: median(shifts),
    },
  };
}

/** Each first email with the nearest of the other replay that no other has taken, in order of time. */
function paired(times: readonly number[], others: readonly number[], withinMs: number): number[] {
  const shifts: number[] = [];
  let from = 0;
  for (const time of times) {
    let best = -1;
    for (let i = from; i < others.length; i++) {
      const distance = Math.abs((others[i] as number) - time);
      if (distance <= withinMs && (best < 0 || distance < Math.abs((others[best] as number) - time))) best = i;
    }
    if (best < 0) continue;
    shifts.push((others[best] as number) - time);
    from = best + 1;
  }
  return shifts;
}

function median(sorted: readonly number[]): number | null {
  if (sorted.length === 0) return null;
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] as number) + (sorted[Math.ceil(middle)] as number)) / 2;
}
