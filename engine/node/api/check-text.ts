// A workflow's text while it is edited: everything that is wrong with it, each with its line.

import type { PlacedIssue, WorkflowCheckAnswer } from '../../api/index.ts';
import { type Issue, UserError } from '../../base/index.ts';
import { replayIssues } from '../../replay/index.ts';
import {
  checkWorkflow,
  formatWorkflow,
  parseWorkflow,
  placeOf,
  unknownEvents,
  type WorkflowFile,
  workflowSentence,
} from '../../workflow/index.ts';

/** @param eventNames of the history it is meant for; null where there is none */
export function checkText(text: string, eventNames: readonly string[] | null): WorkflowCheckAnswer {
  const none = { sentence: null, canonical: null, hash: null, limits: [] };
  let file: WorkflowFile;
  try {
    file = parseWorkflow(text, 'workflow');
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { file: null, issues: [unreadable(error)], ...none };
  }
  const { workflow, issues } = checkWorkflow(file);
  const unknown = eventNames === null ? [] : unknownEvents(file, eventNames);
  const placed = [...issues, ...unknown].map((issue) => placedIn(text, issue));
  if (workflow === null || issues.some(({ severity }) => severity === 'error'))
    return { file, issues: placed, ...none };
  return {
    file,
    issues: placed,
    sentence: workflowSentence(workflow),
    canonical: formatWorkflow(file),
    hash: workflow.hash,
    limits: replayIssues(workflow).map((issue) => placedIn(text, issue)),
  };
}

function placedIn(text: string, { at, message, severity }: Issue): PlacedIssue {
  const place = placeOf(text, at);
  return { at, message, severity, line: place?.line ?? null, column: place?.column ?? null };
}

/** Text that is no JSON: its one issue is at `workflow:LINE:COLUMN`. */
function unreadable(error: UserError): PlacedIssue {
  const [issue] = error.issues;
  const place = /:(\d+):(\d+)$/.exec(issue?.at ?? '');
  return {
    at: '',
    message: issue?.message ?? error.message,
    severity: 'error',
    line: place === null ? null : Number(place[1]),
    column: place === null ? null : Number(place[2]),
  };
}
