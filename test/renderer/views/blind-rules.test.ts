import { describe, expect, it } from 'vitest';
import { blindRules, blindWords } from '../../../renderer/views/workflow/blind-rules.ts';

const sum = { is: 'sum', event: 'cart', property: 'value', op: '<', value: 20, inLast: '24h' };
const file = (condition: unknown) =>
  ({
    suppress: [
      { id: 'recent', sent: { workflow: '*', within: '7d' } },
      { id: 'small-cart', if: condition },
    ],
  }) as never;
const about = (withValue: number, properties: readonly string[] = []) =>
  ({
    names: [{ name: 'cart', withValue }],
    properties: properties.map((name) => ({ name, scope: 'event' })),
  }) as never;

describe('a rule that looks at what the history does not have', () => {
  it('is found by its place, with what is missing', () => {
    expect(blindRules(file(sum), about(0))).toEqual([
      { id: 'small-cart', index: 1, why: 'no "cart" of this history has "value"' },
    ]);
  });

  it('is found inside all, any and not', () => {
    const deep = { all: [{ is: 'tenure', op: '>=', value: '14d' }, { not: { any: [sum] } }] };
    expect(blindRules(file(deep), about(0)).map(({ id }) => id)).toEqual(['small-cart']);
  });

  it('is none where one such event has a value, the property is filled, or the event is unknown', () => {
    expect(blindRules(file(sum), about(1))).toEqual([]);
    expect(blindRules(file({ ...sum, property: 'price' }), about(0, ['price']))).toEqual([]);
    expect(blindRules(file({ ...sum, event: 'Added' }), about(0))).toEqual([]);
    expect(blindRules(file({ is: 'count', event: 'cart', op: '=', value: 0 }), about(0))).toEqual([]);
    expect(blindRules(file(sum), null)).toEqual([]);
    expect(blindRules({} as never, about(0))).toEqual([]);
  });
});

describe('what it does', () => {
  const rules = blindRules(file(sum), about(0));

  it('is said where it keeps everybody or most out', () => {
    const all = blindWords(rules, { candidates: 2964, suppressed: { 'small-cart': 2964 } });
    expect(all?.words).toBe(
      '"small-cart" keeps all 2,964 candidates out, since no "cart" of this history has "value".',
    );
    const most = blindWords(rules, { candidates: 3000, suppressed: { 'small-cart': 2964, recent: 36 } });
    expect(most?.words).toContain('keeps 2,964 of 3,000 candidates out');
  });

  it('is not blamed for what another rule does', () => {
    expect(blindWords(rules, { candidates: 3000, suppressed: { 'small-cart': 10, recent: 2990 } })).toBeNull();
    expect(blindWords(rules, { candidates: 0, suppressed: {} })).toBeNull();
  });
});
