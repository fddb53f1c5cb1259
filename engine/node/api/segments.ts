// Who the people of a dataset are, by the rules of a workflow, by the standard ones, or by the events the history has.

import type { SegmentsAnswer, SegmentsRequest, WorkflowRequest } from '../../api/index.ts';
import { instant, UserError } from '../../base/index.ts';
import type { History } from '../../events/index.ts';
import { localTime } from '../../replay/index.ts';
import { effectsOf, foundRules, proposedThresholds, segmentReport, withProposed } from '../../segments/index.ts';
import {
  applyOverrides,
  checkSegmentRules,
  DEFAULT_SEGMENT_RULES,
  type SegmentRules,
  segmentRulesFile,
  segmentRulesOf,
  type Workflow,
  type WorkflowFile,
} from '../../workflow/index.ts';

/** What the backend lends: a workflow asked of a dataset, or the dataset alone. */
interface Sources {
  question(request: WorkflowRequest): {
    readonly history: History;
    readonly workflow: Workflow;
    readonly answer: { readonly dataset: string; readonly warnings: readonly string[] };
  };
  history(): { readonly name: string; readonly history: History };
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * @throws UserError `AFTER_END` for a moment past the history, `UNKNOWN_ZONE`, `BAD_SEGMENTS` for rules that are wrong;
 * `NOT_REPLAYABLE` where the workflow is not
 */
export function segmentsAnswer(request: SegmentsRequest, sources: Sources): SegmentsAnswer {
  const { workflow: file, set } = request;
  if (file === null) {
    const { name, history } = sources.history();
    const source = request.rules;
    const rules = source === 'standard' ? DEFAULT_SEGMENT_RULES : foundRules(history).rules;
    const settled = set.length === 0 ? rules : withSettings(rules, set);
    return { ...answerOf(history, request, settled, null, sources), dataset: name, warnings: [], source };
  }
  const { dataset, workflowPath } = request;
  const { history, workflow, answer } = sources.question({ dataset, workflow: file, workflowPath, set, seed: 1 });
  const rules = segmentRulesOf(applyOverrides(file, [...set]));
  const { dataset: name, warnings } = answer;
  return {
    ...answerOf(history, request, rules, workflow, sources),
    dataset: name,
    warnings,
    source: 'workflow',
  };
}

/** Without a feature nothing could be said of adoption: then those that the history has. */
export function withFeatures(given: SegmentRules, found: () => SegmentRules): SegmentRules {
  if (given.adoption.features.length > 0) return given;
  return { ...given, adoption: { ...given.adoption, features: found().adoption.features } };
}

function answerOf(
  history: History,
  { at: asked, timezone: zone, proposed: isTaken }: SegmentsRequest,
  given: SegmentRules,
  workflow: Workflow | null,
  { signal, onProgress }: Pick<Sources, 'signal' | 'onProgress'>,
): Omit<SegmentsAnswer, 'dataset' | 'warnings' | 'source'> {
  const at = asked ?? history.observedUntil;
  if (at > history.observedUntil) {
    throw new UserError(
      'AFTER_END',
      `${instant(at)} lies past the end of the history (${instant(history.observedUntil)}): who people are then is not known.`,
    );
  }
  const timezone = zone ?? workflow?.timezone ?? 'UTC';
  assertZone(timezone);
  const found = foundRules(history);
  const before = withFeatures(given, () => found.rules);
  const proposed = proposedThresholds(history, before, at, timezone);
  const rules = isTaken ? withProposed(before, proposed) : before;
  const report = segmentReport(history, rules, {
    at,
    timezone,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
  });
  return {
    ...report,
    history: history.fingerprint,
    found: found.roles,
    missing: found.missing,
    proposed: isTaken ? [] : proposed,
    workflow:
      workflow === null
        ? null
        : { id: workflow.id, name: workflow.name, ...effectsOf(history, workflow, rules, signal) },
  };
}

/** Settings on rules are written as those of a workflow: `segments.lifecycle.lapsed=90d`. */
function withSettings(rules: SegmentRules, set: readonly string[]): SegmentRules {
  const other = set.find((setting) => !setting.startsWith('segments.'));
  if (other !== undefined) {
    const message = `${other}: without a workflow only "segments. .." can be set; name the workflow first.`;
    throw new UserError('UNKNOWN_PATH', message);
  }
  const file: WorkflowFile = applyOverrides({ segments: segmentRulesFile(rules) }, [...set]);
  const checked = checkSegmentRules(file['segments']);
  if (checked.rules !== null) return checked.rules;
  const message = checked.issues.map((issue) => `${issue.at}: ${issue.message}`).join('\n');
  throw new UserError('BAD_SEGMENTS', message, checked.issues);
}

function assertZone(timezone: string): void {
  try {
    localTime(timezone);
  } catch {
    throw new UserError('UNKNOWN_ZONE', `"${timezone}" is no IANA time zone; write one such as "America/New_York".`);
  }
}
