import { describe, expect, it } from 'vitest';
import { desiredKlaviyo, renderPreview, sendScope, sendValues } from '../../../engine/esp/index.ts';
import { buildHistory } from '../../../engine/events/index.ts';
import { at, set } from '../../helpers/replay.ts';
import { HOUR, inaction, MIN, step, workflow } from '../../helpers/workflow.ts';
import { accountFor } from './klaviyo.ts';

const CART = workflow(inaction({ withinMs: 10 * MIN }), {
  sequence: [step('one', 10 * MIN, { subject: 'Your {{ itme }}' })],
});
const HISTORY = buildHistory(
  [
    at(0, 'Add', { item: 'Shoe' }, 'a'),
    at(5, 'Add', { item: 'Hat', colour: 'red' }, 'a'),
    at(0, 'Add', { item: 'Sock' }, 'b'),
    at(9, 'Add', {}, 'b'),
    at(1, 'Look', { page: 'home' }, 'c'),
  ],
  [set(15, 'plan', 'pro', 'a'), set(100, 'city', 'Bonn', 'a'), set(0, 'plan', 'free', 'b')],
  { observedUntil: 200 * MIN },
);

describe('what is known when an email goes out', () => {
  it('counts properties over the starting events, and of people as of the first email', () => {
    const { hasEvent, event, person } = sendScope(HISTORY, CART);
    expect(hasEvent).toBe(true);
    expect(event).toEqual([
      { name: 'item', fill: 0.75 },
      { name: 'colour', fill: 0.25 },
    ]);
    // Set at minute 15, before the email of minute 20; the city comes too late.
    expect(person).toEqual(
      expect.arrayContaining([
        { name: 'plan', fill: 1 },
        { name: 'city', fill: 0 },
      ]),
    );
  });

  it('asks people alone where no event starts the flow', () => {
    const dated = workflow({ type: 'date', property: 'renewal', offsetDays: 0, atMinute: 0, yearly: false });
    expect(sendScope(HISTORY, dated)).toMatchObject({ hasEvent: false, event: null });
  });

  it('is what templates are checked against', () => {
    const desired = desiredKlaviyo(CART, accountFor(CART), sendScope(HISTORY, CART));
    expect(desired.problems).toEqual([
      expect.objectContaining({ code: 'UNKNOWN_PROPERTY', at: 'sequence[0].subject', severity: 'warning' }),
    ]);
    expect(desired.flow).not.toBeNull();
  });
});

describe('a preview for a real person', () => {
  it('shows their last start by then, and nothing later', () => {
    const { values } = sendValues(HISTORY, CART, 'a', 4 * MIN);
    expect(values).toEqual({ event: { item: 'Shoe' }, person: {} });
    const later = sendValues(HISTORY, CART, 'a', 3 * HOUR).values;
    expect(later).toEqual({ event: { item: 'Hat', colour: 'red' }, person: { plan: 'pro' } });
    expect(renderPreview('{{ item }} for {{ plan }}', later as NonNullable<typeof later>).text).toBe('Hat for pro');
  });

  it('says why there is none', () => {
    expect(sendValues(HISTORY, CART, 'c', HOUR)).toEqual({ values: null, reason: '"c" has no "Add" by then.' });
    expect(sendValues(HISTORY, CART, 'z', HOUR).reason).toContain('no person "z"');
  });
});
