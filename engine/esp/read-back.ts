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
import type { CurrentTemplate, DesiredKlaviyo, EspState, KlaviyoCurrent } from './types.ts';

/**
 * @param current as read after the plan was carried out, with the definition of the flow
 * @param takes `written`: it was just written, so the text of a template is what the vendor made of ours, and so is the
 *   template an email names. `adopted`: nobody knows who wrote it, so only what reads as wanted counts, or is for a person
 *   to finish; the templates that emails name are given, as far as they can be read
 */
export function recordReadBack(
  before: EspState,
  desired: DesiredKlaviyo,
  current: KlaviyoCurrent,
  takes: 'written' | { readonly adopted: readonly CurrentTemplate[] } = 'written',
): EspState {
  let state = before;
  for (const { key, html, isFinishedByHand } of desired.templates) {
    const read = current.templates.find(({ id }) => id === state.objects[key]?.id);
    if (read === undefined || (takes !== 'written' && !isFinishedByHand && !isText(read, html))) continue;
    state = recordRead(state, key, hashOf(normalHtml(html)), readHashOf(read));
  }
  for (const { key, definition } of desired.segments) {
    const read = current.segments.find(({ id }) => id === state.objects[key]?.id);
    if (read === undefined) continue;
    const wanted = hashOf(normalFilter(definition));
    if (hashOf(normalFilter(read.definition)) === wanted) {
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
  const actionIds: Record<string, string> = {};
  const emailTemplates: Record<string, { wanted: string; found: string }> = {};
  const wantedTemplates = new Map(
    desired.flow.definition.actions.map((action) => [actionId(action), templateIdOf(action)]),
  );
  let hasOtherTemplate = false;
  for (const pair of pairs) {
    const name = actionId(pair.wanted) as string;
    actionIds[name] = String(pair.found['id']);
    const wanted = wantedTemplates.get(name) ?? null;
    const found = templateIdOf(pair.found);
    if (wanted === null || found === null) continue;
    const isMeant = takes === 'written' || found === templateIdOf(pair.wanted) || isCopy(takes.adopted, wanted, found);
    if (isMeant) emailTemplates[name] = { wanted, found };
    else hasOtherTemplate = true;
  }
  if (unchangeable.length === 0 && pairs.every((pair) => pair.isEqual) && !hasOtherTemplate) {
    state = recordRead(state, 'flow', wantedFlowHash(desired.flow.definition), readHashOf(flow));
  }
  return { ...state, actionIds, emailTemplates };

  function isCopy(named: readonly CurrentTemplate[], wanted: string, found: string): boolean {
    const template = desired.templates.find(({ key }) => wanted === `{{${key}}}`);
    const read = named.find(({ id }) => id === found);
    if (template === undefined || read === undefined || state.objects[template.key] === undefined) return false;
    return template.isFinishedByHand || isText(read, template.html);
  }
}

function isText(read: CurrentTemplate, html: string): boolean {
  return normalHtml(read.html ?? '') === normalHtml(html);
}
