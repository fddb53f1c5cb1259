// A workflow with and without personal send times, to be compared: the one that is open as it stands, the other with the
// gate put in or taken away. And what the gate did to the waiting time of each email.

import { formatDuration, MINUTE_MS } from '../base/index.ts';
import type { ReplayTotals } from '../replay/index.ts';
import type { Workflow, WorkflowFile } from '../workflow/index.ts';

export const LEAD_MS = 15 * MINUTE_MS;
const WITHIN_MS = 24 * 60 * MINUTE_MS;

export interface SendTimeVariants {
  /** Without the gate. */
  readonly without: WorkflowFile;
  readonly with: WorkflowFile;
  readonly leadMs: number;
  readonly withinMs: number;
  /** Whether the workflow has it now. */
  readonly isOn: boolean;
}

/** @param file checked, as `workflow`. A workflow that has none gets 15 minutes before, at most 24 hours later. */
export function sendTimeVariants(file: WorkflowFile, workflow: Workflow): SendTimeVariants {
  const { gates } = file as { gates?: Readonly<Record<string, unknown>> };
  const on = workflow.gates?.sendTime ?? null;
  const { leadMs, withinMs } = on ?? { leadMs: LEAD_MS, withinMs: WITHIN_MS };
  const { sendTime: _, ...others } = gates ?? {};
  const { gates: __, ...bare } = file;
  const sendTime = { personal: true, lead: formatDuration(leadMs), within: formatDuration(withinMs) };
  return {
    without: Object.keys(others).length === 0 ? bare : { ...file, gates: others },
    with: on === null ? { ...file, gates: { ...others, sendTime } } : file,
    leadMs,
    withinMs,
    isOn: on !== null,
  };
}

export interface StepWait {
  readonly step: string;
  readonly due: number;
  /** Emails that went out later for the personal hour. */
  readonly moved: number;
  /** Of those a gate put off; null where none was. */
  readonly medianMs: number | null;
  /** Over all that were due, those that did not wait included; null where none was due. */
  readonly meanMs: number | null;
}

/** @param totals of the workflow with the gate */
export function stepWaits({ steps }: ReplayTotals): StepWait[] {
  return steps.map(({ id, due, moved }) => ({
    step: id,
    due,
    moved: moved.byGate['sendTime'] ?? 0,
    medianMs: moved.medianDelayMs,
    meanMs: due === 0 ? null : ((moved.meanDelayMs ?? 0) * moved.count) / due,
  }));
}
