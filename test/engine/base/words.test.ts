import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  count,
  exactCount,
  exactPercent,
  exactPlural,
  interval,
  listed,
  money,
  orNotKnown,
  percent,
  plural,
  points,
  probability,
  range,
  rounded,
  sentence,
  share,
  signed,
  signedCount,
  signedMoney,
  signedPercent,
} from '../../../engine/base/index.ts';

const M = '\u2212';

describe('numbers', () => {
  it('have commas between thousands, and millions from a million on unless every digit is asked for', () => {
    expect([0, 1_271, 999_999, 999_999.4].map(count)).toEqual(['0', '1,271', '999,999', '999,999']);
    expect(count(999_999.6)).toBe('1.00 million');
    expect(count(1_234_567)).toBe('1.23 million');
    expect(count(999_990_000)).toBe('999.99 million');
    expect(count(999_999_000)).toBe('1.00 billion');
    expect(count(-2_243_661_140_000)).toBe(`${M}2.24 trillion`);
    expect(count(4.5e18)).toBe('4,500,000.00 trillion');
    expect(count(-1_234_567)).toBe(`${M}1.23 million`);
    expect(exactCount(1_234_567)).toBe('1,234,567');
    expect(exactCount(-1_234)).toBe(`${M}1,234`);
  });

  it('keep as many digits as are asked for, and never fewer than the whole part has', () => {
    expect([0.5734, 12.34, 123.4, 1234.4, 32, 0.1, 99.96].map((x) => rounded(x))).toEqual([
      '0.573',
      '12.3',
      '123',
      '1,234',
      '32',
      '0.1',
      '100',
    ]);
    expect(rounded(-0.68)).toBe(`${M}0.68`);
    expect(rounded(99.7288, 4)).toBe('99.73');
  });

  it('are never written with an exponent, a negative zero or a false zero', () => {
    expect(rounded(1e-7)).toBe('nearly 0');
    expect(rounded(0.000_001_5)).toBe('0.0000015');
    expect([0, -0].map((x) => rounded(x))).toEqual(['0', '0']);
    fc.assert(
      fc.property(fc.double({ min: -1e15, max: 1e15, noNaN: true }), (x) => {
        expect(rounded(x)).toMatch(/^(\u2212?\d{1,3}(,\d{3})*(\.\d+)?|nearly 0)$/);
        const read = Number(rounded(x).replaceAll(',', '').replace(M, '-'));
        if (Math.abs(x) >= 1e-6) expect(Math.abs(read - x)).toBeLessThanOrEqual(0.0051 * Math.abs(x));
      }),
    );
  });

  it('that are not finite are a bug', () => {
    for (const write of [count, exactCount, rounded, money]) {
      expect(() => write(Number.NaN)).toThrow(/finite/);
      expect(() => write(Number.POSITIVE_INFINITY)).toThrow(/finite/);
    }
  });

  it('carry a true minus and a plus where they are differences, and no sign on 0', () => {
    expect([483, -136, 0.4, -0.4].map(signedCount)).toEqual(['+483', `${M}136`, '0', '0']);
    expect([13.66, -0.684, 0, 1_327.4].map(signed)).toEqual(['+13.7', `${M}0.684`, '0', '+1,327']);
    expect(signed(1e-9)).toBe('nearly 0');
  });

  it('that are probabilities are no more exact than they are', () => {
    expect([0.002_873, 0.9048, 1e-9, 0, 1, 0.999_99].map(probability)).toEqual([
      '0.00287',
      '0.905',
      'under 0.0001',
      'under 0.0001',
      '1',
      'over 0.999',
    ]);
  });
});

describe('shares', () => {
  it('have their digits by size and no space before the sign', () => {
    expect([0.675, 0.0456, 0.005_726, 0.15, 0.07, 1.7126].map((x) => percent(x))).toEqual([
      '67.5%',
      '4.56%',
      '0.573%',
      '15%',
      '7%',
      '171%',
    ]);
  });

  it('keep the same digits down a column', () => {
    expect([0.675, 0.32, 0.0452].map((x) => percent(x, 1))).toEqual(['67.5%', '32.0%', '4.5%']);
    expect(percent(0.0452, 2)).toBe('4.52%');
    expect(percent(0.125, 0)).toBe('13%');
  });

  it('are 0% of nothing and 100% of all only', () => {
    expect([percent(0), percent(1), percent(0, 2), percent(1, 2)]).toEqual(['0%', '100%', '0%', '100%']);
    expect(percent(0.0004, 1)).toBe('under 0.1%');
    expect(percent(0.9996, 1)).toBe('over 99.9%');
    expect(percent(0.0004, 0)).toBe('under 1%');
    expect(percent(0.000_004)).toBe('under 0.001%');
    expect(percent(0.9996)).toBe('over 99.9%');
    fc.assert(
      fc.property(
        fc.double({ min: Number.MIN_VALUE, max: 1 - Number.EPSILON, noNaN: true }),
        fc.constantFrom(undefined, 0, 1, 2),
        (rate, digits) => {
          expect(percent(rate, digits)).not.toMatch(/^(0(\.0*)?|100(\.0*)?)%$/);
        },
      ),
    );
  });

  it('of a count say how many where nothing was counted', () => {
    expect(share(0, 4_861)).toBe('0 of 4,861');
    expect(share(0, 0)).toBe('none to count');
    expect(share(211, 4_861)).toBe('4.34%');
    expect(share(211, 4_861, 1)).toBe('4.3%');
  });

  it('that are settings stay as they were set', () => {
    expect([0.15, 0.125, 0.012_345].map(exactPercent)).toEqual(['15%', '12.5%', '1.2345%']);
  });

  it('that change do so in percent or in points', () => {
    expect([0.352, -0.0398, 1.188, 0].map(signedPercent)).toEqual(['+35%', `${M}4%`, '+119%', '0%']);
    expect([0.0158, -0.0128, 0.07, 0.000_61, 0.000_043, 0].map(points)).toEqual([
      '+1.58',
      `${M}1.28`,
      '+7.00',
      '+0.06',
      '+0.0043',
      '0',
    ]);
    expect(points(1e-10)).toBe('nearly 0');
  });
});

describe('money', () => {
  it('follows the currency', () => {
    expect(money(71.38, 'USD')).toBe('$71.38');
    expect(money(11_820.4, 'USD')).toBe('$11,820');
    expect(money(-84, 'EUR')).toBe(`${M}€84`);
    expect(money(1_200, 'SEK')).toBe('1,200 SEK');
    expect(money(1_200)).toBe('1,200');
    expect(money(2_345_678, 'GBP')).toBe('£2.35 million');
    expect(money(-2_702_306_900_000, 'USD')).toBe(`${M}$2.70 trillion`);
  });

  it('shows less than a cent as what it is', () => {
    expect(money(0.001, 'USD')).toBe('$0.001');
    expect(money(0, 'USD')).toBe('$0');
    expect(signedMoney(-0.001, 'USD')).toBe(`${M}$0.001`);
  });

  it('is rounded where it is uncertain', () => {
    expect(signedMoney(11_823.4, 'USD', 37_900)).toBe('+$11,820');
    expect(signedMoney(11.5, 'USD', 20)).toBe('+$11.50');
    expect(signedMoney(3, null, 5_000)).toBe('0');
  });
});

describe('words around figures', () => {
  it('give both ends of an interval', () => {
    expect(range([-90, 171], signedCount)).toBe(`${M}90 to +171`);
    expect(interval([-136, 1_327], signedCount)).toBe(`95% interval ${M}136 to +1,327`);
    expect(interval([0.0137, 0.0664], points, 0.9)).toBe('90% interval +1.37 to +6.64');
  });

  it('stand where there is no figure', () => {
    expect(orNotKnown(null, count)).toBe('not known');
    expect(orNotKnown(undefined, count, 'not reached')).toBe('not reached');
    expect(orNotKnown(0, count)).toBe('0');
  });

  it('agree in number', () => {
    expect([0, 1, 1_200].map((n) => plural(n, 'cart'))).toEqual(['0 carts', '1 cart', '1,200 carts']);
    expect(plural(2, 'person', 'people')).toBe('2 people');
    expect(exactPlural(1_234_567, 'event')).toBe('1,234,567 events');
  });

  it('make lists and sentences', () => {
    expect(listed(['2 h', '4 h', '24 h'])).toBe('2 h, 4 h and 24 h');
    expect(listed(['a', 'b'], 'or')).toBe('a or b');
    expect([listed(['2 h']), listed([])]).toEqual(['2 h', '']);
    expect(sentence('26% of "cart" reached it')).toBe('26% of "cart" reached it.');
    expect(sentence('Is it?')).toBe('Is it?');
  });
});
