import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PropertyColumn, type Scalar, TimeColumn, ValueColumn } from '../../../engine/columns/index.ts';

describe('a time column', () => {
  it('gives back every millisecond, before and after the epoch', () => {
    const time = fc.oneof(
      fc.integer({ min: -(2 ** 46), max: 2 ** 46 }),
      fc.constantFrom(0, -1, 2 ** 32, 2 ** 32 - 1, -(2 ** 32), 1_700_000_000_000),
    );
    fc.assert(
      fc.property(fc.array(time), (times) => {
        const column = TimeColumn.from(times);
        expect(column.length).toBe(times.length);
        expect(times.map((_, row) => column.at(row))).toEqual(times.map((t) => t + 0));
      }),
    );
  });

  it('takes six bytes an instant', () => {
    const { high, low } = TimeColumn.from([1, 2, 3, 4]);
    expect(high.byteLength + low.byteLength).toBe(24);
  });

  it('refuses a span it cannot hold, rather than wrapping around', () => {
    expect(() => TimeColumn.from([0, 2 ** 48])).toThrow('span');
    expect(TimeColumn.from([0, 2 ** 48 - 1]).at(1)).toBe(2 ** 48 - 1);
  });
});

describe('a value column', () => {
  const awkward = fc.constantFrom(
    -0,
    0,
    0.1 + 0.2,
    1.005,
    1e-7,
    5e-324,
    1.7976931348623157e308,
    2 ** 53 + 2,
    -2147483648,
    -2147483647,
    2147483647,
    2147483648,
    21474836.47,
    21474836.48,
    1 / 3,
    Number.POSITIVE_INFINITY,
  );
  const cents = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((n) => n / 100);
  const missing = fc.constant(Number.NaN);
  const anything = fc.oneof(awkward, cents, fc.double(), missing);
  const back = (values: readonly number[]) => {
    const column = ValueColumn.from(values);
    return { column, values: values.map((_, row) => column.at(row)) };
  };
  const exactly = (values: readonly number[]) => {
    const result = back(values);
    for (const [row, value] of values.entries()) {
      expect(Object.is(result.values[row], value), `${value} came back as ${result.values[row]}`).toBe(true);
    }
    expect(result.column.byteLength).toBeLessThanOrEqual(8 * values.length);
  };

  it('gives back the very same doubles, whatever they are', () => {
    fc.assert(fc.property(fc.array(anything), exactly), { numRuns: 2000 });
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ arbitrary: cents, weight: 30 }, anything), { minLength: 50, maxLength: 300 }),
        exactly,
      ),
    );
  });

  it.each([
    ['none', [Number.NaN, Number.NaN], 0],
    ['scaled', [19.99, 5, 0.1, 120, Number.NaN], 20],
    ['sparse', [...Array.from({ length: 99 }, () => Number.NaN), 19.99], 12],
    ['dense', [1 / 3, 2 / 3, Math.PI, Math.E], 32],
  ])('is kept as %s where that is smallest', (kind, values, bytes) => {
    const { column } = back(values);
    expect(column.encoding.kind).toBe(kind);
    expect(column.byteLength).toBe(bytes);
    exactly(values);
  });

  it('keeps the few odd ones of a column of prices beside it', () => {
    const values = [...Array.from({ length: 50 }, (_, i) => i + 0.99), 0.1 + 0.2, -0];
    const { column } = back(values);
    expect(column.encoding).toMatchObject({ kind: 'scaled', scale: 100 });
    exactly(values);
  });

  it('may be empty', () => {
    expect(ValueColumn.from([]).byteLength).toBe(0);
    expect(ValueColumn.none(3).at(2)).toBeNaN();
  });
});

describe('a property column', () => {
  const scalar = fc.oneof<fc.Arbitrary<Scalar | undefined>[]>(
    fc.constantFrom<Scalar | undefined>(undefined, '', '1', 1, true, 'true', 0, false, 'a'),
    fc.string(),
    fc.integer(),
  );

  it('gives back value and type at every row', () => {
    fc.assert(
      fc.property(fc.array(scalar), (values) => {
        const column = PropertyColumn.from(values);
        expect(values.map((_, row) => column.at(row))).toEqual(values);
        expect(column.count).toBe(values.filter((value) => value !== undefined).length);
        expect(new Set(column.dictionary).size).toBe(column.dictionary.length);
        expect(column.at(values.length)).toBeUndefined();
      }),
    );
  });

  it('needs no row numbers where every row has it', () => {
    expect(PropertyColumn.from(['a', 'b', 'a'])).toMatchObject({ rows: null, dictionary: ['a', 'b'] });
    expect([...(PropertyColumn.from([undefined, 'b', undefined, 'b']).rows ?? [])]).toEqual([1, 3]);
  });
});
