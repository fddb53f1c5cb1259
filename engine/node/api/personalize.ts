// What emails can say and when they could go out, for the command line and the window: tables are read from beside the
// workflow, and a workflow with personal send times is compared to itself without them.

import type {
  ActiveHoursAnswer,
  ActiveHoursRequest,
  CallOptions,
  PersonalizeAnswer,
  SendTimesAnswer,
  SendTimesRequest,
  WorkflowRequest,
} from '../../api/index.ts';
import { assert } from '../../base/index.ts';
import { activeHours, LEAD_MS, personalizeReport, sendTimeVariants, stepWaits } from '../../personalize/index.ts';
import { projectWithDraws } from '../../projection/index.ts';
import { replayWorkflow } from '../../replay/index.ts';
import { applyOverrides } from '../../workflow/index.ts';
import { readTables } from '../lookup-tables.ts';
import { checkedResponse } from './checked-response.ts';
import { type Ask, compareColumns } from './window-compare.ts';

/** What is assumed does not rest on the draws. */
const FEW_DRAWS = 200;

export async function personalizeAnswer(
  request: WorkflowRequest,
  ask: Ask,
  options: CallOptions,
): Promise<PersonalizeAnswer> {
  const { history, workflow, answer } = ask(request);
  const tables = await readTables(workflow, request.workflowPath);
  const { signal, onProgress } = options;
  const report = personalizeReport(history, workflow, tables, {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined
      ? {}
      : {
          onProgress: (done, total) => onProgress({ stage: 'filling the emails', done, total, unit: 'people' }),
        }),
  });
  return { ...report, ...answer };
}

export async function activeHoursAnswer(
  request: ActiveHoursRequest,
  ask: Ask,
  { signal }: CallOptions,
): Promise<ActiveHoursAnswer> {
  const { history, workflow, answer } = ask(request);
  const { person } = request;
  const leadMs = workflow.gates?.sendTime?.leadMs ?? LEAD_MS;
  const { timezone } = workflow;
  const hours = activeHours(history, { leadMs, timezone, person, ...(signal === undefined ? {} : { signal }) });
  return { ...hours, ...answer };
}

/** The version with personal hours against the one without; what is compared is the workflow with its settings. */
export async function sendTimesAnswer(
  request: SendTimesRequest,
  ask: Ask,
  options: CallOptions,
): Promise<SendTimesAnswer> {
  const { dataset, workflowPath, seed, draws, response } = request;
  const { workflow, answer } = ask(request);
  const file = applyOverrides(request.workflow, [...request.set]);
  const { without, with: put, leadMs, withinMs, isOn } = sendTimeVariants(file, workflow);
  const column = (name: string, one: typeof file) => ({ name, workflow: one, workflowPath, set: [], response });
  const columns = [column('without', without), column('with', put)];
  const compared = await compareColumns({ dataset, columns, seed, draws, peopleFile: null }, ask, options);
  const [before, after] = compared.versions;
  const moved = ask({ dataset, workflow: put, workflowPath, set: [], seed });
  const replayed = replayWorkflow(
    moved.history,
    moved.workflow,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  assert(before !== undefined && after !== undefined, 'a comparison of two has two versions');
  const settings = {
    seed,
    draws: FEW_DRAWS,
    replayed,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const { projection } = projectWithDraws(moved.history, moved.workflow, await checkedResponse(response), settings);
  return {
    ...answer,
    leadMs,
    withinMs,
    isOn,
    waits: stepWaits(replayed.totals),
    figures: after.figures,
    before: before.figures,
    assumptions: projection.assumptions,
  };
}
