// Each rule between a candidate and an enrollment in words: whether it stopped the candidate, on what figures, and when
// it would let one through again. Says what `transition` decides; decides nothing itself.

import { humanDuration } from '../base/index.ts';
import type { Suppression } from '../workflow/index.ts';
import { type Check, isTrue } from './conditions.ts';
import { describeCondition, describeTest, show } from './explain-conditions.ts';
import { holds, propertyAt } from './filters.ts';
import type { PersonView } from './person-view.ts';
import type { Plan } from './plan.ts';
import { lastSend } from './recency.ts';
import type { PersonState, WorkflowState } from './state.ts';
import { hasConsent, isHeldOutOfAll } from './transition.ts';

export interface ExplainedRule {
  /** Its key in `suppressed`. */
  readonly rule: string;
  /** True where it keeps a candidate out. */
  readonly stops: boolean;
  readonly text: string;
  /** The first moment at which it would no longer stop, if nothing else happens; null where time alone does not help. */
  readonly freeAt: number | null;
}

/** All rules, in the order they are asked, of a candidate at `time` about the row `anchorRow` (null: about none). */
export function explainRules(
  plan: Plan,
  person: PersonState,
  workflow: WorkflowState,
  view: PersonView,
  time: number,
  anchorRow: number | null,
): ExplainedRule[] {
  const check: Check = { view, time, zone: plan.zone, triggerTime: null };
  const global: ExplainedRule[] =
    plan.workflow.globalHoldout === null ? [] : [explainGlobalHoldout(isHeldOutOfAll(plan, view))];
  return [
    ...global,
    explainReentry(plan, workflow, time),
    explainReach(plan, view, time),
    explainAudience(plan, check),
    ...plan.workflow.suppress.map((rule) => explainSuppression(rule, person, check, anchorRow)),
  ];
}

function explainGlobalHoldout(stops: boolean): ExplainedRule {
  const text = stops ? 'kept out of all workflows, for comparison' : 'not among those kept out of all workflows';
  return { rule: 'globalHoldout', stops, text, freeAt: null };
}

function explainReentry(plan: Plan, { lastTrigger }: WorkflowState, time: number): ExplainedRule {
  const { reentry } = plan.workflow;
  const rule = 'reentry';
  if (lastTrigger === null) return { rule, stops: false, text: 'never enrolled before', freeAt: null };
  const ago = `last enrolled ${humanDuration(time - lastTrigger)} before`;
  if (reentry.kind === 'once') return { rule, stops: true, text: `${ago}, and people enroll only once`, freeAt: null };
  if (reentry.kind === 'always') return { rule, stops: false, text: `${ago}; people may enroll again`, freeAt: null };
  const freeAt = lastTrigger + reentry.ms;
  const cooldown = `the cooldown is ${humanDuration(reentry.ms)}`;
  if (time >= freeAt) return { rule, stops: false, text: `${ago}; ${cooldown}`, freeAt: null };
  return { rule, stops: true, text: `${ago}; ${cooldown}, ${humanDuration(freeAt - time)} short`, freeAt };
}

function explainReach(plan: Plan, view: PersonView, time: number): ExplainedRule {
  const { address, consent } = plan.workflow.reach;
  const rule = 'unreachable';
  if (!view.isReachable(address, time)) {
    return { rule, stops: true, text: `no address in "${address}" was known by then`, freeAt: null };
  }
  if (!hasConsent(consent, view, time)) {
    return { rule, stops: true, text: `"${consent}" was not true then`, freeAt: null };
  }
  return { rule, stops: false, text: 'reachable', freeAt: null };
}

function explainAudience(plan: Plan, check: Check): ExplainedRule {
  const { audience } = plan.workflow;
  const rule = 'audience';
  if (audience === null) return { rule, stops: false, text: 'everyone is in the audience', freeAt: null };
  const isIn = isTrue(audience, check);
  return { rule, stops: !isIn, text: describeCondition(audience, check), freeAt: null };
}

function explainSuppression(
  { id, sent, where, if: condition }: Suppression,
  person: PersonState,
  check: Check,
  anchorRow: number | null,
): ExplainedRule {
  const { view, time } = check;
  const texts: string[] = [];
  const asked = where.map((filter) => ({ filter, actual: propertyAt(view, anchorRow, filter.property, time) }));
  const last = sent === null ? null : lastSend(sent, person, view, time);
  const stops =
    (sent === null || last !== null) &&
    asked.every(({ filter, actual }) => holds(filter, actual)) &&
    (condition === null || isTrue(condition, check));
  if (sent !== null) {
    const whose = sent.workflow === '*' ? 'any email' : `an email of ${sent.workflow}`;
    const within = humanDuration(sent.withinMs);
    texts.push(
      last === null
        ? `${whose} went out in the last ${within}: no`
        : `${whose} went out ${humanDuration(time - last)} before, inside ${within}`,
    );
  }
  for (const { filter, actual } of asked) {
    texts.push(`${filter.property} is ${show(actual)} (asked: ${describeTest(filter)})`);
  }
  // A rule that lets somebody pass missed nothing.
  if (condition !== null) texts.push(describeCondition(condition, check, stops ? false : null));
  const freeAt = stops && sent !== null && last !== null ? last + sent.withinMs : null;
  return { rule: id, stops, text: texts.join('; '), freeAt };
}
