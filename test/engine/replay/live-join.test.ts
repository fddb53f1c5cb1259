// People of a stored state who turn out to be one: their rows lie by time, and what is decided from there on is what one
// person's rows decide, unless something had been given out.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { joinPeople, LiveReplay, replayFacts } from '../../../engine/replay/index.ts';
import { at, line, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const isP = () => 'p';
const byTime = (rows: readonly (EventRow | PropertyRow)[]) => [...rows].sort((a, b) => a.time - b.time);
const programme = [
  workflow(inaction()),
  workflow({ type: 'absence', of: null, forMs: 2 * HOUR, afterActive: null }, { id: 'idle' }),
  workflow(
    { type: 'behavior', match: match('Look'), count: 3, withinMs: DAY, calendar: null },
    { id: 'often', sequence: [step('a', HOUR)] },
  ),
  workflow({ type: 'property', property: 'plan', from: undefined, to: 'pro' }, { id: 'pro' }),
];

function fed(rows: readonly (EventRow | PropertyRow)[]): LiveReplay {
  const live = new LiveReplay(programme, replayFacts(buildHistory([]), programme));
  for (const row of byTime(rows)) expect(live.feed(row)).toEqual([]);
  return live;
}

describe('two people who are one', () => {
  it('go on as one person would have, where nothing was decided of either', () => {
    const minute = fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 3, maxLength: 12 });
    const later = fc.array(fc.tuple(fc.integer({ min: 52, max: 900 }), fc.constantFrom('Add', 'Look', 'Buy')), {
      maxLength: 12,
    });
    let decided = 0;
    fc.assert(
      fc.property(minute, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), later, (minutes, isQ, rest) => {
        // Too few looks to start anything, and a plan that somebody has before.
        const before = minutes.map((m, i) => {
          const person = isQ[i] === true ? 'q' : 'p';
          if (i === 0) return set(m, 'plan', 'free', person);
          return at(m, i < 3 ? 'Look' : i % 3 === 0 ? 'Buy' : 'Add', i < 3 ? { n: i } : undefined, person);
        });
        const after = [...rest.map(([m, name]) => at(m, name)), set(901, 'plan', 'pro')];
        const asOne = fed(before.map((row) => ({ ...row, person: 'p' })));
        const { state, decisions, apart } = joinPeople(programme, fed(before).save(), isP);
        expect([decisions, apart]).toEqual([[], []]);
        const joined = LiveReplay.from(programme, state);
        const goOn = (live: LiveReplay) => [...byTime(after).flatMap((row) => live.feed(row)), ...live.finish(3 * DAY)];
        const given = goOn(joined);
        expect(given).toEqual(goOn(asOne));
        decided += given.length;
      }),
      { numRuns: 100 },
    );
    expect(decided).toBeGreaterThan(300);
  });

  it('have their rows by time, and enrollments about the rows they began with', () => {
    const live = new LiveReplay(programme, replayFacts(buildHistory([]), programme));
    for (const row of [at(0, 'Look', {}, 'q'), at(1, 'Add', { n: 1 }), at(2, 'Look', {}, 'q')]) live.feed(row);
    live.feed(at(3, 'Add', {}, 'q'));
    live.feed(at(70, 'Look', {}, 'q'));
    const { state, ids, apart, decisions } = joinPeople(programme, live.save(), isP);
    expect([ids, apart, decisions.map(line)]).toEqual([['q'], ['q'], ['q 70 exited event']]);
    const [person] = state.persons;
    expect(state.persons).toHaveLength(1);
    expect(person?.events.map(({ time }) => time / MIN)).toEqual([0, 1, 2, 3, 70]);
    // What lies at the clock is still to be decided.
    expect(person?.decidedRows).toBe(4);
    expect(person?.state.workflows[0]?.enrollments.map(({ anchorRow }) => anchorRow)).toEqual([3, 1]);
    const next = LiveReplay.from(programme, state);
    const looks = [next.advanceTo(70 * MIN + 1), next.feed(at(71, 'Look'))].flat();
    // The third look of one person.
    expect(looks.map(line)).toEqual(['70 candidate', '70 enrolled treated']);
  });
});
