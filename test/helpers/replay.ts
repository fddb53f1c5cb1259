// Tiny histories and their replays as text, in minutes: a whole case fits on a screen.

import type { Scalar } from '../../engine/columns/index.ts';
import { type BuildOptions, buildHistory, type EventRow, type PropertyRow } from '../../engine/events/index.ts';
import { type Decision, type ReplayResult, replayProgramme, replayWorkflow } from '../../engine/replay/index.ts';
import type { Workflow } from '../../engine/workflow/index.ts';
import { MIN } from './workflow.ts';

/** An event of person `p` at a minute; a number is its value, anything else its properties. */
export function at(
  minute: number,
  name: string,
  more?: number | Record<string, Scalar> | undefined,
  person = 'p',
): EventRow {
  const time = minute * MIN;
  if (typeof more === 'number') return { person, name, time, value: more };
  return { person, name, time, properties: more };
}

/** A property of person `p` from a minute on. */
export function set(minute: number, property: string, value: Scalar | null, person = 'p'): PropertyRow {
  return { person, time: minute * MIN, property, value };
}

export interface Case {
  readonly changes?: readonly PropertyRow[];
  readonly options?: BuildOptions;
  /** Default: 10,000 minutes. */
  readonly until?: number;
}

export function replayCase(events: readonly EventRow[], workflow: Workflow, more: Case = {}) {
  const options = { observedUntil: (more.until ?? 10_000) * MIN, ...more.options };
  const history = buildHistory(events, more.changes, options);
  const decisions: Decision[] = [];
  const result: ReplayResult = replayWorkflow(history, workflow, { onDecision: (d) => decisions.push(d) });
  return { ...result, history, decisions };
}

/** Decisions as `minute kind step|reason`, persons but `p` in front. */
export function log(events: readonly EventRow[], workflow: Workflow, more: Case = {}): string[] {
  return replayCase(events, workflow, more).decisions.map(line);
}

/** Several workflows, highest priority first; lines begin with the workflow. */
export function programmeCase(events: readonly EventRow[], workflows: readonly Workflow[], more: Case = {}) {
  const options = { observedUntil: (more.until ?? 10_000) * MIN, ...more.options };
  const history = buildHistory(events, more.changes, options);
  const decisions: Decision[] = [];
  const result = replayProgramme(history, workflows, { onDecision: (d) => decisions.push(d) });
  return { ...result, history, decisions, lines: decisions.map((d) => `${d.workflow}: ${line(d)}`) };
}

export function line(d: Decision): string {
  const what = [d.step, d.reason].filter((part) => part !== null).join(' ');
  return `${d.person === 'p' ? '' : `${d.person} `}${d.time / MIN} ${d.kind}${what === '' ? '' : ` ${what}`}`;
}

/** The minutes of the candidates alone. */
export function candidates(events: readonly EventRow[], workflow: Workflow, more: Case = {}): number[] {
  return replayCase(events, workflow, more)
    .decisions.filter((d) => d.kind === 'candidate')
    .map((d) => d.time / MIN);
}
