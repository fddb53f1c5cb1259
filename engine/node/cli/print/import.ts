// What an import did, for people: how the file was read and why, the account of rows, warnings.

import { exactCount, exactPlural, instant } from '../../../base/index.ts';
import { formatSourceWords, type ImportReport, pseudonymWords } from '../../../events/index.ts';
import { paragraphs, table, wrapped } from '../table.ts';

const UNITS: Readonly<Record<string, string>> = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'ISO 8601 dates and times',
  yyyymmdd: 'days as YYYYMMDD',
  day: 'days counted from day zero',
};

/** @param workspace null where the history was only looked at */
export function printImport(report: ImportReport, workspace: string | null): string {
  const { rows, columns } = report;
  const rejected = rows.rejected.reduce((sum, { count: n }) => sum + n, 0);
  const roles: string[][] = [['user', columns.user.column, columns.user.why]];
  if (columns.event !== null) {
    const { event } = columns;
    roles.push(['event', 'constant' in event ? `always "${event.constant}"` : event.column, event.why]);
  }
  if (columns.time !== null)
    roles.push(['time', columns.time.column, `${UNITS[columns.time.unit]}; ${columns.time.why}`]);
  if (columns.value !== null) roles.push(['value', columns.value.column, columns.value.why]);
  const lines = [
    ...wrapped(
      `${workspace === null ? report.files.join(', ') : `Dataset "${report.dataset}" in ${workspace}`}: ${exactPlural(report.persons, 'person', 'people')}, ${exactPlural(report.events, 'event')}${
        report.from === null || report.to === null ? '' : `, ${instant(report.from)} to ${instant(report.to)}`
      }.`,
      0,
      2,
    ),
    ...(report.appended === undefined ? [] : wrapped(appendedWords(report.appended), 0, 2)),
    '',
    ...wrapped([`Read as ${report.format}:`, formatSourceWords(report.format) ?? ''].join(' ').trim(), 0, 2),
    table(['role', 'column', 'why'], roles),
    '',
    `${exactPlural(rows.read, 'row')} read = ${exactCount(rows.kept)} kept + ${exactPlural(rows.duplicates, 'duplicate')} + ${exactCount(rejected)} rejected`,
  ];
  for (const { reason, count: n, first } of rows.rejected) {
    const places = first
      .slice(0, 3)
      .map(({ file, line }) => `${file}:${line}`)
      .join(', ');
    // Rows of a table of a server have no place.
    const where = places === '' ? '' : ` (${places}${n > Math.min(3, first.length) ? ', …' : ''})`;
    lines.push(...wrapped(`${exactCount(n)} × ${reason}${where}`, 2, 4));
  }
  for (const { files, format, as, rows: own } of report.parts ?? []) {
    const left = [
      ...(own.duplicates === 0 ? [] : [exactPlural(own.duplicates, 'duplicate')]),
      ...(own.rejected === 0 ? [] : [`${exactCount(own.rejected)} rejected`]),
    ];
    const more = left.length === 0 ? '' : ` (${left.join(', ')})`;
    lines.push(...wrapped(`As ${as}: ${files.join(', ')} (${format}), ${exactPlural(own.read, 'row')}${more}.`, 2, 4));
  }
  for (const { file, why } of report.aside ?? []) lines.push(...wrapped(`Not read: ${file}: ${why}.`, 2, 4));
  if (report.pseudonyms !== undefined) lines.push(...wrapped(pseudonymWords(report.pseudonyms), 0, 2));
  lines.push(
    ...paragraphs(
      report.warnings.map((warning) => `Warning: ${warning}`),
      0,
      2,
    ),
  );
  return lines.join('\n');
}

function appendedWords({ persons, events, repeated, joined }: NonNullable<ImportReport['appended']>): string {
  const more =
    events === 0 && persons === 0
      ? 'Nothing in it is new.'
      : `Added to what it held: ${exactPlural(events, 'event')}, ${exactCount(persons + joined)} new people.`;
  const there = repeated === 0 ? '' : ` ${exactPlural(repeated, 'event was', 'events were')} there already.`;
  const same = joined === 0 ? '' : ` ${exactPlural(joined, 'person', 'people')} turned out to be the same as another.`;
  return `${more}${there}${same}`;
}
