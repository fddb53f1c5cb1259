import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow } from '../../../engine/events/index.ts';
import { type Explanation, explain } from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { anyTrigger, rows, workflows } from '../../helpers/arbitrary.ts';
import { at } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, suppression, workflow } from '../../helpers/workflow.ts';

function explainP(events: readonly EventRow[], w: Workflow, minute: number | null, until = 10_000): Explanation {
  return explain(
    buildHistory(events, [], { observedUntil: until * MIN }),
    w,
    'p',
    minute === null ? null : minute * MIN,
  );
}

const notes = (e: Explanation) =>
  e.timeline.filter((entry) => entry.kind === 'trigger').map((entry) => [entry.text, entry.missedByMs]);

describe('explain', () => {
  const cart = workflow(inaction(), {
    sequence: [step('reminder', HOUR)],
    suppress: [suppression('recent-email', { sent: { workflow: 'w', withinMs: 7 * DAY, history: false } })],
  });
  it('says by how much an answer came before the deadline', () => {
    expect(notes(explainP([at(0, 'Add'), at(49, 'Buy')], cart, null))).toEqual([
      ['waits for Buy until 1970-01-01 01:00:00 UTC', null],
      ['answered by Buy 11 min before the deadline', 11 * MIN],
    ]);
    expect(notes(explainP([at(0, 'Add'), at(60, 'Buy')], cart, null))[1]).toEqual([
      'answered by Buy at the very deadline',
      0,
    ]);
  });
  it('says which rule stopped a candidate, on what, and when it lets go', () => {
    const events = [at(0, 'Add'), at(121, 'Buy'), at(130, 'Add')];
    const explained = explainP(events, cart, 200);
    const last = explained.timeline.at(-1);
    expect(last).toMatchObject({ kind: 'decision', decision: 'suppressed', reason: 'recent-email', time: 190 * MIN });
    const rule = last?.kind === 'decision' ? last.rules.at(-1) : undefined;
    // The reminder went out at minute 120.
    expect(rule).toEqual({
      rule: 'recent-email',
      stops: true,
      text: 'an email of w went out 70 min before, inside 7 d',
      freeAt: 120 * MIN + 7 * DAY,
    });
    expect(explained.summary).toContain('suppressed by recent-email 10 min ago');
    // At exactly that moment it is free: (now - D, now].
    const later = explainP(events, cart, 120 + (7 * DAY) / MIN, 50_000);
    expect(later.rules.at(-1)).toMatchObject({ rule: 'recent-email', stops: false });
  });
  it('shows how an armed trigger stands, and what is left', () => {
    const explained = explainP([at(0, 'Add')], cart, 45);
    expect(explained.triggers).toEqual([
      {
        type: 'inaction',
        armed: true,
        deadline: 60 * MIN,
        remainingMs: 15 * MIN,
        text: 'Add waits for Buy, 15 min left',
      },
    ]);
    expect(explained.summary).toBe('Never a candidate: Add waits for Buy, 15 min left.');
  });
  it('follows an enrollment', () => {
    const explained = explainP([at(0, 'Add')], cart, 130);
    expect(explained.summary).toBe('Enrolled for 70 min; 1 of 1 steps are behind them.');
  });
  it('tells of silence that was broken in time', () => {
    const silent = workflow({ type: 'absence', of: null, forMs: DAY, afterActive: null });
    expect(notes(explainP([at(0, 'Look'), at(23 * 60, 'Look')], silent, 24 * 60))).toEqual([
      ['active again 60 min before the deadline', HOUR],
    ]);
  });
  it('leaves out what the workflow takes no notice of', () => {
    const { timeline } = explainP([at(0, 'Add'), at(1, 'Look'), at(2, 'Buy', 5)], cart, null);
    expect(timeline.filter((entry) => entry.kind === 'event')).toEqual([
      { kind: 'event', time: 0, name: 'Add', value: null, roles: ['trigger'] },
      { kind: 'event', time: 2 * MIN, name: 'Buy', value: 5, roles: ['answer', 'goal'] },
    ]);
  });
  it('refuses an unknown person', () => {
    expect(() => explain(buildHistory([at(0, 'Add')]), workflow(inaction({ after: match('Add') })), 'q', null)).toThrow(
      /no person "q"/,
    );
  });
  it('reads nothing later than the moment', () => {
    fc.assert(
      fc.property(rows, workflows(anyTrigger), fc.integer({ min: 0, max: 130 }), (given, any, minute) => {
        // Personal send times rest on everyone's activity, a fact of the whole dataset.
        const w = any.gates === null ? any : { ...any, gates: { ...any.gates, sendTime: null } };
        const moment = minute * MIN;
        const known = { person: 'z@z.org', time: 0, property: w.reach.consent ?? 'other', value: true };
        const first = { person: 'p0', name: 'Look', time: 0 };
        const seen = (row: { time: number }) => row.time <= moment;
        const changes = [...given.changes, known];
        const events = [first, ...given.events];
        const whole = buildHistory(events, changes, { observedUntil: 500 * MIN });
        const past = buildHistory(events.filter(seen), changes.filter(seen), { observedUntil: 500 * MIN });
        expect(explain(past, w, 'p0', moment)).toEqual(explain(whole, w, 'p0', moment));
      }),
      { numRuns: 300 },
    );
  });
});
