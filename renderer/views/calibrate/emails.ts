// When the emails of a file leave, counted from the anchor: the window plus each delay. Quiet hours and caps can only
// make it later.

import type { WorkflowFile } from '../../../engine/api.ts';
import { parseDuration } from '../../../engine/base/index.ts';

export interface EmailMoment {
  readonly n: number;
  readonly id: string;
  /** ms after the anchor. */
  readonly at: number;
}

interface StepLike {
  readonly id?: unknown;
  readonly delay?: unknown;
  readonly from?: unknown;
  readonly paths?: readonly { readonly steps?: readonly StepLike[] }[];
  readonly else?: readonly StepLike[];
}

/** In file order; of a branch its first path. @param window ms */
export function emailMoments(file: WorkflowFile | null, window: number): EmailMoment[] {
  const sequence = Array.isArray(file?.['sequence']) ? (file['sequence'] as readonly StepLike[]) : [];
  const steps = sequence.flatMap(
    (item) => item.paths?.[0]?.steps ?? (item.paths === undefined ? [item] : (item.else ?? [])),
  );
  let previous = window;
  return steps.map((step, i) => {
    const delay = typeof step.delay === 'string' ? (parseDuration(step.delay) ?? 0) : 0;
    const at = (step.from === 'previous' ? previous : window) + delay;
    previous = at;
    return { n: i + 1, id: typeof step.id === 'string' ? step.id : `${i + 1}`, at };
  });
}
