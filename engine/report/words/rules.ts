// The sentences about the rules of a workflow: what each is called, what it stops, and what stopping costs.

import { exactCount, exactPlural, MINUS, percent } from '../../base/index.ts';
import type { RuleCost, RuleCosts } from '../../projection/index.ts';
import { known } from '../estimates.ts';

export function ruleName({ kind, id, path }: Pick<RuleCost, 'kind' | 'id' | 'path'>): string {
  switch (kind) {
    case 'reentry':
      return 'Re-entry';
    case 'consent':
      return 'Consent';
    case 'audience':
      return 'Audience';
    case 'suppress':
      return `Suppression ${id}`;
    case 'if':
      return `Condition of email ${id}`;
    case 'cap': {
      const place = /\.(\d+)$/.exec(path)?.[1];
      return place === undefined ? 'Cap' : `Cap ${Number(place) + 1}`;
    }
    case 'quiet':
      return 'Quiet hours';
    case 'sendTime':
      return 'Own send time';
    case 'holdout':
      return 'Holdout';
  }
}

/** `1,204 triggers`, `30 emails, 120 moved`, `nothing`. */
export function stopsWords({ stops, moves, unit }: RuleCost): string {
  const stopped = stops === 0 ? null : exactPlural(stops, unit.slice(0, -1));
  const moved = moves === 0 ? null : `${exactCount(moves)}${stopped === null ? ' emails' : ''} moved`;
  return [stopped, moved].filter((part) => part !== null).join(', ') || 'nothing';
}

/** The rule that keeps most out, by emails; and one that lets nobody through. */
export function rulesFinding({ rules, byProfit }: RuleCosts, sent: number): string {
  if (rules.length === 0) return 'The workflow has no rule that keeps anybody out.';
  const [most] = [...rules].sort((a, b) => b.emails - a.emails);
  if (most === undefined || most.emails <= 0) return 'No rule keeps an email back in this history.';
  if (sent === 0) {
    return `${ruleName(most)} alone stands between everybody and the first email: ${exactCount(most.emails)} would go out without it.`;
  }
  const worth = known(byProfit ? most.profit : most.conversions);
  const odds = most.pBetterWithout;
  const paid =
    worth === null || odds === null
      ? ''
      : `; ${byProfit ? 'profit' : 'what is added'} is higher without it in ${percent(odds, 0)} of the draws`;
  return `${ruleName(most)} keeps most back: ${exactPlural(most.emails, 'email')} more without it${paid}.`;
}

/** `+12`, `−3`, `0`, with every digit. */
export function signedExact(n: number): string {
  return n > 0 ? `+${exactCount(n)}` : n < 0 ? `${MINUS}${exactCount(-n)}` : '0';
}
