// Everything a workflow wants at Klaviyo: templates, a segment where the trigger is one, the flow with drafts only, the
// properties of the holdout, what stays for a person, and what differs. Or the reasons why it cannot be had, each with
// its place, before anything is written.

import { assert, HOUR_MS } from '../base/index.ts';
import type { Step, Workflow } from '../workflow/index.ts';
import { stepsOf } from '../workflow/index.ts';
import { type Context, noneSinceStart, profileFilter } from './conditions.ts';
import { type StepContent, stepContent } from './content.ts';
import { fitOf } from './fit.ts';
import { flowActions } from './flow.ts';
import { checkFlow } from './graph.ts';
import { globalHoldoutOf, holdoutNames } from './holdout-split.ts';
import type { FlowDefinition, ReentryCriteria } from './klaviyo-types.ts';
import { type SendScope, unknownScope } from './liquid.ts';
import { markedName, markerOf } from './marker.ts';
import { Problems } from './problems.ts';
import { lookbackOf } from './spans.ts';
import { type TriggerParts, triggerParts } from './trigger.ts';
import type { ByHand, DesiredKlaviyo, DesiredTemplate, GlobalHoldout, KlaviyoLookup } from './types.ts';

/**
 * @param scope what the history has at the time of sending, for templates; without it they are not checked against one
 */
export function desiredKlaviyo(workflow: Workflow, lookup: KlaviyoLookup, scope?: SendScope): DesiredKlaviyo {
  const problems = new Problems();
  const context: Context = { lookup, problems, inFlow: true };
  const differences = fitOf(workflow, 'klaviyo');
  for (const { support, feature, at, consequence } of differences) {
    // Conditions are refused where they are written out, with what was asked of them.
    if (support === 'none' && !feature.startsWith('condition.')) problems.cannot(at, consequence);
  }
  if (stepsOf(workflow).length === 0)
    problems.cannot('sequence', 'There is no email in it, so there is nothing to export.');
  warnOfOwnGoal(workflow, problems);
  const parts = triggerParts(workflow, context);
  const hasEvent = parts?.trigger.type === 'metric';
  const contents = contentOf(workflow, scope ?? unknownScope(hasEvent), context);
  const holdout = holdoutNames(workflow, problems);
  const definition = parts === null ? null : definitionOf(workflow, parts, contents, holdout, context);
  const isRefused = problems.failed || definition === null;
  if (definition !== null && !isRefused) assertSound(definition);
  const subjectsByHand = [...contents].filter(([, { isSubjectByHand }]) => isSubjectByHand).map(([step]) => step);
  const templates = [...contents.values()].map(({ template }) => template);
  const name = markedName(workflow.name, { workflow: workflow.id, key: 'flow', generation: 1 });
  return {
    workflow: { id: workflow.id, hash: workflow.hash },
    accountId: lookup.accountId,
    marker: markerOf(workflow.id),
    templates: templates.filter((template): template is DesiredTemplate => template !== null),
    segments: parts?.segment == null ? [] : [parts.segment],
    flow: isRefused ? null : { key: 'flow', name, definition, subjectsByHand },
    holdout: holdout?.properties ?? null,
    globalHoldout: globalHoldoutOf(workflow),
    byHand: [
      ...senderByHand(lookup),
      ...globalByHand(globalHoldoutOf(workflow)),
      ...[...contents.values()].flatMap((content) => content.byHand),
      liveByHand(name),
    ],
    differences: differences.filter(({ support }) => support !== 'none'),
    problems: problems.issues,
  };
}

/** Whether the starting event counts as one "since the start" is not documented. */
function warnOfOwnGoal({ trigger, goal, exit }: Workflow, problems: Problems): void {
  const start =
    trigger.type === 'behavior' ? trigger.match.event : trigger.type === 'inaction' ? trigger.after.event : null;
  for (const [match, at] of [
    [goal.match, 'goal.event'],
    ...exit.on.map((on, i) => [on, `exit.on[${i}].event`] as const),
  ] as const) {
    if (match.event !== start) continue;
    problems.warn(
      'START_ENDS',
      at,
      `"${start}" both starts and ends the flow: try the draft with one person, in case Klaviyo counts the start itself.`,
    );
  }
}

/** When the last email is due at the latest, after the trigger. */
export function lastDueMs(workflow: Workflow): number {
  let previous = 0;
  let last = 0;
  for (const { step } of stepsOf(workflow)) {
    const due = step.from === 'previous' ? previous + step.delayMs : step.delayMs;
    previous = due;
    last = Math.max(last, due);
  }
  return last;
}

/** How long an enrollment lasts that nothing ends early. */
export function enrollmentMs(workflow: Workflow): number {
  return workflow.exit.afterMs ?? Math.max(lastDueMs(workflow), workflow.goal.withinMs);
}

function contentOf(workflow: Workflow, scope: SendScope, context: Context): Map<string, StepContent> {
  return new Map(
    stepsOf(workflow).map(({ step, at }) => [
      step.id,
      stepContent(workflow, step, at, scope, context.lookup, context.problems),
    ]),
  );
}

function definitionOf(
  workflow: Workflow,
  parts: TriggerParts,
  contents: ReadonlyMap<string, StepContent>,
  holdout: ReturnType<typeof holdoutNames>,
  context: Context,
): FlowDefinition {
  const content = (step: Step) => contents.get(step.id) as StepContent;
  const { actions, entry } = flowActions(
    workflow,
    { ...parts, holdout, sender: context.lookup.sender, content },
    context,
  );
  const ends = [
    { match: workflow.goal.match, at: 'goal' },
    ...workflow.exit.on.map((match, i) => ({ match, at: `exit.on[${i}]` })),
  ];
  const seen = new Set<string>();
  const groups = ends.flatMap(({ match, at }) => {
    const condition = noneSinceStart(match, at, context);
    const text = JSON.stringify(condition);
    if (seen.has(text)) return [];
    seen.add(text);
    return [[condition]];
  });
  return {
    triggers: [parts.trigger],
    profile_filter: profileFilter(groups),
    actions,
    entry_action_id: entry,
    reentry_criteria: reentry(workflow, parts, context),
  };
}

/** Whole hours, never shorter than an enrollment that nothing ends early, so that no two runs of a person overlap. */
function reentry(workflow: Workflow, parts: TriggerParts, { problems }: Context): ReentryCriteria {
  const rule = workflow.reentry;
  if (rule.kind === 'once') return { duration: 1, unit: 'alltime' };
  if (rule.kind === 'always' && parts.trigger.type !== 'metric') return { duration: 0, unit: 'alltime' };
  const lengthMs = Math.ceil(enrollmentMs(workflow) / HOUR_MS) * HOUR_MS;
  const ms = rule.kind === 'cooldown' ? Math.max(rule.ms, lengthMs) : lengthMs;
  if (ms === 0) return { duration: 0, unit: 'alltime' };
  const { unit, quantity } = lookbackOf(ms, 'reentry.cooldown', problems);
  return { duration: quantity, unit };
}

function senderByHand({ sender }: KlaviyoLookup): ByHand[] {
  if (sender === null) {
    const words = 'The account names no sender. In each email of the flow, set the sender name and address.';
    return [{ key: 'sender', title: 'Set the sender', words, value: null, at: '' }];
  }
  const domain = sender.fromEmail.slice(sender.fromEmail.indexOf('@') + 1);
  const words = `Account, Settings, Domains: the sending domain shows "Verified" for ${domain}.`;
  return [{ key: 'sender', title: 'Check the sender', words, value: domain, at: '' }];
}

/** A flow can leave out its own people only. */
function globalByHand(global: GlobalHoldout | null): ByHand[] {
  if (global === null) return [];
  const words =
    'This flow skips whoever is held out of everything. In every other flow and campaign that they are to get nothing of, add a filter that leaves out people with this property.';
  const value = `${global.property} equals holdout`;
  return [{ key: 'global', title: 'Leave them out of other emails too', words, value, at: 'globalHoldout' }];
}

function liveByHand(name: string): ByHand {
  const words = `Flows, ${name}: read every draft, then review and turn it on. Foresend does this only when asked to.`;
  return { key: 'live', title: 'Read the draft, then turn it live', words, value: name, at: '' };
}

function assertSound(definition: FlowDefinition): void {
  const issues = checkFlow(definition);
  assert(issues.length === 0, `a flow is sound before it is written: ${JSON.stringify(issues[0])}`);
}
