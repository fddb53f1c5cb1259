// Faults planted in a history whose answer is known: each is found, and its repair gives the figures of the history before
// the fault. The figures to compare with come from a workflow of the test's own.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../engine/base/index.ts';
import { calibrate } from '../../../engine/calibrate/index.ts';
import { describeHistory, type Finding } from '../../../engine/describe/index.ts';
import { buildHistory, type EventRow, type History } from '../../../engine/events/index.ts';
import { applyRemedies, type Remedy } from '../../../engine/remedies/index.ts';
import { replayWorkflow } from '../../../engine/replay/index.ts';
import { synthCart, synthSaas, synthWinback } from '../../../engine/synth/index.ts';
import { checkWorkflow, type Workflow } from '../../../engine/workflow/index.ts';

const shop = synthCart({ seed: 77, persons: 1200 });
const { observedUntil, observedFrom } = shop.truth;

const workflow = checkWorkflow({
  foresend: 1,
  id: 'carts',
  trigger: { type: 'inaction', after: { event: 'Added to Cart' }, without: { event: 'Purchased' }, within: '1h' },
  sequence: [{ id: 'one', delay: '1h' }],
  exit: { on: [{ event: 'Purchased' }] },
  goal: { event: 'Purchased', within: '7d' },
}).workflow as Workflow;

function answerOf(history: History) {
  const { current, recommended } = calibrate(history, workflow, { seed: 1, replicates: 200 });
  const goals = [...history.nameCodes].flatMap((code, row) => (history.names[code] === 'Purchased' ? [row] : []));
  const cents = goals.reduce((sum, row) => sum + Math.round((history.values.at(row) || 0) * 100), 0);
  return {
    goals: goals.length,
    goalValue: cents / 100,
    candidates: replayWorkflow(history, workflow).totals.candidates,
    anywayRate: (current.wouldConvertAnyway as number) / (current.triggered as number),
    p90Ms: recommended.p90.value,
    recommendedMs: recommended.window,
  };
}

const build = (events: readonly EventRow[], changes = shop.changes) => buildHistory(events, changes, { observedUntil });
const clean = answerOf(build(shop.events));

function found(
  events: readonly EventRow[],
  id: string,
  changes = shop.changes,
): { finding: Finding; history: History } {
  const history = build(events, changes);
  const { quality } = describeHistory(history, { moves: true });
  const finding = quality.find((one) => one.id === id);
  if (finding === undefined) throw new Error(`${id} is not among ${quality.map((one) => one.id).join(', ')}`);
  return { finding, history };
}

/** Before is off, after is the answer of the clean history, and both are what a workflow of one's own gives. */
function expectRestored({ finding, history }: { finding: Finding; history: History }, touched: keyof typeof clean) {
  const { before, after } = finding.moves as NonNullable<Finding['moves']>;
  expect(before).toMatchObject(answerOf(history));
  expect(before[touched]).not.toBe(clean[touched]);
  expect(after).toMatchObject(clean);
}

/** A fixed share of the ids, by their digits. */
const isChosen = (person: string, ofTen: number) => Number(person.replaceAll(/\D/g, '').slice(-1)) < ofTen;

describe('purchases without a prior identity', () => {
  const firstPurchase = new Map<string, number>();
  for (const { person, name, time } of shop.events) {
    if (name === 'Purchased' && !firstPurchase.has(person)) firstPurchase.set(person, time);
  }
  // What came before the login stands under the device.
  const events = shop.events.map((event) =>
    isChosen(event.person, 4) && event.time < (firstPurchase.get(event.person) ?? 0)
      ? { ...event, person: `device-${event.person}` }
      : event,
  );
  const one = found(events, 'goal-without-anchor');

  it('are found, with ids that belong together, and joined give the answer of whole identities', () => {
    expect(one.finding.evidence).toContain('cart id'.replace(' ', '_'));
    expectRestored(one, 'anywayRate');
  });

  it('say by how much they shift the window', () => {
    const { before, after } = one.finding.moves as NonNullable<Finding['moves']>;
    expect(before.candidates).toBeGreaterThan(after.candidates);
    expect(before.p90Ms).not.toBe(after.p90Ms);
  });

  it('without a property that links the halves, nothing is joined', () => {
    const bare = events.map(({ properties: _, ...event }) => event);
    expect(found(bare, 'goal-without-anchor').finding.repair).toBeUndefined();
  });

  it('what anybody may share, such as an item, joins nobody', () => {
    const shown = events.map(({ properties: _, ...event }, i) => ({
      ...event,
      properties: { item_id: `i${(i * 7919) % 4001}` },
    }));
    expect(found(shown, 'goal-without-anchor').finding.repair).toBeUndefined();
  });

  it('a device of two people is joined to none', () => {
    const shared = [...firstPurchase.keys()].filter((person) => isChosen(person, 4)).slice(0, 2);
    const [a, b] = shared as [string, string];
    const both = events.map((event) =>
      event.person === `device-${a}` || event.person === `device-${b}` ? { ...event, person: 'device-both' } : event,
    );
    const { finding } = found(both, 'goal-without-anchor');
    const pairs = (finding.repair as Remedy & { kind: 'merge' }).pairs.map(([from]) => from);
    expect(pairs).not.toContain('device-both');
    expect(pairs.length).toBeGreaterThan(20);
  });
});

describe('a gap in tracking', () => {
  const from = observedFrom + 16 * DAY_MS;
  const until = from + 9 * DAY_MS;

  it('of purchases alone: cut to the longest stretch, the answer is that of the clean history from then on', () => {
    // Large enough for purchases of a day to be more than chance.
    const { events, changes } = synthCart({ seed: 5, persons: 2600 });
    const isLost = ({ name, time }: EventRow) => name === 'Purchased' && time >= from && time < until;
    const { finding, history } = found(
      events.filter((event) => !isLost(event)),
      'tracking-gap:Purchased',
      changes,
    );
    const { before, after } = finding.moves as NonNullable<Finding['moves']>;
    expect(before).toMatchObject(answerOf(history));
    const kept = events.filter(({ time }) => time >= until);
    expect(after).toMatchObject(answerOf(buildHistory(kept, changes, { observedUntil, observedFrom: until })));
    const whole = answerOf(build(events, changes)).anywayRate;
    const off = (rate: number | null) => Math.abs((rate as number) - whole);
    expect(off(after.anywayRate)).toBeLessThan(off(before.anywayRate) / 2);
    expect(finding.test).toMatchObject({ value: 0, isAbove: false });
  });

  it('of everything: the longer side is kept, what was known of people before too', () => {
    const cut = (day: number) => {
      const at = observedFrom + day * DAY_MS;
      const { finding, history } = found(
        shop.events.filter(({ time }) => time < at || time >= at + 3 * DAY_MS),
        'tracking-gap',
      );
      return { at, repaired: applyRemedies(history, [finding.repair as Remedy]), changes: history.changes };
    };
    const early = cut(16);
    expect(early.repaired.observedFrom).toBe(early.at + 3 * DAY_MS);
    expect(early.repaired.changes.times).toEqual(early.changes.times);
    const late = cut(44);
    expect(late.repaired).toMatchObject({ observedFrom: null, observedUntil: late.at - 1, observedUntilGiven: true });
    expect(late.repaired.nEvents).toBe(shop.events.filter(({ time }) => time < late.at).length);
  });
});

describe('a clock that is hours off', () => {
  const withSource = shop.events.map((event) => ({
    ...event,
    properties: { ...event.properties, source: isChosen(event.person, 4) ? 'app' : 'web' },
  }));
  const moved = (hours: number, of: (event: EventRow) => boolean) =>
    withSource.map((event) => (of(event) ? { ...event, time: event.time + hours * HOUR_MS } : event));

  it('of one source alone: its rows are moved back and nothing else', () => {
    for (const hours of [3, -5]) {
      const events = moved(hours, (e) => e.name === 'Purchased' && e.properties?.source === 'app');
      const one = found(events, 'clock-shift:Purchased:source=app');
      expect(one.finding.repair).toMatchObject({ event: 'Purchased', byMs: -hours * HOUR_MS });
      expectRestored(one, 'anywayRate');
    }
  });

  it('of every row of an event', () => {
    const one = found(
      moved(8, (e) => e.name === 'Purchased'),
      'clock-shift:Purchased',
    );
    expect(one.finding.test?.value).toBeGreaterThan(5);
    expectRestored(one, 'anywayRate');
  });

  it('on the side of the anchor', () => {
    const events = shop.events.map((event) => {
      if (event.name !== 'Added to Cart') return event;
      const source = isChosen(event.person, 4) ? 'app' : 'web';
      const time = event.time - (source === 'app' ? 2 * HOUR_MS : 0);
      return { ...event, time, properties: { ...event.properties, source } };
    });
    const one = found(events, 'clock-shift:Added to Cart:source=app');
    expect(one.finding.repair).toMatchObject({ byMs: 2 * HOUR_MS });
    expectRestored(one, 'anywayRate');
  });

  it('is not seen where an email brings people back at a whole hour', () => {
    const emailed = shop.events.flatMap((event): EventRow[] => {
      if (event.name !== 'Purchased' || !isChosen(event.person, 3)) return [event];
      const properties = { ...event.properties, order_id: `e-${event.properties?.order_id}` };
      return [event, { ...event, time: event.time + HOUR_MS + 30 * SECOND_MS, properties }];
    });
    const { quality } = describeHistory(build(emailed));
    expect(quality.filter(({ id }) => id.startsWith('clock-shift'))).toEqual([]);
  });
});

it('orders reported twice: left out, orders and revenue are those of the clean history', () => {
  const events = shop.events.flatMap((event, i) =>
    event.name === 'Purchased' && i % 9 === 0 ? [event, { ...event, time: event.time + 12 * SECOND_MS }] : [event],
  );
  const one = found(events, 'repeated-goal:Purchased');
  expectRestored(one, 'goals');
  expect(one.finding.moves?.before.goalValue).toBeGreaterThan(clean.goalValue);
});

it('bots and test accounts: without them the answer is that of the customers', () => {
  const bots = Array.from({ length: 3 * 4000 }, (_, i) => ({
    person: `crawler-${i % 3}`,
    name: 'Added to Cart',
    time: observedFrom + Math.floor(i / 3) * 19 * 61 * SECOND_MS,
  }));
  expectRestored(found([...shop.events, ...bots], 'absurd-activity'), 'candidates');
  const testers = Array.from({ length: 40 }, (_, i) => ({
    person: `qa+${i}@shop.example`,
    at: observedFrom + i * DAY_MS,
  }));
  const tests = testers.flatMap(({ person, at }) => [
    { person, name: 'Added to Cart', time: at + HOUR_MS },
    { person, name: 'Purchased', time: at + 5 * HOUR_MS, value: 1 },
  ]);
  expectRestored(found([...shop.events, ...tests], 'test-accounts'), 'anywayRate');
});

it('none of them is found in clean histories of any model', () => {
  const alarms: string[] = [];
  for (let seed = 100; seed < 104; seed++) {
    for (const made of [synthCart, synthSaas, synthWinback]) {
      const { events, changes, truth } = made({ seed, persons: 600 });
      const { quality } = describeHistory(buildHistory(events, changes, { observedUntil: truth.observedUntil }));
      alarms.push(
        ...quality.filter(({ repair }) => repair !== undefined).map(({ id }) => `${made.name} ${seed} ${id}`),
      );
    }
  }
  expect(alarms).toEqual([]);
});

it('tells how many of the histories it tries are done, and can be ended between them', () => {
  // Orders that came twice within a minute.
  const events = shop.events.flatMap((event) =>
    event.name === 'Purchased' ? [event, { ...event, time: event.time + 20_000 }] : [event],
  );
  const history = build(events);
  const told: string[] = [];
  const onProgress = (done: number, total: number) => told.push(`${done} of ${total}`);
  const { quality } = describeHistory(history, { moves: true, onProgress });
  const n = quality.filter(({ moves }) => moves !== undefined).length;
  expect(n).toBeGreaterThan(0);
  expect(told).toEqual(Array.from({ length: n + 1 }, (_, i) => `${i} of ${n + 1}`));
  const aborter = new AbortController();
  const end = () => aborter.abort(new Error('enough'));
  expect(() => describeHistory(history, { moves: true, signal: aborter.signal, onProgress: end })).toThrow('enough');
});
