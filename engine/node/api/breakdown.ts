// The projection of `project`, taken apart for charts.

import type { BreakdownRequest, CallOptions } from '../../api/index.ts';
import type { History } from '../../events/index.ts';
import { type Breakdown, breakDown } from '../../projection/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import { foundRules, segmentsAtTrigger } from '../../segments/index.ts';
import { applyOverrides, segmentRulesOf, type Workflow } from '../../workflow/index.ts';
import { checkedResponse } from './checked-response.ts';
import { withFeatures } from './segments.ts';

/** @throws UserError where the workflow cannot be replayed or the response is none */
export async function breakdownOf(
  history: History,
  workflow: Workflow,
  request: Pick<BreakdownRequest, 'response' | 'seed' | 'draws' | 'by' | 'workflow' | 'set'>,
  { signal }: CallOptions,
): Promise<Breakdown> {
  const heard = signal === undefined ? {} : { signal };
  const replayed = replayWorkflow(history, workflow, heard);
  const { seed, draws } = request;
  const { by = null } = request;
  const rules = by === null ? null : segmentRulesOf(applyOverrides(request.workflow, [...request.set]));
  const split =
    by === null || rules === null
      ? undefined
      : segmentsAtTrigger(
          history,
          replayed.enrollments,
          workflow,
          withFeatures(rules, () => foundRules(history).rules),
          by,
          signal,
        );
  const options = { seed, draws, replayed, split, ...heard };
  return breakDown(history, workflow, await checkedResponse(request.response), options).breakdown;
}
