import type { MutantResult, MutantStatus } from '@stryker-mutator/api/core';
import { expect, it } from 'vitest';
import { account } from './account.ts';
import { type Faulty, rank } from './sample.ts';

function faulty(line: number, replacement = 'false'): Faulty {
  return {
    fileName: `${process.cwd()}/engine/replay/gates.ts`,
    location: { start: { line, column: 3 }, end: { line, column: 9 } },
    mutatorName: 'ConditionalExpression',
    replacement,
  };
}

const results = (counts: Partial<Record<MutantStatus, number>>) =>
  (Object.entries(counts) as [MutantStatus, number][]).flatMap(([status, n]) =>
    Array.from({ length: n }, (_, i) => ({ ...faulty(i + 1), id: `${status}${i}`, status }) as MutantResult),
  );

it('mutants that made a test fail or never end are killed, those that no test reaches are not', () => {
  const lines = account(results({ Killed: 79, Timeout: 2, Survived: 15, NoCoverage: 4, CompileError: 900 }), {
    share: 0.1,
    seed: 7,
  }).split('\n');
  // Wilson's interval of 81 of 100, by his formula: (0.81 + z²/200 ± z √(0.81·0.19/100 + z²/40000)) / (1 + z²/100).
  expect(lines.slice(0, 2)).toEqual([
    '1000 mutants, 100 drawn (share 0.1, seed 7)',
    'killed: 81 of 100 = 81.0 % (95 % interval 72.2 % to 87.5 %)',
  ]);
  expect(lines).toContain('ConditionalExpression: 81 of 100');
  expect(lines).toContain('Survivors (19):');
  expect(lines.filter((text) => text.includes('no test comes here'))).toHaveLength(4);
  expect(lines.filter((text) => text.startsWith('  engine/replay/gates.ts:1:3-1:9 '))).toHaveLength(2);
});

it('says so where nothing was drawn, and counts apart what could not be run', () => {
  expect(account(results({ CompileError: 9 }), { share: 0.1, seed: 7 })).toContain('no mutant was drawn');
  expect(account(results({ Killed: 3, RuntimeError: 2 }), { share: 1, seed: 7 })).toMatch(
    /^5 mutants, 5 drawn .*\nkilled: 3 of 3 .*\n2 could not be run and are left out\n/,
  );
});

it('a sample is drawn evenly, again the same by the same seed and another by another', () => {
  const all = Array.from({ length: 20_000 }, (_, i) => faulty(1 + (i >> 1), String(i % 2 === 0)));
  const drawn = (share: number, seed: number) => all.filter((one) => rank(one, seed) < share);
  // Five standard deviations of 1000.
  expect(Math.abs(drawn(0.05, 1).length - 1000)).toBeLessThan(5 * Math.sqrt(950));
  expect(drawn(0.05, 1)).toEqual(drawn(0.05, 1));
  const wider = new Set(drawn(0.1, 1));
  expect(drawn(0.05, 1).every((one) => wider.has(one))).toBe(true);
  const again = new Set(drawn(0.05, 2));
  expect(Math.abs(drawn(0.05, 1).filter((one) => again.has(one)).length - 50)).toBeLessThan(5 * Math.sqrt(50));
});
