// Each finding on a history in which its fault was planted, and none of them on the same history without it.

import { describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../engine/base/index.ts';
import { type DescribeOptions, describeHistory } from '../../../engine/describe/index.ts';
import { type BuildOptions, buildHistory, type EventRow, type PropertyRow } from '../../../engine/events/index.ts';
import { synthCart } from '../../../engine/synth/index.ts';

const shop = synthCart({ seed: 21, persons: 1500 });
const { observedUntil, observedFrom } = shop.truth;
const clean = { events: shop.events, changes: shop.changes };

function findings(
  made: { events: readonly EventRow[]; changes?: readonly PropertyRow[] },
  build: BuildOptions = { observedUntil },
  options: DescribeOptions = {},
) {
  const history = buildHistory(made.events, made.changes ?? shop.changes, build);
  return describeHistory(history, options).quality;
}
const ids = (found: ReturnType<typeof findings>) => found.map((finding) => finding.id);
const day = (date: string) => Date.parse(`${date}T00:00:00Z`);
const on = (event: EventRow, date: string) => event.time >= day(date) && event.time < day(date) + DAY_MS;

it('finds nothing in a history without faults, for several seeds', () => {
  expect(ids(findings(clean))).toEqual([]);
  for (const seed of [1, 2, 3]) {
    const { events, changes } = synthCart({ seed, persons: 1000 });
    expect(ids(findings({ events, changes }))).toEqual([]);
  }
});

it('every finding says what was counted, what it does, and a way out', () => {
  const found = findings({ events: clean.events.filter((e) => !on(e, '2026-02-03')) }, {});
  expect(found.length).toBeGreaterThan(1);
  for (const finding of found) {
    for (const text of [finding.title, finding.evidence, finding.effect, finding.remedy]) {
      expect(text.length).toBeGreaterThan(15);
      expect(text).not.toMatch(/NaN|undefined|null|Infinity/);
    }
    expect(finding.evidence).toMatch(/\d/);
  }
});

describe('tracking gaps', () => {
  it('three days without events', () => {
    const dates = ['2026-02-03', '2026-02-04', '2026-02-05'];
    const events = clean.events.filter((event) => !dates.some((date) => on(event, date)));
    const [gap, ...others] = findings({ events });
    expect(gap).toMatchObject({ id: 'tracking-gap', title: '3 days with far fewer events than usual (all events)' });
    expect(gap?.evidence).toMatch(/^3 Feb 2026 to 5 Feb 2026: 0 where about [\d,]+ are usual\.$/);
    expect(others).toEqual([]);
  });

  it('a day on which most events are lost, not all', () => {
    const events = clean.events.filter((event, i) => !on(event, '2026-01-20') || i % 10 === 0);
    expect(ids(findings({ events }))).toEqual(['tracking-gap']);
  });

  it('one event that stops being tracked for two days while the others go on', () => {
    const events = clean.events.filter(
      (e) => e.name !== 'Viewed Product' || !(on(e, '2026-01-28') || on(e, '2026-01-29')),
    );
    const found = findings({ events });
    expect(ids(found)).toEqual(['tracking-gap:Viewed Product']);
    expect(found[0]?.evidence).toContain('28 Jan 2026 to 29 Jan 2026: 0 where');
  });

  it('quiet weekends and a decline are none', () => {
    const weekdays: EventRow[] = [];
    for (let d = 0; d < 70; d++) {
      const weekend = [5, 6].includes(d % 7);
      const n = Math.round((weekend ? 40 : 400) * Math.exp(-d / 20));
      for (let i = 0; i < n; i++) {
        weekdays.push({ person: `p${i}`, name: 'Used', time: observedFrom + d * DAY_MS + i * 61_001 });
      }
    }
    expect(ids(findings({ events: weekdays, changes: [] }, { observedUntil: observedFrom + 70 * DAY_MS }))).toEqual([
      'no-address',
    ]);
  });

  it('nine days are enough for an empty one', () => {
    const events = clean.events.filter((e) => e.time < day('2026-01-14') && !on(e, '2026-01-09'));
    const found = findings({ events }, { observedUntil: day('2026-01-14') });
    expect(ids(found)).toEqual(['tracking-gap']);
    expect(found[0]?.evidence).toMatch(/^9 Jan 2026: 0 /);
  });
});

describe('clocks', () => {
  const rounded = (unit: number, which: (event: EventRow, i: number) => boolean) => ({
    events: clean.events.map((event, i) =>
      which(event, i) ? { ...event, time: Math.floor(event.time / unit) * unit } : event,
    ),
  });

  it('one event written on the hour', () => {
    const found = findings(rounded(HOUR_MS, (event) => event.name === 'Purchased')).filter((f) =>
      f.id.includes('hour'),
    );
    expect(ids(found)).toEqual(['whole-hour-times']);
    expect(found[0]?.evidence).toMatch(/^"Purchased": 100% of [\d,]+.*\.$/);
    expect(found[0]?.evidence).not.toContain('Viewed');
  });

  it('a tenth of the rows with a date only', () => {
    const found = findings(rounded(DAY_MS, (event, i) => event.name === 'Visited Site' && i % 10 === 0));
    expect(ids(found)).toContain('whole-hour-times');
    expect(found.find((f) => f.id === 'whole-hour-times')?.evidence).toMatch(
      /"Visited Site": [\d.]+% of [\d,]+, [\d.]+% at midnight UTC/,
    );
  });

  it.each([
    ['day', DAY_MS],
    ['hour', HOUR_MS],
    ['minute', MINUTE_MS],
  ])('times to the %s', (unit, ms) => {
    expect(ids(findings(rounded(ms, () => true)))).toContain(`times-to-the-${unit}`);
  });

  it('newsletters sent on the hour are none', () => {
    expect(ids(findings(rounded(HOUR_MS, (event) => event.name === 'Email Sent')))).toEqual([]);
  });
});

describe('beginning and end', () => {
  it('rows far before the rest', () => {
    const strays = [1, 2, 3].map((i) => ({
      person: `old${i}`,
      name: 'Visited Site',
      time: day('2025-08-01') + i * DAY_MS + 5,
    }));
    const found = findings({ events: [...clean.events, ...strays] });
    expect(ids(found)).toEqual(['stray-early-rows']);
    expect(found[0]?.evidence).toMatch(/^\d+ events between 2 Aug 2025 and 5 Jan 2026/);
  });

  it('an end that was assumed, and an end with nothing before it', () => {
    expect(ids(findings(clean, {}))).toEqual(['end-assumed']);
    expect(ids(findings(clean, { observedUntil: observedUntil + 5 * DAY_MS }))).toEqual(['nothing-at-the-end']);
  });
});

describe('people', () => {
  it('purchases under another id than their carts, all of them', () => {
    const split = clean.events.map((e) =>
      e.name === 'Added to Cart' || e.name === 'Viewed Product' ? { ...e, person: `d-${e.person}` } : e,
    );
    const found = findings({ events: split }).find((finding) => finding.id === 'goal-without-anchor');
    expect(found?.title).toBe('"Purchased" without an earlier "Added to Cart"');
    expect(found?.evidence).toContain('(100%)');
    expect(found?.remedy).toContain('identity rows');
  });

  it('half of the carts not tracked: purchases without a cart', () => {
    const events = clean.events.filter((e) => e.name !== 'Added to Cart' || Number(e.person.at(-1)) % 2 === 0);
    const finding = findings({ events }).find((f) => f.id === 'goal-without-anchor');
    const purchases = events.filter((e) => e.name === 'Purchased');
    const withCart = new Map<string, number>();
    for (const e of events) {
      if (e.name === 'Added to Cart') withCart.set(e.person, Math.min(e.time, withCart.get(e.person) ?? e.time));
    }
    const without = purchases.filter((e) => e.time < (withCart.get(e.person) ?? Number.POSITIVE_INFINITY)).length;
    const grouped = (n: number) => n.toLocaleString('en-US');
    expect(finding?.evidence).toContain(`${grouped(without)} of ${grouped(purchases.length)} "Purchased"`);
  });

  it('one address under two ids, as property or as id', () => {
    const [email] = clean.changes.filter((change) => change.property === 'email');
    const address = email?.value as string;
    const again: PropertyRow = {
      person: 'u999999',
      time: observedFrom + 5 * DAY_MS,
      property: 'email',
      value: address.toUpperCase(),
    };
    const found = findings({ events: clean.events, changes: [...clean.changes, again] });
    expect(ids(found)).toEqual(['split-identity']);
    expect(found[0]?.evidence).toContain(`1 address belongs to 2 ids, such as ${address} to ${email?.person}, u999999`);
    const asId = [...clean.events, { person: address, name: 'Visited Site', time: observedFrom + 5 * DAY_MS + 7 }];
    expect(ids(findings({ events: asId }))).toEqual(['split-identity']);
  });

  it('a bot with more events than any person could have', () => {
    const bot = Array.from({ length: 6_000 }, (_, i) => ({
      person: 'crawler-7',
      name: 'Viewed Product',
      time: observedFrom + i * 800_011,
    }));
    const found = findings({ events: [...clean.events, ...bot] });
    expect(ids(found)).toEqual(['absurd-activity']);
    expect(found[0]?.title).toMatch(/^1 person /);
    expect(found[0]?.evidence).toMatch(/^The largest, crawler-7 \(6,000 events\): 1\d.\d% of all events/);
  });

  it('test accounts by id or by address, but nobody called Testa', () => {
    const visit = (person: string) => ({ person, name: 'Visited Site', time: observedFrom + 3 * DAY_MS + 11 });
    const events = [...clean.events, visit('qa-7'), visit('u900001'), visit('contestant'), visit('testa.rossa')];
    const changes = [
      ...clean.changes,
      { person: 'u900001', time: observedFrom, property: 'email', value: 'jo+test@example.com' },
    ];
    const found = findings({ events, changes });
    expect(ids(found)).toEqual(['test-accounts']);
    expect(found[0]?.evidence).toBe('qa-7, u900001 (jo+test@example.com).');
  });
});

describe('rows', () => {
  it('a purchase page that reports twice', () => {
    const twice = clean.events
      .filter((event, i) => event.name === 'Purchased' && i % 5 === 0)
      .map((event) => ({ ...event, time: event.time + 3 * SECOND_MS }));
    const found = findings({ events: [...clean.events, ...twice] });
    expect(ids(found)).toEqual(['repeated-goal:Purchased']);
    expect(found[0]?.evidence).toContain(`${twice.length} of `);
  });

  it('two orders within a minute that differ in a property are none', () => {
    const other = clean.events
      .filter((event, i) => event.name === 'Purchased' && i % 5 === 0)
      .map((e, i) => ({ ...e, time: e.time + 3 * SECOND_MS, properties: { ...e.properties, order_id: `x${i}` } }));
    expect(ids(findings({ events: [...clean.events, ...other] }))).toEqual([]);
  });

  it('what the import dropped and could not read', () => {
    const rows = {
      read: 10_000,
      kept: 9_950,
      duplicates: 42,
      rejected: [
        { reason: 'missing person', count: 3, first: [] },
        { reason: 'unreadable time', count: 5, first: [] },
      ],
    };
    const found = findings(clean, { observedUntil }, { importReport: { rows } });
    expect(ids(found)).toEqual(['duplicates', 'rejected-rows']);
    expect(found[0]?.evidence).toContain('42 of 10,000 rows (0.42%)');
    expect(found[1]?.evidence).toContain('8 of 10,000 rows (0.08%): unreadable time (5), missing person (3)');
    const none = { read: 5, kept: 5, duplicates: 0, rejected: [] };
    expect(ids(findings(clean, { observedUntil }, { importReport: { rows: none } }))).toEqual([]);
  });
});

it('values in several currencies, counted where there is a value', () => {
  const rows = (codes: readonly string[], property = 'currency') =>
    codes.map((code, i): EventRow => {
      const value = i % 5 === 4 ? {} : { value: 10 };
      return { person: `p${i}`, name: 'Bought', time: i * DAY_MS, ...value, properties: { [property]: code } };
    });
  const found = (events: readonly EventRow[]) =>
    findings({ events, changes: [] }, { observedUntil: 30 * DAY_MS }).find(({ id }) => id === 'mixed-currencies');
  // The fifth and the tenth have no value.
  const mixed = ['EUR', 'eur', 'USD', 'EUR', 'GBP', 'EUR', 'EUR', 'USD', 'EUR', 'GBP'];
  expect(found(rows(mixed))?.evidence).toMatch(/values of 8 events are in EUR \(6, 75%\) and USD \(2, 25%\)\.$/);
  expect(found(rows(mixed, 'Order Currency'))).toBeDefined();
  expect(found(rows(mixed, 'note'))).toBeUndefined();
  expect(found(rows(['EUR', 'eur', 'EUR', '', 'GBP', 'none']))).toBeUndefined();
});
