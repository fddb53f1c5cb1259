// What is allowed in a workflow but hardly meant: steps that cannot be sent, mails that cannot count, offers that
// cannot pay.

import { exactPercent, formatDuration } from '../base/index.ts';
import type { Findings } from './fields.ts';
import type { Step, Workflow } from './types.ts';

export function warnOfWorkflow(findings: Findings, workflow: Workflow): void {
  const { exit, goal, economics } = workflow;
  let latest = 0;
  for (const { step, at, inner } of stepsOf(workflow)) {
    const delay = formatDuration(step.delayMs);
    const delayAt = `${at}.delay`;
    if (exit.afterMs !== null && step.delayMs > exit.afterMs) {
      const message = `"${step.id}" is due ${delay} or later, after "exit.after" (${formatDuration(exit.afterMs)}): it is never sent.`;
      findings.warn('AFTER_EXIT', delayAt, message);
    } else if (step.delayMs > goal.withinMs) {
      const message = `"${step.id}" is due ${delay} or later, when the goal window (${formatDuration(goal.withinMs)}) has closed: it cannot count.`;
      findings.warn('AFTER_GOAL_WINDOW', delayAt, message);
    }
    if (step.from === 'trigger' && !inner) {
      if (step.delayMs < latest) {
        const message = `"${step.id}" stands after steps that are due later; delays run from the trigger unless "from" is "previous".`;
        findings.warn('OUT_OF_ORDER', delayAt, message);
      }
      latest = Math.max(latest, step.delayMs);
    }
    const percent = step.incentive?.percent ?? null;
    if (percent !== null && economics.margin !== null && percent > economics.margin * 100) {
      const message = `${percent}% off is more than the margin of ${exactPercent(economics.margin)}: every order with it loses money.`;
      findings.warn('ABOVE_MARGIN', `${at}.incentive.percent`, message);
    }
  }
}

/** All steps in file order, with their paths in the file. */
export function stepsOf(workflow: Workflow): { step: Step; at: string; inner: boolean }[] {
  return workflow.sequence.flatMap((item, i) => {
    const at = `sequence[${i}]`;
    if (item.kind === 'step') return [{ step: item, at, inner: false }];
    return [
      ...item.paths.flatMap((path, p) =>
        path.steps.map((step, s) => ({ step, at: `${at}.branch[${p}].steps[${s}]`, inner: true })),
      ),
      ...item.else.map((step, s) => ({ step, at: `${at}.else[${s}]`, inner: true })),
    ];
  });
}
