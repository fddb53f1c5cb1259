// The build sheet as data: what a person does at the service, step by step, each with the fields on the vendor's screen
// and what goes into them, ticked where the service shows that it is done. What is equal for every email is said once.

import type { BlockTarget, DesiredBlocks, SheetField, SheetStep } from './block-types.ts';

export interface BuildSheet {
  readonly target: BlockTarget;
  readonly workflow: { readonly id: string; readonly name: string; readonly hash: string };
  /** Account and audience, for people; null where nobody was asked. */
  readonly place: string | null;
  readonly steps: readonly NumberedStep[];
}

export interface NumberedStep extends SheetStep {
  /** From 1. */
  readonly n: number;
  /** Null: only eyes can tell, or nobody was asked. */
  readonly isDone: boolean | null;
  /** Fields of this step alone; those of every email stand in the first one's `shared`. */
  readonly own: readonly SheetField[];
  /** Said once, before the first of the emails; empty elsewhere. */
  readonly shared: readonly SheetField[];
  /** Sentences that no step before it has said. */
  readonly ownWords: readonly string[];
}

/** @param ticks by the step's key; a missing one is not known */
export function buildSheet(
  desired: DesiredBlocks,
  place: string | null,
  ticks: Readonly<Record<string, boolean | null>>,
): BuildSheet {
  const automations = desired.sheet.filter(({ key }) => key.startsWith('automation:'));
  const isShared = ({ name, value }: SheetField) =>
    automations.length > 1 &&
    automations.every(({ fields }) => fields.some((other) => other.name === name && other.value === value));
  const said = new Set<string>();
  const steps = desired.sheet.map((step, i): NumberedStep => {
    const isAutomation = automations.includes(step);
    const shared = step === automations[0] ? step.fields.filter(isShared) : [];
    const ownWords = step.words.filter((words) => !said.has(words) || !isAutomation);
    for (const words of step.words) said.add(words);
    return {
      ...step,
      n: i + 1,
      isDone: ticks[step.key] ?? null,
      own: isAutomation ? step.fields.filter((field) => !isShared(field)) : step.fields,
      shared,
      ownWords,
    };
  });
  const { target, workflow } = desired;
  return { target, workflow, place, steps };
}
