// After everything was written: what each object looks like now, and which ids the vendor gave. From then on a difference
// can be told from the vendor's own way of keeping things. Of flows and segments that way is known, so one that does not
// say what was written is not taken for it, and stays a difference; the text of a template is the vendor's to rewrite.

import { hashOf } from './canonical.ts';
import { compareFlow } from './compare-flow.ts';
import { actionId } from './graph.ts';
import { withHandWork } from './hand-work.ts';
import { find } from './locate.ts';
import { normalFilter, normalHtml, templateIdOf } from './normal.ts';
import { wantedFlowHash, withKnownIds } from './plan-flow.ts';
import { Problems } from './problems.ts';
import { readHashOf, recordRead } from './state.ts';
import type { DesiredKlaviyo, EspState, KlaviyoCurrent } from './types.ts';

/**
 * @param current as read after the plan was carried out, with the definition of the flow
 * @param takes `any`: whatever is there counts as what is wanted, as adopting says
 */
export function recordReadBack(
  before: EspState,
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  takes: 'written' | 'any' = 'written',
): EspState {
  let state = before;
  for (const { key, html } of desired.templates) {
    const read = current.templates.find(({ id }) => id === state.objects[key]?.id);
    if (read !== undefined) state = recordRead(state, key, hashOf(normalHtml(html)), readHashOf(read));
  }
  for (const { key, definition } of desired.segments) {
    const read = current.segments.find(({ id }) => id === state.objects[key]?.id);
    if (read === undefined) continue;
    const wanted = hashOf(normalFilter(definition));
    if (takes === 'any' || hashOf(normalFilter(read.definition)) === wanted) {
      state = recordRead(state, key, wanted, readHashOf(read));
    }
  }
  const flow = current.flows.find(({ id }) => id === state.objects['flow']?.id);
  if (flow === undefined || desired.flow === null) return state;
  const { pairs, unchangeable } = compareFlow(
    withKnownIds(
      { desired, current, state, located: find(desired, current, state, new Problems()) },
      withHandWork(desired.flow, flow.definition),
    ),
    flow.definition,
  );
  if (takes === 'any' || (unchangeable.length === 0 && pairs.every((pair) => pair.isEqual))) {
    state = recordRead(state, 'flow', wantedFlowHash(desired.flow.definition), readHashOf(flow));
  }
  const actionIds: Record<string, string> = {};
  const emailTemplates: Record<string, { wanted: string; found: string }> = {};
  const wantedTemplates = new Map(
    desired.flow.definition.actions.map((action) => [actionId(action), templateIdOf(action)]),
  );
  for (const pair of pairs) {
    const name = actionId(pair.wanted) as string;
    actionIds[name] = String(pair.found['id']);
    const wanted = wantedTemplates.get(name) ?? null;
    const found = templateIdOf(pair.found);
    if (wanted !== null && found !== null) emailTemplates[name] = { wanted, found };
  }
  return { ...state, actionIds, emailTemplates };
}
