import { describe, expect, it } from 'vitest';
import { rulesOut } from '../../../renderer/views/simulate/words.ts';

describe('where nobody is enrolled', () => {
  it('the rule that keeps the most out is named with its count', () => {
    const suppressed = { reentry: 0, 'recent-email': 12, 'small-cart': 2964 };
    expect(rulesOut({ suppressed })).toContain('“small-cart”: 2,964.');
  });

  it('no rule is blamed that keeps nobody out', () => {
    expect(rulesOut({ suppressed: { reentry: 0 } })).not.toContain('reentry');
    expect(rulesOut({ suppressed: {} })).toContain('Every candidate is kept out');
  });
});
