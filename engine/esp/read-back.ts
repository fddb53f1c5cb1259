// After everything was written: what each object looks like now, and which ids the vendor gave. From then on a difference
// can be told from the vendor's own way of keeping things.

import { hashOf } from './canonical.ts';
import { compareFlow } from './compare-flow.ts';
import { actionId } from './graph.ts';
import { normalFilter, normalHtml, templateIdOf } from './normal.ts';
import { wantedFlowHash } from './plan-flow.ts';
import { readHashOf, recordRead } from './state.ts';
import type { DesiredKlaviyo, EspState, KlaviyoCurrent } from './types.ts';

/** @param current as read after the plan was carried out, with the definition of the flow */
export function recordReadBack(before: EspState, desired: DesiredKlaviyo, current: KlaviyoCurrent): EspState {
  let state = before;
  for (const { key, html } of desired.templates) {
    const read = current.templates.find(({ id }) => id === state.objects[key]?.id);
    if (read !== undefined) state = recordRead(state, key, hashOf(normalHtml(html)), readHashOf(read));
  }
  for (const { key, definition } of desired.segments) {
    const read = current.segments.find(({ id }) => id === state.objects[key]?.id);
    if (read !== undefined) state = recordRead(state, key, hashOf(normalFilter(definition)), readHashOf(read));
  }
  const flow = current.flows.find(({ id }) => id === state.objects['flow']?.id);
  if (flow === undefined || desired.flow === null) return state;
  state = recordRead(state, 'flow', wantedFlowHash(desired.flow.definition), readHashOf(flow));
  const { pairs } = compareFlow(desired.flow.definition, flow.definition);
  const actionIds: Record<string, string> = {};
  const emailTemplates: Record<string, { wanted: string; found: string }> = {};
  for (const pair of pairs) {
    const name = actionId(pair.wanted) as string;
    actionIds[name] = String(pair.found['id']);
    const wanted = templateIdOf(pair.wanted);
    const found = templateIdOf(pair.found);
    if (wanted !== null && found !== null) emailTemplates[name] = { wanted, found };
  }
  return { ...state, actionIds, emailTemplates };
}
