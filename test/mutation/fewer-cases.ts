// Stands in for fast-check while mutants are tried: a quarter of the cases of each property, the same ones in every run,
// and a failing case is not made smaller, for that it fails is enough. A property that names its seed keeps its cases.

import fc from 'fast-check';

const DIVISOR = Number(process.env['FORESEND_FEWER'] ?? 4);
const SEED = 20_261;

type Parameters<T> = fc.Parameters<T>;

function assert<T>(property: fc.IRawProperty<T>, given: Parameters<T> = {}): unknown {
  const numRuns = given.seed === undefined ? Math.ceil((given.numRuns ?? 100) / DIVISOR) : (given.numRuns ?? 100);
  return fc.assert(property, { seed: SEED, ...given, numRuns, endOnFailure: true });
}

export default { ...fc, assert };
