// Lines of a plan that are the same whatever the service: what is left to a person, what goes, and the sum of it all.

import { capital, plural } from '../base/index.ts';
import type { ByHand, ObjectKey, PlanAction, PlannedRequest } from './types.ts';

/** What was created, changed, made anew or removed: the lines that cost a request or a person's attention. */
export function changesOf(actions: readonly PlanAction[]): readonly PlanAction[] {
  return actions.filter(({ verb }) => verb !== 'leave' && verb !== 'by hand');
}

export function byHandAction({ key, title, words }: ByHand): PlanAction {
  return {
    verb: 'by hand',
    key: `by-hand:${key}`,
    type: 'by hand',
    title: 'By hand',
    name: title,
    remark: words,
    changes: [],
    why: null,
    requests: [],
    wantedHash: null,
  };
}

export function removing(
  key: ObjectKey,
  type: PlanAction['type'],
  name: string,
  remark: string,
  request: PlannedRequest,
): PlanAction {
  return {
    verb: 'remove',
    key,
    type,
    title: `Remove ${type}`,
    name,
    remark,
    changes: [],
    why: null,
    requests: [request],
    wantedHash: null,
  };
}

export function leaving(key: ObjectKey, type: PlanAction['type'], name: string, remark: string): PlanAction {
  return {
    verb: 'leave',
    key,
    type,
    title: `Leave ${type}`,
    name,
    remark,
    changes: [],
    why: null,
    requests: [],
    wantedHash: null,
  };
}

/** `4 changes in Klaviyo, and no email goes out. 3 things stay for you to do by hand.` */
export function summaryOf(service: string, actions: readonly PlanAction[], nByHand: number): string {
  const n = changesOf(actions).filter(({ requests, type }) => requests.length > 0 || type === 'property').length;
  const changes =
    n === 0 ? `Nothing changes in ${service}.` : `${plural(n, 'change')} in ${service}, and no email goes out.`;
  const hand = `${plural(nByHand, 'thing')} ${nByHand === 1 ? 'stays' : 'stay'} for you to do by hand.`;
  return nByHand === 0 ? capital(changes) : `${capital(changes)} ${hand}`;
}
