// A person's account as lanes on one time axis: one for each kind of event, the waiting of triggers and the rules as
// spans, decisions as marks. Pure: what an account says up to its moment, cut to the part of the axis that is looked at.

import type { ExplainAnswer } from '../../engine/api/index.ts';
import { humanDuration } from '../../engine/base/index.ts';

export interface Mark {
  readonly time: number;
  readonly look: 'event' | 'sent' | 'ghost' | 'stopped' | 'decision';
  readonly words: string;
}

export interface Span {
  readonly from: number;
  /** At most the account's moment. */
  readonly to: number;
  /** `missing`: the piece by which it fell short. */
  readonly look: 'waiting' | 'missing' | 'rule' | 'enrolled';
  readonly words: string;
}

export interface Lane {
  readonly name: string;
  readonly marks: readonly Mark[];
  readonly spans: readonly Span[];
  /** Marks in this part of the axis that are too close to others to be drawn. */
  readonly thinned: number;
}

type Entry = ExplainAnswer['timeline'][number];
/** Columns of the axis that can be told apart. */
const COLUMNS = 320;

export interface Axis {
  readonly from: number;
  readonly to: number;
}

/** Lanes in a fixed order: events by their first time, then waiting, rules, enrollments, emails. Empty ones are left out. */
export function timelineLanes(account: Pick<ExplainAnswer, 'timeline' | 'moment'>, axis: Axis): Lane[] {
  const { timeline, moment } = account;
  const seen = timeline.filter(({ time }) => time <= moment);
  const names = [...new Set(seen.flatMap((one) => (one.kind === 'event' ? [one.name] : [])))];
  const lanes = [
    ...names.map((name) => ({ name, marks: eventMarks(seen, name), spans: [] as Span[] })),
    { name: 'Waiting', marks: missMarks(seen), spans: waitingSpans(seen, moment) },
    { name: 'Rules', marks: ruleMarks(seen), spans: ruleSpans(seen, moment) },
    { name: 'Enrolled', marks: [] as Mark[], spans: enrolledSpans(seen, moment) },
    { name: 'Emails', marks: emailMarks(seen), spans: [] as Span[] },
  ];
  return lanes
    .filter(({ marks, spans }) => marks.length + spans.length > 0)
    .map(({ name, marks, spans }) => {
      const inside = marks.filter(({ time }) => time >= axis.from && time <= axis.to);
      const drawn = thin(inside, axis);
      return {
        name,
        marks: drawn,
        spans: spans.filter(({ from, to }) => to >= axis.from && from <= axis.to),
        thinned: inside.length - drawn.length,
      };
    });
}

/** Of marks that look alike in one column, the last. */
function thin(marks: readonly Mark[], { from, to }: Axis): Mark[] {
  const width = Math.max(1, (to - from) / COLUMNS);
  const kept = new Map<string, Mark>();
  for (const mark of marks) kept.set(`${Math.floor((mark.time - from) / width)} ${mark.look}`, mark);
  return [...kept.values()];
}

function eventMarks(seen: readonly Entry[], name: string): Mark[] {
  return seen.flatMap((one) =>
    one.kind === 'event' && one.name === name ? [{ time: one.time, look: 'event' as const, words: name }] : [],
  );
}

/** From what starts the waiting to what ends it; what was still missing then is a piece of its own. */
function waitingSpans(seen: readonly Entry[], moment: number): Span[] {
  const spans: Span[] = [];
  let since: number | null = null;
  for (const one of seen) {
    const ends = (one.kind === 'trigger' && one.missedByMs !== null) || isCandidate(one);
    if (one.kind === 'trigger' && one.missedByMs === null) since ??= one.time;
    if (!ends) continue;
    if (since !== null) spans.push({ from: since, to: one.time, look: 'waiting', words: 'the trigger waits' });
    since = null;
    if (one.kind === 'trigger' && one.missedByMs !== null && one.missedByMs > 0) {
      const to = Math.min(one.time + one.missedByMs, moment);
      const words = `${humanDuration(one.missedByMs)} short`;
      if (to > one.time) spans.push({ from: one.time, to, look: 'missing', words });
    }
  }
  if (since !== null) spans.push({ from: since, to: moment, look: 'waiting', words: 'the trigger waits' });
  return spans;
}

function missMarks(seen: readonly Entry[]): Mark[] {
  return seen.flatMap((one) =>
    one.kind === 'trigger' && one.missedByMs !== null
      ? [{ time: one.time, look: 'stopped' as const, words: `${humanDuration(one.missedByMs)} short` }]
      : [],
  );
}

function isCandidate(one: Entry): boolean {
  return one.kind === 'decision' && one.decision === 'candidate';
}

function ruleMarks(seen: readonly Entry[]): Mark[] {
  return seen.flatMap((one) =>
    one.kind === 'decision' && one.decision === 'suppressed'
      ? [{ time: one.time, look: 'stopped' as const, words: `${one.reason}${shortBy(one)}` }]
      : [],
  );
}

function shortBy({ time, reason, rules }: Extract<Entry, { kind: 'decision' }>): string {
  const freeAt = rules.find(({ rule }) => rule === reason)?.freeAt ?? null;
  return freeAt === null ? '' : `: ${humanDuration(freeAt - time)} short`;
}

function ruleSpans(seen: readonly Entry[], moment: number): Span[] {
  return seen.flatMap((one) => {
    if (one.kind !== 'decision' || one.decision !== 'suppressed') return [];
    const freeAt = one.rules.find(({ rule }) => rule === one.reason)?.freeAt ?? null;
    if (freeAt === null || Math.min(freeAt, moment) <= one.time) return [];
    const words = `${one.reason}: ${humanDuration(freeAt - one.time)} short`;
    return [{ from: one.time, to: Math.min(freeAt, moment), look: 'rule' as const, words }];
  });
}

function enrolledSpans(seen: readonly Entry[], moment: number): Span[] {
  const spans: Span[] = [];
  let since: { readonly time: number; readonly words: string } | null = null;
  const end = (to: number) => {
    if (since !== null) spans.push({ from: since.time, to, look: 'enrolled', words: since.words });
    since = null;
  };
  for (const one of seen) {
    if (one.kind !== 'decision') continue;
    if (one.decision === 'enrolled') {
      end(one.time);
      since = { time: one.time, words: one.reason === 'holdout' ? 'held out' : 'treated' };
    } else if (one.decision === 'exited') end(one.time);
  }
  end(moment);
  return spans;
}

function emailMarks(seen: readonly Entry[]): Mark[] {
  return seen.flatMap((one): Mark[] => {
    if (one.kind !== 'decision' || one.step === null) return [];
    const { time, decision, step, reason } = one;
    if (decision === 'sent') return [{ time, look: 'sent', words: `${step} sent` }];
    if (decision === 'ghost') return [{ time, look: 'ghost', words: `${step} held out` }];
    if (decision === 'skipped') return [{ time, look: 'stopped', words: `${step} skipped: ${reason}` }];
    return [{ time, look: 'decision', words: `${step} ${decision}` }];
  });
}
