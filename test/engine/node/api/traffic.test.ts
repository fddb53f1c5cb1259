import { expect, it } from 'vitest';
import { DAY_MS, WEEK_MS } from '../../../../engine/base/index.ts';
import { buildHistory } from '../../../../engine/events/index.ts';
import { trafficOf } from '../../../../engine/node/api/traffic.ts';
import { accepted } from '../../../oracle/compare.ts';

it('counts people per week over the weeks of the history, not since a stray row years before them', () => {
  const until = Date.UTC(2026, 0, 29);
  const workflow = accepted({
    foresend: 1,
    id: 'w',
    trigger: { type: 'behavior', event: 'A' },
    sequence: [{ id: 's', delay: '0s' }],
    goal: { event: 'B', within: '1d' },
  });
  if (workflow === null) throw new Error('not a workflow');
  // Four weeks, the first person at their very beginning.
  const events = Array.from({ length: 2000 }, (_, i) => ({
    person: `p${i}`,
    name: 'A',
    time: until - 4 * WEEK_MS + Math.floor((i * 27 * DAY_MS) / 2000),
  }));
  const perWeek = (rows: typeof events) =>
    trafficOf(buildHistory(rows, [], { observedUntil: until }), workflow).firstEntriesPerWeek;
  expect(perWeek(events)).toBeCloseTo(500, 0);
  expect(perWeek([...events, { person: 'x', name: 'A', time: 86_400_000 }])).toBeCloseTo(500, 0);
});
