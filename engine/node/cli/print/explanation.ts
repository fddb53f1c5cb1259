// Why a person did or did not get each email: the timeline and, at each candidate, every rule in the order asked.

import type { ProgrammeExplainAnswer } from '../../../api/index.ts';
import { humanDuration, money, sortableInstant } from '../../../base/index.ts';
import type { ExplainedMoment, Explanation } from '../../../replay/index.ts';

export function printExplanation(explanation: Explanation): string {
  const lines = [explanation.summary, ''];
  if (explanation.omitted > 0) lines.push(`  (${explanation.omitted} earlier entries are left out)`);
  for (const moment of explanation.timeline) {
    lines.push(`  ${sortableInstant(moment.time)}  ${momentWords(moment)}`);
    if (moment.kind === 'decision')
      for (const rule of moment.rules)
        lines.push(`  ${' '.repeat(21)}  ${rule.stops ? 'stops' : 'lets pass'}: ${rule.text}`);
  }
  lines.push('', `At ${sortableInstant(explanation.moment)} UTC:`);
  for (const trigger of explanation.triggers) lines.push(`  ${trigger.text}`);
  for (const rule of explanation.rules) lines.push(`  ${rule.text}`);
  return lines.join('\n');
}

/** One after the other, each under its workflow's id. */
export function printExplanations({ workflows }: ProgrammeExplainAnswer): string {
  return Object.entries(workflows)
    .map(([id, explanation]) => `${id}\n${'='.repeat(id.length)}\n${printExplanation(explanation)}`)
    .join('\n\n');
}

function momentWords(moment: ExplainedMoment): string {
  switch (moment.kind) {
    case 'event':
      return `${moment.name}${moment.value === null ? '' : ` (${money(moment.value)})`}  [${moment.roles.join(', ')}]`;
    case 'property':
      return moment.value === null ? `${moment.property} removed` : `${moment.property} = ${String(moment.value)}`;
    case 'trigger':
      return `${moment.text}${moment.missedByMs === null ? '' : ` (missed by ${humanDuration(moment.missedByMs)})`}`;
    case 'decision':
      return [
        ...['→', moment.decision, moment.step, moment.reason].filter((part) => part !== null),
        ...(moment.text === null ? [] : [`(${moment.text})`]),
      ].join(' ');
  }
}
