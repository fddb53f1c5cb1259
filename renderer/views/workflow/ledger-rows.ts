// The ledger's rows: a workflow and what its replay counted, in the order things happen to a candidate. Counts are taken
// over as they are; a row without a replay has none.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { type Step, stepsOf, type Workflow } from '../../../engine/workflow/index.ts';

export type StepCounts = ReplayAnswer['steps'][number];

export type LedgerRow =
  | { readonly kind: 'trigger'; readonly key: 'trigger' }
  | {
      readonly kind: 'gate';
      readonly key: string;
      readonly rule: 'already' | 'reentry' | 'unreachable' | 'audience' | 'globalHoldout' | 'suppress';
      /** Of `suppress`. */
      readonly index: number | null;
      readonly id: string;
      /** Null before there is a replay. */
      readonly n: number | null;
    }
  | { readonly kind: 'enrolled'; readonly key: 'enrolled' }
  | {
      readonly kind: 'step';
      readonly key: string;
      /** From 1, in file order. */
      readonly number: number;
      readonly step: Step;
      /** In the file: `sequence[0]`. */
      readonly at: string;
      /** The path of a branch it stands on: `vip`, or `else`; null outside of branches. */
      readonly path: string | null;
      readonly counts: StepCounts | null;
    }
  | { readonly kind: 'end'; readonly key: 'end' };

export function ledgerRows(workflow: Workflow, replay: ReplayAnswer | null): LedgerRow[] {
  const stopped = (id: string) => (replay === null ? null : (replay.suppressed[id] ?? 0));
  const gate = (rule: Extract<LedgerRow, { kind: 'gate' }>['rule'], n: number | null, id: string = rule) =>
    ({ kind: 'gate', key: rule === 'suppress' ? `rule:${id}` : rule, rule, index: null, id, n }) as const;
  const rows: LedgerRow[] = [{ kind: 'trigger', key: 'trigger' }];
  if (workflow.globalHoldout !== null) rows.push(gate('globalHoldout', stopped('globalHoldout')));
  rows.push(gate('already', replay?.alreadyEnrolled ?? null));
  if (workflow.reentry.kind !== 'always' || (stopped('reentry') ?? 0) > 0)
    rows.push(gate('reentry', stopped('reentry')));
  if ((stopped('unreachable') ?? 0) > 0) rows.push(gate('unreachable', stopped('unreachable')));
  if (workflow.audience !== null) rows.push(gate('audience', stopped('audience')));
  workflow.suppress.forEach(({ id }, index) => {
    rows.push({ ...gate('suppress', stopped(id), id), index });
  });
  rows.push({ kind: 'enrolled', key: 'enrolled' });
  stepsOf(workflow).forEach(({ step, at }, i) => {
    rows.push({
      kind: 'step',
      key: `step:${step.id}`,
      number: i + 1,
      step,
      at,
      path: pathOf(workflow, at),
      counts: replay?.steps.find(({ id }) => id === step.id) ?? null,
    });
  });
  rows.push({ kind: 'end', key: 'end' });
  return rows;
}

export function enrolledOf({ enrolled }: Pick<ReplayAnswer, 'enrolled'>): number {
  return enrolled.treated + enrolled.holdout;
}

export function skippedOf({ skipped }: StepCounts): number {
  return Object.values(skipped).reduce((sum, n) => sum + n, 0);
}

function pathOf(workflow: Workflow, at: string): string | null {
  const [, item, path] = /^sequence\[(\d+)\]\.(?:branch\[(\d+)\]|else)/.exec(at) ?? [];
  if (item === undefined) return null;
  const branch = workflow.sequence[Number(item)];
  if (branch?.kind !== 'branch') return null;
  return path === undefined ? 'else' : (branch.paths[Number(path)]?.id ?? null);
}
