// A projection person by person: for every complete enrollment what came without any email, and what the emails are
// expected to add. People differ only in what a projection can tell apart, when they convert by themselves and whether
// they entered before, so that rows add up to the headline and are no score of anybody's persuadability.

import type { History } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import { slotOf } from './model.ts';
import type { Draw, Setting } from './outcomes.ts';

export interface ProjectedPerson {
  readonly person: string;
  /** UTC ms. */
  readonly triggered: number;
  readonly isRepeat: boolean;
  readonly arm: 'treated' | 'holdout';
  /** Conversion without emails, ms after the trigger; null where none came within the goal window. */
  readonly convertedAfter: number | null;
  /** Of that conversion; null also where the history has no values. */
  readonly value: number | null;
  /** P(converts) with the emails minus that without, −1 … 1, were this person mailed: mean over draws, and 95 %. */
  readonly increment: number;
  readonly low: number;
  readonly high: number;
}

export interface PeopleWatch {
  draw(draw: Draw): void;
  /** In the order of the enrollments. The sum of `increment`, times the share mailed, is the projected increment. */
  rows(): Generator<ProjectedPerson>;
}

export function watchPeople(history: History, columns: EnrollmentColumns, setting: Setting): PeopleWatch {
  const { frame, resolved } = setting;
  const slots = frame.steps.length + 1;
  const hasValues = setting.enrolled.value?.source === 'history';
  // Of those who never convert, then by the slot of the organic conversion.
  const draws: number[][] = Array.from({ length: slots + 1 }, () => []);
  return {
    draw({ effect }) {
      const { gainedOfNever, lostBySlot } = effect.expectation;
      (draws[0] as number[]).push(gainedOfNever);
      for (let slot = 0; slot < slots; slot++) (draws[slot + 1] as number[]).push(-(lostBySlot[slot] ?? 0));
    },
    *rows() {
      const kinds = draws.map((values) => {
        const sorted = Float64Array.from(values).sort();
        const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
        return { mean, low: quantileOfDraws(sorted, 0.025), high: quantileOfDraws(sorted, 0.975) };
      });
      for (let i = 0; i < columns.n; i++) {
        if (columns.complete[i] !== 1) continue;
        const triggered = columns.triggerTimes[i] as number;
        const goal = columns.goalTimes[i] as number;
        const convertedAfter = Number.isNaN(goal) ? null : goal - triggered;
        const slot = slotOf(convertedAfter ?? Number.POSITIVE_INFINITY, frame);
        const isRepeat = columns.repeats[i] === 1;
        const { mean, low, high } = kinds[slot + 1] as (typeof kinds)[number];
        const factor = isRepeat ? resolved.repeat : 1;
        yield {
          person: history.personIds.at(columns.persons[i] as number),
          triggered,
          isRepeat,
          arm: columns.arms[i] === 0 ? 'treated' : 'holdout',
          convertedAfter: slot < 0 ? null : convertedAfter,
          value: slot < 0 || !hasValues ? null : (columns.goalValues[i] as number),
          increment: factor * mean + 0,
          low: factor * low + 0,
          high: factor * high + 0,
        };
      }
    },
  };
}
