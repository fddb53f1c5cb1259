// Baseline and traffic of a workflow, for planning a holdout: first entries only, because a test counts each person once.
// Beside the goal itself: the money per person, and the goal among those who begin with the largest values.

import type { TrafficAnswer, TrafficQuestion } from '../../api/index.ts';
import { WEEK_MS } from '../../base/index.ts';
import { type History, observationStart } from '../../events/index.ts';
import { classesOf } from '../../projection/index.ts';
import { type EnrollmentColumns, replayWorkflow } from '../../replay/index.ts';
import { momentsOf } from '../../stats/index.ts';
import type { Workflow } from '../../workflow/index.ts';

type Traffic = Pick<TrafficAnswer, 'baseline' | 'reason' | 'firstEntriesPerWeek' | 'goalWindowMs' | 'questions'>;

/** Without emails in the history both arms show what happens anyway, so both count. */
export function trafficOf(history: History, workflow: Workflow, signal?: AbortSignal): Traffic {
  const { enrollments } = replayWorkflow(history, workflow, signal === undefined ? {} : { signal });
  const goalWindowMs = workflow.goal.withinMs;
  const entries: number[] = [];
  for (let i = 0; i < enrollments.n; i++) if (enrollments.repeats[i] !== 1) entries.push(i);
  // A stray entry from before the history proper would thin out every week.
  const start = observationStart(history) ?? history.observedUntil;
  const since = (rows: readonly number[]) => rows.filter((i) => (enrollments.triggerTimes[i] as number) >= start);
  const first = since(entries).reduce((least, i) => Math.min(least, enrollments.triggerTimes[i] as number), Infinity);
  const weeks = (history.observedUntil - first) / WEEK_MS;
  const perWeek = (rows: readonly number[]) => {
    const n = since(rows).length;
    return n > 0 && weeks >= 1 ? n / weeks : null;
  };
  const firstEntriesPerWeek = perWeek(entries);
  const complete = completeOf(enrollments, entries);
  if (complete.length > 0) {
    const { rate } = goalRate(enrollments, complete);
    const questions = questionsOf(history, workflow, enrollments, entries, perWeek);
    return { baseline: rate, firstEntriesPerWeek, goalWindowMs, questions };
  }
  const reason =
    entries.length === 0 ? 'nobody enrolls' : 'no goal window of an enrollment is over by the end of the history';
  return { baseline: null, reason, firstEntriesPerWeek, goalWindowMs, questions: [] };
}

function questionsOf(
  history: History,
  workflow: Workflow,
  enrollments: EnrollmentColumns,
  entries: readonly number[],
  perWeek: (rows: readonly number[]) => number | null,
): TrafficQuestion[] {
  const complete = completeOf(enrollments, entries);
  const rated = (key: TrafficQuestion['key'], rows: readonly number[], valueFrom: number | null): TrafficQuestion => {
    const known = completeOf(enrollments, rows);
    const { rate, converted } = goalRate(enrollments, known);
    const firstEntriesPerWeek = perWeek(rows);
    return {
      key,
      kind: 'rate',
      people: known.length,
      converted,
      baseline: rate,
      sd: null,
      firstEntriesPerWeek,
      valueFrom,
    };
  };
  const found = [rated('goal', entries, null)];
  const amounts = complete.map((i) => {
    const value = enrollments.goalValues[i] as number;
    return Number.isNaN(value) ? 0 : value;
  });
  if (amounts.some((amount) => amount !== 0)) {
    const { mean, variance } = momentsOf(amounts);
    found.push({
      key: 'value',
      kind: 'amount',
      people: complete.length,
      converted: (found[0] as TrafficQuestion).converted,
      baseline: mean,
      sd: variance === null ? null : Math.sqrt(variance),
      firstEntriesPerWeek: perWeek(entries),
      valueFrom: null,
    });
  }
  const classes = classesOf(history, enrollments, workflow);
  if ('cuts' in classes) {
    const top = classes.cuts.length;
    const rows = entries.filter((i) => classes.classOf[i] === top);
    if (completeOf(enrollments, rows).length > 0) found.push(rated('large', rows, classes.cuts.at(-1) as number));
  }
  return found;
}

function completeOf({ complete }: EnrollmentColumns, rows: readonly number[]): number[] {
  return rows.filter((i) => complete[i] === 1);
}

function goalRate({ goalTimes }: EnrollmentColumns, rows: readonly number[]) {
  const converted = rows.filter((i) => !Number.isNaN(goalTimes[i])).length;
  return { converted, rate: converted / rows.length };
}
