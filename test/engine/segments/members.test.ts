// Every count of a segment report opens as many people as it says, each in one cell.

import { expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { membersOf, segmentReport } from '../../../engine/segments/index.ts';
import { DEFAULT_SEGMENT_RULES } from '../../../engine/workflow/index.ts';
import { Dice } from '../../oracle/dice.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-01-05T00:00:00Z');

it.each([1, 2])('the cells of a transition are the people it counts (%i)', (seed) => {
  const dice = new Dice(seed);
  const rows: EventRow[] = [];
  for (let p = 0; p < 80; p++) {
    let time = START + dice.int(0, 90) * DAY;
    for (let i = 0; i < dice.int(1, 20); i++) {
      rows.push({ person: `p${p}`, name: dice.chance(0.5) ? 'Use' : 'Look', time });
      time += dice.int(1, p % 3 === 0 ? 2 : 20) * DAY;
    }
  }
  const history = buildHistory(rows, [], { observedUntil: START + 120 * DAY });
  const rules = { ...DEFAULT_SEGMENT_RULES, adoption: { features: ['Use'], used: 2 } };
  const report = segmentReport(history, rules, { timezone: 'Europe/Berlin' });
  for (const kind of ['engagement', 'lifecycle', 'adoption'] as const) {
    const { transitions, sizes } = report[kind];
    const { from: before, to: at } = transitions;
    const asked = { kind, before, at, timezone: 'Europe/Berlin' };
    const seen: number[] = [];
    for (const { segment: from, people, to: cells } of transitions.rows) {
      expect(membersOf(history, rules, { ...asked, from, to: null })).toHaveLength(people);
      for (const [to, n] of Object.entries(cells)) {
        const found = membersOf(history, rules, { ...asked, from, to });
        expect(found).toHaveLength(n);
        seen.push(...found);
      }
    }
    expect([...seen].sort((a, b) => a - b)).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect(seen).toHaveLength(report.people);
    for (const [to, n] of Object.entries(sizes)) {
      expect(membersOf(history, rules, { ...asked, from: null, to })).toHaveLength(n);
    }
  }
});
