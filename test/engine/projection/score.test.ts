import { expect, it } from 'vitest';
import { seededRandom } from '../../../engine/base/index.ts';
import { checkResponse, scoreProjection } from '../../../engine/projection/index.ts';

const foretold = (expected: number, sd: number, parameters: number, mailed = 1000) => ({
  mailed,
  identified: true as const,
  incremental: {
    expected,
    low: expected - 1.959964 * sd,
    high: expected + 1.959964 * sd,
    shares: { chance: 1 - parameters, parameters, sampling: 0 },
  },
});

it('adds the doubt of the assumptions to that of the test', () => {
  // Foretold 2 points, sd of the assumptions 1 point; the test's own standard error 1.2583 points.
  const score = scoreProjection(foretold(20, 10, 1), { n: 1000, x: 100 }, { n: 1000, x: 80 });
  const se = Math.sqrt((0.1 * 0.9) / 1000 + (0.08 * 0.92) / 1000);
  const sd = Math.hypot(0.01, se);
  expect(score?.measured).toBeCloseTo(0.02, 12);
  expect(score?.z).toBeCloseTo(0, 9);
  expect(score?.projected.high).toBeCloseTo(0.02 + 1.959964 * sd, 6);
  expect(score?.logScore).toBeCloseTo(-Math.log(sd * Math.sqrt(2 * Math.PI)), 6);
  const known = scoreProjection(foretold(20, 10, 0), { n: 1000, x: 100 }, { n: 1000, x: 80 });
  expect(known?.projected.high).toBeCloseTo(0.02 + 1.959964 * se, 6);
});

it('says when the measured difference falls outside', () => {
  const score = scoreProjection(foretold(100, 5, 1), { n: 20_000, x: 2000 }, { n: 20_000, x: 2000 });
  expect(score?.inside).toBe(false);
  expect(score?.p).toBeLessThan(1e-6);
  expect(score?.text).toContain('outside');
});

it('gives nothing where nothing was foretold', () => {
  const none = { ...foretold(1, 1, 1), incremental: { expected: null, low: null, high: null, shares: null } };
  expect(scoreProjection(none, { n: 10, x: 1 }, { n: 10, x: 1 })).toBeNull();
  expect(scoreProjection(foretold(1, 1, 0), { n: 10, x: 0 }, { n: 10, x: 0 })).toBeNull();
});

it('calls 95 % of true projections inside', () => {
  const random = seededRandom(11, 'score');
  let inside = 0;
  const runs = 2000;
  for (let i = 0; i < runs; i++) {
    const effect = 0.02 + 0.015 * random.normal();
    const draw = (n: number, p: number) => {
      let x = 0;
      for (let k = 0; k < n; k++) if (random.uniform() < p) x++;
      return { n, x };
    };
    const score = scoreProjection(foretold(20, 15, 1), draw(1000, 0.2 + effect), draw(500, 0.2));
    inside += score?.inside === true ? 1 : 0;
  }
  // Four standard errors around 1,900 of 2,000.
  expect(Math.abs(inside - 1900)).toBeLessThanOrEqual(39);
});

it('a response file may say what was measured', () => {
  const arms = { treated: { n: 100, x: 12 }, control: { n: 100, x: 8 } };
  expect(checkResponse({ measured: arms }).response?.measured).toEqual({ ...arms, changed: false });
  const wrong = (measured: unknown, more = {}) =>
    checkResponse({ measured, ...more }).issues.map(({ at, message }) => `${at}: ${message}`);
  expect(wrong({ treated: { n: 100, x: 120 }, control: { n: 1, x: 0 } })[0]).toMatch(/^measured.treated.x: .*0 to 100/);
  expect(wrong({ treated: { n: 100, x: 1.5 }, control: { n: 1, x: 0 } })[0]).toMatch(/whole numbers/);
  expect(wrong(arms, { mode: 'direct', p: 0.1 })[0]).toMatch(/^measured: .*no meaning in mode "direct"/);
});
