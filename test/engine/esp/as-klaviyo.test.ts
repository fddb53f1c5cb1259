import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asKlaviyo, compareRuns, RunCounter } from '../../../engine/esp/index.ts';
import { replayIssues } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { at, line, replayCase } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, workflow } from '../../helpers/workflow.ts';
import { checked, fixture } from './klaviyo.ts';

const CART = workflow(inaction(), {
  sequence: [step('one', 0), step('two', HOUR)],
  goal: { match: match('Buy'), withinMs: 2 * HOUR, value: null },
});

function sends(events: Parameters<typeof replayCase>[0], of: Workflow | null): string[] {
  if (of === null) throw new Error('cannot be exported');
  return replayCase(events, of)
    .decisions.filter(({ kind }) => kind === 'sent')
    .map(line);
}

describe('as Klaviyo would run it', () => {
  const vendor = asKlaviyo(CART).workflow;

  it('counts from the first event where the workflow restarts its timer', () => {
    const events = [at(0, 'Add'), at(30, 'Add')];
    expect(sends(events, CART)).toEqual(['90 sent one', '150 sent two']);
    expect(sends(events, vendor)).toEqual(['60 sent one', '120 sent two']);
  });

  it('sends nothing after a purchase, in the window or behind it', () => {
    expect(sends([at(0, 'Add'), at(30, 'Buy')], vendor)).toEqual([]);
    expect(sends([at(0, 'Add'), at(70, 'Buy')], vendor)).toEqual(['60 sent one']);
  });

  it('misses who buys and soon starts again, because re-entry goes by the length of the flow', () => {
    const events = [at(0, 'Add'), at(10, 'Buy'), at(20, 'Add')];
    expect(sends(events, CART)).toEqual(['80 sent one', '140 sent two']);
    expect(sends(events, vendor)).toEqual([]);
    const later = [at(0, 'Add'), at(10, 'Buy'), at(121, 'Add')];
    expect(sends(later, vendor)).toEqual(['181 sent one', '241 sent two']);
  });

  it('skips at the next email after another event that ends it, and goes on counting', () => {
    const ending: Workflow = { ...CART, exit: { on: [match('Quit')], afterMs: null } };
    const events = [at(0, 'Add'), at(70, 'Quit')];
    const { decisions } = replayCase(events, asKlaviyo(ending).workflow as Workflow);
    expect(decisions.map(line)).toContain('120 skipped two if');
    expect(replayCase(events, ending).decisions.map(line)).toContain('70 exited event');
  });

  it('has no quiet hours, and counts every recorded email for a cap', () => {
    const gated: Workflow = {
      ...CART,
      gates: {
        unsubscribed: null,
        cap: [{ n: 1, withinMs: DAY, scope: 'workflow', history: false }],
        quiet: { fromMinute: 0, toMinute: 8 * 60, else: 'defer' },
        sendTime: null,
      },
    };
    expect(sends([at(0, 'Add')], gated)).toEqual(['480 sent one']);
    expect(sends([at(0, 'Add')], asKlaviyo(gated).workflow)).toEqual(['60 sent one']);
  });

  it('looks at whole days for the last email of the workflow', () => {
    const recent: Workflow = {
      ...CART,
      suppress: [{ id: 'recent', sent: { workflow: 'w', withinMs: 90 * MIN, history: false }, where: [], if: null }],
    };
    expect(asKlaviyo(recent).workflow?.suppress[0]?.sent?.withinMs).toBe(DAY);
  });

  it('says which differences it shows and which it cannot', () => {
    const { replayed, notReplayed, shiftMs } = asKlaviyo(checked(fixture('cart-recovery')));
    expect(shiftMs).toBe(HOUR);
    expect(replayed.map(({ feature }) => feature)).toEqual([
      'trigger.rearm.reset',
      'suppress.sent.own',
      'reentry.always',
      'exit.goal',
    ]);
    expect(notReplayed.map(({ feature }) => feature)).toEqual(['holdout', 'trigger.inaction']);
    expect(notReplayed.every(({ reason }) => reason.endsWith('.'))).toBe(true);
  });

  it('is nothing where the workflow cannot be exported', () => {
    const { workflow: none, notReplayed } = asKlaviyo(checked(fixture('win-back')));
    expect(none).toBeNull();
    expect(notReplayed.map(({ at: place }) => place)).toEqual(['trigger', 'trigger.triggers[1]']);
  });

  it('can be replayed wherever the workflow can', () => {
    const cart = checked(fixture('cart-recovery'));
    expect(replayIssues(asKlaviyo(cart).workflow as Workflow)).toEqual(replayIssues(cart));
  });
});

describe('a law', () => {
  it('gives the same emails where nothing differs: one start for a person, and the goal alone ends it', () => {
    const other = fc.record({ minute: fc.integer({ min: 1, max: 400 }), name: fc.constantFrom('Buy', 'Look') });
    const flow = fc.record({
      window: fc.integer({ min: 1, max: 90 }),
      delays: fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 3 }),
      goal: fc.integer({ min: 1, max: 300 }),
      previous: fc.boolean(),
    });
    fc.assert(
      fc.property(flow, fc.array(other, { maxLength: 6 }), ({ window, delays, goal, previous }, others) => {
        const steps = delays
          .toSorted((a, b) => a - b)
          .map((minutes, i) => step(`s${i}`, minutes * MIN, i > 0 && previous ? { from: 'previous' } : {}));
        const designed = workflow(inaction({ withinMs: window * MIN, rearm: 'first' }), {
          sequence: steps,
          goal: { match: match('Buy'), withinMs: goal * MIN, value: null },
          exit: { on: [match('Buy')], afterMs: null },
        });
        const events = [at(0, 'Add'), ...others.map(({ minute, name }) => at(minute, name))];
        expect(sends(events, asKlaviyo(designed).workflow)).toEqual(sends(events, designed));
      }),
      { numRuns: 300 },
    );
  });
});

describe('two replays side by side', () => {
  it('counts people, emails and how much earlier the first one leaves', () => {
    const people = ['a', 'b', 'c'].flatMap((person, i) => [
      at(0, 'Add', undefined, person),
      ...(i < 2 ? [at(10 * (i + 1), 'Add', undefined, person)] : []),
      ...(person === 'b' ? [at(75, 'Buy', undefined, person)] : []),
    ]);
    const count = (of: Workflow) => {
      const counter = new RunCounter();
      replayCase(people, of).decisions.forEach(counter.add);
      return counter;
    };
    const comparison = compareRuns(count(CART), count(asKlaviyo(CART).workflow as Workflow), DAY);
    // b buys at 75: the restarted timer would fire at 80, the vendor mails at 60.
    expect(comparison).toEqual({
      designed: { people: 2, emails: 4, byStep: { one: 2, two: 2 }, mailedThenConverted: 0 },
      vendor: { people: 3, emails: 5, byStep: { one: 3, two: 2 }, mailedThenConverted: 1 },
      people: { both: 2, onlyDesigned: 0, onlyVendor: 1 },
      firstEmail: { paired: 2, earlier: 1, later: 0, medianShiftMs: -5 * MIN },
    });
  });
});
