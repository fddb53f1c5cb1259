// A label is written where there is room, and not at all where there is none.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Box, freePlace, overlaps, textWidth } from '../../../renderer/charts/free-place.ts';

const PLOT: Box = { left: 0, top: 0, right: 400, bottom: 200 };
const beside = (taken: readonly Box[]) => (box: Box) => !taken.some((one) => overlaps(one, box));
const share = (a: Box, b: Box) =>
  Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) *
  Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

describe('a label', () => {
  it('stands above its point to the right, and on the left where the plot ends', () => {
    expect(freePlace({ x: 100, y: 100 }, 'P50 2 d', beside([]), PLOT)).toMatchObject({ side: 'right', dy: -9 });
    expect(freePlace({ x: 390, y: 100 }, 'P50 2 d', beside([]), PLOT)).toMatchObject({ side: 'left', dy: 11 });
  });

  it('gives way to what is written already, and is left out where nothing is free', () => {
    const above: Box = { left: 90, right: 300, top: 80, bottom: 99 };
    expect(freePlace({ x: 100, y: 100 }, 'P50 2 d', beside([above]), PLOT)).toMatchObject({ side: 'left', dy: 11 });
    expect(freePlace({ x: 100, y: 100 }, 'P50 2 d', beside([PLOT]), PLOT)).toBeNull();
  });

  it('never covers another one, nor leaves the plot', () => {
    const point = fc.record({ x: fc.integer({ min: 0, max: 400 }), y: fc.integer({ min: 0, max: 200 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(point, fc.string({ minLength: 1, maxLength: 20 })), { maxLength: 12 }), (all) => {
        const taken: Box[] = [];
        for (const [at, words] of all) {
          const place = freePlace(at, words, beside(taken), PLOT);
          if (place === null) continue;
          expect(taken.map((one) => share(one, place.box))).toEqual(taken.map(() => 0));
          expect(place.box.right - place.box.left).toBeCloseTo(textWidth(words));
          expect(share(place.box, PLOT)).toBeCloseTo((place.box.right - place.box.left) * 14);
          taken.push(place.box);
        }
      }),
    );
  });
});
