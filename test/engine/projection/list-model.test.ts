import { describe, expect, it } from 'vitest';
import { causedRange, compareLists, type ListInput, listCourse } from '../../../engine/projection/index.ts';
import { describeShared, reference } from '../../helpers/shared.ts';

const INPUT: ListInput = {
  subscribers: 100_000,
  signups: 2_000,
  bounce: 0.002,
  periods: 12,
  fatigue: 0,
  value: 60,
  costPerSend: 0.001,
};
const BATCH = { name: 'batch', sends: 8, unsubscribe: 0.005, conversion: 0.001 };
const TRIGGERED = { name: 'behavioral', sends: 0.5, unsubscribe: 0.001, conversion: 0.04 };

describeShared('a list against the reference', () => {
  const file = reference('value.json');

  it('has two cases', () => {
    expect(file.list_shrinkage.length).toBe(2);
  });

  it.each([0, 1])('case %i', (i) => {
    const { input, expected } = file.list_shrinkage[i];
    const programme = {
      name: 'x',
      sends: input.sends_per_period,
      unsubscribe: input.unsub_per_send,
      conversion: null,
    };
    const got = listCourse('x', [programme], {
      ...INPUT,
      subscribers: input.L0,
      signups: input.signups_per_period,
      bounce: input.bounce_churn,
      periods: input.periods,
    });
    expect(got.lossRate).toBeCloseTo(expected.period_loss_rate, 12);
    expect((got.equilibrium as number) / expected.equilibrium).toBeCloseTo(1, 9);
    expect(got.sends / expected.cumulative_sends).toBeCloseTo(1, 9);
    got.sizes.forEach((size: number, t: number) => {
      expect(size / expected.L[t]).toBeCloseTo(1, 9);
    });
    expect(got).toMatchObject({ conversions: null, converted: null, profit: null });
  });
});

describe('a list', () => {
  it('loses person by person what a walk email by email loses', () => {
    const both = listCourse(
      'both',
      [
        { ...BATCH, sends: 3 },
        { ...TRIGGERED, sends: 2 },
      ],
      { ...INPUT, periods: 4 },
    );
    let size = 100_000;
    let lost = 0;
    let converted = 0;
    for (let t = 0; t < 4; t++) {
      converted += size * (3 * 0.001 + 2 * 0.04);
      let left = size;
      for (const u of [0.005, 0.005, 0.005, 0.001, 0.001]) left -= left * u;
      left -= left * 0.002;
      lost += size - left;
      size = left + 2_000;
    }
    expect(both.sizes[4]).toBeCloseTo(size, 6);
    expect(both.lost).toBeCloseTo(lost, 6);
    expect(both.converted).toBeCloseTo(converted, 6);
    expect(both.profit).toBeCloseTo(converted * 60 - both.sends * 0.001, 6);
  });

  it('stays at its balance, from above and from below, and has none where nothing is lost', () => {
    const { equilibrium } = listCourse('x', [BATCH], INPUT);
    const still = listCourse('x', [BATCH], { ...INPUT, subscribers: equilibrium as number });
    expect(still.sizes.at(-1)).toBeCloseTo(equilibrium as number, 6);
    const long = listCourse('x', [BATCH], { ...INPUT, subscribers: 10, periods: 400 });
    expect(long.sizes.at(-1)).toBeCloseTo(equilibrium as number, 0);
    const none = listCourse('x', [], { ...INPUT, bounce: 0 });
    expect(none).toMatchObject({ equilibrium: null, lossRate: 0, lost: 0, sends: 0 });
  });

  it('tires where told so: more emails lose more per email, never more than everybody', () => {
    const of = (fatigue: number, sends: number) => listCourse('x', [{ ...BATCH, sends }], { ...INPUT, fatigue });
    expect(of(0.5, 8).lossRate).toBeGreaterThan(of(0, 8).lossRate);
    expect(of(0.5, 1).lossRate).toBe(of(0, 1).lossRate);
    expect(of(9, 50).lossRate).toBe(1);
  });
});

describe('batch against behavioral', () => {
  const got = compareLists(BATCH, TRIGGERED, INPUT, 0.03);

  it('is fewer times better in all than per email, and says at which rate it would be even', () => {
    expect(got.claim?.perEmail).toBeCloseTo(40, 12);
    expect(got.claim?.inAll).toBeLessThan(4);
    const { evenRate = 0, evenShare = 0 } = got.claim ?? {};
    const even = compareLists(BATCH, { ...TRIGGERED, conversion: evenRate }, INPUT);
    expect(even.behavioral.converted).toBeCloseTo(even.batch.converted as number, 6);
    expect(evenShare * (got.behavioral.converted as number)).toBeCloseTo(got.batch.converted as number, 6);
  });

  it('overtakes in the first period whose end sees it ahead', () => {
    expect(got.claim?.overtakes).toBe(1);
    // Fewer at first, more later: the batch list shrinks away under it.
    const slow = compareLists(
      { ...BATCH, unsubscribe: 0.05 },
      { ...TRIGGERED, conversion: 0.0136 },
      { ...INPUT, signups: 0 },
    );
    const { batch, behavioral, claim } = slow;
    const ahead = (t: number) =>
      (behavioral.conversions ?? []).slice(0, t).reduce((a, b) => a + b, 0) -
      (batch.conversions ?? []).slice(0, t).reduce((a, b) => a + b, 0);
    const first = claim?.overtakes as number;
    expect(first).toBeGreaterThan(1);
    expect(ahead(first)).toBeGreaterThan(0);
    expect(ahead(first - 1)).toBeLessThanOrEqual(0);
    expect(compareLists(BATCH, { ...TRIGGERED, conversion: 0.0001 }, INPUT).claim?.overtakes).toBeNull();
  });

  it('asks how many of the credited were caused: between all and none of those who convert anyway', () => {
    // Of 100 mailed 3 convert anyway; 4 are credited. If those 3 are among them, 1 of 97 was won, else 4 of 97.
    const [low, high] = got.caused?.perEmail ?? [];
    expect(low).toBeCloseTo(1 / 97, 12);
    expect(high).toBeCloseTo(4 / 97, 12);
    expect(got.caused?.inAll[1]).toBeCloseTo((4 / 97) * got.behavioral.sends, 6);
    expect(causedRange(0.04, 0.2)[0]).toBe(0);
    expect(causedRange(0.9, 0.5)[1]).toBe(1);
    expect(causedRange(0.5, 1)).toEqual([0, 0]);
  });

  it('claims nothing where a rate is not stated or is 0', () => {
    expect(compareLists({ ...BATCH, conversion: null }, TRIGGERED, INPUT).claim).toBeNull();
    expect(compareLists({ ...BATCH, conversion: 0 }, TRIGGERED, INPUT).claim).toBeNull();
    expect(compareLists(BATCH, { ...TRIGGERED, sends: 0 }, INPUT).claim).toBeNull();
    expect(compareLists(BATCH, TRIGGERED, INPUT).caused).toBeNull();
  });
});
