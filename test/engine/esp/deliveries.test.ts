// From decisions to what a service is told: who, with which address and values, and of whom nothing is said.

import { describe, expect, it } from 'vitest';
import { HOUR_MS } from '../../../engine/base/index.ts';
import { deliveriesOf, type SentField } from '../../../engine/esp/index.ts';
import { createDecider, type Decision, type LiveRow } from '../../../engine/replay/index.ts';
import { checked } from './klaviyo.ts';

const FIELDS: readonly SentField[] = [
  { key: 'field:item', slug: 'item', source: '{{ item | upcase }}', fallback: null },
  { key: 'field:plan', slug: 'plan', source: '{{ person.plan | default: "none" }}', fallback: 'none' },
];
const T = Date.parse('2026-05-01T10:00:00Z');

const file = (more: object = {}) => ({
  foresend: 1,
  id: 'cart',
  trigger: {
    type: 'inaction',
    after: { event: 'Cart', where: [{ property: 'size', op: '>', value: 1 }] },
    without: { event: 'Bought' },
    within: '1h',
  },
  sequence: [
    { id: 'one', delay: '0m' },
    { id: 'two', delay: '24h' },
  ],
  goal: { event: 'Bought', within: '7d' },
  ...more,
});

function told(rows: readonly LiveRow[], more: object = {}, until = T + 40 * HOUR_MS) {
  const workflow = checked(file(more));
  const facts = {
    reach: { [workflow.reach.address]: 'known' as const },
    tracked: [],
    emailEvents: [],
    valueName: 'revenue',
    activeMinutes: {},
  };
  const decider = createDecider([workflow], { facts });
  const decisions: Decision[] = rows.flatMap((row) => decider.feed(row));
  decisions.push(...decider.advanceTo(until + 1));
  const byId = new Map(decider.save().persons.map((one) => [one.id, one]));
  const source = {
    workflows: [workflow],
    fields: { cart: FIELDS },
    facts,
    rowsOf: (id: string) => byId.get(id) ?? null,
  };
  return { decisions, deliveries: deliveriesOf(decisions, source) };
}

const cart = (person: string, time: number, properties: Record<string, string | number> = {}): LiveRow => ({
  person,
  name: 'Cart',
  time,
  value: 9,
  properties: { size: 2, ...properties },
});
const has = (person: string, time: number, property: string, value: string | null): LiveRow => ({
  person,
  time,
  property,
  value,
});

describe('a delivery', () => {
  it('has the address, the starting event and the person as of the decision, and nothing later', () => {
    const { deliveries } = told([
      has('p1', T - HOUR_MS, 'email', 'old@example.com'),
      has('p1', T - HOUR_MS, 'plan', 'pro'),
      cart('p1', T, { item: 'tea' }),
      // No start: too small. Later than the first email, before the second.
      cart('p1', T + 2 * HOUR_MS, { item: 'mug', size: 1 }),
      has('p1', T + 3 * HOUR_MS, 'email', 'new@example.com'),
      has('p1', T + 3 * HOUR_MS, 'plan', null),
    ]);
    expect(
      deliveries.map(({ kind, step, email, values, time }) => [kind, step, email, values, (time - T) / HOUR_MS]),
    ).toEqual([
      ['enter', null, 'old@example.com', {}, 1],
      ['send', 'one', 'old@example.com', { 'field:item': 'TEA', 'field:plan': 'pro' }, 1],
      ['send', 'two', 'new@example.com', { 'field:item': 'TEA', 'field:plan': 'none' }, 25],
    ]);
    expect(deliveries[1]?.properties).toEqual({ item: 'tea', size: 2, value: 9, revenue: 9 });
    expect(new Set(deliveries.map(({ id }) => id)).size).toBe(3);
  });

  it('goes to the person, where the id is an address, or to an address that an event told', () => {
    const { deliveries } = told([cart('me@example.com', T), cart('p2', T, { email: 'told@example.com' })]);
    expect([...new Set(deliveries.map(({ email }) => email))].sort()).toEqual(['me@example.com', 'told@example.com']);
  });

  it('is the same when the same rows are decided again', () => {
    const rows = [cart('a@example.com', T, { item: 'x' }), cart('b@example.com', T + 5)];
    expect(told(rows).deliveries).toEqual(told(rows).deliveries);
  });

  it('is made of nobody who is held out, neither when they enter nor when they leave', () => {
    const people = Array.from({ length: 80 }, (_v, i) => `p${i}@example.com`);
    const rows: LiveRow[] = [
      ...people.map((person, i) => cart(person, T + i)),
      ...people.map((person, i): LiveRow => ({ person, name: 'Bought', time: T + 5 * HOUR_MS + i })),
    ];
    const { deliveries, decisions } = told(rows, { holdout: { fraction: 0.4, salt: 's' } });
    const treated = new Set(
      decisions.filter(({ kind, reason }) => kind === 'enrolled' && reason === 'treated').map(({ person }) => person),
    );
    expect(treated.size).toBeGreaterThan(20);
    expect(treated.size).toBeLessThan(70);
    for (const kind of ['enter', 'leave'] as const) {
      expect(new Set(deliveries.filter((one) => one.kind === kind).map(({ person }) => person))).toEqual(treated);
    }
    expect(deliveries.filter(({ kind }) => kind === 'leave').every(({ isEarly }) => isEarly)).toBe(true);
  });
});
