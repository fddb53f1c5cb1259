// What a dataset holds, for people.

import type { HistoryDescription } from '../../../describe/index.ts';
import { count, instant, percent, table } from '../table.ts';

export function printDescription(description: HistoryDescription): string {
  const { reachability, from, to } = description;
  const span = from === null || to === null ? 'no events' : `${instant(from)} to ${instant(to)}`;
  const lines = [
    `${count(description.persons)} people, ${count(description.events)} events, ${span}; observed until ${instant(description.observedUntil)}${description.observedUntilGiven ? '' : ' (the last event, since no end was given)'}.`,
    reachability.reach === 'unknown' || reachability.reachable === null
      ? `Reachable: no address is known for anyone, so everyone counts as reachable.`
      : `Reachable: ${count(reachability.reachable)} people (${percent(reachability.share)}).`,
    '',
    table(
      ['event', 'count', 'people', 'with value', 'first', 'last'],
      description.names.map((name) => [
        name.ownEmail ? `${name.name} (own email)` : name.name,
        count(name.count),
        count(name.persons),
        count(name.withValue),
        instant(name.first),
        instant(name.last),
      ]),
    ),
  ];
  if (description.properties.length > 0) {
    lines.push(
      '',
      table(
        ['property', 'of', 'filled', 'share', 'examples'],
        description.properties.map((property) => [
          property.name,
          property.scope,
          count(property.filled),
          percent(property.share),
          property.examples.map(String).join(', ').slice(0, 60),
        ]),
      ),
    );
  }
  lines.push('', description.quality.length === 0 ? 'No finding about its quality.' : 'Findings:');
  for (const finding of description.quality) {
    lines.push(
      `  ${finding.title}`,
      `    ${finding.evidence}`,
      `    effect: ${finding.effect}`,
      `    remedy: ${finding.remedy}`,
    );
  }
  return lines.join('\n');
}
