// The first page from an export nobody has described: what is in it and can it be trusted, how long its likely pairs
// take, when silence means gone, and what to ask next. It judges nothing: no workflow exists yet.

import { count, day, listed, percent, plural, rounded, share, span } from '../base/index.ts';
import type { ReportDocument } from './document.ts';
import { absent, type KeyFigure } from './document.ts';
import { fileName } from './file-name.ts';
import { commandsSection } from './sections/closing.ts';
import { eventsSection, propertiesSection, qualitySection, rowsSection } from './sections/look-data.ts';
import { pairsSection, silenceSection } from './sections/look-time.ts';
import type { LookReportInput } from './types.ts';

export function lookReport(input: LookReportInput): ReportDocument {
  const { imported, description } = input;
  const { rows } = imported;
  const files = listed(imported.files.map(fileName));
  const rejected = rows.rejected.reduce((sum, reason) => sum + reason.count, 0);
  const aside = rejected === 0 ? 'no row had' : plural(rejected, 'row had', 'rows had');
  const kinds = plural(description.names.length, 'kind of event', 'kinds of event');
  const over = description.from === null ? '' : ` over ${watched(input)}, ${days(input)}`;
  return {
    title: files,
    subject: 'A first look',
    question: 'What is in it, and what can be asked of it?',
    headline: `${plural(description.events, 'event', 'events')} of ${plural(description.persons, 'person', 'people')} ${description.events === 1 ? 'is' : 'are'} usable; ${aside} to be set aside.`,
    lead: `${kinds}${over}, from ${files}.`,
    keyFigures: keyFigures(input),
    sections: [
      rowsSection(imported, rejected),
      eventsSection(description),
      ...(description.properties.length === 0 ? [] : [propertiesSection(description)]),
      qualitySection(description, imported),
      pairsSection(input.pairs),
      silenceSection(input.silence),
      commandsSection(input.asks, {
        id: 'next',
        title: 'What can be asked next',
        finding: 'These commands go on from here.',
        hint: 'In a terminal, in this order.',
      }),
      commandsSection(input.commands, {
        id: 'again',
        title: 'Make this page again',
        finding: 'This made it.',
        hint: 'Equal files and version give an equal page, on every machine.',
      }),
    ],
    stamp: input.stamp,
  };
}

function keyFigures(input: LookReportInput): KeyFigure[] {
  const { description } = input;
  const { reachability, persons, events } = description;
  const figure = (label: string, value: KeyFigure['value'], note: string): KeyFigure => ({
    label,
    kind: 'counted',
    hue: 'ink',
    value,
    note,
  });
  const where = reachability.byProperty[0];
  return [
    figure('Events', count(events), plural(description.names.length, 'kind', 'kinds')),
    figure('People', count(persons), persons === 0 ? '' : `${rounded(events / persons)} events each, on average`),
    figure('Observed', watched(input), `until ${day(description.observedUntil)}`),
    reachability.reachable === null
      ? figure('Reachable', absent('not known'), 'no address in this export')
      : figure(
          'Reachable',
          reachability.share === null ? share(reachability.reachable, persons) : percent(reachability.share),
          where === undefined || where.property === null ? 'by their id' : `by ${where.property}`,
        ),
  ];
}

function watched({ description }: LookReportInput): string {
  return span(Math.max(0, description.observedUntil - (description.from ?? description.observedUntil)));
}

function days({ description }: LookReportInput): string {
  return `${day(description.from ?? description.observedUntil)} to ${day(description.observedUntil)}`;
}
