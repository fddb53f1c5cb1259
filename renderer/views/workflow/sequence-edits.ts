// Adding, removing and moving emails of a sequence, as settings of the list they stand in. Moving changes places: the
// email goes to the other's moment and the other to its own, since delays run from the trigger.

import type { Setting, WorkflowFile } from '../../../engine/workflow/index.ts';
import { valueAt } from './values.ts';

type FileStep = Readonly<Record<string, unknown>>;

export interface SequenceEdit {
  readonly settings: readonly Setting[];
  readonly label: string;
  /** The email to select afterwards. */
  readonly select: string | null;
}

/** @param at of an email: `sequence[1]`. @returns null where there is no such neighbour, or it is a branch */
export function moveEdit(file: WorkflowFile, at: string, by: 1 | -1): SequenceEdit | null {
  const place = placeIn(file, at);
  const [mine, other] = [place?.list[place.index], place?.list[place.index + by]];
  if (place === null || mine === undefined || other === undefined || 'branch' in other) return null;
  const list = [...place.list];
  list[place.index] = inSlotOf(mine, other);
  list[place.index + by] = inSlotOf(other, mine);
  return {
    settings: [{ path: place.path, value: list }],
    label: `move ${mine['id']} ${by < 0 ? 'before' : 'after'} ${other['id']}`,
    select: `step:${mine['id']}`,
  };
}

/** @param dayLater the delay of the new one */
export function addEdit(file: WorkflowFile, at: string | null, ids: readonly string[], dayLater: string): SequenceEdit {
  const place = at === null ? null : placeIn(file, at);
  const path = place?.path ?? 'sequence';
  const list = [...(place?.list ?? (valueAt(file, 'sequence') as FileStep[] | undefined) ?? [])];
  const id = freshId(ids);
  list.splice(place === null ? list.length : place.index + 1, 0, { id, delay: dayLater });
  return { settings: [{ path, value: list }], label: `add ${id}`, select: `step:${id}` };
}

export function removeEdit(file: WorkflowFile, at: string): SequenceEdit | null {
  const place = placeIn(file, at);
  const step = place?.list[place.index];
  if (place === null || step === undefined) return null;
  const list = place.list.filter((_, i) => i !== place.index);
  const next = list[Math.min(place.index, list.length - 1)];
  const select = typeof next?.['id'] === 'string' && !('branch' in next) ? `step:${next['id']}` : null;
  return { settings: [{ path: place.path, value: list }], label: `remove ${step['id']}`, select };
}

function placeIn(file: WorkflowFile, at: string): { path: string; index: number; list: readonly FileStep[] } | null {
  const [, path, index] = /^(.*)\[(\d+)\]$/.exec(at) ?? [];
  if (path === undefined) return null;
  const list = valueAt(file, path);
  return Array.isArray(list) ? { path, index: Number(index), list: list as FileStep[] } : null;
}

/** `step` at the moment of `slot`. */
function inSlotOf(slot: FileStep, step: FileStep): FileStep {
  const { from: _, ...rest } = step;
  return { ...rest, delay: slot['delay'], ...(slot['from'] === undefined ? {} : { from: slot['from'] }) };
}

function freshId(ids: readonly string[]): string {
  for (let n = ids.length + 1; ; n++) if (!ids.includes(`email-${n}`)) return `email-${n}`;
}
