// The questions behind the figures: which call answers which kind, with which request. A kind that has no answer for
// this workflow is refused here, in words, before anything is asked.

import type { CallOptions, WindowApi, WorkflowFile, WorkflowRequest } from '../../engine/api/index.ts';
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
  'people',
];

/** Of the assumptions, for every projection on screen. */
export const DRAWS = 4000;
const MINUTES_AND_HOURS = ['15m', '20m', '30m', '45m', '60m', '90m', '2h', '3h', '4h', '6h', '12h', '24h', '2d', '3d'];
const DAYS = ['3d', '5d', '7d', '10d', '14d', '21d', '30d', '45d', '60d', '90d'];

/** A waiting time of a workflow: where it stands, and as what. */
export interface WaitSetting {
  /** `trigger.within`, `trigger.triggers[1].for`. */
  readonly path: string;
  /** As in the file: `60m`. */
  readonly value: string;
  readonly kind: 'inaction' | 'absence';
  /** Of one trigger among several: itself, which is what a window is judged on. Null where it is the only one. */
  readonly alone: Readonly<Record<string, unknown>> | null;
}

/** All of them, in the file's order: of a trigger that waits, or of those in `anyOf` that do. */
export function waitsOf(file: WorkflowFile | null): WaitSetting[] {
  const trigger = recordOf(file?.['trigger']);
  if (trigger === null) return [];
  if (trigger['type'] !== 'anyOf') return waitAt('trigger', trigger, null);
  const triggers = Array.isArray(trigger['triggers']) ? trigger['triggers'] : [];
  return triggers.flatMap((entry, i) => {
    const one = recordOf(entry);
    return one === null ? [] : waitAt(`trigger.triggers[${i}]`, one, triggers.length === 1 ? null : one);
  });
}

/** The one that is looked at; null where the trigger waits for nothing. @param chosen a path; default the first */
export function waitOf(file: WorkflowFile | null, chosen: string | null = null): WaitSetting | null {
  const waits = waitsOf(file);
  return waits.find(({ path }) => path === chosen) ?? waits[0] ?? null;
}

function waitAt(path: string, trigger: Record<string, unknown>, alone: WaitSetting['alone']): WaitSetting[] {
  const { type, within, for: silence } = trigger;
  if (type === 'inaction' && typeof within === 'string')
    return [{ path: `${path}.within`, value: within, kind: type, alone }];
  if (type === 'absence' && typeof silence === 'string')
    return [{ path: `${path}.for`, value: silence, kind: type, alone }];
  return [];
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export type Question<K extends AnswerKind> =
  | { readonly ask: (api: WindowApi, options: CallOptions) => Promise<AnswerValues[K]> }
  | { readonly refused: Problem };

type AnyQuestion = { [K in AnswerKind]: Question<K> }[AnswerKind];

/** @returns null where there is nothing to ask about yet: no dataset, or a workflow that is not valid */
export function questionOf(
  kind: AnswerKind,
  state: Pick<WindowState, 'session' | 'workflow' | 'view'>,
): AnyQuestion | null {
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
    case 'calibrate': {
      const { set } = aloneOf(request, waitOf(request.workflow, state.view.wait));
      return { ask: (api, options) => api.calibrate({ ...request, set }, options) };
    }
    case 'traffic':
      return { ask: (api, options) => api.traffic(request, options) };
    case 'project':
      return {
        ask: (api, options) => api.project({ ...request, response, draws: DRAWS, calibration: false }, options),
      };
    case 'people':
      return { ask: (api, options) => api.people(request, options) };
    case 'breakdown':
      return { ask: (api, options) => api.breakdown({ ...request, response, draws: DRAWS }, options) };
    case 'windows':
    case 'sweep': {
      const wait = waitOf(request.workflow, state.view.wait);
      if (wait === null) return { refused: NO_WAIT };
      const { set, path } = aloneOf(request, wait);
      if (kind === 'windows') return { ask: (api, options) => api.windows({ ...request, set }, options) };
      const over = [{ path, values: sweptValues(wait) }];
      return { ask: (api, options) => api.sweep({ ...request, set, over, response }, options) };
    }
  }
}

/** A window is judged on the episodes of its own trigger; those of others would only blur it. */
export function aloneOf(
  { set }: Pick<WorkflowRequest, 'set'>,
  wait: WaitSetting | null,
): { readonly set: readonly string[]; readonly path: string } {
  if (wait === null || wait.alone === null) return { set, path: wait?.path ?? '' };
  return {
    set: [...set, `trigger=${JSON.stringify(wait.alone)}`],
    path: wait.kind === 'inaction' ? 'trigger.within' : 'trigger.for',
  };
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
export function sweptValues(wait: Pick<WaitSetting, 'kind' | 'value'>): string[] {
  const values = wait.kind === 'inaction' ? MINUTES_AND_HOURS : DAYS;
  const own = parsed(wait.value);
  // All windows are watched for as long as the longest needs: a silence far beyond the present one leaves nothing mature.
  const longest = wait.kind === 'inaction' ? Number.POSITIVE_INFINITY : 3 * own;
  const others = values.filter((value) => parsed(value) !== own && parsed(value) <= longest);
  return [...others, wait.value].sort((a, b) => parsed(a) - parsed(b));
}

function parsed(text: string): number {
  return parseDuration(text) ?? 0;
}
