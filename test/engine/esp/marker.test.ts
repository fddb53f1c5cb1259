import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { markedName, markerOf, markOf, sentProperty, titleOf } from '../../../engine/esp/index.ts';

describe('the marker in a name', () => {
  it('reads as people would write it', () => {
    const marked = { workflow: 'cart-recovery', key: 'template:reminder', generation: 2 };
    expect(markedName('Cart: reminder', marked)).toBe('Cart: reminder [foresend:cart-recovery template:reminder v2]');
  });

  it('comes back from any name, workflow and step, and leaves the title', () => {
    const word = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(word, word, fc.option(word), fc.integer({ min: 1, max: 9 }), (title, workflow, step, generation) => {
        const mark = { workflow, key: step === null ? 'flow' : `template:${step}`, generation };
        const name = markedName(title, mark);
        expect(markOf(name)).toEqual(mark);
        expect(name).toContain(markerOf(workflow));
        if (title.trim() !== '') expect(titleOf(name)).toBe(title.trim());
      }),
    );
  });

  it('is none in a name that is not ours', () => {
    for (const name of [
      'Cart',
      'Cart [foresend]',
      'Cart [foresend:x]',
      'Cart [foresend:%zz flow]',
      '[foresend:a flow] Cart',
    ]) {
      expect(markOf(name)).toBeNull();
      expect(titleOf(name)).toBe(name);
    }
  });
});

describe('a profile property', () => {
  it('is readable for usual ids, and never shared by two', () => {
    expect(sentProperty('cart-recovery')).toBe('foresend_cart_recovery_sent');
    const ids = ['a-b', 'a_b', 'a b', 'a--b', 'ä', 'ö', 'é', '-', '_', 'a'];
    expect(new Set(ids.map(sentProperty)).size).toBe(ids.length);
    for (const id of ids) expect(sentProperty(id)).toMatch(/^foresend_[A-Za-z0-9_]+_sent$/);
  });
});
