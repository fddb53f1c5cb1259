// Parts of a replay cut by people, and their merge. A part holds whole buckets with exact sums and the stamp of what made
// it; the totals of one run and of many are folded from the same 128 buckets, so they are equal to the last digit.

import type { ReplayAnswer, Stamp } from '../api.ts';
import { ExactSum, issueText, UserError } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import { type ArmTally, foldTallies, type ReplayResult, type Tally } from '../replay/index.ts';
import type { WorkflowFile } from '../workflow/index.ts';
import { readText, writeWhole } from './files.ts';
import { checkedWorkflow } from './workflow-file.ts';

interface Shard {
  readonly index: number;
  readonly of: number;
}

interface Part {
  readonly foresendPart: 1;
  readonly dataset: string;
  readonly stamp: Stamp;
  readonly observedUntil: number;
  readonly shard: Shard;
  readonly reach: 'known' | 'unknown';
  /** With overrides applied. */
  readonly workflow: WorkflowFile;
  readonly buckets: readonly (readonly [bucket: number, tally: Tally])[];
}

export function writePart(
  path: string,
  part: Omit<Part, 'foresendPart' | 'buckets' | 'reach'>,
  result: ReplayResult,
): void {
  const buckets = result.buckets
    .map((tally, bucket) => [bucket, tally] as const)
    .filter(([bucket]) => bucket % part.shard.of === part.shard.index);
  writeWhole(path, JSON.stringify({ foresendPart: 1, ...part, reach: result.totals.reach, buckets }));
}

/** @throws UserError unless the parts cover every bucket exactly once with one stamp */
export function mergeParts(paths: readonly string[]): ReplayAnswer {
  const parts = paths.map((path) => ({ path, part: readPart(path) }));
  const [first] = parts;
  if (first === undefined) throw new UserError('NO_PARTS', 'merge needs the parts of a replay.');
  const tallies = new Array<Tally | null>(N_BUCKETS).fill(null);
  const sameAs = (part: Part) => JSON.stringify([part.stamp, part.observedUntil, part.shard.of, part.reach]);
  for (const { path, part } of parts) {
    if (sameAs(part) !== sameAs(first.part)) {
      throw new UserError(
        'OTHER_STAMP',
        `${path} and ${first.path} are parts of different replays: history, workflow, seed, version and number of shards must be the same.`,
      );
    }
    for (const [bucket, tally] of part.buckets) {
      if (tallies[bucket] !== null)
        throw new UserError(
          'DOUBLED',
          `${path} repeats people of another part (bucket ${bucket}). Each shard goes in once.`,
        );
      tallies[bucket] = tally;
    }
  }
  const missing = tallies.flatMap((tally, bucket) => (tally === null ? [bucket % first.part.shard.of] : []));
  if (missing.length > 0) {
    throw new UserError(
      'MISSING',
      `Shards are missing: ${[...new Set(missing)].map((index) => `${index}/${first.part.shard.of}`).join(', ')}.`,
    );
  }
  const { workflow, warnings } = checkedWorkflow(first.part.workflow, first.path);
  return {
    ...foldTallies(workflow, tallies as Tally[], first.part.reach),
    dataset: first.part.dataset,
    warnings: warnings.map(issueText),
    stamp: first.part.stamp,
  };
}

function readPart(path: string): Part {
  let json: unknown;
  try {
    json = JSON.parse(readText(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('NO_PART', `${path} is not a part of a replay: it is no JSON, or not whole.`);
  }
  const part = json as Part;
  if (part?.foresendPart !== 1 || !Array.isArray(part.buckets))
    throw new UserError('NO_PART', `${path} is not a part of a replay.`);
  return { ...part, buckets: part.buckets.map(([bucket, tally]) => [bucket, revive(tally)]) };
}

function revive(tally: Tally): Tally {
  const arm = (read: ArmTally): ArmTally => ({ ...read, value: new ExactSum(read.value.partials) });
  return { ...tally, goal: [arm(tally.goal[0]), arm(tally.goal[1])] };
}
