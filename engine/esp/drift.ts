// What was written beside what is there now. What the vendor adds (ids, nulls, settings at their default) or leaves out is
// no drift, nor is the copy it makes of a template; what a person changed in the vendor's screens is.

import { canonicalText, hashOf } from './canonical.ts';
import { actionIdsOf, compareFlow } from './compare-flow.ts';
import { withHandWork } from './hand-work.ts';
import { find, flowDefinition } from './locate.ts';
import { titleOf } from './marker.ts';
import { normalFilter, templateIdOf } from './normal.ts';
import { wantedFlowHash, withKnownIds } from './plan-flow.ts';
import { isAsWanted, isTemplateAsWanted, namesIn, type Step } from './plan-parts.ts';
import { Problems } from './problems.ts';
import { readHashOf } from './state.ts';
import type { DesiredKlaviyo, Drift, EspState, KlaviyoCurrent } from './types.ts';
import { filterText, flowRows } from './words.ts';

/** Empty where the account holds what the workflow wants. An account other than the state's is drift of everything. */
export function driftOf(desired: DesiredKlaviyo, current: KlaviyoCurrent, state: EspState | null): Drift[] {
  const problems = new Problems();
  const located = find(desired, current, state, problems);
  const twice = problems.issues.map(
    ({ at, message }): Drift => ({ key: at, name: at, what: 'Name', wanted: 'one object', found: message }),
  );
  const step: Step = { desired, current, state, located };
  return [...twice, ...templateDrift(step), ...segmentDrift(step), ...flowDrift(step)];
}

function templateDrift(step: Step): Drift[] {
  const { desired, current, located } = step;
  return desired.templates.flatMap((template): Drift[] => {
    const { key, name, html } = template;
    const read = current.templates.find(({ id }) => id === located.byKey.get(key)?.id);
    if (read === undefined) return [missing(key, name)];
    if (isTemplateAsWanted(step, template, read)) return [];
    return [{ key, name: titleOf(read.name), what: 'Text', wanted: html, found: read.html }];
  });
}

function segmentDrift(step: Step): Drift[] {
  const { desired, current, located } = step;
  const names = { of: namesIn(step), action: () => null };
  return desired.segments.flatMap(({ key, name, definition }): Drift[] => {
    const read = current.segments.find(({ id }) => id === located.byKey.get(key)?.id);
    if (read === undefined) return [missing(key, name)];
    const wanted = normalFilter(definition);
    const isEqual = canonicalText(normalFilter(read.definition)) === canonicalText(wanted);
    if (isAsWanted(step, key, hashOf(wanted), readHashOf(read), isEqual)) return [];
    return [
      {
        key,
        name: titleOf(read.name),
        what: 'Who is in it',
        wanted: filterText(definition, names),
        found: filterText(read.definition, names),
      },
    ];
  });
}

function flowDrift(step: Step): Drift[] {
  const { desired, current, located, state } = step;
  const { flow } = desired;
  if (flow === null) return [];
  const there = located.byKey.get('flow');
  const read = current.flows.find(({ id }) => id === there?.id);
  if (read === undefined) return [missing('flow', flow.name)];
  const name = titleOf(read.name);
  const drift: Drift[] = read.archived ? [{ key: 'flow', name, what: 'Archived', wanted: 'no', found: 'yes' }] : [];
  const found = flowDefinition(current, read.id);
  const wantedFlow = withKnownIds(step, withHandWork(flow, found));
  const { unchangeable, pairs } = compareFlow(wantedFlow, found);
  const wantedHash = wantedFlowHash(flow.definition);
  if (isAsWanted(step, 'flow', wantedHash, readHashOf(read), false)) return drift;
  const ids = new Map(Object.entries(actionIdsOf(wantedFlow, found)).map(([ours, id]) => [id, ours]));
  const names = { of: namesIn(step), action: (id: string) => ids.get(id) ?? null };
  const wantedRows = flowRows(wantedFlow, { ...names, action: (id) => id });
  const foundRows = flowRows(found, names);
  // Without a state there is no telling whether a template is the vendor's copy of ours.
  const isCopy = (what: string) => what.endsWith(': template') && (state?.objects['flow']?.readHash ?? null) === null;
  const rows = differences(wantedRows, foundRows).filter(({ what }) => !isCopy(what));
  const hasOther = unchangeable.length > 0 || pairs.some((pair) => !pair.isEqual || isOther(step, pair));
  if (rows.length === 0 && hasOther && unchangeable.length > 0) {
    return [...drift, { key: 'flow', name, what: unchangeable.join(', '), wanted: 'as exported', found: 'otherwise' }];
  }
  return [
    ...drift,
    ...rows.map((row): Drift => ({ key: 'flow', name, what: row.what, wanted: row.wanted, found: row.found })),
  ];
}

function isOther({ located }: Step, pair: { readonly wanted: unknown; readonly found: unknown }): boolean {
  const wanted = templateIdOf(pair.wanted);
  const key = wanted?.replace(/^\{\{|\}\}$/g, '') ?? '';
  return (located.byKey.get(key)?.id ?? wanted) !== templateIdOf(pair.found);
}

function differences(
  wanted: readonly { readonly what: string; readonly text: string }[],
  found: readonly { readonly what: string; readonly text: string }[],
): { what: string; wanted: string | null; found: string | null }[] {
  const texts = new Map(found.map(({ what, text }) => [what, text]));
  const known = new Set(wanted.map(({ what }) => what));
  return [
    ...wanted.map(({ what, text }) => ({ what, wanted: text, found: texts.get(what) ?? null })),
    ...found.filter(({ what }) => !known.has(what)).map(({ what, text }) => ({ what, wanted: null, found: text })),
  ].filter((row) => row.wanted !== row.found);
}

function missing(key: string, name: string): Drift {
  return { key, name: titleOf(name), what: 'Exists', wanted: 'yes', found: 'no' };
}
