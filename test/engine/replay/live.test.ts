// The live interface apart from its decisions, which are those of the batch (laws.test.ts): what it keeps, what it refuses,
// and what it knows of a person.

import { describe, expect, it } from 'vitest';
import { UserError } from '../../../engine/base/index.ts';
import { buildHistory, type EventRow, History, type PropertyRow } from '../../../engine/events/index.ts';
import {
  createDecider,
  type Decision,
  LiveReplay,
  type LiveState,
  liveRows,
  type ReplayFacts,
  replayFacts,
  replayWorkflow,
} from '../../../engine/replay/index.ts';
import type { Workflow } from '../../../engine/workflow/index.ts';
import { at, line, set } from '../../helpers/replay.ts';
import { DAY, HOUR, inaction, MIN, match, step, suppression, workflow } from '../../helpers/workflow.ts';

const onAdd = { type: 'behavior', match: match('Add'), count: 1, withinMs: null, calendar: null } as const;
const none = buildHistory([]);

function begin(w: Workflow, facts: Partial<ReplayFacts> = {}): LiveReplay {
  return new LiveReplay([w], { ...replayFacts(none, [w]), ...facts });
}

function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message}`;
  }
  return 'nothing was refused';
}

const lines = (decisions: readonly Decision[]) => decisions.map(line);

describe('the clock', () => {
  it('decides an instant when a later row comes, or when the clock has passed it', () => {
    const live = begin(workflow(onAdd));
    expect(live.feed(at(5, 'Add'))).toEqual([]);
    expect(live.feed(at(5, 'Look'))).toEqual([]);
    expect(live.advanceTo(5 * MIN)).toEqual([]);
    expect(lines(live.feed(at(6, 'Look', {}, 'q')))).toEqual(['5 candidate', '5 enrolled treated', '5 sent first']);
    expect(live.feed(at(7, 'Add'))).toEqual([]);
    expect(lines(live.advanceTo(7 * MIN + 1))).toEqual(['7 candidate', '7 alreadyEnrolled']);
  });
  it('takes all changes of an instant for its own, in their order', () => {
    const trigger = { type: 'property', property: 'plan', from: undefined, to: 'pro' } as const;
    const live = begin(workflow(trigger, { exit: { on: [], afterMs: MIN } }));
    for (const row of [at(0, 'Look'), set(3, 'plan', 'free'), set(5, 'plan', 'pro'), set(5, 'size', 2)]) live.feed(row);
    expect(lines(live.advanceTo(6 * MIN)).slice(0, 2)).toEqual(['5 candidate', '5 enrolled treated']);
    for (const row of [set(9, 'plan', 'free'), set(9, 'plan', 'pro')]) live.feed(row);
    expect(lines(live.advanceTo(10 * MIN))).toContain('9 candidate');
  });
  it('does not go back', () => {
    const live = begin(workflow(onAdd));
    live.advanceTo(9 * MIN);
    live.advanceTo(3 * MIN);
    expect(refusal(() => live.feed(at(8, 'Add')))).toBe(
      'OUT_OF_ORDER: A row of p at 480000 came after the clock had reached 540000; rows must come in order of time.',
    );
    expect(live.feed(at(9, 'Add'))).toEqual([]);
  });
  it('lets timers fire in order of time, whoever they belong to', () => {
    const live = begin(workflow(inaction()));
    for (const [minute, id] of [
      [0, 'a'],
      [1, 'b'],
      [2, 'c'],
      [3, 'd'],
    ] as const)
      live.feed(at(minute, 'Add', {}, id));
    live.feed(at(30, 'Buy', {}, 'c'));
    const fired = live.advanceTo(2 * HOUR).filter(({ kind }) => kind === 'candidate');
    expect(lines(fired)).toEqual(['a 60 candidate', 'b 61 candidate', 'd 63 candidate']);
  });
  it('decides what lies at the end, and nothing behind it', () => {
    const w = workflow(onAdd, { sequence: [step('a', HOUR)] });
    const finish = (until: number) => {
      const live = begin(w);
      live.feed(at(0, 'Add'));
      return lines(live.finish(until * MIN)).at(-1);
    };
    expect([finish(59), finish(60)]).toEqual(['0 enrolled treated', '60 sent a']);
  });
});

describe('a stored state', () => {
  const w = workflow(inaction(), {
    suppress: [suppression('r', { sent: { workflow: 'w', withinMs: DAY, history: false } })],
  });
  const stored = () => {
    const live = begin(w);
    live.feed(set(0, 'plan', 'pro'));
    live.feed({ person: 'p', name: 'Add', time: 1 * MIN, value: Number.NaN });
    live.feed(at(2, 'Look', 7, 'q'));
    return JSON.parse(JSON.stringify(live)) as LiveState;
  };
  it('holds the rows, what is decided, and the clock', () => {
    const state = stored();
    expect(state).toMatchObject({ version: 3, workflows: [{ id: 'w', hash: 'w' }], clock: 2 * MIN });
    expect(
      state.persons.map(({ id, events, changes, decidedRows, decidedChanges }) => [
        id,
        events,
        changes,
        decidedRows,
        decidedChanges,
      ]),
    ).toEqual([
      [
        'p',
        [{ name: 'Add', time: MIN, value: null, properties: null }],
        [{ time: 0, property: 'plan', value: 'pro' }],
        1,
        1,
      ],
      ['q', [{ name: 'Look', time: 2 * MIN, value: 7, properties: null }], [], 0, 0],
    ]);
    expect(JSON.parse(JSON.stringify(begin(w))).clock).toBeNull();
  });
  it('goes on where it stopped, and stays as the caller keeps it', () => {
    const state = stored();
    const kept = JSON.stringify(state);
    const live = LiveReplay.from([w], state);
    expect(refusal(() => live.feed(at(1, 'Add')))).toContain('OUT_OF_ORDER');
    expect(lines(live.advanceTo(DAY))[0]).toBe('61 candidate');
    expect(JSON.stringify(state)).toBe(kept);
    const early = LiveReplay.from([w], JSON.parse(JSON.stringify(begin(w))));
    expect(early.feed({ person: 'p', name: 'Add', time: -5 })).toEqual([]);
  });
  it('is refused where it is of other workflows, or of another form', () => {
    const state = stored();
    const other = (...workflows: Workflow[]) => refusal(() => LiveReplay.from(workflows, state));
    const wrong =
      'STATE_OF_OTHER_WORKFLOW: The stored state is of w as it was then; go on with that version, or begin with a new state.';
    expect(other({ ...w, hash: 'x' })).toBe(wrong);
    expect(other({ ...w, id: 'x' })).toBe(wrong);
    expect(other()).toBe(wrong);
    expect(other(w, { ...w, id: 'x' })).toBe(wrong);
    expect(other(w)).toBe('nothing was refused');
    const old = { ...state, version: 1 } as unknown as LiveState;
    expect(refusal(() => LiveReplay.from([w], old))).toBe(
      'STATE_OF_OTHER_VERSION: The state was stored by another version of Foresend, in another form; begin with a new state and feed the events again.',
    );
  });
});

describe('a person, live', () => {
  /** What became of the candidate at minute 9. */
  function becomes(w: Workflow, rows: readonly (EventRow | PropertyRow)[], facts: Partial<ReplayFacts> = {}) {
    const live = begin(w, facts);
    for (const row of rows) live.feed(row);
    live.feed(at(9, 'Add', { email: ' ' }));
    return lines(live.finish(9 * MIN))[1];
  }
  it('is reachable from the first address on, where any is known of anyone', () => {
    const known = { reach: { email: 'known' as const } };
    const w = workflow(onAdd);
    expect(becomes(w, [])).toBe('9 enrolled treated');
    expect(becomes(w, [], known)).toBe('9 suppressed unreachable');
    expect(becomes(w, [set(8, 'email', 'p@x.org')], known)).toBe('9 enrolled treated');
    expect(becomes(w, [set(8, 'email', '')], known)).toBe('9 suppressed unreachable');
    expect(becomes(w, [set(8, 'phone', 'p@x.org')], known)).toBe('9 suppressed unreachable');
    expect(becomes(w, [at(8, 'Look', { email: 'p@x.org' })], known)).toBe('9 enrolled treated');
    expect(becomes(w, [set(8, 'email', 'q@x.org', 'q')], known)).toBe('9 suppressed unreachable');
    const live = begin(w, known);
    live.feed(at(9, 'Add', {}, 'p@x.org'));
    expect(lines(live.finish(9 * MIN))[1]).toBe('p@x.org 9 enrolled treated');
  });
  it('is asked for consent where the dataset tracks it', () => {
    const w = workflow(onAdd, { reach: { address: 'email', consent: 'ok' } });
    expect(becomes(w, [])).toBe('9 enrolled treated');
    expect(becomes(w, [], { tracked: ['ok'] })).toBe('9 suppressed unreachable');
    expect(becomes(w, [set(1, 'ok', false), set(2, 'ok', true)], { tracked: ['ok'] })).toBe('9 enrolled treated');
    expect(becomes(w, [set(1, 'ok', true), set(2, 'ok', null)], { tracked: ['ok'] })).toBe('9 suppressed unreachable');
  });
  it('has events whose value goes by its name', () => {
    const w = (property: string) =>
      workflow(onAdd, { suppress: [suppression('r', { where: [{ property, op: '=', value: 7 }] })] });
    const add = (property: string, value: number | undefined, valueName: string | null, properties = {}) => {
      const live = begin(w(property), { valueName });
      live.feed({ person: 'p', name: 'Add', time: 0, value, properties });
      return lines(live.finish(0))[1];
    };
    expect(add('value', 7, null)).toBe('0 suppressed r');
    expect(add('revenue', 7, 'revenue')).toBe('0 suppressed r');
    expect(add('revenue', 7, null)).toBe('0 enrolled treated');
    expect(add('revenue', undefined, 'revenue', { revenue: 7 })).toBe('0 suppressed r');
    expect(add('value', 8, null, { value: 7 })).toBe('0 enrolled treated');
    expect(add('toString', 7, null)).toBe('0 enrolled treated');
  });
  it('is not active by the own emails of the dataset', () => {
    const w = workflow({ type: 'absence', of: null, forMs: HOUR, afterActive: null });
    const fires = (name: string, emailEvents: readonly string[]) => {
      const live = begin(w, { emailEvents });
      live.feed(at(0, name));
      return live.finish(DAY).length > 0;
    };
    expect([fires('Email Sent', ['Email Sent']), fires('Email Sent', []), fires('Look', ['Email Sent'])]).toEqual([
      false,
      true,
      true,
    ]);
  });
});

describe('the facts of a dataset', () => {
  it('are those the batch goes by', () => {
    const events = [at(0, 'Add', 7), at(61, 'Ping'), at(90, 'Add', 7, 'q@x.org')];
    const built = buildHistory(events, [set(5, 'ok', true), set(200, 'late', true)], {
      observedUntil: 100 * MIN,
      emailEvents: ['Ping'],
    });
    const history = new History({ ...built, valueName: 'revenue' });
    const gates = { unsubscribed: null, cap: [], quiet: null, sendTime: { leadMs: 0, withinMs: DAY } };
    const asks = (consent: string | null, more = {}) =>
      workflow(onAdd, { reach: { address: 'email', consent }, ...more });
    const facts = replayFacts(history, [asks('ok'), asks(null), asks('late'), asks('other', { gates })]);
    expect(facts).toMatchObject({
      reach: { email: 'known' },
      tracked: ['ok'],
      emailEvents: ['Ping'],
      valueName: 'revenue',
    });
    expect(Object.keys(facts.activeMinutes)).toEqual(['UTC']);
    // One event at minute 0, one at minute 90; the own email at 61 is no activity.
    expect(facts.activeMinutes['UTC']?.flatMap((n, minute) => (n > 0 ? [[minute, n]] : []))).toEqual([
      [0, 1],
      [90, 1],
    ]);
    expect(replayFacts(history, [asks(null, { gates: { ...gates, sendTime: null } })]).activeMinutes).toEqual({});
    expect(replayFacts(none, [asks(null)]).reach).toEqual({ email: 'unknown' });
    expect(replayWorkflow(history, asks(null)).totals.reach).toBe('known');
  });
});

describe('a row that was fed before', () => {
  const live = begin(workflow(onAdd));
  live.feed(set(0, 'plan', 'pro'));
  live.feed({ person: 'p', name: 'Add', time: MIN, value: 2, properties: { item: 'hat', n: 1 } });
  live.feed({ person: 'p', name: 'Look', time: MIN });
  const add = { person: 'p', name: 'Add', time: MIN, value: 2, properties: { item: 'hat', n: 1 } } as const;

  it('is known by everything it says', () => {
    expect(live.has(add)).toBe(true);
    expect(live.has({ ...add, properties: { n: 1, item: 'hat' } })).toBe(true);
    expect(live.has({ person: 'p', name: 'Look', time: MIN, value: Number.NaN, properties: {} })).toBe(true);
    expect(live.has(set(0, 'plan', 'pro'))).toBe(true);
  });
  it.each([
    ['person', { ...add, person: 'q' }],
    ['name', { ...add, name: 'Look' }],
    ['instant', { ...add, time: MIN + 1 }],
    ['value', { ...add, value: 3 }],
    ['missing value', { person: 'p', name: 'Add', time: MIN, properties: add.properties }],
    ['property', { ...add, properties: { item: 'hat', n: 2 } }],
    ['missing property', { ...add, properties: { item: 'hat' } }],
    ['further property', { ...add, properties: { ...add.properties, more: 1 } }],
    ['property of another name', { ...add, properties: { item: 'hat', m: 1 } }],
    ['no properties', { person: 'p', name: 'Add', time: MIN, value: 2 }],
    ['changed property', set(0, 'plan', 'free')],
    ['property of a person by another name', set(0, 'role', 'pro')],
    ['later change', set(1, 'plan', 'free')],
  ])('is another where the %s is', (_, row) => {
    expect(live.has(row)).toBe(false);
  });
});

describe('a history as rows', () => {
  const events = [
    at(3, 'Add', { item: 'hat' }, 'b'),
    at(1, 'Look', 7, 'b'),
    at(1, 'Add', 2, 'a'),
    at(1, 'Buy', {}, 'a'),
    at(9, 'Add', {}, 'a'),
  ];
  const changes = [set(1, 'plan', 'pro', 'a'), set(2, 'plan', null, 'a')];
  const history = buildHistory(events, changes, { observedUntil: 5 * MIN });

  it('comes in order of time, person by person at one instant, up to its end', () => {
    expect([...liveRows(history)]).toEqual([
      { person: 'a', name: 'Add', time: MIN, value: 2 },
      { person: 'a', name: 'Buy', time: MIN },
      { person: 'b', name: 'Look', time: MIN, value: 7 },
      { person: 'a', time: MIN, property: 'plan', value: 'pro' },
      { person: 'a', time: 2 * MIN, property: 'plan', value: null },
      { person: 'b', name: 'Add', time: 3 * MIN, properties: { item: 'hat' } },
    ]);
  });
  it('fed to a decider that is stored and resumed after each row, gives the decisions of the batch', () => {
    const w = workflow(inaction({ withinMs: MIN }), { sequence: [step('first', 0), step('second', MIN)] });
    const facts = replayFacts(history, [w]);
    let decider = createDecider([w], { facts });
    expect(decider.facts).toEqual(facts);
    expect(decider.clock).toBeNull();
    const decisions: Decision[] = [];
    for (const row of liveRows(history)) {
      decisions.push(...decider.feed(row));
      expect(decider.clock).toBe(row.time);
      decider = createDecider([w], { state: JSON.parse(JSON.stringify(decider.save())) as LiveState });
    }
    decisions.push(...decider.finish(history.observedUntil));
    const batch: Decision[] = [];
    replayWorkflow(history, w, { onDecision: (decision) => batch.push(decision) });
    const byPerson = (list: readonly Decision[]) =>
      ['a', 'b'].map((id) => list.filter(({ person }) => person === id).map(line));
    expect(batch.length).toBeGreaterThan(3);
    expect(byPerson(decisions)).toEqual(byPerson(batch));
  });
  it('takes a property that is set again for what it is: known, and no change', () => {
    const live = begin(workflow(onAdd));
    expect([live.changesNothing(set(1, 'plan', null)), live.changesNothing(set(1, 'plan', 'pro'))]).toEqual([
      true,
      false,
    ]);
    live.feed(set(1, 'plan', 'pro'));
    expect([set(2, 'plan', 'pro'), set(3, 'gone', null)].map((row) => live.changesNothing(row))).toEqual([true, true]);
    expect([set(2, 'plan', null), set(3, 'gone', 'x')].map((row) => live.changesNothing(row))).toEqual([false, false]);
    expect([set(2, 'plan', 'pro'), set(3, 'gone', null)].map((row) => live.has(row))).toEqual([true, true]);
    expect([set(2, 'plan', null), set(0, 'plan', 'pro')].map((row) => live.has(row))).toEqual([false, false]);
    live.feed(set(4, 'plan', null));
    expect(live.has(set(5, 'plan', 'pro'))).toBe(false);
    expect(live.has(set(2, 'plan', 'pro'))).toBe(true);
  });
  it('is decided for by one workflow at least, and by none twice', () => {
    const w = workflow(onAdd);
    expect(refusal(() => createDecider([], { facts: replayFacts(none, []) }))).toContain('NO_WORKFLOW');
    expect(refusal(() => createDecider([w, w], { facts: replayFacts(none, [w]) }))).toContain('SAME_ID');
  });
});
