import { describe, expect, it } from 'vitest';
import {
  breakEvenResponse,
  type NominalStep,
  netOf,
  offerNotices,
  offerTerms,
} from '../../../engine/projection/index.ts';

const step = (id: string, incentive: Partial<NonNullable<NominalStep['incentive']>> | null): NominalStep => ({
  id,
  atMs: 0,
  sentShare: 1,
  incentive:
    incentive === null
      ? null
      : { percent: null, amount: null, freeShipping: null, minimum: null, expiresMs: null, ...incentive },
});

describe('an offer', () => {
  it('never pays where it takes the margin, and only then', () => {
    const steps = [step('plain', null), step('tenth', { percent: 10 }), step('five', { amount: 5 })];
    const at = (margin: number) => offerTerms(steps, 50, margin);
    expect(at(0.4)).toEqual([
      { step: 'tenth', discount: 5, margin: 20, left: 15 },
      { step: 'five', discount: 5, margin: 20, left: 15 },
    ]);
    expect(offerNotices(at(0.4))).toEqual([]);
    expect(offerNotices(at(0.11))).toEqual([]);
    expect(offerNotices(at(0.1))).toHaveLength(2);
    expect(offerNotices(at(0.08))[0]).toBe(
      'The offer of tenth takes 5 of a mean order, whose margin is 4: an order that uses it never pays, whatever the emails do.',
    );
    // As the worth of a window has it: no response pays, and more response loses more.
    const prices = { margin: 4, discount: 5, redemption: 1, costPerSend: 0, unsubscribe: 0, subscriberValue: 0 };
    const counts = { fired: 100, organic: 20, never: 80 };
    expect(breakEvenResponse(counts, prices)).toBeNull();
    const net = (won: number) => netOf(counts, { won, prevented: 0 }, prices);
    expect(net(0.5)).toBeLessThan(net(0.1));
  });

  it('says nothing where margin or amounts are not known, or an order is too small for it', () => {
    expect(offerTerms([step('tenth', { percent: 10 })], null, 0.1)).toEqual([]);
    expect(offerTerms([step('tenth', { percent: 10 })], 50, null)).toEqual([]);
    expect(offerTerms([step('large', { percent: 10, minimum: 60 })], 50, 0.1)).toEqual([]);
  });
});
