// The segment of a run, against the report of the same moment asked of a history cut there.

import { expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { segmentReport, segmentsAtTrigger } from '../../../engine/segments/index.ts';
import { checkWorkflow, DEFAULT_SEGMENT_RULES, type Workflow } from '../../../engine/workflow/index.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-05T00:00:00Z');

it('is the one they were in when it began, whatever they do later', () => {
  const rows: EventRow[] = [];
  let state = 7;
  const roll = (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  for (let p = 0; p < 40; p++) {
    let time = START + roll(30 * DAY);
    for (let i = 0; i < 2 + roll(12); i++) {
      rows.push({ person: `p${p}`, name: roll(3) === 0 ? 'Add' : 'Use', time });
      time += 1 + roll(p % 2 === 0 ? 3 * DAY : 25 * DAY);
    }
  }
  const observedUntil = START + 200 * DAY;
  const history = buildHistory(rows, [], { observedUntil });
  const workflow = checkWorkflow({
    foresend: 1,
    id: 'w',
    trigger: { type: 'behavior', event: 'Add' },
    sequence: [{ id: 's', delay: '1h' }],
    goal: { event: 'Use', within: '7d' },
  }).workflow as Workflow;
  const rules = { ...DEFAULT_SEGMENT_RULES, adoption: { features: ['Use'], used: 2 } };
  const { enrollments } = replayWorkflow(history, workflow);
  expect(enrollments.n).toBeGreaterThan(30);
  const seen = new Set<string>();
  for (const kind of ['engagement', 'lifecycle', 'adoption'] as const) {
    const { names, classOf } = segmentsAtTrigger(history, enrollments, workflow, rules, kind);
    for (let i = 0; i < enrollments.n; i += 3) {
      const person = history.personIds.at(enrollments.persons[i] as number);
      const at = enrollments.triggerTimes[i] as number;
      const past = rows.filter((row) => row.person === person && row.time <= at);
      const { sizes } = segmentReport(buildHistory(past, [], { observedUntil: at }), rules)[kind];
      const name = names[classOf[i] as number] as string;
      expect(sizes).toMatchObject({ [name]: 1 });
      seen.add(name);
    }
  }
  expect(seen.size).toBeGreaterThan(4);
});
