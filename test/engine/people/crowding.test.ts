// How tightly emails come to one person, by hand, and against the decisions of the replay; and what a cap promises.

import { describe, expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { CROWDING_MOST, crowdingOf } from '../../../engine/people/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { DAY, HOUR } from '../../helpers/workflow.ts';
import { accepted } from '../../oracle/compare.ts';
import { generateCase } from '../../oracle/generate.ts';

const START = Date.UTC(2026, 0, 5);

function sending(cap: { n: number; within: string }[]) {
  const file = {
    foresend: 1,
    id: 'each',
    trigger: { type: 'behavior', event: 'Visited' },
    ...(cap.length === 0 ? {} : { gates: { cap } }),
    sequence: [{ id: 'only', delay: '0m' }],
    exit: { after: '1m' },
    goal: { event: 'Purchased', within: '1d' },
  };
  const checked = accepted(file);
  if (checked === null) throw new Error('the workflow is none');
  return checked;
}

/** @param visits by person, in days after the start: at each an email is due */
function visiting(visits: Readonly<Record<string, readonly number[]>>) {
  const events = Object.entries(visits).flatMap(([person, days]) =>
    days.map((day) => ({ person, name: 'Visited', time: START + day * DAY })),
  );
  return buildHistory(events, [], { observedUntil: START + 60 * DAY });
}

describe('how tightly emails come', () => {
  // By hand: ann 5 in (0, 6], of which 2 in any day but 4.5 to 5; bob 3, a day apart each; eve one; 0 and 1 are 2 d apart.
  const history = visiting({ ann: [0, 4, 4.5, 5, 6], bob: [0, 1, 2], eve: [9], far: [0, 7] });
  const people = (within: number, caps: Parameters<typeof sending>[0] = [], without: number | null = null) => {
    const { windows } = crowdingOf(history, sending(caps), without);
    return windows.find(({ withinMs }) => withinMs === within)?.people.slice(0, 5);
  };

  it('counts the most of each person in a window that is open at its start', () => {
    // 4 to 5 is one day: at 5 the email of 4 is no longer in (4, 5].
    expect(people(DAY)).toEqual([3, 1, 0, 0, 0]);
    expect(people(2 * DAY)).toEqual([2, 1, 1, 0, 0]);
    // far: at 7 the one of 0 is out of (0, 7].
    expect(people(7 * DAY)).toEqual([2, 0, 1, 0, 1]);
    expect(people(10 * DAY)).toEqual([1, 1, 1, 0, 1]);
    expect(crowdingOf(history, sending([]), null).mailed).toBe(4);
  });

  it('is of the workflow without the one cap, and has that cap’s window', () => {
    const caps = [
      { n: 1, within: '36h' },
      { n: 4, within: '7d' },
    ];
    // Of ann 4, 4.5 and 5; of bob any two a day apart.
    expect(people(36 * HOUR, caps, 0)).toEqual([2, 1, 1, 0, 0]);
    // With the first still there, nobody gets two in 36 hours; without the second ann could have five, but is held by the first.
    expect(people(36 * HOUR, caps, 1)).toEqual([4, 0, 0, 0, 0]);
    expect(people(7 * DAY, caps, null)?.[4]).toBe(0);
  });

  it('puts whoever gets very many into the last bar', () => {
    const many = visiting({ ann: Array.from({ length: 20 }, (_, i) => i / 10) });
    const { windows } = crowdingOf(many, sending([]), null);
    expect(windows.at(-1)?.people).toEqual([...new Array(CROWDING_MOST - 1).fill(0), 1]);
  });

  it('says of random histories what their decisions do', () => {
    let mailed = 0;
    for (let seed = 1; seed <= 120; seed++) {
      const { data, workflow } = generateCase(seed);
      const checked = accepted(workflow);
      if (checked === null) continue;
      const random = buildHistory(data.events, data.changes, { observedUntil: data.observedUntil });
      const times = new Map<string, number[]>();
      replayWorkflow(random, checked, {
        onDecision: ({ kind, person, time }) => {
          if (kind === 'sent') times.set(person, [...(times.get(person) ?? []), time]);
        },
      });
      const found = crowdingOf(random, checked, null);
      expect(found.mailed).toBe(times.size);
      mailed += times.size;
      for (const { withinMs, people: counted } of found.windows) {
        const expected = new Array(CROWDING_MOST).fill(0);
        for (const all of times.values()) {
          const most = Math.max(...all.map((end) => all.filter((one) => one > end - withinMs && one <= end).length));
          expected[Math.min(most, CROWDING_MOST) - 1] += 1;
        }
        expect(counted, `seed ${seed}`).toEqual(expected);
      }
    }
    expect(mailed).toBeGreaterThan(50);
  });

  it('is held by a cap to its number', () => {
    for (const n of [1, 2, 3]) {
      const capped = crowdingOf(history, sending([{ n, within: '7d' }]), null);
      expect(capped.windows.find(({ withinMs }) => withinMs === 7 * DAY)?.people.slice(n)).toEqual(
        new Array(CROWDING_MOST - n).fill(0),
      );
    }
  });
});
