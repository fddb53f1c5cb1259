// BG/NBD against values worked out with mpmath (the first published in Fader, Hardie & Lee 2005), against a law people
// are drawn from, and against real customers whose later purchases are known.

import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../../../engine/base/index.ts';
import {
  type BgNbd,
  bgNbdLogLikelihood,
  expectedRepeats,
  fitBgNbd,
  minimise,
  type Repeats,
  stillActive,
} from '../../../engine/stats/index.ts';
import { describeShared, reference, sharedPath } from '../../helpers/shared.ts';
import { expectClose } from './close-to.ts';

describeShared('reference: value, BG/NBD', () => {
  const file = reference('value.json');

  it('expects the purchases and the chance to be active', () => {
    expect(file.bgnbd.length).toBeGreaterThan(2);
    for (const { input, expected } of file.bgnbd) {
      const past = { x: input.x, tx: input.t_x, T: input.T };
      expectClose(expectedRepeats(input, past, input.t), expected.expected_purchases, file.tolerance, 'purchases');
      expectClose(stillActive(input, past), expected.p_alive, file.tolerance, 'alive');
    }
  });
});

/** CDNOW: customers of one quarter of 1997, days with a purchase, in weeks. */
function customers(until: number): { readonly units: Repeats[]; readonly later: number } {
  const text = gunzipSync(readFileSync(sharedPath('data', 'cdnow_transactions.csv.gz'))).toString();
  const days = new Map<string, Set<number>>();
  for (const line of text.trim().split('\n').slice(1)) {
    const [id, date] = line.split(',') as [string, string];
    if (Number(id) % 4 !== 0) continue;
    const day = Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6)) / 86_400_000;
    days.set(id, (days.get(id) ?? new Set()).add(day));
  }
  let later = 0;
  const units = [...days.values()].map((set): Repeats => {
    const all = [...set].sort((a, b) => a - b);
    const seen = all.filter((day) => day <= until);
    later += all.length - seen.length;
    const first = seen[0] as number;
    return { x: seen.length - 1, tx: ((seen.at(-1) as number) - first) / 7, T: (until - first) / 7 };
  });
  return { units, later };
}

describeShared('shared histories: BG/NBD on CDNOW', () => {
  it('foretells the second 39 weeks of every fourth customer to 20 %, with parameters near those published for a tenth', () => {
    const { units, later } = customers(Date.UTC(1997, 8, 30) / 86_400_000);
    const fit = fitBgNbd(units);
    if (fit === null) throw new Error('not settled');
    const { r, alpha, a, b } = fit.parameters;
    // Published for 2,357 of them: 0.243, 4.414, 0.793, 2.426. The mean chance to stop is a / (a + b) = 0.246.
    expect(Math.abs(Math.log(r / 0.243))).toBeLessThan(0.12);
    expect(Math.abs(Math.log(alpha / 4.414))).toBeLessThan(0.15);
    expect(Math.abs(a / (a + b) - 0.246)).toBeLessThan(0.03);
    const foretold = units.reduce((sum, past) => sum + expectedRepeats(fit.parameters, past, 39), 0);
    // A Christmas lies in the second half, of which the model knows nothing: it foretells too little.
    expect(foretold / later).toBeGreaterThan(0.8);
    expect(foretold / later).toBeLessThan(1);
  });
});

const LAW: BgNbd = { r: 0.6, alpha: 20, a: 0.9, b: 2.4 };

/** Marsaglia and Tsang 2000, for shapes below 1 raised by a power of a uniform. */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * random.uniform() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const z = random.normal();
    const v = (1 + z / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(random.uniform()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** One drawn unit: its past up to T, and how often more until T + t. */
function drawn(random: Random, T: number, t: number): { readonly past: Repeats; readonly more: number } {
  const rate = gamma(random, LAW.r) / LAW.alpha;
  const [u, v] = [gamma(random, LAW.a), gamma(random, LAW.b)];
  let [x, tx, more, now] = [0, 0, 0, 0];
  for (;;) {
    now -= Math.log(1 - random.uniform()) / rate;
    if (now > T + t) break;
    if (now > T) more++;
    else [x, tx] = [x + 1, now];
    if (random.uniform() < u / (u + v)) break;
  }
  return { past: { x, tx, T }, more };
}

describe('BG/NBD', () => {
  it('finds the law people were drawn from, and foretells what they do next', () => {
    const random = seededRandom(5, 'bg-nbd');
    const people = Array.from({ length: 6000 }, () => drawn(random, 60 + 120 * random.uniform(), 90));
    const units = people.map(({ past }) => past);
    const fit = fitBgNbd(units);
    if (fit === null) throw new Error('not settled');
    const names = ['r', 'alpha', 'a', 'b'] as const;
    names.forEach((name, k) => {
      const se = Math.sqrt(fit.covariance[k]?.[k] as number);
      expect(Math.abs(Math.log(fit.parameters[name] / LAW[name])) / se, name).toBeLessThan(3.3);
    });
    expect(fit.logLikelihood).toBeGreaterThan(bgNbdLogLikelihood(LAW, units));
    const came = people.reduce((sum, { more }) => sum + more, 0);
    const foretold = units.reduce((sum, past) => sum + expectedRepeats(LAW, past, 90), 0);
    expect(Math.abs(came / foretold - 1)).toBeLessThan(0.05);
  });

  it('is smooth where its formula is 0 / 0, at a = 1', () => {
    const past = { x: 3, tx: 20, T: 30 };
    const at = (a: number) => expectedRepeats({ ...LAW, a }, past, 40);
    expect(at(1)).toBeCloseTo((at(0.999) + at(1.001)) / 2, 6);
    expect(at(1 + 9e-5)).toBeCloseTo(at(1 + 3e-4), 3);
  });

  it('says nothing where nobody came back, and nothing of stopping where nobody stops', () => {
    expect(fitBgNbd([{ x: 0, tx: 0, T: 10 }])).toBeNull();
    expect(fitBgNbd(Array.from({ length: 200 }, (_, i) => ({ x: 20, tx: 99 - (i % 5), T: 100 })))).toBeNull();
  });

  it('finds the lowest point of a bent valley', () => {
    const banana = ([x, y]: readonly number[]) =>
      (1 - (x as number)) ** 2 + 100 * ((y as number) - (x as number) ** 2) ** 2;
    const { at, settled } = minimise(banana, [-1.2, 1], { tolerance: 1e-14 });
    expect(settled).toBe(true);
    expect(at[0]).toBeCloseTo(1, 5);
    expect(at[1]).toBeCloseTo(1, 5);
  });
});
