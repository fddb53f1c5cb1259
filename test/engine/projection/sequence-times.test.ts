// When emails go out as a projection reckons: delays, the way most people took, and what gates add on average.

import { expect, it } from 'vitest';
import { nominalSteps } from '../../../engine/projection/sequence-times.ts';
import type { Gates } from '../../../engine/workflow/index.ts';
import { at, replayCase, set } from '../../helpers/replay.ts';
import { branch, HOUR, MIN, match, step, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const night: Gates = {
  unsubscribed: null,
  cap: [],
  quiet: { fromMinute: 0, toMinute: 60, else: 'defer' },
  sendTime: null,
};
const times = (steps: ReturnType<typeof nominalSteps>) => steps.map(({ id, atMs }) => [id, atMs / MIN]);

it('adds up delays, and what quiet hours add on average', () => {
  const w = workflow(onAdd, {
    gates: night,
    sequence: [step('a', 0), step('b', 10 * MIN, { from: 'previous' }), step('c', 5 * HOUR)],
  });
  expect(times(nominalSteps(w, null))).toEqual([
    ['a', 0],
    ['b', 10],
    ['c', 300],
  ]);
  // One waits 40 minutes, three wait none: 10 on average, which the step after it inherits.
  const people = [20, 100, 200, 300].map((minute, i) => at(minute, 'Add', undefined, `p${i}`));
  expect(times(nominalSteps(w, replayCase(people, w).totals))).toEqual([
    ['a', 10],
    ['b', 20],
    ['c', 300],
  ]);
});

it('follows the way that most people took', () => {
  const pro = { is: 'property', property: 'plan', test: { op: '=', value: 'pro' } } as const;
  const w = workflow(onAdd, {
    sequence: [step('a', 0), branch('b', [['pro', pro, [step('x', HOUR)]]], [step('y', 2 * HOUR)])],
  });
  const people = ['p', 'q', 'r'].map((id) => at(10, 'Add', undefined, id));
  const changes = ['p', 'q'].map((id) => set(0, 'plan', 'pro', id));
  expect(times(nominalSteps(w, replayCase(people, w, { changes }).totals)).at(-1)).toEqual(['x', 60]);
  expect(times(nominalSteps(w, replayCase(people, w).totals)).at(-1)).toEqual(['y', 120]);
});

it('is refused where nothing is sent', () => {
  const pro = { is: 'property', property: 'plan', test: { op: '=', value: 'pro' } } as const;
  expect(() => nominalSteps(workflow(onAdd, { sequence: [branch('b', [['x', pro, []]])] }), null)).toThrow(
    /sends nothing/,
  );
});
