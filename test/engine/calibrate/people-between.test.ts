// Who is behind a stretch of the curve: by hand, and as many as the curve itself counts.

import { expect, it } from 'vitest';
import { calibrate, peopleBetween } from '../../../engine/calibrate/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { checkWorkflow } from '../../../engine/workflow/index.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 1);

const checked = checkWorkflow({
  foresend: 1,
  id: 'cart',
  name: 'Cart',
  trigger: { type: 'inaction', after: { event: 'Cart' }, without: { event: 'Bought' }, within: '1h' },
  sequence: [{ id: 'one', delay: '0d' }],
  goal: { event: 'Bought', within: '7d' },
}).workflow;
if (checked === null) throw new Error('the workflow is valid');
const workflow = checked;

/** Carts and purchases of each, as minutes from the start. */
const PEOPLE: Readonly<Record<string, readonly (readonly ['Cart' | 'Bought', number])[]>> = {
  fast: [
    ['Cart', 0],
    ['Bought', 30],
  ],
  edge: [
    ['Cart', 0],
    ['Bought', 120],
  ],
  // The second cart belongs to the first's episode: three hours from its opening.
  again: [
    ['Cart', 0],
    ['Cart', 100],
    ['Bought', 180],
    ['Cart', 2_000],
    ['Bought', 2_150],
  ],
  slow: [
    ['Cart', 0],
    ['Bought', 400],
  ],
  never: [['Cart', 0]],
  direct: [['Bought', 50]],
};
const history = buildHistory(
  Object.entries(PEOPLE).flatMap(([person, rows]) =>
    rows.map(([name, minute]) => ({ person, name, time: START + minute * MIN })),
  ),
  [],
  { observedUntil: START + 60 * DAY },
);
const between = (from: number, to: number) =>
  peopleBetween(history, workflow, from, to).map(({ person, at, n }) => [
    history.personIds.at(person),
    (at - START) / MIN,
    n,
  ]);

it('counts from the opening; the end of a stretch belongs to it, its beginning does not', () => {
  expect(between(0, 2 * HOUR)).toEqual([
    ['edge', 0, 1],
    ['fast', 0, 1],
  ]);
  // 180 and 150 minutes: the last one opened at 2,000.
  expect(between(2 * HOUR, 3 * HOUR)).toEqual([['again', 2_000, 2]]);
  expect(between(3 * HOUR, DAY)).toEqual([['slow', 0, 1]]);
  expect(between(DAY, 7 * DAY)).toEqual([]);
});

it('finds in all stretches together what the curve counts as converted', () => {
  const { converted, horizon } = calibrate(history, workflow, { seed: 1, replicates: 0 });
  const marks = [0, 20 * MIN, 2 * HOUR, 150 * MIN, 5 * HOUR, horizon];
  const found = marks.slice(1).map((to, i) => peopleBetween(history, workflow, marks[i] ?? 0, to));
  expect(converted).toBe(5);
  expect(found.flat().reduce((sum, { n }) => sum + n, 0)).toBe(converted);
});
