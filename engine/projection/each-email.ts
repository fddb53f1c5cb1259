// What each email adds to the others: the sequence as it is against the sequence without that one email, on the same
// draws of the assumptions and of the people, so that what both share cancels. The other emails keep what each of them
// does when it is sent; later ones meet more people who have not converted yet, and an earlier discount is redeemed by
// those who would have used the one that is gone. How the effect is shared among the emails is itself assumed.

import type { History } from '../events/index.ts';
import type { EnrollmentColumns } from '../replay/index.ts';
import { quantileOfDraws } from '../stats/index.ts';
import { type EnrolledTotals, enrolledOf } from './enrolled.ts';
import { timingOf } from './model.ts';
import { type Draw, type Effect, type Outcome, outcomeOfSteps, type Setting } from './outcomes.ts';
import type { Estimate } from './projection.ts';

/** With the email minus without it. Intervals are 95 %; chance person by person is left out, being common to both. */
export interface EmailValue {
  readonly id: string;
  /** From the trigger, ms. */
  readonly at: number;
  /** How often it is sent, in expectation; what is sent less of the others because of it is in `profit`. */
  readonly sends: number;
  readonly conversions: Estimate;
  readonly profit: Estimate;
  /** P(expected difference in conversions below 0), over the draws of the assumptions. */
  readonly pHarm: number;
  /** The same of profit; null where profit is not known. */
  readonly pLoss: number | null;
}

export interface EmailsWatch {
  draw(draw: Draw): void;
  /** In order of time. @param noProfit why profit is not known; null where it is */
  values(noProfit: string | null): EmailValue[];
}

/** What the figures of one email rest on beside everything a projection rests on, in a sentence. */
export const SHARED_AMONG =
  'How the effect is shared among the emails is assumed, not read off this history: with another split the figures move from one email to another while their sum stays near the whole. The others are taken to work as before when one is gone.';

interface Differences {
  readonly without: Setting;
  readonly totals: EnrolledTotals;
  readonly expected: { readonly net: number[]; readonly profit: number[] };
  readonly drawn: { readonly net: number[]; readonly profit: number[] };
  readonly sends: number[];
}

/** @param columns the enrollments `setting` was made of */
export function watchEmails(history: History, columns: EnrollmentColumns, setting: Setting): EmailsWatch {
  const { steps, enrolled } = setting;
  const whole = enrolled.totals(null);
  const each = steps.map((_, k): Differences => {
    const without = settingWithout(history, columns, setting, k);
    return {
      without,
      totals: without.enrolled.totals(null),
      expected: { net: [], profit: [] },
      drawn: { net: [], profit: [] },
      sends: [],
    };
  });
  return {
    draw({ effect, expected, drawn }) {
      each.forEach((one, k) => {
        const less = outcomeOfSteps(one.without, one.totals, stepsWithout(effect, k));
        note(one.expected, expected, less);
        one.sends.push(sentOf(setting, whole, effect, k));
      });
      if (drawn === null) return;
      const all = outcomeOfSteps(setting, enrolled.totals(drawn.weights), drawn.effect);
      each.forEach(({ without, drawn: differences }, k) => {
        const totals = without.enrolled.totals(drawn.weights);
        note(differences, all, outcomeOfSteps(without, totals, stepsWithout(drawn.effect, k)));
      });
    },
    values: (noProfit) =>
      each.map(({ expected, drawn, sends }, k): EmailValue => {
        const step = steps[k] as Setting['steps'][number];
        return {
          id: step.id,
          at: step.atMs,
          sends: mean(sends),
          conversions: estimateOf(expected.net, drawn.net),
          profit:
            noProfit === null
              ? estimateOf(expected.profit, drawn.profit)
              : { expected: null, low: null, high: null, reason: noProfit },
          pHarm: shareBelow(expected.net),
          pLoss: noProfit === null ? shareBelow(expected.profit) : null,
        };
      }),
  };
}

/** The people are counted anew: which step comes last before a conversion, and whose discount it uses, may change. */
function settingWithout(history: History, columns: EnrollmentColumns, setting: Setting, k: number): Setting {
  const steps = setting.steps.toSpliced(k, 1);
  const frame = { ...setting.frame, steps: setting.frame.steps.toSpliced(k, 1) };
  return {
    ...setting,
    steps,
    frame,
    timing: timingOf(frame),
    enrolled: enrolledOf(history, setting.workflow, columns, steps, frame),
  };
}

function stepsWithout({ p, harm, unsub }: Effect, k: number): Pick<Effect, 'p' | 'harm' | 'unsub'> {
  return { p: p.toSpliced(k, 1), harm: harm.toSpliced(k, 1), unsub: unsub.toSpliced(k, 1) };
}

function sentOf({ steps, enrolled }: Setting, { first, repeat }: EnrolledTotals, { expectation }: Effect, k: number) {
  const { sendsBySlot, sendsOfNever } = expectation;
  let reached = (first.never + repeat.never) * (sendsOfNever[k] as number);
  first.organic.forEach((count, slot) => {
    reached += (count + (repeat.organic[slot] as number)) * (sendsBySlot[slot]?.[k] as number);
  });
  return (enrolled.treated / enrolled.n) * (steps[k]?.sentShare ?? 1) * reached;
}

function note(into: Differences['expected'], all: Outcome, less: Outcome): void {
  into.net.push(all.net - less.net);
  into.profit.push(all.profit - less.profit);
}

function estimateOf(expected: readonly number[], drawn: readonly number[]): Estimate {
  if (drawn.length === 0) {
    return { expected: null, low: null, high: null, reason: 'No draw of the people holds anybody who enrolls.' };
  }
  const sorted = Float64Array.from(drawn).sort();
  return { expected: mean(expected), low: quantileOfDraws(sorted, 0.025), high: quantileOfDraws(sorted, 0.975) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

function shareBelow(values: readonly number[]): number {
  return values.filter((x) => x < 0).length / values.length;
}
