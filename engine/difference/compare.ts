// Two to four versions of a workflow side by side on one history: what each would send and add, each figure with its
// difference to the first on common random numbers, and whom it gains and loses. A version by itself has the very
// figures that `replay` and `project` give it.

import { UserError } from '../base/index.ts';
import type { History } from '../events/index.ts';
import {
  type Attributed,
  type Draw,
  type DrawnRun,
  type Estimate,
  emailsSent,
  type PairedDifference,
  type Projection,
  pairedCounts,
  pairedOutcome,
  projectWithDraws,
  type ResponseModel,
  resampledCount,
  type Setting,
  watchAttributed,
} from '../projection/index.ts';
import { type ReplayResult, replayWorkflow } from '../replay/index.ts';
import type { Workflow, WorkflowFile } from '../workflow/index.ts';
import { changeSentence, type FieldChange, workflowChanges } from './changes.ts';
import { type DecisionColumns, decisionColumns, SaidTable } from './decisions.ts';
import { FIGURES, type FigureKey, figuresMoved } from './figures.ts';
import { type DifferenceRule, type PeopleCounts, PeopleDifference } from './people.ts';
import { type PerEmail, perEmailOf } from './per-email.ts';
import { type Regret, regretOf } from './regret.ts';

export interface Version {
  /** As the columns are headed; each its own. */
  readonly name: string;
  /** Whose change is told in words: the file as it runs, settings included. */
  readonly file: WorkflowFile;
  readonly workflow: Workflow;
  readonly response: ResponseModel;
}

/** A difference to the first version. */
export interface FigureDifference extends Estimate {
  /**
   * `construction`: nothing that differs can move this figure. `here`: it is the same for everyone in this history.
   * Null: it may differ.
   */
  readonly identical: 'construction' | 'here' | null;
}

export interface ComparedFigure {
  readonly value: Estimate;
  /** Null for the first version. */
  readonly difference: FigureDifference | null;
}

export interface ComparedVersion {
  readonly name: string;
  /** Id and hash of the workflow. */
  readonly workflow: string;
  readonly hash: string;
  readonly figures: Readonly<Record<FigureKey, ComparedFigure>>;
  /** Credited and added for each email sent; null where none is sent or nothing is projected. */
  readonly perEmail: PerEmail | null;
  /** Against the first; null for it. */
  readonly change: { readonly sentence: string; readonly fields: readonly FieldChange[] } | null;
  readonly people: (PeopleCounts & { readonly rules: readonly DifferenceRule[]; readonly rulesLeftOut: number }) | null;
  readonly notices: readonly string[];
}

export interface Comparison {
  readonly versions: readonly ComparedVersion[];
  readonly draws: number;
  /** Which is best in most plausible worlds; null where a version is not projected. */
  readonly regret?: Regret | null;
}

export interface CompareOptions {
  readonly seed: number;
  readonly draws: number;
  readonly signal?: AbortSignal;
  /** Told the name of the version that is worked out. */
  readonly onVersion?: (name: string, done: number, all: number) => void;
}

export const MOST_VERSIONS = 4;
/** Rules listed for each version; the people of the others are in the list of people. */
const MOST_RULES = 24;
/** Draws that credits are averaged over. */
const CREDIT_DRAWS = 400;

/**
 * @param versions two to four, of different names
 * @returns the comparison, and the people of each version but the first, for lists
 * @throws UserError `COMPARE` for too few or too many; `NOT_REPLAYABLE`; whatever the signal throws
 */
export function compareVersions(
  history: History,
  versions: readonly Version[],
  options: CompareOptions,
): { readonly comparison: Comparison; readonly people: readonly (PeopleDifference | null)[] } {
  if (versions.length < 2 || versions.length > MOST_VERSIONS) {
    throw new UserError('COMPARE', `A comparison has two to ${MOST_VERSIONS} columns, not ${versions.length}.`);
  }
  const { seed, draws, signal } = options;
  const table = new SaidTable();
  const asked = signal === undefined ? {} : { signal };
  const seen = versions.map((version, i): Seen => {
    options.onVersion?.(version.name, i, versions.length);
    signal?.throwIfAborted();
    const { workflow, response } = version;
    const replayed = replayWorkflow(history, workflow, asked);
    let credited: () => Attributed | null = () => null;
    const watch = (setting: Setting) => {
      const watched = watchAttributed(replayed.enrollments, setting);
      credited = watched.result;
      // Who is credited though they come anyway hardly varies from draw to draw.
      let left = CREDIT_DRAWS;
      return (draw: Draw) => {
        if (left-- > 0) watched.draw(draw);
      };
    };
    const projected = projectWithDraws(history, workflow, response, { seed, draws, replayed, watch, ...asked });
    return {
      version,
      replayed,
      ...projected,
      attributed: credited(),
      decisions: decisionColumns(history, workflow, table, asked),
    };
  });
  const first = seen[0] as Seen;
  const people = seen.map((one, i) =>
    i === 0 ? null : new PeopleDifference(history, table, first.decisions, one.decisions),
  );
  const compared = seen.map((one, i): ComparedVersion => {
    const changes = workflowChanges(first.version.file, one.version.file);
    const moved = figuresMoved(
      changes,
      JSON.stringify(first.version.response) !== JSON.stringify(one.version.response),
    );
    const figure = (key: FigureKey): ComparedFigure => ({
      value: estimateOf(one, key, options),
      difference: i === 0 ? null : differenceOf(first, one, key, moved.has(key), options),
    });
    const own = people[i] ?? null;
    return {
      name: one.version.name,
      workflow: one.version.workflow.id,
      hash: one.version.workflow.hash,
      figures: Object.fromEntries(FIGURES.map((key) => [key, figure(key)])) as Record<FigureKey, ComparedFigure>,
      perEmail: perEmailOf(one.projection, one.attributed),
      change: i === 0 ? null : { sentence: changeSentence(changes), fields: changes },
      people:
        own === null
          ? null
          : {
              ...own.counts,
              rules: own.rules.slice(0, MOST_RULES),
              rulesLeftOut: Math.max(0, own.rules.length - MOST_RULES),
            },
      notices: one.projection.notices,
    };
  });
  const regret = regretOf(
    seen.map(({ version, run, projection }) => ({
      name: version.name,
      run,
      isMoneyKnown: projection.profit.expected !== null,
    })),
  );
  return { comparison: { versions: compared, draws, regret }, people };
}

interface Seen {
  readonly version: Version;
  readonly replayed: ReplayResult;
  readonly projection: Projection;
  readonly run: DrawnRun | null;
  readonly attributed: Attributed | null;
  readonly decisions: DecisionColumns;
}

/** Per bucket, what a counted figure counts. */
function perBucket({ replayed }: Seen, key: 'runs' | 'emails' | 'anyway'): number[] {
  return replayed.buckets.map((bucket) => {
    if (key === 'runs') return bucket.enrolled[0] + bucket.enrolled[1];
    if (key === 'emails') return emailsSent(bucket);
    return bucket.goal[0].converted + bucket.goal[1].converted;
  });
}

function estimateOf(one: Seen, key: FigureKey, { seed, draws }: CompareOptions): Estimate {
  const { projection } = one;
  if (key === 'because') return estimate(projection.incremental);
  if (key === 'profit') return estimate(projection.profit);
  if (key === 'anyway' && projection.identified !== true) return unknown(projection.identified.reason);
  return resampledCount(perBucket(one, key), seed, draws);
}

function differenceOf(
  first: Seen,
  second: Seen,
  key: FigureKey,
  isMoved: boolean,
  options: CompareOptions,
): FigureDifference {
  const values = [first, second].map((one) => estimateOf(one, key, options));
  const lacking = [first, second].find((_, i) => values[i]?.expected === null);
  if (lacking !== undefined) {
    const reason = values[[first, second].indexOf(lacking)]?.reason ?? 'not known';
    return { ...unknown(`${lacking.version.name}: ${reason}`), identical: isMoved ? null : 'construction' };
  }
  const { isZero, ...paired } = pairedOf(first, second, key, options);
  return { ...paired, identical: isZero ? (isMoved ? 'here' : 'construction') : null };
}

function pairedOf(first: Seen, second: Seen, key: FigureKey, options: CompareOptions): PairedDifference {
  if (key !== 'because' && key !== 'profit') {
    return pairedCounts(perBucket(first, key), perBucket(second, key), options.seed, options.draws);
  }
  if (first.run === null || second.run === null) {
    return { ...unknown('There are no draws to pair.'), isZero: false };
  }
  return pairedOutcome(first.run, second.run, key === 'because' ? 'net' : 'profit');
}

function estimate({ expected, low, high, reason }: Estimate): Estimate {
  return { expected, low, high, ...(reason === undefined ? {} : { reason }) };
}

function unknown(reason: string): Estimate {
  return { expected: null, low: null, high: null, reason };
}
