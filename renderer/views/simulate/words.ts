// The sentences of Simulate. What decides and is not known is said first.

import type { ProjectAnswer, WorkflowFile } from '../../../engine/api/index.ts';
import { count, humanDuration as duration, percent, plural, sentence } from '../../../engine/base/index.ts';
import { effectFinding, known, PLAIN_TERMS, type Terms, termsFor } from '../../../engine/report/index.ts';

export type State = 'projected' | 'not-identified' | 'nobody' | 'too-young';

export function stateOf({
  replay,
  eligible,
  identified,
}: Pick<ProjectAnswer, 'replay' | 'eligible' | 'identified'>): State {
  if (replay.enrolled.treated + replay.enrolled.holdout === 0) return 'nobody';
  if (identified !== true) return 'not-identified';
  return eligible === 0 ? 'too-young' : 'projected';
}

export function finding(projection: ProjectAnswer, terms: Terms): string {
  const { replay, incomplete, horizon } = projection;
  switch (stateOf(projection)) {
    case 'nobody':
      return replay.candidates === 0
        ? 'Nobody meets the trigger in this history, so nothing would be sent.'
        : `Of ${plural(replay.candidates, 'candidate', 'candidates')} nobody is enrolled, so nothing would be sent.`;
    case 'too-young':
      return `All ${plural(incomplete, 'run is', 'runs are')} too recent to judge: the history ends before their ${duration(horizon)} do.`;
    default:
      return effectFinding(projection, terms);
  }
}

/** Carts and orders where the names of the events say so. */
export function termsOf({ subject }: Pick<ProjectAnswer, 'subject'>, file: WorkflowFile | null): Terms {
  if (subject !== null && subject.kind !== 'absence') return termsFor(subject.anchor, subject.answer);
  const goal = file?.['goal'];
  const event = typeof goal === 'object' && goal !== null && 'event' in goal ? goal.event : null;
  return typeof event === 'string' ? termsFor('', event) : PLAIN_TERMS;
}

/** One sentence each, the weightiest first. */
export function limits(projection: ProjectAnswer, terms: Terms): string[] {
  const { replay, assumptions, incomplete, horizon, identified, unsubscribes, reach } = projection;
  const state = stateOf(projection);
  const words: string[] = [];
  if (state === 'not-identified' && identified !== true) words.push(sentence(identified.reason));
  if (state === 'projected' && assumptions.some(({ name, kind }) => name === 'level' && kind !== 'measured')) {
    words.push(`What the emails add is assumed: this history shows only which ${terms.goals} come anyway.`);
  }
  if (incomplete > 0 && state !== 'too-young') {
    words.push(`${plural(incomplete, 'run is', 'runs are')} too recent: their ${duration(horizon)} are not over.`);
  }
  if (replay.pending > 0) {
    words.push(`${plural(replay.pending, 'trigger was', 'triggers were')} still waiting when the history ended.`);
  }
  if (reach === 'unknown') words.push('Who can be reached is not in the history: everybody counts.');
  const leaving = known(unsubscribes);
  if (leaving !== null && assumptions.some(({ name, value }) => name === 'subscriberValue' && value === 'not given')) {
    words.push(
      `About ${count(leaving.expected)} would unsubscribe (${count(leaving.low)} to ${count(leaving.high)}); no price is set on that.`,
    );
  }
  return words;
}

/** Null where it is not known. */
export function harmWords({ incremental }: Pick<ProjectAnswer, 'incremental'>, terms: Terms): string | null {
  const { pHarm } = incremental;
  return pHarm === null
    ? null
    : `On these assumptions, ${percent(pHarm, 0)} chance that the emails cost ${terms.goals}.`;
}

/** Which rule keeps the most out: the one to loosen first. */
export function rulesOut({ suppressed }: Pick<ProjectAnswer['replay'], 'suppressed'>): string {
  const [rule, n = 0] = Object.entries(suppressed).sort(([, a], [, b]) => b - a)[0] ?? [];
  if (rule === undefined || n === 0) return 'Every candidate is kept out; the funnel shows where.';
  return `The rules keep every candidate out, most of them “${rule}”: ${count(n)}. Loosen it, or see whether this history has what it looks at.`;
}
