// Profit step by step: each begins where the one before ended, and the last is their sum.

import { describe, expect, it } from 'vitest';
import { profitRows, profitScale } from '../../../renderer/charts/profit-steps.ts';

const parts = [
  { label: 'Margin on what is added', amount: 550 },
  { label: 'Discount to those who come anyway', amount: -700 },
  { label: 'Sending', amount: 0 },
];

describe('profit steps', () => {
  const rows = profitRows({ parts, total: -150, unit: 10, currency: 'USD' });

  it('go on where the one before ended, below zero too', () => {
    expect(rows.map(({ pieces }) => pieces.map(({ from, to }) => [from, to]))).toEqual([
      [[0, 550]],
      [[-150, 550]],
      [[-150, -150]],
      [[-150, 0]],
    ]);
    expect(profitScale(rows)).toEqual({ min: -150, max: 550 });
  });

  it('write money as everywhere, and words for what rounds to nothing', () => {
    expect(rows.map(({ value }) => value)).toEqual(['+$550', '\u2212$700', 'under $10', '\u2212$150']);
  });

  it('have a scale where nothing is earned and nothing spent', () => {
    const { min, max } = profitScale(profitRows({ parts: [], total: 0, unit: 1, currency: null }));
    expect(max).toBeGreaterThan(min);
  });
});
