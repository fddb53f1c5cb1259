// What a dataset holds, for people.

import { day, exactCount, exactPlural, instant, percent, sentence } from '../../../base/index.ts';
import { type HistoryDescription, moveRows } from '../../../describe/index.ts';
import type { ImportEntry } from '../../../events/index.ts';
import { type Remedy, remedyWords } from '../../../remedies/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

/** Examples of a property are cut to this many characters. */
const MOST_EXAMPLE = 45;

export function printDescription(
  description: HistoryDescription & {
    readonly remedies?: readonly Remedy[];
    readonly imports?: readonly ImportEntry[];
  },
): string {
  const { reachability, from, to, observedUntil, observedUntilGiven } = description;
  const span = from === null || to === null ? 'no events' : `from ${instant(from)} to ${instant(to)}`;
  const lines = [
    ...paragraphs(
      [
        `${exactPlural(description.persons, 'person', 'people')}, ${exactPlural(description.events, 'event')}, ${span}.`,
        `Observed until ${instant(observedUntil)}${observedUntilGiven ? '' : ', the last event, since no end was given'}.`,
        reachability.reach === 'unknown' || reachability.reachable === null
          ? 'Reachable: no address is known for anyone, so everyone counts as reachable.'
          : `Reachable: ${exactPlural(reachability.reachable, 'person', 'people')}${reachability.share === null ? '' : ` (${percent(reachability.share)})`}.`,
      ],
      0,
      2,
    ),
    '',
    table(
      ['event', 'count', 'people', 'with value', 'first', 'last'],
      description.names.map((name) => [
        name.ownEmail ? `${name.name} (own email)` : name.name,
        exactCount(name.count),
        exactCount(name.persons),
        exactCount(name.withValue),
        day(name.first),
        day(name.last),
      ]),
    ),
  ];
  if (description.properties.length > 0) {
    lines.push(
      '',
      table(
        ['property', 'of', 'filled', 'share', 'most frequent'],
        description.properties.map((property) => [
          property.name,
          property.scope,
          exactCount(property.filled),
          property.share === null ? 'none to count' : percent(property.share, 1),
          shortened(property.examples.map(String)),
        ]),
      ),
    );
  }
  const { remedies = [], imports = [] } = description;
  if (imports.length > 0) {
    lines.push(
      '',
      table(
        ['brought in', 'files', 'rows', 'duplicates', 'rejected', 'new events', 'new people'],
        imports.map(({ at, files, rows, events, persons }) => [
          instant(at),
          shortened(files.map((file) => file.split(/[/\\]/).at(-1) ?? file)),
          exactCount(rows.read),
          exactCount(rows.duplicates),
          exactCount(rows.rejected),
          exactCount(events),
          exactCount(persons),
        ]),
      ),
    );
  }
  if (remedies.length > 0) {
    lines.push('', 'Mended, and in every figure (describe --take-back ID takes it back):');
    for (const remedy of remedies) lines.push(...wrapped(`${remedy.id}: ${remedyWords(remedy)}`, 2, 4));
  }
  lines.push(
    '',
    description.quality.length === 0
      ? 'Nothing was noticed that may change figures.'
      : 'Noticed, and may change figures:',
  );
  for (const finding of description.quality) {
    lines.push(
      ...wrapped(sentence(finding.title), 2, 4),
      ...paragraphs(
        [
          sentence(finding.evidence),
          ...(finding.effect === '' ? [] : [`Effect: ${sentence(finding.effect)}`]),
          ...(finding.remedy === '' ? [] : [`Remedy: ${sentence(finding.remedy)}`]),
        ],
        4,
        6,
      ),
    );
    const { repair, moves } = finding;
    if (repair === undefined) continue;
    lines.push(...wrapped(`Mend: describe --remedy ${quoted(finding.id)} (${remedyWords(repair)}).`, 4, 6));
    if (moves === undefined) continue;
    const rows = moveRows(moves).map(({ name, before, after }) => [name, before, after]);
    lines.push(table([`"${moves.anchor}" to "${moves.goal}"`, 'now', 'mended'], rows));
  }
  return lines.join('\n');
}

/** As a shell takes it. */
function quoted(id: string): string {
  return /^[\w:=.-]+$/.test(id) ? id : `'${id.replaceAll("'", `'\\''`)}'`;
}

/** As many whole examples as fit, at least the beginning of one. */
function shortened(examples: readonly string[]): string {
  let text = '';
  for (const example of examples) {
    const longer = text === '' ? example : `${text}, ${example}`;
    if (longer.length > MOST_EXAMPLE) return text === '' ? `${example.slice(0, MOST_EXAMPLE - 1)}…` : text;
    text = longer;
  }
  return text;
}
