// Parts of a replay cut by people, and their merge. A part holds whole buckets with exact sums and the stamp of what made
// it; the totals of one run and of many are folded from the same 128 buckets, so they are equal to the last digit.

import type { ProgrammeAnswer, ReplayAnswer, Stamp } from '../api/index.ts';
import { ExactSum, UserError } from '../base/index.ts';
import { N_BUCKETS } from '../events/index.ts';
import {
  type ArmTally,
  foldProgramme,
  foldTallies,
  type ProgrammeResult,
  type ProgrammeTally,
  type ReplayResult,
  type ReplayTotals,
  type Tally,
} from '../replay/index.ts';
import type { SecondaryTally } from '../value/index.ts';
import type { ProgrammeFiles, Workflow, WorkflowFile } from '../workflow/index.ts';
import { readText, writeWhole } from './files.ts';
import { checkedProgramme } from './programme-file.ts';
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
  /** What was said of the workflow and the whole history, the same for every shard. */
  readonly warnings: readonly string[];
  readonly what: WorkflowPart | ProgrammePart;
}

interface WorkflowPart {
  readonly kind: 'workflow';
  readonly reach: 'known' | 'unknown';
  /** With overrides applied. */
  readonly workflow: WorkflowFile;
  readonly buckets: readonly (readonly [bucket: number, tally: Tally])[];
  /** By secondary goal. */
  readonly secondary: readonly SecondaryTally[];
}

interface ProgrammePart {
  readonly kind: 'programme';
  /** By workflow. */
  readonly reaches: readonly ('known' | 'unknown')[];
  /** With overrides applied. */
  readonly files: ProgrammeFiles;
  readonly buckets: readonly (readonly [bucket: number, tally: ProgrammeTally])[];
}

type PartHead = Omit<Part, 'foresendPart' | 'what'>;

/** @param workflow with overrides applied */
export function writePart(
  path: string,
  head: PartHead,
  workflow: WorkflowFile,
  result: ReplayResult,
  secondary: readonly SecondaryTally[],
): void {
  const buckets = bucketsOf(head.shard, result.buckets);
  write(path, head, { kind: 'workflow', reach: result.totals.reach, workflow, buckets, secondary });
}

/** @param files with overrides applied */
export function writeProgrammePart(path: string, head: PartHead, files: ProgrammeFiles, result: ProgrammeResult): void {
  const reaches = result.workflows.map(({ totals }) => totals.reach);
  write(path, head, { kind: 'programme', reaches, files, buckets: bucketsOf(head.shard, result.buckets) });
}

function bucketsOf<T>(shard: Shard, all: readonly T[]): (readonly [number, T])[] {
  return all.map((tally, bucket) => [bucket, tally] as const).filter(([bucket]) => bucket % shard.of === shard.index);
}

function write(path: string, head: PartHead, what: Part['what']): void {
  writeWhole(path, JSON.stringify({ foresendPart: 1, ...head, what } satisfies Part));
}

/** @throws UserError unless the parts cover every bucket exactly once with one stamp */
export async function mergeParts(paths: readonly string[]): Promise<ReplayAnswer | ProgrammeAnswer> {
  const parts = paths.map((path) => ({ path, part: readPart(path) }));
  const [first] = parts;
  if (first === undefined) throw new UserError('NO_PARTS', 'merge needs the parts of a replay.');
  const buckets = gather(first, parts);
  const { dataset, stamp, warnings, what } = first.part;
  if (what.kind === 'workflow') {
    const { workflow } = checkedWorkflow(what.workflow, first.path);
    const totals = foldTallies(workflow, buckets as Tally[], what.reach);
    const counted = parts.map(({ part }) => (part.what.kind === 'workflow' ? part.what.secondary : []));
    return { ...totals, dataset, warnings, stamp, ...(await secondaryOfParts(workflow, counted, stamp.seed)) };
  }
  const { workflows } = checkedProgramme(what.files, first.path);
  const folded = foldProgramme(workflows, buckets as ProgrammeTally[], what.reaches);
  return {
    programme: folded.programme,
    workflows: Object.fromEntries(workflows.map(({ id }, w) => [id, folded.workflows[w] as ReplayTotals])),
    dataset,
    warnings,
    stamp,
  };
}

/** What the secondary goals of a workflow come to over all parts of the people; nothing where it has none. */
export async function secondaryOfParts(
  workflow: Workflow,
  parts: readonly (readonly SecondaryTally[])[],
  seed: number,
): Promise<Pick<ReplayAnswer, 'secondary'>> {
  if (workflow.secondary.length === 0) return {};
  const { figuresOfTallies, mergeSecondary } = await import('../value/index.ts');
  return { secondary: figuresOfTallies(workflow, mergeSecondary(parts), { seed }) };
}

interface Read {
  readonly path: string;
  readonly part: Part;
}

/** What the parts hold, by bucket. */
function gather(first: Read, parts: readonly Read[]): (Tally | ProgrammeTally)[] {
  const tallies = new Array<Tally | ProgrammeTally | null>(N_BUCKETS).fill(null);
  const sameAs = ({ stamp, observedUntil, shard, what }: Part) =>
    JSON.stringify([stamp, observedUntil, shard.of, what.kind === 'workflow' ? what.reach : what.reaches]);
  for (const { path, part } of parts) {
    if (sameAs(part) !== sameAs(first.part)) {
      throw new UserError(
        'OTHER_STAMP',
        `${path} and ${first.path} are parts of different replays: history, workflow, seed, version and number of shards must be the same.`,
      );
    }
    for (const [bucket, tally] of part.what.buckets) {
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
  return tallies as (Tally | ProgrammeTally)[];
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
  const isWhole = part?.what?.kind !== 'workflow' || Array.isArray(part.what.secondary);
  if (part?.foresendPart !== 1 || !Array.isArray(part.what?.buckets) || !Array.isArray(part.warnings) || !isWhole)
    throw new UserError('NO_PART', `${path} is not a part of a replay.`);
  const { what } = part;
  if (what.kind === 'workflow') {
    return { ...part, what: { ...what, buckets: what.buckets.map(([bucket, tally]) => [bucket, revive(tally)]) } };
  }
  const buckets = what.buckets.map(
    ([bucket, { workflows, people }]) => [bucket, { workflows: workflows.map(revive), people }] as const,
  );
  return { ...part, what: { ...what, buckets } };
}

/** Sums that were plain data on the way. */
export function revive(tally: Tally): Tally {
  const arm = (read: ArmTally): ArmTally => ({ ...read, value: new ExactSum(read.value.partials) });
  return { ...tally, goal: [arm(tally.goal[0]), arm(tally.goal[1])] };
}
