// A history may be replayed in parts of neighbouring people: what depends on the whole dataset (whether anybody can be
// reached, whether consent is tracked, when people are active) does not change with the cut.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildHistory } from '../../../engine/events/index.ts';
import { foldTallies, replayWorkflow } from '../../../engine/replay/index.ts';
import { anyTrigger, rows, untilMs, workflows } from '../../helpers/arbitrary.ts';

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 3 });

it('gives, in parts, the tallies of the whole', () => {
  let known = 0;
  let cut = 0;
  const property = fc.property(rows, workflows(anyTrigger, 'w'), untilMs, cuts, (given, one, observedUntil, at) => {
    const history = buildHistory(given.events, given.changes, { observedUntil });
    const { nPersons } = history;
    const places = [0, ...at.map((share) => Math.round(share * nPersons)).sort((a, b) => a - b), nPersons];
    const whole = replayWorkflow(history, one);
    const parts = places.slice(1).map((to, i) => replayWorkflow(history.part(places[i] as number, to), one));
    const { reach } = whole.totals;
    for (const part of parts) expect(part.totals.reach).toBe(reach);
    const tallies = parts.flatMap(({ buckets }) => buckets);
    expect(foldTallies(one, tallies, reach)).toEqual(whole.totals);
    const enrolled = parts.flatMap(({ enrollments: { persons } }) => [...persons]);
    expect(enrolled).toEqual([...whole.enrollments.persons]);
    if (reach === 'known') known++;
    if (at.length > 0 && nPersons > 1) cut++;
  });
  fc.assert(property, { numRuns: 150 });
  expect(known).toBeGreaterThan(0);
  expect(cut).toBeGreaterThan(10);
});
