// Calibrations that were made before. They hang on what the trigger waits for, the goal, the zone and the seed alone: an
// edit of a rule, an email or the economics, and one taken back, find theirs again.

import { type CalibrateOptions, type Calibration, calibrate } from '../../calibrate/index.ts';
import type { History } from '../../events/index.ts';
import type { Workflow } from '../../workflow/index.ts';

/** Of each history; the one not asked for longest falls out. */
const MOST_KEPT = 12;

const kept = new WeakMap<History, Map<string, Calibration>>();

/** `calibrate`, the same object for the same question as long as it is kept. @throws what `calibrate` throws */
export function calibrateOnce(
  history: History,
  workflow: Workflow,
  options: Pick<CalibrateOptions, 'seed' | 'signal'>,
): Calibration {
  const { trigger, goal, timezone } = workflow;
  const key = JSON.stringify([trigger, goal, timezone, options.seed]);
  const known = kept.get(history) ?? new Map<string, Calibration>();
  kept.set(history, known);
  const found = known.get(key) ?? calibrate(history, workflow, options);
  known.delete(key);
  known.set(key, found);
  for (const oldest of known.keys()) {
    if (known.size <= MOST_KEPT) break;
    known.delete(oldest);
  }
  return found;
}
