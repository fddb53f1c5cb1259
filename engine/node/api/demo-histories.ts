// The other histories of the demo workspace, a product and a subscription, each with a workflow that fits it beside the
// workspace. Made after the first one is in use, one by one; what is still to be made is noted in the workspace, so that a
// start that was cut short goes on.

import { existsSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CallOptions, DatasetInfo, SynthRequest, WorkflowChoice } from '../../api/index.ts';
import { UserError } from '../../base/index.ts';
import type { SyntheticModel } from '../../synth/index.ts';
import { applyOverrides, formatWorkflow, parseWorkflow } from '../../workflow/index.ts';
import { readText } from '../files.ts';
import { projectRoot } from '../report-assets.ts';

interface DemoHistory {
  readonly dataset: string;
  readonly model: SyntheticModel;
  readonly persons: number;
  /** Of those that ship. */
  readonly workflow: string;
  /** What makes it fit this history. */
  readonly set: readonly string[];
}

export const MORE_HISTORIES: readonly DemoHistory[] = [
  { dataset: 'demo-saas', model: 'saas', persons: 2000, workflow: 'feature-adoption.json', set: [] },
  {
    dataset: 'demo-winback',
    model: 'winback',
    persons: 1500,
    workflow: 'win-back.json',
    // In this history who stays away for 14 days is lost, and their return is the reactivation.
    set: [
      'trigger={"type":"anyOf","triggers":[{"type":"behavior","event":"Canceled Subscription"},{"type":"behavior","event":"Subscription Ended"},{"type":"absence","for":"14d"}]}',
      'goal.value="revenue"',
      'notes="For customers who canceled, whose payment failed, or who have been silent for 14 days."',
    ],
  },
];
const FIRST_HISTORY = { dataset: 'demo', model: 'cart', workflow: 'cart-recovery.json' } as const;
const SEED = 1;

export interface DemoParts {
  readonly workspace: string;
  /** Of each; null: as many as tell something. */
  readonly persons: number | null;
  readonly datasets: () => Promise<readonly DatasetInfo[]>;
  readonly synth: (request: SynthRequest, options: CallOptions) => Promise<unknown>;
  /** Names still to be made. */
  readonly noted: () => unknown;
  readonly note: (left: readonly string[]) => void;
}

/** The demo history a workflow beside the workspace was made for, by its file; null: none that is there. */
export function demoOf(
  { file, isPulled }: Pick<WorkflowChoice, 'file' | 'isPulled'>,
  datasets: readonly Pick<DatasetInfo, 'name' | 'sources'>[],
): string | null {
  const made = [FIRST_HISTORY, ...MORE_HISTORIES].find(({ workflow }) => !isPulled && workflow === file);
  if (made === undefined) return null;
  // A dataset of one's own may bear the name.
  const isOurs = datasets.some(
    ({ name, sources }) =>
      name === made.dataset && sources.some((source) => source.startsWith(`synthetic ${made.model} `)),
  );
  return isOurs ? made.dataset : null;
}

/** Those noted as still to be made. */
export function historiesLeft(noted: unknown): readonly DemoHistory[] {
  return Array.isArray(noted) ? MORE_HISTORIES.filter(({ dataset }) => noted.includes(dataset)) : [];
}

/** Makes what is left. A name that is taken meanwhile is left as it is. */
export async function makeHistories(parts: DemoParts, options: CallOptions): Promise<void> {
  for (const one of historiesLeft(parts.noted())) {
    options.signal?.throwIfAborted();
    const { dataset, model, persons } = one;
    if (!(await parts.datasets()).some(({ name }) => name === dataset)) {
      try {
        await parts.synth({ model, persons: parts.persons ?? persons, seed: SEED, dataset, out: null }, options);
      } catch (error) {
        if (!(error instanceof UserError) || error.code !== 'DATASET_EXISTS') throw error;
      }
    }
    putBeside(parts.workspace, one);
    parts.note(historiesLeft(parts.noted()).flatMap(({ dataset: left }) => (left === dataset ? [] : [left])));
  }
}

/** A file of that name stays as it is. */
function putBeside(workspace: string, { workflow, set }: DemoHistory): void {
  const path = join(dirname(workspace), workflow);
  if (existsSync(path)) return;
  const shipped = join(projectRoot(), 'fixtures', 'workflows', workflow);
  const { $schema: _, ...file } = parseWorkflow(readText(shipped), shipped);
  writeFileSync(path, formatWorkflow(applyOverrides(file, [...set])));
}
