// A wanted flow beside the one that is there. The two are walked together from their entries, so no id is needed: an
// action of one corresponds to the action of the other that stands at the same place.

import { canonicalText, isRecord } from './canonical.ts';
import { actionId, linksOf } from './graph.ts';
import type { FlowAction, FlowDefinition } from './klaviyo-types.ts';
import { normalAction, normalHead } from './normal.ts';

export interface ActionPair {
  readonly wanted: FlowAction;
  readonly found: Record<string, unknown>;
  readonly isEqual: boolean;
}
export interface FlowComparison {
  /** Parts that no call can change: `trigger`, `profile filter`, `re-entry`, `actions`. Empty: none of them differs. */
  readonly unchangeable: readonly string[];
  /** In the order of the wanted actions, as far as the two correspond. */
  readonly pairs: readonly ActionPair[];
}

export function compareFlow(wanted: FlowDefinition, found: unknown): FlowComparison {
  const a = normalHead(wanted);
  const b = normalHead(found);
  const differ = (x: unknown, y: unknown) => canonicalText(x) !== canonicalText(y);
  const pairs = pairsWithFlow(wanted, found);
  const nFound = isRecord(found) && Array.isArray(found['actions']) ? found['actions'].length : 0;
  const isWhole = pairs.length === wanted.actions.length && nFound === wanted.actions.length;
  return {
    unchangeable: [
      ...(differ(a.trigger, b.trigger) ? ['trigger'] : []),
      ...(differ(a.profileFilter, b.profileFilter) ? ['profile filter'] : []),
      ...(differ(a.reentry, b.reentry) ? ['re-entry'] : []),
      ...(isWhole ? [] : ['actions']),
    ],
    pairs,
  };
}

/** The vendor's id of each action that corresponds to a wanted one, by its temporary id. */
export function actionIdsOf(wanted: FlowDefinition, found: unknown): Record<string, string> {
  return Object.fromEntries(
    pairsWithFlow(wanted, found).map(({ wanted: action, found: other }) => [actionId(action), String(other['id'])]),
  );
}

/** Each wanted action that has one at its place, with it. */
export function pairsWithFlow(wanted: FlowDefinition, found: unknown): ActionPair[] {
  if (!isRecord(found) || !Array.isArray(found['actions'])) return [];
  const byWanted = new Map(wanted.actions.map((action) => [actionId(action), action]));
  const byFound = new Map((found['actions'] as unknown[]).filter(isRecord).map((action) => [actionId(action), action]));
  const pairs = new Map<FlowAction, ActionPair>();
  const visit = (wantedId: string | null, foundId: string | null) => {
    const left = wantedId === null ? undefined : byWanted.get(wantedId);
    const right = foundId === null ? undefined : byFound.get(foundId);
    if (left === undefined || right === undefined || left.type !== right['type'] || pairs.has(left)) return;
    const isEqual = canonicalText(normalAction(left)) === canonicalText(normalAction(right));
    pairs.set(left, { wanted: left, found: right, isEqual });
    const others = new Map(linksOf(right).map(({ at, to }) => [at, to]));
    for (const { at, to } of linksOf(left)) visit(to, others.get(at) ?? null);
  };
  const entry = found['entry_action_id'];
  visit(wanted.entry_action_id, typeof entry === 'string' ? entry : null);
  return wanted.actions.flatMap((action) => pairs.get(action) ?? []);
}
