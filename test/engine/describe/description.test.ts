import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS } from '../../../engine/base/index.ts';
import { describeHistory } from '../../../engine/describe/index.ts';
import { buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';

const T = Date.UTC(2026, 0, 5);
const row = (person: string, name: string, hours: number, more: Partial<EventRow> = {}): EventRow => ({
  person,
  name,
  time: T + hours * HOUR_MS + 1234,
  ...more,
});

describe('what a history holds', () => {
  const events = [
    row('ann', 'Viewed', 1, { properties: { item: 'mug', page: 1 } }),
    row('ann', 'Viewed', 2, { properties: { item: 'cup' } }),
    row('ann', 'Purchased', 30, { value: 12.5, properties: { item: 'cup' } }),
    row('bob', 'Viewed', 5, { properties: { item: 'cup' } }),
    row('bob', 'Email Sent', 6),
    row('cyd', 'Viewed', 40),
  ];
  const changes: PropertyRow[] = [
    { person: 'ann', time: T + HOUR_MS, property: 'email', value: 'ann@example.com' },
    { person: 'ann', time: T, property: 'plan', value: 'pro' },
    { person: 'bob', time: T, property: 'plan', value: 'pro' },
    { person: 'bob', time: T + DAY_MS, property: 'plan', value: null },
    { person: 'cyd', time: T + 9 * DAY_MS, property: 'plan', value: 'free' },
  ];
  const described = describeHistory(buildHistory(events, changes, { observedUntil: T + 3 * DAY_MS }));

  it('counts people, events and names, the own email set apart', () => {
    expect(described).toMatchObject({
      persons: 3,
      events: 6,
      from: T + HOUR_MS + 1234,
      to: T + 40 * HOUR_MS + 1234,
      observedUntil: T + 3 * DAY_MS,
      observedUntilGiven: true,
      observedFrom: null,
    });
    expect(described.names.map((n) => [n.name, n.count, n.persons, n.withValue, n.ownEmail])).toEqual([
      ['Viewed', 4, 3, 0, false],
      ['Email Sent', 1, 1, 0, true],
      ['Purchased', 1, 1, 1, false],
    ]);
    expect(described.names[0]).toMatchObject({ first: T + HOUR_MS + 1234, last: T + 40 * HOUR_MS + 1234 });
  });

  it('says of each property how often it is filled, people as of the end of the history', () => {
    const byName = Object.fromEntries(described.properties.map((p) => [`${p.scope}.${p.name}`, p]));
    expect(byName['event.item']).toEqual({
      name: 'item',
      scope: 'event',
      filled: 4,
      share: 4 / 6,
      distinct: 2,
      examples: ['cup', 'mug'],
      top: [
        { value: 'cup', n: 3 },
        { value: 'mug', n: 1 },
      ],
    });
    expect(byName['event.value']).toMatchObject({ filled: 1, distinct: 1, examples: [12.5] });
    // Bob's was removed, Cyd's comes after the end.
    expect(byName['person.plan']).toEqual({
      name: 'plan',
      scope: 'person',
      filled: 1,
      share: 1 / 3,
      distinct: 1,
      examples: ['pro'],
      top: [{ value: 'pro', n: 1 }],
    });
  });

  it('counts each name in forty equal stretches, which add up to all of it', () => {
    for (const { name, count, course = [] } of described.names) {
      expect([name, course.length, course.reduce((sum, n) => sum + n, 0)]).toEqual([name, 40, count]);
    }
    const even = buildHistory(Array.from({ length: 80 }, (_, i) => row('a', i < 40 ? 'First' : 'Second', i)));
    const [first, second] = describeHistory(even).names;
    expect(first?.course?.slice(0, 20).reduce((sum, n) => sum + n, 0)).toBe(40);
    expect(second?.course?.slice(0, 20).reduce((sum, n) => sum + n, 0)).toBe(0);
    expect(describeHistory(buildHistory([row('a', 'Once', 1)])).names[0]).not.toHaveProperty('course');
    // One row from long before the other 1,500 is no reason to draw these as one step.
    const steady = Array.from({ length: 1500 }, (_, i) => row('a', 'Use', 90_000 + i));
    const [used] = describeHistory(buildHistory([row('a', 'Use', 1), ...steady])).names;
    expect(used?.course?.reduce((sum, n) => sum + n, 0)).toBe(1501);
    expect(Math.max(...(used?.course ?? []))).toBeLessThan(42);
  });

  it('says who can be reached, and where the address stands', () => {
    expect(described.reachability).toEqual({
      reach: 'known',
      reachable: 1,
      share: 1 / 3,
      byProperty: [{ property: 'email', persons: 1 }],
    });
  });

  it('finds addresses in ids and in properties of another name', () => {
    const history = buildHistory(
      [row('zoe@example.com', 'Viewed', 1), row('u1', 'Viewed', 2, { properties: { contact: 'u1@example.org' } })],
      [],
    );
    expect(describeHistory(history).reachability).toMatchObject({
      reachable: 1,
      byProperty: [
        { property: null, persons: 1 },
        { property: 'contact', persons: 1 },
      ],
    });
    const asked = describeHistory(history, { addressProperty: 'contact' }).reachability;
    expect(asked).toMatchObject({ reachable: 2, share: 1 });
  });

  it('knows no address: null with a reason, and a finding that names the property to use', () => {
    const events = [row('a', 'Viewed', 1, { properties: { contact: 'a@example.org' } }), row('b', 'Viewed', 2)];
    const { reachability, quality } = describeHistory(buildHistory(events));
    expect(reachability).toMatchObject({ reach: 'unknown', reachable: null, share: null });
    expect(reachability.reason).toMatch(/everyone counts as reachable/);
    expect(quality.find((finding) => finding.id === 'no-address')?.remedy).toContain('"address": "contact"');
  });

  it('an empty history is described, not failed on', () => {
    const described = describeHistory(buildHistory([], []));
    expect(described).toMatchObject({ persons: 0, events: 0, names: [], from: null, to: null, properties: [] });
    expect(JSON.stringify(described)).not.toMatch(/NaN|Infinity/);
  });

  it('people without events and only own email events are described', () => {
    const only = buildHistory([row('a', 'Email Sent', 1)], [{ person: 'b', time: T, property: 'plan', value: 'x' }]);
    expect(describeHistory(only)).toMatchObject({
      persons: 2,
      events: 1,
      names: [{ name: 'Email Sent', ownEmail: true }],
    });
  });
});
