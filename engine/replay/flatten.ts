// A sequence laid out flat: steps and branches in file order, each with the place that comes after it. A place falls due
// when what stands before it has been handled; what follows the last step of a path is what follows its branch.

import type { Condition, SequenceItem, Step } from '../workflow/index.ts';

/** Index into `steps` or `branches`. */
export type Place = { readonly step: number } | { readonly branch: number };

export interface PlannedPath {
  /** Null: `else`. */
  readonly id: string | null;
  /** Null: always. */
  readonly if: Condition | null;
  /** Its steps, as indices. */
  readonly steps: readonly number[];
  /** Its first step; of a path without steps, what follows the branch. */
  readonly first: Place | null;
}

export interface PlannedBranch {
  /** Its id, else its place in the file, such as `sequence[1]`. */
  readonly id: string;
  /** In the order asked; the last is `else`. */
  readonly paths: readonly PlannedPath[];
}

export interface FlatSequence {
  /** In file order, those inside branches among them. */
  readonly steps: readonly Step[];
  readonly branches: readonly PlannedBranch[];
  /** Every step and branch in file order; a branch comes before its steps. */
  readonly places: readonly Place[];
  /** By step: what follows it. */
  readonly next: readonly (Place | null)[];
  /** By step: the branch it stands in, or null. */
  readonly branchOf: readonly (number | null)[];
}

export function flattenSequence(sequence: readonly SequenceItem[]): FlatSequence {
  const steps: Step[] = [];
  const places: Place[] = [];
  const branchOf: (number | null)[] = [];
  const add = (step: Step, branch: number | null): number => {
    places.push({ step: steps.length });
    branchOf.push(branch);
    return steps.push(step) - 1;
  };
  let nBranches = 0;
  const outer = sequence.map((item, i) => {
    if (item.kind === 'step') return { place: { step: add(item, null) }, branch: null };
    const place = { branch: nBranches++ };
    places.push(place);
    const paths = [...item.paths, { id: null, if: null, steps: item.else }].map((path) => ({
      ...path,
      steps: path.steps.map((step) => add(step, place.branch)),
    }));
    return { place, branch: { id: item.id ?? `sequence[${i}]`, paths } };
  });
  const next: (Place | null)[] = steps.map(() => null);
  const branches: PlannedBranch[] = [];
  outer.forEach(({ place, branch }, i) => {
    const after = outer[i + 1]?.place ?? null;
    if ('step' in place) next[place.step] = after;
    if (branch === null) return;
    const paths = branch.paths.map(({ id, if: condition, steps: inner }) => {
      inner.forEach((step, k) => {
        const following = inner[k + 1];
        next[step] = following === undefined ? after : { step: following };
      });
      const [first] = inner;
      return { id, if: condition, steps: inner, first: first === undefined ? after : { step: first } };
    });
    branches.push({ id: branch.id, paths });
  });
  return { steps, branches, places, next, branchOf };
}
