// The answer to "why, or why not": the last thing that decided over an email, in a sentence with its moment and margin.

import type { ExplainAnswer } from '../../../engine/api/index.ts';
import { humanDuration, sentence, withInstants } from '../../../engine/base/index.ts';

type Entry = ExplainAnswer['timeline'][number];

/** Local times of a zone: `14 Jul 2026, 20:05:10`. */
export function clockOf(zone: string): (time: number) => string {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  return (time) => format.format(time);
}

/** Moments in the engine's words, on the zone's clock. */
export function onClock(text: string, clock: (time: number) => string): string {
  return withInstants(text, clock);
}

export function answerWords({ timeline, summary }: ExplainAnswer, clock: (time: number) => string): string {
  for (const entry of [...timeline].reverse()) {
    const words = decidedBy(entry, clock);
    if (words !== null) return sentence(onClock(words, clock));
  }
  return sentence(onClock(summary, clock));
}

export interface Asked {
  readonly title: string;
  readonly rules: ExplainAnswer['rules'];
  /** When they were asked. */
  readonly time: number;
}

/** The rules at the last candidate; where there was none, at the account's moment. */
export function lastAsked({ timeline, rules, moment }: ExplainAnswer): Asked {
  const last = timeline.findLast((one) => one.kind === 'decision' && one.rules.length > 0);
  if (last?.kind !== 'decision') return { title: 'What the rules would say', rules, time: moment };
  return { title: 'What the rules said last', rules: last.rules, time: last.time };
}

function decidedBy(entry: Entry, clock: (time: number) => string): string | null {
  const at = clock(entry.time);
  if (entry.kind === 'trigger') {
    if (entry.missedByMs === null) return null;
    const due = clock(entry.time + entry.missedByMs);
    return `Not emailed: ${entry.text}; the trigger would have fired at ${due}`;
  }
  if (entry.kind !== 'decision') return null;
  const { decision, step, reason, text } = entry;
  const because = text === null ? '' : `, ${text}`;
  switch (decision) {
    case 'suppressed': {
      const rule = entry.rules.find((one) => one.rule === reason);
      const short =
        rule === undefined || rule.freeAt === null ? '' : `, ${humanDuration(rule.freeAt - entry.time)} too early`;
      return `Not emailed at ${at}: kept out by ${reason}${short}${rule === undefined ? '' : ` (${rule.text})`}`;
    }
    case 'sent':
      return `Emailed at ${at}: ${step}`;
    case 'ghost':
      return `Not emailed at ${at}: held out, or ${step} would have been sent`;
    case 'skipped':
      return `Not emailed at ${at}: ${step} was skipped by ${reason}${because}`;
    case 'exited':
      return `No further email since ${at}: ${reason === 'goal' ? 'they reached the goal' : reason === 'event' ? 'an exit event came' : 'the time was up'}`;
    case 'enrolled':
      return `Enrolled at ${at}, ${reason === 'holdout' ? 'held out' : 'treated'}; no email has fallen due yet`;
    default:
      return null;
  }
}
