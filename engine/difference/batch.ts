// The batch send to compare with: the same emails and goal, to everyone at each run of a cron, whatever they have done.
// Id and salt stay, so that the same people are held out.

import type { WorkflowFile } from '../workflow/index.ts';

/** Mondays at 09:00, in the workflow's zone. */
export const BATCH_CRON = '0 9 * * 1';

/**
 * Keeps the emails, their delays, holdout, goal and prices, when a person leaves the sequence, and who has unsubscribed
 * or cannot be reached. Left out are audience, suppressions, caps, quiet hours and send times, and limits on re-entry.
 * @param cron five fields; checked with the workflow
 */
export function batchOf(file: WorkflowFile, cron: string = BATCH_CRON): WorkflowFile {
  const copy = JSON.parse(JSON.stringify(file)) as Record<string, unknown>;
  const gates = copy['gates'];
  for (const key of ['audience', 'suppress', 'reentry', 'gates', 'globalHoldout']) delete copy[key];
  const kept = typeof gates === 'object' && gates !== null && 'unsubscribed' in gates ? gates.unsubscribed : null;
  return {
    ...copy,
    trigger: { type: 'schedule', cron },
    ...(kept === null ? {} : { gates: { unsubscribed: kept } }),
  } as unknown as WorkflowFile;
}
