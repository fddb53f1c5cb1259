// The segment each enrolled person was in when their enrollment began, for figures by segment.

import type { History } from '../events/index.ts';
import { type EnrollmentColumns, HistoryView, localTime } from '../replay/index.ts';
import type { SegmentRules, Workflow } from '../workflow/index.ts';
import { codesAt, KINDS, type KindName } from './standings.ts';

/**
 * @param columns of the workflow's replay on this history
 * @param signal looked at between enrollments; what it throws ends it
 * @returns names of the kind in order, and per enrollment an index into them
 */
export function segmentsAtTrigger(
  history: History,
  columns: EnrollmentColumns,
  workflow: Workflow,
  rules: SegmentRules,
  kind: KindName,
  signal?: AbortSignal,
): { readonly names: readonly string[]; readonly classOf: Uint8Array } {
  const zone = localTime(workflow.timezone);
  const view = new HistoryView(history);
  const classOf = new Uint8Array(columns.n);
  for (let i = 0; i < columns.n; i++) {
    if (i % BATCH === 0) signal?.throwIfAborted();
    const person = columns.persons[i] as number;
    const time = columns.triggerTimes[i] as number;
    if (i === 0 || person !== columns.persons[i - 1]) view.select(person);
    while (view.endRow < view.lastRow && view.time(view.endRow) <= time) view.endRow++;
    classOf[i] = codesAt({ past: view, time, zone }, rules)[kind];
  }
  return { names: KINDS[kind], classOf };
}

const BATCH = 4096;
