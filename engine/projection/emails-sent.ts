// How many emails a replay sends: those of all steps, without what the holdout would have got.

import type { StepTotals } from '../replay/index.ts';

export function emailsSent({ steps }: { readonly steps: readonly Pick<StepTotals, 'sent'>[] }): number {
  return steps.reduce((sum, { sent }) => sum + sent, 0);
}
