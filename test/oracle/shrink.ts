// Makes a failing case small: leaves out people, rows, properties and options as long as it still fails.

import type { Case } from './generate.ts';

/** @param fails whether a case still shows the failure; it must not throw */
export function shrink(failing: Case, fails: (smaller: Case) => boolean): Case {
  let current = failing;
  for (let progress = true; progress; ) {
    progress = false;
    for (const smaller of smallerCases(current)) {
      if (!fails(smaller)) continue;
      current = smaller;
      progress = true;
      break;
    }
  }
  return current;
}

function* smallerCases(from: Case): Iterable<Case> {
  const { data } = from;
  const ids = new Set([...data.events, ...data.changes].map((row) => row.person));
  for (const id of ids) {
    const without = <T extends { person: string }>(rows: T[]) => rows.filter((row) => row.person !== id);
    yield { ...from, data: { ...data, events: without(data.events), changes: without(data.changes) } };
  }
  const { programme } = from;
  for (const path of pathsOf(programme)) {
    // Both lists stay.
    if (path.length > 1 || path[0] === 'globalHoldout') yield { ...from, programme: without(programme, path) };
  }
  for (const path of pathsOf(from.settings)) yield { ...from, settings: without(from.settings, path) };
  for (const path of pathsOf(from.workflow)) yield { ...from, workflow: without(from.workflow, path) };
  const optional = [...pathsOf(data)].filter(([list, row, key]) => {
    if (row === undefined) return false;
    if (list === 'events') return key === undefined || key === 'value' || key === 'properties';
    return list === 'changes' && key === undefined;
  });
  for (const path of optional) yield { ...from, data: without(data, path) };
}

type Json = Record<string, unknown> | unknown[];

/** Every key and place inside, outer ones first. */
function* pathsOf(json: object, at: string[] = []): Iterable<string[]> {
  const inner = Object.entries(json);
  for (const [key] of inner) yield [...at, key];
  for (const [key, value] of inner) {
    if (typeof value === 'object' && value !== null) yield* pathsOf(value, [...at, key]);
  }
}

function without<T extends object>(json: T, path: readonly string[]): T {
  const copy = structuredClone(json);
  let place = copy as Json;
  for (const key of path.slice(0, -1)) place = (place as Record<string, Json>)[key] as Json;
  const last = path.at(-1) as string;
  if (Array.isArray(place)) place.splice(Number(last), 1);
  else delete place[last];
  return copy;
}
