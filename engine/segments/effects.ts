// What a workflow does to each segment: every candidate under the segment the person was in at that moment. The columns
// add up to the totals of the replay.

import type { History } from '../events/index.ts';
import { type Decision, HistoryView, localTime, type ReplayTotals, replayWorkflow } from '../replay/index.ts';
import type { SegmentRules, Workflow } from '../workflow/index.ts';
import { codesAt, KINDS, type KindName } from './standings.ts';

export interface SegmentEffect {
  readonly segment: string;
  readonly candidates: number;
  readonly alreadyEnrolled: number;
  /** By any rule. */
  readonly suppressed: number;
  readonly treated: number;
  readonly holdout: number;
  /** Emails sent to the people enrolled from this segment. */
  readonly sent: number;
}

export type WorkflowEffects = Readonly<Record<KindName, readonly SegmentEffect[]>>;

/**
 * @param signal looked at between people; what it throws ends it
 * @throws UserError `NOT_REPLAYABLE`
 */
export function effectsOf(
  history: History,
  workflow: Workflow,
  rules: SegmentRules,
  signal?: AbortSignal,
): { readonly effects: WorkflowEffects; readonly totals: ReplayTotals } {
  const zone = localTime(workflow.timezone);
  const view = new HistoryView(history);
  const rows = (Object.keys(KINDS) as KindName[]).map((kind) => ({ kind, rows: KINDS[kind].map(emptyRow) }));
  let person: string | null = null;
  let codes: Readonly<Record<KindName, number>> | null = null;
  let asOf = Number.NaN;
  let enrolledAs: Readonly<Record<KindName, number>> | null = null;
  const onDecision = (decision: Decision) => {
    const column = columnOf(decision);
    if (column === null) return;
    if (decision.person !== person) {
      person = decision.person;
      view.select(history.personIndex(decision.person));
      asOf = Number.NaN;
    }
    if (column === 'sent') {
      for (const { kind, rows: of } of rows) count(of, enrolledAs?.[kind], 'sent');
      return;
    }
    if (decision.time !== asOf) {
      while (view.endRow < view.lastRow && view.time(view.endRow) <= decision.time) view.endRow++;
      codes = codesAt({ past: view, time: decision.time, zone }, rules);
      asOf = decision.time;
    }
    for (const { kind, rows: of } of rows) count(of, codes?.[kind], column);
    if (column === 'treated' || column === 'holdout') enrolledAs = codes;
  };
  const { totals } = replayWorkflow(history, workflow, {
    onDecision,
    enrollments: 'none',
    ...(signal === undefined ? {} : { signal }),
  });
  const effects = Object.fromEntries(rows.map(({ kind, rows: of }) => [kind, of])) as unknown as WorkflowEffects;
  return { effects, totals };
}

type Column = Exclude<keyof SegmentEffect, 'segment'>;
type Row = { -readonly [key in keyof SegmentEffect]: SegmentEffect[key] };

function columnOf({ kind, reason }: Decision): Column | null {
  switch (kind) {
    case 'candidate':
      return 'candidates';
    case 'alreadyEnrolled':
    case 'suppressed':
    case 'sent':
      return kind;
    case 'enrolled':
      return reason;
    default:
      return null;
  }
}

function emptyRow(segment: string): Row {
  return { segment, candidates: 0, alreadyEnrolled: 0, suppressed: 0, treated: 0, holdout: 0, sent: 0 };
}

function count(rows: readonly Row[], code: number | undefined, column: Column): void {
  const row = rows[code ?? -1];
  if (row !== undefined) row[column]++;
}
