// What the replay's account of a person says, in words: what they did that the workflow takes notice of, what it decided,
// and what each rule said when it was last asked.

import type { ExplainAnswer } from '../../../engine/api/index.ts';
import { day, exactCount, instant, listed, sentence, withInstants } from '../../../engine/base/index.ts';

export interface Happening {
  /** `14 Jul 2026`. */
  readonly day: string;
  /** `20:05:10`, UTC. */
  readonly time: string;
  readonly words: string;
  readonly note: string | null;
  readonly isDecision: boolean;
}

type Moment = ExplainAnswer['timeline'][number];

/** In order. Properties are left out: rules say which ones they asked. @param clock for moments inside sentences */
export function happenings({ timeline }: Pick<ExplainAnswer, 'timeline'>, clock = instant): Happening[] {
  return timeline.flatMap((one) => {
    const said = saidOf(one, clock);
    if (said === null) return [];
    const time = new Date(one.time).toISOString().slice(11, 19);
    return [{ day: day(one.time), time, isDecision: one.kind === 'decision', note: null, ...said }];
  });
}

function saidOf(one: Moment, clock: (ms: number) => string): { readonly words: string; readonly note?: string } | null {
  switch (one.kind) {
    case 'property':
      return null;
    case 'event': {
      const value = one.value === null ? '' : ` for ${exactCount(one.value)}`;
      return { words: `${one.name}${value}`, note: listed([...one.roles]) };
    }
    case 'trigger':
      return { words: sentence(withInstants(one.text, clock)) };
    case 'decision':
      return { words: decisionWords(one) };
  }
}

function decisionWords({ decision, step, reason }: Extract<Moment, { kind: 'decision' }>): string {
  switch (decision) {
    case 'candidate':
      return 'The trigger fires';
    case 'alreadyEnrolled':
      return 'Already in the workflow';
    case 'suppressed':
      return `Kept out by ${reason}`;
    case 'enrolled':
      return reason === 'holdout' ? 'Enrolled, held out' : 'Enrolled, treated';
    case 'branched':
      return `${step}: takes the path ${reason}`;
    case 'sent':
      return `${step} is sent`;
    case 'ghost':
      return `${step} would be sent, were they not held out`;
    case 'skipped':
      return `${step} is skipped: ${reason}`;
    case 'moved':
      return `${step} is moved: ${reason}`;
    case 'movedPastEnd':
      return `${step} is moved past the end`;
    case 'exited':
      return reason === 'goal' ? 'Ends at the goal' : reason === 'event' ? 'Ends at an exit event' : 'Ends, time is up';
    case 'converted':
      return 'Reached the goal in its window';
  }
}

export interface AskedRule {
  readonly rule: string;
  readonly stops: boolean;
  readonly text: string;
  /** From when it would stop no longer, were nothing else to happen. */
  readonly free: string | null;
}

/** At the last candidate; where there was none, at the moment of the account. */
export function rulesAsked(answer: Pick<ExplainAnswer, 'timeline' | 'rules'>): {
  readonly title: string;
  readonly rules: readonly AskedRule[];
} {
  const last = answer.timeline.findLast((one) => one.kind === 'decision' && one.rules.length > 0);
  const rules = last?.kind === 'decision' ? last.rules : answer.rules;
  return {
    title: last === undefined ? 'What the rules would say' : 'What the rules said last',
    rules: rules.map(({ rule, stops, text, freeAt }) => ({
      rule,
      stops,
      text: sentence(withInstants(text, instant)),
      free: stops && freeAt !== null ? instant(freeAt) : null,
    })),
  };
}
