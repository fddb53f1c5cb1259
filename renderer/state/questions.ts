// The questions behind the figures: which call answers which kind, with which request. A kind that has no answer for
// this workflow is refused here, in words, before anything is asked.

import type { CallOptions, WindowApi, WorkflowFile, WorkflowRequest } from '../../engine/api.ts';
import { parseDuration } from '../../engine/base/index.ts';
import type { AnswerKind, AnswerValues, Problem, WindowState } from './types.ts';

export const ANSWER_KINDS: readonly AnswerKind[] = [
  'describe',
  'windows',
  'replay',
  'calibrate',
  'traffic',
  'sweep',
  'project',
  'breakdown',
];

const DRAWS = 4000;
const MINUTES_AND_HOURS = ['15m', '20m', '30m', '45m', '60m', '90m', '2h', '3h', '4h', '6h', '12h', '24h', '2d', '3d'];
const DAYS = ['3d', '5d', '7d', '10d', '14d', '21d', '30d', '45d', '60d', '90d'];

/** Where the waiting time of a workflow stands, and as what; null where its trigger waits for nothing. */
export interface WaitSetting {
  readonly path: 'trigger.within' | 'trigger.for';
  /** As in the file: `60m`. */
  readonly value: string;
}

export function waitOf(file: WorkflowFile | null): WaitSetting | null {
  const trigger = file?.['trigger'];
  if (typeof trigger !== 'object' || trigger === null) return null;
  const { type, within, for: silence } = trigger as Record<string, unknown>;
  if (type === 'inaction' && typeof within === 'string') return { path: 'trigger.within', value: within };
  if (type === 'absence' && typeof silence === 'string') return { path: 'trigger.for', value: silence };
  return null;
}

export type Question<K extends AnswerKind> =
  | { readonly ask: (api: WindowApi, options: CallOptions) => Promise<AnswerValues[K]> }
  | { readonly refused: Problem };

type AnyQuestion = { [K in AnswerKind]: Question<K> }[AnswerKind];

/** @returns null where there is nothing to ask about yet: no dataset, or a workflow that is not valid */
export function questionOf(kind: AnswerKind, state: Pick<WindowState, 'session' | 'workflow'>): AnyQuestion | null {
  const { dataset } = state.session;
  if (dataset === null) return null;
  // Asked with the others, not before them: it takes long, and what the screen opens with comes first.
  if (kind === 'describe' && !state.workflow.isChecked && state.workflow.problem === null) return null;
  if (kind === 'describe') return { ask: (api, options) => api.describe({ dataset }, options) };
  const request = requestOf(state);
  if (request === null) return null;
  const { response } = state.workflow;
  switch (kind) {
    case 'replay':
      return { ask: (api, options) => api.replay({ ...request, log: null, shard: null, part: null }, options) };
    case 'calibrate':
      return { ask: (api, options) => api.calibrate(request, options) };
    case 'traffic':
      return { ask: (api, options) => api.traffic(request, options) };
    case 'project':
      return {
        ask: (api, options) => api.project({ ...request, response, draws: DRAWS, calibration: false }, options),
      };
    case 'breakdown':
      return { ask: (api, options) => api.breakdown({ ...request, response, draws: DRAWS }, options) };
    case 'windows':
    case 'sweep': {
      const wait = waitOf(request.workflow);
      if (wait === null) return { refused: NO_WAIT };
      if (kind === 'windows') return { ask: (api, options) => api.windows(request, options) };
      const over = [{ path: wait.path, values: sweptValues(wait) }];
      return { ask: (api, options) => api.sweep({ ...request, over, response }, options) };
    }
  }
}

export const NO_WAIT: Problem = {
  code: 'NO_WAIT',
  message: 'The trigger of this workflow waits for nothing, so there is no window to choose.',
  issues: [],
};

/** The request all questions about the workflow share; null while the workflow is not valid, or not checked. */
export function requestOf({ session, workflow }: Pick<WindowState, 'session' | 'workflow'>): WorkflowRequest | null {
  const { file, check, isChecked, path } = workflow;
  if (session.dataset === null || path === null || file === null || !isChecked || check === null) return null;
  if (check.sentence === null) return null;
  return { dataset: session.dataset, workflow: file, workflowPath: path, set: [], seed: session.seed };
}

/** The windows set against each other: round ones of the trigger's size, and the one in force. */
export function sweptValues(wait: WaitSetting): string[] {
  const values = wait.path === 'trigger.within' ? MINUTES_AND_HOURS : DAYS;
  const own = parsed(wait.value);
  // All windows are watched for as long as the longest needs: a silence far beyond the present one leaves nothing mature.
  const longest = wait.path === 'trigger.within' ? Number.POSITIVE_INFINITY : 3 * own;
  const others = values.filter((value) => parsed(value) !== own && parsed(value) <= longest);
  return [...others, wait.value].sort((a, b) => parsed(a) - parsed(b));
}

function parsed(text: string): number {
  return parseDuration(text) ?? 0;
}
