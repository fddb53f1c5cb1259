// The engine against the oracle in random histories and workflows. FORESEND_SEED moves the seeds, FORESEND_RUNS sets how
// many cases; a failing one is printed small, ready to be pasted.

import { expect, it } from 'vitest';
import { compare, describe } from './compare.ts';
import { generateCase } from './generate.ts';
import { interpret } from './oracle.ts';
import { shrink } from './shrink.ts';

const SEED = Number(process.env['FORESEND_SEED'] ?? 1);
const RUNS = Number(process.env['FORESEND_RUNS'] ?? 700);

it(`agrees with the oracle in ${RUNS} random cases from seed ${SEED}`, () => {
  let compared = 0;
  let decisions = 0;
  for (let run = 0; run < RUNS; run++) {
    const seed = SEED * 1_000_003 + run;
    const made = generateCase(seed);
    const outcome = compare(made);
    if (outcome === 'not compared') continue;
    if (outcome !== 'equal') {
      const small = shrink(made, (smaller) => {
        const again = compare(smaller);
        return typeof again === 'object' && again.what === outcome.what;
      });
      expect.fail(describe(seed, small));
    }
    compared++;
    if (compared <= 200) decisions += interpret(made.data, made.workflow).decisions.length;
  }
  if (process.env['FORESEND_RUNS'] !== undefined) console.log(`${compared} of ${RUNS} cases compared`);
  // Only what the replay refuses by name is left out, and most cases have something to say.
  expect(compared).toBeGreaterThan(0.75 * RUNS);
  expect(decisions).toBeGreaterThan(5 * Math.min(compared, 200));
}, 600_000);
