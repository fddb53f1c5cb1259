// What emails can say when they go out, held against the raw events and properties the history was built from.

import { describe, expect, it } from 'vitest';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { personalizeReport, type TableInput } from '../../../engine/personalize/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.parse('2026-03-01T00:00:00Z');

function workflowOf(more: Record<string, unknown> = {}): Workflow {
  const { workflow, issues } = checkWorkflow({
    foresend: 1,
    id: 'cart',
    trigger: { type: 'inaction', after: { event: 'Added' }, without: { event: 'Bought' }, within: '1h' },
    sequence: [
      { id: 'first', delay: '1h', subject: 'You left {{ item | default: "something" }}' },
      { id: 'second', delay: '2d', subject: 'Still there, {{ first_name }}?' },
    ],
    goal: { event: 'Bought', within: '7d' },
    ...more,
  });
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  return workflow as Workflow;
}

/** A seeded stream of whole numbers below n. */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
}

/** Carts, purchases and names of 60 people, in the order of time; a name may come late, and may be taken away again. */
function shop(seed: number) {
  const roll = dice(seed);
  const events: EventRow[] = [];
  const changes: PropertyRow[] = [];
  for (let p = 0; p < 60; p++) {
    const person = `p${String(p).padStart(2, '0')}`;
    let time = START + roll(20 * DAY);
    const n = 1 + roll(8);
    for (let i = 0; i < n; i++) {
      time += roll(4 * DAY) + 1;
      const name = ['Added', 'Added', 'Viewed', 'Bought'][roll(4)] as string;
      const item = roll(3) === 0 ? {} : { item: `thing ${roll(4)}` };
      events.push({ person, name, time, properties: item, ...(name === 'Bought' ? { value: 10 + roll(50) } : {}) });
    }
    if (roll(3) > 0) {
      const at = START + roll(40 * DAY);
      changes.push({ person, time: at, property: 'first_name', value: roll(4) === 0 ? '' : `Name ${p}` });
      if (roll(3) === 0) changes.push({ person, time: at + roll(5 * DAY) + 1, property: 'first_name', value: null });
    }
  }
  return { events, changes, history: buildHistory(events, changes, { observedUntil: START + 60 * DAY }) };
}

/** Sends worked out by hand: a cart that nothing follows for an hour, one enrollment at a time, over by a purchase. */
function sendsByHand(events: readonly EventRow[]) {
  const sends: { person: string; step: string; time: number; anchor: EventRow }[] = [];
  for (const person of new Set(events.map((one) => one.person))) {
    const own = events.filter((one) => one.person === person).sort((a, b) => a.time - b.time);
    let busyUntil = Number.NEGATIVE_INFINITY;
    for (const [i, anchor] of own.entries()) {
      if (anchor.name !== 'Added') continue;
      const trigger = anchor.time + HOUR;
      if (trigger > START + 60 * DAY) continue;
      if (own.slice(i + 1).some(({ name, time }) => (name === 'Added' || name === 'Bought') && time <= trigger))
        continue;
      if (trigger < busyUntil) continue;
      const bought =
        own.find(({ name, time }) => name === 'Bought' && time > trigger)?.time ?? Number.POSITIVE_INFINITY;
      busyUntil = Math.min(bought, trigger + 7 * DAY);
      for (const [step, delay] of [
        ['first', HOUR],
        ['second', 2 * DAY],
      ] as const) {
        const time = trigger + delay;
        if (time < bought && time <= START + 60 * DAY) sends.push({ person, step, time, anchor });
      }
    }
  }
  return sends;
}

describe('the fill of a property', () => {
  it.each([1, 2, 3, 4])('is that of every send at its own moment, counted by hand (%i)', (seed) => {
    const { events, changes, history } = shop(seed);
    const report = personalizeReport(history, workflowOf(), []);
    const sends = sendsByHand(events);
    expect(report.sends).toBe(sends.length);
    expect(sends.length).toBeGreaterThan(50);
    const nameAt = (person: string, time: number) =>
      changes
        .filter((one) => one.person === person && one.time <= time)
        .sort((a, b) => a.time - b.time)
        .at(-1)?.value ?? '';
    for (const step of ['first', 'second']) {
      const own = sends.filter((one) => one.step === step);
      const found = (name: string) =>
        report.properties.find((one) => one.name === name)?.steps.find((one) => one.step === step);
      expect(found('item')).toEqual({
        step,
        sends: own.length,
        filled: own.filter(({ anchor }) => anchor.properties?.['item'] !== undefined).length,
      });
      expect(found('first_name')?.filled).toBe(own.filter(({ person, time }) => nameAt(person, time) !== '').length);
    }
    const second = report.subjects.find(({ step }) => step === 'second');
    expect(second?.empty).toBe(
      sends.filter((one) => one.step === 'second' && nameAt(one.person, one.time) === '').length,
    );
    expect(report.subjects.find(({ step }) => step === 'first')?.empty).toBe(0);
  });

  it('says what stands in the place of a missing one, and that a name nobody has is known for nobody', () => {
    const { history } = shop(1);
    const { properties } = personalizeReport(
      history,
      workflowOf({ sequence: [{ id: 'first', delay: '1h', subject: '{{ item | default: "it" }} {{ shoe_size }}' }] }),
      [],
    );
    expect(properties.find(({ name }) => name === 'item')?.uses).toEqual([
      { step: 'first', part: 'subject', hasDefault: true, fallback: 'it' },
    ]);
    expect(properties.find(({ name }) => name === 'shoe_size')).toMatchObject({
      isKnown: false,
      where: { filled: 0 },
      uses: [{ hasDefault: false, fallback: null }],
    });
  });
});

describe('a computed property', () => {
  const properties = [
    { name: 'carts', is: 'count', event: 'Added', inLast: '7d' },
    { name: 'spent', is: 'sum', event: 'Bought', property: 'value' },
    { name: 'most', is: 'max', event: 'Bought', property: 'value' },
    { name: 'latest', is: 'last', event: 'Viewed', property: 'item' },
    { name: 'setup', is: 'share', events: ['Added', 'Viewed', 'Bought'] },
    { name: 'feature', is: 'mostUsed' },
    { name: 'action', is: 'lastEvent', events: ['Viewed', 'Bought'] },
    { name: 'buyers', is: 'people', event: 'Bought', by: 'item', inLast: '14d' },
  ];
  const names = properties.map(({ name }) => name);
  const subject = names.map((name) => `${name}={{ ${name} }}`).join(';');

  /** The same from the raw events. */
  function byHand(events: readonly EventRow[], send: { person: string; time: number; anchor: EventRow }) {
    const { person, time, anchor } = send;
    const past = events.filter((one) => one.time <= time).sort((a, b) => a.time - b.time);
    const own = past.filter((one) => one.person === person);
    const called = (...of: string[]) => own.filter(({ name }) => of.includes(name));
    const values = called('Bought').map(({ value }) => value as number);
    const times = (name: string) => called(name).length;
    const most = Math.max(times('Added'), times('Viewed'), times('Bought'));
    const item = anchor.properties?.['item'];
    const buyers = past.filter(
      (one) => one.name === 'Bought' && one.time > time - 14 * DAY && one.properties?.['item'] === item,
    );
    return {
      carts: called('Added').filter((one) => one.time > time - 7 * DAY).length,
      spent: values.reduce((sum, one) => sum + one, 0),
      most: values.length === 0 ? '' : Math.max(...values),
      latest: called('Viewed').at(-1)?.properties?.['item'] ?? '',
      setup: Math.round((100 * new Set(own.map(({ name }) => name)).size) / 3),
      feature: [...own].reverse().find(({ name }) => times(name) === most)?.name,
      action: called('Viewed', 'Bought').at(-1)?.name ?? '',
      buyers: item === undefined ? '' : new Set(buyers.map((one) => one.person)).size,
    };
  }

  it.each([5, 6, 7])('is worked out of the events up to the send and of no later one (%i)', (seed) => {
    const { events, history } = shop(seed);
    const workflow = workflowOf({
      personalize: { properties },
      sequence: [{ id: 'first', delay: '1h', subject }],
    });
    const { previews } = personalizeReport(history, workflow, []);
    const sends = sendsByHand(events).filter(({ step }) => step === 'first');
    const real = previews.filter(({ isInvented }) => !isInvented);
    expect(real.length).toBeGreaterThan(0);
    for (const preview of real) {
      const send = sends.find((one) => one.person === preview.person && one.time === preview.at);
      expect(send).toBeDefined();
      const wanted = byHand(events, send as (typeof sends)[number]);
      expect(preview.subject).toBe(names.map((name) => `${name}=${wanted[name as keyof typeof wanted]}`).join(';'));
    }
    // Every send, by how many have each: a count is always there, a purchase is not.
    const filled = (name: string) => report(name)?.where.filled;
    const { properties: found } = personalizeReport(history, workflow, []);
    const report = (name: string) => found.find((one) => one.name === name);
    const had = (name: string) =>
      sends.filter((send) => byHand(events, send)[name as keyof ReturnType<typeof byHand>] !== '').length;
    for (const name of names) expect([name, filled(name)]).toEqual([name, had(name)]);
  });
});

describe('a table', () => {
  const events: EventRow[] = [1, 10, 20].map((day) => ({
    person: `p${day}`,
    name: 'Added',
    time: START + day * DAY,
    properties: { item: day === 20 ? 'Scarf' : 'Mug' },
  }));
  const history = buildHistory(events, [], { observedUntil: START + 60 * DAY });
  const table: TableInput = {
    name: 'reviews',
    by: 'item',
    columns: ['stars'],
    rows: [
      { key: 'Mug', from: START + 5 * DAY, values: { stars: 4 } },
      { key: 'Mug', from: START + 15 * DAY, values: { stars: 2 } },
    ],
  };
  const workflow = workflowOf({
    personalize: { tables: [{ name: 'reviews', file: 'reviews.csv', by: 'item' }] },
    sequence: [{ id: 'first', delay: '1h', subject: '{{ reviews.stars | default: "no" }} stars' }],
  });

  it('is read as it stood when the email went out: not a row of later, nor one of another item', () => {
    const { properties, previews } = personalizeReport(history, workflow, [table]);
    expect(properties.find(({ name }) => name === 'reviews.stars')).toMatchObject({
      of: 'table',
      isKnown: true,
      where: { sends: 3, filled: 1 },
    });
    const shown = previews.filter(({ isInvented }) => !isInvented).map(({ person, subject }) => [person, subject]);
    expect(shown).toContainEqual(['p10', '4 stars']);
    expect(shown.filter(([person]) => person !== 'p10').every(([, subject]) => subject === 'no stars')).toBe(true);
  });
});

describe('a subject line', () => {
  const one = (subject: string, item: string | null) => {
    const properties = item === null ? {} : { item };
    const history = buildHistory([{ person: 'p', name: 'Added', time: START, properties }], [], {
      observedUntil: START + 30 * DAY,
    });
    const workflow = workflowOf({ sequence: [{ id: 'first', delay: '1h', subject }] });
    return personalizeReport(history, workflow, []);
  };

  it('is as long as a reader counts it', () => {
    expect(one('{{ item }}', '👩‍👩‍👧 é').subjects[0]?.length).toEqual({ shortest: 3, median: 3, longest: 3 });
    expect(one('{{ item }}', 'x'.repeat(61)).subjects[0]).toMatchObject({ tooLong: 1, empty: 0, blank: 0 });
    expect(one('{{ item }}', 'x'.repeat(60)).subjects[0]).toMatchObject({ tooLong: 0 });
  });

  it('is blank, has an empty name, or is no Liquid, and each is said', () => {
    expect(one('{{ item }}', null).subjects[0]).toMatchObject({
      blank: 1,
      empty: 1,
      emptyNames: [{ name: 'item', sends: 1 }],
    });
    expect(one('{% if item %}{{ item }}{% else %}Hello{% endif %}', null).subjects[0]).toMatchObject({ blank: 0 });
    expect(one('{{ item', 'Mug').subjects[0]?.problem).toMatch(/^The text is no Liquid/);
  });

  it('is previewed for somebody with a value from right to left, an emoji or a long one where there is one', () => {
    const items = ['Mug', 'Mug', 'Mug', 'כוס', 'Tea 🫖', 'A very long name of a thing indeed'];
    const events = items.map((item, i) => ({ person: `p${i}`, name: 'Added', time: START + i, properties: { item } }));
    const history = buildHistory(events, [], { observedUntil: START + 30 * DAY });
    const workflow = workflowOf({ sequence: [{ id: 'first', delay: '1h', subject: '{{ item }}' }] });
    const { previews } = personalizeReport(history, workflow, []);
    const of = (kind: string) => previews.find((preview) => preview.kind === kind);
    expect(of('rightToLeft')).toMatchObject({ person: 'p3', subject: 'כוס', isInvented: false });
    expect(of('emoji')).toMatchObject({ person: 'p4', isInvented: false });
    expect(of('long')).toMatchObject({ person: 'p5', isInvented: false });
    expect(of('missing')).toMatchObject({ isInvented: true, empty: ['item'], subject: '' });
  });
});

it('a workflow that sends nothing has nothing to fill', () => {
  const history = buildHistory([{ person: 'p', name: 'Bought', time: START }]);
  expect(personalizeReport(history, workflowOf(), [])).toMatchObject({ sends: 0, previews: [] });
});
