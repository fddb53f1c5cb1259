// What rules keep out, for a workflow and for a programme: the same question of one and of several.

import type { CallOptions, ProgrammeCostsRequest, RuleCostsRequest } from '../../api/index.ts';
import type { History } from '../../events/index.ts';
import { type ProgrammeCosts, programmeCosts, type RuleCosts, ruleCosts } from '../../projection/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { checkedResponse } from './checked-response.ts';

export async function costsOfRules<T>(
  { response, seed, draws }: RuleCostsRequest,
  { history, workflow, answer }: { readonly history: History; readonly workflow: Workflow; readonly answer: T },
  options: CallOptions,
): Promise<RuleCosts & T> {
  const checked = await checkedResponse(response);
  return { ...ruleCosts(history, workflow, checked, { seed, draws, ...heard(options) }), ...answer };
}

export async function costsOfProgramme<T>(
  { response, seed, draws }: ProgrammeCostsRequest,
  asked: { readonly history: History; readonly workflows: readonly Workflow[]; readonly answer: T },
  options: CallOptions,
): Promise<ProgrammeCosts & T> {
  const { history, workflows, answer } = asked;
  const checked = await checkedResponse(response);
  return { ...programmeCosts(history, workflows, checked, { seed, draws, ...heard(options) }), ...answer };
}

function heard({ signal, onProgress }: CallOptions) {
  const stage = 'replaying without each rule';
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : { onProgress: (done: number, total: number) => onProgress({ stage, done, total, unit: 'replays' }) }),
  };
}
