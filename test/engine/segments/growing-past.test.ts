// Standings are read on from where a past was read to; they must be those of the whole past read at once.

import { expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { engagementOf, HistoryView, lifecycleOf, localTime } from '../../../engine/replay/index.ts';
import { DEFAULT_SEGMENT_RULES, type SegmentRules } from '../../../engine/workflow/index.ts';
import { Dice } from '../../oracle/dice.ts';

const DAY = 86_400_000;
const zone = localTime('UTC');
const withRoles: SegmentRules = {
  ...DEFAULT_SEGMENT_RULES,
  lifecycle: { ...DEFAULT_SEGMENT_RULES.lifecycle, signup: ['Join'], payment: ['Pay'], end: ['Leave'] },
};
const otherRoles: SegmentRules = {
  ...withRoles,
  lifecycle: { ...withRoles.lifecycle, activation: ['Use'], payment: [], end: ['Pay'] },
};

it.each([1, 2, 3])('read on or at once, by two rules in turn, forwards and back, over several people (%i)', (seed) => {
  const dice = new Dice(seed);
  const rows: EventRow[] = [];
  for (let p = 0; p < 12; p++) {
    let time = p * DAY;
    for (let i = dice.int(0, 40); i > 0; i--) {
      time += dice.int(1, 6) * DAY;
      rows.push({
        person: `p${p}`,
        name: ['Join', 'Use', 'Use', 'Pay', 'Leave', 'Email Sent'][dice.int(0, 5)] as string,
        time,
      });
    }
  }
  // Somebody without events between others.
  const history = buildHistory(rows, [{ person: 'p05', time: 0, property: 'a', value: 1 }], {
    observedUntil: 400 * DAY,
  });
  const view = new HistoryView(history);
  for (let round = 0; round < 200; round++) {
    view.select(dice.int(0, history.nPersons - 1));
    for (let k = 0; k < 3; k++) {
      view.endRow = k === 2 ? view.firstRow : dice.int(view.endRow, view.lastRow);
      const last = view.endRow > view.firstRow ? view.time(view.endRow - 1) : 0;
      const at = { past: view, time: last + dice.int(0, 70) * DAY, zone };
      const { firstRow, endRow } = view;
      const past = {
        firstRow,
        endRow,
        time: (row: number) => view.time(row),
        name: (row: number) => view.name(row),
        isOwnEmail: (row: number) => view.isOwnEmail(row),
      };
      for (const rules of [withRoles, otherRoles])
        expect(lifecycleOf(at, rules)).toBe(lifecycleOf({ ...at, past }, rules));
    }
  }
});

it('a day that the clock shows twice counts once', () => {
  // St. John's set its clock back from 00:01 to 23:01: 7 November, 6 November again, 7 November.
  const times = ['2010-11-07T02:30:30Z', '2010-11-07T03:00:00Z', '2010-11-07T15:00:00Z'].map((text) =>
    Date.parse(text),
  );
  const local = localTime('America/St_Johns');
  const days = times.map((time) => local.day(time));
  expect(days[0]).toBe(days[2]);
  expect(days[1]).toBe((days[0] ?? 0) - 1);
  const history = buildHistory(times.map((time) => ({ person: 'p', name: 'Use', time })));
  const view = new HistoryView(history);
  view.select(0);
  view.endRow = view.lastRow;
  const by = (regular: number) =>
    engagementOf(
      { past: view, time: (times[2] as number) + 1, zone: local },
      { ...DEFAULT_SEGMENT_RULES, engagement: { ...DEFAULT_SEGMENT_RULES.engagement, regular } },
    );
  expect([by(2), by(3)]).toEqual(['regular', 'occasional']);
});
