// `npm run kills [-- N [SEED]]`: kills N processes at work (200 unless said otherwise), each kind of work in turn, and
// says how many were met in the middle of something and what became of that. Ends with status 1 at the first that left
// anything but a committed state.

import { seededRandom } from '../../engine/base/index.ts';
import { killOnce } from './kill.ts';
import type { Kind } from './work.ts';

const KINDS: readonly Kind[] = ['datasets', 'import', 'edit', 'replay', 'migrate', 'backup'];

const [times = 200, seed = 1] = process.argv.slice(2).map(Number);
const tally = new Map(KINDS.map((kind) => [kind, { kills: 0, inside: 0, kept: 0 }]));
for (let i = 0; i < times; i++) {
  const kind = KINDS[i % KINDS.length] as Kind;
  const random = seededRandom(seed, `kill ${i}`);
  try {
    const { isInside, isKept } = await killOnce(kind, () => random.uniform());
    const row = tally.get(kind);
    if (row === undefined) continue;
    row.kills++;
    if (isInside) row.inside++;
    if (isKept === true) row.kept++;
  } catch (error) {
    process.stderr.write(
      `kill ${i} (${kind}), seed ${seed}: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    process.exit(1);
  }
}
for (const [kind, { kills, inside, kept }] of tally) {
  process.stdout.write(
    `${kind}: ${kills} killed, ${inside} in the middle of an operation; ${kept} of those were kept whole, ${inside - kept} left no trace\n`,
  );
}
