// The projection of `project`, taken apart for charts.

import type { CallOptions, ProjectRequest } from '../../api.ts';
import type { History } from '../../events/index.ts';
import { type Breakdown, breakDown } from '../../projection/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import type { Workflow } from '../../workflow/index.ts';
import { checkedResponse } from './checked-response.ts';

/** @throws UserError where the workflow cannot be replayed or the response is none */
export async function breakdownOf(
  history: History,
  workflow: Workflow,
  request: Pick<ProjectRequest, 'response' | 'seed' | 'draws'>,
  { signal }: CallOptions,
): Promise<Breakdown> {
  const heard = signal === undefined ? {} : { signal };
  const replayed = replayWorkflow(history, workflow, heard);
  const { seed, draws } = request;
  const options = { seed, draws, replayed, ...heard };
  return breakDown(history, workflow, await checkedResponse(request.response), options).breakdown;
}
