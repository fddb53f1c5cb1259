// The settings a cohort can answer for without a replay: those that differ in the window, in delays, incentives and
// prices. Each is set on one table of counts per sequence, over one horizon from the anchor, so that a grid of windows
// and delays is as comparable as a list of windows.

import type { Cohort } from '../calibrate/index.ts';
import type { History } from '../events/index.ts';
import type { SequenceItem, Trigger, Workflow } from '../workflow/index.ts';
import { type ResolvedResponse, type ResponseModel, resolveResponse } from './response.ts';
import { type NominalStep, nominalSteps, windowOf } from './sequence-times.ts';
import type { Settings } from './sweep-result.ts';
import { WindowTable, type WindowTotalsOfAll } from './window-table.ts';
import { evaluate, knotsOf, type WindowContext, type WindowTheta, type Worth } from './window-worth.ts';

export interface SweptWindow {
  readonly set: Settings;
  readonly workflow: Workflow;
}

/** Whether the trigger waits. */
export function hasWindow({ trigger }: Workflow): boolean {
  return trigger.type === 'inaction' || trigger.type === 'absence';
}

/** Counts of all tables under one weighting of people. */
export type TotalsOfTables = readonly WindowTotalsOfAll[];

export interface PlacedSetting extends SweptWindow {
  readonly windowMs: number;
  /** From anchor to first email. */
  readonly firstEmailMs: number;
  /** Its table, and its window there. */
  readonly table: number;
  readonly at: number;
  readonly context: WindowContext;
}

/** What all settings share. */
export interface Common {
  readonly history: History;
  readonly cohort: Cohort;
  readonly horizon: number;
  readonly resolved: ResolvedResponse;
  readonly response: ResponseModel;
  readonly loadedWait: number;
  /** Mean value of a goal event in the history; null where it has none. */
  readonly value: number | null;
}

export interface Placed {
  readonly settings: readonly PlacedSetting[];
  totals(weights: ArrayLike<number> | null): TotalsOfTables;
}

/** @param rate at which odds are taken, the same for all @param sizes of the bootstrap's units */
export function placeSettings(swept: readonly SweptWindow[], rate: number, common: Common): Placed {
  const groups = new Map<string, { steps: readonly NominalStep[]; waits: number[] }>();
  const placed = swept.map(({ workflow }) => {
    const steps = nominalSteps(workflow, null);
    const key = JSON.stringify(steps);
    const group = groups.get(key) ?? { steps, waits: [] };
    groups.set(key, group);
    return { group, at: group.waits.push(windowOf(workflow)) - 1 };
  });
  const all = [...groups.values()];
  const { history, cohort, horizon } = common;
  const tables = all.map(({ steps, waits }) => new WindowTable(history, cohort, waits, steps, horizon));
  return {
    totals: (weights) => tables.map((table) => table.totals(weights)),
    settings: swept.map(({ set, workflow }, i) => {
      const { group, at } = placed[i] as (typeof placed)[number];
      const { steps, waits } = group;
      const { unsub } = resolveResponse(common.response, workflow, steps.length);
      const frame = {
        resolved: { ...common.resolved, unsub },
        steps,
        horizon,
        loadedWait: common.loadedWait,
        waits,
        rate,
        workflow,
        value: common.value ?? workflow.economics.orderValue ?? 0,
      };
      const windowMs = windowOf(workflow);
      const firstEmailMs = windowMs + (steps[0] as NominalStep).atMs;
      const context = { ...frame, knots: knotsOf(frame) };
      return { set, workflow, windowMs, firstEmailMs, table: all.indexOf(group), at, context };
    }),
  };
}

/** @param theta drawn for the workflow as loaded; a probability a setting states is its own */
export function worthOf(setting: PlacedSetting, totals: TotalsOfTables, theta: WindowTheta): Worth {
  const { unsub } = setting.context.resolved;
  const own = { ...theta, unsub: unsub.map((u, k) => (typeof u === 'number' ? u : (theta.unsub[k] as number))) };
  return evaluate(setting.context, totals[setting.table] as WindowTotalsOfAll, setting.at, own);
}

/** Whether settings differ from the workflow only in what a cohort can answer for. */
export function isAnswerable(loaded: Workflow, others: readonly Workflow[]): boolean {
  const rest = restOf(loaded);
  return others.every((other) => restOf(other) === rest);
}

/** The workflow without its window, delays, incentives, texts and prices. */
function restOf(workflow: Workflow): string {
  const { trigger, sequence, economics: _, exit, hash: __, name: ___, ...rest } = workflow;
  return JSON.stringify({ ...rest, on: exit.on, trigger: waitless(trigger), sequence: sequence.map(bare) });
}

function waitless(trigger: Trigger): unknown {
  if (trigger.type === 'anyOf') return { ...trigger, triggers: trigger.triggers.map(waitless) };
  if (trigger.type === 'inaction') return { ...trigger, withinMs: 0 };
  return trigger.type === 'absence' ? { ...trigger, forMs: 0 } : trigger;
}

function bare(item: SequenceItem): unknown {
  if (item.kind === 'step') return { id: item.id, from: item.from, if: item.if };
  return {
    ...item,
    paths: item.paths.map((path) => ({ ...path, steps: path.steps.map(bare) })),
    else: item.else.map(bare),
  };
}
