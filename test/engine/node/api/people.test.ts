import { expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../../engine/events/index.ts';
import { peopleOf } from '../../../../engine/node/api/window-people.ts';
import { checkWorkflow, type Workflow } from '../../../../engine/workflow/index.ts';

const MINUTE = 60_000;

function workflow(parts: object = {}): Workflow {
  const { workflow: checked, issues } = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'inaction', after: { event: 'Add' }, without: { event: 'Buy' }, within: '60m' },
    sequence: [
      { id: 'one', delay: '1h' },
      { id: 'two', delay: '2h' },
    ],
    exit: { on: [{ event: 'Buy' }] },
    goal: { event: 'Buy', within: '1d' },
    ...parts,
  });
  if (checked === null) throw new Error(JSON.stringify(issues));
  return checked;
}

const rows = (person: string, ...at: [minute: number, name: string][]): EventRow[] =>
  at.map(([minute, name]) => ({ person, name, time: minute * MINUTE }));
const history = buildHistory(
  [
    ...rows('early', [0, 'Add'], [10, 'Buy']),
    ...rows('close', [0, 'Add'], [59, 'Buy']),
    ...rows('closer', [0, 'Add'], [60, 'Buy']),
    ...rows('late', [0, 'Add'], [130, 'Buy']),
    ...rows('never', [0, 'Add']),
    ...rows('twice', [0, 'Add'], [5000, 'Add']),
  ],
  [],
  { observedUntil: 20_000 * MINUTE },
);

it('finds those emailed most, with the moment of their last email', () => {
  const { mostEmailed } = peopleOf(history, workflow());
  expect(mostEmailed).toEqual([
    { person: 'twice', at: (5000 + 60 + 120) * MINUTE, n: 4 },
    { person: 'never', at: 180 * MINUTE, n: 2 },
    { person: 'late', at: 120 * MINUTE, n: 1 },
  ]);
});

it('finds those whose answer came just in time, and by how much', () => {
  const { nearestMiss } = peopleOf(history, workflow());
  expect(nearestMiss).toEqual([
    { person: 'closer', at: 60 * MINUTE, n: 0 },
    { person: 'close', at: 59 * MINUTE, n: MINUTE },
    { person: 'early', at: 10 * MINUTE, n: 50 * MINUTE },
  ]);
  expect(peopleOf(history, workflow({ trigger: { type: 'behavior', event: 'Add' } })).nearestMiss).toBeNull();
});

it('finds those a cap held back, and says where there is none', () => {
  expect(peopleOf(history, workflow()).atCap).toBeNull();
  const capped = workflow({ gates: { cap: [{ n: 1, within: '7d', scope: 'workflow' }] } });
  expect(peopleOf(history, capped).atCap).toEqual([
    { person: 'twice', at: (5000 + 60 + 120) * MINUTE, n: 3 },
    { person: 'never', at: 180 * MINUTE, n: 1 },
  ]);
});

it('silences count for absence, and the moment is one that explain takes', () => {
  const silent = workflow({ trigger: { type: 'absence', for: '3d' } });
  expect(peopleOf(history, silent).nearestMiss?.[0]).toMatchObject({
    person: 'late',
    n: 3 * 24 * 60 * MINUTE - 130 * MINUTE,
  });
});

it('ends when it is cancelled', () => {
  const stop = new AbortController();
  stop.abort();
  expect(() => peopleOf(history, workflow(), { signal: stop.signal })).toThrow();
});
