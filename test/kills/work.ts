// What is done while it is killed: an endless row of operations for each kind of work, and what the folder holds after
// so many of them, told by a model that knows nothing of how it is stored.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type Kind = 'datasets' | 'import' | 'replay' | 'migrate' | 'edit' | 'backup';

/** A dataset is told by its people, of which it has as many as nothing else has. */
export interface Expected {
  /** Name and people, by name. */
  readonly datasets: readonly (readonly [string, number])[];
}

export interface Place {
  readonly folder: string;
  readonly workspace: string;
}

export function placeOf(folder: string): Place {
  return { folder, workspace: join(folder, 'shop.foresend') };
}

/** People of the dataset that operation `n` saves. */
export function peopleOf(n: number): number {
  return 40 + (n % 400);
}

export type DatasetStep = 'save' | 'replace' | 'aside' | 'back' | 'delete' | 'purge';
const STEPS: readonly DatasetStep[] = ['save', 'replace', 'aside', 'back', 'replace', 'delete', 'purge'];

export function datasetStep(n: number): DatasetStep {
  return STEPS[n % STEPS.length] as DatasetStep;
}

/** After the first `n` steps of `datasets`; `base` is there from the beginning. */
export function datasetsAfter(n: number): Expected {
  const seen = new Map<string, number>([['base', 7]]);
  let aside = 0;
  for (let i = 0; i < n; i++) {
    const step = datasetStep(i);
    if (step === 'save' || step === 'replace') seen.set('moving', peopleOf(i));
    else if (step === 'aside') {
      aside = seen.get('moving') as number;
      seen.delete('moving');
    } else if (step === 'back') seen.set('moving', aside);
    else if (step === 'delete') seen.delete('moving');
  }
  return { datasets: sorted(seen) };
}

/** After the first `n` imports, each into a dataset of its own. */
export function importsAfter(n: number): Expected {
  const seen = new Map<string, number>([['base', 7]]);
  for (let i = 0; i < n; i++) seen.set(`import-${i}`, peopleOf(i));
  return { datasets: sorted(seen) };
}

function sorted(seen: ReadonlyMap<string, number>): [string, number][] {
  return [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** An orders file of `peopleOf(n)` people. */
export function writeOrders(path: string, n: number): void {
  const rows = Array.from(
    { length: peopleOf(n) * 3 },
    (_, i) =>
      `p${i % peopleOf(n)},${i % 3 === 0 ? 'Purchased' : 'Added to Cart'},2026-03-0${1 + (i % 9)}T10:00:00Z,${i}.50`,
  );
  writeFileSync(path, `user,event,time,value\n${rows.join('\n')}\n`);
}

/** The text of the workflow after `n` edits. */
export function editedText(template: string, n: number): string {
  const file = JSON.parse(template) as Record<string, unknown>;
  return `${JSON.stringify({ ...file, name: `edited ${n} ${'x'.repeat((n * 37) % 900)}` }, null, 2)}\n`;
}
