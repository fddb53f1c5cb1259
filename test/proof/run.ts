// The long proof: coverage where the model is right and the map of where it is not, written to engine/docs.
//
//   npm run proof                          500 histories of each world, half an hour on a quiet core
//   npm run proof -- --runs 2000           finer
//   npm run proof -- --world harm          only some; prints, and writes no page
//   npm run proof -- --resume              takes the rows that earlier calls with this seed finished, whatever their number of histories
//
// Each world's row is kept in out/proof when it is done. One process at the lowest priority. Exits with 1 where there is a defect.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  allWorlds,
  failureMap,
  failurePage,
  type MapRow,
  mapOf,
  peeking,
  testsOfNothing,
  valueCoverage,
} from '../../engine/proof/index.ts';

const PAGE = join(import.meta.dirname, '..', '..', 'engine', 'docs', 'failure-map.md');

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    world: { type: 'string', multiple: true },
    resume: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
if (!(Number.isInteger(runs) && runs >= 2)) throw new Error('--runs takes a whole number of at least 2');
if (!Number.isInteger(seed)) throw new Error('--seed takes a whole number');
const known = allWorlds().map(({ id }) => id);
for (const world of values.world ?? []) {
  if (!known.includes(world)) throw new Error(`--world takes ${known.join(', ')}`);
}

setPriority(19);
const folder = join(import.meta.dirname, '..', '..', 'out', 'proof', `seed-${seed}`);
mkdirSync(folder, { recursive: true });
const rows = (values.world ?? known).flatMap((world) => {
  const file = join(folder, `${world}.json`);
  if (values.resume && existsSync(file)) return [JSON.parse(readFileSync(file, 'utf8')) as MapRow];
  const onRun = (_: string, done: number) => {
    if (done % 50 === 0 || done === runs) process.stderr.write(`${world}: ${done} of ${runs}\n`);
  };
  const made = failureMap({ runs, seed, worlds: [world], onRun }).rows;
  writeFileSync(file, JSON.stringify(made[0]));
  return made;
});
const map = mapOf(rows, seed);
const studies = {
  nothing: testsOfNothing(seed, Math.min(1000, 2 * runs)),
  peeking: peeking(seed, runs),
  value: valueCoverage(seed, runs),
};
const page = failurePage(map, studies);
process.stdout.write(page);
if (values.world === undefined) writeFileSync(PAGE, page);
process.exitCode = map.defects.length === 0 ? 0 : 1;
