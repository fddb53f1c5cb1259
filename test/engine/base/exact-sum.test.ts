import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExactSum, exactSum } from '../../../engine/base/index.ts';

/** The sum of doubles in whole multiples of 2^-1074, rounded once, ties to even: an oracle in whole numbers. */
function oracle(values: readonly number[]): number {
  let total = 0n;
  for (const value of values) total += units(value);
  if (total === 0n) return 0;
  const sign = total < 0n ? -1 : 1;
  const magnitude = total < 0n ? -total : total;
  const excess = magnitude.toString(2).length - 53;
  if (excess <= 0) return sign * scaled(Number(magnitude), 0);
  const unit = 1n << BigInt(excess);
  const rest = magnitude % unit;
  let kept = magnitude / unit;
  if (rest * 2n > unit || (rest * 2n === unit && kept % 2n === 1n)) kept += 1n;
  return sign * scaled(Number(kept), excess);
}

/** whole × 2^(exponent − 1074), exact where it is a double. */
function scaled(whole: number, exponent: number): number {
  let result = whole;
  let e = exponent - 1074;
  for (; e < -1000; e += 500) result *= 2 ** -500;
  return result * 2 ** e;
}

function units(value: number): bigint {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  const all = bits.getBigUint64(0);
  const exponent = (all >> 52n) & 0x7ffn;
  const fraction = all & 0xfffffffffffffn;
  const magnitude = exponent === 0n ? fraction : (fraction | 0x10000000000000n) << (exponent - 1n);
  return all >> 63n === 1n ? -magnitude : magnitude;
}

const double = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 }),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => cents / 100),
  fc.constantFrom(1e16, -1e16, 1, -1, 0.1, 2 ** -1074, 2 ** 53, 2 ** -53, 1 + 2 ** -52, -0, 0.5, 1e-300, 1e300, -1e300),
);
const doubles = fc.array(double, { maxLength: 40 });

describe('the oracle itself', () => {
  it('keeps single doubles', () => {
    fc.assert(
      fc.property(double, (x) => {
        expect(oracle([x])).toBe(x === 0 ? 0 : x);
      }),
    );
  });
});

describe('exact sums', () => {
  it.each([
    [[0.1, 0.2, 0.3, -0.6], 2.7755575615628914e-17],
    [Array.from({ length: 10 }, () => 0.1), 1],
    [[1e16, 1, -1e16], 1],
    [[1, 1e100, 1, -1e100], 2],
    [[2 ** 53, 1, 2 ** -1074], 2 ** 53 + 2],
    [[2 ** 53, 1], 2 ** 53],
    [[], 0],
    [[-0, -0], 0],
  ])('of %j are %d, as math.fsum has it', (values, sum) => expect(exactSum(values)).toBe(sum));

  it('equal the sum in whole numbers, rounded once', () => {
    fc.assert(
      fc.property(doubles, (values) => {
        expect(exactSum(values)).toBe(oracle(values));
      }),
      { numRuns: 3000 },
    );
  });

  it('do not depend on the order', () => {
    const orders = doubles.chain((values) =>
      fc.tuple(fc.constant(values), fc.shuffledSubarray(values, { minLength: values.length })),
    );
    fc.assert(
      fc.property(orders, ([values, shuffled]) => {
        expect(exactSum(shuffled)).toBe(exactSum(values));
      }),
      { numRuns: 1000 },
    );
  });

  it('do not depend on how they are cut into shards, nor on being stored between', () => {
    fc.assert(
      fc.property(fc.array(doubles, { maxLength: 6 }), (shards) => {
        const total = new ExactSum();
        for (const shard of shards) {
          const part = new ExactSum();
          for (const value of shard) part.add(value);
          total.addSum(new ExactSum(JSON.parse(JSON.stringify(part.partials))));
        }
        expect(total.value).toBe(exactSum(shards.flat()));
      }),
    );
  });

  it('give back what was added when it is taken away again', () => {
    fc.assert(
      fc.property(doubles, (values) => {
        const sum = new ExactSum();
        for (const value of values) sum.add(value);
        for (const value of values) sum.add(-value);
        expect(sum.value).toBe(0);
      }),
    );
  });
});
