// What checked triggers ask, compiled for a history: the answers of `isTrue` and `asks`, and no moment passed over at which
// the answer is another.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { questionOf } from '../../../engine/replay/asking.ts';
import { asks, nextDifference } from '../../../engine/replay/checked-triggers.ts';
import { HistoryView, localTime } from '../../../engine/replay/index.ts';
import { noticeOf } from '../../../engine/replay/may-differ.ts';
import type { ConditionTrigger, DeclineTrigger } from '../../../engine/workflow/index.ts';
import { condition, type Rows, rows, unanchoredTrigger } from '../../helpers/arbitrary.ts';
import { DAY, MIN } from '../../helpers/workflow.ts';

const cron = '* * * * *';
const conditions = condition(false).map((asked): ConditionTrigger => ({ type: 'condition', condition: asked, cron }));
const declines = unanchoredTrigger.filter((one): one is DeclineTrigger => one.type === 'decline');
/** One in which all happens on one day, and one whose midnight lies in the midst of what happens. */
const zones = fc.constantFrom('UTC', 'Etc/GMT+1');

/** Each person with an event, asked at each tenth minute with the rows known by then. */
function check(given: Rows, trigger: ConditionTrigger | DeclineTrigger, zoneName: string): void {
  const zone = localTime(zoneName);
  const history = buildHistory(given.events, given.changes, { observedUntil: 200 * MIN });
  const question = questionOf(history, trigger, zone);
  const view = new HistoryView(history);
  const plainly = (time: number) => asks(trigger, { view, time, zone, triggerTime: null });
  for (let person = 0; person < history.nPersons; person++) {
    view.select(person);
    for (let minute = 0; minute <= 180; minute += 10) {
      const time = minute * MIN;
      while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
      if (view.endRow === view.firstRow) continue;
      const answer = question.holds(view, time);
      expect(answer).toBe(plainly(time));
      // As if no further row came: rows that leave a lookback, and time itself, alone change the answer.
      const next = Math.min(question.next, nextDifference(trigger, { view, time, zone, triggerTime: null }));
      const changes = given.changes.map((change) => change.time);
      for (let later = time + 5 * MIN; later < Math.min(next, 200 * MIN); later += 5 * MIN) {
        if (changes.some((at) => at > time && at <= later)) break;
        expect(plainly(later)).toBe(answer);
      }
    }
  }
}

it('conditions are answered as plainly asked, and not before the next moment otherwise', () => {
  fc.assert(fc.property(rows, conditions, zones, check), { numRuns: 300 });
});

it('declines too', () => {
  fc.assert(fc.property(rows, declines, zones, check), { numRuns: 150 });
});

it('days of activity are those of the clock, once each, also where it goes back over midnight', () => {
  // On 7 November 2010 the clocks of St John's went from 00:01 back to 23:01 of the day before.
  const zone = localTime('America/St_Johns');
  const at = (time: string): EventRow => ({ person: 'p', name: 'A', time: Date.parse(time) });
  // 23:50 on the 6th, 00:00:30 on the 7th, 23:30 on the 6th once more, 00:10 on the 7th.
  const events = ['02:20:00Z', '02:30:30Z', '03:00:00Z', '03:40:00Z'].map((clock) => at(`2010-11-07T${clock}`));
  const history = buildHistory(events, [], { observedUntil: Date.parse('2010-11-09T00:00Z') });
  const view = new HistoryView(history);
  view.select(0);
  view.endRow = view.lastRow;
  const days = (value: number, inLastMs: number | null, time: string) => {
    const trigger: ConditionTrigger = {
      type: 'condition',
      condition: { is: 'activeDays', op: '=', value, inLastMs },
      cron,
    };
    return questionOf(history, trigger, zone).holds(view, Date.parse(time));
  };
  expect(days(2, null, '2010-11-07T12:00Z')).toBe(true);
  // (t - inLast, t]: the first is a day old, then the first two, and so on.
  expect(days(2, DAY, '2010-11-08T02:20Z')).toBe(true);
  expect(days(2, DAY, '2010-11-08T02:59Z')).toBe(true);
  expect(days(1, DAY, '2010-11-08T03:00Z')).toBe(true);
  expect(days(0, DAY, '2010-11-08T03:40Z')).toBe(true);
});

it('active days take notice of everything, whatever is asked beside them', () => {
  const days = { is: 'activeDays', op: '>=', value: 2, inLastMs: null } as const;
  const kinds = {
    is: 'distinct',
    events: ['A', 'B'],
    op: '>=',
    value: 1,
    inLastMs: null,
    sinceTrigger: false,
  } as const;
  for (const of of [
    [days, kinds],
    [kinds, days],
  ]) {
    expect(noticeOf({ is: 'all', of })).toEqual({ events: null, properties: new Set() });
  }
});
