// Mutation testing of engine/replay: how many small faults, put in one at a time, make a test fail.
//
//   npm run mutation                       a seeded sample, one mutant in twenty
//   npm run mutation -- --share 1          all of them (hours)
//   npm run mutation -- --file gates.ts    only those of one file
//
// One process at the lowest priority. The figures and the survivors are printed and written to out/mutation.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { account } from './account.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const FOLDER = 'engine/replay';

const { values } = parseArgs({
  options: {
    share: { type: 'string', default: '0.05' },
    seed: { type: 'string', default: '1' },
    file: { type: 'string', multiple: true },
  },
});
const sample = { share: Number(values.share), seed: Number(values.seed) };
if (!(sample.share > 0 && sample.share <= 1)) throw new Error('--share takes a number above 0 and at most 1');
if (!Number.isInteger(sample.seed)) throw new Error('--seed takes a whole number');
for (const file of values.file ?? []) {
  if (!existsSync(join(ROOT, FOLDER, file))) throw new Error(`--file takes a file of ${FOLDER}; it has no ${file}`);
}

setPriority(19);
process.chdir(ROOT);
const results = await new Stryker({
  mutate: (values.file ?? ['*.ts']).map((file) => `${FOLDER}/${file}`),
  ignorePatterns: ['/out', '/.foresend-local'],
  plugins: ['@stryker-mutator/vitest-runner', './test/mutation/sample.ts'],
  checkers: ['sample'],
  sample,
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  concurrency: 1,
  disableTypeChecks: false,
  tsconfigFile: 'none',
  tempDirName: 'out/mutation/sandbox',
  reporters: ['survivors', 'json'],
  jsonReporter: { fileName: 'out/mutation/report.json' },
  allowConsoleColors: false,
}).runMutationTest();

const text = account(results, sample);
mkdirSync('out/mutation', { recursive: true });
writeFileSync('out/mutation/account.txt', text);
process.stdout.write(text);
