// Who gets it, as it is drawn: stages that add up, whatever the counts; and orders on a scale of their own.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { termsFor } from '../../../engine/report/index.ts';
import { type FunnelInput, funnelRows, funnelStages, ordersRow } from '../../../renderer/charts/funnel.ts';
import { hatchLines, rowPlaces } from '../../../renderer/charts/pieces.ts';

const terms = termsFor('Added to Cart', 'Purchased');
const arm = { rate: null, value: 0 };

interface Counts {
  readonly unreachable: number;
  readonly alreadyEnrolled: number;
  readonly small: number;
  readonly treated: number;
  readonly holdout: number;
  readonly missed: number;
  readonly incomplete: number;
}

function replayOf(c: Counts): FunnelInput['replay'] {
  const known = c.treated - c.incomplete;
  const moved = { count: 0, byGate: {}, medianDelayMs: null, meanDelayMs: null };
  const step = { due: c.treated, ghost: 0, skipped: {}, movedPastEnd: 0, exitedBefore: c.missed, pending: 0, moved };
  return {
    reach: 'known',
    candidates: c.unreachable + c.alreadyEnrolled + c.small + c.treated + c.holdout,
    pending: 0,
    alreadyEnrolled: c.alreadyEnrolled,
    suppressed: { reentry: 0, unreachable: c.unreachable, audience: 0, small: c.small },
    enrolled: { treated: c.treated, holdout: c.holdout },
    steps: [
      { id: 'a', sent: c.treated - c.missed, ...step },
      { id: 'b', sent: 0, ...step },
    ],
    branches: [],
    exits: { goal: 0, event: 0, expired: 0, open: 0 },
    goal: {
      treated: { ...arm, n: known, incomplete: c.incomplete, converted: 0 },
      holdout: { ...arm, n: c.holdout, incomplete: 0, converted: 0 },
    },
  } as FunnelInput['replay'];
}

const counts = fc
  .record({
    unreachable: fc.nat(5_000),
    alreadyEnrolled: fc.nat(5_000),
    small: fc.nat(5_000),
    treated: fc.nat(5_000),
    holdout: fc.nat(5_000),
    missedShare: fc.double({ min: 0, max: 1, noNaN: true }),
    incompleteShare: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ missedShare, incompleteShare, ...rest }) => ({
    ...rest,
    missed: Math.floor(rest.treated * missedShare),
    incomplete: Math.floor(rest.treated * incompleteShare),
  }));

function inputOf(expected: number, low: number, high: number): FunnelInput {
  return {
    replay: replayOf({
      unreachable: 10,
      alreadyEnrolled: 5,
      small: 3,
      treated: 80,
      holdout: 20,
      missed: 2,
      incomplete: 8,
    }),
    organic: { conversions: 40, rate: 0.4, low: 0.3, high: 0.5, value: null },
    incremental: { expected, low, high, gained: 0, lost: 0, pHarm: 0, shares: null, treatedRate: null },
    eligible: 92,
  };
}

describe('the stages', () => {
  it('and what is lost before them add up to the stage they are taken from', () => {
    fc.assert(
      fc.property(counts, (c) => {
        const stages = funnelStages({ replay: replayOf(c) });
        const whole = Object.fromEntries(
          stages.map(({ name, n, losses }) => [name, n + losses.reduce((sum, loss) => sum + loss.n, 0)]),
        );
        const [candidates, reachable, enrolled, treated] = stages.map(({ n }) => n);
        expect(whole['Reachable']).toBe(candidates);
        expect(whole['Enrolled']).toBe(reachable);
        expect(whole['Treated']).toBe(enrolled);
        expect(whole['Got email 1']).toBe(treated);
        expect(whole['Outcome known']).toBe(treated);
      }),
    );
  });

  it('stand as pieces that touch, from 0', () => {
    for (const row of funnelRows(inputOf(5, -3, 12), terms).slice(0, -1)) {
      let at = 0;
      for (const piece of row.pieces) {
        expect(piece.from).toBe(at);
        at = piece.to;
      }
    }
  });

  it('say in words why somebody is lost, and only then', () => {
    const notes = funnelRows(inputOf(5, -3, 12), terms).map(({ note }) => note);
    expect(notes.slice(0, 4)).toEqual([undefined, '10 not reachable', '5 already in; 3 suppressed', '20 held out']);
  });
});

describe('orders', () => {
  it('are those that come anyway and those added, with a whisker over both', () => {
    const row = ordersRow(inputOf(5, -3, 12), terms);
    expect(row.pieces.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['anyway', 0, 40],
      ['because', 40, 45],
    ]);
    expect(row.whisker).toEqual([37, 52]);
    expect([row.name, row.value]).toEqual(['Orders', '45']);
  });

  it('that the emails prevent stay in their place, and a whisker ends at none', () => {
    const row = ordersRow(inputOf(-6, -60, 4), terms);
    expect(row.pieces.map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['anyway', 0, 34],
      ['prevented', 34, 40],
    ]);
    expect(row.whisker).toEqual([0, 44]);
  });

  it('are said to be unknown, never 0', () => {
    const input = inputOf(5, -3, 12);
    const hidden = { ...input, organic: { ...input.organic, conversions: null } };
    expect(ordersRow(hidden, terms)).toMatchObject({ value: 'not known', isAbsent: true, pieces: [] });
    expect(ordersRow({ ...input, eligible: 0 }, terms)).toMatchObject({ value: 'none to count', isAbsent: true });
  });
});

describe('the drawing', () => {
  it('keeps rows in order and inside the frame', () => {
    const rows = funnelRows(inputOf(5, -3, 12), terms);
    const places = rowPlaces(rows, 310, 17);
    expect(places).toHaveLength(rows.length);
    for (let i = 1; i < places.length; i++) expect(places[i]).toBeGreaterThanOrEqual((places[i - 1] ?? 0) + 17);
    expect((places.at(-1) ?? 0) + 17 + 13).toBeLessThanOrEqual(310);
  });

  it('hatches inside the box, at 45 degrees', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 5, max: 30 }), (width, height) => {
        const lines = hatchLines(width, height, 5);
        expect(lines.length).toBeGreaterThan(0);
        for (const [x1, y1, x2, y2] of lines) {
          expect(Math.min(x1, x2, y1, y2)).toBeGreaterThanOrEqual(0);
          expect(Math.max(x1, x2)).toBeLessThanOrEqual(width);
          expect(Math.max(y1, y2)).toBeLessThanOrEqual(height);
          expect(x2 - x1).toBe(y1 - y2);
        }
      }),
    );
  });
});
