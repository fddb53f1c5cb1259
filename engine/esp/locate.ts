// Where each wanted object is: by the state's id, else by the marker in its name. Two objects of one name and no state
// to tell them apart is refused; guessing would double what a person then cannot tell apart either.

import { isRecord } from './canonical.ts';
import { markOf } from './marker.ts';
import type { Problems } from './problems.ts';
import type { DesiredKlaviyo, EspState, KlaviyoCurrent, ObjectKey, ObjectType } from './types.ts';

export interface Located {
  readonly key: ObjectKey;
  readonly type: ObjectType;
  readonly id: string;
  readonly name: string;
  readonly generation: number;
}
export interface LocatedObjects {
  /** The one that counts for each key. */
  readonly byKey: ReadonlyMap<ObjectKey, Located>;
  /** Ours too, of earlier generations. */
  readonly others: readonly Located[];
  /** Keys whose object the state names but the account no longer has. */
  readonly deleted: ReadonlySet<ObjectKey>;
}

export function find(
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  state: EspState | null,
  problems: Problems,
): LocatedObjects {
  const all = [
    ...current.flows.map(({ id, name }) => ({ type: 'flow' as const, id, name })),
    ...current.templates.map(({ id, name }) => ({ type: 'template' as const, id, name })),
    ...current.segments.map(({ id, name }) => ({ type: 'segment' as const, id, name })),
  ];
  return locate(all, desired.workflow.id, state, 'Klaviyo', problems);
}

/** @param all what was read; of other workflows too */
export function locate(
  all: readonly { readonly type: ObjectType; readonly id: string; readonly name: string }[],
  workflow: string,
  state: EspState | null,
  service: string,
  problems: Problems,
): LocatedObjects {
  const byKey = new Map<ObjectKey, Located>();
  const deleted = new Set<ObjectKey>();
  for (const [key, object] of Object.entries(state?.objects ?? {})) {
    if (key.startsWith('retired:')) continue;
    const there = all.find(({ type, id }) => type === object.type && id === object.id);
    if (there === undefined) deleted.add(key);
    else byKey.set(key, { key, ...there, generation: markOf(there.name)?.generation ?? 1 });
  }
  const marked = all.flatMap((object): Located[] => {
    const mark = markOf(object.name);
    const isKind = mark !== null && (mark.key === object.type || mark.key.startsWith(`${object.type}:`));
    return isKind && mark.workflow === workflow ? [{ key: mark.key, ...object, generation: mark.generation }] : [];
  });
  for (const key of new Set(marked.map((object) => object.key))) {
    if (byKey.has(key)) continue;
    const same = marked.filter((object) => object.key === key);
    const newest = Math.max(...same.map(({ generation }) => generation));
    const candidates = same.filter(({ generation }) => generation === newest);
    if (candidates.length > 1) {
      const ids = candidates.map(({ id }) => id).join(', ');
      problems.error(
        'NAME_TWICE',
        key,
        `${service} has ${candidates.length} objects named "${candidates[0]?.name}" (${ids}) and the state file names neither: remove all but one.`,
      );
    }
    byKey.set(key, candidates[0] as Located);
  }
  const counted = new Set([...byKey.values()].map(({ id }) => id));
  return { byKey, others: marked.filter(({ id }) => !counted.has(id)), deleted };
}

/** The definition of the flow as it was read; null where there is none to compare. */
export function flowDefinition(current: KlaviyoCurrent, id: string): Record<string, unknown> | null {
  const definition = current.flows.find((flow) => flow.id === id)?.definition;
  return isRecord(definition) ? definition : null;
}
