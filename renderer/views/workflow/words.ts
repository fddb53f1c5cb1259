// The words of the Workflow screen: its finding, its rows, what a workflow that gives no figures is missing.

import type { ReplayAnswer } from '../../../engine/api/index.ts';
import { humanDuration as duration, money, plural } from '../../../engine/base/index.ts';
import { emailsSent } from '../../../engine/projection/index.ts';
import {
  conditionWords,
  type Incentive,
  type Step,
  type Workflow,
  type WorkflowFile,
} from '../../../engine/workflow/index.ts';
import type { LedgerRow } from './ledger-rows.ts';
import { ruleWords } from './sentence-parts.ts';
import { spoken } from './values.ts';

/** The numbers that answer what happens to whom. */
export function finding(replay: ReplayAnswer, workflow: Workflow): string {
  const { candidates, enrolled } = replay;
  if (candidates === 0) return 'The trigger would never fire in this history.';
  const fires = `The trigger would fire ${plural(candidates, 'time', 'times')}`;
  if (enrolled.treated + enrolled.holdout === 0) return `${fires}, and nobody would be enrolled.`;
  const sent = emailsSent(replay);
  const held =
    workflow.holdout.fraction === 0
      ? 'nobody is held out'
      : `${plural(enrolled.holdout, 'run is', 'runs are')} held out`;
  return `${fires} and send ${plural(sent, 'email', 'emails')}; ${held}.`;
}

export function gateWords(
  row: Extract<LedgerRow, { kind: 'gate' }>,
  file: WorkflowFile,
  workflow: Workflow,
  currency: string | null,
): { readonly title: string; readonly words: string } {
  switch (row.rule) {
    case 'already':
      return { title: 'Already enrolled', words: 'still inside an earlier run' };
    case 'reentry':
      return {
        title: 'Re-entry',
        words:
          workflow.reentry.kind === 'cooldown'
            ? `enrolled less than ${duration(workflow.reentry.ms)} before`
            : 'enrolled once before',
      };
    case 'unreachable':
      return {
        title: 'Unreachable',
        words: `no ${workflow.reach.address} known at that moment${workflow.reach.consent === null ? '' : `, or no ${workflow.reach.consent}`}`,
      };
    case 'audience':
      return {
        title: 'Audience',
        words: workflow.audience === null ? '' : `not so that ${conditionWords(workflow.audience)}`,
      };
    case 'globalHoldout':
      return { title: 'Global holdout', words: 'people left out of everything' };
    case 'suppress':
      return { title: row.id, words: ruleWords(file, workflow, row.index ?? 0, currency) };
  }
}

export function stepTitle({ number, step, path }: Extract<LedgerRow, { kind: 'step' }>): string {
  return `Email ${number} · ${step.id}${path === null ? '' : ` (${path})`}`;
}

/** `+24 h`, `at once`. @param text as in the file */
export function delayWords(text: string, from: Step['from']): string {
  if (/^0+[wdhms]$/.test(text)) return from === 'trigger' ? 'at once' : 'next';
  return `+${spoken(text)}`;
}

/** @param expires as in the file; null where it does not expire */
export function incentiveWords({ percent, amount, freeShipping, minimum }: Incentive, expires: string | null): string {
  const what = [
    ...(percent === null ? [] : [`${percent}% off`]),
    ...(amount === null ? [] : [`${money(amount, null)} off`]),
    ...(freeShipping === null ? [] : ['free shipping']),
    ...(minimum === null ? [] : [`from ${money(minimum, null)}`]),
    ...(expires === null ? [] : [spoken(expires)]),
  ];
  return what.join(', ');
}

export function skipWords(reason: string): string {
  const words: Readonly<Record<string, string>> = {
    unsubscribed: 'unsubscribed',
    cap: 'at the cap',
    quiet: 'quiet hours',
    sendTime: 'send time',
    if: 'condition not met',
  };
  return words[reason] ?? reason;
}

/** Under the head of the column: the one reason there is. */
export function skippedHeader(replay: ReplayAnswer | null): string {
  const reasons = new Set(
    (replay?.steps ?? []).flatMap(({ skipped }) => Object.keys(skipped).filter((reason) => (skipped[reason] ?? 0) > 0)),
  );
  const [only] = reasons;
  return reasons.size === 1 && only !== undefined ? skipWords(only) : '';
}

export function endWords(
  { exits }: Pick<ReplayAnswer, 'exits'>,
  workflow: Workflow,
): readonly { readonly n: number; readonly words: string; readonly reason: 'goal' | 'event' | 'expired' | null }[] {
  const others = workflow.exit.on.filter(({ event }) => event !== workflow.goal.match.event);
  return [
    { n: exits.goal, words: 'reached the goal', reason: 'goal' },
    ...(exits.event > 0 || others.length > 0
      ? [{ n: exits.event, words: 'left by an event', reason: 'event' as const }]
      : []),
    { n: exits.expired, words: 'ran out', reason: 'expired' },
    { n: exits.open, words: 'still open', reason: null },
  ];
}
