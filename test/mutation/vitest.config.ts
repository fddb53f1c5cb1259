// The tests a mutant has to get past: those of the replay and the oracle, without the one that starts processes (its
// children would run the unchanged source). Random tests draw the same cases in every run, and fewer than usual.

import { join } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

const FEWER_CASES = join(import.meta.dirname, 'fewer-cases.ts');

const fewerCases: Plugin = {
  name: 'fewer-cases',
  enforce: 'pre',
  resolveId: (id, importer) => (id === 'fast-check' && importer !== FEWER_CASES ? FEWER_CASES : null),
};

export default defineConfig({
  plugins: [fewerCases],
  test: {
    root: join(import.meta.dirname, '..'),
    include: ['engine/replay/**/*.test.ts', 'oracle/**/*.test.ts'],
    exclude: ['oracle/command-line.test.ts'],
    env: { FORESEND_RUNS: '100', FORESEND_SEED: '1' },
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
