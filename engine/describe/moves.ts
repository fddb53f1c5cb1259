// What a fault does to the answer: the main pair of the history replayed and calibrated with it and, its repair applied,
// without it. Both sides are the same question, so that only the history differs.

import { DAY_MS, ExactSum, formatDuration, HOUR_MS } from '../base/index.ts';
import { calibrate } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import { applyRemedies } from '../remedies/index.ts';
import { replayWorkflow } from '../replay/index.ts';
import { checkWorkflow, type Workflow } from '../workflow/index.ts';
import type { Finding, FindingMoves, MovedFigures } from './finding.ts';
import type { MainPair } from './main-pair.ts';
import { forEachValue } from './tally.ts';

const WINDOW_MS = HOUR_MS;
const GOAL_WITHIN_MS = 7 * DAY_MS;
/** Enough to tell whether a window is settled. */
const REPLICATES = 200;
const SEED = 1;

interface Watch {
  /** Looked at between parts of the work; what it throws ends it. */
  readonly signal?: AbortSignal;
  /** Told how many histories of how many have been replayed. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** The same findings, those that can be repaired with what that moves. */
export function withMoves(
  history: History,
  findings: readonly Finding[],
  pair: MainPair | null,
  { signal, onProgress }: Watch = {},
): Finding[] {
  const nRepairs = findings.filter(({ repair }) => repair !== undefined).length;
  if (pair === null || nRepairs === 0) return [...findings];
  const workflow = pairWorkflow(pair);
  let done = 0;
  onProgress?.(done, nRepairs + 1);
  const before = figuresOf(history, workflow, pair, signal);
  return findings.map((finding) => {
    if (finding.repair === undefined) return finding;
    signal?.throwIfAborted();
    onProgress?.(++done, nRepairs + 1);
    const after = figuresOf(applyRemedies(history, [finding.repair]), workflow, pair, signal);
    const moves: FindingMoves = { ...pair, windowMs: WINDOW_MS, goalWithinMs: GOAL_WITHIN_MS, before, after };
    return { ...finding, moves };
  });
}

function pairWorkflow({ anchor, goal }: MainPair): Workflow {
  const checked = checkWorkflow({
    foresend: 1,
    id: 'main-pair',
    trigger: {
      type: 'inaction',
      after: { event: anchor },
      without: { event: goal },
      within: formatDuration(WINDOW_MS),
    },
    sequence: [{ id: 'email', delay: '1h' }],
    exit: { on: [{ event: goal }] },
    goal: { event: goal, within: formatDuration(GOAL_WITHIN_MS) },
  });
  return checked.workflow as Workflow;
}

/** The figures of one history for a pair. */
function figuresOf(history: History, workflow: Workflow, pair: MainPair, signal?: AbortSignal): MovedFigures {
  const heard = signal === undefined ? {} : { signal };
  const { totals } = replayWorkflow(history, workflow, { ...heard, enrollments: 'none' });
  const { current, recommended } = calibrate(history, workflow, { seed: SEED, replicates: REPLICATES, ...heard });
  const goal = history.nameCode(pair.goal);
  const sum = new ExactSum();
  forEachValue(history.values, history.nEvents, (row, value) => {
    if (history.nameCodes[row] === goal) sum.add(value);
  });
  let goals = 0;
  for (const code of history.nameCodes) if (code === goal) goals++;
  const { triggered, wouldConvertAnyway } = current;
  return {
    persons: history.nPersons,
    events: history.nEvents,
    goals,
    goalValue: sum.value,
    candidates: totals.candidates,
    anywayRate:
      triggered === null || wouldConvertAnyway === null || triggered === 0 ? null : wouldConvertAnyway / triggered,
    p90Ms: recommended.p90.value,
    recommendedMs: recommended.window,
  };
}
